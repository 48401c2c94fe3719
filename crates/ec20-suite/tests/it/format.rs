//! The transcript format: what it reads, how it refuses, how it writes.

use std::collections::BTreeMap;

use ec20_suite::suite::{Suite, Variables};
use ec20_suite::transcript::{Bindings, Text, Transcript, canonical};
use proptest::prelude::*;
use rstest::rstest;

const HEAD: &str = "---\nid = \"x\"\ntitle = \"t\"\nclauses = [\"CFG-MMSC-LENGTH\"]\n---\n";

/// A mistake names line and column, what may stand there and what does.
#[rstest]
#[case::no_fence("id = 1\n", 1, 1, "`---` on the first line")]
#[case::open_fence("---\nid = \"x\"\n", 1, 1, "a second line `---`")]
#[case::unknown_key(
    "---\nid = \"x\"\ntitle = \"t\"\nclauses = [\"A\"]\ncolour = 1\n---\n> AT\n",
    5,
    1,
    "TOML"
)]
#[case::capital_id(
    "---\nid = \"X\"\ntitle = \"t\"\nclauses = [\"A\"]\n---\n> AT\n",
    2,
    6,
    "an id of small letters"
)]
#[case::no_clause("---\nid = \"x\"\ntitle = \"t\"\nclauses = []\n---\n> AT\n", 1, 1, "at least one clause")]
fn front_matter_mistakes(
    #[case] text: &str,
    #[case] line: usize,
    #[case] column: usize,
    #[case] expected: &str,
) {
    check_mistake(text, line, column, expected);
}

#[rstest]
#[case::no_such_mark("AT\n", 6, 1, "`> TEXT`")]
#[case::open_brace("> AT{x\n", 6, 5, "`{name}`")]
#[case::stray_brace("> AT}\n", 6, 5, "`\\}`")]
#[case::bad_escape("> AT\\q\n", 6, 5, "`\\xNN`")]
#[case::bad_outcome("> AT\n< OK => perhaps\n", 7, 9, "`pass`")]
#[case::bad_time("quiet 5h\n", 6, 7, "a time such as")]
#[case::alternative_alone("| OK\n", 6, 1, "a line `< TEXT`")]
#[case::many_alone("> AT\n* +X: {:int}\n", 7, 1, "a line `< TEXT` below `*`")]
#[case::many_before_a_command("> AT\n* +X: {:int}\n> AT\n< OK\n", 7, 1, "a line `< TEXT` below `*`")]
#[case::two_finally("> AT\nfinally\nfinally\n", 8, 1, "one `finally`")]
#[case::empty("# nothing\n", 6, 1, "at least one line")]
#[case::carriage_return("> AT\r\n", 6, 5, "lines that end in LF")]
fn body_mistakes(#[case] body: &str, #[case] line: usize, #[case] column: usize, #[case] expected: &str) {
    check_mistake(&format!("{HEAD}{body}"), line, column, expected);
}

#[track_caller]
fn check_mistake(text: &str, line: usize, column: usize, expected: &str) {
    let mistake = Transcript::read("x.atx", text).expect_err("the text has a mistake");
    assert_eq!((mistake.line, mistake.column), (line, column), "{mistake}");
    assert!(mistake.expected.contains(expected), "{mistake}");
}

/// What leads nowhere is a mistake of the suite, found before any byte leaves.
#[rstest]
#[case::clause("clauses = [\"CFG-MMSC-LENGHT\"]", "> AT\n< OK\n", "did you mean `CFG-MMSC-LENGTH`")]
#[case::variable("", "> AT+QMMSEDIT=1,1,\"{too}\"\n< OK\n", "`too`")]
#[case::rule("", "> AT\n< {x:no_such_rule}\n", "`no_such_rule`")]
#[case::clause_of_a_silence("", "> AT\n< OK\nquiet 1s  #NO-SUCH\n", "`NO-SUCH`")]
#[case::clause_of_a_certain_silence("", "> AT\n< OK\nquiet 1s RING  #NO-SUCH\n", "`NO-SUCH`")]
#[case::placeholder_sent("", "> AT{x:int}\n< OK\n", "`int`")]
#[case::set_up("use = [\"nobody\"]", "> AT\n< OK\n", "`nobody`")]
#[case::file("", "> AT\n< CONNECT\ndata file a.bin\n", "`a.bin`")]
#[case::ragged_rows("rows = [{ a = \"1\" }, { b = \"2\" }]", "> AT{a}\n< OK\n", "[\"b\"]")]
#[case::unknown("", "> AT\n? U-NOBODY-ASKED\n", "`U-NOBODY-ASKED`")]
fn names_that_lead_nowhere(#[case] front: &str, #[case] body: &str, #[case] found: &str) {
    let clauses = if front.starts_with("clauses") { "" } else { "clauses = [\"CFG-MMSC-LENGTH\"]\n" };
    let text = format!("---\nid = \"x\"\ntitle = \"t\"\n{clauses}{front}\n---\n{body}");
    let mistakes = Suite::assemble([("x.atx", text.as_str())], BTreeMap::new(), &Variables::default())
        .expect_err("the suite has a mistake");
    assert!(mistakes.iter().any(|mistake| mistake.found.contains(found)), "{mistakes:?}");
}

#[test]
fn an_id_is_used_once() {
    let text = format!("{HEAD}> AT\n< OK\n");
    let texts = [("a.atx", text.as_str()), ("b.atx", text.as_str())];
    let mistakes =
        Suite::assemble(texts, BTreeMap::new(), &Variables::default()).expect_err("the id is taken");
    assert!(mistakes[0].to_string().starts_with("b.atx:2:"), "{mistakes:?}");
}

/// TEXT to bytes.
#[rstest]
#[case("AT+X=\"a\"", b"AT+X=\"a\"")]
#[case("{9*3}x", b"999x")]
#[case(r"\x41\r\n\{\}\\", b"A\r\n{}\\")]
#[case("a{to}b", b"a+86b")]
#[case("标题", "标题".as_bytes())]
fn text_becomes_bytes(#[case] text: &str, #[case] bytes: &[u8]) {
    let mut bindings = Bindings::default();
    bindings.bind("to", "+86");
    assert_eq!(Text::read(text).unwrap().bytes(&bindings).unwrap(), bytes);
}

/// A placeholder takes what its rule reads, and the rest must fit.
#[rstest]
#[case("+X: {n:int}", "+X: 12", Some("12"))]
#[case("+X: {n:int}", "+X: 1a", None)]
#[case("+X: {n:int},1", "+X: 1,1", Some("1"))]
#[case("+X: {:int},{n:int}", "+X: 1,23", Some("23"))]
#[case("+CME ERROR: {n:cme_code}", "+CME ERROR: 756", Some("756"))]
fn placeholders_match(#[case] text: &str, #[case] line: &str, #[case] kept: Option<&str>) {
    let reads = |rule: &str, bytes: &[u8]| ec20_grammar::value(rule, bytes) == Some(true);
    let matched = Text::read(text).unwrap().matches(line.as_bytes(), &Bindings::default(), &reads);
    let value = matched.map(|kept| String::from_utf8(kept.last().unwrap().1.clone()).unwrap());
    assert_eq!(value.as_deref(), kept);
}

proptest! {
    /// The formatter changes the form only: what it writes means the same and is written again as it is.
    #[test]
    fn formatting_is_idempotent(lines in proptest::collection::vec(line(), 1..8)) {
        let text = format!("{HEAD}> AT\n{}\n", lines.join("\n"));
        if let Ok(once) = canonical("x.atx", &text) {
            prop_assert_eq!(&canonical("x.atx", &once).unwrap(), &once);
            let (before, after) = (Transcript::read("x.atx", &text), Transcript::read("x.atx", &once).unwrap());
            if let Ok(before) = before {
                prop_assert_eq!(kinds(&before), kinds(&after));
            }
        }
    }

    /// No text makes the reader panic, and every mistake lies within the text.
    #[test]
    fn reading_is_total(text in ".{0,200}") {
        for text in [text.clone(), format!("{HEAD}{text}")] {
            if let Err(mistake) = Transcript::read("x.atx", &text) {
                prop_assert!(mistake.line <= text.matches('\n').count() + 1, "{}", mistake);
            }
        }
    }

    /// Escaping loses nothing.
    #[test]
    fn escapes_keep_every_byte(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let escaped = ec20_suite::escape::escaped(&bytes);
        prop_assert!(!escaped.contains(['\r', '\n']));
        prop_assert_eq!(ec20_suite::escape::unescaped(&escaped).unwrap(), bytes);
    }
}

fn line() -> impl Strategy<Value = String> {
    let text = "[A-Za-z0-9+=\",: ]{1,12}";
    prop_oneof![
        text.prop_map(|text| format!(">  {text} ")),
        text.prop_map(|text| format!(">> \\x20{text}\\x20")),
        text.prop_map(|text| format!("< {text}   #CFG-MMSC-LENGTH")),
        text.prop_map(|text| format!("* {text}\n<   {text}")),
        text.prop_map(|text| format!("| {text} => fail \"why\"")),
        text.prop_map(|text| format!("! 5000ms {text}")),
        Just("data hex 00ff Aa".to_owned()),
        Just("quiet 1500ms".to_owned()),
        Just("quiet 1500ms  #CFG-MMSC-LENGTH".to_owned()),
        text.prop_map(|text| format!("quiet 1s {text} #CFG-MMSC-LENGTH")),
        Just(String::new()),
        Just("# words  ".to_owned()),
        Just("finally".to_owned()),
    ]
}

/// What a transcript says, without where it stands.
fn kinds(transcript: &Transcript) -> Vec<String> {
    let steps = transcript.body.iter().chain(&transcript.finally);
    steps.map(|step| without("line: ", &without("span: ", &format!("{:?}", step.kind)))).collect()
}

/// `text` without the values of this field.
fn without(field: &str, text: &str) -> String {
    let mut parts = text.split(field);
    let head = parts.next().unwrap_or_default().to_owned();
    parts.fold(head, |out, part| out + part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.'))
}

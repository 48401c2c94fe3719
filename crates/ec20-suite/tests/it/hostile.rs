//! Journals that nobody wrote in good faith: cut, shuffled, with other types, numbers out of this world and text that wants to be markup.
//! Each is refused with its place, or read; whatever reads a run then goes through with it.

use ec20_suite::compare::gate::Gate;
use ec20_suite::compare::matrix::Matrix;
use ec20_suite::compare::timing::Rule;
use ec20_suite::compare::{self, compare};
use ec20_suite::journal::Event;
use ec20_suite::pack::{Contents, open, pack};
use ec20_suite::recorded::{ReadError, Recorded};
use ec20_suite::rejudge::rejudge;
use ec20_suite::report;
use ec20_suite::waiver::Waivers;
use fastrand::Rng;
use jiff::civil::date;
use rstest::rstest;

use crate::pair::{NAMES, answering, events, firmware, suite, texts};

fn lines() -> Vec<String> {
    events(&mut answering("AT+QMMSCFG=\"mmsc\"", &["ERROR"]), &NAMES, 2).iter().map(Event::to_line).collect()
}

/// Everything that reads a run, over this one.
fn read_by_all(run: &Recorded, other: &Recorded) {
    let gate = Gate::read("all").expect("a gate");
    for (a, b) in [(run, other), (other, run), (run, run)] {
        let compared = compare(("a", a), ("b", b), Rule::default());
        let _ = compare::terminal::text(&compared, &gate);
        let _ = compare::markdown::text(&compared, &gate);
        let page = compare::html::page(&compared, &gate).expect("a page");
        assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
        compare::json::text(&compared, &gate).expect("JSON");
        compare::junit::xml(&compared, &gate).expect("XML");
        let _ = gate.exit(&compared);
        let mirrored = compare(("b", b), ("a", a), Rule::default()).counts();
        let back = compared.counts().into_iter().map(|(change, count)| (change.mirrored(), count)).collect();
        assert_eq!(mirrored, back);
    }
    assert!(compare(("a", run), ("b", run), Rule::default()).is_empty());
    let matrix = Matrix::of(&[("a", run), ("b", other), ("c", run)], Rule::default()).expect("a matrix");
    let _ = (matrix.text(&gate), compare::html::matrix(&matrix).expect("a page"));
    let again = rejudge(run, &suite(&NAMES), "test");
    let _ = (again.text(), again.exit());
    let text = "[[waive]]\ncase = \"*\"\nfirmware = \"*\"\nverdict = \"fail\"\nevidence = { text = \"*\" }\nreason = \"r\"\nissue = \"i\"\nowner = \"o\"\nexpires = 2027-01-01\n";
    let mut waived = run.clone();
    waived.waived = Some(Waivers::read("w.toml", text).expect("waivers").apply(run, date(2026, 1, 1)));
    for run in [&waived, again.run()] {
        report::junit::xml(run).expect("XML");
        report::results::json(run).expect("JSON");
        report::html::page(run).expect("a page");
        let _ = (report::summary::markdown(run), report::terminal::summary(run));
    }
}

fn faithful() -> Recorded {
    Recorded::of(&events(&mut firmware(&NAMES), &NAMES, 1)).expect("a run")
}

/// A line that is wrong where it stands is refused with its place.
#[rstest]
#[case::not_a_number(r#"{"event":"wire","t_us":NaN,"dir":"host","bytes":"AT\\r"}"#)]
#[case::infinite(r#"{"event":"wire","t_us":1e999,"dir":"host","bytes":"AT\\r"}"#)]
#[case::before_the_run(r#"{"event":"wire","t_us":-1,"dir":"host","bytes":"AT\\r"}"#)]
#[case::half_a_microsecond(r#"{"event":"wire","t_us":1.5,"dir":"host","bytes":"AT\\r"}"#)]
#[case::beyond_numbers(r#"{"event":"wire","t_us":99999999999999999999,"dir":"host","bytes":"AT\\r"}"#)]
#[case::longer_than_any_run(r#"{"event":"wire","t_us":18446744073709551615,"dir":"host","bytes":"AT\\r"}"#)]
#[case::a_limit_of_ages(
    r#"{"event":"timing","t_us":1,"command":"AT","took_us":1,"limit_ms":18446744073709551615}"#
)]
#[case::a_wrong_type(r#"{"event":"wire","t_us":"soon","dir":"host","bytes":"AT\\r"}"#)]
#[case::no_such_verdict(r#"{"event":"standing","clause":"V250-ECHO","verdict":"fine","exchanges":1}"#)]
#[case::no_such_event(r#"{"event":"\u001b[2J","t_us":1}"#)]
#[case::a_list(r"[]")]
#[case::nothing_closed(r#"{"event":{"event":{"event":"#)]
#[case::no_text("\u{fffd}\u{0}")]
fn a_line_that_is_no_event_is_refused_with_its_place(#[case] line: &str) {
    let mut lines = lines();
    lines.insert(7, line.to_owned());
    let error = Recorded::read((lines.join("\n") + "\n").as_bytes()).expect_err("a wrong line");
    assert!(matches!(error, ReadError::Line { line: 8, .. }), "{error}");
}

/// Deep nesting, and a line longer than any: refused, not followed.
#[test]
fn depth_and_length_are_bounded() {
    for line in ["[".repeat(200_000), "{\"event\":".repeat(100_000), "x".repeat(2_000_000)] {
        let text = format!("{}\n{line}\n", lines()[0]);
        assert!(Recorded::read(text.as_bytes()).is_err());
    }
}

/// Text that wants to be something else where it is printed.
const WANTING: [&str; 8] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\\u001b[2J\\u0000",
    "]]> & ``` | {{ 7*7 }} {% raw %}",
    "\\ud83d\\ude00\\n\\n# head",
    "\\\\xff\\\\x0",
    "",
    "../../../../etc/passwd",
];

/// One change in a line, as an editor or a broken disk makes it.
fn spoilt(line: &str, dice: &mut Rng) -> String {
    let numbers = ["0", "1", "4294967295", "1125899906842624"];
    let fields: Vec<usize> = line.match_indices("\":").map(|(at, _)| at + 2).collect();
    let Some(&at) = fields.get(dice.usize(..fields.len().max(1))) else { return line.to_owned() };
    let rest = &line[at..];
    match rest.as_bytes().first() {
        Some(b'"') => {
            let end = rest[1..]
                .match_indices('"')
                .map(|(end, _)| end + 1)
                .find(|&end| !rest[..end].ends_with('\\'));
            let text = WANTING[dice.usize(..WANTING.len())];
            end.map_or_else(
                || line.to_owned(),
                |end| format!("{}\"{text}\"{}", &line[..at], &rest[end + 1..]),
            )
        }
        Some(b'0'..=b'9') => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            format!("{}{}{}", &line[..at], numbers[dice.usize(..4)], &rest[end..])
        }
        _ => line.to_owned(),
    }
}

/// Whatever was done to a journal, it is refused, or everything that reads runs goes through with it.
#[test]
fn a_spoilt_journal_is_refused_or_read_to_the_end() {
    let (lines, other) = (lines(), faithful());
    let (mut read, mut refused) = (0, 0);
    for seed in 0..60 {
        let mut dice = Rng::with_seed(seed);
        let mut spoiled = lines.clone();
        for _ in 0..=dice.usize(..12) {
            let at = 1 + dice.usize(..spoiled.len() - 1);
            match dice.usize(..5) {
                0 => drop(spoiled.remove(at)),
                1 => spoiled.insert(at, spoiled[dice.usize(..spoiled.len())].clone()),
                2 => {
                    let other = 1 + dice.usize(..spoiled.len() - 1);
                    spoiled.swap(at, other);
                }
                _ => spoiled[at] = spoilt(&spoiled[at], &mut dice),
            }
        }
        let text = spoiled.join("\n") + "\n";
        match Recorded::read(text.as_bytes()) {
            Err(_) => refused += 1,
            Ok(run) => {
                read += 1;
                read_by_all(&run, &other);
                let contents = Contents {
                    journal: text.into_bytes(),
                    transcripts: texts().into_iter().collect(),
                    variables: "to = \"1\"\ncc = \"2\"\n".to_owned(),
                    ..Contents::default()
                };
                let _ = open(&pack(contents).expect("a package"))
                    .expect("a package")
                    .verify(date(2026, 12, 1), "")
                    .text(None);
            }
        }
    }
    assert!(read > 10 && refused > 0, "{read} read, {refused} refused");
}

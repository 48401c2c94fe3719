//! The framer: what a stream says, whose the answers are, and that no cut of the bytes changes it.
//!
//! A dialogue is written as lines: `> ` sends a command with its CR, `>> ` sends bytes as they are, `< ` is what arrives,
//! `give up`, `settle`, `echo on|off`, `expect N`. Escapes: `\r \n \\ \xNN`.

use ec20_at::framer::{Echo, Event, EventKind, Framer, Owner};
use rstest::rstest;

pub(crate) fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match rest.next().unwrap() {
            b'r' => out.push(b'\r'),
            b'n' => out.push(b'\n'),
            b'x' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                out.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            }
            other => out.push(other),
        }
    }
    out
}

fn owner(owner: Owner) -> String {
    match owner {
        Owner::Command(id) => format!("{}", id.0),
        Owner::Late(id) => format!("late {}", id.0),
        Owner::Ambiguous { first, last } => format!("{}..{}?", first.0, last.0),
        Owner::Nobody => "nobody".into(),
    }
}

fn show(event: &Event, text: &[u8]) -> String {
    let mark = if event.reread { " reread" } else { "" };
    let kind = match event.kind {
        EventKind::Echo(id) => format!("echo {}", id.0),
        EventKind::ForeignEcho => "foreign".into(),
        EventKind::Information(whose) => format!("info {}", owner(whose)),
        EventKind::Urc { known: true } => "urc".into(),
        EventKind::Urc { known: false } => "unknown urc".into(),
        EventKind::Final { result, owner: whose } => format!("final {result:?} {}", owner(whose)),
        EventKind::Connect(whose) => format!("connect {}", owner(whose)),
        EventKind::Prompt(whose) => format!("prompt {}", owner(whose)),
        EventKind::Acknowledgement => "ack".into(),
        EventKind::Data => "data".into(),
        EventKind::Stray => "stray".into(),
        EventKind::Blank => "blank".into(),
        EventKind::Overlong { ended } => format!("overlong {ended}"),
        EventKind::Unfinished => "unfinished".into(),
        other => format!("{other:?}"),
    };
    format!("{kind}{mark}: {}", text.escape_ascii().to_string().replace("\\\"", "\""))
}

/// Plays a dialogue, handing each arrival over in the pieces that `cut` makes of it.
pub(crate) fn play(dialogue: &[&str], capacity: usize, cut: &dyn Fn(&[u8]) -> Vec<Vec<u8>>) -> Vec<String> {
    let mut framer = Framer::with_capacity(capacity);
    let mut buffer = Vec::new();
    let mut seen = Vec::new();
    let mut end = 0;
    let mut arrived: Vec<u8> = Vec::new();
    let mut drain = |framer: &mut Framer, buffer: &mut Vec<u8>, arrived: &[u8]| {
        while let Some(event) = framer.next(buffer) {
            let text = framer.bytes(buffer, event.text);
            assert_eq!(text, event.text.of(arrived), "the text stands where the event says");
            assert_eq!(event.frame.start, end, "frames follow each other without a gap");
            assert!(event.frame.end > event.frame.start, "no frame is empty");
            end = event.frame.end;
            seen.push(show(&event, text));
        }
        assert_eq!(framer.next(buffer), None, "once there is no event there is none until bytes come");
        buffer.drain(..framer.release());
        assert!(
            buffer.len() < framer.capacity(),
            "a buffer of the capacity always has room for one more byte"
        );
    };
    for line in dialogue {
        match line.split_once(' ').unwrap_or((line, "")) {
            (">", text) => drop(framer.sent(&[bytes(text), b"\r".to_vec()].concat())),
            (">>", text) => drop(framer.sent(&bytes(text))),
            ("give", _) => framer.give_up(),
            ("settle", _) => framer.settle(),
            ("echo", state) => framer.set_echo(if state == "on" { Echo::On } else { Echo::Off }),
            ("expect", len) => framer.expect_data(len.parse().unwrap()),
            ("<", text) => {
                for piece in cut(&bytes(text)) {
                    arrived.extend_from_slice(&piece);
                    buffer.extend_from_slice(&piece);
                    drain(&mut framer, &mut buffer, &arrived);
                }
            }
            other => panic!("{other:?}"),
        }
        drain(&mut framer, &mut buffer, &arrived);
    }
    seen
}

#[track_caller]
pub(crate) fn check_with(capacity: usize, dialogue: &[&str], expected: &[&str]) {
    let whole = play(dialogue, capacity, &|bytes| vec![bytes.to_vec()]);
    assert_eq!(whole, expected);
    let longest = dialogue.iter().map(|line| line.len()).max().unwrap_or(0);
    for size in 1..=longest.min(70) {
        let chunks = play(dialogue, capacity, &|bytes| bytes.chunks(size).map(<[u8]>::to_vec).collect());
        assert_eq!(chunks, expected, "in chunks of {size}");
    }
    for at in 1..longest {
        let halves = play(dialogue, capacity, &|bytes| {
            let (left, right) = bytes.split_at(at.min(bytes.len()));
            vec![left.to_vec(), right.to_vec()]
        });
        assert_eq!(halves, expected, "split at {at}");
    }
}

/// The dialogue gives these events, whole, in chunks of any size, and split at any place.
#[track_caller]
pub(crate) fn check(dialogue: &[&str], expected: &[&str]) {
    check_with(Framer::CAPACITY, dialogue, expected);
}

#[test]
fn a_command_with_echo() {
    check(&["> AT", r"< AT\r\r\nOK\r\n"], &["echo 0: AT", "final Ok 0: OK"]);
}

#[test]
fn several_information_lines_and_a_blank_line_before_ok() {
    check(
        &["> AT+QMMSEDIT=1", r#"< AT+QMMSEDIT=1\r\r\n+QMMSEDIT: 1,"a"\r\n+QMMSEDIT: 1,"b"\r\n\r\nOK\r\n"#],
        &[
            "echo 0: AT+QMMSEDIT=1",
            r#"info 0: +QMMSEDIT: 1,"a""#,
            r#"info 0: +QMMSEDIT: 1,"b""#,
            "final Ok 0: OK",
        ],
    );
}

#[test]
fn a_chained_line_has_one_final_result() {
    check(
        &[
            "> AT+CMEE=1;+CREG?;+CSQ",
            r"< AT+CMEE=1;+CREG?;+CSQ\r\r\n+CREG: 0,1\r\n\r\n+CSQ: 20,99\r\n\r\nOK\r\n",
        ],
        &["echo 0: AT+CMEE=1;+CREG?;+CSQ", "info 0: +CREG: 0,1", "info 0: +CSQ: 20,99", "final Ok 0: OK"],
    );
}

#[test]
fn lines_without_prefix_answer_the_commands_that_have_such() {
    check(
        &["> ATI", r"< ATI\r\r\nQuectel\r\nEC20F\r\nRevision: EC20CEFAGR06A10M4G\r\n\r\nOK\r\n"],
        &[
            "echo 0: ATI",
            "info 0: Quectel",
            "info 0: EC20F",
            "info 0: Revision: EC20CEFAGR06A10M4G",
            "final Ok 0: OK",
        ],
    );
    check(
        &["> AT+CSQ", r"< AT+CSQ\r\r\nwhat is this\r\n\r\n+CSQ: 9,99\r\n\r\nOK\r\n"],
        &["echo 0: AT+CSQ", "stray: what is this", "info 0: +CSQ: 9,99", "final Ok 0: OK"],
    );
}

#[test]
fn an_unknown_command_may_be_answered_with_its_name_or_without_any() {
    check(
        &["> AT+FOO?", r"< AT+FOO?\r\r\n+FOO: 1\r\nbar\r\n+NEWS: 2\r\n\r\nOK\r\n"],
        &["echo 0: AT+FOO?", "info 0: +FOO: 1", "info 0: bar", "unknown urc: +NEWS: 2", "final Ok 0: OK"],
    );
}

#[rstest]
#[case(r"\r\n+QMMSEND: 0,200\r\n", "urc: +QMMSEND: 0,200")]
#[case(r"\r\n+XYZ: 1\r\n", "unknown urc: +XYZ: 1")]
#[case(r"\r\nRDY\r\n", "urc: RDY")]
#[case(r#"\r\n+QIURC: "pdpdeact",1\r\n"#, r#"urc: +QIURC: "pdpdeact",1"#)]
fn a_urc_is_told_apart_wherever_it_stands(#[case] urc: &str, #[case] expected: &str) {
    let parts = [r"AT+CSQ\r", r"\r\n+CSQ: 9,99\r\n", r"\r\nOK\r\n"];
    let events = ["echo 0: AT+CSQ", "info 0: +CSQ: 9,99", "final Ok 0: OK"];
    for place in 0..=3 {
        let (mut stream, mut wanted) = (parts.to_vec(), events.to_vec());
        stream.insert(place, urc);
        wanted.insert(place, expected);
        check(&["> AT+CSQ", &format!("< {}", stream.concat())], &wanted);
    }
}

#[test]
fn a_urc_with_the_name_of_the_open_command_is_told_by_its_shape() {
    check(
        &["> AT+QMMSEND=100", r"< AT+QMMSEND=100\r\r\n+QMMSEND: 0,200\r\n\r\nOK\r\n"],
        &["echo 0: AT+QMMSEND=100", "urc: +QMMSEND: 0,200", "final Ok 0: OK"],
    );
    check(
        &["> AT+QMMSEND=?", r"< AT+QMMSEND=?\r\r\n+QMMSEND: 0,200\r\n\r\n+QMMSEND: (1-65535)\r\n\r\nOK\r\n"],
        &["echo 0: AT+QMMSEND=?", "urc: +QMMSEND: 0,200", "info 0: +QMMSEND: (1-65535)", "final Ok 0: OK"],
    );
    check(
        &["> AT+CFUN=?", r"< AT+CFUN=?\r\r\n+CFUN: 1\r\n\r\n+CFUN: (0,1,4),(0,1)\r\n\r\nOK\r\n"],
        &["echo 0: AT+CFUN=?", "urc: +CFUN: 1", "info 0: +CFUN: (0,1,4),(0,1)", "final Ok 0: OK"],
    );
    // Nothing else has such a twin, and its list need not begin with one.
    check(
        &["> AT+QMMSCFG=?", r#"< AT+QMMSCFG=?\r\r\n+QMMSCFG: "contextid",(1-16)\r\n\r\nOK\r\n"#],
        &["echo 0: AT+QMMSCFG=?", r#"info 0: +QMMSCFG: "contextid",(1-16)"#, "final Ok 0: OK"],
    );
    for name in ["+CREG", "+CGREG", "+CEREG"] {
        check(
            &[
                &format!("> AT{name}?"),
                &format!(
                    r#"< AT{name}?\r\r\n{name}: 1\r\n\r\n{name}: 1,"18CB","0A"\r\n\r\n{name}: 2,1\r\n\r\nOK\r\n"#
                ),
            ],
            &[
                &format!("echo 0: AT{name}?"),
                &format!("urc: {name}: 1"),
                &format!(r#"urc: {name}: 1,"18CB","0A""#),
                &format!("info 0: {name}: 2,1"),
                "final Ok 0: OK",
            ],
        );
    }
}

#[rstest]
#[case(r"+CME ERROR: 756", "final CmeError 0: +CME ERROR: 756")]
#[case(r"+CME ERROR: SIM not inserted", "final CmeError 0: +CME ERROR: SIM not inserted")]
#[case(r#"+CME ERROR: a " in the text"#, r#"final CmeError 0: +CME ERROR: a " in the text"#)]
#[case(r"+CMS ERROR: 500", "final CmsError 0: +CMS ERROR: 500")]
#[case("ERROR", "final Error 0: ERROR")]
fn errors_in_every_cmee(#[case] line: &str, #[case] expected: &str) {
    check(&["> AT+CPIN?", &format!(r"< AT+CPIN?\r\r\n{line}\r\n")], &["echo 0: AT+CPIN?", expected]);
}

#[test]
fn numerals_of_atv0() {
    check(
        &["> ATV0", r"< ATV0\r0\r", "> AT+CSQ", r"< AT+CSQ\r+CSQ: 9,99\r\n0\r", "> AT+X", r"< AT+X\r4\r"],
        &[
            "echo 0: ATV0",
            "final Ok 0: 0",
            "echo 1: AT+CSQ",
            "info 1: +CSQ: 9,99",
            "final Ok 1: 0",
            "echo 2: AT+X",
            "final Error 2: 4",
        ],
    );
    check(&["echo off", "> ATV0", "< 0\\r"], &["final Ok 0: 0"]);
    check(
        &["> AT", r"< AT\r\r\nOK\r\n", "> AT+CIMI", r"< AT+CIMI\r\r\n460001234567890\r\n\r\nOK\r\n"],
        &["echo 0: AT", "final Ok 0: OK", "echo 1: AT+CIMI", "info 1: 460001234567890", "final Ok 1: OK"],
    );
}

/// Each digit that V.250 gives a meaning, where a final result may stand.
#[rstest]
#[case("0", "final Ok 0")]
#[case("1", "connect 0")]
#[case("2", "urc")]
#[case("3", "final NoCarrier 0")]
#[case("4", "final Error 0")]
#[case("5", "stray")]
#[case("6", "final NoDialtone 0")]
#[case("7", "final Busy 0")]
#[case("8", "final NoAnswer 0")]
#[case("9", "stray")]
fn numerals(#[case] digit: &str, #[case] expected: &str) {
    let said = format!("{expected}: {digit}");
    check(&["> AT+CSQ", &format!(r"< AT+CSQ\r{digit}\r"), "give up"], &["echo 0: AT+CSQ", &said]);
}

/// A digit between line ends is a line; so is any once results came in words, until something may have changed that.
#[rstest]
#[case(&["> AT+CIMI", r"< AT+CIMI\r\r\n4\r\n\r\nOK\r\n"], &["echo 0: AT+CIMI", "info 0: 4", "final Ok 0: OK"])]
#[case(
    &["> AT", r"< AT\r\r\nOK\r\n", "> AT+CIMI", r"< AT+CIMI\r4\rOK\r\n"],
    &["echo 0: AT", "final Ok 0: OK", "echo 1: AT+CIMI", "info 1: 4", "final Ok 1: OK"]
)]
#[case(
    &["> AT", r"< AT\r\r\nOK\r\n", "> ATV0", r"< ATV0\r0\r"],
    &["echo 0: AT", "final Ok 0: OK", "echo 1: ATV0", "final Ok 1: 0"]
)]
#[case(
    &["> AT", r"< AT\r\r\nOK\r\n", "> ATZ", r"< ATZ\r0\r"],
    &["echo 0: AT", "final Ok 0: OK", "echo 1: ATZ", "final Ok 1: 0"]
)]
#[case(
    &["> AT", r"< AT\r\r\nOK\r\n", "> AT&F", r"< AT&F\r0\r"],
    &["echo 0: AT", "final Ok 0: OK", "echo 1: AT&F", "final Ok 1: 0"]
)]
#[case(
    &["> AT", r"< AT\r\r\nOK\r\n\r\nRDY\r\n", "> AT", r"< AT\r0\r"],
    &["echo 0: AT", "final Ok 0: OK", "urc: RDY", "echo 1: AT", "final Ok 1: 0"]
)]
fn a_digit_is_a_result_only_where_one_may_stand(#[case] dialogue: &[&str], #[case] expected: &[&str]) {
    check(dialogue, expected);
}

#[rstest]
#[case(r"AT+CSQ\r\r\n+CSQ: 9,99\r\n\r\nOK\r\n", &[])]
#[case(r"AT+CSQ\r\n+CSQ: 9,99\r\nOK\r\n", &[])]
#[case(r"AT+CSQ\r+CSQ: 9,99\rOK\r\n", &[])]
#[case(r"AT+CSQ\r\n\n+CSQ: 9,99\n\nOK\n", &[0])]
#[case(r"AT+CSQ\r\r\n\r\n\r\n+CSQ: 9,99\r\n\r\nOK\r\n", &[0, 0])]
fn odd_line_ends(#[case] stream: &str, #[case] blanks: &[u8]) {
    let mut expected = vec!["echo 0: AT+CSQ"];
    expected.extend(blanks.iter().map(|_| "blank: "));
    expected.extend(["info 0: +CSQ: 9,99", "final Ok 0: OK"]);
    check(&["> AT+CSQ", &format!("< {stream}")], &expected);
}

#[test]
fn line_ends_between_quotes_are_data() {
    check(
        &[
            "> AT+QMMSEDIT=4",
            r#"< AT+QMMSEDIT=4\r\r\n+QMMSEDIT: 4,"ASCII","title\r\nOK\r\nrest"\r\n\r\nOK\r\n"#,
        ],
        &["echo 0: AT+QMMSEDIT=4", r#"info 0: +QMMSEDIT: 4,"ASCII","title\r\nOK\r\nrest""#, "final Ok 0: OK"],
    );
}

#[test]
fn an_unterminated_quote_is_read_again_when_the_caller_gives_up() {
    check(
        &[
            "> AT+QMMSEDIT=4",
            r#"< AT+QMMSEDIT=4\r\r\n+QMMSEDIT: 4,"x\r\n\r\nOK\r\n"#,
            "give up",
            "> AT",
            r"< AT\r\r\nOK\r\n",
        ],
        &[
            "echo 0: AT+QMMSEDIT=4",
            r#"info late 0 reread: +QMMSEDIT: 4,"x"#,
            "final Ok late 0 reread: OK",
            "echo 1: AT",
            "final Ok 1: OK",
        ],
    );
}

#[test]
fn what_has_no_line_end_is_unfinished_when_the_caller_gives_up() {
    check(&["> AT", r"< AT\r\r\nOK", "give up"], &["echo 0: AT", "unfinished: OK"]);
    check(
        &["> AT", r"< AT\r\r\nOK\r", "give up", r"< \n\r\nRDY\r\n"],
        &["echo 0: AT", "final Ok late 0: OK", "blank: ", "urc: RDY"],
    );
    check(&["< \\r\\n", "give up"], &["blank: "]);
    // What comes after the deadline begins anew, though nobody asked in between.
    let mut framer = Framer::new();
    assert_eq!(framer.next(b"+CSQ: 9"), None);
    framer.give_up();
    let event = framer.next(b"+CSQ: 9,99\r\n").unwrap();
    assert_eq!((event.kind, event.frame.end), (EventKind::Unfinished, 7));
}

#[test]
fn prompts_stand_at_the_start_of_a_line_only() {
    check(&["> AT+CMGS=1", r"< AT+CMGS=1\r\r\n> "], &["echo 0: AT+CMGS=1", "prompt 0: > "]);
    check(&["> AT+CMGS=1", r"< AT+CMGS=1\r\r\n>\r\n"], &["echo 0: AT+CMGS=1", "prompt 0: >"]);
    check(
        &["> AT+QMMSEDIT=4", r#"< AT+QMMSEDIT=4\r\r\n+QMMSEDIT: 4,"a> "\r\n\r\nOK\r\n"#],
        &["echo 0: AT+QMMSEDIT=4", r#"info 0: +QMMSEDIT: 4,"a> ""#, "final Ok 0: OK"],
    );
    check(&["< \\r\\n> x\\r\\n"], &["stray: > x"]);
    // Nobody is asked where nobody asked.
    check(&["< \\r\\n>\\r\\n"], &["stray: >"]);
    check(&["> AT+CMGS=1", r"< AT+CMGS=1\r\r\n>", "give up"], &["echo 0: AT+CMGS=1", "unfinished: >"]);
}

#[test]
fn an_upload_with_acknowledgements() {
    check(
        &[
            "> AT+QFUPL=\"RAM:a\",3000,5,1",
            r#"< AT+QFUPL="RAM:a",3000,5,1\r\r\nCONNECT\r\n"#,
            r"< AA\r\n+QFUPL: 3000,1a2b\r\n\r\nOK\r\n",
            "> AT",
            r"< AT\r\r\nOK\r\n",
        ],
        &[
            r#"echo 0: AT+QFUPL="RAM:a",3000,5,1"#,
            "connect 0: CONNECT",
            "ack: A",
            "ack: A",
            "info 0: +QFUPL: 3000,1a2b",
            "final Ok 0: OK",
            "echo 1: AT",
            "final Ok 1: OK",
        ],
    );
    check(
        &["> AT+QFUPL=\"RAM:a\",3", r#"< AT+QFUPL="RAM:a",3\r\r\nCONNECT\r\n\r\n+CME ERROR: 421\r\n"#],
        &[r#"echo 0: AT+QFUPL="RAM:a",3"#, "connect 0: CONNECT", "final CmeError 0: +CME ERROR: 421"],
    );
}

#[test]
fn a_late_final_result_belongs_to_the_command_that_caused_it() {
    check(
        &["> AT+QIACT=1", r"< AT+QIACT=1\r", "give up", "> AT", r"< \r\nERROR\r\nAT\r\r\nOK\r\n"],
        &["echo 0: AT+QIACT=1", "final Error late 0: ERROR", "echo 1: AT", "final Ok 1: OK"],
    );
    // The caller need not say that it gave up: the next command says it.
    check(
        &["> AT+QIACT=1", r"< AT+QIACT=1\r", "> AT", r"< \r\n+CME ERROR: 753\r\nAT\r\r\nOK\r\n"],
        &["echo 0: AT+QIACT=1", "final CmeError late 0: +CME ERROR: 753", "echo 1: AT", "final Ok 1: OK"],
    );
}

#[test]
fn after_an_echo_the_commands_before_it_get_no_answer() {
    check(
        &["> AT+QIACT=1", r"< AT+QIACT=1\r", "> AT", r"< AT\r\r\nOK\r\n\r\nERROR\r\n"],
        &["echo 0: AT+QIACT=1", "echo 1: AT", "final Ok 1: OK", "final Error nobody: ERROR"],
    );
}

#[test]
fn without_echo_a_final_result_after_a_given_up_command_is_ambiguous() {
    check(
        &["echo off", "> AT+QIACT=1", "give up", "> AT", r"< \r\nERROR\r\n\r\nOK\r\n"],
        &["final Error 0..1?: ERROR", "final Ok 1: OK"],
    );
    check(&["echo off", "> AT+QIACT=1", "give up", "settle", "> AT", r"< \r\nOK\r\n"], &["final Ok 1: OK"]);
    check(
        &["echo off", "> AT+QIACT=1", "give up", r"< \r\nERROR\r\n", "> AT", r"< \r\nOK\r\n"],
        &["final Error late 0: ERROR", "final Ok 1: OK"],
    );
    check(
        &["echo off", "> AT+CSQ", "give up", "> AT+CSQ", r"< \r\n+CSQ: 9,99\r\n\r\nOK\r\n"],
        &["info 0..1?: +CSQ: 9,99", "final Ok 0..1?: OK"],
    );
}

#[test]
fn with_more_open_commands_than_are_remembered_nothing_is_certain() {
    for command in ["> AT", "> AT+CSQ"] {
        let mut dialogue = vec!["echo off"];
        dialogue.extend([command; 6]);
        dialogue.extend([r"< \r\nOK\r\n\r\nOK\r\n"]);
        check(&dialogue, &["final Ok 0..5?: OK", "final Ok 0..5?: OK"]);
    }
    // With echo a result is nobody's until an echo comes; and the command that is forgotten may have had the same text.
    let mut dialogue = vec!["echo on"];
    dialogue.extend(["> AT"; 6]);
    dialogue.extend([r"< \r\nOK\r\n", r"< AT\r\r\nOK\r\n"]);
    check(&dialogue, &["final Ok nobody: OK", "echo 2: AT", "final Ok 0..5?: OK"]);
}

#[test]
fn with_echo_nothing_is_answered_before_the_echo() {
    check(&["echo on", "> AT", r"< \r\nOK\r\n"], &["final Ok nobody: OK"]);
    check(
        &["echo on", "> AT+CSQ", r"< \r\n+CSQ: 9,99\r\nAT+CSQ\r\r\nOK\r\n"],
        &["unknown urc: +CSQ: 9,99", "echo 0: AT+CSQ", "final Ok 0: OK"],
    );
}

/// NO CARRIER and its like end a call; a command that makes none goes on.
#[rstest]
#[case(&["< \\r\\nNO CARRIER\\r\\n"], &["final NoCarrier nobody: NO CARRIER"])]
#[case(
    &["> AT+CSQ", r"< AT+CSQ\r\r\nNO CARRIER\r\n\r\nOK\r\n"],
    &["echo 0: AT+CSQ", "urc: NO CARRIER", "final Ok 0: OK"]
)]
#[case(&["> ATD1;", r"< ATD1;\r\r\nBUSY\r\n"], &["echo 0: ATD1;", "final Busy 0: BUSY"])]
fn the_end_of_a_call(#[case] dialogue: &[&str], #[case] expected: &[&str]) {
    check(dialogue, expected);
}

#[test]
fn with_echo_a_surplus_final_result_is_nobodys() {
    check(
        &["> AT", r"< AT\r\r\nOK\r\n", "> AT+QIACT=1", r"< \r\nOK\r\nAT+QIACT=1\r\r\nERROR\r\n"],
        &[
            "echo 0: AT",
            "final Ok 0: OK",
            "final Ok nobody: OK",
            "echo 1: AT+QIACT=1",
            "final Error 1: ERROR",
        ],
    );
}

#[test]
fn the_echo_is_learned_and_followed() {
    check(
        &[
            "> ATE0",
            r"< ATE0\r\r\nOK\r\n",
            "> AT",
            r"< \r\nOK\r\n",
            "> ATE1",
            r"< \r\nOK\r\n",
            "> AT",
            r"< AT\r\r\nOK\r\n",
        ],
        &[
            "echo 0: ATE0",
            "final Ok 0: OK",
            "final Ok 1: OK",
            "final Ok 2: OK",
            "echo 3: AT",
            "final Ok 3: OK",
        ],
    );
    check(&["> AT", r"< \r\nOK\r\n", "> AT", r"< \r\nOK\r\n"], &["final Ok 0: OK", "final Ok 1: OK"]);
}

#[test]
fn a_foreign_echo_is_told_from_an_own_one() {
    check(&["> AT+CSQ", r"< AT+CSX\r\r\nERROR\r\n"], &["foreign: AT+CSX", "final Error 0: ERROR"]);
    check(&["< AT+CGMI\\r\\r\\nQuectel\\r\\n"], &["foreign: AT+CGMI", "stray: Quectel"]);
    // A line that only begins as a command does, or only ends as an echo does, is a line.
    check(
        &["> AT+FOO", r"< AT+FOO\r\r\nATTACHED\r\n\r\nOK\r\n"],
        &["echo 0: AT+FOO", "info 0: ATTACHED", "final Ok 0: OK"],
    );
    check(&["< hello\\rRDY\\r\\n"], &["stray: hello", "urc: RDY"]);
    check(&["< \\r\\nATTACHED\\rRDY\\r\\n"], &["stray: ATTACHED", "urc: RDY"]);
}

/// One byte that came back otherwise makes it another command's echo, wherever in the line it stands.
#[test]
fn an_echo_is_the_command_byte_for_byte() {
    let command = format!("AT+QMMSEDIT=4,1,\"{}\"", "0123456789abcdef".repeat(5));
    for at in 2..command.len() {
        for other in ['0', '1', '~', 'A'] {
            let mut echo = command.clone();
            echo.replace_range(at..=at, &other.to_string());
            let said = if echo == command { "echo 0" } else { "foreign" };
            let whole = |bytes: &[u8]| vec![bytes.to_vec()];
            let dialogue = [&format!("> {command}"), &*format!(r"< {echo}\r\r\nOK\r\n")];
            let seen = play(&dialogue, Framer::CAPACITY, &whole);
            assert_eq!(seen, [&format!("{said}: {echo}"), "final Ok 0: OK"], "byte {at}");
        }
    }
}

/// `A/` is sent without a CR, so the CR behind its echo belongs to the answer; a line that ends in `/` is no `A/`.
#[test]
fn only_a_repeat_comes_back_without_its_cr() {
    let mut framer = Framer::new();
    framer.sent(b"A/");
    let echo = framer.next(b"A/\r\nOK\r\n").unwrap();
    assert_eq!((echo.frame.start, echo.frame.end), (0, 2));
    check(&["> AT+X=a/", r"< AT+X=a/\r\r\nOK\r\n"], &["echo 0: AT+X=a/", "final Ok 0: OK"]);
}

/// An answer has the whole name of its command, however long, in any case.
#[rstest]
#[case("+CSQ", "+CSQX")]
#[case("+CSQ", "+CS")]
#[case("+ABCDEFGHIJKLMNO", "+ABCDEFGHIJKLMNX")]
#[case("+ABCDEFGHIJKLMNOP", "+ABCDEFGHIJKLMNOX")]
#[case("+ABCDEFGHIJKLMNOPQRST", "+ABCDEFGHIJKLMNOPQRSX")]
#[case("+ABCDEFGHIJKLMNOPQRST", "+XBCDEFGHIJKLMNOPQRST")]
#[case("+ABCDEFGHIJKLMNOPQRST", "+ABCDEFGHIJKLMNOPQRSTU")]
#[case("+ABCDEFGHIJKLMNOPQRST", "+ABCDEFGHIJKLMNOPQRS")]
fn a_name_is_a_whole_name(#[case] name: &str, #[case] other: &str) {
    for sent in [name.to_owned(), name.to_lowercase()] {
        check(
            &[&format!("> AT{sent}?"), &format!(r"< AT{sent}?\r\r\n{name}: 1\r\n{other}: 1\r\n\r\nOK\r\n")],
            &[
                &format!("echo 0: AT{sent}?"),
                &format!("info 0: {name}: 1"),
                &format!("unknown urc: {other}: 1"),
                "final Ok 0: OK",
            ],
        );
    }
}

/// What the framer tells of itself, after each deed.
#[test]
fn the_state_that_can_be_asked() {
    let mut framer = Framer::new();
    let mut buffer = Vec::new();
    let mut hear = |framer: &mut Framer, bytes: &[u8]| {
        buffer.extend_from_slice(bytes);
        while framer.next(&buffer).is_some() {}
        buffer.drain(..framer.release());
        (framer.echo(), framer.is_idle(), framer.position())
    };
    assert_eq!(hear(&mut framer, b""), (Echo::Unknown, true, 0));
    framer.sent(b"ATE0\r");
    assert_eq!(hear(&mut framer, b"ATE0\r"), (Echo::On, false, 5));
    assert_eq!(hear(&mut framer, b"\r\nOK\r\n"), (Echo::Off, true, 11));
    framer.sent(b"ATZ\r");
    assert_eq!(hear(&mut framer, b"\r\nOK\r\n"), (Echo::Unknown, true, 17));
    framer.set_echo(Echo::On);
    assert_eq!(hear(&mut framer, b"\r\nOK"), (Echo::On, true, 17));
    // A command that is remembered no more may still be answered.
    for _ in 0..5 {
        framer.sent(b"AT\r");
    }
    assert_eq!(hear(&mut framer, b"\r\n"), (Echo::On, false, 23));
    for _ in 0..4 {
        assert!(!hear(&mut framer, b"AT\r\r\nOK\r\n").1);
    }
    framer.settle();
    assert_eq!(hear(&mut framer, b""), (Echo::On, true, 59));
}

#[test]
fn a_repeat_is_answered_as_the_line_before() {
    check(
        &[
            "> AT+CSQ",
            r"< AT+CSQ\r\r\n+CSQ: 9,99\r\n\r\nOK\r\n",
            ">> A/",
            r"< A/\r\n+CSQ: 9,99\r\n\r\nOK\r\n",
        ],
        &[
            "echo 0: AT+CSQ",
            "info 0: +CSQ: 9,99",
            "final Ok 0: OK",
            "echo 1: A/",
            "info 1: +CSQ: 9,99",
            "final Ok 1: OK",
        ],
    );
}

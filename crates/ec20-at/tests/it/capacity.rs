//! Lines as long as the caller's buffer, and longer ones: what is too long is said, and the next line is read.
//!
//! Dialogues are written as in [`framing`](crate::framing).

use crate::framing::check_with;
use ec20_at::framer::Framer;
use rstest::rstest;

fn least() -> usize {
    Framer::with_capacity(0).capacity()
}

/// A text that fits with its line end; one whose LF stands outside; one that is full without any line end.
#[rstest]
#[case(2, r"\r\n", "stray: ", &[])]
#[case(1, r"\r\n", "stray: ", &["blank: "])]
#[case(1, r"\n", "stray: ", &[])]
#[case(1, r"\r", "stray: ", &[])]
#[case(0, r"\r\n", "overlong false: ", &[r"overlong true: \r\n"])]
#[case(0, r"\n", "overlong false: ", &[r"overlong true: \n"])]
fn a_line_as_long_as_the_buffer(
    #[case] room: usize,
    #[case] end: &str,
    #[case] first: &str,
    #[case] then: &[&str],
) {
    let text = "y".repeat(least() - room);
    let first = format!("{first}{text}");
    let mut expected = vec![first.as_str()];
    expected.extend(then);
    expected.push("urc: RDY");
    check_with(least(), &[&format!(r"< {text}{end}\r\nRDY\r\n")], &expected);
}

/// What is awaited is held against the capacity, too.
#[rstest]
#[case(0, "info 0: ", &[])]
#[case(1, "info 0: ", &["blank: "])]
#[case(2, "overlong false: ", &[r"overlong true: \r\n"])]
fn an_answer_as_long_as_the_buffer(#[case] more: usize, #[case] first: &str, #[case] then: &[&str]) {
    let text = format!("+CSQ: {}", "y".repeat(least() - "+CSQ: ".len() - 2 + more));
    let first = format!("{first}{text}");
    let mut expected = vec!["echo 0: AT+CSQ", first.as_str()];
    expected.extend(then);
    expected.push("final Ok 0: OK");
    check_with(least(), &["> AT+CSQ", &format!(r"< AT+CSQ\r{text}\r\n\r\nOK\r\n")], &expected);
}

/// The rest of an overlong line comes in pieces of the capacity; the last holds the line end, as far as there is room.
#[rstest]
#[case(10, r"\r\n", &[(10, r"\r\n")])]
#[case(10, r"\r", &[(10, r"\r")])]
#[case(10, r"\n", &[(10, r"\n")])]
#[case(288, r"\r\n", &[(288, r"\r\n")])]
#[case(289, r"\r\n", &[(289, r"\r")])]
#[case(289, r"\n", &[(289, r"\n")])]
#[case(290, r"\r\n", &[(290, ""), (0, r"\r\n")])]
#[case(870, r"\r\n", &[(290, ""), (290, ""), (290, ""), (0, r"\r\n")])]
#[case(881, r"\r\n", &[(290, ""), (290, ""), (290, ""), (11, r"\r\n")])]
fn an_overlong_line(#[case] more: usize, #[case] end: &str, #[case] pieces: &[(usize, &str)]) {
    assert_eq!(least(), 290);
    let mut expected = vec![format!("overlong false: {}", "y".repeat(least()))];
    expected.extend(
        pieces.iter().map(|(len, end)| format!("overlong {}: {}{end}", !end.is_empty(), "y".repeat(*len))),
    );
    expected.push("urc: RDY".into());
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let line = format!(r"< {}{end}RDY\r\n", "y".repeat(least() + more));
    check_with(least(), &[&line], &expected);
}

/// Given up, the rest of an overlong line is all there is of it.
#[rstest]
#[case("yyy", "yyy")]
#[case(r"yyy\r", r"yyy\r")]
fn the_rest_of_an_overlong_line_is_given_up(#[case] rest: &str, #[case] said: &str) {
    let long = "y".repeat(least());
    check_with(
        least(),
        &[&format!("< {long}{rest}"), "give up", r"< RDY\r\n"],
        &[&format!("overlong false: {long}"), &format!("overlong true: {said}"), "urc: RDY"],
    );
}

/// What an open quote swallowed is read again as lines once the buffer is full.
#[test]
fn an_open_quote_cannot_fill_the_buffer() {
    let filler = "z".repeat(least());
    check_with(
        least(),
        &[
            "> AT+QMMSEDIT=4",
            &format!(r#"< AT+QMMSEDIT=4\r\r\n+QMMSEDIT: 4,"x\r\n\r\nOK\r\n{filler}\r\nRDY\r\n"#),
        ],
        &[
            "echo 0: AT+QMMSEDIT=4",
            r#"info 0 reread: +QMMSEDIT: 4,"x"#,
            "final Ok 0 reread: OK",
            &format!("overlong false reread: {filler}"),
            r"overlong true: \r\n",
            "urc: RDY",
        ],
    );
}

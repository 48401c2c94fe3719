//! What other parsers get wrong, each by name: the table of the survey of peers, read by this crate.

use crate::framing::check;
use ec20_at::{Dialect, ErrorKind, Unit, command_line, read_unit};
use rstest::rstest;

/// atat, `ModemManager`: a late ERROR before the next command's OK, in one buffer, is read as that command's success.
#[rstest]
#[case("ERROR", "Error")]
#[case("+CME ERROR: 753", "CmeError")]
#[case("NO CARRIER", "NoCarrier")]
fn late_error_then_ok(#[case] late: &str, #[case] kind: &str) {
    check(
        &["> AT+FOO", r"< AT+FOO\r", "give up", "> AT", &format!(r"< \r\n{late}\r\nAT\r\r\nOK\r\n")],
        &["echo 0: AT+FOO", &format!("final {kind} late 0: {late}"), "echo 1: AT", "final Ok 1: OK"],
    );
}

/// atat: a URC between the information line and OK is swallowed into the response, registered or not.
#[rstest]
#[case("+QMMSEND: 0,200", "urc")]
#[case("+CGREG: 1", "urc")]
#[case("+QNEW: 1", "unknown urc")]
fn urc_between_information_and_ok(#[case] urc: &str, #[case] kind: &str) {
    check(
        &[
            "> AT+QMMSCFG=\"contextid\"",
            &format!(r#"< AT+QMMSCFG="contextid"\r\r\n+QMMSCFG: "contextid",1\r\n\r\n{urc}\r\n\r\nOK\r\n"#),
        ],
        &[
            r#"echo 0: AT+QMMSCFG="contextid""#,
            r#"info 0: +QMMSCFG: "contextid",1"#,
            &format!("{kind}: {urc}"),
            "final Ok 0: OK",
        ],
    );
}

/// atat and most others: a final result between quotes cuts the line in two.
#[test]
fn ok_between_quotes() {
    check(
        &["> AT+QMMSEDIT=4", r#"< AT+QMMSEDIT=4\r\r\n+QMMSEDIT: 4,"title\r\nOK\r\nrest"\r\n\r\nOK\r\n"#],
        &["echo 0: AT+QMMSEDIT=4", r#"info 0: +QMMSEDIT: 4,"title\r\nOK\r\nrest""#, "final Ok 0: OK"],
    );
}

/// atat: a final result inside a payload ends the command.
#[test]
fn ok_in_a_payload() {
    check(
        &["> AT+QFREAD=1", r"< AT+QFREAD=1\r\r\nCONNECT 10\r\nab\r\nOK\r\ncd\r\nOK\r\n"],
        &["echo 0: AT+QFREAD=1", "connect 0: CONNECT 10", r"data: ab\r\nOK\r\ncd", "final Ok 0: OK"],
    );
}

/// atat: a read that ends behind `"a>` is a prompt.
#[test]
fn greater_than_at_a_read_boundary() {
    check(
        &["> AT+QMMSEDIT=4", "< AT+QMMSEDIT=4\\r\\r\\n+QMMSEDIT: 4,\"a>", "< \"\\r\\n\\r\\nOK\\r\\n"],
        &["echo 0: AT+QMMSEDIT=4", r#"info 0: +QMMSEDIT: 4,"a>""#, "final Ok 0: OK"],
    );
}

/// Everybody but pyatcommand: ATV0 hangs.
#[test]
fn atv0() {
    check(
        &["> ATV0", r"< ATV0\r0\r", "> AT+FOO", r"< AT+FOO\r4\r"],
        &["echo 0: ATV0", "final Ok 0: 0", "echo 1: AT+FOO", "final Error 1: 4"],
    );
}

/// atat without a feature: the text of CMEE=2 hangs and loses bytes.
#[test]
fn cmee_2() {
    check(
        &["> AT+CPIN?", r"< AT+CPIN?\r\r\n+CME ERROR: SIM not inserted\r\n"],
        &["echo 0: AT+CPIN?", "final CmeError 0: +CME ERROR: SIM not inserted"],
    );
}

/// atat: LF alone, or OK without a line end before it, hangs.
#[test]
fn lf_only_and_compact_ok() {
    check(&["echo off", "> AT", r"< \nOK\n"], &["final Ok 0: OK"]);
    check(&["echo off", "> AT", r"< OK\r\n"], &["final Ok 0: OK"]);
}

/// atat takes any bytes before the first line end for the echo, and drops them.
#[test]
fn garbage_before_a_line_end_is_no_echo() {
    check(&["> AT", r"< garbage\r\nAT\r\r\nOK\r\n"], &["stray: garbage", "echo 0: AT", "final Ok 0: OK"]);
}

/// `ModemManager`: `ERROR` is found in `ERRORLOG`.
#[test]
fn a_word_that_begins_like_a_result() {
    check(
        &["> AT+CSQ", r"< AT+CSQ\r\r\nERRORLOG\r\nOKAY\r\nOX\r\nOK\x00\r\n\r\nOK\r\n"],
        &[
            "echo 0: AT+CSQ",
            "stray: ERRORLOG",
            "stray: OKAY",
            "stray: OX",
            "stray: OK\\x00",
            "final Ok 0: OK",
        ],
    );
}

/// atat recurses once for each CRLF: 3 KB of them overflow a stack of 64 KiB.
#[test]
fn deep_crlf() {
    let lines = r"\r\na".repeat(3000);
    let expected = vec!["stray: a"; 2999];
    let seen = crate::framing::play(&[&format!("< {lines}")], 4096, &|bytes| vec![bytes.to_vec()]);
    assert_eq!(seen, expected);
    let small = std::thread::Builder::new().stack_size(64 * 1024);
    let blanks = small.spawn(|| {
        let mut framer = ec20_at::framer::Framer::new();
        let bytes = b"\r\n".repeat(100_000);
        let mut count = 0;
        while framer.next(&bytes).is_some() {
            count += 1;
        }
        count
    });
    assert_eq!(blanks.unwrap().join().unwrap(), 99_999);
}

/// at-commands: 99999999999 wraps to 1215752191, or panics; `-` is 0.
#[rstest]
#[case("99999999999", ErrorKind::Overflow)]
#[case("-", ErrorKind::ParameterType)]
fn integers_are_checked(#[case] digits: &str, #[case] kind: ErrorKind) {
    let line = format!("AT+QMMSEND={digits}");
    let read = command_line::read(line.as_bytes(), Dialect::TOLERANT).unwrap();
    let command = read.commands().next().unwrap().unwrap();
    assert_eq!(command.parameter(0).unwrap().number().unwrap_err().kind, kind);
    assert_eq!(command.request().unwrap_err().kind, kind);
}

/// at-commands and `serde_at`: missing and doubled commas, junk round quotes, a wrong name, an unquoted string.
#[rstest]
#[case(r#"+QMMSEDIT: 1"a""#, "a missing comma")]
#[case(r#"+QMMSEDIT: 1,,"a""#, "a doubled comma")]
#[case(r#"+QMMSEDIT: 1,X"abc""#, "junk before the quote")]
#[case(r#"+QMMSEDIT: 1,"abc"X"#, "junk behind the quote")]
#[case(r#"+QMMSEDIX: 1,"abc""#, "a wrong name")]
#[case("+QMMSEDIT: 1,abc", "no quotes")]
#[case(r#"+QMMSEDIT: 1-2+3,"abc""#, "a sum for a number")]
#[case(r#"+QMMSEDIT: 1,"a","b","c""#, "surplus parameters")]
fn malformed_lines_are_refused(#[case] line: &str, #[case] what: &str) {
    for dialect in [Dialect::CANONICAL, Dialect::TOLERANT] {
        assert!(read_unit(Unit::Information, dialect, line.as_bytes(), |_| ()).is_err(), "{what}: {line}");
    }
}

/// at-commands: a byte that is no UTF-8 is an error; here text is bytes.
#[test]
fn latin_1_is_read() {
    let read = read_unit(Unit::Information, Dialect::CANONICAL, b"+QMMSEDIT: 1,\"J\xFCrgen\"", |form| {
        assert_eq!(form.field("optstring").unwrap().len(), 6);
    });
    assert_eq!(read, Ok(()));
}

/// Zephyr, `FreeRTOS`: a comma between quotes separates parameters.
#[test]
fn a_comma_between_quotes_is_data() {
    let line = br#"AT+QMMSEDIT=4,1,"a,b""#;
    let read = command_line::read(line, Dialect::CANONICAL).unwrap();
    assert_eq!(read.commands().next().unwrap().unwrap().parameters().count(), 3);
}

//! Bytes: the frame round answers, echo, editing, chained lines, odd and broken input.

use ec20_manual::profile::Profile;
use ec20_sim::{Input, Module, Output};
use rstest::rstest;

use crate::dialogue::{bench, check};

/// Everything a module of the manual's profile says to these bytes, given whole and byte by byte.
#[track_caller]
fn says(bytes: &[u8], expected: &str) {
    for size in [bytes.len().max(1), 1, 3] {
        let mut module = Module::new(Profile::manual());
        let mut said = Vec::new();
        for piece in bytes.chunks(size) {
            for output in module.step(0, Input::Bytes(piece)) {
                if let Output::Bytes(bytes) = output {
                    said.extend(bytes);
                }
            }
        }
        assert_eq!(said.escape_ascii().to_string(), expected, "in pieces of {size}");
    }
}

#[rstest]
#[case(b"AT\r", r"AT\r\r\nOK\r\n")]
#[case(b"AT\r\n", r"AT\r\r\nOK\r\n")]
#[case(b"at\r", r"at\r\r\nOK\r\n")]
#[case(b"aT\r", r"aT\r\r\nOK\r\n")]
#[case(b"\r", r"\r")]
#[case(b"  AT\r", r"  AT\r\r\nOK\r\n")]
#[case(b"\x1bAT\r", r"AT\r\r\nOK\r\n")]
#[case(b"AX\x08T\r", r"AX\x08T\r\r\nOK\r\n")]
#[case(b"AT+CSQ\r", r"AT+CSQ\r\r\n+CSQ: 24,99\r\n\r\nOK\r\n")]
#[case(b"at+csq;+cmee?\r", r"at+csq;+cmee?\r\r\n+CSQ: 24,99\r\n\r\n+CMEE: 1\r\n\r\nOK\r\n")]
#[case(b"ATE0\rAT\r", r"ATE0\r\r\nOK\r\n\r\nOK\r\n")]
#[case(b"ATV0\rAT+CSQ\rAT+X\r", r"ATV0\r0\rAT+CSQ\r+CSQ: 24,99\r\n0\rAT+X\r4\r")]
#[case(b"ATQ1\rAT+CSQ\rATQ0\r", r"ATQ1\rAT+CSQ\r\r\n+CSQ: 24,99\r\nATQ0\r\r\nOK\r\n")]
#[case(b"ATQ0 V1 E1 S0=0\r", r"ATQ0 V1 E1 S0=0\r\r\nOK\r\n")]
#[case(b"AT+CSQ\rA/", r"AT+CSQ\r\r\n+CSQ: 24,99\r\n\r\nOK\r\nA/\r\n+CSQ: 24,99\r\n\r\nOK\r\n")]
#[case(b"garbage\r", r"garbage\r\r\nERROR\r\n")]
#[case(b"AT+NOSUCH?\r", r"AT+NOSUCH?\r\r\nERROR\r\n")]
#[case(b"AT+MODE=2\r", r"AT+MODE=2\r\r\nERROR\r\n")]
#[case(b"AT?\r", r"AT?\r\r\nERROR\r\n")]
#[case(b"AT+QMMSEDIT=1,1,\"open\r", r#"AT+QMMSEDIT=1,1,\"open\r\r\nERROR\r\n"#)]
#[case(b"ATS3?\r", r"ATS3?\r\r\n013\r\n\r\nOK\r\n")]
#[case(b"ATS3=33\rAT!", r"ATS3=33\r!\nOK!\nAT!!\nOK!\n")]
#[case(b"ATS5=99999\r", r"ATS5=99999\r\r\nERROR\r\n")]
#[case(b"ATD123;\r", r"ATD123;\r\r\nNO CARRIER\r\n")]
#[case(b"AT+CSQ;+NOSUCH;+CMEE?\r", r"AT+CSQ;+NOSUCH;+CMEE?\r\r\n+CSQ: 24,99\r\n\r\nERROR\r\n")]
fn bytes_for_bytes(#[case] host: &[u8], #[case] module: &str) {
    says(host, module);
}

#[test]
fn typographic_quotes_are_no_quotes() {
    let line = "AT+QMMSCFG=\u{201c}contextid\u{201d}\r";
    let said = bench().exchange(line.trim_end(), 300);
    assert!(said.ends_with("\r\n\r\nERROR\r\n") || said.ends_with("\r\r\nERROR\r\n"), "{said:?}");
}

#[test]
fn a_line_that_is_too_long_is_an_error_and_the_next_one_is_read() {
    let mut bench = bench();
    let said = bench.exchange(&format!("AT+CSCS=\"{}\"", "x".repeat(5000)), 300);
    assert!(said.ends_with("\r\r\nERROR\r\n"));
    assert_eq!(bench.exchange("AT", 300), "AT\r\r\nOK\r\n");
}

#[test]
fn errors_take_the_form_that_cmee_asks_for() {
    check(
        r#"
        > AT+CMEE=0
        < OK
        > AT+QMMSCFG="contextid",17
        < ERROR
        > AT+CMEE=1
        < OK
        > AT+QMMSCFG="contextid",17
        < +CME ERROR: 756
        > AT+CMEE=2
        < OK
        > AT+QMMSCFG="contextid",17
        < +CME ERROR: Invalid parameter
        > AT+CMEE=3
        < ERROR
        "#,
    );
}

#[test]
fn noise_stands_only_between_answers() {
    let mut module = Module::new(Profile::manual()).with_noise();
    let outputs = module.step(0, Input::Bytes(b"AT+CSQ\r"));
    let Some(Output::Bytes(said)) = outputs.first() else { panic!("the module said nothing") };
    let said = said.escape_ascii().to_string();
    assert_eq!(
        said,
        r#"\r\nRING\r\nAT+CSQ\r\r\n+CMTI: \"SM\",3\r\n\r\n+CSQ: 24,99\r\n\r\nOK\r\n\r\n+QIND: PB DONE\r\n"#
    );
}

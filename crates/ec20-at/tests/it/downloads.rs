//! Downloads: where their bytes end and lines begin again, the end known, told by the last line, or neither.
//!
//! Dialogues are written as in [`framing`](crate::framing).

use crate::framing::{bytes, check};
use ec20_at::Checksum;

#[test]
fn a_download_ends_where_size_and_checksum_fit() {
    // The payload holds a final result and a last line of another size.
    let payload = r#"ab\r\nOK\r\n\r\n+QFDWL: 3,0\r\n"c"#;
    let last = format!("+QFDWL: {},{}", bytes(payload).len(), Checksum::of(&bytes(payload)));
    check(
        &["> AT+QFDWL=a", &format!(r"< AT+QFDWL=a\r\r\nCONNECT\r\n{payload}\r\n{last}\r\n\r\nOK\r\n")],
        &[
            "echo 0: AT+QFDWL=a",
            "connect 0: CONNECT",
            &format!("data: {payload}"),
            &format!("info 0: {last}"),
            "final Ok 0: OK",
        ],
    );
}

#[test]
fn a_damaged_download_ends_where_its_size_and_the_final_result_fit() {
    check(
        &["> AT+QFDWL=\"RAM:a\"", r#"< AT+QFDWL="RAM:a"\r\r\nCONNECT\r\nabc\r\n+QFDWL: 3,1\r\n\r\nOK\r\n"#],
        &[
            r#"echo 0: AT+QFDWL="RAM:a""#,
            "connect 0: CONNECT",
            "data: abc",
            "info 0: +QFDWL: 3,1",
            "final Ok 0: OK",
        ],
    );
}

#[test]
fn a_download_of_known_size_is_counted() {
    check(
        &[
            "expect 19",
            "> AT+QFDWL=\"a\"",
            r#"< AT+QFDWL="a"\r\r\nCONNECT\r\n\r\n+QFDWL: 0,0\r\n\r\nOK\r\n+QFDWL: 19,1\r\n\r\nOK\r\n"#,
        ],
        &[
            r#"echo 0: AT+QFDWL="a""#,
            "connect 0: CONNECT",
            r"data: \r\n+QFDWL: 0,0\r\n\r\nOK",
            "info 0: +QFDWL: 19,1",
            "final Ok 0: OK",
        ],
    );
    check(
        &["> AT+QFREAD=1,4", r"< AT+QFREAD=1,4\r\r\nCONNECT 4\r\n\r\nOK\r\nOK\r\n"],
        &["echo 0: AT+QFREAD=1,4", "connect 0: CONNECT 4", r"data: \r\nOK", "final Ok 0: OK"],
    );
}

#[test]
fn a_long_download_comes_in_blocks() {
    let payload = "x".repeat(600);
    let stream = format!(r#"< AT+QFDWL="a"\r\r\nCONNECT\r\n{payload}\r\n+QFDWL: 600,0\r\n\r\nOK\r\n"#);
    let block = format!("data: {}", "x".repeat(256));
    let rest = format!("data: {}", "x".repeat(88));
    check(
        &["> AT+QFDWL=\"a\"", &stream],
        &[
            r#"echo 0: AT+QFDWL="a""#,
            "connect 0: CONNECT",
            &block,
            &block,
            &rest,
            "info 0: +QFDWL: 600,0",
            "final Ok 0: OK",
        ],
    );
}

#[test]
fn plus_plus_plus_ends_a_download() {
    check(
        &["> AT+QFDWL=\"a\"", r#"< AT+QFDWL="a"\r\r\nCONNECT\r\nabc"#, ">> +++", r"< \r\nOK\r\n"],
        &[r#"echo 0: AT+QFDWL="a""#, "connect 0: CONNECT", "stray: abc", "final Ok 0: OK"],
    );
}

#[test]
fn an_empty_download() {
    for sum in ["0", "1"] {
        check(
            &[
                "> AT+QFDWL=\"a\"",
                &format!(r#"< AT+QFDWL="a"\r\r\nCONNECT\r\n\r\n+QFDWL: 0,{sum}\r\n\r\nOK\r\n"#),
            ],
            &[
                r#"echo 0: AT+QFDWL="a""#,
                "connect 0: CONNECT",
                &format!("info 0: +QFDWL: 0,{sum}"),
                "final Ok 0: OK",
            ],
        );
    }
}

/// Where the sum fits too, anything may follow the last line; where it does not, only the final result makes it the last.
#[test]
fn a_urc_behind_the_last_line() {
    let download = |sum: &str| {
        [
            "> AT+QFDWL=\"a\"".to_owned(),
            format!(r#"< AT+QFDWL="a"\r\r\nCONNECT\r\nabc\r\n+QFDWL: 3,{sum}\r\n\r\nRDY\r\n\r\nOK\r\n"#),
            "give up".to_owned(),
        ]
    };
    let echo = r#"echo 0: AT+QFDWL="a""#;
    let [good, damaged] = [download(&Checksum::of(b"abc").to_string()), download("1")];
    check(
        &good.each_ref().map(String::as_str),
        &[echo, "connect 0: CONNECT", "data: abc", "info 0: +QFDWL: 3,262", "urc: RDY", "final Ok 0: OK"],
    );
    check(
        &damaged.each_ref().map(String::as_str),
        &[
            echo,
            "connect 0: CONNECT",
            "stray: abc",
            "info late 0: +QFDWL: 3,1",
            "urc: RDY",
            "final Ok late 0: OK",
        ],
    );
}

/// The caller may learn the size while the bytes already come.
#[test]
fn a_size_that_becomes_known_in_the_middle() {
    check(
        &["> AT+QFDWL=\"a\"", r#"< AT+QFDWL="a"\r\r\nCONNECT\r\na"#, "expect 6", r"< bcdefghi\r\n\r\nOK\r\n"],
        &[r#"echo 0: AT+QFDWL="a""#, "connect 0: CONNECT", "data: abcdef", "stray: ghi", "final Ok 0: OK"],
    );
}

/// What was given up may begin a download, and that goes on with what arrives.
#[test]
fn a_download_that_was_found_among_what_was_given_up() {
    let last = format!("+QFDWL: 6,{}", Checksum::of(b"abcdef"));
    check(
        &[
            "> AT+QFDWL=\"a\"",
            r#"< AT+QFDWL="a"\r\r\n+QX: "x\r\nCONNECT\r\nabc"#,
            "give up",
            &format!(r"< def\r\n{last}\r\n\r\nOK\r\n"),
        ],
        &[
            r#"echo 0: AT+QFDWL="a""#,
            r#"unknown urc reread: +QX: "x"#,
            "connect late 0 reread: CONNECT",
            "data reread: abcdef",
            &format!("info late 0: {last}"),
            "final Ok late 0: OK",
        ],
    );
}

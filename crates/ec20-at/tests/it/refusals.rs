//! Refusals in words: where, what could have stood there, what stood there, and the clause that says so.

use ec20_at::{Dialect, Unit, read_unit};
use rstest::rstest;

fn said(unit: Unit<'_>, line: &str) -> String {
    read_unit(unit, Dialect::CANONICAL, line.as_bytes(), |_| ()).unwrap_err().to_string()
}

#[rstest]
#[case(
    "AT+QMMSCFG=\"contextid\",",
    "expected an integer from 1 to 16, found 0 bytes at 23..23 (CFG-CONTEXTID-RANGE)"
)]
#[case(
    "AT+QMMSCFG=\"mmsc\",\"{101}\"",
    "expected a quoted string of at most 100 bytes, found 101 bytes at 19..120 (CFG-MMSC-LENGTH)"
)]
#[case(
    "AT+QMMSEDIT=x",
    "expected an integer from 1 to 5, found another value at 12..13 (EDIT-FUNCTION-RANGE)"
)]
#[case("AT+QMMSEDIT=1,1,\"a\",2", "expected another number of parameters, found 4 parameters at 21..21")]
fn of_commands(#[case] line: &str, #[case] expected: &str) {
    let line = line.replace("{101}", &"u".repeat(101));
    assert_eq!(said(Unit::CommandLine, &line), expected);
}

#[rstest]
#[case("+CIMI: 1", "expected an information line of the manual, found another value at 0..8")]
#[case("+QMMSCFG: \"contextid\"", "expected another number of parameters, found 0 parameters at 21..21")]
#[case("+CSQ: ", "expected an integer from 0 to 199, found 0 bytes at 6..6")]
#[case("+QMMSEDIT: 1,\"a\";2", "expected a comma or the end behind the closing quote, found `;` at 16..17")]
#[case("+CGDCONT: (1-16),IP,,,(0-2),(0-4)", "expected a quoted string, found `I` at 17..18")]
#[case("+CSCS: (\"\")", "expected printable text, found `\"` at 9..10")]
#[case("+CSCS: (\"a\tb\")", "expected printable text, found `a` at 9..10")]
#[case(
    "+CGDCONT: (01-16),\"IP\",,,(0-2),(0-4)",
    "expected a number of at most nine digits without zeros in front, found `0` at 11..12"
)]
#[case(
    "+CGDCONT: (1-1000000000),\"IP\",,,(0-2),(0-4)",
    "expected a number of at most nine digits without zeros in front, found `1` at 13..14"
)]
fn of_information(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(said(Unit::Information, line), expected);
}

//! Values as the manual has them: what each rule takes, and what it refuses and why. The tolerant reading asks for the type alone.

use ec20_at::{Dialect, ErrorKind, Unit, read_unit};
use rstest::rstest;

fn read(unit: Unit<'_>, dialect: Dialect, line: &str) -> Result<(), ErrorKind> {
    read_unit(unit, dialect, line.as_bytes(), |_| ()).map_err(|error| error.kind)
}

#[rstest]
#[case("013")]
#[case("127")]
fn a_register(#[case] line: &str) {
    assert_eq!(read(Unit::InformationOf("s3"), Dialect::CANONICAL, line), Ok(()));
}

#[rstest]
#[case("13", ErrorKind::OutOfRange)]
#[case("0013", ErrorKind::OutOfRange)]
#[case("128", ErrorKind::OutOfRange)]
#[case("-13", ErrorKind::ParameterType)]
#[case("a13", ErrorKind::ParameterType)]
#[case("", ErrorKind::ParameterType)]
fn no_register(#[case] line: &str, #[case] kind: ErrorKind) {
    assert_eq!(read(Unit::InformationOf("s3"), Dialect::CANONICAL, line), Err(kind));
}

#[rstest]
#[case("AT+CPIN=1234")]
#[case("AT+CPIN=\"12345678\"")]
fn a_pin(#[case] line: &str) {
    assert_eq!(read(Unit::CommandLine, Dialect::CANONICAL, line), Ok(()));
}

#[rstest]
#[case("AT+CPIN=123")]
#[case("AT+CPIN=\"123456789\"")]
#[case("AT+CPIN=-123")]
#[case("AT+CPIN=12a4")]
fn no_pin(#[case] line: &str) {
    assert!(read(Unit::CommandLine, Dialect::CANONICAL, line).is_err());
}

/// Information lines that the canonical reading takes.
#[rstest]
#[case::hexadecimal("+CREG: 2,1,\"1\",\"0A2F18CB\"")]
#[case::sum("+QFUPL: 100,ffff")]
#[case::no_sum("+QFUPL: 100,0")]
#[case::card("+QCCID: 898600251283060124")]
#[case::longest_card("+QCCID: 8986002512830601247F")]
#[case::state_of_the_card("+CPIN: SIM PUK2")]
#[case::list("+CSCS: (\"GSM\",\"IRA\")")]
#[case::name_longer_than_an_address(
    "+QMMSEDIT: 5,\"RAM:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""
)]
#[case::brackets("+QFUPL: <filename>[,(1-<freesize>)[,(1-65535)[,(0,1)]]]")]
fn kept(#[case] line: &str) {
    assert_eq!(read(Unit::Information, Dialect::CANONICAL, line), Ok(()));
}

/// Information lines that only the tolerant reading takes.
#[rstest]
#[case::no_hexadecimal("+CREG: 2,1,\"18CG\",\"0A2F\"")]
#[case::long_hexadecimal("+CREG: 2,1,\"18CB\",\"0A2F18CB1\"")]
#[case::empty_hexadecimal("+CREG: 2,1,\"\",\"0A2F\"")]
#[case::padded_sum("+QFUPL: 100,01")]
#[case::capital_sum("+QFUPL: 100,AB")]
#[case::long_sum("+QFUPL: 100,abcde")]
#[case::short_card("+QCCID: 89860025128306012")]
#[case::long_card("+QCCID: 898600251283060124711")]
#[case::lettered_card("+QCCID: 8986002512830x0124")]
#[case::state_of_the_card("+CPIN: WHATEVER")]
#[case::name_for_a_list("+CSCS: <chset>")]
#[case::long_address("+QMMSEDIT: 1,\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"")]
#[case::bracket("+QMMSCFG: \"contextid\"[,(1-16)]")]
#[case::bracket_behind("+QFUPL: <filename>,(1-<freesize>),<timeout>,(0,1)]")]
fn kept_by_shape(#[case] line: &str) {
    assert!(read(Unit::Information, Dialect::CANONICAL, line).is_err());
    assert_eq!(read(Unit::Information, Dialect::TOLERANT, line), Ok(()));
}

/// Information lines that no reading takes.
#[rstest]
#[case::no_card("+QCCID: ")]
#[case::blank_in_a_card("+QCCID: 898600251 83060124")]
#[case::bracket_without_a_comma("+QFUPL: <filename>[(1-<freesize>)]")]
#[case::sum_of_signs("+QFUPL: 100,-1")]
fn refused(#[case] line: &str) {
    for dialect in [Dialect::CANONICAL, Dialect::TOLERANT] {
        assert!(read(Unit::Information, dialect, line).is_err(), "{dialect:?}");
    }
}

/// The text of an error is printable, without quotes, and has no blank at its edges.
#[rstest]
#[case("SIM not inserted", true)]
#[case("x", true)]
#[case(" SIM", false)]
#[case("SIM ", false)]
#[case("a\"b", false)]
#[case("a\tb", false)]
#[case("a\u{E9}b", false)]
#[case("", false)]
fn the_text_of_an_error(#[case] text: &str, #[case] kept: bool) {
    let line = format!("+CME ERROR: {text}");
    assert_eq!(read(Unit::Final, Dialect::CANONICAL, &line).is_ok(), kept);
}

#[rstest]
#[case(">", true)]
#[case("> ", true)]
#[case(">  ", false)]
#[case("", false)]
#[case("OK", false)]
fn the_prompt(#[case] bytes: &str, #[case] kept: bool) {
    assert_eq!(read(Unit::Prompt, Dialect::CANONICAL, bytes).is_ok(), kept);
}

//! The values of an information line one by one: what each line gives, and where and why reading stops.

use ec20_at::fields::{Fields, Value};
use ec20_at::{Error, ErrorKind};
use rstest::rstest;

fn error(error: Error) -> String {
    format!("{:?}@{}..{}", error.kind, error.span.start, error.span.end)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// All values of `+X: ` and what stands behind it: a number as it is, a string in `'`, a word in `<>`, an error by its place.
fn render(values: &str) -> String {
    let line = format!("+X: {values}");
    let fields = Fields::behind(line.as_bytes(), b"+X: ").unwrap();
    let shown = fields.map(|value| match value {
        Ok(Value::Number(number)) => number.to_string(),
        Ok(Value::String(bytes)) => format!("'{}'", text(bytes)),
        Ok(Value::Word(bytes)) => format!("<{}>", text(bytes)),
        Err(refused) => error(refused),
    });
    shown.collect::<Vec<_>>().join(" ")
}

#[rstest]
#[case("", "<>")]
#[case(",", "<> <>")]
#[case("1,", "1 <>")]
#[case("0,9,10,90", "0 9 10 90")]
#[case("007", "7")]
#[case("999999999,1000000000,4294967295", "999999999 1000000000 4294967295")]
#[case("00000000004294967295", "4294967295")]
#[case("4294967296,42949672950", "<4294967296> <42949672950>")]
#[case("99999999999,1", "<99999999999> 1")]
#[case("12ab,3", "<12ab> 3")]
#[case("-1,3/", "<-1> <3/>")]
#[case("3:", "<3:>")]
#[case("ab,,cd", "<ab> <> <cd>")]
#[case("a\"b,1", "<a\"b> 1")]
#[case("\"\"", "''")]
#[case("\"\",\"a,b\",1", "'' 'a,b' 1")]
#[case("1,\"a\"", "1 'a'")]
#[case("\"a\",", "'a' <>")]
#[case("\"a\"b,1", "Syntax@7..8")]
#[case("1,\"a,2", "1 UnterminatedString@6..7")]
fn values(#[case] line: &str, #[case] expected: &str) {
    assert_eq!(render(line), expected);
}

/// A value of another kind is refused where it stands; one that is refused has not been taken.
#[rstest]
#[case("x", "ParameterType@4..5", "ParameterType@4..5", "<x>")]
#[case("1x,2", "ParameterType@4..5", "ParameterType@4..5", "<1x>")]
#[case("\"x\"", "ParameterType@4..5", "<x>", "ParameterType@4..5")]
#[case("12", "<12>", "ParameterType@4..5", "<12>")]
#[case("4294967296", "Overflow@4..5", "ParameterType@4..5", "<4294967296>")]
#[case("42949672950", "Overflow@4..5", "ParameterType@4..5", "<42949672950>")]
#[case("", "ParameterType@4..4", "ParameterType@4..4", "<>")]
fn a_value_of_a_kind(#[case] value: &str, #[case] number: &str, #[case] string: &str, #[case] word: &str) {
    let line = format!("+X: {value}");
    let fields = || Fields::behind(line.as_bytes(), b"+X: ").unwrap();
    let shown = |read: Result<&[u8], Error>| read.map_or_else(error, |bytes| format!("<{}>", text(bytes)));
    assert_eq!(fields().number().map_or_else(error, |value| format!("<{value}>")), number);
    assert_eq!(shown(fields().string()), string);
    assert_eq!(shown(fields().word()), word);
}

/// Behind the last value there is nothing, not even an empty one; before it there is no end.
#[rstest]
#[case("1")]
#[case("\"a\"")]
#[case("a")]
fn the_end(#[case] value: &str) {
    let line = format!("+X: {value},{value}");
    let mut fields = Fields::behind(line.as_bytes(), b"+X: ").unwrap();
    for _ in 0..2 {
        let kind = fields.end().unwrap_err().kind;
        assert_eq!(kind, ErrorKind::ParameterCount);
        fields.next().unwrap().unwrap();
    }
    assert_eq!(fields.end(), Ok(()));
    assert!(fields.next().is_none());
    assert_eq!(fields.number().unwrap_err().kind, ErrorKind::ParameterType);
    assert_eq!(fields.string().unwrap_err().kind, ErrorKind::ParameterType);
    assert_eq!(fields.word().unwrap_err().kind, ErrorKind::ParameterType);
}

#[rstest]
#[case("+CSQ: 9,99", "Unknown@0..5")]
#[case("+CSQ", "Unknown@0..4")]
#[case("", "Unknown@0..0")]
fn another_prefix(#[case] line: &str, #[case] expected: &str) {
    let refused = Fields::behind(line.as_bytes(), b"+QFLST: ").unwrap_err();
    assert_eq!(error(refused), expected);
}

#[rstest]
#[case("+CSQ: 9,99", Some(("+CSQ", "9")))]
#[case("+CME ERROR: 7", Some(("+CME ERROR", "7")))]
#[case("a: b: c", Some(("a", "b: c")))]
#[case("+CSQ: ", Some(("+CSQ", "")))]
#[case("+CSQ:9", None)]
#[case("OK", None)]
#[case("", None)]
fn a_prefix_is_split_off(#[case] line: &str, #[case] expected: Option<(&str, &str)>) {
    let split = Fields::split(line.as_bytes()).map(|(name, mut fields)| (name, fields.word().unwrap()));
    assert_eq!(split, expected.map(|(name, first)| (name.as_bytes(), first.as_bytes())));
}

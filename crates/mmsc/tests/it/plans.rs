//! The answer file: what it may say, and mistakes with line and column.

use std::time::Duration;

use mmsc::{Options, Plan};
use rstest::rstest;

use crate::bench::{exchange, pdu, post, serve};

#[test]
fn first_ones_then_every() {
    let plan =
        Plan::from_toml("first = [\"http 404\", 'status 132 \"no\"']\nevery = \"http 500\"\n").unwrap();
    let bench = serve(Options { plan, ..Options::default() });
    for _ in 0..4 {
        exchange(&bench, &post(&pdu()), Duration::from_millis(30));
    }
    let answers: Vec<String> = (0..4).map(|_| bench.captured().answer.clone()).collect();
    assert_eq!(answers, ["http 404", "status 132 \"no\"", "http 500", "http 500"]);
}

#[test]
fn an_empty_file_accepts() {
    assert_eq!(Plan::from_toml("# nothing\n").unwrap(), Plan::default());
}

#[rstest]
#[case(
    "every = \"stal\"",
    "line 1, column 10: expected a word of the answer table, as `accept`, `status 132` or `stall`, found \"stal\""
)]
#[case(
    "first = [\n  'http 404',\n  'status 300',\n]",
    "line 3, column 11: expected a status from 128 to 255, found \"300\""
)]
#[case(
    "# ü\nevery = \"status 132 \\\"a\\\" stal\"",
    "line 2, column 9: expected a word of the answer table, as `accept`, `status 132` or `stall`, found \"stal\""
)]
#[case("evry = \"stall\"", "line 1, column 1: unknown field `evry`, expected `first` or `every`")]
#[case("every = 7", "line 1, column 9: invalid type: integer `7`, expected a string")]
fn mistakes(#[case] text: &str, #[case] message: &str) {
    assert_eq!(Plan::from_toml(text).unwrap_err().to_string(), message);
}

#[test]
fn no_toml_at_all() {
    let error = Plan::from_toml("first = [\n").unwrap_err();
    assert_eq!((error.line, error.message.is_empty()), (1, false));
}

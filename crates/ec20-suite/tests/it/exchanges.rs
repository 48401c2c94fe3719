//! Mistakes of a transcript's author that the file alone shows: they are told before any byte leaves, and never charged to a module.

use std::collections::BTreeMap;

use ec20_suite::suite::{Suite, Variables};
use ec20_suite::transcript::Transcript;
use rstest::rstest;

fn text(body: &str) -> String {
    format!("---\nid = \"own\"\ntitle = \"t\"\nclauses = [\"EDIT-LIST\"]\n---\n{body}")
}

const UP: &str = "> AT+QFUPL=\"RAM:a\",5,5\n< CONNECT\n";

#[rstest]
#[case::no_final("> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"x\"\n", 7, "the final result of the answer")]
#[case::no_final_before_the_next(
    "> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"x\"\n> AT\n< OK\n",
    7,
    "the final result of the answer"
)]
#[case::no_final_in_finally(
    "> AT\n< OK\nfinally\n> AT+CSQ\n< +CSQ: 1,2\n",
    10,
    "the final result of the answer"
)]
#[case::data_without_connect("> AT+QFUPL=\"RAM:a\",5,5\ndata hello\n< OK\n", 7, "`< CONNECT` above the data")]
#[case::data_with_nothing_above("data hello\n", 6, "`< CONNECT` above the data")]
#[case::data_after_the_end("> AT\n< OK\ndata hello\n", 8, "`< CONNECT` above the data")]
#[case::connect_without_data(&format!("{UP}< OK\n"), 7, "`data …` below CONNECT")]
#[case::too_short(&format!("{UP}data four\n< +QFUPL: 4,0\n< OK\n"), 8, "5 bytes of data")]
#[case::too_long(&format!("{UP}data longer\n< +QFUPL: 5,0\n< OK\n"), 8, "5 bytes of data")]
#[case::too_short_in_hex(&format!("{UP}data hex 00 01\n< +QFUPL: 2,0\n< OK\n"), 8, "5 bytes of data")]
#[case::repeated(&format!("{UP}data {{ab*2}}\n< +QFUPL: 4,0\n< OK\n"), 8, "5 bytes of data")]
fn a_dialogue_that_cannot_be(#[case] body: &str, #[case] line: usize, #[case] expected: &str) {
    let text = text(body);
    let mistakes = Suite::assemble([("own.atx", text.as_str())], BTreeMap::default(), &Variables::default())
        .expect_err("the dialogue cannot be");
    assert_eq!(mistakes.len(), 1, "{mistakes:?}");
    assert_eq!(mistakes[0].line, line, "{}", mistakes[0]);
    assert!(mistakes[0].expected.starts_with(expected), "{}", mistakes[0]);
}

#[rstest]
#[case::an_answer("> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"x\"\n< OK\n")]
#[case::an_error("> AT+QMMSEDIT=1\n< +CME ERROR: 757\n")]
#[case::either("> AT\n< OK\n| ERROR => fail \"refused\"\n")]
#[case::a_numeral("> ATV0\n< 0\n")]
#[case::a_value("> AT\n< {:text}\n")]
#[case::no_answer_expected("> ATQ1\nquiet 500ms\n")]
#[case::a_line_by_itself("> AT\n< OK\n! 5s +QMMSEND: 0,200\n")]
#[case::an_upload(&format!("{UP}data hello\n< +QFUPL: 5,0\n< OK\n"))]
#[case::in_two_parts(&format!("{UP}data he\ndata llo\n< +QFUPL: 5,0\n< OK\n"))]
#[case::short_and_meant(&format!("{UP}data four\nquiet 4s\n< OK\n"))]
#[case::ended_by_hand(&format!("{UP}>> four\nwait 1500ms\n>> +++\n< +QFUPL: 4,0\n< OK\n"))]
#[case::refused("> AT+QFUPL=\"RAM:a\",5,5\n< +CME ERROR: 400\n| CONNECT => fail \"taken\"\n")]
fn a_dialogue_that_can_be(#[case] body: &str) {
    let text = text(body);
    if let Err(mistakes) =
        Suite::assemble([("own.atx", text.as_str())], BTreeMap::default(), &Variables::default())
    {
        panic!("{}", mistakes[0]);
    }
}

/// Data that are said to be hexadecimal digits, or a file, and are neither.
#[rstest]
#[case::no_digit("data hex 0G")]
#[case::half_a_pair("data hex 0")]
#[case::behind_good_pairs("data hex 00 0G")]
#[case::no_digits("data hex  ")]
fn malformed_data(#[case] line: &str) {
    let mistake = Transcript::read("own.atx", &text(&format!("{UP}{line}\n"))).expect_err("no data");
    assert_eq!(mistake.line, 8, "{mistake}");
}

#[test]
fn text_may_begin_like_hexadecimal_digits() {
    let hexagon = text(&format!("{UP}data hexag\n< OK\n"));
    Transcript::read("own.atx", &hexagon).expect("a text");
}

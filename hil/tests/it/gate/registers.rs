//! S3 and S5 say which byte ends a line and which erases one: when the gate believes lines again after one of them may have moved.

use ec20_manual::Effect;
use rstest::rstest;

use super::{allowing, greeted, leaves, withheld};

/// Behind a moved register even the test form of sending could be part of a send; once the module has certainly taken the line that puts
/// the register back, lines are lines again.
#[rstest]
#[case::erase_byte(b"ATS5=88\r", b"ATS5=8\r")]
#[case::line_end(b"ATS3=88\r", b"ATS3=13\r")]
fn a_register_that_is_put_back_blinds_no_longer(#[case] moves: &[u8], #[case] puts_back: &[u8]) {
    let mut gate = greeted(allowing(&Effect::ALL, &["*"]));
    let asks = b"AT+QMMSEND=?\r";
    assert!(leaves(&mut gate, moves));
    withheld(&mut gate, asks);
    assert!(leaves(&mut gate, puts_back));
    withheld(&mut gate, asks);
    gate.hear(1000, &[puts_back, b"\r\nOK\r\n"].concat());
    assert!(leaves(&mut gate, asks));
}

/// A certain refusal moved nothing; one that may be another line's, or that says nothing of the line before it, leaves the gate blind.
#[rstest]
#[case::refused(&["ATS5=88\r"], b"ATS5=88\r\r\nERROR\r\n", true)]
#[case::refused_with_a_code(&["ATS3=88\r"], b"ATS3=88\r\r\n+CME ERROR: 3\r\n", true)]
#[case::taken(&["ATS5=88\r"], b"ATS5=88\r\r\nOK\r\n", false)]
#[case::not_answered(&["ATS5=88\r"], b"ATS5=88\r", false)]
#[case::busy(&["ATS5=88\r"], b"ATS5=88\r\r\nBUSY\r\n", false)]
#[case::half_of_the_line_may_have_acted(&["ATS5=88;+CMEE=9\r"], b"ATS5=88;+CMEE=9\r\r\nERROR\r\n", false)]
#[case::the_first_of_two_is_open(&["ATS5=88\r", "ATS5=89\r"], b"ATS5=89\r\r\nERROR\r\n", false)]
#[case::the_other_register_is_moved(&["ATS3=88\r", "ATS5=89\r"], b"ATS5=89\r\r\nERROR\r\n", false)]
#[case::another_lines_refusal(&["ATS5=88\r", "AT\r"], b"ATS5=88\r\r\nERROR\r\n", false)]
fn a_refused_move_moved_nothing(#[case] lines: &[&str], #[case] answer: &[u8], #[case] sees: bool) {
    let mut gate = greeted(allowing(&Effect::ALL, &["*"]));
    for line in lines {
        assert!(leaves(&mut gate, line.as_bytes()));
    }
    gate.hear(1000, answer);
    assert_eq!(leaves(&mut gate, b"AT+QMMSEND=?\r"), sees);
}

//! S3 and S5 say which byte ends a line and which erases one: when the gate believes lines again after one of them may have moved.

use ec20_hil::gate::Gate;
use ec20_manual::Effect;
use rstest::rstest;

use super::{allowing, begun, greeted, leaves, withheld};

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

/// A gate that was greeted, and to which these registers were told.
fn told(s3: &str, s4: &str, s5: &str) -> Gate {
    let mut gate = begun(allowing(&Effect::ALL, &["*"]));
    for (line, answer) in [("ATS3?", s3), ("ATS4?", s4), ("ATS5?", s5)] {
        assert!(leaves(&mut gate, format!("{line}\r").as_bytes()));
        gate.hear(1000, format!("{line}\r{answer}").as_bytes());
    }
    gate
}

/// An earlier program may have set them: what does not read as usual keeps back all that is more than reading, whatever is allowed.
#[rstest]
#[case::usual("\r\n013\r\n\r\nOK\r\n", "\r\n010\r\n\r\nOK\r\n", "\r\n008\r\n\r\nOK\r\n", None)]
#[case::without_zeros("\r\n13\r\n\r\nOK\r\n", "\r\n10\r\n\r\nOK\r\n", "\r\n8\r\n\r\nOK\r\n", None)]
#[case::another_end("\r\n088\r\n\r\nOK\r\n", "\r\n010\r\n\r\nOK\r\n", "\r\n008\r\n\r\nOK\r\n", Some("S3"))]
#[case::another_line_feed(
    "\r\n013\r\n\r\nOK\r\n",
    "\r\n032\r\n\r\nOK\r\n",
    "\r\n008\r\n\r\nOK\r\n",
    Some("S4")
)]
#[case::another_erase_byte(
    "\r\n013\r\n\r\nOK\r\n",
    "\r\n010\r\n\r\nOK\r\n",
    "\r\n095\r\n\r\nOK\r\n",
    Some("S5")
)]
#[case::refused("\r\nERROR\r\n", "\r\n010\r\n\r\nOK\r\n", "\r\n008\r\n\r\nOK\r\n", Some("S3"))]
#[case::nothing_told("\r\nOK\r\n", "\r\n010\r\n\r\nOK\r\n", "\r\n008\r\n\r\nOK\r\n", Some("S3"))]
#[case::two_values(
    "\r\n013\r\n\r\n088\r\n\r\nOK\r\n",
    "\r\n010\r\n\r\nOK\r\n",
    "\r\n008\r\n\r\nOK\r\n",
    Some("S3")
)]
#[case::no_number("\r\n013 \r\n\r\nOK\r\n", "\r\n010\r\n\r\nOK\r\n", "\r\n008\r\n\r\nOK\r\n", Some("S3"))]
#[case::no_end("\r\n013\r\n\r\nOK\r\n", "\r\n010\r\n\r\nOK\r\n", "\r\n008\r\n", Some("S5"))]
fn registers_are_read_first(#[case] s3: &str, #[case] s4: &str, #[case] s5: &str, #[case] odd: Option<&str>) {
    for bytes in [&b"AT+QMMSEDIT=0\r"[..], b"AT+CMEE=1\r", b"AT+QIACT=1\r", b"AT&F\r", b"AT+QNOSUCH\r"] {
        let mut gate = told(s3, s4, s5);
        assert!(leaves(&mut gate, b"AT+CSQ;+CMEE?\r"), "reading leaves");
        match odd {
            None => assert!(leaves(&mut gate, bytes)),
            Some(odd) => {
                let reason = withheld(&mut gate, bytes);
                assert!(
                    reason.contains(&format!("{odd} (")) && reason.contains(&format!("AT{odd}=")),
                    "{reason}"
                );
            }
        }
    }
}

/// Before they were asked nothing is known of them; a line that sets them to the usual value, and is answered OK, is as good as reading.
#[test]
fn nothing_but_reading_leaves_before() {
    let mut gate = begun(allowing(&Effect::ALL, &["*"]));
    withheld(&mut gate, b"AT+QMMSEDIT=0\r");
    for line in ["ATS3=13", "ATS4=10", "ATS5=8"] {
        assert!(leaves(&mut gate, format!("{line}\r").as_bytes()));
        gate.hear(1000, format!("{line}\r\r\nOK\r\n").as_bytes());
    }
    assert!(leaves(&mut gate, b"AT+QMMSEDIT=0\r"));
}

/// Behind a start, a recall of what was stored, and a port that was opened again, they are unknown again; behind a line that moves one, it
/// is moved.
#[rstest]
#[case::started(|gate: &mut Gate| gate.hear(1000, b"\r\nRDY\r\n"))]
#[case::recalled(|gate: &mut Gate| assert!(leaves(gate, b"ATZ\r")))]
#[case::moved(|gate: &mut Gate| assert!(leaves(gate, b"ATS4=32\r")))]
#[case::opened_again(|gate: &mut Gate| {
    gate.reopened();
    assert!(leaves(gate, &ec20_suite::residue::first_bytes()));
})]
fn they_are_unknown_again(#[case] happens: impl FnOnce(&mut Gate)) {
    let mut gate = greeted(allowing(&Effect::ALL, &["*"]));
    assert!(leaves(&mut gate, b"AT+QMMSEDIT=0\r"));
    happens(&mut gate);
    withheld(&mut gate, b"AT+QMMSEDIT=0\r");
}

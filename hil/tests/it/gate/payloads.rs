//! What becomes of a payload: data, and, for a module that has left its data phase without a word, command lines.

use ec20_hil::gate::{Gate, Rules, Ruling};
use ec20_manual::Effect;
use rstest::rstest;

use super::{allowing, greeted, leaves, withheld};

/// A gate behind which an upload of so many bytes is in force.
fn connected(rules: Rules, size: usize) -> Gate {
    let mut gate = greeted(rules);
    let line = format!("AT+QFUPL=\"RAM:a.txt\",{size},5\r");
    assert!(leaves(&mut gate, line.as_bytes()));
    gate.hear(1000, format!("{line}\r\nCONNECT\r\n").as_bytes());
    gate
}

#[rstest]
#[case::nothing_of_a_line(b"The quick fox, 2 lines.\r\n!")]
#[case::the_bytes_of_an_answer(b"line\r\nOK\r\n.\0")]
#[case::one_letter(b"UUUUUUUUUUUUUUUUUUUUUUUUU")]
#[case::a_line_that_only_reads(b"text\r\nAT+CSQ\r\nmore")]
#[case::a_line_that_is_volatile(b"AT+QMMSEDIT=0\r")]
fn harmless_payload_leaves(#[case] payload: &[u8]) {
    assert!(leaves(&mut connected(Rules::unasked(), 100), payload));
}

#[test]
fn all_bytes_in_their_order_leave() {
    let all: Vec<u8> = (0..=255).collect();
    assert!(leaves(&mut connected(Rules::unasked(), 256), &all));
}

#[rstest]
#[case::whole(&[&b"AT+QMMSEND=100"[..]], "billable")]
#[case::ended(&[&b"AT+QMMSEND=100\r"[..]], "billable")]
#[case::small(&[&b"at+qmmsend=100\r"[..]], "billable")]
#[case::from_the_middle_on(&[&b"some text AT+QMMSEND=100\r"[..]], "billable")]
#[case::behind_a_line(&[&b"text\r\nAT+QMMSEND=100\r\n"[..]], "billable")]
#[case::behind_a_line_feed(&[&b"text\nAT+QMMSEND=100\n"[..]], "billable")]
#[case::chained(&[&b"AT+CMEE=1;+QMMSEND=100\r"[..]], "billable")]
#[case::in_pieces(&[&b"AT+QM"[..], b"MSEND=1", b"00\r"], "table")]
#[case::in_harmless_pieces(&[&b"text A"[..], b"T", b"&F\r"], "destructive")]
#[case::with_control_bytes(&[&b"A\0T+QMMSEND\x01=100\r"[..]], "billable")]
#[case::with_erased_bytes(&[&b"AX\x08T&\x7f&F\r"[..]], "destructive")]
#[case::with_the_top_bit(&[&b"\xc1\xd4\xab\xd1\xcd\xcd\xd3\xc5\xce\xc4\xbd\xb1\r"[..]], "billable")]
#[case::unreadable(&[&b"chat \"and so on\""[..]], "destructive")]
#[case::deletes(&[&b"AT+QFDEL=\"*\"\r"[..]], "destructive")]
#[case::moves_a_register(&[&b"ATS3=88\r"[..]], "destructive")]
fn payload_that_would_do_more_as_lines(#[case] pieces: &[&[u8]], #[case] word: &str) {
    let mut gate = connected(Rules::unasked(), 100);
    let reason = pieces.iter().find_map(|piece| match gate.rule(1000, piece) {
        Ruling::Leaves => None,
        Ruling::Withheld(reason) => Some(reason),
    });
    let reason = reason.expect("something of it is withheld");
    assert!(reason.contains("left its data phase") && reason.contains(word), "{reason}");
}

/// With leave for the effect it leaves, and is counted.
#[test]
fn the_effect_lets_it_leave_and_the_budget_counts_it() {
    let rules = Rules { budgets: [(Effect::Radio, 2)].into(), ..allowing(&[Effect::Radio], &[]) };
    let mut gate = connected(rules, 100);
    assert!(leaves(&mut gate, b"AT+QIACT=1\rAT+QIACT=2\r"));
    assert!(withheld(&mut gate, b"AT+QIACT=3\r").contains("2 of radio=2"));
}

/// A message needs its recipients, whoever asks for it; and an address that the payload adds counts as added.
#[test]
fn recipients_bind_payload_too() {
    let mut gate = connected(allowing(&[Effect::Billable], &["*"]), 100);
    assert!(withheld(&mut gate, b"AT+QMMSEND=30\r").contains("not read back"));

    let mut gate = connected(allowing(&[Effect::Billable], &["1385*"]), 24);
    assert!(leaves(&mut gate, b"AT+QMMSEDIT=1,1,\"110\"\r.."));
    gate.hear(1000, b"\r\n+QFUPL: 24,0\r\n\r\nOK\r\n");
    for list in 1..=3 {
        assert!(leaves(&mut gate, format!("AT+QMMSEDIT={list}\r").as_bytes()));
        gate.hear(1000, format!("AT+QMMSEDIT={list}\r\r\nOK\r\n").as_bytes());
    }
    assert!(withheld(&mut gate, b"AT+QMMSEND=30\r").contains("added 110"));
}

/// What payload leaves on the line of such a module is the beginning of the next line.
#[test]
fn the_end_of_payload_joins_the_next_line() {
    let mut gate = connected(Rules::unasked(), 9);
    assert!(leaves(&mut gate, b"text  ATE"));
    gate.hear(1000, b"\r\n+QFUPL: 9,0\r\n\r\nOK\r\n");
    // `ATEAT…` answers a call.
    withheld(&mut gate, b"AT+CSQ\r");
}

/// `A/` in payload, and behind it, repeats what such a module heard last.
#[test]
fn a_repeat_may_repeat_a_line_of_the_payload() {
    let rules = Rules { budgets: [(Effect::Radio, 3)].into(), ..allowing(&[Effect::Radio], &[]) };
    let mut gate = connected(rules, 24);
    assert!(leaves(&mut gate, b"AT+QIACT=1\r    A/      "));
    gate.hear(1000, b"\r\n+QFUPL: 24,0\r\n\r\nOK\r\n");
    assert!(leaves(&mut gate, b"A/"));
    assert!(withheld(&mut gate, b"A/").contains("radio=3"));
}

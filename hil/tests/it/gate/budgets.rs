//! Budgets at the gate: so many commands of an effect leave, and not one more, however they are joined, repeated or cut.

use ec20_hil::gate::{Gate, Rules};
use ec20_manual::Effect;
use rstest::rstest;

use super::{allowing, greeted, leaves, withheld};

/// A gate that lets out this many commands that touch the radio.
fn with_budget(budget: u32) -> Gate {
    greeted(Rules { budgets: [(Effect::Radio, budget)].into(), ..allowing(&[Effect::Radio], &[]) })
}

#[rstest]
#[case::one_by_one(&["AT+QIACT=1\r", "AT+QIDEACT=1\r"])]
#[case::in_one_line(&["AT+QIACT=1;+QIDEACT=1\r"])]
#[case::in_one_write(&["AT+QIACT=1\rAT+QIDEACT=1\r"])]
#[case::in_pieces(&["AT+QIACT=1", "\r", "AT+QIDEACT", "=1\r"])]
#[case::repeated(&["AT+QIACT=1\r", "A/"])]
fn a_budget_is_spent_by_commands(#[case] writes: &[&str]) {
    let mut gate = with_budget(2);
    for bytes in writes {
        assert!(leaves(&mut gate, bytes.as_bytes()));
    }
    for bytes in [&b"AT+QIACT=1\r"[..], b"A/", b"AT+QIACT=1"] {
        assert!(withheld(&mut gate, bytes).contains("2 of radio=2 have left"));
    }
    // Everything else still leaves.
    assert!(leaves(&mut gate, b"AT+QIACT?\r"));
}

#[test]
fn what_is_withheld_spends_nothing() {
    let mut gate = with_budget(2);
    withheld(&mut gate, b"AT+QIACT=1;+QIACT=2;+QIACT=3\r");
    withheld(&mut gate, b"AT+QIACT=1\rAT&F\r");
    assert!(leaves(&mut gate, b"AT+QIACT=1\r"));
    assert!(leaves(&mut gate, b"AT+QIACT=1\r"));
}

#[test]
fn a_budget_of_nothing_is_no_leave() {
    assert!(withheld(&mut with_budget(0), b"AT+QIACT=1\r").contains("0 of radio=0"));
}

#[test]
fn a_budget_binds_the_simulated_module_too() {
    let mut gate = Gate::new(Rules { budgets: [(Effect::Billable, 1)].into(), ..Rules::simulated() });
    assert!(leaves(&mut gate, b"AT+QMMSEND=30\r"));
    withheld(&mut gate, b"AT+QMMSEND=30\r");
    assert!(leaves(&mut gate, b"AT&F\r"));
}

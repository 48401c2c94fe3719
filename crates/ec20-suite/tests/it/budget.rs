//! What a run has left to send, and which cases would send more.

use std::collections::BTreeMap;

use ec20_manual::Effect;
use ec20_suite::ledger::{Ledger, demand};
use rstest::rstest;

use crate::stranger::cases;

#[rstest]
#[case(&[], 3, 0)]
#[case(&["AT+QMMSEND=30"], 2, 1)]
#[case(&["AT+QMMSEND=30", "AT+QMMSEND=30"], 1, 2)]
#[case(&["AT+QMMSEND=?"], 3, 0)]
#[case(&["AT+CMEE=1;+QMMSEND=30;+QMMSEND=31"], 1, 2)]
#[case(&["AT+QMMSEND=1;+QMMSEND=2", "AT+QMMSEND=1;+QMMSEND=2"], 0, 4)]
fn after_some_lines(#[case] lines: &[&str], #[case] left: u32, #[case] spent: u32) {
    let mut ledger = Ledger::new([(Effect::Billable, 3)].into());
    for line in lines {
        ledger.spend(line.as_bytes());
    }
    assert_eq!((ledger.left(Effect::Billable), ledger.spent(Effect::Billable)), (Some(left), spent));
    assert_eq!(ledger.left(Effect::Destructive), None, "there is no budget for it");
}

/// A case that would send more than is left is not begun; one that sends nothing of it always is.
#[rstest]
#[case("> AT+QMMSEND=30\n< OK\n", 1, 0, None)]
#[case("> AT+QMMSEND=30\n< OK\n", 1, 1, Some("budget: 1 of billable=1 have left, and the case would send 1"))]
#[case("> AT+QMMSEND=30\n< OK\n", 0, 0, Some("budget: 0 of billable=0 have left, and the case would send 1"))]
#[case("> AT+QMMSEND=30\n< OK\n> AT+QMMSEND=30\n< OK\n", 2, 0, None)]
#[case(
    "> AT+QMMSEND=30\n< OK\n> AT+QMMSEND=30\n< OK\n",
    2,
    1,
    Some("budget: 1 of billable=2 have left, and the case would send 2")
)]
#[case("> AT\n< OK\n", 0, 0, None)]
#[case("> AT\n< OK\n", 1, 2, None)]
fn refused(#[case] body: &str, #[case] budget: u32, #[case] sent: u32, #[case] why: Option<&str>) {
    let mut ledger = Ledger::new([(Effect::Billable, budget)].into());
    (0..sent).for_each(|_| ledger.spend(b"AT+QMMSEND=30"));
    assert_eq!(ledger.refuses(&cases(body)[0]).as_deref(), why);
}

#[test]
fn what_a_case_sends_is_counted_by_effect() {
    let case = &cases("> AT+QMMSEND=30\n< OK\n> AT+CSQ;+QMMSEND=30\n< OK\n")[0];
    let counted: BTreeMap<Effect, u32> = demand(case);
    assert_eq!(counted.get(&Effect::Billable), Some(&2));
    assert_eq!(counted.get(&Effect::Destructive), None);
}

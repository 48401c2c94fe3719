//! The books of the standing clauses: what a QMMSEND owes, and what a run came to.

use ec20_suite::standing::{OK_FIRST, ONE_FINAL, ONE_RESULT, Standing};
use ec20_suite::verdict::Verdict;
use rstest::rstest;

/// `ok`: a QMMSEND was accepted; `early`: a result while one has no answer yet; `late`: a result at any other time.
#[rstest]
#[case::in_order(&["ok", "late"], &[])]
#[case::one_each(&["ok", "ok", "late", "late"], &[])]
#[case::twice(&["ok", "late", "late"], &[ONE_RESULT])]
#[case::for_none(&["late"], &[ONE_RESULT])]
#[case::before_its_ok(&["early", "ok"], &[OK_FIRST])]
#[case::before_its_ok_and_again(&["early", "ok", "late"], &[OK_FIRST, ONE_RESULT])]
#[case::that_of_the_send_before(&["ok", "early", "ok", "late"], &[])]
#[case::before_its_ok_once_more(&["early", "ok", "early", "ok", "ok", "late"], &[OK_FIRST, OK_FIRST])]
fn a_send_owes_one_result(#[case] dialogue: &[&str], #[case] broken: &[&str]) {
    let mut standing = Standing::default();
    let mut breaches = Vec::new();
    for event in dialogue {
        breaches.extend(match *event {
            "ok" => {
                standing.send_accepted();
                None
            }
            "early" => standing.urc_before_ok(b"+QMMSEND: 0,200"),
            _ => standing.urc(b"+QMMSEND: 0,200"),
        });
    }
    let clauses: Vec<&str> = breaches.iter().map(|breach| breach.clause.as_str()).collect();
    assert_eq!(clauses, broken);
}

/// Each standing clause fails once, however often it was broken; without an exchange none was asked.
#[test]
fn what_a_run_came_to() {
    let mut standing = Standing::default();
    standing.broken(ONE_FINAL.to_owned());
    assert_eq!(standing.verdicts(), []);
    standing.exchange();
    standing.broken(ONE_FINAL.to_owned());
    let failed: Vec<_> =
        standing.verdicts().into_iter().filter(|(_, verdict, _)| *verdict == Verdict::Fail).collect();
    assert_eq!(failed, [(ONE_FINAL.to_owned(), Verdict::Fail, 1)]);
    assert!(standing.verdicts().contains(&(ONE_RESULT.to_owned(), Verdict::Pass, 0)), "it was not exercised");
    standing.send_accepted();
    assert!(standing.verdicts().contains(&(ONE_RESULT.to_owned(), Verdict::Pass, 1)));
}

//! Whole runs of the simulated module judged again, and compared: what the whole suite takes.

use ec20_manual::profile::Profile;
use ec20_suite::compare::Change;
use ec20_suite::rejudge::{State, rejudge};
use ec20_suite::verdict::Verdict;
use rstest::rstest;

use crate::qualification::{SUITE, compared, mutant, recorded, text};

/// Old bytes judged by the suite that was asked: every verdict is what it was, for every faithful firmware and a failing one.
#[rstest]
#[case::manual(Profile::built_in("manual").expect("a profile"))]
#[case::r08(Profile::built_in("ec20-r08").expect("a profile"))]
#[case::failing(mutant(
    "[[deviation]]\nclause = \"CFG-CONTEXTID\"\nchange.unstored = { at = \"qmmscfg_contextid_write\" }"
))]
fn a_whole_run_is_judged_the_same_again(#[case] profile: Profile) {
    let suite = &*SUITE;
    let run = recorded(&profile, suite.cases(), 1);
    let again = rejudge(&run, suite, ec20_golden::suite_hash());
    assert!(again.holds(), "{}", again.text());
    assert!(again.cases.iter().all(|case| case.state == State::Same), "{}", again.text());
    assert!(run.cases.iter().any(|case| case.settled() == Some((Verdict::Pass, false))));
}

/// What a comparison of the whole suite takes, for the log: nobody passes or fails by it.
#[test]
fn a_comparison_of_the_whole_suite() {
    let suite = &*SUITE;
    let a = recorded(&Profile::built_in("manual").expect("a profile"), suite.cases(), 1);
    let b = recorded(&Profile::built_in("ec20-r08").expect("a profile"), suite.cases(), 1);
    let started = std::time::Instant::now();
    let comparison = compared(&a, &b);
    println!("{} cases compared in {:?}", comparison.cases.len(), started.elapsed());
    assert_eq!(comparison.cases.len(), suite.cases().len());
    assert!(!comparison.counts().contains_key(&Change::Broke), "{}", text(&comparison));
}

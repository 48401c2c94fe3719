//! The order of verdicts and the exit codes of design section 5.

use ec20_suite::verdict::Verdict::{Broken, Fail, Inconclusive, Observed, Pass, Unsupported, Withheld};
use ec20_suite::verdict::{Exit, Verdict};
use rstest::rstest;

#[rstest]
#[case(&[Pass, Observed], false, 0)]
#[case(&[], false, 4)]
#[case(&[Pass, Fail, Broken, Withheld], false, 1)]
#[case(&[Pass, Broken, Withheld], false, 3)]
#[case(&[Pass, Unsupported], false, 5)]
#[case(&[Pass, Withheld], false, 5)]
#[case(&[Pass, Inconclusive], false, 5)]
#[case(&[Pass, Fail], true, 3)]
fn exit_codes_in_their_order(#[case] verdicts: &[Verdict], #[case] interrupted: bool, #[case] code: u8) {
    assert_eq!(Exit::of(verdicts.iter().copied(), interrupted).code(), code);
}

#[test]
fn a_verdict_only_rises() {
    assert!([Pass, Observed, Inconclusive, Fail, Broken].is_sorted());
}

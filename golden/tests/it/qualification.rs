//! Comparison and rejudging on whole runs of the simulated module: one pair for each class of change, made from profiles and deviations,
//! and pairs that differ in nothing but noise.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use ec20_laws::virtual_bench::{Conditions, run};
use ec20_manual::profile::Profile;
use ec20_sim::link::Faults;
use ec20_suite::compare::gate::Gate;
use ec20_suite::compare::timing::Rule;
use ec20_suite::compare::{Change, Comparison, compare, terminal};
use ec20_suite::firmware;
use ec20_suite::journal::Event;
use ec20_suite::recorded::Recorded;
use ec20_suite::rejudge::{State, rejudge};
use ec20_suite::select::Filter;
use ec20_suite::suite::{Case, Suite};
use ec20_suite::verdict::Verdict;
use rstest::rstest;

use crate::asked::{bench, suite};

/// Assembled once: it takes longer than most of these runs.
static SUITE: LazyLock<Suite> = LazyLock::new(suite);

fn selected(filter: &str) -> Vec<Case> {
    let filter = Filter::read(filter).expect("a filter");
    let cases: Vec<Case> = SUITE.cases().iter().filter(|case| filter.fits(case)).cloned().collect();
    assert!(!cases.is_empty());
    cases
}

fn events(profile: &Profile, cases: &[Case], repeat: u32, conditions: &Conditions) -> Vec<Event> {
    let mut bench = bench(&SUITE);
    bench.repeat = repeat;
    run(profile, cases.to_vec(), bench, conditions)
}

fn recorded(profile: &Profile, cases: &[Case], repeat: u32) -> Recorded {
    Recorded::of(&events(profile, cases, repeat, &Conditions::default())).expect("a run")
}

fn compared(a: &Recorded, b: &Recorded) -> Comparison {
    compare(("a", a), ("b", b), Rule::default())
}

/// The manual's module with these lines more in its profile.
fn mutant(lines: &str) -> Profile {
    Profile::from_toml(&format!("name = \"mutant\"\n{lines}"))
        .unwrap_or_else(|error| panic!("{error}\n{lines}"))
}

/// One deviation, one class, in a case that asks for it.
#[rstest]
#[case::broke(
    "[[deviation]]\nclause = \"CFG-CONTEXTID\"\nchange.unstored = { at = \"qmmscfg_contextid_write\" }",
    "clause:CFG-CONTEXTID*",
    Change::Broke,
    1
)]
#[case::value(
    "[[deviation]]\nclause = \"CFG-CONTEXTID\"\nchange.lines = { at = \"qmmscfg_contextid_query\", change = { replace = [\",1\", \",7\"] } }",
    "clause:CFG-CONTEXTID*",
    Change::Value,
    1
)]
#[case::reworded(
    "[[deviation]]\nclause = \"CFG-CONTEXTID\"\nchange.lines = { at = \"qmmscfg_contextid_query\", change = { replace = [\": \", \":\"] } }",
    "clause:CFG-CONTEXTID*",
    Change::Reworded,
    1
)]
#[case::restructured(
    "[[deviation]]\nclause = \"CFG-CONTEXTID\"\nchange.lines = { at = \"qmmscfg_contextid_query\", change = { append = \"+QMMSCFG: \\\"contextid\\\",1\" } }",
    "clause:CFG-CONTEXTID*",
    Change::Restructured,
    1
)]
#[case::class(
    "[[deviation]]\nclause = \"CFG-CONTEXTID\"\nchange.answer = { at = \"qmmscfg_contextid_write\", lines = [\"ERROR\"], effect = true }",
    "clause:CFG-CONTEXTID*",
    Change::Result,
    1
)]
#[case::retimed(
    "[[deviation]]\nclause = \"CFG-CONTEXTID\"\nchange.late = { at = \"qmmscfg_contextid_query\", ms = 120 }",
    "clause:CFG-CONTEXTID*",
    Change::Retimed,
    12
)]
#[case::new_urc(
    "[[deviation]]\nclause = \"SEND-ONE-RESULT\"\nchange.result = { double = 0 }",
    "clause:PROC-SIX-STEPS",
    Change::NewUrc,
    1
)]
#[case::lost_urc(
    "[[deviation]]\nclause = \"SEND-ONE-RESULT\"\nchange.result = { drop = 0 }",
    "clause:PROC-SIX-STEPS",
    Change::LostUrc,
    1
)]
#[case::restructured_result(
    "[[deviation]]\nclause = \"SEND-SUCCESS\"\nchange.result = { replace = [\"0,200\", \"0,200,128\"] }",
    "clause:PROC-SIX-STEPS",
    Change::Restructured,
    1
)]
fn a_mutant_shows_its_class(
    #[case] lines: &str,
    #[case] filter: &str,
    #[case] wanted: Change,
    #[case] repeat: u32,
) {
    let cases = selected(filter);
    let faithful = recorded(&Profile::manual().clone(), &cases, repeat);
    let comparison = compared(&faithful, &recorded(&mutant(lines), &cases, repeat));
    assert!(comparison.counts().contains_key(&wanted), "{}", terminal::text(&comparison, &Gate::default()));
    let back = compared(&recorded(&mutant(lines), &cases, repeat), &faithful);
    assert!(back.counts().contains_key(&wanted.mirrored()), "{}", terminal::text(&back, &Gate::default()));
}

/// Two faithful firmwares keep every clause and differ in what the manual leaves open: that, and nothing else, is told.
#[test]
fn two_faithful_firmwares_differ_in_their_answers() {
    let cases = selected("observe-*");
    let (a, b) =
        (Profile::built_in("manual").expect("a profile"), Profile::built_in("ec20-r08").expect("a profile"));
    let comparison = compared(&recorded(&a, &cases, 1), &recorded(&b, &cases, 1));
    let differing: BTreeSet<&str> = comparison
        .unknowns
        .iter()
        .filter(|unknown| unknown.differs)
        .map(|unknown| unknown.unknown.as_str())
        .collect();
    assert!(differing.contains("U-CFG-GATEWAY-NAME"), "{differing:?}");
    assert!(!comparison.counts().contains_key(&Change::Broke));
    assert!(!comparison.unknowns.iter().all(|unknown| unknown.differs));
}

/// The profile that a run observed, played by the simulated module, gives the run again: no answer differs.
#[rstest]
#[case("ec20-r08")]
#[case("newer-platform")]
fn the_observed_profile_gives_the_run_again(#[case] name: &str) {
    let cases = selected("observe-*");
    let profile = Profile::built_in(name).expect("a profile");
    let first = events(&profile, &cases, 1, &Conditions::default());
    let again = events(&firmware::observed("again", &first), &cases, 1, &Conditions::default());
    let comparison = compared(&Recorded::of(&first).expect("a run"), &Recorded::of(&again).expect("a run"));
    let differing: Vec<_> = comparison.unknowns.iter().filter(|unknown| unknown.differs).collect();
    assert!(differing.is_empty(), "{differing:?}");
    assert!(!comparison.counts().contains_key(&Change::Broke));
}

/// One firmware over another link, with unsolicited lines at every place where they may stand: no difference, for fifty seeds.
#[test]
fn noise_is_no_difference() {
    let cases = selected("clause:CFG-CONTEXTID* or clause:PROC-SIX-STEPS or clause:EDIT-TO-*");
    let manual = Profile::built_in("manual").expect("a profile");
    let quiet = recorded(&manual, &cases, 1);
    for seed in 0..50 {
        let faults = Faults { split: true, delay_ms_max: 1 + seed % 9, ..Faults::default() };
        let conditions =
            Conditions { faults: Some(faults), seed, noise: seed % 2 == 0, ..Conditions::default() };
        let mut loud = Recorded::of(&events(&manual, &cases, 1, &conditions)).expect("a run");
        let turn = usize::try_from(seed).expect("small") % loud.cases.len();
        loud.cases.rotate_left(turn);
        let comparison = compared(&quiet, &loud);
        assert!(comparison.is_empty(), "seed {seed}:\n{}", terminal::text(&comparison, &Gate::default()));
    }
}

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
    assert!(
        !comparison.counts().contains_key(&Change::Broke),
        "{}",
        terminal::text(&comparison, &Gate::default())
    );
}

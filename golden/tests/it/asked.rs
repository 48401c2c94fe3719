//! Every transcript, asked of every faithful profile of the simulated module in virtual time: no clause may fail.

use std::collections::{BTreeMap, BTreeSet};

use ec20_laws::virtual_bench::{Conditions, run};
use ec20_manual::Effect;
use ec20_manual::profile::Profile;
use ec20_suite::executor::{Bench, Permit};
use ec20_suite::journal::{CaseEnd, Event, FORMAT, Run};
use ec20_suite::suite::{Suite, Variables};
use ec20_suite::verdict::Verdict;

/// The suite with the variables of a bench in virtual time: the MMSC is its own proxy.
pub(crate) fn suite() -> Suite {
    suite_with(&[])
}

/// The same with more variables of a bench's own.
pub(crate) fn suite_with(own: &[(&str, &str)]) -> Suite {
    let mut variables =
        Variables::read("variables.toml", ec20_golden::VARIABLES).expect("the variables are readable");
    let centre = [("mmsc", "http://10.64.64.1:8002/mms"), ("proxy", "10.64.64.1"), ("port", "8002")];
    for (name, value) in centre.iter().chain(own) {
        variables.set(name, value).expect("the variable is declared");
    }
    let files =
        ec20_golden::files().iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    match Suite::assemble(ec20_golden::transcripts().iter().copied(), files, &variables) {
        Ok(suite) => suite,
        Err(mistakes) => {
            let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            panic!("{}", lines.join("\n"));
        }
    }
}

/// A bench that offers and allows everything.
pub(crate) fn bench(suite: &Suite) -> Bench {
    let run = Run {
        format: FORMAT,
        version: "test".to_owned(),
        suite_hash: ec20_golden::suite_hash().to_owned(),
        started: "1970-01-01T00:00:00Z".to_owned(),
        port: "memory".to_owned(),
        command: "cargo test -p ec20-golden".to_owned(),
    };
    let offers: BTreeSet<String> = suite.cases().iter().flat_map(|case| case.needs.iter().cloned()).collect();
    let permit = Permit { effects: Effect::ALL.into(), recipient: None, ..Permit::default() };
    Bench { offers, permit, captures: true, ..Bench::new(run) }
}

/// What was not passed or observed, one line each.
pub(crate) fn complaints(events: &[Event]) -> Vec<String> {
    held_against(events, |end| {
        !matches!(end.verdict, Verdict::Pass | Verdict::Observed) || end.leaky.is_some()
    })
}

/// The ends that count, and every breach, one line each.
pub(crate) fn held_against(events: &[Event], counts: impl Fn(&CaseEnd) -> bool) -> Vec<String> {
    let line = |event: &Event| match event {
        Event::CaseEnd(end) if counts(end) => Some(format!(
            "{} {} {:?} at {:?}: expected {:?}, came {:?}, cause {:?}, leaky {:?}",
            end.verdict.word(),
            end.case,
            end.clause,
            end.place,
            end.expected,
            end.came,
            end.cause,
            end.leaky,
        )),
        Event::Breach { clause, case, expected, came, .. } => {
            Some(format!("breach of {clause} in {case:?}: expected {expected}, came {came}"))
        }
        _ => None,
    };
    events.iter().filter_map(line).collect()
}

#[test]
fn the_faithful_profiles_keep_every_clause() {
    let suite = suite();
    let mut all: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for name in Profile::built_in_names() {
        let profile = Profile::built_in(name).expect("a built-in profile");
        let started = std::time::Instant::now();
        let events = run(&profile, suite.cases().to_vec(), bench(&suite), &Conditions::default());
        println!("{name}: {} cases in {:?}", suite.cases().len(), started.elapsed());
        let complaints = complaints(&events);
        if !complaints.is_empty() {
            all.insert(name, complaints);
        }
    }
    for (name, complaints) in &all {
        println!("{name}: {}\n  {}", complaints.len(), complaints.join("\n  "));
    }
    assert!(all.is_empty(), "{:?}", all.keys());
}

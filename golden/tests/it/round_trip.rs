//! The profile that a run observes, given to the simulated module, answers as the firmware did: observed again, it is the same.

use std::collections::BTreeMap;

use ec20_laws::virtual_bench::{Conditions, run};
use ec20_manual::profile::{Answer, Profile};
use ec20_suite::firmware;
use ec20_suite::journal::Event;
use ec20_suite::select::Filter;
use rstest::rstest;

use crate::asked::{bench, suite};

/// Each unknown with its answer and the lines that came.
type Observations = BTreeMap<String, (String, Vec<String>)>;

fn observe(profile: &Profile) -> (Profile, Observations) {
    let suite = suite();
    let filter = Filter::read("observe-*").expect("a filter");
    let cases = suite.cases().iter().filter(|case| filter.fits(case)).cloned().collect();
    let events = run(profile, cases, bench(&suite), &Conditions::default());
    let observed = |event: &Event| match event {
        Event::Observed { unknown, answer, raw, .. } => {
            Some((unknown.clone(), (answer.clone(), raw.clone())))
        }
        _ => None,
    };
    let observations = events.iter().filter_map(observed).collect();
    (firmware::observed("observed", &events), observations)
}

#[track_caller]
fn check(profile: &Profile) {
    let (written, first) = observe(profile);
    let text = written.to_toml().expect("a profile can be written");
    let read = Profile::from_toml(&text).expect("a written profile can be read");
    assert_eq!(read, written);
    let (_, second) = observe(&read);
    let differ: Vec<_> = first
        .iter()
        .filter(|(unknown, answer)| second.get(*unknown) != Some(answer))
        .map(|(unknown, answer)| format!("{unknown}: {answer:?}, then {:?}", second.get(unknown)))
        .collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert_eq!(first.len(), second.len());
}

#[rstest]
#[case("manual")]
#[case("ec20-r08")]
#[case("newer-platform")]
fn an_observed_profile_answers_the_same(#[case] name: &str) {
    check(&Profile::built_in(name).expect("a built-in profile"));
}

/// An answer that nobody knew of comes back byte for byte.
#[test]
fn an_answer_nobody_knew_comes_back_as_it_was() {
    let odd = Answer::Other(vec!["+CME ERROR: 999".to_owned()]);
    let profile = Profile::manual()
        .clone()
        .answering("U-CFG-KEY-CASE", odd.clone())
        .answering("U-CFG-PROXY-PARTIAL", odd);
    let (written, _) = observe(&profile);
    assert_eq!(written.answers["U-CFG-KEY-CASE"], Answer::Other(vec!["+CME ERROR: 999".to_owned()]));
    check(&profile);
}

//! No false alarm: whatever a faithful module may do, no clause fails, and what it answers to each unknown is written down as that.
//!
//! Knows what the manual leaves open and what a line may do to bytes: echo, the form of errors, unsolicited lines, pieces, and
//! for each unknown any answer that it allows. A verdict `fail` here is a defect of a transcript, of the suite or of the simulated
//! module, and is mended there.
//!
//! `EC20_SEEDS=200 cargo test -p ec20-golden quiet` runs a campaign: every case for every seed.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use ec20_laws::virtual_bench::{Conditions, run};
use ec20_manual::profile::{Answer, Profile};
use ec20_manual::{Catalogue, Unknown};
use ec20_sim::link::Faults;
use ec20_suite::journal::Event;
use ec20_suite::suite::{Case, Suite};
use ec20_suite::verdict::Verdict;
use fastrand::Rng;

use crate::asked::{bench, held_against, suite};
use crate::heard::{Told, agree, is_out_of_reach};

/// How many seeds run without a campaign, each over one part of the cases.
const SEEDS: u64 = 24;
/// Into how many parts the cases are dealt out.
const PARTS: usize = 8;

fn one_of<'t, T>(dice: &mut Rng, all: &'t [T]) -> &'t T {
    &all[dice.usize(..all.len())]
}

/// Whether an answer is one refusal, in a line of its own.
fn is_refusal(lines: &[String]) -> bool {
    matches!(lines, [only] if only == "ERROR" || only.starts_with("+CME ERROR"))
}

/// An answer that the unknown allows: a known one, or, where it may be refused, any code, the bare `ERROR`.
fn draw(dice: &mut Rng, unknown: &Unknown) -> Answer {
    let refusable = unknown.answers.iter().any(|answer| is_refusal(&answer.lines));
    if refusable && dice.usize(..3) == 0 {
        let code = one_of(dice, &[0, 3, 4, 22, 50, 53, 58, 100, 752, 756, 777, 901]);
        let line = if dice.usize(..4) == 0 { "ERROR".to_owned() } else { format!("+CME ERROR: {code}") };
        return Answer::Other(vec![line]);
    }
    Answer::Named(one_of(dice, &unknown.answers).name.clone())
}

/// Answers that an unknown lists and a clause rules out, or that leave nothing to judge: what may be drawn instead.
const KEPT: &[(&str, &[&str])] = &[
    // 763 is demanded, at once or in the result.
    ("U-EDIT-FILE-MISSING", &["taken", "cme-763"]),
    // 762 is demanded, at once or in the result.
    ("U-SEND-NO-RECIPIENT", &["cme-762", "result"]),
    // A refusal is demanded, its code is not.
    ("U-FILE-UPLOAD-EXISTS", &["cme-407", "error"]),
    ("U-FILE-DELETE-MISSING", &["cme-405", "cme-418"]),
    // The bench says that the module is fresh from the factory.
    ("U-CFG-CONTEXTID-FOUND", &["is-1"]),
    // From this port, a result on another one looks like none at all.
    ("U-SEND-RESULT-PORT", &["same"]),
];

fn keep_the_clauses(dice: &mut Rng, profile: &mut Profile) {
    for (unknown, answers) in KEPT {
        profile.answers.insert((*unknown).into(), Answer::Named((*one_of(dice, answers)).into()));
    }
    if profile.answers["U-EDIT-FILE-MISSING"] == Answer::Named("taken".into()) {
        profile.answers.insert("U-SEND-FILE-GONE".into(), Answer::Named("result-763".into()));
    }
}

/// What a seed makes of module and line.
fn conditions(seed: u64) -> (Profile, Conditions, String) {
    let mut dice = Rng::with_seed(seed);
    let names = Profile::built_in_names();
    let name = one_of(&mut dice, &names);
    let mut profile = Profile::built_in(name).expect("a built-in profile");
    let mut drawn = Vec::new();
    // Every third seed plays a built-in firmware as it is.
    if !seed.is_multiple_of(3) {
        for unknown in Catalogue::manual().unknowns() {
            if dice.usize(..2) == 0 && !unknown.answers.is_empty() {
                let answer = draw(&mut dice, unknown);
                drawn.push(format!("{} {answer:?}", unknown.id));
                profile.answers.insert(unknown.id.clone(), answer);
            }
        }
        keep_the_clauses(&mut dice, &mut profile);
        agree(&mut profile);
    }
    let (echo, cmee) = (dice.usize(..2), dice.usize(..3));
    let faults = Faults {
        split: dice.usize(..2) == 0,
        delay_ms_max: *one_of(&mut dice, &[0, 0, 3, 20]),
        ..Faults::default()
    };
    let noise = dice.usize(..2) == 0;
    let told = format!("seed {seed}: {name}, ATE{echo}, CMEE={cmee}, noise {noise}, {faults:?}");
    let before = vec![format!("ATE{echo}"), format!("AT+CMEE={cmee}")];
    (profile, Conditions { faults: Some(faults), seed, noise, before, tells_loss: false }, told)
}

/// Everything that a run held against the module, one line each.
fn alarms(events: &[Event]) -> Vec<String> {
    held_against(events, |end| matches!(end.verdict, Verdict::Fail | Verdict::Broken))
}

/// What was written down of an unknown and is not what this module answers, one line each; with all cases, also that nothing was.
fn misheard(profile: &Profile, echoes: bool, events: &[Event], campaign: bool) -> Vec<String> {
    let unknowns = Catalogue::manual().unknowns().iter();
    unknowns
        .filter_map(|unknown| {
            let told = Told::of(unknown, profile.answer(&unknown.id)?);
            match told.missed(events, &unknown.id) {
                Some(others) if others.is_empty() => None,
                Some(others) => Some(format!("{} {told:?}: written down as {others:?}", unknown.id)),
                None if !campaign || is_out_of_reach(profile, echoes, &unknown.id) => None,
                None => Some(format!("{} {told:?}: nothing is written down", unknown.id)),
            }
        })
        .collect()
}

/// The cases of a seed: all in a campaign, else one part of them.
fn part(suite: &Suite, seed: u64, campaign: bool) -> Vec<Case> {
    let turn = usize::try_from(seed).expect("a small number") % PARTS;
    let cases = suite.cases().iter().enumerate();
    cases.filter(|(at, _)| campaign || at % PARTS == turn).map(|(_, case)| case.clone()).collect()
}

#[test]
fn quiet_whatever_a_faithful_module_does() {
    let suite = suite();
    let ordered = std::env::var("EC20_SEEDS").ok().and_then(|seeds| seeds.parse().ok());
    let (seeds, next) = (ordered.unwrap_or(SEEDS), AtomicU64::new(0));
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds {
                        return;
                    }
                    let (profile, conditions, told) = conditions(seed);
                    let cases = part(&suite, seed, ordered.is_some());
                    let events = run(&profile, cases, bench(&suite), &conditions);
                    let mut alarms = alarms(&events);
                    let echoes = conditions.before.iter().any(|line| line == "ATE1");
                    alarms.extend(misheard(&profile, echoes, &events, ordered.is_some()));
                    if !alarms.is_empty() {
                        let alarms = format!("{told}\n    {}", alarms.join("\n    "));
                        found.lock().expect("no thread has panicked").push(alarms);
                    }
                }
            });
        }
    });
    let found = found.into_inner().expect("no thread has panicked");
    assert!(found.is_empty(), "{} of {seeds} seeds:\n  {}", found.len(), found.join("\n  "));
}

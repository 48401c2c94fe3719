//! The terminal view: one line a case while the run goes on, the evidence wherever a case did not simply pass, a summary at the end.
//!
//! It is written for an engineer who has the manual beside the bench and has never seen this program's source: what was expected, what
//! came, which promise that touches, and the command that asks again. It makes text; printing it is the binary's work ([`Live`] while the
//! run goes on, [`summary`] at its end).

use std::collections::BTreeMap;

use ec20_manual::{Catalogue, Effect};

use super::again;
use crate::journal::{CaseEnd, Planned};
use crate::recorded::{Case, Recorded, Times};
use crate::verdict::{Exit, Verdict};

mod live;

pub use live::{Live, Telling, colour};

/// The verdict's word with what a reader needs beside it: `unsupported (mmsc)`.
fn caused(end: &CaseEnd) -> String {
    match (end.verdict, &end.cause) {
        (Verdict::Unsupported | Verdict::Inconclusive, Some(cause)) => {
            format!("{} ({cause})", end.verdict.word())
        }
        (verdict, _) => verdict.word().to_owned(),
    }
}

/// Why a case came to what it came to, a line each: the attempt that tells.
pub fn evidence(run: &Recorded, case: &Case) -> Vec<String> {
    let end = case.telling().and_then(|attempt| attempt.end.as_ref());
    end.map_or_else(Vec::new, |end| lines(end, Some(&case.planned), &run.run.command))
}

fn lines(end: &CaseEnd, planned: Option<&Planned>, command: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let shown = end.clause.as_deref().filter(|_| matches!(end.verdict, Verdict::Fail));
    if let Some(id) = shown {
        let known = planned.and_then(|planned| planned.clauses.iter().find(|clause| clause.id == id));
        lines.push(match known {
            Some(clause) => {
                format!("clause   {id} ({}, {}): {}", clause.section, clause.level, clause.promise)
            }
            // A line of the case judges it, not the case.
            None => Catalogue::manual().clause(id).map_or_else(
                || format!("clause   {id}"),
                |clause| format!("clause   {id} ({}): {}", clause.section, clause.promise),
            ),
        });
    }
    match (end.verdict, end.cause.as_deref()) {
        (Verdict::Unsupported, _) | (_, None) => {}
        (Verdict::Withheld, Some(effect)) if Effect::named(effect).is_some() => {
            lines.push(format!("because  it is {effect}; --allow {effect} lets it leave"));
        }
        (_, Some(cause)) => lines.push(format!("because  {cause}")),
    }
    for (at, expected) in end.expected.iter().enumerate() {
        lines.push(format!("{} {expected}", if at == 0 { "expected" } else { "or      " }));
    }
    if let Some(came) = &end.came {
        lines.push(format!("came     {came}"));
    } else if !end.expected.is_empty() {
        lines.push("came     nothing".to_owned());
    }
    if let Some(place) = &end.place {
        lines.push(format!("where    {place}"));
    }
    if let Some(residue) = &end.leaky {
        lines.push(format!("leaky    {residue}"));
    }
    if matches!(end.verdict, Verdict::Fail | Verdict::Inconclusive | Verdict::Broken) {
        lines.push(format!("again    {}", again(command, &end.case)));
    }
    lines
}

/// The run in a few lines: counts, reasons for what was not asked, standing clauses, the exit code in words.
pub fn summary(run: &Recorded) -> String {
    let (counts, never_run) = run.counts();
    let mut parts: Vec<String> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(verdict, count)| format!("{count} {}{}", verdict.word(), causes(run, verdict)))
        .collect();
    if never_run > 0 {
        parts.push(format!("{never_run} never run"));
    }
    let mut lines = vec![format!("{} cases: {}", run.cases.len(), parts.join(", "))];
    let flaky: Vec<&str> = run
        .cases
        .iter()
        .filter(|case| case.settled().is_some_and(|(_, flaky)| flaky))
        .map(|case| case.planned.case.as_str())
        .collect();
    if !flaky.is_empty() {
        lines.push(format!("flaky, counted as failed: {}", flaky.join(", ")));
    }
    let leaky: Vec<&str> = run
        .cases
        .iter()
        .filter(|case| {
            case.attempts.iter().filter_map(|attempt| attempt.end.as_ref()).any(|end| end.leaky.is_some())
        })
        .map(|case| case.planned.case.as_str())
        .collect();
    if !leaky.is_empty() {
        lines.push(format!("left something behind: {}", leaky.join(", ")));
    }
    if !run.standing.is_empty() {
        let held = run.standing.iter().filter(|standing| standing.verdict == Verdict::Pass).count();
        lines.push(format!("standing clauses: {held} of {} held", run.standing.len()));
    }
    // Less is over before anybody asks where it went.
    if run.times.wall_us >= 100_000 {
        lines.push(times(&run.times));
    }
    if let Some(reason) = run.end.as_ref().and_then(|end| end.interrupted.as_ref()) {
        lines.push(format!("interrupted: {reason}"));
    }
    if let Some(exit) = run.end.as_ref().and_then(|end| end.exit) {
        lines.push(format!("exit {}: {}", exit.code(), in_words(exit)));
    }
    lines.join("\n")
}

/// Where the time went, in a line.
fn times(times: &Times) -> String {
    let seconds = |us: u64| format!("{}.{} s", us / 1_000_000, us / 100_000 % 10);
    let share = times.rest_per_mille();
    format!(
        "time {}: {} on the wire, {} the module's own, {} waits asked for, {} the rest ({}.{} %)",
        seconds(times.wall_us),
        seconds(times.wire_us),
        seconds(times.module_us),
        seconds(times.declared_us),
        seconds(times.rest_us),
        share / 10,
        share % 10,
    )
}

/// The causes behind the cases of a verdict, in brackets, most frequent first.
fn causes(run: &Recorded, verdict: Verdict) -> String {
    if !matches!(verdict, Verdict::Unsupported | Verdict::Inconclusive) {
        return String::new();
    }
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    for case in &run.cases {
        let Some(end) =
            case.telling().and_then(|attempt| attempt.end.as_ref()).filter(|end| end.verdict == verdict)
        else {
            continue;
        };
        if let Some(cause) = &end.cause {
            *tally.entry(cause).or_default() += 1;
        }
    }
    let mut causes: Vec<_> = tally.into_iter().collect();
    causes.sort_by_key(|(cause, count)| (std::cmp::Reverse(*count), *cause));
    if causes.is_empty() {
        return String::new();
    }
    format!(" ({})", causes.into_iter().map(|(cause, _)| cause).collect::<Vec<_>>().join(", "))
}

/// An exit code as a sentence.
pub fn in_words(exit: Exit) -> &'static str {
    match exit {
        Exit::Kept => "every selected clause was asked, and kept",
        Exit::Broke => "the module broke a clause",
        Exit::Usage => "a file or an argument is wrong; nothing was sent",
        Exit::Bench => "the bench failed, or the run was interrupted",
        Exit::Empty => "nothing was selected",
        Exit::Undecided => "some selected clause was not asked, or not decided",
    }
}

//! The terminal view: one line a case while the run goes on, the evidence wherever a case did not simply pass, a summary at the end.
//!
//! It is written for an engineer who has the manual beside the bench and has never seen this program's source: what was expected, what
//! came, which promise that touches, and the command that asks again. It makes text; printing it is the binary's work ([`Live`] while the
//! run goes on, [`summary`] at its end).

use std::collections::BTreeMap;

use ec20_manual::{Catalogue, Effect};

use super::headline::Headline;
use super::{again, in_a_sentence};
use crate::journal::{CaseEnd, Planned};
use crate::recorded::{Case, Recorded, Times};
use crate::verdict::{Exit, Verdict};

mod live;

pub use live::{Live, Telling, colour};

/// Why a case came to what it came to, a line each: the attempt that tells.
pub fn evidence(run: &Recorded, case: &Case) -> Vec<String> {
    let end = case.telling().and_then(|attempt| attempt.end.as_ref());
    end.map_or_else(Vec::new, |end| {
        let mut lines = reasons(end, Some(&case.planned));
        lines.extend(repetition(end, &run.run.command));
        lines
    })
}

/// The promise, the cause, what was expected and what came, the place: what a reader wants before the dialogue.
fn reasons(end: &CaseEnd, planned: Option<&Planned>) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(
        end.clause.as_deref().filter(|_| end.verdict == Verdict::Fail).map(|id| promise(id, planned)),
    );
    match (end.verdict, end.cause.as_deref()) {
        (_, None) => {}
        (Verdict::Withheld, Some(cause)) => lines.push(format!("because  {}", withheld(cause))),
        (Verdict::Unsupported, Some(cause)) => lines.push(format!("because  {}", unsupported(cause))),
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
    lines
}

/// The clause that was broken: its section, its level, its promise.
fn promise(id: &str, planned: Option<&Planned>) -> String {
    let known = planned.and_then(|planned| planned.clauses.iter().find(|clause| clause.id == id));
    match known {
        Some(clause) => {
            format!("clause   {id} ({}, {}): {}", clause.section, clause.level, clause.promise)
        }
        // A line of the case judges it, not the case.
        None => Catalogue::manual().clause(id).map_or_else(
            || format!("clause   {id}"),
            |clause| format!("clause   {id} ({}): {}", clause.section, clause.promise),
        ),
    }
}

/// The command that asks the case again, where that may help.
fn repetition(end: &CaseEnd, command: &str) -> Option<String> {
    matches!(end.verdict, Verdict::Fail | Verdict::Inconclusive | Verdict::Broken)
        .then(|| format!("again    {}", again(command, &end.case)))
}

/// Why the gate or the plan kept a case back, and what permits it.
fn withheld(cause: &str) -> String {
    match Effect::named(cause) {
        Some(Effect::Billable) => "it would send a message; permit it with --allow billable".to_owned(),
        Some(effect) => format!("a command of it is {effect}; permit it with --allow {effect}"),
        None => cause.to_owned(),
    }
}

/// What the bench lacks for a case, and how a bench says that it has it.
fn unsupported(need: &str) -> String {
    match need {
        "mmsc-capture" | "mmsc-script" => {
            format!("it needs {need}: a far end of this bench's own, as --capture ADDRESS:PORT starts one")
        }
        _ => format!("it needs {need}; where the bench has that, say --offer {need}"),
    }
}

/// The cases that need a look, one line each: what failed first, then what broke and what could not be decided.
fn needing_a_look(run: &Recorded) -> Vec<String> {
    let mut rows: Vec<(Verdict, String)> = run
        .cases
        .iter()
        .filter_map(|case| {
            let (verdict, flaky) = case.settled()?;
            let end = case.telling()?.end.as_ref()?;
            let looked_at = matches!(verdict, Verdict::Fail | Verdict::Broken | Verdict::Inconclusive);
            // A case that was not asked is counted with its cause, once for all.
            if !looked_at || end.attempt == 0 {
                return None;
            }
            let flaky = if flaky { "flaky: " } else { "" };
            let line = format!("{:<12} {}  {flaky}{}", verdict.word(), case.planned.case, in_a_sentence(end));
            Some((verdict, line))
        })
        .collect();
    // The order of `Verdict::ALL` is the order of counting; a failure stands first here.
    rows.sort_by_key(|(verdict, _)| match verdict {
        Verdict::Fail => 0,
        Verdict::Broken => 1,
        _ => 2,
    });
    rows.into_iter().map(|(_, line)| line).collect()
}

/// The end of a run: what needs a look, counts, reasons for what was not asked, standing clauses, where the time went.
///
/// The last line, [`ending`], is apart: it stands below whatever else the program prints.
pub fn summary(run: &Recorded) -> String {
    let (counts, never_run) = run.counts();
    let mut parts: Vec<String> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(verdict, count)| format!("{count} {}{}", verdict.word(), causes(run, verdict)))
        .collect();
    if never_run > 0 {
        // The whole reason stands once, in the last line.
        let why = run.not_asked.as_ref().map_or_else(String::new, |all| format!(" ({})", all.why.words()));
        parts.push(format!("{never_run} not asked{why}"));
    }
    let mut lines = needing_a_look(run);
    if !lines.is_empty() {
        lines.insert(0, "what needs a look:".to_owned());
        lines.push(String::new());
    }
    let cases = run.cases.len();
    let plural = if cases == 1 { "" } else { "s" };
    lines.push(format!("{cases} case{plural}: {}", parts.join(", ")));
    let headline = Headline::of(run);
    if run.ground.as_ref().is_some_and(|ground| ground.share.is_some()) {
        lines.push(format!("selected: {}", headline.share));
    }
    if headline.simulated {
        lines.push("SIMULATED MODULE: this run says nothing about any firmware".to_owned());
    }
    lines.extend(run.cases.iter().filter_map(retried));
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
        let exercised = run.standing.iter().filter(|standing| standing.is_exercised());
        let (kept, broken): (Vec<_>, Vec<_>) =
            exercised.partition(|standing| standing.verdict == Verdict::Pass);
        let all = kept.len() + broken.len();
        let idle = run.standing.len() - all;
        let idle = if idle > 0 { format!(", {idle} not exercised") } else { String::new() };
        lines.push(format!("standing clauses: {} of {all} kept{idle}", kept.len()));
    }
    // Less is over before anybody asks where it went.
    if run.times.wall_us >= 100_000 {
        lines.push(times(&run.times));
    }
    lines.join("\n")
}

/// The last line of a run: the exit code and why.
pub fn ending(run: &Recorded, exit: Exit) -> String {
    let why = match (exit, run.end.as_ref().and_then(|end| end.interrupted.as_ref())) {
        (Exit::Bench, Some(reason)) => format!("the run was interrupted: {reason}"),
        (Exit::Bench, None) => run
            .not_asked
            .as_ref()
            .filter(|not_asked| not_asked.why.is_of_the_bench())
            .map_or_else(|| "the bench failed".to_owned(), crate::recorded::NotAsked::words),
        _ => exit.to_string(),
    };
    format!("exit {}: {why}", exit.code())
}

/// What the attempts at a case came to one by one, where they did not all come to the same.
fn retried(case: &Case) -> Option<String> {
    let ends = case.attempts.iter().filter_map(|attempt| attempt.end.as_ref());
    let words: Vec<&str> = ends.map(|end| end.verdict.word()).collect();
    if words.iter().all(|word| Some(word) == words.first()) {
        return None;
    }
    let flaky = case.settled().is_some_and(|(_, flaky)| flaky);
    let flaky = if flaky { "; flaky, counted as failed" } else { "" };
    Some(format!("{}: {} attempts: {}{flaky}", case.planned.case, words.len(), words.join(", ")))
}

/// Where the time went, in a line: the largest share first.
fn times(times: &Times) -> String {
    let own = times.rest_per_mille();
    let mut shares = [
        (times.declared_us, "deliberate waits".to_owned()),
        (times.module_us, "module response".to_owned()),
        (times.wire_us, "serial line".to_owned()),
        (times.rest_us, format!("this program ({}.{} %)", own / 10, own % 10)),
    ];
    shares.sort_by_key(|(us, _)| std::cmp::Reverse(*us));
    let seconds = |us: u64| format!("{}.{} s", us / 1_000_000, us / 100_000 % 10);
    let shares: Vec<String> = shares.iter().map(|(us, what)| format!("{} {what}", seconds(*us))).collect();
    format!("time {}: {}", seconds(times.wall_us), shares.join(", "))
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
    format!(" ({})", causes.into_iter().map(|(cause, _)| cause).collect::<Vec<_>>().join("; "))
}

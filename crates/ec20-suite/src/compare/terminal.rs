//! A comparison on a terminal: what a person must know first stands first.
//!
//! It makes plain text; colours and printing are the binary's work.

use std::fmt::Write as _;

use super::gate::Gate;
use super::{CaseComparison, Change, Comparison, Difference, Side};

/// So many reasons for a block the last line names; all of them stand above it.
const SHOWN: usize = 5;

/// The whole comparison as text, ending in a newline.
pub fn text(comparison: &Comparison, gate: &Gate) -> String {
    let mut out = String::new();
    for (name, side) in [("A", &comparison.a), ("B", &comparison.b)] {
        let _ = writeln!(out, "{name}  {}", head(side));
    }
    for remark in &comparison.remarks {
        let _ = writeln!(out, "   {remark}");
    }
    out.push('\n');
    for case in comparison.told() {
        changed(&mut out, case);
    }
    for standing in comparison.standing.iter().filter(|one| one.change.is_some()) {
        let change = standing.change.map_or("", Change::word);
        let _ = writeln!(out, "{change:<12} {}  (standing clause)", standing.clause);
        if let Some(evidence) = &standing.evidence {
            let _ = writeln!(out, "             {evidence}");
        }
        if let Some(waiver) = &standing.waiver {
            let _ = writeln!(out, "             waived in B: {waiver}");
        }
    }
    unknowns(&mut out, comparison);
    alone(&mut out, comparison);
    summary(&mut out, comparison, gate);
    out
}

pub(super) fn head(side: &Side) -> String {
    let firmware = side.firmware.as_deref().unwrap_or("a firmware that does not say its name");
    let times = if side.repetitions == 1 { "once" } else { "repeated" };
    let repeated = if side.repetitions > 1 {
        format!("{times}, {} attempts", side.repetitions)
    } else {
        times.to_owned()
    };
    let plural = if side.cases == 1 { "" } else { "s" };
    let simulated = if side.simulated { " (SIMULATED MODULE)" } else { "" };
    format!("{}  {firmware} at {}{simulated}, {} case{plural} {repeated}", side.label, side.port, side.cases)
}

fn changed(out: &mut String, case: &CaseComparison) {
    let _ = writeln!(out, "{:<12} {}  {}", case.words().join("+"), case.case, case.title);
    for difference in &case.differences {
        let _ = writeln!(out, "             {}", line(difference));
        if let Some(note) = &difference.note {
            let _ = writeln!(out, "               {note}");
        }
    }
    for (name, asked) in [("A", &case.asked_a), ("B", &case.asked_b)] {
        if !asked.is_empty() {
            let _ = writeln!(out, "             asked only in {name}: {}", asked.join(", "));
        }
    }
    if let Some(waiver) = &case.b.waiver {
        let _ = writeln!(out, "             waived in B: {waiver}");
    }
}

/// A difference in one line: where, which rule and field, what each side says.
pub(super) fn line(difference: &Difference) -> String {
    let mut parts = Vec::new();
    parts.extend(difference.command.clone());
    let place = match (&difference.rule, &difference.field) {
        (Some(rule), Some(field)) => Some(format!("{rule}.{field}")),
        (Some(rule), None) => Some(match &difference.rule_b {
            Some(rule_b) => format!("{rule} / {rule_b}"),
            None => rule.clone(),
        }),
        _ => None,
    };
    parts.extend(place);
    let nothing = "nothing".to_owned();
    let a = difference.a.as_ref().unwrap_or(&nothing);
    let b = difference.b.as_ref().unwrap_or(&nothing);
    parts.push(format!("A {a}  B {b}"));
    format!("{}: {}", difference.change.word(), parts.join(" · "))
}

fn unknowns(out: &mut String, comparison: &Comparison) {
    let differing: Vec<_> = comparison.unknowns.iter().filter(|one| one.differs).collect();
    if differing.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nanswers to what the manual leaves open:");
    for one in differing {
        let words = |answers: &[String]| {
            if answers.is_empty() { "not asked".to_owned() } else { answers.join(" / ") }
        };
        let _ = writeln!(out, "  {}  A {}  B {}", one.unknown, words(&one.a), words(&one.b));
    }
}

/// The cases that only one run has: how many, how many of them failed, and all their names, the failed ones first.
fn alone(out: &mut String, comparison: &Comparison) {
    for (name, cases, failed) in [
        ("A", &comparison.only_a, &comparison.only_a_failed),
        ("B", &comparison.only_b, &comparison.only_b_failed),
    ] {
        if cases.is_empty() {
            continue;
        }
        let plural = if cases.len() == 1 { "" } else { "s" };
        let count =
            if failed.is_empty() { String::new() } else { format!(", {} of them failed", failed.len()) };
        let _ = writeln!(out, "\n{} case{plural} only in {name}{count}; not comparable", cases.len());
        names(out, "failed", failed.iter());
        names(
            out,
            if failed.is_empty() { "cases" } else { "others" },
            cases.iter().filter(|case| !failed.contains(case)),
        );
    }
}

/// Names behind a heading, in lines that an 80-column terminal shows whole.
fn names<'a>(out: &mut String, heading: &str, names: impl Iterator<Item = &'a String>) {
    const COLUMNS: usize = 78;
    let mut line = String::new();
    for name in names {
        if !line.is_empty() && line.chars().count() + 2 + name.chars().count() > COLUMNS {
            let _ = writeln!(out, "{line},");
            line.clear();
        }
        line.push_str(match (line.is_empty(), out.ends_with(",\n")) {
            (false, _) => ", ",
            (true, true) => "          ",
            (true, false) => "",
        });
        if line.is_empty() {
            let _ = write!(line, "  {heading}: ");
        }
        line.push_str(name);
    }
    if !line.is_empty() {
        let _ = writeln!(out, "{line}");
    }
}

fn summary(out: &mut String, comparison: &Comparison, gate: &Gate) {
    let same = comparison.cases.iter().filter(|case| case.changes.is_empty()).count();
    let counts = comparison.counts();
    let parts: Vec<_> =
        counts.iter().rev().map(|(change, count)| format!("{count} {}", change.word())).collect();
    let wavering = comparison.cases.iter().filter(|case| case.wavers).count();
    let all = comparison.cases.len();
    // A case can have several changes, so the classes may add up to more than the cases that differ.
    let plural = if all == 1 { "" } else { "s" };
    let _ =
        writeln!(out, "\n{all} case{plural} in both: {same} same, {} differ{}", all - same, joined(&parts));
    if wavering > 0 {
        let _ = writeln!(out, "{wavering} waver in both runs: of their answers nothing is said");
    }
    let _ = writeln!(out, "{}", times(comparison));
    let blocked = gate.blocked(comparison);
    if blocked.is_empty() {
        let _ = writeln!(out, "no blocking change (blocking: {})", gate.words());
    } else {
        let more = blocked.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let shown: Vec<&str> = blocked.iter().take(SHOWN).map(String::as_str).collect();
        let _ = writeln!(out, "blocked by {}{more}", shown.join("; "));
    }
}

fn joined(parts: &[String]) -> String {
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

/// What is said of times, and whether there were enough repetitions to say it.
pub(super) fn times(comparison: &Comparison) -> String {
    let timing = &comparison.timing;
    if timing.comparisons == 0 {
        return "timing not compared: there are no times to compare".to_owned();
    }
    if timing.repetitions < timing.needed {
        return format!(
            "timing not compared: it needs {} repetitions, these runs have {} (--repeat {})",
            timing.needed, timing.repetitions, timing.needed
        );
    }
    format!(
        "timing: {} pairs, {} repetitions, {} at {} over all",
        timing.comparisons, timing.repetitions, timing.test, timing.rule.alpha
    )
}

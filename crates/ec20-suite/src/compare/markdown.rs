//! `compare.md`: the comparison for a ticket.
//!
//! It makes text that survives a renderer: text of modules and files is escaped.

use std::fmt::Write as _;

use super::gate::Gate;
use super::{CaseComparison, Change, Comparison, Row, terminal};
use crate::report::markdown::{code, text as cell};

/// The whole comparison as Markdown.
pub fn text(comparison: &Comparison, gate: &Gate) -> String {
    let mut out = String::from("# What changed between two firmwares\n\n");
    for (name, side) in [("A", &comparison.a), ("B", &comparison.b)] {
        let _ = writeln!(out, "* **{name}** {}", cell(&terminal::head(side)));
    }
    for remark in &comparison.remarks {
        let _ = writeln!(out, "* {}", cell(remark));
    }
    let blocked = gate.blocked(comparison);
    let verdict = if blocked.is_empty() { "Nothing blocks." } else { "**Blocked.**" };
    let _ = writeln!(out, "\n{verdict} The gate is: {}.\n", gate.words());
    counts(&mut out, comparison);
    for case in comparison.told() {
        changed(&mut out, case);
    }
    standing(&mut out, comparison);
    unknowns(&mut out, comparison);
    for (name, cases) in [("A", &comparison.only_a), ("B", &comparison.only_b)] {
        if !cases.is_empty() {
            let _ = writeln!(
                out,
                "\n## Only in {name}\n\n{}",
                cases.iter().map(|case| code(case)).collect::<Vec<_>>().join(", ")
            );
        }
    }
    let _ = writeln!(out, "\n{}", terminal::times(comparison));
    out
}

fn counts(out: &mut String, comparison: &Comparison) {
    let same = comparison.cases.iter().filter(|case| case.changes.is_empty()).count();
    out.push_str("| class | cases | meaning |\n|---|---:|---|\n");
    for (change, count) in comparison.counts().iter().rev() {
        let _ = writeln!(out, "| {} | {count} | {} |", change.word(), change.meaning());
    }
    let _ = writeln!(out, "| same | {same} | |");
}

fn changed(out: &mut String, case: &CaseComparison) {
    let _ = writeln!(
        out,
        "\n## {}: {}\n\n{} ({})\n",
        code(&case.case),
        case.words().join(", "),
        cell(&case.title),
        case.clauses.iter().map(|clause| code(clause)).collect::<Vec<_>>().join(", ")
    );
    for difference in &case.differences {
        let _ = writeln!(out, "* {}", cell(&terminal::line(difference)));
        if let Some(note) = &difference.note {
            let _ = writeln!(out, "  {}", cell(note));
        }
    }
    if let Some(waiver) = &case.b.waiver {
        let _ = writeln!(out, "* waived in B: {}", cell(waiver));
    }
    for (name, asked) in [("A", &case.asked_a), ("B", &case.asked_b)] {
        if !asked.is_empty() {
            let asked: Vec<_> = asked.iter().map(|line| code(line)).collect();
            let _ = writeln!(out, "* asked only in {name}: {}", asked.join(", "));
        }
    }
    if case.dialogue.is_empty() {
        return;
    }
    out.push_str("\n| | A | B |\n|---|---|---|\n");
    for row in &case.dialogue {
        let _ = writeln!(out, "{}", row_text(row));
    }
}

fn row_text(row: &Row) -> String {
    let arrow = if row.sent { "→" } else { "←" };
    let text = |cell: &Option<super::Cell>| cell.as_ref().map(|cell| code(&cell.text())).unwrap_or_default();
    let change = row.change.map_or(String::new(), |change| format!(" **{}**", change.word()));
    format!("| {arrow}{change} | {} | {} |", text(&row.a), text(&row.b))
}

fn standing(out: &mut String, comparison: &Comparison) {
    let changed: Vec<_> = comparison.standing.iter().filter(|one| one.change.is_some()).collect();
    if changed.is_empty() {
        return;
    }
    out.push_str("\n## Standing clauses\n\n");
    for one in changed {
        let change = one.change.map_or("", Change::word);
        let _ = writeln!(
            out,
            "* {} {change}: {}",
            code(&one.clause),
            cell(one.evidence.as_deref().unwrap_or_default())
        );
        if let Some(waiver) = &one.waiver {
            let _ = writeln!(out, "  waived in B: {}", cell(waiver));
        }
    }
}

fn unknowns(out: &mut String, comparison: &Comparison) {
    let differing: Vec<_> = comparison.unknowns.iter().filter(|one| one.differs).collect();
    if differing.is_empty() {
        return;
    }
    out.push_str("\n## What the manual leaves open\n\n| unknown | question | A | B |\n|---|---|---|---|\n");
    for one in differing {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            code(&one.unknown),
            cell(&one.question),
            cell(&one.a.join(" / ")),
            cell(&one.b.join(" / "))
        );
    }
}

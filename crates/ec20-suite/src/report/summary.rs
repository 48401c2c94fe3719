//! `summary.md`: a run as a comment on a pull request. What failed and why at the top, the rest folded away.
//!
//! Every text from outside is escaped, so that Markdown, HTML and names of people in it mean nothing. A comment has a largest size on
//! every forge, so long lists end with a number; the whole is in the page beside it.

use std::fmt::Write as _;

use ec20_manual::Catalogue;

use super::headline::{self, Headline};
use super::mark::Mark;
use super::{in_a_sentence, markdown};
use crate::journal::CaseEnd;
use crate::recorded::{Case, Recorded};
use crate::verdict::Verdict;

/// So many rows a list shows.
const ROWS: usize = 40;

/// So many answers to unknowns.
const ANSWERS: usize = 150;

/// So many characters a text shows.
const WIDTH: usize = 160;

/// The file's text.
pub fn markdown(run: &Recorded) -> String {
    let headline = Headline::of(run);
    let word = headline.word.to_lowercase();
    let mut text = format!("## EC20 conformance: {word}\n\n{}\n\n", markdown::text(&headline.says));
    if headline.simulated {
        text.push_str("**SIMULATED MODULE: this run says nothing about any firmware.**\n\n");
    }
    subject(run, &mut text);
    counts(run, &mut text);
    look(run, &mut text);
    waivers(run, &mut text);
    standing(run, &mut text);
    unasked(run, &mut text);
    answers(run, &mut text);
    let _ = writeln!(text, "Again: {}", code(&run.run.command));
    text
}

fn subject(run: &Recorded, text: &mut String) {
    let firmware = run.firmware().unwrap_or("a module that does not say what it is");
    let hash: String = run.run.suite_hash.chars().take(16).collect();
    let _ = writeln!(
        text,
        "{} on {}, {}; suite {} {}\n",
        code(firmware),
        code(&run.run.port),
        code(&headline::moment(&run.run.started)),
        code(&run.run.version),
        code(&hash),
    );
}

fn counts(run: &Recorded, text: &mut String) {
    let counts = headline::counts(run);
    if counts.is_empty() {
        return;
    }
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    text.push_str(&row(counts.iter().map(|count| format!("{} {}", count.sign, count.mark.word())).collect()));
    text.push_str(&row(counts.iter().map(|_| "--:".to_owned()).collect()));
    text.push_str(&row(counts.iter().map(|count| count.cases.to_string()).collect()));
    text.push('\n');
}

/// What somebody has to look at: case, clause, what happened.
fn look(run: &Recorded, text: &mut String) {
    let cases: Vec<&Case> = run.cases.iter().filter(|case| headline::needs_a_look(case)).collect();
    if cases.is_empty() {
        return;
    }
    text.push_str("### Needs a look\n\n| | Case | Clause | What happened |\n|---|---|---|---|\n");
    for case in cases.iter().take(ROWS) {
        let mark = Mark::of(case);
        let end = case.telling().and_then(|told| told.end.as_ref());
        let clause = end.and_then(|end| end.clause.as_deref()).unwrap_or_default();
        let place = case
            .clause(clause)
            .map_or_else(String::new, |known| format!(" {}, {}", cell(&known.section), cell(&known.level)));
        let mut happened = end.map_or_else(String::new, happened);
        if let Some(residue) = headline::leaky(case) {
            let _ = write!(happened, " Left behind: {}", cell(residue));
        }
        if let Some(label) = run.waiver(&case.planned.case) {
            let _ = write!(happened, " Waived: {}", cell(label));
        }
        let id = cell(&case.planned.case);
        let _ = writeln!(
            text,
            "| {} {} | {id} | {}{place} | {happened} |",
            mark.sign(),
            mark.word(),
            cell(clause)
        );
    }
    rest(cases.len(), ROWS, text);
    text.push('\n');
}

/// What waivers came to, those that no longer hold first.
fn waivers(run: &Recorded, text: &mut String) {
    let Some(applied) = &run.waived else { return };
    let mut all: Vec<_> = applied.excuses.iter().collect();
    all.sort_by_key(|excuse| !excuse.state.fails());
    let _ = writeln!(text, "### Waivers\n\n{}\n\n| Waiver | | About |\n|---|---|---|", applied.in_words(run));
    for excuse in all.iter().take(ROWS) {
        let about = excuse.about.iter().take(3).map(|about| cell(about)).collect::<Vec<_>>().join(", ");
        let label = cell(&excuse.label);
        let _ = writeln!(text, "| {} {label} | {} | {about} |", cell(&excuse.subject), excuse.state.words());
    }
    rest(all.len(), ROWS, text);
    text.push('\n');
}

fn happened(end: &CaseEnd) -> String {
    if end.expected.is_empty() {
        return cell(&in_a_sentence(end));
    }
    let came = end.came.as_deref().unwrap_or("nothing");
    format!("expected {}, came {}", cell(&end.expected.join(" or ")), cell(came))
}

fn standing(run: &Recorded, text: &mut String) {
    let idle: Vec<String> = run
        .standing
        .iter()
        .filter(|standing| !standing.is_exercised())
        .map(|standing| code(&standing.clause))
        .collect();
    if !idle.is_empty() {
        let _ = writeln!(
            text,
            "Standing clauses not exercised (nothing happened that could break them): {}\n",
            idle.join(", ")
        );
    }
    for broken in run.standing.iter().filter(|standing| standing.verdict == Verdict::Fail) {
        let times = match broken.breaches.len() {
            1 => "once".to_owned(),
            more => format!("{more} times"),
        };
        let _ = write!(text, "Standing clause {} broken, {times}", code(&broken.clause));
        if let Some(first) = broken.breaches.first() {
            let _ = write!(text, ": expected {}, came {}", code(&first.expected), code(&first.came));
        }
        text.push_str("\n\n");
    }
}

/// What was not asked, by reason.
fn unasked(run: &Recorded, text: &mut String) {
    let mut reasons: Vec<(String, usize)> = Vec::new();
    for case in &run.cases {
        let mark = Mark::of(case);
        if !matches!(mark, Mark::Withheld | Mark::Unsupported | Mark::NeverRun) {
            continue;
        }
        let cause = case.telling().and_then(|told| told.end.as_ref()?.cause.clone());
        let cause = cause.or_else(|| run.not_asked.as_ref().map(crate::recorded::NotAsked::words));
        let reason =
            cause.map_or_else(|| mark.word().to_owned(), |cause| format!("{} {}", mark.word(), code(&cause)));
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, count)) => *count += 1,
            None => reasons.push((reason, 1)),
        }
    }
    if reasons.is_empty() {
        return;
    }
    let listed: Vec<String> =
        reasons.iter().take(ROWS).map(|(reason, count)| format!("{count} {reason}")).collect();
    let _ = writeln!(text, "Not asked: {}\n", listed.join(", "));
}

/// The answers to what the manual leaves open, folded away.
fn answers(run: &Recorded, text: &mut String) {
    let observed = run.observed();
    if observed.is_empty() {
        return;
    }
    let known = Catalogue::manual().unknowns().len();
    let _ = writeln!(
        text,
        "<details><summary>{} of {known} open questions answered</summary>\n\n| Question | Answer |\n|---|---|",
        observed.len()
    );
    for (unknown, seen) in observed.iter().take(ANSWERS) {
        let each =
            seen.iter().take(3).map(|seen| format!("{} {}", cell(&seen.answer), cell(&seen.raw.join(" "))));
        let _ = writeln!(text, "| {} | {} |", cell(unknown), each.collect::<Vec<_>>().join("; "));
    }
    rest(observed.len(), ANSWERS, text);
    text.push_str("\n</details>\n\n");
}

fn rest(total: usize, shown: usize, text: &mut String) {
    if total > shown {
        let _ = writeln!(text, "\nand {} more, in `report.html`", total - shown);
    }
}

/// Text as code, also in a table.
fn cell(text: &str) -> String {
    code(text)
}

/// Text as code, at most so long as a row may be.
fn code(text: &str) -> String {
    let mut shown: String = text.chars().take(WIDTH).collect();
    if text.chars().nth(WIDTH).is_some() {
        shown.push('…');
    }
    markdown::code(&shown)
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn a_long_text_is_cut() {
        assert!(code(&"x".repeat(9000)).chars().count() < 170);
    }
}

//! Everything the page's template is filled with, in the order of the page.
//!
//! It gathers and words; it lays out nothing and decides nothing.

use std::collections::BTreeMap;

use ec20_manual::{Catalogue, Effect};
use serde::Serialize;

use super::dialogue::Dialogues;
use super::{matrix, times};
use crate::journal::{ClauseRef, Identity, Run};
use crate::recorded::{Attempt, Case, Recorded};
use crate::report::headline::{self, Headline};
use crate::report::mark::Mark;
use crate::report::policy;
use crate::waiver::Excuse;

/// The page's content.
#[derive(Debug, Serialize)]
pub(super) struct Sheet {
    policy: String,
    style: &'static str,
    script: &'static str,
    headline: Headline,
    /// What each printed sheet names the run by.
    run_id: String,
    /// How the run ends with waivers, and each of them; nothing: none were applied.
    waived: Option<String>,
    waivers: Vec<Excuse>,
    run: Run,
    started: String,
    took: String,
    identity: Vec<(String, String)>,
    counts: Vec<headline::Count>,
    legend: Vec<Sign>,
    sections: Vec<matrix::Section>,
    clauses_kept: usize,
    clauses: usize,
    cases: Vec<Line>,
    unknowns: Vec<Unknown>,
    unknowns_asked: usize,
    unknowns_known: usize,
    unasked: Vec<Unasked>,
    times: Vec<times::Times>,
    axis: String,
    offers: Vec<String>,
    variables: BTreeMap<String, String>,
    transport: Option<String>,
    notes: Vec<(String, String)>,
    dialogues: String,
}

/// A sign of the matrix, for its legend.
#[derive(Debug, Serialize)]
struct Sign {
    mark: Mark,
    glyph: &'static str,
    meaning: &'static str,
}

/// A case on the page.
#[derive(Debug, Serialize)]
struct Line {
    /// Its place among the dialogues.
    at: usize,
    id: String,
    title: String,
    file: String,
    mark: Mark,
    sign: &'static str,
    /// Whether its evidence stands open.
    look: bool,
    took: String,
    clauses: Vec<ClauseRef>,
    /// The clause that the evidence speaks of.
    over: Option<ClauseRef>,
    cause: Option<String>,
    place: Option<String>,
    expected: Vec<String>,
    came: Option<String>,
    leaky: Option<String>,
    waiver: Option<String>,
    again: Option<String>,
    attempts: Vec<Try>,
    observed: Vec<Answer>,
}

/// One attempt of several.
#[derive(Debug, Serialize)]
struct Try {
    number: u32,
    mark: Mark,
    sign: &'static str,
    took: String,
}

/// An answer to an unknown.
#[derive(Debug, Serialize)]
struct Answer {
    unknown: String,
    name: String,
    raw: String,
}

/// An unknown and its answers.
#[derive(Debug, Serialize)]
struct Unknown {
    id: String,
    question: String,
    answers: Vec<(String, String)>,
    /// Whether it was answered in more than one way, or in a way nobody listed.
    wavers: bool,
    other: bool,
    cases: Vec<String>,
}

/// Cases that were not asked, for one reason.
#[derive(Debug, Serialize)]
struct Unasked {
    mark: Mark,
    sign: &'static str,
    why: String,
    remedy: String,
    cases: Vec<String>,
}

impl Sheet {
    /// The page of a run.
    pub(super) fn of(run: &Recorded) -> Self {
        let sections = matrix::of(run);
        let cases: Vec<Line> = run.cases.iter().enumerate().map(|(at, case)| line(run, at, case)).collect();
        let ground = run.ground.clone().unwrap_or_default();
        let unknowns = unknowns(run);
        Self {
            policy: policy(Some(include_str!("page.js"))),
            style: include_str!("page.css"),
            script: include_str!("page.js"),
            headline: Headline::of(run),
            run_id: run_id(run),
            waived: run.waived.as_ref().map(|applied| applied.in_words(run)),
            waivers: run.waived.as_ref().map(|applied| applied.excuses.clone()).unwrap_or_default(),
            run: run.run.clone(),
            started: headline::moment(&run.run.started),
            took: times::shown(run.last_us),
            identity: identity(run),
            counts: headline::counts(run),
            legend: legend(&sections),
            clauses_kept: sections.iter().map(|section| section.kept).sum(),
            clauses: sections.iter().map(|section| section.clauses.len()).sum(),
            sections,
            cases,
            unknowns_asked: unknowns.len(),
            unknowns_known: Catalogue::manual().unknowns().len(),
            unknowns,
            unasked: unasked(run),
            times: times::of(run),
            axis: times::axis(),
            offers: ground.offers,
            variables: ground.variables.into_iter().map(unspoken).collect(),
            transport: (ground.transport_us > 0).then(|| times::shown(ground.transport_us)),
            notes: run.notes.iter().map(|(t_us, note)| (times::shown(*t_us), note.clone())).collect(),
            dialogues: Dialogues::of(run).json(),
        }
    }
}

/// A page is passed on: a password on it would be, too.
fn unspoken((name, value): (String, String)) -> (String, String) {
    let secret = name.contains("password") && !value.is_empty();
    (name, if secret { "not shown".to_owned() } else { value })
}

fn identity(run: &Recorded) -> Vec<(String, String)> {
    let Some(identity) = &run.identity else {
        return vec![("Module".to_owned(), "does not say what it is".to_owned())];
    };
    let mut rows = vec![("Module".to_owned(), identity.ati.join(" · "))];
    rows.extend(run.firmware().map(|line| ("Firmware".to_owned(), line.to_owned())));
    rows.extend(identity.cgsn.iter().map(|line| ("IMEI".to_owned(), imei(run, identity, line))));
    rows
}

/// The IMEI as it may be read: the true one, or a stand-in that is called one.
fn imei(run: &Recorded, identity: &Identity, line: &str) -> String {
    let redacted = run.ground.as_ref().and_then(|ground| ground.redacted);
    match redacted {
        _ if identity.shown => line.to_owned(),
        Some(false) => line.to_owned(),
        Some(true) => format!("hidden; {line} is a stand-in (--show-identity shows the true one)"),
        None => format!("{line} (perhaps a stand-in: the journal does not say)"),
    }
}

/// When the run began and what it asked, so that sheets of two runs cannot be mixed.
fn run_id(run: &Recorded) -> String {
    let hash: String = run.run.suite_hash.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
    let started: String =
        run.run.started.chars().filter(|c| c.is_ascii_alphanumeric() || "-:.+".contains(*c)).collect();
    format!("run {started}, suite {hash}")
}

/// The signs that the matrix uses.
fn legend(sections: &[matrix::Section]) -> Vec<Sign> {
    let used = |mark: Mark| {
        sections
            .iter()
            .flat_map(|section| &section.clauses)
            .any(|clause| clause.mark == mark || clause.cells().any(|cell| cell == mark))
    };
    let all = [
        Mark::Pass,
        Mark::Observed,
        Mark::Partly,
        Mark::Fail,
        Mark::Flaky,
        Mark::Broken,
        Mark::Inconclusive,
        Mark::Open,
        Mark::Withheld,
        Mark::Unsupported,
        Mark::NeverRun,
        Mark::NotExercised,
    ];
    all.into_iter()
        .filter(|mark| used(*mark))
        .map(|mark| Sign { mark, glyph: mark.sign(), meaning: mark.meaning() })
        .collect()
}

fn line(run: &Recorded, at: usize, case: &Case) -> Line {
    let mark = Mark::of(case);
    let look = headline::needs_a_look(case);
    let end = case.telling().and_then(|told| told.end.as_ref());
    let over = end
        .and_then(|end| end.clause.as_ref())
        .filter(|_| matches!(mark, Mark::Fail | Mark::Flaky))
        .map(|id| case.clause(id).cloned().unwrap_or_else(|| matrix::known(id)));
    let attempt = |attempt: &Attempt| {
        let mark = attempt.end.as_ref().map_or(Mark::NeverRun, |end| Mark::from(end.verdict));
        Try { number: attempt.number, mark, sign: mark.sign(), took: times::shown(attempt.took_us()) }
    };
    let observed = case.attempts.iter().flat_map(|attempt| &attempt.observed);
    Line {
        at,
        id: case.planned.case.clone(),
        title: case.planned.title.clone(),
        file: case.planned.file.clone(),
        mark,
        sign: mark.sign(),
        look,
        took: times::shown(case.took_us()),
        clauses: case.planned.clauses.clone(),
        over,
        cause: end.and_then(|end| end.cause.clone()),
        place: end.and_then(|end| end.place.clone()),
        expected: end.map(|end| end.expected.clone()).unwrap_or_default(),
        came: end.and_then(|end| end.came.clone()),
        leaky: headline::leaky(case).cloned(),
        waiver: run.waiver(&case.planned.case).map(str::to_owned),
        again: look.then(|| crate::report::again(&run.run.command, &case.planned.case)),
        attempts: if case.attempts.len() > 1 {
            case.attempts.iter().map(attempt).collect()
        } else {
            Vec::new()
        },
        observed: observed
            .map(|seen| Answer {
                unknown: seen.unknown.clone(),
                name: seen.answer.clone(),
                raw: seen.raw.join(" "),
            })
            .collect(),
    }
}

fn unknowns(run: &Recorded) -> Vec<Unknown> {
    let of_cases = |unknown: &str| {
        let answered = |case: &&Case| {
            case.attempts.iter().flat_map(|attempt| &attempt.observed).any(|seen| seen.unknown == unknown)
        };
        run.cases.iter().filter(answered).map(|case| case.planned.case.clone()).collect()
    };
    let observed = run.observed().into_iter();
    observed
        .map(|(unknown, seen)| {
            let mut names: Vec<&str> = seen.iter().map(|seen| seen.answer.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            Unknown {
                id: unknown.to_owned(),
                question: Catalogue::manual()
                    .unknown(unknown)
                    .map_or_else(String::new, |known| known.question.clone()),
                answers: seen.iter().map(|seen| (seen.answer.clone(), seen.raw.join(" "))).collect(),
                wavers: names.len() > 1,
                other: names.contains(&"other"),
                cases: of_cases(unknown),
            }
        })
        .collect()
}

/// What was not asked, by reason: the most frequent first.
fn unasked(run: &Recorded) -> Vec<Unasked> {
    let mut reasons: BTreeMap<(Mark, String), Vec<String>> = BTreeMap::new();
    for case in &run.cases {
        let mark = Mark::of(case);
        if !matches!(mark, Mark::Withheld | Mark::Unsupported | Mark::NeverRun) {
            continue;
        }
        let cause = case.telling().and_then(|told| told.end.as_ref()?.cause.clone());
        let cause = cause
            .or_else(|| run.not_asked.as_ref().map(crate::recorded::NotAsked::words))
            .unwrap_or_default();
        reasons.entry((mark, cause)).or_default().push(case.planned.case.clone());
    }
    let mut all: Vec<Unasked> = reasons
        .into_iter()
        .map(|((mark, cause), cases)| {
            let (why, remedy) = reason(mark, &cause);
            Unasked { mark, sign: mark.sign(), why, remedy, cases }
        })
        .collect();
    all.sort_by_key(|unasked| std::cmp::Reverse(unasked.cases.len()));
    all
}

/// A cause as a sentence, and the argument that would have the cases asked.
fn reason(mark: Mark, cause: &str) -> (String, String) {
    let effect = Effect::named(cause);
    match (mark, effect) {
        (Mark::Withheld, Some(effect)) => {
            (format!("a line of theirs is {effect}, and that was not allowed"), format!("--allow {effect}"))
        }
        // Only a far end of the bench's own captures and takes orders: saying that there is one does not make one.
        (Mark::Unsupported, _) if matches!(cause, "mmsc-capture" | "mmsc-script") => {
            (format!("the bench does not offer {cause}"), "--capture ADDRESS:PORT".to_owned())
        }
        (Mark::Unsupported, _) => (format!("the bench does not offer {cause}"), format!("--offer {cause}")),
        (Mark::NeverRun, _) if cause.is_empty() => ("the run ended before them".to_owned(), String::new()),
        _ => (cause.to_owned(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, reason};

    #[track_caller]
    fn remedy(mark: Mark, cause: &str, wanted: &str) {
        assert_eq!(reason(mark, cause).1, wanted, "{cause}");
    }

    #[test]
    fn what_was_not_asked_names_the_argument_that_would_have_it_asked() {
        remedy(Mark::Withheld, "billable", "--allow billable");
        remedy(Mark::Unsupported, "pdp", "--offer pdp");
        remedy(Mark::Unsupported, "mmsc-capture", "--capture ADDRESS:PORT");
        remedy(Mark::Unsupported, "mmsc-script", "--capture ADDRESS:PORT");
        remedy(Mark::NeverRun, "", "");
    }
}

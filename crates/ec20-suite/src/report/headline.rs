//! A run in one sentence and one row of numbers, the same in every report that people read.
//!
//! It knows how to word an exit; how the exit came about, the run knows.

use serde::Serialize;

use super::mark::Mark;
use crate::recorded::{Case, Recorded};
use crate::verdict::{Exit, Verdict};

/// The verdict over the run, in words a manager can repeat.
#[derive(Debug, Serialize)]
pub(super) struct Headline {
    pub(super) word: &'static str,
    /// `good`, `bad` or `open`, for its colour.
    pub(super) tone: &'static str,
    pub(super) says: String,
}

/// How many cases came to one verdict.
#[derive(Debug, Serialize)]
pub(super) struct Count {
    pub(super) mark: Mark,
    pub(super) sign: &'static str,
    pub(super) cases: usize,
}

impl Headline {
    /// The headline of a run.
    pub(super) fn of(run: &Recorded) -> Self {
        let total = run.cases.len();
        let came_to =
            |marks: &[Mark]| run.cases.iter().filter(|case| marks.contains(&Mark::of(case))).count();
        let failed = came_to(&[Mark::Fail, Mark::Flaky]);
        let broken = came_to(&[Mark::Broken]);
        let standing = run.standing.iter().filter(|standing| standing.verdict == Verdict::Fail).count();
        let Some(end) = &run.end else {
            let says = "The journal ends before the run did. What stands here happened; the rest is unknown."
                .to_owned();
            return Self { word: "Broke off", tone: "open", says };
        };
        if let Some(reason) = &end.interrupted {
            let says = format!("The run was interrupted ({reason}) before every selected case was asked.");
            return Self { word: "Interrupted", tone: "open", says };
        }
        let (word, tone, says) = match end.exit {
            Some(Exit::Kept) => (
                "Conforms",
                "good",
                format!("Each of {total} selected cases was asked, and every clause was kept."),
            ),
            Some(Exit::Broke) => ("Does not conform", "bad", breach_in_words(failed, total, standing)),
            Some(Exit::Bench) => {
                ("Bench trouble", "open", format!("{broken} of {total} cases met a failing bench."))
            }
            Some(Exit::Undecided) => {
                let decided = came_to(&[Mark::Pass, Mark::Observed]);
                let open = total - decided;
                (
                    "Not decided",
                    "open",
                    format!(
                        "What was asked was kept; {open} of {total} selected cases were not asked, or not decided."
                    ),
                )
            }
            Some(Exit::Empty) => ("Nothing asked", "open", "No case was selected.".to_owned()),
            Some(Exit::Usage) => ("Nothing sent", "open", "A file or an argument is wrong.".to_owned()),
            None => ("Unknown", "open", "The run ended in a way that this version does not know.".to_owned()),
        };
        Self { word, tone, says }
    }
}

fn breach_in_words(failed: usize, total: usize, standing: usize) -> String {
    let clauses = if standing == 1 { "clause" } else { "clauses" };
    match (failed, standing) {
        (0, 0) => "The module broke a clause, or a waiver no longer holds.".to_owned(),
        (0, _) => format!("{standing} standing {clauses} broken; no case failed by itself."),
        (_, 0) => format!("{failed} of {total} selected cases failed."),
        _ => format!("{failed} of {total} selected cases failed, and {standing} standing {clauses} broken."),
    }
}

/// Whether somebody has to look at a case before signing.
pub(super) fn needs_a_look(case: &Case) -> bool {
    Mark::of(case).needs_a_look() || leaky(case).is_some()
}

/// What a case left behind.
pub(super) fn leaky(case: &Case) -> Option<&String> {
    case.attempts.iter().find_map(|attempt| attempt.end.as_ref()?.leaky.as_ref())
}

/// A moment as people write it, in UTC; as it stands where it is no moment.
pub(super) fn moment(text: &str) -> String {
    text.parse::<jiff::Timestamp>()
        .map_or_else(|_| text.to_owned(), |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

/// How many cases came to what, good news first; what nothing came to is left out.
pub(super) fn counts(run: &Recorded) -> Vec<Count> {
    let order = [
        Mark::Pass,
        Mark::Observed,
        Mark::Fail,
        Mark::Flaky,
        Mark::Broken,
        Mark::Inconclusive,
        Mark::Withheld,
        Mark::Unsupported,
        Mark::NeverRun,
    ];
    let count = |mark| run.cases.iter().filter(|case| Mark::of(case) == mark).count();
    let all = order.into_iter().map(|mark| Count { mark, sign: mark.sign(), cases: count(mark) });
    all.filter(|count| count.cases > 0).collect()
}

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
    pub(super) word: String,
    /// `good`, `bad`, `open` or `neutral`, for its colour.
    pub(super) tone: &'static str,
    pub(super) says: String,
    /// Which share of the suite was selected: `all 768 cases of the suite`, `1 of 768 cases of the suite`.
    pub(super) share: String,
    /// Whether the module was this project's simulated one: then the page certifies nothing.
    pub(super) simulated: bool,
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
        let (word, tone, says) = sentence(run);
        Self { word, tone, says, share: share(run), simulated: run.run.is_simulated() }
    }
}

/// Word, tone and sentence.
fn sentence(run: &Recorded) -> (String, &'static str, String) {
    let total = run.cases.len();
    let came_to = |marks: &[Mark]| run.cases.iter().filter(|case| marks.contains(&Mark::of(case))).count();
    let failed = came_to(&[Mark::Fail, Mark::Flaky]);
    let broken = came_to(&[Mark::Broken]);
    let standing = run.standing.iter().filter(|standing| standing.verdict == Verdict::Fail).count();
    let open = |word: &str, says: String| (word.to_owned(), "open", says);
    let Some(end) = &run.end else {
        let says = "The journal ends before the run did. What stands here happened; the rest is unknown.";
        return open("Broke off", says.to_owned());
    };
    if let Some(reason) = &end.interrupted {
        let says = format!("The run was interrupted ({reason}) before every selected case was asked.");
        return open("Interrupted", says);
    }
    match end.exit {
        Some(Exit::Kept) => kept(run),
        Some(Exit::Broke) => ("Does not conform".to_owned(), "bad", breach_in_words(failed, total, standing)),
        Some(Exit::Bench) => {
            let says = match (&run.not_asked, broken) {
                (Some(not_asked), 0) => format!("No case was decided: {}.", not_asked.words()),
                (Some(not_asked), _) => {
                    format!(
                        "{broken} of {} met a failing bench; the rest was not asked: {}.",
                        cases(total),
                        not_asked.words()
                    )
                }
                (None, _) => format!("{broken} of {} met a failing bench.", cases(total)),
            };
            open("Bench trouble", says)
        }
        Some(Exit::Undecided) => {
            let left = total - came_to(&[Mark::Pass, Mark::Observed]);
            let says =
                format!("What was asked was kept; {left} of {} not asked, or not decided.", selected(total));
            open("Not decided", says)
        }
        Some(Exit::Empty) => open("Nothing asked", "No case was selected.".to_owned()),
        Some(Exit::Usage) => open("Nothing sent", "A file or an argument is wrong.".to_owned()),
        None => open("Unknown", "The run ended in a way that this version does not know.".to_owned()),
    }
}

/// A run in which every selected case was asked and kept. Only the whole suite makes a module conform.
fn kept(run: &Recorded) -> (String, &'static str, String) {
    let total = run.cases.len();
    if is_whole(run) {
        let says = format!("Each of the suite's {} was asked, and every clause was kept.", cases(total));
        return ("Conforms".to_owned(), "good", says);
    }
    let says = format!(
        "What was selected was asked and kept. That is {}; only the whole suite says whether a module conforms.",
        share(run)
    );
    let word = match run.ground.as_ref().and_then(|ground| ground.share) {
        Some(share) if share.own_cases == 0 => format!("{total} of {} cases: kept", share.suite_cases),
        _ => format!("{}: kept", cases(total)),
    };
    (word, "neutral", says)
}

/// Whether the run selected the whole built-in suite, and nothing else.
fn is_whole(run: &Recorded) -> bool {
    let share = run.ground.as_ref().and_then(|ground| ground.share);
    share.is_some_and(|share| share.own_cases == 0 && share.suite_cases == run.cases.len() as u64)
}

/// Which share of the suite was selected, in words.
fn share(run: &Recorded) -> String {
    let total = run.cases.len();
    match run.ground.as_ref().and_then(|ground| ground.share) {
        None => format!("{} (the journal does not say of how many)", cases(total)),
        Some(_) if is_whole(run) => format!("all {} of the suite", cases(total)),
        Some(share) if share.own_cases == 0 => format!("{total} of the suite's {} cases", share.suite_cases),
        Some(share) => {
            let own = usize::try_from(share.own_cases).unwrap_or(usize::MAX);
            let of_suite = total.saturating_sub(own);
            format!(
                "{} of the user's own and {of_suite} of the suite's {} cases",
                cases(own),
                share.suite_cases
            )
        }
    }
}

fn cases(count: usize) -> String {
    format!("{count} case{}", if count == 1 { "" } else { "s" })
}

fn selected(count: usize) -> String {
    if count == 1 { "1 selected case was".to_owned() } else { format!("{count} selected cases were") }
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

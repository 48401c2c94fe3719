//! A run as its readers want it. The journal's events are the only source: whatever a report says stands in `run.ndjson`, so a report can
//! be made again years later, and two reports of one run cannot disagree.
//!
//! All of them print a [`Recorded`] run: [`terminal`] for the engineer at the bench, [`html`] for whoever signs, [`summary`] for a pull
//! request, [`junit`] for continuous integration, [`results`] for programs. None opens a file or decides a verdict.
//!
//! [`Recorded`]: crate::recorded::Recorded

mod headline;
pub mod html;
pub mod junit;
mod mark;
pub mod results;
pub mod summary;
pub mod terminal;

use crate::journal::CaseEnd;

/// The command that repeats a run, narrowed to one case: filters that are given together must all hold.
fn again(command: &str, case: &str) -> String {
    format!("{command} --filter {case}")
}

/// The evidence of a case's end in one sentence.
fn in_a_sentence(end: &CaseEnd) -> String {
    let came = end.came.as_deref().unwrap_or("nothing");
    let cause = end.cause.as_deref().filter(|cause| !cause.is_empty());
    match (end.expected.is_empty(), cause) {
        (false, _) => format!("expected {}, came {came}", end.expected.join(" or ")),
        (true, Some(cause)) if end.came.is_some() => format!("{cause}: came {came}"),
        (true, Some(cause)) => cause.to_owned(),
        (true, None) => format!("came {came}"),
    }
}

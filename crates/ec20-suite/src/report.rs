//! A run as its readers want it. The journal's events are the only source: whatever a report says stands in `run.ndjson`, so a report can
//! be made again years later, and two reports of one run cannot disagree.
//!
//! All of them print a [`Recorded`] run: [`terminal`] for the engineer at the bench, [`html`] for whoever signs, [`summary`] for a pull
//! request, [`junit`] for continuous integration, [`results`] for programs. None opens a file or decides a verdict.
//!
//! [`Recorded`]: crate::recorded::Recorded

pub(crate) mod content_policy;
mod headline;
pub mod html;
pub mod junit;
mod mark;
pub(crate) mod markdown;
pub mod results;
mod rows;
pub mod summary;
pub mod terminal;

pub use content_policy::policy;

use crate::journal::CaseEnd;
use crate::recorded::Recorded;

/// The reports that stand beside a journal: file name and text. Who writes, packs or checks reports makes them here, so that the same run
/// gives the same bytes each time.
///
/// # Errors
/// Why one of them cannot be made, in words.
pub fn files(run: &Recorded) -> Result<[(&'static str, String); 4], String> {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    Ok([
        ("junit.xml", junit::xml(run).map_err(|error| words(&error))?),
        ("results.json", results::json(run).map_err(|error| words(&error))?),
        ("summary.md", summary::markdown(run)),
        ("report.html", html::page(run).map_err(|error| words(&error))?),
    ])
}

/// Options that belong to a whole run, with a value: a command that asks one case again leaves them out.
const OF_A_RUN: [&str; 7] =
    ["--filter", "--retries", "--repeat", "--max-fail", "--failed-from", "--resume", "--profile-out"];

/// The command that repeats a run, narrowed to one case: its id takes the place of the filters that selected it among
/// others, and options that only a whole run has a use for are left out.
fn again(command: &str, case: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut words = shell_words(command).into_iter();
    while let Some(word) = words.next() {
        let bare = word.trim_start_matches('\'');
        let option = bare.split('=').next().unwrap_or(bare);
        match word {
            "-q" | "--quiet" => {}
            _ if !OF_A_RUN.contains(&option) => kept.push(word),
            // The value stands in a word of its own.
            _ if option == bare => drop(words.next()),
            _ => {}
        }
    }
    format!("{} --filter {case}", kept.join(" "))
}

/// A command line cut at the blanks that stand outside of single quotes; the words keep theirs.
fn shell_words(line: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let outside = |c: char| {
        let cuts = c == ' ' && !quoted && !escaped;
        quoted ^= c == '\'' && !escaped;
        escaped = c == '\\' && !quoted && !escaped;
        cuts
    };
    line.split(outside).filter(|word| !word.is_empty()).collect()
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

#[cfg(test)]
mod tests {
    use super::again;

    #[test]
    fn a_case_is_asked_again_by_its_own_id_alone() {
        for (command, wanted) in [
            ("ec20 hil", "ec20 hil --filter a/2"),
            ("ec20 hil --filter 'b or c' --port sim", "ec20 hil --port sim --filter a/2"),
            ("ec20 hil --filter=b '--filter=c or d' x.atx", "ec20 hil x.atx --filter a/2"),
            ("ec20 hil -q --retries 2 --repeat=3 --max-fail 1 x.atx", "ec20 hil x.atx --filter a/2"),
            ("ec20 hil --failed-from runs/1 --port sim", "ec20 hil --port sim --filter a/2"),
            (r"ec20 hil --set 'to=it'\''s me' --filter b", r"ec20 hil --set 'to=it'\''s me' --filter a/2"),
        ] {
            assert_eq!(again(command, "a/2"), wanted);
        }
    }
}

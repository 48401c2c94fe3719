//! The words with which a transcript orders the far end's next answer: whether the far end knows them.
//!
//! The suite does not know the far end, so this is looked up here, before any byte leaves.

use ec20_suite::mistake::{Mistake, MistakeKind, Source};
use ec20_suite::suite::Case;
use ec20_suite::transcript::{Bindings, StepKind, Transcript};

/// Mistakes in the words of a case, with the variables of its row; `text` is that of its transcript.
pub(super) fn of_case(case: &Case, text: &str) -> Vec<Mistake> {
    of_transcript(&case.transcript, text, &case.bindings)
}

/// Mistakes in the words of a transcript; words with a variable that has no value here are left to the case.
pub(super) fn of_transcript(transcript: &Transcript, text: &str, bindings: &Bindings) -> Vec<Mistake> {
    let source = Source { file: &transcript.file, text };
    let steps = transcript.body.iter().chain(&transcript.finally);
    steps
        .filter_map(|step| {
            let StepKind::Order(words) = &step.kind else { return None };
            let words = String::from_utf8(words.bytes(bindings).ok()?).ok()?;
            let wrong = mmsc::Answer::parse(&words).err()?;
            let found = format!("`{words}`: {wrong}");
            let expected =
                "words that the far end knows, such as `accept`, `http 404`, `status 132` (`ec20 help mmsc`)";
            Some(source.mistake(MistakeKind::Syntax, step.span.clone(), expected, found))
        })
        .collect()
}

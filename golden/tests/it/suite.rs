//! The transcripts as a suite: each file reads, each name leads somewhere.

use std::collections::BTreeSet;

use ec20_manual::Catalogue;
use ec20_suite::transcript::{Alternative, Outcome, Placed, StepKind, Transcript, canonical};

fn read(path: &str, text: &str) -> Transcript {
    Transcript::read(path, text).unwrap_or_else(|mistake| panic!("{mistake}"))
}

#[test]
fn every_transcript_reads_and_is_called_as_its_file() {
    for (path, text) in ec20_golden::transcripts() {
        let id = read(path, text).id;
        assert!(path.ends_with(&format!("/{id}.atx")), "{path} has the id {id}");
    }
}

#[test]
fn every_transcript_is_in_canonical_form() {
    for (path, text) in ec20_golden::transcripts() {
        assert_eq!(&canonical(path, text).unwrap_or_else(|mistake| panic!("{mistake}")), text, "{path}");
    }
}

#[test]
fn nothing_uses_what_is_not_there() {
    let ids: BTreeSet<String> =
        ec20_golden::transcripts().iter().map(|(path, text)| read(path, text).id).collect();
    for (path, text) in ec20_golden::transcripts() {
        for used in read(path, text).uses {
            assert!(ids.contains(&used.value), "{path} uses {}", used.value);
        }
    }
}

#[test]
fn every_clause_and_unknown_that_is_named_is_in_the_catalogue() {
    let manual = Catalogue::manual();
    for (path, text) in ec20_golden::transcripts() {
        let transcript = read(path, text);
        let steps = transcript.body.iter().chain(&transcript.finally);
        let named = transcript.clauses.iter().chain(steps.flat_map(|step| judged(&step.kind)));
        for clause in named {
            assert!(manual.clause(&clause.value).is_some(), "{path}: {}", clause.value);
        }
        for (unknown, answer) in transcript.body.iter().flat_map(|step| observed(&step.kind)) {
            let known = manual.unknown(&unknown.value).unwrap_or_else(|| panic!("{path}: {}", unknown.value));
            assert!(
                answer.is_none_or(|name| known.answer(name).is_some()),
                "{path}: {} {answer:?}",
                unknown.value
            );
        }
    }
}

/// What a line judges beside the case's first clause.
fn judged(step: &StepKind) -> Vec<&Placed<String>> {
    match step {
        StepKind::Expect(alternatives) | StepKind::Await { alternatives, .. } => {
            alternatives.iter().filter_map(|alternative| alternative.judges.as_ref()).collect()
        }
        StepKind::Quiet { judges, .. } => judges.iter().collect(),
        _ => Vec::new(),
    }
}

/// Which unknown a line answers, and with which answer, if it names one.
fn observed(step: &StepKind) -> Vec<(&Placed<String>, Option<&str>)> {
    match step {
        StepKind::Observe(unknown) => vec![(unknown, None)],
        StepKind::Expect(alternatives) | StepKind::Await { alternatives, .. } => {
            alternatives.iter().filter_map(answers).collect()
        }
        _ => Vec::new(),
    }
}

fn answers(alternative: &Alternative) -> Option<(&Placed<String>, Option<&str>)> {
    match &alternative.outcome {
        Outcome::Observed { unknown, answer } => Some((unknown, Some(answer.as_str()))),
        _ => None,
    }
}

//! The transcripts as a suite: each file reads, each name leads somewhere.

use std::collections::{BTreeMap, BTreeSet};

use ec20_manual::Catalogue;
use ec20_suite::suite::{Suite, Variables};
use ec20_suite::transcript::{StepKind, Transcript, canonical};

/// The whole suite, with the variables at their defaults.
pub(crate) fn assembled() -> Suite {
    let variables = Variables::read("variables.toml", ec20_golden::VARIABLES);
    let variables = variables.unwrap_or_else(|mistake| panic!("{mistake}"));
    let files: BTreeMap<String, Vec<u8>> =
        ec20_golden::files().iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    Suite::assemble(ec20_golden::transcripts().iter().copied(), files, &variables).unwrap_or_else(
        |mistakes| {
            let all: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            panic!("{} mistakes:\n{}", all.len(), all.join("\n"))
        },
    )
}

#[test]
fn every_name_leads_somewhere() {
    assert!(assembled().cases().len() >= ec20_golden::transcripts().len());
}

#[test]
fn a_transcript_is_called_as_its_file() {
    for (path, text) in ec20_golden::transcripts() {
        let id = Transcript::read(path, text).unwrap_or_else(|mistake| panic!("{mistake}")).id;
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
fn every_unknown_has_an_observation_called_after_it() {
    let paths: Vec<&str> = ec20_golden::transcripts().iter().map(|(path, _)| *path).collect();
    for unknown in Catalogue::manual().unknowns() {
        let name = unknown.id.trim_start_matches("U-").to_ascii_lowercase();
        let path = format!("observe/observe-{name}.atx");
        assert!(paths.contains(&path.as_str()), "{} has no {path}", unknown.id);
    }
}

/// A standing clause is judged in every exchange; every other has a case that judges it, by its head or by a line.
#[test]
fn every_clause_has_a_case() {
    let mut judged = BTreeSet::new();
    for transcript in assembled().transcripts() {
        judged.extend(transcript.clauses.first().map(|clause| clause.value.clone()));
        for step in &transcript.body {
            let alternatives = match &step.kind {
                StepKind::Expect(alternatives) | StepKind::Await { alternatives, .. } => {
                    alternatives.as_slice()
                }
                _ => &[],
            };
            let suffixes = alternatives.iter().filter_map(|alternative| alternative.judges.as_ref());
            judged.extend(suffixes.map(|clause| clause.value.clone()));
        }
    }
    let clauses = Catalogue::manual().clauses().iter().filter(|clause| !clause.standing);
    let unasked: Vec<&str> =
        clauses.map(|clause| clause.id.as_str()).filter(|id| !judged.contains(*id)).collect();
    assert!(unasked.is_empty(), "{unasked:?}");
}

/// The teaching text prints the grammar as it is: a rule that changed shows here.
#[test]
fn the_readme_prints_the_grammar() {
    let readme = include_str!("../../README.md");
    let grammar = include_str!("../../../crates/ec20-suite/src/transcript/atx.pest");
    assert!(readme.contains(grammar), "golden/README.md does not print atx.pest as it is");
    let rules = grammar.lines().filter(|line| line.contains(" = ") && !line.starts_with("//")).count();
    assert!(rules <= 40, "{rules} rules");
}

#[test]
fn the_readme_names_every_need() {
    let readme = include_str!("../../README.md");
    for need in ec20_suite::suite::NEEDS {
        assert!(readme.contains(&format!("`{need}`")), "golden/README.md does not name {need}");
    }
}

//! The transcripts as a suite: each file reads, each name leads somewhere.

use std::collections::BTreeSet;

use ec20_suite::transcript::{Transcript, canonical};

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

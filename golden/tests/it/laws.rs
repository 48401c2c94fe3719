//! The laws over the golden files, every split of their streams, and the fuzzers' seeds, which are made from them.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use ec20_laws::{agreement, building, framing, recital, targets, total};
use ec20_suite::suite::Case;

use crate::suite::assembled;

/// One case of each transcript: the others have other values in the same lines.
fn one_of_each(cases: &[Case]) -> Vec<&Case> {
    let mut first: BTreeMap<&str, &Case> = BTreeMap::new();
    for case in cases {
        first.entry(&case.transcript.id).or_insert(case);
    }
    first.into_values().collect()
}

#[test]
fn both_readings_agree_on_every_line() {
    let suite = assembled();
    // Set-ups stand in many cases: each line is read once.
    let lines: HashSet<_> = suite.cases().iter().flat_map(recital::units).collect();
    for (unit, line) in lines {
        agreement::readings_agree_on(unit, &line);
        total::parser_is_total(&line);
        building::build_of_parse_has_the_same_meaning(&line);
    }
}

#[test]
fn no_split_of_a_dialogue_changes_an_event() {
    for case in one_of_each(assembled().cases()) {
        let session = recital::session(case);
        // Whole, the dialogue of a long case has many places to split it at; its beginning has all kinds of them.
        framing::no_split_changes_anything(&session[..session.len().min(1500)]);
        framing::cuts_change_nothing(&session, 4096, &[1, 2, 3, 5, 8, 13, 64]);
        framing::frames_tile_the_stream(&session, 4096);
    }
}

/// The seeds in `fuzz/seeds/`: a line for each form that stands in the golden files, and each dialogue of the manual.
///
/// They are written by `EC20_SEEDS=write cargo test -p ec20-golden seeds`.
#[test]
fn seeds_are_made_from_the_golden_files() {
    let suite = assembled();
    let mut seeds: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for case in one_of_each(suite.cases()) {
        for (unit, line) in recital::units(case) {
            let Ok(reading) = ec20_grammar::read(unit, ec20_grammar::Strictness::Tolerant, &line) else {
                continue;
            };
            for form in reading.forms {
                let seed = [&[targets::mark_of(unit)][..], &line].concat();
                seeds.entry(format!("units/{}", form.name)).or_insert(seed);
            }
        }
        if case.transcript.file.starts_with("manual/") {
            // Two bytes more, for the capacity and the cut that a target reads from the end.
            let session = [recital::session(case), vec![0xFF, 0x31]].concat();
            seeds.insert(format!("sessions/{}", case.transcript.id), session);
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
    for (name, seed) in &seeds {
        let file = folder.join(name);
        if std::env::var_os("EC20_SEEDS").is_some_and(|word| word == "write") {
            std::fs::write(&file, seed).expect("the seed is written");
        }
        assert!(file.is_file(), "there is no seed {name}: EC20_SEEDS=write cargo test -p ec20-golden seeds");
    }
}

//! Inputs that once broke a law, kept as `fuzz/regressions/TARGET/NAME` and held against it for good, and the fuzzers' seeds with them: what a
//! fuzz target does with its bytes is done here in `cargo test`, through the same functions.

use std::path::{Path, PathBuf};

use ec20_laws::targets::{FILE_TARGETS, TARGETS, Target};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

fn all() -> impl Iterator<Item = Target> {
    TARGETS.into_iter().chain(FILE_TARGETS)
}

/// The files of a folder of `fuzz/`; none if there is no such folder.
fn files(folder: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(fuzz().join(folder)) else { return Vec::new() };
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.expect("its entries can be read").path()).collect();
    files.sort();
    files
}

fn stems(folder: &str) -> Vec<String> {
    let stem = |file: PathBuf| file.file_stem().expect("a name").to_string_lossy().into_owned();
    files(folder).into_iter().map(stem).collect()
}

#[test]
fn old_crashers_stay_dead() {
    for target in all() {
        for file in files(&format!("regressions/{}", target.name)) {
            (target.law)(&std::fs::read(file).expect("a file that can be read"));
        }
    }
}

#[test]
fn seeds_break_no_law() {
    for target in all() {
        let Some(seeds) = target.seeds else { continue };
        let files = files(&format!("seeds/{seeds}"));
        assert!(!files.is_empty(), "no seeds in {seeds}");
        for file in files {
            (target.law)(&std::fs::read(file).expect("a file that can be read"));
        }
    }
}

/// Each law has its target, and no folder of old crashers is forgotten because its target was renamed.
#[test]
fn no_target_is_forgotten() {
    let mut laws: Vec<&str> = all().map(|target| target.name).chain(["canary", "file_bench"]).collect();
    laws.sort_unstable();
    assert_eq!(stems("fuzz_targets"), laws);
    for kept in stems("regressions") {
        assert!(laws.contains(&kept.as_str()), "regressions of {kept}, which is no target");
    }
}

/// Without its words a fuzzer never gets past `AT+QMMS`.
#[test]
fn the_dictionary_has_every_command() {
    let dictionary = std::fs::read_to_string(fuzz().join("at.dict")).expect("the dictionary is there");
    for command in ec20_manual::Catalogue::manual().commands() {
        assert!(dictionary.contains(&command.at), "{} is not in the dictionary", command.at);
    }
}

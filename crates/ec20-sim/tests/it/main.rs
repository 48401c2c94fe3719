//! What the simulated module promises, asked from outside.

mod bearer;
mod centre;
mod clients;
mod config;
mod core;
mod deviations;
mod dialogue;
mod edit;
mod files;
mod framing;
mod laws;
mod send;
mod terminal;
mod whole_send;

/// A file beside this one that no `mod` line names would never be run.
#[test]
fn no_file_is_forgotten() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
    let main = include_str!("main.rs");
    for entry in std::fs::read_dir(folder).expect("the folder of this file") {
        let name = entry.expect("an entry").file_name().into_string().expect("a plain name");
        let module = name.trim_end_matches(".rs");
        assert!(module == "main" || main.contains(&format!("mod {module};")), "{name} is in no mod line");
    }
}

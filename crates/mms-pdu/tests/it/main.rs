//! What mms-pdu promises, as tests: what is read, what is written, what is refused and where.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

mod boundaries;
mod charsets;
mod clients;
mod hex;
mod parameters;
mod presentation;
mod refusals;
mod values;
mod writing;

#[test]
fn every_test_file_is_named_in_main() {
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
    let main = std::fs::read_to_string(format!("{here}/main.rs")).unwrap();
    for entry in std::fs::read_dir(here).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let stem = name.strip_suffix(".rs").unwrap_or(&name);
        assert!(stem == "main" || main.contains(&format!("mod {stem};")), "{name} is never compiled");
    }
}

//! `compare.json`: the comparison for programs. Field names are frozen; `schema/compare.schema.json` describes them.
//!
//! It adds what a reader of the file cannot compute: the gate and how it ends.

use serde::Serialize;

use super::gate::Gate;
use super::{Change, Comparison};

/// The format of the file; a change that breaks a reader raises it.
pub const FORMAT: u32 = 1;

/// The schema of the file, as JSON.
pub const SCHEMA: &str = include_str!("../../schema/compare.schema.json");

#[derive(Serialize)]
struct File<'a> {
    format: u32,
    exit: u8,
    gate: String,
    blocked: Vec<String>,
    counts: std::collections::BTreeMap<&'static str, usize>,
    #[serde(flatten)]
    comparison: &'a Comparison,
}

/// The file's text, ending in a newline.
///
/// # Errors
/// The JSON writer's own, which writing into memory does not have.
pub fn text(comparison: &Comparison, gate: &Gate) -> Result<String, serde_json::Error> {
    let counts = comparison.counts();
    let same = comparison.cases.iter().filter(|case| case.changes.is_empty()).count();
    let file = File {
        format: FORMAT,
        exit: gate.exit(comparison).code(),
        gate: gate.words(),
        blocked: gate.blocked(comparison),
        counts: Change::ALL
            .into_iter()
            .map(|change| (change.word(), counts.get(&change).copied().unwrap_or(0)))
            .chain([("same", same)])
            .collect(),
        comparison,
    };
    serde_json::to_string_pretty(&file).map(|text| text + "\n")
}

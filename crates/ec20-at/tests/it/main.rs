//! The crate's tests: one binary, one file per subject, rows before code.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    reason = "a test may fail by panicking"
)]

mod building;
mod capacity;
mod command_lines;
mod downloads;
mod fields;
mod forms;
mod framing;
mod laws;
mod peers;
mod refusals;
mod tolerances;
mod values;

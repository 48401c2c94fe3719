//! What the far end promises, as tests: the answer table over TCP, requests as they come, the answer file, the
//! store, and clients that mean harm.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by panicking")]

mod answers;
mod bench;
mod harm;
mod places;
mod plans;
mod requests;
mod store;

//! The laws, fed by properties.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by panicking")]

mod far_end;
mod foreign;
mod message;

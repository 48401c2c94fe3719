//! The laws, fed by properties, by every limit and by old crashers. The golden files feed them in the tests of `golden`.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by panicking")]

mod crashers;
mod drawn;
mod far_end;
mod foreign;
mod forms;
mod limits;
mod message;
mod stack;
mod tables;

//! The suite's tests: the format, the selection, and the executor against a small stranger.

mod executor;
mod format;
mod lint;
mod recorded;
mod selection;
mod stranger;
mod terminal;
mod verdicts;

//! The suite's tests: the format, the selection, and the executor against a small stranger.

mod arrival;
mod bench;
mod budget;
mod compare;
mod driver;
mod executor;
mod format;
mod hostile;
mod lint;
mod modes;
mod pack;
mod pair;
mod recorded;
mod rejudge;
mod report;
mod runs;
mod selection;
mod settings;
mod standing;
mod steps;
mod stranger;
mod terminal;
mod times;
mod verdicts;
mod waivers;

//! THE QUESTIONS: transcripts, their execution against a module, verdicts, the record of a run, reports.
//!
//! It knows the manual (`ec20-manual`), the two readings of the language (`ec20-grammar`, `ec20-at`) and the message (`mms-pdu`).
//! It refuses to know the simulated module: a suite that knows the simulator will fit the simulator. It opens no port, reads no clock,
//! and touches no file; a driver hands it bytes and times.

pub mod arrival;
pub mod compare;
pub mod composed;
pub mod effect;
pub mod escape;
pub mod executor;
pub mod firmware;
pub mod journal;
pub mod ledger;
pub mod lint;
pub mod mistake;
pub mod pack;
pub mod payload;
pub mod recorded;
pub mod redact;
pub mod rejudge;
pub mod report;
pub mod residue;
pub mod select;
pub mod setting;
pub mod standing;
pub mod suite;
pub mod trace;
pub mod transcript;
pub mod verdict;
pub mod waiver;

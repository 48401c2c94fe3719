//! THE PROMISES: the manual as data.
//!
//! Five tables, each one file under `data/`, each with a type here that reads it:
//!
//! | file | type | what a row is |
//! |---|---|---|
//! | `clauses.toml` | [`Clause`] | one promise of the manual, in our own words, with its limits as numbers |
//! | `errata.toml` | [`Erratum`] | one place where print and meaning differ, with the edits that lead from one to the other |
//! | `unknowns.toml` | [`Unknown`] | one question that only hardware answers, with the answers we know of |
//! | `commands.toml` | [`Command`] | one AT command: its forms, their effects, its patience, its final results |
//! | `codes.toml` | [`Codes`] | the error numbers: MMS, HTTP, file, bearer, generic |
//!
//! [`Catalogue::manual`] is all five, embedded and cross-checked. Nothing here talks to a port, knows the clock,
//! parses a stream or judges an answer: those who do ask here what was promised.
//!
//! ```
//! use ec20_manual::{Catalogue, Effect, FormKind};
//! let manual = Catalogue::manual();
//! let clause = manual.clause("CFG-MMSC-LENGTH").expect("the manual limits the URL");
//! assert_eq!(clause.limit.as_ref().map(|l| (l.accept, l.refuse)), Some((100, 101)));
//! assert_eq!(manual.classify("+QMMSEND", FormKind::Write, b"100", &|_| false), Effect::Billable);
//! ```

pub mod bound;
mod catalogue;
mod clause;
mod code;
mod command;
mod effect;
mod erratum;
mod mistake;
pub mod profile;
mod spelling;
mod toml_reason;
mod unknown;

pub use catalogue::{Catalogue, Sources};
pub use clause::{Clause, Kind, Level, Limit, Range};
pub use code::{Code, Codes};
pub use command::{Command, Form, FormKind, Milder, ResultLine};
pub use effect::{Effect, classify};
pub use erratum::{Edit, Erratum};
pub use mistake::{Mistake, MistakeKind};
pub use spelling::{did_you_mean, few_nearest, nearest};
pub use unknown::{Answer as KnownAnswer, Unknown};

//! The language on paper, executable: every command, answer, URC and result of the EC20's MMS manual as a pest grammar.
//!
//! This crate is one of two readings of the language. It is the slow and obvious one: the `.pest` files beside `Cargo.toml` are meant to be
//! read next to the manual, rule by rule, each rule naming the clause it stands for. The fast reading is `ec20-at`; neither knows the other,
//! and the laws compare them. This crate knows pest and nothing else: no streams, no counted data, no state.
//!
//! One form rule serves two strictnesses. The chapters (`mms.pest`, `files.pest`, `bearer.pest`, `core.pest`, over `values.pest`) say how
//! a line is built; `canonical.pest` and `tolerant.pest` say what each parameter and each separator may be.
//!
//! ```
//! use ec20_grammar::{read, Strictness, Unit};
//!
//! let line = br#"AT+QMMSCFG="proxy","10.0.0.172",80"#;
//! let reading = read(Unit::CommandLine, Strictness::Canonical, line)?;
//! let form = &reading.forms[0];
//! assert_eq!(form.name, "qmmscfg_proxy_write");
//! assert_eq!(form.field("gateway").map(|span| &line[span.range()]), Some(&b"10.0.0.172"[..]));
//! assert_eq!(form.field("port").map(|span| &line[span.range()]), Some(&b"80"[..]));
//!
//! // A port that the manual does not know is refused by the canonical reading and read by the tolerant one.
//! let line = br#"AT+QMMSCFG="proxy","10.0.0.172",65536"#;
//! assert!(read(Unit::CommandLine, Strictness::Canonical, line).is_err());
//! assert!(read(Unit::CommandLine, Strictness::Tolerant, line).is_ok());
//! # Ok::<(), ec20_grammar::Refusal>(())
//! ```

mod book;
mod bytes;
mod canonical;
mod reading;
mod rules;
mod tolerant;

pub use reading::{Field, FormReading, Probe, Reading, Refusal, Span, Strictness, Unit, probe, read};
pub use rules::{RuleInfo, rules, source, value};

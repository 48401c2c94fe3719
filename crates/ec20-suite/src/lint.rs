//! The linter: reads a log as people have it and says where it breaks a promise.
//!
//! It knows the same language and the same standing clauses as the suite. On a healthy log it says nothing: commands and URCs that
//! the manual does not have are silent unless asked for, and what the manual leaves open is no finding.

mod command;
mod log;
mod module;

use std::ops::Range;

use log::{Entry, Speaker};

use crate::standing::Modes;

/// What sort of trouble a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A value outside its limits.
    OutOfRange,
    /// Bytes that are no command, or a known command in a form it does not have.
    Malformed,
    /// A misprint of the manual, used as if it were true.
    Erratum,
    /// The bytes round a line are not those of V.250.
    Framing,
    /// An answer that does not fit its command.
    WrongAnswer,
    /// A URC where it may not stand.
    UrcPlace,
    /// A command without its final result.
    FinalMissing,
    /// A final result that no command asked for.
    SurplusFinal,
    /// Well formed, but nothing the manual has. Only when asked for.
    Unknown,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// What sort of trouble.
    pub kind: Kind,
    /// Where, in bytes of the file.
    pub span: Range<usize>,
    /// The clause or erratum that says so.
    pub clause: Option<String>,
    /// What may stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

/// What to look for beyond the usual.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Name commands and URCs that the manual does not have.
    pub unknown: bool,
}

/// The findings in one log, in the order of their places.
///
/// ```
/// use ec20_suite::lint::{Kind, Options, lint};
/// let log = b"> AT+QMMSCFG=\"contextid\",17\n< +CME ERROR: 756\n";
/// let findings = lint(log, Options::default()).unwrap();
/// assert_eq!((findings[0].kind, findings[0].span.clone()), (Kind::OutOfRange, 25..27));
/// ```
///
/// # Errors
/// Why the bytes are no log: nothing in them looks like AT.
pub fn lint(log: &[u8], options: Options) -> Result<Vec<Finding>, &'static str> {
    let entries = log::read(log)?;
    let mut linter = Linter::new(&entries, options);
    for (index, entry) in entries.iter().enumerate() {
        match entry.speaker {
            Speaker::Host => linter.host(index, entry),
            Speaker::Module => linter.module(index, entry),
        }
    }
    linter.findings.sort_by_key(|finding| (finding.span.start, finding.span.end, finding.kind));
    linter.findings.dedup();
    Ok(linter.findings)
}

/// A command whose answer is being read.
#[derive(Debug)]
struct Open {
    text: Vec<u8>,
    span: Range<usize>,
    /// Its commands, by the command table's name; none for one that the table does not have.
    names: Vec<Option<String>>,
    answered: bool,
    data: Data,
    /// Whether anything but an echo came since it was sent.
    heard: bool,
}

/// Counted data that may stand where lines stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Data {
    None,
    /// The host's: nothing of it is a command, until the module reports.
    Upload,
    /// The module's: nothing of it is a line, until one begins with this.
    Download(&'static [u8]),
}

struct Linter<'a> {
    entries: &'a [Entry],
    options: Options,
    findings: Vec<Finding>,
    open: Option<Open>,
    /// Sends answered with OK whose result has not come; none before the first.
    owed: Option<u32>,
    modes: Modes,
    /// Whether the log has both sides.
    both: bool,
}

impl<'a> Linter<'a> {
    fn new(entries: &'a [Entry], options: Options) -> Self {
        let spoke = |speaker| entries.iter().any(|entry| entry.speaker == speaker);
        Self {
            entries,
            options,
            findings: Vec::new(),
            open: None,
            owed: None,
            modes: Modes::default(),
            both: spoke(Speaker::Host) && spoke(Speaker::Module),
        }
    }

    /// A finding on part of an entry; `part` counts from the entry's first byte.
    fn find(
        &mut self,
        kind: Kind,
        entry: &Entry,
        part: Range<usize>,
        finding: (Option<&str>, String, String),
    ) {
        let (clause, expected, found) = finding;
        // The place of an escaped line is known as a whole only.
        let span = if entry.span.len() == entry.text.len() {
            entry.span.start + part.start..entry.span.start + part.end.max(part.start)
        } else {
            entry.span.clone()
        };
        self.findings.push(Finding { kind, span, clause: clause.map(str::to_owned), expected, found });
    }
}

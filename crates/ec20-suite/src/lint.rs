//! The linter: reads a log as people have it and says where it breaks a promise.
//!
//! It knows the same language and the same standing clauses as the suite. On a healthy log it says nothing: commands and URCs that
//! the manual does not have are silent unless asked for, and what the manual leaves open is no finding.

mod command;
mod log;
mod module;

use std::ops::Range;

use ec20_manual::Catalogue;
use ec20_manual::bound::{EXPECTED, FOUND, clipped};
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

/// The bytes of a log as all else here reads them: UTF-16, as some shells save what they redirect, becomes UTF-8; a byte order mark goes.
///
/// Places count in what this gives back.
///
/// ```
/// use ec20_suite::lint::plain;
/// assert_eq!(plain(b"\xFF\xFEA\0T\0\n\0".to_vec()), b"AT\n");
/// assert_eq!(plain(b"\xEF\xBB\xBFAT\n".to_vec()), b"AT\n");
/// assert_eq!(plain(b"AT\r\r\nOK\r\n".to_vec()), b"AT\r\r\nOK\r\n");
/// ```
pub fn plain(bytes: Vec<u8>) -> Vec<u8> {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units).into_bytes()
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => rest.to_vec(),
        _ => bytes,
    }
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
    let mut findings = Vec::new();
    for entries in log::read(log)? {
        let mut linter = Linter::new(&entries, options);
        for (index, entry) in entries.iter().enumerate() {
            match entry.speaker {
                Speaker::Host => linter.host(index, entry),
                Speaker::Module => linter.module(index, entry),
            }
        }
        findings.append(&mut linter.findings);
    }
    findings.sort_by_key(|finding| (finding.span.start, finding.span.end, finding.kind));
    findings.dedup();
    for finding in &mut findings {
        finding.expected = clipped(&finding.expected, EXPECTED);
        finding.found = clipped(&finding.found, FOUND);
    }
    Ok(findings)
}

/// Whether a command is of a standard that every release adds values and fields to: what the manuals have of it is not all there is.
fn grows(name: &str) -> bool {
    Catalogue::manual().command(name).is_some_and(|command| command.source.starts_with("3GPP"))
}

/// A command whose answer is being read.
#[derive(Debug)]
struct Open {
    text: Vec<u8>,
    span: Range<usize>,
    /// Its commands, by the command table's name; none for one that the table does not have.
    names: Vec<Option<String>>,
    end: End,
    data: Data,
    /// Whether anything but an echo came since it was sent.
    heard: bool,
    /// Whether the log tells the bytes that ended its lines, so that nobody shortened it by hand.
    told: bool,
}

/// How far the answer to a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It may go on.
    Open,
    /// It has a final result.
    Result,
    /// It ended in another way: a call was cleared, or the module started anew.
    Other,
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
    /// Where the module speaks for the first and the last time.
    words: Range<usize>,
    /// Whether the module waits for text, not for a command: it said `>`.
    prompted: bool,
    /// Whether the log has both sides, and keeps final results.
    both: bool,
}

impl<'a> Linter<'a> {
    fn new(entries: &'a [Entry], options: Options) -> Self {
        let asked = entries.iter().any(|entry| entry.speaker == Speaker::Host);
        let spoken =
            || entries.iter().filter(|entry| entry.speaker == Speaker::Module).map(|entry| entry.span.start);
        // Some tools drop every result, and show what came before it.
        let results = |entry: &Entry| entry.speaker == Speaker::Module && module::is_final(&entry.text);
        Self {
            entries,
            options,
            findings: Vec::new(),
            open: None,
            owed: None,
            modes: Modes::default(),
            words: Range {
                start: spoken().next().unwrap_or_default(),
                end: spoken().next_back().unwrap_or_default(),
            },
            prompted: false,
            both: asked && entries.iter().any(results),
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

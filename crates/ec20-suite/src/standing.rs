//! Standing clauses: what holds in every exchange, whatever the case asks.
//!
//! The suite applies them to every exchange, the linter to any log. A breach fails the standing clause, not the case that ran. It knows
//! lines and their order; it does not know transcripts.

use std::collections::{BTreeMap, BTreeSet};

use ec20_at::command_line::Command;
use ec20_at::{Dialect, Form, command_line};
use ec20_manual::Catalogue;

use crate::escape::escaped;
use crate::verdict::Verdict;

/// An answer ends with exactly one final result.
pub const ONE_FINAL: &str = "V250-ONE-FINAL";
/// An accepted QMMSEND brings exactly one result.
pub const ONE_RESULT: &str = "SEND-ONE-RESULT";
/// The result of a QMMSEND comes behind its OK.
pub const OK_FIRST: &str = "SEND-OK-FIRST";
/// A result or information line stands between CR LF pairs.
pub const FRAME: &str = "V250-FRAME";
/// After ATV0 a result is a number and a CR.
pub const NUMERIC: &str = "V250-NUMERIC";
/// An unsolicited line stands between CR LF pairs, too.
pub const URC: &str = "V250-URC";

/// With echo on each command comes back before its answer, with echo off none does.
pub const ECHO: &str = "V250-ECHO";
/// What comes between a command and its final result is its answer, or unsolicited.
pub const ANSWER_FITS: &str = "V250-ANSWER-FITS";

/// A breach of a standing clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The clause.
    pub clause: String,
    /// What it asks for, here.
    pub expected: String,
    /// What came, escaped.
    pub came: String,
}

/// The books of one run or log.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    exchanges: u64,
    open_sends: u32,
    /// Results that came before the OK of their QMMSEND.
    early_results: u32,
    broken: BTreeSet<String>,
    /// How often each clause could have been broken.
    exercised: BTreeMap<&'static str, u64>,
}

/// The clauses that every exchange can break.
const ALWAYS: [&str; 3] = [ONE_FINAL, ECHO, ANSWER_FITS];

/// The clauses about an unsolicited line, by how the line begins.
const BY_LINE: [(&[u8], &str); 5] = [
    (b"RDY", "CORE-BOOT"),
    (b"RING", "CORE-RING"),
    (b"+CMTI:", "CORE-CMTI"),
    (b"+QIURC: \"pdpdeact\"", "BEARER-PDPDEACT"),
    (b"+QMMSEND:", ONE_RESULT),
];

impl Standing {
    /// An exchange begins.
    pub fn exchange(&mut self) {
        self.exchanges += 1;
        for clause in ALWAYS {
            self.exercise(clause);
        }
    }

    /// An information line came: it could have broken the clauses about such lines.
    pub fn information_line(&mut self) {
        for clause in ["V250-INFO-LINE", "V250-INFO-TEXT", FRAME] {
            self.exercise(clause);
        }
    }

    /// A final result came.
    pub fn final_result(&mut self, line: &[u8]) {
        self.exercise("V250-RESULT-CODE");
        let numeric = !line.is_empty() && line.iter().all(u8::is_ascii_digit);
        self.exercise(if numeric { NUMERIC } else { FRAME });
        if line.starts_with(b"+CMS ERROR") {
            self.exercise("CORE-CMS");
        }
    }

    /// An unsolicited line came.
    fn unsolicited(&mut self, line: &[u8]) {
        self.exercise(URC);
        if let Some((_, clause)) = BY_LINE.iter().find(|(start, _)| line.starts_with(start)) {
            self.exercise(clause);
        }
    }

    fn exercise(&mut self, clause: &'static str) {
        let count = self.exercised.entry(clause).or_default();
        *count = count.saturating_add(1);
    }

    /// A QMMSEND was answered with OK: it owes a result.
    pub fn send_accepted(&mut self) {
        self.exercise(ONE_RESULT);
        match self.early_results.checked_sub(1) {
            Some(left) => self.early_results = left,
            None => self.open_sends += 1,
        }
    }

    /// A line that came by itself while a QMMSEND has no answer yet.
    pub fn urc_before_ok(&mut self, line: &[u8]) -> Option<Breach> {
        // That of an earlier send may come then.
        if self.open_sends > 0 || !line.starts_with(b"+QMMSEND:") {
            return self.urc(line);
        }
        self.unsolicited(line);
        self.early_results += 1;
        Some(Breach {
            clause: OK_FIRST.to_owned(),
            expected: "OK, and the result behind it".to_owned(),
            came: format!("{} before the OK", escaped(line)),
        })
    }

    /// A line that came by itself.
    pub fn urc(&mut self, line: &[u8]) -> Option<Breach> {
        self.unsolicited(line);
        if !line.starts_with(b"+QMMSEND:") {
            return None;
        }
        if self.open_sends == 0 {
            return Some(Breach {
                clause: ONE_RESULT.to_owned(),
                expected: "one +QMMSEND for each QMMSEND that was answered with OK".to_owned(),
                came: escaped(line),
            });
        }
        self.open_sends -= 1;
        None
    }

    /// A final result that no command asked for.
    pub fn surplus(&mut self, line: &[u8]) -> Breach {
        Breach {
            clause: ONE_FINAL.to_owned(),
            expected: "one final result for each command line".to_owned(),
            came: format!("{} after the answer had ended", escaped(line)),
        }
    }

    /// Notes a breach.
    pub fn broken(&mut self, clause: String) {
        self.broken.insert(clause);
    }

    /// What each standing clause of the catalogue came to, and how often it could have been broken; at 0 it was not exercised.
    pub fn verdicts(&self) -> Vec<(String, Verdict, u64)> {
        if self.exchanges == 0 {
            return Vec::new();
        }
        let standing = Catalogue::manual().clauses().iter().filter(|clause| clause.standing);
        let mut verdicts: BTreeMap<String, Verdict> =
            standing.map(|clause| (clause.id.clone(), Verdict::Pass)).collect();
        for clause in &self.broken {
            verdicts.insert(clause.clone(), Verdict::Fail);
        }
        let times = |clause: &str| self.exercised.get(clause).copied().unwrap_or(0);
        verdicts
            .into_iter()
            .map(|(clause, verdict)| {
                // What broke it did exercise it.
                let times = times(&clause).max(u64::from(verdict == Verdict::Fail));
                (clause, verdict, times)
            })
            .collect()
    }
}

/// How answers look, as far as commands have changed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modes {
    /// Results are words: V1.
    verbose: bool,
    /// Line ends are CR LF: S3 and S4 as the factory left them.
    marks: [bool; 2],
    /// Results come at all: Q0.
    pub results: bool,
}

impl Default for Modes {
    fn default() -> Self {
        Self { verbose: true, marks: [true; 2], results: true }
    }
}

impl Modes {
    /// Whether lines stand between CR LF pairs.
    pub fn framed(&self) -> bool {
        self.verbose && self.marks == [true; 2]
    }

    /// Whether results are numbers and a CR.
    pub fn numeric(&self) -> bool {
        !self.verbose && self.marks == [true; 2]
    }

    /// A command line left: what it may change counts from its answer on. Says whether it may change anything.
    pub fn command(&mut self, line: &[u8]) -> bool {
        let Ok(read) = command_line::read(line, Dialect::TOLERANT) else { return false };
        let mut changes = false;
        let sets = read.commands().map_while(Result::ok).filter(|command| !asks(command));
        for command in sets {
            let arguments = command.arguments();
            let on = !matches!(arguments, b"0" | b"");
            changes |= ["V", "Q", "S3", "S4", "Z", "&F"].iter().any(|name| command.is(name));
            match () {
                () if command.is("V") => self.verbose = on,
                () if command.is("Q") => self.results = !on,
                // Without a value it is only pointed at.
                () if command.is("S3") && !arguments.is_empty() => self.marks[0] = is_number(arguments, 13),
                () if command.is("S4") && !arguments.is_empty() => self.marks[1] = is_number(arguments, 10),
                () if command.is("Z") || command.is("&F") => *self = Self::default(),
                () => {}
            }
        }
        changes
    }

    /// What the line orders the echo to be, if it is plain: the last `E` of it, with nothing else that changes echo.
    pub fn ordered_echo(line: &[u8]) -> Option<bool> {
        let read = command_line::read(line, Dialect::TOLERANT).ok()?;
        let mut ordered = None;
        for command in read.commands().map_while(Result::ok) {
            match () {
                () if command.is("E") => ordered = Some(command.arguments() == b"1"),
                () if ["Z", "&F", "+CFUN"].iter().any(|name| command.is(name)) => return None,
                () => {}
            }
        }
        ordered
    }

    /// Whether echo may be another one after this line.
    pub fn may_change_echo(line: &[u8]) -> bool {
        let Ok(read) = command_line::read(line, Dialect::TOLERANT) else { return false };
        let mut commands = read.commands().map_while(Result::ok);
        commands
            .any(|command| !asks(&command) && ["E", "Z", "&F", "+CFUN"].iter().any(|name| command.is(name)))
    }
}

/// Whether a command leaves everything as it is.
fn asks(command: &Command<'_>) -> bool {
    matches!(command.form(), Form::Read | Form::Test)
}

fn is_number(digits: &[u8], wanted: u32) -> bool {
    std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()) == Some(wanted)
}

/// Whether bytes between two texts are what ATV0 leaves of the frame: a CR alone behind a number, and before one nothing but the end of
/// what came before it.
///
/// ```
/// use ec20_suite::standing::is_numeric_frame;
/// // Behind a number, whatever comes next.
/// assert!(is_numeric_frame(b"\r", (true, false), false) && is_numeric_frame(b"\r\r\n", (true, false), false));
/// assert!(!is_numeric_frame(b"\r\n", (true, false), false));
/// // Before a number: behind the echo, and behind an information line.
/// assert!(is_numeric_frame(b"\r", (false, true), true) && is_numeric_frame(b"\r\n", (false, false), true));
/// assert!(!is_numeric_frame(b"\r\r\n", (false, true), true) && !is_numeric_frame(b"\n", (false, false), true));
/// ```
pub fn is_numeric_frame(gap: &[u8], (after_number, after_echo): (bool, bool), before_number: bool) -> bool {
    match (after_number, before_number) {
        (true, _) => gap.starts_with(b"\r") && !gap.starts_with(b"\r\n"),
        (false, true) if after_echo => gap == b"\r",
        (false, true) => is_frame(gap, false),
        (false, false) => true,
    }
}

/// Whether bytes between two lines are a frame: CR LF pairs, one or two of them; after an echo, its own CR first.
///
/// V.250 promises the frame round an answer and each result; whether one pair or two stand between the lines of one answer, and whether
/// an LF behind the command's CR is echoed, are unknowns.
///
/// ```
/// use ec20_suite::standing::is_frame;
/// assert!(is_frame(b"\r\r\n", true) && is_frame(b"\r\n\r\n", true));
/// assert!(is_frame(b"\r\n\r\n", false) && is_frame(b"\r\n", false));
/// assert!(!is_frame(b"\n", false) && !is_frame(b"\r\r\n", false) && !is_frame(b"\r\n", true));
/// ```
pub fn is_frame(gap: &[u8], after_echo: bool) -> bool {
    let pairs = |gap: &[u8]| matches!(gap, b"\r\n" | b"\r\n\r\n");
    if !after_echo {
        return pairs(gap);
    }
    let Some(gap) = gap.strip_prefix(b"\r") else { return false };
    pairs(gap) || gap.strip_prefix(b"\n").is_some_and(pairs)
}

//! The frame round what a module says: information lines, results, unsolicited lines.
//!
//! Knows V.250's frame with `V`, `Q`, S3 and S4, the form of errors with `+CMEE`, and the marks that a deviation changes.
//! Refuses to know why an answer is what it is.

use ec20_manual::Catalogue;
use ec20_manual::profile::FrameMark;

use crate::session::Session;

/// How a command ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Final {
    Ok,
    Error,
    /// `+CME ERROR: <n>`, in the form that `AT+CMEE` asks for.
    Cme(u16),
    /// `+CMS ERROR: <n>`, likewise.
    Cms(u16),
    NoCarrier,
    /// `CONNECT`, with a length where the command tells one.
    Connect(Option<usize>),
}

/// Why a command is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The bare `ERROR`.
    Error,
    /// An error number.
    Cme(u16),
    /// An error number of the message service.
    Cms(u16),
    /// The whole answer, word for word; no line at all means silence.
    Verbatim(Vec<String>),
}

impl Refusal {
    /// The refusal that these lines of a whole answer stand for: a lone error result keeps the form that `AT+CMEE`
    /// asks for, everything else is said word for word.
    pub(crate) fn from_lines(lines: &[String]) -> Self {
        if let [only] = lines {
            if only == "ERROR" {
                return Self::Error;
            }
            if let Some(code) = only.strip_prefix("+CME ERROR: ").and_then(|n| n.parse().ok()) {
                return Self::Cme(code);
            }
        }
        Self::Verbatim(lines.to_vec())
    }
}

/// Whether a line ends an answer.
pub(crate) fn is_final(line: &[u8]) -> bool {
    matches!(line, b"OK" | b"ERROR" | b"NO CARRIER" | b"CONNECT" | b"BUSY" | b"NO ANSWER" | b"NO DIALTONE")
        || line.starts_with(b"+CME ERROR")
        || line.starts_with(b"+CMS ERROR")
}

/// The marks that deviations have changed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    marks: Vec<(FrameMark, Vec<u8>)>,
    finals: Vec<(String, String)>,
}

impl Marks {
    pub(crate) fn set(&mut self, mark: FrameMark, bytes: &str) {
        self.marks.push((mark, bytes.as_bytes().to_vec()));
    }

    /// In every final result the first text becomes the second.
    pub(crate) fn respell(&mut self, from: &str, to: &str) {
        self.finals.push((from.to_owned(), to.to_owned()));
    }

    fn spelled(&self, line: &[u8]) -> Vec<u8> {
        self.finals.iter().fold(line.to_vec(), |line, (from, to)| {
            String::from_utf8_lossy(&line).replace(from.as_str(), to).into_bytes()
        })
    }

    fn get(&self, mark: FrameMark) -> Option<&[u8]> {
        self.marks.iter().find(|(m, _)| *m == mark).map(|(_, bytes)| &bytes[..])
    }
}

/// Writes framed lines.
pub(crate) struct Frame<'a> {
    pub(crate) session: &'a Session,
    pub(crate) marks: &'a Marks,
    /// Two line ends between the lines of one answer instead of one.
    pub(crate) wide: bool,
}

/// The words for an error number, for `AT+CMEE=2`.
fn words(code: u16) -> Option<&'static str> {
    Catalogue::manual().codes().cme_text(code)
}

impl Frame<'_> {
    fn mark(&self, mark: FrameMark, out: &mut Vec<u8>) {
        if let Some(bytes) = self.marks.get(mark) {
            out.extend_from_slice(bytes);
            return;
        }
        let (cr, lf, verbose) = (self.session.terminator(), self.session.formatter(), self.session.verbose);
        match mark {
            FrameMark::InformationStart | FrameMark::FinalStart if !verbose => {}
            FrameMark::FinalEnd if !verbose => out.push(cr),
            _ => out.extend_from_slice(&[cr, lf]),
        }
    }

    /// The information lines of one answer.
    pub(crate) fn information(&self, lines: &[Vec<u8>], out: &mut Vec<u8>) {
        for (nth, line) in lines.iter().enumerate() {
            if nth == 0 || self.wide {
                self.mark(FrameMark::InformationStart, out);
            }
            out.extend_from_slice(line);
            self.mark(FrameMark::InformationEnd, out);
        }
    }

    /// A final result; nothing at all after `ATQ1`.
    pub(crate) fn result(&self, result: &Final, out: &mut Vec<u8>) {
        if self.session.quiet {
            return;
        }
        let (verbose, cmee) = (self.session.verbose, self.session.cmee);
        let words = match result {
            Final::Ok => word(verbose, "OK", "0"),
            Final::Connect(None) => word(verbose, "CONNECT", "1"),
            Final::Connect(Some(length)) if verbose => format!("CONNECT {length}"),
            Final::Connect(Some(_)) => "1".into(),
            Final::NoCarrier => word(verbose, "NO CARRIER", "3"),
            Final::Error => word(verbose, "ERROR", "4"),
            Final::Cme(_) | Final::Cms(_) if cmee == 0 => word(verbose, "ERROR", "4"),
            Final::Cme(code) => match words(*code).filter(|_| cmee == 2) {
                Some(words) => format!("+CME ERROR: {words}"),
                None => format!("+CME ERROR: {code}"),
            },
            Final::Cms(code) => format!("+CMS ERROR: {code}"),
        };
        self.verbatim_final(words.as_bytes(), out);
    }

    fn verbatim_final(&self, line: &[u8], out: &mut Vec<u8>) {
        self.mark(FrameMark::FinalStart, out);
        out.extend_from_slice(&self.marks.spelled(line));
        self.mark(FrameMark::FinalEnd, out);
    }

    /// A whole answer, word for word.
    pub(crate) fn verbatim(&self, lines: &[Vec<u8>], out: &mut Vec<u8>) {
        match lines.split_last() {
            Some((last, before)) if is_final(last) => {
                self.information(before, out);
                self.verbatim_final(last, out);
            }
            _ => self.information(lines, out),
        }
    }

    /// A line that nobody asked for.
    pub(crate) fn unsolicited(&self, line: &[u8], out: &mut Vec<u8>) {
        self.mark(FrameMark::UrcStart, out);
        out.extend_from_slice(line);
        self.mark(FrameMark::UrcEnd, out);
    }
}

fn word(verbose: bool, words: &str, number: &str) -> String {
    if verbose { words } else { number }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(set: impl FnOnce(&mut Session), lines: &[&str], result: &Final, expected: &str) {
        let mut session = Session::factory();
        set(&mut session);
        let mut out = Vec::new();
        let frame = Frame { session: &session, marks: &Marks::default(), wide: false };
        frame.information(&lines.iter().map(|l| l.as_bytes().to_vec()).collect::<Vec<_>>(), &mut out);
        frame.result(result, &mut out);
        assert_eq!(out.escape_ascii().to_string(), expected);
    }

    #[test]
    fn the_frame_of_v250() {
        check(|_| (), &[], &Final::Ok, r"\r\nOK\r\n");
        check(|_| (), &["+A: 1", "+A: 2"], &Final::Ok, r"\r\n+A: 1\r\n+A: 2\r\n\r\nOK\r\n");
        check(|s| s.verbose = false, &["+A: 1"], &Final::Error, r"+A: 1\r\n4\r");
        check(|s| s.quiet = true, &["+A: 1"], &Final::Ok, r"\r\n+A: 1\r\n");
        check(|s| s.cmee = 0, &[], &Final::Cme(10), r"\r\nERROR\r\n");
        check(|s| s.cmee = 1, &[], &Final::Cme(10), r"\r\n+CME ERROR: 10\r\n");
        check(|s| s.cmee = 2, &[], &Final::Cme(10), r"\r\n+CME ERROR: SIM not inserted\r\n");
        let other = |s: &mut Session| {
            s.registers.insert(3, b'!');
            s.registers.insert(4, b'#');
        };
        check(other, &["+A: 1"], &Final::Ok, r"!#+A: 1!#!#OK!#");
    }
}

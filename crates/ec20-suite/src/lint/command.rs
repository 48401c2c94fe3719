//! The host's side of a log: command lines.
//!
//! It knows which mistakes are the host's own, and which the manual printed for it.

use ec20_at::{Dialect, Error, Tolerance, Unit, command_line, read_unit};
use ec20_manual::Catalogue;

use super::log::Entry;
use super::{Data, End, Kind, Linter, Open, grows};
use crate::escape::escaped;
use crate::standing;

impl Linter<'_> {
    pub(super) fn host(&mut self, index: usize, entry: &Entry) {
        let text = entry.text.as_slice();
        if let Some(open) = &self.open {
            let in_data = open.data != Data::None && open.end != End::Result;
            let echo = !open.heard && open.text == text && self.echoes(index, entry);
            if in_data || echo {
                return;
            }
            if std::mem::take(&mut self.prompted) {
                return;
            }
            self.unanswered();
        }
        if !text.get(..1).is_some_and(|first| first.eq_ignore_ascii_case(b"A")) {
            // ESC, Ctrl-Z, text behind a prompt: nothing that a command line's grammar knows.
            return;
        }
        self.judge(entry);
        self.modes.command(text);
        let names = command_line::read(text, Dialect::TOLERANT).map_or_else(
            |_| Vec::new(),
            |line| line.commands().map_while(Result::ok).map(|command| name_of(command.name())).collect(),
        );
        self.open = Some(Open {
            text: text.to_vec(),
            span: entry.span.clone(),
            names,
            end: End::Open,
            data: Data::None,
            heard: false,
            told: entry.frame.is_some(),
        });
    }

    /// Whether a command that stands twice in a row is one command and its echo: the other copy ends in CR CR LF, or in nothing.
    fn echoes(&self, index: usize, entry: &Entry) -> bool {
        let before = index.checked_sub(1).and_then(|before| self.entries.get(before));
        before.is_some_and(|before| before.text == entry.text)
    }

    /// The open command was never answered, and the next one leaves.
    fn unanswered(&mut self) {
        let Some(open) = self.open.take() else { return };
        // A basic command that nobody hears is how a host finds its module.
        let early = open.span.start < self.words.start && !open.text.contains(&b'+');
        let bare = open.text.eq_ignore_ascii_case(b"AT") || early;
        if open.end != End::Open || bare || !self.both || !self.modes.results || open.names.is_empty() {
            return;
        }
        // What ends the answer to a command that the manual does not have may be anything, `SEND OK`; and people leave out what they
        // take for granted.
        let names = || open.names.iter();
        let shortened = !open.told && names().flatten().all(|name| grows(name));
        if open.heard && (shortened || names().any(Option::is_none)) {
            return;
        }
        // Nothing came any more: the log ends there, whatever was typed.
        if self.words.end < open.span.start {
            return;
        }
        let found = "the next command".to_owned();
        self.findings.push(super::Finding {
            kind: Kind::FinalMissing,
            span: open.span,
            clause: Some(standing::ONE_FINAL.to_owned()),
            expected: "a final result (OK, ERROR, +CME ERROR)".to_owned(),
            found,
        });
    }

    fn judge(&mut self, entry: &Entry) {
        let text = entry.text.as_slice();
        // Elided by whoever wrote it down.
        if text.ends_with(b"...") || text.ends_with("\u{2026}".as_bytes()) {
            return;
        }
        let Err(error) = read_unit(Unit::CommandLine, Dialect::CANONICAL, text, |_| {}) else { return };
        let tolerant = read_unit(Unit::CommandLine, Dialect::TOLERANT, text, |_| {});
        let without = |tolerance| {
            read_unit(Unit::CommandLine, Dialect::TOLERANT.without(tolerance), text, |_| {}).is_err()
        };
        match tolerant {
            Ok(()) if without(Tolerance::SmartQuotes) => {
                let expected = "ASCII quotes".to_owned();
                self.misprint("E03", entry, error, expected, "typographic quotes, as the manual prints them");
            }
            Ok(()) if without(Tolerance::KeyBlank) => {
                let expected = "the key without a blank".to_owned();
                self.misprint("E02", entry, error, expected, "a blank at the end of the key");
            }
            Ok(()) if without(Tolerance::AnyValue) && !Self::is_open_value(text, &error) => {
                self.refused(Kind::OutOfRange, entry, &error);
            }
            Ok(()) => {}
            Err(error) => self.unreadable(entry, &error),
        }
    }

    /// Whether a value that the manuals do not have is nobody's promise: that of a command whose standard has more.
    fn is_open_value(text: &[u8], error: &Error) -> bool {
        let command = command_line::read(text, Dialect::TOLERANT).ok().and_then(|line| {
            let at = |span: ec20_at::Span| span.start <= error.span.start && error.span.end <= span.end;
            line.commands().map_while(Result::ok).find(|command| at(command.span()))
        });
        error.clause.is_none()
            && command.and_then(|command| name_of(command.name())).is_some_and(|name| grows(&name))
    }

    fn misprint(&mut self, erratum: &str, entry: &Entry, error: Error, expected: String, found: &str) {
        let part = error.span.start..error.span.end;
        self.find(Kind::Erratum, entry, part, (Some(erratum), expected, found.to_owned()));
    }

    fn refused(&mut self, kind: Kind, entry: &Entry, error: &Error) {
        let part = error.span.start..error.span.end;
        let found = match error.found {
            ec20_at::Found::Value => format!("`{}`", escaped(error.span.of(&entry.text))),
            other => other.to_string(),
        };
        self.find(kind, entry, part, (error.clause, error.expected.to_string(), found));
    }

    /// Not even tolerantly a command of the manual: another module's command, a misprint, or a mistake.
    fn unreadable(&mut self, entry: &Entry, error: &Error) {
        let text = entry.text.as_slice();
        let parsed: Result<Vec<_>, Error> =
            command_line::read(text, Dialect::TOLERANT).and_then(|line| line.commands().collect());
        let Ok(commands) = parsed else {
            return self.refused(Kind::Malformed, entry, error);
        };
        for command in commands {
            let span = command.span();
            if name_of(command.name()).is_none() || is_other_basic(command.name()) {
                if self.options.unknown {
                    let found = format!("`{}`", escaped(command.name()));
                    let expected = "a command of the manual".to_owned();
                    self.find(Kind::Unknown, entry, span.start..span.end, (None, expected, found));
                }
            } else if let Err(error) = command.reading()
                && !name_of(command.name()).is_some_and(|name| grows(&name))
            {
                let sendparam =
                    command.parameter(0).is_some_and(|key| key.bytes().eq_ignore_ascii_case(b"sendparam"));
                if sendparam && command.parameters().count() == 6 {
                    let expected = "six values, <readrep> among them".to_owned();
                    let found = "five, as 1.1 prints them".to_owned();
                    self.find(Kind::Erratum, entry, span.start..span.end, (Some("E01"), expected, found));
                } else {
                    self.refused(Kind::Malformed, entry, &error);
                }
            }
        }
    }
}

/// The command table's name of a command, if the table has it.
fn name_of(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    Catalogue::manual().command(name).map(|command| command.name.clone())
}

/// A basic command of V.250 (6.2, 6.3) that the table knows by what it does, and the manual has nothing of: `ATX4`, `AT&W`.
fn is_other_basic(name: &[u8]) -> bool {
    [&b"X"[..], b"L", b"M", b"&W", b"&C", b"&D", b"&K", b"&S", b"&V", b"&Y"]
        .iter()
        .any(|other| name.eq_ignore_ascii_case(other))
}

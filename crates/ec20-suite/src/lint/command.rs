//! The host's side of a log: command lines.
//!
//! It knows which mistakes are the host's own, and which the manual printed for it.

use ec20_at::{Dialect, Error, Tolerance, Unit, command_line, read_unit};
use ec20_manual::Catalogue;

use super::log::Entry;
use super::{Data, Kind, Linter, Open};
use crate::escape::escaped;
use crate::standing;

impl Linter<'_> {
    pub(super) fn host(&mut self, index: usize, entry: &Entry) {
        let text = entry.text.as_slice();
        if let Some(open) = &self.open {
            let in_data = open.data != Data::None && !open.answered;
            let echo = !open.heard && open.text == text && self.echoes(index, entry);
            if in_data || echo {
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
            answered: false,
            data: Data::None,
            heard: false,
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
        let bare = open.text.eq_ignore_ascii_case(b"AT");
        // A bare AT that nobody hears is how a host finds its module.
        if open.answered || bare || !self.both || !self.modes.results || open.names.is_empty() {
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
            Ok(()) if without(Tolerance::AnyValue) => self.refused(Kind::OutOfRange, entry, &error),
            Ok(()) => {}
            Err(error) => self.unreadable(entry, &error),
        }
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
            } else if let Err(error) = command.reading() {
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

//! What the module answers, unit by unit: which forms a line may have, by its prefix or by its text.

use super::line::Line;
use super::{Reading, best};
use crate::forms::{self, CommandSpec};
use crate::{Dialect, Error, ErrorKind, Expected, Found, Span, Tolerance, judge, parameter};

pub(super) fn information(bytes: &[u8], dialect: Dialect) -> Result<Reading, Error> {
    let line = Line::new(bytes, dialect);
    let (name, from) = line.prefix()?;
    match forms::prefix(name) {
        Some(command) if !command.lines.is_empty() => line.try_forms(command.lines, from),
        _ => Err(line.unknown("an information line of the manual")),
    }
}

pub(super) fn information_of(name: &str, bytes: &[u8], dialect: Dialect) -> Result<Reading, Error> {
    let line = Line::new(bytes, dialect);
    let Some(command) = forms::commands().find(|command| stem(command) == name) else {
        return Err(line.unknown("the name of a command"));
    };
    if command.plain_lines.is_empty() {
        let (prefix, from) = line.prefix()?;
        if prefix != command.name.as_bytes() {
            return Err(line.unknown("an information line of the command"));
        }
        return line.try_forms(command.lines, from);
    }
    let attempts = command.plain_lines.iter().map(|spec| {
        let from = line.span.start;
        if spec.name != "i_revision_info" {
            return line.try_form(spec, from);
        }
        if !line.text().starts_with(b"Revision:") {
            return Err(line.unknown("`Revision: `"));
        }
        line.behind_colon(from.wrapping_add(8)).and_then(|text| line.try_form(spec, text))
    });
    best(attempts, line.unknown("an information line of the command"))
}

/// The name of a command in the names of its forms.
fn stem(command: &'static CommandSpec) -> &'static str {
    let first = command.forms.first().map_or("", |(_, spec)| spec.name);
    first.rsplit_once('_').map_or(first, |(stem, _)| stem)
}

pub(super) fn urc(bytes: &[u8], dialect: Dialect) -> Result<Reading, Error> {
    let line = Line::new(bytes, dialect);
    if let Some((_, spec)) = forms::PLAIN_URCS.iter().find(|(text, _)| text.as_bytes() == line.text()) {
        return Ok(Reading::new(spec, line.span));
    }
    let (name, from) = line.prefix()?;
    let Some((_, specs)) = forms::URCS.iter().find(|(urc, _)| urc.as_bytes() == name) else {
        return Err(line.unknown("a URC of the manual"));
    };
    if name != b"+QIND" {
        return line.try_forms(specs, from);
    }
    let state = line.bytes.get(from..).unwrap_or_default();
    let spec = forms::INDICATIONS.iter().position(|text| *text == state).and_then(|index| specs.get(index));
    spec.map(|spec| Reading::new(spec, line.span)).ok_or_else(|| line.unknown("SMS DONE or PB DONE"))
}

pub(super) fn final_result(bytes: &[u8], dialect: Dialect) -> Result<Reading, Error> {
    let line = Line::new(bytes, dialect);
    let text = line.text();
    if let Some((_, spec)) = forms::PLAIN_FINALS.iter().find(|(word, _)| word.as_bytes() == text) {
        return Ok(Reading::new(spec, line.span));
    }
    let unknown = || line.unknown("a final result");
    if let [code] = text {
        let known = matches!(code, b'0'..=b'4' | b'6'..=b'8');
        return if known { line.try_form(&forms::NUMERIC, line.span.start) } else { Err(unknown()) };
    }
    if let Some(rest) = text.strip_prefix(b"CONNECT") {
        return connect(&line, rest);
    }
    for (prefix, specs) in [(&b"+CME ERROR:"[..], &forms::CME), (b"+CMS ERROR:", &forms::CMS)] {
        if text.starts_with(prefix) {
            let colon = line.span.start.wrapping_add(prefix.len()).wrapping_sub(1);
            let from = line.behind_colon(colon)?;
            let [numeric, verbose] = specs;
            // A code begins with a digit or a sign, a text with a letter: nothing is both.
            let spec =
                if line.byte(from).is_some_and(|b| b.is_ascii_alphabetic()) { verbose } else { numeric };
            return line.try_form(spec, from);
        }
    }
    Err(unknown())
}

fn connect(line: &Line<'_>, rest: &[u8]) -> Result<Reading, Error> {
    let mut reading = Reading::new(&forms::CONNECT, line.span);
    let length = Span::new(line.span.end.wrapping_sub(rest.len().saturating_sub(1)), line.span.end);
    match rest {
        [] => return Ok(reading),
        [b' ', text @ ..] if line.dialect.allows(Tolerance::AnyValue) && judge::is_text(text) => {}
        [b' ', text @ ..]
            if parameter::number(text).is_some() && (text.len() < 2 || !text.starts_with(b"0")) =>
        {
            if text.len() > 9 {
                let expected = Expected::Integer { min: 0, max: 999_999_999 };
                return Err(Error::new(ErrorKind::OutOfRange, length, expected, Found::Value));
            }
        }
        _ => return Err(line.unknown("CONNECT, alone or with the number of bytes to come")),
    }
    reading.set(0, length);
    Ok(reading)
}

pub(super) fn prompt(bytes: &[u8]) -> Result<Reading, Error> {
    match bytes {
        b">" | b"> " => Ok(Reading::new(&forms::PROMPT, Span::new(0, bytes.len()))),
        _ => Err(Error::syntax(bytes, 0, "the prompt `> `")),
    }
}

//! Lines into events, one after the other, and why a journal cannot be read.
//!
//! It knows what a line of a journal may hold, and how much of it there may be. It does not know what an event means.

use std::io::{BufRead, Read as _};

use ec20_manual::bound::{EXPECTED, clipped};

use crate::journal::{Event, FORMAT};

/// Why a journal cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The first line is no head of a run.
    #[error("line 1: expected the head of a run (`\"event\":\"run\"`), found {found}")]
    NoHead {
        /// What stands there.
        found: String,
    },
    /// A later version wrote it.
    #[error(
        "line 1: expected format {} or older, found format {format}: this run was recorded by a newer version",
        crate::journal::FORMAT
    )]
    Newer {
        /// The format it is in.
        format: u64,
    },
    /// The file cannot be read.
    #[error("expected a journal that can be read: {found}")]
    Unreadable {
        /// What the system says.
        found: String,
    },
    /// A line that is no event, and not the last.
    #[error("line {line}, column {column}: expected an event, found {found}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        found: String,
    },
}

/// The most events of a journal: a module on a serial port takes months for as many.
pub const EVENTS: usize = 4_000_000;
/// The most bytes of one event; the longest is a captured message, each byte of which may take five.
pub const EVENT_BYTES: usize = 1 << 24;
/// A time beyond some 50 days is none of a run. With times below it, no sum over [`EVENTS`] runs over.
const LONGEST_US: u64 = 1 << 42;

/// Hands the events of a journal over one by one; says whether its last line broke off.
pub(super) fn each(
    mut journal: impl BufRead,
    mut take: impl FnMut(Event) -> Result<(), ReadError>,
) -> Result<bool, ReadError> {
    let (mut line, mut number) = (Vec::new(), 0);
    loop {
        line.clear();
        let most = EVENT_BYTES as u64 + 1;
        let read = journal.by_ref().take(most).read_until(b'\n', &mut line);
        let read = read.map_err(|error| ReadError::Unreadable { found: error.to_string() })?;
        if read == 0 {
            return Ok(false);
        }
        number += 1;
        let wrong = |found: String| ReadError::Line { line: number, column: 1, found };
        if number > EVENTS {
            return Err(wrong(format!("more than {EVENTS} events")));
        }
        if line.len() > EVENT_BYTES {
            return Err(wrong(format!("more than {EVENT_BYTES} bytes in one line")));
        }
        // A whole line ends in a newline, so what stands after the last one broke off.
        let last = line.pop_if(|byte| *byte == b'\n').is_none();
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if number == 1 {
            head(&line)?;
        }
        match serde_json::from_slice(&line) {
            Ok(Event::Run(_)) if number > 1 => {
                return Err(wrong("the head of a second run: a file holds one run".to_owned()));
            }
            Ok(event) => {
                let longest = longest_us(&event);
                if longest > LONGEST_US {
                    return Err(wrong(format!("a time of {longest} µs, longer than any run")));
                }
                take(event)?;
            }
            Err(_) if last && number > 1 => return Ok(true),
            Err(error) => {
                let found = error.to_string();
                let found = clipped(found.split(" at line ").next().unwrap_or_default(), EXPECTED);
                return Err(ReadError::Line { line: number, column: error.column().max(1), found });
            }
        }
    }
}

/// The events of a journal, and whether its last line broke off.
pub(super) fn events(journal: &[u8]) -> Result<(Vec<Event>, bool), ReadError> {
    let mut events = Vec::new();
    let torn = each(journal, |event| {
        events.push(event);
        Ok(())
    })?;
    Ok((events, torn))
}

/// The longest time that an event speaks of.
fn longest_us(event: &Event) -> u64 {
    let more = match event {
        Event::Timing { took_us, limit_ms, .. } => (*took_us).max(limit_ms.saturating_mul(1000)),
        Event::Ground(ground) => ground.transport_us.max(ground.quiet_ms.saturating_mul(1000)),
        Event::Waited { for_us, .. } => *for_us,
        _ => 0,
    };
    event.t_us().unwrap_or(0).max(more)
}

/// Looks at the first line before anything of it is believed: a newer format may have other fields.
fn head(line: &[u8]) -> Result<(), ReadError> {
    let no_head = |found: &str| ReadError::NoHead { found: found.to_owned() };
    let value: serde_json::Value =
        serde_json::from_slice(line).map_err(|_| no_head("a line that is no JSON"))?;
    if value.get("event").and_then(|event| event.as_str()) != Some("run") {
        return Err(no_head("another event"));
    }
    match value.get("format").and_then(serde_json::Value::as_u64) {
        None => Err(no_head("a head without its format")),
        Some(format) if format > u64::from(FORMAT) => Err(ReadError::Newer { format }),
        Some(_) => Ok(()),
    }
}

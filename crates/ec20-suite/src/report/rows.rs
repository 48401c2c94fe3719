//! One attempt as rows that people read: every byte once, with its time, cut into commands and lines, and beside each line what was asked
//! for there. The page and the terminal both show these rows.
//!
//! It knows the order of bytes and lines and nothing of their meaning.

use crate::escape::escaped;
use crate::recorded::{Attempt, Exchange, Happening, Line};

/// A text longer than this is cut in its middle: the whole is in the journal.
const LONGEST: usize = 400;

/// What a row shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The runner's bytes.
    Sent = 0,
    /// The runner's bytes, which came back as echo.
    Echoed = 1,
    /// A line that was asked for.
    Held = 2,
    /// A line that nothing asked for.
    Unasked = 3,
    /// Bytes that are no line.
    Stray = 4,
    /// The line that came instead of the one asked for.
    Instead = 5,
    /// In words: the far end, the gate, the port.
    Note = 6,
    /// A question of the runner's own.
    Aside = 7,
    /// The same, echoed.
    AsideEchoed = 8,
    /// What came to it.
    AsideCame = 9,
}

/// A row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// When, in µs.
    pub(super) t_us: u64,
    pub(super) kind: Kind,
    /// The bytes, frame included, escaped; or words.
    pub(super) text: String,
    /// The line without its frame, escaped; empty for what is no line.
    pub(super) line: String,
    /// What was asked for there, as a transcript writes it.
    pub(super) asked: Option<String>,
}

impl Row {
    fn new(t_us: u64, kind: Kind, text: String) -> Self {
        Self { t_us, kind, text, line: String::new(), asked: None }
    }
}

/// Beside the lines of an answer to an unknown stands the unknown: it is what was asked for there.
fn name_questions(attempt: &Attempt, rows: &mut [Row]) {
    for seen in &attempt.observed {
        let mut before = rows.iter_mut().rev().skip_while(|row| row.t_us > seen.t_us);
        for line in seen.raw.iter().rev() {
            let is_it = |row: &&mut Row| row.kind == Kind::Unasked && row.line == *line;
            let Some(row) = before.find(is_it) else { break };
            row.kind = Kind::Held;
            row.asked = Some(format!("? {}", seen.unknown));
        }
    }
}

/// Marks the line that came instead of the one asked for: the last one like it that nothing asked for.
fn point_out(attempt: &Attempt, rows: &mut [Row]) {
    let Some(end) = attempt.end.as_ref().filter(|end| !end.expected.is_empty()) else { return };
    let Some(came) = &end.came else { return };
    let is_it = |row: &&mut Row| row.kind == Kind::Unasked && row.line == *came;
    if let Some(row) = rows.iter_mut().rev().find(is_it) {
        row.kind = Kind::Instead;
        row.asked = Some(end.expected.join(" or "));
    }
}

/// The rows of an attempt, in order.
pub(super) fn of(attempt: &Attempt) -> Vec<Row> {
    let mut rows = cut(attempt);
    name_questions(attempt, &mut rows);
    point_out(attempt, &mut rows);
    rows
}

/// The bytes as they went, cut into what they are.
fn cut(attempt: &Attempt) -> Vec<Row> {
    let scene = &attempt.scene;
    let asides = |exchange: &Exchange| vec![exchange.aside; exchange.data.len() + 1];
    let mut sends = scene.exchanges.iter().flat_map(asides);
    let mut walk = Walk {
        rows: Vec::new(),
        lines: scene
            .early
            .iter()
            .chain(scene.exchanges.iter().flat_map(|exchange| &exchange.lines))
            .collect(),
        next: 0,
        came: Vec::new(),
        sent: Vec::new(),
        sent_row: None,
        aside: false,
    };
    for moment in &scene.tape {
        let t_us = moment.t_us;
        match &moment.what {
            Happening::Came(bytes) => walk.came(t_us, bytes),
            Happening::Sent(bytes) => {
                walk.flush(t_us);
                walk.aside = sends.next().unwrap_or(false);
                let kind = if walk.aside { Kind::Aside } else { Kind::Sent };
                walk.sent.clone_from(bytes);
                walk.sent_row = Some(walk.rows.len());
                walk.rows.push(Row::new(t_us, kind, escaped(bytes)));
            }
            Happening::Refused(bytes, reason) => {
                walk.flush(t_us);
                walk.aside = sends.next().unwrap_or(false);
                walk.note(t_us, format!("kept back by the gate, {reason}: {}", escaped(bytes)));
            }
            Happening::Ordered(words, None) => walk.note(t_us, format!("far end: {words}")),
            Happening::Ordered(words, Some(problem)) => {
                walk.note(t_us, format!("far end cannot {words}: {problem}"));
            }
            Happening::Captured(message) => {
                let (size, target) = (message.pdu.len(), escaped(message.target.as_bytes()));
                walk.note(t_us, format!("far end captured {size} bytes at {target}"));
            }
            Happening::Lost(reason) => walk.note(t_us, format!("the port is gone: {reason}")),
        }
    }
    let last_us = attempt.end.as_ref().map_or(attempt.start_us, |end| end.t_us);
    walk.flush(last_us);
    walk.rows
}

/// A walk along the tape: rows so far, lines still to place, bytes that came and belong to no row yet.
struct Walk<'a> {
    rows: Vec<Row>,
    lines: Vec<&'a Line>,
    next: usize,
    came: Vec<u8>,
    sent: Vec<u8>,
    sent_row: Option<usize>,
    aside: bool,
}

impl Walk<'_> {
    fn note(&mut self, t_us: u64, words: String) {
        self.rows.push(Row::new(t_us, Kind::Note, words));
    }

    fn came(&mut self, t_us: u64, bytes: &[u8]) {
        self.came.extend_from_slice(bytes);
        while let Some(&line) = self.lines.get(self.next).filter(|line| line.t_us <= t_us) {
            self.next += 1;
            let mut framed = escaped(&line.text);
            if let Some((start, end)) = framed_at(&self.came, &line.text) {
                let rest = self.came.split_off(end);
                framed = escaped(self.came.get(start..).unwrap_or_default());
                self.came.truncate(start);
                self.flush(t_us);
                self.came = rest;
            }
            let kind = match &line.held {
                Some(_) => Kind::Held,
                None if self.aside => Kind::AsideCame,
                None => Kind::Unasked,
            };
            let (line, asked) = (escaped(&line.text), line.held.clone());
            self.rows.push(Row { line, asked, ..Row::new(t_us, kind, framed) });
        }
    }

    /// What came and is no line: the echo of what was sent last, or stray bytes.
    fn flush(&mut self, t_us: u64) {
        if self.came.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.came);
        let echo = self.sent_row.take().filter(|_| bytes == self.sent);
        match echo.and_then(|row| self.rows.get_mut(row)) {
            Some(row) => row.kind = if row.kind == Kind::Aside { Kind::AsideEchoed } else { Kind::Echoed },
            None => self.rows.push(Row::new(t_us, Kind::Stray, escaped(&bytes))),
        }
    }
}

/// Where a line stands among bytes, with a line end of its own on each side; a line between other bytes only if there is no such place.
fn framed_at(bytes: &[u8], line: &[u8]) -> Option<(usize, usize)> {
    if line.is_empty() {
        return None;
    }
    let is_end = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b'\r' | b'\n'));
    let places = || {
        bytes.windows(line.len()).enumerate().filter(|(_, window)| *window == line).map(|(start, _)| start)
    };
    let alone = |start: &usize| {
        is_end(start.checked_sub(1).and_then(|at| bytes.get(at))) && is_end(bytes.get(start + line.len()))
    };
    let start = places().find(alone).or_else(|| places().next())?;
    let (before, after) = (bytes.get(..start)?, bytes.get(start + line.len()..)?);
    let head = if before.ends_with(b"\r\n") { 2 } else { 0 };
    let tail = if after.starts_with(b"\r\n") { 2 } else { 0 };
    Some((start - head, start + line.len() + tail))
}

/// A text that fits into a row.
pub(super) fn shortened(text: String) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    let from = text.floor_char_boundary(LONGEST * 3 / 4);
    let to = text.ceil_char_boundary(text.len() - LONGEST / 4);
    let (head, tail) = (text.get(..from).unwrap_or_default(), text.get(to..).unwrap_or_default());
    format!("{head} … {} more … {tail}", to - from)
}

#[cfg(test)]
mod tests {
    use super::{framed_at, shortened};

    #[test]
    fn a_line_is_found_with_its_own_frame() {
        let bytes = b"AT+X=1\r\r\n1\r\n\r\nOK\r\n";
        assert_eq!(framed_at(bytes, b"1"), Some((7, 12)), "not the 1 of the echo");
        assert_eq!(framed_at(bytes, b"OK"), Some((12, 18)));
        assert_eq!(framed_at(b"xOKy", b"OK"), Some((1, 3)));
        assert_eq!(framed_at(bytes, b"ERROR"), None);
        assert_eq!(framed_at(bytes, b""), None);
    }

    #[test]
    fn a_long_text_keeps_its_ends() {
        let text = format!("{}ö{}", "a".repeat(299), "b".repeat(10_000));
        let short = shortened(text);
        assert!(short.len() < 450 && short.starts_with("aaa") && short.ends_with("bbb"), "{short}");
        assert_eq!(shortened("OK".to_owned()), "OK");
    }
}

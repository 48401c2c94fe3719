//! The line reader: single bytes become command lines.
//!
//! Knows the terminator, the backspace, ESC, line feeds, `A/`, lines without `AT` and lines that are too long. Refuses
//! to know what a command means, and whether its bytes are echoed.

use std::collections::VecDeque;

use crate::words::{self, Command, Unreadable};

/// What a byte led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineEvent {
    /// Nothing; the byte is not even echoed.
    Ignored,
    /// The byte belongs to a line that goes on, or ended an empty one.
    Kept,
    /// A line is complete; its commands can be had.
    Line,
    /// A line is complete and is none: it does not start with `AT`.
    Unreadable,
    /// A line is complete and was too long to be kept.
    TooLong,
}

pub(crate) struct LineReader {
    line: Vec<u8>,
    last: Vec<u8>,
    overlong: bool,
    max_bytes: usize,
}

const ESC: u8 = 0x1B;
const LINE_FEED: u8 = b'\n';

impl LineReader {
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self { line: Vec::new(), last: b"AT".to_vec(), overlong: false, max_bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.line.is_empty() && !self.overlong
    }

    /// Whether the name of the line's command has a small letter in it.
    pub(crate) fn has_small_name(&self) -> bool {
        self.line.iter().take_while(|byte| !matches!(byte, b'=' | b'?')).any(u8::is_ascii_lowercase)
    }

    pub(crate) fn clear(&mut self) {
        self.line.clear();
        self.overlong = false;
    }

    pub(crate) fn take(&mut self, byte: u8, terminator: u8, backspace: u8) -> LineEvent {
        match byte {
            _ if byte == terminator => self.end(),
            _ if byte == backspace => {
                self.line.pop();
                LineEvent::Kept
            }
            LINE_FEED | ESC => LineEvent::Ignored,
            _ if self.overlong => LineEvent::Kept,
            _ if self.line.len() >= self.max_bytes => {
                self.overlong = true;
                LineEvent::Kept
            }
            _ => {
                self.line.push(byte);
                if self.line.eq_ignore_ascii_case(b"A/") {
                    self.line.clone_from(&self.last);
                    return LineEvent::Line;
                }
                LineEvent::Kept
            }
        }
    }

    fn end(&mut self) -> LineEvent {
        if self.overlong {
            self.clear();
            return LineEvent::TooLong;
        }
        let start = self.line.iter().take_while(|b| **b == b' ').count();
        self.line.drain(..start);
        match self.line.get(..2) {
            _ if self.line.is_empty() => LineEvent::Kept,
            Some(prefix) if prefix.eq_ignore_ascii_case(b"AT") => {
                self.last.clone_from(&self.line);
                LineEvent::Line
            }
            _ => {
                self.line.clear();
                LineEvent::Unreadable
            }
        }
    }

    /// The commands of the line that is complete; the reader is empty afterwards.
    pub(crate) fn commands(&mut self) -> VecDeque<Result<Command, Unreadable>> {
        let commands = words::read_line(self.line.get(2..).unwrap_or_default()).into();
        self.line.clear();
        commands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &[LineEvent]) {
        let mut reader = LineReader::new(8);
        let mut events = Vec::new();
        for byte in bytes {
            let event = reader.take(*byte, b'\r', 8);
            if event == LineEvent::Line {
                reader.commands();
            }
            if event != LineEvent::Kept {
                events.push(event);
            }
        }
        assert_eq!(events, expected, "{}", bytes.escape_ascii());
    }

    #[test]
    fn bytes_become_lines() {
        use LineEvent::{Ignored, Line, TooLong, Unreadable};
        check(b"AT\r", &[Line]);
        check(b"at\r\n", &[Line, Ignored]);
        check(b"\r", &[]);
        check(b"\x1bAT\r", &[Ignored, Line]);
        check(b"junk\r", &[Unreadable]);
        check(b"AT+1234567890\rAT\r", &[TooLong, Line]);
        check(b"AX\x08T\r", &[Line]);
        check(b"AT\ra/", &[Line, Line]);
    }
}

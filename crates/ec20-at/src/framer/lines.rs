//! Where a line ends: line ends before and behind it, quotes, what is too long, what was given up.
//!
//! Knows the framing only; what the text says is decided in [`classify`](super::classify).

use super::classify::{is_error, is_sign};
use super::{Event, EventKind, FinalKind, Framer, Mode, Style};
use crate::scan;

impl Framer {
    /// The frames of a common exchange, where they are whole: known by what is awaited, so that little is searched.
    ///
    /// They are what [`line`](Self::line) would find; what it gives no answer to is left as it was.
    #[inline]
    pub(super) fn awaited(&mut self, bytes: &[u8]) -> Option<Event> {
        let lead = match bytes {
            [b'\r', b'\n', b'+', ..] => 2,
            [b'+', ..] => 0,
            [b'\r', ..] if bytes.first_chunk::<6>() == Some(b"\r\nOK\r\n") => {
                let kind = self.ends(FinalKind::Ok, Style::Words);
                return Some(self.frame(kind, 6, 2, 4));
            }
            [b'A' | b'a', ..] => {
                let len = self.awaited_echo(bytes)?;
                let kind = self.echo_at(0);
                return Some(self.frame(kind, len.wrapping_add(1), 0, len));
            }
            _ => return None,
        };
        let (owner, len) = self.awaited_line(bytes, lead)?;
        Some(self.frame(EventKind::Information(owner), len, lead, len.wrapping_sub(2)))
    }

    /// A line, its line end before and behind. `last`: nothing comes behind `bytes`.
    pub(super) fn line(&mut self, bytes: &[u8], last: bool) -> Option<Event> {
        let lead = match bytes {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        let Some(&first) = bytes.get(lead) else {
            return if last { Some(self.frame(EventKind::Blank, lead, lead, lead)) } else { None };
        };
        if first == b'\r' || first == b'\n' {
            return Some(self.frame(EventKind::Blank, lead, lead, lead));
        }
        if first == b'>' && self.open > 0 {
            match bytes.get(lead.wrapping_add(1)) {
                None if !last => return None,
                Some(b' ') => {
                    let owner = self.asking();
                    let len = lead.wrapping_add(2);
                    return Some(self.frame(EventKind::Prompt(owner), len, lead, len));
                }
                _ => {}
            }
        }
        let window = bytes.get(..self.capacity).unwrap_or(bytes);
        let full = window.len() == self.capacity;
        let mut found = self.line_end(window, lead, is_sign(first));
        if full && self.in_quote {
            // A quote that stays open must not swallow the rest of the stream.
            self.plain_until = self.start.wrapping_add(window.len());
            self.in_quote = false;
            self.scan = self.start;
            found = self.line_end(window, lead, false);
        }
        match found {
            Some(end) => self.ended_line(bytes, window, lead, end, last),
            None if full => {
                self.mode = Mode::Skip;
                Some(self.frame(EventKind::Overlong { ended: false }, window.len(), 0, window.len()))
            }
            None if last => Some(self.frame(EventKind::Unfinished, bytes.len(), lead, bytes.len())),
            None => None,
        }
    }

    /// Searches the line's end from where the last search stopped. In a line that begins with a sign, line ends between
    /// quotes are data.
    #[inline]
    fn line_end(&mut self, window: &[u8], lead: usize, signed: bool) -> Option<usize> {
        let mut at = self.scan.wrapping_sub(self.start).max(lead);
        let rest = window.get(at..).unwrap_or_default();
        if !signed || self.start < self.plain_until {
            let end = scan::line_end(rest).map(|end| at.wrapping_add(end));
            self.scan = self.start.wrapping_add(end.unwrap_or(window.len()));
            return end;
        }
        loop {
            let rest = window.get(at..).unwrap_or_default();
            let found = scan::line_end_and_quotes(rest);
            self.in_quote ^= found.odd_quotes;
            let Some(end) = found.end else {
                self.scan = self.start.wrapping_add(window.len());
                return None;
            };
            let end = at.wrapping_add(end);
            // The text of an error is free: a quote in it opens no string.
            if self.in_quote && is_error(window.get(lead..end).unwrap_or_default()) {
                self.in_quote = false;
            }
            self.scan = self.start.wrapping_add(end);
            if !self.in_quote {
                return Some(end);
            }
            let Some(closing) = scan::quote(window.get(end..).unwrap_or_default()) else {
                self.scan = self.start.wrapping_add(window.len());
                return None;
            };
            self.in_quote = false;
            at = end.wrapping_add(closing).wrapping_add(1);
        }
    }

    /// A line whose text ends at `end`.
    fn ended_line(
        &mut self,
        bytes: &[u8],
        window: &[u8],
        lead: usize,
        end: usize,
        last: bool,
    ) -> Option<Event> {
        let text = window.get(lead..end).unwrap_or_default();
        let behind = end.wrapping_add(1);
        if window.get(end) == Some(&b'\n') {
            let kind = self.classify(text, lead, false);
            return Some(self.frame(kind, behind, lead, end));
        }
        // An echo and a numeral end with a bare CR: waiting for what follows would be waiting for ever.
        if let Some(kind) = self.echo_of(text).or_else(|| self.numeral(text, lead)) {
            // `A/` is sent without a CR, and so it comes back: the CR belongs to the answer.
            let len = if text.ends_with(b"/") && text.len() == 2 { end } else { behind };
            return Some(self.frame(kind, len, lead, end));
        }
        match bytes.get(behind) {
            Some(b'\n') if behind < self.capacity => {
                let kind = self.classify(text, lead, false);
                Some(self.frame(kind, behind.wrapping_add(1), lead, end))
            }
            None if !last && behind < self.capacity => None,
            _ => {
                let kind = self.classify(text, lead, true);
                Some(self.frame(kind, behind, lead, end))
            }
        }
    }

    /// The rest of an overlong line: pieces of at most the capacity, the last one with the line end.
    pub(super) fn skip(&mut self, bytes: &[u8], last: bool) -> Option<Event> {
        let window = bytes.get(..self.capacity).unwrap_or(bytes);
        let from = self.scan.wrapping_sub(self.start);
        let found = scan::line_end(window.get(from..).unwrap_or_default());
        let full = window.len() == self.capacity;
        let (len, ended) = match found.map(|found| from.wrapping_add(found)) {
            Some(end) => match (window.get(end), bytes.get(end.wrapping_add(1))) {
                (Some(b'\r'), Some(b'\n')) if end.wrapping_add(1) < self.capacity => {
                    (end.wrapping_add(2), true)
                }
                (Some(b'\r'), None) if !last && end.wrapping_add(1) < self.capacity => {
                    self.scan = self.start.wrapping_add(end);
                    return None;
                }
                _ => (end.wrapping_add(1), true),
            },
            None if full => (window.len(), false),
            None if last => (window.len(), true),
            None => {
                self.scan = self.start.wrapping_add(window.len());
                return None;
            }
        };
        if ended {
            self.mode = Mode::Lines;
        }
        Some(self.frame(EventKind::Overlong { ended }, len, 0, len))
    }
}

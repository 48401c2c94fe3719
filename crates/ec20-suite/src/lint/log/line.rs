//! A line of a written log: what begins it, and what it says of ports, shells and times.
//!
//! It knows text as tools write it round a dialogue, not the dialogue.

use super::{contains, voice};

/// A line of the file, without what ends it.
pub(super) struct Line<'a> {
    /// Where it begins in the file.
    pub(super) start: usize,
    pub(super) text: &'a [u8],
    /// What it says, and behind what.
    pub(super) speech: Option<voice::Speech>,
}

/// The lines of a file, without times that stand behind them.
pub(super) fn lines_of(bytes: &[u8]) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in bytes.split(|&byte| byte == b'\n') {
        let ends = line.iter().rev().take_while(|&&byte| byte == b'\r').count();
        lines.push(Line { start: at, text: uncoloured(&line[..line.len() - ends]), speech: None });
        at += line.len() + 1;
    }
    let filled = lines.iter().filter(|line| !line.text.trim_ascii().is_empty()).count();
    if lines.iter().filter(|line| line.trailer() > 0).count() * 10 > filled * 6 {
        for line in &mut lines {
            line.text = &line.text[..line.text.len() - line.trailer()];
        }
    }
    for line in &mut lines {
        line.speech = voice::speech_in(line.text);
    }
    lines
}

/// A line without the sequence that ends its colour.
fn uncoloured(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\x1b[0m").or_else(|| line.strip_suffix(b"\x1b[m")).unwrap_or(line)
}

impl Line<'_> {
    /// Where what a voice says begins, if the line is of that voice.
    pub(super) fn behind(&self, key: &[u8]) -> Option<usize> {
        let mut normalised = voice::normalised(self.text);
        let mut at = 0;
        for (index, &wanted) in key.iter().enumerate() {
            let Some((byte, end)) = normalised.next() else {
                // Whoever saved the file may have cut blanks at the ends of lines.
                return (index + 1 == key.len() && wanted == b' ').then_some(self.text.len());
            };
            if byte != wanted {
                return None;
            }
            // One blank separates; what more there is may be said.
            at = if wanted == b' ' && index + 1 == key.len() { at + 1 } else { end };
        }
        Some(at)
    }

    /// How many bytes of a time in parentheses, `AT (15318)`, with the blank before it, the line ends with.
    fn trailer(&self) -> usize {
        let text = self.text.trim_ascii_end();
        let end = self.text.len() - text.len();
        let Some(inner) = text.strip_suffix(b")") else { return 0 };
        let digits = inner.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let before = &inner[..inner.len() - digits];
        if digits > 0 && before.ends_with(b" (") { end + 1 + digits + 2 } else { 0 }
    }

    /// Whether a shell waits here: whoever talked to the module before has gone.
    pub(super) fn is_prompt(&self) -> bool {
        let first = self.text.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        let name = first.strip_prefix(b"[").unwrap_or(first);
        let at = name.iter().position(|&byte| byte == b'@');
        let host = at.is_some_and(|at| {
            at > 0 && name[..at].iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
        });
        host && [&b"$"[..], b"#"].iter().any(|end| {
            first.ends_with(end)
                || contains(self.text, &[end, &b" "[..]].concat())
                || self.text.ends_with(end)
        })
    }

    /// The words that tell a port, `ttyUSB2`, `Channel1`: a log may tell of several.
    pub(super) fn port(&self, before: usize) -> Vec<u8> {
        const PORTS: [&[u8]; 8] =
            [b"tty", b"com", b"dongle", b"quectel", b"channel", b"uart", b"smd", b"gsm"];
        let text = &self.text[..before.min(self.text.len())];
        let words = text.split(|byte| !byte.is_ascii_alphanumeric());
        let is_port = |word: &&[u8]| {
            word.last().is_some_and(u8::is_ascii_digit)
                && PORTS.iter().any(|port| {
                    word.get(..port.len()).is_some_and(|head| head.eq_ignore_ascii_case(port))
                        && word.len() <= port.len() + 6
                })
        };
        words.filter(is_port).collect::<Vec<_>>().join(&b'/')
    }
}

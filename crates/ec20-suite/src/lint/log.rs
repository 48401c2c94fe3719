//! Logs as people have them: raw captures, escaped text, marked or stamped lines, one direction or both.
//!
//! It knows how tools write a dialogue down, and gives back who spoke and which bytes, with the place in the file. It does not know AT
//! beyond what tells a command line from an answer.

use std::ops::Range;

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaker {
    Host,
    Module,
}

/// One line of the dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) speaker: Speaker,
    /// The line's bytes, without what frames it.
    pub(super) text: Vec<u8>,
    /// Where it stands in the file, in bytes.
    pub(super) span: Range<usize>,
    /// The bytes before and after it, where the log kept them.
    pub(super) frame: Option<Frame>,
}

/// The bytes round a line of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) before: Vec<u8>,
    pub(super) after: Vec<u8>,
}

/// Reads a log.
///
/// `Err` says why it cannot be one: nothing in it looks like AT.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Entry>, &'static str> {
    // An echo is the command's CR followed by the answer's CR LF: only a capture of the wire has that.
    let raw = contains(bytes, b"\r\r\n")
        || bytes.starts_with(b"\r\n")
        || (!bytes.contains(&b'\n') && bytes.contains(&b'\r'));
    let entries = if raw { captured(bytes, 0..bytes.len(), None) } else { written(bytes) };
    if entries.iter().any(|entry| looks_like_at(&entry.text)) {
        Ok(entries)
    } else {
        Err("no line in it looks like an AT command or an answer to one")
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn looks_like_at(line: &[u8]) -> bool {
    is_command(line)
        || matches!(line, b"OK" | b"ERROR" | b"RDY" | b"CONNECT" | b"RING")
        || line.first() == Some(&b'+') && line.contains(&b':')
}

fn is_command(line: &[u8]) -> bool {
    matches!(line, [b'A' | b'a', b'T' | b't', rest @ ..] if rest.first().is_none_or(|byte| b"+&EVQZISDHOXLM$%^*#".contains(&byte.to_ascii_uppercase())))
        || matches!(line, [b'A' | b'a', b'/'])
}

/// Bytes as they were on the wire. Lines end in CR, LF or both; what stands between two lines is their frame.
fn captured(bytes: &[u8], place: Range<usize>, speaker: Option<Speaker>) -> Vec<Entry> {
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let gap = bytes[at..].iter().take_while(|byte| is_end(byte)).count();
        let start = at + gap;
        let length = bytes[start..].iter().take_while(|byte| !is_end(byte)).count();
        let before = bytes[at..start].to_vec();
        if let Some(last) = entries.last_mut().and_then(|entry| entry.frame.as_mut()) {
            last.after.clone_from(&before);
        }
        at = start + length;
        if length == 0 {
            break;
        }
        let text = bytes[start..at].to_vec();
        let by_itself = if is_command(&text) { Speaker::Host } else { Speaker::Module };
        // A whole file is its own place; an escaped line only knows where it stands as a whole.
        let span =
            if place.len() == bytes.len() { place.start + start..place.start + at } else { place.clone() };
        let frame = Some(Frame { before, after: Vec::new() });
        entries.push(Entry { speaker: speaker.unwrap_or(by_itself), text, span, frame });
    }
    entries
}

/// Lines as a person or a tool wrote them down.
fn written(bytes: &[u8]) -> Vec<Entry> {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in bytes.split(|&byte| byte == b'\n') {
        let text = line.strip_suffix(b"\r").unwrap_or(line);
        lines.push(Written { start: at, text });
        at += line.len() + 1;
    }
    if lines.iter().filter(|line| line.inner_mark().is_some()).count() > 1 {
        return traced(&lines);
    }
    let filled = lines.iter().filter(|line| !line.text.trim_ascii().is_empty()).count();
    let most = |lines: &[Written<'_>], fits: fn(&Written<'_>) -> bool| {
        lines.iter().filter(|line| fits(line)).count() * 10 > filled * 6
    };
    if most(&lines, |line| line.stamp() > 0) {
        for line in &mut lines {
            line.skip(line.stamp());
        }
    }
    if most(&lines, |line| line.trailer() > 0) {
        for line in &mut lines {
            line.text = &line.text[..line.text.len() - line.trailer()];
        }
    }
    let marked = most(&lines, |line| line.mark().is_some());
    let mut entries = Vec::new();
    for line in &mut lines {
        let speaker =
            if marked { line.mark().map(|(speaker, length)| (speaker, line.skip(length)).0) } else { None };
        if marked && speaker.is_none() {
            continue;
        }
        line.skip(line.text.len() - line.text.trim_ascii_start().len());
        let text = quoted(line.text).unwrap_or(line.text);
        let place = line.start..line.start + line.text.len();
        match unescaped(text) {
            Some(bytes) => entries.extend(captured(&bytes, place, speaker)),
            None if text.trim_ascii().is_empty() => {}
            None => {
                let by_itself = if is_command(text) { Speaker::Host } else { Speaker::Module };
                let text = text.trim_ascii_end().to_vec();
                entries.push(Entry { speaker: speaker.unwrap_or(by_itself), text, span: place, frame: None });
            }
        }
    }
    if marked {
        turn_round(&mut entries);
    }
    entries
}

/// The debug output of a program: only some lines are of the dialogue, with the direction somewhere inside, and a line of the wire may be
/// told in pieces.
fn traced(lines: &[Written<'_>]) -> Vec<Entry> {
    let mut runs: Vec<(Speaker, Vec<u8>, Range<usize>)> = Vec::new();
    for line in lines {
        let Some((speaker, at)) = line.inner_mark() else { continue };
        let text = &line.text[at..];
        let piece = quoted(text).unwrap_or(text);
        let piece = unescaped(piece).unwrap_or_else(|| piece.to_vec());
        let end = line.start + line.text.len();
        match runs.last_mut() {
            Some((before, bytes, place)) if *before == speaker => {
                bytes.extend(piece);
                place.end = end;
            }
            _ => runs.push((speaker, piece, line.start + at..end)),
        }
    }
    let mut entries: Vec<Entry> =
        runs.into_iter().flat_map(|(speaker, bytes, place)| captured(&bytes, place, Some(speaker))).collect();
    turn_round(&mut entries);
    entries
}

/// Some tools point their arrows the other way. Results tell which side is the module; without any, commands tell which is the host.
fn turn_round(entries: &mut [Entry]) {
    let count = |speaker, fits: fn(&[u8]) -> bool| {
        entries.iter().filter(|entry| entry.speaker == speaker && fits(&entry.text)).count()
    };
    let results = (count(Speaker::Host, is_result), count(Speaker::Module, is_result));
    // The module may echo every command, so only a side that alone speaks commands is the host.
    let commands = (count(Speaker::Host, is_command), count(Speaker::Module, is_command));
    let both = entries.iter().any(|entry| entry.speaker == Speaker::Host);
    let turned = match results {
        (0, 0) => commands.0 == 0 && commands.1 > 0 && both,
        (host, module) => host > module,
    };
    if turned {
        for entry in entries {
            entry.speaker = if entry.speaker == Speaker::Host { Speaker::Module } else { Speaker::Host };
        }
    }
}

/// What no host says.
fn is_result(line: &[u8]) -> bool {
    matches!(line, b"OK" | b"ERROR") || line.starts_with(b"+CME ERROR:")
}

struct Written<'a> {
    start: usize,
    text: &'a [u8],
}

impl Written<'_> {
    fn skip(&mut self, length: usize) {
        self.text = self.text.get(length..).unwrap_or_default();
        self.start += length;
    }

    /// How many bytes of time stamp, with the blanks after it, the line begins with.
    fn stamp(&self) -> usize {
        let mut length = 0;
        loop {
            let rest = self.text.get(length..).unwrap_or_default();
            let blanks = rest.len() - rest.trim_ascii_start().len();
            let token = rest[blanks..].split(u8::is_ascii_whitespace).next().unwrap_or_default();
            let bracketed = token.starts_with(b"[") || token.starts_with(b"(");
            let stamp_bytes = b"0123456789:.-/[]()TZ+,|";
            let is_stamp = token.iter().any(u8::is_ascii_digit)
                && (bracketed || token.iter().any(|byte| b":.-/".contains(byte)))
                && token
                    .iter()
                    .all(|byte| stamp_bytes.contains(byte) || (bracketed && byte.is_ascii_alphanumeric()));
            let after = blanks + token.len();
            // A stamp stands before something.
            if !is_stamp || rest[after..].trim_ascii().is_empty() {
                return length;
            }
            length += after;
        }
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

    /// The direction as a program's trace tells it inside a line, `… (ttyUSB2): --> 'AT<CR>'` or `… AT TX ( 2): AT`, and where what follows
    /// begins.
    fn inner_mark(&self) -> Option<(Speaker, usize)> {
        const MARKS: [(&[u8], Speaker); 4] = [
            (b"--> '", Speaker::Host),
            (b"<-- '", Speaker::Module),
            (b"AT TX (", Speaker::Host),
            (b"AT RX (", Speaker::Module),
        ];
        let find = |mark: &[u8]| self.text.windows(mark.len()).position(|window| window == mark);
        let (mark, at, speaker) =
            MARKS.into_iter().find_map(|(mark, speaker)| find(mark).map(|at| (mark, at, speaker)))?;
        // An arrow at the very start marks the line by itself.
        if mark.ends_with(b"'") {
            return (at > 0).then_some((speaker, at + mark.len() - 1));
        }
        let rest = &self.text[at + mark.len()..];
        let length = rest.windows(3).position(|window| window == b"): ")?;
        Some((speaker, at + mark.len() + length + 3))
    }

    /// The mark of direction that the line begins with, and its length with the blanks after it.
    fn mark(&self) -> Option<(Speaker, usize)> {
        const MARKS: [(&[u8], Speaker); 22] = [
            (b"-->", Speaker::Host),
            (b"<--", Speaker::Module),
            (b"==>", Speaker::Host),
            (b"<==", Speaker::Module),
            (b"->", Speaker::Host),
            (b"<-", Speaker::Module),
            (b"=>", Speaker::Host),
            (b"<=", Speaker::Module),
            (b">>", Speaker::Host),
            (b"<<", Speaker::Module),
            (b"[TX]", Speaker::Host),
            (b"[RX]", Speaker::Module),
            (b"TX:", Speaker::Host),
            (b"RX:", Speaker::Module),
            (b"TX>", Speaker::Host),
            (b"RX<", Speaker::Module),
            (b"SEND:", Speaker::Host),
            (b"RECV:", Speaker::Module),
            (b"TX ", Speaker::Host),
            (b"RX ", Speaker::Module),
            (b">", Speaker::Host),
            (b"<", Speaker::Module),
        ];
        let blanks = self.text.len() - self.text.trim_ascii_start().len();
        let text = &self.text[blanks..];
        let starts = |mark: &[u8]| text.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark));
        let (mark, speaker) = MARKS.into_iter().find(|(mark, _)| starts(mark))?;
        // `<CR>` is an escape, no mark.
        if mark == b"<" && [&b"<CR>"[..], b"<LF>"].iter().any(|escape| starts(escape)) {
            return None;
        }
        let mut length = blanks + mark.len();
        length += usize::from(self.text.get(length) == Some(&b' '));
        Some((speaker, length))
    }
}

/// What stands between quotation marks that only wrap the line: `'AT<CR>'`, `b'AT\r'`, `"AT\r"`.
fn quoted(text: &[u8]) -> Option<&[u8]> {
    let text = text.trim_ascii();
    let inner = text
        .strip_prefix(b"b")
        .filter(|rest| rest.starts_with(b"'") || rest.starts_with(b"\""))
        .unwrap_or(text);
    match inner {
        [b'\'', middle @ .., b'\''] => Some(middle),
        [b'"', middle @ .., b'"']
            if contains(middle, b"\\r") || contains(middle, b"\\n") || is_command(middle) =>
        {
            Some(middle)
        }
        _ => None,
    }
}

/// The bytes that escapes stand for; none if the text has no escape of a line's end.
fn unescaped(text: &[u8]) -> Option<Vec<u8>> {
    const ESCAPES: [(&[u8], u8); 9] = [
        (b"\\r", b'\r'),
        (b"\\n", b'\n'),
        (b"<CR>", b'\r'),
        (b"<LF>", b'\n'),
        (b"<LN>", b'\n'),
        (b"\\x0d", b'\r'),
        (b"\\x0a", b'\n'),
        (b"^M", b'\r'),
        (b"^J", b'\n'),
    ];
    let mut out = Vec::with_capacity(text.len());
    let mut any = false;
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        let starts =
            |escape: &[u8]| rest.get(..escape.len()).is_some_and(|head| head.eq_ignore_ascii_case(escape));
        let escape = ESCAPES.into_iter().find(|(escape, _)| starts(escape));
        any |= escape.is_some();
        out.push(escape.map_or(first, |(_, byte)| byte));
        rest = escape.map_or(after, |(escape, _)| &rest[escape.len()..]);
    }
    any.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::{Entry, Speaker, read};

    /// Each way of writing the same dialogue gives the same lines by the same speakers.
    #[test]
    fn every_way_to_write_a_log_down() {
        let dialogue = [(Speaker::Host, "AT+CMEE?"), (Speaker::Module, "+CMEE: 1"), (Speaker::Module, "OK")];
        let rows = [
            ("raw", "AT+CMEE?\r\r\n+CMEE: 1\r\n\r\nOK\r\n"),
            ("plain", "AT+CMEE?\n+CMEE: 1\n\nOK\n"),
            ("windows", "AT+CMEE?\r\n+CMEE: 1\r\n\r\nOK\r\n"),
            ("marks", "> AT+CMEE?\n< +CMEE: 1\n< \n< OK\n"),
            ("arrows", "-> AT+CMEE?\n<- +CMEE: 1\n<- OK\n"),
            ("turned", "< AT+CMEE?\n> +CMEE: 1\n> OK\n"),
            ("escaped", "> AT+CMEE?\\r\n< \\r\\n+CMEE: 1\\r\\n\\r\\nOK\\r\\n\n"),
            ("stamps", "[12:00:01.123] > AT+CMEE?\n[12:00:01.125] < +CMEE: 1\n[12:00:01.126] < OK\n"),
            (
                "dates",
                "2026-01-02 12:00:01 TX: AT+CMEE?\n2026-01-02 12:00:01 RX: +CMEE: 1\n2026-01-02 12:00:02 RX: OK\n",
            ),
            ("named", "--> 'AT+CMEE?<CR>'\n<-- '<CR><LF>+CMEE: 1<CR><LF><CR><LF>OK<CR><LF>'\n"),
            ("python", ">> b'AT+CMEE?\\r'\n<< b'\\r\\n+CMEE: 1\\r\\n\\r\\nOK\\r\\n'\n"),
            ("turned, with echo", "<- AT+CMEE?\n-> +CMEE: 1\n-> OK\n"),
            ("times behind", "<- AT+CMEE? (15318)\n-> +CMEE: 1 (15320)\n-> OK (15320)\n"),
            (
                "a trace",
                "<debug> device open count is 2\n<debug> (ttyUSB2): --> 'AT+CMEE?<CR>'\n<debug> (ttyUSB2): <-- \
                 '<CR><LF>+CMEE: 1<CR><LF>'\n<debug> (ttyUSB2): <-- '<CR><LF>OK<CR><LF>'\n<debug> closing\n",
            ),
            (
                "a trace in pieces",
                "[INFO][CELL]: AT TX ( 8): AT+CMEE?\n[INFO][CELL]: AT TX ( 1): <cr>\n[DBG ][CELL]: waiting\n\
                 [INFO][CELL]: AT RX ( 4): <cr><ln>+C\n[INFO][CELL]: AT RX ( 4): MEE:\n[INFO][CELL]: AT RX ( 1):  \n\
                 [INFO][CELL]: AT RX ( 5): 1<cr><ln><cr><ln>OK\n[INFO][CELL]: AT RX ( 2): <cr><ln>\n",
            ),
            ("seconds", "0.000 AT+CMEE?\n0.120 +CMEE: 1\n0.121 OK\n"),
        ];
        for (name, log) in rows {
            let entries = read(log.as_bytes()).unwrap_or_else(|why| panic!("{name}: {why}"));
            let lines: Vec<_> = entries.iter().map(|entry| (entry.speaker, entry.text.clone())).collect();
            let wanted: Vec<_> =
                dialogue.iter().map(|(speaker, text)| (*speaker, text.as_bytes().to_vec())).collect();
            assert_eq!(lines, wanted, "{name}");
        }
    }

    #[test]
    fn a_capture_keeps_its_frames() {
        let entries = read(b"AT\r\r\nOK\r\n").unwrap();
        let [_, Entry { frame: Some(frame), .. }] = &entries[..] else { panic!("{entries:?}") };
        assert_eq!((frame.before.as_slice(), frame.after.as_slice()), (&b"\r\r\n"[..], &b"\r\n"[..]));
    }

    #[test]
    fn what_is_no_log_is_refused() {
        assert!(read(b"Dear reader,\nnothing here.\n").is_err());
        assert!(read(b"").is_err());
    }
}

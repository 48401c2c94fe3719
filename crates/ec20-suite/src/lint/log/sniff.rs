//! What `socat -v` and `socat -x` write of the bytes that pass: a header with the direction and the number of bytes, then the bytes.
//!
//! The number is what makes the reading sure: bytes that do not add up to it are left out.

use super::{Placed, Speaker};

struct Header {
    speaker: Speaker,
    length: usize,
    /// Where in the file the header begins, and where the bytes behind it do.
    start: usize,
    body: usize,
}

/// The bytes of the wire, by who spoke; none if the log is none of socat's.
pub(super) fn pieces(bytes: &[u8]) -> Option<Vec<(Speaker, Placed)>> {
    let headers = headers(bytes);
    let ends = headers.iter().skip(1).map(|header| header.start).chain([bytes.len()]);
    let mut pieces: Vec<(Speaker, Placed)> = Vec::new();
    for (header, end) in headers.iter().zip(ends) {
        let body = header.body..end;
        let text = &bytes[body.clone()];
        let placed = told(text, header.length).or_else(|| numbers(text, header.length)).unwrap_or_default();
        let placed = placed.into_iter().map(|(byte, at)| (byte, body.start + at..body.start + at + 1));
        pieces.extend(placed.map(|placed| (header.speaker, placed)));
    }
    (!pieces.is_empty()).then_some(pieces)
}

/// `> 2026/01/02 12:00:00.000123  length=7 from=0 to=6`: it may stand behind bytes that did not end their line.
fn headers(bytes: &[u8]) -> Vec<Header> {
    const MARK: &[u8] = b"  length=";
    const STAMP: usize = "> 2026/01/02 12:00:00".len();
    let mut headers = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(MARK.len()).position(|window| window == MARK) {
        let mark = at + found;
        at = mark + MARK.len();
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let length = std::str::from_utf8(&bytes[at..at + digits]).ok().and_then(|digits| digits.parse().ok());
        let fraction =
            bytes[..mark].iter().rev().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
        // The seconds belong to the run of digits, too.
        let start = mark.checked_sub(fraction + STAMP - 2);
        let speaker = start.and_then(|start| match bytes.get(start..start + 2)? {
            b"> " => Some(Speaker::Host),
            b"< " => Some(Speaker::Module),
            _ => None,
        });
        let line = bytes[at..].iter().position(|&byte| byte == b'\n');
        if let (Some(length), Some(start), Some(speaker), Some(line)) = (length, start, speaker, line) {
            headers.push(Header { speaker, length, start, body: at + line + 1 });
        }
    }
    headers
}

/// Bytes as text: CR and TAB spelt out, LF as itself.
fn told(text: &[u8], length: usize) -> Option<Vec<(u8, usize)>> {
    let mut out = Vec::with_capacity(length);
    let mut at = 0;
    while out.len() < length {
        let (byte, taken) = match text.get(at..)? {
            [b'\\', b'r', ..] => (b'\r', 2),
            [b'\\', b't', ..] => (b'\t', 2),
            [b'\\', next @ (b'\\' | b'"'), ..] => (*next, 2),
            [byte, ..] => (*byte, 1),
            [] => return None,
        };
        out.push((byte, at));
        at += taken;
    }
    text[at..].trim_ascii().is_empty().then_some(out)
}

/// Bytes as numbers, the characters beside them or not.
fn numbers(text: &[u8], length: usize) -> Option<Vec<(u8, usize)>> {
    let mut out = Vec::with_capacity(length);
    let mut at = 0;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let mut within = 0;
        while let [b' ', high, low, b' ' | b'\n', ..] = line[within..] {
            let digits = [high, low];
            let Some(byte) =
                std::str::from_utf8(&digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok())
            else {
                break;
            };
            out.push((byte, at + within + 1));
            within += 3;
        }
        at += line.len();
    }
    (out.len() == length).then_some(out)
}

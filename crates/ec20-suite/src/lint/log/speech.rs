//! What a piece of a log is by its look: a command line, a result, an information line; and what its writer put round or instead of bytes.
//!
//! It knows AT just as far as telling the two sides of a dialogue apart takes, and the ways programs print bytes that do not print.

use std::ops::Range;

/// What a text looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Command,
    Result,
    Information,
}

/// What a whole text looks like; none if it could be anything.
pub(super) fn look(text: &[u8]) -> Option<Look> {
    match () {
        () if is_command(text) => Some(Look::Command),
        () if is_result(text) => Some(Look::Result),
        () if is_information(text) => Some(Look::Information),
        () => None,
    }
}

/// Whether anything that looks like AT may begin so.
pub(super) fn may_begin(text: &[u8]) -> bool {
    match text {
        [b'+' | b'^', ..] | [b'A' | b'a', b'T' | b't' | b'/', ..] => true,
        [first, second, ..] => {
            [b"OK", b"ER", b"CO", b"NO", b"BU", b"RD", b"RI", b"SE"].contains(&&[*first, *second])
        }
        _ => false,
    }
}

/// `AT`, an extended command, or basic ones: a letter of them is followed by a number, another command, or nothing.
pub(super) fn is_command(line: &[u8]) -> bool {
    let [b'A' | b'a', rest @ ..] = line else { return false };
    if rest == b"/" {
        return true;
    }
    let [b'T' | b't', rest @ ..] = rest else { return false };
    match rest {
        [] => true,
        [b'+' | b'^' | b'*' | b'#' | b'$' | b'%' | b'&', next, ..] => next.is_ascii_alphabetic(),
        [b'D' | b'd', next, ..] => b"*#+TPtp,".contains(next) || next.is_ascii_digit(),
        [letter, tail @ ..] => {
            b"EVQZISXLMOHPT".contains(&letter.to_ascii_uppercase())
                && tail.first().is_none_or(|next| {
                    next.is_ascii_digit() || b" +&=?;".contains(next) || b"EVQZISXLM".contains(next)
                })
        }
    }
}

/// What ends an answer, and no host says.
pub(super) fn is_result(line: &[u8]) -> bool {
    const RESULTS: [&[u8]; 9] = [
        b"OK",
        b"ERROR",
        b"NO CARRIER",
        b"BUSY",
        b"NO ANSWER",
        b"NO DIALTONE",
        b"CONNECT",
        b"SEND OK",
        b"SEND FAIL",
    ];
    let line = line.trim_ascii_end();
    RESULTS.contains(&line)
        || [&b"+CME ERROR:"[..], b"+CMS ERROR:", b"CONNECT "].iter().any(|start| line.starts_with(start))
}

fn is_information(line: &[u8]) -> bool {
    if matches!(line.trim_ascii_end(), b"RDY" | b"RING") {
        return true;
    }
    let Some(rest) = line.strip_prefix(b"+").or_else(|| line.strip_prefix(b"^")) else { return false };
    let name = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    (2..20).contains(&name) && rest.get(name) == Some(&b':') && rest[0].is_ascii_uppercase()
}

const ESCAPES: [(&[u8], u8); 11] = [
    (b"\\r", b'\r'),
    (b"\\n", b'\n'),
    (b"<CR>", b'\r'),
    (b"<LF>", b'\n'),
    (b"<LN>", b'\n'),
    (b"\\x0d", b'\r'),
    (b"\\x0a", b'\n'),
    (b"[CR]", b'\r'),
    (b"[LF]", b'\n'),
    (b"^M", b'\r'),
    (b"^J", b'\n'),
];

/// The line end that a text begins with in escaped form, and the escape's length.
pub(super) fn escape_at(text: &[u8]) -> Option<(u8, usize)> {
    let starts =
        |escape: &[u8]| text.get(..escape.len()).is_some_and(|head| head.eq_ignore_ascii_case(escape));
    ESCAPES.into_iter().find(|(escape, _)| starts(escape)).map(|(escape, byte)| (byte, escape.len()))
}

/// The bytes that a text stands for, each with its place in the text, and whether any is an escaped line end.
pub(super) fn unescaped(text: &[u8], quoted: bool) -> (Vec<(u8, usize)>, bool) {
    let mut out = Vec::with_capacity(text.len());
    let mut any = false;
    let mut at = 0;
    while let Some(&first) = text.get(at) {
        let (byte, length) = match (escape_at(&text[at..]), first, text.get(at + 1)) {
            (Some((byte, length)), ..) => {
                any = true;
                (byte, length)
            }
            // Within a string of a programming language a quotation mark has its own escape.
            (None, b'\\', Some(&next @ (b'"' | b'\'' | b'\\'))) if quoted => (next, 2),
            _ => (first, 1),
        };
        out.push((byte, at));
        at += length;
    }
    (out, any)
}

/// Reads dots as the control characters that some programs print them for, `AT+CSQ...+CSQ: 20,99....OK..`: only runs that can be
/// nothing else, at the end or before what begins an answer.
pub(super) fn undotted(text: &[u8]) -> Vec<(u8, usize)> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let run = text[at..].iter().take_while(|&&byte| byte == b'.').count();
        let ends: &[u8] = match run {
            2 => b"\r\n",
            3 => b"\r\r\n",
            4 => b"\r\n\r\n",
            _ => b"",
        };
        out.extend(ends.iter().map(|&byte| (byte, at)));
        let kept = if ends.is_empty() { run.max(1) } else { 0 };
        out.extend(text[at..at + kept].iter().map(|&byte| (byte, at)));
        at += run.max(1);
    }
    out
}

/// What may stand round a text and is no part of it: where the texts within lie, and whether the end was there.
pub(super) struct Unwrapped {
    pub(super) parts: Vec<Range<usize>>,
    pub(super) closed: bool,
    /// Whether it is a string of a programming language.
    pub(super) quoted: bool,
    /// Whether it is a list of such strings.
    pub(super) list: bool,
}

/// How many bytes of wrapping a text begins with, `"`, `(`, `b'`, `['`, and what closes it.
fn opening(text: &[u8]) -> Option<(usize, u8)> {
    match text {
        [b'b' | b'[', quote @ (b'\'' | b'"'), ..] => Some((2, *quote)),
        [quote @ (b'\'' | b'"' | b'`'), ..] => Some((1, *quote)),
        [b'(', b'\'' | b'"', ..] => Some((2, text[1])),
        [b'(', ..] => Some((1, b')')),
        _ => None,
    }
}

/// How many bytes of a text that ends here open a wrapping.
pub(super) fn opens(text: &[u8]) -> usize {
    (1..=2)
        .rev()
        .find(|&length| {
            let tail = text.len().checked_sub(length).map(|at| &text[at..]);
            let free =
                length == 1 || text.len().checked_sub(3).is_none_or(|at| !text[at].is_ascii_alphanumeric());
            tail.is_some_and(|tail| free && opening(tail).is_some_and(|(opened, _)| opened == length))
        })
        .unwrap_or(0)
}

pub(super) fn unwrap(text: &[u8]) -> Unwrapped {
    let Some((at, close)) = opening(text) else {
        return Unwrapped {
            parts: std::iter::once(0..text.len()).collect(),
            closed: true,
            quoted: false,
            list: false,
        };
    };
    let list = text[0] == b'[';
    let body = &text[at..];
    let escaped = |index: usize| index > 0 && body[index - 1] == b'\\';
    let last = body.iter().rposition(|&byte| byte == close);
    let whole = last.is_some_and(|last| body[last + 1..].iter().all(|byte| b"])} \t".contains(byte)));
    let end = match close {
        b'"' if whole && !body.windows(2).any(|pair| pair == b"\\\"") => last,
        b'\'' if list => last,
        _ => (0..body.len()).find(|&index| body[index] == close && !escaped(index)),
    };
    let inner = at..at + end.unwrap_or(body.len());
    let mut parts = Vec::new();
    if list {
        let mut start = inner.start;
        let between = [close, b',', b' ', close];
        while let Some(found) =
            text[start..inner.end].windows(between.len()).position(|window| window == between)
        {
            parts.push(start..start + found);
            start += found + between.len();
        }
        parts.push(start..inner.end);
    } else {
        parts.push(inner);
    }
    Unwrapped { parts, closed: end.is_some(), quoted: close != b')' && close != b'`', list }
}

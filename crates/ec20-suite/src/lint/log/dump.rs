//! Dumps: bytes written as hexadecimal numbers, with what prints of them beside.
//!
//! A line is part of a dump only if both writings agree, so nothing is guessed. Which way the bytes went stands before them on their line, or
//! on the last line above that tells a direction.

use super::speech::{is_command, is_result};
use super::{Line, Speaker};

/// One line of a dump.
struct Row {
    /// The line's number.
    number: usize,
    speaker: Option<Speaker>,
    bytes: Vec<u8>,
    /// Whether it goes on where the row before ended.
    continues: bool,
}

/// Bytes that went one way, with the line each stands on.
pub(super) struct Flow {
    pub(super) speaker: Option<Speaker>,
    pub(super) bytes: Vec<(u8, usize)>,
    /// Whether every byte is told.
    pub(super) framed: bool,
}

/// The flows of a dump; none if the log is no dump.
pub(super) fn flows(lines: &[Line<'_>]) -> Option<Vec<Flow>> {
    let mut rows: Vec<Row> = Vec::new();
    let mut above = None;
    let mut said = usize::MAX;
    for (number, line) in lines.iter().enumerate() {
        match row(line.text) {
            Some((bytes, before)) => {
                let speaker = direction(before).or(above);
                let continues = rows.last().is_some_and(|last| said < last.number || said == usize::MAX);
                rows.push(Row { number, speaker, bytes, continues });
            }
            None => {
                if let Some(speaker) = direction(line.text) {
                    above = Some(speaker);
                    said = number;
                }
            }
        }
    }
    let whole: Vec<u8> = rows.iter().flat_map(|row| row.bytes.iter().copied()).collect();
    if !whole.windows(2).any(|pair| pair.eq_ignore_ascii_case(b"AT") || pair == b"OK") {
        return None;
    }
    // Some programs show lines without what ends them: then each piece is a line of its own.
    let ends = rows.iter().any(|row| row.speaker != Some(Speaker::Host) && row.bytes.contains(&b'\n'));
    let mut flows: Vec<Flow> = Vec::new();
    for row in rows {
        // A multiplexer's frames are no lines of a dialogue.
        if row.bytes.contains(&0xF9) {
            continue;
        }
        let mut bytes: Vec<(u8, usize)> = row.bytes.iter().map(|&byte| (byte, row.number)).collect();
        if !ends && !row.continues {
            bytes.insert(0, (b'\n', row.number));
        }
        match flows.last_mut() {
            Some(flow) if flow.speaker == row.speaker => flow.bytes.extend(bytes),
            _ => flows.push(Flow { speaker: row.speaker, bytes, framed: ends }),
        }
    }
    let known = |flow: &Flow| {
        let text: Vec<u8> = flow.bytes.iter().map(|pair| pair.0).collect();
        text.split(|byte| matches!(byte, b'\r' | b'\n')).any(|line| is_command(line) || is_result(line))
    };
    flows.iter().any(known).then_some(flows)
}

/// The bytes of a dump's line, and what stands before them.
fn row(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    // Within a run of numbers no other begins; the first word of all may be an offset.
    let within = |at: usize| {
        let before = text[..at].trim_ascii_end();
        let word = before.rsplit(|&byte| byte == b' ').next().unwrap_or_default();
        matches!(word.len(), 2 | 4) && word.len() < before.len() && word.iter().all(u8::is_ascii_hexdigit)
    };
    let mut starts = (0..text.len().min(200))
        .filter(|&at| at == 0 || matches!(text[at - 1], b' ' | b'\t'))
        .filter(|&at| text.get(at).is_some_and(u8::is_ascii_hexdigit) && !within(at));
    starts.find_map(|at| {
        let bytes = joined_row(&text[at..]).or_else(|| plain_row(&text[at..]));
        bytes.map(|bytes| (bytes, &text[..at]))
    })
}

fn hexadecimal(pair: &[u8]) -> Option<u8> {
    let [high, low] = pair else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(*high)? * 16 + digit(*low)?)
}

/// `41A|54T|0D |0D |0A |4FO|4BK|0D |0A  AT...OK..`: gammu's cells of two digits and the character, or a blank where it does not print.
fn joined_row(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text;
    loop {
        let byte = hexadecimal(rest.get(..2)?)?;
        let shown = rest.get(2).copied().unwrap_or(b' ');
        if shown != byte && (shown != b' ' || byte.is_ascii_graphic()) {
            return None;
        }
        bytes.push(byte);
        match rest.get(3) {
            Some(b'|') => rest = &rest[4..],
            _ => break,
        }
    }
    let beside = rest.get(3..).unwrap_or_default().trim_ascii_end();
    agrees(&bytes, beside).then_some(bytes)
}

/// `41 54 0d  |AT.|` and `4154 0d  AT.`: groups of two or four digits, then the same in characters.
fn plain_row(text: &[u8]) -> Option<Vec<u8>> {
    /// The most that a line of a dump holds.
    const WIDEST: usize = 64;
    let mut bytes = Vec::new();
    let mut at = 0;
    let mut blanks = 0;
    loop {
        let word = text[at..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let ends = text.get(at + word).is_none_or(|&byte| byte == b' ');
        if !matches!(word, 2 | 4) || !ends || blanks > 2 || bytes.len() > WIDEST {
            break;
        }
        bytes.extend(text[at..at + word].chunks(2).filter_map(hexadecimal));
        at += word;
        blanks = text[at..].iter().take_while(|&&byte| byte == b' ').count();
        at += blanks;
        if blanks > 0 && agrees(&bytes, text[at..].trim_ascii_end()) {
            return Some(bytes);
        }
    }
    (!bytes.is_empty() && blanks > 0 && agrees(&bytes, text[at..].trim_ascii_end())).then_some(bytes)
}

/// Whether characters are what prints of the bytes; anything else is shown as a dot or a blank.
fn agrees(bytes: &[u8], beside: &[u8]) -> bool {
    let beside = beside.trim_ascii_start();
    let inner = beside.strip_prefix(b"|").map_or(beside, |inner| inner.strip_suffix(b"|").unwrap_or(inner));
    let shown: Vec<u8> =
        bytes.iter().map(|&byte| if byte.is_ascii_graphic() { byte } else { b'.' }).collect();
    let told: Vec<u8> = inner.iter().map(|&byte| if byte == b' ' { b'.' } else { byte }).collect();
    let length = shown.iter().rposition(|&byte| byte != b'.').map_or(0, |last| last + 1);
    // Blanks at the ends may be the bytes', or the page's.
    let fits = |told: &[u8]| {
        told.len() >= length
            && shown.iter().zip(told).all(|(one, other)| one == other)
            && told.get(shown.len()..).is_none_or(|rest| rest.iter().all(|&byte| byte == b'.'))
    };
    let led = shown.iter().take_while(|&&byte| byte == b'.').count();
    !inner.is_empty() && (fits(&told) || (1..=led).any(|cut| fits(&[vec![b'.'; cut], told.clone()].concat())))
}

/// The direction that a line tells.
fn direction(text: &[u8]) -> Option<Speaker> {
    const SENT: [&[u8]; 7] = [b"tx", b"send", b"sending", b"sent", b"write", b"writing", b"wrote"];
    const CAME: [&[u8]; 8] =
        [b"rx", b"recv", b"receive", b"received", b"receiving", b"read", b"reading", b"reads"];
    let mut words = text.split(|byte| !byte.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    words.find_map(|word| {
        let is = |known: &[&[u8]]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
        match () {
            () if is(&SENT) => Some(Speaker::Host),
            () if is(&CAME) => Some(Speaker::Module),
            () => None,
        }
    })
}

//! Who speaks in a written log: lines of one speaker begin alike, whatever the tool.
//!
//! Nothing is known here of single tools. Where a command, a result or an information line stands behind something, that something, with its
//! numbers and days left open, is a voice. What a voice says tells whose it is; words of direction only let a voice in that spoke once.

use std::collections::BTreeMap;

use super::speech::{self, Look, look};
use super::{Line, Speaker};

/// A way that lines of one speaker begin.
#[derive(Debug, Clone)]
pub(super) struct Voice {
    /// The beginning, normalised.
    pub(super) key: Vec<u8>,
    /// Whose it is; none if the lines themselves tell, command or not.
    pub(super) speaker: Option<Speaker>,
}

/// What one voice was heard to say.
#[derive(Debug, Default)]
struct Heard {
    /// Lines that look like commands: the line's number, and the command.
    commands: Vec<(usize, Vec<u8>)>,
    results: usize,
    information: usize,
}

impl Heard {
    fn answers(&self) -> usize {
        self.results + self.information
    }

    fn all(&self) -> usize {
        self.commands.len() + self.answers()
    }
}

/// The voices of a log, those that begin longest first.
pub(super) fn voices(lines: &[Line<'_>]) -> Vec<Voice> {
    let mut heard: BTreeMap<Vec<u8>, Heard> = BTreeMap::new();
    for (number, line) in lines.iter().enumerate() {
        let Some(speech) = &line.speech else { continue };
        let heard = heard.entry(normal_form(&line.text[..speech.before])).or_default();
        for (look, text) in &speech.lines {
            match look {
                Look::Command => heard.commands.push((number, text.clone())),
                Look::Result => heard.results += 1,
                Look::Information => heard.information += 1,
            }
        }
    }
    heard.retain(|key, heard| !is_about(key) && (heard.all() > 1 || directs(key) || !has_letters(key)));
    let told: Vec<(Vec<u8>, usize)> = heard.iter().map(|(key, heard)| (key.clone(), heard.all())).collect();
    // What stands behind a word of direction is said, however often it is said.
    heard.retain(|key, heard| {
        !told.iter().any(|(other, all)| {
            key.len() > other.len() && key.starts_with(other) && directs(other) && *all >= heard.all()
        })
    });
    keep_spokesmen(&mut heard);
    let mut voices = assigned(&heard);
    add_mirrors(&mut voices, lines);
    voices.sort_by_key(|voice| std::cmp::Reverse(voice.key.len()));
    voices
}

/// Programs tell what they do in many ways. Of voices that no word of direction vouches for, only the one that asks most and the one that
/// answers most speak for the wire.
fn keep_spokesmen(heard: &mut BTreeMap<Vec<u8>, Heard>) {
    let most = |measure: fn(&Heard) -> usize| {
        heard
            .iter()
            .filter(|(_, heard)| measure(heard) > 0)
            .max_by_key(|(_, heard)| measure(heard))
            .map(|(key, _)| key.clone())
    };
    let both = most(|heard| heard.commands.len().min(heard.answers()));
    let asks = most(|heard| if heard.answers() == 0 { heard.commands.len() } else { 0 });
    let answers = most(|heard| if heard.commands.is_empty() { heard.answers() } else { 0 });
    let best = [both, asks, answers];
    heard.retain(|key, _| directs(key) || !has_letters(key) || best.iter().flatten().any(|best| best == key));
}

/// Whose each voice is, by what it said.
fn assigned(heard: &BTreeMap<Vec<u8>, Heard>) -> Vec<Voice> {
    let asks = heard.iter().filter(|(_, heard)| heard.answers() == 0).max_by_key(|(key, heard)| {
        (heard.commands.len(), directs(key), std::cmp::Reverse(heard.commands.first().map(|first| first.0)))
    });
    let echoes = |commands: &[(usize, Vec<u8>)]| {
        let Some((_, asked)) = asks else { return false };
        let repeated = |(number, command): &&(usize, Vec<u8>)| {
            let before = asked.commands.partition_point(|(asked, _)| asked < number);
            before.checked_sub(1).is_some_and(|last| asked.commands[last].1 == *command)
        };
        commands.iter().filter(repeated).count() * 2 > commands.len()
    };
    let speaker = |key: &Vec<u8>, heard: &Heard| {
        let leads = asks.is_some_and(|(asks, _)| asks == key);
        match (heard.commands.len(), heard.answers()) {
            (0, _) => Some(Speaker::Module),
            (_, 0) if leads => Some(Speaker::Host),
            _ if echoes(&heard.commands) => Some(Speaker::Module),
            (_, 0) => Some(Speaker::Host),
            _ => None,
        }
    };
    heard.iter().map(|(key, heard)| Voice { key: key.clone(), speaker: speaker(key, heard) }).collect()
}

/// The other side of a voice that is known, where nothing it says looks like AT: `> ATV0`, `< 0`.
fn add_mirrors(voices: &mut Vec<Voice>, lines: &[Line<'_>]) {
    const PAIRS: [(&str, &str); 15] = [
        ("-->", "<--"),
        ("==>", "<=="),
        ("->", "<-"),
        ("=>", "<="),
        (">>", "<<"),
        (">", "<"),
        ("tx", "rx"),
        ("TX", "RX"),
        ("Tx", "Rx"),
        ("sent", "received"),
        ("send", "recv"),
        ("SEND", "RECV"),
        ("Sent", "Received"),
        ("Send", "Recv"),
        ("write", "read"),
    ];
    for voice in voices.clone() {
        let Some(speaker) = voice.speaker else { continue };
        let mirror =
            PAIRS.iter().flat_map(|&(one, other)| [(one, other), (other, one)]).find_map(|(one, other)| {
                let at = voice.key.windows(one.len()).rposition(|window| window == one.as_bytes())?;
                let (before, after) = (&voice.key[..at], &voice.key[at + one.len()..]);
                Some([before, other.as_bytes(), after].concat())
            });
        let Some(key) = mirror.filter(|key| voices.iter().all(|voice| voice.key != *key)) else { continue };
        if lines.iter().any(|line| line.behind(&key).is_some()) {
            let speaker = if speaker == Speaker::Host { Speaker::Module } else { Speaker::Host };
            // What begins like it and goes on is its speech.
            voices.retain(|voice| !voice.key.starts_with(&key));
            voices.push(Voice { key, speaker: Some(speaker) });
        }
    }
}

/// Whether a beginning has anything but stamps and arrows.
fn has_letters(key: &[u8]) -> bool {
    key.iter().any(u8::is_ascii_alphabetic)
}

fn words(key: &[u8]) -> impl Iterator<Item = &[u8]> {
    key.split(|byte| !byte.is_ascii_alphabetic()).filter(|word| !word.is_empty())
}

/// Whether a beginning says that it is about the dialogue, not of it: `expect (OK)`, `Checking line: OK`.
pub(super) fn is_about(key: &[u8]) -> bool {
    const ABOUT: [&[u8]; 9] =
        [b"expect", b"wait", b"check", b"pars", b"match", b"ignor", b"abort", b"report", b"timeout"];
    words(key).any(|word| {
        ABOUT.iter().any(|about| word.get(..about.len()).is_some_and(|head| head.eq_ignore_ascii_case(about)))
    })
}

/// Whether a line that says nothing that looks like AT is a program's remark on the dialogue: chat's ` -- got it`, `timeout set to …`.
pub(super) fn is_comment(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let first = text.split(|&byte| byte == b' ').next().unwrap_or_default();
    text.starts_with(b"-- ")
        || first.iter().all(u8::is_ascii_lowercase) && first.len() < text.len() && is_about(first)
}

/// Whether a beginning tells a direction, by a word or an arrow.
fn directs(key: &[u8]) -> bool {
    const WORDS: [&[u8]; 26] = [
        b"tx",
        b"rx",
        b"send",
        b"sends",
        b"sent",
        b"sending",
        b"recv",
        b"receive",
        b"receives",
        b"received",
        b"receiving",
        b"write",
        b"writes",
        b"wrote",
        b"writing",
        b"read",
        b"reads",
        b"reading",
        b"cmd",
        b"command",
        b"resp",
        b"response",
        b"reply",
        b"answer",
        b"dte",
        b"dce",
    ];
    let word = words(key).any(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)));
    let arrow = [&b"->"[..], b"<-", b"=>", b"<=", b">>", b"<<"]
        .iter()
        .any(|arrow| key.windows(2).any(|window| window == *arrow));
    let end = key.trim_ascii_end();
    word || arrow || matches!(end.last(), Some(b'>' | b'<'))
}

/// A beginning with its numbers, days and months left open, and blanks counted once.
pub(super) fn normal_form(text: &[u8]) -> Vec<u8> {
    normalised(text).map(|(byte, _)| byte).collect()
}

/// The bytes of a normal form, each with where what it stands for ends.
pub(super) fn normalised(text: &[u8]) -> impl Iterator<Item = (u8, usize)> + '_ {
    let mut at = 0;
    let mut last = b' ';
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
            let (byte, length) = token(rest, last, at > 0 && text[at - 1].is_ascii_alphanumeric());
            at += length;
            if let Some(byte) = byte {
                last = byte;
                return Some((byte, at));
            }
        }
    })
}

fn token(rest: &[u8], last: u8, within_word: bool) -> (Option<u8>, usize) {
    const DAYS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDecMonTueWedThuFriSatSun";
    let run = |fits: fn(&u8) -> bool| rest.iter().take_while(|byte| fits(byte)).count();
    match rest {
        [b'0', b'x', ..] => {
            (Some(b'#'), 2 + rest[2..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count())
        }
        [b'0'..=b'9', ..] => (Some(b'#'), run(u8::is_ascii_digit)),
        // Numbers are padded within brackets.
        [b' ' | b'\t', ..] => {
            (Some(b' ').filter(|_| !matches!(last, b'(' | b'[')), run(|byte| matches!(byte, b' ' | b'\t')))
        }
        [0x1B, b'[', ..] => {
            (None, 2 + rest[2..].iter().take_while(|byte| !byte.is_ascii_alphabetic()).count() + 1)
        }
        _ if !within_word && rest.len() >= 3 && DAYS.chunks(3).any(|day| rest.starts_with(day)) => {
            let longer = rest.get(3).is_some_and(u8::is_ascii_alphabetic);
            if longer { (Some(rest[0]), 1) } else { (Some(b'@'), 3) }
        }
        _ => (Some(rest[0]), 1),
    }
}

/// What a line says, and behind what.
pub(super) struct Speech {
    /// Where what comes before it ends.
    pub(super) before: usize,
    /// Its lines that look like AT.
    pub(super) lines: Vec<(Look, Vec<u8>)>,
}

/// The speech in a line: it begins at the first place behind something that separates from which on the text looks like AT.
pub(super) fn speech_in(text: &[u8]) -> Option<Speech> {
    const FARTHEST: usize = 200;
    let separates = |byte: u8| !byte.is_ascii() || b" \t'\"([{<>:=|,;`*])}".contains(&byte);
    (0..text.len().min(FARTHEST)).filter(|&at| at == 0 || separates(text[at - 1])).find_map(|at| {
        let opened = speech::opens(&text[..at]);
        let escaped = speech::escape_at(&text[at..]).is_some();
        if opened == 0 && !escaped && !speech::may_begin(&text[at..]) {
            return None;
        }
        // `SEND OK` is one result.
        if text[..at].ends_with(b"SEND ") {
            return None;
        }
        let before = at - opened;
        let unwrapped = speech::unwrap(&text[before..]);
        let mut lines = unwrapped.parts.iter().flat_map(|part| {
            let text = &text[before + part.start..before + part.end];
            let bytes: Vec<u8> =
                speech::unescaped(text, unwrapped.quoted).0.into_iter().map(|pair| pair.0).collect();
            let lines = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).filter(|line| !line.is_empty());
            lines.map(<[u8]>::to_vec).collect::<Vec<_>>()
        });
        let seen: Vec<(Look, Vec<u8>)> = if escaped || opened > 0 && unwrapped.quoted {
            lines.filter_map(|line| look(line.trim_ascii_end()).map(|look| (look, line))).collect()
        } else {
            let first = lines.next()?;
            let first_look = look(first.trim_ascii_end())?;
            let rest = lines.filter_map(|line| look(&line).map(|look| (look, line)));
            std::iter::once((first_look, first.trim_ascii_end().to_vec())).chain(rest).collect()
        };
        (!seen.is_empty()).then_some(Speech { before, lines: seen })
    })
}

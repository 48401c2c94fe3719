//! Lines as a person or a tool wrote them down, put together again to what was said.
//!
//! It knows how voices write: lines, pieces of the wire with the ends of lines spelt out, answers on one line. Whose a voice is, it is told.

use std::collections::BTreeMap;

use super::line::Line;
use super::speech::{self, Look, is_command, look};
use super::voice::{self, Voice};
use super::{Entry, Placed, Speaker, captured, contains};

/// What a line said.
struct Said {
    voice: usize,
    dialogue: (usize, Vec<u8>),
    /// The bytes as the line writes them.
    text: Vec<Placed>,
    bytes: Vec<Placed>,
    /// Whether ends of lines are told.
    ends: bool,
    /// Whether it stood in quotation marks.
    quoted: bool,
}

/// The dialogues that lines tell, one for each port and session.
pub(super) fn dialogues(lines: &[Line<'_>]) -> Vec<Vec<Entry>> {
    let voices = voice::voices(lines);
    let mut said = said(lines, &voices);
    let styles: Vec<Style> = (0..voices.len()).map(|voice| Style::of(voice, &voices[voice], &said)).collect();
    let mut dialogues: BTreeMap<(usize, Vec<u8>), Dialogue> = BTreeMap::new();
    for said in &mut said {
        let (voice, style) = (&voices[said.voice], styles[said.voice]);
        let dialogue = dialogues.entry(said.dialogue.clone()).or_default();
        match style {
            // What is not told as bytes of the wire, beside what is, a program said by itself.
            Style::Pieces { quoted, .. } if quoted && !said.quoted => {}
            Style::Pieces { broken, .. } => {
                let mut bytes = std::mem::take(&mut said.bytes);
                // Where LF ends the lines of the log itself, it is not told.
                let end = bytes.last().map(|last| (b'\n', last.1.clone()));
                bytes.extend(end.filter(|_| broken));
                dialogue.piece(voice.speaker, bytes, !broken);
            }
            Style::Dots => {
                let text: Vec<u8> = said.text.iter().map(|placed| placed.0).collect();
                let place = |at: usize| said.text[at].1.clone();
                let bytes = speech::undotted(&text).into_iter().map(|(byte, at)| (byte, place(at)));
                dialogue.piece(
                    None,
                    bytes.chain(text.len().checked_sub(1).map(|last| (b'\n', place(last)))).collect(),
                    false,
                );
            }
            Style::Lines => dialogue.line(voice.speaker, &said.bytes, false),
            Style::Joined => dialogue.line(voice.speaker, &said.bytes, true),
        }
    }
    dialogues.into_values().map(Dialogue::entries).collect()
}

/// What every line of a voice said, in the order of the file.
fn said(lines: &[Line<'_>], voices: &[Voice]) -> Vec<Said> {
    /// How many lines a quotation may go on.
    const LONGEST: usize = 60;
    let own: Vec<Vec<u8>> = voices.iter().filter_map(|voice| first_word(&voice.key)).collect();
    let mut all = Vec::new();
    let mut session = 0;
    let mut open: Option<(usize, Vec<u8>, usize)> = None;
    let mut last_port = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        if line.is_prompt() {
            session += 1;
            last_port.clear();
            continue;
        }
        // `expect (OK)` speaks of an answer, and is none.
        if line
            .speech
            .as_ref()
            .is_some_and(|speech| voice::is_about(&voice::normal_form(&line.text[..speech.before])))
        {
            continue;
        }
        let found = voices
            .iter()
            .enumerate()
            .find_map(|(index, voice)| line.behind(&voice.key).map(|at| (index, at)));
        // Where a program's lines are voices, what else it says of itself is none.
        if found.is_some_and(|(index, _)| voices[index].key.is_empty())
            && first_word(&voice::normal_form(line.text)).is_some_and(|word| own.contains(&word))
        {
            continue;
        }
        let inside = open.take().filter(|(.., since)| number - since < LONGEST);
        let (voice, at, port, goes_on) = match (found, inside) {
            (Some((voice, at)), _) if !voices[voice].key.is_empty() => (voice, at, line.port(at), None),
            (_, Some((voice, port, since))) => (voice, 0, port, Some(since)),
            (Some((voice, at)), None) => (voice, at, last_port.clone(), None),
            (None, None) => continue,
        };
        last_port.clone_from(&port);
        let unwrapped = if goes_on.is_some() {
            let end = line.text.trim_ascii_end();
            let closed = end.ends_with(b"\"") || end.ends_with(b"'");
            speech::Unwrapped {
                parts: std::iter::once(0..end.len() - usize::from(closed)).collect(),
                closed,
                quoted: true,
                list: false,
            }
        } else {
            speech::unwrap(&line.text[at..])
        };
        if !unwrapped.closed && unwrapped.quoted {
            open = Some((voice, port.clone(), goes_on.unwrap_or(number)));
        }
        for part in unwrapped.parts {
            let (from, text) = (line.start + at + part.start, &line.text[at + part.start..at + part.end]);
            if voice::is_comment(text) {
                continue;
            }
            let (mut bytes, mut ends) = speech::unescaped(text, unwrapped.quoted);
            if unwrapped.list {
                // Each is a line already, whatever end it kept.
                bytes.retain(|(byte, _)| !matches!(byte, b'\r' | b'\n'));
                ends = false;
            }
            let place = |offset: usize| from + offset..from + offset + 1;
            all.push(Said {
                voice,
                dialogue: (session, port.clone()),
                text: text.iter().enumerate().map(|(offset, &byte)| (byte, place(offset))).collect(),
                bytes: bytes.into_iter().map(|(byte, offset)| (byte, place(offset))).collect(),
                ends,
                quoted: unwrapped.quoted,
            });
        }
    }
    all
}

/// The word that a beginning begins with, if it is more than a stamp.
fn first_word(key: &[u8]) -> Option<Vec<u8>> {
    let end = key.iter().position(|&byte| byte == b' ')?;
    (end > 1 && !key[..end].contains(&b'#')).then(|| key[..end].to_vec())
}

/// How a voice writes what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// A line of the dialogue each.
    Lines,
    /// An answer's lines with blanks between: `+CSQ: 20,99 OK`.
    Joined,
    /// Pieces of the wire, with the ends of lines told: all in quotation marks or not, broken after each LF or not.
    Pieces { quoted: bool, broken: bool },
    /// Pieces of the wire, with dots for what does not print.
    Dots,
}

impl Style {
    fn of(index: usize, voice: &Voice, said: &[Said]) -> Self {
        let texts: Vec<Vec<u8>> = said
            .iter()
            .filter(|said| said.voice == index)
            .map(|said| said.text.iter().map(|placed| placed.0).collect())
            .collect();
        let pieces = || said.iter().filter(|said| said.voice == index && said.ends);
        if pieces().next().is_some() {
            let tells_lf = pieces().any(|said| said.bytes.iter().any(|placed| placed.0 == b'\n'));
            let broken = voice.speaker != Some(Speaker::Host) && !tells_lf;
            return Self::Pieces { quoted: pieces().all(|said| said.quoted), broken };
        }
        let commands = texts.iter().filter(|text| is_command(text)).count();
        let dotted = texts
            .iter()
            .filter(|text| is_command(text) && contains(text, b"...") && text.ends_with(b".."))
            .count();
        if dotted > 0 && dotted * 10 > commands * 6 {
            return Self::Dots;
        }
        let joined = |text: &Vec<u8>| look(text) == Some(Look::Information) && final_behind(text).is_some();
        if voice.speaker == Some(Speaker::Module) && texts.iter().any(joined) {
            Self::Joined
        } else {
            Self::Lines
        }
    }
}

/// Where the final result begins that stands behind an answer on the same line.
fn final_behind(text: &[u8]) -> Option<usize> {
    [&b" OK"[..], b" ERROR"].iter().find_map(|end| text.ends_with(end).then(|| text.len() - end.len() + 1))
}

/// What was said on one port, in one session.
#[derive(Default)]
struct Dialogue {
    entries: Vec<Entry>,
    /// Pieces that the same side said one after another, and whether they tell every byte.
    run: Option<(Option<Speaker>, Vec<Placed>, bool)>,
}

impl Dialogue {
    fn piece(&mut self, speaker: Option<Speaker>, bytes: Vec<Placed>, framed: bool) {
        match &mut self.run {
            Some((before, run, _)) if *before == speaker => run.extend(bytes),
            _ => {
                self.flush();
                self.run = Some((speaker, bytes, framed));
            }
        }
    }

    fn line(&mut self, speaker: Option<Speaker>, bytes: &[Placed], joined: bool) {
        let text: Vec<u8> = bytes.iter().map(|placed| placed.0).collect();
        let start = text.len() - text.trim_ascii_start().len();
        let text = without_remark(&text[start..]).trim_ascii_end();
        if text.is_empty() {
            return;
        }
        self.flush();
        let by_itself = if is_command(text) { Speaker::Host } else { Speaker::Module };
        let mut push = |text: &[u8], at: usize| {
            let (Some(first), Some(last)) = (bytes.get(at), bytes.get((at + text.len()).saturating_sub(1)))
            else {
                return;
            };
            let span = first.1.start..last.1.end;
            let text = text.to_vec();
            self.entries.push(Entry { speaker: speaker.unwrap_or(by_itself), text, span, frame: None });
        };
        match final_behind(text).filter(|_| joined) {
            Some(at) => {
                push(text[..at].trim_ascii_end(), start);
                push(&text[at..], start + at);
            }
            None => push(text, start),
        }
    }

    fn flush(&mut self) {
        let Some((speaker, run, framed)) = self.run.take() else { return };
        let entries = captured(&run, speaker).into_iter();
        self.entries.extend(entries.map(|entry| Entry { frame: entry.frame.filter(|_| framed), ..entry }));
    }

    fn entries(mut self) -> Vec<Entry> {
        self.flush();
        self.entries
    }
}

/// A line without what a person noted behind it: ` // why` or ` → what came`, outside of strings.
fn without_remark(text: &[u8]) -> &[u8] {
    let mut quoted = false;
    for (at, &byte) in text.iter().enumerate() {
        quoted ^= byte == b'"';
        let remark = text[at..].starts_with(b" //") || text[at..].starts_with(" \u{2192} ".as_bytes());
        if !quoted && remark {
            return &text[..at];
        }
    }
    text
}

//! Reading an answer from its words. It knows the words and which of them exclude each other.

use core::ops::Range;

use mms_pdu::ResponseStatus;

use super::{Answer, Conf, Content, Flaw, Framing};

/// Where `redirect` leads when no place is named: a host that cannot exist.
pub(super) const PORTAL: &str = "http://portal.invalid/";

/// Words that are no answer: where, what would have been right, what stands there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {}: expected {expected}, found {found}", .span.start + 1)]
pub struct WordsError {
    /// The octets of the offending word.
    pub span: Range<usize>,
    /// What would have been right.
    pub expected: &'static str,
    /// What stands there instead.
    pub found: String,
}

/// The most bytes of a wrong word that a message repeats.
const QUOTED: usize = 100;

const FLAWS: &[(&str, Flaw)] = &[
    ("wrong-tid", Flaw::WrongTransactionId),
    ("no-tid", Flaw::NoTransactionId),
    ("no-status", Flaw::NoStatus),
    ("wrong-type", Flaw::WrongType),
    ("no-id", Flaw::NoMessageId),
    ("id-first", Flaw::MessageIdFirst),
    ("cut-pdu", Flaw::Cut),
];

const FRAMINGS: &[(&str, Framing)] = &[
    ("chunked", Framing::Chunked),
    ("no-length", Framing::UntilClose),
    ("truncated", Framing::Truncated),
    ("stall-midway", Framing::StallMidway),
    ("reset-midway", Framing::ResetMidway),
    ("stall", Framing::Stall),
    ("reset", Framing::Reset),
    ("reset-early", Framing::ResetEarly),
    ("close", Framing::Close),
    ("no-http", Framing::NoHttp),
];

pub(super) fn flaw_word(flaw: Flaw) -> &'static str {
    FLAWS.iter().find(|(_, known)| *known == flaw).map_or("", |(word, _)| *word)
}

pub(super) fn framing_word(framing: Framing) -> Option<&'static str> {
    FRAMINGS.iter().find(|(_, known)| *known == framing).map(|(word, _)| *word)
}

/// A text in the quotes of this language.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A word, or a text in quotes.
struct Piece {
    text: String,
    quoted: bool,
    span: Range<usize>,
}

impl Piece {
    fn refuse(&self, expected: &'static str) -> WordsError {
        let mut text = self.text.clone();
        if text.len() > QUOTED {
            text.truncate(text.floor_char_boundary(QUOTED));
            text.push('…');
        }
        WordsError { span: self.span.clone(), expected, found: format!("{text:?}") }
    }
}

/// What has been asked for so far.
#[derive(Default)]
struct Asked {
    delay_ms: Option<u64>,
    interim: bool,
    http: Option<u16>,
    status: Option<(ResponseStatus, Option<String>)>,
    flaw: Option<Flaw>,
    content: Option<Content>,
    framing: Option<Framing>,
}

pub(super) fn parse(words: &str) -> Result<Answer, WordsError> {
    const EXPECTED: &str = "a word of the answer table, as `accept`, `status 132` or `stall`";
    let pieces = pieces(words)?;
    if pieces.is_empty() {
        return Err(WordsError { span: 0..words.len(), expected: EXPECTED, found: "nothing".to_owned() });
    }
    let end = words.len();
    let mut asked = Asked::default();
    let mut rest = pieces.into_iter().peekable();
    while let Some(piece) = rest.next() {
        if piece.quoted {
            return Err(piece.refuse(EXPECTED));
        }
        let flaw = FLAWS.iter().find(|(word, _)| *word == piece.text);
        let framing = FRAMINGS.iter().find(|(word, _)| *word == piece.text);
        let fresh = match (piece.text.as_str(), flaw, framing) {
            (_, Some((_, flaw)), _) => asked.flaw.replace(*flaw).is_none(),
            (_, _, Some((_, framing))) => asked.framing.replace(*framing).is_none(),
            ("accept", ..) => asked.status.replace((ResponseStatus::OK, None)).is_none(),
            ("status", ..) => {
                let number = number(rest.next(), end, 128..=255, "a status from 128 to 255")?;
                let status = ResponseStatus(u8::try_from(number).unwrap_or(u8::MAX));
                asked.status.replace((status, rest.next_if(|piece| piece.quoted).map(|p| p.text))).is_none()
            }
            ("http", ..) => {
                let code = number(rest.next(), end, 200..=599, "an HTTP code from 200 to 599")?;
                asked.http.replace(u16::try_from(code).unwrap_or(500)).is_none()
            }
            ("delay", ..) => asked.delay_ms.replace(duration(rest.next(), end)?).is_none(),
            ("continue", ..) => !std::mem::replace(&mut asked.interim, true),
            ("html", ..) => asked.content.replace(Content::Html).is_none(),
            ("empty", ..) => asked.content.replace(Content::Empty).is_none(),
            ("garbage", ..) => asked.content.replace(Content::Garbage).is_none(),
            ("redirect", ..) => {
                let place = rest.next_if(|piece| piece.quoted).map_or(PORTAL.to_owned(), |piece| piece.text);
                if place.chars().any(char::is_control) {
                    return Err(piece.refuse("a place without control characters"));
                }
                asked.content.replace(Content::Redirect(place)).is_none()
            }
            _ => return Err(piece.refuse(EXPECTED)),
        };
        if !fresh || asked.is_contradiction() {
            return Err(piece.refuse("a word that does not contradict the ones before it"));
        }
    }
    Ok(asked.answer())
}

impl Asked {
    /// An answer has one content: an M-Send.conf (with its flaws), or something else.
    fn is_contradiction(&self) -> bool {
        self.content.is_some() && (self.status.is_some() || self.flaw.is_some())
    }

    fn answer(self) -> Answer {
        let silent = matches!(
            self.framing,
            Some(Framing::Stall | Framing::Reset | Framing::ResetEarly | Framing::Close | Framing::NoHttp)
        );
        let bare_code = self.http.is_some() && self.status.is_none() && self.flaw.is_none() && !silent;
        let content = match self.content {
            Some(content) => content,
            None if bare_code => Content::Page,
            None => {
                let (status, text) = self.status.unwrap_or((ResponseStatus::OK, None));
                Content::Conf(Conf { status, text, flaw: self.flaw })
            }
        };
        let usual = if matches!(content, Content::Redirect(_)) { 302 } else { 200 };
        Answer {
            delay_ms: self.delay_ms.unwrap_or(0),
            interim: self.interim,
            http: self.http.unwrap_or(usual),
            content,
            framing: self.framing.unwrap_or(Framing::Length),
        }
    }
}

fn number(
    piece: Option<Piece>,
    end: usize,
    range: core::ops::RangeInclusive<u64>,
    expected: &'static str,
) -> Result<u64, WordsError> {
    let piece = piece.ok_or(WordsError { span: end..end, expected, found: "the end".to_owned() })?;
    let digits = !piece.quoted && piece.text.bytes().all(|octet| octet.is_ascii_digit());
    let value = piece.text.parse().ok().filter(|value| digits && range.contains(value));
    value.ok_or_else(|| piece.refuse(expected))
}

/// `250ms` or `2s`, at most a day.
fn duration(piece: Option<Piece>, end: usize) -> Result<u64, WordsError> {
    let expected = "a time such as 250ms or 2s, at most a day";
    let piece = piece.ok_or(WordsError { span: end..end, expected, found: "the end".to_owned() })?;
    let (digits, unit) = match (piece.text.strip_suffix("ms"), piece.text.strip_suffix('s')) {
        (Some(digits), _) => (digits, 1),
        (None, Some(digits)) => (digits, 1000),
        (None, None) => ("", 1),
    };
    let sound = !digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_digit());
    let value = digits.parse::<u64>().ok().and_then(|value| value.checked_mul(unit));
    value.filter(|value| sound && *value <= 86_400_000).ok_or_else(|| piece.refuse(expected))
}

fn pieces(words: &str) -> Result<Vec<Piece>, WordsError> {
    let mut pieces = Vec::new();
    let mut chars = words.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if first.is_whitespace() {
            continue;
        }
        let mut text = String::new();
        let mut end = start + first.len_utf8();
        if first == '"' {
            let mut closed = false;
            while let Some((at, c)) = chars.next() {
                end = at + c.len_utf8();
                match c {
                    '"' => {
                        closed = true;
                        break;
                    }
                    '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
                    other => text.push(other),
                }
            }
            if !closed {
                let found = "the end".to_owned();
                return Err(WordsError { span: start..words.len(), expected: "a quote that ends", found });
            }
        } else {
            text.push(first);
            while let Some((at, c)) = chars.next_if(|(_, c)| !c.is_whitespace() && *c != '"') {
                end = at + c.len_utf8();
                text.push(c);
            }
        }
        pieces.push(Piece { text, quoted: first == '"', span: start..end });
    }
    Ok(pieces)
}

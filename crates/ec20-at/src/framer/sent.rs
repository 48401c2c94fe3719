//! What is remembered of a command until its final result: its digest, and what may answer it.
//!
//! Knows which information lines belong to which command. Keeps no byte of the command but the names of its parts.

use super::{CommandId, Echo};
use crate::forms::{self, Answers, Entry, Twin};
use crate::parameter::number;
use crate::scan;
use crate::{Command, Dialect, Form, command_line};

/// Most names of one chained line that are told apart; with more, every prefixed line is taken for an answer.
const NAMES: usize = 6;

/// How a line with a command's name is told from a URC with the same name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shape {
    /// No URC has this name, or none can be told apart.
    #[default]
    Any,
    /// The answer is a list of ranges, `(…)`; the URC is not.
    List,
    /// The answer's second value is a number; the URC has none or a string.
    Registration,
}

/// The name of an information line.
#[derive(Clone, Copy, Debug, Default)]
struct Name {
    /// The first 16 bytes, the first lowest; where the name is longer, a digest of all of it.
    key: u128,
    /// Which of the 16 bytes count.
    mask: u128,
    len: usize,
    shape: Shape,
}

impl Name {
    fn new(name: &[u8], shape: Shape) -> Self {
        let key =
            if name.len() > 16 { u128::from(upper_digest(name)) } else { scan::upper(scan::head(name)) };
        let mask = scan::mask(name.len());
        Self { key, mask, len: name.len(), shape }
    }

    /// Whether `text` begins with the name and a colon, and has the shape of an answer.
    #[inline]
    fn fits(&self, text: &[u8], head: u128) -> bool {
        let named = if self.len > 16 {
            text.get(..self.len).is_some_and(|name| u128::from(upper_digest(name)) == self.key)
        } else {
            head & self.mask == self.key
        };
        named && text.get(self.len) == Some(&b':') && (self.shape == Shape::Any || self.shape_fits(text))
    }

    fn shape_fits(&self, text: &[u8]) -> bool {
        let rest = text.get(self.len.wrapping_add(1)..).unwrap_or_default().trim_ascii_start();
        if rest.first() == Some(&b'(') {
            return true;
        }
        match self.shape {
            Shape::Any => true,
            Shape::List => false,
            Shape::Registration => {
                let mut values = rest.split(|&byte| byte == b',');
                let second = values.nth(1).unwrap_or_default();
                second.trim_ascii_start().first().is_some_and(u8::is_ascii_digit)
            }
        }
    }
}

fn upper_digest(name: &[u8]) -> u64 {
    name.iter().fold(name.len() as u64, |sum, byte| {
        (sum.rotate_left(9) ^ u64::from(byte.to_ascii_uppercase())).wrapping_mul(0x0100_0000_01B3)
    })
}

/// What data a command brings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Data {
    #[default]
    None,
    /// The host sends; the module acknowledges with `A` if asked to.
    Upload { acknowledged: bool },
    /// The module sends; the end is told by a line of this shape, or by the number that `CONNECT` names.
    Download,
}

/// One command line that was sent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent {
    pub(super) id: u32,
    pub(super) text: Likeness,
    pub(super) echoed: bool,
    /// Given up, or overtaken by another command.
    pub(super) late: bool,
    pub(super) answers: Expected,
    pub(super) data: Data,
    /// What the echo is set to once the command has succeeded; `None`: as before.
    pub(super) echo_after: Option<Echo>,
    /// Whether the result may come as a numeral, whatever was before.
    pub(super) changes_style: bool,
}

/// What may answer a command.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Expected {
    names: [Name; NAMES],
    count: usize,
    /// More names than fit: any prefixed line may be an answer.
    pub(super) any_name: bool,
    /// Lines without a prefix may be answers.
    pub(super) plain: bool,
    /// NO CARRIER and its like may end it.
    pub(super) calls: bool,
}

impl Expected {
    fn add(&mut self, name: &[u8], shape: Shape) {
        match self.names.get_mut(self.count) {
            Some(slot) => {
                *slot = Name::new(name, shape);
                self.count = self.count.wrapping_add(1);
            }
            None => self.any_name = true,
        }
    }

    /// Whether a line that begins with these 16 bytes is an answer for certain: to the one command there is, and no URC
    /// has its name.
    #[inline]
    pub(super) fn is_plainly(&self, head: u128, text: &[u8]) -> bool {
        let [first, ..] = &self.names;
        self.count == 1
            && head & first.mask == first.key
            && first.shape == Shape::Any
            && first.len <= 16
            && text.get(first.len) == Some(&b':')
    }

    /// Whether a line with a prefix may be an answer.
    #[inline]
    pub(super) fn has(&self, text: &[u8], head: u128) -> bool {
        let names = self.names.get(..self.count).unwrap_or_default();
        self.any_name || names.iter().any(|name| name.fits(text, head))
    }
}

impl Sent {
    /// Remembers a line, given without its CR. `repeated` is what may answer the line before, for `A/`.
    pub(super) fn remember(&mut self, id: CommandId, line: &[u8], repeated: Option<&Expected>) {
        self.reset(id, Likeness::of(line));
        match command_line::read(line, Dialect::TOLERANT) {
            Ok(read) if read.is_repeat() => self.answers = repeated.copied().unwrap_or_default(),
            Ok(read) => self.commands(read.commands()),
            // What is no command line can get any answer.
            Err(_) => self.answers.plain = true,
        }
    }

    /// The common line, read by a short way: one command of the tables that begins with a sign and brings no data.
    ///
    /// Anything else, several lines among it, is left to the long way.
    #[inline]
    pub(super) fn single(&mut self, id: CommandId, line: &[u8]) -> bool {
        let [b'A' | b'a', b'T' | b't', b'+', ..] = line else { return false };
        let whole = scan::head(line);
        let head = whole >> 16;
        // The sign, then letters: the first byte that is none ends the name. The fourteen bytes hold every known name.
        let len = scan::letters(head >> 8).wrapping_add(1);
        let form = match line.get(len.wrapping_add(2)..) {
            None | Some([]) => Form::Execute,
            Some(b"?") => Form::Read,
            Some(b"=?") => Form::Test,
            Some([b'=', values @ ..]) if scan::command_end(values).is_none() => Form::Write,
            Some(_) => return false,
        };
        let mask = scan::mask(len);
        let key = scan::upper(head & mask);
        let Some(entry) = forms::by_key(key) else { return false };
        let answers = entry.answers(form);
        if !matches!(answers, Answers::Nothing | Answers::Prefixed) {
            return false;
        }
        self.reset(id, Likeness::with_head(line, whole));
        if answers == Answers::Prefixed {
            self.answers.count = 1;
            let [first, ..] = &mut self.answers.names;
            *first = Name { key, mask, len, shape: shape(entry.twin, form) };
        }
        true
    }

    #[inline]
    fn reset(&mut self, id: CommandId, text: Likeness) {
        self.id = id.0;
        self.text = text;
        self.echoed = false;
        self.late = false;
        self.data = Data::None;
        self.echo_after = None;
        self.changes_style = false;
        self.answers.count = 0;
        self.answers.any_name = false;
        self.answers.plain = false;
        self.answers.calls = false;
    }

    fn commands(&mut self, mut commands: command_line::Commands<'_>) {
        for command in commands.by_ref().map_while(Result::ok) {
            match forms::entry(command.name()) {
                Some(entry) => self.known(&command, entry),
                None => self.unknown(&command),
            }
        }
    }

    fn known(&mut self, command: &Command<'_>, entry: &Entry) {
        let name = command.name();
        match entry.answers(command.form()) {
            Answers::Nothing => {}
            Answers::Prefixed => self.answers.add(name, shape(entry.twin, command.form())),
            Answers::Plain => {
                self.answers.plain = true;
                self.answers.add(name, Shape::Any);
            }
            Answers::Upload => {
                let mode = command.parameter(3).and_then(|mode| number(mode.bytes()));
                self.data = Data::Upload { acknowledged: mode.is_some_and(|mode| mode != 0) };
                self.answers.add(name, Shape::Any);
            }
            Answers::Download => {
                self.data = Data::Download;
                self.answers.add(name, Shape::Any);
            }
        }
        match name {
            b"E" | b"e" => {
                let value = command.parameter(0).and_then(|value| number(value.bytes()));
                self.echo_after = Some(if value == Some(1) { Echo::On } else { Echo::Off });
            }
            b"Z" | b"z" | b"&F" | b"&f" => {
                self.echo_after = Some(Echo::Unknown);
                self.changes_style = true;
            }
            b"V" | b"v" => self.changes_style = true,
            _ => {}
        }
    }

    /// A command that no table has: lines with its name, and lines without any, may answer it.
    fn unknown(&mut self, command: &Command<'_>) {
        self.answers.plain = true;
        self.answers.calls = true;
        if command.is_extended() {
            self.answers.add(command.name(), Shape::Any);
        }
    }

    /// Whether `text` is this command, and has not come back before.
    #[inline]
    pub(super) fn is_echo(&self, text: &[u8]) -> bool {
        !self.echoed && self.text.is(text)
    }
}

/// A text by its length, its ends, and a digest of what lies between: up to 32 bytes it is the text itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Likeness {
    pub(super) len: usize,
    head: u128,
    tail: u128,
    middle: u64,
}

impl Likeness {
    #[inline]
    fn of(text: &[u8]) -> Self {
        Self::with_head(text, scan::head(text))
    }

    #[inline]
    fn with_head(text: &[u8], head: u128) -> Self {
        let tail = text.last_chunk::<16>().map_or(0, |tail| u128::from_le_bytes(*tail));
        let middle = match text.len().checked_sub(32) {
            Some(len @ 1..) => scan::digest(text.get(16..len.wrapping_add(16)).unwrap_or_default()),
            _ => 0,
        };
        Self { len: text.len(), head, tail, middle }
    }

    #[inline]
    fn is(&self, text: &[u8]) -> bool {
        if text.len() != self.len || scan::head(text) != self.head {
            return false;
        }
        let other = Self::with_head(text, self.head);
        other.tail == self.tail && other.middle == self.middle
    }
}

/// The shape that tells an answer from a URC of the same name.
const fn shape(twin: Twin, form: Form) -> Shape {
    match (twin, form) {
        (Twin::None, _) => Shape::Any,
        (_, Form::Test) => Shape::List,
        (Twin::Registration, _) => Shape::Registration,
        (Twin::Listed, _) => Shape::Any,
    }
}

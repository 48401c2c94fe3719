//! What is remembered of a command until its final result: its digest, and what may answer it.
//!
//! Knows which information lines belong to which command. Keeps no byte of the command but the names of its parts.

use super::scan;
use super::{CommandId, Echo};
use crate::forms::{self, Answers};
use crate::parameter::number;
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
        // Lower case differs by one bit; in the other bytes of a name that bit means nothing to a module either.
        let mut head = scan::head(name);
        let letters = spread(b'@') & head;
        head &= !(letters >> 1);
        let key = if name.len() > 16 { u128::from(upper_digest(name)) } else { head };
        let mask = u32::try_from(name.len()).map_or(u128::MAX, scan::mask);
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

const fn spread(byte: u8) -> u128 {
    (u128::MAX / 255).wrapping_mul(byte as u128)
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
    len: usize,
    digest: u64,
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

    /// Whether a line with a prefix may be an answer.
    #[inline]
    pub(super) fn has(&self, text: &[u8], head: u128) -> bool {
        let names = self.names.get(..self.count).unwrap_or_default();
        self.any_name || names.iter().any(|name| name.fits(text, head))
    }
}

impl Sent {
    /// Remembers a line, given without its CR. `last` is what was sent before, which `A/` repeats.
    pub(super) fn remember(&mut self, id: CommandId, line: &[u8], last: &Expected) {
        self.id = id.0;
        self.len = line.len();
        self.digest = scan::digest(line);
        self.echoed = false;
        self.late = false;
        self.data = Data::None;
        self.echo_after = None;
        self.changes_style = false;
        self.answers.count = 0;
        self.answers.any_name = false;
        self.answers.plain = false;
        self.answers.calls = false;
        match command_line::read(line, Dialect::TOLERANT) {
            Ok(read) if read.is_repeat() => self.answers = *last,
            Ok(read) => self.commands(read.commands()),
            // What is no command line can get any answer.
            Err(_) => self.answers.plain = true,
        }
    }

    fn commands(&mut self, mut commands: command_line::Commands<'_>) {
        for command in commands.by_ref().map_while(Result::ok) {
            match forms::command(command.name()) {
                Some(spec) => self.known(&command, spec.answers(command.form())),
                None => self.unknown(&command),
            }
        }
    }

    fn known(&mut self, command: &Command<'_>, answers: Answers) {
        let name = command.name();
        match answers {
            Answers::Nothing => {}
            Answers::Prefixed => self.answers.add(name, shape(command)),
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

    /// Whether `text` is this command, byte for byte.
    #[inline]
    pub(super) fn is_echo(&self, text: &[u8]) -> bool {
        !self.echoed && text.len() == self.len && scan::digest(text) == self.digest
    }
}

/// The shape that tells an answer from a URC of the same name.
fn shape(command: &Command<'_>) -> Shape {
    let has_urc = forms::URCS.iter().any(|(name, _)| command.is(name));
    let registration = ["+CREG", "+CGREG", "+CEREG"].iter().any(|name| command.is(name));
    match command.form() {
        Form::Test if has_urc => Shape::List,
        _ if registration => Shape::Registration,
        _ => Shape::Any,
    }
}

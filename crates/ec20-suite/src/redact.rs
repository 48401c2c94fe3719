//! Redaction: what a run keeps of persons, cards, modules and accounts is a stand-in of the same length and the same classes of characters.
//!
//! It stands between the run and everything that is written or shown: events go in as they happened, and come out fit to be handed on.
//! Secrets are found by rule (the fields of commands and answers that hold an IMEI, IMSI, ICCID, number, recipient, PIN, APN user or
//! password; long numbers wherever they stand) and by value: what was found once, or was declared, is replaced wherever it turns up, also
//! in the middle of other text, in hexadecimal, or cut in two by the wire. Equal stays equal under one [`Key`], counts of bytes stay true,
//! and the values of the transcripts themselves, which are nobody's, stay readable. It judges nothing: a redacted run is judged like any.
//!
//! ```
//! use ec20_suite::journal::{Direction, Event};
//! use ec20_suite::redact::{Key, Redactor};
//!
//! let mut redactor = Redactor::new(Key::from_words("bench 3"));
//! let wire = |dir, bytes: &str| Event::Wire { t_us: 0, dir, bytes: bytes.to_owned() };
//! redactor.event(wire(Direction::Host, r"AT+CIMI\r"));
//! // What is cut in mid-line waits for its rest.
//! assert_eq!(redactor.event(wire(Direction::Module, r"\r\n26201123")), []);
//! let out = redactor.event(wire(Direction::Module, r"4567890\r\n"));
//! assert_eq!(out.len(), 2);
//! assert!(!format!("{out:?}").contains("26201123"));
//! ```

mod event;
mod key;
mod known;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

pub use key::Key;

use crate::escape::unescaped;
use crate::journal::{Direction, Event};
use crate::suite::{Case, Variables};
use crate::transcript::{Payload, StepKind, Text};
use known::{Known, core};

/// Variables of the transcripts that stand for a person or an account.
pub const SECRET_VARIABLES: [&str; 6] = ["apn_password", "apn_user", "bcc", "cc", "to", "to_mail"];

/// How much of an unfinished line is remembered, to find a secret that the next bytes finish.
const REMEMBERED: usize = 4096;

/// Replaces secrets in the events of one run.
#[derive(Debug)]
pub struct Redactor {
    key: Option<Key>,
    known: Known,
    /// Values that are nobody's: they stand in the transcripts for all to read.
    spared: BTreeSet<Vec<u8>>,
    /// Long numbers that the run itself sent: whoever says them only repeats.
    said: BTreeSet<Vec<u8>>,
    /// The commands whose answer may come now: of the last line and of the one before it.
    open: [Vec<Vec<u8>>; 2],
    /// The last line that broke off, as it came.
    broken_off: String,
    host: Line,
    module: Line,
    /// Chunks that broke off in mid-line, until their rest comes.
    held: Vec<Event>,
}

/// The unfinished line of one direction, as it really is.
#[derive(Debug, Default)]
struct Line(Vec<u8>);

/// A value that cannot be hidden by value: it would be found in too many places that have nothing to do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected at least {} characters with a letter or digit among them, found fewer: in so many places a value so short stands by accident",
    known::SHORTEST
)]
pub struct TooShort;

impl Redactor {
    /// A redactor that knows no secret yet.
    pub fn new(key: Key) -> Self {
        Self { key: Some(key), ..Self::off() }
    }

    /// A redactor that lets everything through as it is.
    pub fn off() -> Self {
        Self {
            key: None,
            known: Known::default(),
            spared: BTreeSet::new(),
            said: BTreeSet::new(),
            open: [Vec::new(), Vec::new()],
            broken_off: String::new(),
            host: Line::default(),
            module: Line::default(),
            held: Vec::new(),
        }
    }

    /// Whether it hides anything at all.
    pub const fn is_on(&self) -> bool {
        self.key.is_some()
    }

    /// Takes what the built-in transcripts of `cases` say for nobody's, and the defaults of the variables: of a case, whatever a bench did not
    /// set.
    pub fn spare(&mut self, cases: &[Case], defaults: &Variables, built_in: &dyn Fn(&str) -> bool) {
        let defaults = defaults.bindings();
        let values = SECRET_VARIABLES.iter().filter_map(|name| defaults.get(name));
        self.spared.extend(values.map(<[u8]>::to_vec));
        for case in cases {
            let set = case.variables.bindings();
            let mut bindings = case.bindings.clone();
            for (name, value) in case.bindings.iter() {
                // Rows of a transcript's table may be made of variables, and go by their names.
                let mut value = value.to_vec();
                for name in SECRET_VARIABLES {
                    let (own, usual) =
                        (set.get(name).unwrap_or_default(), defaults.get(name).unwrap_or_default());
                    if own != usual {
                        value = replaced(&value, own, usual);
                    }
                }
                bindings.bind(name, value);
            }
            let transcripts = case.stages.iter().chain([&case.transcript]);
            for transcript in transcripts.filter(|transcript| built_in(&transcript.file)) {
                for step in transcript.body.iter().chain(&transcript.finally) {
                    for text in texts(&step.kind) {
                        let shown = text.shown(&bindings);
                        self.spare_text(&unescaped(&shown).unwrap_or_else(|_| shown.into_bytes()));
                    }
                }
            }
        }
        self.spared.remove(&b""[..]);
    }

    fn spare_text(&mut self, text: &[u8]) {
        let numbers = rules::long_numbers(text).filter_map(|range| text.get(range));
        self.spared.extend(numbers.map(<[u8]>::to_vec));
        self.spared.extend(text.split(|byte| *byte == b'"').map(<[u8]>::to_vec));
    }

    /// Hides this value wherever it stands, from now on, even one that the transcripts name.
    ///
    /// # Errors
    /// [`TooShort`].
    pub fn declare(&mut self, value: &str) -> Result<(), TooShort> {
        let Some(key) = &self.key else { return Ok(()) };
        let taken = self.known.learn(key, value.as_bytes());
        self.spared.remove(core(value.as_bytes()));
        self.spared.remove(value.as_bytes());
        if taken { Ok(()) } else { Err(TooShort) }
    }

    /// Hides what the variables of the transcripts say of persons and accounts, where that is not the manual's own.
    pub fn variables(&mut self, written: &BTreeMap<String, String>) {
        for (name, value) in written {
            if SECRET_VARIABLES.contains(&name.as_str()) {
                let bytes = Text::read(value).ok().and_then(|text| text.bytes(&<_>::default()).ok());
                self.learn(&bytes.unwrap_or_else(|| value.clone().into_bytes()));
            }
        }
    }

    /// An event as it may be written down; none while it waits for the rest of a line, several when that has come.
    pub fn event(&mut self, event: Event) -> Vec<Event> {
        if self.key.is_none() {
            return vec![event];
        }
        if let Event::Wire { dir: Direction::Module, bytes, .. } = &event {
            let ends = bytes.ends_with("\\n");
            self.held.push(event);
            return if ends { self.release(false) } else { Vec::new() };
        }
        let mut out = self.release(true);
        out.push(self.redacted(event));
        out
    }

    /// What still waits, when nothing more comes.
    pub fn finish(&mut self) -> Vec<Event> {
        self.release(true)
    }

    /// Bytes outside the journal, a captured message: without the secrets that are known by now.
    pub fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = bytes.to_vec();
        if self.key.is_some() {
            self.hide_known(bytes, false, &mut out);
            self.hide_numbers(bytes, &mut out);
        }
        out
    }

    /// Words outside the journal, a command line: the same.
    pub fn words(&self, words: &str) -> String {
        let mut out = words.as_bytes().to_vec();
        if self.key.is_some() {
            self.hide_known(words.as_bytes(), false, &mut out);
        }
        // A stand-in has the classes of what it stands for, so that text stays text.
        String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    /// A command that a person may paste: with an ellipsis for each secret. A stand-in there would be somebody's number.
    pub fn command(&self, command: &str) -> String {
        if self.key.is_none() {
            return command.to_owned();
        }
        let mut out = Vec::new();
        let bytes = command.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if let Some(stand_in) = self.known.at(bytes, at, false) {
                out.extend_from_slice("…".as_bytes());
                at += stand_in.len().max(1);
            } else {
                out.push(*byte);
                at += 1;
            }
        }
        String::from_utf8_lossy(&out).into_owned()
    }

    fn learn(&mut self, value: &[u8]) {
        let Some(key) = &self.key else { return };
        let spared = |value: &[u8]| self.is_spared(value);
        // A short number could be a count of bytes: it is hidden in its field only.
        let count = known::is_digits(core(value)) && core(value).len() < 8;
        if !spared(value) && !spared(core(value)) && !count {
            self.known.learn(key, value);
        }
    }

    /// Whether a value is nobody's: it stands in the transcripts, or is one of their values with a byte or two gone wrong. Of such a one the
    /// wrong byte is the evidence.
    fn is_spared(&self, value: &[u8]) -> bool {
        const LONG_ENOUGH: usize = 8;
        let near = |spared: &Vec<u8>| {
            spared.len() == value.len()
                && spared.iter().zip(value).filter(|(one, other)| one != other).count() <= 2
        };
        self.spared.contains(value) || (value.len() >= LONG_ENOUGH && self.spared.iter().any(near))
    }

    /// Writes the known secrets of `text` over.
    fn hide_known(&self, text: &[u8], open: bool, out: &mut [u8]) {
        let mut at = 0;
        while at < text.len() {
            match self.known.at(text, at, open) {
                Some(stand_in) => {
                    let end = (at + stand_in.len()).min(text.len());
                    if let Some(place) = out.get_mut(at..end) {
                        place.copy_from_slice(stand_in.get(..end - at).unwrap_or_default());
                    }
                    at = end.max(at + 1);
                }
                None => at += 1,
            }
        }
    }

    /// Writes long numbers over that nobody has sent.
    fn hide_numbers(&self, text: &[u8], out: &mut [u8]) {
        let ranges: Vec<_> = rules::long_numbers(text).collect();
        for range in ranges {
            self.hide_value(text, range, out);
        }
    }

    /// Writes a value over that stands where secrets stand, unless it is nobody's, or known and over-written already.
    fn hide_value(&self, text: &[u8], range: std::ops::Range<usize>, out: &mut [u8]) {
        let Some(key) = &self.key else { return };
        let Some(value) = text.get(range.clone()) else { return };
        let nobodys = |value: &[u8]| self.is_spared(value) || self.said.contains(value);
        if nobodys(value) || nobodys(core(value)) || out.get(range.clone()) != Some(value) {
            return;
        }
        if let Some(place) = out.get_mut(range) {
            place.copy_from_slice(&known::stand_in(key, value));
        }
    }
}

/// `bytes` with every `from` replaced.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(from.len().max(1)).position(|window| window == from) {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        out.extend_from_slice(to);
        rest = rest.get(at + from.len()..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

/// Every text of a step.
fn texts(kind: &StepKind) -> Vec<&Text> {
    match kind {
        StepKind::Send(text)
        | StepKind::Raw(text)
        | StepKind::Order(text)
        | StepKind::Data(Payload::Text(text)) => {
            vec![text]
        }
        StepKind::Expect(alternatives) | StepKind::Await { alternatives, .. } => {
            alternatives.iter().map(|alternative| &alternative.text).collect()
        }
        _ => Vec::new(),
    }
}

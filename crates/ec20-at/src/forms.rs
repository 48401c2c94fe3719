//! Every form that the manual and its siblings have, as tables: name, key, fields, and what each field may hold.
//!
//! Knows shapes and limits, one table per chapter. Reads nothing itself: [`judge`](crate::judge) does, and
//! [`Reading`](crate::Reading) is what comes out.

use crate::{Form, scan};

mod bearer;
mod files;
mod general;
pub(crate) mod limits;
mod lines;
mod mms;

pub(crate) use general::{AT, REPEAT};
pub(crate) use lines::{CME, CMS, CONNECT, INDICATIONS, NUMERIC, PLAIN_FINALS, PLAIN_URCS, PROMPT, URCS};

/// What one field may hold. The tolerant reading keeps the type and drops the limits.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// An integer of at most nine digits.
    Integer,
    /// An integer in one of the ranges.
    In(&'static [(u32, u32)]),
    /// The digit `0` and nothing else, in every dialect: it is what tells one form from another.
    Zero,
    /// One to three digits, zeros in front allowed, 0 to 127 (V.250 6.2.1).
    Register,
    /// Three digits, 000 to 127: how `ATS3?` answers.
    RegisterLine,
    /// A quoted string of at most so many bytes.
    String(usize),
    /// A quoted string from a list.
    Quoted(&'static [&'static str]),
    /// What QMMSEDIT takes and gives: an address, a title or a file name, by the function before it.
    EditText,
    /// A PIN: a quoted string of at most 8 bytes, or 4 to 8 bare digits.
    Pin,
    /// A quoted string of 1 to 8 hexadecimal digits.
    HexString,
    /// A quoted string; the tolerant reading takes a bare number, too.
    StringOrNumber,
    /// 1 to 4 lower-case hexadecimal digits without zeros in front.
    Checksum,
    /// Decimal digits, so many.
    Digits(usize, usize),
    /// 18 to 20 decimal or upper-case hexadecimal digits.
    Iccid,
    /// The rest of the line, printable.
    Text,
    /// The rest of the line, a state of +CPIN.
    PinState,
    /// A quoted string, or the rest of the line.
    StringOrText,
    /// Exactly one of these; another item of a `=?` line is a variant.
    Items(&'static [&'static str]),
    /// Any range of a `=?` line: `(…)`.
    AnyRange,
    /// Any item of a `=?` line: `(…)` or `<…>`.
    AnyItem,
    /// Nothing between two commas of a `=?` line; no field.
    Gap,
    /// The list of operators, to the end of the line.
    Operators,
}

/// One field of a form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldSpec {
    pub(crate) name: &'static str,
    pub(crate) rule: Rule,
    pub(crate) clause: &'static str,
}

/// How the fields of a line are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// By commas.
    Commas,
    /// By commas; the whole form is there by [`Tolerance::ResultArity`](crate::Tolerance::ResultArity) only.
    Short,
    /// By commas, in a `=?` line: brackets are a variant.
    Test,
    /// By commas, in a `=?` line whose optional tail the manuals print in brackets, or not.
    Bracketed,
}

/// One form: what stands behind the name.
#[derive(Debug)]
pub(crate) struct Spec {
    /// The name that the grammar's rule has, too.
    pub(crate) name: &'static str,
    /// The quoted key that comes first, or "".
    pub(crate) key: &'static str,
    pub(crate) fields: &'static [FieldSpec],
    /// How many of the fields may be there.
    pub(crate) counts: &'static [usize],
    pub(crate) layout: Layout,
}

/// What the module says between a command and its final result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    /// Nothing: a line with the command's own name is a URC.
    Nothing,
    /// Lines with the command's own name as prefix.
    Prefixed,
    /// Lines without prefix.
    Plain,
    /// `CONNECT`, then the host's bytes, then a prefixed line.
    Upload,
    /// `CONNECT`, then the file, then a prefixed line that counts and sums it.
    Download,
}

/// One command with all its forms and the information lines that answer it.
#[derive(Debug)]
pub(crate) struct CommandSpec {
    /// With its sign, upper case.
    pub(crate) name: &'static str,
    pub(crate) forms: &'static [(Form, Spec)],
    /// Lines that begin with the command's name and a colon.
    pub(crate) lines: &'static [Spec],
    /// Lines that have no prefix.
    pub(crate) plain_lines: &'static [Spec],
    /// By form: test, read, execute, write.
    pub(crate) answers: [Answers; 4],
}

const fn field(name: &'static str, rule: Rule, clause: &'static str) -> FieldSpec {
    FieldSpec { name, rule, clause }
}

/// A form with all its fields, no key.
const fn spec(name: &'static str, fields: &'static [FieldSpec], counts: &'static [usize]) -> Spec {
    Spec { name, key: "", fields, counts, layout: Layout::Commas }
}

/// A form without parameters.
const fn bare(name: &'static str) -> Spec {
    spec(name, &[], &[0])
}

/// A form that begins with a quoted key.
const fn keyed(
    name: &'static str,
    key: &'static str,
    fields: &'static [FieldSpec],
    counts: &'static [usize],
) -> Spec {
    Spec { name, key, fields, counts, layout: Layout::Commas }
}

/// A line that answers `=?`.
const fn test_line(
    name: &'static str,
    key: &'static str,
    fields: &'static [FieldSpec],
    counts: &'static [usize],
) -> Spec {
    Spec { name, key, fields, counts, layout: Layout::Test }
}

/// A line that answers `=?` and may show its optional tail in brackets.
const fn bracketed(name: &'static str, fields: &'static [FieldSpec], counts: &'static [usize]) -> Spec {
    Spec { name, key: "", fields, counts, layout: Layout::Bracketed }
}

const CHAPTERS: [&[CommandSpec]; 4] = [mms::COMMANDS, files::COMMANDS, bearer::COMMANDS, general::COMMANDS];

/// Every command, chapter by chapter.
pub(crate) fn commands() -> impl Iterator<Item = &'static CommandSpec> {
    CHAPTERS.into_iter().flatten()
}

/// How an answer is told from a URC that has the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Twin {
    /// No URC has the name, or nothing tells them apart.
    None,
    /// Only `=?` can be told: its answer is a list of ranges.
    Listed,
    /// The answer's second value is a number; the URC has none, or a string.
    Registration,
}

/// A command as the framer looks it up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// The name as a number.
    key: u128,
    answers: [Answers; 4],
    pub(crate) twin: Twin,
    pub(crate) spec: &'static CommandSpec,
}

impl Entry {
    #[inline]
    pub(crate) fn answers(&self, form: Form) -> Answers {
        let [test, read, execute, write] = self.answers;
        match form {
            Form::Test => test,
            Form::Read => read,
            Form::Execute => execute,
            Form::Write => write,
        }
    }
}

/// Slots of [`INDEX`]: a power of two, several times the number of commands.
const SLOTS: usize = 256;

/// Every command by a hash of its name; a taken slot sends to the next one.
static INDEX: [Option<Entry>; SLOTS] = {
    let mut index = [None; SLOTS];
    let mut chapters = CHAPTERS.as_slice();
    while let [chapter, more @ ..] = chapters {
        chapters = more;
        let mut commands = *chapter;
        while let [spec, rest @ ..] = commands {
            commands = rest;
            let key = key(spec.name.as_bytes());
            let (_, free) = index.split_at_mut(hash(key));
            place(free, Entry { key, answers: spec.answers, twin: twin(key), spec });
        }
    }
    index
};

/// Puts a command into the first free slot. There is one: the hashes leave the last slots free.
const fn place(slots: &mut [Option<Entry>], entry: Entry) {
    let mut slots = slots;
    while let [first, rest @ ..] = slots {
        if first.is_none() {
            *first = Some(entry);
            return;
        }
        slots = rest;
    }
}

const fn twin(name: u128) -> Twin {
    const REGISTRATIONS: [u128; 3] = [key(b"+CREG"), key(b"+CGREG"), key(b"+CEREG")];
    const LISTED: [u128; 2] = [key(b"+QMMSEND"), key(b"+CFUN")];
    let [creg, cgreg, cereg] = REGISTRATIONS;
    let [send, cfun] = LISTED;
    if name == creg || name == cgreg || name == cereg {
        Twin::Registration
    } else if name == send || name == cfun {
        Twin::Listed
    } else {
        Twin::None
    }
}

/// A name of at most 16 bytes as a number, capitals, the first byte lowest.
const fn key(name: &[u8]) -> u128 {
    let mut key = 0_u128;
    let mut rest = name;
    while let [before @ .., last] = rest {
        key = (key << 8) | last.to_ascii_uppercase() as u128;
        rest = before;
    }
    key
}

#[expect(clippy::cast_possible_truncation, reason = "the halves of the number are meant")]
const fn hash(key: u128) -> usize {
    let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(29);
    ((folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as usize).saturating_sub(16)
}

/// The command with this name, sign included, in any case.
pub(crate) fn command(name: &[u8]) -> Option<&'static CommandSpec> {
    entry(name).map(|entry| entry.spec)
}

/// As [`command`], with what the framer wants to know of it.
pub(crate) fn entry(name: &[u8]) -> Option<&'static Entry> {
    by_key(scan::upper(scan::head(name))).filter(|entry| entry.spec.name.len() == name.len())
}

/// The command whose name is this number: capitals, the first byte lowest, zeros behind.
#[inline]
pub(crate) fn by_key(key: u128) -> Option<&'static Entry> {
    let slots = INDEX.get(hash(key)..)?.iter();
    slots.map_while(Option::as_ref).find(|entry| entry.key == key)
}

/// The command whose information lines begin with this name, sign included, upper case as the module prints it.
pub(crate) fn prefix(name: &[u8]) -> Option<&'static CommandSpec> {
    command(name).filter(|spec| spec.name.as_bytes() == name)
}

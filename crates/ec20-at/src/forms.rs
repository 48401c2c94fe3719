//! Every form that the manual and its siblings have, as tables: name, key, fields, and what each field may hold.
//!
//! Knows shapes and limits, one table per chapter. Reads nothing itself: [`judge`](crate::judge) does, and
//! [`Reading`](crate::Reading) is what comes out.

use crate::Form;

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

impl CommandSpec {
    pub(crate) const fn answers(&self, form: Form) -> Answers {
        let [test, read, execute, write] = self.answers;
        match form {
            Form::Test => test,
            Form::Read => read,
            Form::Execute => execute,
            Form::Write => write,
        }
    }
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

/// The command with this name, sign included, in any case.
pub(crate) fn command(name: &[u8]) -> Option<&'static CommandSpec> {
    commands().find(|spec| spec.name.as_bytes().eq_ignore_ascii_case(name))
}

/// The command whose information lines begin with this name, sign included, upper case as the module prints it.
pub(crate) fn prefix(name: &[u8]) -> Option<&'static CommandSpec> {
    commands().find(|spec| spec.name.as_bytes() == name)
}

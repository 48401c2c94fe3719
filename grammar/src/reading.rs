//! Reading one unit: from bytes to named forms with fields and spans, or to a refusal that says where and what was expected.
//! Knows how pest's pairs become forms and fields; what a form is stands in the `.pest` files.

use std::fmt;
use std::ops::Range;

use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::{Pair, Pairs};
use pest::{Parser, RuleType};

use crate::book::{Book, CANONICAL, TOLERANT};
use crate::bytes::Spelled;
use crate::canonical::Canonical;
use crate::tolerant::Tolerant;

/// How much is taken as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strictness {
    /// The manual's own word: its ranges, lengths and separators.
    Canonical,
    /// The same shapes with the tolerances that `tolerant.pest` names; values are not judged.
    Tolerant,
}

/// What a piece of bytes is claimed to be. A unit never includes the CR or CRLF that ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit<'a> {
    /// A whole command line from `AT` on, or `A/`: one form per command in it.
    CommandLine,
    /// An information line that begins with its command's name, such as `+QMMSCFG: …`.
    Information,
    /// An information line of this command (`qmmscfg`, `cimi`, `i`, …), also one that does not begin with a name.
    InformationOf(&'a str),
    /// An unsolicited line.
    Urc,
    /// A final result, in words or as `ATV0` numerals.
    Final,
    /// The prompt for text.
    Prompt,
}

/// A run of bytes in the unit: from `start`, up to but without `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The span as a range, for slicing the bytes that were read.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A parameter's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The parameter's name in the manual, in lower case.
    pub name: &'static str,
    /// The value's bytes; for a quoted string what stands between the quotes.
    pub span: Span,
}

/// One form that was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormReading {
    /// The form's name, e.g. `qmmsedit_add`.
    pub name: &'static str,
    /// Its bytes; for a command without `AT`, separators and blanks around it.
    pub span: Span,
    /// Its parameters in the order written; keys and omitted parameters are none.
    pub fields: Vec<Field>,
}

impl FormReading {
    /// The span of the first field of this name.
    pub fn field(&self, name: &str) -> Option<Span> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.span)
    }
}

/// What a unit was read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The forms in order; exactly one for every unit but a command line.
    pub forms: Vec<FormReading>,
}

/// What one rule makes of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// This strictness has no rule of that name.
    NoSuchRule,
    /// The bytes, as a whole, are not of this rule.
    Refused,
    /// They are; what a reading would show: of a parameter its value, of a form itself, of a silent rule what is in it.
    Accepted(Vec<Field>),
}

/// Why a unit was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Offset of the byte that could not be read; the unit's length if it ended too soon.
    pub at: usize,
    /// The rules that would have gone on from there; may be empty.
    pub expected: Vec<&'static str>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused at byte {}", self.at)?;
        if !self.expected.is_empty() {
            write!(f, ", expected {}", self.expected.join(" or "))?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

/// Reads one unit.
///
/// ```
/// use ec20_grammar::{read, Strictness, Unit};
///
/// let line = b"+QMMSEND: 0,200";
/// let reading = read(Unit::Urc, Strictness::Canonical, line)?;
/// assert_eq!(reading.forms[0].name, "qmmsend_urc");
///
/// let refusal = read(Unit::Urc, Strictness::Canonical, b"+QMMSEND: 778,200").unwrap_err();
/// assert_eq!(refusal.at, 10);
/// # Ok::<(), ec20_grammar::Refusal>(())
/// ```
///
/// # Errors
/// Refuses bytes that are no such unit: the offset of the first byte that does not fit and the rules that would have.
pub fn read(unit: Unit<'_>, strictness: Strictness, bytes: &[u8]) -> Result<Reading, Refusal> {
    match strictness {
        Strictness::Canonical => read_by::<Canonical, _>(&CANONICAL, unit, bytes),
        Strictness::Tolerant => read_by::<Tolerant, _>(&TOLERANT, unit, bytes),
    }
}

/// Tries one rule by name on all of `bytes`, for tests and tools that look at the grammar itself.
///
/// A silent rule shows no span, so that for it a match of the beginning is all that can be told.
///
/// ```
/// use ec20_grammar::{probe, Probe, Strictness};
/// assert!(matches!(probe("p_port", Strictness::Canonical, b"65535"), Probe::Accepted(_)));
/// assert_eq!(probe("p_port", Strictness::Canonical, b"65536"), Probe::Refused);
/// assert_eq!(probe("p_pory", Strictness::Canonical, b"1"), Probe::NoSuchRule);
/// ```
pub fn probe(rule: &str, strictness: Strictness, bytes: &[u8]) -> Probe {
    match strictness {
        Strictness::Canonical => probe_by::<Canonical, _>(&CANONICAL, rule, bytes),
        Strictness::Tolerant => probe_by::<Tolerant, _>(&TOLERANT, rule, bytes),
    }
}

fn read_by<P: Parser<R>, R: RuleType>(
    book: &Book<R>,
    unit: Unit<'_>,
    bytes: &[u8],
) -> Result<Reading, Refusal> {
    let (entry, command) = match unit {
        Unit::CommandLine => (book.rule("command_line"), None),
        Unit::Information => (book.rule("information_line"), None),
        // A command whose answer has no name has an entry of its own; every other shares one, and the form tells whose it is.
        Unit::InformationOf(command) => {
            let own = book.rule(&format!("{command}_line"));
            (own.or_else(|| book.rule("information_line")), Some(command))
        }
        Unit::Urc => (book.rule("urc_line"), None),
        Unit::Final => (book.rule("final_line"), None),
        Unit::Prompt => (book.rule("prompt_line"), None),
    };
    let nothing = Refusal { at: 0, expected: Vec::new() };
    let Some(entry) = entry else { return Err(nothing) };
    let spelled = Spelled::new(bytes);
    let pairs = P::parse(entry, spelled.text()).map_err(|error| refusal(book, &spelled, &error))?;
    let forms: Vec<FormReading> =
        pairs.flat_map(Pair::into_inner).filter_map(|pair| form(book, &spelled, pair)).collect();
    let belongs = |command: &str| {
        forms.iter().all(|form| form.name.strip_prefix(command).is_some_and(|rest| rest.starts_with('_')))
    };
    if command.is_some_and(|command| !belongs(command)) {
        return Err(nothing);
    }
    Ok(Reading { forms })
}

fn form<R: RuleType>(book: &Book<R>, spelled: &Spelled<'_>, pair: Pair<'_, R>) -> Option<FormReading> {
    let name = book.name(pair.as_rule())?;
    let span = span(spelled, &pair);
    Some(FormReading { name, span, fields: fields(book, spelled, pair.into_inner()) })
}

fn fields<R: RuleType>(book: &Book<R>, spelled: &Spelled<'_>, pairs: Pairs<'_, R>) -> Vec<Field> {
    pairs
        .filter_map(|pair| {
            let name = field_name(book.name(pair.as_rule())?);
            Some(Field { name, span: span(spelled, &innermost(pair)) })
        })
        .collect()
}

/// A parameter's rule is named `p_NAME`, or `p_NAME_of_PLACE` where one name takes different values in different places.
fn field_name(rule: &'static str) -> &'static str {
    let name = rule.strip_prefix("p_").unwrap_or(rule);
    name.split_once("_of_").map_or(name, |(name, _)| name)
}

/// Quotes belong to the parameter's rule, the value to the rule inside it.
fn innermost<R: RuleType>(mut pair: Pair<'_, R>) -> Pair<'_, R> {
    while let Some(inner) = pair.clone().into_inner().next() {
        pair = inner;
    }
    pair
}

fn span<R: RuleType>(spelled: &Spelled<'_>, pair: &Pair<'_, R>) -> Span {
    let span = pair.as_span();
    Span { start: spelled.offset(span.start()), end: spelled.offset(span.end()) }
}

fn refusal<R: RuleType>(book: &Book<R>, spelled: &Spelled<'_>, error: &pest::error::Error<R>) -> Refusal {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => spelled.offset(at),
    };
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => {
            positives.iter().filter_map(|&rule| book.name(rule)).collect()
        }
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    Refusal { at, expected }
}

fn probe_by<P: Parser<R>, R: RuleType>(book: &Book<R>, rule: &str, bytes: &[u8]) -> Probe {
    let Some(rule) = book.rule(rule) else { return Probe::NoSuchRule };
    let spelled = Spelled::new(bytes);
    let Ok(pairs) = P::parse(rule, spelled.text()) else { return Probe::Refused };
    let own: Vec<_> = pairs.clone().filter(|pair| pair.as_rule() == rule).collect();
    if own.iter().any(|pair| pair.as_span().end() != spelled.text().len()) {
        return Probe::Refused;
    }
    Probe::Accepted(fields(book, &spelled, pairs))
}

//! Reads one unit by the tables of forms: a command line, an information line, a URC, a final result, a prompt.
//!
//! Knows how a form's table is walked. What comes out is the form's name and its fields by name and span: the shape in
//! which two independent readings of the language can be compared. The typed views stand on it.

mod answer;
mod line;

use crate::forms::{self, Spec};
use crate::parameter::TrimBlanks;
use crate::{
    Command, Dialect, Error, ErrorKind, Expected, Form, Found, Parameter, Span, Tolerance, command_line,
    judge,
};

/// The largest number of fields that a form has (`AT+CGEQREQ`).
const MAX_FIELDS: usize = 13;

/// A field that is not there.
const ABSENT: Span = Span { start: 1, end: 0 };

/// A unit of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit<'n> {
    /// One command line without its CR.
    CommandLine,
    /// One information line without its CRs and LFs, known by its prefix.
    Information,
    /// One information line of the named command, prefix or not. The name is that of the forms: `qmmscfg`, `i`, `s3`.
    InformationOf(&'n str),
    /// One URC.
    Urc,
    /// One final result, in words or as an ATV0 numeral.
    Final,
    /// The prompt for text.
    Prompt,
}

/// A field of a form that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The manual's name of the parameter, lower case.
    pub name: &'static str,
    /// The value's bytes; a quoted string without its quotes.
    pub span: Span,
}

/// A form that was read: its name, its place and its fields.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    spec: &'static Spec,
    span: Span,
    values: [Span; MAX_FIELDS],
}

impl PartialEq for Reading {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name() && self.span == other.span && self.values == other.values
    }
}

impl Reading {
    /// The form's name: `qmmsedit_add`, `qiact_info`, `qmmsend_urc`, `final_ok`.
    pub const fn name(&self) -> &'static str {
        self.spec.name
    }

    /// Where the form stands: a command from its sign or letter to its last parameter, a line without edge blanks.
    pub const fn span(&self) -> Span {
        self.span
    }

    /// The fields that are there, in their order.
    pub fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        let named = self.spec.fields.iter().zip(self.values);
        let there = named.filter(|(spec, span)| *span != ABSENT && !spec.name.is_empty());
        there.map(|(spec, span)| Field { name: spec.name, span })
    }

    /// The field with this name, if it is there.
    pub fn field(&self, name: &str) -> Option<Span> {
        self.fields().find(|field| field.name == name).map(|field| field.span)
    }

    fn new(spec: &'static Spec, span: Span) -> Self {
        Self { spec, span, values: [ABSENT; MAX_FIELDS] }
    }

    fn set(&mut self, index: usize, span: Span) {
        if let Some(slot) = self.values.get_mut(index) {
            *slot = span;
        }
    }
}

/// Reads one unit and calls `visit` with each of its forms: several only in a chained command line.
///
/// ```
/// use ec20_at::{Dialect, Unit, read_unit};
/// let line = br#"+QMMSEDIT: 4,"UTF8","746573""#;
/// let mut seen = Vec::new();
/// read_unit(Unit::Information, Dialect::CANONICAL, line, |form| {
///     seen.push(form.name().to_string());
///     seen.extend(form.fields().map(|f| format!("{}={}", f.name, f.span.of(line).escape_ascii())));
/// })?;
/// assert_eq!(seen, ["qmmsedit_title_info", "function=4", "charset=UTF8", "optstring=746573"]);
/// # Ok::<(), ec20_at::Error>(())
/// ```
///
/// # Errors
/// Where and why the unit is refused. Forms before a refused command of a chained line have been visited then.
pub fn read_unit(
    unit: Unit<'_>,
    dialect: impl Into<Dialect>,
    bytes: &[u8],
    mut visit: impl FnMut(Reading),
) -> Result<(), Error> {
    let dialect = dialect.into();
    let reading = match unit {
        Unit::CommandLine => return command_forms(bytes, dialect, visit),
        Unit::Information => answer::information(bytes, dialect)?,
        Unit::InformationOf(name) => answer::information_of(name, bytes, dialect)?,
        Unit::Urc => answer::urc(bytes, dialect)?,
        Unit::Final => answer::final_result(bytes, dialect)?,
        Unit::Prompt => answer::prompt(bytes)?,
    };
    visit(reading);
    Ok(())
}

fn command_forms(line: &[u8], dialect: Dialect, mut visit: impl FnMut(Reading)) -> Result<(), Error> {
    let read = command_line::read(line, dialect)?;
    let mut any = false;
    for command in read.commands() {
        visit(command?.reading()?);
        any = true;
    }
    if !any {
        let spec = if read.is_repeat() { &forms::REPEAT } else { &forms::AT };
        visit(Reading::new(spec, Span::new(0, 2)));
    }
    Ok(())
}

impl Command<'_> {
    /// The form of the manual that the command has, with its fields.
    ///
    /// # Errors
    /// [`ErrorKind::Unknown`] for a command that the tables lack; otherwise what stands in the way of its nearest form.
    pub fn reading(&self) -> Result<Reading, Error> {
        let Some(command) = forms::command(self.name()) else {
            let expected = Expected::Words("a command of the manual");
            return Err(Error::new(ErrorKind::Unknown, self.name_span(), expected, Found::Value));
        };
        let forms = command.forms.iter().filter(|(form, _)| *form == self.form());
        let unknown = Error::new(
            ErrorKind::Unknown,
            self.span(),
            Expected::Words("another form of the command"),
            Found::Value,
        );
        // Of the basic commands only the registers are written with `=` (V.250 5.3.1 and 5.3.2).
        let sign = Span::new(self.name_span().end, self.span().end).of(self.line()).first();
        let is_register = self.name().first().is_some_and(|letter| letter.eq_ignore_ascii_case(&b'S'));
        if self.form() == Form::Write && !self.is_extended() && (sign == Some(&b'=')) != is_register {
            return Err(unknown);
        }
        best(forms.map(|(_, spec)| self.try_form(spec)), unknown)
    }

    fn try_form(&self, spec: &'static Spec) -> Result<Reading, Error> {
        let mut reading = Reading::new(spec, self.span());
        let mut parameters = self.parameters();
        if !spec.key.is_empty() {
            let key = parameters.next().ok_or_else(|| count_error(self.span(), 0))?;
            check_key(spec, &key, self.dialect())?;
        }
        // The number of parameters decides the form before any value is looked at.
        let given = parameters.clone().count();
        if self.form() == Form::Write && !spec.counts.contains(&given) {
            return Err(count_error(Span::at(self.span().end), given));
        }
        let mut function: &[u8] = b"";
        for (index, (field, parameter)) in spec.fields.iter().zip(parameters).enumerate() {
            reading.set(index, judge::parameter(field, &parameter, function, self.dialect())?);
            if index == 0 {
                function = parameter.bytes();
            }
        }
        Ok(reading)
    }
}

fn count_error(span: Span, count: usize) -> Error {
    let expected = Expected::Words("another number of parameters");
    Error::new(ErrorKind::ParameterCount, span, expected, Found::Count(count))
}

/// The first reading that succeeds; else the refusal that came nearest: the one that got furthest, and of those at one
/// place a broken limit; among equals the first, for the tables have what is common before what is rare.
fn best(attempts: impl Iterator<Item = Result<Reading, Error>>, otherwise: Error) -> Result<Reading, Error> {
    let mut refusal: Option<Error> = None;
    for attempt in attempts {
        match attempt {
            Ok(reading) => return Ok(reading),
            Err(error) => {
                let rank = |error: &Error| (closeness(error.kind), error.span.start, error.kind.is_limit());
                if refusal.is_none_or(|kept| rank(&error) > rank(&kept)) {
                    refusal = Some(error);
                }
            }
        }
    }
    Err(refusal.unwrap_or(otherwise))
}

/// How near to the form a refusal of this kind came: a form with another key or number of parameters is another form.
const fn closeness(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Unknown => 0,
        ErrorKind::ParameterCount => 1,
        _ => 2,
    }
}

fn check_key(spec: &'static Spec, key: &Parameter<'_>, dialect: Dialect) -> Result<(), Error> {
    let mut name = key.string()?;
    if dialect.allows(Tolerance::KeyBlank) {
        name = name.trim_ascii_end_blanks();
    }
    let wanted = spec.key.as_bytes();
    if name == wanted || (dialect.allows(Tolerance::KeyCase) && name.eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Unknown, key.span(), Expected::Words("a key of the command"), Found::Value))
}

//! Reads one unit by the tables of forms: a command line, an information line, a URC, a final result, a prompt.
//!
//! Knows how a form's table is walked. What comes out is the form's name and its fields by name and span: the shape in
//! which two independent readings of the language can be compared. The typed views stand on it.

use crate::forms::{self, CommandSpec, FieldSpec, Layout, Rule, Spec};
use crate::parameter::{self, Place, TrimBlanks, behind_comma, skip_blanks};
use crate::{
    Command, Dialect, Error, ErrorKind, Expected, Form, Found, Parameter, Span, Tolerance, command_line,
    item, judge,
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
        Unit::Information => information(bytes, dialect)?,
        Unit::InformationOf(name) => information_of(name, bytes, dialect)?,
        Unit::Urc => urc(bytes, dialect)?,
        Unit::Final => final_result(bytes, dialect)?,
        Unit::Prompt => prompt(bytes)?,
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

/// The first reading that succeeds; else the refusal that came nearest: a broken limit before a broken shape, and
/// among equals the one that got furthest.
fn best(attempts: impl Iterator<Item = Result<Reading, Error>>, otherwise: Error) -> Result<Reading, Error> {
    let mut refusal: Option<Error> = None;
    for attempt in attempts {
        match attempt {
            Ok(reading) => return Ok(reading),
            Err(error) => {
                let rank = |error: &Error| (closeness(error.kind), error.span.start);
                if refusal.is_none_or(|kept| rank(&error) > rank(&kept)) {
                    refusal = Some(error);
                }
            }
        }
    }
    Err(refusal.unwrap_or(otherwise))
}

/// How near to the form a refusal of this kind came.
const fn closeness(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Unknown => 0,
        ErrorKind::ParameterCount => 1,
        ErrorKind::OutOfRange | ErrorKind::TooLong => 3,
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

/// A response line between its edge blanks.
struct Line<'a> {
    bytes: &'a [u8],
    span: Span,
    dialect: Dialect,
}

impl<'a> Line<'a> {
    fn new(bytes: &'a [u8], dialect: Dialect) -> Self {
        let mut span = Span::new(0, bytes.len());
        if dialect.allows(Tolerance::EdgeBlanks) {
            span.end = bytes.trim_ascii_end_blanks().len();
            span.start = skip_blanks(bytes, 0).min(span.end);
        }
        Self { bytes: bytes.get(..span.end).unwrap_or_default(), span, dialect }
    }

    fn text(&self) -> &'a [u8] {
        self.span.of(self.bytes)
    }

    /// Splits the prefix from what follows its colon and blank: the prefix's bytes, and where the rest begins.
    fn prefix(&self) -> Result<(&'a [u8], usize), Error> {
        let Some(len) = self.text().iter().position(|&byte| byte == b':') else {
            return Err(self.unknown("a prefix and a colon"));
        };
        let colon = self.span.start.wrapping_add(len);
        Ok((Span::new(self.span.start, colon).of(self.bytes), self.behind_colon(colon)?))
    }

    fn behind_colon(&self, colon: usize) -> Result<usize, Error> {
        let at = colon.wrapping_add(1);
        if self.dialect.allows(Tolerance::ColonBlank) {
            return Ok(skip_blanks(self.bytes, at));
        }
        match self.bytes.get(at) {
            Some(b' ') => Ok(at.wrapping_add(1)),
            _ => Err(Error::syntax(self.bytes, at, "a blank behind the colon")),
        }
    }

    fn unknown(&self, expected: &'static str) -> Error {
        Error::new(ErrorKind::Unknown, self.span, Expected::Words(expected), Found::Value)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Reads the fields of `spec` from `from` to the end of the line.
    fn try_form(&self, spec: &'static Spec, from: usize) -> Result<Reading, Error> {
        if spec.layout == Layout::Short && !self.dialect.allows(Tolerance::ResultArity) {
            return Err(count_error(self.span, 1));
        }
        let mut reading = Reading::new(spec, self.span);
        let mut walk = Walk { line: self, at: from, opened: 0, layout: spec.layout };
        let mut first = true;
        if !spec.key.is_empty() {
            let key = walk.string()?;
            check_key(spec, &key, self.dialect)?;
            first = false;
        }
        let mut function: &[u8] = b"";
        let mut count = 0_usize;
        for (index, field) in spec.fields.iter().enumerate() {
            if walk.ended() && !(first && index == 0) {
                break;
            }
            if !first {
                walk.separator()?;
            }
            let value = walk.value(field, function)?;
            reading.set(index, value);
            if index == 0 {
                function = value.of(self.bytes);
            }
            first = false;
            count = index.wrapping_add(1);
        }
        walk.finish()?;
        if spec.counts.contains(&count) {
            Ok(reading)
        } else {
            Err(count_error(Span::at(self.span.end), count))
        }
    }

    fn try_forms(&self, specs: &'static [Spec], from: usize) -> Result<Reading, Error> {
        best(
            specs.iter().map(|spec| self.try_form(spec, from)),
            self.unknown("an information line of the command"),
        )
    }
}

/// A walk through the fields of a line.
struct Walk<'w, 'a> {
    line: &'w Line<'a>,
    at: usize,
    /// Brackets that wait to be closed.
    opened: usize,
    layout: Layout,
}

impl<'a> Walk<'_, 'a> {
    fn byte(&self) -> Option<u8> {
        self.line.byte(self.at)
    }

    fn is_test(&self) -> bool {
        matches!(self.layout, Layout::Test | Layout::Bracketed)
    }

    fn ended(&self) -> bool {
        match self.byte() {
            None => true,
            Some(b']') => self.is_test(),
            Some(_) => false,
        }
    }

    fn separator(&mut self) -> Result<(), Error> {
        let variant = self.line.dialect.allows(Tolerance::TestVariant);
        while self.is_test() && self.byte() == Some(b'[') {
            let canonical =
                self.layout == Layout::Bracketed && self.line.byte(self.at.wrapping_add(1)) == Some(b',');
            if !variant && !canonical {
                break;
            }
            self.at = self.at.wrapping_add(1);
            self.opened = self.opened.wrapping_add(1);
        }
        if self.byte() != Some(b',') {
            return Err(Error::syntax(self.line.bytes, self.at, "`,`"));
        }
        self.at = behind_comma(self.line.bytes, self.at, self.line.dialect);
        Ok(())
    }

    /// Everything must be read, and as many brackets closed as were opened.
    fn finish(&mut self) -> Result<(), Error> {
        let variant = self.line.dialect.allows(Tolerance::TestVariant);
        while self.is_test() && self.byte() == Some(b']') && (variant || self.opened > 0) {
            self.opened = self.opened.saturating_sub(1);
            self.at = self.at.wrapping_add(1);
        }
        if self.byte().is_none() && (variant || self.opened == 0) {
            return Ok(());
        }
        Err(Error::syntax(self.line.bytes, self.at, "the end of the line"))
    }

    fn string(&mut self) -> Result<Parameter<'a>, Error> {
        let Some(string) = parameter::string(self.line.bytes, self.at, self.line.dialect) else {
            return Err(Error::syntax(self.line.bytes, self.at, "a quoted string"));
        };
        let string = string?;
        self.at = string.outer_span().end;
        Ok(string)
    }

    fn value(&mut self, field: &FieldSpec, function: &[u8]) -> Result<Span, Error> {
        let (bytes, dialect) = (self.line.bytes, self.line.dialect);
        let start = self.at;
        match field.rule {
            Rule::Text | Rule::PinState => self.rest(field),
            Rule::StringOrText if parameter::string(bytes, start, dialect).is_none() => self.rest(field),
            Rule::StringOrText => {
                let string = self.string()?;
                let quoted = FieldSpec { rule: Rule::String(usize::MAX), ..*field };
                judge::parameter(&quoted, &string, function, dialect)
            }
            Rule::Items(items) => {
                self.at = item::any(bytes, start, dialect)?;
                let span = Span::new(start, self.at);
                let listed = items.iter().any(|item| item.as_bytes() == span.of(bytes));
                if listed || dialect.allows(Tolerance::TestVariant) {
                    return Ok(span);
                }
                Err(Error::new(ErrorKind::OutOfRange, span, Expected::OneOf(items), Found::Value))
            }
            Rule::AnyRange if !dialect.allows(Tolerance::TestVariant) => {
                self.at = item::range(bytes, start, dialect)?;
                Ok(Span::new(start, self.at))
            }
            Rule::AnyRange | Rule::AnyItem => {
                self.at = item::any(bytes, start, dialect)?;
                Ok(Span::new(start, self.at))
            }
            Rule::Gap => Ok(ABSENT),
            Rule::Operators => {
                self.at = item::operators(bytes, start, dialect)?;
                Ok(Span::new(start, self.at))
            }
            _ if self.is_test() => {
                let string = self.string()?;
                judge::parameter(field, &string, function, dialect)
            }
            _ => {
                let (parameter, stopped) = parameter::read(bytes, start, Place::Answer, dialect)?;
                self.at = stopped;
                judge::parameter(field, &parameter, function, dialect)
            }
        }
    }

    fn rest(&mut self, field: &FieldSpec) -> Result<Span, Error> {
        let span = Span::new(self.at, self.line.bytes.len());
        self.at = span.end;
        judge::rest(field, self.line.bytes, span, self.line.dialect)
    }
}

fn information(bytes: &[u8], dialect: Dialect) -> Result<Reading, Error> {
    let line = Line::new(bytes, dialect);
    let (name, from) = line.prefix()?;
    match forms::prefix(name) {
        Some(command) if !command.lines.is_empty() => line.try_forms(command.lines, from),
        _ => Err(line.unknown("an information line of the manual")),
    }
}

fn information_of(name: &str, bytes: &[u8], dialect: Dialect) -> Result<Reading, Error> {
    let line = Line::new(bytes, dialect);
    let Some(command) = forms::commands().find(|command| stem(command) == name) else {
        return Err(line.unknown("the name of a command"));
    };
    if command.plain_lines.is_empty() {
        let (prefix, from) = line.prefix()?;
        if prefix != command.name.as_bytes() {
            return Err(line.unknown("an information line of the command"));
        }
        return line.try_forms(command.lines, from);
    }
    let attempts = command.plain_lines.iter().map(|spec| {
        let from = line.span.start;
        if spec.name != "i_revision_info" {
            return line.try_form(spec, from);
        }
        if !line.text().starts_with(b"Revision:") {
            return Err(line.unknown("`Revision: `"));
        }
        line.behind_colon(from.wrapping_add(8)).and_then(|text| line.try_form(spec, text))
    });
    best(attempts, line.unknown("an information line of the command"))
}

/// The name of a command in the names of its forms.
fn stem(command: &'static CommandSpec) -> &'static str {
    let first = command.forms.first().map_or("", |(_, spec)| spec.name);
    first.rsplit_once('_').map_or(first, |(stem, _)| stem)
}

fn urc(bytes: &[u8], dialect: Dialect) -> Result<Reading, Error> {
    let line = Line::new(bytes, dialect);
    if let Some((_, spec)) = forms::PLAIN_URCS.iter().find(|(text, _)| text.as_bytes() == line.text()) {
        return Ok(Reading::new(spec, line.span));
    }
    let (name, from) = line.prefix()?;
    let Some((_, specs)) = forms::URCS.iter().find(|(urc, _)| urc.as_bytes() == name) else {
        return Err(line.unknown("a URC of the manual"));
    };
    if name != b"+QIND" {
        return line.try_forms(specs, from);
    }
    let state = line.bytes.get(from..).unwrap_or_default();
    let spec = forms::INDICATIONS.iter().position(|text| *text == state).and_then(|index| specs.get(index));
    spec.map(|spec| Reading::new(spec, line.span)).ok_or_else(|| line.unknown("SMS DONE or PB DONE"))
}

fn final_result(bytes: &[u8], dialect: Dialect) -> Result<Reading, Error> {
    let line = Line::new(bytes, dialect);
    let text = line.text();
    if let Some((_, spec)) = forms::PLAIN_FINALS.iter().find(|(word, _)| word.as_bytes() == text) {
        return Ok(Reading::new(spec, line.span));
    }
    let unknown = || line.unknown("a final result");
    if let [code] = text {
        let known = matches!(code, b'0'..=b'4' | b'6'..=b'8');
        return if known { line.try_form(&forms::NUMERIC, line.span.start) } else { Err(unknown()) };
    }
    if let Some(rest) = text.strip_prefix(b"CONNECT") {
        return connect(&line, rest);
    }
    for (prefix, specs) in [(&b"+CME ERROR:"[..], &forms::CME), (b"+CMS ERROR:", &forms::CMS)] {
        if text.starts_with(prefix) {
            let colon = line.span.start.wrapping_add(prefix.len()).wrapping_sub(1);
            let from = line.behind_colon(colon)?;
            let [numeric, verbose] = specs;
            // A code begins with a digit or a sign, a text with a letter: nothing is both.
            let spec =
                if line.byte(from).is_some_and(|b| b.is_ascii_alphabetic()) { verbose } else { numeric };
            return line.try_form(spec, from);
        }
    }
    Err(unknown())
}

fn connect(line: &Line<'_>, rest: &[u8]) -> Result<Reading, Error> {
    let mut reading = Reading::new(&forms::CONNECT, line.span);
    let length = Span::new(line.span.end.wrapping_sub(rest.len().saturating_sub(1)), line.span.end);
    match rest {
        [] => return Ok(reading),
        [b' ', text @ ..] if line.dialect.allows(Tolerance::AnyValue) && judge::is_text(text) => {}
        [b' ', text @ ..]
            if parameter::number(text).is_some() && (text.len() < 2 || !text.starts_with(b"0")) =>
        {
            if text.len() > 9 {
                let expected = Expected::Integer { min: 0, max: 999_999_999 };
                return Err(Error::new(ErrorKind::OutOfRange, length, expected, Found::Value));
            }
        }
        _ => return Err(line.unknown("CONNECT, alone or with the number of bytes to come")),
    }
    reading.set(0, length);
    Ok(reading)
}

fn prompt(bytes: &[u8]) -> Result<Reading, Error> {
    match bytes {
        b">" | b"> " => Ok(Reading::new(&forms::PROMPT, Span::new(0, bytes.len()))),
        _ => Err(Error::syntax(bytes, 0, "the prompt `> `")),
    }
}

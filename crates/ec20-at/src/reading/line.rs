//! A response line: its edge blanks, its prefix, and the walk through the fields of a form.
//!
//! Knows commas, brackets and the order of a form's fields; which forms a line may have is told by [`answer`](super::answer).

use super::{ABSENT, Reading, best, check_key, count_error};
use crate::forms::{FieldSpec, Layout, Rule, Spec};
use crate::parameter::{self, Place, TrimBlanks, behind_comma, skip_blanks};
use crate::{Dialect, Error, ErrorKind, Expected, Found, Parameter, Span, Tolerance, item, judge};

/// A response line between its edge blanks.
pub(super) struct Line<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) span: Span,
    pub(super) dialect: Dialect,
}

impl<'a> Line<'a> {
    pub(super) fn new(bytes: &'a [u8], dialect: Dialect) -> Self {
        let mut span = Span::new(0, bytes.len());
        if dialect.allows(Tolerance::EdgeBlanks) {
            span.end = bytes.trim_ascii_end_blanks().len();
            span.start = skip_blanks(bytes, 0).min(span.end);
        }
        Self { bytes: bytes.get(..span.end).unwrap_or_default(), span, dialect }
    }

    pub(super) fn text(&self) -> &'a [u8] {
        self.span.of(self.bytes)
    }

    /// Splits the prefix from what follows its colon and blank: the prefix's bytes, and where the rest begins.
    pub(super) fn prefix(&self) -> Result<(&'a [u8], usize), Error> {
        let Some(len) = self.text().iter().position(|&byte| byte == b':') else {
            return Err(self.unknown("a prefix and a colon"));
        };
        let colon = self.span.start.wrapping_add(len);
        Ok((Span::new(self.span.start, colon).of(self.bytes), self.behind_colon(colon)?))
    }

    pub(super) fn behind_colon(&self, colon: usize) -> Result<usize, Error> {
        let at = colon.wrapping_add(1);
        if self.dialect.allows(Tolerance::ColonBlank) {
            return Ok(skip_blanks(self.bytes, at));
        }
        match self.bytes.get(at) {
            Some(b' ') => Ok(at.wrapping_add(1)),
            _ => Err(Error::syntax(self.bytes, at, "a blank behind the colon")),
        }
    }

    pub(super) fn unknown(&self, expected: &'static str) -> Error {
        Error::new(ErrorKind::Unknown, self.span, Expected::Words(expected), Found::Value)
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Reads the fields of `spec` from `from` to the end of the line.
    pub(super) fn try_form(&self, spec: &'static Spec, from: usize) -> Result<Reading, Error> {
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

    pub(super) fn try_forms(&self, specs: &'static [Spec], from: usize) -> Result<Reading, Error> {
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
    pub(super) fn byte(&self) -> Option<u8> {
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

//! Holds a value against its rule: the right type always, the manual's limits unless the dialect forgives them.
//!
//! Knows one value at a time; which rule stands where is the business of [`forms`](crate::forms).

use crate::forms::limits::{ADDRESS, FILENAME, TITLE, TITLE_HEX};
use crate::forms::{FieldSpec, Rule};
use crate::parameter::{is_numeral, number64};
use crate::{Dialect, Error, ErrorKind, Expected, Found, Parameter, ParameterKind, Span, Tolerance};

/// States that `AT+CPIN?` reports (TS 27.007 8.3), and two that modules of the family add.
const PIN_STATES: &[&str] = &[
    "READY",
    "SIM PIN",
    "SIM PUK",
    "SIM PIN2",
    "SIM PUK2",
    "PH-SIM PIN",
    "PH-FSIM PIN",
    "PH-FSIM PUK",
    "PH-NET PIN",
    "PH-NET PUK",
    "PH-NETSUB PIN",
    "PH-NETSUB PUK",
    "PH-SP PIN",
    "PH-SP PUK",
    "PH-CORP PIN",
    "PH-CORP PUK",
    "NOT READY",
    "NOT INSERTED",
];

/// The largest number that nine digits write.
const NINE_DIGITS: u32 = 999_999_999;

/// Checks one parameter; returns the span of its value. `function` is the form's first value, for
/// [`Rule::EditText`].
pub(crate) fn parameter(
    field: &FieldSpec,
    parameter: &Parameter<'_>,
    function: &[u8],
    dialect: Dialect,
) -> Result<Span, Error> {
    let judge = Judge { parameter, judged: !dialect.allows(Tolerance::AnyValue), dialect };
    let verdict = match field.rule {
        Rule::Integer => judge.number(&[(0, NINE_DIGITS)]),
        Rule::In(ranges) => judge.number(ranges),
        // Another value is another form's: what that one says of it is to be heard.
        Rule::Zero => {
            judge.word(parameter.bytes() == b"0", "0").map_err(|error| error.with_kind(ErrorKind::Unknown))
        }
        Rule::Register => judge.register(),
        Rule::RegisterLine => judge.register_line(),
        Rule::String(max_len) => judge.string(max_len),
        Rule::Quoted(list) => judge.quoted(list),
        Rule::EditText => judge.edit_text(function),
        Rule::Pin => judge.pin(),
        Rule::HexString => judge.hex_string(),
        Rule::StringOrNumber => judge.string_or_number(),
        Rule::Checksum => judge.checksum(),
        Rule::Digits(min, max) => judge.digits(min, max),
        Rule::Iccid => judge.iccid(),
        // The rest are no parameters: the reader of lines takes them by itself.
        Rule::Text
        | Rule::PinState
        | Rule::StringOrText
        | Rule::Items(_)
        | Rule::AnyRange
        | Rule::AnyItem
        | Rule::Gap
        | Rule::Operators => judge.word(false, "a parameter"),
    };
    // A clause limits a value or says its type; that a byte is no part of any value is not its business.
    verdict.map_err(|error| match (error.kind, error.clause) {
        (ErrorKind::Syntax, _) | (_, Some(_)) => error,
        _ => error.with_clause(field.clause),
    })
}

struct Judge<'j, 'a> {
    parameter: &'j Parameter<'a>,
    /// Whether limits count, or only types.
    judged: bool,
    dialect: Dialect,
}

impl Judge<'_, '_> {
    fn bytes(&self) -> &[u8] {
        self.parameter.bytes()
    }

    fn is_number(&self) -> bool {
        self.parameter.kind() == ParameterKind::Integer
    }

    fn refused(&self, kind: ErrorKind, expected: Expected) -> Result<Span, Error> {
        let span = if kind.is_limit() { self.parameter.span() } else { self.parameter.outer_span() };
        let found = match kind {
            ErrorKind::TooLong => Found::Length(self.bytes().len()),
            _ => self.parameter.found(),
        };
        Err(Error::new(kind, span, expected, found))
    }

    /// Accepts the value, or refuses it as of another type.
    fn word(&self, accepted: bool, expected: &'static str) -> Result<Span, Error> {
        if accepted {
            return Ok(self.parameter.span());
        }
        self.refused(ErrorKind::ParameterType, Expected::Words(expected))
    }

    /// Accepts the value, or refuses it as outside its range where ranges count.
    fn limit(&self, kept: bool, expected: Expected) -> Result<Span, Error> {
        if kept || !self.judged {
            return Ok(self.parameter.span());
        }
        self.refused(ErrorKind::OutOfRange, expected)
    }

    fn number(&self, ranges: &[(u32, u32)]) -> Result<Span, Error> {
        let min = ranges.first().map_or(0, |range| range.0);
        let max = ranges.last().map_or(u32::MAX, |range| range.1);
        let expected = Expected::Integer { min, max };
        if !self.is_number() {
            return self.refused(ErrorKind::ParameterType, expected);
        }
        if self.judged && matches!(self.bytes(), [b'0', _, ..]) {
            return self.refused(ErrorKind::Syntax, Expected::Words("an integer without zeros in front"));
        }
        let value = number64(self.bytes());
        let inside =
            |&(min, max): &(u32, u32)| value.is_some_and(|v| v >= u64::from(min) && v <= u64::from(max));
        self.limit(ranges.iter().any(inside), expected)
    }

    fn register(&self) -> Result<Span, Error> {
        let expected = Expected::Integer { min: 0, max: 127 };
        if !self.is_number() {
            return self.refused(ErrorKind::ParameterType, expected);
        }
        let value = number64(self.bytes());
        self.limit(self.bytes().len() <= 3 && value.is_some_and(|value| value <= 127), expected)
    }

    fn register_line(&self) -> Result<Span, Error> {
        let value = number64(self.bytes());
        let expected = Expected::Words("three digits, 000 to 127");
        if !self.is_number() || !is_digits(self.bytes()) {
            return self.refused(ErrorKind::ParameterType, expected);
        }
        self.limit(self.bytes().len() == 3 && value.is_some_and(|value| value <= 127), expected)
    }

    fn string(&self, max_len: usize) -> Result<Span, Error> {
        let expected = Expected::String { max_len };
        if self.parameter.kind() != ParameterKind::String {
            return self.refused(ErrorKind::ParameterType, expected);
        }
        let control = |&byte: &u8| byte < 0x20 || byte == 0x7F;
        if !self.dialect.allows(Tolerance::ControlInString)
            && let Some(at) = self.bytes().iter().position(control)
        {
            let at = self.parameter.span().start.wrapping_add(at);
            let found = Found::Value;
            let span = Span::new(at, at.wrapping_add(1));
            return Err(Error::new(ErrorKind::Syntax, span, Expected::Words("a printable byte"), found));
        }
        if self.judged && self.bytes().len() > max_len {
            return self.refused(ErrorKind::TooLong, expected);
        }
        Ok(self.parameter.span())
    }

    fn quoted(&self, list: &'static [&'static str]) -> Result<Span, Error> {
        self.string(usize::MAX)?;
        self.limit(list.iter().any(|word| word.as_bytes() == self.bytes()), Expected::OneOf(list))
    }

    fn edit_text(&self, function: &[u8]) -> Result<Span, Error> {
        let (max_len, clause) = match function {
            b"4" if self.bytes().iter().all(u8::is_ascii_hexdigit) => (TITLE_HEX, "EDIT-TITLE-HEX-LENGTH"),
            b"4" => (TITLE, "EDIT-TITLE-LENGTH"),
            b"5" => (FILENAME, "EDIT-FILENAME-LENGTH"),
            _ => (ADDRESS, "EDIT-ADDRESS-LENGTH"),
        };
        self.string(max_len)
            .map_err(|error| if error.kind.is_limit() { error.with_clause(clause) } else { error })
    }

    fn pin(&self) -> Result<Span, Error> {
        if self.is_number() {
            let len = self.bytes().len();
            return self
                .limit((4..=8).contains(&len) && is_digits(self.bytes()), Expected::Words("4 to 8 digits"));
        }
        self.string(8)
    }

    fn hex_string(&self) -> Result<Span, Error> {
        self.string(usize::MAX)?;
        let kept = matches!(self.bytes().len(), 1..=8) && self.bytes().iter().all(u8::is_ascii_hexdigit);
        self.limit(kept, Expected::Words("1 to 8 hexadecimal digits"))
    }

    fn string_or_number(&self) -> Result<Span, Error> {
        if self.is_number() && self.dialect.allows(Tolerance::ResultArity) {
            return Ok(self.parameter.span());
        }
        self.string(usize::MAX)
    }

    fn checksum(&self) -> Result<Span, Error> {
        let hex = !self.bytes().is_empty() && self.bytes().iter().all(u8::is_ascii_hexdigit);
        self.bare(hex, "hexadecimal digits")?;
        let lower = !self.bytes().iter().any(u8::is_ascii_uppercase);
        let padded = self.bytes().first() == Some(&b'0') && self.bytes().len() > 1;
        self.limit(
            lower && !padded && self.bytes().len() <= 4,
            Expected::Words("a checksum of 1 to 4 digits"),
        )
    }

    fn digits(&self, min: usize, max: usize) -> Result<Span, Error> {
        self.bare(is_digits(self.bytes()), "digits")?;
        self.limit((min..=max).contains(&self.bytes().len()), Expected::Words("another number of digits"))
    }

    fn iccid(&self) -> Result<Span, Error> {
        let bytes = self.bytes();
        self.bare(!bytes.is_empty() && bytes.iter().all(u8::is_ascii_alphanumeric), "a card's number")?;
        let canonical = |byte: &u8| matches!(byte, b'0'..=b'9' | b'A'..=b'F');
        let kept = matches!(bytes.len(), 18..=20) && bytes.iter().all(canonical);
        self.limit(kept, Expected::Words("18 to 20 digits"))
    }

    /// A value that stands without quotes.
    fn bare(&self, accepted: bool, expected: &'static str) -> Result<Span, Error> {
        self.word(accepted && self.parameter.kind() != ParameterKind::String, expected)
    }
}

fn is_digits(bytes: &[u8]) -> bool {
    is_numeral(bytes) && bytes.first() != Some(&b'-')
}

/// Whether the bytes may stand as text without quotes: printable, no quote, and no blank at either end, which would be framing and not text.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let edged = bytes.first() == Some(&b' ') || bytes.last() == Some(&b' ');
    !bytes.is_empty() && !edged && bytes.iter().all(|&byte| matches!(byte, 0x20..=0x7E) && byte != b'"')
}

/// Checks the rest of a line; returns its span.
pub(crate) fn rest(field: &FieldSpec, line: &[u8], span: Span, dialect: Dialect) -> Result<Span, Error> {
    let bytes = span.of(line);
    if !is_text(bytes) {
        let found = if bytes.is_empty() { Found::End } else { Found::Value };
        return Err(Error::new(ErrorKind::Syntax, span, Expected::Words("printable text"), found)
            .with_clause(field.clause));
    }
    let listed = PIN_STATES.iter().any(|state| state.as_bytes() == bytes);
    if matches!(field.rule, Rule::PinState) && !listed && !dialect.allows(Tolerance::AnyValue) {
        let expected = Expected::OneOf(PIN_STATES);
        return Err(Error::new(ErrorKind::OutOfRange, span, expected, Found::Value).with_clause(field.clause));
    }
    Ok(span)
}

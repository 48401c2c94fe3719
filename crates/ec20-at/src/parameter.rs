//! One parameter of a command or of an answer: a number, a quoted string, a word, or nothing.
//!
//! Knows quotes, commas and what ends a parameter; refuses to know what a parameter is for.

use crate::{Dialect, Error, ErrorKind, Expected, Found, Span, Tolerance};

/// U+201C and U+201D, the quotes that the manual prints, as UTF-8.
const SMART_QUOTES: [[u8; 3]; 2] = [[0xE2, 0x80, 0x9C], [0xE2, 0x80, 0x9D]];

/// What a parameter looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParameterKind {
    /// Nothing between two commas, or behind the last one.
    Empty,
    /// Decimal digits, perhaps after a minus sign.
    Integer,
    /// Between quotes.
    String,
    /// Anything else: `READY`, `1a2b`, `(0-6)`.
    Word,
}

/// One parameter, borrowed from its line.
///
/// ```
/// use ec20_at::{Dialect, ParameterKind, command_line};
/// let line = br#"AT+QFUPL="RAM:a.txt",100,,x"#;
/// let command = command_line::read(line, Dialect::CANONICAL)?.commands().next().unwrap()?;
/// let kinds: Vec<_> = command.parameters().map(|p| (p.kind(), p.bytes().to_vec())).collect();
/// assert_eq!(kinds, [
///     (ParameterKind::String, b"RAM:a.txt".to_vec()),
///     (ParameterKind::Integer, b"100".to_vec()),
///     (ParameterKind::Empty, b"".to_vec()),
///     (ParameterKind::Word, b"x".to_vec()),
/// ]);
/// # Ok::<(), ec20_at::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'a> {
    kind: ParameterKind,
    bytes: &'a [u8],
    span: Span,
    quote_len: u8,
}

impl<'a> Parameter<'a> {
    pub(crate) fn new(kind: ParameterKind, line: &'a [u8], span: Span) -> Self {
        Self { kind, bytes: span.of(line), span, quote_len: 0 }
    }

    /// What the parameter looks like.
    pub const fn kind(&self) -> ParameterKind {
        self.kind
    }

    /// The value's bytes; a string without its quotes.
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Where [`bytes`](Self::bytes) stand in the line.
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Where the parameter stands in the line, quotes included.
    pub const fn outer_span(&self) -> Span {
        let quote = self.quote_len as usize;
        Span::new(self.span.start.saturating_sub(quote), self.span.end.saturating_add(quote))
    }

    /// Whether the string stands in the typographic quotes that the manual prints.
    pub const fn is_smart_quoted(&self) -> bool {
        self.quote_len == 3
    }

    /// The number, if the parameter is one of decimal digits without a sign.
    ///
    /// # Errors
    /// [`ErrorKind::ParameterType`] for anything else, [`ErrorKind::Overflow`] for a number that needs more than 32 bits.
    pub fn number(&self) -> Result<u32, Error> {
        let wanted = Expected::Integer { min: 0, max: u32::MAX };
        if self.kind != ParameterKind::Integer || self.bytes.first() == Some(&b'-') {
            return Err(Error::new(ErrorKind::ParameterType, self.outer_span(), wanted, self.found()));
        }
        number(self.bytes).ok_or(Error::new(ErrorKind::Overflow, self.span, wanted, Found::Value))
    }

    /// The content, if the parameter is a quoted string.
    ///
    /// # Errors
    /// [`ErrorKind::ParameterType`] for anything else.
    pub fn string(&self) -> Result<&'a [u8], Error> {
        if self.kind == ParameterKind::String {
            return Ok(self.bytes);
        }
        let wanted = Expected::String { max_len: usize::MAX };
        Err(Error::new(ErrorKind::ParameterType, self.outer_span(), wanted, self.found()))
    }

    pub(crate) fn found(&self) -> Found {
        match self.kind {
            ParameterKind::Empty => Found::Length(0),
            ParameterKind::Integer => number64(self.bytes).map_or(Found::Value, Found::Number),
            _ => Found::Value,
        }
    }
}

/// The number that decimal digits spell; `None` when there are none, when another byte stands there, or on overflow.
#[inline]
pub(crate) fn number(digits: &[u8]) -> Option<u32> {
    number64(digits).and_then(|wide| u32::try_from(wide).ok())
}

#[inline]
pub(crate) fn number64(digits: &[u8]) -> Option<u64> {
    let mut value: u64 = 0;
    for &byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(byte & 0x0F))?;
    }
    if digits.is_empty() { None } else { Some(value) }
}

/// Whether the bytes are digits with at most one minus sign before them: the shape of a number, whatever its size.
pub(crate) fn is_numeral(bytes: &[u8]) -> bool {
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

/// Which line a parameter stands in: that decides what ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A command: `;` ends it, too, and CR and LF never occur.
    Command,
    /// An answer: only a comma or the end of the line.
    Answer,
}

/// Reads one parameter of `line` at `start` and says where it ends: at a comma, at `;` in a command, at the end.
pub(crate) fn read(
    line: &[u8],
    start: usize,
    place: Place,
    dialect: Dialect,
) -> Result<(Parameter<'_>, usize), Error> {
    match string(line, start, dialect) {
        Some(string) => finish_string(line, string?, place, dialect),
        None => word(line, start, place, dialect),
    }
}

/// Reads a quoted string at `start`, without looking at what follows it; `None` when no quote stands there.
pub(crate) fn string(line: &[u8], start: usize, dialect: Dialect) -> Option<Result<Parameter<'_>, Error>> {
    let rest = line.get(start..).unwrap_or_default();
    if rest.first() == Some(&b'"') {
        return Some(quoted(line, start));
    }
    if dialect.allows(Tolerance::SmartQuotes) && starts_with_smart_quote(rest) {
        return Some(smart_quoted(line, start));
    }
    None
}

/// The offset behind a comma at `comma`, and behind the blanks that follow it where they are forgiven.
pub(crate) fn behind_comma(line: &[u8], comma: usize, dialect: Dialect) -> usize {
    let at = comma.wrapping_add(1);
    if dialect.allows(Tolerance::BlankAfterComma) { skip_blanks(line, at) } else { at }
}

/// The first offset from `start` on that holds no blank.
pub(crate) fn skip_blanks(line: &[u8], start: usize) -> usize {
    let blanks = line.get(start..).unwrap_or_default().iter().take_while(|&&byte| byte == b' ').count();
    start.wrapping_add(blanks)
}

fn starts_with_smart_quote(bytes: &[u8]) -> bool {
    SMART_QUOTES.iter().any(|quote| bytes.starts_with(quote))
}

fn ends_parameter(byte: u8, place: Place) -> bool {
    byte == b',' || (place == Place::Command && byte == b';')
}

fn quoted(line: &[u8], start: usize) -> Result<Parameter<'_>, Error> {
    let content = start.wrapping_add(1);
    let rest = line.get(content..).unwrap_or_default();
    let Some(len) = rest.iter().position(|&byte| byte == b'"') else {
        return Err(unterminated(line, start, "a closing quote"));
    };
    let span = Span::new(content, content.wrapping_add(len));
    Ok(Parameter { kind: ParameterKind::String, bytes: span.of(line), span, quote_len: 1 })
}

fn smart_quoted(line: &[u8], start: usize) -> Result<Parameter<'_>, Error> {
    let content = start.wrapping_add(3);
    let mut end = content;
    loop {
        let rest = line.get(end..).unwrap_or_default();
        match rest.first() {
            None => return Err(unterminated(line, start, "a closing typographic quote")),
            Some(b'"') => return Err(Error::syntax(line, end, "a typographic quote to close the string")),
            Some(_) if starts_with_smart_quote(rest) => break,
            Some(_) => end = end.wrapping_add(1),
        }
    }
    let span = Span::new(content, end);
    Ok(Parameter { kind: ParameterKind::String, bytes: span.of(line), span, quote_len: 3 })
}

fn unterminated(line: &[u8], start: usize, expected: &'static str) -> Error {
    let span = Span::new(start, line.len());
    Error::new(ErrorKind::UnterminatedString, span, Expected::Words(expected), Found::End)
}

/// A string is complete only when a comma or the end follows its closing quote.
fn finish_string<'a>(
    line: &'a [u8],
    string: Parameter<'a>,
    place: Place,
    dialect: Dialect,
) -> Result<(Parameter<'a>, usize), Error> {
    if place == Place::Command
        && let Some(at) = string.bytes.iter().position(|&byte| byte == b'\r' || byte == b'\n')
    {
        let at = string.span.start.wrapping_add(at);
        return Err(Error::syntax(line, at, "a string without CR or LF"));
    }
    let end = string.outer_span().end;
    let next = if dialect.allows(Tolerance::BlankBetweenCommands) && place == Place::Command {
        skip_blanks(line, end)
    } else {
        end
    };
    match line.get(next) {
        None => Ok((string, next)),
        Some(b';') if place == Place::Command => Ok((string, next)),
        Some(b',') if next == end => Ok((string, next)),
        Some(_) => Err(Error::syntax(line, end, "a comma or the end behind the closing quote")),
    }
}

fn word(line: &[u8], start: usize, place: Place, dialect: Dialect) -> Result<(Parameter<'_>, usize), Error> {
    let mut end = start;
    while let Some(&byte) = line.get(end) {
        if ends_parameter(byte, place) {
            break;
        }
        if byte == b'"' {
            return Err(Error::syntax(line, end, "a comma before the opening quote"));
        }
        if place == Place::Command && (byte == b'\r' || byte == b'\n') {
            return Err(Error::syntax(line, end, "a command line without CR or LF"));
        }
        end = end.wrapping_add(1);
    }
    let mut span = Span::new(start, end);
    if place == Place::Command
        && dialect.allows(Tolerance::BlankBetweenCommands)
        && line.get(end).is_none_or(|&byte| byte == b';')
    {
        span.end = start.wrapping_add(span.of(line).trim_ascii_end_blanks().len());
    }
    let bytes = span.of(line);
    let kind = match bytes {
        [] => ParameterKind::Empty,
        _ if is_numeral(bytes) => ParameterKind::Integer,
        _ => ParameterKind::Word,
    };
    Ok((Parameter::new(kind, line, span), end))
}

/// Trimming of blanks (and nothing else: a tabulator is data).
pub(crate) trait TrimBlanks {
    fn trim_ascii_end_blanks(&self) -> &[u8];
}

impl TrimBlanks for [u8] {
    fn trim_ascii_end_blanks(&self) -> &[u8] {
        let mut rest = self;
        while let Some(shorter) = rest.strip_suffix(b" ") {
            rest = shorter;
        }
        rest
    }
}

//! Why bytes were refused: kind, place, what was wanted, what stood there, and which clause says so.
//!
//! Knows how to say it in a sentence; never holds the bytes themselves, so that an error can outlive them.

use core::fmt;

use crate::Span;

/// Why a line, or a part of it, was refused.
///
/// A value is `Copy`, 100 bytes or so, and holds no byte of the input: keep the line to print the place.
///
/// ```
/// use ec20_at::{Dialect, ErrorKind, command_line};
/// let line = br#"AT+QMMSCFG="contextid",17"#;
/// let command = command_line::read(line, Dialect::CANONICAL).unwrap().commands().next().unwrap().unwrap();
/// let error = command.reading().unwrap_err();
/// assert_eq!((error.kind, error.span.of(line)), (ErrorKind::OutOfRange, &b"17"[..]));
/// assert_eq!(error.to_string(), "expected an integer from 1 to 16, found 17 at 23..25 (CFG-CONTEXTID-RANGE)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// What sort of mistake it is.
    pub kind: ErrorKind,
    /// The bytes that are wrong, or the place where something is missing.
    pub span: Span,
    /// What could have stood there.
    pub expected: Expected,
    /// What stood there.
    pub found: Found,
    /// The clause that refuses it, where one does; the identifiers are those of the catalogue of clauses.
    pub clause: Option<&'static str>,
}

/// What sort of mistake an [`Error`] reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes do not have the form of the language: a missing quote, a stray byte, a missing comma.
    Syntax,
    /// A quoted string that the line's end cuts off.
    UnterminatedString,
    /// Well formed, but no command, information line, URC or final result of the manual has this name or form.
    Unknown,
    /// A known command with more or fewer parameters than any of its forms has.
    ParameterCount,
    /// A parameter of another type: a string where a number belongs, or the other way round.
    ParameterType,
    /// A number outside its range, or a word outside its list. The command is well formed otherwise.
    OutOfRange,
    /// A string longer than its limit. The command is well formed otherwise.
    TooLong,
    /// A number that does not fit the type it was asked for.
    Overflow,
}

impl ErrorKind {
    /// Whether the bytes have the right shape and only a value breaks a limit of the manual.
    ///
    /// Such a line can be read by its shape: ask with [`Tolerance::AnyValue`](crate::Tolerance::AnyValue).
    pub const fn is_limit(self) -> bool {
        matches!(self, Self::OutOfRange | Self::TooLong)
    }
}

/// What could have stood at the place of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// An integer between the two, both included.
    Integer {
        /// Smallest allowed value.
        min: u32,
        /// Largest allowed value.
        max: u32,
    },
    /// A quoted string of at most so many bytes.
    String {
        /// Largest allowed number of bytes between the quotes.
        max_len: usize,
    },
    /// One of these values.
    OneOf(&'static [&'static str]),
    /// This byte.
    Byte(u8),
    /// What the words say, without an article for a list of things.
    Words(&'static str),
}

/// What stood at the place of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// The line ended.
    End,
    /// This byte.
    Byte(u8),
    /// This number.
    Number(u64),
    /// A value of this many bytes.
    Length(usize),
    /// So many parameters.
    Count(usize),
    /// The bytes under the span.
    Value,
}

impl Error {
    pub(crate) const fn new(kind: ErrorKind, span: Span, expected: Expected, found: Found) -> Self {
        Self { kind, span, expected, found, clause: None }
    }

    pub(crate) const fn with_clause(mut self, clause: &'static str) -> Self {
        if !clause.is_empty() {
            self.clause = Some(clause);
        }
        self
    }

    pub(crate) const fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// A syntax error at `offset`: the byte of `line` that stands there, or its end.
    pub(crate) fn syntax(line: &[u8], offset: usize, expected: &'static str) -> Self {
        let (found, end) = match line.get(offset) {
            Some(&byte) => (Found::Byte(byte), offset.wrapping_add(1)),
            None => (Found::End, offset),
        };
        Self::new(ErrorKind::Syntax, Span::new(offset, end), Expected::Words(expected), found)
    }

    /// The same error counted from an origin `by` bytes earlier.
    #[must_use]
    pub const fn shifted(mut self, by: usize) -> Self {
        self.span = self.span.shifted(by);
        self
    }
}

/// A byte between backquotes: as it is where it can be printed, a quote among them.
fn write_byte(f: &mut fmt::Formatter<'_>, byte: u8) -> fmt::Result {
    match byte {
        b' '..=b'~' => write!(f, "`{}`", char::from(byte)),
        _ => write!(f, "`{}`", byte.escape_ascii()),
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Integer { min, max } => write!(f, "an integer from {min} to {max}"),
            Self::String { max_len: usize::MAX } => f.write_str("a quoted string"),
            Self::String { max_len } => write!(f, "a quoted string of at most {max_len} bytes"),
            Self::OneOf(words) => {
                f.write_str("one of")?;
                for (i, word) in words.iter().enumerate() {
                    write!(f, "{} {word}", if i == 0 { "" } else { "," })?;
                }
                Ok(())
            }
            Self::Byte(byte) => write_byte(f, byte),
            Self::Words(words) => f.write_str(words),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::End => f.write_str("the end of the line"),
            Self::Byte(byte) => write_byte(f, byte),
            Self::Number(number) => write!(f, "{number}"),
            Self::Length(len) => write!(f, "{len} bytes"),
            Self::Count(count) => write!(f, "{count} parameters"),
            Self::Value => f.write_str("another value"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.expected, self.found)?;
        write!(f, " at {}..{}", self.span.start, self.span.end)?;
        match self.clause {
            Some(clause) => write!(f, " ({clause})"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Error {}

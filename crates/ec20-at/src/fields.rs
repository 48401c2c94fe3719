//! The values of an information line, one after the other: for a driver that knows what it asked for.
//!
//! Knows numbers, strings, words and the commas between them, as the manual prints them: no blanks but the one behind the
//! colon. What the manual allows in them, and other spellings, are read by [`Information`](crate::information::Information).
//!
//! ```
//! use ec20_at::fields::Fields;
//!
//! let mut fields = Fields::behind(b"+QFLST: \"RAM:a.jpg\",2048", b"+QFLST: ")?;
//! let (name, size) = (fields.string()?, fields.number()?);
//! fields.end()?;
//! assert_eq!((name, size), (&b"RAM:a.jpg"[..], 2048));
//!
//! let wrong = Fields::behind(b"+QFLST: \"RAM:a.jpg\"2048", b"+QFLST: ")?.string().unwrap_err();
//! assert_eq!(wrong.to_string(), "expected a comma or the end, found `2` at 19..20");
//! # Ok::<(), ec20_at::Error>(())
//! ```

use crate::scan;
use crate::{Error, ErrorKind, Expected, Found, Span};

/// A value as it stands in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Decimal digits that fit 32 bits.
    Number(u32),
    /// What stands between quotes.
    String(&'a [u8]),
    /// Anything else without quotes; empty between two commas.
    Word(&'a [u8]),
}

/// The values that are still to be read. Also an iterator over all of them, whatever they are.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    rest: &'a [u8],
    line_len: usize,
    /// Whether nothing more follows, not even an empty value.
    done: bool,
}

impl<'a> Fields<'a> {
    /// The values behind a prefix, which is given with its colon and blank.
    ///
    /// # Errors
    /// [`ErrorKind::Unknown`] when the line begins otherwise.
    #[inline]
    pub fn behind(line: &'a [u8], prefix: &[u8]) -> Result<Self, Error> {
        match line.strip_prefix(prefix) {
            Some(rest) => Ok(Self { rest, line_len: line.len(), done: false }),
            None => Err(Self::wrong_prefix(line)),
        }
    }

    /// The prefix without its colon, and the values behind it; `None` for a line without a prefix.
    #[inline]
    pub fn split(line: &'a [u8]) -> Option<(&'a [u8], Self)> {
        let colon = scan::colon(line)?;
        let (name, rest) = line.split_at_checked(colon)?;
        let rest = rest.strip_prefix(b": ")?;
        Some((name, Self { rest, line_len: line.len(), done: false }))
    }

    /// The next value, which must be a number.
    ///
    /// # Errors
    /// [`ErrorKind::ParameterType`] for anything else, [`ErrorKind::Overflow`] beyond 32 bits.
    #[inline]
    pub fn number(&mut self) -> Result<u32, Error> {
        let mut value: u32 = 0;
        let mut digits = 0_usize;
        let mut bytes = self.rest.iter();
        let after = loop {
            let Some(&byte) = bytes.next() else { break None };
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break Some(byte);
            }
            digits = digits.wrapping_add(1);
            // Nine digits cannot overflow; the tenth is checked.
            value = if digits < 10 {
                value.wrapping_mul(10).wrapping_add(u32::from(digit))
            } else {
                match value.checked_mul(10).and_then(|value| value.checked_add(u32::from(digit))) {
                    Some(value) => value,
                    None => return Err(self.error(ErrorKind::Overflow, "a number of 32 bits")),
                }
            };
        };
        if digits == 0 {
            return Err(self.error(ErrorKind::ParameterType, "a number"));
        }
        match after {
            None => {
                self.rest = &[];
                self.done = true;
            }
            Some(b',') => self.rest = bytes.as_slice(),
            Some(_) => return Err(self.error(ErrorKind::ParameterType, "a number")),
        }
        Ok(value)
    }

    /// The next value, which must be a quoted string.
    ///
    /// # Errors
    /// [`ErrorKind::ParameterType`] for anything else, [`ErrorKind::UnterminatedString`] without a closing quote.
    #[inline]
    pub fn string(&mut self) -> Result<&'a [u8], Error> {
        let Some(content) = self.rest.strip_prefix(b"\"") else {
            return Err(self.error(ErrorKind::ParameterType, "a quoted string"));
        };
        let Some((value, behind)) = scan::quote(content).and_then(|len| content.split_at_checked(len)) else {
            return Err(self.error(ErrorKind::UnterminatedString, "a closing quote"));
        };
        match behind {
            [_] => {
                self.rest = &[];
                self.done = true;
            }
            [_, b',', rest @ ..] => self.rest = rest,
            _ => {
                self.rest = behind.get(1..).unwrap_or_default();
                return Err(self.error(ErrorKind::Syntax, "a comma or the end"));
            }
        }
        Ok(value)
    }

    /// The next value, which must stand without quotes.
    ///
    /// # Errors
    /// [`ErrorKind::ParameterType`] for a quoted string.
    #[inline]
    pub fn word(&mut self) -> Result<&'a [u8], Error> {
        if self.done || self.rest.first() == Some(&b'"') {
            return Err(self.error(ErrorKind::ParameterType, "a value without quotes"));
        }
        let len = self.rest.iter().position(|&byte| byte == b',');
        let (value, rest) = match len.and_then(|len| self.rest.split_at_checked(len)) {
            Some((value, behind)) => (value, behind.get(1..).unwrap_or_default()),
            None => (self.rest, &[][..]),
        };
        self.done = len.is_none();
        self.rest = rest;
        Ok(value)
    }

    /// Nothing more may follow.
    ///
    /// # Errors
    /// [`ErrorKind::ParameterCount`] when something does.
    #[inline]
    pub fn end(&self) -> Result<(), Error> {
        if self.done { Ok(()) } else { Err(self.error(ErrorKind::ParameterCount, "the end of the line")) }
    }

    #[cold]
    fn error(&self, kind: ErrorKind, expected: &'static str) -> Error {
        let start = self.line_len.wrapping_sub(self.rest.len());
        let (found, end) = match self.rest.first() {
            Some(&byte) => (Found::Byte(byte), start.wrapping_add(1)),
            None => (Found::End, start),
        };
        Error::new(kind, Span::new(start, end), Expected::Words(expected), found)
    }

    #[cold]
    fn wrong_prefix(line: &[u8]) -> Error {
        let len = line.iter().position(|&byte| byte == b' ').unwrap_or(line.len());
        Error::new(ErrorKind::Unknown, Span::new(0, len), Expected::Words("another prefix"), Found::Value)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Value<'a>, Error>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let read = match self.rest.first() {
            Some(b'"') => self.string().map(Value::String),
            // A refused number has taken nothing, so that the same bytes can be read as a word.
            Some(b'0'..=b'9') => match self.number() {
                Ok(number) => Ok(Value::Number(number)),
                Err(_) => self.word().map(Value::Word),
            },
            _ => self.word().map(Value::Word),
        };
        self.done |= read.is_err();
        Some(read)
    }
}

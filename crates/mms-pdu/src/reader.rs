//! Reading the primitives of WSP: octets, lengths, integers, texts, and values told by their first octet alone.
//!
//! The reader cannot run past the end, cannot allocate and knows no header. Offsets are those of the whole
//! message, also inside a value. Source: WAP-230 clauses 8.1.2 and 8.4.1 to 8.4.2.

use crate::charset::Charset;
use crate::error::{DecodeError, DecodeErrorKind, Found, NoteKind, Notes};
use crate::field::Field;
use crate::text::EncodedString;

/// The quote octet: stands before a text whose first octet is above 127 and is no part of it.
pub(crate) const QUOTE: u8 = 0x7F;

/// A cursor over a stretch of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
    field: Field,
}

impl<'a> Reader<'a> {
    /// A reader over a whole message.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, offset: 0, field: Field::HeaderName }
    }

    /// A reader over octets that stand at `offset` of the message.
    pub(crate) fn at(bytes: &'a [u8], offset: usize, field: Field) -> Self {
        Self { rest: bytes, offset, field }
    }

    /// Names the field that is read from here on; errors carry it.
    pub(crate) fn enter(&mut self, field: Field) {
        self.field = field;
    }

    pub(crate) fn field(&self) -> Field {
        self.field
    }

    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The error that nothing is left where something must stand.
    pub(crate) fn at_end(&self, expected: &'static str) -> DecodeError {
        self.error(DecodeErrorKind::Truncated, 0, expected, Found::End)
    }

    /// An error over the next `octets` octets.
    pub(crate) fn error(
        &self,
        kind: DecodeErrorKind,
        octets: usize,
        expected: &'static str,
        found: Found,
    ) -> DecodeError {
        let end = self.offset.saturating_add(octets.min(self.rest.len()));
        DecodeError { kind, field: self.field, start: self.offset, end, expected, found }
    }

    pub(crate) fn octet(&mut self, expected: &'static str) -> Result<u8, DecodeError> {
        let (first, rest) = self.rest.split_first().ok_or_else(|| self.at_end(expected))?;
        self.rest = rest;
        self.offset = self.offset.saturating_add(1);
        Ok(*first)
    }

    /// The next `count` octets.
    pub(crate) fn take(&mut self, count: u64, expected: &'static str) -> Result<&'a [u8], DecodeError> {
        let split = usize::try_from(count).ok().and_then(|count| self.rest.split_at_checked(count));
        let Some((taken, rest)) = split else {
            let left = self.rest.len();
            let found = Found::Length { promised: count, left };
            return Err(self.error(DecodeErrorKind::Truncated, left, expected, found));
        };
        self.rest = rest;
        self.offset = self.offset.saturating_add(taken.len());
        Ok(taken)
    }

    /// A reader over the next `count` octets, which this one skips.
    pub(crate) fn take_reader(&mut self, count: u64, expected: &'static str) -> Result<Self, DecodeError> {
        let offset = self.offset;
        let bytes = self.take(count, expected)?;
        Ok(Self { rest: bytes, offset, field: self.field })
    }

    /// Uintvar: groups of seven bits, most significant first, at most five octets and 32 bits.
    pub(crate) fn uintvar(&mut self, notes: &mut Notes) -> Result<u32, DecodeError> {
        const EXPECTED: &str = "a length of at most five octets and 32 bits";
        let start = *self;
        let mut value: u32 = 0;
        for index in 0..5 {
            let octet = self.octet(EXPECTED)?;
            if index == 0 && octet == 0x80 {
                notes.add(NoteKind::NotMinimal, self.field, start.offset);
            }
            if value > u32::MAX >> 7 {
                break;
            }
            value = (value << 7) | u32::from(octet & 0x7F);
            if octet & 0x80 == 0 {
                return Ok(value);
            }
        }
        let found = Found::Octet(start.peek().unwrap_or_default());
        Err(start.error(DecodeErrorKind::LengthTooLong, 5, EXPECTED, found))
    }

    /// Value-length: 0 to 30 in one octet, or 31 and a uintvar. The caller has seen an octet below 32.
    pub(crate) fn value_length(&mut self, notes: &mut Notes) -> Result<u64, DecodeError> {
        const EXPECTED: &str = "a value length";
        let start = *self;
        match self.octet(EXPECTED)? {
            short @ 0..=30 => Ok(u64::from(short)),
            31 => {
                let length = self.uintvar(notes)?;
                if length < 31 {
                    notes.add(NoteKind::NotMinimal, self.field, start.offset);
                }
                Ok(u64::from(length))
            }
            other => Err(start.error(DecodeErrorKind::UnexpectedOctet, 1, EXPECTED, Found::Octet(other))),
        }
    }

    /// A counted value: its length, then a reader over its octets.
    pub(crate) fn counted(&mut self, notes: &mut Notes) -> Result<Self, DecodeError> {
        let length = self.value_length(notes)?;
        self.take_reader(length, "the octets that the value length promises")
    }

    /// Integer-value: one octet above 127, or a count and so many octets, big endian.
    ///
    /// Leading zero octets are read and noted; more than 64 bits are refused.
    pub(crate) fn integer(&mut self, notes: &mut Notes) -> Result<u64, DecodeError> {
        const EXPECTED: &str = "an integer";
        let start = *self;
        match self.octet(EXPECTED)? {
            short @ 128.. => Ok(u64::from(short & 0x7F)),
            count @ 1..=30 => {
                let octets = self.take(u64::from(count), "the octets of the integer")?;
                if count > 1 && octets.first() == Some(&0) {
                    notes.add(NoteKind::NotMinimal, self.field, start.offset);
                }
                let mut value: u64 = 0;
                for octet in octets {
                    if value > u64::MAX >> 8 {
                        let found = Found::Octet(count);
                        let octets = usize::from(count).saturating_add(1);
                        return Err(start.error(DecodeErrorKind::LengthTooLong, octets, EXPECTED, found));
                    }
                    value = (value << 8) | u64::from(*octet);
                }
                Ok(value)
            }
            other => Err(start.error(DecodeErrorKind::UnexpectedOctet, 1, EXPECTED, Found::Octet(other))),
        }
    }

    /// The octets up to the next NUL, which is read too.
    pub(crate) fn until_nul(&mut self) -> Result<&'a [u8], DecodeError> {
        const EXPECTED: &str = "text that ends in NUL";
        let Some(length) = self.rest.iter().position(|octet| *octet == 0) else {
            return Err(self.error(DecodeErrorKind::Unterminated, self.rest.len(), EXPECTED, Found::End));
        };
        let (text, after) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
        self.rest = after.get(1..).unwrap_or_default();
        self.offset = self.offset.saturating_add(length).saturating_add(1);
        Ok(text)
    }

    /// Text-string: text up to NUL, the quote octet taken off. `offset` is that of the content.
    pub(crate) fn text(&mut self, notes: &mut Notes) -> Result<(&'a [u8], usize), DecodeError> {
        let offset = self.offset;
        let text = self.until_nul()?;
        Ok(strip_quote(text, offset, self.field, notes))
    }

    /// A value that is known to be text: Text-string, or counted with a charset in front.
    ///
    /// Both forms are taken everywhere, because clients use both everywhere. A counted text is cut by its
    /// length, never at a NUL: UCS-2 is full of them.
    pub(crate) fn encoded_string(&mut self, notes: &mut Notes) -> Result<EncodedString<'a>, DecodeError> {
        match self.peek() {
            None => Err(self.at_end("text")),
            Some(1..=31) => {
                let mut value = self.counted(notes)?;
                let charset = match value.peek() {
                    // No charset: what would be its number begins the text.
                    Some(128..) if is_unlabelled_utf8(value.rest) => None,
                    Some(1..=30 | 128..) => {
                        let mib = value.integer(notes)?;
                        u32::try_from(mib).ok().map(Charset)
                    }
                    _ => None,
                };
                let (content, offset) = match charset {
                    Some(wide) if wide.is_wide() => wide_content(value.rest, value.offset),
                    _ => narrow_content(value.rest, value.offset, self.field, notes),
                };
                Ok(EncodedString::new(charset, content, offset))
            }
            Some(_) => {
                let (content, offset) = self.text(notes)?;
                Ok(EncodedString::new(None, content, offset))
            }
        }
    }

    /// Skips a value that is known to be text and returns its octets.
    ///
    /// A first octet above 127 is the text's own where the sender left the quote out (which is noted), not a value
    /// of one octet.
    pub(crate) fn text_value(&mut self, notes: &mut Notes) -> Result<&'a [u8], DecodeError> {
        if !matches!(self.peek(), Some(128..)) {
            return self.any_value(notes);
        }
        let whole = self.rest;
        let length = self.text(notes)?.0.len().saturating_add(1);
        Ok(whole.get(..length).unwrap_or_default())
    }

    /// Skips a value of a header that is not known, by the rule of its first octet, and returns its octets.
    ///
    /// Source: WAP-230 clause 8.4.1.2.
    pub(crate) fn any_value(&mut self, notes: &mut Notes) -> Result<&'a [u8], DecodeError> {
        let whole = self.rest;
        let before = self.offset;
        match self.peek() {
            None => return Err(self.at_end("a value")),
            Some(0..=31) => {
                self.counted(notes)?;
            }
            Some(32..=127) => {
                self.until_nul()?;
            }
            Some(128..) => {
                self.octet("a value")?;
            }
        }
        let length = self.offset.saturating_sub(before);
        Ok(whole.get(..length).unwrap_or_default())
    }
}

/// Whether a counted value that begins above 127 is text in UTF-8 without the charset that should stand in front.
///
/// Such a first octet is either the number of a charset or the first octet of a character. It begins a character
/// where the octets up to the NUL are UTF-8 from there on: behind the number of a charset, a conforming sender puts
/// a quote (0x7F) or an octet below 128, and neither continues a character.
fn is_unlabelled_utf8(value: &[u8]) -> bool {
    let end = value.iter().rposition(|octet| *octet != 0).map_or(0, |last| last.saturating_add(1));
    value.get(..end).is_some_and(|text| core::str::from_utf8(text).is_ok())
}

/// Takes the quote octet off a text that stood up to its NUL.
fn strip_quote<'a>(text: &'a [u8], offset: usize, field: Field, notes: &mut Notes) -> (&'a [u8], usize) {
    match text.split_first() {
        Some((&QUOTE, content)) => {
            if content.first().is_none_or(u8::is_ascii) {
                notes.add(NoteKind::NeedlessQuote, field, offset);
            }
            (content, offset.saturating_add(1))
        }
        Some((first, _)) if !first.is_ascii() => {
            notes.add(NoteKind::MissingQuote, field, offset);
            (text, offset)
        }
        _ => (text, offset),
    }
}

/// The content of a counted text in a charset of single octets: NULs at the end and one quote in front go.
fn narrow_content<'a>(value: &'a [u8], offset: usize, field: Field, notes: &mut Notes) -> (&'a [u8], usize) {
    let mut text = value;
    while let Some((&0, shorter)) = text.split_last() {
        text = shorter;
    }
    match value.len().saturating_sub(text.len()) {
        0 => notes.add(NoteKind::MissingTerminator, field, offset.saturating_add(value.len())),
        1 => {}
        _ => notes.add(NoteKind::LeftInValue, field, offset.saturating_add(text.len())),
    }
    strip_quote(text, offset, field, notes)
}

/// The content of a counted text in a charset of two octets per unit.
///
/// Clients end it in two NULs, in one or in none, and some put a quote in front; the parity settles which.
fn wide_content(value: &[u8], offset: usize) -> (&[u8], usize) {
    let two = value.strip_suffix(&[0, 0]);
    let one = value.strip_suffix(&[0]);
    for text in [two, one, Some(value)].into_iter().flatten() {
        if text.len() % 2 == 0 {
            return (text, offset);
        }
        if let Some((&QUOTE, content)) = text.split_first() {
            return (content, offset.saturating_add(1));
        }
    }
    (value, offset)
}

//! Writing the primitives of WSP, each in its one canonical form: fewest octets, quote exactly where it belongs.
//!
//! It refuses what would not come back as it was given. It knows no message.
//! Source: WAP-230 clauses 8.1.2 and 8.4.2.

use crate::charset::Charset;
use crate::error::{EncodeError, EncodeErrorKind};
use crate::field::{Field, HeaderCode};
use crate::reader::QUOTE;
use crate::value::{MessageType, Version};

/// U+FEFF in UTF-8: readers take it off.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A message or a value while it is written.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    octets: Vec<u8>,
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.octets
    }

    pub(crate) fn len(&self) -> usize {
        self.octets.len()
    }

    pub(crate) fn raw(&mut self, octets: &[u8]) {
        self.octets.extend_from_slice(octets);
    }

    pub(crate) fn octet(&mut self, octet: u8) {
        self.octets.push(octet);
    }

    pub(crate) fn header_name(&mut self, code: HeaderCode) {
        self.octet(code.0);
    }

    /// A header whose value is one octet above 127.
    pub(crate) fn octet_header(&mut self, code: HeaderCode, value: u8) {
        self.header_name(code);
        self.octet(value | 0x80);
    }

    /// The three headers that every message starts with.
    pub(crate) fn message_start(
        &mut self,
        message_type: MessageType,
        transaction_id: &[u8],
        version: Version,
    ) -> Result<(), EncodeError> {
        self.octet_header(HeaderCode::MESSAGE_TYPE, message_type.octet());
        check_text(Field::Header(HeaderCode::TRANSACTION_ID), transaction_id)?;
        self.header_name(HeaderCode::TRANSACTION_ID);
        self.text_string(transaction_id);
        self.octet_header(HeaderCode::MMS_VERSION, version.octet());
        Ok(())
    }

    /// Uintvar: groups of seven bits, most significant first.
    pub(crate) fn uintvar(&mut self, value: u32) {
        for group in [28, 21, 14, 7] {
            if value >> group != 0 {
                self.octet(low_octet(u64::from(value >> group)) | 0x80);
            }
        }
        self.octet(low_octet(u64::from(value)) & 0x7F);
    }

    /// A length as a uintvar.
    pub(crate) fn length(&mut self, field: Field, length: usize) -> Result<(), EncodeError> {
        let expected = "at most 4294967295 octets";
        let kind = EncodeErrorKind::TooLarge;
        let length = u32::try_from(length).map_err(|_| EncodeError { kind, field, at: 0, expected })?;
        self.uintvar(length);
        Ok(())
    }

    /// A counted value: its length, then its octets.
    pub(crate) fn counted(&mut self, field: Field, value: &[u8]) -> Result<(), EncodeError> {
        if let Ok(short @ 0..=30) = u8::try_from(value.len()) {
            self.octet(short);
        } else {
            self.octet(31);
            self.length(field, value.len())?;
        }
        self.raw(value);
        Ok(())
    }

    /// Long-integer: a count and so many octets, the fewest; 0 takes one.
    pub(crate) fn long_integer(&mut self, value: u64) {
        let octets = value.to_be_bytes();
        let zeros = octets.iter().take_while(|octet| **octet == 0).count().min(7);
        let shortest = octets.get(zeros..).unwrap_or_default();
        self.octet(u8::try_from(shortest.len()).unwrap_or_default());
        self.raw(shortest);
    }

    /// Integer-value: one octet up to 127, else a long-integer.
    pub(crate) fn integer(&mut self, value: u64) {
        match u8::try_from(value) {
            Ok(short @ 0..=127) => self.octet(short | 0x80),
            _ => self.long_integer(value),
        }
    }

    /// Text-string: the quote octet if the text begins above 127, the text, NUL. The caller has checked it.
    pub(crate) fn text_string(&mut self, text: &[u8]) {
        if text.first().is_some_and(|first| !first.is_ascii()) {
            self.octet(QUOTE);
        }
        self.raw(text);
        self.octet(0);
    }

    /// Encoded-string-value for decoded text: bare if it is ASCII, else UTF-8 with its charset.
    pub(crate) fn unicode(&mut self, field: Field, text: &str) -> Result<(), EncodeError> {
        if text.as_bytes().starts_with(BYTE_ORDER_MARK) {
            return check_text(field, text.as_bytes());
        }
        // A bare text must not begin with an octet that would read as a length.
        if text.bytes().all(|octet| octet.is_ascii() && octet != 0) && !text.starts_with(|c| c < ' ') {
            check_text(field, text.as_bytes())?;
            self.text_string(text.as_bytes());
            return Ok(());
        }
        self.charset_text(field, Charset::UTF8, text.as_bytes())
    }

    /// Encoded-string-value with a charset: length, charset, quote where needed, octets, terminator.
    pub(crate) fn charset_text(
        &mut self,
        field: Field,
        charset: Charset,
        octets: &[u8],
    ) -> Result<(), EncodeError> {
        check_charset_text(field, charset, octets)?;
        let mut value = Self::new();
        value.integer(u64::from(charset.0));
        if charset.is_wide() {
            value.raw(octets);
            value.raw(&[0, 0]);
        } else {
            value.text_string(octets);
        }
        self.counted(field, &value.octets)
    }
}

fn low_octet(value: u64) -> u8 {
    let [.., low] = value.to_be_bytes();
    low
}

/// A text that must be visible ASCII and not empty: transaction id, message id, media type, Content-ID.
pub(crate) fn check_token(field: Field, text: &str) -> Result<(), EncodeError> {
    let expected = "visible ASCII";
    if text.is_empty() {
        return Err(EncodeError { kind: EncodeErrorKind::Empty, field, at: 0, expected });
    }
    match text.bytes().position(|octet| !octet.is_ascii_graphic()) {
        Some(at) => Err(EncodeError { kind: EncodeErrorKind::Unwritable, field, at, expected }),
        None => Ok(()),
    }
}

/// A Text-string: no NUL inside, and nothing in front that a reader would take off or read as a length.
pub(crate) fn check_text(field: Field, text: &[u8]) -> Result<(), EncodeError> {
    let error = |at, expected| Err(EncodeError { kind: EncodeErrorKind::Unwritable, field, at, expected });
    if let Some(at) = text.iter().position(|octet| *octet == 0) {
        return error(at, "text without NUL");
    }
    match text.first() {
        Some(0..=31 | &QUOTE) => error(0, "text that begins with no control character"),
        _ if text.starts_with(BYTE_ORDER_MARK) => error(0, "text without a byte order mark"),
        _ => Ok(()),
    }
}

/// Text in a charset: what the charset reads as text, and comes back as it went in.
fn check_charset_text(field: Field, charset: Charset, octets: &[u8]) -> Result<(), EncodeError> {
    let error = |kind, at, expected| Err(EncodeError { kind, field, at, expected });
    if charset.0 == 0 {
        return error(EncodeErrorKind::Undefined, 0, "a charset other than 0 (any)");
    }
    if let Err(bad) = charset.decode(octets) {
        return error(EncodeErrorKind::NotInCharset, bad.at, "text of the named charset");
    }
    if charset.is_wide() {
        let (units, _) = octets.as_chunks::<2>();
        return match units.iter().position(|unit| *unit == [0, 0]) {
            Some(at) => error(EncodeErrorKind::Unwritable, at.saturating_mul(2), "text without NUL"),
            None => Ok(()),
        };
    }
    if let Some(at) = octets.iter().position(|octet| *octet == 0) {
        return error(EncodeErrorKind::Unwritable, at, "text without NUL");
    }
    match octets {
        [QUOTE, ..] => error(EncodeErrorKind::Unwritable, 0, "text that does not begin with DEL"),
        _ => Ok(()),
    }
}

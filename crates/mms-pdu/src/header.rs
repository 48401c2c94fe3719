//! The headers of a message, whatever its type: names, values by the header's own rule, and raw where that fails.
//!
//! It knows the value of every header an M-Send.req or M-Send.conf carries; any other header is skipped by the
//! rule of its first octet and kept. It does not know which headers a message type needs.

use crate::error::{DecodeError, DecodeErrorKind, Found, NoteKind, Notes};
use crate::field::{Field, HeaderCode};
use crate::media::MediaType;
use crate::reader::Reader;
use crate::text::EncodedString;
use crate::value::{ClassCode, MessageClass, Sender, When};

/// How many headers a message may have here.
pub const MAX_HEADERS: usize = 1024;

/// A header as it stands in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// Its name.
    pub name: HeaderName<'a>,
    /// Its value.
    pub value: Value<'a>,
    /// All its octets, name included.
    pub raw: &'a [u8],
    /// Where it begins, counted from the start of the message.
    pub offset: usize,
}

/// The name of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderName<'a> {
    /// An octet.
    Code(HeaderCode),
    /// A text: an application header (WAP-209 clause 7.1).
    Text(&'a [u8]),
}

/// The value of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// One octet: the message type, the version and the enumerations.
    Octet(u8),
    /// A text.
    Text(EncodedString<'a>),
    /// Seconds since 1970.
    Date(u64),
    /// A moment or a span.
    When(When),
    /// The sender.
    Sender(Sender<'a>),
    /// The message class.
    Class(MessageClass<'a>),
    /// The content type.
    Media(MediaType<'a>),
    /// Octets of a value that is not known or has an unexpected shape, with length and terminator.
    Raw(&'a [u8]),
}

/// Headers up to Content-Type, which is always the last, or to the end.
pub(crate) fn read_headers<'a>(
    reader: &mut Reader<'a>,
    notes: &mut Notes,
) -> Result<Vec<Header<'a>>, DecodeError> {
    let mut headers = Vec::with_capacity(16);
    while !reader.is_empty() {
        if headers.len() >= MAX_HEADERS {
            let expected = "at most 1024 headers";
            return Err(reader.error(DecodeErrorKind::TooMany, 1, expected, Found::MoreThan(MAX_HEADERS)));
        }
        let header = read_header(reader, notes)?;
        headers.push(header);
        if header.name == HeaderName::Code(HeaderCode::CONTENT_TYPE) {
            break;
        }
    }
    Ok(headers)
}

fn read_header<'a>(reader: &mut Reader<'a>, notes: &mut Notes) -> Result<Header<'a>, DecodeError> {
    const EXPECTED: &str = "a header name";
    let before = *reader;
    reader.enter(Field::HeaderName);
    let (name, value) = match reader.peek() {
        None => return Err(reader.at_end(EXPECTED)),
        Some(code @ 128..) => {
            reader.octet(EXPECTED)?;
            let code = HeaderCode(code);
            reader.enter(Field::Header(code));
            (HeaderName::Code(code), read_value(code, reader, notes)?)
        }
        Some(32..=126) => {
            reader.enter(Field::ApplicationHeader);
            let (name, _) = reader.text(notes)?;
            let value = match reader.peek() {
                None | Some(32..=127) => Value::Text(reader.encoded_string(notes)?),
                Some(_) => Value::Raw(reader.any_value(notes)?),
            };
            (HeaderName::Text(name), value)
        }
        Some(octet) => {
            let found = Found::Octet(octet);
            return Err(reader.error(DecodeErrorKind::UnexpectedOctet, 1, EXPECTED, found));
        }
    };
    let length = reader.offset().saturating_sub(before.offset());
    let raw = before.rest().get(..length).unwrap_or_default();
    Ok(Header { name, value, raw, offset: before.offset() })
}

/// The value by the header's rule; if it has another shape, raw and noted, so that the rest can be read.
fn read_value<'a>(
    code: HeaderCode,
    reader: &mut Reader<'a>,
    notes: &mut Notes,
) -> Result<Value<'a>, DecodeError> {
    let before = *reader;
    let noted = notes.0.len();
    let refused = match read_known(code, reader, notes) {
        Ok(Some(value)) => return Ok(value),
        Ok(None) => {
            notes.add(NoteKind::UnknownHeader, Field::Header(code), before.offset());
            None
        }
        Err(error) => {
            notes.0.truncate(noted);
            notes.add(NoteKind::UnexpectedValue, Field::Header(code), before.offset());
            Some(error)
        }
    };
    *reader = before;
    // The content type decides how all the rest is read: it cannot be skipped.
    if code == HeaderCode::CONTENT_TYPE {
        return Err(refused.unwrap_or_else(|| reader.at_end("a media type")));
    }
    let raw = reader.any_value(notes).map_err(|error| refused.unwrap_or(error))?;
    Ok(Value::Raw(raw))
}

/// The value by the header's rule, `None` for a header without one here.
fn read_known<'a>(
    code: HeaderCode,
    reader: &mut Reader<'a>,
    notes: &mut Notes,
) -> Result<Option<Value<'a>>, DecodeError> {
    let value = match code {
        HeaderCode::TO
        | HeaderCode::CC
        | HeaderCode::BCC
        | HeaderCode::SUBJECT
        | HeaderCode::TRANSACTION_ID
        | HeaderCode::MESSAGE_ID
        | HeaderCode::RESPONSE_TEXT => Value::Text(reader.encoded_string(notes)?),
        HeaderCode::MESSAGE_TYPE
        | HeaderCode::MMS_VERSION
        | HeaderCode::PRIORITY
        | HeaderCode::SENDER_VISIBILITY
        | HeaderCode::DELIVERY_REPORT
        | HeaderCode::READ_REPLY
        | HeaderCode::RESPONSE_STATUS => Value::Octet(read_short(reader)?),
        HeaderCode::DATE => Value::Date(reader.integer(notes)?),
        HeaderCode::EXPIRY | HeaderCode::DELIVERY_TIME => Value::When(read_when(reader, notes)?),
        HeaderCode::FROM => Value::Sender(read_sender(reader, notes)?),
        HeaderCode::MESSAGE_CLASS => Value::Class(match reader.peek() {
            Some(octet @ 128..) => {
                reader.octet("a message class")?;
                MessageClass::Code(ClassCode::from_octet(octet))
            }
            _ => MessageClass::Named(reader.encoded_string(notes)?),
        }),
        HeaderCode::CONTENT_TYPE => Value::Media(MediaType::read(reader, notes)?),
        _ => return Ok(None),
    };
    Ok(Some(value))
}

/// One octet above 127.
fn read_short(reader: &mut Reader<'_>) -> Result<u8, DecodeError> {
    const EXPECTED: &str = "an octet above 127";
    match reader.peek() {
        Some(octet @ ..=127) => {
            Err(reader.error(DecodeErrorKind::UnexpectedOctet, 1, EXPECTED, Found::Octet(octet)))
        }
        _ => reader.octet(EXPECTED),
    }
}

/// Value-length, then 128 and a moment or 129 and a span.
fn read_when(reader: &mut Reader<'_>, notes: &mut Notes) -> Result<When, DecodeError> {
    const EXPECTED: &str = "absolute (0x80) or relative (0x81)";
    let mut value = reader.counted(notes)?;
    let at = value;
    let when = match value.octet(EXPECTED)? {
        0x80 => When::Absolute(value.integer(notes)?),
        0x81 => When::Relative(value.integer(notes)?),
        other => return Err(at.error(DecodeErrorKind::UnexpectedOctet, 1, EXPECTED, Found::Octet(other))),
    };
    note_left(&value, notes);
    Ok(when)
}

/// Value-length, then 129 for "insert it", or 128 and an address. Bare forms of both are taken.
fn read_sender<'a>(reader: &mut Reader<'a>, notes: &mut Notes) -> Result<Sender<'a>, DecodeError> {
    const EXPECTED: &str = "an address (0x80) or insert-address (0x81)";
    match reader.peek() {
        Some(0..=31) => {}
        Some(0x81) => {
            notes.add(NoteKind::UnexpectedValue, reader.field(), reader.offset());
            reader.octet(EXPECTED)?;
            return Ok(Sender::Insert);
        }
        _ => {
            notes.add(NoteKind::UnexpectedValue, reader.field(), reader.offset());
            return Ok(Sender::Address(reader.encoded_string(notes)?));
        }
    }
    let mut value = reader.counted(notes)?;
    let at = value;
    let sender = match value.octet(EXPECTED)? {
        0x80 => Sender::Address(value.encoded_string(notes)?),
        0x81 => Sender::Insert,
        other => return Err(at.error(DecodeErrorKind::UnexpectedOctet, 1, EXPECTED, Found::Octet(other))),
    };
    note_left(&value, notes);
    Ok(sender)
}

fn note_left(value: &Reader<'_>, notes: &mut Notes) {
    if !value.is_empty() {
        notes.add(NoteKind::LeftInValue, value.field(), value.offset());
    }
}

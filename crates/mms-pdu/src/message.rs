//! A decoded message of any type: its headers in order, its parts, and what is odd about it.
//!
//! It borrows from the octets it was read from and says what stands there. Which headers a type of message needs
//! is known to [`crate::SendReq`] and [`crate::SendConf`], whose views lie over this one.

use crate::error::{DecodeError, DecodeErrorKind, Found, Note, NoteKind, Notes};
use crate::field::{Field, HeaderCode};
use crate::header::{Header, HeaderName, Value, read_headers};
use crate::media::MediaType;
use crate::multipart::{Part, read_parts};
use crate::reader::Reader;
use crate::text::EncodedString;
use crate::value::{MessageType, When};

/// A message of any type: its headers in order and, where it has a content type, its parts.
///
/// ```
/// use mms_pdu::{Message, MessageType};
/// let message = Message::decode(b"\x8C\x84\x98T1\x00\x8D\x90\x85\x04\x3D\x00\x00\x00\x84\x83hello").unwrap();
/// assert_eq!(message.message_type(), MessageType::RetrieveConf);
/// assert_eq!(message.parts()[0].data(), b"hello");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    kind: MessageType,
    headers: Vec<Header<'a>>,
    parts: Vec<Part<'a>>,
    notes: Vec<Note>,
}

/// Headers that may stand only once.
const ONCE: &[HeaderCode] = &[
    HeaderCode::DATE,
    HeaderCode::DELIVERY_REPORT,
    HeaderCode::DELIVERY_TIME,
    HeaderCode::EXPIRY,
    HeaderCode::FROM,
    HeaderCode::MESSAGE_CLASS,
    HeaderCode::MESSAGE_ID,
    HeaderCode::MESSAGE_TYPE,
    HeaderCode::MMS_VERSION,
    HeaderCode::PRIORITY,
    HeaderCode::READ_REPLY,
    HeaderCode::RESPONSE_STATUS,
    HeaderCode::RESPONSE_TEXT,
    HeaderCode::SENDER_VISIBILITY,
    HeaderCode::SUBJECT,
    HeaderCode::TRANSACTION_ID,
];

impl<'a> Message<'a> {
    /// Decodes a message of any type.
    ///
    /// # Errors
    /// The octets are no message: the first header is not the message type, a value runs past the end, a text
    /// does not end, a length is impossible. The error names field and octets.
    pub fn decode(octets: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(octets);
        let mut notes = Notes::default();
        let kind = first_header(&reader)?;
        let headers = read_headers(&mut reader, &mut notes)?;
        let mut parts = Vec::new();
        if let Some(Header { value: Value::Media(content_type), .. }) = headers.last() {
            if content_type.is_multipart() {
                parts = read_parts(&mut reader, &mut notes)?;
            } else {
                parts.push(Part {
                    content_type: *content_type,
                    headers: &[],
                    headers_offset: reader.offset(),
                    data: reader.rest(),
                    data_offset: reader.offset(),
                });
            }
        }
        let mut message = Self { kind, headers, parts, notes: Vec::new() };
        message.note_order(&mut notes);
        message.note_repeats(&mut notes);
        message.notes = notes.0;
        Ok(message)
    }

    /// The type of the message.
    pub fn message_type(&self) -> MessageType {
        self.kind
    }

    /// All headers in the order they stand, those that are not known included.
    pub fn headers(&self) -> &[Header<'a>] {
        &self.headers
    }

    /// The parts of the body: those of a multipart, or one for a body of any other type.
    pub fn parts(&self) -> &[Part<'a>] {
        &self.parts
    }

    /// What a strict reader could object to, in the order of reading.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The first header of this name.
    pub fn header(&self, code: HeaderCode) -> Option<&Header<'a>> {
        self.headers.iter().find(|header| header.name == HeaderName::Code(code))
    }

    /// Headers without an octet: name and value as octets, the value with its terminator if it is no text.
    pub fn application_headers(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a, '_> {
        self.headers.iter().filter_map(|header| match (header.name, header.value) {
            (HeaderName::Text(name), Value::Text(text)) => Some((name, text.octets())),
            (HeaderName::Text(name), Value::Raw(raw)) => Some((name, raw)),
            _ => None,
        })
    }

    /// The content type of the body.
    pub fn content_type(&self) -> Option<MediaType<'a>> {
        match self.header(HeaderCode::CONTENT_TYPE)?.value {
            Value::Media(media) => Some(media),
            _ => None,
        }
    }

    pub(crate) fn text(&self, code: HeaderCode) -> Option<EncodedString<'a>> {
        self.texts(code).next()
    }

    pub(crate) fn texts(&self, code: HeaderCode) -> impl Iterator<Item = EncodedString<'a>> + use<'a, '_> {
        self.headers.iter().filter_map(move |header| match header.value {
            Value::Text(text) if header.name == HeaderName::Code(code) => Some(text),
            _ => None,
        })
    }

    pub(crate) fn octet(&self, code: HeaderCode) -> Option<u8> {
        match self.header(code)?.value {
            Value::Octet(octet) => Some(octet),
            _ => None,
        }
    }

    pub(crate) fn when(&self, code: HeaderCode) -> Option<When> {
        match self.header(code)?.value {
            Value::When(when) => Some(when),
            _ => None,
        }
    }

    /// The end of the octets that were read, for errors about what is not there.
    fn end(&self) -> usize {
        self.headers.last().map_or(0, |header| header.offset.saturating_add(header.raw.len()))
    }

    /// The error that a header is missing, at the end of what was read.
    pub(crate) fn missing(&self, code: HeaderCode, expected: &'static str) -> DecodeError {
        let end = self.end();
        let kind = DecodeErrorKind::MissingHeader;
        DecodeError { kind, field: Field::Header(code), start: end, end, expected, found: Found::End }
    }

    /// Notes a header that the type of message must have but that is not needed to read it.
    pub(crate) fn note_missing(&mut self, code: HeaderCode) {
        if self.header(code).is_none() {
            let note = Note { kind: NoteKind::MissingHeader, field: Field::Header(code), offset: self.end() };
            self.notes.push(note);
        }
    }

    pub(crate) fn require_type(
        &self,
        wanted: MessageType,
        expected: &'static str,
    ) -> Result<(), DecodeError> {
        if self.kind == wanted {
            return Ok(());
        }
        let found = Found::Message(self.kind);
        let field = Field::Header(HeaderCode::MESSAGE_TYPE);
        Err(DecodeError { kind: DecodeErrorKind::WrongMessageType, field, start: 1, end: 2, expected, found })
    }

    /// Type, transaction id, version: only these three have a place (WAP-209 clause 7).
    fn note_order(&self, notes: &mut Notes) {
        let order = [HeaderCode::MESSAGE_TYPE, HeaderCode::TRANSACTION_ID, HeaderCode::MMS_VERSION];
        for (wanted, header) in order.into_iter().zip(&self.headers) {
            if header.name != HeaderName::Code(wanted) {
                return notes.add(NoteKind::HeaderOrder, Field::Header(wanted), header.offset);
            }
        }
    }

    fn note_repeats(&self, notes: &mut Notes) {
        let mut seen = [false; 256];
        for header in &self.headers {
            let HeaderName::Code(code) = header.name else { continue };
            let Some(seen) = seen.get_mut(usize::from(code.0)) else { continue };
            if *seen && ONCE.contains(&code) {
                notes.add(NoteKind::Repeated, Field::Header(code), header.offset);
            }
            *seen = true;
        }
    }
}

/// The message type, which is the first header of every message. The reader itself stays where it is.
fn first_header(reader: &Reader<'_>) -> Result<MessageType, DecodeError> {
    const EXPECTED: &str = "X-Mms-Message-Type (0x8C) and a type";
    let mut reader = *reader;
    reader.enter(Field::Header(HeaderCode::MESSAGE_TYPE));
    let mut last = 0;
    for accepted in [0x8C..=0x8C, 0x80..=0xFF_u8] {
        let before = reader;
        last = reader.octet(EXPECTED)?;
        if !accepted.contains(&last) {
            let found = Found::Octet(last);
            return Err(before.error(DecodeErrorKind::UnexpectedOctet, 1, EXPECTED, found));
        }
    }
    Ok(MessageType::from_octet(last))
}

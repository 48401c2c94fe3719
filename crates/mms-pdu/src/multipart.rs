//! Multipart bodies: a count, then entries of two lengths, a content type, headers and data.
//!
//! Parts borrow from the message; nothing of them is copied, and the headers of a part are read on demand. It
//! does not know what a presentation is made of. Source: WAP-230 clause 8.5.

use std::borrow::Cow;

use crate::error::{DecodeError, DecodeErrorKind, Found, NoteKind, Notes};
use crate::field::{Field, PartField};
use crate::media::MediaType;
use crate::reader::Reader;
use crate::text::EncodedString;

/// How many parts a message may have here; the module's limit is 12 attachments.
pub const MAX_PARTS: usize = 1024;

/// One part of a message: its content type, its headers and its data, all borrowed from the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    pub(crate) content_type: MediaType<'a>,
    pub(crate) headers: &'a [u8],
    pub(crate) headers_offset: usize,
    pub(crate) data: &'a [u8],
    pub(crate) data_offset: usize,
}

/// A header of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartHeader<'a> {
    /// Its name: an octet (0x80 included) or a text.
    pub name: PartHeaderName<'a>,
    /// The octets of its value, with length and terminator.
    pub raw: &'a [u8],
    /// Where the value begins, counted from the start of the message.
    pub offset: usize,
}

/// The name of a part's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartHeaderName<'a> {
    /// By octet, as in WAP-230 table 39.
    Code(u8),
    /// By text.
    Text(&'a [u8]),
}

impl<'a> Part<'a> {
    /// The content type.
    pub fn content_type(&self) -> &MediaType<'a> {
        &self.content_type
    }

    /// The data, as it stands in the message.
    pub fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Where the data begin, counted from the start of the message.
    pub fn data_offset(&self) -> usize {
        self.data_offset
    }

    /// The octets of the headers after the content type.
    pub fn raw_headers(&self) -> &'a [u8] {
        self.headers
    }

    /// The headers after the content type; it ends at the first that cannot be read.
    pub fn headers(&self) -> impl Iterator<Item = PartHeader<'a>> + use<'a> {
        let mut reader = Reader::at(self.headers, self.headers_offset, Field::HeaderName);
        core::iter::from_fn(move || {
            let header = read_header(&mut reader, &mut Notes::default());
            if !matches!(header, Some(Ok(_))) {
                reader = Reader::at(&[], 0, Field::HeaderName);
            }
            header?.ok()
        })
    }

    /// The Content-ID, its angle brackets taken off.
    pub fn content_id(&self) -> Option<Cow<'a, str>> {
        let text = self.header_text(&[0xC0], "Content-ID")?;
        let octets = text.octets();
        let octets = octets.strip_prefix(b"\"").unwrap_or(octets);
        let octets = octets.strip_suffix(b"\"").unwrap_or(octets);
        let bare = octets.strip_prefix(b"<").and_then(|octets| octets.strip_suffix(b">"));
        Some(String::from_utf8_lossy(bare.unwrap_or(octets)))
    }

    /// The Content-Location.
    pub fn content_location(&self) -> Option<EncodedString<'a>> {
        self.header_text(&[0x8E], "Content-Location")
    }

    /// The file name that Content-Disposition gives, in either of its codings.
    fn disposition_name(&self) -> Option<EncodedString<'a>> {
        let header = self.headers().find(|header| header.is(&[0xAE, 0xC5], "Content-Disposition"))?;
        let mut reader = Reader::at(header.raw, header.offset, Field::HeaderName);
        let media = MediaType::read(&mut reader, &mut Notes::default()).ok()?;
        media.file_name().or_else(|| media.name())
    }

    /// The name of the part as a file: the first of Name, Filename, the disposition's Filename,
    /// Content-Location and Content-ID.
    pub fn file_name(&self) -> Option<Cow<'a, str>> {
        let media = &self.content_type;
        let text = media
            .name()
            .or_else(|| media.file_name())
            .or_else(|| self.disposition_name())
            .or_else(|| self.content_location());
        text.map(|text| text.text_lossy()).or_else(|| self.content_id())
    }

    /// The data as text, decoded by the part's charset; `None` where it is no text or cannot be decoded.
    ///
    /// Without a charset the data are ASCII or UTF-8.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        let essence = self.content_type.essence();
        let textual = essence.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("text/"));
        if !textual && !self.content_type.is("application/smil") {
            return None;
        }
        self.content_type.charset().unwrap_or(crate::Charset::UTF8).decode(self.data).ok()
    }

    /// The parts inside, if the part is itself a multipart.
    ///
    /// # Errors
    /// As for the message itself; offsets count from the start of the message.
    pub fn parts(&self) -> Result<Vec<Part<'a>>, DecodeError> {
        if !self.content_type.is_multipart() {
            return Ok(Vec::new());
        }
        let mut reader = Reader::at(self.data, self.data_offset, Field::PartCount);
        read_parts(&mut reader, &mut Notes::default())
    }

    fn header_text(&self, codes: &[u8], name: &str) -> Option<EncodedString<'a>> {
        let header = self.headers().find(|header| header.is(codes, name))?;
        Reader::at(header.raw, header.offset, Field::HeaderName).encoded_string(&mut Notes::default()).ok()
    }

    /// Reads the headers once, only to note what is odd.
    fn check_headers(&self, field: Field, notes: &mut Notes) {
        let mut reader = Reader::at(self.headers, self.headers_offset, field);
        loop {
            let offset = reader.offset();
            match read_header(&mut reader, notes) {
                None => return,
                Some(Ok(_)) => {}
                Some(Err(_)) => return notes.add(NoteKind::Unreadable, field, offset),
            }
        }
    }
}

impl PartHeader<'_> {
    /// Whether it is the header with one of these octets or, named by text, this name.
    pub fn is(&self, codes: &[u8], name: &str) -> bool {
        match self.name {
            PartHeaderName::Code(code) => codes.contains(&code),
            PartHeaderName::Text(text) => text.eq_ignore_ascii_case(name.as_bytes()),
        }
    }
}

/// The next header of a part, `None` at the end.
fn read_header<'a>(
    reader: &mut Reader<'a>,
    notes: &mut Notes,
) -> Option<Result<PartHeader<'a>, DecodeError>> {
    let name = match reader.peek()? {
        code @ 128.. => reader.octet("a header").map(|_| PartHeaderName::Code(code)),
        32..=126 => reader.text(notes).map(|(name, _)| PartHeaderName::Text(name)),
        other => {
            let kind = DecodeErrorKind::UnexpectedOctet;
            Err(reader.error(kind, 1, "a header name", Found::Octet(other)))
        }
    };
    let offset = reader.offset();
    Some(name.and_then(|name| {
        let raw = if is_text(name) { reader.text_value(notes) } else { reader.any_value(notes) }?;
        Ok(PartHeader { name, raw, offset })
    }))
}

/// Whether the value of this header is text by WAP-230 clause 8.4.2: Content-Location and Content-ID.
fn is_text(name: PartHeaderName<'_>) -> bool {
    match name {
        PartHeaderName::Code(code) => matches!(code, 0x8E | 0xC0),
        PartHeaderName::Text(text) => {
            text.eq_ignore_ascii_case(b"Content-Location") || text.eq_ignore_ascii_case(b"Content-ID")
        }
    }
}

/// Reads a multipart body to its end.
pub(crate) fn read_parts<'a>(
    reader: &mut Reader<'a>,
    notes: &mut Notes,
) -> Result<Vec<Part<'a>>, DecodeError> {
    reader.enter(Field::PartCount);
    let start = *reader;
    let count = reader.uintvar(notes)?;
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if count > MAX_PARTS {
        let octets = reader.offset().saturating_sub(start.offset());
        let expected = "at most 1024 parts";
        return Err(start.error(DecodeErrorKind::TooMany, octets, expected, Found::MoreThan(MAX_PARTS)));
    }
    // The count is a promise of the sender: memory follows what is really there.
    let mut parts = Vec::new();
    for index in 0..count {
        parts.push(read_part(index, reader, notes)?);
    }
    if !reader.is_empty() {
        notes.add(NoteKind::TrailingOctets, Field::AfterLastPart, reader.offset());
    }
    Ok(parts)
}

fn read_part<'a>(index: usize, reader: &mut Reader<'a>, notes: &mut Notes) -> Result<Part<'a>, DecodeError> {
    reader.enter(Field::Part(index, PartField::HeadersLength));
    let headers_length = reader.uintvar(notes)?;
    reader.enter(Field::Part(index, PartField::DataLength));
    let data_length = reader.uintvar(notes)?;
    reader.enter(Field::Part(index, PartField::Headers));
    let mut headers = reader.take_reader(u64::from(headers_length), "the octets of the part's headers")?;
    reader.enter(Field::Part(index, PartField::Data));
    let data_offset = reader.offset();
    let data = reader.take(u64::from(data_length), "the octets of the part's data")?;

    // Lengths have placed the part; what is odd inside its headers must not lose the data.
    headers.enter(Field::Part(index, PartField::ContentType));
    let before = headers;
    let content_type = MediaType::read(&mut headers, notes).unwrap_or_else(|error| {
        notes.add(NoteKind::Unreadable, error.field, error.start);
        headers = before;
        MediaType::unreadable(before.offset())
    });
    let part =
        Part { content_type, headers: headers.rest(), headers_offset: headers.offset(), data, data_offset };
    part.check_headers(Field::Part(index, PartField::Headers), notes);
    Ok(part)
}

/// The start parameter and a Content-ID name the same part, if they are equal without their angle brackets.
pub(crate) fn same_id(start: &str, content_id: &str) -> bool {
    let start = start.trim_start_matches('<').trim_end_matches('>');
    start == content_id.trim_start_matches('<').trim_end_matches('>')
}

//! Media types: the well-known numbers, the parameters, and the type that a file name suggests.
//!
//! It reads and names media types. It does not know which of them an MMSC accepts.

use core::fmt;
use std::borrow::Cow;

use crate::charset::Charset;
use crate::error::{DecodeError, NoteKind, Notes};
use crate::field::Field;
use crate::reader::Reader;
use crate::text::EncodedString;

/// The well-known content types; the position is the number (WAP-230 table 40).
const WELL_KNOWN: &[&str] = &[
    "*/*",
    "text/*",
    "text/html",
    "text/plain",
    "text/x-hdml",
    "text/x-ttml",
    "text/x-vCalendar",
    "text/x-vCard",
    "text/vnd.wap.wml",
    "text/vnd.wap.wmlscript",
    "text/vnd.wap.wta-event",
    "multipart/*",
    "multipart/mixed",
    "multipart/form-data",
    "multipart/byteranges",
    "multipart/alternative",
    "application/*",
    "application/java-vm",
    "application/x-www-form-urlencoded",
    "application/x-hdmlc",
    "application/vnd.wap.wmlc",
    "application/vnd.wap.wmlscriptc",
    "application/vnd.wap.wta-eventc",
    "application/vnd.wap.uaprof",
    "application/vnd.wap.wtls-ca-certificate",
    "application/vnd.wap.wtls-user-certificate",
    "application/x-x509-ca-cert",
    "application/x-x509-user-cert",
    "image/*",
    "image/gif",
    "image/jpeg",
    "image/tiff",
    "image/png",
    "image/vnd.wap.wbmp",
    "application/vnd.wap.multipart.*",
    "application/vnd.wap.multipart.mixed",
    "application/vnd.wap.multipart.form-data",
    "application/vnd.wap.multipart.byteranges",
    "application/vnd.wap.multipart.alternative",
    "application/xml",
    "text/xml",
    "application/vnd.wap.wbxml",
    "application/x-x968-cross-cert",
    "application/x-x968-ca-cert",
    "application/x-x968-user-cert",
    "text/vnd.wap.si",
    "application/vnd.wap.sic",
    "text/vnd.wap.sl",
    "application/vnd.wap.slc",
    "text/vnd.wap.co",
    "application/vnd.wap.coc",
    "application/vnd.wap.multipart.related",
];

/// multipart.mixed, the content type of a message without a presentation.
pub(crate) const MULTIPART_MIXED: &str = "application/vnd.wap.multipart.mixed";
/// multipart.related, the content type of a message with a presentation.
pub(crate) const MULTIPART_RELATED: &str = "application/vnd.wap.multipart.related";

/// The well-known number of a media type, if it has one that every WSP version knows.
pub(crate) fn well_known_number(name: &str) -> Option<u8> {
    let number = WELL_KNOWN.iter().position(|known| known.eq_ignore_ascii_case(name))?;
    u8::try_from(number).ok()
}

/// The media type that the extension of a file name suggests; `application/octet-stream` where it suggests none.
///
/// ```
/// assert_eq!(mms_pdu::media_type_of_file("RAM:test_pic.JPG"), "image/jpeg");
/// assert_eq!(mms_pdu::media_type_of_file("notes"), "application/octet-stream");
/// ```
pub fn media_type_of_file(name: &str) -> &'static str {
    const EXTENSIONS: &[(&str, &str)] = &[
        ("txt", "text/plain"),
        ("htm", "text/html"),
        ("html", "text/html"),
        ("vcf", "text/x-vCard"),
        ("vcs", "text/x-vCalendar"),
        ("jpg", "image/jpeg"),
        ("jpeg", "image/jpeg"),
        ("gif", "image/gif"),
        ("png", "image/png"),
        ("bmp", "image/bmp"),
        ("wbmp", "image/vnd.wap.wbmp"),
        ("tif", "image/tiff"),
        ("tiff", "image/tiff"),
        ("smil", "application/smil"),
        ("smi", "application/smil"),
        ("amr", "audio/amr"),
        ("mid", "audio/midi"),
        ("midi", "audio/midi"),
        ("mp3", "audio/mpeg"),
        ("wav", "audio/wav"),
        ("aac", "audio/aac"),
        ("3gp", "video/3gpp"),
        ("mp4", "video/mp4"),
    ];
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let known = EXTENSIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
    known.map_or("application/octet-stream", |(_, media)| *media)
}

/// The value of a Content-Type header: a media type with its parameters, read on demand.
///
/// ```
/// use mms_pdu::SendReq;
/// let pdu = b"\x8C\x80\x98T1\x00\x8D\x90\x89\x01\x81\x97+1555/TYPE=PLMN\x00\x84\x03\x83\x81\xEAhi";
/// let message = SendReq::decode(pdu).unwrap();
/// assert_eq!(message.content_type().essence(), "text/plain");
/// assert_eq!(message.content_type().charset(), Some(mms_pdu::Charset::UTF8));
/// ```
///
/// Source: WAP-230 clause 8.4.2.24.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaType<'a> {
    media: Media<'a>,
    parameters: &'a [u8],
    offset: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Media<'a> {
    Number(u64),
    Text(&'a [u8]),
    Unreadable,
}

/// A parameter of a media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'a> {
    /// Its name.
    pub name: ParameterName<'a>,
    /// Its value.
    pub value: ParameterValue<'a>,
}

/// The name of a parameter: a number (WAP-230 table 38) or a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterName<'a> {
    /// By number.
    Number(u64),
    /// By text.
    Text(&'a [u8]),
}

/// The value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterValue<'a> {
    /// A number, as charset has it.
    Integer(u64),
    /// A text, as name has it.
    Text(EncodedString<'a>),
    /// Anything else, as octets.
    Raw(&'a [u8]),
}

impl<'a> MediaType<'a> {
    /// What stands for a content type that cannot be read.
    pub(crate) fn unreadable(offset: usize) -> Self {
        Self { media: Media::Unreadable, parameters: &[], offset }
    }

    /// Reads a Content-Type value: an octet, a text, or a counted value with parameters.
    pub(crate) fn read(reader: &mut Reader<'a>, notes: &mut Notes) -> Result<Self, DecodeError> {
        const EXPECTED: &str = "a media type";
        match reader.peek() {
            None => Err(reader.at_end(EXPECTED)),
            Some(0..=31) => {
                let mut value = reader.counted(notes)?;
                let media = match value.peek() {
                    None => return Err(value.at_end(EXPECTED)),
                    Some(0..=31 | 128..) => Media::Number(value.integer(notes)?),
                    Some(_) => Media::Text(value.text(notes)?.0),
                };
                let this = Self { media, parameters: value.rest(), offset: value.offset() };
                this.check_parameters(value.field(), notes);
                Ok(this)
            }
            Some(32..=127) => {
                let (text, _) = reader.text(notes)?;
                Ok(Self { media: Media::Text(text), parameters: &[], offset: reader.offset() })
            }
            Some(octet @ 128..) => {
                reader.octet(EXPECTED)?;
                let number = u64::from(octet & 0x7F);
                Ok(Self { media: Media::Number(number), parameters: &[], offset: reader.offset() })
            }
        }
    }

    /// Walks the parameters once, only to note what is odd.
    fn check_parameters(&self, field: Field, notes: &mut Notes) {
        let mut reader = Reader::at(self.parameters, self.offset, field);
        while !reader.is_empty() {
            let offset = reader.offset();
            match Parameter::read(&mut reader, notes) {
                Ok(parameter) if parameter.is_untyped() => {
                    notes.add(NoteKind::UntypedParameter, field, offset);
                }
                Ok(_) => {}
                Err(_) => return notes.add(NoteKind::Unreadable, field, offset),
            }
        }
    }

    /// Type and subtype, as `text/plain`; a number without a name reads `well-known 0x70`, a type that cannot be
    /// read is empty.
    pub fn essence(&self) -> Cow<'a, str> {
        match self.media {
            Media::Number(number) => {
                let name = usize::try_from(number).ok().and_then(|number| WELL_KNOWN.get(number));
                name.map_or_else(
                    || Cow::Owned(format!("well-known 0x{number:02X}")),
                    |name| Cow::Borrowed(*name),
                )
            }
            Media::Text(text) => String::from_utf8_lossy(text),
            Media::Unreadable => Cow::Borrowed(""),
        }
    }

    /// Whether type and subtype are these, upper or lower case.
    pub fn is(&self, essence: &str) -> bool {
        self.essence().eq_ignore_ascii_case(essence)
    }

    /// Whether a body of this type is a list of parts.
    pub fn is_multipart(&self) -> bool {
        let essence = self.essence();
        let prefix = |prefix: &str| {
            essence.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        prefix("application/vnd.wap.multipart.") || prefix("multipart/")
    }

    /// The parameters in the order they stand; it ends at the first that cannot be read.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter<'a>> + use<'a> {
        let mut reader = Reader::at(self.parameters, self.offset, Field::HeaderName);
        core::iter::from_fn(move || {
            if reader.is_empty() {
                return None;
            }
            let parameter = Parameter::read(&mut reader, &mut Notes::default()).ok();
            if parameter.is_none() {
                reader = Reader::at(&[], 0, Field::HeaderName);
            }
            parameter
        })
    }

    /// The charset, if the type names one that is known.
    pub fn charset(&self) -> Option<Charset> {
        let found = self.parameters().find(|p| p.is(0x01, "charset"))?;
        match found.value {
            ParameterValue::Integer(mib) => u32::try_from(mib).ok().filter(|mib| *mib != 0).map(Charset),
            ParameterValue::Text(text) => Charset::by_name(&text.text_lossy()),
            ParameterValue::Raw(_) => None,
        }
    }

    /// The name parameter, in any of its forms.
    pub fn name(&self) -> Option<EncodedString<'a>> {
        self.text_parameter(&[0x05, 0x17], "name")
    }

    /// The filename parameter, in any of its forms.
    pub fn file_name(&self) -> Option<EncodedString<'a>> {
        self.text_parameter(&[0x06, 0x18], "filename")
    }

    /// The start parameter of multipart.related: the Content-ID of the part to begin with.
    pub fn start(&self) -> Option<EncodedString<'a>> {
        self.text_parameter(&[0x0A, 0x19], "start")
    }

    /// The type parameter of multipart.related: the media type of the part to begin with.
    pub fn related_type(&self) -> Option<Cow<'a, str>> {
        let found = self.parameters().find(|p| p.is(0x09, "type") || p.is(0x03, "type"))?;
        match found.value {
            ParameterValue::Integer(number) => {
                Some(Self { media: Media::Number(number), parameters: &[], offset: 0 }.essence())
            }
            ParameterValue::Text(text) => Some(text.text_lossy()),
            ParameterValue::Raw(_) => None,
        }
    }

    fn text_parameter(&self, numbers: &[u64], name: &str) -> Option<EncodedString<'a>> {
        self.parameters().find_map(|p| match p.value {
            ParameterValue::Text(text) if numbers.iter().any(|number| p.is(*number, name)) => Some(text),
            _ => None,
        })
    }
}

impl fmt::Display for MediaType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.essence())
    }
}

impl<'a> Parameter<'a> {
    fn read(reader: &mut Reader<'a>, notes: &mut Notes) -> Result<Self, DecodeError> {
        if let Some(32..=127) = reader.peek() {
            let (name, _) = reader.text(notes)?;
            let textual = ["name", "filename", "start", "start-info"];
            let value = if textual.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes())) {
                ParameterValue::Text(reader.encoded_string(notes)?)
            } else {
                untyped_value(reader, notes)?
            };
            Ok(Self { name: ParameterName::Text(name), value })
        } else {
            let number = reader.integer(notes)?;
            let value = typed_value(number, reader, notes)?;
            Ok(Self { name: ParameterName::Number(number), value })
        }
    }

    /// Whether it is the parameter with this number or, named by text, this name.
    pub fn is(&self, number: u64, name: &str) -> bool {
        match self.name {
            ParameterName::Number(given) => given == number,
            ParameterName::Text(given) => given.eq_ignore_ascii_case(name.as_bytes()),
        }
    }

    fn is_untyped(&self) -> bool {
        let named = matches!(self.name, ParameterName::Text(_));
        let charset_by_text = self.is(0x01, "charset") && matches!(self.value, ParameterValue::Text(_));
        named || charset_by_text
    }
}

/// The value of a parameter with a number. The number decides, where its value could be mistaken by shape.
fn typed_value<'a>(
    number: u64,
    reader: &mut Reader<'a>,
    notes: &mut Notes,
) -> Result<ParameterValue<'a>, DecodeError> {
    match number {
        // q is a uintvar of one or two octets
        0x00 => Ok(ParameterValue::Integer(u64::from(reader.uintvar(notes)?))),
        // name, filename, start, start-info, comment, domain, path, and their twins of WSP 1.4
        0x05 | 0x06 | 0x0A..=0x0D | 0x0F | 0x17..=0x1C => {
            Ok(ParameterValue::Text(reader.encoded_string(notes)?))
        }
        _ => untyped_value(reader, notes),
    }
}

/// A value told by its first octet: integer or text.
fn untyped_value<'a>(reader: &mut Reader<'a>, notes: &mut Notes) -> Result<ParameterValue<'a>, DecodeError> {
    match reader.peek() {
        Some(32..=127) => Ok(ParameterValue::Text(reader.encoded_string(notes)?)),
        Some(0 | 31) => Ok(ParameterValue::Raw(reader.any_value(notes)?)),
        Some(1..=30) => {
            let before = *reader;
            if let Ok(value) = reader.integer(notes) {
                Ok(ParameterValue::Integer(value))
            } else {
                *reader = before;
                Ok(ParameterValue::Raw(reader.any_value(notes)?))
            }
        }
        _ => Ok(ParameterValue::Integer(reader.integer(notes)?)),
    }
}

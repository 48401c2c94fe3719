//! Character sets by their `MIBenum` number, and text in and out of them.
//!
//! Decoding takes what clients send (a byte order mark, UTF-8 under a wrong label of seven bits, surrogates in
//! UCS-2); encoding writes only what every decoder of that charset reads back. The tables are those of
//! `encoding_rs`, with its traps avoided: it has no UTF-16 encoder, it replaces what it cannot map, and it
//! writes the euro sign into GBK as an octet that GBK does not have.

use core::fmt;
use std::borrow::Cow;

use encoding_rs::Encoding;

/// A character set, by its IANA `MIBenum` number as WSP writes it.
///
/// ```
/// use mms_pdu::Charset;
/// assert_eq!(Charset::GBK.decode(&[0xB1, 0xEA, 0xCC, 0xE2]).unwrap(), "标题");
/// assert_eq!(Charset::UCS2.encode("标题").unwrap(), [0x68, 0x07, 0x98, 0x98]);
/// assert_eq!(Charset(106).to_string(), "utf-8");
/// ```
///
/// Source: WAP-230 clause 8.4.2.8 and the IANA charset registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Charset(pub u32);

/// How octets of a charset become text.
#[derive(Clone, Copy)]
enum Coding {
    Ascii,
    Latin1,
    Utf8,
    /// Units of two octets; big endian unless a byte order mark says otherwise.
    Wide {
        little: bool,
    },
    Table(&'static Encoding),
}

/// Number, preferred name (the first is the one we print), coding.
const CHARSETS: &[(u32, &str, Coding)] = &[
    (3, "us-ascii", Coding::Ascii),
    (4, "iso-8859-1", Coding::Latin1),
    (5, "iso-8859-2", Coding::Table(encoding_rs::ISO_8859_2)),
    (6, "iso-8859-3", Coding::Table(encoding_rs::ISO_8859_3)),
    (7, "iso-8859-4", Coding::Table(encoding_rs::ISO_8859_4)),
    (8, "iso-8859-5", Coding::Table(encoding_rs::ISO_8859_5)),
    (9, "iso-8859-6", Coding::Table(encoding_rs::ISO_8859_6)),
    (10, "iso-8859-7", Coding::Table(encoding_rs::ISO_8859_7)),
    (11, "iso-8859-8", Coding::Table(encoding_rs::ISO_8859_8)),
    (13, "iso-8859-10", Coding::Table(encoding_rs::ISO_8859_10)),
    (17, "shift_jis", Coding::Table(encoding_rs::SHIFT_JIS)),
    (18, "euc-jp", Coding::Table(encoding_rs::EUC_JP)),
    (38, "euc-kr", Coding::Table(encoding_rs::EUC_KR)),
    (39, "iso-2022-jp", Coding::Table(encoding_rs::ISO_2022_JP)),
    (106, "utf-8", Coding::Utf8),
    (109, "iso-8859-13", Coding::Table(encoding_rs::ISO_8859_13)),
    (110, "iso-8859-14", Coding::Table(encoding_rs::ISO_8859_14)),
    (111, "iso-8859-15", Coding::Table(encoding_rs::ISO_8859_15)),
    (112, "iso-8859-16", Coding::Table(encoding_rs::ISO_8859_16)),
    (113, "gbk", Coding::Table(encoding_rs::GBK)),
    (114, "gb18030", Coding::Table(encoding_rs::GB18030)),
    (1000, "iso-10646-ucs-2", Coding::Wide { little: false }),
    (1013, "utf-16be", Coding::Wide { little: false }),
    (1014, "utf-16le", Coding::Wide { little: true }),
    (1015, "utf-16", Coding::Wide { little: false }),
    (2025, "gb2312", Coding::Table(encoding_rs::GBK)),
    (2026, "big5", Coding::Table(encoding_rs::BIG5)),
    (2084, "koi8-r", Coding::Table(encoding_rs::KOI8_R)),
    (2088, "koi8-u", Coding::Table(encoding_rs::KOI8_U)),
    (2250, "windows-1250", Coding::Table(encoding_rs::WINDOWS_1250)),
    (2251, "windows-1251", Coding::Table(encoding_rs::WINDOWS_1251)),
    (2252, "windows-1252", Coding::Table(encoding_rs::WINDOWS_1252)),
    (2253, "windows-1253", Coding::Table(encoding_rs::WINDOWS_1253)),
    (2254, "windows-1254", Coding::Table(encoding_rs::WINDOWS_1254)),
    (2255, "windows-1255", Coding::Table(encoding_rs::WINDOWS_1255)),
    (2256, "windows-1256", Coding::Table(encoding_rs::WINDOWS_1256)),
    (2257, "windows-1257", Coding::Table(encoding_rs::WINDOWS_1257)),
    (2258, "windows-1258", Coding::Table(encoding_rs::WINDOWS_1258)),
    (2259, "tis-620", Coding::Table(encoding_rs::WINDOWS_874)),
];

/// Text that a charset cannot take in or give out, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{charset}: {kind} at octet {at}")]
pub struct CharsetError {
    /// The charset.
    pub charset: Charset,
    /// What is wrong.
    pub kind: CharsetErrorKind,
    /// The octet it begins at, counted from the start of the octets or of the text's UTF-8.
    pub at: usize,
}

/// What is wrong with text or octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CharsetErrorKind {
    /// There is no table for this charset.
    UnknownCharset,
    /// The octets are no text of this charset.
    Malformed,
    /// The charset has no code for this character.
    Unmappable,
}

impl fmt::Display for CharsetErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownCharset => "unknown charset",
            Self::Malformed => "malformed text",
            Self::Unmappable => "character without a code",
        })
    }
}

impl Charset {
    /// US-ASCII.
    pub const US_ASCII: Self = Self(3);
    /// ISO-8859-1.
    pub const ISO_8859_1: Self = Self(4);
    /// UTF-8.
    pub const UTF8: Self = Self(106);
    /// GBK.
    pub const GBK: Self = Self(113);
    /// GB18030.
    pub const GB18030: Self = Self(114);
    /// ISO-10646-UCS-2, big endian.
    pub const UCS2: Self = Self(1000);
    /// UTF-16BE.
    pub const UTF16BE: Self = Self(1013);
    /// UTF-16; big endian unless a byte order mark says otherwise.
    pub const UTF16: Self = Self(1015);

    fn coding(self) -> Option<Coding> {
        CHARSETS.iter().find(|(mib, ..)| *mib == self.0).map(|(.., coding)| *coding)
    }

    /// The charset's name, or `None` for a number without a table here.
    pub fn name(self) -> Option<&'static str> {
        CHARSETS.iter().find(|(mib, ..)| *mib == self.0).map(|(_, name, _)| *name)
    }

    /// The charset of this name, upper or lower case; common aliases are known.
    ///
    /// ```
    /// use mms_pdu::Charset;
    /// assert_eq!(Charset::by_name("UTF8"), Some(Charset::UTF8));
    /// ```
    pub fn by_name(name: &str) -> Option<Self> {
        let canonical = match name {
            _ if name.eq_ignore_ascii_case("utf8") => "utf-8",
            _ if name.eq_ignore_ascii_case("ascii") => "us-ascii",
            _ if name.eq_ignore_ascii_case("ucs2") || name.eq_ignore_ascii_case("ucs-2") => "iso-10646-ucs-2",
            _ if name.eq_ignore_ascii_case("latin1") => "iso-8859-1",
            _ if name.eq_ignore_ascii_case("cp936") => "gbk",
            other => other,
        };
        CHARSETS.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(canonical)).map(|(mib, ..)| Self(*mib))
    }

    /// Whether units are two octets wide, so that a text holds NUL octets.
    pub fn is_wide(self) -> bool {
        matches!(self.0, 1000 | 1013 | 1014 | 1015)
    }

    /// Octets to text; a byte order mark in front is dropped.
    ///
    /// US-ASCII takes UTF-8 as well, because clients label so.
    ///
    /// # Errors
    /// No table for this charset, or octets that are no text of it. The position of malformed octets is exact
    /// for the Unicode charsets and ASCII, else that of the text.
    pub fn decode(self, octets: &[u8]) -> Result<Cow<'_, str>, CharsetError> {
        let error = |kind, at| CharsetError { charset: self, kind, at };
        let malformed = |at| error(CharsetErrorKind::Malformed, at);
        match self.coding().ok_or_else(|| error(CharsetErrorKind::UnknownCharset, 0))? {
            Coding::Ascii | Coding::Utf8 => {
                let text = octets.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(octets);
                let dropped = octets.len().saturating_sub(text.len());
                core::str::from_utf8(text)
                    .map(Cow::Borrowed)
                    .map_err(|e| malformed(e.valid_up_to().saturating_add(dropped)))
            }
            Coding::Latin1 => Ok(latin1(octets)),
            Coding::Wide { little } => wide_to_text(octets, little).map(Cow::Owned).map_err(malformed),
            Coding::Table(table) => {
                table.decode_without_bom_handling_and_without_replacement(octets).ok_or_else(|| malformed(0))
            }
        }
    }

    /// Text to octets, without byte order mark and without terminator.
    ///
    /// # Errors
    /// No table for this charset, or a character that would not come back: one it has no code for, or only that of a
    /// look-alike. UCS-2 has none beyond U+FFFF. GBK and
    /// GB2312 are held to what decoders other than a browser's read: no euro sign, no private use.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, CharsetError> {
        let error = |kind, at| CharsetError { charset: self, kind, at };
        let unmappable = |at| error(CharsetErrorKind::Unmappable, at);
        let first = |refused: fn(char) -> bool| {
            text.char_indices().find(|(_, c)| refused(*c)).map_or(Ok(()), |(at, _)| Err(unmappable(at)))
        };
        match self.coding().ok_or_else(|| error(CharsetErrorKind::UnknownCharset, 0))? {
            Coding::Ascii => {
                first(|c| !c.is_ascii())?;
                Ok(text.as_bytes().to_vec())
            }
            Coding::Utf8 => Ok(text.as_bytes().to_vec()),
            Coding::Latin1 => text
                .char_indices()
                .map(|(at, c)| u8::try_from(u32::from(c)).map_err(|_| unmappable(at)))
                .collect(),
            Coding::Wide { little } => {
                if self == Self::UCS2 {
                    first(|c| u32::from(c) > 0xFFFF)?;
                }
                // In front, the noncharacter is the byte order mark of the other order.
                if text.starts_with('\u{FFFE}') {
                    return Err(unmappable(0));
                }
                let order = if little { u16::to_le_bytes } else { u16::to_be_bytes };
                Ok(text.encode_utf16().flat_map(order).collect())
            }
            Coding::Table(table) => {
                if matches!(self.0, 113 | 2025) {
                    first(|c| c == '€' || matches!(u32::from(c), 0xE000..=0xF8FF))?;
                }
                let octets = code(table, text);
                octets.ok_or_else(|| {
                    let mut utf8 = [0; 4];
                    let mut chars = text.char_indices();
                    let first = chars.find(|(_, c)| code(table, c.encode_utf8(&mut utf8)).is_none());
                    unmappable(first.map_or(0, |(at, _)| at))
                })
            }
        }
    }
}

impl fmt::Display for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "charset {}", self.0),
        }
    }
}

/// The octets of a text, if they stand for this very text. (Some tables write a character as its look-alike.)
fn code(table: &'static Encoding, text: &str) -> Option<Vec<u8>> {
    let (octets, _, failed) = table.encode(text);
    let read = table.decode_without_bom_handling_and_without_replacement(&octets);
    read.filter(|read| !failed && read == text)?;
    Some(octets.into_owned())
}

/// ISO-8859-1 to text: every octet is the character of its number. (The web's table is windows-1252's.)
pub(crate) fn latin1(octets: &[u8]) -> Cow<'_, str> {
    match core::str::from_utf8(octets) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(octets.iter().copied().map(char::from).collect()),
    }
}

/// Units of two octets to text; the error is the offset of the first octet that does not fit.
fn wide_to_text(octets: &[u8], little: bool) -> Result<String, usize> {
    let (little, body) = match octets {
        [0xFE, 0xFF, body @ ..] => (false, body),
        [0xFF, 0xFE, body @ ..] => (true, body),
        body => (little, body),
    };
    let dropped = octets.len().saturating_sub(body.len());
    let (pairs, odd) = body.as_chunks::<2>();
    let order = if little { u16::from_le_bytes } else { u16::from_be_bytes };
    let mut text = String::with_capacity(pairs.len());
    let mut read: usize = dropped;
    for unit in char::decode_utf16(pairs.iter().copied().map(order)) {
        let c = unit.map_err(|_| read)?;
        read = read.saturating_add(c.len_utf16().saturating_mul(2));
        text.push(c);
    }
    if odd.is_empty() { Ok(text) } else { Err(read) }
}

//! The names of things in a message: header codes, and the places an error or a note can point at.
//!
//! It knows which octet is which header and what people call it. It does not know how a value is written.

use core::fmt;

/// A header of an MMS message, by its octet on the wire (`0x80` included).
///
/// The twelve or so headers an M-Send.req carries have constants here; any other octet is still a
/// `HeaderCode`, so that a header nobody has heard of keeps its identity.
///
/// ```
/// use mms_pdu::HeaderCode;
/// assert_eq!(HeaderCode::SUBJECT.to_string(), "Subject");
/// assert_eq!(HeaderCode(0xB7).to_string(), "header 0xB7");
/// ```
///
/// Source: WAP-209 clause 7.3, table 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeaderCode(pub u8);

/// Octet and name, in the order of the octets. The names are those of WAP-209 (and of its successors from 0x9B on).
const NAMES: &[(u8, &str)] = &[
    (0x81, "Bcc"),
    (0x82, "Cc"),
    (0x83, "X-Mms-Content-Location"),
    (0x84, "Content-Type"),
    (0x85, "Date"),
    (0x86, "X-Mms-Delivery-Report"),
    (0x87, "X-Mms-Delivery-Time"),
    (0x88, "X-Mms-Expiry"),
    (0x89, "From"),
    (0x8A, "X-Mms-Message-Class"),
    (0x8B, "Message-ID"),
    (0x8C, "X-Mms-Message-Type"),
    (0x8D, "X-Mms-MMS-Version"),
    (0x8E, "X-Mms-Message-Size"),
    (0x8F, "X-Mms-Priority"),
    (0x90, "X-Mms-Read-Reply"),
    (0x91, "X-Mms-Report-Allowed"),
    (0x92, "X-Mms-Response-Status"),
    (0x93, "X-Mms-Response-Text"),
    (0x94, "X-Mms-Sender-Visibility"),
    (0x95, "X-Mms-Status"),
    (0x96, "Subject"),
    (0x97, "To"),
    (0x98, "X-Mms-Transaction-ID"),
    (0x99, "X-Mms-Retrieve-Status"),
    (0x9A, "X-Mms-Retrieve-Text"),
    (0x9B, "X-Mms-Read-Status"),
    (0x9C, "X-Mms-Reply-Charging"),
    (0x9D, "X-Mms-Reply-Charging-Deadline"),
    (0x9E, "X-Mms-Reply-Charging-ID"),
    (0x9F, "X-Mms-Reply-Charging-Size"),
    (0xA0, "X-Mms-Previously-Sent-By"),
    (0xA1, "X-Mms-Previously-Sent-Date"),
];

impl HeaderCode {
    /// `Bcc`, one address; repeated for several.
    pub const BCC: Self = Self(0x81);
    /// `Cc`, one address; repeated for several.
    pub const CC: Self = Self(0x82);
    /// `Content-Type`, always the last header.
    pub const CONTENT_TYPE: Self = Self(0x84);
    /// `Date`, seconds since 1970.
    pub const DATE: Self = Self(0x85);
    /// `X-Mms-Delivery-Report`, yes or no.
    pub const DELIVERY_REPORT: Self = Self(0x86);
    /// `X-Mms-Delivery-Time`, a moment or a span.
    pub const DELIVERY_TIME: Self = Self(0x87);
    /// `X-Mms-Expiry`, a moment or a span.
    pub const EXPIRY: Self = Self(0x88);
    /// `From`, an address or the request to insert it.
    pub const FROM: Self = Self(0x89);
    /// `X-Mms-Message-Class`.
    pub const MESSAGE_CLASS: Self = Self(0x8A);
    /// `Message-ID`, given by the MMSC.
    pub const MESSAGE_ID: Self = Self(0x8B);
    /// `X-Mms-Message-Type`, always the first header.
    pub const MESSAGE_TYPE: Self = Self(0x8C);
    /// `X-Mms-MMS-Version`.
    pub const MMS_VERSION: Self = Self(0x8D);
    /// `X-Mms-Priority`.
    pub const PRIORITY: Self = Self(0x8F);
    /// `X-Mms-Read-Reply` (called Read-Report from 1.1 on), yes or no.
    pub const READ_REPLY: Self = Self(0x90);
    /// `X-Mms-Response-Status`.
    pub const RESPONSE_STATUS: Self = Self(0x92);
    /// `X-Mms-Response-Text`.
    pub const RESPONSE_TEXT: Self = Self(0x93);
    /// `X-Mms-Sender-Visibility`, hide or show.
    pub const SENDER_VISIBILITY: Self = Self(0x94);
    /// `Subject`.
    pub const SUBJECT: Self = Self(0x96);
    /// `To`, one address; repeated for several.
    pub const TO: Self = Self(0x97);
    /// `X-Mms-Transaction-ID`.
    pub const TRANSACTION_ID: Self = Self(0x98);

    /// The header's name as the specification spells it, or `None` for an octet it does not assign.
    pub fn name(self) -> Option<&'static str> {
        NAMES.iter().find(|(code, _)| *code == self.0).map(|(_, name)| *name)
    }
}

impl fmt::Display for HeaderCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "header 0x{:02X}", self.0),
        }
    }
}

/// Where in a message something is: the field an error, a note or a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The start of a header, before its name is known.
    HeaderName,
    /// The value of a header.
    Header(HeaderCode),
    /// A header named by text instead of by an octet (WAP-209 clause 7.1).
    ApplicationHeader,
    /// The number of entries that opens a multipart body.
    PartCount,
    /// The octets that follow the last entry of a multipart body.
    AfterLastPart,
    /// A field of one entry of the multipart body; entries count from 0.
    Part(usize, PartField),
}

/// A field of one entry of a multipart body (WAP-230 clause 8.5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PartField {
    /// The length of content type and headers together.
    HeadersLength,
    /// The length of the data.
    DataLength,
    /// The content type.
    ContentType,
    /// The headers after the content type.
    Headers,
    /// The file name.
    Name,
    /// The `Content-ID` header.
    ContentId,
    /// The `Content-Location` header.
    ContentLocation,
    /// The data.
    Data,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeaderName => f.write_str("header name"),
            Self::Header(code) => code.fmt(f),
            Self::ApplicationHeader => f.write_str("application header"),
            Self::PartCount => f.write_str("number of parts"),
            Self::AfterLastPart => f.write_str("after the last part"),
            Self::Part(index, field) => write!(f, "part {index}: {field}"),
        }
    }
}

impl fmt::Display for PartField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HeadersLength => "headers length",
            Self::DataLength => "data length",
            Self::ContentType => "Content-Type",
            Self::Headers => "headers",
            Self::Name => "name",
            Self::ContentId => "Content-ID",
            Self::ContentLocation => "Content-Location",
            Self::Data => "data",
        })
    }
}

//! Why a message was refused, and what was odd about one that was not.
//!
//! Every refusal names the field, the octets, what was expected there and what was found. An error is `Copy`:
//! it borrows nothing and allocates nothing.

use core::fmt;
use core::ops::Range;

use crate::field::Field;
use crate::value::MessageType;

/// A message that cannot be read, and where.
///
/// ```
/// use mms_pdu::{DecodeErrorKind, SendReq};
/// // The transaction id is not terminated.
/// let error = SendReq::decode(b"\x8C\x80\x98T1").unwrap_err();
/// assert_eq!(error.kind, DecodeErrorKind::Unterminated);
/// assert_eq!(
///     error.to_string(),
///     "X-Mms-Transaction-ID, octets 3..5: expected text that ends in NUL, found the end"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}, octets {start}..{end}: expected {expected}, found {found}")]
pub struct DecodeError {
    /// What is wrong.
    pub kind: DecodeErrorKind,
    /// In which field.
    pub field: Field,
    /// The first octet of the offending value, counted from the start of the message.
    pub start: usize,
    /// One past its last octet; never past the end of the message.
    pub end: usize,
    /// What would have been right.
    pub expected: &'static str,
    /// What stands there instead.
    pub found: Found,
}

impl DecodeError {
    /// The offending octets, as a range into the message.
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// What is wrong with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// A length promises more octets than there are, or a value is missing altogether.
    Truncated,
    /// A text has no NUL at its end.
    Unterminated,
    /// A length is written in more than five octets or does not fit 32 bits.
    LengthTooLong,
    /// An octet that cannot stand here.
    UnexpectedOctet,
    /// It is a message, but of another type.
    WrongMessageType,
    /// A header that the message must have is not there.
    MissingHeader,
    /// More headers or parts than [`crate::MAX_HEADERS`] and [`crate::MAX_PARTS`] allow.
    TooMany,
}

/// What was found instead of the expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Found {
    /// This octet.
    Octet(u8),
    /// The end of the message, or of the value that encloses the field.
    End,
    /// A promise of so many octets, and so many left.
    Length {
        /// How many octets the length promises.
        promised: u64,
        /// How many are left.
        left: usize,
    },
    /// More than this many.
    MoreThan(usize),
    /// A message of this type.
    Message(MessageType),
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Octet(octet) => write!(f, "0x{octet:02X}"),
            Self::End => f.write_str("the end"),
            Self::Length { promised, left } => write!(f, "a length of {promised} with {left} octets left"),
            Self::MoreThan(limit) => write!(f, "more than {limit}"),
            Self::Message(MessageType::Other(octet)) => match later_type(*octet) {
                Some(name) => write!(f, "{name} (0x{octet:02X}) of a later specification"),
                None => write!(f, "0x{octet:02X}"),
            },
            Self::Message(known) => write!(f, "{known} (0x{:02X})", known.octet()),
        }
    }
}

/// The types that later specifications added (OMA-TS-MMS-ENC 1.3, X-Mms-Message-Type): named where they turn up, not read.
fn later_type(octet: u8) -> Option<&'static str> {
    const FIRST: u8 = 0x87;
    const NAMES: [&str; 17] = [
        "m-read-rec-ind",
        "m-read-orig-ind",
        "m-forward-req",
        "m-forward-conf",
        "m-mbox-store-req",
        "m-mbox-store-conf",
        "m-mbox-view-req",
        "m-mbox-view-conf",
        "m-mbox-upload-req",
        "m-mbox-upload-conf",
        "m-mbox-delete-req",
        "m-mbox-delete-conf",
        "m-mbox-descr",
        "m-delete-req",
        "m-delete-conf",
        "m-cancel-req",
        "m-cancel-conf",
    ];
    NAMES.get(usize::from(octet.checked_sub(FIRST)?)).copied()
}

/// Something a strict reader could object to in a message that was decoded all the same.
///
/// Real clients bend the rules; what they send has to be captured, and the bending has to be visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Note {
    /// What is odd.
    pub kind: NoteKind,
    /// In which field.
    pub field: Field,
    /// The octet it begins at, counted from the start of the message.
    pub offset: usize,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, octet {}: {}", self.field, self.offset, self.kind)
    }
}

/// What is odd about a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoteKind {
    /// A length or an integer takes more octets than it needs.
    NotMinimal,
    /// Text that begins with an octet above 127 lacks the quote octet 0x7F.
    MissingQuote,
    /// Text that begins with an octet below 128 carries the quote octet 0x7F.
    NeedlessQuote,
    /// Text inside a counted value does not end in NUL.
    MissingTerminator,
    /// The counted value holds octets after its content.
    LeftInValue,
    /// The value has a shape that this header cannot have; it is kept as raw octets.
    UnexpectedValue,
    /// A header that is neither text nor assigned by the specification; it is kept as raw octets.
    UnknownHeader,
    /// The header comes again although it may stand only once; the first one counts.
    Repeated,
    /// The first three headers are not type, transaction id and version in this order.
    HeaderOrder,
    /// A header that an M-Send.req must have is missing.
    MissingHeader,
    /// A parameter is named by text although it has an octet, or has a text value where an integer belongs.
    UntypedParameter,
    /// The content type or the headers of a part cannot be read to their end; the octets are kept.
    Unreadable,
    /// Octets follow the last part.
    TrailingOctets,
}

impl fmt::Display for NoteKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotMinimal => "not in the fewest octets",
            Self::MissingQuote => "quote octet missing",
            Self::NeedlessQuote => "needless quote octet",
            Self::MissingTerminator => "terminating NUL missing",
            Self::LeftInValue => "octets left inside the value",
            Self::UnexpectedValue => "value of an unexpected shape",
            Self::UnknownHeader => "unknown header",
            Self::Repeated => "repeated header",
            Self::HeaderOrder => "out of order",
            Self::MissingHeader => "mandatory header missing",
            Self::UntypedParameter => "untyped parameter",
            Self::Unreadable => "cannot be read to its end",
            Self::TrailingOctets => "octets after the last part",
        })
    }
}

/// How many notes one message keeps; a hostile message must not grow the list without bound.
pub(crate) const MAX_NOTES: usize = 256;

/// The notes of one message while it is read.
#[derive(Debug, Default)]
pub(crate) struct Notes(pub(crate) Vec<Note>);

impl Notes {
    /// Keeps a note, unless the list is full.
    pub(crate) fn add(&mut self, kind: NoteKind, field: Field, offset: usize) {
        if self.0.len() < MAX_NOTES {
            self.0.push(Note { kind, field, offset });
        }
    }
}

/// A message that cannot be written, and why.
///
/// ```
/// use mms_pdu::{EncodeErrorKind, SendReqBuilder};
/// let error = SendReqBuilder::new("T1").encode().unwrap_err();
/// assert_eq!(error.kind, EncodeErrorKind::NoRecipient);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}, at {at}: {kind}, expected {expected}")]
pub struct EncodeError {
    /// What is wrong.
    pub kind: EncodeErrorKind,
    /// In which field.
    pub field: Field,
    /// The offending octet, counted from the start of the given value.
    pub at: usize,
    /// What would have been right.
    pub expected: &'static str,
}

/// What is wrong with a value to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// The message has no To, no Cc and no Bcc.
    NoRecipient,
    /// A value that must not be empty is.
    Empty,
    /// A character or octet that cannot be written in this place.
    Unwritable,
    /// Text that the charset has no code for.
    NotInCharset,
    /// A number or a length beyond what the field can carry.
    TooLarge,
    /// A value that the specification does not define.
    Undefined,
}

impl fmt::Display for EncodeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoRecipient => "no recipient",
            Self::Empty => "empty",
            Self::Unwritable => "cannot be written here",
            Self::NotInCharset => "not in the charset",
            Self::TooLarge => "too large",
            Self::Undefined => "undefined value",
        })
    }
}

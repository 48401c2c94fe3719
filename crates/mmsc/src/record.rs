//! The decoded message as JSON: what a person or a script looks at, beside the raw octets.
//!
//! Everything decoded is there in words, and where a decision was taken (a charset, a lossy reading) the octets
//! are there too. It writes; it reads nothing back.

use std::fmt::Display;

use mms_pdu::{
    Address, AddressForm, DecodeError, EncodedString, HeaderName, MessageClass, Part, SendReq, Sender, Value,
    When,
};
use serde::Serialize;

use crate::captured::Captured;

/// How much text of a part goes into the record; the rest is in the raw message.
const TEXT_MAX: usize = 16 * 1024;

/// A captured message, decoded.
#[derive(Debug, Serialize)]
pub struct Record {
    /// Its number.
    pub serial: u64,
    /// When it was kept, in milliseconds since 1970; absent where the leg knows no such clock.
    pub received_unix_ms: Option<u64>,
    /// Who sent it.
    pub peer: Option<String>,
    /// The request around it; absent in a record that was made from the raw message alone.
    pub request: Option<RequestRecord>,
    /// The answer it got, in words.
    pub answer: Option<String>,
    /// How many octets the raw message has.
    pub octets: usize,
    /// The message, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageRecord>,
    /// Why it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorRecord>,
}

/// The head of a request.
#[derive(Debug, Serialize)]
pub struct RequestRecord {
    /// The method.
    pub method: String,
    /// The target: the whole URL when the client speaks to a proxy.
    pub target: String,
    /// The version.
    pub version: String,
    /// The fields in order, names as sent.
    pub fields: Vec<(String, String)>,
}

/// A decoded M-Send.req.
#[derive(Debug, Serialize)]
pub struct MessageRecord {
    /// X-Mms-Transaction-ID.
    pub transaction_id: String,
    /// X-Mms-MMS-Version.
    pub version: Option<String>,
    /// Date, in seconds since 1970.
    pub date: Option<u64>,
    /// From; `insert-address` where the MMSC shall insert it.
    pub from: Option<TextRecord>,
    /// To.
    pub to: Vec<TextRecord>,
    /// Cc.
    pub cc: Vec<TextRecord>,
    /// Bcc.
    pub bcc: Vec<TextRecord>,
    /// Subject.
    pub subject: Option<TextRecord>,
    /// X-Mms-Message-Class.
    pub class: Option<String>,
    /// X-Mms-Expiry.
    pub expiry: Option<WhenRecord>,
    /// X-Mms-Delivery-Time.
    pub delivery_time: Option<WhenRecord>,
    /// X-Mms-Priority.
    pub priority: Option<String>,
    /// X-Mms-Sender-Visibility.
    pub visibility: Option<String>,
    /// X-Mms-Delivery-Report.
    pub delivery_report: Option<String>,
    /// X-Mms-Read-Reply.
    pub read_report: Option<String>,
    /// Content-Type.
    pub content_type: String,
    /// The `start` parameter of a multipart.related.
    pub start: Option<String>,
    /// The parts.
    pub parts: Vec<PartRecord>,
    /// Headers that are not known or have an unexpected value: name and octets in hex.
    pub other_headers: Vec<(String, String)>,
    /// What a strict reader could object to.
    pub notes: Vec<String>,
}

/// A text: as text, and as it was sent.
#[derive(Debug, Serialize)]
pub struct TextRecord {
    /// The text; an address without its type.
    pub text: String,
    /// The form of an address: `PLMN`, `IPv4`, `IPv6`, `e-mail`, or another type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// The charset the sender named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// The octets, where a charset was named or the text could not be decoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hex: Option<String>,
}

/// A moment or a span, in seconds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenRecord {
    /// Seconds since 1970.
    Absolute(u64),
    /// Seconds from now.
    Relative(u64),
}

/// A part of a message.
#[derive(Debug, Serialize)]
pub struct PartRecord {
    /// Its media type.
    pub content_type: String,
    /// Its charset.
    pub charset: Option<String>,
    /// Its file name, wherever it was found.
    pub name: Option<String>,
    /// Its Content-ID.
    pub content_id: Option<String>,
    /// Its Content-Location.
    pub content_location: Option<String>,
    /// Where its data begin in the raw message.
    pub offset: usize,
    /// How many octets its data have.
    pub octets: usize,
    /// Its text, if it is one; at most 16 KiB of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Why a body is no message.
#[derive(Debug, Serialize)]
pub struct ErrorRecord {
    /// In which field.
    pub field: String,
    /// The first octet.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The whole error in words.
    pub text: String,
}

impl Record {
    /// The record of a captured message.
    pub fn of(captured: &Captured, received_unix_ms: Option<u64>) -> Self {
        let head = &captured.head;
        let request = RequestRecord {
            method: head.method.clone(),
            target: head.target.clone(),
            version: format!("HTTP/1.{}", head.minor),
            fields: head.fields.clone(),
        };
        Self {
            received_unix_ms,
            peer: captured.peer.clone(),
            request: Some(request),
            answer: Some(captured.answer.clone()),
            ..Self::of_octets(captured.serial, &captured.body)
        }
    }

    /// The record of a raw message of which nothing else is left.
    pub fn of_octets(serial: u64, octets: &[u8]) -> Self {
        let (message, error) = match SendReq::decode(octets) {
            Ok(message) => (Some(MessageRecord::of(&message)), None),
            Err(error) => (None, Some(ErrorRecord::of(error))),
        };
        let octets = octets.len();
        Self {
            serial,
            received_unix_ms: None,
            peer: None,
            request: None,
            answer: None,
            octets,
            message,
            error,
        }
    }
}

impl MessageRecord {
    fn of(message: &SendReq<'_>) -> Self {
        let other_headers = message.headers().iter().filter_map(|header| {
            let name = match header.name {
                HeaderName::Code(code) => code.to_string(),
                HeaderName::Text(name) => String::from_utf8_lossy(name).into_owned(),
            };
            match (header.name, header.value) {
                (_, Value::Raw(raw)) => Some((name, hex(raw))),
                (HeaderName::Text(_), Value::Text(text)) => Some((name, hex(text.octets()))),
                _ => None,
            }
        });
        Self {
            transaction_id: message.transaction_id().text_lossy().into_owned(),
            version: words(message.version()),
            date: message.date(),
            from: message.from().map(|from| match from {
                Sender::Insert => TextRecord::bare("insert-address"),
                Sender::Address(address) => TextRecord::address(address),
            }),
            to: message.to().map(TextRecord::address).collect(),
            cc: message.cc().map(TextRecord::address).collect(),
            bcc: message.bcc().map(TextRecord::address).collect(),
            subject: message.subject().map(TextRecord::of),
            class: message.class().map(|class| match class {
                MessageClass::Code(code) => code.to_string(),
                MessageClass::Named(name) => name.text_lossy().into_owned(),
            }),
            expiry: message.expiry().map(WhenRecord::of),
            delivery_time: message.delivery_time().map(WhenRecord::of),
            priority: words(message.priority()),
            visibility: words(message.visibility()),
            delivery_report: words(message.delivery_report()),
            read_report: words(message.read_report()),
            content_type: message.content_type().essence().into_owned(),
            start: message.content_type().start().map(|start| start.text_lossy().into_owned()),
            parts: message.parts().iter().map(PartRecord::of).collect(),
            other_headers: other_headers.collect(),
            notes: message.notes().iter().map(ToString::to_string).collect(),
        }
    }
}

impl TextRecord {
    fn bare(text: &str) -> Self {
        Self { text: text.to_owned(), form: None, charset: None, hex: None }
    }

    fn of(text: EncodedString<'_>) -> Self {
        let odd = text.charset().is_some() || text.text().is_err();
        Self {
            text: text.text_lossy().into_owned(),
            form: None,
            charset: words(text.charset()),
            hex: odd.then(|| hex(text.octets())),
        }
    }

    fn address(text: EncodedString<'_>) -> Self {
        let address: Address<'_> = text.address();
        let form = match address.form() {
            AddressForm::Plmn => Some("PLMN".to_owned()),
            AddressForm::Ipv4 => Some("IPv4".to_owned()),
            AddressForm::Ipv6 => Some("IPv6".to_owned()),
            AddressForm::Email => Some("e-mail".to_owned()),
            AddressForm::Named(name) => Some(name.clone()),
            _ => None,
        };
        Self { text: address.text().to_owned(), form, ..Self::of(text) }
    }
}

impl WhenRecord {
    fn of(when: When) -> Self {
        match when {
            When::Absolute(seconds) => Self::Absolute(seconds),
            When::Relative(seconds) => Self::Relative(seconds),
        }
    }
}

impl PartRecord {
    fn of(part: &Part<'_>) -> Self {
        Self {
            content_type: part.content_type().essence().into_owned(),
            charset: words(part.content_type().charset()),
            name: part.file_name().map(Into::into),
            content_id: part.content_id().map(Into::into),
            content_location: part.content_location().map(|location| location.text_lossy().into_owned()),
            offset: part.data_offset(),
            octets: part.data().len(),
            text: part.text().map(|text| shortened(&text)),
        }
    }
}

impl ErrorRecord {
    fn of(error: DecodeError) -> Self {
        Self { field: error.field.to_string(), start: error.start, end: error.end, text: error.to_string() }
    }
}

fn words(value: Option<impl Display>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn shortened(text: &str) -> String {
    text.get(..text.floor_char_boundary(TEXT_MAX)).unwrap_or(text).to_owned()
}

fn hex(octets: &[u8]) -> String {
    use std::fmt::Write as _;
    octets.iter().fold(String::with_capacity(octets.len() * 2), |mut text, octet| {
        let _ = write!(text, "{octet:02X}");
        text
    })
}

//! M-Send.req decoded: what a client submits.
//!
//! Only what is needed to read and answer a message is demanded; what else the specification wants is noted when
//! it is missing. Source: WAP-209 clause 6.1.1.

use crate::error::{DecodeError, Note};
use crate::field::HeaderCode;
use crate::header::{Header, Value};
use crate::media::MediaType;
use crate::message::Message;
use crate::multipart::{Part, same_id};
use crate::text::EncodedString;
use crate::value::{
    ClassCode, MessageClass, MessageType, Priority, Sender, Version, Visibility, When, YesNo,
};

/// A submission, borrowed from its octets.
///
/// ```
/// use mms_pdu::{Priority, SendReq, SendReqBuilder};
/// let octets = SendReqBuilder::new("T7")
///     .to("13856122546")
///     .subject("标题中文")
///     .priority(Priority::High)
///     .text_part("t.txt", "hello")
///     .encode()
///     .unwrap();
/// let message = SendReq::decode(&octets).unwrap();
/// assert_eq!(message.transaction_id().text_lossy(), "T7");
/// assert_eq!(message.to().next().unwrap().address().text(), "13856122546");
/// assert_eq!(message.subject().unwrap().text_lossy(), "标题中文");
/// assert_eq!(message.priority(), Some(Priority::High));
/// assert_eq!(message.parts()[0].file_name().unwrap(), "t.txt");
/// assert_eq!(message.parts()[0].data(), b"hello");
/// assert!(message.notes().is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendReq<'a> {
    message: Message<'a>,
    transaction_id: EncodedString<'a>,
    content_type: MediaType<'a>,
}

impl<'a> SendReq<'a> {
    /// Decodes an M-Send.req.
    ///
    /// # Errors
    /// It is no message, a message of another type, or lacks the transaction id or the content type; the error
    /// names field and octets.
    pub fn decode(octets: &'a [u8]) -> Result<Self, DecodeError> {
        Self::from_message(Message::decode(octets)?)
    }

    /// Reads a decoded message as an M-Send.req.
    ///
    /// # Errors
    /// It is a message of another type, or lacks the transaction id or the content type.
    pub fn from_message(mut message: Message<'a>) -> Result<Self, DecodeError> {
        message.require_type(MessageType::SendReq, "m-send-req (0x80)")?;
        let transaction_id = message
            .text(HeaderCode::TRANSACTION_ID)
            .ok_or_else(|| message.missing(HeaderCode::TRANSACTION_ID, "a transaction id"))?;
        let content_type = message
            .content_type()
            .ok_or_else(|| message.missing(HeaderCode::CONTENT_TYPE, "a content type and a body"))?;
        message.note_missing(HeaderCode::MMS_VERSION);
        message.note_missing(HeaderCode::FROM);
        let addressed = [HeaderCode::TO, HeaderCode::CC, HeaderCode::BCC];
        if addressed.into_iter().all(|code| message.header(code).is_none()) {
            message.note_missing(HeaderCode::TO);
        }
        Ok(Self { message, transaction_id, content_type })
    }

    /// The message below this view: headers in order, with those that are not known.
    pub fn message(&self) -> &Message<'a> {
        &self.message
    }

    /// All headers in the order they stand.
    pub fn headers(&self) -> &[Header<'a>] {
        self.message.headers()
    }

    /// What a strict reader could object to.
    pub fn notes(&self) -> &[Note] {
        self.message.notes()
    }

    /// X-Mms-Transaction-ID: the answer must repeat it.
    pub fn transaction_id(&self) -> EncodedString<'a> {
        self.transaction_id
    }

    /// X-Mms-MMS-Version.
    pub fn version(&self) -> Option<Version> {
        self.message.octet(HeaderCode::MMS_VERSION).map(Version::from_octet)
    }

    /// Date, in seconds since 1970.
    pub fn date(&self) -> Option<u64> {
        match self.message.header(HeaderCode::DATE)?.value {
            Value::Date(seconds) => Some(seconds),
            _ => None,
        }
    }

    /// From.
    pub fn from(&self) -> Option<Sender<'a>> {
        match self.message.header(HeaderCode::FROM)?.value {
            Value::Sender(sender) => Some(sender),
            _ => None,
        }
    }

    /// The To addresses, in order.
    pub fn to(&self) -> impl Iterator<Item = EncodedString<'a>> + use<'a, '_> {
        self.message.texts(HeaderCode::TO)
    }

    /// The Cc addresses, in order.
    pub fn cc(&self) -> impl Iterator<Item = EncodedString<'a>> + use<'a, '_> {
        self.message.texts(HeaderCode::CC)
    }

    /// The Bcc addresses, in order.
    pub fn bcc(&self) -> impl Iterator<Item = EncodedString<'a>> + use<'a, '_> {
        self.message.texts(HeaderCode::BCC)
    }

    /// Subject.
    pub fn subject(&self) -> Option<EncodedString<'a>> {
        self.message.text(HeaderCode::SUBJECT)
    }

    /// X-Mms-Message-Class; absent means personal.
    ///
    /// A class that is named `auto` and the like by text stays a name.
    pub fn class(&self) -> Option<MessageClass<'a>> {
        match self.message.header(HeaderCode::MESSAGE_CLASS)?.value {
            Value::Class(class) => Some(class),
            _ => None,
        }
    }

    /// X-Mms-Message-Class as an octet, where it is one.
    pub fn class_code(&self) -> Option<ClassCode> {
        match self.class()? {
            MessageClass::Code(code) => Some(code),
            MessageClass::Named(_) => None,
        }
    }

    /// X-Mms-Expiry; absent means as long as the MMSC allows.
    pub fn expiry(&self) -> Option<When> {
        self.message.when(HeaderCode::EXPIRY)
    }

    /// X-Mms-Delivery-Time; absent means at once.
    pub fn delivery_time(&self) -> Option<When> {
        self.message.when(HeaderCode::DELIVERY_TIME)
    }

    /// X-Mms-Priority; absent means normal.
    pub fn priority(&self) -> Option<Priority> {
        self.message.octet(HeaderCode::PRIORITY).map(Priority::from_octet)
    }

    /// X-Mms-Sender-Visibility; absent means show.
    pub fn visibility(&self) -> Option<Visibility> {
        self.message.octet(HeaderCode::SENDER_VISIBILITY).map(Visibility::from_octet)
    }

    /// X-Mms-Delivery-Report; absent means as the subscription has it.
    pub fn delivery_report(&self) -> Option<YesNo> {
        self.message.octet(HeaderCode::DELIVERY_REPORT).map(YesNo::from_octet)
    }

    /// X-Mms-Read-Reply, called Read-Report from 1.1 on; absent means not requested.
    pub fn read_report(&self) -> Option<YesNo> {
        self.message.octet(HeaderCode::READ_REPLY).map(YesNo::from_octet)
    }

    /// Content-Type of the body.
    pub fn content_type(&self) -> MediaType<'a> {
        self.content_type
    }

    /// The parts of the body; a body that is no multipart is one part.
    pub fn parts(&self) -> &[Part<'a>] {
        self.message.parts()
    }

    /// The presentation: the part that `start` names, else the first part if it is SMIL, else none.
    pub fn presentation(&self) -> Option<&Part<'a>> {
        let named = self.content_type.start().and_then(|start| {
            let start = start.text_lossy();
            self.parts().iter().find(|part| part.content_id().is_some_and(|id| same_id(&start, &id)))
        });
        named.or_else(|| self.parts().first().filter(|part| part.content_type().is("application/smil")))
    }
}

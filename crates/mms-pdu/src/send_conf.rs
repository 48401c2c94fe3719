//! M-Send.conf: the MMSC's answer to a submission, decoded and encoded.
//!
//! Source: WAP-209 clause 6.1.2.

use crate::error::{DecodeError, EncodeError, EncodeErrorKind, Note};
use crate::field::{Field, HeaderCode};
use crate::message::Message;
use crate::text::EncodedString;
use crate::value::{MessageType, ResponseStatus, Version};
use crate::writer::{Writer, check_token};

/// An answer to a submission, borrowed from its octets.
///
/// ```
/// use mms_pdu::{ResponseStatus, SendConf, SendConfBuilder};
/// let octets = SendConfBuilder::new("T7", ResponseStatus(132)).text("nobody there").encode().unwrap();
/// let answer = SendConf::decode(&octets).unwrap();
/// assert_eq!(answer.transaction_id().text_lossy(), "T7");
/// assert_eq!(answer.status(), ResponseStatus(132));
/// assert_eq!(answer.response_text().unwrap().text_lossy(), "nobody there");
/// assert_eq!(answer.message_id(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendConf<'a> {
    message: Message<'a>,
    transaction_id: EncodedString<'a>,
    status: ResponseStatus,
}

impl<'a> SendConf<'a> {
    /// Decodes an M-Send.conf.
    ///
    /// # Errors
    /// It is no message, a message of another type, or lacks the transaction id or the response status; the
    /// error names field and octets.
    pub fn decode(octets: &'a [u8]) -> Result<Self, DecodeError> {
        let mut message = Message::decode(octets)?;
        message.require_type(MessageType::SendConf, "m-send-conf (0x81)")?;
        let transaction_id = message
            .text(HeaderCode::TRANSACTION_ID)
            .ok_or_else(|| message.missing(HeaderCode::TRANSACTION_ID, "a transaction id"))?;
        let status = message
            .octet(HeaderCode::RESPONSE_STATUS)
            .ok_or_else(|| message.missing(HeaderCode::RESPONSE_STATUS, "a response status"))?;
        message.note_missing(HeaderCode::MMS_VERSION);
        Ok(Self { message, transaction_id, status: ResponseStatus(status) })
    }

    /// The message below this view: headers in order, with those that are not known.
    pub fn message(&self) -> &Message<'a> {
        &self.message
    }

    /// What a strict reader could object to.
    pub fn notes(&self) -> &[Note] {
        self.message.notes()
    }

    /// X-Mms-Transaction-ID; it must be that of the submission.
    pub fn transaction_id(&self) -> EncodedString<'a> {
        self.transaction_id
    }

    /// X-Mms-MMS-Version.
    pub fn version(&self) -> Option<Version> {
        self.message.octet(HeaderCode::MMS_VERSION).map(Version::from_octet)
    }

    /// X-Mms-Response-Status.
    pub fn status(&self) -> ResponseStatus {
        self.status
    }

    /// X-Mms-Response-Text.
    pub fn response_text(&self) -> Option<EncodedString<'a>> {
        self.message.text(HeaderCode::RESPONSE_TEXT)
    }

    /// Message-ID.
    pub fn message_id(&self) -> Option<EncodedString<'a>> {
        self.message.text(HeaderCode::MESSAGE_ID)
    }
}

/// An M-Send.conf to be written.
///
/// The status is any octet above 127, assigned or not: an MMSC that is told to answer 200 must be able to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendConfBuilder {
    transaction_id: Vec<u8>,
    status: ResponseStatus,
    version: Version,
    text: Option<String>,
    message_id: Option<String>,
    message_id_first: bool,
}

impl SendConfBuilder {
    /// An answer to the submission with this transaction id, version 1.0, without text and message id.
    ///
    /// The id is repeated octet by octet, whatever the client chose.
    pub fn new(transaction_id: impl Into<Vec<u8>>, status: ResponseStatus) -> Self {
        Self {
            transaction_id: transaction_id.into(),
            status,
            version: Version::V1_0,
            text: None,
            message_id: None,
            message_id_first: false,
        }
    }

    /// Sets the version.
    #[must_use]
    pub fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// Sets the response text.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Sets the message id, which an accepted message must have.
    #[must_use]
    pub fn message_id(mut self, id: impl Into<String>) -> Self {
        self.message_id = Some(id.into());
        self
    }

    /// Puts the message id before the status, as some MMSCs do.
    #[must_use]
    pub fn message_id_first(mut self, first: bool) -> Self {
        self.message_id_first = first;
        self
    }

    /// Writes the message.
    ///
    /// # Errors
    /// The message id is empty or not visible ASCII, the status is below 128, the transaction id or the text
    /// holds a NUL or begins with a control character.
    pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        let mut writer = Writer::new();
        writer.message_start(MessageType::SendConf, &self.transaction_id, self.version)?;
        if self.message_id_first {
            self.write_message_id(&mut writer)?;
        }
        if self.status.0 < 128 {
            return Err(EncodeError {
                kind: EncodeErrorKind::Undefined,
                field: Field::Header(HeaderCode::RESPONSE_STATUS),
                at: 0,
                expected: "a status from 128 to 255",
            });
        }
        writer.octet_header(HeaderCode::RESPONSE_STATUS, self.status.0);
        if let Some(text) = &self.text {
            writer.header_name(HeaderCode::RESPONSE_TEXT);
            writer.unicode(Field::Header(HeaderCode::RESPONSE_TEXT), text)?;
        }
        if !self.message_id_first {
            self.write_message_id(&mut writer)?;
        }
        Ok(writer.finish())
    }

    fn write_message_id(&self, writer: &mut Writer) -> Result<(), EncodeError> {
        let Some(id) = &self.message_id else { return Ok(()) };
        check_token(Field::Header(HeaderCode::MESSAGE_ID), id)?;
        writer.header_name(HeaderCode::MESSAGE_ID);
        writer.text_string(id.as_bytes());
        Ok(())
    }
}

//! M-Send.req to be written: strict, in one canonical form, headers in the order of WAP-209 table 1.
//!
//! It writes what it is given or refuses it, naming the field; it adds nothing but the type of an address. What an
//! AT command means in these terms is the module's business.

mod part;

use std::borrow::Cow;

pub use part::PartBuilder;
use part::in_angles;

use crate::charset::Charset;
use crate::error::{EncodeError, EncodeErrorKind};
use crate::field::{Field, HeaderCode};
use crate::media::{MULTIPART_MIXED, MULTIPART_RELATED, well_known_number};
use crate::multipart::MAX_PARTS;
use crate::text::Address;
use crate::value::{ClassCode, MessageType, Priority, Version, Visibility, When, YesNo};
use crate::writer::{Writer, check_token};

/// A text to be written: as decoded text, or as octets in a charset the sender insists on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text<'a> {
    /// Written bare if it is ASCII, else as UTF-8 with its charset.
    Unicode(Cow<'a, str>),
    /// Written as it is, with this charset; refused if it is no text of the charset.
    Octets {
        /// The charset.
        charset: Charset,
        /// The text in that charset, without terminator.
        octets: Cow<'a, [u8]>,
    },
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::Unicode(Cow::Borrowed(text))
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self::Unicode(Cow::Owned(text))
    }
}

/// An M-Send.req to be written. Data of parts are borrowed until [`SendReqBuilder::encode`] writes them.
///
/// ```
/// use mms_pdu::{PartBuilder, SendReqBuilder, When};
/// let picture = [0xFF, 0xD8, 0xFF];
/// let octets = SendReqBuilder::new("T1")
///     .to("13856122546")
///     .cc("copy.test@example.com")
///     .subject("test EC20 mms")
///     .expiry(When::Relative(3600))
///     .part(PartBuilder::of_file("x.jpg", &picture))
///     .encode()
///     .unwrap();
/// assert!(octets.starts_with(b"\x8C\x80\x98T1\x00\x8D\x90\x89\x01\x81\x9713856122546/TYPE=PLMN\x00"));
/// ```
///
/// Source: WAP-209 clause 6.1.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendReqBuilder<'a> {
    transaction_id: Cow<'a, str>,
    version: Version,
    date: Option<u64>,
    from: Option<Cow<'a, str>>,
    to: Vec<Cow<'a, str>>,
    cc: Vec<Cow<'a, str>>,
    bcc: Vec<Cow<'a, str>>,
    subject: Option<Text<'a>>,
    class: Option<ClassCode>,
    expiry: Option<When>,
    delivery_time: Option<When>,
    priority: Option<Priority>,
    visibility: Option<Visibility>,
    delivery_report: Option<YesNo>,
    read_report: Option<YesNo>,
    related: Option<(Cow<'a, str>, Cow<'a, str>)>,
    parts: Vec<PartBuilder<'a>>,
}

/// Declares setters of optional headers.
macro_rules! setters {
    ($($(#[$meta:meta])* $name:ident: $type:ty,)+) => {
        $($(#[$meta])*
        #[must_use]
        pub fn $name(mut self, value: impl Into<$type>) -> Self {
            self.$name = Some(value.into());
            self
        })+
    };
}

impl<'a> SendReqBuilder<'a> {
    /// A message of version 1.0 whose sender the MMSC inserts, without anything else.
    pub fn new(transaction_id: impl Into<Cow<'a, str>>) -> Self {
        Self {
            transaction_id: transaction_id.into(),
            version: Version::V1_0,
            date: None,
            from: None,
            to: Vec::new(),
            cc: Vec::new(),
            bcc: Vec::new(),
            subject: None,
            class: None,
            expiry: None,
            delivery_time: None,
            priority: None,
            visibility: None,
            delivery_report: None,
            read_report: None,
            related: None,
            parts: Vec::new(),
        }
    }

    setters! {
        /// Sets Date, in seconds since 1970.
        date: u64,
        /// Sets From to an address, instead of letting the MMSC insert it. Plain, as for [`SendReqBuilder::to`].
        from: Cow<'a, str>,
        /// Sets Subject.
        subject: Text<'a>,
        /// Sets X-Mms-Message-Class.
        class: ClassCode,
        /// Sets X-Mms-Expiry.
        expiry: When,
        /// Sets X-Mms-Delivery-Time.
        delivery_time: When,
        /// Sets X-Mms-Priority.
        priority: Priority,
        /// Sets X-Mms-Sender-Visibility.
        visibility: Visibility,
        /// Sets X-Mms-Delivery-Report; takes a `bool` too.
        delivery_report: YesNo,
        /// Sets X-Mms-Read-Reply; takes a `bool` too.
        read_report: YesNo,
    }

    /// Sets the version.
    #[must_use]
    pub fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// Adds a To address as a user types it; it gets the type it looks like (see [`Address::typed`]).
    #[must_use]
    pub fn to(mut self, address: impl Into<Cow<'a, str>>) -> Self {
        self.to.push(address.into());
        self
    }

    /// Adds a Cc address.
    #[must_use]
    pub fn cc(mut self, address: impl Into<Cow<'a, str>>) -> Self {
        self.cc.push(address.into());
        self
    }

    /// Adds a Bcc address.
    #[must_use]
    pub fn bcc(mut self, address: impl Into<Cow<'a, str>>) -> Self {
        self.bcc.push(address.into());
        self
    }

    /// Makes the body a multipart.related that begins with the part of this Content-ID and media type.
    ///
    /// Without it the body is a multipart.mixed.
    #[must_use]
    pub fn related(mut self, start: impl Into<Cow<'a, str>>, media: impl Into<Cow<'a, str>>) -> Self {
        self.related = Some((start.into(), media.into()));
        self
    }

    /// Adds a part.
    #[must_use]
    pub fn part(mut self, part: PartBuilder<'a>) -> Self {
        self.parts.push(part);
        self
    }

    /// Adds a text as UTF-8 under a file name.
    #[must_use]
    pub fn text_part(self, name: impl Into<Cow<'a, str>>, text: &'a str) -> Self {
        self.part(PartBuilder::new("text/plain", text.as_bytes()).charset(Charset::UTF8).name(name))
    }

    /// Writes the message.
    ///
    /// # Errors
    /// There is no recipient, a value cannot be written in its place, or a text is none of its charset. The error
    /// names the field.
    pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        let mut writer = Writer::new();
        check_token(Field::Header(HeaderCode::TRANSACTION_ID), &self.transaction_id)?;
        writer.message_start(MessageType::SendReq, self.transaction_id.as_bytes(), self.version)?;
        if let Some(date) = self.date {
            writer.header_name(HeaderCode::DATE);
            writer.long_integer(date);
        }
        self.write_sender(&mut writer)?;
        self.write_recipients(&mut writer)?;
        if let Some(subject) = &self.subject {
            writer.header_name(HeaderCode::SUBJECT);
            subject.write(Field::Header(HeaderCode::SUBJECT), &mut writer)?;
        }
        self.write_options(&mut writer)?;
        self.write_body(&mut writer)?;
        Ok(writer.finish())
    }

    fn write_sender(&self, writer: &mut Writer) -> Result<(), EncodeError> {
        const FIELD: Field = Field::Header(HeaderCode::FROM);
        let mut value = Writer::new();
        match &self.from {
            None => value.octet(0x81),
            Some(plain) => {
                value.octet(0x80);
                value.unicode(FIELD, &Address::typed(plain).to_string())?;
            }
        }
        writer.header_name(HeaderCode::FROM);
        writer.counted(FIELD, &value.finish())
    }

    fn write_recipients(&self, writer: &mut Writer) -> Result<(), EncodeError> {
        let lists = [(HeaderCode::TO, &self.to), (HeaderCode::CC, &self.cc), (HeaderCode::BCC, &self.bcc)];
        if lists.iter().all(|(_, list)| list.is_empty()) {
            return Err(EncodeError {
                kind: EncodeErrorKind::NoRecipient,
                field: Field::Header(HeaderCode::TO),
                at: 0,
                expected: "at least one To, Cc or Bcc",
            });
        }
        for (code, list) in lists {
            for plain in list {
                let field = Field::Header(code);
                if plain.is_empty() {
                    let expected = "an address";
                    return Err(EncodeError { kind: EncodeErrorKind::Empty, field, at: 0, expected });
                }
                writer.header_name(code);
                writer.unicode(field, &Address::typed(plain).to_string())?;
            }
        }
        Ok(())
    }

    fn write_options(&self, writer: &mut Writer) -> Result<(), EncodeError> {
        let class = self.class.map(|class| (class.octet(), class.is_defined()));
        let priority = self.priority.map(|priority| (priority.octet(), priority.is_defined()));
        let visibility = self.visibility.map(|visibility| (visibility.octet(), visibility.is_defined()));
        let yes_no = |value: Option<YesNo>| value.map(|value| (value.octet(), value.is_defined()));
        write_choice(writer, HeaderCode::MESSAGE_CLASS, class)?;
        write_when(writer, HeaderCode::EXPIRY, self.expiry)?;
        write_when(writer, HeaderCode::DELIVERY_TIME, self.delivery_time)?;
        write_choice(writer, HeaderCode::PRIORITY, priority)?;
        write_choice(writer, HeaderCode::SENDER_VISIBILITY, visibility)?;
        write_choice(writer, HeaderCode::DELIVERY_REPORT, yes_no(self.delivery_report))?;
        write_choice(writer, HeaderCode::READ_REPLY, yes_no(self.read_report))
    }

    fn write_body(&self, writer: &mut Writer) -> Result<(), EncodeError> {
        let field = Field::Header(HeaderCode::CONTENT_TYPE);
        writer.header_name(HeaderCode::CONTENT_TYPE);
        match &self.related {
            None => writer.raw(&[media_octet(MULTIPART_MIXED)]),
            Some((start, media)) => {
                check_token(field, media)?;
                check_token(field, start)?;
                let mut value = Writer::new();
                value.octet(media_octet(MULTIPART_RELATED));
                value.octet(0x89);
                value.text_string(media.as_bytes());
                value.octet(0x8A);
                value.text_string(in_angles(start).as_bytes());
                writer.counted(field, &value.finish())?;
            }
        }
        if self.parts.len() > MAX_PARTS {
            let expected = "at most 1024 parts";
            let field = Field::PartCount;
            return Err(EncodeError { kind: EncodeErrorKind::TooLarge, field, at: 0, expected });
        }
        writer.length(Field::PartCount, self.parts.len())?;
        for (index, part) in self.parts.iter().enumerate() {
            part.write(index, writer)?;
        }
        Ok(())
    }
}

impl Text<'_> {
    fn write(&self, field: Field, writer: &mut Writer) -> Result<(), EncodeError> {
        match self {
            Self::Unicode(text) => writer.unicode(field, text),
            Self::Octets { charset, octets } => writer.charset_text(field, *charset, octets),
        }
    }
}

/// A header of one octet out of a list, given as octet and whether the list has it.
fn write_choice(writer: &mut Writer, code: HeaderCode, value: Option<(u8, bool)>) -> Result<(), EncodeError> {
    match value {
        None => Ok(()),
        Some((octet, true)) => {
            writer.octet_header(code, octet);
            Ok(())
        }
        Some((_, false)) => Err(EncodeError {
            kind: EncodeErrorKind::Undefined,
            field: Field::Header(code),
            at: 0,
            expected: "a value that the specification defines",
        }),
    }
}

/// Expiry and the like: a counted value of a choice and a Long-integer.
fn write_when(writer: &mut Writer, code: HeaderCode, when: Option<When>) -> Result<(), EncodeError> {
    let (token, seconds) = match when {
        None => return Ok(()),
        Some(When::Absolute(seconds)) => (0x80, seconds),
        Some(When::Relative(seconds)) => (0x81, seconds),
    };
    let mut value = Writer::new();
    value.octet(token);
    value.long_integer(seconds);
    writer.header_name(code);
    writer.counted(Field::Header(code), &value.finish())
}

/// The short form of a media type that has a number.
fn media_octet(name: &str) -> u8 {
    well_known_number(name).unwrap_or_default() | 0x80
}

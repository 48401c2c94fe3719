//! Messages drawn from bytes: everything an M-Send.req can carry, in the lengths and charsets where codecs break.

use arbitrary::{Arbitrary, Result, Unstructured};
use mms_pdu::{
    Charset, ClassCode, PartBuilder, Priority, SendReqBuilder, Text, Version, Visibility, When, YesNo,
};

/// A message to be written and read back.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The transaction id.
    pub transaction_id: String,
    /// The version.
    pub version: Version,
    /// Date.
    pub date: Option<u64>,
    /// From, where it is an address.
    pub from: Option<String>,
    /// To, Cc and Bcc, as a user types them.
    pub recipients: [Vec<String>; 3],
    /// Subject: the text, and the charset it is to be sent in if not in the usual one.
    pub subject: Option<(String, Option<Charset>)>,
    /// X-Mms-Message-Class.
    pub class: Option<ClassCode>,
    /// X-Mms-Expiry.
    pub expiry: Option<When>,
    /// X-Mms-Delivery-Time.
    pub delivery_time: Option<When>,
    /// X-Mms-Priority.
    pub priority: Option<Priority>,
    /// X-Mms-Sender-Visibility.
    pub visibility: Option<Visibility>,
    /// X-Mms-Delivery-Report and X-Mms-Read-Reply.
    pub reports: [Option<YesNo>; 2],
    /// Whether the body begins with a presentation of this Content-ID.
    pub related: Option<String>,
    /// The parts.
    pub parts: Vec<DraftPart>,
}

/// A part to be written and read back.
#[derive(Clone, Debug)]
pub struct DraftPart {
    /// The media type.
    pub media: String,
    /// The charset parameter.
    pub charset: Option<Charset>,
    /// The name.
    pub name: Option<String>,
    /// The Content-ID.
    pub content_id: Option<String>,
    /// The data.
    pub data: Vec<u8>,
}

impl Draft {
    /// The message for the encoder. A subject that its charset cannot hold is left out.
    pub fn builder(&self) -> SendReqBuilder<'_> {
        let mut builder = SendReqBuilder::new(self.transaction_id.as_str()).version(self.version);
        let [to, cc, bcc] = &self.recipients;
        builder = to.iter().fold(builder, |builder, address| builder.to(address.as_str()));
        builder = cc.iter().fold(builder, |builder, address| builder.cc(address.as_str()));
        builder = bcc.iter().fold(builder, |builder, address| builder.bcc(address.as_str()));
        if let Some(subject) = self.subject_text() {
            builder = builder.subject(subject);
        }
        builder = set(builder, self.date, SendReqBuilder::date);
        builder = set(builder, self.from.as_deref(), SendReqBuilder::from);
        builder = set(builder, self.class, SendReqBuilder::class);
        builder = set(builder, self.expiry, SendReqBuilder::expiry);
        builder = set(builder, self.delivery_time, SendReqBuilder::delivery_time);
        builder = set(builder, self.priority, SendReqBuilder::priority);
        builder = set(builder, self.visibility, SendReqBuilder::visibility);
        builder = set(builder, self.reports[0], SendReqBuilder::delivery_report);
        builder = set(builder, self.reports[1], SendReqBuilder::read_report);
        if let Some(start) = &self.related {
            builder = builder.related(start.as_str(), "application/smil");
        }
        self.parts.iter().fold(builder, |builder, part| builder.part(part.builder()))
    }

    /// The subject as the encoder takes it.
    pub fn subject_text(&self) -> Option<Text<'_>> {
        match self.subject.as_ref()? {
            (text, None) => Some(Text::from(text.as_str())),
            (text, Some(charset)) => {
                let octets = charset.encode(text).ok()?.into();
                Some(Text::Octets { charset: *charset, octets })
            }
        }
    }
}

impl DraftPart {
    fn builder(&self) -> PartBuilder<'_> {
        let mut part = PartBuilder::new(self.media.as_str(), self.data.as_slice());
        part = self.charset.into_iter().fold(part, PartBuilder::charset);
        part = self.name.iter().fold(part, |part, name| part.name(name.as_str()));
        self.content_id.iter().fold(part, |part, id| part.content_id(id.as_str()))
    }
}

fn set<'a, T>(
    builder: SendReqBuilder<'a>,
    value: Option<T>,
    with: impl Fn(SendReqBuilder<'a>, T) -> SendReqBuilder<'a>,
) -> SendReqBuilder<'a> {
    match value {
        Some(value) => with(builder, value),
        None => builder,
    }
}

impl<'a> Arbitrary<'a> for Draft {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut recipients = [addresses(u)?, addresses(u)?, addresses(u)?];
        if recipients.iter().all(Vec::is_empty) {
            recipients[0].push(address(u)?);
        }
        let parts = list(u, 4, part)?;
        Ok(Self {
            transaction_id: token(u)?,
            version: *u.choose(&[Version::V1_0, Version::V1_1, Version::V1_2, Version::V1_3])?,
            date: maybe(u, |u| Ok(u64::from(u.arbitrary::<u32>()?)))?,
            from: maybe(u, address)?,
            recipients,
            subject: maybe(u, subject)?,
            class: maybe(u, |u| Ok(ClassCode::from_octet(u.int_in_range(0x80..=0x83)?)))?,
            expiry: maybe(u, when)?,
            delivery_time: maybe(u, when)?,
            priority: maybe(u, |u| Ok(Priority::from_octet(u.int_in_range(0x80..=0x82)?)))?,
            visibility: maybe(u, |u| Ok(Visibility::from_octet(u.int_in_range(0x80..=0x81)?)))?,
            reports: [maybe(u, yes_no)?, maybe(u, yes_no)?],
            related: maybe(u, token)?,
            parts,
        })
    }
}

fn maybe<'a, T>(
    u: &mut Unstructured<'a>,
    draw: impl FnOnce(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Option<T>> {
    if u.arbitrary()? { draw(u).map(Some) } else { Ok(None) }
}

fn list<'a, T>(
    u: &mut Unstructured<'a>,
    most: usize,
    draw: impl Fn(&mut Unstructured<'a>) -> Result<T>,
) -> Result<Vec<T>> {
    (0..u.int_in_range(0..=most)?).map(|_| draw(u)).collect()
}

fn yes_no(u: &mut Unstructured<'_>) -> Result<YesNo> {
    Ok(YesNo::from(u.arbitrary::<bool>()?))
}

fn when(u: &mut Unstructured<'_>) -> Result<When> {
    // Thirty-two bits: a decoder that is older than this one holds no more.
    let seconds = u64::from(u.arbitrary::<u32>()? >> u.int_in_range(0..=31_u32)?);
    Ok(if u.arbitrary()? { When::Relative(seconds) } else { When::Absolute(seconds) })
}

/// Lengths around the boundaries of the length forms more often than others.
fn length(u: &mut Unstructured<'_>) -> Result<usize> {
    match u.int_in_range(0..=15_u8)? {
        0 => u.int_in_range(24..=34),
        1 => u.int_in_range(118..=132),
        2 => u.int_in_range(0..=300),
        _ => u.int_in_range(1..=16),
    }
}

fn token(u: &mut Unstructured<'_>) -> Result<String> {
    let count = u.int_in_range(1..=12)?;
    (0..count).map(|_| Ok(char::from(*u.choose(b"ABCXYZabcxyz0123456789-_.")?))).collect()
}

fn addresses(u: &mut Unstructured<'_>) -> Result<Vec<String>> {
    list(u, 3, address)
}

fn address(u: &mut Unstructured<'_>) -> Result<String> {
    let octet = |u: &mut Unstructured<'_>| u.arbitrary::<u8>();
    Ok(match u.int_in_range(0..=4_u8)? {
        0 => format!("{}.{}.{}.{}", octet(u)?, octet(u)?, octet(u)?, octet(u)?),
        1 => format!("{}@{}.example", token(u)?, token(u)?),
        2 => format!("2001:db8::{:x}", u.arbitrary::<u16>()?),
        3 => format!("+{}", u.arbitrary::<u64>()?),
        _ => format!("1{:010}", u.int_in_range(0..=9_999_999_999_u64)?),
    })
}

fn subject(u: &mut Unstructured<'_>) -> Result<(String, Option<Charset>)> {
    const CHARSETS: &[Charset] = &[
        Charset::US_ASCII,
        Charset::ISO_8859_1,
        Charset::UTF8,
        Charset::GBK,
        Charset::UCS2,
        Charset::UTF16BE,
    ];
    Ok((text(u)?, maybe(u, |u| Ok(*u.choose(CHARSETS)?))?))
}

/// A text of one script or of several, without control characters.
fn text(u: &mut Unstructured<'_>) -> Result<String> {
    let script = u.int_in_range(0..=5_u8)?;
    (0..length(u)?)
        .map(|_| {
            let script = if script == 5 { u.int_in_range(0..=4_u8)? } else { script };
            let code = match script {
                0 | 4 => u.int_in_range(0x20..=0x7E)?,
                1 => u.int_in_range(0x4E00..=0x9FA5)?,
                2 => u.int_in_range(0xA0..=0xFF)?,
                _ => u.int_in_range(0x1_F600..=0x1_F64F)?,
            };
            Ok(char::from_u32(code).unwrap_or('?'))
        })
        .collect()
}

fn part(u: &mut Unstructured<'_>) -> Result<DraftPart> {
    const MEDIA: &[&str] = &[
        "text/plain",
        "text/html",
        "text/x-vCard",
        "image/jpeg",
        "image/gif",
        "image/png",
        "image/tiff",
        "image/vnd.wap.wbmp",
        "image/bmp",
        "audio/amr",
        "audio/midi",
        "video/3gpp",
        "application/smil",
        "application/octet-stream",
    ];
    const CHARSETS: &[Charset] = &[Charset::US_ASCII, Charset::UTF8, Charset::GBK, Charset::UCS2];
    let media = (*u.choose(MEDIA)?).to_owned();
    let textual = media.starts_with("text/") && u.arbitrary()?;
    let charset = if textual { Some(*u.choose(CHARSETS)?) } else { None };
    // A text part that names a charset is in that charset, so that whoever decodes it can be held to it.
    let data = if let Some(charset) = charset {
        let text = text(u)?;
        let coded = text.chars().filter_map(|c| charset.encode(c.encode_utf8(&mut [0; 4])).ok());
        coded.flatten().collect()
    } else {
        let size = length(u)?;
        u.bytes(size.min(u.len()))?.to_vec()
    };
    Ok(DraftPart { media, charset, name: maybe(u, name)?, content_id: maybe(u, token)?, data })
}

fn name(u: &mut Unstructured<'_>) -> Result<String> {
    let stem = if u.ratio(1, 4)? {
        (0..u.int_in_range(1..=6)?)
            .map(|_| Ok(char::from_u32(u.int_in_range(0x4E00..=0x9FA5)?).unwrap_or('?')))
            .collect::<Result<String>>()?
    } else {
        token(u)?
    };
    Ok(format!("{stem}.{}", u.choose(&["txt", "jpg", "amr", "dat"])?))
}

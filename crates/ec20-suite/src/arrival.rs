//! What arrived, held against what was edited.
//!
//! It judges decoded values only: recipients, title, each attachment's bytes, each `sendparam` header. How a module words them on the
//! wire (charset of a header, part order, a presentation of its own) is its own affair, and what WAP-209 and RFC 2616 ask beyond the
//! manual is judged apart, in `standards`. What no line of the dialogue set is not judged.

mod answers;
mod standards;

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

use ec20_manual::Catalogue;
use mms_pdu::{
    Address, AddressForm, Charset, ClassCode, MessageClass, Part, Priority, SendReq, Visibility, When, YesNo,
};

pub use answers::{observed, tells};
pub use standards::breaches;

use crate::composed::{Attachment, Composed, Title};
use crate::escape::escaped;
use crate::executor::Captured;

/// A success means that the message is at the MMSC.
pub const ARRIVES: &str = "SEND-ARRIVES";

/// One thing that differs between what was edited and what arrived, or between what arrived and a standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The clause that is broken.
    pub clause: &'static str,
    /// What was edited, or what the standard demands.
    pub expected: String,
    /// What arrived.
    pub came: String,
}

impl Difference {
    /// What is wrong, in words.
    pub fn in_words(&self) -> String {
        match Catalogue::manual().clause(self.clause).filter(|clause| clause.source != "MMS manual") {
            Some(clause) => format!("what arrived is not as {} {} has it", clause.source, clause.section),
            None if self.clause == ARRIVES => "what arrived is no message".to_owned(),
            None => "what arrived is not what was edited".to_owned(),
        }
    }
}

/// What differs from the message that was edited, one entry for each clause, in the order of the manual: the way, recipients, title,
/// attachments, sending parameters. Only what the manual promises is held against the module; what WAP-209 and RFC 2616 ask beyond that,
/// [`breaches`] knows.
pub fn differences(composed: &Composed, captured: &Captured) -> Vec<Difference> {
    let message = match SendReq::decode(&captured.pdu) {
        Ok(message) => message,
        Err(error) => return vec![of(ARRIVES, "an M-Send.req", error.to_string())],
    };
    route(composed, captured)
        .into_iter()
        .chain(recipients(composed, &message))
        .chain(title(composed, &message))
        .chain(attachments(composed, &message))
        .chain(parameters(composed, &message))
        .collect()
}

fn of(clause: &'static str, expected: impl Into<String>, came: impl Into<String>) -> Difference {
    Difference { clause, expected: expected.into(), came: came.into() }
}

/// The request is for the message centre that was set, by its URL or, where that is a path alone, by Host.
fn route(composed: &Composed, captured: &Captured) -> Option<Difference> {
    let url = composed.mmsc()?;
    let (authority, path) = place_and_path(&url);
    let (asked_of, asked_path) = place_and_path(&captured.target);
    let asked_of = if is_absolute(captured) { asked_of } else { captured.host.as_str() };
    // A path without Host names no message centre, and no other.
    let elsewhere = !asked_of.is_empty() && !place(asked_of).eq_ignore_ascii_case(place(authority));
    (elsewhere || asked_path != path).then(|| {
        let came = format!("{} with Host {}", captured.target, captured.host);
        of("SEND-ARRIVES-MMSC", format!("a POST for {authority}/{path}"), came)
    })
}

/// Whether the request names the whole URL.
fn is_absolute(captured: &Captured) -> bool {
    captured.target.contains("://")
}

/// Host and port of a URL, and its path without the leading slash.
fn place_and_path(url: &str) -> (&str, &str) {
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest);
    bare.split_once('/').unwrap_or((bare, ""))
}

/// Host and port, where the port is not the one that goes without saying (RFC 2616 3.2.2).
fn place(authority: &str) -> &str {
    let authority = authority.trim();
    authority.strip_suffix(":80").unwrap_or(authority)
}

fn recipients(composed: &Composed, message: &SendReq<'_>) -> Vec<Difference> {
    let arrived: [Vec<String>; 3] = [
        message.to().map(|address| plain(&address.address())).collect(),
        message.cc().map(|address| plain(&address.address())).collect(),
        message.bcc().map(|address| plain(&address.address())).collect(),
    ];
    let clauses = ["SEND-ARRIVES-TO", "SEND-ARRIVES-CC", "SEND-ARRIVES-BCC"];
    let lists = composed.lists.iter().zip(arrived).zip(clauses);
    let differs = lists.filter_map(|((edited, mut arrived), clause)| {
        let mut edited: Vec<String> = edited.as_ref()?.iter().map(|address| escaped(address)).collect();
        edited.sort();
        arrived.sort();
        (edited != arrived).then(|| of(clause, edited.join(", "), arrived.join(", ")))
    });
    differs.collect()
}

/// The address as it was edited. One that goes out as another kind than it is (WAP-209 8), a mailbox as a number or a number as an
/// address of the Internet, is not the one that was edited.
fn plain(address: &Address<'_>) -> String {
    let text = address.text();
    let fits = match address.form() {
        AddressForm::Plmn => !text.contains('@'),
        AddressForm::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
        AddressForm::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
        AddressForm::Email | AddressForm::Untyped => true,
        _ => false,
    };
    if fits { text.to_owned() } else { address.to_string() }
}

fn title(composed: &Composed, message: &SendReq<'_>) -> Option<Difference> {
    let edited = match composed.title.as_ref()? {
        None => String::new(),
        Some(title) => title_text(title)?,
    };
    let arrived = message.subject().map(|subject| subject.text_lossy().into_owned()).unwrap_or_default();
    (edited != arrived).then(|| of("SEND-ARRIVES-TITLE", edited, arrived))
}

/// The title in words: as it stands under ASCII, behind its hex digits under the others. None where nobody can say.
fn title_text(title: &Title) -> Option<String> {
    let charset = title.charset.as_ref()?;
    if charset == b"ASCII" {
        return String::from_utf8(title.text.clone()).ok();
    }
    let bytes = hex(&title.text)?;
    charset_of(charset)?.decode(&bytes).ok().map(Cow::into_owned)
}

fn hex(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(digit(*high)? << 4 | digit(*low)?).ok(),
        _ => None,
    });
    pairs.collect()
}

/// The character sets that `character` names.
fn charset_of(name: &[u8]) -> Option<Charset> {
    match name {
        b"ASCII" => Some(Charset::US_ASCII),
        b"UTF8" => Some(Charset::UTF8),
        b"UCS2" => Some(Charset::UCS2),
        b"GBK" => Some(Charset::GBK),
        _ => None,
    }
}

fn attachments(composed: &Composed, message: &SendReq<'_>) -> Option<Difference> {
    let edited = composed.attachments.as_ref()?;
    if edited.iter().any(|attachment| attachment.bytes.is_none()) {
        return None;
    }
    let own_smil = edited.iter().any(|attachment| attachment.file.to_ascii_lowercase().ends_with(b".smil"));
    let is_smil = |part: &&Part<'_>| part.content_type().is("application/smil");
    // A presentation that the module wrote itself is no attachment.
    let mut parts: Vec<&Part<'_>> =
        message.parts().iter().filter(|part| own_smil || !is_smil(part)).collect();
    for attachment in edited {
        let its_own =
            |part: &&Part<'_>| same_content(attachment, part) && !is_another(attachment, edited, part);
        let Some(at) = parts.iter().position(its_own) else {
            let expected = format!(
                "{}: {} bytes {}",
                escaped(&attachment.file),
                attachment.bytes.as_ref().map_or(0, Vec::len),
                sample(attachment.bytes.as_deref().unwrap_or_default()),
            );
            let came: Vec<String> = parts.iter().map(|part| told(part)).collect();
            return Some(of("SEND-ARRIVES-ATTACHMENTS", expected, came.join("; ")));
        };
        let part = parts.remove(at);
        if let Some(difference) = mislabelled(attachment, part) {
            return Some(difference);
        }
    }
    let left = parts.first()?;
    let came = format!("one more part: {}", told(left));
    Some(of("SEND-ARRIVES-ATTACHMENTS", format!("{} attachments", edited.len()), came))
}

fn told(part: &Part<'_>) -> String {
    let name = part.file_name().map(|name| format!("{name}: ")).unwrap_or_default();
    format!("{name}{} bytes {}", part.data().len(), sample(part.data()))
}

/// Whether the part is called as another file that was attached, and not as this one. How a module calls a part is its own affair, but the
/// bytes of one file are not to come under the name of another.
fn is_another(attachment: &Attachment, edited: &[Attachment], part: &Part<'_>) -> bool {
    let Some(name) = part.file_name() else { return false };
    let called = |attachment: &Attachment| {
        let file = attachment.file.split(|byte| *byte == b':').next_back().unwrap_or_default();
        file.eq_ignore_ascii_case(name.as_bytes())
    };
    !called(attachment) && edited.iter().any(called)
}

/// The same bytes, or the same text: a module may recode a text file, and label it so.
fn same_content(attachment: &Attachment, part: &Part<'_>) -> bool {
    let Some(bytes) = &attachment.bytes else { return false };
    if bytes == part.data() {
        return true;
    }
    let edited = edited_text(attachment);
    edited.is_some() && edited == read_by_label(part)
}

/// The part that holds the attachment's bytes or text.
fn content_of<'m, 'a>(attachment: &Attachment, message: &'m SendReq<'a>) -> Option<&'m Part<'a>> {
    message.parts().iter().find(|part| same_content(attachment, part))
}

/// A text whose label makes another text of it. A part without a label says nothing.
fn mislabelled(attachment: &Attachment, part: &Part<'_>) -> Option<Difference> {
    let edited = edited_text(attachment)?;
    part.content_type().charset()?;
    let read = read_by_label(part);
    (read.as_deref() != Some(&*edited)).then(|| {
        let came = read.map_or_else(|| "no text by its label".to_owned(), |text| escaped(text.as_bytes()));
        of("SEND-ARRIVES-TEXT-CHARSET", escaped(edited.as_bytes()), came)
    })
}

/// What the character set of the part makes of its bytes, whatever the part's type is: that is another clause's.
fn read_by_label<'a>(part: &Part<'a>) -> Option<Cow<'a, str>> {
    part.content_type().charset().unwrap_or(Charset::UTF8).decode(part.data()).ok()
}

/// The text of a text file, in the character set that was set when it was attached.
fn edited_text(attachment: &Attachment) -> Option<Cow<'_, str>> {
    let is_text = attachment.file.to_ascii_lowercase().ends_with(b".txt");
    let charset = attachment.charset.as_ref().and_then(|name| charset_of(name)).filter(|_| is_text)?;
    charset.decode(attachment.bytes.as_ref()?).ok()
}

fn sample(bytes: &[u8]) -> String {
    let head = bytes.get(..24).unwrap_or(bytes);
    let more = if head.len() < bytes.len() { "…" } else { "" };
    format!("\"{}{more}\"", escaped(head))
}

/// What `sendparam` says, header by header. An absent header is its default (WAP-209 6.1.1); the last value of each parameter leaves it
/// to the network. Class Auto forbids reports, so what becomes of them then is not judged.
fn parameters(composed: &Composed, message: &SendReq<'_>) -> Vec<Difference> {
    let Some([valid, pri, sendrep, readrep, visible, class]) = composed.sendparam() else {
        return Vec::new();
    };
    let report = |clause, value, came| {
        let auto = class == 3;
        (!auto).then(|| header(clause, value, &[YesNo::No, YesNo::Yes], Some(YesNo::No), came)).flatten()
    };
    let priorities = [Priority::Low, Priority::Normal, Priority::High];
    let visibilities = [Visibility::Hide, Visibility::Show];
    let classes = [ClassCode::Personal, ClassCode::Advertisement, ClassCode::Informational, ClassCode::Auto];
    [
        validity(valid, message.expiry(), message.date()),
        header("SEND-ARRIVES-PRI", pri, &priorities, Some(Priority::Normal), message.priority()),
        report("SEND-ARRIVES-SENDREP", sendrep, message.delivery_report()),
        report("SEND-ARRIVES-READREP", readrep, message.read_report()),
        header("SEND-ARRIVES-VISIBLE", visible, &visibilities, Some(Visibility::Show), message.visibility()),
        header("SEND-ARRIVES-CLASS", class, &classes, Some(ClassCode::Personal), class_of(message)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The class, by octet or by name: WAP-209 7.2.12 has both.
fn class_of(message: &SendReq<'_>) -> Option<ClassCode> {
    let MessageClass::Named(name) = message.class()? else { return message.class_code() };
    let names = [
        ("personal", ClassCode::Personal),
        ("advertisement", ClassCode::Advertisement),
        ("informational", ClassCode::Informational),
        ("auto", ClassCode::Auto),
    ];
    let name = name.text_lossy();
    names.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(&name)).map(|(_, code)| code)
}

/// `wanted` by value; a value beyond them leaves the header out; `default` is what an absent header means.
fn header<T: Copy + PartialEq + std::fmt::Debug>(
    clause: &'static str,
    value: u32,
    wanted: &[T],
    default: Option<T>,
    came: Option<T>,
) -> Option<Difference> {
    let wanted = usize::try_from(value).ok().and_then(|value| wanted.get(value)).copied();
    let kept = came == wanted || (came.is_none() && wanted == default);
    (!kept).then(|| of(clause, named(wanted), named(came)))
}

fn named<T: std::fmt::Debug>(value: Option<T>) -> String {
    value.map_or_else(|| "no header".to_owned(), |value| format!("{value:?}"))
}

/// `date` is what the module says the time is. By its own clock, and by no other, a date of expiry can be judged.
fn validity(valid: u32, came: Option<When>, date: Option<u64>) -> Option<Difference> {
    const WEEK_S: u64 = 604_800;
    /// What may pass between the moment of one header and that of the other.
    const APART_S: u64 = 60;
    let near = |wanted: u64, left: u64| left.abs_diff(wanted) <= APART_S;
    let wanted = match valid {
        0 => Some(3600),
        1 => Some(43_200),
        2 => Some(86_400),
        3 => Some(172_800),
        4 => Some(WEEK_S),
        _ => None,
    };
    let kept = match (wanted, came) {
        (_, Some(When::Absolute(_))) if valid == 6 => false,
        (wanted, Some(When::Absolute(until))) => match (wanted, date) {
            // It depends on the module's clock, which nobody here knows.
            (_, None) => true,
            (Some(wanted), Some(date)) => near(wanted, until.saturating_sub(date)),
            (None, Some(date)) => until.saturating_sub(date) > WEEK_S.saturating_add(APART_S),
        },
        (Some(wanted), Some(When::Relative(came))) => wanted == came,
        (Some(_), None) => false,
        (None, Some(When::Relative(came))) => valid == 5 && came > WEEK_S,
        (None, None) => true,
    };
    let wanted = wanted.map_or_else(|| "no header".to_owned(), |seconds: u64| format!("{seconds} s"));
    (!kept).then(|| of("SEND-ARRIVES-VALID", wanted, named(came)))
}

#[cfg(test)]
mod tests;

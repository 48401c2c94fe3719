//! What arrived, held against what was edited.
//!
//! It judges decoded values only: recipients, title, each attachment's bytes, each `sendparam` header. How a module words them on the
//! wire (charset of a header, media type, part order, a presentation of its own) is its own affair. What no line of the dialogue set is
//! not judged.

use std::borrow::Cow;

use mms_pdu::{
    Address, AddressForm, Charset, ClassCode, MessageClass, NoteKind, Part, Priority, SendReq, Visibility,
    When, YesNo,
};

use crate::composed::{Attachment, Composed, Title};
use crate::escape::escaped;
use crate::executor::Captured;

/// A success means that the message is at the MMSC.
pub const ARRIVES: &str = "SEND-ARRIVES";

/// The first thing that differs between what was edited and what arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The clause that is broken.
    pub clause: &'static str,
    /// What was edited.
    pub expected: String,
    /// What arrived.
    pub came: String,
}

impl Difference {
    /// What is wrong, in words.
    pub fn in_words(&self) -> &'static str {
        if self.clause == ARRIVES {
            "what arrived is not as WAP-209 has it"
        } else {
            "what arrived is not what was edited"
        }
    }
}

/// The first difference, in the order of the manual: reachability, recipients, title, attachments, sending parameters.
pub fn difference(composed: &Composed, captured: &Captured) -> Option<Difference> {
    let message = match SendReq::decode(&captured.pdu) {
        Ok(message) => message,
        Err(error) => return Some(of(ARRIVES, "an M-Send.req", error.to_string())),
    };
    envelope(&message, captured)
        .or_else(|| route(composed, captured))
        .or_else(|| recipients(composed, &message))
        .or_else(|| title(composed, &message))
        .or_else(|| attachments(composed, &message))
        .or_else(|| parameters(composed, &message))
}

fn of(clause: &'static str, expected: impl Into<String>, came: impl Into<String>) -> Difference {
    Difference { clause, expected: expected.into(), came: came.into() }
}

/// The type under which a message travels by HTTP.
const MEDIA: &str = "application/vnd.wap.mms-message";

/// Without version or sender, or with them out of place, it is none of the messages that WAP-209 calls M-Send.req (6.1.1, 7).
fn envelope(message: &SendReq<'_>, captured: &Captured) -> Option<Difference> {
    let essence = |media: &str| media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if let Some(media) = captured.media.as_deref().filter(|media| essence(media) != MEDIA) {
        return Some(of(ARRIVES, format!("a POST of {MEDIA}"), format!("one of \"{media}\"")));
    }
    let breach = |kind| matches!(kind, NoteKind::MissingHeader | NoteKind::HeaderOrder);
    let note = message.notes().iter().find(|note| breach(note.kind))?;
    Some(of(
        ARRIVES,
        "an M-Send.req with type, transaction id and version first, and a sender",
        note.to_string(),
    ))
}

/// Two messages of one run under one transaction id, which is unique to its PDU (WAP-209 6.1.1).
pub fn repeated_transaction(before: &Captured, captured: &Captured) -> Option<Difference> {
    let (before, message) = (SendReq::decode(&before.pdu).ok()?, SendReq::decode(&captured.pdu).ok()?);
    let (first, second) = (before.transaction_id(), message.transaction_id());
    (first == second).then(|| {
        let came = format!("{} again", second.text_lossy());
        of(ARRIVES, "a transaction id that no message had before", came)
    })
}

/// Through a proxy the request names the whole URL (RFC 2616 5.1.2); either way it is for the MMSC that was set.
fn route(composed: &Composed, captured: &Captured) -> Option<Difference> {
    let url = String::from_utf8_lossy(composed.mmsc.as_ref()?).into_owned();
    let bare = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let (authority, path) = bare.split_once('/').unwrap_or((bare, ""));
    let absolute = captured.target.contains("://");
    let asked_for = captured.target.split_once("://").map_or(captured.target.as_str(), |(_, rest)| rest);
    let (asked_of, asked_path) = asked_for.split_once('/').unwrap_or((asked_for, ""));
    let asked_of = if absolute { asked_of } else { captured.host.as_str() };
    let elsewhere = !place(asked_of).eq_ignore_ascii_case(place(authority));
    if elsewhere || asked_path != path {
        let came = format!("{} with Host {}", captured.target, captured.host);
        return Some(of("SEND-ARRIVES-MMSC", format!("a POST for {bare}"), came));
    }
    let proxied = composed.proxy.is_some();
    (proxied && !absolute).then(|| {
        of(
            "SEND-ARRIVES-PROXY",
            "the whole URL in the request line, as a proxy needs it",
            captured.target.clone(),
        )
    })
}

/// Host and port, where the port is not the one that goes without saying (RFC 2616 3.2.2).
fn place(authority: &str) -> &str {
    let authority = authority.trim();
    authority.strip_suffix(":80").unwrap_or(authority)
}

fn recipients(composed: &Composed, message: &SendReq<'_>) -> Option<Difference> {
    let arrived: [Vec<String>; 3] = [
        message.to().map(|address| plain(&address.address())).collect(),
        message.cc().map(|address| plain(&address.address())).collect(),
        message.bcc().map(|address| plain(&address.address())).collect(),
    ];
    let clauses = ["SEND-ARRIVES-TO", "SEND-ARRIVES-CC", "SEND-ARRIVES-BCC"];
    composed.lists.iter().zip(arrived).zip(clauses).find_map(|((edited, mut arrived), clause)| {
        let mut edited: Vec<String> = edited.as_ref()?.iter().map(|address| escaped(address)).collect();
        edited.sort();
        arrived.sort();
        (edited != arrived).then(|| of(clause, edited.join(", "), arrived.join(", ")))
    })
}

/// The address as it was edited. A mailbox that goes out as a number (WAP-209 8) is not the one that was edited.
fn plain(address: &Address<'_>) -> String {
    if *address.form() == AddressForm::Plmn && address.text().contains('@') {
        return address.to_string();
    }
    address.text().to_owned()
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
    edited.is_some() && edited == part.text()
}

/// A text whose label makes another text of it. A part without a label says nothing.
fn mislabelled(attachment: &Attachment, part: &Part<'_>) -> Option<Difference> {
    let edited = edited_text(attachment)?;
    part.content_type().charset()?;
    let read = part.text();
    (read.as_deref() != Some(&*edited)).then(|| {
        let came = read.map_or_else(|| "no text by its label".to_owned(), |text| escaped(text.as_bytes()));
        of("SEND-ARRIVES-TEXT-CHARSET", escaped(edited.as_bytes()), came)
    })
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

/// Whether what arrived answers the unknown.
pub fn tells(unknown: &str) -> bool {
    matches!(
        unknown,
        "U-SEND-BODY"
            | "U-SEND-MAXIMUM-EXPIRY"
            | "U-SEND-SUBJECT-CHARSET"
            | "U-SEND-FILE-CHARSET"
            | "U-SEND-FILE-TYPE"
            | "U-SEND-AUTO-REPORTS"
    )
}

/// The answer to an unknown that [`tells`] names, as the message that arrived gives it.
pub fn observed(unknown: &str, captured: &Captured) -> Option<&'static str> {
    let message = SendReq::decode(&captured.pdu).ok()?;
    let file = message.parts().iter().find(|part| !part.content_type().is("application/smil"));
    let answer = match unknown {
        "U-SEND-BODY" if message.content_type().is("application/vnd.wap.multipart.related") => "related",
        "U-SEND-BODY" => "mixed",
        "U-SEND-MAXIMUM-EXPIRY" if message.expiry().is_none() => "absent",
        "U-SEND-MAXIMUM-EXPIRY" => "week-and-more",
        "U-SEND-SUBJECT-CHARSET" => match message.subject()?.charset() {
            Some(Charset::UTF8) => "utf8",
            Some(Charset::GBK) => "native",
            _ => "other",
        },
        "U-SEND-FILE-CHARSET" => match file?.content_type().charset() {
            Some(Charset::UTF8) => "utf-8",
            Some(_) => "as-set",
            None => "none",
        },
        "U-SEND-FILE-TYPE" => match file?.content_type() {
            media if media.is("application/octet-stream") => "octet-stream",
            media if media.essence().starts_with("text/") => "text",
            _ => "other",
        },
        "U-SEND-AUTO-REPORTS" => {
            let asked = [message.delivery_report(), message.read_report()].contains(&Some(YesNo::Yes));
            if asked { "sent" } else { "left-out" }
        }
        _ => return None,
    };
    Some(answer)
}

/// What `sendparam` says, header by header. An absent header is its default (WAP-209 6.1.1); the last value of each parameter leaves it
/// to the network. Class Auto forbids reports, so what becomes of them then is not judged.
fn parameters(composed: &Composed, message: &SendReq<'_>) -> Option<Difference> {
    let [valid, pri, sendrep, readrep, visible, class] = composed.sendparam?;
    let auto = class == 3;
    validity(valid, message.expiry(), message.date())
        .or_else(|| {
            let wanted = [Priority::Low, Priority::Normal, Priority::High];
            header("SEND-ARRIVES-PRI", pri, &wanted, Some(Priority::Normal), message.priority())
        })
        .or_else(|| {
            if auto {
                return None;
            }
            header(
                "SEND-ARRIVES-SENDREP",
                sendrep,
                &[YesNo::No, YesNo::Yes],
                Some(YesNo::No),
                message.delivery_report(),
            )
            .or_else(|| {
                let wanted = [YesNo::No, YesNo::Yes];
                header("SEND-ARRIVES-READREP", readrep, &wanted, Some(YesNo::No), message.read_report())
            })
        })
        .or_else(|| {
            let wanted = [Visibility::Hide, Visibility::Show];
            header("SEND-ARRIVES-VISIBLE", visible, &wanted, Some(Visibility::Show), message.visibility())
        })
        .or_else(|| {
            let wanted =
                [ClassCode::Personal, ClassCode::Advertisement, ClassCode::Informational, ClassCode::Auto];
            header("SEND-ARRIVES-CLASS", class, &wanted, Some(ClassCode::Personal), class_of(message))
        })
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

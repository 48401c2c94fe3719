//! What WAP-209, WAP-230 and RFC 2616 ask of a message beyond what the manual promises of it.
//!
//! Knows one demand for each clause. A message can break any of them and still be the message that was edited: a case is judged by a
//! demand only if it asks for its clause, so that a breach is told once and fails no case about something else.

use mms_pdu::{Header, HeaderCode, HeaderName, NoteKind, SendReq, Sender};

use super::{Difference, content_of, is_absolute, of, place, place_and_path};
use crate::composed::Composed;
use crate::executor::Captured;

/// The type under which a message travels by HTTP.
const MEDIA: &str = "application/vnd.wap.mms-message";

/// The demands that a message breaks; `before` are the messages that this dialogue had sent already. What is no message at all breaks none
/// of them: it did not arrive.
pub fn breaches(composed: &Composed, captured: &Captured, before: &[Captured]) -> Vec<Difference> {
    let Ok(message) = SendReq::decode(&captured.pdu) else { return Vec::new() };
    [
        transaction(&message, before),
        version(&message),
        sender(&message),
        order(&message),
        body(&message),
        part_type(composed, &message),
        request_type(captured),
        request_host(composed, captured),
        request_target(composed, captured),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A transaction id names one message (WAP-209 6.1.1).
fn transaction(message: &SendReq<'_>, before: &[Captured]) -> Option<Difference> {
    let id = message.transaction_id();
    let same = |earlier: &Captured| {
        SendReq::decode(&earlier.pdu).is_ok_and(|earlier| earlier.transaction_id() == id)
    };
    before.iter().any(same).then(|| {
        let came = format!("{} again", id.text_lossy());
        of("SEND-WAP-TRANSACTION", "a transaction id that no message had before", came)
    })
}

/// The version has the major number 1 (WAP-209 7.2.16): later minor numbers add to it and change nothing.
fn version(message: &SendReq<'_>) -> Option<Difference> {
    let version = message.version();
    (version.is_none_or(|version| version.major() != 1)).then(|| {
        let came = version.map_or_else(|| "no version".to_owned(), |version| version.to_string());
        of("SEND-WAP-VERSION", "X-Mms-MMS-Version 1", came)
    })
}

/// From says that the message centre shall insert the address, or has one (WAP-209 7.2.11).
fn sender(message: &SendReq<'_>) -> Option<Difference> {
    let came = match message.from() {
        Some(Sender::Insert) => return None,
        Some(Sender::Address(address)) if !address.text_lossy().is_empty() => return None,
        Some(Sender::Address(_)) => "an empty address",
        None => "no sender that can be read",
    };
    Some(of("SEND-WAP-FROM", "From with an address, or with the token that has it inserted", came))
}

/// Type, transaction id and version come first, in this order (WAP-209 7); one that is missing is another clause's.
fn order(message: &SendReq<'_>) -> Option<Difference> {
    const FIRST: [HeaderCode; 3] =
        [HeaderCode::MESSAGE_TYPE, HeaderCode::TRANSACTION_ID, HeaderCode::MMS_VERSION];
    let is = |header: &Header<'_>, code: HeaderCode| header.name == HeaderName::Code(code);
    let has = |code: &HeaderCode| message.headers().iter().any(|header| is(header, *code));
    let due: Vec<HeaderCode> = FIRST.into_iter().filter(has).collect();
    let kept = due.iter().zip(message.headers()).all(|(code, header)| is(header, *code));
    (!kept).then(|| {
        let name = |header: &Header<'_>| match header.name {
            HeaderName::Code(code) => code.to_string(),
            HeaderName::Text(text) => String::from_utf8_lossy(text).into_owned(),
        };
        let names: Vec<String> = message.headers().iter().take(4).map(name).collect();
        of("SEND-WAP-ORDER", "type, transaction id and version first, in this order", names.join(", "))
    })
}

/// The body is as many parts as it says, each with a type that can be read, and nothing after them (WAP-230 8.5).
fn body(message: &SendReq<'_>) -> Option<Difference> {
    let breach = |kind| matches!(kind, NoteKind::TrailingOctets | NoteKind::Unreadable);
    let note = message.notes().iter().find(|note| breach(note.kind))?;
    Some(of("SEND-WAP-BODY", "as many parts as the body says, each one readable", note.to_string()))
}

/// Endings of file names, and how the types begin that a part with such a file may have.
const KINDS: [(&str, &str); 7] = [
    (".txt", "text/"),
    (".jpg", "image/jp"),
    (".jpeg", "image/jp"),
    (".gif", "image/gif"),
    (".png", "image/png"),
    (".amr", "audio/"),
    (".mp4", "video/"),
];

/// The type of a part says what the part is, or that it is bytes; it does not say something else (WAP-230 8.5.3).
fn part_type(composed: &Composed, message: &SendReq<'_>) -> Option<Difference> {
    composed.attachments.iter().flatten().find_map(|attachment| {
        let name = String::from_utf8_lossy(&attachment.file).to_ascii_lowercase();
        let (_, kind) = KINDS.iter().find(|(ending, _)| name.ends_with(ending))?;
        let part = content_of(attachment, message)?;
        let came = part.content_type().essence().to_ascii_lowercase();
        let fits = came.starts_with(kind) || came == "image/pjpeg" && *kind == "image/jp";
        (!fits && came != "application/octet-stream").then(|| {
            of("SEND-WAP-PART-TYPE", format!("{name} as {kind}…, or as application/octet-stream"), came)
        })
    })
}

/// The request says that it carries a message (WAP-209 6).
fn request_type(captured: &Captured) -> Option<Difference> {
    let media = captured.media.as_deref()?;
    let essence = media.split(';').next().unwrap_or_default().trim();
    (!essence.eq_ignore_ascii_case(MEDIA))
        .then(|| of("SEND-HTTP-TYPE", format!("a POST of {MEDIA}"), format!("one of \"{media}\"")))
}

/// Host is there, and names the message centre also where the request goes to a proxy (RFC 2616 14.23).
fn request_host(composed: &Composed, captured: &Captured) -> Option<Difference> {
    let wanted = match composed.mmsc() {
        Some(url) => place_and_path(&url).0.to_owned(),
        None if captured.host.is_empty() => "the message centre".to_owned(),
        None => return None,
    };
    let kept = !captured.host.is_empty() && place(&captured.host).eq_ignore_ascii_case(place(&wanted));
    (!kept).then(|| of("SEND-HTTP-HOST", format!("Host: {wanted}"), format!("Host: {}", captured.host)))
}

/// To a proxy the request line names the whole URL (RFC 2616 5.1.2).
fn request_target(composed: &Composed, captured: &Captured) -> Option<Difference> {
    (composed.proxy().is_some() && !is_absolute(captured)).then(|| {
        of(
            "SEND-HTTP-TARGET",
            "the whole URL in the request line, as a proxy needs it",
            captured.target.clone(),
        )
    })
}

//! An answer as octets: the M-Send.conf with or without a flaw, and the HTTP around it.

use std::fmt::Write as _;

use mms_pdu::{HeaderCode, Outcome, SendConf, SendConfBuilder, SendReq, Version};

use crate::answer::{Answer, Conf, Content, Flaw, Framing};
use crate::http::{Refusal, reason};

/// The media type of a PDU.
const PDU: &str = "application/vnd.wap.mms-message";
/// What `garbage` sends: it begins as no PDU and is no text either.
const GARBAGE: &[u8] = b"\x00\xFF\x13\x37 this is no PDU \x80\x80\x80\x00";
/// What `no-http` sends.
const NO_HTTP: &[u8] = b"\x15\x03\x01\x00\x02\x02\x46";

/// What to send for an answer, and what then.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) octets: Vec<u8>,
    pub(crate) then: Then,
}

/// What follows the octets of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// The next request, if the client wants that too.
    Next,
    /// The end of the connection.
    Close,
    /// A reset.
    Reset,
    /// Silence up to the bound.
    Stall,
}

/// The octets of an answer to a message.
///
/// # Errors
/// The message cannot be answered with a PDU: it is none, or its transaction id cannot be repeated.
pub(crate) fn reply(
    answer: &Answer,
    message: Result<&SendReq<'_>, Refusal>,
    serial: u64,
    keeps_alive: bool,
) -> Result<Reply, Refusal> {
    let nothing = |then| Ok(Reply { octets: Vec::new(), then });
    match answer.framing {
        Framing::Stall => return nothing(Then::Stall),
        Framing::Reset | Framing::ResetEarly => return nothing(Then::Reset),
        Framing::Close => return nothing(Then::Close),
        Framing::NoHttp => return Ok(Reply { octets: NO_HTTP.to_vec(), then: Then::Close }),
        _ => {}
    }
    let (media, body) = match &answer.content {
        Content::Conf(conf) => (PDU, conf_octets(conf, message?, serial)?),
        Content::Page => ("text/plain", format!("{} {}\n", answer.http, reason(answer.http)).into_bytes()),
        Content::Html => {
            ("text/html", b"<html><body><h1>Welcome to the portal</h1></body></html>\n".to_vec())
        }
        Content::Redirect(_) | Content::Empty => (PDU, Vec::new()),
        Content::Garbage => (PDU, GARBAGE.to_vec()),
    };
    let then = match answer.framing {
        Framing::Length | Framing::Chunked if keeps_alive => Then::Next,
        Framing::StallMidway => Then::Stall,
        Framing::ResetMidway => Then::Reset,
        _ => Then::Close,
    };
    let mut octets = Vec::new();
    if answer.interim {
        octets.extend_from_slice(CONTINUE);
    }
    let place = match &answer.content {
        Content::Redirect(place) => Some(place.as_str()),
        _ => None,
    };
    octets.extend_from_slice(head(answer, media, body.len(), place, then == Then::Next).as_bytes());
    match answer.framing {
        Framing::Chunked => {
            for chunk in body.chunks(64) {
                octets.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                octets.extend_from_slice(chunk);
                octets.extend_from_slice(b"\r\n");
            }
            octets.extend_from_slice(b"0\r\n\r\n");
        }
        Framing::Truncated | Framing::StallMidway | Framing::ResetMidway => {
            octets.extend_from_slice(&body[..body.len() / 2]);
        }
        _ => octets.extend_from_slice(&body),
    }
    Ok(Reply { octets, then })
}

/// The interim answer to a client that asks before it sends a body.
pub(crate) const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// The answer to a request that is not served: a code and a line of text.
pub(crate) fn refusal(refusal: &Refusal) -> Vec<u8> {
    let Refusal { code, why, head_only } = refusal;
    let allow = if *code == 405 { "Allow: POST\r\n" } else { "" };
    let body = format!("{why}\n");
    let length = body.len();
    let body = if *head_only { "" } else { body.as_str() };
    format!(
        "HTTP/1.1 {code} {}\r\n{allow}Content-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}",
        reason(*code)
    )
    .into_bytes()
}

fn head(answer: &Answer, media: &str, length: usize, place: Option<&str>, alive: bool) -> String {
    let mut head = format!("HTTP/1.1 {} {}\r\n", answer.http, reason(answer.http));
    if let Some(place) = place {
        let _ = write!(head, "Location: {place}\r\n");
    }
    if length > 0 {
        let _ = write!(head, "Content-Type: {media}\r\n");
    }
    match answer.framing {
        Framing::Chunked => head.push_str("Transfer-Encoding: chunked\r\n"),
        Framing::UntilClose => {}
        _ => {
            let _ = write!(head, "Content-Length: {length}\r\n");
        }
    }
    head.push_str(if alive { "Connection: keep-alive\r\n\r\n" } else { "Connection: close\r\n\r\n" });
    head
}

fn conf_octets(conf: &Conf, message: &SendReq<'_>, serial: u64) -> Result<Vec<u8>, Refusal> {
    let mut transaction = message.transaction_id().octets().to_vec();
    if conf.flaw == Some(Flaw::WrongTransactionId) {
        transaction.extend_from_slice(b"-wrong");
    }
    let version = message.version().unwrap_or(Version::V1_0);
    let mut builder = SendConfBuilder::new(transaction, conf.status).version(version);
    if let Some(text) = &conf.text {
        builder = builder.text(text.as_str());
    }
    let accepted = matches!(conf.status.outcome(), Outcome::Ok | Outcome::Partial);
    if accepted && conf.flaw != Some(Flaw::NoMessageId) {
        builder = builder.message_id(format!("capture-{serial:06}"));
    }
    builder = builder.message_id_first(conf.flaw == Some(Flaw::MessageIdFirst));
    let mut octets =
        builder.encode().map_err(|error| Refusal::new(400, format!("cannot be answered: {error}")))?;
    match conf.flaw {
        Some(Flaw::NoTransactionId) => cut_header(&mut octets, HeaderCode::TRANSACTION_ID),
        Some(Flaw::NoStatus) => cut_header(&mut octets, HeaderCode::RESPONSE_STATUS),
        Some(Flaw::WrongType) => octets[1] = 0x84,
        Some(Flaw::Cut) => octets.truncate(octets.len() / 2),
        _ => {}
    }
    Ok(octets)
}

fn cut_header(octets: &mut Vec<u8>, code: HeaderCode) {
    let header = SendConf::decode(octets).ok().and_then(|conf| {
        let header = conf.message().header(code)?;
        Some(header.offset..header.offset + header.raw.len())
    });
    if let Some(range) = header {
        octets.drain(range);
    }
}

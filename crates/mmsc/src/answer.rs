//! What the MMSC says to a POST: well, badly, or not at all.
//!
//! An answer is asked for in words, the same ones in a transcript (`mmsc WORDS`, for the next POST), in an answer
//! file (see [`crate::Plan`]) and in code ([`Answer::parse`]). Words combine: `http 500 status 129 chunked` is an
//! M-Send.conf in chunks behind a 500. Every row of this table is proved by a test over TCP.
//!
//! | words | what a client sees |
//! |---|---|
//! | `accept` | 200 and an M-Send.conf: Ok, its own transaction id, a message id |
//! | `status 132` | 200 and an M-Send.conf with that status and no message id |
//! | `status 132 "nobody there"` | the same with a Response-Text |
//! | `http 404` | that code and a text page instead of a PDU |
//! | `http 500 status 129` | that code and an M-Send.conf |
//! | `redirect` | 302, `Location: http://portal.invalid/`, no body |
//! | `redirect "http://a/b"` | 302 to that place |
//! | `html` | 200 and a web page, as a portal in the way sends it |
//! | `empty` | 200, `Content-Length: 0` |
//! | `garbage` | 200 with the media type of a PDU and octets that are none |
//! | `no-http` | octets that are no HTTP answer, then the end |
//! | `wrong-tid` | an M-Send.conf for another transaction |
//! | `no-tid` | an M-Send.conf without transaction id |
//! | `no-status` | an M-Send.conf without response status |
//! | `wrong-type` | a PDU of type m-retrieve-conf |
//! | `no-id` | an M-Send.conf that accepts without message id |
//! | `id-first` | an M-Send.conf with the message id before the status |
//! | `cut-pdu` | whole HTTP around the first half of an M-Send.conf |
//! | `chunked` | the body in chunks instead of a Content-Length |
//! | `no-length` | neither length nor chunks; the end of the connection ends the body |
//! | `truncated` | half of the body that Content-Length promises, then the end |
//! | `stall` | nothing, for as long as the bounds allow; then the end |
//! | `stall-midway` | half of the body, then nothing; then the end |
//! | `reset` | a reset instead of an answer |
//! | `reset-early` | a reset as soon as the header has arrived; the message is not read |
//! | `reset-midway` | half of the body, then a reset |
//! | `close` | the end of the connection instead of an answer |
//! | `continue` | `100 Continue` first, though nobody asked, then the answer |
//! | `delay 250ms` | the answer after that time (`ms` or `s`) |

mod words;

use core::fmt;

use mms_pdu::ResponseStatus;

pub use words::WordsError;

/// An answer to one POST.
///
/// ```
/// use mmsc::{Answer, Framing};
/// let answer = Answer::parse(r#"status 132 "nobody there" chunked"#).unwrap();
/// assert_eq!(answer.framing, Framing::Chunked);
/// assert_eq!(answer.to_string(), r#"status 132 "nobody there" chunked"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How long the answer waits after the message is kept.
    pub delay_ms: u64,
    /// Whether `100 Continue` goes first although nobody asked.
    pub interim: bool,
    /// The HTTP code.
    pub http: u16,
    /// What the answer consists of.
    pub content: Content,
    /// How it is brought, or not.
    pub framing: Framing,
}

/// What an answer consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// An M-Send.conf.
    Conf(Conf),
    /// A page of plain text.
    Page,
    /// A web page.
    Html,
    /// A redirection to this place.
    Redirect(String),
    /// Nothing.
    Empty,
    /// Octets that are no PDU.
    Garbage,
}

/// An M-Send.conf, sound unless told otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conf {
    /// The response status.
    pub status: ResponseStatus,
    /// The response text.
    pub text: Option<String>,
    /// What is wrong with it.
    pub flaw: Option<Flaw>,
}

/// What is wrong with an M-Send.conf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// Another transaction id than the request's.
    WrongTransactionId,
    /// No transaction id.
    NoTransactionId,
    /// No response status.
    NoStatus,
    /// The type of another message.
    WrongType,
    /// No message id though it accepts.
    NoMessageId,
    /// The message id stands before the status: unusual, and allowed.
    MessageIdFirst,
    /// Only its first half.
    Cut,
}

/// How an answer is brought to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    /// With a Content-Length.
    Length,
    /// In chunks.
    Chunked,
    /// With the end of the connection as the end of the body.
    UntilClose,
    /// With a Content-Length, half of the body, and the end.
    Truncated,
    /// Half of the body, then nothing until the bound.
    StallMidway,
    /// Half of the body, then a reset.
    ResetMidway,
    /// Not at all until the bound, then the end.
    Stall,
    /// Not at all: a reset.
    Reset,
    /// Not at all: a reset before the message has been read.
    ResetEarly,
    /// Not at all: the end.
    Close,
    /// As octets that are no HTTP.
    NoHttp,
}

impl Answer {
    /// Ok, with a message id.
    pub fn accept() -> Self {
        Self::status(ResponseStatus::OK)
    }

    /// 200 with an M-Send.conf of this status.
    pub fn status(status: ResponseStatus) -> Self {
        let conf = Conf { status, text: None, flaw: None };
        Self {
            delay_ms: 0,
            interim: false,
            http: 200,
            content: Content::Conf(conf),
            framing: Framing::Length,
        }
    }

    /// Reads an answer from its words (the table above).
    ///
    /// # Errors
    /// A word that is none, or that contradicts an earlier one; a number out of range; a quote that does not end.
    pub fn parse(words: &str) -> Result<Self, WordsError> {
        words::parse(words)
    }
}

/// The words that ask for this answer, in one order.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words: Vec<String> = Vec::new();
        let code = format!("http {}", self.http);
        match &self.content {
            Content::Conf(conf) => conf.words(self.http, code, &mut words),
            Content::Page => words.push(code),
            Content::Html => words.push("html".to_owned()),
            Content::Redirect(place) if place == words::PORTAL => words.push("redirect".to_owned()),
            Content::Redirect(place) => words.push(format!("redirect {}", words::quoted(place))),
            Content::Empty => words.push("empty".to_owned()),
            Content::Garbage => words.push("garbage".to_owned()),
        }
        let page = matches!(self.content, Content::Page | Content::Conf(_));
        let usual = if matches!(self.content, Content::Redirect(_)) { 302 } else { 200 };
        if !page && self.http != usual {
            words.push(format!("http {}", self.http));
        }
        words.extend(words::framing_word(self.framing).map(str::to_owned));
        if self.interim {
            words.push("continue".to_owned());
        }
        if self.delay_ms > 0 {
            words.push(format!("delay {}ms", self.delay_ms));
        }
        if words.is_empty() {
            words.push("accept".to_owned());
        }
        f.write_str(&words.join(" "))
    }
}

impl Conf {
    fn words(&self, http: u16, code: String, words: &mut Vec<String>) {
        if http != 200 {
            words.push(code);
        }
        if http != 200 || self.status != ResponseStatus::OK || self.text.is_some() {
            words.push(format!("status {}", self.status.0));
        }
        words.extend(self.text.as_deref().map(words::quoted));
        words.extend(self.flaw.map(|flaw| words::flaw_word(flaw).to_owned()));
    }
}

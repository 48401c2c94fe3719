//! A message that arrived: the request, the octets of its body, and the answer it gets.

use std::fmt::Write as _;

use mms_pdu::{DecodeError, EncodedString, SendReq};

use crate::http::Head;

/// A POST that arrived whole, whether its body is a message or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// Its number at this MMSC, from 1.
    pub serial: u64,
    /// When its last octet arrived, by the clock of the core's caller.
    pub at_ms: u64,
    /// Who sent it, where the leg knows.
    pub peer: Option<String>,
    /// The head of the request.
    pub head: Head,
    /// The octets of the head, as they came.
    pub raw_head: Vec<u8>,
    /// The body: the PDU, if it is one.
    pub body: Vec<u8>,
    /// The answer it gets, in the words of the answer table.
    pub answer: String,
}

impl Captured {
    /// The message.
    ///
    /// # Errors
    /// The body is no M-Send.req; the error names field and octets.
    pub fn message(&self) -> Result<SendReq<'_>, DecodeError> {
        SendReq::decode(&self.body)
    }

    /// The target of the request: the whole URL when it came as to a proxy, a path otherwise.
    pub fn target(&self) -> &str {
        &self.head.target
    }

    /// The Host field; empty if there is none.
    pub fn host(&self) -> &str {
        self.head.field("Host").unwrap_or_default()
    }

    /// The Content-Type field; empty if there is none.
    pub fn media(&self) -> &str {
        self.head.field("Content-Type").unwrap_or_default()
    }

    /// One line about it, printable whatever was sent.
    ///
    /// `000001 T2 from insert-address to +8613856122546/TYPE=PLMN subject "hi" 2 parts 4711 octets: accept`
    pub fn line(&self) -> String {
        let mut line = format!("{:06} ", self.serial);
        match self.message() {
            Ok(message) => describe(&message, &mut line),
            Err(error) => {
                let _ = write!(line, "no message: {error}");
            }
        }
        let _ = write!(line, " {} octets: {}", self.body.len(), printable(&self.answer));
        line
    }
}

fn describe(message: &SendReq<'_>, line: &mut String) {
    line.push_str(&shown(message.transaction_id()));
    let lists: [(&str, Vec<EncodedString<'_>>); 3] =
        [("to", message.to().collect()), ("cc", message.cc().collect()), ("bcc", message.bcc().collect())];
    for (name, list) in lists {
        if let Some(first) = list.first() {
            let _ = write!(line, " {name} {}", shown(*first));
            if list.len() > 1 {
                let _ = write!(line, " and {} more", list.len() - 1);
            }
        }
    }
    if let Some(subject) = message.subject() {
        let _ = write!(line, " subject \"{}\"", shown(subject));
    }
    let parts = message.parts().len();
    let _ = write!(line, " {parts} part{}", if parts == 1 { "" } else { "s" });
}

/// A text of at most 60 characters, without anything that could steer a terminal.
fn shown(text: EncodedString<'_>) -> String {
    printable(&text.text_lossy())
}

fn printable(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown = String::new();
    for c in text.chars().take(LONGEST) {
        // Control characters, and the ones that turn the direction of writing.
        if c.is_control()
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

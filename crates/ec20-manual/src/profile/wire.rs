//! What can be wrong with a message on its way: its headers, its parts, the request that carries it.
//!
//! Knows the ways in which a message differs from the one that was edited. Refuses to know how a message is encoded.

use serde::{Deserialize, Serialize};

/// A field of the message, as sendparam and the lists fill it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Header {
    /// To.
    To,
    /// Cc.
    Cc,
    /// Bcc.
    Bcc,
    /// Subject.
    Subject,
    /// X-Mms-Expiry.
    Expiry,
    /// X-Mms-Priority.
    Priority,
    /// X-Mms-Delivery-Report.
    DeliveryReport,
    /// X-Mms-Read-Reply.
    ReadReply,
    /// X-Mms-Sender-Visibility.
    Visibility,
    /// X-Mms-Message-Class.
    Class,
    /// The attachments.
    Parts,
}

/// What is wrong on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Wire {
    /// The header is missing.
    Omit(Header),
    /// Two address lists change places.
    Swap(Header, Header),
    /// A header takes the value that sendparam's `value` gives.
    Setting {
        /// The header.
        header: Header,
        /// The sendparam value it is encoded from.
        value: u32,
    },
    /// Delivery report or read reply says yes for no and no for yes.
    Invert(Header),
    /// Only the first of a list leaves.
    FirstOnly(Header),
    /// A list leaves last first.
    Reverse(Header),
    /// The subject or the addresses lose their last character, the attachments their last byte.
    Cut(Header),
    /// The text leaves under the name of another charset: one of ASCII, UTF8, UCS2, GBK.
    Mislabel(String),
    /// In the encoded message the first such bytes become others; both in hexadecimal.
    Patch {
        /// The bytes looked for.
        from: String,
        /// What stands there instead.
        to: String,
    },
    /// In the head of the POST the first such text becomes another.
    Head {
        /// The text looked for.
        from: String,
        /// What stands there instead.
        to: String,
    },
    /// The attachments end after so many bytes.
    PartsAtMost(usize),
    /// The first of a list leaves twice.
    Double(Header),
    /// What is left empty leaves as the message before it had it.
    Leftover(Header),
    /// In the attachments every such run of bytes becomes another; both in hexadecimal.
    PartBytes {
        /// The bytes looked for.
        from: String,
        /// What stands there instead.
        to: String,
    },
    /// Attachments of one media type leave under another.
    PartType {
        /// The type that is due.
        from: String,
        /// The type that leaves.
        to: String,
    },
    /// Of attachments with the same bytes only the first leaves.
    SameBytesOnce,
    /// Bytes follow the message; in hexadecimal.
    Trailing(String),
    /// The proxy is not used.
    Direct,
}

impl Wire {
    /// Whether the bytes that are named can be bytes.
    pub(super) fn check(&self) -> Result<(), String> {
        match self {
            Self::Patch { from, to } | Self::PartBytes { from, to } => hex(from).and(hex(to)),
            Self::Trailing(bytes) => hex(bytes),
            Self::Mislabel(charset) if !["ASCII", "UTF8", "UCS2", "GBK"].contains(&charset.as_str()) => {
                Err(format!("the charsets are ASCII, UTF8, UCS2 and GBK, not {charset}"))
            }
            _ => Ok(()),
        }
    }
}

fn hex(digits: &str) -> Result<(), String> {
    let even = digits.len().is_multiple_of(2);
    if even && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(())
    } else {
        Err(format!("an even number of hexadecimal digits was expected, not {digits:?}"))
    }
}

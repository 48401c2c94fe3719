//! A text as it stands in a message, and the addresses that texts carry.
//!
//! It knows charsets and address types. It does not know which header a text belongs to.

use core::fmt;
use std::borrow::Cow;
use std::net::Ipv6Addr;

use crate::charset::{Charset, CharsetError, latin1};

/// A text value: its octets as sent, without length, charset, quote and terminator, and the charset if one was given.
///
/// ```
/// use mms_pdu::SendReq;
/// let pdu = b"\x8C\x80\x98T1\x00\x8D\x90\x89\x01\x81\x97+1555/TYPE=PLMN\x00\x96\x07\xF1\x7F\xB1\xEA\xCC\xE2\x00\x84\x83hi";
/// let subject = SendReq::decode(pdu).unwrap().subject().unwrap();
/// assert_eq!(subject.octets(), [0xB1, 0xEA, 0xCC, 0xE2]);
/// assert_eq!(subject.text().unwrap(), "标题");
/// ```
///
/// Source: WAP-209 clause 7.2.9 (Encoded-string-value), WAP-230 clause 8.4.2.1 (Text-string).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodedString<'a> {
    charset: Option<Charset>,
    octets: &'a [u8],
    offset: usize,
}

impl<'a> EncodedString<'a> {
    pub(crate) fn new(charset: Option<Charset>, octets: &'a [u8], offset: usize) -> Self {
        Self { charset, octets, offset }
    }

    /// The charset the sender named; `None` for a bare text and for the charset number 0, which means any.
    pub fn charset(&self) -> Option<Charset> {
        self.charset.filter(|charset| charset.0 != 0)
    }

    /// The octets of the text itself.
    pub fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// Where the octets begin, counted from the start of the message.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The text. Without a charset it is ASCII, or UTF-8 where octets above 127 stand.
    ///
    /// # Errors
    /// The octets are no text of the charset, or there is no table for it.
    pub fn text(&self) -> Result<Cow<'a, str>, CharsetError> {
        self.charset().unwrap_or(Charset::US_ASCII).decode(self.octets)
    }

    /// The text; where it cannot be decoded, the best reading of its octets. There is always something to show.
    ///
    /// UTF-8 under a charset that is not known here is read as UTF-8. UTF-8 that was cut off within its last
    /// character ends in U+FFFD. Anything else is read as ISO-8859-1.
    pub fn text_lossy(&self) -> Cow<'a, str> {
        self.text().unwrap_or_else(|_| match core::str::from_utf8(self.octets) {
            Ok(text) => Cow::Borrowed(text),
            Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
                String::from_utf8_lossy(self.octets)
            }
            Err(_) => latin1(self.octets),
        })
    }

    /// The text read as an address.
    pub fn address(&self) -> Address<'a> {
        match self.text_lossy() {
            Cow::Borrowed(text) => Address::parse(text),
            Cow::Owned(text) => Address::parse(&text).into_owned(),
        }
    }
}

/// An address: what was meant, and which form it has on the wire.
///
/// ```
/// use mms_pdu::{Address, AddressForm};
/// let address = Address::parse("+8613856122546/TYPE=PLMN");
/// assert_eq!((address.text(), address.form()), ("+8613856122546", &AddressForm::Plmn));
/// // What is given without a type gets the one it looks like:
/// assert_eq!(Address::typed("192.0.2.1").to_string(), "192.0.2.1/TYPE=IPv4");
/// ```
///
/// Source: WAP-209 clause 8.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address<'a> {
    text: Cow<'a, str>,
    form: AddressForm,
}

/// The form of an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AddressForm {
    /// A phone number: `+8613856122546/TYPE=PLMN`.
    Plmn,
    /// `192.0.2.1/TYPE=IPv4`.
    Ipv4,
    /// `2001:db8::1/TYPE=IPv6`.
    Ipv6,
    /// An e-mail address, written as it is.
    Email,
    /// Anything else without a type, as the short codes of later versions.
    Untyped,
    /// A type the specification does not name.
    Named(String),
}

impl<'a> Address<'a> {
    /// Reads an address as it stands in a message: the type is what follows the last `/TYPE=`.
    pub fn parse(wire: &'a str) -> Self {
        const MARK: &str = "/TYPE=";
        let mark = wire.char_indices().rev().map(|(at, _)| at).find(|at| {
            wire.get(*at..at.saturating_add(MARK.len())).is_some_and(|m| m.eq_ignore_ascii_case(MARK))
        });
        let Some((text, tail)) = mark.and_then(|at| wire.split_at_checked(at)) else {
            let form = if wire.contains('@') { AddressForm::Email } else { AddressForm::Untyped };
            return Self { text: Cow::Borrowed(wire), form };
        };
        let name = tail.get(MARK.len()..).unwrap_or_default();
        let form = match name {
            _ if name.eq_ignore_ascii_case("PLMN") => AddressForm::Plmn,
            _ if name.eq_ignore_ascii_case("IPv4") => AddressForm::Ipv4,
            _ if name.eq_ignore_ascii_case("IPv6") => AddressForm::Ipv6,
            other => AddressForm::Named(other.to_owned()),
        };
        Self { text: Cow::Borrowed(text), form }
    }

    /// Gives a plain address, as a user types it, the form it looks like: IPv4, phone number, e-mail, IPv6,
    /// in this order; anything else stays untyped. A type that is already there is kept.
    pub fn typed(plain: &'a str) -> Self {
        let given = Self::parse(plain);
        if given.form != AddressForm::Untyped {
            return given;
        }
        let form = match plain {
            _ if is_ipv4(plain) => AddressForm::Ipv4,
            _ if is_phone_number(plain) => AddressForm::Plmn,
            _ if plain.parse::<Ipv6Addr>().is_ok() => AddressForm::Ipv6,
            _ => AddressForm::Untyped,
        };
        Self { text: given.text, form }
    }

    /// The address without its type.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The form.
    pub fn form(&self) -> &AddressForm {
        &self.form
    }

    /// The same address, owning its text.
    pub fn into_owned(self) -> Address<'static> {
        Address { text: Cow::Owned(self.text.into_owned()), form: self.form }
    }
}

/// The address as it stands in a message.
impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match &self.form {
            AddressForm::Plmn => f.write_str("/TYPE=PLMN"),
            AddressForm::Ipv4 => f.write_str("/TYPE=IPv4"),
            AddressForm::Ipv6 => f.write_str("/TYPE=IPv6"),
            AddressForm::Named(name) => write!(f, "/TYPE={name}"),
            AddressForm::Email | AddressForm::Untyped => Ok(()),
        }
    }
}

/// Four groups of one to three digits, each at most 255; leading zeros occur in operators' settings.
fn is_ipv4(text: &str) -> bool {
    let groups = text.split('.');
    groups.clone().count() == 4
        && groups.into_iter().all(|group| {
            (1..=3).contains(&group.len())
                && group.bytes().all(|octet| octet.is_ascii_digit())
                && group.parse::<u16>().is_ok_and(|number| number <= 255)
        })
}

/// `["+"] 1*( DIGIT / "-" / "." )`
fn is_phone_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    digits.bytes().any(|octet| octet.is_ascii_digit())
        && digits.bytes().all(|octet| matches!(octet, b'0'..=b'9' | b'-' | b'.'))
}

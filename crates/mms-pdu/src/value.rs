//! The values of headers: enumerations, times, versions, the sender, and the response status.
//!
//! Every enumeration keeps an octet it does not know, because a capture must show what was sent. None of them
//! knows how it got onto the wire.

use core::fmt;

use crate::text::EncodedString;

/// Declares an enumeration of one octet that keeps unknown octets.
macro_rules! octets {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $octet:literal $label:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vmeta])* $variant,)+
            /// An octet the specification does not assign; it cannot be encoded.
            Other(u8),
        }

        impl $name {
            /// The value that stands for this octet.
            pub fn from_octet(octet: u8) -> Self {
                match octet {
                    $($octet => Self::$variant,)+
                    other => Self::Other(other),
                }
            }

            /// The octet on the wire.
            pub fn octet(self) -> u8 {
                match self {
                    $(Self::$variant => $octet,)+
                    Self::Other(octet) => octet,
                }
            }

            /// Whether the specification defines the value.
            pub fn is_defined(self) -> bool {
                !matches!(self, Self::Other(_))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant => f.write_str($label),)+
                    Self::Other(octet) => write!(f, "0x{octet:02X}"),
                }
            }
        }
    };
}

octets! {
    /// The type of a message (WAP-209 clause 7.2.14).
    MessageType {
        /// A client submits a message.
        SendReq = 0x80 "m-send-req",
        /// The MMSC's answer to it.
        SendConf = 0x81 "m-send-conf",
        /// The MMSC announces a message.
        NotificationInd = 0x82 "m-notification-ind",
        /// The client's answer to it.
        NotifyrespInd = 0x83 "m-notifyresp-ind",
        /// The MMSC delivers a message.
        RetrieveConf = 0x84 "m-retrieve-conf",
        /// The client acknowledges it.
        AcknowledgeInd = 0x85 "m-acknowledge-ind",
        /// A delivery report.
        DeliveryInd = 0x86 "m-delivery-ind",
    }
}

octets! {
    /// X-Mms-Priority (WAP-209 clause 7.2.17).
    Priority {
        /// Low.
        Low = 0x80 "Low",
        /// Normal, also when the header is absent.
        Normal = 0x81 "Normal",
        /// High.
        High = 0x82 "High",
    }
}

octets! {
    /// X-Mms-Sender-Visibility (WAP-209 clause 7.2.22).
    Visibility {
        /// The recipient must not see the sender.
        Hide = 0x80 "Hide",
        /// The recipient may see the sender, also when the header is absent.
        Show = 0x81 "Show",
    }
}

octets! {
    /// The value of the report headers (WAP-209 clauses 7.2.6 and 7.2.18). Mind that yes is the smaller octet.
    YesNo {
        /// Yes.
        Yes = 0x80 "Yes",
        /// No.
        No = 0x81 "No",
    }
}

impl From<bool> for YesNo {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

octets! {
    /// X-Mms-Message-Class, where it is an octet (WAP-209 clause 7.2.12).
    ClassCode {
        /// Personal, also when the header is absent.
        Personal = 0x80 "Personal",
        /// Advertisement.
        Advertisement = 0x81 "Advertisement",
        /// Informational.
        Informational = 0x82 "Informational",
        /// Auto: sent by a machine. It must not ask for reports.
        Auto = 0x83 "Auto",
    }
}

/// X-Mms-Message-Class: one of the four classes, or a class named by text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageClass<'a> {
    /// An octet.
    Code(ClassCode),
    /// A name.
    Named(EncodedString<'a>),
}

/// X-Mms-MMS-Version: major in the upper nibble, minor in the lower (WAP-209 clause 7.2.16).
///
/// ```
/// use mms_pdu::Version;
/// assert_eq!(Version::V1_2.to_string(), "1.2");
/// assert_eq!(Version::V1_2.octet(), 0x92);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u8);

impl Version {
    /// 1.0, the version of WAP-209.
    pub const V1_0: Self = Self(0x90);
    /// 1.1.
    pub const V1_1: Self = Self(0x91);
    /// 1.2.
    pub const V1_2: Self = Self(0x92);
    /// 1.3.
    pub const V1_3: Self = Self(0x93);

    /// The version of this octet; the top bit is set if it is not.
    pub fn from_octet(octet: u8) -> Self {
        Self(octet | 0x80)
    }

    /// The octet on the wire.
    pub fn octet(self) -> u8 {
        self.0
    }

    /// The major number, 0 to 7.
    pub fn major(self) -> u8 {
        (self.0 & 0x70) >> 4
    }

    /// The minor number, 0 to 14; `None` where only a major version is given.
    pub fn minor(self) -> Option<u8> {
        Some(self.0 & 0x0F).filter(|minor| *minor != 15)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.minor() {
            Some(minor) => write!(f, "{}.{minor}", self.major()),
            None => write!(f, "{}", self.major()),
        }
    }
}

/// A moment or a span, in seconds (WAP-209 clauses 7.2.7 and 7.2.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// Seconds since 1970-01-01 00:00 GMT.
    Absolute(u64),
    /// Seconds from now.
    Relative(u64),
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absolute(seconds) => write!(f, "at {seconds} s"),
            Self::Relative(seconds) => write!(f, "in {seconds} s"),
        }
    }
}

/// From: an address, or the request that the MMSC insert it (WAP-209 clause 7.2.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender<'a> {
    /// The MMSC shall insert the sender's address.
    Insert,
    /// This address.
    Address(EncodedString<'a>),
}

/// X-Mms-Response-Status of an M-Send.conf: any octet, with what it means.
///
/// ```
/// use mms_pdu::{Outcome, ResponseStatus};
/// let status = ResponseStatus(132);
/// assert_eq!(status.name(), Some("Error-sending-address-unresolved"));
/// assert_eq!(status.outcome(), Outcome::Permanent);
/// // What is not assigned counts as the class it lies in:
/// assert_eq!(ResponseStatus(0xC9).outcome(), Outcome::Transient);
/// ```
///
/// Source: WAP-209 clause 7.2.20; from 192 on, its successors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResponseStatus(pub u8);

/// What a response status says about the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Accepted.
    Ok,
    /// Accepted for some recipients.
    Partial,
    /// Refused; the same message may pass later.
    Transient,
    /// Refused.
    Permanent,
}

/// Octet and name.
const STATUSES: &[(u8, &str)] = &[
    (128, "Ok"),
    (129, "Error-unspecified"),
    (130, "Error-service-denied"),
    (131, "Error-message-format-corrupt"),
    (132, "Error-sending-address-unresolved"),
    (133, "Error-message-not-found"),
    (134, "Error-network-problem"),
    (135, "Error-content-not-accepted"),
    (136, "Error-unsupported-message"),
    (192, "Error-transient-failure"),
    (193, "Error-transient-sending-address-unresolved"),
    (194, "Error-transient-message-not-found"),
    (195, "Error-transient-network-problem"),
    (196, "Error-transient-partial-success"),
    (224, "Error-permanent-failure"),
    (225, "Error-permanent-service-denied"),
    (226, "Error-permanent-message-format-corrupt"),
    (227, "Error-permanent-sending-address-unresolved"),
    (228, "Error-permanent-message-not-found"),
    (229, "Error-permanent-content-not-accepted"),
    (230, "Error-permanent-reply-charging-limitations-not-met"),
    (231, "Error-permanent-reply-charging-request-not-accepted"),
    (232, "Error-permanent-reply-charging-forwarding-denied"),
    (233, "Error-permanent-reply-charging-not-supported"),
    (234, "Error-permanent-address-hiding-not-supported"),
];

impl ResponseStatus {
    /// The message was accepted.
    pub const OK: Self = Self(128);

    /// Every status that a specification assigns, in the order of the octets.
    pub fn all() -> impl Iterator<Item = Self> {
        STATUSES.iter().map(|(octet, _)| Self(*octet))
    }

    /// The name, or `None` for an octet no specification assigns.
    pub fn name(self) -> Option<&'static str> {
        STATUSES.iter().find(|(octet, _)| *octet == self.0).map(|(_, name)| *name)
    }

    /// What it says about the message. An octet that is not assigned counts as a transient failure from 197
    /// to 223, else as a permanent one.
    pub fn outcome(self) -> Outcome {
        match self.0 {
            128 => Outcome::Ok,
            196 => Outcome::Partial,
            192..=223 => Outcome::Transient,
            _ => Outcome::Permanent,
        }
    }
}

impl fmt::Display for ResponseStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "status {}", self.0),
        }
    }
}

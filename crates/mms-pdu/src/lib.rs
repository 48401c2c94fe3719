//! THE MESSAGE: M-Send.req and M-Send.conf, decoded and encoded.
//!
//! `AT+QMMSEND` puts an M-Send.req of WAP-209 on the wire, in the binary coding of WAP-230, and an MMSC answers with
//! an M-Send.conf. This crate reads and writes both.
//!
//! * **Decoding borrows.** [`SendReq`] and [`SendConf`] are views over [`Message`]; parts are slices of the octets
//!   they were read from. No octets can make it panic or read on.
//! * **Decoding is liberal.** What real clients send is read: lengths in more octets than needed, quote octets
//!   forgotten, charsets left out, headers named by text. What is odd is listed in [`Message::notes`]; what is not
//!   known is kept. Only what cannot be read is refused, with field and octets ([`DecodeError`]).
//! * **Encoding is strict.** [`SendReqBuilder`] and [`SendConfBuilder`] write one canonical form or refuse
//!   ([`EncodeError`]); what they write, this crate reads back as it was given, without a note.
//!
//! It knows nothing of HTTP, of AT commands, of files.
//!
//! ```
//! use mms_pdu::{SendReq, SendReqBuilder};
//! let octets = SendReqBuilder::new("T1").to("+15551234").text_part("t.txt", "hi").encode().unwrap();
//! let message = SendReq::decode(&octets).unwrap();
//! assert_eq!(message.to().next().unwrap().text_lossy(), "+15551234/TYPE=PLMN");
//! // One octet less, and the error says where:
//! let error = SendReq::decode(&octets[..octets.len() - 1]).unwrap_err();
//! assert_eq!(error.to_string(), "part 0: data, octets 55..56: expected the octets of the part's data, \
//!     found a length of 2 with 1 octets left");
//! ```

mod builder;
mod charset;
mod error;
mod field;
mod header;
mod media;
mod message;
mod multipart;
mod reader;
mod send_conf;
mod send_req;
mod smil;
mod text;
mod value;
mod writer;

pub use builder::{PartBuilder, SendReqBuilder, Text};
pub use charset::{Charset, CharsetError, CharsetErrorKind};
pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind, Found, Note, NoteKind};
pub use field::{Field, HeaderCode, PartField};
pub use header::{Header, HeaderName, MAX_HEADERS, Value};
pub use media::{MediaType, Parameter, ParameterName, ParameterValue, media_type_of_file};
pub use message::Message;
pub use multipart::{MAX_PARTS, Part, PartHeader, PartHeaderName};
pub use send_conf::{SendConf, SendConfBuilder};
pub use send_req::SendReq;
pub use smil::presentation_of;
pub use text::{Address, AddressForm, EncodedString};
pub use value::{
    ClassCode, MessageClass, MessageType, Outcome, Priority, ResponseStatus, Sender, Version, Visibility,
    When, YesNo,
};

//! THE FAR END: a capture MMSC that keeps what arrives, answers as told and misbehaves as told.
//!
//! Its heart is [`Core`]: octets and times in, octets and wishes out, no socket, no clock, no thread, so that a whole
//! send also runs in virtual time. [`Server`] puts it on TCP, [`Store`] on disk.
//!
//! What it refuses to know: AT commands, modules, verdicts. It says what arrived, not whether that was right.
//!
//! A whole exchange without a socket:
//!
//! ```
//! use mmsc::{Answer, ConnectionId, Core, Input, Limits, Output, Plan};
//!
//! let pdu = mms_pdu::SendReqBuilder::new("T1").to("13856122546").encode().unwrap();
//! let head = format!("POST http://mmsc.example.com/ HTTP/1.1\r\nContent-Length: {}\r\n\r\n", pdu.len());
//!
//! let mut core = Core::new(Limits::default(), Plan::default(), 1);
//! core.order(Answer::parse(r#"status 132 "nobody there""#).unwrap());
//! let id = ConnectionId(7);
//! assert_eq!(core.step(0, Input::Opened(id, None)), []);
//! assert_eq!(core.step(5, Input::Received(id, head.as_bytes())), []);
//!
//! // A message is answered only after whoever runs the core says that it is kept.
//! let outputs = core.step(9, Input::Received(id, &pdu));
//! let [Output::Keep(_, message)] = outputs.as_slice() else { panic!("a message") };
//! assert_eq!(message.target(), "http://mmsc.example.com/");
//! assert_eq!(message.message().unwrap().to().count(), 1);
//! let outputs = core.step(9, Input::Kept(id, Ok(())));
//! let [Output::Send(_, answer)] = outputs.as_slice() else { panic!("an answer") };
//! assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
//! ```

pub mod answer;
mod captured;
mod core;
mod http;
mod leg;
mod plan;
mod record;
mod reply;
mod store;

pub use answer::{Answer, Conf, Content, Flaw, Framing, WordsError};
pub use captured::Captured;
pub use core::{ConnectionId, Core, Input, Limits, Output};
pub use http::Head;
pub use leg::{Event, Options, Server};
pub use plan::{Plan, PlanError};
pub use record::{ErrorRecord, MessageRecord, PartRecord, Record, RequestRecord, TextRecord, WhenRecord};
pub use store::{STORE_OCTETS, Store};

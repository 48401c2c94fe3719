//! The bytes of the EC20's AT interface, both directions, for people who write a driver.
//!
//! No allocation, no dependency, no unsafe code, no recursion, no panic on any input; `no_std`. Nothing is copied: what is
//! read borrows the caller's bytes, and every place is a [`Span`] into them.
//!
//! # Parse a reply
//!
//! One line, by its prefix, into a type: an answer by [`Information`](information::Information), what comes by itself by
//! [`Urc`](unsolicited::Urc), the end of an answer by [`Final`](unsolicited::Final). What the manual limits is checked; a
//! [`Dialect`] says how much is forgiven, by name: a driver reads in [`Dialect::FIELD`], a test of the module in
//! [`Dialect::CANONICAL`].
//!
//! ```
//! use ec20_at::{Dialect, ErrorKind, information::Information, unsolicited::{Final, Urc}};
//!
//! let entry = Information::read(b"+QMMSEDIT: 1,\"13856122546\"", Dialect::CANONICAL)?;
//! assert_eq!(entry, Information::QmmseditEntry { function: 1, optstring: b"13856122546" });
//!
//! let sent = Urc::read(b"+QMMSEND: 0,200", Dialect::FIELD)?;
//! assert_eq!(sent, Urc::Qmmsend { err: 0, httprsp: Some(200), mmsrsp: None });
//!
//! let refused = Final::read(b"+CME ERROR: 756", Dialect::CANONICAL)?;
//! assert_eq!(refused, Final::CmeNumeric { err: 756 });
//!
//! let wrong = Information::read(b"+QMMSEDIT: 1,13856122546", Dialect::FIELD).unwrap_err();
//! assert_eq!(wrong.kind, ErrorKind::ParameterType);
//! assert_eq!(wrong.to_string(), "expected a quoted string of at most 50 bytes, found 13856122546 at 13..24");
//! # Ok::<(), ec20_at::Error>(())
//! ```
//!
//! Who knows what he asked for and is in a hurry takes the values one by one: [`fields::Fields`].
//!
//! # Drive a session
//!
//! The [`framer`] cuts what the module sends into echoes, information lines, URCs, prompts, data and final results, however
//! the bytes arrive, and says whose an answer is. The caller keeps the buffer, the port and the clock. Deadlines, uploads,
//! `ATV0` and lines without end are shown [there](framer#whose-answer-is-it).
//!
//! ```
//! use ec20_at::framer::{EventKind, FinalKind, Framer, Owner};
//!
//! # struct Port(std::collections::VecDeque<&'static [u8]>);
//! # impl Port {
//! #     fn write(&mut self, _: &[u8]) {}
//! #     fn read(&mut self) -> &'static [u8] { self.0.pop_front().unwrap_or_default() }
//! # }
//! # let mut port = Port([&b"AT+CSQ\r\r\n+CS"[..], b"Q: 20,99\r\n\r\n+QMMSEND: 0,2", b"00\r\n\r\nOK\r\n"].into());
//! let mut framer = Framer::new();
//! let mut buffer = Vec::new();
//! let (mut answer, mut news, mut result) = (Vec::new(), Vec::new(), None);
//!
//! let command = b"AT+CSQ\r";
//! let asked = framer.sent(command);
//! port.write(command);
//! while result.is_none() {
//!     let arrived = port.read(); // with the command's deadline; when it passes: framer.give_up()
//!     buffer.extend_from_slice(arrived);
//!     while let Some(event) = framer.next(&buffer) {
//!         let text = framer.bytes(&buffer, event.text).to_vec();
//!         match event.kind {
//!             EventKind::Information(owner) if asked.is_some_and(|id| owner.is(id)) => answer.push(text),
//!             EventKind::Urc { .. } => news.push(text),
//!             EventKind::Final { result: kind, owner: Owner::Command(_) } => result = Some(kind),
//!             _ => {} // the echo; a late or an ambiguous result; a stray line
//!         }
//!     }
//!     buffer.drain(..framer.release());
//! }
//! assert_eq!(result, Some(FinalKind::Ok));
//! assert_eq!(answer, [b"+CSQ: 20,99"]);
//! assert_eq!(news, [b"+QMMSEND: 0,200"]);
//! ```
//!
//! # Build a command
//!
//! Every command form is a variant of [`request::Request`]; [`build`] writes it into a buffer, or says why it cannot be
//! said. Commands of one line are given together; one that the tables lack goes by
//! [`push_verbatim`](build::Builder::push_verbatim).
//!
//! ```
//! use ec20_at::{build, request::Request};
//!
//! let mut buffer = [0; 256];
//! let upload = Request::QfuplWrite { filename: b"RAM:a.jpg", filesize: Some(2048), timeout: Some(60), ackmode: Some(1) };
//! assert_eq!(build::line(&mut buffer, &[upload])?, b"AT+QFUPL=\"RAM:a.jpg\",2048,60,1\r");
//!
//! let refused = build::line(&mut buffer, &[Request::QmmsendWrite { timeout: 0 }]).unwrap_err();
//! assert_eq!(refused.to_string(), "timeout of qmmsend_write: expected an integer from 1 to 65535, found 0 (SEND-TIMEOUT-RANGE)");
//! # Ok::<(), build::Refusal>(())
//! ```
//!
//! # The other side
//!
//! A simulated module, a gate or a linter reads what the host sends: [`command_line`] splits a line into commands of any
//! name, known or not, and [`Command::request`] gives the known ones their type.
//!
//! # How it is laid out
//!
//! One table per chapter of the manual holds every form: its name, its fields, their limits, and the clause that sets
//! them. [`read_unit`] walks it and yields names and spans, the shape in which this reading can be held against another;
//! the typed views and the builder stand on the same tables. [`Limits::MANUAL`] has the manual's limits as numbers.
#![no_std]

pub mod build;
pub mod command_line;
mod dialect;
mod error;
pub mod fields;
mod forms;
pub mod framer;
pub mod information;
mod item;
mod judge;
mod parameter;
mod reading;
pub mod request;
mod scan;
mod span;
mod typed;
pub mod unsolicited;

pub use command_line::{Command, CommandLine, Form};
pub use dialect::{Dialect, Strictness, Tolerance};
pub use error::{Error, ErrorKind, Expected, Found};
pub use forms::limits::{Limit, Limits};
pub use parameter::{Parameter, ParameterKind};
pub use reading::{Field, Reading, Unit, read_unit};
pub use span::Span;
pub use typed::Checksum;

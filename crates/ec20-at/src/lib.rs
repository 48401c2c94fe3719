//! The bytes of the EC20's AT interface: what a host sends and what the module answers, read without copying.
//!
//! [`command_line`] splits a line into commands of any name, each with form and parameters. [`read_unit`] names the
//! form of a command, an information line, a URC or a final result, with its fields; [`request`], [`information`] and
//! [`unsolicited`] are the same with Rust types, and [`build`] writes commands. [`framer`] cuts a
//! module's stream into frames and says whose each answer is. Every refusal is an [`Error`] that says
//! where, what was wanted and what stood there; a [`Dialect`] says how much is forgiven.
//!
//! No allocation, no dependency, no unsafe code, no panic on any input, no recursion.
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

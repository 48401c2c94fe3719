//! The bytes of the EC20's AT interface: what a host sends, read without copying.
//!
//! [`command_line`] splits a line into commands of any name, each with form and parameters. Every refusal is an
//! [`Error`] that says where, what was wanted and what stood there; a [`Dialect`] says how much is forgiven.
//!
//! No allocation, no dependency, no unsafe code, no panic on any input, no recursion.
#![no_std]

pub mod command_line;
mod dialect;
mod error;
mod parameter;
mod span;

pub use command_line::{Command, CommandLine, Form};
pub use dialect::{Dialect, Strictness, Tolerance};
pub use error::{Error, ErrorKind, Expected, Found};
pub use parameter::{Parameter, ParameterKind};
pub use span::Span;

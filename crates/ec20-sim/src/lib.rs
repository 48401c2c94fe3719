//! THE MODULE: a simulated EC20.
//!
//! The simulator is the manual's catalogue plus a profile: limits and codes stand in `clauses.toml`, what the manual
//! leaves open is answered by the profile, and where a firmware breaks a clause on purpose the profile says so by one
//! named deviation.
//!
//! [`Module`] is the core: `step(now, input) -> outputs`, without clock, socket, thread or chance.
//!
//! Nothing here knows the suite: a suite that could look into the simulator would fit the simulator.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every command has the signature that the dispatch table wants"
)]

mod command;
mod data;
mod deviate;
mod dispatch;
mod event;
pub mod files;
mod found;
mod http;
pub mod leg;
mod limits;
mod line;
pub mod link;
mod message;
mod module;
pub mod pace;
#[doc = include_str!("results.md")]
pub mod results {}
mod reply;
mod run;
mod send;
mod session;
mod state;
mod unknown;
mod words;
mod world;

pub use event::{ConnectionId, Environment, Input, Machine, NetworkEvent, NetworkFailure, Output};
pub use module::Module;

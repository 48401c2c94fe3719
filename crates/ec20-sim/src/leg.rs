//! The ways to reach a module: in memory with virtual time, or over TCP and pseudo-terminals with real time.
//!
//! Here, and only here, are clocks, sockets and threads.

pub mod memory;
#[cfg(unix)]
pub mod network;
#[cfg(unix)]
mod port;
#[cfg(unix)]
mod seat;
#[cfg(unix)]
pub mod station;

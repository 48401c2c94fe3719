//! THE LAWS.

pub mod virtual_bench;

//! THE PROMISES.

pub mod profile;

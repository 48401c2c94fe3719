//! The commands outside the MMS manual, by family.

pub(crate) mod bearer;
pub(crate) mod core;
pub(crate) mod files;
pub(crate) mod identity;
pub(crate) mod network;

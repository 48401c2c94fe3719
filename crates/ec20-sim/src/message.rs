//! The MMS commands: settings, the message in the making, and its way to the message centre.

pub(crate) mod compose;
pub(crate) mod config;
pub(crate) mod draft;
pub(crate) mod edit;
pub(crate) mod submit;

//! What must hold for every input, written once and called from four sides: property tests, the golden files, old crashers and the fuzz targets.
//!
//! A law is a function that takes bytes, or something drawn from bytes, and panics with the law's words when it is broken. It knows no
//! example; examples and seeds come from outside. Each module is one law or one family:
//!
//! * [`pdu`]: what is written is read back, and whatever is read is read within its octets.
//! * [`http`]: nothing a client sends breaks the far end, and how the octets are cut changes nothing.
//!
//! [`virtual_bench`] puts suite, module and far end together in virtual time.

pub mod http;
pub mod pdu;
pub mod virtual_bench;

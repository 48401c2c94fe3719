//! What must hold for every input, written once and called from four sides: property tests, the golden files, old crashers and the fuzz targets.
//!
//! A law is a function that takes bytes, or something drawn from bytes, and panics with the law's words when it is broken. It knows no
//! example; examples and seeds come from outside. Each module is one law or one family:
//!
//! * [`total`]: no input makes a reader panic or loop, and what a reader points at lies inside what it was given.
//! * [`agreement`]: the grammar and the parser read every unit alike: accepted or refused, forms, fields, spans, canonical and tolerant.
//! * [`framing`]: every cut of a stream gives the same events; frames tile the stream, nothing lost; the work is linear, the stack constant.
//! * [`attribution`]: a final result is never silently given to another command.
//! * [`building`]: what is built is read back as what was meant, and what is read can be built again with the same meaning.
//! * [`limits`]: each limit's two numbers are the same in the catalogue, the grammar and the parser.
//! * [`citations`]: every clause that the grammar or the parser cites is in the catalogue.
//! * [`pdu`]: what is written is read back, and whatever is read is read within its octets.
//! * `files`: a file from a stranger is read, or refused in few words with a place.
//! * [`http`]: nothing a client sends breaks the far end, and how the octets are cut changes nothing.
//!
//! Inputs are drawn in [`sentences`], units from the grammar itself and changed a little, and in [`session`], whole dialogues; `recital` turns
//! the golden files into both. [`targets`] is what the fuzz targets do with their bytes. `virtual_bench` puts suite, module and far end
//! together in virtual time. [`mutants`] are the modules that the suite must find out.

pub mod agreement;
pub mod attribution;
pub mod building;
pub mod citations;
#[cfg(feature = "suite")]
pub mod files;
pub mod framing;
pub mod http;
pub mod limits;
pub mod mutants;
pub mod pdu;
#[cfg(feature = "suite")]
pub mod recital;
pub mod sentences;
pub mod session;
pub mod targets;
pub mod total;
#[cfg(feature = "suite")]
pub mod virtual_bench;

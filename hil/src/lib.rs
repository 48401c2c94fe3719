//! The bench: a port, a gate before it, a run over it, and the command line `ec20` that a person types.
//!
//! Its two promises: nothing reaches a module that was not classified by its own bytes ([`gate`]), and a trouble of the bench is never
//! reported as a fault of the module ([`port::Trouble`]).

pub mod allowance;
pub mod bench;
pub mod command;
pub mod doctor;
pub mod gate;
pub mod grammar_html;
pub mod port;
pub mod power;
pub mod run;

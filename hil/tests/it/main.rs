//! The bench as a whole: what leaves its gate, what its ports say of themselves, what its command line returns.

mod bad_bench;
mod bench_file;
mod browser;
mod clock;
mod doctor;
mod ec20;
mod faults;
mod foreign_module;
mod gate;
mod gate_properties;
mod grammar_html;
mod mmsc;
mod nothing_leaves;
mod pictures;
mod port;
mod power_hook;
mod pty;
mod qualify;
mod redaction;
mod resume;
mod revival;
mod ser2net;
mod signals;
mod simulated;
mod stranger;
mod terminal;

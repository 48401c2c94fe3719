//! Every cut of a session gives the same events.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::targets::cuts(bytes));

//! Must be found: a planted bug behind a command's name, its parameters and a value, which proves that the set-up finds such things at all.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::targets::canary(bytes));

//! A final result is never silently given to another command.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::targets::attribution(bytes));

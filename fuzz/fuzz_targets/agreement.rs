//! The grammar and the parser read any bytes alike.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::targets::agreement(bytes));

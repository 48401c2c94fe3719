//! Each limit of the catalogue is that of the grammar and of the parser.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::targets::limits_hold(bytes));

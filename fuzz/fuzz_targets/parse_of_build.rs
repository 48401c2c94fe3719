//! What is built is read back as what was meant.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::targets::parse_of_build(bytes));

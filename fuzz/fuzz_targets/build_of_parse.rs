//! What is read can be built again with the same meaning.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::targets::build_of_parse(bytes));

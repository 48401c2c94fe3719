//! Nothing that happens to the far end breaks it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::http::events(bytes));

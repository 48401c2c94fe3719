//! However the octets of an HTTP client are cut, the far end does the same.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::http::cuts_drawn(bytes));

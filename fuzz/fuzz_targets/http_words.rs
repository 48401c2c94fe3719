//! The words of an order to the far end are read or refused.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::http::words_of(bytes));

//! A package is read, or refused in few words with a place.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::files::package(bytes));

//! No input makes a reader panic, and what it points at lies inside.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::targets::readers_are_total(bytes));

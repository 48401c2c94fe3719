//! Frames tile the stream.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::targets::tiling(bytes));

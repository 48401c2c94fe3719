//! A bench file is read, or refused in few words with a place.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::files::bench_file(bytes, ec20_hil::bench::mistakes));

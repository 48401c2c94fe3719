//! A framer keeps no more than its capacity and gives no more events than bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::targets::bounded(bytes));

//! The grammar and the parser read alike what is drawn from the grammar and changed a little.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::targets::agreement_drawn(bytes));

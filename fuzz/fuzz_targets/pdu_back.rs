//! A message that is written is read back.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::pdu::back_drawn(bytes));

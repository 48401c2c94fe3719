//! No octets make the decoder of messages panic, and what it points at lies inside.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec20_laws::pdu::total(bytes));

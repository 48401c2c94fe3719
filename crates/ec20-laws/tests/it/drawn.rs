//! The laws over drawn inputs.

use arbitrary::{Arbitrary, Unstructured};
use ec20_laws::attribution::{self, Errands};
use ec20_laws::building::{self, Wish};
use ec20_laws::sentences::{Command, Sentence};
use ec20_laws::{agreement, citations, framing, session, total};
use proptest::prelude::*;

/// What arbitrary makes of some bytes; nothing if they are too few.
fn drawn<'a, T: Arbitrary<'a>>(raw: &'a [u8]) -> Option<T> {
    T::arbitrary(&mut Unstructured::new(raw)).ok()
}

fn raw() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..500)
}

/// Bytes near a dialogue: pieces that mean something to a framer, in any order.
fn dialogue() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&'static [u8]> = vec![
        b"\r\n",
        b"\r",
        b"\n",
        b"\"",
        b"OK",
        b"\r\nOK\r\n",
        b"ERROR",
        b"+CSQ: 9,99",
        b"+QMMSEDIT: 1,\"",
        b"CONNECT",
        b"CONNECT 5",
        b"+QFUPL: 3,0",
        b"+QFDWL: 3,262",
        b"abc",
        b"A",
        b"AT+CSQ\r",
        b"AT+QFDWL=\"a\"\r",
        b"AT+QFUPL=\"a\",9,5,1\r",
        b"ATV0\r",
        b"A/",
        b"0\r",
        b"4\r",
        b"> ",
        b"RDY",
        b"+CME ERROR: 756",
        b"+QMMSEND: 0,200",
        b"+++",
        b" ",
        b"x",
        &[session::SEND],
        &[session::ARRIVE],
        &[session::GIVE_UP],
        &[session::SETTLE],
        &[session::ECHO_ON],
        &[session::ECHO_OFF],
    ];
    let piece = prop_oneof![
        12 => prop::sample::select(pieces).prop_map(<[u8]>::to_vec),
        1 => any::<[u8; 2]>().prop_map(|bytes| bytes.to_vec()),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn readings_agree_near_the_language(raw in raw()) {
        if let Some(Sentence { unit, bytes }) = drawn(&raw) {
            agreement::readings_agree_on(unit, &bytes);
        }
    }

    #[test]
    fn readings_agree_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        agreement::readings_agree(&bytes);
    }

    #[test]
    fn readers_are_total(raw in raw()) {
        total::parser_is_total(&raw);
        if let Some(Sentence { unit, bytes }) = drawn(&raw) {
            total::parser_is_total(&bytes);
            total::grammar_is_total(unit, &bytes);
            citations::parser_cites_known_clauses(&bytes);
        }
    }

    #[test]
    fn values_are_total(bytes in prop::collection::vec(any::<u8>(), 0..20)) {
        total::values_are_total(&bytes);
    }

    #[test]
    fn cuts_change_nothing(dialogue in dialogue(), capacity in 0_usize..600, sizes: Vec<u8>) {
        framing::cuts_change_nothing(&dialogue, capacity, &sizes);
    }

    #[test]
    fn frames_tile_the_stream(dialogue in dialogue(), capacity in 0_usize..600) {
        framing::frames_tile_the_stream(&dialogue, capacity);
    }

    #[test]
    fn work_is_bounded(dialogue in dialogue(), capacity in 0_usize..600, sizes: Vec<u8>) {
        framing::work_is_bounded(&dialogue, capacity, &sizes);
    }

    #[test]
    fn results_find_their_commands(raw in raw()) {
        if let Some(errands) = drawn::<Errands>(&raw) {
            attribution::results_find_their_commands(&errands);
        }
    }

    #[test]
    fn parse_of_build_is_identity(raw in raw()) {
        if let Some(wishes) = drawn::<Vec<Wish<'_>>>(&raw) {
            building::parse_of_build_is_identity(&wishes);
        }
    }

    #[test]
    fn build_of_parse_has_the_same_meaning(raw in raw()) {
        if let Some(Command(line)) = drawn(&raw) {
            building::build_of_parse_has_the_same_meaning(&line);
        }
    }
}

//! What a fuzz target does with its bytes, one function for each: decode, then call a law. Here and not in `fuzz/`, so that seeds and old
//! crashers go through the very same code in `cargo test`.

use arbitrary::{Arbitrary, Unstructured};
use ec20_grammar::Unit;

use crate::attribution::{Errands, results_find_their_commands};
use crate::building::{Wish, build_of_parse_has_the_same_meaning, parse_of_build_is_identity};
use crate::sentences::{Command, Sentence};
use crate::{agreement, citations, framing, http, limits, pdu, total};

/// A fuzz target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name: that of its file in `fuzz/fuzz_targets/` and of its folder in `fuzz/regressions/`.
    pub name: &'static str,
    /// The folder of `fuzz/seeds/` whose files it begins with; none for a target that draws its inputs from the grammar or a table.
    pub seeds: Option<&'static str>,
    /// What it does.
    pub law: fn(&[u8]),
}

const fn target(name: &'static str, seeds: Option<&'static str>, law: fn(&[u8])) -> Target {
    Target { name, seeds, law }
}

/// The targets over readers of files. Those of a bench file are in the bench's own room, which no law may know: its seeds go through
/// [`crate::files::bench_file`] in that room's tests.
#[cfg(feature = "suite")]
pub const FILE_TARGETS: [Target; 6] = [
    target("file_journal", Some("journals"), crate::files::journal),
    target("file_log", Some("logs"), crate::files::log),
    target("file_package", Some("packages"), crate::files::package),
    target("file_profile", Some("profiles"), crate::files::profile),
    target("file_transcript", Some("transcripts"), crate::files::transcript),
    target("file_waivers", Some("waivers"), crate::files::waivers),
];

/// Every other target but the canary.
pub const TARGETS: [Target; 16] = [
    target("agreement", Some("units"), agreement),
    target("agreement_drawn", None, agreement_drawn),
    target("attribution", None, attribution),
    target("bounded", Some("sessions"), bounded),
    target("build_of_parse", None, build_of_parse),
    target("cuts", Some("sessions"), cuts),
    target("http_cuts", Some("requests"), http::cuts_drawn),
    target("http_events", None, http::events),
    target("http_words", None, http::words_of),
    target("limits", None, limits_hold),
    target("parse_of_build", None, parse_of_build),
    target("pdu_answer_back", None, pdu::answer_back_drawn),
    target("pdu_back", None, pdu::back_drawn),
    target("pdu_total", Some("messages"), pdu::total),
    target("tiling", Some("sessions"), tiling),
    target("total", Some("units"), readers_are_total),
];

/// Names the unit that the rest of the bytes is to be taken for. A letter, so that seeds are readable; anything else is a command line.
fn unit_of(mark: u8) -> Unit<'static> {
    match mark {
        b'i' => Unit::Information,
        b'u' => Unit::Urc,
        b'f' => Unit::Final,
        b'p' => Unit::Prompt,
        b'0'..=b'9' | b'a'..=b'd' => {
            let index = char::from(mark).to_digit(16).unwrap_or(0);
            Unit::InformationOf(agreement::NAMELESS[index as usize % agreement::NAMELESS.len()])
        }
        _ => Unit::CommandLine,
    }
}

/// The letter by which a unit is named at the beginning of a seed.
pub const fn mark_of(unit: Unit<'_>) -> u8 {
    match unit {
        Unit::Information | Unit::InformationOf(_) => b'i',
        Unit::Urc => b'u',
        Unit::Final => b'f',
        Unit::Prompt => b'p',
        Unit::CommandLine => b'>',
    }
}

fn drawn<'a, T: Arbitrary<'a>>(bytes: &'a [u8]) -> Option<T> {
    T::arbitrary_take_rest(Unstructured::new(bytes)).ok()
}

/// The readings agree on any bytes; the first one names the unit.
pub fn agreement(bytes: &[u8]) {
    if let Some((&mark, line)) = bytes.split_first() {
        agreement::readings_agree_on(unit_of(mark), line);
    }
}

/// The readings agree on units drawn from the grammar and changed a little.
pub fn agreement_drawn(bytes: &[u8]) {
    if let Some(Sentence { unit, bytes }) = drawn(bytes) {
        agreement::readings_agree_on(unit, &bytes);
    }
}

/// Results find their commands, whatever the order of things.
pub fn attribution(bytes: &[u8]) {
    if let Some(errands) = drawn::<Errands>(bytes) {
        results_find_their_commands(&errands);
    }
}

/// What is read can be built again with the same meaning.
pub fn build_of_parse(bytes: &[u8]) {
    if let Some(Command(line)) = drawn(bytes) {
        build_of_parse_has_the_same_meaning(&line);
    }
}

/// What is built is read back, and what cannot be said is refused.
pub fn parse_of_build(bytes: &[u8]) {
    if let Some(wishes) = drawn::<Vec<Wish<'_>>>(bytes) {
        parse_of_build_is_identity(&wishes);
    }
}

/// Every cut of a session gives the same events; two bytes at the end choose cut and capacity.
pub fn cuts(bytes: &[u8]) {
    if let Some((session, &[capacity, size])) = bytes.split_last_chunk::<2>() {
        framing::cuts_change_nothing(session, usize::from(capacity) * 8, &[size % 16, size / 16]);
    }
}

/// Frames tile the stream; a byte at the end chooses the capacity.
pub fn tiling(bytes: &[u8]) {
    if let Some((&capacity, session)) = bytes.split_last() {
        framing::frames_tile_the_stream(session, usize::from(capacity) * 8);
    }
}

/// The work is bounded; two bytes at the end choose cut and capacity.
pub fn bounded(bytes: &[u8]) {
    if let Some((session, &[capacity, size])) = bytes.split_last_chunk::<2>() {
        framing::work_is_bounded(session, usize::from(capacity) * 8, &[size]);
    }
}

/// A limit holds at any value, those far away too.
pub fn limits_hold(bytes: &[u8]) {
    if let Some((which, value)) = drawn::<(u8, u32)>(bytes) {
        let probe = limits::PROBES[usize::from(which) % limits::PROBES.len()];
        limits::limit_holds_at(probe, probe.bounded(value));
    }
}

/// Readers read or refuse any bytes, and point inside them; the first one names the unit.
pub fn readers_are_total(bytes: &[u8]) {
    if let Some((&mark, line)) = bytes.split_first() {
        total::parser_is_total(line);
        total::grammar_is_total(unit_of(mark), line);
        citations::parser_cites_known_clauses(line);
    }
}

/// Breaks on one kind of command only, deep in the language: a file attached whose name has four bytes or more.
///
/// # Panics
/// As it must: a fuzzer that does not find this finds nothing.
pub fn canary(bytes: &[u8]) {
    let Ok(line) = ec20_at::command_line::read(bytes, ec20_at::Dialect::CANONICAL) else { return };
    for command in line.commands().flatten() {
        if let Ok(ec20_at::request::Request::QmmseditAdd { function: 5, optstring }) = command.request() {
            assert!(optstring.len() < 4, "the canary is found");
        }
    }
}

//! A case of the suite as a session and as single units, as if the module answered just what the case expects: so the golden files feed the
//! laws, and the fuzzers get their seeds from them.
//!
//! Knows how a transcript becomes bytes on a wire. Where a line has a placeholder, a specimen stands for it; where it has alternatives, the
//! first is taken.

use arbitrary::Unstructured;
use ec20_grammar::{Strictness, Unit, read, value};
use ec20_suite::suite::Case;
use ec20_suite::transcript::{Alternative, Bindings, Payload, Piece, Step, StepKind, Text};

use crate::sentences::legal;
use crate::session::{ARRIVE, SEND};

/// What the host sends and what arrives, as a session.
pub fn session(case: &Case) -> Vec<u8> {
    let mut bytes = Vec::new();
    for step in steps(case) {
        match &step.kind {
            StepKind::Send(text) => {
                let line = [filled(text, &case.bindings), b"\r".to_vec()].concat();
                // The echo, then whatever the steps behind it make arrive.
                for (mark, piece) in [(SEND, &line), (ARRIVE, &line)] {
                    bytes.push(mark);
                    bytes.extend(piece);
                }
            }
            StepKind::Raw(text) | StepKind::Data(Payload::Text(text)) => {
                bytes.push(SEND);
                bytes.extend(filled(text, &case.bindings));
                bytes.push(ARRIVE);
            }
            StepKind::Expect(alternatives) | StepKind::Await { alternatives, .. } => {
                bytes.extend(b"\r\n");
                bytes.extend(first(alternatives, &case.bindings));
                bytes.extend(b"\r\n");
            }
            StepKind::Data(Payload::Hex(payload)) => {
                bytes.push(SEND);
                // Bytes that are marks of a session cannot stand in one.
                bytes.extend(payload.iter().filter(|&&byte| byte < SEND));
                bytes.push(ARRIVE);
            }
            _ => {}
        }
    }
    bytes
}

/// Every line of a case as a unit: what it is, then its bytes.
pub fn units(case: &Case) -> Vec<(Unit<'static>, Vec<u8>)> {
    let mut units = Vec::new();
    for step in steps(case) {
        match &step.kind {
            StepKind::Send(text) => units.push((Unit::CommandLine, filled(text, &case.bindings))),
            StepKind::Expect(alternatives) | StepKind::Await { alternatives, .. } => {
                for alternative in alternatives {
                    let line = filled(&alternative.text, &case.bindings);
                    units.push((kind(&line), line));
                }
            }
            _ => {}
        }
    }
    units
}

fn steps(case: &Case) -> impl Iterator<Item = &Step> {
    let stages = case.stages.iter().map(AsRef::as_ref);
    stages
        .chain([case.transcript.as_ref()])
        .flat_map(|transcript| transcript.body.iter().chain(&transcript.finally))
}

/// What a line that arrives is, as far as the line alone can tell.
fn kind(line: &[u8]) -> Unit<'static> {
    let units = [Unit::Final, Unit::Information, Unit::Urc];
    units
        .into_iter()
        .find(|&unit| read(unit, Strictness::Tolerant, line).is_ok())
        .unwrap_or(Unit::Information)
}

fn first(alternatives: &[Alternative], bindings: &Bindings) -> Vec<u8> {
    alternatives.first().map(|alternative| filled(&alternative.text, bindings)).unwrap_or_default()
}

fn filled(text: &Text, bindings: &Bindings) -> Vec<u8> {
    let mut bytes = Vec::new();
    for piece in &text.pieces {
        match piece {
            Piece::Literal(literal) => bytes.extend(literal),
            Piece::Repeat { bytes: repeated, times } => bytes.extend(repeated.repeat(*times)),
            Piece::Variable(name) => bytes.extend(bindings.get(&name.value).unwrap_or(b"1")),
            Piece::Placeholder { rule, .. } => bytes.extend(specimen(&rule.value)),
        }
    }
    bytes.retain(|&byte| byte < SEND);
    bytes
}

/// Some value of a value rule; the same at every call.
fn specimen(rule: &str) -> Vec<u8> {
    let mut number: u32 = 1;
    for _ in 0..100 {
        let raw: Vec<u8> = (0..40)
            .map(|_| {
                number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                number.to_le_bytes()[3]
            })
            .collect();
        let drawn = legal(rule, Strictness::Canonical, &mut Unstructured::new(&raw)).unwrap_or_default();
        if value(rule, &drawn) == Some(true) {
            return drawn;
        }
    }
    b"1".to_vec()
}

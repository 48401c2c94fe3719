//! No input makes a reader panic or loop, and every place that a reader names lies inside what it was given: readings, refusals, events.

use ec20_at::{Dialect, Error, command_line, information::Information, read_unit, unsolicited::Urc};
use ec20_grammar::{Strictness, Unit, read, rules, value};

/// All units as the parser knows them.
const UNITS: [ec20_at::Unit<'static>; 8] = [
    ec20_at::Unit::CommandLine,
    ec20_at::Unit::Information,
    ec20_at::Unit::InformationOf("qmmsedit"),
    ec20_at::Unit::InformationOf("i"),
    ec20_at::Unit::InformationOf("s3"),
    ec20_at::Unit::Urc,
    ec20_at::Unit::Final,
    ec20_at::Unit::Prompt,
];

/// The parser reads or refuses any bytes, with a place inside them.
pub fn parser_is_total(bytes: &[u8]) {
    for dialect in [Dialect::CANONICAL, Dialect::TOLERANT, Dialect::FIELD] {
        for unit in UNITS {
            let outcome = read_unit(unit, dialect, bytes, |form| {
                inside(form.span().start, form.span().end, bytes);
                for field in form.fields() {
                    inside(field.span.start, field.span.end, bytes);
                }
            });
            refusal(&outcome, bytes);
        }
        refusal(&Information::read(bytes, dialect), bytes);
        refusal(&Urc::read(bytes, dialect), bytes);
        let Ok(line) = command_line::read(bytes, dialect) else { continue };
        let mut end = 0;
        for command in line.commands().flatten() {
            assert!(end <= command.span().start, "commands overlap in {}", bytes.escape_ascii());
            end = command.span().end;
            inside(command.span().start, end, bytes);
            refusal(&command.request(), bytes);
            for parameter in command.parameters() {
                inside(parameter.span().start, parameter.span().end, bytes);
            }
        }
    }
}

/// The grammar reads or refuses any bytes, with a place inside them.
pub fn grammar_is_total(unit: Unit<'_>, bytes: &[u8]) {
    for strictness in [Strictness::Canonical, Strictness::Tolerant] {
        match read(unit, strictness, bytes) {
            Ok(reading) => {
                for form in &reading.forms {
                    inside(form.span.start, form.span.end, bytes);
                    for field in &form.fields {
                        inside(field.span.start, field.span.end, bytes);
                    }
                }
            }
            Err(refusal) => inside(refusal.at, refusal.at, bytes),
        }
    }
}

/// Every value rule of the grammar takes or refuses any bytes.
pub fn values_are_total(bytes: &[u8]) {
    for rule in rules() {
        let _ = value(rule.name, bytes);
    }
}

fn refusal<T>(outcome: &Result<T, Error>, bytes: &[u8]) {
    if let Err(error) = outcome {
        inside(error.span.start, error.span.end, bytes);
        assert!(!error.to_string().is_empty(), "an error that says nothing");
    }
}

fn inside(start: usize, end: usize, bytes: &[u8]) {
    assert!(
        start <= end && end <= bytes.len(),
        "{start}..{end} is no place in the {} bytes of {}",
        bytes.len(),
        bytes.escape_ascii()
    );
}

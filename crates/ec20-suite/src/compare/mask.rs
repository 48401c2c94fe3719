//! What two honest runs of one firmware differ in: values that a network, a clock, a bench or a redaction key chose.
//!
//! It decides by rule and field name, never by how a value looks. It knows two ways: a value that may be anything is not compared at all;
//! a value that stands for a person or a thing is compared by *which* it is within its run (the first recipient, the second), and by its
//! length and kinds of characters, which redaction keeps.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ec20_grammar::{Field, FormReading};

/// Fields that a network or the bench chose, whatever rule they stand in.
pub(super) const VOLATILE: [&str; 11] =
    ["address", "ber", "ci", "freesize", "lac", "oper", "pdpaddr", "rac", "rssi", "stat", "tac"];

/// Fields that name a person, a card, a module, an account or a handle: redaction and benches put others in their place.
pub(super) const RENAMED: [&str; 9] =
    ["apn", "filehandle", "iccid", "imei", "imsi", "newpin", "password", "pin", "username"];

/// What the firmware says it is: the head of a comparison names it.
pub(super) const IDENTITY: [&str; 1] = ["revision"];

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mask {
    /// By its value.
    None,
    /// Not at all.
    Volatile,
    /// By which of its kind it is in this attempt.
    Renamed(&'static str),
}

/// The mask of a field.
pub(super) fn mask(form: &FormReading, field: &Field, line: &[u8]) -> Mask {
    let test = form.name.contains("_test_info");
    match field.name {
        // What an answer to `=?` says is a range, not a value.
        _ if test => Mask::None,
        // Functions 1 to 3 of QMMSEDIT hold recipients; 4 is the title, 5 the attachments.
        "optstring" if recipient(form, line) => Mask::Renamed("recipient"),
        name if VOLATILE.contains(&name) || IDENTITY.contains(&name) => Mask::Volatile,
        name if RENAMED.contains(&name) => Mask::Renamed(name),
        _ => Mask::None,
    }
}

fn recipient(form: &FormReading, line: &[u8]) -> bool {
    let function = form.field("function").and_then(|span| line.get(span.range()));
    form.name.starts_with("qmmsedit_") && matches!(function, Some(b"1" | b"2" | b"3"))
}

/// The names that values got in one attempt.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<(&'static str, Vec<u8>), usize>);

impl Names {
    /// `recipient 1 (11 digits)`: which of its kind, in the order of first appearance, and its shape.
    pub(super) fn name(&mut self, kind: &'static str, value: &[u8]) -> String {
        let next = self.0.keys().filter(|(known, _)| *known == kind).count() + 1;
        let number = *self.0.entry((kind, value.to_vec())).or_insert(next);
        format!("{kind} {number} ({})", shape(value))
    }
}

/// What format-preserving redaction keeps: runs of digits and letters with their lengths, and everything else as it stands.
fn shape(value: &[u8]) -> String {
    let kind = |byte: u8| match byte {
        b'0'..=b'9' => b'9',
        b'a'..=b'z' | b'A'..=b'Z' => b'x',
        other => other,
    };
    let mut shape = String::new();
    let mut rest = value;
    while let Some(&first) = rest.first() {
        let run = rest.iter().take_while(|&&byte| kind(byte) == kind(first)).count();
        match kind(first) {
            b'9' => drop(write!(shape, "{run} digits")),
            b'x' => drop(write!(shape, "{run} letters")),
            _ => shape.push_str(&crate::escape::escaped(rest.get(..run).unwrap_or_default())),
        }
        rest = rest.get(run..).unwrap_or_default();
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::{IDENTITY, Names, RENAMED, VOLATILE};

    /// A mask for a field that the grammar does not have would be a slip of the pen.
    #[test]
    fn every_masked_field_is_one_of_the_grammars() {
        for field in VOLATILE.iter().chain(&RENAMED).chain(&IDENTITY).chain(&["optstring"]) {
            let fits =
                |rule: &str| rule == format!("p_{field}") || rule.starts_with(&format!("p_{field}_of_"));
            assert!(ec20_grammar::rules().iter().any(|rule| fits(rule.name)), "{field}");
        }
    }

    #[test]
    fn a_name_keeps_which_it_is_and_its_shape() {
        let mut names = Names::default();
        assert_eq!(names.name("recipient", b"13856122546"), "recipient 1 (11 digits)");
        assert_eq!(
            names.name("recipient", b"a.b@example.com"),
            "recipient 2 (1 letters.1 letters@7 letters.3 letters)"
        );
        assert_eq!(names.name("recipient", b"13856122546"), "recipient 1 (11 digits)");
        assert_eq!(names.name("imei", b"13856122546"), "imei 1 (11 digits)");
    }
}

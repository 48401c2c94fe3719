//! No rule without a clause, a sentence, an accepting and a refusing row, in each strictness it stands in.

use ec20_grammar::{RuleInfo, Strictness, rules};

use crate::rows;

/// Rules that take anything of their kind, even nothing, at the beginning of any input: nothing can be refused by them alone.
const TAKE_NOTHING: [&str; 10] = [
    "gap",
    "edge",
    "shut",
    "cell",
    "tracking",
    "gprs_profile_set",
    "umts_profile_set",
    "content",
    "smart_content",
    "done",
];

fn strictnesses(rule: &RuleInfo) -> Vec<Strictness> {
    rule.strictness.map_or_else(|| vec![Strictness::Canonical, Strictness::Tolerant], |one| vec![one])
}

#[test]
fn every_rule_has_a_clause_and_a_sentence() {
    let bare: Vec<_> = rules().iter().filter(|rule| rule.clause.is_empty() || rule.doc.is_empty()).collect();
    assert!(bare.is_empty(), "{bare:#?}");
}

#[test]
fn every_rule_has_accepting_and_refusing_rows() {
    let rows = rows::all();
    let mut missing = Vec::new();
    for rule in rules() {
        for strictness in strictnesses(rule) {
            for accepts in [true, false] {
                let has = rows.iter().any(|row| {
                    row.rule == rule.name && row.accepts == accepts && row.strictnesses.contains(&strictness)
                });
                if !has && (accepts || !TAKE_NOTHING.contains(&rule.name)) {
                    missing.push(format!("{} {strictness:?} {}", rule.name, if accepts { "+" } else { "-" }));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{} rows missing:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn every_row_names_a_rule() {
    let unknown: Vec<String> = rows::all()
        .into_iter()
        .filter(|row| !rules().iter().any(|rule| rule.name == row.rule))
        .map(|row| format!("{}: {}", row.at, row.rule))
        .collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
}

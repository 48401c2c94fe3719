//! No rule without a clause and a sentence, no row without a rule.

use ec20_grammar::rules;

use crate::rows;

#[test]
fn every_rule_has_a_clause_and_a_sentence() {
    let bare: Vec<_> = rules().iter().filter(|rule| rule.clause.is_empty() || rule.doc.is_empty()).collect();
    assert!(bare.is_empty(), "{bare:#?}");
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

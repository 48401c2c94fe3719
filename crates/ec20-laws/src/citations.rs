//! Every clause that a rule of the grammar or an error of the parser cites is in the catalogue.

use ec20_at::{Dialect, Unit, read_unit};
use ec20_grammar::rules;
use ec20_manual::Catalogue;

/// The clauses of the grammar's rules.
pub fn grammar_cites_known_clauses() {
    let unknown: Vec<String> = rules()
        .iter()
        .filter(|rule| Catalogue::manual().clause(rule.clause).is_none())
        .map(|rule| format!("{} of {} cites {}", rule.name, rule.file, rule.clause))
        .collect();
    assert!(
        unknown.is_empty(),
        "{} rules cite no clause of the catalogue:\n{}",
        unknown.len(),
        unknown.join("\n")
    );
}

/// The clause of whatever error the parser has for these bytes.
pub fn parser_cites_known_clauses(bytes: &[u8]) {
    for unit in [Unit::CommandLine, Unit::Information, Unit::Urc, Unit::Final, Unit::InformationOf("s3")] {
        let Err(error) = read_unit(unit, Dialect::CANONICAL, bytes, |_| {}) else { continue };
        if let Some(clause) = error.clause {
            assert!(
                Catalogue::manual().clause(clause).is_some(),
                "{clause}, cited for {}, is not in the catalogue",
                bytes.escape_ascii()
            );
        }
    }
}

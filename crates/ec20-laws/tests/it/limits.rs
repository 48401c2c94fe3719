//! The laws that need no input: limits and citations.

use ec20_laws::{citations, limits};

#[test]
fn limits_hold_one_below_and_one_above() {
    for probe in limits::PROBES {
        limits::limit_holds(probe);
    }
}

#[test]
fn no_limit_goes_unprobed() {
    limits::every_limit_is_probed();
}

#[test]
fn published_limits_are_the_catalogues() {
    limits::published_limits_are_the_catalogues();
}

#[test]
fn character_sets_are_the_catalogues() {
    limits::words_are_the_catalogues();
}

#[test]
fn the_grammar_cites_known_clauses() {
    citations::grammar_cites_known_clauses();
}

//! Help texts that name what there is: areas, effects, needs. They are made from the catalogue and the suite's list of needs, so
//! that they cannot grow stale.

use std::collections::BTreeSet;

use ec20_manual::{Catalogue, Effect};
use ec20_suite::suite::NEEDS;

/// The areas: the first words of the clauses' ids.
fn areas() -> String {
    let clauses = Catalogue::manual().clauses().iter();
    let areas: BTreeSet<String> = clauses.map(ec20_manual::Clause::area).collect();
    areas.into_iter().collect::<Vec<_>>().join(", ")
}

fn effects() -> String {
    Effect::ALL.map(Effect::name).join(", ")
}

/// `--filter`.
pub(super) fn filter() -> String {
    format!(
        "Which cases: id globs, clause:GLOB, section:GLOB, area:WORD ({}), level:WORD (must, should), effect:WORD ({}), need:WORD ({}), \
         joined by and, or, not, parentheses; given twice, both must hold",
        areas(),
        effects(),
        NEEDS.join(", ")
    )
}

/// `--offer`.
pub(super) fn offer() -> String {
    format!(
        "What this bench offers beyond what a run finds out by reading: {}, or a word of your own",
        NEEDS.join(", ")
    )
}

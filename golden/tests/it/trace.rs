//! The table of traceability, `golden/TRACE.md`: it is up to date, and nothing is missing in it.
//!
//! Knows what became of the mutants and for which clauses there can be none; how the table is made, `ec20-suite` knows.

use ec20_suite::trace::{Fate, Mutant, Mutants, Trace};

use crate::power::{self, SURVIVORS};
use crate::suite::assembled;

/// Clauses that no module can break so that a run shows it, each with the reason.
const NONE: &[(&str, &str)] = &[
    ("CORE-CMS", "no command that is asked answers with an error of short messages"),
    ("CORE-BOOT", UNSOLICITED),
    ("CORE-RING", UNSOLICITED),
    ("CORE-CMTI", UNSOLICITED),
    ("BEARER-PDPDEACT", UNSOLICITED),
];
const UNSOLICITED: &str =
    "what comes unasked changes no verdict, known or not; the readings and the linter hold its form";

fn mutants() -> Mutants {
    let all = power::fates().iter().map(|(mutant, fate)| {
        let excuse = SURVIVORS.iter().find(|(id, ..)| *id == mutant.id);
        let fate = match (fate, excuse) {
            (power::Fate::Killed(case), _) => Fate::FoundBy(case.clone()),
            (_, Some((_, why, reason))) => Fate::Excused(format!("{}; {reason}", why.word())),
            (power::Fate::Survived(..), None) => Fate::Survives,
        };
        let (id, clause) = (mutant.id.clone(), mutant.clause.clone());
        Mutant { id, clause, origin: mutant.origin.word().to_owned(), fate }
    });
    let none = NONE.iter().map(|(clause, reason)| ((*clause).to_owned(), (*reason).to_owned()));
    Mutants { all: all.collect(), none: none.collect() }
}

/// `EC20_TRACE=write cargo test -p ec20-golden trace` writes the table.
#[test]
fn trace_table_is_up_to_date_and_without_gaps() {
    let mutants = mutants();
    let suite = assembled();
    let trace = Trace::of(&suite, &mutants);
    let (table, findings) = (trace.to_string(), trace.findings());
    if std::env::var_os("EC20_TRACE").is_some_and(|word| word == "write") {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/TRACE.md"), &table)
            .expect("the table is written");
    } else {
        let stale =
            "golden/TRACE.md is not what the tests find: EC20_TRACE=write cargo test -p ec20-golden trace";
        assert!(table == ec20_golden::TRACE, "{stale}");
    }
    assert!(findings.is_empty(), "{} findings:\n  {}", findings.len(), findings.join("\n  "));
}

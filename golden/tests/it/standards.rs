//! What is wrong with a message that arrived is told by its own clause; a breach of a standard fails no case about something else.
//!
//! Knows which mutants break a standard: those of clauses by WAP-209, WAP-230 and RFC 2616. A failure elsewhere is mended in the suite.

use ec20_laws::mutants::{self, Mutant};
use ec20_laws::virtual_bench::{Conditions, run};
use ec20_manual::Catalogue;
use ec20_suite::suite::{Case, Suite};
use ec20_suite::verdict::Verdict;

use crate::asked::{bench, held_against, suite};

/// The standards that the manual names, and that of the encoding below them.
const STANDARDS: [&str; 3] = ["WAP-209", "WAP-230", "RFC 2616"];

/// A far end that cannot tell where a body ends takes no message: then no case gets as far as what it asks.
const REFUSED: &str = "SEND-HTTP-LENGTH";

fn breaks_a_standard(mutant: &Mutant) -> bool {
    let clause =
        Catalogue::manual().clause(&mutant.clause).expect("a mutant breaks a clause of the catalogue");
    STANDARDS.contains(&clause.source.as_str()) && clause.id != REFUSED
}

/// The cases that look at what arrives.
fn looking(suite: &Suite) -> Vec<Case> {
    suite.cases().iter().filter(|case| case.needs.contains("mmsc-capture")).cloned().collect()
}

#[test]
fn a_breach_of_a_standard_fails_the_cases_that_ask_for_it_and_no_other() {
    let suite = suite();
    let cases = looking(&suite);
    let mut wrong = Vec::new();
    let mutants: Vec<Mutant> = mutants::all().into_iter().filter(breaks_a_standard).collect();
    assert!(mutants.len() > 10, "{} mutants", mutants.len());
    for mutant in mutants {
        let events = run(&mutant.profile(), cases.clone(), bench(&suite), &Conditions::default());
        let asks = |id: &str| cases.iter().any(|case| case.id == id && case.clauses.contains(&mutant.clause));
        // Every failure is of the mutant's clause, in a case that asks for it; and every such case fails but for rows that cannot show it.
        let elsewhere = held_against(&events, |end| {
            end.verdict >= Verdict::Fail && !(asks(&end.case) && end.clause.as_ref() == Some(&mutant.clause))
        });
        wrong.extend(elsewhere.into_iter().map(|line| format!("{}: {line}", mutant.id)));
        let found = held_against(&events, |end| end.verdict == Verdict::Fail && asks(&end.case));
        if found.is_empty() {
            wrong.push(format!("{}: no case of {} fails", mutant.id, mutant.clause));
        }
    }
    assert!(wrong.is_empty(), "{}:\n  {}", wrong.len(), wrong.join("\n  "));
}

/// Faults that two clauses tell of, and the other one of the two.
const TWOFOLD: &[(&str, &str)] = &[
    ("send-arrives-to-as-cc", "SEND-ARRIVES-CC"),
    ("send-arrives-cc-as-bcc", "SEND-ARRIVES-BCC"),
    ("blind-send-arrives-bcc-as-cc", "SEND-ARRIVES-CC"),
    // A request to the message centre itself names no URL.
    ("send-arrives-proxy-not-used", "SEND-HTTP-TARGET"),
];

#[test]
fn what_arrives_amiss_is_told_by_its_own_clause() {
    let suite = suite();
    let cases = looking(&suite);
    let mut wrong = Vec::new();
    for mutant in mutants::all().into_iter().filter(|mutant| mutant.clause.starts_with("SEND-ARRIVES-")) {
        let events = run(&mutant.profile(), cases.clone(), bench(&suite), &Conditions::default());
        let elsewhere = held_against(&events, |end| {
            let clause = end.clause.as_deref().unwrap_or_default();
            let amiss = end.cause.as_ref().is_some_and(|cause| cause.starts_with("what arrived"));
            amiss && clause != mutant.clause && !TWOFOLD.contains(&(mutant.id.as_str(), clause))
        });
        wrong.extend(elsewhere.into_iter().map(|line| format!("{}: {line}", mutant.id)));
    }
    assert!(wrong.is_empty(), "{}:\n  {}", wrong.len(), wrong.join("\n  "));
}

//! The suite's power: each module that breaks a clause is found out by a case of that clause.
//!
//! Knows how a mutant is asked and which mutants cannot be told from a faithful module. A mutant that survives is
//! answered by a sharper transcript, never here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};

use ec20_laws::mutants::{self, Mutant, Origin};
use ec20_laws::virtual_bench::{Conditions, run};
use ec20_manual::Catalogue;
use ec20_suite::journal::Event;
use ec20_suite::suite::{Case, Suite};
use ec20_suite::trace::THE_RUN;
use ec20_suite::verdict::Verdict;

use crate::asked::{bench, suite};

/// Why a mutant is not found out by a case of its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// It breaks no promise: nothing that the manual says tells it from a faithful module.
    Equivalent,
    /// The run ends `broken`: to the bench it is a module that is not there.
    Broken,
    /// It fails by other clauses; its own is held against nothing yet.
    Elsewhere,
}

impl Why {
    /// The word for a table.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Equivalent => "equivalent",
            Self::Broken => "broken",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// Whether the worst verdict that the mutant's cases came to is what the reason says.
    fn expects(self, worst: Verdict) -> bool {
        match self {
            Self::Broken => worst == Verdict::Broken,
            Self::Elsewhere => worst >= Verdict::Fail,
            Self::Equivalent => worst < Verdict::Fail,
        }
    }
}

/// The mutants that survive, each with the reason. What stands here and is found out is stale.
pub(crate) const SURVIVORS: &[(&str, Why, &str)] = &[
    (
        "cfg-proxy-gateway-length-refuse-high",
        Why::Equivalent,
        "51 bytes that are no address are refused as no address",
    ),
    (
        "edit-filename-length-refuse-high",
        Why::Equivalent,
        "no file can have so long a name, so that it is refused as missing",
    ),
    ("send-mmsrsp-letters-lost", Why::Equivalent, "which words stand in the third field is an unknown"),
    ("send-arrives-attachments-reversed", Why::Equivalent, "the order of the parts is not promised"),
    ("send-arrives-to-reversed", Why::Equivalent, "the order of the addresses on the wire is not promised"),
    ("send-arrives-cc-reversed", Why::Equivalent, "the order of the addresses on the wire is not promised"),
    ("send-arrives-bcc-reversed", Why::Equivalent, "the order of the addresses on the wire is not promised"),
    ("v250-command-line-refused", Why::Broken, "the runner's own witness is AT"),
    ("v250-command-line-silent", Why::Broken, "the runner's own witness is AT"),
    (
        "core-atv-done-but-refused",
        Why::Broken,
        "it speaks numbers after it refused to, so that nothing is read any more",
    ),
    ("v250-result-code-small-ok", Why::Broken, "no result is ever read"),
    (
        "v250-result-code-unknown-error",
        Why::Elsewhere,
        "a word in capitals passes for an announcement; the refusal is missed",
    ),
    ("v250-info-line-fields-missing", Why::Elsewhere, "the transcript holds the line against its form first"),
    ("v250-info-text-cr-inside", Why::Elsewhere, "the transcript holds the line against its form first"),
];

/// Of how many cases one is asked for a standing clause, which every case may find broken.
const STANDING_SAMPLE: usize = 8;

/// Cases that a standing clause is always asked with: they use the forms that its mutants spoil.
const ALWAYS: &[&str] = &["cfg-contextid-query", "core-echo", "core-verbose"];

/// What became of a mutant.
pub(crate) enum Fate {
    /// Found out by this case, or by its clause standing over this case.
    Killed(String),
    /// Not found out by its own clause; what the cases came to otherwise, and the worst verdict among them.
    Survived(Vec<String>, Verdict),
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Killed(case) => write!(f, "killed by {case}"),
            Self::Survived(others, _) => write!(f, "survived: {}", others.join(" | ")),
        }
    }
}

/// Clause → the transcripts that speak of it: in their front matter, or at a line.
fn named() -> &'static BTreeMap<String, BTreeSet<String>> {
    static NAMED: LazyLock<BTreeMap<String, BTreeSet<String>>> = LazyLock::new(|| {
        let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for transcript in suite().transcripts() {
            let text = ec20_golden::transcripts().iter().find(|(file, _)| *file == transcript.file);
            let lines = text.into_iter().flat_map(|(_, text)| text.lines());
            let marked = lines.flat_map(|line| line.split(" #").skip(1)).map(|id| id.trim().to_owned());
            for clause in transcript.clauses.iter().map(|clause| clause.value.clone()).chain(marked) {
                named.entry(clause).or_default().insert(transcript.id.clone());
            }
        }
        named
    });
    &NAMED
}

/// The cases that name a clause; for a standing one also a sample of all.
pub(crate) fn cases_of(suite: &Suite, clause: &str) -> Vec<Case> {
    let standing = Catalogue::manual().clause(clause).is_some_and(|clause| clause.standing);
    let sampled = |at: usize, case: &Case| {
        standing && (at.is_multiple_of(STANDING_SAMPLE) || ALWAYS.contains(&case.id.as_str()))
    };
    let names = named().get(clause);
    let cases = suite.cases().iter().enumerate();
    cases
        .filter(|(at, case)| {
            sampled(*at, case) || names.is_some_and(|names| names.contains(&case.transcript.id))
        })
        .map(|(_, case)| case.clone())
        .collect()
}

fn fate(suite: &Suite, mutant: &Mutant) -> Fate {
    let cases = cases_of(suite, &mutant.clause);
    let conditions = Conditions { noise: mutant.clause == "V250-URC", ..Conditions::default() };
    let events = run(&mutant.profile(), cases, bench(suite), &conditions);
    let mut others = Vec::new();
    let mut worst = Verdict::Pass;
    // A case that asks for the clause has found the mutant out at whichever of its lines it fails.
    let asks = |id: &str| {
        let case = suite.cases().iter().find(|case| case.id == id);
        case.and_then(|case| case.clauses.first()) == Some(&mutant.clause)
    };
    for event in &events {
        if let Event::CaseEnd(end) = event {
            worst = worst.max(end.verdict);
        }
        match event {
            Event::CaseEnd(end) if end.verdict == Verdict::Fail => {
                if end.clause.as_ref() == Some(&mutant.clause) || asks(&end.case) {
                    return Fate::Killed(end.case.clone());
                }
                others.push(format!("{} fails {:?}", end.case, end.clause));
            }
            Event::CaseEnd(end) if !matches!(end.verdict, Verdict::Pass | Verdict::Observed) => {
                others.push(format!("{} {} {:?}", end.case, end.verdict.word(), end.cause));
            }
            Event::NotAsked { why, reason, .. } => {
                if why.is_of_the_bench() {
                    worst = worst.max(Verdict::Broken);
                }
                others.push(format!("the rest is not asked: {reason}"));
            }
            Event::Breach { clause, case, .. } => {
                let case = case.clone().unwrap_or_else(|| THE_RUN.to_owned());
                if *clause == mutant.clause || asks(&case) {
                    return Fate::Killed(case);
                }
                others.push(format!("breach of {clause} in {case}"));
            }
            _ => {}
        }
    }
    Fate::Survived(others, worst)
}

/// All mutants and what became of each: asked once, for all tests that want to know.
pub(crate) fn fates() -> &'static [(Mutant, Fate)] {
    static FATES: LazyLock<Vec<(Mutant, Fate)>> = LazyLock::new(|| {
        let suite = suite();
        let mutants = mutants::all();
        let next = AtomicUsize::new(0);
        let fates = Mutex::new(BTreeMap::new());
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while let Some((at, mutant)) = {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        mutants.get(at).map(|mutant| (at, mutant))
                    } {
                        let fate = fate(&suite, mutant);
                        fates.lock().expect("no thread has panicked").insert(at, fate);
                    }
                });
            }
        });
        mutants.into_iter().zip(fates.into_inner().expect("no thread has panicked").into_values()).collect()
    });
    &FATES
}

#[test]
fn every_mutant_is_found_out_by_a_case_of_its_own_clause() {
    let fates = fates();
    let reasons: BTreeMap<&str, (Why, &str)> =
        SURVIVORS.iter().map(|(id, why, reason)| (*id, (*why, *reason))).collect();
    let mut wrong = Vec::new();
    for (mutant, fate) in fates {
        match (fate, reasons.get(mutant.id.as_str())) {
            (Fate::Killed(_), None) => {}
            (Fate::Survived(_, worst), Some((why, _))) if why.expects(*worst) => {}
            (_, reason) => wrong.push(format!("{} {fate}; listed as {reason:?}", mutant.id)),
        }
    }
    let gone = reasons.keys().filter(|id| !fates.iter().any(|(mutant, _)| mutant.id == **id));
    wrong.extend(gone.map(|id| format!("{id} is listed as a survivor and is no mutant")));
    for origin in [Origin::Generated, Origin::Written, Origin::Blind] {
        let of = fates.iter().filter(|(mutant, _)| mutant.origin == origin);
        let killed = of.clone().filter(|(_, fate)| matches!(fate, Fate::Killed(_))).count();
        println!("{}: {killed} of {} killed", origin.word(), of.count());
    }
    assert!(fates.len() >= 150, "{} mutants", fates.len());
    assert!(wrong.is_empty(), "{} wrong:\n  {}", wrong.len(), wrong.join("\n  "));
}

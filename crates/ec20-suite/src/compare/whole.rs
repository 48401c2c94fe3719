//! What two runs are as a whole: their heads, what a reader must know first, standing clauses, answers to unknowns.
//!
//! It does not know cases.

use std::collections::{BTreeMap, BTreeSet};

use super::reading::{Reader, Spoken};
use super::{Side, StandingComparison, UnknownComparison, case};
use crate::escape::unescaped;
use crate::recorded::{Class, Observation, Recorded};

pub(super) fn side(label: &str, run: &Recorded) -> Side {
    Side {
        label: label.to_owned(),
        firmware: run.firmware().map(str::to_owned),
        port: run.run.port.clone(),
        simulated: run.run.is_simulated(),
        started: run.run.started.clone(),
        version: run.run.version.clone(),
        suite_hash: run.run.suite_hash.clone(),
        cases: run.cases.len(),
        repetitions: run.cases.iter().map(|case| case.attempts.len()).max().unwrap_or(0),
    }
}

pub(super) fn remarks(side_a: &Side, a: &Recorded, side_b: &Side, b: &Recorded) -> Vec<String> {
    let mut remarks = Vec::new();
    if side_a.suite_hash != side_b.suite_hash {
        let short = |side: &Side| side.suite_hash.get(..12).unwrap_or(&side.suite_hash).to_owned();
        remarks.push(format!(
            "the suites differ: A asked suite {}, B asked suite {}; a difference may be the question's",
            short(side_a),
            short(side_b)
        ));
    }
    if side_a.version != side_b.version {
        remarks.push(format!("A was run by version {}, B by version {}", side_a.version, side_b.version));
    }
    if side_a.firmware.is_some() && side_a.firmware == side_b.firmware {
        remarks.push("both runs are of one firmware".to_owned());
    }
    for (name, run) in [("A", a), ("B", b)] {
        match &run.end {
            None => remarks.push(format!("{name} was killed before its end")),
            Some(end) => {
                let reason = end.interrupted.as_ref();
                remarks.extend(reason.map(|reason| format!("{name} was interrupted: {reason}")));
            }
        }
    }
    remarks
}

pub(super) fn standing(a: &Recorded, b: &Recorded) -> Vec<StandingComparison> {
    let find = |run: &Recorded, clause: &str| run.standing.iter().find(|one| one.clause == clause).cloned();
    let clauses: BTreeSet<&str> =
        a.standing.iter().chain(&b.standing).map(|one| one.clause.as_str()).collect();
    let compared = |clause: &str| {
        let (a, b) = (find(a, clause), find(b, clause));
        let (verdict_a, verdict_b) = (a.as_ref().map(|one| one.verdict), b.as_ref().map(|one| one.verdict));
        let breaches = a.iter().chain(&b).flat_map(|one| &one.breaches);
        let evidence =
            breaches.map(|breach| format!("expected {}, came {}", breach.expected, breach.came)).min();
        StandingComparison {
            clause: clause.to_owned(),
            a: verdict_a,
            b: verdict_b,
            change: case::turned(verdict_a, verdict_b),
            evidence,
            waiver: None,
        }
    };
    clauses.into_iter().map(compared).collect()
}

pub(super) fn unknowns(a: &Recorded, b: &Recorded) -> Vec<UnknownComparison> {
    let (seen_a, seen_b) = (a.observed(), b.observed());
    let ids: BTreeSet<&str> = seen_a.keys().chain(seen_b.keys()).copied().collect();
    let manual = ec20_manual::Catalogue::manual();
    let compared = |id: &str| {
        let (a, b) = (meanings(seen_a.get(id)), meanings(seen_b.get(id)));
        UnknownComparison {
            unknown: id.to_owned(),
            question: manual.unknown(id).map(|unknown| unknown.question.clone()).unwrap_or_default(),
            differs: !a.keys().eq(b.keys()),
            a: a.into_values().collect(),
            b: b.into_values().collect(),
        }
    };
    ids.into_iter().map(compared).collect()
}

/// The answers to an unknown by what they are compared by: the name, or what the grammar reads in lines that nobody knew. Each with its
/// words.
fn meanings(seen: Option<&Vec<&Observation>>) -> BTreeMap<(String, Vec<Spoken>), String> {
    let mut meanings = BTreeMap::new();
    for one in seen.into_iter().flatten() {
        let other = one.answer == "other";
        let mut reader = Reader::new();
        reader.command(&one.command);
        let spoken = |line: &String| {
            let bytes = unescaped(line).unwrap_or_else(|_| line.as_bytes().to_vec());
            reader.line(Class::Information, &bytes).spoken
        };
        let lines = if other { one.raw.iter().map(spoken).collect() } else { Vec::new() };
        let words = || if other { one.raw.join(" ") } else { one.answer.clone() };
        meanings.entry((one.answer.clone(), lines)).or_insert_with(words);
    }
    meanings
}

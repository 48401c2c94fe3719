//! One case in two runs: its verdicts, its dialogues over all attempts, its times.
//!
//! It knows repetitions: what wavers in both runs is no difference, what wavers in one is. It does not know other cases.

use std::collections::{BTreeMap, BTreeSet};

use super::trace::{Heard, Trace};
use super::{CaseComparison, Change, Difference, Outcome, difference, timing};
use crate::escape::escaped;
use crate::recorded::Case;
use crate::verdict::Verdict;

/// What the whole comparison tells each case.
pub(super) struct Whole<'a> {
    pub(super) rule: timing::Rule,
    /// How many times are compared in all.
    pub(super) comparisons: usize,
    /// The rules of lines that passed by anywhere, in A and in B.
    pub(super) passed: &'a [BTreeSet<&'a str>; 2],
}

/// The attempts of one case in one run, read.
pub(super) struct Told {
    heard: Vec<Heard>,
    /// Each different dialogue with the attempts that had it.
    dialogues: BTreeMap<Trace, Vec<usize>>,
}

/// A question within a case: its command line, and which of its kind.
type Question = (String, usize);

impl Told {
    pub(super) fn of(case: &Case) -> Self {
        // Only attempts that came to a decision have a dialogue that was played to its end.
        let decided = |verdict: Verdict| verdict.decided();
        let attempts = case.attempts.iter();
        let attempts =
            attempts.filter(|attempt| attempt.end.as_ref().is_some_and(|end| decided(end.verdict)));
        let heard: Vec<Heard> = attempts.map(Heard::of).collect();
        let mut dialogues: BTreeMap<Trace, Vec<usize>> = BTreeMap::new();
        for (at, one) in heard.iter().enumerate() {
            dialogues.entry(one.trace()).or_default().push(at);
        }
        Self { heard, dialogues }
    }

    /// The rules of lines that passed by.
    pub(super) fn passed(&self) -> impl Iterator<Item = &str> {
        self.heard.iter().flat_map(|heard| heard.passed.iter().map(String::as_str))
    }

    /// The dialogue that most attempts had.
    fn usual(&self) -> Option<&Heard> {
        let most = self.dialogues.values().max_by_key(|attempts| attempts.len())?;
        self.heard.get(*most.first()?)
    }

    /// How long each question took, over all attempts.
    fn times(&self) -> BTreeMap<Question, (String, Vec<u64>)> {
        let mut times: BTreeMap<Question, (String, Vec<u64>)> = BTreeMap::new();
        for heard in &self.heard {
            let mut seen: BTreeMap<String, usize> = BTreeMap::new();
            for turn in &heard.turns {
                let values = turn.command.spoken.fields.iter().map(|field| field.value.as_str());
                let key: Vec<_> = [turn.command.spoken.rule.as_str()].into_iter().chain(values).collect();
                let key = key.join(" ");
                let number = seen.entry(key.clone()).or_default();
                *number += 1;
                if let Some(took_us) = turn.took_us {
                    let text = || (escaped(&turn.command.text), Vec::new());
                    times.entry((key, *number)).or_insert_with(text).1.push(took_us);
                }
            }
        }
        times
    }
}

/// Times of one question in both runs.
pub(super) struct Timed {
    command: String,
    a: Vec<u64>,
    b: Vec<u64>,
}

/// The questions that both asked, with their times.
pub(super) fn timed(a: &Told, b: &Told) -> impl Iterator<Item = Timed> {
    let mut of_b = b.times();
    a.times().into_iter().filter_map(move |(question, (command, a))| {
        let (other, b) = of_b.remove(&question)?;
        // Both texts are one question; which of them is shown must not depend on which run is named first.
        Some(Timed { command: command.min(other), a, b })
    })
}

/// Compares one case.
pub(super) fn compare(
    (case_a, a): (&Case, &Told),
    (case_b, b): (&Case, &Told),
    whole: &Whole<'_>,
) -> CaseComparison {
    let (outcome_a, outcome_b) = (outcome(case_a, a), outcome(case_b, b));
    let mut compared = CaseComparison {
        case: case_a.planned.case.clone(),
        title: case_a.planned.title.clone(),
        clauses: case_a.planned.clauses.iter().map(|clause| clause.id.clone()).collect(),
        changes: BTreeSet::new(),
        differences: Vec::new(),
        dialogue: Vec::new(),
        asked_a: Vec::new(),
        asked_b: Vec::new(),
        wavers: (outcome_a.flaky && outcome_b.flaky) || (a.dialogues.len() > 1 && b.dialogues.len() > 1),
        a: outcome_a,
        b: outcome_b,
    };
    compared.judge();
    compared.hear(a, b);
    compared.pass(a, b, whole.passed);
    compared.time(a, b, whole);
    compared.changes.extend(compared.differences.iter().map(|one| one.change));
    if compared.changes.is_empty() {
        compared.dialogue.clear();
    }
    compared
}

/// How a verdict turned. Pass and observed are both promises kept.
pub(super) fn turned(a: Option<Verdict>, b: Option<Verdict>) -> Option<Change> {
    let decided = |verdict: Option<Verdict>| verdict.is_some_and(Verdict::decided);
    match (decided(a), decided(b)) {
        (false, false) => None,
        (true, true) => match (a == Some(Verdict::Fail), b == Some(Verdict::Fail)) {
            (false, true) => Some(Change::Broke),
            (true, false) => Some(Change::Fixed),
            _ => None,
        },
        _ => Some(Change::Undecided),
    }
}

fn outcome(case: &Case, told: &Told) -> Outcome {
    let settled = case.settled();
    let end = case.telling().and_then(|attempt| attempt.end.as_ref());
    let evidence = end.filter(|end| end.verdict == Verdict::Fail).map(|end| {
        let came = end.came.as_deref().unwrap_or("nothing");
        format!("expected {}, came {came}", end.expected.join(" or "))
    });
    let mut tally = BTreeMap::new();
    for end in case.attempts.iter().filter_map(|attempt| attempt.end.as_ref()) {
        *tally.entry(end.verdict.word()).or_default() += 1;
    }
    Outcome {
        verdict: settled.map(|(verdict, _)| verdict),
        flaky: settled.is_some_and(|(_, flaky)| flaky),
        cause: end.and_then(|end| end.cause.clone()),
        came: end.filter(|end| end.verdict == Verdict::Fail).and_then(|end| end.came.clone()),
        evidence,
        attempts: case.attempts.len(),
        tally,
        dialogues: told.dialogues.len(),
        waiver: None,
    }
}

impl CaseComparison {
    /// Its classes of change, the gravest first; `same` where it has none.
    pub(super) fn words(&self) -> Vec<&'static str> {
        if self.changes.is_empty() {
            return vec!["same"];
        }
        self.changes.iter().rev().map(|change| change.word()).collect()
    }

    fn judge(&mut self) {
        let change = match (self.a.flaky, self.b.flaky) {
            (true, true) => None,
            (false, false) => turned(self.a.verdict, self.b.verdict),
            _ => Some(Change::Unstable),
        };
        if let Some(change) = change {
            let words = |outcome: &Outcome| {
                let verdict = outcome.verdict.map_or("never ended", Verdict::word);
                let cause =
                    outcome.cause.as_ref().filter(|_| !matches!(outcome.verdict, Some(Verdict::Fail)));
                if outcome.flaky {
                    let tally = outcome.tally.iter().map(|(word, count)| format!("{count} {word}"));
                    return Some(format!("flaky ({})", tally.collect::<Vec<_>>().join(", ")));
                }
                Some(cause.map_or_else(|| verdict.to_owned(), |cause| format!("{verdict} ({cause})")))
            };
            let mut evidence: Vec<_> = self.a.evidence.iter().chain(&self.b.evidence).cloned().collect();
            evidence.sort();
            let note = (!evidence.is_empty()).then(|| evidence.join("; "));
            let (a, b) = (words(&self.a), words(&self.b));
            self.differences.push(Difference { a, b, note, ..Difference::of(change) });
        }
    }

    /// The dialogues.
    fn hear(&mut self, a: &Told, b: &Told) {
        let (Some(usual_a), Some(usual_b)) = (a.usual(), b.usual()) else { return };
        let (one_a, one_b) = (a.dialogues.len() == 1, b.dialogues.len() == 1);
        if one_a && one_b && a.dialogues.keys().eq(b.dialogues.keys()) {
            return;
        }
        let failed = self.a.verdict == Some(Verdict::Fail) || self.b.verdict == Some(Verdict::Fail);
        let found = difference::between(usual_a, usual_b, failed);
        match (one_a, one_b) {
            // It wavers in both: whatever differs between two of its attempts, the same firmware does too.
            (false, false) => return,
            (true, true) => self.differences.extend(found.differences),
            _ => {
                let words = |told: &Told| {
                    let counts = told.dialogues.values().map(|attempts| attempts.len().to_string());
                    match told.dialogues.len() {
                        1 => Some("one dialogue".to_owned()),
                        many => Some(format!(
                            "{many} dialogues ({} times)",
                            counts.collect::<Vec<_>>().join(" + ")
                        )),
                    }
                };
                let (a, b) = (words(a), words(b));
                self.differences.push(Difference { a, b, ..Difference::of(Change::Unstable) });
            }
        }
        self.dialogue = found.rows;
        // A dialogue that a failure ends early asks less: the verdict says that already.
        if self.a.verdict == self.b.verdict && self.a.verdict != Some(Verdict::Fail) {
            self.asked_a = found.asked_a;
            self.asked_b = found.asked_b;
        }
    }

    /// Lines that passed by: new is what the other run has nowhere.
    fn pass(&mut self, a: &Told, b: &Told, [of_a, of_b]: &[BTreeSet<&str>; 2]) {
        let count = |told: &Told, rule: &str| {
            let with = told.heard.iter().filter(|heard| heard.passed.contains(rule)).count();
            Some(format!("in {with} of {} attempts", told.heard.len()))
        };
        let rules: BTreeSet<&str> = a.passed().chain(b.passed()).collect();
        for rule in rules {
            let change = match (of_a.contains(rule), of_b.contains(rule)) {
                (true, false) => Change::LostUrc,
                (false, true) => Change::NewUrc,
                _ => continue,
            };
            let (a, b) = (count(a, rule), count(b, rule));
            self.differences.push(Difference { rule: Some(rule.to_owned()), a, b, ..Difference::of(change) });
        }
    }

    fn time(&mut self, a: &Told, b: &Told, whole: &Whole<'_>) {
        for timed in timed(a, b) {
            let Some(p) = timing::retimed(&whole.rule, whole.comparisons, &timed.a, &timed.b) else {
                continue;
            };
            let words = |times: &[u64]| Some(timing::words(times));
            self.differences.push(Difference {
                command: Some(timed.command),
                a: words(&timed.a),
                b: words(&timed.b),
                note: Some(format!("{}, p = {p:.1e}", timing::TEST)),
                ..Difference::of(Change::Retimed)
            });
        }
    }
}

impl Difference {
    fn of(change: Change) -> Self {
        Self {
            change,
            command: None,
            rule: None,
            rule_b: None,
            field: None,
            a: None,
            b: None,
            row: None,
            note: None,
        }
    }
}

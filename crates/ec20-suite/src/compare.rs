//! Two recorded runs side by side: what is the same, what another firmware says otherwise, and how.
//!
//! It knows the classes of change and how a case gets them: each difference is found by the grammar's rule for a line, never by its text,
//! and values that a network, a bench or a redaction key chose are masked by field (`mask`'s tables). It does not know files, colours or
//! clocks; [`terminal`], [`markdown`], [`html`], [`json`] and [`junit`] print it.
//!
//! Three laws hold: a run compared with itself has no change; comparing B with A is the mirror of comparing A with B; the order of the
//! cases decides nothing.

mod align;
mod case;
mod difference;
pub mod gate;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
mod mask;
pub mod matrix;
mod mirror;
mod reading;
pub mod terminal;
pub mod timing;
mod trace;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::recorded::Recorded;
use crate::verdict::Verdict;
use crate::waiver::Applied;

/// How a case (or a standing clause) differs between two runs, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It answers in another time.
    Retimed,
    /// The same reading in other bytes: blanks, quotes, zeros before a number.
    Reworded,
    /// The same rule with another value in a field.
    Value,
    /// Another number of fields or lines, or another rule.
    Restructured,
    /// Another class of final result, or none.
    #[serde(rename = "class")]
    Result,
    /// A line that comes by itself now and did not.
    NewUrc,
    /// A line that came by itself and does not now.
    LostUrc,
    /// Broken in A, kept in B.
    Fixed,
    /// Decided in one run only.
    Undecided,
    /// Wavers between its attempts in one run only.
    Unstable,
    /// Kept in A, broken in B.
    Broke,
}

impl Change {
    /// All changes, the least first.
    pub const ALL: [Self; 11] = [
        Self::Retimed,
        Self::Reworded,
        Self::Value,
        Self::Restructured,
        Self::Result,
        Self::NewUrc,
        Self::LostUrc,
        Self::Fixed,
        Self::Undecided,
        Self::Unstable,
        Self::Broke,
    ];

    /// The word for it, in reports and after `--block`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Retimed => "retimed",
            Self::Reworded => "reworded",
            Self::Value => "value",
            Self::Restructured => "restructured",
            Self::Result => "class",
            Self::NewUrc => "new-urc",
            Self::LostUrc => "lost-urc",
            Self::Fixed => "fixed",
            Self::Undecided => "undecided",
            Self::Unstable => "unstable",
            Self::Broke => "broke",
        }
    }

    /// What it means, in a few words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Retimed => "answers in another time",
            Self::Reworded => "says the same in other bytes",
            Self::Value => "another value in a field",
            Self::Restructured => "another number of fields or lines, or another form",
            Self::Result => "another class of final result",
            Self::NewUrc => "a line comes by itself that did not come",
            Self::LostUrc => "a line no longer comes by itself",
            Self::Fixed => "was broken, is kept",
            Self::Undecided => "decided in one run only",
            Self::Unstable => "wavers in one run only",
            Self::Broke => "was kept, is broken",
        }
    }

    /// The change seen from the other side.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::NewUrc => Self::LostUrc,
            Self::LostUrc => Self::NewUrc,
            Self::Fixed => Self::Broke,
            Self::Broke => Self::Fixed,
            same => same,
        }
    }
}

/// Two runs, compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The run that is compared with.
    pub a: Side,
    /// The run that is compared.
    pub b: Side,
    /// What a reader must know before the rest: other suites, other versions, runs that broke off.
    pub remarks: Vec<String>,
    /// The cases of both runs, by id.
    pub cases: Vec<CaseComparison>,
    /// Cases that only A has.
    pub only_a: Vec<String>,
    /// Cases that only B has.
    pub only_b: Vec<String>,
    /// Of the cases that only A has, those that failed.
    pub only_a_failed: Vec<String>,
    /// Of the cases that only B has, those that failed.
    pub only_b_failed: Vec<String>,
    /// The standing clauses.
    pub standing: Vec<StandingComparison>,
    /// The unknowns that either run answered.
    pub unknowns: Vec<UnknownComparison>,
    /// What is said of times, and what that rests on.
    pub timing: Timing,
}

/// One of the runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// What it is called: its folder, as a rule.
    pub label: String,
    /// QGMR's line, or the revision of ATI.
    pub firmware: Option<String>,
    /// The port it was asked at.
    pub port: String,
    /// Whether the module was this project's simulated one.
    pub simulated: bool,
    /// When it began.
    pub started: String,
    /// The suite's version.
    pub version: String,
    /// The hash over all transcripts.
    pub suite_hash: String,
    /// How many cases it has.
    pub cases: usize,
    /// How many attempts the case with the most of them has.
    pub repetitions: usize,
}

/// A case that both runs have.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseComparison {
    /// Its id.
    pub case: String,
    /// Its title.
    pub title: String,
    /// The clauses it judges.
    pub clauses: Vec<String>,
    /// What it came to in A.
    pub a: Outcome,
    /// What it came to in B.
    pub b: Outcome,
    /// Every class of change it has; none: the same.
    pub changes: BTreeSet<Change>,
    /// Each difference.
    pub differences: Vec<Difference>,
    /// Both dialogues side by side; empty when nothing differs.
    pub dialogue: Vec<Row>,
    /// Command lines that only A's dialogue has, where the verdict does not explain it.
    pub asked_a: Vec<String>,
    /// Command lines that only B's dialogue has.
    pub asked_b: Vec<String>,
    /// Whether it wavers in both runs, so that nothing can be said of its answers.
    pub wavers: bool,
}

/// What a case came to in one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The verdict; nothing when no attempt came to an end.
    pub verdict: Option<Verdict>,
    /// Whether its attempts contradict each other.
    pub flaky: bool,
    /// The cause of an inconclusive, the need of an unsupported, …
    pub cause: Option<String>,
    /// What was expected and what came, where that is the evidence.
    pub evidence: Option<String>,
    /// The line that came, of that evidence.
    pub came: Option<String>,
    /// How many attempts there were.
    pub attempts: usize,
    /// How many of them came to each verdict, by its word.
    pub tally: BTreeMap<&'static str, usize>,
    /// How many different dialogues they make.
    pub dialogues: usize,
    /// The waiver that excuses it, if one does; the verdict stays what it is.
    pub waiver: Option<String>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Its class.
    pub change: Change,
    /// The command line it is about, escaped.
    pub command: Option<String>,
    /// The grammar's rule for the line.
    pub rule: Option<String>,
    /// The rule for B's line, where it is another.
    pub rule_b: Option<String>,
    /// The field, by the manual's name.
    pub field: Option<String>,
    /// What A says.
    pub a: Option<String>,
    /// What B says.
    pub b: Option<String>,
    /// The row of the dialogue.
    pub row: Option<usize>,
    /// What else must be said.
    pub note: Option<String>,
}

/// A row of two dialogues side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Whether it is a command line; otherwise a line that came.
    pub sent: bool,
    /// A's.
    pub a: Option<Cell>,
    /// B's.
    pub b: Option<Cell>,
    /// The gravest difference between them.
    pub change: Option<Change>,
}

/// A line in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The line, escaped, in pieces: text, and whether it is what differs.
    pub pieces: Vec<(String, bool)>,
}

/// A standing clause in both runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandingComparison {
    /// The clause.
    pub clause: String,
    /// What it came to in A.
    pub a: Option<Verdict>,
    /// What it came to in B.
    pub b: Option<Verdict>,
    /// The change, if there is one.
    pub change: Option<Change>,
    /// A breach: expected and came.
    pub evidence: Option<String>,
    /// The waiver that excuses it in B; the verdict stays what it is.
    pub waiver: Option<String>,
}

/// An unknown in both runs: the two firmwares' profiles side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownComparison {
    /// Its id.
    pub unknown: String,
    /// The question.
    pub question: String,
    /// A's answers: the name, or the lines of an answer nobody knew. More than one: it wavers.
    pub a: Vec<String>,
    /// B's answers.
    pub b: Vec<String>,
    /// Whether they differ.
    pub differs: bool,
}

/// What is said of times.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Timing {
    /// The test's name.
    pub test: &'static str,
    /// When a difference counts.
    pub rule: timing::Rule,
    /// How many pairs of samples were held against each other.
    pub comparisons: usize,
    /// How many repetitions on each side a statement needs with so many comparisons.
    pub needed: usize,
    /// How many there are, on the side that has fewer.
    pub repetitions: usize,
}

/// Those of the cases `ids` that failed in a run.
fn failed(run: &Recorded, ids: &[String]) -> Vec<String> {
    let failed = |id: &&String| {
        let settled = run.case(id).and_then(crate::recorded::Case::settled);
        settled.is_some_and(|(verdict, _)| verdict == Verdict::Fail)
    };
    ids.iter().filter(failed).cloned().collect()
}

/// Compares two runs; the labels are what they are called in reports.
///
/// A case that only one run has is named in `only_a` or `only_b`; one that only one run decided is [`Change::Undecided`]; nothing is dropped.
pub fn compare(a: (&str, &Recorded), b: (&str, &Recorded), rule: timing::Rule) -> Comparison {
    let (side_a, side_b) = (whole::side(a.0, a.1), whole::side(b.0, b.1));
    let (by_id_a, by_id_b) = (by_id(a.1), by_id(b.1));
    let ids: BTreeSet<&Key<'_>> = by_id_a.keys().chain(by_id_b.keys()).collect();
    let (mut pairs, mut only_a, mut only_b) = (Vec::new(), Vec::new(), Vec::new());
    for id in ids {
        match (by_id_a.get(id), by_id_b.get(id)) {
            (Some(one), Some(other)) => pairs.push((*one, *other)),
            (Some(one), None) => only_a.push(one.planned.case.clone()),
            (None, Some(other)) => only_b.push(other.planned.case.clone()),
            (None, None) => {}
        }
    }
    let (only_a_failed, only_b_failed) = (failed(a.1, &only_a), failed(b.1, &only_b));
    let read: Vec<_> = pairs.iter().map(|(a, b)| (case::Told::of(a), case::Told::of(b))).collect();
    let comparisons = read.iter().map(|(a, b)| case::timed(a, b).count()).sum();
    let passed = [0, 1].map(|at| {
        let told = read.iter().map(|pair| if at == 0 { &pair.0 } else { &pair.1 });
        told.flat_map(case::Told::passed).collect::<BTreeSet<_>>()
    });
    let cases = pairs
        .iter()
        .zip(&read)
        .map(|((case_a, case_b), (told_a, told_b))| {
            case::compare(
                (case_a, told_a),
                (case_b, told_b),
                &case::Whole { rule, comparisons, passed: &passed },
            )
        })
        .collect();
    Comparison {
        remarks: whole::remarks(&side_a, a.1, &side_b, b.1),
        cases,
        only_a,
        only_b,
        only_a_failed,
        only_b_failed,
        standing: whole::standing(a.1, b.1),
        unknowns: whole::unknowns(a.1, b.1),
        timing: Timing {
            test: timing::TEST,
            rule,
            comparisons,
            needed: timing::needed(rule.alpha, comparisons),
            repetitions: side_a.repetitions.min(side_b.repetitions),
        },
        a: side_a,
        b: side_b,
    }
}

/// The grammar's rule for a line, in the place it came: after this command line. Nothing: no rule reads it.
pub(crate) fn rule_of(command: &[u8], line: &crate::recorded::Line) -> Option<String> {
    let mut reader = reading::Reader::new();
    reader.command(command);
    let rule = reader.line(line.class, &line.text).spoken.rule;
    (!rule.starts_with('<')).then_some(rule)
}

impl Comparison {
    /// Notes what each run's waivers excuse; verdicts and changes stay what they are.
    pub fn waive(&mut self, a: &Applied, b: &Applied) {
        for case in &mut self.cases {
            case.a.waiver = a.cases.get(&case.case).cloned();
            case.b.waiver = b.cases.get(&case.case).cloned();
        }
        for standing in &mut self.standing {
            standing.waiver = b.standing.get(&standing.clause).cloned();
        }
    }
}

/// Case ids as people order them: `x/2` before `x/10`.
type Key<'a> = (&'a str, Option<u64>, &'a str);

fn by_id(run: &Recorded) -> BTreeMap<Key<'_>, &crate::recorded::Case> {
    let key = |id| match str::rsplit_once(id, '/') {
        Some((stem, row)) => (stem, row.parse().ok(), id),
        None => (id, None, id),
    };
    run.cases.iter().map(|case| (key(case.planned.case.as_str()), case)).collect()
}

impl Comparison {
    /// Whether nothing differs: no change of any class, no case that only one run has.
    pub fn is_empty(&self) -> bool {
        self.counts().is_empty()
            && self.only_a.is_empty()
            && self.only_b.is_empty()
            && self.unknowns.iter().all(|unknown| !unknown.differs)
            && self.cases.iter().all(|case| case.asked_a.is_empty() && case.asked_b.is_empty())
    }

    /// How many cases and standing clauses have each class of change; classes that nothing has are left out.
    pub fn counts(&self) -> BTreeMap<Change, usize> {
        let mut counts = BTreeMap::new();
        let of_standing = self.standing.iter().filter_map(|one| one.change);
        for change in self.cases.iter().flat_map(|case| case.changes.iter().copied()).chain(of_standing) {
            *counts.entry(change).or_default() += 1;
        }
        counts
    }

    /// The cases of which there is something to tell: those that differ, and those that asked other questions.
    fn told(&self) -> impl Iterator<Item = &CaseComparison> {
        let other = |case: &&CaseComparison| {
            case.changes.is_empty() && !(case.asked_a.is_empty() && case.asked_b.is_empty())
        };
        self.changed().into_iter().chain(self.cases.iter().filter(other))
    }

    /// The cases that differ, the gravest change first, then by id.
    pub fn changed(&self) -> Vec<&CaseComparison> {
        let mut changed: Vec<_> = self.cases.iter().filter(|case| !case.changes.is_empty()).collect();
        changed.sort_by_key(|case| std::cmp::Reverse(case.changes.last().copied()));
        changed
    }
}

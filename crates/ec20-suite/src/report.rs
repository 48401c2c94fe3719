//! A run as its readers want it. The journal's events are the only source: whatever a report says stands in `run.ndjson`, so a report can
//! be made again years later, and two reports of one run cannot disagree.
//!
//! It folds events into a [`Record`]; [`terminal`], [`junit`] and [`results`] print it. It opens no file and decides no verdict.

pub mod junit;
pub mod results;
pub mod terminal;

use std::collections::BTreeMap;

use crate::journal::{CaseEnd, ClauseRef, Direction, Event, Identity, Planned, Run};
use crate::verdict::{Exit, Verdict, settled};

/// A run, folded from its events.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// The head, if the journal has one.
    pub run: Option<Run>,
    /// What the module said it is.
    pub identity: Option<Identity>,
    /// The selected cases, in the order they were planned.
    pub cases: Vec<CaseRecord>,
    /// The standing clauses, in the order they were reported.
    pub standing: Vec<StandingRecord>,
    /// What interrupted the run.
    pub interrupted: Option<String>,
    /// How it ended; nothing when the journal breaks off.
    pub exit: Option<Exit>,
    /// Time of the last event in µs.
    pub end_us: u64,
}

/// A selected case and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRecord {
    /// What was planned.
    pub planned: Planned,
    /// Every attempt, in order. None: the run ended before it.
    pub attempts: Vec<Attempt>,
    /// The answers to unknowns: unknown, answer, raw lines.
    pub observed: Vec<Observation>,
}

/// One attempt at a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// When it began, in µs.
    pub start_us: u64,
    /// Its end, with the evidence.
    pub end: CaseEnd,
    /// What went over the wire meanwhile: time in µs, who spoke, escaped bytes.
    pub wire: Vec<(u64, Direction, String)>,
}

/// An unknown that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The unknown's id.
    pub unknown: String,
    /// The answer's name, or `other`.
    pub answer: String,
    /// The answer's lines, escaped.
    pub raw: Vec<String>,
}

/// A standing clause over the whole run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingRecord {
    /// The clause.
    pub clause: String,
    /// What it came to.
    pub verdict: Verdict,
    /// How many exchanges it was held against.
    pub exchanges: u64,
    /// Where it was broken.
    pub breaches: Vec<Breach>,
}

/// A place where a standing clause was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// Time in µs.
    pub t_us: u64,
    /// The case that ran.
    pub case: Option<String>,
    /// What the clause asks for.
    pub expected: String,
    /// What came, escaped.
    pub came: String,
}

impl CaseRecord {
    /// What its attempts came to together, and whether they contradict each other.
    pub fn settled(&self) -> Option<(Verdict, bool)> {
        settled(&self.attempts.iter().map(|attempt| attempt.end.verdict).collect::<Vec<_>>())
    }

    /// The attempt whose evidence stands for the verdict: the last that came to it.
    pub fn telling(&self) -> Option<&Attempt> {
        let (verdict, _) = self.settled()?;
        self.attempts.iter().rev().find(|attempt| attempt.end.verdict == verdict)
    }

    /// The clause of this id among those the case judges.
    pub fn clause(&self, id: &str) -> Option<&ClauseRef> {
        self.planned.clauses.iter().find(|clause| clause.id == id)
    }

    /// The time its attempts took together, in µs.
    pub fn took_us(&self) -> u64 {
        self.attempts.iter().map(|attempt| attempt.end.t_us.saturating_sub(attempt.start_us)).sum()
    }
}

/// A case that has begun and not ended.
struct Open {
    case: String,
    start_us: u64,
    wire: Vec<(u64, Direction, String)>,
}

impl Record {
    /// Folds the events of one run. A journal that breaks off gives a record of what is there.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut record = Self::default();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut breaches: BTreeMap<String, Vec<Breach>> = BTreeMap::new();
        let mut open: Option<Open> = None;
        for event in events {
            record.end_us = record.end_us.max(event.t_us().unwrap_or(0));
            match event {
                Event::Run(run) => record.run = Some(run.clone()),
                Event::Planned(planned) => {
                    places.insert(planned.case.clone(), record.cases.len());
                    let planned = planned.clone();
                    record.cases.push(CaseRecord { planned, attempts: Vec::new(), observed: Vec::new() });
                }
                Event::Identity(identity) => record.identity = Some(identity.clone()),
                Event::CaseStart { t_us, case, .. } => {
                    open = Some(Open { case: case.clone(), start_us: *t_us, wire: Vec::new() });
                }
                Event::Wire { t_us, dir, bytes } => {
                    if let Some(open) = &mut open {
                        open.wire.push((*t_us, *dir, bytes.clone()));
                    }
                }
                Event::Observed { case, unknown, answer, raw, .. } => {
                    if let Some(case) = places.get(case).and_then(|&at| record.cases.get_mut(at)) {
                        let (unknown, answer, raw) = (unknown.clone(), answer.clone(), raw.clone());
                        case.observed.push(Observation { unknown, answer, raw });
                    }
                }
                Event::CaseEnd(end) => {
                    let (start_us, wire) = match open.take() {
                        Some(open) if open.case == end.case => (open.start_us, open.wire),
                        _ => (end.t_us, Vec::new()),
                    };
                    if let Some(case) = places.get(&end.case).and_then(|&at| record.cases.get_mut(at)) {
                        case.attempts.push(Attempt { start_us, end: end.clone(), wire });
                    }
                }
                Event::Breach { t_us, clause, case, expected, came } => {
                    let (case, expected, came) = (case.clone(), expected.clone(), came.clone());
                    breaches.entry(clause.clone()).or_default().push(Breach {
                        t_us: *t_us,
                        case,
                        expected,
                        came,
                    });
                }
                Event::Standing { clause, verdict, exchanges } => record.standing.push(StandingRecord {
                    clause: clause.clone(),
                    verdict: *verdict,
                    exchanges: *exchanges,
                    breaches: Vec::new(),
                }),
                Event::End { interrupted, exit, .. } => {
                    record.interrupted.clone_from(interrupted);
                    record.exit = Exit::ALL.into_iter().find(|known| known.code() == *exit);
                }
                _ => {}
            }
        }
        for standing in &mut record.standing {
            standing.breaches = breaches.remove(&standing.clause).unwrap_or_default();
        }
        record
    }

    /// How many cases came to each verdict, in the order of [`Verdict::ALL`]; the last number counts those that never ran.
    pub fn counts(&self) -> (Vec<(Verdict, usize)>, usize) {
        let came_to = |verdict| {
            self.cases
                .iter()
                .filter(|case| case.settled().is_some_and(|(settled, _)| settled == verdict))
                .count()
        };
        let counts = Verdict::ALL.into_iter().map(|verdict| (verdict, came_to(verdict))).collect();
        (counts, self.cases.iter().filter(|case| case.attempts.is_empty()).count())
    }

    /// The command that asks just this case again.
    pub fn again(&self, case: &str) -> String {
        let command = self.run.as_ref().map_or("ec20 hil", |run| run.command.as_str());
        again(command, case)
    }
}

/// The command that repeats a run, narrowed to one case: filters that are given together must all hold.
fn again(command: &str, case: &str) -> String {
    let filter = format!(" --filter {case}");
    if command.ends_with(&filter) { command.to_owned() } else { command.to_owned() + &filter }
}

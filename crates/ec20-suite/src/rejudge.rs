//! Old bytes, judged by today's transcripts, grammar, catalogue and standing clauses; no module is needed.
//!
//! It plays every recorded attempt to a fresh executor, byte by byte at the recorded times, and says which verdicts moved and why. It
//! invents nothing: a question that was not asked then, or a time that was not waited out, leaves the case undecided, never passed. It
//! opens no file and has no clock.

mod replay;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use crate::journal::CaseEnd;
use crate::recorded::{Case, Recorded};
use crate::suite::Suite;
use crate::verdict::{Exit, Verdict, settled};
use replay::Replayed;

/// A run, judged again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rejudged {
    /// Whether today's suite is the one that was asked.
    pub same_suite: bool,
    /// Every case of the run, in its order.
    pub cases: Vec<CaseRejudged>,
    /// Every standing clause that was held against the run.
    pub standing: Vec<StandingRejudged>,
    #[serde(skip)]
    run: Recorded,
}

/// A case, judged again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseRejudged {
    /// Its id.
    pub case: String,
    /// What it came to then.
    pub then: Judgement,
    /// What it comes to now.
    pub now: Judgement,
    /// How the two differ.
    pub state: State,
}

/// What a case came to, with its evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// The verdict; nothing when it is undecided.
    pub verdict: Option<Verdict>,
    /// Whether its attempts contradict each other.
    pub flaky: bool,
    /// Why: the cause, or what was expected and what came.
    pub why: Option<String>,
    /// Where in the transcript.
    pub place: Option<String>,
}

/// A standing clause, judged again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandingRejudged {
    /// The clause.
    pub clause: String,
    /// What it came to then.
    pub then: Verdict,
    /// What it comes to now; nothing: it cannot be told, some of the run being undecided.
    pub now: Option<Verdict>,
    /// A breach, as it is found now.
    pub why: Option<String>,
    /// How the two differ.
    pub state: State,
}

/// How a verdict of today compares with the recorded one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The same.
    Same,
    /// Another.
    Moved,
    /// Decided then, not decidable from what was recorded now.
    Undecided,
    /// Neither decided then nor now: it was not asked.
    NotAsked,
}

/// Judges a run by today's suite.
pub fn rejudge(run: &Recorded, suite: &Suite, suite_hash: &str) -> Rejudged {
    let by_id: BTreeMap<&str, _> = suite.cases().iter().map(|case| (case.id.as_str(), case)).collect();
    let preamble = replay::Preamble::of(run);
    let mut breaches: BTreeMap<String, String> = BTreeMap::new();
    let mut gaps = false;
    let mut again = run.clone();
    let mut cases = Vec::new();
    for (case, slot) in run.cases.iter().zip(&mut again.cases) {
        let then = Judgement::of(case);
        let now = match by_id.get(case.planned.case.as_str()) {
            None => undecided("today's suite has no such case"),
            Some(today) => {
                let attempts: Vec<Replayed> = case
                    .attempts
                    .iter()
                    .map(|attempt| replay::attempt(run, &preamble, today, attempt))
                    .collect();
                for (replayed, old) in attempts.iter().zip(&mut slot.attempts) {
                    breaches.extend(replayed.breaches.iter().cloned());
                    old.end = Some(replayed.ending(&case.planned.case, old.number));
                }
                Judgement::now(&attempts)
            }
        };
        gaps |= now.verdict.is_none();
        if now.verdict.is_none() {
            let why = now.why.clone().unwrap_or_default();
            for attempt in &mut slot.attempts {
                attempt.end = Some(open_end(&case.planned.case, attempt.number, &why));
            }
        }
        let state = State::of(&then, &now);
        cases.push(CaseRejudged { case: case.planned.case.clone(), then, now, state });
    }
    breaches.extend(unplayed(run));
    let standing = standing(run, &breaches, gaps);
    for (slot, now) in again.standing.iter_mut().zip(&standing) {
        slot.verdict = now.now.unwrap_or(Verdict::Inconclusive);
    }
    Rejudged { same_suite: run.run.suite_hash == suite_hash, cases, standing, run: again }
}

fn undecided(why: impl Into<String>) -> Judgement {
    Judgement { why: Some(why.into()), ..Judgement::default() }
}

fn open_end(case: &str, attempt: u32, why: &str) -> CaseEnd {
    CaseEnd {
        t_us: 0,
        case: case.to_owned(),
        attempt,
        verdict: Verdict::Inconclusive,
        cause: Some(why.to_owned()),
        clause: None,
        place: None,
        expected: Vec::new(),
        came: None,
        leaky: None,
    }
}

/// Breaches in the stretches between cases, which no case plays again: they stand as they were found.
fn unplayed(run: &Recorded) -> impl Iterator<Item = (String, String)> {
    let attempts = || run.cases.iter().flat_map(|case| &case.attempts);
    let begun = attempts().map(|attempt| attempt.start_us).min();
    // What a breach is about may have ended long before it.
    let played = move |t_us: u64| {
        attempts().any(|attempt| {
            attempt.start_us <= t_us && attempt.end.as_ref().is_none_or(|end| t_us <= end.t_us)
        })
    };
    run.standing.iter().flat_map(move |standing| {
        let outside = standing
            .breaches
            .iter()
            .filter(move |breach| !played(breach.t_us) && begun.is_some_and(|begun| breach.t_us >= begun));
        outside.map(|breach| {
            (standing.clause.clone(), format!("expected {}, came {}", breach.expected, breach.came))
        })
    })
}

fn standing(run: &Recorded, breaches: &BTreeMap<String, String>, gaps: bool) -> Vec<StandingRejudged> {
    let recorded: BTreeMap<&str, Verdict> =
        run.standing.iter().map(|standing| (standing.clause.as_str(), standing.verdict)).collect();
    let clauses: BTreeSet<&str> =
        recorded.keys().copied().chain(breaches.keys().map(String::as_str)).collect();
    let judged = |clause: &str| {
        let then = recorded.get(clause).copied().unwrap_or(Verdict::Pass);
        let why = breaches.get(clause).cloned();
        let now = match (&why, gaps) {
            (Some(_), _) => Some(Verdict::Fail),
            // What was not played again may hold the breach that was found then.
            (None, true) if then == Verdict::Fail => None,
            (None, _) => Some(Verdict::Pass),
        };
        let state = match now {
            None => State::Undecided,
            Some(now) if now == then => State::Same,
            Some(_) => State::Moved,
        };
        StandingRejudged { clause: clause.to_owned(), then, now, why, state }
    };
    // In the run's order, then what is found only now.
    let order = run.standing.iter().map(|standing| standing.clause.as_str());
    let order: Vec<&str> =
        order.chain(clauses.iter().copied().filter(|clause| !recorded.contains_key(clause))).collect();
    order.into_iter().map(judged).collect()
}

impl Judgement {
    fn of(case: &Case) -> Self {
        let Some((verdict, flaky)) = case.settled() else { return undecided("the run ended before it") };
        let end = case.telling().and_then(|attempt| attempt.end.as_ref());
        Self {
            verdict: Some(verdict),
            flaky,
            why: end.and_then(why),
            place: end.and_then(|end| end.place.clone()),
        }
    }

    fn now(attempts: &[Replayed]) -> Self {
        let verdicts: Vec<Verdict> =
            attempts.iter().filter_map(|one| one.end.as_ref()).map(|end| end.verdict).collect();
        let Some((verdict, flaky)) = settled(&verdicts) else {
            let gap = attempts.iter().find_map(|one| one.gap.clone());
            return undecided(gap.unwrap_or_else(|| "the run ended before it".to_owned()));
        };
        // A pass needs every attempt; a failure needs one.
        if let Some(gap) = attempts.iter().filter(|one| one.end.is_none()).find_map(|one| one.gap.as_ref())
            && verdict != Verdict::Fail
        {
            return undecided(gap.clone());
        }
        let end = attempts.iter().rev().filter_map(|one| one.end.as_ref()).find(|end| end.verdict == verdict);
        Self {
            verdict: Some(verdict),
            flaky,
            why: end.and_then(why),
            place: end.and_then(|end| end.place.clone()),
        }
    }

    fn words(&self) -> String {
        match (self.verdict, self.flaky) {
            (None, _) => "undecided".to_owned(),
            (Some(_), true) => "flaky".to_owned(),
            (Some(verdict), false) => verdict.word().to_owned(),
        }
    }
}

fn why(end: &CaseEnd) -> Option<String> {
    let came = end.came.as_deref().unwrap_or("nothing");
    match (end.expected.is_empty(), &end.cause) {
        (false, _) => Some(format!("expected {}, came {came}", end.expected.join(" or "))),
        (true, cause) => cause.clone(),
    }
}

impl State {
    fn of(then: &Judgement, now: &Judgement) -> Self {
        let decided = |judgement: &Judgement| judgement.verdict.is_some_and(Verdict::decided);
        match (decided(then), decided(now)) {
            (true, false) if now.verdict.is_none() => Self::Undecided,
            (false, false) if then.verdict.is_none() || now.verdict.is_none() => Self::NotAsked,
            _ if then.verdict == now.verdict && then.flaky == now.flaky => Self::Same,
            _ => Self::Moved,
        }
    }
}

impl Rejudged {
    /// Whether every verdict that was decided is decided the same today.
    pub fn holds(&self) -> bool {
        let kept = |state: State| matches!(state, State::Same | State::NotAsked);
        self.cases.iter().all(|case| kept(case.state))
            && self.standing.iter().all(|standing| kept(standing.state))
    }

    /// The run with today's verdicts in the place of its own; what is undecided is inconclusive. Reports and waivers read it like any run.
    pub fn run(&self) -> &Recorded {
        &self.run
    }

    /// How the run ends with today's verdicts.
    pub fn exit(&self) -> Exit {
        let of_cases = self.cases.iter().map(|case| case.now.verdict.unwrap_or(Verdict::Inconclusive));
        let of_standing = self.standing.iter().map(|standing| standing.now.unwrap_or(Verdict::Inconclusive));
        Exit::of(of_cases.chain(of_standing), false)
    }

    /// Why it ends as it does.
    pub fn exit_in_words(&self) -> String {
        let moved = self.cases.iter().filter(|case| case.state == State::Moved).count();
        match (self.exit(), moved) {
            (exit @ Exit::Broke, 0) => format!("{exit}, as it did when it was recorded"),
            (exit, _) => exit.to_string(),
        }
    }

    /// What a person reads: what moved and why, what cannot be decided, how many are the same.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let suite = if self.same_suite { "the suite that was asked" } else { "another suite than was asked" };
        let _ = writeln!(out, "judged again by {suite}");
        for case in &self.cases {
            let word = match case.state {
                State::Moved => "moved",
                State::Undecided => "undecided",
                State::Same | State::NotAsked => continue,
            };
            let _ = writeln!(out, "{word:<12} {}: {} -> {}", case.case, case.then.words(), case.now.words());
            for (name, judgement) in [("then", &case.then), ("now", &case.now)] {
                if let Some(why) = &judgement.why {
                    let place =
                        judgement.place.as_ref().map_or_else(String::new, |place| format!("  ({place})"));
                    let _ = writeln!(out, "             {name:<5} {why}{place}");
                }
            }
        }
        for standing in self.standing.iter().filter(|standing| standing.state != State::Same) {
            let now = standing.now.map_or("undecided", Verdict::word);
            let word = if standing.now.is_some() { "moved" } else { now };
            let _ = writeln!(
                out,
                "{word:<12} {}: {} -> {now}  (standing clause)",
                standing.clause,
                standing.then.word()
            );
            if let Some(why) = &standing.why {
                let _ = writeln!(out, "             {why}");
            }
        }
        let count = |wanted: State| self.cases.iter().filter(|case| case.state == wanted).count();
        let _ = writeln!(
            out,
            "{} cases: {} the same, {} moved, {} undecided, {} were not asked",
            self.cases.len(),
            count(State::Same),
            count(State::Moved),
            count(State::Undecided),
            count(State::NotAsked)
        );
        out
    }
}

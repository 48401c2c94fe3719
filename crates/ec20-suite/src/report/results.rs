//! `results.json`: the run for programs. Field names are frozen; a change that breaks a reader raises [`FORMAT`].

use serde::Serialize;

use super::headline::Headline;
use crate::journal::{CaseEnd, Identity, Planned, Run};
use crate::recorded::{self, Recorded, Times};
use crate::verdict::{Exit, Verdict};
use crate::waiver::Excuse;

/// The format of the file.
pub const FORMAT: u32 = 1;

/// The JSON Schema (2020-12) that every `results.json` of this format fits.
pub const SCHEMA: &str = include_str!("../../schema/results.schema.json");

/// The file's text, ending in a newline.
///
/// # Errors
/// The JSON writer's own, which writing into memory does not have.
pub fn json(recorded: &Recorded) -> Result<String, serde_json::Error> {
    let (counts, never_run) = recorded.counts();
    let results = Results {
        format: FORMAT,
        run: &recorded.run,
        identity: recorded.identity.as_ref(),
        exit: recorded.end.as_ref().and_then(|end| end.exit).map(Exit::code),
        interrupted: recorded.end.as_ref().and_then(|end| end.interrupted.as_deref()),
        selected: Headline::of(recorded).share,
        simulated: recorded.run.is_simulated(),
        not_asked: recorded.not_asked.as_ref().map(recorded::NotAsked::words),
        took_ms: recorded.last_us / 1000,
        times: recorded.times,
        counts: counts
            .into_iter()
            .map(|(verdict, count)| (verdict.word(), count))
            .chain([("never-run", never_run)])
            .collect(),
        cases: recorded.cases.iter().map(|case| Case::of(recorded, case)).collect(),
        standing: recorded.standing.iter().map(|standing| Standing::of(recorded, standing)).collect(),
        waivers: recorded
            .waived
            .as_ref()
            .map(|applied| Waivers { exit: applied.exit(recorded).code(), all: &applied.excuses }),
    };
    serde_json::to_string_pretty(&results).map(|text| text + "\n")
}

#[derive(Serialize)]
struct Results<'a> {
    format: u32,
    run: &'a Run,
    identity: Option<&'a Identity>,
    exit: Option<u8>,
    interrupted: Option<&'a str>,
    /// Which part of the suite was selected, in words.
    selected: String,
    /// Whether the module was this project's simulated one.
    simulated: bool,
    /// Why the cases without an attempt were not asked.
    not_asked: Option<String>,
    took_ms: u64,
    times: Times,
    counts: std::collections::BTreeMap<&'static str, usize>,
    cases: Vec<Case<'a>>,
    standing: Vec<Standing<'a>>,
    /// Nothing: no waivers were applied.
    waivers: Option<Waivers<'a>>,
}

#[derive(Serialize)]
struct Waivers<'a> {
    /// The exit code with them; the run's own stands above.
    exit: u8,
    all: &'a [Excuse],
}

#[derive(Serialize)]
struct Case<'a> {
    #[serde(flatten)]
    planned: &'a Planned,
    /// Nothing: the run ended before the case.
    verdict: Option<Verdict>,
    flaky: bool,
    /// What excuses it; the verdict stays what it is.
    waiver: Option<&'a str>,
    took_ms: u64,
    again: String,
    attempts: Vec<&'a CaseEnd>,
    observed: Vec<Observed<'a>>,
}

impl<'a> Case<'a> {
    fn of(run: &'a Recorded, case: &'a recorded::Case) -> Self {
        let settled = case.settled();
        let observed = case.attempts.iter().flat_map(|attempt| &attempt.observed);
        Self {
            planned: &case.planned,
            verdict: settled.map(|(verdict, _)| verdict),
            flaky: settled.is_some_and(|(_, flaky)| flaky),
            waiver: run.waiver(&case.planned.case),
            took_ms: case.took_us() / 1000,
            again: super::again(&run.run.command, &case.planned.case),
            attempts: case.attempts.iter().filter_map(|attempt| attempt.end.as_ref()).collect(),
            observed: observed
                .map(|seen| Observed { unknown: &seen.unknown, answer: &seen.answer, raw: &seen.raw })
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct Observed<'a> {
    unknown: &'a str,
    answer: &'a str,
    raw: &'a [String],
}

#[derive(Serialize)]
struct Standing<'a> {
    clause: &'a str,
    /// A verdict, or `not-exercised`.
    verdict: &'static str,
    waiver: Option<&'a str>,
    exchanges: u64,
    breaches: Vec<Breach<'a>>,
}

impl<'a> Standing<'a> {
    fn of(run: &'a Recorded, standing: &'a recorded::Standing) -> Self {
        let breaches = standing.breaches.iter();
        let waiver = run.waived.as_ref().and_then(|waived| waived.standing.get(&standing.clause));
        Self {
            clause: &standing.clause,
            verdict: if standing.is_exercised() { standing.verdict.word() } else { "not-exercised" },
            waiver: waiver.map(String::as_str),
            exchanges: standing.exchanges,
            breaches: breaches
                .map(|breach| Breach {
                    t_us: breach.t_us,
                    case: breach.case.as_deref(),
                    expected: &breach.expected,
                    came: &breach.came,
                })
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct Breach<'a> {
    t_us: u64,
    case: Option<&'a str>,
    expected: &'a str,
    came: &'a str,
}

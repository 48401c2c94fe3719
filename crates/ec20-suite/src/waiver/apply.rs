//! Waivers over a run: what each of them does, and how the run ends with them.
//!
//! It reads verdicts and evidence; it changes neither.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;
use serde::Serialize;

use super::firmware::Revision;
use super::{Evidence, Expected, Subject, Waiver, Waivers};
use crate::compare::rule_of;
use crate::escape::escaped;
use crate::recorded::{Attempt, Case, Recorded};
use crate::verdict::{Exit, Verdict};

/// What a waiver comes to over one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It excuses what it says.
    Excuses,
    /// It is for another firmware.
    Elsewhere,
    /// Nothing it is about was asked and decided in this run.
    NotAsked,
    /// What it is about passes now.
    Passes,
    /// What it is about fails in another way.
    Otherwise,
    /// Its day is past.
    Expired,
    /// No firmware can be in its range.
    Never,
}

impl State {
    /// Whether it fails the run.
    pub const fn fails(self) -> bool {
        matches!(self, Self::Passes | Self::Otherwise | Self::Expired | Self::Never)
    }

    /// In a few words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Excuses => "excuses",
            Self::Elsewhere => "is for another firmware",
            Self::NotAsked => "was not put to the test",
            Self::Passes => "is stale: what it excuses passes",
            Self::Otherwise => "does not excuse this: it fails in another way",
            Self::Expired => "has expired",
            Self::Never => "has a firmware range that nothing can be in",
        }
    }
}

/// What one waiver does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excuse {
    /// The waiver's subject: a glob or a clause.
    pub subject: String,
    /// Its line in the file.
    pub line: usize,
    /// Its label: reason, issue, owner, day.
    pub label: String,
    /// What it comes to.
    pub state: State,
    /// The cases, or standing clauses, that this is about, with what they came to.
    pub about: Vec<String>,
}

/// All waivers over one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// Every waiver, in the order of the file.
    pub excuses: Vec<Excuse>,
    /// By case: the label of the waiver that excuses it.
    pub cases: BTreeMap<String, String>,
    /// By standing clause: the label of the waiver that excuses it.
    pub standing: BTreeMap<String, String>,
}

/// Something a waiver can be about: what it came to, and the evidence.
struct Matter<'a> {
    name: &'a str,
    standing: bool,
    verdict: Option<Verdict>,
    flaky: bool,
    clause: Option<&'a str>,
    came: Came,
}

/// What came, read.
struct Came {
    rule: Option<String>,
    class: String,
    text: String,
}

impl Waivers {
    /// What each waiver comes to over a run, on a day.
    pub fn apply(&self, run: &Recorded, today: Date) -> Applied {
        let cases = run.cases.iter().map(of_case);
        let standing = run.standing.iter().map(|standing| Matter {
            name: &standing.clause,
            standing: true,
            verdict: Some(standing.verdict),
            flaky: false,
            clause: Some(&standing.clause),
            came: Came {
                rule: None,
                class: "nothing".to_owned(),
                text: standing.breaches.first().map(|breach| breach.came.clone()).unwrap_or_default(),
            },
        });
        let matters: Vec<Matter<'_>> = cases.chain(standing).collect();
        let revision = run.firmware().and_then(Revision::read);
        let mut applied = Applied { excuses: Vec::new(), cases: BTreeMap::new(), standing: BTreeMap::new() };
        for waiver in &self.all {
            let (state, about) = state(waiver, &matters, revision.as_ref(), today);
            if state == State::Excuses {
                for matter in &about {
                    let excused = if matter.standing { &mut applied.standing } else { &mut applied.cases };
                    excused.entry(matter.name.to_owned()).or_insert_with(|| waiver.label());
                }
            }
            applied.excuses.push(Excuse {
                subject: waiver.subject().to_owned(),
                line: waiver.line,
                label: waiver.label(),
                state,
                about: about.into_iter().map(Matter::words).collect(),
            });
        }
        applied
    }
}

fn of_case(case: &Case) -> Matter<'_> {
    let settled = case.settled();
    // Of a flaky case the failure is the evidence.
    let telling = case.telling();
    let end = telling.and_then(|attempt| attempt.end.as_ref());
    Matter {
        name: &case.planned.case,
        standing: false,
        verdict: settled.map(|(verdict, _)| verdict),
        flaky: settled.is_some_and(|(_, flaky)| flaky),
        clause: end.and_then(|end| end.clause.as_deref()),
        came: telling.map_or_else(Came::nothing, came),
    }
}

fn came(attempt: &Attempt) -> Came {
    let Some(end) = &attempt.end else { return Came::nothing() };
    let text = end.came.clone().or_else(|| end.cause.clone()).unwrap_or_default();
    let exchanges = attempt.scene.exchanges.iter().rev();
    let mut lines = exchanges.flat_map(|exchange| exchange.lines.iter().map(move |line| (exchange, line)));
    let found = end.came.as_ref().and_then(|came| lines.find(|(_, line)| escaped(&line.text) == *came));
    match found {
        None => Came { text, ..Came::nothing() },
        Some((exchange, line)) => {
            Came { rule: rule_of(&exchange.sent, line), class: line.class.word().to_owned(), text }
        }
    }
}

impl Came {
    fn nothing() -> Self {
        Self { rule: None, class: "nothing".to_owned(), text: String::new() }
    }
}

fn state<'a>(
    waiver: &Waiver,
    matters: &'a [Matter<'a>],
    revision: Option<&Revision>,
    today: Date,
) -> (State, Vec<&'a Matter<'a>>) {
    let about: Vec<&Matter<'_>> = matters.iter().filter(|matter| waiver.is_about(matter)).collect();
    if waiver.firmware.is_empty() {
        return (State::Never, about);
    }
    let any = waiver.firmware.to_string() == "*";
    if !any && !revision.is_some_and(|revision| waiver.firmware.contains(revision)) {
        return (State::Elsewhere, Vec::new());
    }
    if today > waiver.expires {
        return (State::Expired, about);
    }
    let excused = |matter: &&&Matter<'_>| waiver.verdict.is(matter) && waiver.evidence.fits(&matter.came);
    let good = |matter: &&&Matter<'_>| {
        !matter.flaky && matches!(matter.verdict, Some(Verdict::Pass | Verdict::Observed))
    };
    let asked = |matter: &&&Matter<'_>| {
        !matches!(matter.verdict, None | Some(Verdict::Withheld | Verdict::Unsupported))
    };
    let by_case = matches!(waiver.subject, Subject::Case(..));
    let passing: Vec<_> = about.iter().filter(good).copied().collect();
    let other: Vec<_> =
        about.iter().filter(asked).filter(|one| !good(one) && !excused(one)).copied().collect();
    let excusing: Vec<_> = about.iter().filter(excused).copied().collect();
    match () {
        () if !other.is_empty() => (State::Otherwise, other),
        // A clause is judged by many cases, of which one is excused; a case id names what it means.
        () if !passing.is_empty() && (by_case || excusing.is_empty()) => (State::Passes, passing),
        () if !excusing.is_empty() => (State::Excuses, excusing),
        () => (State::NotAsked, about),
    }
}

impl Waiver {
    fn is_about(&self, matter: &Matter<'_>) -> bool {
        match &self.subject {
            Subject::Case(_, glob) => !matter.standing && glob.is_match(matter.name),
            Subject::Clause(clause) => matter.clause == Some(clause.as_str()),
        }
    }
}

impl Expected {
    fn is(self, matter: &Matter<'_>) -> bool {
        match self {
            Self::Fail => matter.verdict == Some(Verdict::Fail) && !matter.flaky,
            Self::Flaky => matter.flaky,
            Self::Inconclusive => matter.verdict == Some(Verdict::Inconclusive),
            Self::Broken => matter.verdict == Some(Verdict::Broken),
        }
    }
}

impl Evidence {
    fn fits(&self, came: &Came) -> bool {
        self.rule.as_ref().is_none_or(|rule| came.rule.as_ref() == Some(rule))
            && self.class.as_ref().is_none_or(|class| came.class == *class)
            && self.text.as_ref().is_none_or(|(_, glob)| glob.is_match(&came.text))
    }
}

impl Matter<'_> {
    fn words(&self) -> String {
        let verdict = if self.flaky { "flaky" } else { self.verdict.map_or("never ended", Verdict::word) };
        if self.came.text.is_empty() {
            format!("{} {verdict}", self.name)
        } else {
            format!("{} {verdict}: {}", self.name, self.came.text)
        }
    }
}

impl Applied {
    /// How the run ends: as it does without waivers, but that an excused verdict counts as a pass and a waiver that is stale, expired,
    /// never right or beside the point fails it.
    pub fn exit(&self, run: &Recorded) -> Exit {
        let interrupted = run.end.as_ref().is_none_or(|end| end.interrupted.is_some());
        let of_cases = run.cases.iter().map(|case| {
            let excused = self.cases.contains_key(&case.planned.case);
            if excused {
                Verdict::Pass
            } else {
                case.settled().map_or(Verdict::Inconclusive, |(verdict, _)| verdict)
            }
        });
        let of_standing = run.standing.iter().map(|standing| {
            if self.standing.contains_key(&standing.clause) { Verdict::Pass } else { standing.verdict }
        });
        let stale = self.excuses.iter().any(|excuse| excuse.state.fails());
        let stale = stale.then_some(Verdict::Fail);
        Exit::of(of_cases.chain(of_standing).chain(stale), interrupted)
    }

    /// Why the run ends with them as it does.
    pub fn reason(&self, run: &Recorded) -> String {
        match self.exit(run) {
            Exit::Kept => "every selected clause was asked, and kept or excused".to_owned(),
            Exit::Broke if self.excuses.iter().any(|excuse| excuse.state.fails()) => {
                "a waiver no longer holds".to_owned()
            }
            exit => exit.to_string(),
        }
    }

    /// How the run ends with them, as a sentence.
    pub fn in_words(&self, run: &Recorded) -> String {
        format!("with waivers exit {}: {}", self.exit(run).code(), self.reason(run))
    }

    /// What a person reads below the run's summary; nothing when there are no waivers.
    pub fn text(&self, file: &str) -> String {
        let mut out = String::new();
        for excuse in &self.excuses {
            let _ = writeln!(
                out,
                "{file}:{}: the waiver for {} {}",
                excuse.line,
                excuse.subject,
                excuse.state.words()
            );
            for about in &excuse.about {
                let _ = writeln!(out, "             {about}");
            }
            if excuse.state == State::Excuses {
                let _ = writeln!(out, "             {}", excuse.label);
            }
        }
        out
    }
}

//! A recorded run, read back from its folder's `run.ndjson` and folded into what its readers want: cases, attempts, exchanges.
//!
//! It knows the journal's order and nothing else: it judges nothing, opens no file, and looks at no clock. Reports, comparison,
//! rejudging and packing all read this one model, so that two of them can never disagree about what happened.
//!
//! A run may have been killed while it wrote: a last line that broke off is noted ([`Recorded::torn`]) and what stands before it is
//! kept. A line that is wrong anywhere else, or a newer format, is refused with its place.
//!
//! ```
//! use ec20_suite::recorded::Recorded;
//! let text = concat!(
//!     r#"{"event":"run","format":1,"version":"0.1.0","suite_hash":"00","started":"","port":"sim","command":"ec20 hil"}"#, "\n",
//!     r#"{"event":"planned","case":"a","title":"A","file":"a.atx","clauses":[],"needs":[],"effect":"read"}"#, "\n",
//!     r#"{"event":"case-start","t_us":5,"case":"a","attempt":1}"#, "\n",
//!     r#"{"event":"wire","t_us":6,"dir":"host","bytes":"AT\\r"}"#, "\n",
//!     r#"{"event":"line","t_us":9,"class":"final","text":"OK"}"#, "\n",
//!     r#"{"event":"case-e"#,
//! );
//! let run = Recorded::read(text.as_bytes()).expect("a run that was killed can be read");
//! assert!(run.torn && run.end.is_none());
//! let exchange = &run.cases[0].attempts[0].scene.exchanges[0];
//! assert_eq!((exchange.sent.as_slice(), exchange.lines[0].text.as_slice()), (&b"AT"[..], &b"OK"[..]));
//! assert_eq!(run.cases[0].settled(), None);
//! ```

mod fold;
mod lines;
mod times;

pub use lines::{EVENT_BYTES, EVENTS, ReadError};
pub use times::Times;

use std::collections::BTreeMap;

use crate::journal::{CaseEnd, ClauseRef, Direction, Event, Ground, Identity, NotAskedWhy, Planned, Run};
use crate::verdict::{Exit, Verdict, settled};
use crate::waiver::Applied;

/// A run, whole or as far as it got.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The head.
    pub run: Run,
    /// The bench as the run was told of it; nothing in a run that a killed process left too early.
    pub ground: Option<Ground>,
    /// What the module said it is.
    pub identity: Option<Identity>,
    /// The selected cases in the order they were planned, those that never began included.
    pub cases: Vec<Case>,
    /// What the runner asked on its own before the first case began: greeting, identity, the settings it kept.
    pub before: Scene,
    /// What it asked on its own between and after the cases.
    pub between: Scene,
    /// The standing clauses, in the order they were reported; those of a killed run that were broken by then.
    pub standing: Vec<Standing>,
    /// What the runner noted: time in µs and words.
    pub notes: Vec<(u64, String)>,
    /// How the run ended; nothing when it was killed.
    pub end: Option<End>,
    /// Why the cases that have no attempt were not asked, where the run says so.
    pub not_asked: Option<NotAsked>,
    /// Where the time went.
    pub times: Times,
    /// The time of the last event, in µs.
    pub last_us: u64,
    /// Whether the last line broke off.
    pub torn: bool,
    /// What waivers excuse of it, once somebody has applied some; the journal knows nothing of them, and no verdict changes.
    pub waived: Option<Applied>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The exit, if this version knows the number.
    pub exit: Option<Exit>,
    /// What interrupted it.
    pub interrupted: Option<String>,
}

/// A selected case and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What was planned.
    pub planned: Planned,
    /// Every attempt, in order; none: the run ended before the case began.
    pub attempts: Vec<Attempt>,
}

/// One attempt at a case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attempt {
    /// Which, from 1; 0 for a case that was ended without being asked.
    pub number: u32,
    /// When it began, in µs.
    pub start_us: u64,
    /// What was said meanwhile.
    pub scene: Scene,
    /// The answers to unknowns, in order.
    pub observed: Vec<Observation>,
    /// How it ended, with the evidence; nothing when the run was killed in its midst.
    pub end: Option<CaseEnd>,
}

/// A stretch of a run: the bytes as they went, and the dialogue they make.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scene {
    /// Everything that came from outside the runner, in order: with it the stretch can be played again.
    pub tape: Vec<Moment>,
    /// The dialogue: every command line with what came until the next.
    pub exchanges: Vec<Exchange>,
    /// Lines that came before the first command line.
    pub early: Vec<Line>,
}

/// Something that happened between the runner and the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// When, in µs.
    pub t_us: u64,
    /// What.
    pub what: Happening,
}

/// What happened between the runner and the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// The runner's bytes went out.
    Sent(Vec<u8>),
    /// The module's bytes came.
    Came(Vec<u8>),
    /// The gate kept bytes back, for a reason.
    Refused(Vec<u8>, String),
    /// The far end was given an order, and what it said against it.
    Ordered(String, Option<String>),
    /// The far end captured a message.
    Captured(Box<crate::executor::Captured>),
    /// The port went away, for a reason.
    Lost(String),
}

/// One command line and what came until the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchange {
    /// When the command line was out, in µs.
    pub t_us: u64,
    /// The command line without its CR, or bytes that are no line when no command came before them.
    pub sent: Vec<u8>,
    /// Whether the runner asked it on its own, outside any judgement.
    pub aside: bool,
    /// Whether the case only put back by then.
    pub finally: bool,
    /// Further bytes that went out before the next command line: counted data, ESC, `+++`. Time in µs and bytes.
    pub data: Vec<(u64, Vec<u8>)>,
    /// The lines that came, URCs included.
    pub lines: Vec<Line>,
    /// From the last byte out to the final result, in µs.
    pub took_us: Option<u64>,
    /// The time the command table gives it, in ms.
    pub limit_ms: Option<u64>,
    /// Why the gate kept it back; then nothing of it went out.
    pub refused: Option<String>,
}

/// A line that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When its last byte was there, in µs.
    pub t_us: u64,
    /// What it was taken for.
    pub class: Class,
    /// Its bytes without the frame.
    pub text: Vec<u8>,
    /// What the dialogue asked for, where it was this line that it asked for; as a transcript writes it.
    pub held: Option<String>,
}

/// What a line was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Part of the answer.
    Information,
    /// Something the exchange cannot cause.
    Urc,
    /// A final result.
    Final,
    /// `CONNECT`.
    Connect,
    /// The prompt for text.
    Prompt,
    /// Part of the answer to a command that was given up before.
    Late,
    /// An echo of something this run did not send.
    ForeignEcho,
    /// No line of any kind, or a class this version does not know.
    Unreadable,
}

/// Why the rest of a run was not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAsked {
    /// What kept it from being asked.
    pub why: NotAskedWhy,
    /// The same in a sentence.
    pub reason: String,
}

impl NotAsked {
    /// `port lost: /dev/ttyUSB2 is gone`, without the `not asked:` before it.
    pub fn words(&self) -> String {
        format!("{}: {}", self.why.words(), self.reason)
    }
}

/// An unknown that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// When, in µs.
    pub t_us: u64,
    /// The unknown's id.
    pub unknown: String,
    /// The answer's name, or `other`.
    pub answer: String,
    /// The answer's lines, escaped.
    pub raw: Vec<String>,
    /// The command line that was answered.
    pub command: Vec<u8>,
}

/// A standing clause over the whole run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The clause.
    pub clause: String,
    /// What it came to.
    pub verdict: Verdict,
    /// How many exchanges it was held against.
    pub exchanges: u64,
    /// Where it was broken.
    pub breaches: Vec<Breach>,
}

impl Standing {
    /// Whether anything happened that could have broken it. A clause that was not exercised is neither kept nor broken.
    pub fn is_exercised(&self) -> bool {
        self.exchanges > 0 || self.verdict == Verdict::Fail
    }
}

/// A place where a standing clause was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// When, in µs.
    pub t_us: u64,
    /// The case that ran; where it is about a message, the case that sent it.
    pub case: Option<String>,
    /// What the clause asks for.
    pub expected: String,
    /// What came, escaped.
    pub came: String,
}

impl Recorded {
    /// Reads the bytes of a `run.ndjson`.
    ///
    /// # Errors
    /// [`ReadError`]: no head or two, a newer format, a line that is no event, more than [`EVENTS`]. A last line that broke off is none.
    pub fn read(journal: &[u8]) -> Result<Self, ReadError> {
        fold::stream(journal)
    }

    /// Reads a `run.ndjson` line by line, so that no more of it is in memory than what its readers want.
    ///
    /// # Errors
    /// As [`Recorded::read`], and what keeps the file from being read.
    pub fn stream(journal: impl std::io::BufRead) -> Result<Self, ReadError> {
        fold::stream(journal)
    }

    /// The events in the bytes of a `run.ndjson`, and whether the last line broke off.
    ///
    /// # Errors
    /// As [`Recorded::read`].
    pub fn events(journal: &[u8]) -> Result<(Vec<Event>, bool), ReadError> {
        lines::events(journal)
    }

    /// Folds the events of one run.
    ///
    /// # Errors
    /// [`ReadError::NoHead`] where the first event is no head.
    pub fn of(events: &[Event]) -> Result<Self, ReadError> {
        fold::run(events)
    }

    /// The case of this id.
    pub fn case(&self, id: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.planned.case == id)
    }

    /// How many cases came to each verdict, in the order of [`Verdict::ALL`]; the last number counts those that came to none.
    pub fn counts(&self) -> ([(Verdict, usize); 7], usize) {
        let settled: Vec<_> = self.cases.iter().map(Case::settled).collect();
        let came_to = |wanted| settled.iter().flatten().filter(|(verdict, _)| *verdict == wanted).count();
        let none = settled.iter().filter(|settled| settled.is_none()).count();
        (Verdict::ALL.map(|verdict| (verdict, came_to(verdict))), none)
    }

    /// Every unknown that was answered, with its answers in the order they first came: name, lines. More than one: it wavers.
    pub fn observed(&self) -> BTreeMap<&str, Vec<&Observation>> {
        let mut all: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
        for seen in self.cases.iter().flat_map(|case| &case.attempts).flat_map(|attempt| &attempt.observed) {
            let answers = all.entry(&seen.unknown).or_default();
            if !answers.iter().any(|old| old.answer == seen.answer && old.raw == seen.raw) {
                answers.push(seen);
            }
        }
        all
    }

    /// The firmware's name: QGMR's line, which alone is unique; else the last line of ATI.
    pub fn firmware(&self) -> Option<&str> {
        let identity = self.identity.as_ref()?;
        let revision = identity.qgmr.as_deref().or_else(|| identity.ati.last().map(String::as_str))?;
        Some(revision.strip_prefix("Revision: ").unwrap_or(revision))
    }

    /// The label of the waiver that excuses a case.
    pub fn waiver(&self, case: &str) -> Option<&str> {
        self.waived.as_ref()?.cases.get(case).map(String::as_str)
    }

    /// The ids of the cases that were not asked to their end, in their order: not begun, killed or interrupted in their midst, or asked of
    /// a bench that failed.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        let wanted = self.ground.as_ref().map_or(1, |ground| ground.repeat.max(1)) as usize;
        self.cases.iter().filter(move |case| !case.is_asked(wanted)).map(|case| case.planned.case.as_str())
    }

    /// How the verdicts so far end the run.
    pub fn exit(&self, interrupted: bool) -> Exit {
        let cases = self.cases.iter();
        let bench = self.not_asked.as_ref().is_some_and(|not_asked| not_asked.why.is_of_the_bench());
        let open = if bench { Verdict::Broken } else { Verdict::Inconclusive };
        let of_cases = cases.map(|case| case.settled().map_or(open, |(verdict, _)| verdict));
        Exit::of(of_cases.chain(self.standing.iter().map(|standing| standing.verdict)), interrupted)
    }

    /// Whether the run came to its own end, so that nothing of it can be missing.
    pub fn complete(&self) -> bool {
        self.end.as_ref().is_some_and(|end| end.interrupted.is_none())
            && self.cases.iter().all(|case| case.settled().is_some())
    }
}

impl Case {
    /// What its attempts came to together, and whether they contradict each other (flaky). Nothing: no attempt came to an end.
    pub fn settled(&self) -> Option<(Verdict, bool)> {
        let ends = self.attempts.iter().filter_map(|attempt| attempt.end.as_ref());
        settled(&ends.map(|end| end.verdict).collect::<Vec<_>>())
    }

    /// Whether nothing of it is missing in a run that asks each case so often.
    fn is_asked(&self, wanted: usize) -> bool {
        let ends = || self.attempts.iter().filter_map(|attempt| attempt.end.as_ref());
        // What the bench does not offer or allow needs no second try.
        let refused = |end: &CaseEnd| matches!(end.verdict, Verdict::Withheld | Verdict::Unsupported);
        let asked = |end: &&CaseEnd| {
            end.attempt > 0 && end.verdict != Verdict::Broken && end.cause.as_deref() != Some("interrupted")
        };
        ends().any(refused) || ends().filter(asked).count() >= wanted
    }

    /// The attempt whose evidence stands for the verdict: the last that came to it.
    pub fn telling(&self) -> Option<&Attempt> {
        let (verdict, _) = self.settled()?;
        let told = |attempt: &&Attempt| attempt.end.as_ref().is_some_and(|end| end.verdict == verdict);
        self.attempts.iter().rev().find(told)
    }

    /// The clause of this id among those the case judges.
    pub fn clause(&self, id: &str) -> Option<&ClauseRef> {
        self.planned.clauses.iter().find(|clause| clause.id == id)
    }

    /// The time its attempts took together, in µs.
    pub fn took_us(&self) -> u64 {
        self.attempts.iter().map(Attempt::took_us).fold(0, u64::saturating_add)
    }
}

impl Attempt {
    /// The time it took, in µs; 0 for one that never ended.
    pub fn took_us(&self) -> u64 {
        self.end.as_ref().map_or(0, |end| end.t_us.saturating_sub(self.start_us))
    }

    /// The dialogue that is judged: without the runner's own questions.
    pub fn dialogue(&self) -> impl Iterator<Item = &Exchange> {
        self.scene.exchanges.iter().filter(|exchange| !exchange.aside)
    }
}

impl Scene {
    /// The bytes as they went: time in µs, who spoke, bytes.
    pub fn wire(&self) -> impl Iterator<Item = (u64, Direction, &[u8])> {
        self.tape.iter().filter_map(|moment| match &moment.what {
            Happening::Sent(bytes) => Some((moment.t_us, Direction::Host, bytes.as_slice())),
            Happening::Came(bytes) => Some((moment.t_us, Direction::Module, bytes.as_slice())),
            _ => None,
        })
    }
}

impl Exchange {
    /// The final result, if one came.
    pub fn result(&self) -> Option<&Line> {
        self.lines.iter().find(|line| line.class == Class::Final)
    }
}

impl Class {
    /// The class that the journal's word stands for.
    pub fn of(word: &str) -> Self {
        let all = [
            Self::Information,
            Self::Urc,
            Self::Final,
            Self::Connect,
            Self::Prompt,
            Self::Late,
            Self::ForeignEcho,
        ];
        all.into_iter().find(|class| class.word() == word).unwrap_or(Self::Unreadable)
    }

    /// The journal's word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Urc => "urc",
            Self::Final => "final",
            Self::Connect => "connect",
            Self::Prompt => "prompt",
            Self::Late => "late",
            Self::ForeignEcho => "foreign-echo",
            Self::Unreadable => "unreadable",
        }
    }
}

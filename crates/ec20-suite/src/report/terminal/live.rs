//! The live view of a run: events in, lines out.
//!
//! It keeps the events of the case that runs, so that one that failed can show its dialogue. It knows no width and no terminal.

use std::collections::BTreeMap;

use super::{reasons, repetition};
use crate::journal::{CaseEnd, Direction, Event, Planned, Run};
use crate::recorded::Recorded;
use crate::report::rows::{self, Kind};
use crate::verdict::Verdict;

/// A dialogue shows at most this many of its last rows: the end is what tells, and the page has all of it.
const ROWS: usize = 24;

/// How much the live view tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Telling {
    /// Only cases that need a look.
    Little,
    /// A line for each case.
    #[default]
    Usual,
    /// Every byte on the wire as well, with its time.
    Everything,
}

/// The live view of a run: events in, lines out.
#[derive(Debug, Default)]
pub struct Live {
    colour: bool,
    telling: Telling,
    run: Option<Run>,
    planned: BTreeMap<String, Planned>,
    total: usize,
    ended: usize,
    /// What the last attempt at each case that ended came to.
    verdicts: BTreeMap<String, Verdict>,
    /// Why the last case was not asked: what holds for many is said once.
    not_asked: Option<String>,
    /// The events of the case that runs.
    running: Vec<Event>,
}

impl Live {
    /// A view; `colour` uses the terminal's colours.
    pub fn new(colour: bool) -> Self {
        Self { colour, ..Self::default() }
    }

    /// The same view, telling more or less.
    #[must_use]
    pub fn telling(mut self, telling: Telling) -> Self {
        self.telling = telling;
        self
    }

    /// How many cases have ended, and how many were planned.
    pub fn progress(&self) -> (usize, usize) {
        (self.ended, self.total)
    }

    /// How many cases came to each verdict so far, those that none came to left out; in the order of [`Verdict::ALL`].
    pub fn counts(&self) -> Vec<(Verdict, usize)> {
        let came_to = |wanted| self.verdicts.values().filter(|verdict| **verdict == wanted).count();
        let counts = Verdict::ALL.map(|verdict| (verdict, came_to(verdict)));
        counts.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    /// What this event adds to the view: whole lines without the last line's end, or nothing.
    pub fn on(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::CaseStart { .. } => self.running = vec![event.clone()],
            _ if !self.running.is_empty() => self.running.push(event.clone()),
            _ => {}
        }
        match event {
            Event::Run(run) => {
                self.run = Some(run.clone());
                None
            }
            Event::Planned(planned) => {
                self.total += 1;
                self.planned.insert(planned.case.clone(), planned.clone());
                None
            }
            Event::Identity(identity) if self.telling != Telling::Little => {
                let revision = identity.qgmr.clone().or_else(|| identity.ati.last().cloned());
                Some(format!(
                    "module       {}",
                    revision.unwrap_or_else(|| "does not say what it is".to_owned())
                ))
            }
            Event::CaseEnd(end) => self.case_end(end),
            Event::Breach { clause, case, expected, came, .. } => {
                let during = case.as_deref().map_or(String::new(), |case| format!(" during {case}"));
                Some(format!(
                    "{} {clause}{during}\n             expected {expected}\n             came     {came}",
                    self.word(Verdict::Fail, "breach")
                ))
            }
            Event::Bench { note, .. } if self.telling != Telling::Little => {
                Some(format!("bench        {note}"))
            }
            _ if self.telling == Telling::Everything => wire(event),
            _ => None,
        }
    }

    fn case_end(&mut self, end: &CaseEnd) -> Option<String> {
        if self.verdicts.insert(end.case.clone(), end.verdict).is_none() {
            self.ended += 1;
        }
        let known = self.is_known(end);
        let events = std::mem::take(&mut self.running);
        let planned = self.planned.get(&end.case);
        let needs_a_look = matches!(end.verdict, Verdict::Fail | Verdict::Inconclusive | Verdict::Broken);
        if self.telling == Telling::Little && !needs_a_look && end.leaky.is_none() {
            return None;
        }
        let title = planned.map_or("", |planned| planned.title.as_str());
        let attempt = if end.attempt > 1 { format!("  (attempt {})", end.attempt) } else { String::new() };
        let answers = answers(&events);
        let word = self.word(end.verdict, end.verdict.word());
        let mut text = format!("{word} {}  {title}{answers}{attempt}", end.case);
        let explained = !matches!(end.verdict, Verdict::Pass | Verdict::Observed) || end.leaky.is_some();
        if !explained || known {
            return Some(text);
        }
        let mut evidence = reasons(end, planned);
        if needs_a_look && self.telling != Telling::Everything {
            evidence.extend(self.dialogue(&events, planned));
        }
        evidence.extend(repetition(end, self.run.as_ref().map_or("", |run| &run.command)));
        for line in evidence {
            text.push_str("\n             ");
            text.push_str(&line);
        }
        if needs_a_look {
            // A blank line parts one failure from the next.
            text.push('\n');
        }
        Some(text)
    }

    /// What was said in the case that just ended: milliseconds since it began, who spoke, the line.
    fn dialogue(&self, events: &[Event], planned: Option<&Planned>) -> Vec<String> {
        let (Some(run), Some(planned)) = (&self.run, planned) else { return Vec::new() };
        let head = [Event::Run(run.clone()), Event::Planned(planned.clone())];
        let events: Vec<Event> = head.into_iter().chain(events.iter().cloned()).collect();
        let recorded = Recorded::of(&events).ok();
        let Some(attempt) = recorded.as_ref().and_then(|run| run.cases.first()?.attempts.last()) else {
            return Vec::new();
        };
        let rows: Vec<String> = rows::of(attempt)
            .into_iter()
            .filter_map(|row| {
                let arrow = match row.kind {
                    Kind::Sent | Kind::Echoed => '>',
                    Kind::Held | Kind::Unasked => '<',
                    Kind::Stray => '?',
                    Kind::Instead => '!',
                    Kind::Note => '.',
                    Kind::Aside | Kind::AsideEchoed | Kind::AsideCame => return None,
                };
                let tenths = row.t_us.saturating_sub(attempt.start_us) / 100;
                let text = if row.line.is_empty() { row.text } else { row.line };
                let text = rows::shortened(text.strip_suffix("\\r").map_or(text.clone(), str::to_owned));
                let line = format!("{:>7}.{} ms {arrow} {text}", tenths / 10, tenths % 10);
                let red = self.colour && row.kind == Kind::Instead;
                Some(if red { format!("\x1b[{}m{line}\x1b[0m", colour(Verdict::Fail)) } else { line })
            })
            .collect();
        let skipped = rows.len().saturating_sub(ROWS);
        let mut shown: Vec<String> = Vec::with_capacity(ROWS + 2);
        if !rows.is_empty() {
            shown.push(match skipped {
                0 => "dialogue".to_owned(),
                _ => format!("dialogue, without its first {skipped} lines"),
            });
        }
        shown.extend(rows.into_iter().skip(skipped));
        shown
    }

    /// Whether the case before was not asked for the same reason.
    fn is_known(&mut self, end: &CaseEnd) -> bool {
        let reason = end.cause.clone().filter(|_| end.attempt == 0);
        let known = reason.is_some() && reason == self.not_asked;
        self.not_asked = reason;
        known
    }

    /// A verdict's word in the first column, 12 wide.
    fn word(&self, verdict: Verdict, word: &str) -> String {
        let padded = format!("{word:<12}");
        if self.colour { format!("\x1b[{}m{padded}\x1b[0m", colour(verdict)) } else { padded }
    }
}

/// The answers to unknowns that the case observed, behind an arrow; nothing where it observed none. An answer that the
/// catalogue does not know is shown by its lines.
fn answers(events: &[Event]) -> String {
    let answers: Vec<String> = events
        .iter()
        .filter_map(|event| match event {
            Event::Observed { answer, raw, .. } if answer == "other" => {
                Some(format!("other: {}", rows::shortened(raw.join(" "))))
            }
            Event::Observed { answer, .. } => Some(answer.clone()),
            _ => None,
        })
        .collect();
    if answers.is_empty() { String::new() } else { format!("  -> {}", answers.join(", ")) }
}

/// The terminal's number for the colour of a verdict.
pub fn colour(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => 32,
        Verdict::Observed => 36,
        Verdict::Fail | Verdict::Broken => 31,
        Verdict::Inconclusive => 33,
        Verdict::Withheld | Verdict::Unsupported => 90,
    }
}

/// What went over the wire, and what happened round it, with the time since the run began.
fn wire(event: &Event) -> Option<String> {
    let (arrow, text) = match event {
        Event::Wire { dir: Direction::Host, bytes, .. } => ('>', bytes.clone()),
        Event::Wire { dir: Direction::Module, bytes, .. } => ('<', bytes.clone()),
        Event::Refused { bytes, reason, .. } => ('.', format!("kept back by the gate, {reason}: {bytes}")),
        Event::Ordered { words, problem: None, .. } => ('.', format!("far end: {words}")),
        Event::Ordered { words, problem: Some(problem), .. } => {
            ('.', format!("far end cannot {words}: {problem}"))
        }
        Event::Captured { target, pdu, .. } => ('.', format!("far end captured at {target}: {pdu}")),
        Event::Lost { reason, .. } => ('.', format!("the port is gone: {reason}")),
        Event::CaseStart { case, attempt, .. } => ('.', format!("{case}, attempt {attempt}")),
        _ => return None,
    };
    let t_us = event.t_us().unwrap_or_default();
    Some(format!("{:>5}.{:04} s {arrow} {text}", t_us / 1_000_000, t_us / 100 % 10_000))
}

//! Lines into events, events into the model.
//!
//! It knows which event opens and closes what. It keeps what it cannot place: nothing that was recorded is dropped on the way.

use std::collections::BTreeMap;

use super::{Attempt, Breach, Case, Class, End, Exchange, Happening, Line, Moment, Observation, ReadError};
use super::{Recorded, Scene, Standing, Times};
use crate::escape::unescaped;
use crate::executor::Captured;
use crate::journal::{CaseEnd, Direction, Event, FORMAT, Run};
use crate::verdict::{Exit, Verdict};

/// The events of a journal, and whether its last line broke off.
pub(super) fn events(journal: &[u8]) -> Result<(Vec<Event>, bool), ReadError> {
    let mut events = Vec::new();
    let mut lines = journal.split(|&byte| byte == b'\n').enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        // A whole line ends in a newline, so what stands after the last one is nothing or a line that broke off.
        let last = lines.peek().is_none();
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if index == 0 {
            head(line)?;
        }
        match serde_json::from_slice(line) {
            Ok(event) => {
                let longest = longest_us(&event);
                if longest > LONGEST_US {
                    let found = format!("a time of {longest} µs, longer than any run");
                    return Err(ReadError::Line { line: index + 1, column: 1, found });
                }
                events.push(event);
            }
            Err(_) if last && index > 0 => return Ok((events, true)),
            Err(error) => {
                let found = error.to_string();
                let found = found.split(" at line ").next().unwrap_or_default().to_owned();
                return Err(ReadError::Line { line: index + 1, column: error.column().max(1), found });
            }
        }
    }
    Ok((events, false))
}

/// Some 35 years: with times below it, sums of times cannot run over.
const LONGEST_US: u64 = 1 << 50;

/// The longest time that an event speaks of.
fn longest_us(event: &Event) -> u64 {
    let more = match event {
        Event::Timing { took_us, limit_ms, .. } => (*took_us).max(limit_ms.saturating_mul(1000)),
        Event::Ground(ground) => ground.transport_us.max(ground.quiet_ms.saturating_mul(1000)),
        _ => 0,
    };
    event.t_us().unwrap_or(0).max(more)
}

/// Looks at the first line before anything of it is believed: a newer format may have other fields.
fn head(line: &[u8]) -> Result<(), ReadError> {
    let no_head = |found: &str| ReadError::NoHead { found: found.to_owned() };
    let value: serde_json::Value =
        serde_json::from_slice(line).map_err(|_| no_head("a line that is no JSON"))?;
    if value.get("event").and_then(|event| event.as_str()) != Some("run") {
        return Err(no_head("another event"));
    }
    match value.get("format").and_then(serde_json::Value::as_u64) {
        None => Err(no_head("a head without its format")),
        Some(format) if format > u64::from(FORMAT) => Err(ReadError::Newer { format }),
        Some(_) => Ok(()),
    }
}

/// Where events go until a case ends.
struct Fold {
    recorded: Recorded,
    places: BTreeMap<String, usize>,
    breaches: BTreeMap<String, Vec<Breach>>,
    open: Option<(String, Attempt)>,
    begun: bool,
    aside: bool,
    finally: bool,
}

pub(super) fn run(events: &[Event]) -> Result<Recorded, ReadError> {
    let Some(Event::Run(head)) = events.first() else {
        return Err(ReadError::NoHead {
            found: if events.is_empty() { "nothing" } else { "another event" }.to_owned(),
        });
    };
    let mut fold = Fold {
        recorded: empty(head.clone()),
        places: BTreeMap::new(),
        breaches: BTreeMap::new(),
        open: None,
        begun: false,
        aside: false,
        finally: false,
    };
    for event in events {
        fold.recorded.last_us = fold.recorded.last_us.max(event.t_us().unwrap_or(0));
        fold.take(event);
    }
    fold.recorded.times = Times::of(events);
    Ok(fold.close())
}

fn empty(run: Run) -> Recorded {
    Recorded {
        run,
        ground: None,
        identity: None,
        cases: Vec::new(),
        before: Scene::default(),
        between: Scene::default(),
        standing: Vec::new(),
        notes: Vec::new(),
        end: None,
        times: Times::default(),
        last_us: 0,
        torn: false,
        waived: None,
    }
}

impl Fold {
    fn take(&mut self, event: &Event) {
        match event {
            // A second head would be a second run in one file: the first counts.
            // Waits are told in the times of the whole.
            Event::Run(_) | Event::Waited { .. } => {}
            Event::Ground(ground) => self.recorded.ground = Some(ground.clone()),
            Event::Identity(identity) => self.recorded.identity = Some(identity.clone()),
            // A case that is planned twice is one case: its attempts must stand together.
            Event::Planned(planned) if !self.places.contains_key(&planned.case) => {
                self.places.insert(planned.case.clone(), self.recorded.cases.len());
                self.recorded.cases.push(Case { planned: planned.clone(), attempts: Vec::new() });
            }
            Event::CaseStart { t_us, case, attempt } => {
                self.abandon();
                self.begun = true;
                self.finally = false;
                let attempt = Attempt { number: *attempt, start_us: *t_us, ..Attempt::default() };
                self.open = Some((case.clone(), attempt));
            }
            Event::Observed { t_us, unknown, answer, raw, .. } => {
                if let Some((_, attempt)) = &mut self.open {
                    let (unknown, answer, raw) = (unknown.clone(), answer.clone(), raw.clone());
                    let asked = attempt.scene.exchanges.iter().rev().find(|exchange| !exchange.aside);
                    let command = asked.map(|exchange| exchange.sent.clone()).unwrap_or_default();
                    attempt.observed.push(Observation { t_us: *t_us, unknown, answer, raw, command });
                }
            }
            Event::CaseEnd(end) => self.end(end),
            Event::Breach { t_us, clause, case, expected, came } => {
                let (case, expected, came) = (case.clone(), expected.clone(), came.clone());
                let breach = Breach { t_us: *t_us, case, expected, came };
                self.breaches.entry(clause.clone()).or_default().push(breach);
            }
            Event::Standing { clause, verdict, exchanges } => self.standing(clause, *verdict, *exchanges),
            Event::Resumed { .. } => {
                self.abandon();
                self.recorded.end = None;
                self.aside = false;
            }
            Event::Bench { t_us, note } => self.recorded.notes.push((*t_us, note.clone())),
            Event::End { interrupted, exit, .. } => {
                let exit = Exit::ALL.into_iter().find(|known| known.code() == *exit);
                self.recorded.end = Some(End { exit, interrupted: interrupted.clone() });
            }
            Event::Aside { .. } => self.aside = true,
            Event::Finally { .. } => self.finally = true,
            Event::Line { t_us, class, text } => {
                let line = Line { t_us: *t_us, class: Class::of(class), text: bytes(text), held: None };
                self.scene().line(line);
            }
            Event::Held { t_us, expected, came } => {
                if let Some(line) = self.scene().unheld(*t_us, &bytes(came)) {
                    line.held = Some(expected.clone());
                }
            }
            Event::Timing { took_us, limit_ms, .. } => {
                if let Some(exchange) = self.scene().exchanges.last_mut() {
                    exchange.took_us = Some(*took_us);
                    exchange.limit_ms = Some(*limit_ms);
                }
            }
            _ => self.happens(event),
        }
    }

    /// What came from outside the runner.
    fn happens(&mut self, event: &Event) {
        let t_us = event.t_us().unwrap_or(0);
        let what = match event {
            Event::Wire { dir: Direction::Host, bytes: text, .. } => {
                let sent = bytes(text);
                self.send(t_us, &sent);
                Happening::Sent(sent)
            }
            Event::Wire { dir: Direction::Module, bytes: text, .. } => Happening::Came(bytes(text)),
            Event::Refused { bytes: text, reason, .. } => {
                let kept = bytes(text);
                self.send(t_us, &kept);
                if let Some(exchange) = self.scene().exchanges.last_mut() {
                    exchange.refused = Some(reason.clone());
                }
                Happening::Refused(kept, reason.clone())
            }
            Event::Ordered { words, problem, .. } => Happening::Ordered(words.clone(), problem.clone()),
            Event::Captured { target, host, media, pdu, .. } => {
                let (target, host, media) = (target.clone(), host.clone(), media.clone());
                Happening::Captured(Captured { pdu: bytes(pdu), target, host, media })
            }
            Event::Lost { reason, .. } => Happening::Lost(reason.clone()),
            _ => return,
        };
        self.scene().tape.push(Moment { t_us, what });
    }

    /// Once for each session of a run: a clause that was broken in one of them is broken.
    fn standing(&mut self, clause: &str, verdict: Verdict, exchanges: u64) {
        let breaches = self.breaches.remove(clause).unwrap_or_default();
        let verdict = if breaches.is_empty() { verdict } else { Verdict::Fail };
        let same = self.recorded.standing.iter_mut().find(|standing| standing.clause == clause);
        if let Some(standing) = same {
            standing.verdict = standing.verdict.max(verdict);
            standing.exchanges += exchanges;
            standing.breaches.extend(breaches);
            return;
        }
        let clause = clause.to_owned();
        self.recorded.standing.push(Standing { clause, verdict, exchanges, breaches });
    }

    fn scene(&mut self) -> &mut Scene {
        match &mut self.open {
            Some((_, attempt)) => &mut attempt.scene,
            None if self.begun => &mut self.recorded.between,
            None => &mut self.recorded.before,
        }
    }

    fn send(&mut self, t_us: u64, bytes: &[u8]) {
        let (aside, finally) = (std::mem::take(&mut self.aside), self.finally && self.open.is_some());
        self.scene().send(t_us, bytes, aside, finally);
    }

    fn end(&mut self, end: &CaseEnd) {
        let attempt = match self.open.take() {
            Some((case, attempt)) if case == end.case => attempt,
            other => {
                self.open = other;
                Attempt { number: end.attempt, start_us: end.t_us, ..Attempt::default() }
            }
        };
        self.keep(&end.case, Attempt { end: Some(end.clone()), ..attempt });
    }

    /// An attempt that never ended is kept as it is.
    fn abandon(&mut self) {
        if let Some((case, attempt)) = self.open.take() {
            self.keep(&case, attempt);
        }
    }

    fn keep(&mut self, case: &str, attempt: Attempt) {
        if let Some(case) = self.places.get(case).and_then(|&at| self.recorded.cases.get_mut(at)) {
            case.attempts.push(attempt);
        }
    }

    fn close(mut self) -> Recorded {
        self.abandon();
        // A killed run reports no standing clauses: what was broken by then is broken all the same.
        for (clause, breaches) in self.breaches {
            self.recorded.standing.push(Standing { clause, verdict: Verdict::Fail, exchanges: 0, breaches });
        }
        self.recorded
    }
}

impl Scene {
    fn line(&mut self, line: Line) {
        match self.exchanges.last_mut() {
            Some(exchange) => exchange.lines.push(line),
            None => self.early.push(line),
        }
    }

    /// The first line of that time and text that no step has asked for yet. One that is awaited may have come exchanges ago.
    fn unheld(&mut self, t_us: u64, text: &[u8]) -> Option<&mut Line> {
        let lines = self.exchanges.iter_mut().flat_map(|exchange| &mut exchange.lines);
        let mut lines = self.early.iter_mut().chain(lines);
        lines.find(|line| line.t_us == t_us && line.held.is_none() && line.text == text)
    }

    fn send(&mut self, t_us: u64, bytes: &[u8], aside: bool, finally: bool) {
        let in_data = self.exchanges.last().is_some_and(|exchange| {
            let connected = exchange.lines.iter().any(|line| line.class == Class::Connect);
            connected && exchange.result().is_none()
        });
        match (bytes.strip_suffix(b"\r"), self.exchanges.last_mut()) {
            (None, Some(exchange)) => exchange.data.push((t_us, bytes.to_vec())),
            (_, Some(exchange)) if in_data && !aside => exchange.data.push((t_us, bytes.to_vec())),
            (line, _) => {
                let sent = line.unwrap_or(bytes).to_vec();
                self.exchanges.push(Exchange { t_us, sent, aside, finally, ..Exchange::default() });
            }
        }
    }
}

/// The bytes of an escaped text; a text that a stranger wrote and that is no escape is taken as it stands.
fn bytes(text: &str) -> Vec<u8> {
    unescaped(text).unwrap_or_else(|_| text.as_bytes().to_vec())
}

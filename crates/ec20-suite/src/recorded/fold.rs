//! Events into the model.
//!
//! It knows which event opens and closes what. It keeps what it cannot place: nothing that was recorded is dropped on the way.

use std::collections::{BTreeMap, VecDeque};
use std::io::BufRead;

use super::lines::each;
use super::times::Clock;
use super::{Attempt, Breach, Case, Class, End, Exchange, Happening, Line, Moment, NotAsked, Observation};
use super::{ReadError, Recorded, Scene, Standing, Times};
use crate::escape::unescaped;
use crate::executor::Captured;
use crate::journal::{CaseEnd, Direction, Event, Run};
use crate::verdict::{Exit, Verdict};

/// The most bytes of a command line that an observation repeats: no module takes a longer one.
const LINE_BYTES: usize = 4096;

/// Where events go until a case ends.
struct Fold {
    recorded: Recorded,
    places: BTreeMap<String, usize>,
    breaches: BTreeMap<String, Vec<Breach>>,
    open: Option<(String, Attempt)>,
    clock: Clock,
    /// The marks of the open attempt, and of the stretch outside of all.
    marks: (Marks, Marks),
    begun: bool,
    aside: bool,
    finally: bool,
}

/// Where a line stands: its exchange, none for one that came before the first, and its number there.
type Place = (Option<usize>, usize);

/// What a stretch of the dialogue has come to, so that no event looks through all that came before it.
#[derive(Default)]
struct Marks {
    /// The lines that no step has asked for yet, by time and text: where they stand.
    unheld: BTreeMap<(u64, Vec<u8>), VecDeque<Place>>,
    /// The command that was asked last, the runner's own questions left out.
    asked: Option<usize>,
    /// Whether the last exchange is in its data: `CONNECT` came, and no result.
    connected: bool,
    answered: bool,
}

pub(super) fn run<'a>(events: impl IntoIterator<Item = &'a Event>) -> Result<Recorded, ReadError> {
    let mut folding = Folding::default();
    events.into_iter().try_for_each(|event| folding.take(event))?;
    folding.recorded()
}

pub(super) fn stream(journal: impl BufRead) -> Result<Recorded, ReadError> {
    let mut folding = Folding::default();
    let torn = each(journal, |event| folding.take(&event))?;
    Ok(Recorded { torn, ..folding.recorded()? })
}

/// A run under reading: nothing until its head has come.
#[derive(Default)]
struct Folding(Option<Box<Fold>>);

impl Folding {
    fn take(&mut self, event: &Event) -> Result<(), ReadError> {
        match (&mut self.0, event) {
            (None, Event::Run(head)) => self.0 = Some(Box::new(Fold::of(head.clone()))),
            (None, _) => return Err(ReadError::NoHead { found: "another event".to_owned() }),
            (Some(fold), event) => fold.take(event),
        }
        Ok(())
    }

    fn recorded(self) -> Result<Recorded, ReadError> {
        let fold = self.0.ok_or_else(|| ReadError::NoHead { found: "nothing".to_owned() })?;
        Ok(fold.close())
    }
}

impl Fold {
    fn of(head: Run) -> Self {
        Self {
            recorded: empty(head),
            places: BTreeMap::new(),
            breaches: BTreeMap::new(),
            open: None,
            clock: Clock::default(),
            marks: <_>::default(),
            begun: false,
            aside: false,
            finally: false,
        }
    }
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
        not_asked: None,
        times: Times::default(),
        last_us: 0,
        torn: false,
        waived: None,
    }
}

impl Fold {
    fn take(&mut self, event: &Event) {
        self.recorded.last_us = self.recorded.last_us.max(event.t_us().unwrap_or(0));
        self.clock.take(event);
        match event {
            // A reader of files refuses a second head; of a list of events the first counts.
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
                if !self.begun {
                    self.marks.1 = Marks::default();
                }
                self.begun = true;
                self.finally = false;
                self.marks.0 = Marks::default();
                let attempt = Attempt { number: *attempt, start_us: *t_us, ..Attempt::default() };
                self.open = Some((case.clone(), attempt));
            }
            Event::Observed { t_us, unknown, answer, raw, .. } => {
                if let Some((_, attempt)) = &mut self.open {
                    let (unknown, answer, raw) = (unknown.clone(), answer.clone(), raw.clone());
                    let asked = self.marks.0.asked.and_then(|asked| attempt.scene.exchanges.get(asked));
                    let command =
                        asked.and_then(|exchange| exchange.sent.get(..exchange.sent.len().min(LINE_BYTES)));
                    let command = command.map(<[u8]>::to_vec).unwrap_or_default();
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
                self.recorded.not_asked = None;
                self.aside = false;
            }
            Event::NotAsked { why, reason, .. } => {
                self.recorded.not_asked = Some(NotAsked { why: *why, reason: reason.clone() });
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
                let (scene, marks) = self.scene_with_marks();
                scene.line(line, marks);
            }
            Event::Held { t_us, expected, came } => {
                let (scene, marks) = self.scene_with_marks();
                if let Some(line) = scene.unheld(*t_us, bytes(came), marks) {
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
                Happening::Captured(Box::new(Captured { pdu: bytes(pdu), target, host, media }))
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
            standing.exchanges = standing.exchanges.saturating_add(exchanges);
            standing.breaches.extend(breaches);
            return;
        }
        let clause = clause.to_owned();
        self.recorded.standing.push(Standing { clause, verdict, exchanges, breaches });
    }

    fn scene(&mut self) -> &mut Scene {
        self.scene_with_marks().0
    }

    fn scene_with_marks(&mut self) -> (&mut Scene, &mut Marks) {
        match &mut self.open {
            Some((_, attempt)) => (&mut attempt.scene, &mut self.marks.0),
            None if self.begun => (&mut self.recorded.between, &mut self.marks.1),
            None => (&mut self.recorded.before, &mut self.marks.1),
        }
    }

    fn send(&mut self, t_us: u64, bytes: &[u8]) {
        let (aside, finally) = (std::mem::take(&mut self.aside), self.finally && self.open.is_some());
        let (scene, marks) = self.scene_with_marks();
        scene.send(t_us, bytes, (aside, finally), marks);
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
            let mut attempt = attempt;
            attempt.scene.fit();
            case.attempts.push(attempt);
        }
    }

    fn close(mut self) -> Recorded {
        self.abandon();
        // A killed run reports no standing clauses: what was broken by then is broken all the same.
        for (clause, breaches) in self.breaches {
            self.recorded.standing.push(Standing { clause, verdict: Verdict::Fail, exchanges: 0, breaches });
        }
        self.recorded.times = self.clock.times();
        self.recorded
    }
}

impl Scene {
    fn line(&mut self, line: Line, marks: &mut Marks) {
        match line.class {
            Class::Connect => marks.connected = true,
            Class::Final => marks.answered = true,
            _ => {}
        }
        let exchange = self.exchanges.len().checked_sub(1);
        let lines = self.exchanges.last_mut().map_or(&mut self.early, |exchange| &mut exchange.lines);
        let place = (exchange, lines.len());
        marks.unheld.entry((line.t_us, line.text.clone())).or_default().push_back(place);
        lines.push(line);
    }

    /// The first line of that time and text that no step has asked for yet. One that is awaited may have come exchanges ago.
    fn unheld(&mut self, t_us: u64, text: Vec<u8>, marks: &mut Marks) -> Option<&mut Line> {
        let (exchange, line) = marks.unheld.get_mut(&(t_us, text))?.pop_front()?;
        match exchange {
            None => self.early.get_mut(line),
            Some(exchange) => self.exchanges.get_mut(exchange)?.lines.get_mut(line),
        }
    }

    fn send(&mut self, t_us: u64, bytes: &[u8], (aside, finally): (bool, bool), marks: &mut Marks) {
        let in_data = marks.connected && !marks.answered;
        match (bytes.strip_suffix(b"\r"), self.exchanges.last_mut()) {
            (None, Some(exchange)) => exchange.data.push((t_us, bytes.to_vec())),
            (_, Some(exchange)) if in_data && !aside => exchange.data.push((t_us, bytes.to_vec())),
            (line, _) => {
                let sent = line.unwrap_or(bytes).to_vec();
                if !aside {
                    marks.asked = Some(self.exchanges.len());
                }
                (marks.connected, marks.answered) = (false, false);
                self.exchanges.push(Exchange { t_us, sent, aside, finally, ..Exchange::default() });
            }
        }
    }

    /// Gives back the room that lists keep to grow in.
    fn fit(&mut self) {
        self.tape.shrink_to_fit();
        self.early.shrink_to_fit();
        self.exchanges.shrink_to_fit();
        for exchange in &mut self.exchanges {
            exchange.lines.shrink_to_fit();
            exchange.data.shrink_to_fit();
        }
    }
}

/// The bytes of an escaped text; a text that a stranger wrote and that is no escape is taken as it stands.
fn bytes(text: &str) -> Vec<u8> {
    unescaped(text).unwrap_or_else(|_| text.as_bytes().to_vec())
}

//! A small stranger: a module that answers from a table, in virtual time. It shares no line with the simulated module.

use std::collections::{BTreeMap, VecDeque};

use ec20_manual::Effect;
use ec20_suite::executor::{Action, Bench, Captured, Executor, Permit};
use ec20_suite::journal::{CaseEnd, Event, NotAskedWhy, Run};
use ec20_suite::suite::{Case, Suite, Variables};
use ec20_suite::verdict::Verdict;

/// What a stranger does with one command line.
#[derive(Clone)]
pub(crate) enum Reaction {
    /// These bytes come back.
    Says(Vec<u8>),
    /// These bytes come back, without an echo before them.
    Bare(Vec<u8>),
    /// CONNECT comes back; after so many bytes of data these bytes.
    Takes(usize, Vec<u8>),
    /// The same, and 50 ms after each 1024 bytes, but for the last, an `A`.
    TakesBlocks(usize, Vec<u8>),
    /// CONNECT comes back; after so many µs without data these bytes.
    TakesFor(u64, Vec<u8>),
    /// These bytes come back, each part so many µs after the command, the echo among them.
    InParts(Vec<(u64, Vec<u8>)>),
    /// The line is echoed, and nothing comes back.
    Silent,
    /// The port goes away.
    Unplugged,
    /// These bytes come back, and so many µs after the command more.
    Then(Vec<u8>, Vec<(u64, Way)>),
}

/// A module that answers `OK` to `AT` and what its table says to the rest; `ERROR` otherwise.
pub(crate) struct Stranger {
    table: BTreeMap<Vec<u8>, Vec<Reaction>>,
    pub(crate) heard: Vec<String>,
    line: Vec<u8>,
    /// Data that are still to come, and what is said after them.
    taking: Option<(usize, Vec<u8>)>,
    /// How many bytes of data have come of an upload whose blocks are acknowledged.
    block: Option<usize>,
    /// Data are taken until a silence of so many µs; then these bytes are said.
    lasting: Option<(u64, Vec<u8>)>,
    /// What is on its way to the host: when it is there, and what.
    outbox: VecDeque<(u64, Way)>,
    /// Whether commands are echoed, as the last `ATE` has it; none: always.
    echo: Option<bool>,
    /// What comes back as the echo of a line.
    likeness: fn(&[u8]) -> Vec<u8>,
    /// The run is interrupted while it hands this line over.
    interrupted_at: Option<String>,
    /// A line that the gate keeps back, and why.
    withheld: Option<(Vec<u8>, String)>,
    /// How long an answer to this line takes, in µs.
    pace: Pace,
    now_us: u64,
}

type Pace = Box<dyn FnMut(&[u8]) -> u64>;

/// What comes to a driver by itself.
#[derive(Clone)]
pub(crate) enum Way {
    Bytes(Vec<u8>),
    Lost,
    /// Somebody wants the run to end.
    Interrupt,
    /// A message is at the far end.
    Message(Captured),
}

/// The bytes of an answer with these lines, framed as V.250 has it.
pub(crate) fn answer(lines: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (result, information) = lines.split_last().expect("an answer has a result");
    if !information.is_empty() {
        bytes.extend_from_slice(b"\r\n");
        for line in information {
            bytes.extend_from_slice(line.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
    }
    bytes.extend_from_slice(format!("\r\n{result}\r\n").as_bytes());
    bytes
}

impl Stranger {
    pub(crate) fn new(table: &[(&str, &[&str])]) -> Self {
        let mut stranger = Self {
            table: BTreeMap::new(),
            heard: Vec::new(),
            line: Vec::new(),
            taking: None,
            block: None,
            lasting: None,
            outbox: VecDeque::new(),
            echo: None,
            likeness: <[u8]>::to_vec,
            interrupted_at: None,
            withheld: None,
            pace: Box::new(|_| 2500),
            now_us: 0,
        };
        for (command, lines) in table {
            stranger = stranger.also(command, Reaction::Says(answer(lines)));
        }
        stranger
    }

    /// Another reaction to the command, for the next time it comes; the last one stays.
    pub(crate) fn also(mut self, command: &str, reaction: Reaction) -> Self {
        self.table.entry(command.as_bytes().to_vec()).or_default().push(reaction);
        self
    }

    /// These reactions to the command, one after the other, in the place of those it had.
    pub(crate) fn instead(mut self, command: &str, reactions: &[Reaction]) -> Self {
        self.table.insert(command.as_bytes().to_vec(), reactions.to_vec());
        self
    }

    /// Answers take as long as this says, in µs.
    pub(crate) fn paced(mut self, pace: impl FnMut(&[u8]) -> u64 + 'static) -> Self {
        self.pace = Box::new(pace);
        self
    }

    /// A module that echoes or does not, and takes `ATE0` and `ATE1`.
    pub(crate) fn echoing(mut self, echo: bool) -> Self {
        self.echo = Some(echo);
        self.also("ATE0", Reaction::Says(answer(&["OK"]))).also("ATE1", Reaction::Says(answer(&["OK"])))
    }

    /// This is what comes back as the echo of a line.
    pub(crate) fn echoed_as(mut self, likeness: fn(&[u8]) -> Vec<u8>) -> Self {
        self.likeness = likeness;
        self
    }

    /// The run is interrupted while it hands this line over.
    pub(crate) fn interrupted_at(mut self, command: &str) -> Self {
        self.interrupted_at = Some(command.to_owned());
        self
    }

    /// The gate before it keeps this line back.
    pub(crate) fn withholding(mut self, line: &str, reason: &str) -> Self {
        self.withheld = Some((format!("{line}\r").into_bytes(), reason.to_owned()));
        self
    }

    fn comes(&mut self, t_us: u64, way: Way) {
        let at = self.outbox.partition_point(|(other_us, _)| *other_us <= t_us);
        self.outbox.insert(at, (t_us, way));
    }

    fn reaction(&mut self, line: &[u8]) -> Reaction {
        match self.table.get_mut(line) {
            Some(reactions) if reactions.len() > 1 => reactions.remove(0),
            Some(reactions) => reactions[0].clone(),
            None if line == b"AT" => Reaction::Says(answer(&["OK"])),
            None if line == b"ATS3?" => Reaction::Says(answer(&["013", "OK"])),
            None if line == b"ATS4?" => Reaction::Says(answer(&["010", "OK"])),
            None if line == b"ATS5?" => Reaction::Says(answer(&["008", "OK"])),
            None => Reaction::Says(answer(&["ERROR"])),
        }
    }

    /// Runs cases against the stranger and gives back all events.
    pub(crate) fn run(&mut self, cases: Vec<Case>, bench: Bench) -> Vec<Event> {
        let mut executor = Executor::new(cases, bench);
        let mut events = Vec::new();
        loop {
            assert!(self.now_us < 3_600_000_000, "the run does not end");
            let action = executor.poll(self.now_us);
            events.extend(executor.events());
            match action {
                Action::Done => return events,
                Action::Wait { until_us } => match self.outbox.pop_front_if(|(t_us, _)| *t_us <= until_us) {
                    None => self.now_us = self.now_us.max(until_us),
                    Some((t_us, way)) => {
                        self.now_us = self.now_us.max(t_us);
                        match way {
                            Way::Bytes(bytes) => executor.received(self.now_us, &bytes),
                            Way::Lost => executor.lost(self.now_us, "the port is gone"),
                            Way::Interrupt => executor.interrupt("Ctrl-C"),
                            Way::Message(message) => executor.captured(self.now_us, message),
                        }
                    }
                },
                Action::Recover { .. } => executor.recovered(self.now_us, Err(Vec::new())),
                Action::Order(_) => executor.ordered(Ok(())),
                Action::Send(bytes) => {
                    self.now_us += 1000;
                    if let Some((_, reason)) = self.withheld.as_ref().filter(|(line, _)| *line == bytes) {
                        executor.withheld(self.now_us, reason);
                        continue;
                    }
                    executor.sent(self.now_us);
                    let line = bytes.strip_suffix(b"\r").unwrap_or(&bytes);
                    if self.interrupted_at.as_ref().is_some_and(|at| at.as_bytes() == line) {
                        executor.interrupt("by hand");
                    }
                    self.hear(&bytes);
                }
            }
        }
    }

    fn hear(&mut self, bytes: &[u8]) {
        if let Some((silence_us, after)) = &self.lasting {
            // What was to be said after a shorter silence is not said yet.
            if self.outbox.back().is_some_and(|(t_us, _)| *t_us > self.now_us) {
                self.outbox.pop_back();
                self.outbox.push_back((self.now_us + silence_us, Way::Bytes(after.clone())));
                return;
            }
            self.lasting = None;
        }
        for &byte in bytes {
            if let Some((left, after)) = &mut self.taking {
                *left -= 1;
                let (left, after) = (*left, after.clone());
                if left == 0 {
                    self.comes(self.now_us + 500, Way::Bytes(after));
                    self.taking = None;
                } else if let Some(taken) = &mut self.block {
                    *taken += 1;
                    if *taken % 1024 == 0 {
                        self.comes(self.now_us + 50_000, Way::Bytes(b"A".to_vec()));
                    }
                }
                continue;
            }
            self.line.push(byte);
            if byte != b'\r' {
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let bare = line.strip_suffix(b"\r").unwrap_or(&line).to_vec();
            self.heard.push(String::from_utf8_lossy(&bare).into_owned());
            let answered_us = self.now_us + (self.pace)(&bare);
            let reaction = self.reaction(&bare);
            let bare_answer = matches!(reaction, Reaction::Bare(_) | Reaction::InParts(_));
            if !bare_answer && self.echo != Some(false) {
                self.comes(self.now_us + 200, Way::Bytes((self.likeness)(&line)));
            }
            if self.echo.is_some() && bare.starts_with(b"ATE") {
                self.echo = Some(bare == b"ATE1");
            }
            let way = match reaction {
                Reaction::Says(bytes) | Reaction::Bare(bytes) => Way::Bytes(bytes),
                Reaction::Takes(size, after) => {
                    (self.taking, self.block) = (Some((size, after)), None);
                    Way::Bytes(b"\r\nCONNECT\r\n".to_vec())
                }
                Reaction::TakesBlocks(size, after) => {
                    (self.taking, self.block) = (Some((size, after)), Some(0));
                    Way::Bytes(b"\r\nCONNECT\r\n".to_vec())
                }
                Reaction::InParts(parts) => {
                    for (after_us, bytes) in parts {
                        self.comes(self.now_us + after_us, Way::Bytes(bytes));
                    }
                    continue;
                }
                Reaction::TakesFor(silence_us, after) => {
                    self.outbox.push_back((answered_us, Way::Bytes(b"\r\nCONNECT\r\n".to_vec())));
                    self.outbox.push_back((answered_us + silence_us, Way::Bytes(after.clone())));
                    self.lasting = Some((silence_us, after));
                    continue;
                }
                Reaction::Then(bytes, ways) => {
                    for (later_us, way) in ways {
                        self.comes(self.now_us + later_us, way);
                    }
                    Way::Bytes(bytes)
                }
                Reaction::Silent => continue,
                Reaction::Unplugged => Way::Lost,
            };
            self.comes(answered_us, way);
        }
    }
}

/// One case from a body, judged by a clause of the catalogue.
pub(crate) fn cases(body: &str) -> Vec<Case> {
    suite(&[("case", "", body)]).cases().to_vec()
}

/// One case from a body, with the clauses that its front matter names.
pub(crate) fn judged(front: &str, body: &str) -> Vec<Case> {
    let text = format!("---\nid = \"case\"\ntitle = \"case\"\n{front}---\n{body}");
    Suite::assemble([("case.atx", text.as_str())], BTreeMap::new(), &Variables::default())
        .expect("the suite of a test is without mistakes")
        .cases()
        .to_vec()
}

/// A suite of (id, further front matter, body).
pub(crate) fn suite(transcripts: &[(&str, &str, &str)]) -> Suite {
    let texts: Vec<(String, String)> = transcripts
        .iter()
        .map(|(id, front, body)| {
            let clauses = if front.contains("clauses = ") { "" } else { "clauses = [\"CFG-MMSC-LENGTH\"]\n" };
            let head = format!("---\nid = \"{id}\"\ntitle = \"{id}\"\n{clauses}{front}---\n");
            (format!("{id}.atx"), head + body)
        })
        .collect();
    let texts = texts.iter().map(|(file, text)| (file.as_str(), text.as_str()));
    Suite::assemble(texts, BTreeMap::new(), &Variables::default())
        .expect("the suite of a test is without mistakes")
}

pub(crate) fn bench() -> Bench {
    let run = Run {
        format: ec20_suite::journal::FORMAT,
        version: "test".to_owned(),
        suite_hash: "test".to_owned(),
        started: "1970-01-01T00:00:00Z".to_owned(),
        port: "stranger".to_owned(),
        command: "none".to_owned(),
    };
    let permit = Permit { effects: Effect::ALL.into(), recipient: None, ..Permit::default() };
    Bench { permit, ..Bench::new(run) }
}

/// How the cases of a run ended, in order.
pub(crate) fn ends(events: &[Event]) -> Vec<CaseEnd> {
    let end = |event: &Event| match event {
        Event::CaseEnd(end) => Some(end.clone()),
        _ => None,
    };
    events.iter().filter_map(end).collect()
}

/// What kept cases from being asked, and how many: told once, as the end of no case.
pub(crate) fn not_asked(events: &[Event]) -> Vec<(NotAskedWhy, u64)> {
    let not_asked = |event: &Event| match event {
        Event::NotAsked { why, cases, .. } => Some((*why, *cases)),
        _ => None,
    };
    events.iter().filter_map(not_asked).collect()
}

/// The exit code of a run.
pub(crate) fn exit(events: &[Event]) -> u8 {
    let exit = |event: &Event| match event {
        Event::End { exit, .. } => Some(*exit),
        _ => None,
    };
    events.iter().find_map(exit).expect("a run ends")
}

/// The standing clauses that a run broke.
pub(crate) fn breaches(events: &[Event]) -> Vec<String> {
    let broken = |event: &Event| match event {
        Event::Breach { clause, .. } => Some(clause.clone()),
        _ => None,
    };
    events.iter().filter_map(broken).collect()
}

/// One case against a stranger with this table: its verdict and the rest of its evidence.
#[track_caller]
pub(crate) fn verdict(body: &str, stranger: &mut Stranger) -> (Verdict, CaseEnd) {
    let events = stranger.run(cases(body), bench());
    let ends = ends(&events);
    assert_eq!(ends.len(), 1, "{ends:?}");
    (ends[0].verdict, ends[0].clone())
}

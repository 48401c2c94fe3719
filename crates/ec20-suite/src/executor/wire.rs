//! The conversation: command lines out, lines in, each taken for what it is.
//!
//! It knows the exchange that is open, what belongs to it and what only passes by. It judges no case; what it sees break a standing
//! clause it tells `standing`.

mod question;
mod sending;
mod silence;
mod upload;

use std::collections::VecDeque;
use std::rc::Rc;

use super::desk::{Desk, Woken};
use super::reader::{Habits, Reader};
use super::traces::Traces;
use super::witness;
use crate::effect;
use crate::escape::escaped;
use crate::journal::Event;
use crate::standing::{self, Standing};
use crate::verdict::Verdict;

/// What a line was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Part of the answer to the command that is open.
    Information,
    /// Nothing that this exchange can cause.
    Urc,
    /// A final result.
    Final,
    /// `CONNECT`: data may go out.
    Connect,
    /// `>`: text may go out.
    Prompt,
    /// An answer to a command that was given up, or to none.
    Late,
    /// An echo of something this run did not send.
    ForeignEcho,
    /// No line of any kind.
    Unreadable,
}

impl Class {
    /// The word for it in the journal.
    const fn word(self) -> &'static str {
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

    /// Whether a line of this class says nothing about the open exchange.
    pub(super) const fn passes_by(self) -> bool {
        matches!(self, Self::Urc | Self::Late)
    }
}

/// A line that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) t_us: u64,
    pub(super) class: Class,
    pub(super) text: Vec<u8>,
}

/// A command whose final result is, or was, awaited.
#[derive(Debug)]
struct Exchange {
    command: Vec<u8>,
    /// When the command was handed over, before any of its effects.
    begun_us: u64,
    sent_us: u64,
    limit_ms: u64,
    deadline_us: u64,
    done: bool,
    /// Its final result is OK.
    accepted: bool,
    upload: Option<effect::Upload>,
    /// How many acknowledgements the data that were sent should bring.
    acknowledgements: Option<usize>,
    connected: bool,
    /// How many bytes were sent as data; on a slow wire they may still be leaving: a port takes bytes faster.
    data_sent: usize,
}

/// The conversation with one module.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the conversation")]
pub(super) struct Wire {
    pub(super) desk: Rc<Desk>,
    reader: Reader,
    transport_us: u64,
    exchange: Option<Exchange>,
    /// URCs of this case that no step has claimed yet.
    unclaimed: VecDeque<Line>,
    standing: Standing,
    case: Option<String>,
    /// A command line sent in parts, so far.
    typed: Vec<u8>,
    /// The open answer fell silent, and what had come of it was read for what it could be.
    read_again: bool,
    pub(super) traces: Traces,
    /// How long a command that got no answer may still get one, in ms.
    doubt_ms: Option<u64>,
    /// That time passes: an answer that comes now is recorded, and held against nothing.
    doubting: bool,
    /// The module has said that it started, and nobody asked it to.
    restarted: bool,
    /// Until when the result of an accepted QMMSEND may come.
    sending_until_us: Option<u64>,
    heed_interrupt: bool,
    /// The case whose QMMSEND was accepted last.
    sender: Option<String>,
}

/// What an answer may take beyond the command table's patience, in ms: only silence ends here, lateness is merely recorded.
const GRACE_MS: u64 = 2000;

impl Wire {
    pub(super) fn new(desk: Rc<Desk>, transport_us: u64) -> Self {
        Self {
            desk,
            reader: Reader::default(),
            transport_us,
            exchange: None,
            unclaimed: VecDeque::new(),
            standing: Standing::default(),
            case: None,
            typed: Vec::new(),
            read_again: false,
            doubt_ms: None,
            doubting: false,
            traces: Traces::default(),
            restarted: false,
            sending_until_us: None,
            heed_interrupt: true,
            sender: None,
        }
    }

    pub(super) fn begin_case(&mut self, case: &str) {
        self.case = Some(case.to_owned());
        self.unclaimed.clear();
        self.traces.take_touched();
        self.traces.files.settle();
    }

    pub(super) fn end_case(&mut self) {
        self.case = None;
    }

    pub(super) fn heed_interrupt(&mut self, heed: bool) {
        self.heed_interrupt = heed;
    }

    pub(super) fn send_accepted(&mut self) {
        self.standing.send_accepted();
        self.sender.clone_from(&self.case);
        self.begin_sending();
    }

    pub(super) fn standing_verdicts(&mut self) -> Vec<Verdict> {
        let verdicts = self.standing.verdicts();
        for (clause, verdict, exchanges) in &verdicts {
            let (clause, verdict, exchanges) = (clause.clone(), *verdict, *exchanges);
            self.desk.record(Event::Standing { clause, verdict, exchanges });
        }
        verdicts.into_iter().map(|(_, verdict, _)| verdict).collect()
    }

    /// Sends a command line and its terminator; the error is the gate's reason.
    pub(super) async fn command(&mut self, line: Vec<u8>) -> Result<(), String> {
        let mut bytes = line.clone();
        bytes.push(b'\r');
        let begun_us = self.desk.now_us();
        self.desk.send(bytes.clone()).await?;
        self.reader.sent(&bytes);
        self.open(line, begun_us);
        Ok(())
    }

    /// An answer is owed from now on.
    fn open(&mut self, command: Vec<u8>, begun_us: u64) {
        self.doubt();
        let limit_ms = effect::patience_ms(&command);
        let upload = effect::upload(&command);
        let sent_us = self.desk.now_us();
        self.standing.exchange();
        self.read_again = false;
        self.traces.left(&command);
        self.exchange = Some(Exchange {
            command,
            begun_us,
            sent_us,
            limit_ms,
            deadline_us: sent_us + (limit_ms + GRACE_MS) * 1000 + self.transport_us,
            done: false,
            accepted: false,
            upload,
            acknowledgements: None,
            connected: false,
            data_sent: 0,
        });
    }

    /// Sends bytes that are no command line, or parts of one: with its CR it becomes one.
    pub(super) async fn raw(&mut self, bytes: Vec<u8>) -> Result<(), String> {
        let begun_us = self.desk.now_us();
        self.desk.send(bytes.clone()).await?;
        if self.in_data_mode() {
            self.reader.sent_raw(&bytes);
            self.leaves(&bytes);
            if bytes == b"+++" {
                self.end_data();
            }
            return Ok(());
        }
        for byte in bytes {
            match byte {
                // Neither is part of a line.
                0x1b => {}
                b'\n' => self.reader.sent_line_feed(),
                b'\r' => {
                    let mut line = std::mem::take(&mut self.typed);
                    if !line.is_empty() {
                        let command = line.clone();
                        line.push(b'\r');
                        self.reader.sent(&line);
                        self.open(command, begun_us);
                    }
                }
                byte => self.typed.push(byte),
            }
            // It needs no CR.
            if self.typed.eq_ignore_ascii_case(b"A/") {
                let line = std::mem::take(&mut self.typed);
                self.reader.sent(&line);
                self.open(line, begun_us);
            }
        }
        Ok(())
    }

    /// Whether the module may take bytes for data.
    pub(super) fn in_data_mode(&self) -> bool {
        self.exchange.as_ref().is_some_and(|exchange| exchange.connected && !exchange.done)
    }

    /// Gives up on the open exchange: what still comes of it is recorded and belongs to nobody else.
    pub(super) fn abandon(&mut self) {
        if self.answering() && !self.in_data_mode() {
            self.doubt();
            self.reader.give_up();
            // What stood there without its end is still of this answer.
            while let Some(line) = self.reader.next() {
                self.take(&line);
            }
            self.exchange = None;
        }
    }

    /// Whether the module echoes, if that is known.
    pub(super) const fn echo(&self) -> Option<bool> {
        self.reader.echo()
    }

    /// What stood between the lines of late.
    pub(super) const fn habits(&self) -> Habits {
        self.reader.habits()
    }

    /// Whether the open exchange brings data.
    pub(super) fn downloads(&self) -> bool {
        self.exchange.as_ref().is_some_and(|exchange| exchange.connected && exchange.upload.is_none())
    }

    /// What the last download brought.
    pub(super) fn downloaded(&self) -> &[u8] {
        self.reader.downloaded()
    }

    /// The next line of the open answer. At its deadline, bytes that never became a line are read again, for what they are.
    pub(super) async fn answer(&mut self) -> Result<Line, Woken> {
        self.answer_by(self.deadline_us()).await
    }

    /// Whether the open exchange still awaits its final result.
    pub(super) fn answering(&self) -> bool {
        self.exchange.as_ref().is_some_and(|exchange| !exchange.done)
    }

    /// Whether the last command was answered with OK.
    pub(super) fn is_accepted(&self) -> bool {
        self.exchange.as_ref().is_some_and(|exchange| exchange.accepted)
    }

    /// When silence is silence.
    pub(super) fn deadline_us(&self) -> u64 {
        match &self.exchange {
            Some(exchange) if !exchange.done => exchange.deadline_us,
            // Nothing is owed any more: what a dialogue still expects had its time.
            _ => self.desk.now_us() + 1_000_000 + self.transport_us,
        }
    }

    pub(super) fn begun_us(&self) -> u64 {
        self.exchange.as_ref().map_or(0, |exchange| exchange.begun_us)
    }

    pub(super) fn last_command(&self) -> Vec<u8> {
        self.exchange.as_ref().map(|exchange| exchange.command.clone()).unwrap_or_default()
    }

    /// The next line that is not this run's own echo.
    pub(super) async fn next(&mut self, deadline_us: u64) -> Result<Line, Woken> {
        loop {
            if let Some(line) = self.reader.next() {
                self.take(&line);
                return Ok(line);
            }
            match self.desk.receive(deadline_us, self.heed_interrupt).await {
                Ok((t_us, bytes)) => self.reader.push(t_us, &bytes),
                Err(woken) => return Err(woken),
            }
        }
    }

    /// Keeps the books on a line: journal, exchange, standing clauses.
    fn take(&mut self, line: &Line) {
        let t_us = line.t_us;
        let class = line.class.word().to_owned();
        self.desk.record(Event::Line { t_us, class, text: escaped(&line.text) });
        for breach in self.reader.breaches() {
            if !self.doubting {
                self.breach(t_us, breach);
            }
        }
        match line.class {
            Class::Connect => {
                if let Some(exchange) = &mut self.exchange {
                    exchange.connected = true;
                }
            }
            Class::Information => self.standing.information_line(),
            Class::Final => {
                self.standing.final_result(&line.text);
                self.take_final(line);
            }
            Class::Urc => {
                if line.text == b"RDY" {
                    self.started_anew(t_us);
                }
                self.heard_urc(&line.text);
                let sending = self.exchange.as_ref().filter(|exchange| !exchange.done);
                let unanswered = sending.is_some_and(|exchange| witness::is_send(&exchange.command));
                let breach = if unanswered {
                    self.standing.urc_before_ok(&line.text)
                } else {
                    self.standing.urc(&line.text)
                };
                if let Some(breach) = breach {
                    self.breach(t_us, breach);
                }
                self.unclaimed.push_back(line.clone());
            }
            _ => {}
        }
    }

    fn take_final(&mut self, line: &Line) {
        let Some(exchange) = self.exchange.as_mut().filter(|exchange| !exchange.done) else {
            if !self.doubting {
                let breach = self.standing.surplus(&line.text);
                self.breach(line.t_us, breach);
            }
            return;
        };
        exchange.done = true;
        exchange.accepted = line.text == b"OK";
        let took_us = line.t_us.saturating_sub(exchange.sent_us).saturating_sub(self.transport_us);
        let timing = Event::Timing {
            t_us: exchange.sent_us,
            command: escaped(&exchange.command),
            took_us,
            limit_ms: exchange.limit_ms,
        };
        self.desk.record(timing);
    }

    fn breach(&mut self, t_us: u64, breach: standing::Breach) {
        let standing::Breach { clause, expected, came } = breach;
        // One result too many is about the message that was sent, whatever runs by now.
        let sender = self.sender.as_ref().filter(|_| clause == standing::ONE_RESULT);
        let case = sender.or(self.case.as_ref()).cloned();
        self.desk.record(Event::Breach { t_us, clause: clause.clone(), case, expected, came });
        self.standing.broken(clause);
    }

    /// Reads the rest of the open exchange without looking at it; says whether it came to its end, without a silence before it.
    pub(super) async fn finish(&mut self) -> bool {
        while self.answering() {
            if self.awaits_data() || self.answer().await.is_err() {
                self.abandon();
                return false;
            }
        }
        !self.read_again
    }

    /// Waits until the wire is quiet, unless it still is from the last time. A line that still belonged to the answer is given back; what passes by is kept.
    pub(super) async fn drain(&mut self, quiet_ms: u64) -> Result<Option<Line>, Woken> {
        let mut surplus = None;
        while !self.desk.is_still() {
            match self.next(self.desk.now_us() + quiet_ms * 1000).await {
                // A surplus final broke its standing clause when it was taken.
                Ok(line) if line.class.passes_by() || line.class == Class::Final => {}
                Ok(line) => surplus = surplus.or(Some(line)),
                Err(Woken::Deadline) => self.desk.found_still(),
                Err(woken) => return Err(woken),
            }
        }
        Ok(surplus)
    }

    /// The oldest unclaimed URC that begins with one of the names.
    pub(super) fn unclaimed(&mut self, names: &[Vec<u8>]) -> Option<Line> {
        let at =
            self.unclaimed.iter().position(|line| names.iter().any(|name| line.text.starts_with(name)))?;
        self.unclaimed.remove(at)
    }
}

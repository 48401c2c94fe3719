//! A command line at work: its commands one after another, to one result.
//!
//! Knows how a command goes on (done, refused, waiting, taking data), what stops a line, and where a line that nobody
//! asked for may stand. Refuses to know what any command does.

use std::collections::VecDeque;

use ec20_manual::profile::Habit;

use crate::data::Data;
use crate::module::{Mode, Module};
use crate::reply::{Final, Frame, Refusal};
use crate::state::State;
use crate::unknown;
use crate::words::{Command, Unreadable};

/// What a command makes of itself.
pub(crate) type Outcome = Result<Flow, Refusal>;

/// How a command that was not refused goes on.
pub(crate) enum Flow {
    /// It is done.
    Done,
    /// It is done and the result is another than `OK`.
    Result(Final),
    /// It needs so many milliseconds, and then this.
    Wait(u64, Pending),
    /// Counted data follow.
    Data(Data),
}

/// What a command does after a wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pending {
    /// Start at all.
    Begin(Command),
    Activate(usize),
    Deactivate(usize),
    Attach(bool),
    Nothing,
}

/// The command that runs, and the ones of its line that follow.
#[derive(Default)]
pub(crate) struct Running {
    pub(crate) rest: VecDeque<Result<Command, Unreadable>>,
    pub(crate) form: &'static str,
    pub(crate) before: Option<Box<State>>,
    pub(crate) lines: Vec<Vec<u8>>,
    failed: Option<Refusal>,
}

/// How the forms of the MMS manual's own commands begin.
const MMS_FORMS: &str = "qmms";

/// Lines that a module may send at any time, for [`Module::with_noise`]: none that has to be asked for, and none that a
/// command's answer could be taken for.
const NOISE: [&str; 4] = ["RING", "+CMTI: \"SM\",3", "+QIND: PB DONE", "+QIND: SMS DONE"];

impl Module {
    pub(crate) fn run_line(&mut self) {
        self.make_noise();
        self.running = Running { rest: self.line.commands(), ..Running::default() };
        self.advance();
    }

    /// Runs the commands of the line until one has to wait, or all are done.
    pub(crate) fn advance(&mut self) {
        while let Some(command) = self.running.rest.pop_front() {
            let Ok(command) = command else {
                self.refused(Refusal::Error);
                return;
            };
            let delay = self.profile.timing.answer_ms + self.deviations.late(&command);
            if delay > 0 {
                self.mode = Mode::Busy(self.now + delay, Pending::Begin(command));
                return;
            }
            let outcome = self.begin(&command);
            if !self.handle(outcome) {
                return;
            }
        }
        match self.running.failed.take() {
            Some(refusal) => self.refused(refusal),
            None => self.line_over(&Final::Ok),
        }
    }

    pub(crate) fn went(&mut self, outcome: Outcome) {
        if self.handle(outcome) {
            self.advance();
        }
    }

    /// Carries one outcome out; says whether the line may go on at once.
    fn handle(&mut self, outcome: Outcome) -> bool {
        let outcome = self.after_hooks(outcome);
        match self.verbatim_success(outcome) {
            Ok(Flow::Done) => {
                self.say_lines();
                !self.deviations.has(Habit::ChainStops) || {
                    self.running.rest.clear();
                    true
                }
            }
            Ok(Flow::Result(result)) => {
                self.say_lines();
                self.line_over(&result);
                false
            }
            Ok(Flow::Wait(ms, pending)) => {
                self.mode = Mode::Busy(self.now + ms, pending);
                false
            }
            Ok(Flow::Data(data)) => {
                self.mode = Mode::Data(data);
                self.start_data();
                false
            }
            Err(refusal) if self.deviations.has(Habit::ChainGoesOn) && !self.running.rest.is_empty() => {
                self.running.failed = Some(refusal);
                true
            }
            Err(refusal) => {
                self.refused(refusal);
                false
            }
        }
    }

    /// A reply that is word for word and ends in `OK` is a success: the line goes on.
    fn verbatim_success(&mut self, outcome: Outcome) -> Outcome {
        match outcome {
            Err(Refusal::Verbatim(mut lines)) if lines.last().is_some_and(|last| last == "OK") => {
                lines.pop();
                self.running.lines = lines.into_iter().map(String::into_bytes).collect();
                Ok(Flow::Done)
            }
            other => other,
        }
    }

    /// Ends a command that had to wait, or took data.
    pub(crate) fn finish(&mut self, outcome: Outcome) {
        self.mode = Mode::Line;
        self.went(outcome);
    }

    pub(crate) fn refused(&mut self, refusal: Refusal) {
        self.say_lines();
        match refusal {
            Refusal::Error => self.line_over(&Final::Error),
            Refusal::Cme(code) => match self.spelled(code) {
                Some(lines) => self.verbatim_over(&lines),
                None => self.line_over(&Final::Cme(code)),
            },
            Refusal::Cms(code) => self.line_over(&Final::Cms(code)),
            Refusal::Verbatim(lines) => self.verbatim_over(&lines),
        }
    }

    fn verbatim_over(&mut self, lines: &[String]) {
        let lines: Vec<_> = lines.iter().map(|line| line.clone().into_bytes()).collect();
        let mut out = std::mem::take(&mut self.out);
        self.frame().verbatim(&lines, &mut out);
        self.out = out;
        self.end_line();
    }

    /// How this firmware spells the error of an MMS command, where it does so in a way of its own. The command decides, not the
    /// number: whose error it is, is the question, and a file command may be refused with any number.
    fn spelled(&self, code: u16) -> Option<Vec<String>> {
        let question = match self.state.session.cmee {
            _ if !self.running.form.starts_with(MMS_FORMS) => return None,
            0 => unknown::PLAIN_CODES,
            2 => unknown::VERBOSE_CODES,
            _ => return None,
        };
        if let Some(lines) = self.other(question) {
            return Some(lines.to_vec());
        }
        match self.habit(question) {
            "number" | "cme-752" => Some(vec![format!("+CME ERROR: {code}")]),
            "error" if question == unknown::VERBOSE_CODES => Some(vec!["ERROR".into()]),
            _ => None,
        }
    }

    fn line_over(&mut self, result: &Final) {
        self.result(result);
        if *result == Final::Ok && self.deviations.has(Habit::OkTwice) {
            self.result(result);
        }
        self.end_line();
    }

    fn end_line(&mut self) {
        self.running = Running::default();
        if std::mem::take(&mut self.restart_due) {
            let said = std::mem::take(&mut self.out);
            self.restart();
            self.out = said;
            return;
        }
        self.make_noise();
    }

    /// Restarts as soon as the line has its result.
    pub(crate) fn restart_after_ok(&mut self) {
        self.restart_due = true;
    }

    fn say_lines(&mut self) {
        let lines = std::mem::take(&mut self.running.lines);
        let mut out = std::mem::take(&mut self.out);
        self.frame().information(&lines, &mut out);
        self.out = out;
    }

    pub(crate) fn result(&mut self, result: &Final) {
        let mut out = std::mem::take(&mut self.out);
        self.frame().result(result, &mut out);
        self.out = out;
    }

    fn frame(&self) -> Frame<'_> {
        Frame { session: &self.state.session, marks: self.deviations.marks(), wide: self.wide }
    }

    /// Sends a line that nobody asked for, as soon as the dialogue leaves room for it.
    pub(crate) fn unsolicited(&mut self, line: impl Into<Vec<u8>>) {
        self.urcs.push_back(line.into());
    }

    /// Sends a line that nobody asked for in this very place.
    pub(crate) fn unsolicited_now(&mut self, line: &[u8]) {
        let mut out = std::mem::take(&mut self.out);
        self.frame().unsolicited(line, &mut out);
        self.out = out;
    }

    pub(crate) fn flush_urcs(&mut self) {
        while matches!(self.mode, Mode::Line | Mode::Busy(..) | Mode::Booting(..)) && self.line.is_empty() {
            let Some(line) = self.urcs.pop_front() else { return };
            self.unsolicited_now(&line);
        }
    }

    pub(crate) fn make_noise(&mut self) {
        if let Some(count) = self.noise {
            self.noise = Some(count + 1);
            if let Some(line) = NOISE.get(count % NOISE.len()) {
                self.unsolicited_now(line.as_bytes());
            }
        }
    }
}

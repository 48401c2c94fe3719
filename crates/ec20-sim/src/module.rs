//! The module: bytes and events in, bytes and requests out, and nothing else.
//!
//! Knows the modes a module is in (reading a line, busy with a command, taking or giving data, restarting) and how a
//! line of commands runs to its one result. Refuses to know a clock, a socket, a thread or chance: the time is handed in
//! with every step, the network is asked for and reported back, and whoever drives the module decides what really
//! happens.

use std::collections::VecDeque;
use std::sync::Arc;

use ec20_manual::profile::{Habit, Profile};

use crate::data::Data;
use crate::deviate::Deviations;
use crate::line::{LineEvent, LineReader};
use crate::reply::{Final, Frame, Refusal};
use crate::send::Send;
use crate::session::Session;
use crate::state::State;
use crate::unknown;
use crate::words::{Command, Unreadable};

/// Names one network connection of a module, for as long as the module lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub u32);

/// What happens to a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input<'a> {
    /// Bytes from the host.
    Bytes(&'a [u8]),
    /// Time has passed; nothing else.
    Tick,
    /// Something happened to a connection that the module had asked for.
    Network(NetworkEvent<'a>),
    /// Something happened to the world round the module.
    Environment(Environment),
}

/// What happens to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkEvent<'a> {
    /// It stands.
    Connected(ConnectionId),
    /// The far end sent these bytes.
    Received(ConnectionId, &'a [u8]),
    /// The far end closed it in order.
    Closed(ConnectionId),
    /// It broke, or never came to be.
    Failed(ConnectionId, NetworkFailure),
}

/// Why a connection broke or never came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkFailure {
    /// The host name has no address.
    NameUnresolved,
    /// No socket could be had.
    NoSocket,
    /// The far end refused, or could not be reached.
    Refused,
    /// Reading failed: the far end reset the connection.
    ReadFailed,
    /// Writing failed.
    WriteFailed,
    /// A failure of no kind that the manual names.
    Other,
}

/// What happens to the world round the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// The SIM card is taken out.
    SimOut,
    /// The SIM card is put in.
    SimIn,
    /// The network is gone: registration and every context with it.
    NetworkLost,
    /// The network is back.
    NetworkBack,
    /// The network lets contexts be activated, or refuses to.
    ContextsRefused(bool),
    /// The network takes one context down.
    PdpLost(u8),
    /// The power button: everything starts anew, boot lines and all.
    Reboot,
    /// The cable is pulled: a half line, data mode and pending answers are gone, the module runs on.
    Unplug,
}

/// What a module does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Bytes to the host.
    Bytes(Vec<u8>),
    /// It wants a TCP connection over a PDP context.
    Connect {
        /// The name under which events about it come back.
        connection: ConnectionId,
        /// The PDP context, from 1.
        context: u8,
        /// Host name or address.
        host: String,
        /// Port.
        port: u16,
    },
    /// It sends bytes over a connection.
    Transmit {
        /// Which connection.
        connection: ConnectionId,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// It is done with a connection, established or not.
    Close {
        /// Which connection.
        connection: ConnectionId,
    },
    /// It wants a step at this time, in milliseconds, even if nothing happens before.
    WakeAt(u64),
}

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

pub(crate) enum Mode {
    /// Reading a command line.
    Line,
    /// Busy with a command until then.
    Busy(u64, Pending),
    /// Taking or giving data.
    Data(Data),
    /// Starting: silent until the first boot line. The lines left, and when the next is due.
    Booting(u64, VecDeque<Vec<u8>>),
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

/// A simulated EC20.
///
/// ```
/// use ec20_manual::profile::Profile;
/// use ec20_sim::{Input, Module, Output};
///
/// let mut module = Module::new(Profile::manual());
/// let said = module.step(0, Input::Bytes(b"AT\r"));
/// assert_eq!(said, [Output::Bytes(b"AT\r\r\nOK\r\n".to_vec())]);
/// ```
pub struct Module {
    pub(crate) profile: Arc<Profile>,
    pub(crate) deviations: Deviations,
    pub(crate) factory: State,
    pub(crate) state: State,
    pub(crate) stored: Session,
    pub(crate) now: u64,
    pub(crate) mode: Mode,
    pub(crate) running: Running,
    pub(crate) send: Option<Send>,
    pub(crate) sends: u32,
    pub(crate) bearer_error: u16,
    pub(crate) connections: u32,
    pub(crate) out: Vec<u8>,
    pub(crate) requests: Vec<Output>,
    line: LineReader,
    backlog: VecDeque<u8>,
    urcs: VecDeque<Vec<u8>>,
    noise: Option<usize>,
    /// Two line ends between the lines of one answer; looked up once, since every answer needs it.
    wide: bool,
    /// The MMS error numbers have words under `AT+CMEE=2`; looked up once.
    mms_words: bool,
    restart_due: bool,
}

/// Bytes kept while a command runs; what comes beyond is lost, as in a real module's buffer.
const BACKLOG_MAX: usize = 65_536;

/// Lines that a module may send at any time, for [`Module::with_noise`].
const NOISE: [&str; 4] = ["RING", "+CMTI: \"SM\",3", "+CREG: 1", "+QIND: SMS DONE"];

impl Module {
    /// A module that plays a profile: fresh from the factory, started and silent, with a SIM card, in reach of a network.
    pub fn new(profile: &Profile) -> Self {
        let deviations = Deviations::new(&profile.deviations);
        let mut factory = State::factory(profile);
        deviations.change_factory(&mut factory);
        let mut module = Self {
            state: factory.clone(),
            stored: factory.session.clone(),
            factory,
            deviations,
            profile: Arc::new(profile.clone()),
            now: 0,
            mode: Mode::Line,
            running: Running::default(),
            send: None,
            sends: 0,
            bearer_error: 0,
            connections: 0,
            out: Vec::new(),
            requests: Vec::new(),
            line: LineReader::new(profile.line.max_bytes),
            backlog: VecDeque::new(),
            urcs: VecDeque::new(),
            noise: None,
            wide: false,
            mms_words: true,
            restart_due: false,
        };
        module.wide = module.habit(unknown::FRAME_LINES) == "two";
        module.mms_words = module.habit(unknown::VERBOSE_CODES) == "text";
        module
    }

    /// The same module, sending an unsolicited line at every point where the standards allow one.
    #[must_use]
    pub fn with_noise(mut self) -> Self {
        self.noise = Some(0);
        self
    }

    /// Takes one input at a time in milliseconds, which must not go backwards, and says what the module does.
    pub fn step(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output> {
        self.pass_time(now_ms);
        match input {
            Input::Tick => {}
            Input::Bytes(bytes) => self.take_bytes(bytes),
            Input::Network(event) => self.network(event),
            Input::Environment(event) => self.environment(event),
        }
        self.settle();
        let mut outputs = Vec::with_capacity(2);
        if !self.out.is_empty() {
            outputs.push(Output::Bytes(std::mem::take(&mut self.out)));
        }
        outputs.append(&mut self.requests);
        if let Some(at) = self.wake_at() {
            outputs.push(Output::WakeAt(at));
        }
        outputs
    }

    /// When the module next does something by itself.
    pub fn wake_at(&self) -> Option<u64> {
        let mode = match &self.mode {
            Mode::Line => None,
            Mode::Busy(until, _) | Mode::Booting(until, _) => Some(*until),
            Mode::Data(data) => Some(data.deadline()),
        };
        [mode, self.send.as_ref().map(Send::deadline)].into_iter().flatten().min()
    }

    /// Lets everything happen that is due, in its order.
    fn pass_time(&mut self, now: u64) {
        while let Some(due) = self.wake_at().filter(|due| *due <= now) {
            self.now = self.now.max(due);
            if self.send.as_ref().is_some_and(|send| send.deadline() <= due) {
                self.send_due();
            } else {
                self.mode_due();
            }
            self.settle();
        }
        self.now = self.now.max(now);
    }

    fn mode_due(&mut self) {
        match std::mem::replace(&mut self.mode, Mode::Line) {
            Mode::Line => {}
            Mode::Busy(_, pending) => {
                let outcome = match pending {
                    Pending::Begin(command) => self.begin(&command),
                    pending => self.resume(pending),
                };
                self.went(outcome);
            }
            Mode::Data(data) => self.data_due(data),
            Mode::Booting(at, mut lines) => {
                if let Some(line) = lines.pop_front() {
                    self.unsolicited(line);
                }
                if !lines.is_empty() {
                    self.mode = Mode::Booting(at + 1 + self.profile.timing.boot_ms / 8, lines);
                }
            }
        }
    }

    /// After anything: goes on with bytes that had to wait, and with lines that nobody asked for.
    fn settle(&mut self) {
        loop {
            self.flush_urcs();
            match (&self.mode, self.backlog.is_empty()) {
                (Mode::Line | Mode::Data(_), false) => {
                    let waiting: Vec<u8> = self.backlog.drain(..).collect();
                    self.take_bytes(&waiting);
                }
                _ => return,
            }
        }
    }

    fn take_bytes(&mut self, mut bytes: &[u8]) {
        while let Some((first, rest)) = bytes.split_first() {
            match &mut self.mode {
                Mode::Line => {
                    self.take_byte(*first);
                    bytes = rest;
                }
                Mode::Data(_) => bytes = self.take_data(bytes),
                Mode::Booting(..) => return,
                Mode::Busy(..) => {
                    let room = BACKLOG_MAX.saturating_sub(self.backlog.len());
                    self.backlog.extend(bytes.iter().take(room));
                    return;
                }
            }
        }
    }

    fn take_byte(&mut self, byte: u8) {
        if self.line.is_empty() {
            self.make_noise();
        }
        let session = &self.state.session;
        let event = self.line.take(byte, session.terminator(), session.backspace());
        if session.echo && event != LineEvent::Ignored && !self.deviations.has(Habit::NoEcho) {
            let mangled = self.deviations.has(Habit::EchoMangled) && byte == b'=';
            self.out.push(if mangled { b'?' } else { byte });
        }
        match event {
            LineEvent::Ignored | LineEvent::Kept => {}
            LineEvent::Line => self.run_line(),
            LineEvent::Unreadable => {
                self.make_noise();
                self.result(&Final::Error);
            }
        }
    }

    fn run_line(&mut self) {
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

    fn went(&mut self, outcome: Outcome) {
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

    fn refused(&mut self, refusal: Refusal) {
        self.say_lines();
        match refusal {
            Refusal::Error => self.line_over(&Final::Error),
            Refusal::Cme(code) => self.line_over(&Final::Cme(code)),
            Refusal::Cms(code) => self.line_over(&Final::Cms(code)),
            Refusal::Verbatim(lines) => {
                let lines: Vec<_> = lines.into_iter().map(String::into_bytes).collect();
                let mut out = std::mem::take(&mut self.out);
                self.frame().verbatim(&lines, &mut out);
                self.out = out;
                self.end_line();
            }
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
        Frame {
            session: &self.state.session,
            marks: self.deviations.marks(),
            wide: self.wide,
            mms_words: self.mms_words,
        }
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

    fn flush_urcs(&mut self) {
        while matches!(self.mode, Mode::Line | Mode::Busy(..) | Mode::Booting(..)) && self.line.is_empty() {
            let Some(line) = self.urcs.pop_front() else { return };
            self.unsolicited_now(&line);
        }
    }

    fn make_noise(&mut self) {
        if let Some(count) = self.noise {
            self.noise = Some(count + 1);
            if let Some(line) = NOISE.get(count % NOISE.len()) {
                self.unsolicited_now(line.as_bytes());
            }
        }
    }

    fn environment(&mut self, event: Environment) {
        match event {
            Environment::SimOut => {
                self.state.radio.card = false;
                self.network_gone();
                self.unsolicited("+CPIN: NOT INSERTED");
            }
            Environment::SimIn => {
                self.state.radio.card = true;
                self.unsolicited("+CPIN: READY");
                self.registration_changed();
            }
            Environment::NetworkLost => {
                self.state.radio.network = false;
                self.network_gone();
                self.registration_changed();
            }
            Environment::NetworkBack => {
                self.state.radio.network = true;
                self.state.radio.attached = true;
                self.registration_changed();
            }
            Environment::ContextsRefused(refuses) => self.state.radio.refuses_contexts = refuses,
            Environment::PdpLost(context) => {
                if let Some(lost) = self.state.context(i64::from(context)).filter(|c| c.active) {
                    lost.active = false;
                    self.context_down(usize::from(context));
                }
            }
            Environment::Reboot => self.restart(),
            Environment::Unplug => {
                self.line.clear();
                self.backlog.clear();
                self.urcs.clear();
                self.running = Running::default();
                self.out.clear();
                if !matches!(self.mode, Mode::Booting(..)) {
                    self.mode = Mode::Line;
                }
            }
        }
    }

    /// Everything that hangs on the network falls.
    pub(crate) fn network_gone(&mut self) {
        for context in self.state.lose_contexts() {
            self.context_down(context);
        }
    }

    fn context_down(&mut self, context: usize) {
        self.unsolicited(format!("+QIURC: \"pdpdeact\",{context}"));
        self.send_lost_context(context);
    }

    /// Starts anew: RAM files, message, contexts and unsaved settings of the dialogue are gone.
    pub(crate) fn restart(&mut self) {
        self.drop_send();
        self.line.clear();
        self.backlog.clear();
        self.urcs.clear();
        self.running = Running::default();
        self.out.clear();
        let radio = self.state.radio.clone();
        let mut fresh = self.factory.clone();
        self.keep_over_restart(&mut fresh);
        fresh.session = self.stored.clone();
        fresh.radio.card = radio.card;
        fresh.radio.network = radio.network;
        fresh.radio.attached = radio.network && radio.card;
        fresh.radio.refuses_contexts = radio.refuses_contexts;
        self.state = fresh;
        let card = self.state.radio.card;
        let lines = self
            .profile
            .boot
            .iter()
            .map(|line| if !card && line == "+CPIN: READY" { "+CPIN: NOT INSERTED" } else { line })
            .map(|line| line.as_bytes().to_vec())
            .collect();
        self.mode = Mode::Booting(self.now + self.profile.timing.boot_ms, lines);
    }
}

/// Whatever takes a module's inputs and gives its outputs: the module itself, or a module behind a line that spoils.
pub trait Machine {
    /// See [`Module::step`].
    fn step(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output>;
}

impl Machine for Module {
    fn step(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output> {
        Module::step(self, now_ms, input)
    }
}

impl<M: Machine + ?Sized> Machine for Box<M> {
    fn step(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output> {
        (**self).step(now_ms, input)
    }
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module")
            .field("profile", &self.profile.name)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

//! The module: bytes and events in, bytes and requests out, and nothing else.
//!
//! Knows the modes a module is in (reading a line, busy with a command, taking or giving data, restarting) and what is
//! due when. Refuses to know a clock, a socket, a thread or chance: the time is handed in with every step, the network is
//! asked for and reported back, and whoever drives the module decides what really happens.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use ec20_manual::profile::{Habit, Profile};

use crate::data::Data;
use crate::deviate::Deviations;
use crate::event::{Input, Machine, Output};
use crate::line::{LineEvent, LineReader};
use crate::message::draft::Draft;
use crate::reply::Final;
use crate::run::{Pending, Running};
use crate::send::Send;
use crate::session::Session;
use crate::state::State;
use crate::unknown;

/// What a module is doing.
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
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, looked up once or due once")]
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
    /// The message that left last.
    pub(crate) sent: Option<Draft>,
    /// Busy for good, after a send that its time limit ended: a deviation's doing.
    pub(crate) stuck: bool,
    pub(crate) bearer_error: u16,
    pub(crate) connections: u32,
    pub(crate) out: Vec<u8>,
    pub(crate) requests: Vec<Output>,
    pub(crate) line: LineReader,
    pub(crate) backlog: VecDeque<u8>,
    pub(crate) urcs: VecDeque<Vec<u8>>,
    pub(crate) noise: Option<usize>,
    /// Two line ends between the lines of one answer; looked up once, since every answer needs it.
    pub(crate) wide: bool,
    /// Line feeds of the host come back; looked up once.
    echoes_line_feeds: bool,
    pub(crate) restart_due: bool,
}

/// Bytes kept while a command runs; what comes beyond is lost, as in a real module's buffer.
const BACKLOG_MAX: usize = 65_536;

/// The longest line of a firmware that does not take one of 1000 bytes.
const SHORT_LINE: usize = 999;

impl Module {
    /// A module that plays a profile: fresh from the factory, started and silent, with a SIM card, in reach of a network.
    pub fn new(profile: &Profile) -> Self {
        let deviations = Deviations::new(&profile.deviations);
        let mut factory = State::factory();
        crate::found::settings(profile, &mut factory);
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
            sent: None,
            stuck: false,
            bearer_error: 0,
            connections: 0,
            out: Vec::new(),
            requests: Vec::new(),
            line: LineReader::new(profile.line.max_bytes),
            backlog: VecDeque::new(),
            urcs: VecDeque::new(),
            noise: None,
            wide: false,
            echoes_line_feeds: false,
            restart_due: false,
        };
        module.wide = module.habit(unknown::FRAME_LINES) == "two";
        module.echoes_line_feeds = module.habit(unknown::ECHO_LF) == "echoed";
        if !module.accepts(unknown::LINE_LENGTH) {
            module.line = LineReader::new(profile.line.max_bytes.min(SHORT_LINE));
        }
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
                    let ends = *first == self.state.session.terminator();
                    self.take_byte(*first);
                    // Many hosts end a line in CR LF: where the line asks for data, the LF is none of them (V250-LINE-END).
                    let behind = if ends
                        && !matches!(self.mode, Mode::Line)
                        && !self.deviations.has(Habit::LineFeedCounts)
                    {
                        rest.strip_prefix(b"\n")
                    } else {
                        None
                    };
                    bytes = behind.unwrap_or(rest);
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
        let echoed = event != LineEvent::Ignored || (byte == b'\n' && self.echoes_line_feeds);
        if session.echo && echoed && !self.deviations.has(Habit::NoEcho) {
            let mangled = self.deviations.has(Habit::EchoMangled) && byte == b'=';
            self.out.push(if mangled { b'?' } else { byte });
        }
        match event {
            LineEvent::Ignored if byte == b'\n' && self.deviations.has(Habit::LineFeedCounts) => {
                self.result(&Final::Error);
            }
            LineEvent::Ignored | LineEvent::Kept => {}
            LineEvent::Line if self.cannot_read(byte) => {
                self.line.clear();
                self.result(&Final::Error);
            }
            LineEvent::Line => self.run_line(),
            LineEvent::Unreadable => {
                self.make_noise();
                self.result(&Final::Error);
            }
            LineEvent::TooLong => {
                self.make_noise();
                let refusal = self.refusal(unknown::LINE_LENGTH);
                self.refused(refusal);
            }
        }
    }
}

impl Module {
    /// Whether a deviation keeps the module from reading a line that is complete.
    fn cannot_read(&self, last: u8) -> bool {
        (self.deviations.has(Habit::CapitalsOnly) && self.line.has_small_name())
            || (self.deviations.has(Habit::NoRepeat) && last == b'/')
    }
}

impl Machine for Module {
    fn step(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output> {
        Module::step(self, now_ms, input)
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Module")
            .field("profile", &self.profile.name)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

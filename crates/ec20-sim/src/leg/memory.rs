//! A module in memory: time is a number that the caller moves, and the network is whatever the caller says it is.
//!
//! Knows how to let time pass until a byte comes, a line comes, or a deadline is over, without waiting for any of it.

use std::collections::BTreeMap;

use crate::event::{ConnectionId, Environment, Input, Machine, NetworkEvent, NetworkFailure, Output};

/// What a module asks of the far end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request<'a> {
    /// It wants a connection.
    Connect {
        /// Host name or address.
        host: &'a str,
        /// Port.
        port: u16,
    },
    /// It sends bytes.
    Bytes(&'a [u8]),
    /// It closes.
    Close,
}

/// What the far end does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// It takes the connection.
    Accept,
    /// It sends bytes.
    Send(Vec<u8>),
    /// It closes in order.
    Close,
    /// The connection breaks, or never comes to be.
    Break(NetworkFailure),
}

/// The far end of a module's connections, in virtual time.
pub trait FarEnd {
    /// Answers a request with acts, each so many milliseconds from now.
    fn request(&mut self, now_ms: u64, connection: ConnectionId, request: Request<'_>) -> Vec<(u64, Act)>;

    /// Does what it does by itself, when the time comes that it asked for with [`FarEnd::wake_at`].
    fn tick(&mut self, _now_ms: u64) -> Vec<(ConnectionId, Act)> {
        Vec::new()
    }

    /// When it wants [`FarEnd::tick`].
    fn wake_at(&self) -> Option<u64> {
        None
    }
}

/// A network in which no name has an address.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nowhere;

impl FarEnd for Nowhere {
    fn request(&mut self, _: u64, _: ConnectionId, request: Request<'_>) -> Vec<(u64, Act)> {
        match request {
            Request::Connect { .. } => vec![(0, Act::Break(NetworkFailure::NameUnresolved))],
            Request::Bytes(_) | Request::Close => Vec::new(),
        }
    }
}

/// A module, its far end, and a clock that only the caller moves.
///
/// ```
/// use ec20_manual::profile::Profile;
/// use ec20_sim::Module;
/// use ec20_sim::leg::memory::{Bench, Nowhere};
///
/// let mut bench = Bench::new(Module::new(Profile::manual()), Nowhere);
/// assert_eq!(bench.exchange("AT+CSQ", 300), "AT+CSQ\r\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
/// ```
#[derive(Debug)]
pub struct Bench<M, F> {
    machine: M,
    far_end: F,
    now: u64,
    wakes: Option<u64>,
    said: Vec<u8>,
    /// What will happen on the network, by time and order.
    coming: BTreeMap<(u64, u64), (ConnectionId, Act)>,
    order: u64,
}

impl<M: Machine, F: FarEnd> Bench<M, F> {
    /// A bench at time 0.
    pub fn new(machine: M, far_end: F) -> Self {
        Self { machine, far_end, now: 0, wakes: None, said: Vec::new(), coming: BTreeMap::new(), order: 0 }
    }

    /// The time in milliseconds.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// The machine on the bench.
    pub fn machine(&mut self) -> &mut M {
        &mut self.machine
    }

    /// The far end.
    pub fn far_end(&mut self) -> &mut F {
        &mut self.far_end
    }

    /// Gives the machine bytes, now.
    pub fn send(&mut self, bytes: &[u8]) {
        self.step(Input::Bytes(bytes));
        self.run_until(self.now);
    }

    /// Lets something happen round the module, now.
    pub fn happens(&mut self, event: Environment) {
        self.step(Input::Environment(event));
    }

    /// Takes what the machine has said since the last time.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.said)
    }

    /// What the machine has said and nobody has taken yet.
    pub fn heard(&self) -> &[u8] {
        &self.said
    }

    /// Lets time pass, and everything happen in it.
    pub fn run_for(&mut self, ms: u64) {
        self.run_until(self.now.saturating_add(ms));
    }

    /// Lets time pass up to a moment.
    pub fn run_until(&mut self, until: u64) {
        while let Some(due) = self.next_due().filter(|due| *due <= until) {
            self.run_to(due);
        }
        self.now = self.now.max(until);
    }

    /// Lets time pass until what was said contains these bytes, at most so long; says whether they came.
    pub fn run_till_heard(&mut self, bytes: &[u8], ms: u64) -> bool {
        let until = self.now.saturating_add(ms);
        let came = |said: &[u8]| bytes.is_empty() || said.windows(bytes.len()).any(|window| window == bytes);
        while !came(&self.said) {
            match self.next_due().filter(|due| *due <= until) {
                Some(due) => self.run_to(due),
                None => break,
            }
        }
        came(&self.said)
    }

    /// Sends a command line and lets time pass until its result, at most so long. Gives everything that was said, as
    /// text.
    pub fn exchange(&mut self, line: &str, ms: u64) -> String {
        self.send(format!("{line}\r").as_bytes());
        let until = self.now.saturating_add(ms);
        while !ends_with_result(&self.said) {
            match self.next_due().filter(|due| *due <= until) {
                Some(due) => self.run_to(due),
                None => break,
            }
        }
        String::from_utf8_lossy(&self.take()).into_owned()
    }

    /// When anything next happens by itself.
    pub fn next_due(&self) -> Option<u64> {
        let coming = self.coming.first_key_value().map(|((at, _), _)| *at);
        [self.wakes, coming, self.far_end.wake_at()].into_iter().flatten().min()
    }

    fn run_to(&mut self, due: u64) {
        self.now = self.now.max(due);
        if self.far_end.wake_at().is_some_and(|at| at <= self.now) {
            for (connection, act) in self.far_end.tick(self.now) {
                self.comes(0, connection, act);
            }
        }
        while let Some(entry) = self.coming.first_entry().filter(|entry| entry.key().0 <= self.now) {
            let (connection, act) = entry.remove();
            match &act {
                Act::Accept => self.step(Input::Network(NetworkEvent::Connected(connection))),
                Act::Send(bytes) => self.step(Input::Network(NetworkEvent::Received(connection, bytes))),
                Act::Close => self.step(Input::Network(NetworkEvent::Closed(connection))),
                Act::Break(why) => self.step(Input::Network(NetworkEvent::Failed(connection, *why))),
            }
        }
        if self.wakes.is_some_and(|at| at <= self.now) {
            self.step(Input::Tick);
        }
    }

    fn comes(&mut self, after: u64, connection: ConnectionId, act: Act) {
        self.order += 1;
        self.coming.insert((self.now + after, self.order), (connection, act));
    }

    fn step(&mut self, input: Input<'_>) {
        self.wakes = None;
        for output in self.machine.step(self.now, input) {
            let (connection, acts) = match &output {
                Output::Bytes(bytes) => {
                    self.said.extend_from_slice(bytes);
                    continue;
                }
                Output::WakeAt(at) => {
                    self.wakes = Some(*at);
                    continue;
                }
                Output::Connect { connection, host, port, .. } => {
                    let request = Request::Connect { host, port: *port };
                    (*connection, self.far_end.request(self.now, *connection, request))
                }
                Output::Transmit { connection, bytes } => {
                    (*connection, self.far_end.request(self.now, *connection, Request::Bytes(bytes)))
                }
                Output::Close { connection } => {
                    (*connection, self.far_end.request(self.now, *connection, Request::Close))
                }
            };
            for (after, act) in acts {
                self.comes(after, connection, act);
            }
        }
    }
}

/// Whether the last line said is a final result.
fn ends_with_result(said: &[u8]) -> bool {
    let Some(text) = said.strip_suffix(b"\r\n") else { return false };
    let start = text.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    text.get(start..).is_some_and(crate::reply::is_final)
}

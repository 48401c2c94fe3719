//! A run over a port: asks the executor what to do, does it, and hands back what happened.
//!
//! It owns the clock, the port with its gate, and the way out for events; it decides nothing. Every byte to the module goes through
//! [`Gated::send`], every byte from it through [`Gated::read`]: there is no other way to the port.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ec20_suite::executor::{Action, Captured, Executor};
use ec20_suite::journal::Event;

use crate::gate::{Gate, Rules, Ruling};
use crate::port::{Port, Trouble, there_is};

/// The longest single wait: after this the run looks up for a Ctrl-C and for captured messages.
const BREATH: Duration = Duration::from_millis(50);

/// What the end of a run may take when its budget is used up: a message that is waited for, `finally`, settings put back.
pub const LAST_WORDS: Duration = Duration::from_mins(4);

/// A port behind its gate. The port itself can no longer be reached.
#[derive(Debug)]
pub struct Gated<P> {
    port: P,
    gate: Gate,
}

impl<P: Port> Gated<P> {
    /// Puts a gate before a port that was opened just now.
    pub fn new(port: P, rules: Rules) -> Self {
        Self { port, gate: Gate::new(rules) }
    }

    /// Puts a gate that stood before another port before this one, which is open again.
    pub fn again(port: P, mut gate: Gate) -> Self {
        gate.reopened();
        Self { port, gate }
    }

    /// Closes the port; its gate is kept.
    fn retired(self) -> Gate {
        self.gate
    }

    /// The same for a run that goes on: what it uploaded before is its own.
    #[must_use]
    pub fn remembering(mut self, uploads: impl IntoIterator<Item = Vec<u8>>) -> Self {
        self.gate.remember_uploads(uploads);
        self
    }

    /// Writes `bytes`, all or none of them, as the gate rules.
    ///
    /// # Errors
    /// [`Trouble`] when the port has failed.
    pub fn send(&mut self, now_us: u64, bytes: &[u8]) -> Result<Ruling, Trouble> {
        let ruling = self.gate.rule(now_us, bytes);
        if ruling == Ruling::Leaves {
            self.port.write(bytes)?;
        }
        Ok(ruling)
    }

    /// Reads what has arrived, waiting at most `within` for the first byte.
    ///
    /// # Errors
    /// [`Trouble`] when the port has failed.
    pub fn read(&mut self, clock: &Clock, buffer: &mut [u8], within: Duration) -> Result<usize, Trouble> {
        let count = self.port.read(buffer, within)?;
        self.gate.hear(clock.now_us(), buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// Microseconds since the run began, on a clock that only goes forward, whatever becomes of the wall's.
#[derive(Debug, Clone)]
pub struct Clock {
    source: Source,
    from_us: u64,
}

#[derive(Debug, Clone)]
enum Source {
    Monotonic(Instant),
    /// The time that whoever holds the other end says, in µs.
    Handed(Arc<AtomicU64>),
}

impl Clock {
    /// A clock that starts now.
    pub fn start() -> Self {
        Self::starting_at(0)
    }

    /// A clock that starts now and shows this time, for a run that goes on.
    pub fn starting_at(from_us: u64) -> Self {
        Self { source: Source::Monotonic(Instant::now()), from_us }
    }

    /// A clock that shows what it is handed, in µs.
    pub fn handed(time_us: Arc<AtomicU64>) -> Self {
        Self { source: Source::Handed(time_us), from_us: 0 }
    }

    /// The time.
    pub fn now_us(&self) -> u64 {
        let elapsed_us = match &self.source {
            Source::Monotonic(started) => u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            Source::Handed(time_us) => time_us.load(Ordering::Relaxed),
        };
        elapsed_us.saturating_add(self.from_us)
    }
}

/// The capture MMSC of this bench, if it has one.
pub trait FarEnd {
    /// Tells it how to treat the next message.
    ///
    /// # Errors
    /// Why it cannot.
    fn order(&mut self, words: &str) -> Result<(), String>;

    /// The oldest message it captured and that was not handed out yet.
    fn captured(&mut self) -> Option<Captured>;
}

/// A bench without a capture MMSC.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFarEnd;

impl FarEnd for NoFarEnd {
    fn order(&mut self, _words: &str) -> Result<(), String> {
        Err("mmsc-script".to_owned())
    }

    fn captured(&mut self) -> Option<Captured> {
        None
    }
}

/// Runs `executor` to its end; returns every event.
///
/// `port` is the trouble it did not open with, if so: every case is then told that. Events are handed to `record` as they happen; if it
/// fails, the run ends in order. `stop` is set by Ctrl-C.
pub fn drive<P: Port>(
    executor: Executor,
    port: Result<Gated<P>, Trouble>,
    far_end: &mut dyn FarEnd,
    stop: &Arc<AtomicBool>,
    record: &mut dyn FnMut(&Event) -> io::Result<()>,
) -> Vec<Event> {
    let mut running = Running::new(executor, port);
    running.until(far_end, stop, record, &|_| false);
    running.events
}

/// How a lost port is opened again: whether the power switch is worked before, and whether a person wants it to end. With the port comes what
/// was done, in words.
pub type Revive<P> = Box<dyn FnMut(bool, &dyn Fn() -> bool) -> Result<(P, Vec<String>), Vec<String>>>;

/// A run that can be halted between two events and taken up again.
pub struct Running<P> {
    executor: Executor,
    port: Option<Gated<P>>,
    /// The gate of a port that is gone.
    gate: Option<Gate>,
    revive: Option<Revive<P>>,
    clock: Clock,
    /// Every event so far.
    pub events: Vec<Event>,
    told: bool,
    /// When the run's budget is used up, in µs.
    ends_us: Option<u64>,
    buffer: Vec<u8>,
}

impl<P: Port> Running<P> {
    /// A run that begins now.
    pub fn new(executor: Executor, port: Result<Gated<P>, Trouble>) -> Self {
        Self::timed_by(Clock::start(), executor, port)
    }

    /// A run that goes on where its time stood.
    pub fn resumed(executor: Executor, port: Result<Gated<P>, Trouble>, from_us: u64) -> Self {
        Self::timed_by(Clock::starting_at(from_us), executor, port)
    }

    /// A run by this clock.
    pub fn timed_by(clock: Clock, mut executor: Executor, port: Result<Gated<P>, Trouble>) -> Self {
        let port = port.map_err(|trouble| executor.lost(clock.now_us(), in_words(&trouble))).ok();
        Self {
            executor,
            port,
            gate: None,
            revive: None,
            clock,
            events: Vec::new(),
            told: false,
            ends_us: None,
            buffer: vec![0; 4096],
        }
    }

    /// Bounds the run from now on: after `budget` no new case begins and the one under way ends, after [`LAST_WORDS`] more everything does.
    #[must_use]
    pub fn within(mut self, budget: Duration) -> Self {
        let budget_us = u64::try_from(budget.as_micros()).unwrap_or(u64::MAX);
        self.ends_us = Some(self.clock.now_us().saturating_add(budget_us));
        self
    }

    /// Looks at the clock and the person.
    fn look_up(&mut self, stop: &AtomicBool) {
        let now_us = self.clock.now_us();
        let over = |ends_us: u64| now_us >= ends_us;
        let reason = match self.ends_us {
            _ if stop.load(Ordering::Relaxed) => Some("Ctrl-C, or another signal to end"),
            Some(ends_us) if over(ends_us) => Some("the run's time budget is used up"),
            _ => None,
        };
        if let Some(reason) = reason.filter(|_| !self.told) {
            self.told = true;
            self.executor.interrupt(reason);
        }
        let last_us = u64::try_from(LAST_WORDS.as_micros()).unwrap_or(u64::MAX);
        if self.port.is_some() && self.ends_us.is_some_and(|ends_us| over(ends_us.saturating_add(last_us))) {
            self.port = None;
            self.revive = None;
            self.executor
                .lost(now_us, "the run's time budget is used up, and what the end of a run may take");
        }
    }

    /// Runs until an event halts it or nothing is left to do; true: nothing is left.
    pub fn until(
        &mut self,
        far_end: &mut dyn FarEnd,
        stop: &Arc<AtomicBool>,
        record: &mut dyn FnMut(&Event) -> io::Result<()>,
        halts: &dyn Fn(&Event) -> bool,
    ) -> bool {
        loop {
            self.look_up(stop);
            while let Some(message) = far_end.captured() {
                self.executor.captured(self.clock.now_us(), message);
            }
            let action = self.executor.poll(self.clock.now_us());
            let mut halted = false;
            for event in self.executor.events() {
                if let Err(error) = record(&event) {
                    self.executor.interrupt(error.to_string());
                }
                halted |= halts(&event);
                self.events.push(event);
            }
            if action == Action::Done {
                return true;
            }
            // What it wants next it will want again when it is taken up.
            if halted {
                return false;
            }
            if let Action::Recover { power, .. } = action {
                self.recover(power, stop);
            } else if let Err(trouble) = self.act(action, far_end) {
                self.executor.lost(self.clock.now_us(), in_words(&trouble));
                self.retire();
            }
        }
    }

    /// The same with a way to open a lost port again.
    #[must_use]
    pub fn reviving(mut self, revive: Option<Revive<P>>) -> Self {
        self.revive = revive;
        self
    }

    /// Closes the port; its gate waits for the next one.
    fn retire(&mut self) {
        if let Some(gated) = self.port.take() {
            self.gate = Some(gated.retired());
        }
    }

    fn recover(&mut self, power: bool, stop: &AtomicBool) {
        // An open handle would keep the port from being opened again.
        self.retire();
        let outcome = match (&mut self.revive, self.gate.take()) {
            (Some(revive), Some(gate)) => match revive(power, &|| stop.load(Ordering::Relaxed)) {
                Ok((port, done)) => {
                    self.port = Some(Gated::again(port, gate));
                    Ok(done)
                }
                Err(done) => {
                    self.gate = Some(gate);
                    Err(done)
                }
            },
            (_, gate) => {
                self.gate = gate;
                Err(Vec::new())
            }
        };
        self.executor.recovered(self.clock.now_us(), outcome);
    }

    fn act(&mut self, action: Action, far_end: &mut dyn FarEnd) -> Result<(), Trouble> {
        let clock = self.clock.clone();
        match (action, &mut self.port) {
            (Action::Done | Action::Recover { .. }, _) | (Action::Send(_), None) => {}
            (Action::Order(words), _) => self.executor.ordered(far_end.order(&words)),
            (Action::Send(bytes), Some(port)) => match port.send(clock.now_us(), &bytes)? {
                Ruling::Leaves => self.executor.sent(clock.now_us()),
                Ruling::Withheld(reason) => self.executor.withheld(clock.now_us(), reason),
            },
            (Action::Wait { until_us }, port) => {
                let left = Duration::from_micros(until_us.saturating_sub(clock.now_us())).min(BREATH);
                match port {
                    None => std::thread::sleep(left),
                    Some(port) => {
                        let count = port.read(&clock, &mut self.buffer, left)?;
                        self.executor.received(clock.now_us(), self.buffer.get(..count).unwrap_or_default());
                    }
                }
            }
        }
        Ok(())
    }
}

fn in_words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Missing { port } => format!("{trouble}: {}; {}", there_is(port), trouble.advice()),
        _ => format!("{trouble}; {}", trouble.advice()),
    }
}

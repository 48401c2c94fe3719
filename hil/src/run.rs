//! A run over a port: asks the executor what to do, does it, and hands back what happened.
//!
//! It owns the clock, the port with its gate, and the way out for events; it decides nothing. Every byte to the module goes through
//! [`Gated::send`], every byte from it through [`Gated::read`]: there is no other way to the port.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ec20_suite::executor::{Action, Captured, Executor};
use ec20_suite::journal::Event;

use crate::gate::{Gate, Rules, Ruling};
use crate::port::{Port, Trouble};

/// The longest single wait: after this the run looks up for a Ctrl-C and for captured messages.
const BREATH: Duration = Duration::from_millis(50);

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

/// Microseconds since the run began, on a clock that only goes forward.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    /// A clock that starts now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time.
    pub fn now_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
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
    mut executor: Executor,
    port: Result<Gated<P>, Trouble>,
    far_end: &mut dyn FarEnd,
    stop: &Arc<AtomicBool>,
    record: &mut dyn FnMut(&Event) -> io::Result<()>,
) -> Vec<Event> {
    let clock = Clock::start();
    let mut events = Vec::new();
    let mut buffer = [0; 4096];
    let mut port = match port {
        Ok(port) => Some(port),
        Err(trouble) => {
            executor.lost(clock.now_us(), in_words(&trouble));
            None
        }
    };
    let mut told = false;
    loop {
        if !told && stop.load(Ordering::Relaxed) {
            told = true;
            executor.interrupt("Ctrl-C");
        }
        while let Some(message) = far_end.captured() {
            executor.captured(clock.now_us(), message);
        }
        let action = executor.poll(clock.now_us());
        for event in executor.events() {
            if let Err(error) = record(&event) {
                executor.interrupt(format!("the run's folder cannot be written: {error}"));
            }
            events.push(event);
        }
        let outcome = match (action, &mut port) {
            (Action::Done, _) => return events,
            (Action::Order(words), _) => {
                executor.ordered(far_end.order(&words));
                Ok(())
            }
            (Action::Send(_), None) => Ok(()),
            (Action::Send(bytes), Some(port)) => match port.send(clock.now_us(), &bytes) {
                Ok(Ruling::Leaves) => {
                    executor.sent(clock.now_us());
                    Ok(())
                }
                Ok(Ruling::Withheld(reason)) => {
                    executor.withheld(clock.now_us(), reason);
                    Ok(())
                }
                Err(trouble) => Err(trouble),
            },
            (Action::Wait { until_us }, port) => {
                let left = Duration::from_micros(until_us.saturating_sub(clock.now_us())).min(BREATH);
                match port {
                    None => {
                        std::thread::sleep(left);
                        Ok(())
                    }
                    Some(port) => port.read(&clock, &mut buffer, left).map(|count| {
                        executor.received(clock.now_us(), buffer.get(..count).unwrap_or_default());
                    }),
                }
            }
        };
        if let Err(trouble) = outcome {
            executor.lost(clock.now_us(), in_words(&trouble));
            port = None;
        }
    }
}

fn in_words(trouble: &Trouble) -> String {
    format!("{trouble}; {}", trouble.advice())
}

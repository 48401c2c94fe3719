//! Question and answer with a module: one line out, through a gate that lets only reading pass, and what comes back until it ends.

use std::time::Duration;

use ec20_at::framer::{EventKind, FinalKind, Framer};
use ec20_manual::Effect;
use ec20_suite::escape::escaped;
use ec20_suite::residue;

use super::Exchange;
use crate::gate::{Rules, Ruling};
use crate::port::{Port, Trouble};
use crate::run::{Clock, Gated};

/// How long a question may stay without its final result. Every question here is one that modules answer from memory.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the wire must be silent before a question.
const QUIET: Duration = Duration::from_millis(40);

/// An open port to ask on.
pub(super) struct Dialogue {
    port: Gated<Box<dyn Port>>,
    clock: Clock,
    /// In bit/s.
    rate: u32,
    exchanges: Vec<Exchange>,
}

/// What came to a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// The lines that are no echo, no final result and not unsolicited.
    pub(super) lines: Vec<String>,
    /// The final result as it came; nothing when none did.
    pub(super) result: Option<String>,
    /// Whether the final result is `OK`.
    pub(super) ok: bool,
    /// Every byte that came.
    pub(super) raw: Vec<u8>,
}

impl Answer {
    /// What stands behind this prefix in the first line that has it.
    pub(super) fn behind(&self, prefix: &str) -> Option<&str> {
        self.lines.iter().find_map(|line| line.strip_prefix(prefix)).map(str::trim)
    }

    /// The answer in a few words, to be quoted.
    pub(super) fn quoted(&self) -> String {
        match (self.lines.first(), &self.result) {
            (Some(line), _) => line.clone(),
            (None, Some(result)) => result.clone(),
            (None, None) => "nothing".to_owned(),
        }
    }

    /// The number of a `+CME ERROR`.
    pub(super) fn cme(&self) -> Option<u16> {
        self.result.as_ref()?.strip_prefix("+CME ERROR:")?.trim().parse().ok()
    }
}

impl Dialogue {
    /// Puts a gate before a port that was opened just now.
    pub(super) fn on(port: Box<dyn Port>, rate: u32) -> Self {
        let rules = Rules { allow: [Effect::Read].into(), ..Rules::unasked() };
        Self { port: Gated::new(port, rules), clock: Clock::start(), rate, exchanges: Vec::new() }
    }

    /// Makes half a line that an earlier program left in the module's buffer invalid, and lets pass what comes of that.
    ///
    /// # Errors
    /// The port has failed.
    pub(super) fn begin(&mut self) -> Result<(), Trouble> {
        let first = residue::first_bytes();
        let bits = 10 * u64::try_from(first.len()).unwrap_or_default();
        let until_us = self.clock.now_us() + bits * 1_000_000 / u64::from(self.rate.max(1)) + micros(QUIET);
        self.port.send(self.clock.now_us(), &first)?;
        let mut buffer = [0; 4096];
        while self.clock.now_us() < until_us {
            let left = Duration::from_micros(until_us.saturating_sub(self.clock.now_us()));
            self.port.read(&self.clock, &mut buffer, left)?;
        }
        Ok(())
    }

    /// What comes without being asked for, until the wire is silent or `most` has passed.
    pub(super) fn overhear(&mut self, most: Duration) -> Result<Vec<u8>, Trouble> {
        let until_us = self.clock.now_us() + micros(most);
        let mut heard = Vec::new();
        let mut buffer = [0; 4096];
        while self.clock.now_us() < until_us {
            let count = self.port.read(&self.clock, &mut buffer, QUIET)?;
            if count == 0 {
                break;
            }
            heard.extend_from_slice(buffer.get(..count).unwrap_or_default());
        }
        Ok(heard)
    }

    /// Asks a line.
    ///
    /// # Errors
    /// The port has failed.
    pub(super) fn ask(&mut self, line: &str) -> Result<Answer, Trouble> {
        self.ask_within(line, PATIENCE)
    }

    /// Asks a line that may stay unanswered for `patience`.
    ///
    /// # Errors
    /// The port has failed.
    pub(super) fn ask_within(&mut self, line: &str, patience: Duration) -> Result<Answer, Trouble> {
        self.overhear(QUIET * 4)?;
        let bytes = format!("{line}\r");
        let mut framer = Framer::new();
        framer.sent(bytes.as_bytes());
        let mut answer = Answer::default();
        if self.port.send(self.clock.now_us(), bytes.as_bytes())? == Ruling::Leaves {
            self.listen(&mut framer, patience, &mut answer)?;
        }
        let came = answer.lines.iter().chain(&answer.result).cloned().collect();
        self.exchanges.push(Exchange { asked: line.to_owned(), came });
        Ok(answer)
    }

    fn listen(
        &mut self,
        framer: &mut Framer,
        patience: Duration,
        answer: &mut Answer,
    ) -> Result<(), Trouble> {
        let until_us = self.clock.now_us() + micros(patience);
        let mut pending = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            while let Some(event) = framer.next(&pending) {
                let text = escaped(framer.bytes(&pending, event.text));
                match event.kind {
                    EventKind::Final { result, .. } => {
                        answer.ok = result == FinalKind::Ok;
                        answer.result = Some(text);
                        return Ok(());
                    }
                    EventKind::Information(_) | EventKind::Stray => answer.lines.push(text),
                    _ => {}
                }
            }
            pending.drain(..framer.release());
            let now_us = self.clock.now_us();
            if now_us >= until_us {
                return Ok(());
            }
            let left = Duration::from_micros(until_us - now_us).min(Duration::from_millis(100));
            let count = self.port.read(&self.clock, &mut buffer, left)?;
            let bytes = buffer.get(..count).unwrap_or_default();
            pending.extend_from_slice(bytes);
            answer.raw.extend_from_slice(bytes);
        }
    }

    /// Everything that was asked and answered.
    pub(super) fn into_exchanges(self) -> Vec<Exchange> {
        self.exchanges
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

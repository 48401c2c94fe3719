//! Questions of the runner's own: asked and answered outside any judgement.

use super::{Class, Wire};
use crate::effect;
use crate::escape::escaped;
use crate::journal::Event;
use crate::residue::REGISTERS;

/// The answer to a question that the runner asks on its own.
#[derive(Debug, Default)]
pub(in crate::executor) struct Answer {
    /// The information lines, escaped.
    pub(in crate::executor) information: Vec<String>,
    /// How many lines came in between that are no part of such an answer.
    pub(in crate::executor) strays: u32,
    /// The final result.
    pub(in crate::executor) result: Option<Vec<u8>>,
    /// From the command to the final result, in µs.
    pub(in crate::executor) took_us: Option<u64>,
}

impl Answer {
    pub(in crate::executor) fn add(&mut self, line: &[u8]) {
        self.information.push(escaped(line));
    }
}

impl Wire {
    /// Whether it is uncertain that the module heard the last command as it was sent.
    pub(in crate::executor) fn lacks_echo(&self) -> bool {
        self.reader.lacks_echo()
    }

    /// Whether the module was told to suppress results.
    pub(in crate::executor) fn is_muted(&self) -> bool {
        self.reader.is_muted()
    }

    /// Whether the last final result was a number and not a word.
    pub(in crate::executor) fn answers_in_numbers(&self) -> bool {
        self.reader.answers_in_numbers()
    }

    /// A question of the runner's own, outside any judgement.
    pub(in crate::executor) async fn ask(&mut self, line: &[u8]) -> Answer {
        self.ask_within(line, effect::patience_ms(line)).await
    }

    /// The same with a patience of its own, in ms.
    ///
    /// An interrupt does not end it: what is being put back is put back, and its time is short.
    pub(in crate::executor) async fn ask_within(&mut self, line: &[u8], patience_ms: u64) -> Answer {
        let heeds = std::mem::replace(&mut self.heed_interrupt, false);
        if self.traces.registers.take_stale(line) {
            for register in REGISTERS {
                self.asked(register.query().as_bytes(), patience_ms).await;
            }
        }
        let answer = self.asked(line, patience_ms).await;
        self.heed_interrupt = heeds;
        answer
    }

    async fn asked(&mut self, line: &[u8], patience_ms: u64) -> Answer {
        let mut answer = Answer::default();
        self.finish().await;
        self.desk.record(Event::Aside { t_us: self.desk.now_us(), command: escaped(line) });
        if self.command(line.to_vec()).await.is_err() {
            return answer;
        }
        let sent_us = self.desk.now_us();
        let deadline_us = self.desk.now_us() + patience_ms * 1000 + self.transport_us;
        while self.answering() {
            match self.answer_by(deadline_us).await {
                Ok(line) if line.class == Class::Information => answer.add(&line.text),
                Ok(line) if line.class == Class::Final => {
                    answer.took_us = Some(line.t_us.saturating_sub(sent_us));
                    answer.result = Some(line.text);
                }
                Ok(_) => answer.strays += 1,
                Err(_) => {
                    self.abandon();
                    break;
                }
            }
        }
        answer
    }
}

/// A module that comes and goes.
impl Wire {
    /// Another beginning, on a port that was opened again: nothing is owed any more.
    pub(in crate::executor) fn renew(&mut self) {
        self.reader = super::Reader::default();
        self.exchange = None;
        self.unclaimed.clear();
        self.typed.clear();
        self.doubt_ms = None;
        self.restarted = false;
    }

    /// Data mode was left: the exchange that led there is over.
    pub(in crate::executor) fn leave_data_mode(&mut self) {
        self.exchange = None;
    }

    /// The module has started: what it was busy with is gone with it, and soon nothing more comes of that.
    pub(super) fn started_anew(&mut self, t_us: u64) {
        self.restarted = true;
        self.traces.registers.forget();
        self.sending_until_us = None;
        if let Some(exchange) = &mut self.exchange {
            exchange.connected = false;
            exchange.deadline_us =
                exchange.deadline_us.min(t_us + super::GRACE_MS * 1000 + self.transport_us);
        }
    }

    /// Whether the module has said `RDY` since the last call.
    pub(in crate::executor) fn take_restarted(&mut self) -> bool {
        std::mem::take(&mut self.restarted)
    }

    /// What the transport adds to an answer's time, in µs, from now on.
    pub(in crate::executor) fn calibrate(&mut self, transport_us: u64) {
        self.transport_us = transport_us;
    }
}

//! What the module is still busy with, and how it is left in peace or called back: a message on its way, data that an earlier program
//! began; and counted data going out.

use super::{Reader, Wire, Woken};
use crate::effect;

/// What the result of a message may take beyond the timeout that QMMSEND was given, in ms.
const GRACE_MS: u64 = 5000;
/// How long it is waited for at most, in ms, whatever timeout was given.
const AT_MOST_MS: u64 = 180_000;
/// What a byte takes at 9600 baud, in µs: slower nobody talks to a module.
const BYTE_US: u64 = 1042;

impl Wire {
    /// A QMMSEND was accepted: its result is on its way.
    pub(super) fn begin_sending(&mut self) {
        let wait_ms = (effect::send_timeout_ms(&self.last_command()) + GRACE_MS).min(AT_MOST_MS);
        self.sending_until_us = Some(self.desk.now_us() + wait_ms * 1000 + self.transport_us);
    }

    /// A line came by itself: the result, perhaps.
    pub(super) fn heard_urc(&mut self, text: &[u8]) {
        if text.starts_with(b"+QMMSEND:") {
            self.sending_until_us = None;
        }
    }

    /// Waits for the result of a message that is still on its way: nothing may be sent meanwhile.
    pub(in crate::executor) async fn finish_sending(&mut self) {
        while let Some(until_us) = self.sending_until_us.filter(|until_us| *until_us > self.desk.now_us()) {
            let begun_us = self.desk.now_us();
            if self.next(until_us).await.is_err() {
                self.desk.waited(begun_us, until_us, "the result of a message");
                break;
            }
        }
        self.sending_until_us = None;
    }

    /// Ends data mode that an earlier program may have left behind, with silence before and after; in command mode a module takes no
    /// notice. What it says to that, it says to the earlier program: it is recorded, and held against nothing.
    pub(in crate::executor) async fn escape(&mut self, guard_ms: u64) -> Result<(), Woken> {
        self.let_pass(guard_ms, "the guard time before +++").await?;
        // The gate has nothing against it: three signs are no line.
        let _ = self.desk.send(b"+++".to_vec()).await;
        self.hush(guard_ms, "the guard time after +++").await
    }

    /// Lets time pass before the dialogue begins: what comes meanwhile, an earlier program asked for, or nobody. It is recorded, and held
    /// against nothing.
    pub(in crate::executor) async fn hush(&mut self, for_ms: u64, why: &str) -> Result<(), Woken> {
        self.let_pass(for_ms, why).await?;
        self.reader = Reader::default();
        Ok(())
    }

    async fn let_pass(&self, for_ms: u64, why: &str) -> Result<(), Woken> {
        let begun_us = self.desk.now_us();
        let until_us = begun_us + for_ms * 1000;
        loop {
            match self.desk.receive(until_us, false).await {
                Ok(_) => {}
                Err(Woken::Deadline) => {
                    self.desk.waited(begun_us, until_us, why);
                    return Ok(());
                }
                Err(woken) => return Err(woken),
            }
        }
    }
}

/// An upload.
impl Wire {
    /// Data for the open exchange go out.
    pub(super) fn leaves(&mut self, bytes: &[u8]) {
        if let Some(exchange) = &mut self.exchange {
            exchange.leaving_us += u64::try_from(bytes.len()).unwrap_or_default() * BYTE_US;
        }
    }

    /// Whether an upload is open that has got no byte: until it gets some, or is escaped, the module has nothing to say.
    pub(super) fn awaits_data(&self) -> bool {
        let open = self.exchange.as_ref().filter(|exchange| exchange.connected && !exchange.done);
        open.is_some_and(|exchange| exchange.upload.is_some() && exchange.leaving_us == 0)
    }

    /// Sends a piece of counted data.
    pub(in crate::executor) async fn data(&mut self, piece: Vec<u8>) -> Result<(), String> {
        self.leaves(&piece);
        let sent = self.desk.send(piece).await;
        // The answer's time counts from the last byte.
        let (now_us, transport_us) = (self.desk.now_us(), self.transport_us);
        if let Some(exchange) = &mut self.exchange {
            exchange.sent_us = now_us;
            // What is not whole ends by its own timeout; the table's patience is for what is.
            let left = exchange.leaving_us / BYTE_US;
            let short = exchange.upload.as_ref().filter(|upload| left < upload.size as u64);
            let limit_ms = short.map_or(exchange.limit_ms, |upload| upload.timeout_ms);
            let patience_us = (limit_ms + super::GRACE_MS) * 1000 + exchange.leaving_us;
            exchange.deadline_us = now_us + patience_us + transport_us;
        }
        sent
    }

    /// The data are over, whole or not: what follows has the table's patience again.
    pub(super) fn end_data(&mut self) {
        let (now_us, transport_us) = (self.desk.now_us(), self.transport_us);
        if let Some(exchange) = &mut self.exchange {
            exchange.deadline_us = now_us + (exchange.limit_ms + super::GRACE_MS) * 1000 + transport_us;
        }
    }

    /// Whether the open upload is acknowledged block by block.
    pub(in crate::executor) fn acknowledges(&self) -> bool {
        let upload = self.exchange.as_ref().and_then(|exchange| exchange.upload.as_ref());
        upload.is_some_and(|upload| upload.acknowledged)
    }

    /// Waits for one acknowledgement, or until it is plain that none comes.
    pub(in crate::executor) async fn acknowledgement(&mut self) -> Result<(), Woken> {
        let begun_us = self.desk.now_us();
        let deadline_us = begun_us + 2_000_000 + self.transport_us;
        while !self.reader.take_acknowledgement() {
            match self.desk.receive(deadline_us, self.heed_interrupt).await {
                Ok((t_us, bytes)) => self.reader.push(t_us, &bytes),
                Err(Woken::Deadline) => {
                    self.desk.waited(begun_us, deadline_us, "an acknowledgement that does not come");
                    return Ok(());
                }
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// So many acknowledgements are due for the data of the open upload.
    pub(in crate::executor) fn owe_acknowledgements(&mut self, count: Option<usize>) {
        if let Some(exchange) = &mut self.exchange {
            exchange.acknowledgements = count;
        }
    }

    /// How many acknowledgements the last upload owed and how many came, once.
    pub(in crate::executor) fn take_acknowledgements(&mut self) -> Option<(usize, usize)> {
        let owed = self.exchange.as_mut()?.acknowledgements.take()?;
        Some((owed, self.reader.acknowledged()))
    }
}

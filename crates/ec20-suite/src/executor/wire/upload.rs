//! Counted data on their way out: how long the module may take with them, and what it acknowledges.

use super::{GRACE_MS, Wire, Woken};

/// What a byte takes at 9600 baud, in µs: slower nobody talks to a module.
const BYTE_US: u64 = 1042;

impl Wire {
    /// Data for the open exchange go out.
    pub(super) fn leaves(&mut self, bytes: &[u8]) {
        if let Some(exchange) = &mut self.exchange {
            exchange.data_sent += bytes.len();
        }
    }

    /// Whether an upload is open that has got no byte: until it gets some, or is escaped, the module has nothing to say.
    pub(super) fn awaits_data(&self) -> bool {
        let open = self.exchange.as_ref().filter(|exchange| exchange.connected && !exchange.done);
        open.is_some_and(|exchange| exchange.upload.is_some() && exchange.data_sent == 0)
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
            let short = exchange.upload.as_ref().filter(|upload| exchange.data_sent < upload.size);
            let limit_ms = short.map_or(exchange.limit_ms, |upload| upload.timeout_ms);
            let leaving_us = u64::try_from(exchange.data_sent).unwrap_or_default() * BYTE_US;
            let patience_us = (limit_ms + GRACE_MS) * 1000 + leaving_us;
            exchange.deadline_us = now_us + patience_us + transport_us;
        }
        sent
    }

    /// The data are over, whole or not: what follows has the table's patience again.
    pub(super) fn end_data(&mut self) {
        let (now_us, transport_us) = (self.desk.now_us(), self.transport_us);
        if let Some(exchange) = &mut self.exchange {
            exchange.deadline_us = now_us + (exchange.limit_ms + GRACE_MS) * 1000 + transport_us;
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

//! Waiting: until what came is gone, until a time has passed.

use super::{Line, Wire, Woken};

/// What an upload may take beyond its timeout to end by itself, in ms.
const GRACE_MS: u64 = 2000;
/// How long that is waited for at most, in ms, whatever timeout the upload has.
const AT_MOST_MS: u64 = 180_000;

/// For how long a command without an answer leaves doubt at least, in ms.
const DOUBT_MS: u64 = 5000;
/// After how much silence an end that this module leaves off is no longer awaited, in ms.
const STILL_MS: u64 = 300;

impl Wire {
    /// The next line of the open answer. At the deadline, bytes that never became a line are read again, for what they are; those of a
    /// module that is known for such ends, as soon as the wire is still.
    pub(in crate::executor) async fn answer_by(&mut self, deadline_us: u64) -> Result<Line, Woken> {
        let mut begun_us = self.desk.now_us();
        loop {
            if let Some(line) = self.reader.next() {
                self.take(&line);
                return Ok(line);
            }
            let still_us = self.desk.now_us() + STILL_MS * 1000 + self.transport_us;
            let until_us = if self.reader.hangs() { still_us.min(deadline_us) } else { deadline_us };
            match self.desk.receive(until_us, self.heed_interrupt).await {
                Ok((t_us, bytes)) => self.reader.push(t_us, &bytes),
                Err(Woken::Deadline) => {
                    self.desk.waited(begun_us, until_us, "an answer that does not come");
                    begun_us = self.desk.now_us();
                    self.reader.give_up();
                    if until_us < deadline_us {
                        continue;
                    }
                    self.read_again = true;
                    return self.next(self.desk.now_us()).await;
                }
                Err(woken) => return Err(woken),
            }
        }
    }

    /// The open command has got no answer so far, and is not waited for any more.
    pub(super) fn doubt(&mut self) {
        if let Some(exchange) = self.exchange.as_ref().filter(|exchange| !exchange.done) {
            let doubt_ms = exchange.limit_ms.clamp(DOUBT_MS, AT_MOST_MS);
            self.doubt_ms = Some(self.doubt_ms.unwrap_or_default().max(doubt_ms));
        }
    }

    /// Without echo nobody can tell a late answer from that of the next command: after a command that got none, silence is kept for as
    /// long as one may come. The gate knows no other way either to be certain of an answer again.
    pub(in crate::executor) async fn end_doubt(&mut self) -> Result<(), Woken> {
        match self.doubt_ms.take().filter(|_| !self.reader.echoes()) {
            Some(doubt_ms) => {
                self.doubting = true;
                let passed = self.pass(doubt_ms + STILL_MS, "an answer that may still come").await;
                self.doubting = false;
                passed?;
                self.reader.settle();
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Lets the open upload end by itself, if it is one and goes on: after silence for its timeout the module takes commands again.
    pub(in crate::executor) async fn outlast_upload(&mut self) -> Result<(), Woken> {
        let Some(timeout_ms) = self.upload_timeout_ms() else { return Ok(()) };
        let begun_us = self.desk.now_us();
        let until_us = begun_us + (timeout_ms + GRACE_MS).min(AT_MOST_MS) * 1000 + self.transport_us;
        while self.in_data_mode() {
            match self.next(until_us).await {
                Ok(_) => {}
                Err(Woken::Deadline) => break,
                Err(woken) => return Err(woken),
            }
        }
        self.desk.waited(begun_us, until_us, "the end of an upload");
        Ok(())
    }

    /// The timeout of the upload that is open, in ms.
    fn upload_timeout_ms(&self) -> Option<u64> {
        let exchange = self.exchange.as_ref().filter(|_| self.in_data_mode())?;
        exchange.upload.as_ref().map(|upload| upload.timeout_ms)
    }

    /// Throws away what comes until the wire has been quiet for that long, but no longer than ten times that.
    pub(in crate::executor) async fn discard(&mut self, quiet_ms: u64) -> Result<(), Woken> {
        let begun_us = self.desk.now_us();
        let end_us = begun_us + quiet_ms * 10_000;
        let mut until_us = begun_us;
        while self.desk.now_us() < end_us {
            until_us = self.desk.now_us() + quiet_ms * 1000;
            match self.desk.receive(until_us, false).await {
                Ok((t_us, bytes)) => self.reader.push(t_us, &bytes),
                Err(Woken::Deadline) => break,
                Err(woken) => return Err(woken),
            }
        }
        self.desk.waited(begun_us, until_us, "silence, to find the module again");
        while let Some(line) = self.reader.next() {
            self.take(&line);
        }
        self.reader.settle();
        Ok(())
    }

    /// Lets time pass; what comes is recorded and may be claimed later.
    pub(in crate::executor) async fn pass(&mut self, for_ms: u64, why: &str) -> Result<(), Woken> {
        let begun_us = self.desk.now_us();
        let until_us = begun_us + for_ms * 1000;
        loop {
            match self.next(until_us).await {
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

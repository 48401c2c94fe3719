//! What the module is still busy with, and how it is left in peace or called back: a message on its way, data that an earlier program
//! began.

use super::{Reader, Wire, Woken};
use crate::effect;
use crate::residue;

/// What the result of a message may take beyond the timeout that QMMSEND was given, in ms.
const GRACE_MS: u64 = 5000;
/// How long it is waited for at most, in ms, whatever timeout was given.
const AT_MOST_MS: u64 = 180_000;

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

    /// Makes half a line that an earlier program left in the module's buffer invalid, whatever it is, and waits until that is over.
    pub(in crate::executor) async fn invalidate(&mut self, baud: Option<u32>) -> Result<(), Woken> {
        /// The usual rate of a module's UART, in bit/s.
        const USUAL: u64 = 115_200;
        /// A byte with its start and stop bit.
        const BITS: u64 = 10;
        let first = residue::first_bytes();
        let count = u64::try_from(first.len()).unwrap_or_default();
        // A gate that has nothing to keep back behind it takes them as it takes all else.
        let _ = self.desk.send(first).await;
        let rate = baud.map_or(USUAL, u64::from).max(1);
        self.hush(count * BITS * 1000 / rate + 100, "the end of the first bytes").await
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

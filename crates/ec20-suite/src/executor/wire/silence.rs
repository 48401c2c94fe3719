//! Waiting: until what came is gone, until a time has passed.

use super::{Wire, Woken};

impl Wire {
    /// Throws away what comes until the wire has been quiet for that long, but no longer than ten times that.
    pub(in crate::executor) async fn discard(&mut self, quiet_ms: u64) -> Result<(), Woken> {
        let end_us = self.desk.now_us() + quiet_ms * 10_000;
        while self.desk.now_us() < end_us {
            match self.desk.receive(self.desk.now_us() + quiet_ms * 1000, false).await {
                Ok((t_us, bytes)) => self.reader.push(t_us, &bytes),
                Err(Woken::Deadline) => break,
                Err(woken) => return Err(woken),
            }
        }
        while let Some(line) = self.reader.next() {
            self.take(&line);
        }
        self.reader.settle();
        Ok(())
    }

    /// Lets time pass; what comes is recorded and may be claimed later.
    pub(in crate::executor) async fn pass(&mut self, for_ms: u64) -> Result<(), Woken> {
        let begun_us = self.desk.now_us();
        loop {
            match self.next(begun_us + for_ms * 1000).await {
                Ok(_) => {}
                Err(Woken::Deadline) => {
                    self.desk.waited(begun_us);
                    return Ok(());
                }
                Err(woken) => return Err(woken),
            }
        }
    }
}

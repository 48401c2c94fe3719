//! Counted data: an upload or a download after CONNECT.
//!
//! It knows pieces, pauses and acknowledgements. What the module makes of the bytes, the lines after it say.

use ec20_at::Checksum;

use super::exchange::{Finding, Play, woken};
use crate::transcript::Payload;
use crate::verdict::Verdict;

/// The clause that says when an upload is acknowledged.
const ACKS: &str = "FILE-UPLOAD-ACKS";
/// CONNECT can reach the host before the module's data handler is ready.
const PAUSE_MS: u64 = 100;
/// A USB packet is never filled: a module may wait for the zero-length packet that then ought to follow.
const PIECE: usize = 511;
/// With acknowledgement the module says `A` after every block, but for the last.
const BLOCK: usize = 1024;

impl Play<'_> {
    /// Sends the payload and binds `data.size` and `data.checksum`.
    pub(super) async fn upload(&mut self, payload: &Payload) -> Result<(), Box<Finding>> {
        let bytes = match payload {
            Payload::Text(text) => self.filled(text)?,
            Payload::Hex(bytes) => bytes.clone(),
            Payload::File(name) => self.case.files.get(&name.value).cloned().unwrap_or_default(),
        };
        self.bind_data(&bytes);
        self.wire.pass(PAUSE_MS, "the pause after CONNECT").await.map_err(woken)?;
        let acknowledged = self.wire.acknowledges();
        let block = if acknowledged { BLOCK } else { bytes.len().max(1) };
        let blocks = bytes.chunks(block).count();
        self.wire.owe_acknowledgements(acknowledged.then(|| blocks.saturating_sub(1)));
        for (index, block) in bytes.chunks(block).enumerate() {
            for piece in block.chunks(PIECE) {
                let sent = self.wire.data(piece.to_vec()).await;
                sent.map_err(|reason| Finding::of(Verdict::Withheld, reason))?;
            }
            // The last block is not acknowledged.
            if acknowledged && index + 1 < blocks {
                self.wire.acknowledgement().await.map_err(woken)?;
            }
        }
        self.wire.traces.data_left(&bytes);
        self.composed.uploads(&bytes);
        Ok(())
    }

    /// Holds the acknowledgements of an upload that has ended against what is promised of them, in a case that asks for that.
    pub(super) fn hold_acknowledgements(&mut self) -> Result<(), Box<Finding>> {
        match self.wire.take_acknowledgements() {
            Some((owed, came)) if owed != came && self.case.clauses.iter().any(|clause| clause == ACKS) => {
                Err(Box::new(Finding {
                    clause: Some(ACKS.to_owned()),
                    expected: vec![format!(
                        "{owed} × A: one after each {BLOCK} bytes, none after the last block"
                    )],
                    came: Some(format!("{came} × A")),
                    ..*Finding::of(Verdict::Fail, "")
                }))
            }
            _ => Ok(()),
        }
    }

    /// What came as a download stands behind `data.size` and `data.checksum`, for the line that reports it.
    pub(super) fn bind_download(&mut self) {
        let bytes = self.wire.downloaded().to_vec();
        self.bind_data(&bytes);
    }

    fn bind_data(&mut self, bytes: &[u8]) {
        self.bindings.bind("data.size", bytes.len().to_string());
        self.bindings.bind("data.checksum", Checksum::of(bytes).to_string());
    }
}

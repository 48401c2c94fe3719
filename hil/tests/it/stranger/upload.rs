//! A stranger's uploads: counted bytes that end when all are there, after silence, or at an escape.

use std::time::{Duration, Instant};

/// Silence before an escape. A module asks for a second; a machine that is busy hears late.
const GUARD: Duration = Duration::from_millis(500);
/// With acknowledgement every block but the last is acknowledged.
const BLOCK: usize = 1024;

/// An upload under way.
pub(super) struct Upload {
    pub(super) name: String,
    size: usize,
    timeout: Duration,
    acknowledged: bool,
    pub(super) data: Vec<u8>,
    /// Signs at the end of the data that began after silence and may become an escape.
    signs: usize,
    heard: Instant,
}

impl Upload {
    pub(super) fn new(name: String, size: usize, timeout: Duration, acknowledged: bool) -> Self {
        Self { name, size, timeout, acknowledged, data: Vec::new(), signs: 0, heard: Instant::now() }
    }

    /// Takes a byte; true: that was the end.
    pub(super) fn takes(&mut self, byte: u8, answer: &mut Vec<u8>) -> bool {
        let follows_silence = self.heard.elapsed() >= GUARD;
        self.heard = Instant::now();
        self.data.push(byte);
        let is_sign = byte == b'+' && (self.signs > 0 || follows_silence);
        self.signs = if is_sign { self.signs + 1 } else { 0 };
        if self.signs == 3 {
            self.data.truncate(self.data.len() - 3);
            return true;
        }
        let ends = self.data.len() >= self.size;
        if self.acknowledged && !ends && self.data.len().is_multiple_of(BLOCK) {
            answer.push(b'A');
        }
        ends
    }

    /// Whether nothing came for so long that nothing more is awaited.
    pub(super) fn is_silent(&self) -> bool {
        self.heard.elapsed() >= self.timeout
    }

    /// What is said of it at its end.
    pub(super) fn result(&self) -> Vec<u8> {
        let words = self
            .data
            .chunks(2)
            .map(|pair| u16::from(pair[0]) << 8 | pair.get(1).copied().map_or(0, u16::from));
        let checksum = words.fold(0, |sum, word| sum ^ word);
        format!("\r\n+QFUPL: {},{checksum:x}\r\n\r\nOK\r\n", self.data.len()).into_bytes()
    }
}

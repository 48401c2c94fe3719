//! Data mode: counted bytes from the host between `CONNECT` and the answer that counts them back.
//!
//! Knows the three ways an upload ends (all bytes, silence, `+++`) and the acknowledging byte. Refuses to know files: a
//! finished upload is handed to the store.

use ec20_manual::profile::Habit;

use crate::files::{FileName, checksum};
use crate::module::{Mode, Module};
use crate::reply::Final;
use crate::run::Flow;
use crate::unknown;

/// Data that are under way.
pub(crate) enum Data {
    /// `AT+QFUPL`.
    Upload(Upload),
}

/// An upload under way.
pub(crate) struct Upload {
    name: Vec<u8>,
    size: usize,
    timeout_ms: u64,
    ack: bool,
    data: Vec<u8>,
    last: u64,
    /// Plus signs that may become an escape, and when the first of them came.
    pluses: usize,
    pluses_from: u64,
}

/// An acknowledging byte follows each so many bytes, but not the last.
const ACK_EVERY: usize = 1024;
const ACK: u8 = b'A';
/// Silence before the escape, and the time its three signs may take.
const GUARD_MS: u64 = 1000;
/// Room taken at once for an upload; the size in the command is only a promise.
const FIRST_ROOM: usize = 65_536;

impl Data {
    /// When silence ends them.
    pub(crate) fn deadline(&self) -> u64 {
        match self {
            Self::Upload(upload) => upload.last + upload.timeout_ms,
        }
    }
}

impl Upload {
    pub(crate) fn new(name: &[u8], size: usize, timeout_ms: u64, ack: bool, now: u64) -> Self {
        let data = Vec::with_capacity(size.min(FIRST_ROOM));
        Self { name: name.to_vec(), size, timeout_ms, ack, data, last: now, pluses: 0, pluses_from: 0 }
    }

    /// Takes one byte; says whether it completed an escape.
    fn escapes(&mut self, byte: u8, now: u64, guarded: bool) -> bool {
        if byte != b'+' {
            self.pluses = 0;
            return false;
        }
        let quiet = !guarded || now.saturating_sub(self.last) >= GUARD_MS;
        if self.pluses == 0 && quiet {
            self.pluses_from = now;
            self.pluses = 1;
        } else if self.pluses > 0 && now.saturating_sub(self.pluses_from) < GUARD_MS {
            self.pluses += 1;
        } else {
            self.pluses = 0;
        }
        self.pluses == 3
    }
}

impl Module {
    /// Data mode begins.
    pub(crate) fn start_data(&mut self) {
        self.result(&Final::Connect(None));
    }

    /// Takes data; gives back what no longer belongs to them.
    pub(crate) fn take_data<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let guarded = self.habit(unknown::ESCAPE_GUARD) != "anywhere";
        let size_off = usize::from(self.deviations.has(Habit::UploadShort));
        let Mode::Data(Data::Upload(upload)) = &mut self.mode else { return bytes };
        let end = upload.size.saturating_sub(size_off).max(1);
        let mut escaped = false;
        let mut rest = bytes;
        while let Some((byte, after)) = rest.split_first() {
            rest = after;
            escaped = upload.escapes(*byte, self.now, guarded);
            upload.last = self.now;
            upload.data.push(*byte);
            if escaped {
                let kept = upload.data.len().saturating_sub(3);
                upload.data.truncate(kept);
                break;
            }
            if upload.data.len() >= end {
                break;
            }
            if upload.ack && upload.data.len().is_multiple_of(ACK_EVERY) {
                self.out.push(ACK);
            }
        }
        if escaped || upload.data.len() >= end {
            self.end_upload();
        }
        rest
    }

    /// The host was silent for too long: what has come so far is kept.
    pub(crate) fn data_due(&mut self, data: Data) {
        match self.decide(unknown::UPLOAD_SILENCE) {
            Ok(_) => {
                self.mode = Mode::Data(data);
                self.end_upload();
            }
            Err(refusal) => self.finish(Err(refusal)),
        }
    }

    fn end_upload(&mut self) {
        let Mode::Data(Data::Upload(upload)) = std::mem::replace(&mut self.mode, Mode::Line) else { return };
        let sum = if self.deviations.has(Habit::ChecksumSum) {
            upload.data.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)))
        } else {
            checksum(&upload.data)
        };
        self.running.lines.push(format!("+QFUPL: {},{sum:x}", upload.data.len()).into_bytes());
        self.state.files.put(FileName::read(&upload.name), upload.data);
        self.state.verbatim.remove("ram");
        self.finish(Ok(Flow::Done));
    }
}

//! What the module says to what has left, as far as the gate needs it: which upload it takes data for, which files this run put there,
//! and which recipients it reads back.
//!
//! It trusts an answer only if it can belong to nothing but the line that asked. In doubt it knows nothing, and what depends on it
//! stays behind the gate.

mod hearsay;

use std::collections::{BTreeSet, VecDeque};

use super::line::{Line, Upload};
use super::mail::Mail;
use hearsay::{Heard, Hearsay};

/// The module's side of the dialogue.
#[derive(Debug, Default)]
pub(super) struct Ear {
    hearsay: Hearsay,
    /// Lines whose final result is due, oldest first.
    waiting: VecDeque<Waiting>,
    connected: Option<Connected>,
    serial: u64,
    files: BTreeSet<Vec<u8>>,
    mail: Mail,
}

/// An upload that the module takes data for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Connected {
    /// Tells one upload from the next.
    pub(super) serial: u64,
    /// How many bytes it takes.
    pub(super) size: u64,
    /// Since when, in µs.
    pub(super) since_us: u64,
    /// After how long a silence it gives up, in µs.
    pub(super) patience_us: u64,
}

/// A line that left and was not answered to its end.
#[derive(Debug)]
struct Waiting {
    purpose: Purpose,
    /// Whether an answer that comes now may be another line's.
    doubtful: bool,
    /// After this nobody waits for the answer any more, in µs.
    until_us: u64,
}

#[derive(Debug)]
enum Purpose {
    ReadBack { list: usize, addresses: Vec<Vec<u8>> },
    Upload(Upload),
    Other,
}

impl Ear {
    /// The upload that is in force.
    pub(super) fn connected(&self) -> Option<Connected> {
        self.connected
    }

    /// Whether this run put a file of that name there: the module asked for its data.
    pub(super) fn uploaded(&self, file: &[u8]) -> bool {
        self.files.contains(file)
    }

    /// The recipients, as far as they are known.
    pub(super) fn mail(&self) -> &Mail {
        &self.mail
    }

    /// A line has left at `now_us`.
    pub(super) fn expect(&mut self, now_us: u64, line: &Line) {
        self.connected = None;
        self.waiting.retain(|waiting| waiting.until_us > now_us);
        // Two lines under way: whose answer comes next, bytes do not say.
        let doubtful = !self.waiting.is_empty();
        for waiting in &mut self.waiting {
            waiting.doubtful = true;
        }
        if line.edits() {
            self.mail.forget();
        }
        let purpose = match (line.reads_back(), line.upload()) {
            (Some(list), _) => Purpose::ReadBack { list, addresses: Vec::new() },
            (None, Some(upload)) => Purpose::Upload(upload),
            (None, None) => Purpose::Other,
        };
        let own_us = match &purpose {
            Purpose::Upload(upload) => upload.patience_us,
            _ => 0,
        };
        let until_us = now_us.saturating_add(line.patience_us()).saturating_add(own_us);
        self.waiting.push_back(Waiting { purpose, doubtful, until_us });
    }

    /// Bytes came at `now_us`.
    pub(super) fn hear(&mut self, now_us: u64, bytes: &[u8]) {
        for heard in self.hearsay.hear(bytes) {
            match heard {
                Heard::Connect => self.connect(now_us),
                Heard::Entry(line) => self.entry(&line),
                Heard::Final { good } => self.ended(good),
                Heard::Confusion => {
                    self.connected = None;
                    self.waiting.clear();
                    self.mail.forget();
                }
            }
        }
    }

    fn connect(&mut self, now_us: u64) {
        let Some(Waiting { purpose: Purpose::Upload(upload), doubtful: false, .. }) = self.waiting.front()
        else {
            return;
        };
        self.serial += 1;
        self.files.insert(upload.file.clone());
        let (size, patience_us) = (upload.size, upload.patience_us);
        self.connected = Some(Connected { serial: self.serial, size, since_us: now_us, patience_us });
    }

    fn entry(&mut self, line: &[u8]) {
        let Some(waiting) = self.waiting.front_mut() else { return };
        let Purpose::ReadBack { list, addresses } = &mut waiting.purpose else { return };
        match address(*list, line) {
            Some(address) => addresses.push(address.to_vec()),
            None => waiting.doubtful = true,
        }
    }

    fn ended(&mut self, good: bool) {
        self.connected = None;
        let Some(waiting) = self.waiting.pop_front() else { return };
        if !good || waiting.doubtful {
            return;
        }
        if let Purpose::ReadBack { list, addresses } = waiting.purpose {
            self.mail.learn(list, addresses);
        }
    }
}

/// The address of `+QMMSEDIT: 1,"ADDRESS"`, if the line is exactly that, for the list at this index.
fn address(list: usize, line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"+QMMSEDIT:")?.trim_ascii_start();
    let number = format!("{},", list + 1);
    let address = rest.strip_prefix(number.as_bytes())?.trim_ascii_start();
    let address = address.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    (!address.contains(&b'"')).then_some(address)
}

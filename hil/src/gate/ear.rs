//! What the module says to what has left, as far as the gate needs it: which upload it takes data for, which files this run put there,
//! and which recipients it reads back.
//!
//! `ec20-at`'s framer says whose each answer is. Only an answer that certainly belongs to the line that asked is believed; in doubt
//! nothing is known, and what depends on it stays behind the gate.

use std::collections::BTreeSet;

use ec20_at::framer::{CommandId, Event, EventKind, FinalKind, Framer, Owner};

use super::line::{Line, Upload};
use super::mail::Mail;

/// The register that says which byte ends a line, by its index in [`Line::moves`].
const S3: usize = 0;

/// The module's side of the dialogue.
#[derive(Debug, Default)]
pub(super) struct Ear {
    framer: Framer,
    /// What came and is not part of an event yet.
    buffer: Vec<u8>,
    /// The line that left last.
    asked: Option<Asked>,
    /// When every answer under way is overdue, in µs.
    overdue_us: u64,
    connected: Option<Connected>,
    serial: u64,
    files: BTreeSet<Vec<u8>>,
    mail: Mail,
    /// The register that the module put back, until it is asked for.
    put_back: Option<usize>,
    /// The register that the module refused to move, until it is asked for.
    refused: Option<usize>,
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
struct Asked {
    id: CommandId,
    purpose: Purpose,
}

#[derive(Debug)]
enum Purpose {
    /// The addresses so far; nothing once a line came that cannot be read as one.
    ReadBack {
        list: usize,
        addresses: Option<Vec<Vec<u8>>>,
    },
    Upload(Upload),
    /// A register that ends or erases lines goes back to its usual value.
    PutBack(usize),
    /// A register that ends or erases lines is moved, by this line alone.
    Moves(usize),
    Other,
}

impl Ear {
    /// The upload that is in force.
    pub(super) fn connected(&self) -> Option<Connected> {
        self.connected
    }

    /// The register that the module has certainly put back since the last call.
    pub(super) fn take_put_back(&mut self) -> Option<usize> {
        self.put_back.take()
    }

    /// The register that the module has certainly refused to move since the last call.
    pub(super) fn take_refused(&mut self) -> Option<usize> {
        self.refused.take()
    }

    /// Whether this run put a file of that name there: the module asked for its data.
    pub(super) fn uploaded(&self, file: &[u8]) -> bool {
        self.files.contains(file)
    }

    /// Files that this run put there before the port was opened.
    pub(super) fn remember_uploads(&mut self, files: impl IntoIterator<Item = Vec<u8>>) {
        self.files.extend(files);
    }

    /// The recipients, as far as they are known.
    pub(super) fn mail(&self) -> &Mail {
        &self.mail
    }

    /// A line has left at `now_us`; `raw` is how it left, with its end.
    pub(super) fn expect(&mut self, now_us: u64, line: &Line, raw: &[u8]) {
        if !self.framer.is_idle() {
            if now_us > self.overdue_us {
                self.framer.settle();
            } else {
                self.framer.give_up();
                self.listen(now_us);
            }
        }
        if self.framer.is_idle() {
            // What is answered is not under way, however long it might have taken.
            self.overdue_us = 0;
        }
        self.connected = None;
        if line.edits() {
            self.mail.forget();
        }
        let (purpose, own_us) = match (line.reads_back(), line.upload()) {
            (Some(list), _) => (Purpose::ReadBack { list, addresses: Some(Vec::new()) }, 0),
            (None, Some(upload)) => {
                let own_us = upload.patience_us;
                (Purpose::Upload(upload), own_us)
            }
            (None, None) => (register(line), 0),
        };
        let until_us = now_us.saturating_add(line.patience_us()).saturating_add(own_us);
        self.overdue_us = self.overdue_us.max(until_us);
        self.asked = self.framer.sent(raw).map(|id| Asked { id, purpose });
    }

    /// Bytes came at `now_us`.
    pub(super) fn hear(&mut self, now_us: u64, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        self.listen(now_us);
    }

    fn listen(&mut self, now_us: u64) {
        while let Some(event) = self.framer.next(&self.buffer) {
            let text = self.framer.bytes(&self.buffer, event.text).to_vec();
            self.heard(now_us, event, &text);
        }
        self.buffer.drain(..self.framer.release());
    }

    fn heard(&mut self, now_us: u64, event: Event, text: &[u8]) {
        match event.kind {
            EventKind::Connect(owner) => self.connect(now_us, owner),
            EventKind::Final { result, owner } => self.ended(result, owner),
            EventKind::Urc { .. } if text == b"RDY" => {
                // It has restarted: what it was told before is gone, and so is what it would have answered.
                self.framer.settle();
                self.forget();
            }
            EventKind::ForeignEcho | EventKind::Overlong { .. } | EventKind::Unfinished => self.forget(),
            _ if event.reread => self.forget(),
            // Whatever looks like an entry counts, so that none is missed.
            _ if text.starts_with(b"+QMMSEDIT") => self.entry(event.kind, text),
            _ => {}
        }
    }

    /// The port was opened again.
    pub(super) fn reopened(&mut self) {
        self.framer = Framer::default();
        self.buffer.clear();
        self.forget();
    }

    fn forget(&mut self) {
        self.connected = None;
        self.asked = None;
        self.mail.forget();
    }

    fn connect(&mut self, now_us: u64, owner: Owner) {
        let Some(Asked { id, purpose: Purpose::Upload(upload) }) = &self.asked else { return };
        if owner != Owner::Command(*id) {
            return;
        }
        self.serial += 1;
        self.files.insert(upload.file.clone());
        let (size, patience_us) = (upload.size, upload.patience_us);
        self.connected = Some(Connected { serial: self.serial, size, since_us: now_us, patience_us });
    }

    fn entry(&mut self, kind: EventKind, text: &[u8]) {
        let Some(Asked { id, purpose: Purpose::ReadBack { list, addresses } }) = &mut self.asked else {
            return;
        };
        let own = kind == EventKind::Information(Owner::Command(*id));
        match (address(*list, text).filter(|_| own), addresses.as_mut()) {
            (Some(address), Some(addresses)) => addresses.push(address.to_vec()),
            _ => *addresses = None,
        }
    }

    fn ended(&mut self, result: FinalKind, owner: Owner) {
        let Some(Asked { id, .. }) = self.asked else { return };
        if owner != Owner::Command(id) {
            return;
        }
        self.connected = None;
        match (result, self.asked.take().map(|asked| asked.purpose)) {
            (FinalKind::Ok, Some(Purpose::ReadBack { list, addresses: Some(addresses) })) => {
                self.mail.learn(list, addresses);
                self.put_back = Some(S3);
            }
            (FinalKind::Ok, Some(Purpose::PutBack(register))) => self.put_back = Some(register),
            (FinalKind::Error | FinalKind::CmeError, Some(Purpose::Moves(register))) => {
                self.refused = Some(register);
            }
            _ => {}
        }
    }
}

/// What a line does to the registers that say how lines are read.
fn register(line: &Line) -> Purpose {
    match (line.puts_back(), line.moves_alone()) {
        (Some(register), _) => Purpose::PutBack(register),
        (None, Some(register)) => Purpose::Moves(register),
        (None, None) => Purpose::Other,
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

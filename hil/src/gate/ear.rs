//! What the module says to what has left, as far as the gate needs it: which upload it takes data for, which files this run put there,
//! and which recipients it reads back.
//!
//! `ec20-at`'s framer says whose each answer is. Only an answer that certainly belongs to the line that asked is believed; in doubt
//! nothing is known, and what depends on it stays behind the gate.

use std::collections::BTreeSet;

use ec20_at::framer::{CommandId, Event, EventKind, FinalKind, Framer, Owner};

use ec20_suite::residue::REGISTERS;

use super::line::{Line, Upload, spells};
use super::mail::{Clearing, Mail};

/// What the module has said of how it reads lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// It has certainly answered a whole line as a line: CR ends lines.
    EndsLines,
    /// It has certainly put this register back.
    PutBack(usize),
    /// It has certainly refused a line that would have moved this register.
    Refused(usize),
    /// It has certainly told what this register holds: the usual value, or another.
    Reads(usize, bool),
    /// It has started anew: its registers hold what an earlier program stored.
    Restarted,
}

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
    /// What the module has said of its registers, until it is asked for.
    news: Vec<News>,
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
    /// A line that empties lists of recipients, alone.
    Clears(Clearing),
    /// A register is read: whether it is the usual value, once one line came; nothing behind any other.
    Reads(usize, Told),
    Upload(Upload),
    /// A register that ends or erases lines goes back to its usual value.
    PutBack(usize),
    /// A register that ends or erases lines is moved, by this line alone.
    Moves(usize),
    Other,
}

/// What the answer to a register's query has brought so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Nothing,
    Value(bool),
    Unreadable,
}

impl Ear {
    /// The upload that is in force.
    pub(super) fn connected(&self) -> Option<Connected> {
        self.connected
    }

    /// What the module has said of its registers since the last call.
    pub(super) fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
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
        self.mail.left(line);
        let purpose = purpose(line);
        if let Purpose::ReadBack { list, .. } = &purpose {
            self.mail.asked(*list);
        }
        let own_us = if let Purpose::Upload(upload) = &purpose { upload.patience_us } else { 0 };
        let until_us = now_us.saturating_add(line.patience_us()).saturating_add(own_us);
        self.overdue_us = self.overdue_us.max(until_us);
        self.asked = self.framer.sent(raw).map(|id| Asked { id, purpose });
    }

    /// A module that took payload for command lines has heard this one.
    pub(super) fn suspect(&mut self, line: &Line) {
        self.mail.left(line);
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
            EventKind::Final { result, owner } => self.ended(now_us, result, owner),
            EventKind::Urc { .. } if text == b"RDY" => {
                // It has restarted: what it would have answered is gone, and what it was told may be.
                self.framer.settle();
                self.forget();
                self.mail.restarted();
                self.news.push(News::Restarted);
            }
            EventKind::ForeignEcho | EventKind::Overlong { .. } | EventKind::Unfinished => self.forget(),
            _ if event.reread => self.forget(),
            EventKind::Echo(_) | EventKind::Blank | EventKind::Acknowledgement | EventKind::Data => {}
            // What comes by itself is no part of an answer, unless it could be an entry in disguise.
            EventKind::Urc { known: true } if !spells(text, b"QMMSEDIT") => {}
            _ => self.part(event.kind, text),
        }
    }

    /// The port was opened again.
    pub(super) fn reopened(&mut self) {
        self.framer = Framer::default();
        self.buffer.clear();
        self.forget();
        self.mail.reopened();
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

    /// A line came that belongs to an answer, or that nobody knows. In the answer to a question it must be what that is answered with.
    fn part(&mut self, kind: EventKind, text: &[u8]) {
        let entry_like = spells(text, b"QMMSEDIT");
        let Some(Asked { id, purpose }) = &mut self.asked else {
            // An entry behind the end of its answer.
            if entry_like {
                self.mail.forget();
            }
            return;
        };
        let own = kind == EventKind::Information(Owner::Command(*id));
        match purpose {
            Purpose::ReadBack { list, addresses } => {
                match (address(*list, text).filter(|_| own), addresses.as_mut()) {
                    (Some(address), Some(addresses)) => addresses.push(address.to_vec()),
                    _ => *addresses = None,
                }
            }
            Purpose::Reads(register, told) => {
                let usual = REGISTERS.get(*register).is_some_and(|register| register.is_usual(text));
                *told = if own && *told == Told::Nothing { Told::Value(usual) } else { Told::Unreadable };
            }
            _ if entry_like => self.mail.forget(),
            _ => {}
        }
    }

    fn ended(&mut self, now_us: u64, result: FinalKind, owner: Owner) {
        let Some(Asked { id, .. }) = self.asked else { return };
        if owner != Owner::Command(id) {
            return;
        }
        self.connected = None;
        // What comes so late may be another line's.
        let Some(Asked { purpose, .. }) = self.asked.take().filter(|_| now_us <= self.overdue_us) else {
            return;
        };
        match (result, purpose) {
            (FinalKind::Ok, Purpose::ReadBack { list, addresses: Some(addresses) }) => {
                self.mail.learn(list, addresses);
                self.news.push(News::EndsLines);
            }
            (FinalKind::Ok, Purpose::Clears(clearing)) => self.mail.cleared(clearing),
            (FinalKind::Ok, Purpose::Reads(register, Told::Value(usual))) => {
                self.news.push(News::Reads(register, usual));
            }
            (_, Purpose::Reads(register, _)) => self.news.push(News::Reads(register, false)),
            (FinalKind::Ok, Purpose::PutBack(register)) => self.news.push(News::PutBack(register)),
            (FinalKind::Error | FinalKind::CmeError, Purpose::Moves(register)) => {
                self.news.push(News::Refused(register));
            }
            _ => {}
        }
    }
}

/// What is awaited of the answer to a line.
fn purpose(line: &Line) -> Purpose {
    if let Some(list) = line.reads_back() {
        return Purpose::ReadBack { list, addresses: Some(Vec::new()) };
    }
    if let Some(clearing) = line.clears() {
        return Purpose::Clears(clearing);
    }
    if let Some(register) = line.reads_register() {
        return Purpose::Reads(register, Told::Nothing);
    }
    if let Some(upload) = line.upload() {
        return Purpose::Upload(upload);
    }
    match (line.puts_back(), line.moves_alone()) {
        (Some(register), _) => Purpose::PutBack(register),
        (None, Some(register)) => Purpose::Moves(register),
        (None, None) => Purpose::Other,
    }
}

/// The address of `+QMMSEDIT: 1,"ADDRESS"`, if the line is exactly that, for the list at this index.
fn address(list: usize, line: &[u8]) -> Option<&[u8]> {
    let beginning = format!("+QMMSEDIT: {},\"", list + 1);
    let address = line.strip_prefix(beginning.as_bytes())?.strip_suffix(b"\"")?;
    (!address.contains(&b'"')).then_some(address)
}

//! This crate: framer and values, driven as a driver would.

use crate::data::{Data, Tally};
use ec20_at::fields::{Fields, Value};
use ec20_at::framer::{Echo, EventKind, Framer};

fn values(line: &[u8], tally: &mut Tally) {
    tally.lines += 1;
    let Some((_, fields)) = Fields::split(line) else { return };
    for value in fields {
        match value {
            Ok(Value::Number(number)) => tally.number(number),
            Ok(Value::String(string)) => tally.string(string),
            Ok(Value::Word(word)) => tally.word(word),
            Err(_) => return,
        }
    }
}

/// Takes every event that the buffer gives; a final result lets the next command be sent.
fn drain(
    framer: &mut Framer,
    buffer: &[u8],
    commands: &mut std::slice::Iter<'_, Vec<u8>>,
    tally: &mut Tally,
) {
    while let Some(event) = framer.next(buffer) {
        match event.kind {
            EventKind::Information(_) | EventKind::Urc { .. } => {
                values(framer.bytes(buffer, event.text), tally);
            }
            EventKind::Final { .. } => {
                tally.finals += 1;
                if let Some(command) = commands.next() {
                    framer.sent(command);
                }
            }
            _ => {}
        }
    }
}

pub(crate) fn whole(data: &Data) -> Tally {
    let mut tally = Tally::default();
    let mut framer = Framer::new();
    framer.set_echo(Echo::On);
    let mut commands = data.commands.iter();
    framer.sent(commands.next().unwrap());
    drain(&mut framer, &data.bytes, &mut commands, &mut tally);
    tally
}

/// The frames alone, without their values.
pub(crate) fn frames(data: &Data) -> u32 {
    let mut finals = 0;
    let mut framer = Framer::new();
    framer.set_echo(Echo::On);
    let mut commands = data.commands.iter();
    framer.sent(commands.next().unwrap());
    while let Some(event) = framer.next(&data.bytes) {
        if let EventKind::Final { .. } = event.kind {
            finals += 1;
            if let Some(command) = commands.next() {
                framer.sent(command);
            }
        }
    }
    finals
}

/// Appends what arrived; one byte without the detour through memcpy.
pub(crate) fn arrive(buffer: &mut Vec<u8>, chunk: &[u8]) {
    match chunk {
        [byte] => buffer.push(*byte),
        bytes => buffer.extend_from_slice(bytes),
    }
}

/// A framer with its buffer, as a driver keeps them for as long as the port is open.
pub(crate) struct Driver {
    framer: Framer,
    buffer: Vec<u8>,
}

impl Driver {
    pub(crate) fn new() -> Self {
        let mut framer = Framer::new();
        framer.set_echo(Echo::On);
        let buffer = Vec::with_capacity(framer.capacity());
        Self { framer, buffer }
    }

    pub(crate) fn chunked(&mut self, data: &Data, size: usize) -> Tally {
        let mut tally = Tally::default();
        let mut commands = data.commands.iter();
        self.framer.sent(commands.next().unwrap());
        for chunk in data.bytes.chunks(size) {
            arrive(&mut self.buffer, chunk);
            drain(&mut self.framer, &self.buffer, &mut commands, &mut tally);
            let released = self.framer.release();
            if released > 0 {
                self.buffer.drain(..released);
            }
        }
        tally
    }
}

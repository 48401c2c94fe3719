//! Bytes into lines: the framer's events, with the times their bytes came at.
//!
//! It keeps the buffer that the framer reads from. It does not know what a line means to a dialogue.

use std::collections::VecDeque;

use ec20_at::{Dialect, command_line};

use super::wire::{Class, Line};
use crate::effect::Upload;
use crate::standing::Breach;

#[derive(Debug, Default)]
pub(super) struct Reader {
    buffer: Vec<u8>,
    t_us: u64,
    echo: Option<Vec<u8>>,
    names: Vec<Vec<u8>>,
    plain: bool,
    answered: bool,
    acknowledgements: usize,
    upload: bool,
    breaches: VecDeque<Breach>,
}

impl Reader {
    pub(super) fn sends(&mut self, line: &[u8], upload: Option<&Upload>) {
        let bare = line.strip_suffix(b"\r").unwrap_or(line);
        self.echo = Some(bare.to_vec());
        self.names.clear();
        self.plain = false;
        if let Ok(read) = command_line::read(bare, Dialect::TOLERANT) {
            for command in read.commands().map_while(Result::ok) {
                self.names.push(command.name().to_ascii_uppercase());
                let plain = [
                    "I", "+CGMI", "+CGMM", "+CGMR", "+CGSN", "+GSN", "+GMI", "+GMM", "+GMR", "+CIMI", "+QGMR",
                ];
                self.plain |= plain.iter().any(|name| command.is(name)) || !command.is_extended();
            }
        }
        self.answered = false;
        self.upload = upload.is_some();
    }

    pub(super) fn unsent(&mut self) {
        self.echo = None;
    }

    pub(super) fn push(&mut self, t_us: u64, bytes: &[u8]) {
        self.t_us = t_us;
        self.buffer.extend_from_slice(bytes);
    }

    pub(super) fn take_acknowledgement(&mut self) -> bool {
        if self.acknowledgements == 0 && self.buffer.first() == Some(&b'A') {
            self.buffer.remove(0);
            return true;
        }
        false
    }

    pub(super) fn abandon(&mut self) {
        self.answered = true;
    }

    pub(super) fn leave_data_mode(&mut self) {
        self.upload = false;
    }

    pub(super) fn discard(&mut self) {
        self.buffer.clear();
    }

    pub(super) fn breaches(&mut self) -> VecDeque<Breach> {
        std::mem::take(&mut self.breaches)
    }

    pub(super) fn next(&mut self) -> Option<Line> {
        loop {
            let end = self.buffer.iter().position(|&byte| byte == b'\r' || byte == b'\n')?;
            let line: Vec<u8> = self.buffer.drain(..=end).take(end).collect();
            if line.is_empty() {
                continue;
            }
            if self.echo.as_ref() == Some(&line) {
                self.echo = None;
                continue;
            }
            let class = self.class(&line);
            return Some(Line { t_us: self.t_us, class, text: line });
        }
    }

    fn class(&mut self, line: &[u8]) -> Class {
        let finals: [&[u8]; 6] = [b"OK", b"ERROR", b"NO CARRIER", b"NO DIALTONE", b"BUSY", b"NO ANSWER"];
        if finals.contains(&line) || line.starts_with(b"+CME ERROR") || line.starts_with(b"+CMS ERROR") {
            self.answered = true;
            return Class::Final;
        }
        if line.starts_with(b"CONNECT") {
            return Class::Connect;
        }
        if line.starts_with(b"AT") || line.starts_with(b"at") {
            return Class::ForeignEcho;
        }
        let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
        if line.starts_with(b"+") {
            let own = !self.answered && self.names.iter().any(|own| own == name);
            return if own { Class::Information } else { Class::Urc };
        }
        let urcs: [&[u8]; 3] = [b"RDY", b"RING", b"POWERED DOWN"];
        match () {
            () if urcs.contains(&line) => Class::Urc,
            () if self.plain && !self.answered => Class::Information,
            () => Class::Unreadable,
        }
    }
}

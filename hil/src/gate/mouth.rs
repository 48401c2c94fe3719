//! What has left so far, and what the next bytes would become in the module: payload, part of a line, or a line.
//!
//! It is a model of the most obedient module there could be: whatever some module might execute counts as executed.

use std::collections::BTreeMap;

use ec20_manual::Effect;
use ec20_suite::escape::escaped;
use ec20_suite::payload::Readings;
use ec20_suite::residue;

use super::Rules;
use super::ear::Ear;
use super::line::{Line, spells};
use super::registers::Registers;

const CR: u8 = b'\r';
const LF: u8 = b'\n';
const ESC: u8 = 0x1b;

/// Why no line is ended at the beginning.
const NOT_BEGUN: &str = "an earlier program may have left half a line on the module's line, which this CR would execute: the first bytes of a run must make it invalid";

/// What left the port and still matters.
#[derive(Debug, Clone, Default)]
pub(super) struct Mouth {
    /// The bytes since the last line end.
    line: Vec<u8>,
    /// Whether the module's line buffer was made invalid: before that, it may hold what an earlier program left there.
    begun: bool,
    /// The lines that `A/` may repeat.
    last: Vec<Line>,
    /// How the module reads lines.
    pub(super) registers: Registers,
    /// What left since one of them may have moved: any part of it could be joined to a line.
    since_blind: Vec<u8>,
    /// How many commands of each effect left.
    spent: BTreeMap<Effect, u32>,
    /// The payload that left under the present upload.
    data: Option<Data>,
    /// The payload as a module reads it that has left its data phase.
    astray: Readings,
}

/// A line that bytes ended, or may have.
#[derive(Debug)]
pub(super) struct Said {
    /// What it asks for.
    pub(super) line: Line,
    /// How it left, with its end; nothing for one that only a module hears that takes payload for lines.
    pub(super) raw: Option<Vec<u8>>,
}

/// Payload under way.
#[derive(Debug, Clone, Copy)]
struct Data {
    /// Which upload.
    serial: u64,
    /// How many bytes the module still takes as data.
    left: u64,
    /// When the module last heard one.
    last_us: u64,
    /// How many `+` left in a row; three may end the upload in its middle.
    pluses: u8,
}

impl Mouth {
    /// Says `bytes`; returns the lines that they end.
    ///
    /// # Errors
    /// Why they must not leave, in words.
    pub(super) fn say(
        &mut self,
        now_us: u64,
        bytes: &[u8],
        ear: &Ear,
        rules: &Rules,
    ) -> Result<Vec<Said>, String> {
        let mut lines: Vec<Said> = Vec::new();
        if self.bare() && bytes == residue::first_bytes() && ear.connected().is_none() {
            self.line.clear();
            self.astray = Readings::default();
            self.begun = true;
            return Ok(lines);
        }
        let mut payload = Vec::new();
        for &byte in bytes {
            if self.is_payload(now_us, byte, ear) {
                payload.push(byte);
                continue;
            }
            self.stray(&std::mem::take(&mut payload), &mut lines, ear, rules)?;
            if self.registers.are_moved() {
                self.since_blind.push(byte);
            }
            let bare = self.bare();
            match byte {
                // Modules drop a LF; an ESC ends a prompt or is dropped.
                LF | ESC if bare => {}
                CR if !self.begun && !rules.exempt => return Err(NOT_BEGUN.to_owned()),
                CR if bare => self.line.clear(),
                CR => {
                    let line = self.judge(&lines, ear, rules)?;
                    self.line.push(byte);
                    lines.push(self.end(line));
                }
                // `A/` needs no CR.
                b'/' if matches!(self.stripped(), [b'A' | b'a']) => {
                    self.line.push(byte);
                    self.repeat(&mut lines, ear, rules)?;
                }
                _ => self.line.push(byte),
            }
        }
        self.stray(&payload, &mut lines, ear, rules)?;
        // Half a line may be ended by anybody: a later write, the next program, noise. So it must be fit to be executed as it stands.
        if !self.bare() {
            self.judge(&lines, ear, rules)?;
        }
        Ok(lines)
    }

    /// Payload leaves: judged as the lines that it would be for a module that has left its data phase without a word.
    fn stray(
        &mut self,
        payload: &[u8],
        lines: &mut Vec<Said>,
        ear: &Ear,
        rules: &Rules,
    ) -> Result<(), String> {
        let astray = |why| format!("a module that has left its data phase would execute the payload: {why}");
        for bytes in self.astray.take(payload) {
            if bytes == b"A/" {
                for line in self.last.clone() {
                    self.permit(&line, lines, ear, rules).map_err(astray)?;
                    self.count(&line);
                }
                continue;
            }
            let line = Line::read(&bytes, &|file| ear.uploaded(file));
            self.permit(&line, lines, ear, rules).map_err(astray)?;
            self.count(&line);
            if !self.last.contains(&line) {
                self.last.push(line.clone());
            }
            lines.push(Said { line, raw: None });
        }
        if !payload.is_empty() {
            for bytes in self.astray.unended() {
                let line = Line::read(&bytes, &|file| ear.uploaded(file));
                self.permit(&line, lines, ear, rules).map_err(astray)?;
            }
        }
        Ok(())
    }

    /// The port was opened again.
    pub(super) fn reopened(&mut self) {
        self.line.clear();
        self.begun = false;
        self.last.clear();
        self.data = None;
        self.astray = Readings::default();
        self.registers.forget();
    }

    /// Whether the module would take this byte as data. Takes account of it if so.
    fn is_payload(&mut self, now_us: u64, byte: u8, ear: &Ear) -> bool {
        let Some(upload) = ear.connected() else {
            self.data = None;
            return false;
        };
        let fresh = Data { serial: upload.serial, left: upload.size, last_us: upload.since_us, pluses: 0 };
        let mut data = self.data.filter(|data| data.serial == upload.serial).unwrap_or(fresh);
        // Half of the module's patience is left to the wire: later than that the module may have given up already.
        let stale = now_us.saturating_sub(data.last_us) > upload.patience_us / 2;
        let payload = data.left > 0 && !stale && data.pluses < 3 && self.line.is_empty();
        if payload {
            data.left -= 1;
            data.last_us = now_us;
            data.pluses = if byte == b'+' { data.pluses + 1 } else { 0 };
        }
        self.data = Some(data);
        payload
    }

    /// The bytes since the last line end without what a module ignores before a line.
    fn stripped(&self) -> &[u8] {
        let start = self.line.iter().take_while(|&&byte| matches!(byte, b'+' | LF | ESC)).count();
        self.line.get(start..).unwrap_or_default()
    }

    fn bare(&self) -> bool {
        self.stripped().is_empty()
    }

    /// Reads and judges the line under way as if it ended here; behind payload that a module took for the beginning of a line, the whole.
    fn judge(&self, before: &[Said], ear: &Ear, rules: &Rules) -> Result<Line, String> {
        for beginning in self.astray.unended() {
            let whole = [&beginning, self.stripped()].concat();
            let line = Line::read(&whole, &|file| ear.uploaded(file));
            self.permit(&line, before, ear, rules)?;
        }
        let line = Line::read(self.stripped(), &|file| ear.uploaded(file));
        self.permit(&line, before, ear, rules)?;
        Ok(line)
    }

    /// What `A/` does: the last line again; before the first line, nobody knows what.
    fn repeat(&mut self, lines: &mut Vec<Said>, ear: &Ear, rules: &Rules) -> Result<(), String> {
        let unknown = || Line::unknown(b"A/", "nobody knows which line it repeats");
        let candidates = self.last.clone();
        if candidates.is_empty() && !rules.exempt {
            return Err("`A/` would repeat a line of an earlier program".to_owned());
        }
        let certain = if let [one] = candidates.as_slice() { one.clone() } else { unknown() };
        for line in candidates {
            self.permit(&line, lines, ear, rules)?;
            if line != certain {
                self.count(&line);
                lines.push(Said { line, raw: None });
            }
        }
        let candidates = std::mem::take(&mut self.last);
        lines.push(self.end(certain));
        if candidates.len() > 1 {
            self.last = candidates;
        }
        Ok(())
    }

    fn permit(&self, line: &Line, before: &[Said], ear: &Ear, rules: &Rules) -> Result<(), String> {
        let shown = escaped(&line.bytes);
        for (effect, count) in line.counted() {
            let spent = self.spent.get(&effect).copied().unwrap_or(0);
            if let Some(budget) =
                rules.budgets.get(&effect).filter(|budget| spent.saturating_add(count) > **budget)
            {
                return Err(format!(
                    "budget: `{shown}` is {effect}, and {spent} of {effect}={budget} have left"
                ));
            }
        }
        if rules.exempt {
            return Ok(());
        }
        let blind = self.registers.are_moved() || before.iter().any(|said| said.line.blinds());
        let riddle = line.riddle.or(blind.then_some("an earlier line changed where lines end"));
        if let Some(why) = riddle.filter(|_| !rules.allow.contains(&Effect::WORST)) {
            return Err(format!("`{shown}` counts as {}, because {why}", Effect::WORST));
        }
        for asked in &line.commands {
            if !rules.allow.contains(&asked.effect) {
                let unknown =
                    if asked.is_known() { "" } else { ", because the command table does not have it" };
                let command = escaped(&asked.bytes);
                return Err(format!(
                    "`AT{command}` is {effect}{unknown}; --allow {effect} lets it leave",
                    effect = asked.effect
                ));
            }
        }
        if line.may_send() || (blind && spells(&self.since_blind, b"QMMSEND")) {
            let edited = line.edits() || before.iter().any(|said| said.line.edits());
            let vetted = if edited {
                Err("the same bytes edit the message first".to_owned())
            } else {
                ear.mail().vetted(&rules.recipients)
            };
            vetted.map_err(|why| format!("`{shown}` may send a message: {why}"))?;
        }
        self.heed_registers(line, before, &shown)
    }

    /// Nothing but reading leaves before the module has told that it reads lines as the gate does.
    fn heed_registers(&self, line: &Line, before: &[Said], shown: &str) -> Result<(), String> {
        if line.needs_no_registers() {
            return Ok(());
        }
        if before.iter().any(|said| said.line.blinds() || said.line.recalls()) {
            return Err(format!("`{shown}` stands behind a line that may change S3, S4 or S5"));
        }
        match self.registers.uncertain() {
            None => Ok(()),
            Some(register) => Err(format!(
                "`{shown}` is more than reading, and {name} ({purpose}) is not known to be {usual}: {query} must be answered {usual}; if it is answered otherwise, {remedy} sets it",
                name = register.name,
                purpose = register.purpose,
                usual = register.usual,
                query = register.query(),
                remedy = register.remedy(),
            )),
        }
    }

    /// Takes account of a line that leaves, or may be heard as one.
    fn count(&mut self, line: &Line) {
        if !self.registers.are_moved() {
            self.since_blind.clear();
        }
        self.registers.moved(line.moves());
        if line.recalls() {
            self.registers.forget();
        }
        for (effect, count) in line.counted() {
            let spent = self.spent.entry(effect).or_default();
            *spent = spent.saturating_add(count);
        }
    }

    fn end(&mut self, line: Line) -> Said {
        let raw = self.stripped().to_vec();
        self.line.clear();
        self.astray = Readings::default();
        self.count(&line);
        self.last = vec![line.clone()];
        Said { line, raw: Some(raw) }
    }
}

//! What has left so far, and what the next bytes would become in the module: payload, part of a line, or a line.
//!
//! It is a model of the most obedient module there could be: whatever some module might execute counts as executed.

use std::collections::BTreeMap;

use ec20_manual::Effect;
use ec20_suite::escape::escaped;

use super::Rules;
use super::ear::Ear;
use super::line::{Line, spells};

const CR: u8 = b'\r';
const LF: u8 = b'\n';
const ESC: u8 = 0x1b;

/// What left the port and still matters.
#[derive(Debug, Clone, Default)]
pub(super) struct Mouth {
    /// The bytes since the last line end.
    line: Vec<u8>,
    /// Whether a line was ended by this gate: before that, the module's line buffer may hold what an earlier program left there.
    ended: bool,
    /// The last line that `A/` would repeat.
    last: Option<Line>,
    /// How many lines may have moved S3, and S5: behind them, nobody can tell where a line ends, or what is left of it.
    moved: [u32; 2],
    /// What left since: any part of it could be joined to a line.
    since_blind: Vec<u8>,
    /// How many commands of each effect left.
    spent: BTreeMap<Effect, u32>,
    /// The payload that left under the present upload.
    data: Option<Data>,
}

/// A line that bytes ended.
#[derive(Debug)]
pub(super) struct Said {
    /// What it asks for.
    pub(super) line: Line,
    /// How it left, with its end.
    pub(super) raw: Vec<u8>,
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
        for &byte in bytes {
            if self.is_payload(now_us, byte, ear) {
                continue;
            }
            if self.is_blind() {
                self.since_blind.push(byte);
            }
            let bare = self.bare();
            match byte {
                // Modules drop a LF; an ESC ends a prompt or is dropped.
                LF | ESC if bare => {}
                CR if bare && !self.ended && !rules.exempt => {
                    return Err(
                        "a bare CR would execute whatever an earlier program left on the module's line"
                            .to_owned(),
                    );
                }
                CR if bare => self.line.clear(),
                CR => {
                    let line = self.judge(&lines, ear, rules)?;
                    self.line.push(byte);
                    lines.push(self.end(line));
                }
                // `A/` needs no CR.
                b'/' if matches!(self.stripped(), [b'A' | b'a']) => {
                    self.line.push(byte);
                    let line = self.repeated(&lines, ear, rules)?;
                    lines.push(self.end(line));
                }
                _ => self.line.push(byte),
            }
        }
        // Half a line may be ended by anybody: a later write, the next program, noise. So it must be fit to be executed as it stands.
        if !self.bare() {
            self.judge(&lines, ear, rules)?;
        }
        Ok(lines)
    }

    /// Whether nobody can tell where a line ends.
    fn is_blind(&self) -> bool {
        self.moved != [0, 0]
    }

    /// The module has certainly taken the line that puts this register back: lines are lines again.
    pub(super) fn put_back(&mut self, register: usize) {
        if let Some(moved) = self.moved.get_mut(register) {
            *moved = 0;
        }
        self.see();
    }

    /// The module has certainly refused a line that would have moved this register: that line moved nothing.
    pub(super) fn refused(&mut self, register: usize) {
        if let Some(moved) = self.moved.get_mut(register) {
            *moved = moved.saturating_sub(1);
        }
        self.see();
    }

    /// The port was opened again.
    pub(super) fn reopened(&mut self) {
        self.line.clear();
        self.ended = false;
        self.last = None;
        self.data = None;
    }

    fn see(&mut self) {
        if !self.is_blind() {
            self.since_blind.clear();
        }
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

    /// Reads and judges the line under way as if it ended here.
    fn judge(&self, before: &[Said], ear: &Ear, rules: &Rules) -> Result<Line, String> {
        let line = Line::read(self.stripped(), &|file| ear.uploaded(file));
        self.permit(&line, before, ear, rules)?;
        Ok(line)
    }

    /// What `A/` does: the last line again; before the first line, nobody knows what.
    fn repeated(&self, before: &[Said], ear: &Ear, rules: &Rules) -> Result<Line, String> {
        let line = before.last().map(|said| &said.line).or(self.last.as_ref()).cloned();
        let line = line.unwrap_or_else(|| Line::unknown(b"A/", "nobody knows which line it repeats"));
        self.permit(&line, before, ear, rules)?;
        Ok(line)
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
        let blind = self.is_blind() || before.iter().any(|said| said.line.blinds());
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
            return vetted.map_err(|why| format!("`{shown}` may send a message: {why}"));
        }
        Ok(())
    }

    fn end(&mut self, line: Line) -> Said {
        let raw = self.stripped().to_vec();
        self.line.clear();
        self.ended = true;
        for (moved, moves) in self.moved.iter_mut().zip(line.moves()) {
            *moved = moved.saturating_add(u32::from(moves));
        }
        for (effect, count) in line.counted() {
            let spent = self.spent.entry(effect).or_default();
            *spent = spent.saturating_add(count);
        }
        self.last = Some(line.clone());
        Said { line, raw }
    }
}

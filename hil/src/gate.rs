//! The gate: it stands at the single writer of the port and decides, byte by byte, what may reach a module.
//!
//! It believes no file, no case and no caller. What a line can do is read from the line itself, by the command table; a line that cannot
//! be read counts as the worst there is. Bytes are payload only while the module's own CONNECT to an upload that left here is in force, and
//! even then they are judged a second time, as the command lines that they would be for a module that has left its data phase. Before the
//! module's line buffer was made invalid no line is ended, and before S3, S4 and S5 were read as usual nothing but reading leaves.
//! It holds no port and reads no clock: times are handed in. It knows nothing of verdicts.

mod ear;
mod line;
mod mail;
mod mouth;
mod registers;

use std::collections::{BTreeMap, BTreeSet};

use ec20_manual::Effect;
use globset::GlobSet;

use ear::Ear;
use mouth::Mouth;

/// What may leave.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The effects that may leave.
    pub allow: BTreeSet<Effect>,
    /// The recipients that may be sent to, as glob patterns over whole addresses.
    pub recipients: GlobSet,
    /// How many commands of an effect may leave; without an entry, any number of an allowed effect.
    pub budgets: BTreeMap<Effect, u32>,
    /// The module is simulated: everything may leave, as far as a budget reaches.
    pub exempt: bool,
}

/// What leaves every port unasked: reading, what a restart undoes, and settings, which the run restores.
pub const UNASKED: [Effect; 3] = [Effect::Read, Effect::Volatile, Effect::Settings];

impl Rules {
    /// What leaves every port unasked, and nothing more.
    pub fn unasked() -> Self {
        Self { allow: UNASKED.into(), recipients: GlobSet::empty(), budgets: BTreeMap::new(), exempt: false }
    }

    /// The rules for a simulated module: nothing can cost, send or wipe.
    pub fn simulated() -> Self {
        Self {
            allow: Effect::ALL.into(),
            recipients: GlobSet::empty(),
            budgets: BTreeMap::new(),
            exempt: true,
        }
    }
}

/// What the gate says to bytes that want to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// They may leave, all of them.
    Leaves,
    /// None of them may, for the reason in words.
    Withheld(String),
}

/// The gate of one port.
#[derive(Debug)]
pub struct Gate {
    rules: Rules,
    mouth: Mouth,
    ear: Ear,
}

impl Gate {
    /// A gate before a port that was opened just now; what stands in the module's line buffer is unknown.
    pub fn new(rules: Rules) -> Self {
        Self { rules, mouth: Mouth::default(), ear: Ear::default() }
    }

    /// This run has uploaded these files already, before it was killed: they are its own to delete.
    pub fn remember_uploads(&mut self, files: impl IntoIterator<Item = Vec<u8>>) {
        self.ear.remember_uploads(files);
    }

    /// Whether `bytes` may leave at `now_us`. If they may, the gate takes it that they do.
    ///
    /// Bytes are judged as a whole: a write of which any part must not leave does not leave at all.
    pub fn rule(&mut self, now_us: u64, bytes: &[u8]) -> Ruling {
        // Judged on a copy, so that what is withheld leaves no trace in what the gate believes the module has seen.
        let mut mouth = self.mouth.clone();
        let lines = match mouth.say(now_us, bytes, &self.ear, &self.rules) {
            Ok(lines) => lines,
            Err(reason) => return Ruling::Withheld(reason),
        };
        self.mouth = mouth;
        for said in lines {
            match said.raw {
                Some(raw) => self.ear.expect(now_us, &said.line, &raw),
                None => self.ear.suspect(&said.line),
            }
        }
        Ruling::Leaves
    }

    /// The port was opened again: what stands in the module's line buffer is unknown, and so is what it would still answer. What was spent
    /// stays spent, and what was uploaded stays uploaded.
    pub fn reopened(&mut self) {
        self.mouth.reopened();
        self.ear.reopened();
    }

    /// Bytes came from the module at `now_us`. Every byte must pass here before the next one is asked to leave.
    pub fn hear(&mut self, now_us: u64, bytes: &[u8]) {
        self.ear.hear(now_us, bytes);
        for news in self.ear.take_news() {
            self.mouth.registers.heard(news);
        }
    }
}

//! What the lines that left may have done: settings to look at, budgets to count down.
//!
//! It reads the lines alone. Whether a module took them is not asked: what was only tried may have worked.

use std::collections::BTreeSet;

use super::files::Files;
use super::recipients::Recipients;
use super::registers::Registers;
use crate::ledger::Ledger;
use crate::payload;
use crate::setting;

/// The traces of the lines that left.
#[derive(Debug, Default)]
pub(super) struct Traces {
    touched: BTreeSet<String>,
    /// An order to the far end may have met no message yet.
    pub(super) ordered: bool,
    /// Files on the module.
    pub(super) files: Files,
    /// What has left of each budget.
    pub(super) ledger: Ledger,
    /// Whether S3, S4 and S5 have to be asked again.
    pub(super) registers: Registers,
    /// Lists of recipients that lines added to since they were last read back empty.
    pub(super) recipients: Recipients,
}

impl Traces {
    /// A command line left, without its CR.
    pub(super) fn left(&mut self, line: &[u8]) {
        self.touched.extend(setting::queries(line));
        self.ledger.spend(line);
        self.files.left(line);
        self.registers.left(line);
        self.recipients.left(line);
    }

    /// Data left: a module that has left its data phase takes them for command lines.
    pub(super) fn data_left(&mut self, bytes: &[u8]) {
        for line in payload::lines(bytes) {
            self.touched.extend(setting::queries(&line));
            self.ledger.spend(&line);
            self.recipients.left(&line);
        }
    }

    /// The settings that lines since the last call may have changed, as the queries that read them.
    pub(super) fn take_touched(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.touched)
    }
}

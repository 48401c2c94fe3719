//! The lists of recipients before a case that sends: emptied, and read back empty.
//!
//! The gate believes that a list is empty when the module has said OK to clearing it and reads it back empty. Where no case asks for that, the
//! run does, or what an earlier program or another case added would keep the message from leaving.

use ec20_manual::Effect;

use super::settings::Bench;
use super::wire::Wire;
use super::witness;
use crate::suite::Case;

/// Whether the lists of recipients may hold something.
#[derive(Debug)]
pub(super) struct Recipients {
    used: bool,
}

impl Default for Recipients {
    /// An earlier program may have left a message.
    fn default() -> Self {
        Self { used: true }
    }
}

impl Recipients {
    /// A command line left.
    pub(super) fn left(&mut self, line: &[u8]) {
        let upper = line.to_ascii_uppercase();
        let edits = upper.windows(9).any(|name| name == b"+QMMSEDIT");
        self.used |= edits && upper.contains(&b',');
    }

    /// The module was away: nobody knows what it holds.
    pub(super) const fn forget(&mut self) {
        self.used = true;
    }
}

/// Empties the lists and reads them back, before a case that may send, if anything may stand in them.
pub(super) async fn settle(wire: &mut Wire, bench: &Bench, case: &Case) {
    let sends = bench.permit.recipient.is_some()
        && bench.permit.effects.contains(&Effect::Billable)
        && case.lines().iter().any(|line| witness::is_send(line));
    if !sends || wire.desk.lost().is_some() || !std::mem::take(&mut wire.traces.recipients.used) {
        return;
    }
    let cleared = wire.ask(b"AT+QMMSEDIT=0").await.result;
    let mut empty = cleared.as_deref() == Some(b"OK");
    for query in [&b"AT+QMMSEDIT=1"[..], b"AT+QMMSEDIT=2", b"AT+QMMSEDIT=3"] {
        let answer = wire.ask(query).await;
        empty &= answer.result.as_deref() == Some(b"OK") && answer.information.is_empty();
    }
    if !empty {
        wire.traces.recipients.used = true;
        wire.desk
            .note("the lists of recipients do not read back empty behind AT+QMMSEDIT=0: no message leaves");
    }
}

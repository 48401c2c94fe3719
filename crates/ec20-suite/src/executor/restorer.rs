//! What was set before the run, and putting it back.
//!
//! It reads every setting that the selected cases may change before the first of them runs, names what it will not be able to put back,
//! and proves by reading again that what it put back is there. It does not know why a case changed something.

use std::collections::{BTreeMap, BTreeSet};

use super::wire::Wire;
use super::{files, identity, recovery};
use crate::escape::escaped;
use crate::journal::Identity;
use crate::setting;
use crate::suite::Case;

/// What every run reads, whatever it asks: the message configuration and the form of errors.
const ALWAYS: [&str; 6] = [
    "AT+CMEE?",
    "AT+QMMSCFG=\"contextid\"",
    "AT+QMMSCFG=\"mmsc\"",
    "AT+QMMSCFG=\"proxy\"",
    "AT+QMMSCFG=\"character\"",
    "AT+QMMSCFG=\"sendparam\"",
];

/// A setting as the run found it.
#[derive(Debug)]
struct Kept {
    /// The answer line.
    before: String,
    /// The command that says the same.
    restoring: Vec<u8>,
    /// That the module does not take it back was said already.
    told: bool,
}

impl Kept {
    /// Whether an answer tells the same setting: what is the network's in it may differ.
    fn is(&self, query: &str, information: &[String]) -> bool {
        match information {
            [line] => {
                *line == self.before || setting::restoring(query, line).as_ref() == Some(&self.restoring)
            }
            _ => false,
        }
    }
}

/// What was set before the run, and how to put it back.
#[derive(Debug)]
pub(super) struct Restorer {
    /// The module that it was found on.
    identity: Identity,
    /// Whether it echoed.
    echo: Option<bool>,
    /// By query.
    kept: BTreeMap<String, Kept>,
    /// What the cases so far have touched.
    changed: BTreeSet<String>,
}

impl Restorer {
    /// Reads every setting that these cases may change; names those that cannot be put back.
    pub(super) async fn snapshot(wire: &mut Wire, identity: Identity, cases: &[&Case]) -> Self {
        let mut kept = BTreeMap::new();
        let touched: BTreeSet<String> = cases.iter().flat_map(|case| case.settings()).collect();
        let further = touched.into_iter().filter(|query| !ALWAYS.contains(&query.as_str()));
        for query in ALWAYS.into_iter().map(str::to_owned).chain(further) {
            let answer = wire.ask(query.as_bytes()).await;
            let [line] = answer.information.as_slice() else {
                wire.desk.note(format!("{query} tells no setting: it cannot be restored"));
                continue;
            };
            match setting::restoring(&query, line) {
                Some(restoring) => {
                    kept.insert(query, Kept { before: line.clone(), restoring, told: false });
                }
                None => wire
                    .desk
                    .note(format!("{query} answers {line}: no command says that, it cannot be restored")),
            }
        }
        Self { identity, echo: wire.echo(), kept, changed: BTreeSet::new() }
    }

    /// Puts back what a case changed, and proves it. What differs afterwards is returned.
    pub(super) async fn restore_changed(
        &mut self,
        wire: &mut Wire,
        touched: &BTreeSet<String>,
    ) -> Option<String> {
        if wire.desk.lost().is_some() {
            return None;
        }
        let mut residue = None;
        for query in touched {
            let Some(kept) = self.kept.get_mut(query) else { continue };
            self.changed.insert(query.clone());
            let now = wire.ask(query.as_bytes()).await;
            if kept.is(query, &now.information) && now.result.is_some() {
                continue;
            }
            let restored = wire.ask(&kept.restoring).await.result;
            if restored.is_none() && is_gone(wire).await {
                return residue;
            }
            let result = restored.unwrap_or_default();
            if result != b"OK" {
                // The module found it like this and does not take it back now: said once, tried again, and no case's fault.
                if !std::mem::replace(&mut kept.told, true) {
                    let before = &kept.before;
                    let result = escaped(&result);
                    wire.desk.note(format!("{query} was {before}: restoring it is answered {result}"));
                }
                continue;
            }
            let after = wire.ask(query.as_bytes()).await;
            if after.result.is_none() && is_gone(wire).await {
                return residue;
            }
            if !kept.is(query, &after.information) {
                let after = after.information.join(" ");
                residue.get_or_insert(format!("{query} was {}, is {after}", kept.before));
            }
        }
        residue
    }

    /// Has the module echo again, if it did and a case that was cut short has left it silent: without echo nobody hears a second talker.
    pub(super) async fn restore_echo(&self, wire: &mut Wire) {
        if self.echo == Some(true) && wire.echo() == Some(false) && wire.desk.lost().is_none() {
            wire.ask(b"ATE1").await;
        }
    }

    /// After a restart, or when the module was gone: everything, because nobody knows what it has kept. Another module that stands there now
    /// is lost: nothing is put on it, and nothing more asked of it, because a run speaks of one module. False: that is so.
    pub(super) async fn restore_everything(&mut self, wire: &mut Wire) -> bool {
        if let Some(reason) = identity::another(wire, &self.identity).await {
            wire.desk.lose(reason);
            return false;
        }
        files::clear(wire).await;
        let all: BTreeSet<String> = self.kept.keys().cloned().collect();
        if let Some(residue) = self.restore_changed(wire, &all).await {
            wire.desk.note(format!("not restored after the restart: {residue}"));
        }
        true
    }

    /// At the end: everything that any case changed, and the proof that it is as it was.
    pub(super) async fn restore_all(&mut self, wire: &mut Wire) {
        if self.changed.is_empty() {
            return;
        }
        let changed = self.changed.clone();
        self.restore_changed(wire, &changed).await;
        let mut all = true;
        for query in &changed {
            let Some(kept) = self.kept.get(query) else { continue };
            if wire.desk.lost().is_some() {
                return;
            }
            let after = wire.ask(query.as_bytes()).await.information;
            if !kept.is(query, &after) {
                all = false;
                let after = if after.is_empty() { "not told".to_owned() } else { after.join(" ") };
                wire.desk.note(format!("not restored: {query} was {}, is {after}", kept.before));
            }
        }
        if all {
            wire.desk.note("settings restored, as far as commands can say them");
        }
    }
}

/// After a question that nobody answered: whether the module is gone. If it is, nothing more is asked of it.
async fn is_gone(wire: &mut Wire) -> bool {
    let found = recovery::resync(wire).await;
    if let Err(reason) = &found {
        wire.desk.lose(reason.clone());
    }
    found.is_err()
}

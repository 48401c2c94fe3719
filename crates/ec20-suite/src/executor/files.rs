//! Files on the module: what was there before the run, and what the run put there and has not taken away.
//!
//! A run that was killed leaves its files behind, and a person may have some. A case that uses such a name says nothing of the module, and a
//! file that this run did not upload is not its to delete. It knows names; what a case wants with them, it does not.

use std::collections::{BTreeMap, BTreeSet};

use ec20_at::{Dialect, Form, command_line};

use super::wire::Wire;
use crate::effect;
use crate::suite::Case;

/// What lists the files in RAM, and those in the module's own memory.
const LISTS: [(&str, &str); 2] = [("AT+QFLST=\"RAM:*\"", "RAM:"), ("AT+QFLST=\"*\"", "")];

/// The files that matter to a run.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// On the module, and not from this run.
    foreign: BTreeSet<Vec<u8>>,
    /// From this run, and whether a line that deletes them has left.
    own: BTreeMap<Vec<u8>, bool>,
}

impl Files {
    /// A command line left, without its CR.
    pub(super) fn left(&mut self, line: &[u8]) {
        if let Some(upload) = effect::upload(line) {
            self.own.insert(upload.file, false);
        }
        if let Some(deleted) = deleted(line).and_then(|file| self.own.get_mut(&file)) {
            *deleted = true;
        }
    }

    /// Another case begins: what was deleted by then is gone.
    pub(super) fn settle(&mut self) {
        self.own.retain(|_, deleted| !*deleted);
    }

    /// What this run put there, and has not certainly taken away; it is forgotten.
    pub(super) fn take_own(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.own).into_keys().collect()
    }

    /// Why a line is not sent, if it is not: it names a foreign file, or is to clean up and only deletes what this run did not put there.
    pub(super) fn spares(&self, line: &[u8], cleaning: bool) -> Option<String> {
        let is_foreign = |file: &Vec<u8>| cleaning && !self.own.contains_key(file);
        if deleted(line).as_ref().is_some_and(is_foreign) {
            return Some("there is nothing of this run's to delete".to_owned());
        }
        self.named_in(line).map(|name| reason(&name))
    }

    /// The foreign file that a line names in quotes, if it does.
    pub(super) fn named_in(&self, line: &[u8]) -> Option<String> {
        let quoted = line.split(|byte| *byte == b'"').skip(1).step_by(2);
        let plain = quoted.map(|name| name.strip_prefix(b"UFS:").unwrap_or(name));
        // A list of the files in RAM may leave out where they are.
        let mut named = plain.filter_map(|name| {
            let in_ram = [b"RAM:", name].concat();
            let lists = line.starts_with(b"+QFLST:");
            let names = [Some(name.to_vec()), lists.then_some(in_ram)];
            names.into_iter().flatten().find(|name| self.foreign.contains(name))
        });
        named.next().map(|name| String::from_utf8_lossy(&name).into_owned())
    }
}

/// Why a case that would use a file of this name decides nothing.
pub(super) fn reason(name: &str) -> String {
    format!("set-up: {name} was there before the run")
}

/// Looks at which files are there, if a case uploads any. Those that an earlier session of this run uploaded are taken away.
pub(super) async fn look(wire: &mut Wire, cases: &[&Case], uploaded: &BTreeSet<Vec<u8>>) {
    if !cases.iter().any(|case| case.uploads()) {
        return;
    }
    let mut foreign = BTreeSet::new();
    for (list, place) in LISTS {
        for line in wire.ask(list.as_bytes()).await.information {
            let Some(name) = line.strip_prefix("+QFLST:").and_then(|rest| rest.split('"').nth(1)) else {
                continue;
            };
            let bare = name.strip_prefix("UFS:").or(name.strip_prefix(place)).unwrap_or(name);
            foreign.insert(format!("{place}{bare}").into_bytes());
        }
    }
    let (own, foreign): (BTreeSet<_>, BTreeSet<_>) =
        foreign.into_iter().partition(|file| uploaded.contains(file));
    for name in foreign.iter().map(|name| String::from_utf8_lossy(name)) {
        wire.desk.note(format!(
            "{name} was on the module before this run and is left there: a run that was killed left it (--resume goes on with that one), or \
             somebody put it there (AT+QFDEL=\"{name}\" deletes it); cases that use its name, or list it, decide nothing"
        ));
    }
    wire.traces.files = Files { foreign, own: own.into_iter().map(|file| (file, false)).collect() };
    clear(wire).await;
}

/// Takes away what a case that was lost left there.
pub(super) async fn clear(wire: &mut Wire) {
    for file in wire.traces.files.take_own() {
        let line = [b"AT+QFDEL=\"", file.as_slice(), b"\""].concat();
        if wire.desk.lost().is_none() {
            wire.ask(&line).await;
        }
    }
}

/// The file that a line deletes.
fn deleted(line: &[u8]) -> Option<Vec<u8>> {
    let command = command_line::read(line, Dialect::TOLERANT).ok()?.commands().last()?.ok()?;
    let deletes = command.is("+QFDEL") && command.form() == Form::Write;
    let file = command.parameters().next()?;
    deletes.then(|| file.bytes().to_vec())
}

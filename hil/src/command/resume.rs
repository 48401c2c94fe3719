//! A run that goes on: which cases are missing, and how what is told now fits behind what was told then.
//!
//! It knows the run's folder as it was left. It does not know why it was left so.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ec20_suite::effect;
use ec20_suite::journal::{Event, Identity};
use ec20_suite::recorded::{Class, Recorded};
use ec20_suite::suite::Case;
use ec20_suite::verdict::{Exit, Verdict};

use super::complaint::Complaint;
use super::record;

/// The run that goes on.
pub(super) struct Earlier {
    /// Its folder.
    pub(super) folder: PathBuf,
    /// Every event of it.
    pub(super) events: Vec<Event>,
    recorded: Recorded,
    /// How often each case was tried by then.
    attempts: BTreeMap<String, u32>,
    identity: Option<Identity>,
    /// Whether stand-ins of then and now can be compared.
    same_key: bool,
}

impl Earlier {
    /// Reads what there is of the run in `folder`.
    ///
    /// # Errors
    /// No run is there, or one that today's suite cannot go on with.
    pub(super) fn read(folder: &Path, same_key: bool) -> Result<Self, Complaint> {
        let journal = folder.join("run.ndjson");
        let bytes = fs::read(&journal).map_err(|error| Complaint::file(&journal, &error))?;
        let wrong = |error| record::wrong(&journal, &error);
        let (events, _) = Recorded::events(&bytes).map_err(wrong)?;
        let recorded = Recorded::of(&events).map_err(wrong)?;
        if recorded.run.suite_hash != ec20_golden::suite_hash() {
            let problem =
                "the run was begun with another suite; `--failed-from` takes its failures into a new run";
            return Err(Complaint::argument("--resume", problem));
        }
        let attempts = recorded.cases.iter().map(|case| {
            let last = case.attempts.iter().map(|attempt| attempt.number).max();
            (case.planned.case.clone(), last.unwrap_or(0))
        });
        Ok(Self {
            folder: folder.to_path_buf(),
            attempts: attempts.collect(),
            identity: recorded.identity.clone(),
            same_key,
            events,
            recorded,
        })
    }

    /// The run as far as it got.
    pub(super) const fn recorded(&self) -> &Recorded {
        &self.recorded
    }

    /// The cases of the run that are missing, from among all there are.
    ///
    /// # Errors
    /// A missing case that today's transcripts do not have.
    pub(super) fn missing(&self, all: &[Case]) -> Result<Vec<Case>, Complaint> {
        let find = |id: &str| {
            all.iter().find(|case| case.id == id).cloned().ok_or_else(|| {
                let problem = format!(
                    "{id} is missing and no transcript has it; name the files that the run was begun with"
                );
                Complaint::argument("--resume", problem)
            })
        };
        self.recorded.missing().map(find).collect()
    }

    /// The cases that the run was killed in the midst of.
    pub(super) fn unfinished(&self) -> impl Iterator<Item = &str> {
        let open = self
            .recorded
            .cases
            .iter()
            .filter(|case| case.attempts.iter().any(|attempt| attempt.end.is_none()));
        open.map(|case| case.planned.case.as_str())
    }

    /// The files that the run put on the module.
    pub(super) fn uploads(&self) -> Vec<Vec<u8>> {
        let exchanges = self
            .recorded
            .cases
            .iter()
            .flat_map(|case| &case.attempts)
            .flat_map(|attempt| &attempt.scene.exchanges);
        let taken =
            exchanges.filter(|exchange| exchange.lines.iter().any(|line| line.class == Class::Connect));
        taken.filter_map(|exchange| Some(effect::upload(&exchange.sent)?.file)).collect()
    }

    /// How an event of now reads behind the events of then: none for what stands there already.
    ///
    /// # Errors
    /// Another module answers than then.
    pub(super) fn adapt(&self, event: Event) -> io::Result<Option<Event>> {
        let before = |case: &str| self.attempts.get(case).copied().unwrap_or(0);
        match event {
            Event::Run(run) => Ok(Some(Event::Resumed { t_us: self.recorded.last_us, started: run.started })),
            Event::Ground(_) | Event::Planned(_) => Ok(None),
            Event::Identity(identity) => {
                if self.identity.as_ref().is_some_and(|then| !self.is_same(then, &identity)) {
                    return Err(io::Error::other("another module answers than when the run was begun"));
                }
                Ok(Some(Event::Identity(identity)))
            }
            Event::CaseStart { t_us, case, attempt } => {
                let attempt = attempt + before(&case);
                Ok(Some(Event::CaseStart { t_us, case, attempt }))
            }
            Event::CaseEnd(mut end) => {
                if end.attempt > 0 {
                    end.attempt += before(&end.case);
                }
                Ok(Some(Event::CaseEnd(end)))
            }
            other => Ok(Some(other)),
        }
    }

    fn is_same(&self, then: &Identity, now: &Identity) -> bool {
        let serial = !self.same_key || then.cgsn == now.cgsn;
        serial && then.ati == now.ati && then.qgmr == now.qgmr
    }
}

/// The last line of a run that went on speaks of all of it: of the events that were `told`.
pub(super) fn ending(event: Event, told: &[Event]) -> Event {
    match event {
        Event::End { t_us, interrupted, .. } => {
            let exit = Recorded::of(told).map_or(Exit::Bench, |run| run.exit(interrupted.is_some())).code();
            Event::End { t_us, interrupted, exit }
        }
        other => other,
    }
}

/// The cases of the run at `path` that failed, could not be decided or were not asked.
///
/// # Errors
/// No run is there.
pub(super) fn failed_in(path: &Path) -> Result<Vec<String>, Complaint> {
    let run = record::read(path)?;
    let failed = run.cases.iter().filter(|case| {
        matches!(case.settled(), None | Some((Verdict::Fail | Verdict::Broken | Verdict::Inconclusive, _)))
    });
    Ok(failed.map(|case| case.planned.case.clone()).collect())
}

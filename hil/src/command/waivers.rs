//! The waivers' file of a command: read and checked before anything else is done, applied at the end.

use std::path::{Path, PathBuf};

use clap::Args;
use ec20_suite::recorded::Recorded;
use ec20_suite::suite::Suite;
use ec20_suite::waiver::{Applied, Waivers};

use super::complaint::Complaint;
use super::{intake, selection};

/// The option.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Known failures that are excused, for a firmware range and until a day
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
}

/// A waivers' file that was read, with its name.
pub(super) struct Given {
    path: PathBuf,
    waivers: Waivers,
}

impl Arguments {
    /// Reads the file, if one was named, and holds its case ids against the suite's.
    ///
    /// # Errors
    /// Every mistake in it, with line and column.
    pub(super) fn read(&self, suite: &Suite) -> Result<Option<Given>, Vec<Complaint>> {
        self.waivers.as_deref().map(|path| read(path, suite)).transpose()
    }

    /// The same, with today's suite; it is assembled only if there is a file to hold against it.
    ///
    /// # Errors
    /// Every mistake in the file.
    pub(super) fn of_todays_suite(&self) -> Result<Option<Given>, Vec<Complaint>> {
        let Some(path) = &self.waivers else { return Ok(None) };
        let (suite, _) = selection::suite(&[], &[])?;
        read(path, &suite).map(Some)
    }

    /// The same; without an option, the waivers that were applied to the run in this folder.
    ///
    /// # Errors
    /// Every mistake in them.
    pub(super) fn or_those_of(&self, run: &Path, suite: &Suite) -> Result<Option<Given>, Vec<Complaint>> {
        let beside = run.join(super::folder::WAIVERS);
        let path = self.waivers.clone().or_else(|| beside.is_file().then_some(beside));
        path.as_deref().map(|path| read(path, suite)).transpose()
    }
}

fn read(path: &Path, suite: &Suite) -> Result<Given, Vec<Complaint>> {
    let text = intake::written(path).map_err(|complaint| vec![complaint])?;
    let drawn = |mistakes: Vec<ec20_suite::mistake::Mistake>| {
        mistakes.iter().map(|mistake| Complaint::mistake(mistake, &text)).collect::<Vec<_>>()
    };
    let waivers = Waivers::read(&path.display().to_string(), &text).map_err(drawn)?;
    let unknown = waivers.unknown_cases(suite.cases().iter().map(|case| case.id.as_str()));
    if unknown.is_empty() { Ok(Given { path: path.to_path_buf(), waivers }) } else { Err(drawn(unknown)) }
}

impl Given {
    /// What the waivers come to over a run, today.
    pub(super) fn apply(&self, run: &Recorded) -> Applied {
        self.waivers.apply(run, jiff::Zoned::now().date())
    }

    /// The file's name.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The file's text.
    pub(super) fn text(&self) -> &str {
        self.waivers.text()
    }
}

//! A run's folder: `run.ndjson`, written event by event, and the reports that are made from it at the end.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ec20_suite::journal::Event;
use ec20_suite::recorded::Recorded;
use ec20_suite::report::{html, junit, results, summary};

/// Where runs go that were not told where to.
const RUNS: &str = "ec20-runs";

/// The waivers that were applied to a run, beside its journal.
pub(super) const WAIVERS: &str = "waivers.toml";

/// An open run folder.
pub(super) struct Folder {
    path: PathBuf,
    journal: File,
}

impl Folder {
    /// Creates the folder: `wanted`, or a new one of its own under `ec20-runs/`.
    ///
    /// # Errors
    /// The path that cannot be written, and why.
    pub(super) fn create(wanted: Option<&Path>) -> Result<Self, (PathBuf, io::Error)> {
        let path = match wanted {
            Some(path) => path.to_path_buf(),
            None => unused(),
        };
        let at = |error| (path.clone(), error);
        if path.join("run.ndjson").exists() {
            return Err(at(io::Error::new(
                io::ErrorKind::AlreadyExists,
                "a run is in this folder already, and is not overwritten: name another folder, or take this one away",
            )));
        }
        fs::create_dir_all(&path).map_err(at)?;
        let journal = File::create(path.join("run.ndjson")).map_err(at)?;
        Ok(Self { path, journal })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Adds an event; it is on its way to the disk when this returns, so that a crash loses nothing that happened before it.
    ///
    /// # Errors
    /// The system's own.
    pub(super) fn record(&mut self, event: &Event) -> io::Result<()> {
        let mut line = event.to_line();
        line.push('\n');
        self.journal.write_all(line.as_bytes())
    }

    /// Writes the reports beside the journal.
    ///
    /// # Errors
    /// The system's own.
    pub(super) fn report(&self, run: &Recorded) -> io::Result<()> {
        write(&self.path, run)
    }
}

/// Writes all reports of a run into a folder.
///
/// # Errors
/// The system's own.
pub(super) fn write(folder: &Path, run: &Recorded) -> io::Result<()> {
    let reports = [
        ("junit.xml", junit::xml(run).map_err(io::Error::other)?),
        ("results.json", results::json(run).map_err(io::Error::other)?),
        ("summary.md", summary::markdown(run)),
        ("report.html", html::page(run).map_err(io::Error::other)?),
    ];
    reports.into_iter().try_for_each(|(name, text)| fs::write(folder.join(name), text))
}

impl Folder {
    /// Keeps the waivers' file beside the reports that it was applied to.
    ///
    /// # Errors
    /// The system's own.
    pub(super) fn keep_waivers(&self, text: &str) -> io::Result<()> {
        fs::write(self.path.join(WAIVERS), text)
    }
}

/// A folder name that nothing has yet: the time, and a number where runs begin within the same second.
pub(super) fn unused() -> PathBuf {
    let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let first = Path::new(RUNS).join(&now);
    let more = (2..).map(|number: u32| Path::new(RUNS).join(format!("{now}-{number}")));
    std::iter::once(first.clone()).chain(more).find(|path| !path.exists()).unwrap_or(first)
}

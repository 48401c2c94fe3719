//! A run's folder: `run.ndjson`, written event by event, and the reports that are made from it at the end.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ec20_suite::journal::Event;
use ec20_suite::recorded::Recorded;
use ec20_suite::report;

/// Where runs go that were not told where to.
const RUNS: &str = "ec20-runs";

/// The waivers that were applied to a run, beside its journal.
pub(super) const WAIVERS: &str = "waivers.toml";

/// An open run folder.
pub(super) struct Folder {
    path: PathBuf,
    journal: File,
    /// How much of the journal is whole events; nothing: it could not be written once, and is left as it is.
    whole: Option<u64>,
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
        fs::create_dir_all(&path)
            .map_err(|error| at(io::Error::new(error.kind(), format!("cannot make this folder: {error}"))))?;
        // Locked before it is emptied: a run that is still going on keeps what it has.
        let file = path.join("run.ndjson");
        let journal = File::options().write(true).create(true).truncate(false).open(&file).map_err(at)?;
        lock(&journal).and_then(|()| journal.set_len(0)).map_err(at)?;
        Ok(Self { path, journal, whole: Some(0) })
    }

    /// Opens the folder of a run that goes on: what broke off in mid-line is cut away.
    ///
    /// # Errors
    /// The path that cannot be written, and why: another process may be at it.
    pub(super) fn resume(path: &Path) -> Result<Self, (PathBuf, io::Error)> {
        let file = path.join("run.ndjson");
        let at = |error| (file.clone(), error);
        let bytes = fs::read(&file).map_err(at)?;
        let mut journal = File::options().append(true).open(&file).map_err(at)?;
        lock(&journal).map_err(at)?;
        if !bytes.ends_with(b"\n") {
            let start = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            // A whole event without its line end is one all the same.
            let last = bytes.get(start..).map(String::from_utf8_lossy).unwrap_or_default();
            if Event::from_line(&last).is_ok() {
                journal.write_all(b"\n").map_err(at)?;
            } else {
                journal.set_len(start as u64).map_err(at)?;
            }
        }
        let whole = journal.metadata().map_err(at)?.len();
        Ok(Self { path: path.to_path_buf(), journal, whole: Some(whole) })
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
        // Once it failed nothing more is tried: half an event in the middle would make the journal unreadable.
        let Some(whole) = self.whole else { return Ok(()) };
        self.whole = Some(whole + line.len() as u64);
        self.journal.write_all(line.as_bytes()).map_err(|error| {
            self.whole = None;
            let _ = self.journal.set_len(whole);
            io::Error::new(error.kind(), format!("the run's folder cannot be written: {error}"))
        })
    }

    /// Writes the reports beside the journal.
    ///
    /// # Errors
    /// The system's own.
    pub(super) fn report(&self, run: &Recorded) -> io::Result<()> {
        write(&self.path, run)
    }
}

/// The newest runs below the folder where runs go by default, the newest first.
pub(super) fn newest(most: usize) -> Vec<PathBuf> {
    let entries = fs::read_dir(RUNS).into_iter().flatten().flatten();
    let mut runs: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.join("run.ndjson").exists()).collect();
    // Their names begin with the time at which they were begun.
    runs.sort();
    runs.into_iter().rev().take(most).collect()
}

/// Held until the end of the process, whatever ends it.
fn lock(journal: &File) -> io::Result<()> {
    journal.try_lock().map_err(|error| match error {
        fs::TryLockError::WouldBlock => {
            io::Error::new(io::ErrorKind::ResourceBusy, "another run is writing here")
        }
        fs::TryLockError::Error(error) => error,
    })
}

/// Writes all reports of a run into a folder.
///
/// # Errors
/// The system's own.
pub(super) fn write(folder: &Path, run: &Recorded) -> io::Result<()> {
    let reports = report::files(run).map_err(io::Error::other)?;
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

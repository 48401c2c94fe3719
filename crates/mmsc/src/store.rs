//! Messages on disk: for each one its raw octets (`000001.mms`) and its record (`000001.json`).
//!
//! A file appears under its name only when it is whole: it is written under another name and then renamed. A
//! message is answered only after both files are there, so whatever a client was told is kept survives the end of
//! the process at any point. (A power cut is another matter: nothing is forced to the disk.)

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::captured::Captured;
use crate::record::Record;

/// How many octets a store takes before it refuses, unless told otherwise: 1 GiB.
pub const STORE_OCTETS: u64 = 1024 * 1024 * 1024;

/// A folder of messages, held by one process at a time.
///
/// ```
/// let folder = tempfile::tempdir().unwrap();
/// let store = mmsc::Store::open(folder.path()).unwrap();
/// assert_eq!(store.next_serial(), 1);
/// // A second one would mix its numbers with ours:
/// assert!(mmsc::Store::open(folder.path()).is_err());
/// ```
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    next: u64,
    octets_max: u64,
    octets: AtomicU64,
    /// Held until the end of the process, whatever ends it.
    _lock: File,
}

impl Store {
    /// Opens a folder, making it if needed. What an earlier process left half done is finished: pieces of files
    /// are removed, and a raw message without a record gets one.
    ///
    /// # Errors
    /// The folder cannot be made, read or written, or another process holds it.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        let lock = File::create(folder.join(".lock"))?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => {
                io::Error::new(io::ErrorKind::ResourceBusy, "another MMSC keeps its messages here")
            }
            fs::TryLockError::Error(error) => error,
        })?;
        let (next, octets) = recover(&folder)?;
        Ok(Self { folder, next, octets_max: STORE_OCTETS, octets: AtomicU64::new(octets), _lock: lock })
    }

    /// Sets how many octets the folder may hold before messages are refused.
    #[must_use]
    pub fn octets_max(mut self, octets: u64) -> Self {
        self.octets_max = octets;
        self
    }

    /// The number of the next message: one more than the highest in the folder.
    pub fn next_serial(&self) -> u64 {
        self.next
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keeps a message, raw and decoded.
    ///
    /// # Errors
    /// The folder is full or cannot be written.
    pub fn keep(&self, captured: &Captured) -> io::Result<()> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok();
        let received = now.and_then(|now| u64::try_from(now.as_millis()).ok());
        let record = json(&Record::of(captured, received))?;
        let octets = (captured.body.len() + record.len()) as u64;
        if self.octets.fetch_add(octets, Ordering::Relaxed).saturating_add(octets) > self.octets_max {
            self.octets.fetch_sub(octets, Ordering::Relaxed);
            let why = format!("the store holds {} octets and may hold no more", self.octets_max);
            return Err(io::Error::new(io::ErrorKind::StorageFull, why));
        }
        write_whole(&self.folder, &format!("{:06}.mms", captured.serial), &captured.body)?;
        write_whole(&self.folder, &format!("{:06}.json", captured.serial), &record)
    }
}

fn json(record: &Record) -> io::Result<Vec<u8>> {
    let mut json = serde_json::to_vec_pretty(record)?;
    json.push(b'\n');
    Ok(json)
}

/// Writes a file so that it is there whole or not at all.
fn write_whole(folder: &Path, name: &str, octets: &[u8]) -> io::Result<()> {
    let piece = folder.join(format!("{name}.part"));
    let mut file = File::create(&piece)?;
    file.write_all(octets)?;
    drop(file);
    fs::rename(&piece, folder.join(name))
}

/// Finishes what an earlier process left, and counts: the next number, the octets held.
fn recover(folder: &Path) -> io::Result<(u64, u64)> {
    let mut last = 0;
    let mut octets = 0;
    // All names first: what is finished below must not turn up among them half way.
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    for entry in entries {
        let path = entry.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let Some((stem, extension)) = name.split_once('.') else { continue };
        let Some(serial) = stem.parse::<u64>().ok().filter(|_| stem.len() >= 6) else { continue };
        match extension {
            // A record that is made below takes the name of the piece it replaces, which then is there no more.
            "mms.part" | "json.part" => match fs::remove_file(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                removed => removed?,
            },
            "mms" | "json" => {
                last = last.max(serial);
                octets += entry.metadata()?.len();
            }
            _ => {}
        }
        if extension == "mms" && !folder.join(format!("{stem}.json")).exists() {
            let record = json(&Record::of_octets(serial, &fs::read(&path)?))?;
            write_whole(folder, &format!("{stem}.json"), &record)?;
        }
    }
    Ok((last + 1, octets))
}

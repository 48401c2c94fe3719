//! What a run hides, and with which key: the options, and the veil between a run and everything that is written of it.
//!
//! It knows where keys come from and where they are kept meanwhile. What is a secret, `ec20_suite::redact` knows.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clap::Args;
use ec20_suite::journal::Event;
use ec20_suite::redact::{Key, Redactor};
use ec20_suite::suite::{Case, Variables};

use super::complaint::Complaint;

/// Where the key of a run that has not ended is kept, so that it can go on with the same stand-ins.
const KEY: &str = "redaction.key";

/// The options.
#[derive(Debug, Clone, Args)]
pub(super) struct Arguments {
    /// Hide this text wherever it occurs in a run's folder and on the terminal, beside what is found by itself: IMEI, IMSI, ICCID, numbers,
    /// recipients, PINs, APN user and password
    #[arg(long, value_name = "TEXT")]
    pub(super) secret: Vec<String>,

    /// Write and show everything as it is: the folder then tells which module, card and account were used
    #[arg(long, conflicts_with = "secret")]
    no_redact: bool,

    /// Put the module's true IMEI on the page that is signed and into the lines for a bench file; everything else stays hidden
    #[arg(long)]
    pub(super) show_identity: bool,
}

impl Arguments {
    /// Whether what is written is redacted.
    pub(super) const fn redacts(&self) -> bool {
        !self.no_redact
    }

    /// The veil for a run of `cases`. Values that stand in the built-in transcripts are nobody's.
    ///
    /// # Errors
    /// A secret that cannot be hidden.
    pub(super) fn veil(&self, cases: &[Case], key: Option<Key>) -> Result<Veil, Vec<Complaint>> {
        if self.no_redact {
            return Ok(Veil { redactor: Arc::new(Mutex::new(Redactor::off())), key: None });
        }
        // A key that was given is kept by whoever gave it.
        let kept = key.is_none().then(drawn);
        let Some(key) = key.or_else(|| kept.clone()) else { return Err(Vec::new()) };
        let mut redactor = Redactor::new(key);
        let defaults = Variables::read("variables.toml", ec20_golden::VARIABLES).unwrap_or_default();
        redactor.spare(cases, &defaults, &|file| {
            ec20_golden::transcripts().iter().any(|(name, _)| *name == file)
        });
        let wrong: Vec<Complaint> = self
            .secret
            .iter()
            .filter_map(|secret| redactor.declare(secret).err())
            .map(|problem| Complaint::argument("--secret", problem))
            .collect();
        if let Some(case) = cases.first() {
            redactor.variables(case.variables.written());
        }
        if wrong.is_empty() {
            Ok(Veil { redactor: Arc::new(Mutex::new(redactor)), key: kept })
        } else {
            Err(wrong)
        }
    }
}

/// Between a run and everything that is written of it.
pub(super) struct Veil {
    redactor: Arc<Mutex<Redactor>>,
    /// The key that was drawn for this run.
    key: Option<Key>,
}

impl Veil {
    /// An event as it may be written: none while it waits for the rest of a line, several when that has come.
    pub(super) fn event(&self, event: &Event) -> Vec<Event> {
        self.lock().event(event.clone())
    }

    /// For whoever writes something that is no event.
    pub(super) fn redactor(&self) -> Arc<Mutex<Redactor>> {
        Arc::clone(&self.redactor)
    }

    /// Words that go into the folder by another way.
    pub(super) fn words(&self, words: &str) -> String {
        self.lock().words(words)
    }

    /// Keeps a key that was drawn for this run in its folder, for this user only, until the run has ended.
    ///
    /// # Errors
    /// The system's own.
    pub(super) fn keep_key(&self, folder: &Path) -> io::Result<()> {
        let Some(key) = &self.key else { return Ok(()) };
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path(folder))?.write_all(key.bytes())
    }

    fn lock(&self) -> MutexGuard<'_, Redactor> {
        self.redactor.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key that a run left which did not end.
pub(super) fn kept_key(folder: &Path) -> Option<Key> {
    fs::read(path(folder)).ok()?.try_into().ok().map(Key::from_bytes)
}

/// Forgets the key: nobody will go on with this run.
pub(super) fn forget_key(folder: &Path) {
    let _ = fs::remove_file(path(folder));
}

fn path(folder: &Path) -> PathBuf {
    folder.join(KEY)
}

/// A key for one run, from the system's own source of chance.
fn drawn() -> Key {
    use std::hash::BuildHasher as _;
    let mut bytes = [0; 32];
    let source = fs::File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes));
    if source.is_err() {
        for (at, piece) in bytes.chunks_mut(8).enumerate() {
            // The standard library seeds its hash maps from the same source.
            let drawn = std::collections::hash_map::RandomState::new().hash_one(at);
            piece.copy_from_slice(&drawn.to_le_bytes());
        }
    }
    Key::from_bytes(bytes)
}

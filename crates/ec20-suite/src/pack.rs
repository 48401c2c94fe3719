//! The claim package: one archive that holds a run, its reports, its waivers and the transcripts it asked, with a checksum on each, so that
//! anybody can check the claim without hardware and without this repository's state of that day.
//!
//! It knows `manifest.json` and a gzipped tar. The archive is the same byte for byte whenever the same files are packed. A checksum guards
//! against accidents, not against a forger who writes a new manifest: who hands a package on quotes the SHA-256 of the archive.
//!
//! | path | what |
//! |---|---|
//! | `manifest.json` | [`Manifest`]: what was claimed, and every other file with its length and SHA-256 |
//! | `run/…` | the run's folder as it was: `run.ndjson` and the reports |
//! | `suite/transcripts/…`, `suite/files/…`, `suite/variables.toml` | what was asked |
//! | `waivers.toml` | the waivers, if there were any |

mod archive;
mod verify;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use archive::{Limit, PackError};
pub use verify::Verified;

use crate::recorded::Recorded;
use crate::verdict::Verdict;

/// The manifest's format; a reader refuses a newer one.
pub const FORMAT: u32 = 1;

/// Where the manifest stands in the archive.
pub const MANIFEST: &str = "manifest.json";
/// Where the journal stands.
pub const JOURNAL: &str = "run/run.ndjson";
/// Where the waivers stand.
pub const WAIVERS: &str = "waivers.toml";

/// What a package claims, and what it is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// The version that packed it.
    pub version: String,
    /// The hash of the suite that the run asked.
    pub suite_hash: String,
    /// Whether the transcripts in the package are that very suite.
    pub suite_is_the_runs: bool,
    /// The firmware, as the module said.
    pub firmware: Option<String>,
    /// Every case's verdict; null where it never ended.
    pub verdicts: BTreeMap<String, Option<Verdict>>,
    /// The run's exit code; null where it was killed.
    pub exit: Option<u8>,
    /// The files.
    pub files: Vec<Listed>,
}

/// A file in the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its path in the archive.
    pub path: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// What goes into a package.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// The run's folder: path within it and bytes; `run.ndjson` among them.
    pub run: BTreeMap<String, Vec<u8>>,
    /// The transcripts: path and text.
    pub transcripts: BTreeMap<String, String>,
    /// The files that transcripts upload.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The variables of the suite.
    pub variables: String,
    /// The hash of these transcripts, files and variables.
    pub suite_hash: String,
    /// The waivers' file.
    pub waivers: Option<String>,
}

/// A package that was opened: complete and unaltered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    manifest: Manifest,
    files: BTreeMap<String, Vec<u8>>,
}

/// Makes the archive.
///
/// # Errors
/// [`PackError`]: the run cannot be read, or a path cannot stand in an archive.
pub fn pack(contents: Contents) -> Result<Vec<u8>, PackError> {
    let journal = contents.run.get("run.ndjson").ok_or(PackError::NoRun)?;
    let run = Recorded::read(journal)?;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    files.extend(contents.run.into_iter().map(|(path, bytes)| (format!("run/{path}"), bytes)));
    let transcripts = contents.transcripts.into_iter();
    files.extend(transcripts.map(|(path, text)| (format!("suite/transcripts/{path}"), text.into_bytes())));
    files.extend(contents.files.into_iter().map(|(path, bytes)| (format!("suite/files/{path}"), bytes)));
    files.insert("suite/variables.toml".to_owned(), contents.variables.into_bytes());
    files.extend(contents.waivers.map(|text| (WAIVERS.to_owned(), text.into_bytes())));
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        suite_is_the_runs: contents.suite_hash == run.run.suite_hash,
        suite_hash: run.run.suite_hash.clone(),
        firmware: run.firmware().map(str::to_owned),
        verdicts: verdicts(&run),
        exit: run.end.as_ref().and_then(|end| end.exit).map(crate::verdict::Exit::code),
        files: files.iter().map(|(path, bytes)| Listed::of(path, bytes)).collect(),
    };
    let text =
        serde_json::to_string_pretty(&manifest).map_err(|error| PackError::Manifest(error.to_string()))?;
    archive::write(&text, &files)
}

/// Opens an archive and holds every file against the manifest.
///
/// # Errors
/// [`PackError`]: no archive, too large, no manifest, a file missing, altered or not listed.
pub fn open(archive: &[u8]) -> Result<Package, PackError> {
    let mut files = archive::read(archive, Limit::default())?;
    let text = files.remove(MANIFEST).ok_or(PackError::NoManifest)?;
    let manifest = manifest(&text)?;
    let listed: BTreeSet<&str> = manifest.files.iter().map(|listed| listed.path.as_str()).collect();
    if let Some(stranger) = files.keys().find(|path| !listed.contains(path.as_str())) {
        return Err(PackError::Unlisted(stranger.clone()));
    }
    for listed in &manifest.files {
        let bytes = files.get(&listed.path).ok_or_else(|| PackError::Missing(listed.path.clone()))?;
        if Listed::of(&listed.path, bytes) != *listed {
            return Err(PackError::Altered(listed.path.clone()));
        }
    }
    Ok(Package { manifest, files })
}

fn manifest(text: &[u8]) -> Result<Manifest, PackError> {
    // The format first: a newer manifest may have other fields.
    let wrong = |error: serde_json::Error| PackError::Manifest(error.to_string());
    let value: serde_json::Value = serde_json::from_slice(text).map_err(wrong)?;
    match value.get("format").and_then(serde_json::Value::as_u64) {
        Some(format) if format > u64::from(FORMAT) => Err(PackError::Newer(format)),
        _ => serde_json::from_value(value).map_err(wrong),
    }
}

fn verdicts(run: &Recorded) -> BTreeMap<String, Option<Verdict>> {
    let cases = run.cases.iter();
    cases.map(|case| (case.planned.case.clone(), case.settled().map(|(verdict, _)| verdict))).collect()
}

/// The SHA-256 of bytes, in hexadecimal digits.
///
/// ```
/// assert!(ec20_suite::pack::sha256(b"").starts_with("e3b0c44298fc1c14"));
/// ```
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

impl Listed {
    fn of(path: &str, bytes: &[u8]) -> Self {
        Self { path: path.to_owned(), bytes: bytes.len() as u64, sha256: sha256(bytes) }
    }
}

impl Package {
    /// What it claims.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// A file of it.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// The files under a folder, with their paths within it.
    fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.files
            .iter()
            .filter_map(move |(path, bytes)| Some((path.strip_prefix(folder)?, bytes.as_slice())))
    }
}

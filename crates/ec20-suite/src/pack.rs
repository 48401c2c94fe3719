//! The claim package: one archive that holds a run's journal, the reports that are made of it, its waivers and the transcripts it asked, so
//! that anybody can check the claim without hardware.
//!
//! It knows `manifest.json` and a gzipped tar. The archive is the same byte for byte whenever the same files are packed.
//!
//! Whoever changes a package can write a new manifest with new checksums, so [`Package::verify`] believes none of it: it makes each report
//! anew from the journal, compares the transcripts with the hash of the suite in the journal, judges the run again, and objects to
//! every file that this does not explain. A journal that somebody made up as a whole it cannot tell from one that a run wrote: for that
//! there are signatures ([`signature`]), and they say who answers for it, not that it is true.
//!
//! | path | what |
//! |---|---|
//! | `manifest.json` | [`Manifest`]: what was claimed, and every other file with its length and SHA-256 |
//! | `run/run.ndjson` | the journal |
//! | `run/report.html`, `run/results.json`, `run/junit.xml`, `run/summary.md` | the reports, made from it |
//! | `suite/transcripts/…`, `suite/files/…`, `suite/variables.toml` | what was asked |
//! | `waivers.toml` | the waivers, if there were any |

mod archive;
pub mod signature;
mod verify;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::BufRead;

use ec20_manual::bound::{EXPECTED, clipped};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use archive::{Limit, PackError};
pub use verify::{Shown, Verified};

use crate::recorded::{ReadError, Recorded};
use crate::report;
use crate::verdict::Verdict;
use crate::waiver::Waivers;

/// The manifest's format; a reader refuses a newer one.
pub const FORMAT: u32 = 1;

/// Where the manifest stands in the archive.
pub const MANIFEST: &str = "manifest.json";
/// Where the journal stands.
pub const JOURNAL: &str = "run/run.ndjson";
/// Where the waivers stand.
pub const WAIVERS: &str = "waivers.toml";
/// Where the transcripts stand.
const TRANSCRIPTS: &str = "suite/transcripts/";
/// Where the files stand that transcripts upload.
const FILES: &str = "suite/files/";
/// Where the variables stand.
const VARIABLES: &str = "suite/variables.toml";

/// What a package claims, and what it is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// The version that packed it.
    pub version: String,
    /// The day for which its reports apply the waivers; packages of earlier versions do not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
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
#[serde(deny_unknown_fields)]
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
    /// The bytes of the run's `run.ndjson`.
    pub journal: Vec<u8>,
    /// The transcripts: path and text.
    pub transcripts: BTreeMap<String, String>,
    /// The files that transcripts upload.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The variables of the suite.
    pub variables: String,
    /// The waivers' file, which the reports apply.
    pub waivers: Option<String>,
    /// The day for which they apply it.
    pub day: Date,
}

/// A package that was opened: it holds what its manifest lists, and nothing else. Whether that is true, [`Package::verify`] says.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    manifest: Manifest,
    /// What is small enough to be kept: the suite and the waivers.
    files: BTreeMap<String, Vec<u8>>,
    /// The journal, read.
    run: Result<Recorded, ReadError>,
    /// Whether another program than `ec20 pack` wrote the archive.
    foreign: bool,
}

/// Makes the archive. The reports are made here: what lies in the run's folder beside the journal is not believed.
///
/// # Errors
/// [`PackError`]: the run or its waivers cannot be read, or a path cannot stand in an archive.
pub fn pack(contents: Contents) -> Result<Vec<u8>, PackError> {
    if contents.journal.is_empty() {
        return Err(PackError::NoRun);
    }
    let mut run = Recorded::read(&contents.journal)?;
    let hash = suite_hash(
        contents.transcripts.iter().map(|(path, text)| (path.as_str(), text.as_bytes())),
        contents.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())),
        contents.variables.as_bytes(),
    );
    run.waived = applied(&run, contents.waivers.as_deref(), contents.day).map_err(PackError::Waivers)?;
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let reports = report::files(&run).map_err(PackError::Report)?;
    files.extend(reports.into_iter().map(|(name, text)| (format!("run/{name}"), text.into_bytes())));
    files.insert(JOURNAL.to_owned(), contents.journal);
    let transcripts = contents.transcripts.into_iter();
    files.extend(transcripts.map(|(path, text)| (format!("{TRANSCRIPTS}{path}"), text.into_bytes())));
    files.extend(contents.files.into_iter().map(|(path, bytes)| (format!("{FILES}{path}"), bytes)));
    files.insert(VARIABLES.to_owned(), contents.variables.into_bytes());
    files.extend(contents.waivers.map(|text| (WAIVERS.to_owned(), text.into_bytes())));
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        day: Some(contents.day),
        suite_is_the_runs: hash == run.run.suite_hash,
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

/// What the waivers come to over a run; nothing where there are none.
fn applied(
    run: &Recorded,
    waivers: Option<&str>,
    day: Date,
) -> Result<Option<crate::waiver::Applied>, String> {
    let Some(text) = waivers else { return Ok(None) };
    let first = |mistakes: Vec<crate::mistake::Mistake>| {
        mistakes.first().map(ToString::to_string).unwrap_or_default()
    };
    Waivers::read(WAIVERS, text).map(|waivers| Some(waivers.apply(run, day))).map_err(first)
}

/// Opens an archive and holds every file against the manifest.
///
/// # Errors
/// [`PackError`]: no archive, too large, no manifest, a file missing, altered or not listed.
pub fn open(archive: &[u8]) -> Result<Package, PackError> {
    read(archive)
}

/// Opens an archive that is read piece by piece: of a long journal no more is in memory than what a reader of runs wants.
///
/// # Errors
/// As [`open`].
pub fn read(archive: impl BufRead) -> Result<Package, PackError> {
    let mut read = archive::read(archive, Limit::default())?;
    let text = read.files.remove(MANIFEST).ok_or(PackError::NoManifest)?;
    let manifest = manifest(&text)?;
    let listed: BTreeSet<&str> = manifest.files.iter().map(|listed| listed.path.as_str()).collect();
    let strange = |path: &&String| path.as_str() != MANIFEST && !listed.contains(path.as_str());
    if let Some(stranger) = read.listed.keys().find(strange) {
        return Err(PackError::Unlisted(stranger.clone()));
    }
    if listed.len() < manifest.files.len() {
        return Err(PackError::Path("a manifest that lists a file twice".to_owned()));
    }
    for one in &manifest.files {
        let there = read.listed.get(&one.path).ok_or_else(|| PackError::Missing(one.path.clone()))?;
        if there != one {
            return Err(PackError::Altered(one.path.clone()));
        }
    }
    let run = read.run.unwrap_or_else(|| Err(ReadError::NoHead { found: "no run.ndjson".to_owned() }));
    Ok(Package { manifest, files: read.files, run, foreign: read.foreign })
}

fn manifest(text: &[u8]) -> Result<Manifest, PackError> {
    // The format first: a newer manifest may have other fields.
    let wrong = |error: serde_json::Error| PackError::Manifest(clipped(&error.to_string(), EXPECTED));
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

/// What a suite is: the SHA-256 over the paths and contents of its transcripts, its files and its variables, as the journal's head has it.
/// Each length goes in before its bytes, so that no two suites run into one; paths count in the order of their parts.
pub fn suite_hash<'a>(
    transcripts: impl Iterator<Item = (&'a str, &'a [u8])>,
    files: impl Iterator<Item = (&'a str, &'a [u8])>,
    variables: &[u8],
) -> String {
    let sorted = |mut parts: Vec<(&'a str, &'a [u8])>| {
        parts.sort_by(|(one, _), (two, _)| one.split('/').cmp(two.split('/')));
        parts
    };
    let mut hasher = Sha256::new();
    let parts = sorted(transcripts.collect()).into_iter().chain(sorted(files.collect()));
    for (path, content) in parts.chain([("variables.toml", variables)]) {
        for bytes in [path.as_bytes(), content] {
            hasher.update(bytes.len().to_be_bytes());
            hasher.update(bytes);
        }
    }
    digits(&hasher.finalize())
}

/// The SHA-256 of bytes, in hexadecimal digits.
///
/// ```
/// assert!(ec20_suite::pack::sha256(b"").starts_with("e3b0c44298fc1c14"));
/// ```
pub fn sha256(bytes: &[u8]) -> String {
    digits(&Sha256::digest(bytes))
}

/// The SHA-256 of bytes that come piece by piece.
#[derive(Debug, Clone, Default)]
pub struct Sum(Sha256);

impl Sum {
    /// Adds bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The sum, in hexadecimal digits.
    pub fn digits(self) -> String {
        digits(&self.0.finalize())
    }
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
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

    /// The run in it.
    ///
    /// # Errors
    /// Why its journal cannot be read.
    pub fn run(&self) -> Result<&Recorded, &ReadError> {
        self.run.as_ref()
    }

    /// The run alone.
    ///
    /// # Errors
    /// As [`Package::run`].
    pub fn into_run(self) -> Result<Recorded, ReadError> {
        self.run
    }

    /// A file of the suite, or the waivers.
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

//! A gzipped tar, written the same each time and read within bounds, piece by piece: the journal is folded into a run as it comes, of the
//! reports only the checksum is kept.
//!
//! It knows paths and bytes. It follows no link, writes no file, and believes no length.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read as _, Take, Write as _};

use ec20_manual::bound::{FOUND, NAME, clipped};
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use super::Listed;
use crate::recorded::{ReadError, Recorded};

/// What an archive may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many files.
    pub files: usize,
    /// How many bytes, unpacked and all together.
    pub bytes: u64,
    /// How many of them in the manifest, the suite and the waivers, which are kept in memory.
    pub kept: u64,
}

impl Default for Limit {
    fn default() -> Self {
        Self { files: 10_000, bytes: 1 << 29, kept: 1 << 26 }
    }
}

/// What is wrong with a package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// There is no journal to pack.
    #[error("expected run.ndjson in the run's folder, found none")]
    NoRun,
    /// The journal cannot be read.
    #[error("run.ndjson: {0}")]
    Run(#[from] ReadError),
    /// The bytes are no gzipped tar.
    #[error("expected a package (a gzipped tar), found {0}")]
    Archive(String),
    /// It is larger than any package.
    #[error("expected at most {} files and {} bytes, {} of them outside of the run, found more", .0.files, .0.bytes, .0.kept)]
    TooLarge(Limit),
    /// A path that leads out of the archive, or is there twice, or is no file.
    #[error("expected plain files with paths of their own, found {}", clipped(.0, FOUND))]
    Path(String),
    /// Its waivers cannot be read.
    #[error("{0}")]
    Waivers(String),
    /// A report cannot be made.
    #[error("expected a run that reports can be made of: {0}")]
    Report(String),
    /// The manifest is missing.
    #[error("expected manifest.json in the package, found none")]
    NoManifest,
    /// The manifest cannot be read.
    #[error("manifest.json: {0}")]
    Manifest(String),
    /// A later version wrote it.
    #[error("manifest.json: expected format {known} or older, found {0}: a newer version packed this", known = super::FORMAT)]
    Newer(u64),
    /// A listed file is not there.
    #[error("{} is listed and not in the package", clipped(.0, NAME))]
    Missing(String),
    /// A file has other bytes than were listed.
    #[error("{} was altered: its length or checksum is not the manifest's", clipped(.0, NAME))]
    Altered(String),
    /// A file that the manifest does not list.
    #[error("{} is in the package and not listed", clipped(.0, NAME))]
    Unlisted(String),
}

fn archive(error: &std::io::Error) -> PackError {
    PackError::Archive(error.to_string())
}

/// The archive: the manifest first, then the files by path.
pub(super) fn write(manifest: &str, files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, PackError> {
    let mut builder = tar::Builder::new(Vec::new());
    let first = (super::MANIFEST, manifest.as_bytes());
    let rest = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
    // What could not be opened again is not packed.
    let limit = Limit::default();
    let total: u64 = files.values().map(|bytes| bytes.len() as u64).sum();
    if total + manifest.len() as u64 > limit.bytes || files.len() >= limit.files {
        return Err(PackError::TooLarge(limit));
    }
    for (path, bytes) in std::iter::once(first).chain(rest) {
        if !is_plain(path) {
            return Err(PackError::Path(format!("`{}`", path.escape_debug())));
        }
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        // No owner, no time: the same files make the same archive.
        header.set_mode(0o644);
        header.set_mtime(0);
        builder.append_data(&mut header, path, bytes).map_err(|error| archive(&error))?;
    }
    let tar = builder.into_inner().map_err(|error| archive(&error))?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&tar).map_err(|error| archive(&error))?;
    gzip.finish().map_err(|error| archive(&error))
}

/// What an archive holds.
#[derive(Debug)]
pub(super) struct Read {
    /// Every file: its path, length and checksum.
    pub(super) listed: BTreeMap<String, Listed>,
    /// The bytes of the manifest, the suite and the waivers.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// The journal, read.
    pub(super) run: Option<Result<Recorded, ReadError>>,
    /// Whether an entry is not as [`write`] makes it.
    pub(super) foreign: bool,
}

/// Every file of an archive, and nothing that hides beside them.
pub(super) fn read(bytes: impl BufRead, limit: Limit) -> Result<Read, PackError> {
    // Headers and padding take room too: half as much again is more than they need.
    let unpacked = GzDecoder::new(bytes).take(limit.bytes + limit.bytes / 2);
    let mut reader = tar::Archive::new(unpacked);
    let mut read = Read { listed: BTreeMap::new(), files: BTreeMap::new(), run: None, foreign: false };
    let mut folded = BTreeSet::new();
    let (mut left, mut kept) = (limit.bytes, limit.kept);
    for entry in reader.entries().map_err(|error| archive(&error))? {
        let mut entry = entry.map_err(|error| archive(&error))?;
        let path = String::from_utf8(entry.path_bytes().into_owned()).map_err(|wrong| {
            PackError::Path(format!("`{}`", String::from_utf8_lossy(wrong.as_bytes()).escape_debug()))
        })?;
        if !entry.header().entry_type().is_file() || !is_plain(&path) {
            return Err(PackError::Path(format!("`{}`", path.escape_debug())));
        }
        if !folded.insert(path.to_lowercase()) {
            return Err(PackError::Path(format!(
                "`{path}` twice (small and capital letters are the same on some systems)"
            )));
        }
        read.foreign |= !is_ours(&mut entry);
        let size = entry.size();
        let in_memory = path == super::MANIFEST || path == super::WAIVERS || path.starts_with("suite/");
        if size > left || read.listed.len() >= limit.files || (in_memory && size > kept) {
            return Err(PackError::TooLarge(limit));
        }
        let mut content = Summed { inner: entry.take(size), sum: Sha256::new(), bytes: 0 };
        if path == super::JOURNAL {
            read.run = Some(Recorded::stream(BufReader::with_capacity(1 << 16, &mut content)));
        } else if in_memory {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes).map_err(|error| archive(&error))?;
            kept -= bytes.len() as u64;
            read.files.insert(path.clone(), bytes);
        }
        // A reader that had enough of it leaves the rest to the checksum.
        std::io::copy(&mut content, &mut std::io::sink()).map_err(|error| archive(&error))?;
        if content.bytes != size {
            return Err(PackError::Archive(format!("`{path}` cut short")));
        }
        left -= size;
        let listed =
            Listed { path: path.clone(), bytes: size, sha256: super::digits(&content.sum.finalize()) };
        read.listed.insert(path, listed);
    }
    rest(reader.into_inner(), limit)?;
    Ok(read)
}

/// Bytes under way, with their checksum.
struct Summed<R> {
    inner: R,
    sum: Sha256,
    bytes: u64,
}

impl<R: std::io::Read> std::io::Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.sum.update(buffer.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }
}

/// Whether an entry's head says no more than [`write`] lets it: no owner, no time, no words beside the path.
fn is_ours(entry: &mut tar::Entry<'_, impl std::io::Read>) -> bool {
    let header = entry.header();
    let plain = header.mode().is_ok_and(|mode| mode == 0o644)
        && header.mtime().is_ok_and(|time| time == 0)
        && header.uid().unwrap_or(0) == 0
        && header.gid().unwrap_or(0) == 0
        && header.username_bytes().is_none_or(<[u8]>::is_empty)
        && header.groupname_bytes().is_none_or(<[u8]>::is_empty);
    plain && entry.pax_extensions().is_ok_and(|more| more.is_none())
}

/// What follows the last file: the tar's padding, and nothing behind the gzip.
fn rest(mut unpacked: Take<GzDecoder<impl BufRead>>, limit: Limit) -> Result<(), PackError> {
    let mut block = [0; 8192];
    loop {
        let count = unpacked.read(&mut block).map_err(|error| archive(&error))?;
        if count == 0 {
            break;
        }
        if block.iter().take(count).any(|byte| *byte != 0) {
            return Err(PackError::Archive("bytes behind the last file".to_owned()));
        }
    }
    if unpacked.limit() == 0 {
        return Err(PackError::TooLarge(limit));
    }
    let mut behind = unpacked.into_inner().into_inner();
    match behind.fill_buf().map_err(|error| archive(&error))? {
        [] => Ok(()),
        _ => Err(PackError::Archive("bytes behind its end".to_owned())),
    }
}

/// A path that stays where it is put, on any system.
fn is_plain(path: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && !part.contains(['\\', ':'])
            && !part.contains(char::is_control)
    };
    path.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::Listed;
    use super::{Limit, PackError, read, write};

    fn files(pairs: &[(&str, &[u8])]) -> BTreeMap<String, Vec<u8>> {
        pairs.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect()
    }

    #[test]
    fn an_archive_holds_what_was_put_in_and_is_the_same_each_time() {
        let long = "run/".to_owned() + &"long/".repeat(40) + "name";
        let given = files(&[("a", b"1"), ("suite/c", b""), (&long, b"deep")]);
        let packed = write("{}", &given).expect("an archive");
        assert_eq!(packed, write("{}", &given).expect("an archive"));
        let back = read(packed.as_slice(), Limit::default()).expect("an archive");
        assert!(!back.foreign);
        assert_eq!(back.files, files(&[("manifest.json", b"{}"), ("suite/c", b"")]));
        for (path, bytes) in &given {
            assert_eq!(back.listed.get(path), Some(&Listed::of(path, bytes)));
        }
        assert_eq!(back.listed.len(), given.len() + 1);
    }

    #[test]
    fn a_path_that_leads_out_is_refused() {
        for path in ["../a", "/a", "a/../b", "a//b", "C:\\a", "a/", "a\nb"] {
            assert!(matches!(write("{}", &files(&[(path, b"")])), Err(PackError::Path(_))), "{path}");
        }
    }

    #[test]
    fn what_is_too_large_is_refused_before_it_is_kept() {
        let packed = write("{}", &files(&[("a", &[0; 5000])])).expect("an archive");
        assert!(packed.len() < 500);
        for limit in [
            Limit { files: 10, bytes: 4000, kept: 4000 },
            Limit { files: 1, bytes: 9000, kept: 9000 },
            Limit { files: 10, bytes: 9000, kept: 1 },
        ] {
            assert_eq!(read(packed.as_slice(), limit).err(), Some(PackError::TooLarge(limit)));
        }
    }
}

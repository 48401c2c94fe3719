//! A gzipped tar in memory, written the same each time and read within bounds.
//!
//! It knows paths and bytes. It follows no link, writes no file, and believes no length.

use std::collections::BTreeMap;
use std::io::{Read as _, Take, Write as _};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;

use crate::recorded::ReadError;

/// What an archive may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many files.
    pub files: usize,
    /// How many bytes, unpacked and all together.
    pub bytes: u64,
}

impl Default for Limit {
    fn default() -> Self {
        Self { files: 10_000, bytes: 1 << 29 }
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
    #[error("expected at most {} files and {} bytes, found more", .0.files, .0.bytes)]
    TooLarge(Limit),
    /// A path that leads out of the archive, or is there twice, or is no file.
    #[error("expected plain files with paths of their own, found {0}")]
    Path(String),
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
    #[error("{0} is listed and not in the package")]
    Missing(String),
    /// A file has other bytes than were listed.
    #[error("{0} was altered: its length or checksum is not the manifest's")]
    Altered(String),
    /// A file that the manifest does not list.
    #[error("{0} is in the package and not listed")]
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

/// Every file of an archive, and nothing that hides beside them.
pub(super) fn read(bytes: &[u8], limit: Limit) -> Result<BTreeMap<String, Vec<u8>>, PackError> {
    // Headers and padding take room too: half as much again is more than they need.
    let unpacked = GzDecoder::new(bytes).take(limit.bytes + limit.bytes / 2);
    let mut reader = tar::Archive::new(unpacked);
    let mut files = BTreeMap::new();
    let mut left = limit.bytes;
    for entry in reader.entries().map_err(|error| archive(&error))? {
        let entry = entry.map_err(|error| archive(&error))?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if !entry.header().entry_type().is_file() || !is_plain(&path) {
            return Err(PackError::Path(format!("`{}`", path.escape_debug())));
        }
        let (size, mut content) = (entry.size(), Vec::new());
        if size > left || files.len() >= limit.files {
            return Err(PackError::TooLarge(limit));
        }
        entry.take(left).read_to_end(&mut content).map_err(|error| archive(&error))?;
        left -= content.len() as u64;
        if content.len() as u64 != size {
            return Err(PackError::Archive(format!("`{path}` cut short")));
        }
        if files.insert(path.clone(), content).is_some() {
            return Err(PackError::Path(format!("`{path}` twice")));
        }
    }
    rest(reader.into_inner(), limit)?;
    Ok(files)
}

/// What follows the last file: the tar's padding, and nothing behind the gzip.
fn rest(mut unpacked: Take<GzDecoder<&[u8]>>, limit: Limit) -> Result<(), PackError> {
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
    match (unpacked.limit(), unpacked.into_inner().into_inner()) {
        (0, _) => Err(PackError::TooLarge(limit)),
        (_, []) => Ok(()),
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

    use super::{Limit, PackError, read, write};

    fn files(pairs: &[(&str, &[u8])]) -> BTreeMap<String, Vec<u8>> {
        pairs.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect()
    }

    #[test]
    fn an_archive_holds_what_was_put_in_and_is_the_same_each_time() {
        let long = "run/".to_owned() + &"long/".repeat(40) + "name";
        let given = files(&[("a", b"1"), ("b/c", b""), (&long, b"deep")]);
        let packed = write("{}", &given).expect("an archive");
        assert_eq!(packed, write("{}", &given).expect("an archive"));
        let mut back = read(&packed, Limit::default()).expect("an archive");
        assert_eq!(back.remove("manifest.json").as_deref(), Some(&b"{}"[..]));
        assert_eq!(back, given);
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
        let limit = Limit { files: 10, bytes: 4000 };
        assert_eq!(read(&packed, limit), Err(PackError::TooLarge(limit)));
        let limit = Limit { files: 1, bytes: 9000 };
        assert_eq!(read(&packed, limit), Err(PackError::TooLarge(limit)));
    }
}

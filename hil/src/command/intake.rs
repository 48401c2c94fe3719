//! Files that a person hands in, read up to a size: whatever lies there, no more of it is in memory than the limit.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use ec20_manual::bound;

use super::complaint::Complaint;

/// The bytes of a file that has at most so many.
///
/// # Errors
/// It cannot be read, or has more.
pub(super) fn bytes(path: &Path, most: usize) -> Result<Vec<u8>, Complaint> {
    of(File::open(path).map_err(|error| Complaint::file(path, &error))?, path, most)
}

/// The bytes that come from `source`, which a message calls `path`, if they are at most so many.
///
/// # Errors
/// It cannot be read, or has more.
pub(super) fn of(source: impl std::io::Read, path: &Path, most: usize) -> Result<Vec<u8>, Complaint> {
    let mut bytes = Vec::new();
    let read = source.take(most as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| Complaint::file(path, &error))?;
    if bytes.len() > most {
        let name = path.display().to_string();
        return Err(Complaint::argument(
            &name,
            format!("expected a file of at most {most} bytes, found more"),
        ));
    }
    Ok(bytes)
}

/// The text of such a file.
///
/// # Errors
/// It cannot be read, has more, or is not UTF-8.
pub(super) fn text(path: &Path, most: usize) -> Result<String, Complaint> {
    String::from_utf8(bytes(path, most)?).map_err(|error| {
        let (name, at) = (path.display().to_string(), error.utf8_error().valid_up_to());
        Complaint::argument(&name, format!("expected text in UTF-8, found another byte at offset {at}"))
    })
}

/// The text of a file that a person writes: transcripts, variables, waivers, a profile, a bench file.
///
/// # Errors
/// As [`text`].
pub(super) fn written(path: &Path) -> Result<String, Complaint> {
    text(path, bound::FILE_BYTES)
}

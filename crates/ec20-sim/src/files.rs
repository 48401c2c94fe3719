//! The module's files: two stores, RAM and flash, and the checksum that uploads and downloads report.
//!
//! Knows names with their prefix, room, and order of arrival. Refuses to know commands, error codes and time.

use std::sync::Arc;

/// Where a file lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// `RAM:` — gone after a restart.
    Ram,
    /// `UFS:`, and every name without a prefix — kept.
    Ufs,
}

/// A file name taken apart: its store, and what follows the prefix.
///
/// ```
/// use ec20_sim::files::{FileName, Storage};
///
/// assert_eq!(FileName::read(b"RAM:a.txt"), FileName { storage: Storage::Ram, name: b"a.txt" });
/// assert_eq!(FileName::read(b"a.txt"), FileName { storage: Storage::Ufs, name: b"a.txt" });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileName<'a> {
    /// The store that the prefix names.
    pub storage: Storage,
    /// The name without its prefix.
    pub name: &'a [u8],
}

impl<'a> FileName<'a> {
    /// Takes a name as it stands in a command apart. A name without a prefix means flash.
    pub fn read(full: &'a [u8]) -> Self {
        if let Some(name) = full.strip_prefix(b"RAM:") {
            return Self { storage: Storage::Ram, name };
        }
        Self { storage: Storage::Ufs, name: full.strip_prefix(b"UFS:").unwrap_or(full) }
    }
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it lies.
    pub storage: Storage,
    /// Its name without a prefix.
    pub name: Vec<u8>,
    /// Its bytes.
    pub data: Arc<[u8]>,
}

/// Both stores. Files keep the order in which they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileStore {
    files: Vec<File>,
}

impl FileStore {
    /// The bytes of a file.
    pub fn get(&self, file: FileName<'_>) -> Option<&Arc<[u8]>> {
        self.files.iter().find(|f| f.storage == file.storage && f.name == file.name).map(|f| &f.data)
    }

    /// Stores a file, in place of one that has its name.
    pub fn put(&mut self, file: FileName<'_>, data: impl Into<Arc<[u8]>>) {
        let data = data.into();
        match self.files.iter_mut().find(|f| f.storage == file.storage && f.name == file.name) {
            Some(old) => old.data = data,
            None => self.files.push(File { storage: file.storage, name: file.name.to_vec(), data }),
        }
    }

    /// Deletes a file; says whether there was one.
    pub fn delete(&mut self, file: FileName<'_>) -> bool {
        let before = self.files.len();
        self.files.retain(|f| f.storage != file.storage || f.name != file.name);
        self.files.len() != before
    }

    /// Deletes every file of a store; says how many there were.
    pub fn clear(&mut self, storage: Storage) -> usize {
        let before = self.files.len();
        self.files.retain(|f| f.storage != storage);
        before - self.files.len()
    }

    /// The files of one store, oldest first.
    pub fn of(&self, storage: Storage) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |f| f.storage == storage)
    }

    /// How many bytes the files of one store take.
    pub fn used(&self, storage: Storage) -> u64 {
        self.of(storage).map(|f| f.data.len() as u64).sum()
    }

    /// Puts one store back to what another state of it held.
    pub(crate) fn restore(&mut self, storage: Storage, from: &Self) {
        self.clear(storage);
        self.files.extend(from.of(storage).cloned());
    }
}

/// The checksum of an upload or download: all 16-bit words, high byte first, exclusive-ored; a last odd byte is a high
/// byte.
///
/// ```
/// use ec20_sim::files::checksum;
///
/// assert_eq!(checksum(b"abc"), 0x0262);
/// assert_eq!(checksum(&[b'x'; 100]), 0);
/// ```
pub fn checksum(data: &[u8]) -> u16 {
    data.chunks(2).fold(0, |sum, pair| {
        let high = pair.first().copied().unwrap_or(0);
        let low = pair.get(1).copied().unwrap_or(0);
        sum ^ u16::from_be_bytes([high, low])
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(b"", 0)]
    #[case(b"a", 0x6100)]
    #[case(b"ab", 0x6162)]
    #[case(b"abc", 0x0262)]
    #[case(b"abcd", 0x0206)]
    fn checksums_of_real_modules(#[case] data: &[u8], #[case] sum: u16) {
        assert_eq!(checksum(data), sum);
    }

    #[test]
    fn the_two_stores_do_not_see_each_other() {
        let mut files = FileStore::default();
        files.put(FileName::read(b"RAM:a"), *b"12");
        files.put(FileName::read(b"a"), *b"345");
        assert_eq!((files.used(Storage::Ram), files.used(Storage::Ufs)), (2, 3));
        assert!(files.delete(FileName::read(b"UFS:a")));
        assert!(!files.delete(FileName::read(b"a")));
        assert_eq!(files.get(FileName::read(b"RAM:a")).map(|d| &d[..]), Some(&b"12"[..]));
    }
}

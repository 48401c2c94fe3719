//! The transcripts: every example of the manual, every conformance case, every observation, as text.
//!
//! Knows paths and texts and gives them one hash; refuses to read them: what a transcript says, `ec20-suite` knows.
//! What lies under `transcripts/` is part of the library; nothing has to be listed anywhere.
//!
//! | folder | what is in it |
//! |---|---|
//! | `transcripts/setup/` | what other transcripts `use` to set the stage |
//! | `transcripts/manual/` | every example of the manual, as meant |
//! | `transcripts/conformance/` | the clauses as cases |
//! | `transcripts/observe/` | the unknowns as observations |
//! | `transcripts/invalid/` | files with a mistake, for those who test how mistakes are told |
//! | `printed/` | the examples of the manual, line by line as printed |
//! | `files/` | what `data file NAME` uploads |

use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

mod listed {
    //! What the build script found.
    include!(concat!(env!("OUT_DIR"), "/listed.rs"));
}

/// The bench variables and their defaults, as TOML: `name = "value"`.
pub const VARIABLES: &str = include_str!("../variables.toml");

/// The table of traceability: clause, case, grammar rule, mutant.
pub const TRACE: &str = include_str!("../TRACE.md");

/// Every transcript that is asked, as (path below `transcripts/`, text), in the order of the paths.
///
/// ```
/// let (path, text) = ec20_golden::transcripts()
///     .iter()
///     .find(|(path, _)| path.starts_with("manual/"))
///     .expect("the manual has examples");
/// assert!(path.ends_with(".atx") && text.starts_with("---\n"));
/// ```
pub fn transcripts() -> &'static [(&'static str, &'static str)] {
    listed::TRANSCRIPTS
}

/// Transcripts with a mistake in each, as (path below `transcripts/`, text). They are no part of the suite.
pub fn invalid() -> &'static [(&'static str, &'static str)] {
    listed::INVALID
}

/// The lines of the manual's examples as printed, as (path below `printed/`, text).
pub fn printed() -> &'static [(&'static str, &'static str)] {
    listed::PRINTED
}

/// What `data file NAME` uploads, as (name, bytes).
pub fn files() -> &'static [(&'static str, &'static [u8])] {
    listed::FILES
}

/// What this suite is: the SHA-256, in 64 hexadecimal digits, over the paths and contents of transcripts and files, and over the
/// variables. Two runs with one hash asked the same questions.
///
/// ```
/// assert_eq!(ec20_golden::suite_hash().len(), 64);
/// ```
pub fn suite_hash() -> &'static str {
    static HASH: LazyLock<String> = LazyLock::new(|| {
        let transcripts = listed::TRANSCRIPTS.iter().map(|&(path, text)| (path, text.as_bytes()));
        let files = listed::FILES.iter().copied();
        hash(transcripts.chain(files).chain([("variables.toml", VARIABLES.as_bytes())]))
    });
    &HASH
}

/// The hash over (path, content) pairs. Each length goes in before its bytes, so that no two lists run into one.
fn hash<'a>(parts: impl Iterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut hasher = Sha256::new();
    for (path, content) in parts {
        for bytes in [path.as_bytes(), content] {
            hasher.update(bytes.len().to_be_bytes());
            hasher.update(bytes);
        }
    }
    hasher.finalize().iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn what_stands_where_is_part_of_the_hash() {
        let one = hash([("a", &b"bc"[..]), ("d", b"")].into_iter());
        for other in [[("ab", &b"c"[..]), ("d", b"")], [("d", b""), ("a", b"bc")], [("a", b"bd"), ("d", b"")]]
        {
            assert_ne!(one, hash(other.into_iter()));
        }
    }
}

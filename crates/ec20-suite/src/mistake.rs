//! Where a mistake stands in a file that a person wrote.
//!
//! It knows how to point into one file; the mistake itself is the catalogue's, so that every file of the house is refused alike.

use std::ops::Range;

pub use ec20_manual::{Mistake, MistakeKind};

/// A file under reading: makes mistakes out of byte spans.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The file's name, as it was given.
    pub file: &'a str,
    /// Its whole text.
    pub text: &'a str,
}

impl Source<'_> {
    /// The mistake at `span` of this file.
    ///
    /// ```
    /// use ec20_suite::mistake::{MistakeKind, Source};
    /// let source = Source { file: "a.atx", text: "one\ntwo" };
    /// let mistake = source.mistake(MistakeKind::Syntax, 5..6, "a blank", "`w`");
    /// assert_eq!(mistake.to_string(), "a.atx:2:2: expected a blank, found `w`");
    /// ```
    pub fn mistake(
        &self,
        kind: MistakeKind,
        span: Range<usize>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Mistake {
        Mistake::at(kind, self.file, self.text, span, expected, found)
    }
}

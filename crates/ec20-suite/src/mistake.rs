//! A mistake in a file that a person wrote: where it is, what was expected there, what was found.
//!
//! It knows files and positions. It does not draw itself: the binary does that with the source text at hand.

use std::fmt;
use std::ops::Range;

/// A mistake in a transcript, variables, waiver or bench file.
///
/// `line` and `column` count from 1, the column in characters; `span` is the same place in bytes of the whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The file's name, as it was given.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The place in bytes of the file.
    pub span: Range<usize>,
    /// What may stand there.
    pub expected: String,
    /// What stands there, and what to do about it where that is not plain.
    pub found: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, expected, found, .. } = self;
        write!(f, "{file}:{line}:{column}: expected {expected}, found {found}")
    }
}

impl std::error::Error for Mistake {}

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
    /// use ec20_suite::mistake::Source;
    /// let mistake = Source { file: "a.atx", text: "one\ntwo" }.mistake(5..6, "a blank", "`w`");
    /// assert_eq!(mistake.to_string(), "a.atx:2:2: expected a blank, found `w`");
    /// ```
    pub fn mistake(
        &self,
        span: Range<usize>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Mistake {
        let start = (0..=span.start.min(self.text.len()))
            .rev()
            .find(|&at| self.text.is_char_boundary(at))
            .unwrap_or(0);
        let before = self.text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Mistake {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            span,
            expected: expected.into(),
            found: found.into(),
        }
    }
}

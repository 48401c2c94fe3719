//! What is wrong with a data file, and where: file, line, column, expected, found.
//!
//! Knows TOML positions; refuses to know what the data means.

use std::ops::Range;

use crate::bound::{self, Excess, clipped};
use crate::toml_reason::Reason;

/// What kind of mistake a data file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MistakeKind {
    /// The text is not TOML, or a key or a value is not one the format knows.
    Syntax,
    /// Two rows carry one id.
    Duplicate,
    /// A row names another row that is not there.
    Dangling,
    /// Numbers or words that cannot both be true.
    Contradiction,
    /// More than a file may hold.
    Excess,
}

/// One mistake in one data file.
///
/// `line` and `column` count from 1; the column counts characters. `span` is in bytes of the file's text. The message has at most 2000
/// bytes, whatever the file holds: long texts lose their middle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: expected {expected}, found {found}")]
pub struct Mistake {
    /// What kind of mistake it is.
    pub kind: MistakeKind,
    /// The name of the file, as it was handed in.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The bytes of the text that are meant.
    pub span: Range<usize>,
    /// What should have stood there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl Mistake {
    /// A mistake at a byte span of `text`.
    ///
    /// ```
    /// use ec20_manual::{Mistake, MistakeKind};
    /// let mistake = Mistake::at(MistakeKind::Dangling, "x.toml", "a = 1\nb = 2\n", 6..7, "a clause id", "`b`");
    /// assert_eq!(mistake.to_string(), "x.toml:2:1: expected a clause id, found `b`");
    /// ```
    pub fn at(
        kind: MistakeKind,
        file: &str,
        text: &str,
        span: Range<usize>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        let (line, column) = position(text, span.start);
        Self {
            kind,
            file: clipped(file, bound::NAME),
            line,
            column,
            span,
            expected: clipped(&expected.into(), bound::EXPECTED),
            found: clipped(&found.into(), bound::FOUND),
        }
    }

    /// A file that holds more than any file may.
    pub fn excess(file: &str, text: &str, excess: Excess) -> Self {
        Self::at(MistakeKind::Excess, file, text, excess.span, excess.expected, excess.found)
    }

    /// A mistake that the TOML reader reported.
    pub fn from_toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let span = error.span().unwrap_or(0..0);
        let reason = Reason::read(error.message());
        Self::at(MistakeKind::Syntax, file, text, span, reason.expected, reason.found)
    }
}

/// Line and column, both from 1, of a byte offset. An offset beyond the text is its end.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    let before = text.get(..end).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() + 1;
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    (line, column)
}

//! What is wrong with an argument or a file, drawn for a person: the place, what may stand there, what stands there.

use ec20_manual::bound::{self, clipped};
use ec20_suite::mistake::Mistake;
use miette::{Diagnostic, LabeledSpan, NamedSource, Severity, SourceCode};
use thiserror::Error;

/// Says something on standard error. A terminal that was closed must not end a run that has settings to restore and reports to write.
pub(super) fn say(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Something wrong that must be mended before anything is sent.
#[derive(Debug, Error)]
#[error("{message}")]
pub(super) struct Complaint {
    message: String,
    place: Option<Box<Place>>,
}

#[derive(Debug)]
struct Place {
    source: NamedSource<String>,
    label: LabeledSpan,
}

/// The most bytes of what is drawn of one complaint.
const LONGEST: usize = 2000;

impl Place {
    /// Whether the lines at the place are longer together than a message may be.
    fn is_long(&self) -> bool {
        let text = self.source.inner();
        let (start, end) = (self.label.offset(), self.label.offset() + self.label.len());
        let before = text.get(..text.floor_char_boundary(start)).unwrap_or_default();
        let behind = text.get(text.ceil_char_boundary(end)..).unwrap_or_default();
        // A line of context is drawn on each side.
        let first = before.rmatch_indices('\n').nth(1).map_or(0, |(at, _)| at);
        let last = behind.match_indices('\n').nth(1).map_or(behind.len(), |(at, _)| at);
        self.label.len() + (before.len() - first) + last > LONGEST
    }
}

impl Complaint {
    /// Something wrong with the argument `option`.
    pub(super) fn argument(option: &str, message: impl std::fmt::Display) -> Self {
        let option = clipped(option, bound::NAME);
        Self { message: clipped(&format!("{option}: {message}"), LONGEST), place: None }
    }

    /// A file or folder that cannot be read or written.
    pub(super) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        let path = clipped(&path.display().to_string(), bound::NAME);
        Self { message: format!("{path}: {error}"), place: None }
    }

    /// A mistake in a file, with the file's text at hand.
    pub(super) fn mistake(mistake: &Mistake, text: &str) -> Self {
        let length = mistake.span.len().max(1).min(text.len().saturating_sub(mistake.span.start));
        let label = LabeledSpan::new(Some(format!("found {}", mistake.found)), mistake.span.start, length);
        Self {
            message: mistake.to_string(),
            place: Some(Box::new(Place { source: NamedSource::new(&mistake.file, text.to_owned()), label })),
        }
    }

    /// Draws it on standard error: with the lines of the file that it is about, where these are lines that a person can read.
    pub(super) fn draw(self) {
        let bare = Self { message: self.message.clone(), place: None };
        let long = self.place.as_ref().is_some_and(|place| place.is_long());
        let drawn = if long { String::new() } else { format!("{:?}", miette::Report::new(self)) };
        let drawn = if drawn.is_empty() || drawn.len() > LONGEST {
            format!("{:?}", miette::Report::new(bare))
        } else {
            drawn
        };
        eprintln!("{drawn}");
    }
}

impl Diagnostic for Complaint {
    fn severity(&self) -> Option<Severity> {
        Some(Severity::Error)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|place| &place.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.place.as_ref()?;
        Some(Box::new(std::iter::once(place.label.clone())))
    }
}

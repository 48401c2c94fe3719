//! What is wrong with an argument or a file, drawn for a person: the place, what may stand there, what stands there.

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

impl Complaint {
    /// Something wrong with the argument `option`.
    pub(super) fn argument(option: &str, message: impl std::fmt::Display) -> Self {
        Self { message: format!("{option}: {message}"), place: None }
    }

    /// A file or folder that cannot be read or written.
    pub(super) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self { message: format!("{}: {error}", path.display()), place: None }
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

    /// Draws it on standard error.
    pub(super) fn draw(self) {
        eprintln!("{:?}", miette::Report::new(self));
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

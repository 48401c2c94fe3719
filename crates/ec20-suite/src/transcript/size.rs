//! How large a transcript may be: how many rows, lines that may stand in place of another, and bytes that its texts stand for.
//!
//! It knows sizes, which it reckons from what was written, before anything of that size is built. It does not know what a text means.

use super::{Alternative, Payload, Step, StepKind, Text, Transcript};
use crate::mistake::{Mistake, MistakeKind, Source};

/// The most bytes that one text may stand for, whatever it repeats: four times the largest message that a network takes.
pub const TEXT_BYTES: usize = 1 << 20;
/// The most bytes that the texts of a transcript may stand for, over all its rows.
pub const ALL_BYTES: usize = 1 << 26;
/// The most rows of a table.
pub const ROWS: usize = 10_000;
/// The most lines that may stand in place of one.
pub const ALTERNATIVES: usize = 1_000;
/// The most clauses that a transcript names; the same for its needs, and for the set-ups it uses, theirs included.
pub const NAMES: usize = 64;
/// The most bytes of an id.
pub const ID_BYTES: usize = 200;
/// The most bytes of a title.
pub const TITLE_BYTES: usize = 1_000;

/// Holds a transcript that was read against the limits.
pub(super) fn check(source: Source<'_>, transcript: &Transcript) -> Result<(), Mistake> {
    let head = |found: usize, most: usize, what: &str| {
        let wrong = || {
            let expected = format!("at most {most} {what}");
            source.mistake(MistakeKind::Excess, 0..3, expected, found.to_string())
        };
        if found > most { Err(wrong()) } else { Ok(()) }
    };
    head(transcript.id.len(), ID_BYTES, "bytes of an id")?;
    head(transcript.title.len(), TITLE_BYTES, "bytes of a title")?;
    head(transcript.clauses.len(), NAMES, "clauses")?;
    head(transcript.needs.len(), NAMES, "needs")?;
    head(transcript.uses.len(), NAMES, "set-ups")?;
    head(transcript.rows.len(), ROWS, "rows")?;
    transcript.body.iter().chain(&transcript.finally).try_for_each(|step| self::step(source, step))
}

fn step(source: Source<'_>, step: &Step) -> Result<(), Mistake> {
    let wrong = |expected: String, found: String| {
        Err(source.mistake(MistakeKind::Excess, step.span.clone(), expected, found))
    };
    let count = step.alternatives().len();
    if count > ALTERNATIVES {
        return wrong(format!("at most {ALTERNATIVES} lines in place of one"), count.to_string());
    }
    let size = step.texts().map(|text| text.size(&|_| 0)).max().unwrap_or(0);
    if size > TEXT_BYTES {
        return wrong(format!("a text of at most {TEXT_BYTES} bytes"), format!("{size} bytes"));
    }
    Ok(())
}

impl Step {
    /// The lines that may come, where it is lines that it asks for.
    pub(crate) fn alternatives(&self) -> &[Alternative] {
        match &self.kind {
            StepKind::Expect(alternatives) | StepKind::Await { alternatives, .. } => alternatives,
            _ => &[],
        }
    }

    /// Every text that it holds.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &Text> {
        let own = match &self.kind {
            StepKind::Send(text)
            | StepKind::Raw(text)
            | StepKind::Order(text)
            | StepKind::Data(Payload::Text(text)) => Some(text),
            StepKind::Quiet { forbidden, .. } => forbidden.as_ref(),
            _ => None,
        };
        own.into_iter().chain(self.alternatives().iter().map(|alternative| &alternative.text))
    }
}

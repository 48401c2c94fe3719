//! How many bytes a transcript's texts stand for once its variables and rows are filled in, reckoned before any of them is built.
//!
//! It knows sizes only. What a transcript may have by itself, `transcript/size.rs` says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Variables;
use crate::mistake::{Mistake, MistakeKind, Source};
use crate::transcript::size::{ALL_BYTES, NAMES, TEXT_BYTES};
use crate::transcript::{Bindings, Text, Transcript};

pub(super) fn check(
    source: Source<'_>,
    transcript: &Transcript,
    stages: &[Arc<Transcript>],
    variables: &Variables,
) -> Result<(), Mistake> {
    let wrong = |span, expected: String, found: String| {
        Err(source.mistake(MistakeKind::Excess, span, expected, found))
    };
    let needs = stages.iter().flat_map(|stage| &stage.needs).chain(&transcript.needs);
    let needs: BTreeSet<&str> = needs.map(|need| need.value.as_str()).collect();
    for (count, what) in
        [(stages.len(), "set-ups, theirs included"), (needs.len(), "needs, its set-ups' included")]
    {
        if count > NAMES {
            return wrong(0..3, format!("at most {NAMES} {what}"), count.to_string());
        }
    }
    let bindings = variables.bindings();
    let mut longest: BTreeMap<&str, usize> = BTreeMap::new();
    let mut of_rows = 0_usize;
    for (name, value) in transcript.rows.iter().flatten() {
        let size = Text::read(value).map_or(0, |text| text.size(&|name| of(bindings, name)));
        of_rows = of_rows.saturating_add(size);
        let most = longest.entry(name).or_default();
        *most = (*most).max(size);
    }
    // A value that is kept from a line has no size yet: when the line comes, [`Text::bytes`] looks again.
    let variable = |name: &str| longest.get(name).copied().unwrap_or_else(|| of(bindings, name));
    let mut once = 0_usize;
    for step in transcript.body.iter().chain(&transcript.finally) {
        for text in step.texts() {
            let size = text.size(&variable);
            if size > TEXT_BYTES {
                let expected = format!("a text of at most {TEXT_BYTES} bytes");
                return wrong(step.span.clone(), expected, format!("{size} bytes"));
            }
            once = once.saturating_add(size);
        }
    }
    let all = once.saturating_mul(transcript.rows.len().max(1)).saturating_add(of_rows);
    if all > ALL_BYTES {
        let expected = format!("texts of at most {ALL_BYTES} bytes over all rows");
        return wrong(0..3, expected, format!("{all} bytes"));
    }
    Ok(())
}

fn of(bindings: &Bindings, name: &str) -> usize {
    bindings.get(name).map_or(0, <[u8]>::len)
}

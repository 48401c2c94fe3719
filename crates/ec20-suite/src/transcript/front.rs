//! The front matter of a transcript: TOML between two fences.
//!
//! It knows the keys and what an id looks like. It does not know the body, nor whether what a key names exists.

use std::ops::Range;

use ec20_manual::bound;
use serde::Deserialize;
use toml::Spanned;

use super::{Placed, Row};
use crate::mistake::{Mistake, MistakeKind, Source};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Front {
    pub(super) id: Spanned<String>,
    pub(super) title: String,
    pub(super) clauses: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) needs: Vec<Spanned<String>>,
    #[serde(default, rename = "use")]
    pub(super) uses: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) rows: Vec<Row>,
}

/// Front matter spans count from its own start, which is 4 bytes into the file.
const FENCE: &str = "---\n";

/// Reads the front matter; with it the byte where the body begins.
pub(super) fn front_matter(source: Source<'_>) -> Result<(Front, usize), Mistake> {
    let text = source.text;
    bound::text(text).map_err(|excess| Mistake::excess(source.file, text, excess))?;
    if let Some(at) = text.find('\r') {
        return Err(source.mistake(
            MistakeKind::Syntax,
            at..at + 1,
            "lines that end in LF",
            "a CR (write `\\r` where the byte is meant)",
        ));
    }
    let Some(rest) = text.strip_prefix(FENCE) else {
        return Err(source.mistake(
            MistakeKind::Syntax,
            0..text.len().min(3),
            "`---` on the first line",
            "something else",
        ));
    };
    let Some(length) = rest.find("\n---\n").map(|at| at + 1) else {
        return Err(source.mistake(
            MistakeKind::Syntax,
            0..3,
            "a second line `---` that ends the front matter",
            "none",
        ));
    };
    let toml = rest.get(..length).unwrap_or_default();
    bound::toml(toml).map_err(|excess| {
        source.mistake(MistakeKind::Excess, shifted(&excess.span), excess.expected, excess.found)
    })?;
    let mut front: Front = toml::from_str(toml).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        source.mistake(
            MistakeKind::Syntax,
            shifted(&span),
            "front matter as TOML",
            error.message().to_owned(),
        )
    })?;
    for list in [&mut front.clauses, &mut front.needs, &mut front.uses] {
        for entry in list.iter_mut() {
            *entry = Spanned::new(shifted(&entry.span()), entry.get_ref().clone());
        }
    }
    if front.clauses.is_empty() {
        return Err(source.mistake(MistakeKind::Syntax, 0..3, "at least one clause id in `clauses`", "none"));
    }
    check_id(source, &front.id)?;
    let start = FENCE.len() + length + FENCE.len();
    Ok((front, start))
}

fn shifted(span: &Range<usize>) -> Range<usize> {
    span.start + FENCE.len()..span.end + FENCE.len()
}

fn check_id(source: Source<'_>, id: &Spanned<String>) -> Result<(), Mistake> {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !id.get_ref().is_empty() && id.get_ref().chars().all(legal) {
        return Ok(());
    }
    let found = format!("`{}`", id.get_ref());
    Err(source.mistake(
        MistakeKind::Syntax,
        shifted(&id.span()),
        "an id of small letters, digits and `-`",
        found,
    ))
}

pub(super) fn placed(list: Vec<Spanned<String>>) -> Vec<Placed<String>> {
    list.into_iter().map(|entry| Placed { span: entry.span(), value: entry.into_inner() }).collect()
}

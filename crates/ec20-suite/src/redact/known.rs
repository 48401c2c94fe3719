//! The secrets that are known by their value, and every spelling in which they are looked for.
//!
//! It knows spellings: as it is, escaped, in hexadecimal, in UCS2, with swapped digits as SMS PDUs have them. It does not know where a
//! value came from.

use std::collections::{BTreeMap, BTreeSet};

use super::key::Key;
use crate::escape::{escaped, transcript};

/// From this many characters on a value is replaced wherever it stands; shorter ones only as a word of their own.
const ANYWHERE: usize = 8;
/// Shorter values stand in too many places by accident: they are replaced in their fields only.
pub(super) const SHORTEST: usize = 4;

/// How a value may be spelt, and what then stands in its place.
#[derive(Debug, Clone)]
struct Spelling {
    /// In lower case.
    from: Vec<u8>,
    to: Vec<u8>,
    /// Whether it counts only between signs that are neither letters nor digits.
    word: bool,
    /// Whether letters of `to` take one case for all of them: hexadecimal.
    hex: bool,
}

/// All values known so far.
#[derive(Debug, Default)]
pub(super) struct Known {
    values: BTreeSet<Vec<u8>>,
    /// By the first byte: so that text without a secret costs a look per byte.
    spellings: BTreeMap<u8, Vec<Spelling>>,
}

/// What is hidden of a value: of an international number its digits.
pub(super) fn core(value: &[u8]) -> &[u8] {
    match value.strip_prefix(b"+") {
        Some(digits) if is_digits(digits) => digits,
        _ => value,
    }
}

pub(super) fn is_digits(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

/// The stand-in of a value as it stands in a field.
pub(super) fn stand_in(key: &Key, value: &[u8]) -> Vec<u8> {
    let hidden = core(value);
    let (sign, _) = value.split_at(value.len() - hidden.len());
    [sign, &key.stand_in(hidden)].concat()
}

impl Known {
    /// Looks for this value from now on. A value that is too short is not taken.
    pub(super) fn learn(&mut self, key: &Key, value: &[u8]) -> bool {
        let value = core(value).to_ascii_lowercase();
        if value.len() < SHORTEST
            || !value.iter().any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())
        {
            return false;
        }
        if !self.values.insert(value.clone()) {
            return true;
        }
        let masked = key.stand_in(&value);
        self.add(value.clone(), masked.clone(), value.len() < ANYWHERE, false);
        for spelt in [text_escaped, text_in_transcript] {
            if spelt(&value) != value {
                self.add(spelt(&value), spelt(&masked), value.len() < ANYWHERE, false);
            }
        }
        for spelt in [hex, ucs2] {
            self.add(spelt(&value), spelt(&masked), value.len() < ANYWHERE, true);
        }
        if is_digits(&value) && value.len() >= ANYWHERE {
            self.add(swapped(&value), swapped(&masked), false, true);
        }
        true
    }

    fn add(&mut self, from: Vec<u8>, to: Vec<u8>, word: bool, hex: bool) {
        // An escape may make a spelling longer than its stand-in's; then lengths cannot be kept.
        let to = if to.len() == from.len() { to } else { vec![b'x'; from.len()] };
        let Some(&first) = from.first() else { return };
        let spellings = self.spellings.entry(first).or_default();
        spellings.push(Spelling { from, to, word, hex });
        spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.from.len()));
    }

    /// The secret that begins at `at`: what stands in its place. Where the text may go on (`open`), one that the text breaks off in counts,
    /// too.
    pub(super) fn at(&self, text: &[u8], at: usize, open: bool) -> Option<Vec<u8>> {
        let rest = text.get(at..)?;
        let spellings = self.spellings.get(&rest.first()?.to_ascii_lowercase())?;
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        for spelling in spellings {
            let length = spelling.from.len().min(rest.len());
            let (found, after) = rest.split_at(length);
            let whole = length == spelling.from.len();
            let broken_off = open && !whole && length >= SHORTEST;
            if !(whole || broken_off) || !found.eq_ignore_ascii_case(spelling.from.get(..length)?) {
                continue;
            }
            let joined = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
            if spelling.word && (joined(before) || joined(after.first())) {
                continue;
            }
            return Some(spelling.in_case_of(found));
        }
        None
    }
}

impl Spelling {
    fn in_case_of(&self, found: &[u8]) -> Vec<u8> {
        let to = self.to.iter().zip(found);
        if self.hex {
            let lower = found.iter().any(u8::is_ascii_lowercase);
            return to.map(|(to, _)| if lower { *to } else { to.to_ascii_uppercase() }).collect();
        }
        to.map(|(to, was)| if was.is_ascii_uppercase() { to.to_ascii_uppercase() } else { *to }).collect()
    }
}

fn text_escaped(value: &[u8]) -> Vec<u8> {
    escaped(value).into_bytes()
}

fn text_in_transcript(value: &[u8]) -> Vec<u8> {
    transcript(value).into_bytes()
}

fn hex(value: &[u8]) -> Vec<u8> {
    value.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
}

fn ucs2(value: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(value);
    text.encode_utf16().flat_map(|unit| format!("{unit:04x}").into_bytes()).collect()
}

/// Digits as SMS PDUs and SIM files have them: in pairs, each swapped, filled up with an F.
fn swapped(digits: &[u8]) -> Vec<u8> {
    digits.chunks(2).flat_map(|pair| [pair.get(1).copied().unwrap_or(b'f'), pair[0]]).collect()
}

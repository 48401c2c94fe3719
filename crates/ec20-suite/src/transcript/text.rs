//! TEXT: the bytes of a line, with repetitions, variables and placeholders.
//!
//! It knows how to fill a text in and how to hold a line against it. What a value rule reads, the grammar says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::Placed;
use super::size::TEXT_BYTES;

/// The bytes of one line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// In order.
    pub pieces: Vec<Piece>,
}

/// A part of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// These bytes.
    Literal(Vec<u8>),
    /// These bytes, `times` times.
    Repeat {
        /// What is repeated.
        bytes: Vec<u8>,
        /// How often.
        times: usize,
    },
    /// The value of a variable.
    Variable(Placed<String>),
    /// Whatever the grammar's value rule reads; kept under the name.
    Placeholder {
        /// The name it is kept under.
        name: Option<String>,
        /// The value rule.
        rule: Placed<String>,
    },
}

/// Why a text could not be filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// No value of that name is known here.
    #[error("no value is known for {{{0}}}")]
    Unbound(String),
    /// A placeholder stands where bytes are needed.
    #[error("a placeholder has no bytes of its own")]
    Placeholder,
    /// It stands for more bytes than any text may.
    #[error("it stands for more than {TEXT_BYTES} bytes")]
    TooLong,
}

/// Names and the bytes they stand for: bench variables, a row's columns, values kept from earlier lines.
#[derive(Debug, Clone, Default)]
pub struct Bindings {
    /// What many have in common.
    common: Arc<BTreeMap<String, Vec<u8>>>,
    /// What stands in its place, or beside it.
    own: BTreeMap<String, Vec<u8>>,
}

impl Bindings {
    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.own.get(name).or_else(|| self.common.get(name)).map(Vec::as_slice)
    }

    /// From now on `name` stands for `value`.
    pub fn bind(&mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) {
        self.own.insert(name.into(), value.into());
    }

    /// All names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let all: BTreeMap<&str, &[u8]> = self
            .common
            .iter()
            .chain(&self.own)
            .map(|(name, value)| (name.as_str(), value.as_slice()))
            .collect();
        all.into_iter()
    }

    /// The same, of which copies cost next to nothing, however many values there are.
    pub(crate) fn shared(&self) -> Self {
        let all = self.iter().map(|(name, value)| (name.to_owned(), value.to_vec()));
        Self { common: Arc::new(all.collect()), own: BTreeMap::new() }
    }
}

impl PartialEq for Bindings {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Bindings {}

impl Text {
    /// The names of the variables used.
    pub fn variables(&self) -> impl Iterator<Item = &Placed<String>> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable(name) => Some(name),
            _ => None,
        })
    }

    /// The value rules used.
    pub fn rules(&self) -> impl Iterator<Item = &Placed<String>> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Placeholder { rule, .. } => Some(rule),
            _ => None,
        })
    }

    /// The names that a line held against this text leaves behind.
    pub fn kept(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Placeholder { name, .. } => name.as_deref(),
            _ => None,
        })
    }

    /// How many bytes it stands for, where a variable stands for as many as `variable` says, and a placeholder for none.
    pub(crate) fn size(&self, variable: &dyn Fn(&str) -> usize) -> usize {
        let size = |piece: &Piece| match piece {
            Piece::Literal(bytes) => bytes.len(),
            Piece::Repeat { bytes, times } => bytes.len().saturating_mul(*times),
            Piece::Variable(name) => variable(&name.value),
            Piece::Placeholder { .. } => 0,
        };
        self.pieces.iter().map(size).fold(0, usize::saturating_add)
    }

    /// The bytes of a text without placeholders.
    ///
    /// # Errors
    /// A variable without a value, a placeholder, or more than [`TEXT_BYTES`].
    pub fn bytes(&self, bindings: &Bindings) -> Result<Vec<u8>, TextError> {
        if self.size(&|name| bindings.get(name).map_or(0, <[u8]>::len)) > TEXT_BYTES {
            return Err(TextError::TooLong);
        }
        let mut bytes = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Placeholder { .. } => return Err(TextError::Placeholder),
                fixed => bytes.extend(fixed_bytes(fixed, bindings)?),
            }
        }
        Ok(bytes)
    }

    /// Holds `line` against the text: the kept values if it fits, nothing if not.
    ///
    /// A placeholder takes the longest run of bytes that its rule reads and that lets the rest fit; `reads(rule, bytes)` is the grammar.
    pub fn matches(
        &self,
        line: &[u8],
        bindings: &Bindings,
        reads: &dyn Fn(&str, &[u8]) -> bool,
    ) -> Option<Vec<(String, Vec<u8>)>> {
        let mut search = Search { bindings, reads, kept: Vec::new(), failed: BTreeSet::new() };
        search.fits(&self.pieces, line).then_some(search.kept)
    }

    /// The text as a person reads it: values filled in, placeholders as `{name:rule}`, bytes escaped.
    pub fn shown(&self, bindings: &Bindings) -> String {
        self.pieces
            .iter()
            .map(|piece| match fixed_bytes(piece, bindings) {
                Ok(bytes) => crate::escape::escaped(&bytes),
                Err(_) => piece.to_string(),
            })
            .collect()
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(bytes) => f.write_str(&crate::escape::transcript(bytes)),
            Self::Repeat { bytes, times } => write!(f, "{{{}*{times}}}", String::from_utf8_lossy(bytes)),
            Self::Variable(name) => write!(f, "{{{}}}", name.value),
            Self::Placeholder { name, rule } => {
                write!(f, "{{{}:{}}}", name.as_deref().unwrap_or_default(), rule.value)
            }
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = self.pieces.iter().map(Piece::to_string).collect();
        // Blanks at either end would be no part of the text: they are written as their byte.
        let inner = text.trim_matches(' ');
        let before = text.len() - text.trim_start_matches(' ').len();
        let after = text.len() - before - inner.len();
        write!(f, "{}{inner}{}", "\\x20".repeat(before), "\\x20".repeat(after))
    }
}

fn fixed_bytes(piece: &Piece, bindings: &Bindings) -> Result<Vec<u8>, TextError> {
    match piece {
        Piece::Literal(bytes) => Ok(bytes.clone()),
        Piece::Repeat { bytes, times } if bytes.len().saturating_mul(*times) > TEXT_BYTES => {
            Err(TextError::TooLong)
        }
        Piece::Repeat { bytes, times } => Ok(bytes.repeat(*times)),
        Piece::Variable(name) => bindings
            .get(&name.value)
            .map(<[u8]>::to_vec)
            .ok_or_else(|| TextError::Unbound(name.value.clone())),
        Piece::Placeholder { .. } => Err(TextError::Placeholder),
    }
}

/// The search for a cut of a line that fits a text.
struct Search<'a> {
    bindings: &'a Bindings,
    reads: &'a dyn Fn(&str, &[u8]) -> bool,
    kept: Vec<(String, Vec<u8>)>,
    /// What did not fit: how many pieces and bytes were left. However a search gets there, it need not go there again.
    failed: BTreeSet<(usize, usize)>,
}

impl Search<'_> {
    fn fits(&mut self, pieces: &[Piece], line: &[u8]) -> bool {
        let Some((piece, rest)) = pieces.split_first() else { return line.is_empty() };
        let Piece::Placeholder { name, rule } = piece else {
            let Ok(bytes) = fixed_bytes(piece, self.bindings) else { return false };
            return line.strip_prefix(bytes.as_slice()).is_some_and(|line| self.fits(rest, line));
        };
        if self.failed.contains(&(pieces.len(), line.len())) {
            return false;
        }
        let found = (0..=line.len()).rev().any(|end| {
            let (value, after) = line.split_at(end);
            if !(self.reads)(&rule.value, value) {
                return false;
            }
            let before = self.kept.len();
            self.kept.extend(name.iter().map(|name| (name.clone(), value.to_vec())));
            let fits = self.fits(rest, after);
            if !fits {
                self.kept.truncate(before);
            }
            fits
        });
        if !found {
            self.failed.insert((pieces.len(), line.len()));
        }
        found
    }
}

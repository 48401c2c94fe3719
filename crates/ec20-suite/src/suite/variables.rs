//! Bench variables: the numbers, addresses and names that a bench replaces by its own.
//!
//! It knows their names and values; what they are for, the transcripts that use them say.

use std::collections::BTreeMap;

use ec20_manual::bound::{self, EXPECTED, FOUND, clipped};
use toml::Spanned;

use crate::mistake::{Mistake, MistakeKind, Source};
use crate::transcript::size::ALL_BYTES;
use crate::transcript::{Bindings, Text};

/// The most variables that a file may declare.
const VARIABLES: usize = 1_000;

/// Names and values, declared once with the manual's own values as defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables {
    /// As they were written.
    written: BTreeMap<String, String>,
    /// What they stand for: every case asks for it.
    bound: Bindings,
}

impl Variables {
    /// Reads a TOML table `name = "value"`; a value may use escapes and repetitions as a transcript's text does.
    ///
    /// ```
    /// use ec20_suite::suite::Variables;
    /// let variables = Variables::read("variables.toml", "to = \"13856122546\"\n").unwrap();
    /// assert_eq!(variables.bindings().get("to"), Some(&b"13856122546"[..]));
    /// ```
    ///
    /// # Errors
    /// The first mistake, with its place. More than `VARIABLES`, or than [`bound`] and [`ALL_BYTES`] let pass, is one.
    pub fn read(file: &str, text: &str) -> Result<Self, Mistake> {
        let source = Source { file, text };
        bound::toml(text).map_err(|excess| Mistake::excess(file, text, excess))?;
        let table: BTreeMap<String, Spanned<String>> =
            toml::from_str(text).map_err(|error| Mistake::from_toml(file, text, &error))?;
        let mut variables = Self::default();
        let mut left = ALL_BYTES;
        if table.len() > VARIABLES {
            let expected = format!("at most {VARIABLES} variables");
            return Err(source.mistake(MistakeKind::Excess, 0..1, expected, table.len().to_string()));
        }
        for (name, value) in table {
            let bytes = bytes(value.get_ref()).map_err(|found| {
                source.mistake(MistakeKind::Syntax, value.span(), "text without placeholders", found)
            })?;
            left = left.checked_sub(bytes.len()).ok_or_else(|| {
                let expected = format!("variables of at most {ALL_BYTES} bytes together");
                source.mistake(MistakeKind::Excess, value.span(), expected, "more")
            })?;
            variables.bound.bind(name.clone(), bytes);
            variables.written.insert(name, value.into_inner());
        }
        Ok(variables)
    }

    /// Whether a variable of that name is declared.
    pub fn contains(&self, name: &str) -> bool {
        self.written.contains_key(name)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.written.keys().map(String::as_str)
    }

    /// Names and values as they were written, for the record of a run.
    pub fn written(&self) -> &BTreeMap<String, String> {
        &self.written
    }

    /// Replaces the value of a declared variable.
    ///
    /// # Errors
    /// Why not, in words: the name is not declared, or the value is no text.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let bytes = bytes(value)?;
        let Some(slot) = self.written.get_mut(name) else {
            let names = self.names().collect::<Vec<_>>().join(", ");
            let hint = ec20_manual::did_you_mean(name, self.names());
            let (name, names) = (clipped(name, FOUND / 2), clipped(&names, EXPECTED));
            return Err(format!("no variable is called `{name}`{hint}; there are {names}"));
        };
        value.clone_into(slot);
        self.bound.bind(name, bytes);
        Ok(())
    }

    /// What the variables stand for.
    pub const fn bindings(&self) -> &Bindings {
        &self.bound
    }
}

/// The bytes that a value stands for.
fn bytes(value: &str) -> Result<Vec<u8>, String> {
    let text = Text::read(value).map_err(|at| {
        let rest = clipped(value.get(at..).unwrap_or_default(), FOUND / 2);
        format!("`{rest}` at byte {at} (a brace or backslash is written `\\{{`, `\\\\`)")
    })?;
    text.bytes(&Bindings::default()).map_err(|error| format!("`{}`: {error}", clipped(value, FOUND / 2)))
}

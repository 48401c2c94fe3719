//! Bench variables: the numbers, addresses and names that a bench replaces by its own.
//!
//! It knows their names and values; what they are for, the transcripts that use them say.

use std::collections::BTreeMap;

use toml::Spanned;

use crate::mistake::{Mistake, MistakeKind, Source};
use crate::transcript::{Bindings, Text};

/// Names and values, declared once with the manual's own values as defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables(BTreeMap<String, String>);

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
    /// The first mistake, with its place.
    pub fn read(file: &str, text: &str) -> Result<Self, Mistake> {
        let source = Source { file, text };
        let table: BTreeMap<String, Spanned<String>> =
            toml::from_str(text).map_err(|error| Mistake::from_toml(file, text, &error))?;
        for value in table.values() {
            check(value.get_ref()).map_err(|found| {
                source.mistake(MistakeKind::Syntax, value.span(), "text without placeholders", found)
            })?;
        }
        Ok(Self(table.into_iter().map(|(name, value)| (name, value.into_inner())).collect()))
    }

    /// Whether a variable of that name is declared.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Names and values as they were written, for the record of a run.
    pub fn written(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// Replaces the value of a declared variable.
    ///
    /// # Errors
    /// Why not, in words: the name is not declared, or the value is no text.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        check(value)?;
        let names = self.0.keys().cloned().collect::<Vec<_>>().join(", ");
        match self.0.get_mut(name) {
            Some(slot) => {
                value.clone_into(slot);
                Ok(())
            }
            None => Err(format!("no variable is called `{name}`; there are {names}")),
        }
    }

    /// What the variables stand for.
    pub fn bindings(&self) -> Bindings {
        let mut bindings = Bindings::default();
        for (name, value) in &self.0 {
            let bytes = Text::read(value).ok().and_then(|text| text.bytes(&Bindings::default()).ok());
            bindings.bind(name.clone(), bytes.unwrap_or_default());
        }
        bindings
    }
}

fn check(value: &str) -> Result<(), String> {
    let text = Text::read(value).map_err(|at| {
        format!("`{}` at byte {at} (a brace or backslash is written `\\{{`, `\\\\`)", &value[at..])
    })?;
    match text.bytes(&Bindings::default()) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("`{value}`: {error}")),
    }
}

//! An unknown: a question that only hardware answers.
//!
//! Knows the question and the answers we can imagine; any other answer is kept raw by whoever asked.

use serde::Deserialize;

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// Stable id, `U-UPPER-KEBAB`.
    pub id: String,
    /// The section of the MMS manual that leaves it open.
    pub section: String,
    /// The question, as one sentence that a run can answer.
    pub question: String,
    /// Why it is open: what the manual says, what hints there are.
    pub source: String,
    /// The answers we know of. Any other answer is `observed(other)`.
    #[serde(default, rename = "answer")]
    pub answers: Vec<Answer>,
}

impl Unknown {
    /// The answer of this name.
    pub fn answer(&self, name: &str) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.name == name)
    }
}

/// One answer we know of.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Its name, unique within the unknown, `kebab-case`.
    pub name: String,
    /// The whole answer of the exchange, line by line up to its final result, in the pattern syntax of the
    /// transcripts (`{:cme_code}`). Empty: a behaviour that a transcript tells apart by its alternatives.
    #[serde(default)]
    pub lines: Vec<String>,
}

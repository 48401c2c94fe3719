//! Which answer the next POST gets: an order given while running, else the next of a list, else the standing one.
//!
//! It knows the answer file. It does not know what an answer looks like on the wire.

use std::collections::VecDeque;

use serde::Deserialize;
use toml::Spanned;

use crate::answer::Answer;

/// The answers to come.
///
/// An answer file is TOML; each answer is written in the words of [`crate::answer`]:
///
/// ```
/// let plan = mmsc::Plan::from_toml(r#"
/// first = ["http 404", 'status 132 "nobody there"']    # the first POSTs, in this order
/// every = "accept"                                     # all others; `accept` when left out
/// "#).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    orders: VecDeque<Answer>,
    first: VecDeque<Answer>,
    every: Answer,
}

impl Default for Plan {
    /// Accepts everything.
    fn default() -> Self {
        Self::always(Answer::accept())
    }
}

/// An answer file that cannot be used, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct PlanError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
}

/// The most bytes that an answer file may have.
const LONGEST: usize = 1 << 18;
/// The most bytes of what is wrong that a message repeats.
const QUOTED: usize = 800;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerFile {
    #[serde(default)]
    first: Vec<Spanned<String>>,
    every: Option<Spanned<String>>,
}

impl Plan {
    /// The same answer to every POST.
    pub fn always(every: Answer) -> Self {
        Self { orders: VecDeque::new(), first: VecDeque::new(), every }
    }

    /// Reads an answer file.
    ///
    /// # Errors
    /// It is too long, no TOML, has an unknown key, or an answer in it is none; with line and column.
    pub fn from_toml(text: &str) -> Result<Self, PlanError> {
        if text.len() > LONGEST {
            let message = format!("expected a file of at most {LONGEST} bytes, found {} bytes", text.len());
            return Err(PlanError::at(text, LONGEST, message));
        }
        let file: AnswerFile = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            PlanError::at(text, at, error.message().trim().to_owned())
        })?;
        let answer = |words: &Spanned<String>| {
            Answer::parse(words.get_ref()).map_err(|error| {
                let message = format!("expected {}, found {}", error.expected, error.found);
                PlanError::at(text, inner_offset(text, words, error.span.start), message)
            })
        };
        Ok(Self {
            orders: VecDeque::new(),
            first: file.first.iter().map(answer).collect::<Result<_, _>>()?,
            every: file.every.as_ref().map_or(Ok(Answer::accept()), answer)?,
        })
    }

    /// Gives an answer to the next POST that has no order yet.
    pub fn order(&mut self, answer: Answer) {
        self.orders.push_back(answer);
    }

    /// Takes back every order that no POST has met.
    pub fn forget_orders(&mut self) {
        self.orders.clear();
    }

    /// The answer that the next POST will get.
    pub(crate) fn next(&self) -> &Answer {
        self.orders.front().or(self.first.front()).unwrap_or(&self.every)
    }

    /// Takes that answer.
    pub(crate) fn take(&mut self) -> Answer {
        self.orders.pop_front().or_else(|| self.first.pop_front()).unwrap_or_else(|| self.every.clone())
    }
}

/// Where in the file a place inside an answer is: exact, unless escapes move it; then the answer's start.
fn inner_offset(text: &str, words: &Spanned<String>, inside: usize) -> usize {
    let span = words.span();
    let written = text.get(span.clone()).unwrap_or_default();
    match written.find(words.get_ref().as_str()) {
        Some(quote) => span.start + quote + inside,
        None => span.start,
    }
}

impl PlanError {
    fn at(text: &str, offset: usize, message: String) -> Self {
        let before = text.get(..text.floor_char_boundary(offset)).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        let mut message = message;
        if message.len() > QUOTED {
            message.truncate(message.floor_char_boundary(QUOTED));
            message.push('…');
        }
        Self { line, column, message }
    }
}

//! A transcript: one dialogue with a module, as a person wrote it.
//!
//! It knows the format (`golden/README.md` teaches it, `transcript/atx.pest` is it) and where each line stands in its file.
//! It does not know what the dialogue means, which clauses exist, or what a variable's value is.

mod front;
mod read;
pub mod size;
mod text;
mod write;

use std::collections::BTreeMap;
use std::ops::Range;

pub use text::{Bindings, Piece, Text, TextError};
pub use write::canonical;

/// One file: front matter, the judged dialogue, the part that always runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Transcript {
    /// The file's name, as it was given.
    pub file: String,
    /// The frozen id.
    pub id: String,
    /// One line for people.
    pub title: String,
    /// Clause ids; the first is judged, the others by lines that end in `#ID`.
    pub clauses: Vec<Placed<String>>,
    /// What the bench must offer.
    pub needs: Vec<Placed<String>>,
    /// Ids of the transcripts that set the stage, in order.
    pub uses: Vec<Placed<String>>,
    /// A table: one case each. Empty: one case.
    pub rows: Vec<Row>,
    /// What is judged.
    pub body: Vec<Step>,
    /// What always runs and is never judged.
    pub finally: Vec<Step>,
}

/// One row of a transcript's table: column to value.
pub type Row = BTreeMap<String, String>;

/// A value with its place in the file, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Its place in bytes of the file.
    pub span: Range<usize>,
}

/// One line of the dialogue (an expected line together with its alternatives).
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The line in the file, counted from 1.
    pub line: usize,
    /// Its place in bytes of the file.
    pub span: Range<usize>,
    /// What it asks for.
    pub kind: StepKind,
}

/// What a line of the dialogue asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    /// `>`: a command line; the runner adds its terminator.
    Send(Text),
    /// `>>`: these bytes, nothing after them.
    Raw(Text),
    /// `<` and `|`: one of these lines comes next in the answer; before it as many as come of those of `*`, which stand last.
    Expect(Vec<Alternative>),
    /// `?`: the whole answer tells which of the unknown's answers this firmware gives.
    Observe(Placed<String>),
    /// `!` and `|`: one of these lines comes by itself within the time.
    Await {
        /// How long it may take.
        within_ms: u64,
        /// What may come.
        alternatives: Vec<Alternative>,
    },
    /// `quiet`: nothing, or nothing like the text, arrives.
    Quiet {
        /// For how long.
        for_ms: u64,
        /// What is forbidden; nothing named forbids everything.
        forbidden: Option<Text>,
        /// The clause it judges, if not the case's first.
        judges: Option<Placed<String>>,
    },
    /// `wait`: time passes.
    Wait {
        /// How much.
        for_ms: u64,
    },
    /// `data`: counted bytes.
    Data(Payload),
    /// `mmsc`: the far end's next answer.
    Order(Text),
}

/// One line that may come, and what it means when it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The line in the file, counted from 1.
    pub line: usize,
    /// The bytes that must come.
    pub text: Text,
    /// What it means.
    pub outcome: Outcome,
    /// The clause it judges, if not the case's first.
    pub judges: Option<Placed<String>>,
    /// `*`: it may come any number of times, and ends nothing.
    pub repeats: bool,
}

/// What a line that came says about the module.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It keeps the promise.
    Pass,
    /// It breaks the promise, for the reason in words.
    Fail(String),
    /// It decides nothing, for the cause.
    Inconclusive(String),
    /// It answers an unknown.
    Observed {
        /// The unknown's id.
        unknown: Placed<String>,
        /// The answer's name.
        answer: String,
    },
}

/// The bytes of an upload.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// Written out.
    Text(Text),
    /// As hex pairs.
    Hex(Vec<u8>),
    /// A file of the suite.
    File(Placed<String>),
}

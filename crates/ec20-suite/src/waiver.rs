//! Waivers: known failures of known firmwares, excused for a reason and for a time.
//!
//! It knows `waivers.toml`, firmware ranges ([`firmware`]) and what a run's verdicts come to with them. A verdict itself is never changed:
//! a waiver stands beside it. It has no clock: the day is handed in.
//!
//! ```toml
//! [[waive]]
//! case = "qmmsedit-to-list/*"              # a glob over case ids, or: clause = "EDIT-LIST"
//! firmware = ">= R06A10, < R07"            # on QGMR's line; "*" is any
//! verdict = "fail"                         # what is expected instead of a pass: fail, flaky, inconclusive, broken
//! evidence = { rule = "final_cme_numeric", text = "+CME ERROR: 75*" }   # rule, class, text: at least one, all must fit
//! reason = "The list is cut after five entries; the vendor knows."
//! issue = "https://tracker.example/1234"
//! owner = "bench team"
//! expires = 2027-03-31                     # the last day it holds
//! ```
//!
//! A waiver that excuses nothing any more fails the run: the case passes, fails in another way, the day is past, or no firmware is in the
//! range. A waiver for another firmware than the run's is left alone.

mod apply;
mod file;
pub mod firmware;

use jiff::civil::Date;
use serde::Serialize;

pub use apply::{Applied, Excuse, State};

use crate::mistake::Mistake;
use firmware::Range;

/// All waivers of a file.
#[derive(Debug, Clone, Default)]
pub struct Waivers {
    file: String,
    text: String,
    all: Vec<Waiver>,
}

/// One waiver.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// What it is about.
    pub subject: Subject,
    /// The firmwares it is for.
    pub firmware: Range,
    /// What the case comes to.
    pub verdict: Expected,
    /// What the evidence must be.
    pub evidence: Evidence,
    /// Why it is excused.
    pub reason: String,
    /// Where that is tracked.
    pub issue: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day it holds.
    pub expires: Date,
    /// Its line in the file, from 1.
    pub line: usize,
    /// Where its subject stands in the file, in bytes.
    span: std::ops::Range<usize>,
}

/// What a waiver is about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// Cases whose ids fit a glob.
    Case(String, globset::GlobMatcher),
    /// A clause, whichever case (or the whole run, for a standing clause) broke it.
    Clause(String),
}

/// What a waived case comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// It fails, each time.
    Fail,
    /// It fails sometimes.
    Flaky,
    /// It is not decided.
    Inconclusive,
    /// The bench breaks on it.
    Broken,
}

impl Expected {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Fail, Self::Flaky, Self::Inconclusive, Self::Broken];

    /// The word in the file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Flaky => "flaky",
            Self::Inconclusive => "inconclusive",
            Self::Broken => "broken",
        }
    }
}

/// What the evidence of an excused failure must be; what is not given may be anything.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The grammar's rule for the line that came.
    pub rule: Option<String>,
    /// What the line that came was taken for: `information`, `urc`, `final`, `unreadable`, … or `nothing`.
    pub class: Option<String>,
    /// A glob over the text that came, or over the cause where nothing came.
    pub text: Option<(String, globset::GlobMatcher)>,
}

impl Waivers {
    /// Reads a waiver file: its form, its clauses, rules, ranges and days.
    ///
    /// ```
    /// use ec20_suite::waiver::Waivers;
    /// let mistakes = Waivers::read("w.toml", "[[waive]]\ncase = \"a\"\nclaus = \"B\"\n").unwrap_err();
    /// assert!(mistakes[0].to_string().starts_with("w.toml:3:1: "));
    /// ```
    ///
    /// # Errors
    /// Every mistake, with line and column.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        file::read(file, text)
    }

    /// The waivers whose case glob fits none of these ids: of a suite, not of a selection.
    pub fn unknown_cases<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> Vec<Mistake> {
        let ids: Vec<&str> = ids.into_iter().collect();
        let wrong = self.all.iter().filter_map(|waiver| match &waiver.subject {
            Subject::Case(glob, matcher) if !ids.iter().any(|id| matcher.is_match(id)) => {
                let near = ec20_manual::nearest(glob, ids.iter().copied());
                let near = near.map_or_else(String::new, |near| format!(" such as `{near}`"));
                Some(Mistake::at(
                    crate::mistake::MistakeKind::Dangling,
                    &self.file,
                    &self.text,
                    waiver.span.clone(),
                    format!("a glob over case ids of the suite{near}"),
                    format!("`{glob}`, which no case has"),
                ))
            }
            _ => None,
        });
        wrong.collect()
    }

    /// All waivers, in the order of the file.
    pub fn waivers(&self) -> &[Waiver] {
        &self.all
    }

    /// The file's text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Waiver {
    /// What it is about, in a word.
    pub fn subject(&self) -> &str {
        match &self.subject {
            Subject::Case(glob, _) => glob,
            Subject::Clause(clause) => clause,
        }
    }

    /// What a report prints beside the verdict: the reason, where it is tracked, until when.
    pub fn label(&self) -> String {
        format!("{} ({}, {}, until {})", self.reason, self.issue, self.owner, self.expires)
    }
}

//! A clause: one promise of the manual that a module keeps or breaks.
//!
//! Knows the shape of a promise and its numbers; refuses to know how it is asked.

use serde::Deserialize;

/// Where a promise stands. It says nothing of whether it counts: a failed `should` is a fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A rule or a table of the MMS manual, or V.250.
    Must,
    /// Only an example shows it, or a sibling manual says it.
    Should,
}

impl Level {
    /// The word that stands in the data and on the command line: `must`, `should`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
        }
    }
}

/// What sort of promise a clause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Which values a parameter takes.
    Range,
    /// How long a value may be.
    Length,
    /// How many there may be.
    Count,
    /// Which number an error carries.
    Code,
    /// Which form a command or an answer has.
    Form,
    /// What comes before what.
    Order,
    /// The value before anything was set.
    Default,
    /// What a command does.
    Behaviour,
}

impl Kind {
    /// The word that stands in the data: `range`, `length`, …
    pub const fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::Length => "length",
            Self::Count => "count",
            Self::Code => "code",
            Self::Form => "form",
            Self::Order => "order",
            Self::Default => "default",
            Self::Behaviour => "behaviour",
        }
    }
}

/// A limit has two numbers; what lies between them is an unknown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Up to this a module must accept.
    pub accept: u32,
    /// From this on a module must refuse.
    pub refuse: u32,
    /// What is counted: `bytes`, `digits`, `entries`, `seconds`.
    pub unit: String,
}

/// The values of an integer parameter, both ends included. What lies outside must be refused.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The smallest value.
    pub min: u32,
    /// The largest value.
    pub max: u32,
}

/// One promise.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Stable id, `UPPER-KEBAB`, prefixed by chapter.
    pub id: String,
    /// The section of its source, for example `2.1`.
    pub section: String,
    /// What the source is: a place in the MMS manual, a recommendation, a sibling manual.
    pub source: String,
    /// Where it stands.
    pub level: Level,
    /// What sort of promise it is.
    pub kind: Kind,
    /// The promise in our own words.
    pub promise: String,
    /// Whether the suite applies it to every exchange and the linter to any log.
    #[serde(default)]
    pub standing: bool,
    /// The grammar's names of the forms it speaks of.
    #[serde(default)]
    pub forms: Vec<String>,
    /// The field that `limit`, `range` or `words` bind, by the grammar's name.
    #[serde(default)]
    pub field: Option<String>,
    /// The two numbers of a limit.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// The range of an integer.
    #[serde(default)]
    pub range: Option<Range>,
    /// The words a string parameter takes.
    #[serde(default)]
    pub words: Vec<String>,
    /// The error number that the manual demands here.
    #[serde(default)]
    pub code: Option<u16>,
    /// Errata that touch the passage.
    #[serde(default)]
    pub errata: Vec<String>,
    /// What the passage leaves open.
    #[serde(default)]
    pub unknowns: Vec<String>,
}

impl Clause {
    /// The area: the id up to its first hyphen, in lower case.
    ///
    /// ```
    /// let manual = ec20_manual::Catalogue::manual();
    /// assert_eq!(manual.clause("CFG-MMSC-LENGTH").map(|c| c.area()), Some("cfg".to_owned()));
    /// ```
    pub fn area(&self) -> String {
        self.id.split('-').next().unwrap_or_default().to_ascii_lowercase()
    }
}

//! The command table: forms, effects, patience, final results.
//!
//! Knows commands by name and the shape of their parameters as far as effects need it; the language itself is the
//! grammar's.

use serde::Deserialize;

use crate::Effect;

/// The four forms of an AT command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FormKind {
    /// `AT+X=?`
    Test,
    /// `AT+X?`
    Read,
    /// `AT+X`, and a basic command with or without its number (`ATE0`).
    Exec,
    /// `AT+X=…`
    Write,
}

impl FormKind {
    /// The word of the grammar's names: `test`, `read`, `exec`, `write`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Read => "read",
            Self::Exec => "exec",
            Self::Write => "write",
        }
    }

    /// The form of this name.
    ///
    /// ```
    /// use ec20_manual::FormKind;
    /// assert_eq!(FormKind::named("write"), Some(FormKind::Write));
    /// assert_eq!(FormKind::named("set"), None);
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        [Self::Test, Self::Read, Self::Exec, Self::Write].into_iter().find(|kind| kind.name() == name)
    }
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// The grammar's name: without `AT` and sign, lower case (`qmmscfg`, `e`, `amp_f`, `s3`).
    pub name: String,
    /// What is typed after `AT`: `+QMMSCFG`, `E`, `&F`; nothing for the bare `AT`.
    pub at: String,
    /// The chapter of its manual, or the recommendation's clause.
    pub section: String,
    /// Which manual.
    pub source: String,
    /// How long to wait for its final result, in milliseconds: patience, no promise. See `response_source`.
    pub response_ms: u32,
    /// Where `response_ms` is from.
    pub response_source: String,
    /// The grammar's names of the final results it may end with.
    pub finals: Vec<String>,
    /// A result that comes after the final one, if the command has such.
    #[serde(default)]
    pub result: Option<ResultLine>,
    /// Its forms, most special first.
    #[serde(rename = "form")]
    pub forms: Vec<Form>,
}

/// A result that follows an accepted command on its own (`+QMMSEND`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultLine {
    /// The grammar's name of the line.
    pub name: String,
    /// The parameter, from 1, that holds the time limit in seconds.
    pub timeout_param: usize,
    /// What is granted beyond it, in milliseconds.
    pub margin_ms: u32,
}

/// One form of a command.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The grammar's name: `qmmscfg_contextid_write`.
    pub name: String,
    /// Which of the four.
    pub kind: FormKind,
    /// What its first parameter must be, without quotes, for this row to apply.
    #[serde(default)]
    pub first: Option<String>,
    /// What its second parameter must be.
    #[serde(default)]
    pub second: Option<String>,
    /// How many parameters it must have.
    #[serde(default)]
    pub count: Option<usize>,
    /// The worst it can do.
    pub effect: Effect,
    /// Cases in which it does less. The first that fits counts.
    #[serde(default)]
    pub milder: Vec<Milder>,
    /// The grammar's names of the information lines it may bring.
    #[serde(default)]
    pub info: Vec<String>,
}

impl Form {
    /// Whether parameters of this shape belong to this row.
    pub(crate) fn fits(&self, params: &[&[u8]]) -> bool {
        let is = |at: usize, want: &Option<String>| {
            want.as_ref().is_none_or(|want| params.get(at).is_some_and(|have| *have == want.as_bytes()))
        };
        is(0, &self.first) && is(1, &self.second) && self.count.is_none_or(|count| params.len() == count)
    }
}

/// A case in which a form does less than its worst. Every condition given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milder {
    /// What it does then.
    pub effect: Effect,
    /// How many parameters there are.
    #[serde(default)]
    pub count: Option<usize>,
    /// Which parameter, from 1, the conditions below look at.
    #[serde(default)]
    pub param: Option<usize>,
    /// It is this, without quotes.
    #[serde(default)]
    pub is: Option<String>,
    /// It starts with this.
    #[serde(default)]
    pub starts: Option<String>,
    /// It names a file that this run uploaded, and no wildcard.
    #[serde(default)]
    pub uploaded: bool,
}

impl Milder {
    /// Whether the case applies.
    pub(crate) fn fits(&self, params: &[&[u8]], uploaded: &dyn Fn(&[u8]) -> bool) -> bool {
        if self.count.is_some_and(|count| params.len() != count) {
            return false;
        }
        let Some(at) = self.param else { return self.count.is_some() };
        let Some(value) = at.checked_sub(1).and_then(|at| params.get(at)) else { return false };
        let wildcard = value.iter().any(|byte| matches!(byte, b'*' | b'?'));
        self.is.as_ref().is_none_or(|is| *value == is.as_bytes())
            && self.starts.as_ref().is_none_or(|starts| value.starts_with(starts.as_bytes()))
            && (!self.uploaded || (!wildcard && uploaded(value)))
    }
}

//! What stands beside a case or a clause on the page: one word, one sign.
//!
//! Verdicts have their own words; a page needs four more: a case that never ran, one whose attempts contradict each other, a clause that
//! a failure elsewhere left open, and a clause of which only some cases were asked. It decides nothing, it only names.

use serde::{Serialize, Serializer};

use crate::recorded::Case;
use crate::verdict::Verdict;

/// A word of the page, gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// The module broke a clause.
    Fail,
    /// Some attempts passed, some failed.
    Flaky,
    /// The bench failed.
    Broken,
    /// Something outside the module kept it from being decided.
    Inconclusive,
    /// The case failed over another of its clauses.
    Open,
    /// The run ended before it.
    NeverRun,
    /// An effect was not allowed.
    Withheld,
    /// The bench lacks a need.
    Unsupported,
    /// Of a clause: some of its cases were decided and kept, others not asked or not decided.
    Partly,
    /// Of a standing clause: nothing happened that could have broken it.
    NotExercised,
    /// An unknown was answered.
    Observed,
    /// The promise is kept.
    Pass,
}

impl Mark {
    /// What a case came to.
    pub(super) fn of(case: &Case) -> Self {
        match case.settled() {
            None => Self::NeverRun,
            Some((_, true)) => Self::Flaky,
            Some((verdict, false)) => Self::from(verdict),
        }
    }

    /// What the cases of a clause come to together.
    pub(super) fn together(marks: &[Self]) -> Self {
        let gravest = marks.iter().copied().min().unwrap_or(Self::NeverRun);
        let undecided = matches!(gravest, Self::Open | Self::NeverRun | Self::Withheld | Self::Unsupported);
        match gravest {
            _ if undecided && marks.iter().any(|mark| mark.is_kept()) => Self::Partly,
            Self::Observed if marks.contains(&Self::Pass) => Self::Pass,
            _ => gravest,
        }
    }

    /// Whether a reader has to look at it before signing.
    pub(super) const fn needs_a_look(self) -> bool {
        matches!(self, Self::Fail | Self::Flaky | Self::Broken | Self::Inconclusive)
    }

    /// Whether nothing is left to ask.
    pub(super) const fn is_kept(self) -> bool {
        matches!(self, Self::Pass | Self::Observed)
    }

    /// The word, as every report prints it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Flaky => "flaky",
            Self::Broken => "broken",
            Self::Inconclusive => "inconclusive",
            Self::Open => "open",
            Self::NeverRun => "never-run",
            Self::Withheld => "withheld",
            Self::Unsupported => "unsupported",
            Self::Partly => "partly",
            Self::NotExercised => "not-exercised",
            Self::Observed => "observed",
            Self::Pass => "pass",
        }
    }

    /// The sign, which tells the words apart without colour.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Fail => "✕",
            Self::Flaky => "≈",
            Self::Broken => "!",
            Self::Inconclusive => "?",
            Self::Open => "·",
            Self::NeverRun => "○",
            Self::Withheld => "⊘",
            Self::Unsupported => "–",
            Self::Partly => "◐",
            Self::NotExercised => "◌",
            Self::Observed => "◆",
            Self::Pass => "✓",
        }
    }

    /// What it means, for the legend.
    pub(super) const fn meaning(self) -> &'static str {
        match self {
            Self::Fail => "the module broke a clause",
            Self::Flaky => "attempts contradict each other; counts as a failure",
            Self::Broken => "the bench failed: port, second talker, power",
            Self::Inconclusive => "something outside the module kept it from being decided",
            Self::Open => "the case failed over another clause before this one was decided",
            Self::NeverRun => "the run ended before it",
            Self::Withheld => "not asked: an effect was not allowed",
            Self::Unsupported => "not asked: the bench lacks something",
            Self::NotExercised => "watched, but nothing happened that could have broken it",
            Self::Partly => "kept where it was asked; some of its cases were not",
            Self::Observed => "the manual leaves it open; the answer is recorded",
            Self::Pass => "the promise is kept",
        }
    }
}

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl From<Verdict> for Mark {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Observed => Self::Observed,
            Verdict::Inconclusive => Self::Inconclusive,
            Verdict::Fail => Self::Fail,
            Verdict::Broken => Self::Broken,
            Verdict::Withheld => Self::Withheld,
            Verdict::Unsupported => Self::Unsupported,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mark::{self, Fail, Observed, Partly, Pass, Unsupported, Withheld};

    #[track_caller]
    fn together(marks: &[Mark], wanted: Mark) {
        assert_eq!(Mark::together(marks), wanted, "{marks:?}");
    }

    #[test]
    fn a_clause_is_as_good_as_its_worst_case_and_says_when_it_was_asked_only_in_part() {
        together(&[Pass, Pass], Pass);
        together(&[Pass, Observed], Pass);
        together(&[Observed, Observed], Observed);
        together(&[Pass, Fail, Withheld], Fail);
        together(&[Pass, Withheld], Partly);
        together(&[Observed, Unsupported], Partly);
        together(&[Withheld, Unsupported], Withheld);
    }
}

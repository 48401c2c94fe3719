//! What a case came to, and what a whole run came to.
//!
//! It knows the order in which verdicts rise, the exit codes and their words. It does not know how a verdict was reached.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What one case (or one standing clause) came to. Within a case a verdict only rises in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The promise is kept.
    Pass,
    /// An unknown was answered.
    Observed,
    /// Something outside the module kept the question from being decided.
    Inconclusive,
    /// The module broke a clause.
    Fail,
    /// The bench failed: port, second talker, power.
    Broken,
    /// Not asked: an effect was not allowed.
    Withheld,
    /// Not asked: the bench lacks a need.
    Unsupported,
}

impl Verdict {
    /// All verdicts, in the order they are counted in.
    pub const ALL: [Self; 7] = [
        Self::Pass,
        Self::Observed,
        Self::Inconclusive,
        Self::Fail,
        Self::Broken,
        Self::Withheld,
        Self::Unsupported,
    ];

    /// The word for it, as every report prints it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Observed => "observed",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
            Self::Broken => "broken",
            Self::Withheld => "withheld",
            Self::Unsupported => "unsupported",
        }
    }

    /// Whether the question was put to the module and decided.
    pub const fn decided(self) -> bool {
        matches!(self, Self::Pass | Self::Observed | Self::Fail)
    }
}

/// What several attempts at one case came to: one passed and one failed make it flaky, which counts as a failure.
///
/// ```
/// use ec20_suite::verdict::{Verdict, settled};
/// assert_eq!(settled(&[Verdict::Pass, Verdict::Pass]), Some((Verdict::Pass, false)));
/// assert_eq!(settled(&[Verdict::Fail, Verdict::Pass]), Some((Verdict::Fail, true)));
/// ```
pub fn settled(attempts: &[Verdict]) -> Option<(Verdict, bool)> {
    let worst = attempts.iter().copied().max()?;
    let good = attempts.iter().any(|verdict| matches!(verdict, Verdict::Pass | Verdict::Observed));
    let bad = attempts.contains(&Verdict::Fail);
    if good && bad {
        return Some((Verdict::Fail, true));
    }
    // A retry that decided outranks an attempt that could not.
    let decided = attempts.iter().copied().filter(|verdict| verdict.decided()).max();
    Some((decided.unwrap_or(worst), false))
}

/// The end of a run, as the process's exit code says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Every selected clause was asked and passed.
    Kept,
    /// A clause failed, or a waiver is stale or expired.
    Broke,
    /// Usage, transcript, bench or waiver file wrong: nothing was sent.
    Usage,
    /// The bench failed, or the run was interrupted.
    Bench,
    /// Nothing was selected.
    Empty,
    /// Some selected clause was not asked or not decided.
    Undecided,
}

impl Exit {
    /// Every way a run ends, so that a journal's number can be read back.
    pub const ALL: [Self; 6] =
        [Self::Kept, Self::Broke, Self::Usage, Self::Bench, Self::Empty, Self::Undecided];

    /// The process's exit code.
    pub const fn code(self) -> u8 {
        match self {
            Self::Kept => 0,
            Self::Broke => 1,
            Self::Usage => 2,
            Self::Bench => 3,
            Self::Empty => 4,
            Self::Undecided => 5,
        }
    }

    /// What the verdicts of a run come to, in the order the design fixes: interrupted, failed, bench trouble, undecided, kept.
    pub fn of(verdicts: impl IntoIterator<Item = Verdict>, interrupted: bool) -> Self {
        let (mut any, mut failed, mut broken, mut open) = (false, false, false, false);
        for verdict in verdicts {
            any = true;
            match verdict {
                Verdict::Pass | Verdict::Observed => {}
                Verdict::Fail => failed = true,
                Verdict::Broken => broken = true,
                Verdict::Inconclusive | Verdict::Withheld | Verdict::Unsupported => open = true,
            }
        }
        match () {
            () if interrupted => Self::Bench,
            () if failed => Self::Broke,
            () if broken => Self::Bench,
            () if !any => Self::Empty,
            () if open => Self::Undecided,
            () => Self::Kept,
        }
    }
}

/// What the code means, as a sentence.
impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kept => "every selected clause was asked, and kept",
            Self::Broke => "the module broke a clause",
            Self::Usage => "a file or an argument is wrong; nothing was sent",
            Self::Bench => "the bench failed, or the run was interrupted",
            Self::Empty => "nothing was selected",
            Self::Undecided => "some selected clause was not asked, or not decided",
        })
    }
}

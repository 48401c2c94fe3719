//! The manual's limits, as the catalogue has them and as a deviation may move them.
//!
//! Knows how to ask where a value stands. Refuses to know any number: they stand in `clauses.toml`.

use ec20_manual::Catalogue;

use crate::module::Module;
use crate::reply::Refusal;

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The manual promises that it is taken.
    Within,
    /// The manual can be read either way.
    Between,
    /// The manual promises that it is refused.
    Outside,
}

impl Module {
    /// The refusal with the code that a clause demands.
    #[expect(clippy::unused_self, reason = "asked of the module like every other refusal")]
    pub(crate) fn demanded(&self, clause: &str) -> Refusal {
        Catalogue::manual().clause(clause).and_then(|clause| clause.code).map_or(Refusal::Error, Refusal::Cme)
    }

    /// A number within the range of a clause.
    pub(crate) fn within(&self, clause: &'static str, value: Option<i64>) -> Option<i64> {
        value.filter(|value| self.fit(clause, *value) == Fit::Within)
    }

    /// Where a value, a length or a count stands by a clause.
    pub(crate) fn fit(&self, clause: &'static str, value: i64) -> Fit {
        let (mut min, mut accept, mut refuse) = bounds(clause);
        if let Some((smallest, largest)) = self.deviations.limit(clause) {
            min = smallest.unwrap_or(min);
            if let Some(largest) = largest {
                (accept, refuse) = (largest, largest.saturating_add(1));
            }
        }
        match value {
            _ if value < min || value >= refuse => Fit::Outside,
            _ if value <= accept => Fit::Within,
            _ => Fit::Between,
        }
    }
}

/// The numbers of a clause: the smallest value that passes, the largest that must pass, the smallest beyond it that must
/// fail.
fn bounds(clause: &str) -> (i64, i64, i64) {
    let endless = (0, i64::MAX - 1, i64::MAX);
    let Some(clause) = Catalogue::manual().clause(clause) else { return endless };
    if let Some(range) = &clause.range {
        return (i64::from(range.min), i64::from(range.max), i64::from(range.max) + 1);
    }
    clause.limit.as_ref().map_or(endless, |limit| (0, i64::from(limit.accept), i64::from(limit.refuse)))
}

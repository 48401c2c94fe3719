//! A comparison seen from the other side.
//!
//! It knows which change is which one's mirror image; everything else only changes sides.

use super::{CaseComparison, Change, Comparison, Difference, Row, StandingComparison, UnknownComparison};

impl Comparison {
    /// The comparison of B with A.
    #[must_use]
    pub fn mirrored(self) -> Self {
        let cases = self.cases.into_iter().map(CaseComparison::mirrored).collect();
        let standing = self.standing.into_iter().map(|one| StandingComparison {
            a: one.b,
            b: one.a,
            change: one.change.map(Change::mirrored),
            ..one
        });
        let unknowns = self.unknowns.into_iter().map(|one| UnknownComparison { a: one.b, b: one.a, ..one });
        Self {
            a: self.b,
            b: self.a,
            cases,
            only_a: self.only_b,
            only_b: self.only_a,
            only_a_failed: self.only_b_failed,
            only_b_failed: self.only_a_failed,
            standing: standing.collect(),
            unknowns: unknowns.collect(),
            remarks: self.remarks,
            timing: self.timing,
        }
    }
}

impl CaseComparison {
    fn mirrored(self) -> Self {
        let differences = self.differences.into_iter().map(|one| {
            let (rule, rule_b) = match (one.rule, one.rule_b) {
                (rule, Some(rule_b)) => (Some(rule_b), rule),
                same => same,
            };
            Difference { change: one.change.mirrored(), rule, rule_b, a: one.b, b: one.a, ..one }
        });
        let rows = self.dialogue.into_iter().map(|row| Row {
            a: row.b,
            b: row.a,
            change: row.change.map(Change::mirrored),
            ..row
        });
        Self {
            a: self.b,
            b: self.a,
            changes: self.changes.into_iter().map(Change::mirrored).collect(),
            differences: differences.collect(),
            dialogue: rows.collect(),
            asked_a: self.asked_b,
            asked_b: self.asked_a,
            ..self
        }
    }
}

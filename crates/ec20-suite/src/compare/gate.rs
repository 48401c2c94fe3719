//! Which changes block.
//!
//! It knows words and exit codes.

use std::collections::BTreeSet;

use super::{CaseComparison, Change, Comparison, Difference};
use crate::verdict::Exit;

/// The changes that block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate(BTreeSet<Change>);

impl Default for Gate {
    /// What a program that talks to the module can trip over: `broke`, `unstable`, `class`, `restructured`, `lost-urc`.
    fn default() -> Self {
        Self(BTreeSet::from([
            Change::Broke,
            Change::Unstable,
            Change::Result,
            Change::Restructured,
            Change::LostUrc,
        ]))
    }
}

impl Gate {
    /// Reads `broke,class,restructured`; `all` and `none` are words too.
    ///
    /// ```
    /// use ec20_suite::compare::{Change, gate::Gate};
    /// let gate = Gate::read("broke,class").unwrap();
    /// assert!(gate.blocks(Change::Result) && !gate.blocks(Change::Value));
    /// assert!(Gate::read("broken").unwrap_err().starts_with("expected all, none or"));
    /// ```
    ///
    /// # Errors
    /// The word that is none, and the words there are.
    pub fn read(words: &str) -> Result<Self, String> {
        let mut changes = BTreeSet::new();
        for word in words.split(',').map(str::trim) {
            match (word, Change::ALL.into_iter().find(|change| change.word() == word)) {
                (_, Some(change)) => {
                    changes.insert(change);
                }
                ("all", _) => changes.extend(Change::ALL),
                ("none", _) => {}
                _ => {
                    let all = Change::ALL.map(Change::word).join(", ");
                    return Err(format!("expected all, none or some of {all}, found `{word}`"));
                }
            }
        }
        Ok(Self(changes))
    }

    /// Whether a change blocks.
    pub fn blocks(&self, change: Change) -> bool {
        self.0.contains(&change)
    }

    /// The words it is made of.
    pub fn words(&self) -> String {
        if self.0.is_empty() {
            return "none".to_owned();
        }
        self.0.iter().rev().map(|change| change.word()).collect::<Vec<_>>().join(", ")
    }

    /// The changes of a case that block, the least first.
    ///
    /// Where a waiver excuses the failure in B, the failure and the line that is its evidence block nothing; any other change does.
    pub fn blocking<'a>(&'a self, case: &'a CaseComparison) -> impl DoubleEndedIterator<Item = Change> + 'a {
        // Where the journal says that nothing came, the evidence is a line that is missing.
        let came = case.b.came.as_deref().filter(|came| *came != "nothing");
        let excused = move |change: Change| {
            let own = |one: &Difference| change == Change::Broke || one.b.as_deref() == came;
            case.b.waiver.is_some() && case.differences.iter().filter(|one| one.change == change).all(own)
        };
        case.changes.iter().copied().filter(move |change| self.blocks(*change) && !excused(*change))
    }

    /// What blocks, each as `case: changes`, waived failures left out.
    pub fn blocked(&self, comparison: &Comparison) -> Vec<String> {
        let mut blocked = Vec::new();
        for case in comparison.changed() {
            let words: Vec<_> = self.blocking(case).map(Change::word).collect();
            if !words.is_empty() {
                blocked.push(format!("{}: {}", case.case, words.join(", ")));
            }
        }
        for standing in comparison.standing.iter().filter(|standing| standing.waiver.is_none()) {
            if let Some(change) = standing.change.filter(|change| self.blocks(*change)) {
                blocked.push(format!("{}: {}", standing.clause, change.word()));
            }
        }
        blocked
    }

    /// How the comparison ends: 1 something blocks · 4 no case is in both · 5 some case could not be compared · 0.
    pub fn exit(&self, comparison: &Comparison) -> Exit {
        let undecided = comparison.counts().contains_key(&Change::Undecided);
        match () {
            () if comparison.cases.is_empty() => Exit::Empty,
            () if !self.blocked(comparison).is_empty() => Exit::Broke,
            () if undecided || !comparison.only_a.is_empty() || !comparison.only_b.is_empty() => {
                Exit::Undecided
            }
            () => Exit::Kept,
        }
    }

    /// Why it ends so.
    pub fn reason(&self, comparison: &Comparison) -> String {
        let alone = comparison.only_a.len().saturating_add(comparison.only_b.len());
        match self.exit(comparison) {
            Exit::Empty => "no case is in both runs".to_owned(),
            Exit::Broke => "a change blocks".to_owned(),
            Exit::Undecided if alone > 0 => format!("{alone} cases are in one run only"),
            Exit::Undecided => "some case was decided in one run only".to_owned(),
            _ => "no change blocks".to_owned(),
        }
    }
}

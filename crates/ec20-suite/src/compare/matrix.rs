//! Several runs beside each other: every case a row, every run a column, each held against the first.
//!
//! It knows nothing that a comparison of two does not know.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;

use super::gate::Gate;
use super::{Change, Comparison, Side, compare, timing};
use crate::recorded::Recorded;
use crate::verdict::{Exit, Verdict};
use crate::waiver::Applied;

/// Several runs beside each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Matrix {
    /// The runs, the first being what the others are compared with.
    pub runs: Vec<Side>,
    /// Every case that any of them has, by id.
    pub rows: Vec<Line>,
    /// Each of the others compared with the first.
    #[serde(skip)]
    pub comparisons: Vec<Comparison>,
}

/// A case over all runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The case's id.
    pub case: String,
    /// What it came to in each run; nothing where the run does not have it or never ended it.
    pub cells: Vec<Option<Entry>>,
}

/// A case in one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The verdict.
    pub verdict: Option<Verdict>,
    /// Whether its attempts contradict each other.
    pub flaky: bool,
    /// What changed against the first run.
    pub changes: BTreeSet<Change>,
    /// The waiver that excuses it; the verdict stays what it is.
    pub waiver: Option<String>,
}

impl Matrix {
    /// Lays runs beside each other; nothing comes of fewer than two.
    pub fn of(runs: &[(&str, &Recorded)], rule: timing::Rule) -> Option<Self> {
        let (first, others) = runs.split_first().filter(|(_, others)| !others.is_empty())?;
        let comparisons: Vec<_> = others.iter().map(|other| compare(*first, *other, rule)).collect();
        let sides = comparisons.first().map(|one| one.a.clone()).into_iter();
        let sides = sides.chain(comparisons.iter().map(|one| one.b.clone())).collect();
        let mut rows: BTreeMap<super::Key<'_>, Vec<Option<Entry>>> = BTreeMap::new();
        for (column, (_, run)) in runs.iter().enumerate() {
            let changes: BTreeMap<&str, &BTreeSet<Change>> = column
                .checked_sub(1)
                .and_then(|at| comparisons.get(at))
                .map(|comparison| {
                    comparison.cases.iter().map(|case| (case.case.as_str(), &case.changes)).collect()
                })
                .unwrap_or_default();
            for (key, case) in super::by_id(run) {
                let settled = case.settled();
                let entry = Entry {
                    verdict: settled.map(|(verdict, _)| verdict),
                    flaky: settled.is_some_and(|(_, flaky)| flaky),
                    changes: changes
                        .get(case.planned.case.as_str())
                        .map(|changes| (*changes).clone())
                        .unwrap_or_default(),
                    waiver: None,
                };
                let row = rows.entry(key).or_insert_with(|| vec![None; runs.len()]);
                if let Some(cell) = row.get_mut(column) {
                    *cell = Some(entry);
                }
            }
        }
        let rows =
            rows.into_iter().map(|((_, _, case), cells)| Line { case: case.to_owned(), cells }).collect();
        Some(Self { runs: sides, rows, comparisons })
    }

    /// Notes what waivers excuse in each run, in the order of the runs.
    pub fn waive(&mut self, applied: &[Applied]) {
        let Some((first, others)) = applied.split_first() else { return };
        for (comparison, other) in self.comparisons.iter_mut().zip(others) {
            comparison.waive(first, other);
        }
        for row in &mut self.rows {
            for (entry, applied) in row.cells.iter_mut().zip(applied) {
                if let Some(entry) = entry {
                    entry.waiver = applied.cases.get(&row.case).cloned();
                }
            }
        }
    }

    /// The gravest way any of the comparisons ends.
    pub fn exit(&self, gate: &Gate) -> Exit {
        let exits: Vec<_> = self.comparisons.iter().map(|comparison| gate.exit(comparison)).collect();
        let order = [Exit::Empty, Exit::Broke, Exit::Undecided];
        order.into_iter().find(|exit| exits.contains(exit)).unwrap_or(Exit::Kept)
    }

    /// Why it ends so: the reason of the first comparison that ends in the same way.
    pub fn reason(&self, gate: &Gate) -> String {
        let exit = self.exit(gate);
        let first = self.comparisons.iter().find(|comparison| gate.exit(comparison) == exit);
        first.map_or_else(String::new, |comparison| gate.reason(comparison))
    }

    /// The rows in which anything differs.
    pub fn changed(&self) -> impl Iterator<Item = &Line> {
        self.rows.iter().filter(|row| row.differs())
    }

    /// The matrix as text: the runs, the rows that differ, and which runs the gate blocks.
    pub fn text(&self, gate: &Gate) -> String {
        let mut out = String::new();
        for (number, side) in self.runs.iter().enumerate() {
            let _ = writeln!(out, "{}  {}", number + 1, super::terminal::head(side));
        }
        let width = self.changed().map(|row| row.case.len()).max().unwrap_or(4).max(4);
        let cells = self.changed().flat_map(|row| &row.cells);
        let wide = cells.map(|cell| words(cell.as_ref()).len()).max().unwrap_or(0);
        let heads: Vec<_> = (1..=self.runs.len()).map(|number| format!("{number:<wide$}")).collect();
        let _ = writeln!(out, "\n{:<width$}  {}", "case", heads.join("  ").trim_end());
        for row in self.changed() {
            let cells: Vec<_> =
                row.cells.iter().map(|cell| format!("{:<wide$}", words(cell.as_ref()))).collect();
            let _ = writeln!(out, "{:<width$}  {}", row.case, cells.join("  ").trim_end());
        }
        let same = self.rows.len() - self.changed().count();
        let _ = writeln!(
            out,
            "\n{same} of {} cases are the same in all {} runs",
            self.rows.len(),
            self.runs.len()
        );
        for (number, comparison) in (2..).zip(&self.comparisons) {
            let _ = match gate.blocked(comparison).len() {
                0 => writeln!(out, "{number}  nothing blocks ({} would)", gate.words()),
                1 => writeln!(out, "{number}  blocked by 1 case"),
                many => writeln!(out, "{number}  blocked by {many} cases"),
            };
        }
        out
    }
}

impl Line {
    /// Whether any run differs from the first in it.
    pub fn differs(&self) -> bool {
        self.cells.iter().any(|cell| cell.as_ref().is_none_or(|entry| !entry.changes.is_empty()))
    }
}

fn words(cell: Option<&Entry>) -> String {
    let Some(entry) = cell else { return "-".to_owned() };
    let verdict = if entry.flaky { "flaky" } else { entry.verdict.map_or("never ended", Verdict::word) };
    let changes: Vec<_> = entry.changes.iter().rev().map(|change| change.word()).collect();
    let waived = if entry.waiver.is_some() { ", waived" } else { "" };
    if changes.is_empty() {
        format!("{verdict}{waived}")
    } else {
        format!("{verdict} ({}){waived}", changes.join(" "))
    }
}

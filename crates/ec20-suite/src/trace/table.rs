//! The table as Markdown, and the mutants read back from it.
//!
//! Knows the columns; that the same columns are written and read stands here alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ec20_manual::Clause;

use super::{Fate, Mutant, Mutants, Trace};

const CLAUSES: &str = "| clause | level | asked by | also judged in | rules | mutants |";
const MUTANTS: &str = "| mutant | clause | origin | found out by |";
/// Before the reason for which a mutant is not found out, or a clause has none.
const NONE: &str = "none: ";
/// In place of a case that finds a mutant out.
const SURVIVES: &str = "**survives**";

impl fmt::Display for Trace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.mutants.all.iter().filter(|mutant| matches!(mutant.fate, Fate::FoundBy(_))).count();
        writeln!(f, "# Trace\n")?;
        writeln!(
            f,
            "What each clause of the manual is asked by, where it stands in the grammar, and which mutants break it. Made by the tests of\n\
             `golden/`, which ask the mutants (`EC20_TRACE=write cargo test -p ec20-golden trace`); `cargo xtask trace --check` says what is missing.\n"
        )?;
        writeln!(
            f,
            "{} clauses · {} cases of {} transcripts · {} rules · {} mutants, {found} found out by a case of their clause\n",
            self.catalogue.clauses().len(),
            self.rows.values().sum::<usize>(),
            self.rows.len(),
            self.rules.len(),
            self.mutants.all.len(),
        )?;
        self.clauses(f)?;
        writeln!(f, "\n## Errata\n\n| erratum | clauses | examples |\n|---|---|---|")?;
        for erratum in self.catalogue.errata() {
            let clauses = self.clauses_with(|clause| &clause.errata, &erratum.id);
            let examples: BTreeSet<&str> = erratum.edits.iter().map(|edit| edit.example.as_str()).collect();
            writeln!(f, "| {} | {} | {} |", erratum.id, list(clauses), list(examples))?;
        }
        writeln!(f, "\n## Unknowns\n\n| unknown | clauses | observed by |\n|---|---|---|")?;
        for unknown in self.catalogue.unknowns() {
            let clauses = self.clauses_with(|clause| &clause.unknowns, &unknown.id);
            let observed = self.asked.observed.get(&unknown.id).into_iter().flatten();
            writeln!(f, "| {} | {} | {} |", unknown.id, list(clauses), list(observed))?;
        }
        writeln!(f, "\n## Mutants\n\n{MUTANTS}\n|---|---|---|---|")?;
        for mutant in &self.mutants.all {
            let Mutant { id, clause, origin, fate } = mutant;
            let fate = match fate {
                Fate::FoundBy(case) => case.clone(),
                Fate::Excused(reason) => format!("{NONE}{reason}"),
                Fate::Survives => SURVIVES.to_owned(),
            };
            writeln!(f, "| {id} | {clause} | {origin} | {fate} |")?;
        }
        Ok(())
    }
}

impl Trace<'_> {
    fn clauses(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "## Clauses\n\n{CLAUSES}\n|---|---|---|---|---|---|")?;
        for clause in self.catalogue.clauses() {
            let asked = self.asked.first.get(&clause.id).into_iter().flatten();
            let mut asked = list(asked.map(|id| match self.rows.get(id) {
                Some(rows) if *rows > 1 => format!("{id} ×{rows}"),
                _ => id.clone(),
            }));
            if clause.standing {
                asked =
                    list(["every exchange".to_owned(), asked].into_iter().filter(|words| !words.is_empty()));
            }
            let lines = list(self.asked.line.get(&clause.id).into_iter().flatten());
            let rules = self.rules.iter().filter(|rule| rule.clause == clause.id).map(|rule| rule.name);
            let rules = list(rules.collect::<BTreeSet<_>>());
            let (id, level) = (&clause.id, clause.level.name());
            writeln!(f, "| {id} | {level} | {asked} | {lines} | {rules} | {} |", self.mutants_cell(clause))?;
        }
        Ok(())
    }

    fn mutants_cell(&self, clause: &Clause) -> String {
        if let Some(reason) = self.mutants.none.get(&clause.id) {
            return format!("{NONE}{reason}");
        }
        let all = self.mutants_of(clause).count();
        let found = self.mutants_of(clause).filter(|mutant| matches!(mutant.fate, Fate::FoundBy(_))).count();
        format!("{found} of {all}")
    }
}

fn list<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<T> = words.into_iter().collect();
    words.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ")
}

impl Mutants {
    /// What a table tells of the mutants; of one that is no such table, nothing.
    pub fn read(table: &str) -> Self {
        let all = rows(table, MUTANTS).filter_map(|row| {
            let [id, clause, origin, fate] = row[..] else { return None };
            let fate = match fate.strip_prefix(NONE) {
                Some(reason) => Fate::Excused(reason.to_owned()),
                None if fate == SURVIVES => Fate::Survives,
                None => Fate::FoundBy(fate.to_owned()),
            };
            let (id, clause, origin) = (id.to_owned(), clause.to_owned(), origin.to_owned());
            Some(Mutant { id, clause, origin, fate })
        });
        let none: BTreeMap<String, String> = rows(table, CLAUSES)
            .filter_map(|row| Some(((*row.first()?).to_owned(), row.last()?.strip_prefix(NONE)?.to_owned())))
            .collect();
        Self { all: all.collect(), none }
    }
}

/// The rows below a head, each as its cells.
fn rows<'t>(table: &'t str, head: &'t str) -> impl Iterator<Item = Vec<&'t str>> {
    let below = table.lines().skip_while(move |line| *line != head).skip(2);
    below
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_start_matches("| ").trim_end_matches(" |").split(" | ").collect())
}

//! Traceability: which clause is asked by which cases, stands in which rules of the grammar, and is broken by which mutants.
//!
//! Knows how the table is written and what is missing in it. What became of a mutant it is told: by whoever asked the mutants, or
//! by a table written before.

mod table;

use std::collections::{BTreeMap, BTreeSet};

use ec20_grammar::RuleInfo;
use ec20_manual::{Catalogue, Clause};

use crate::suite::Suite;
use crate::transcript::{Outcome, StepKind, Transcript};

/// In place of a case: the runner's own questions before, between and after the cases found a mutant out.
pub const THE_RUN: &str = "the run itself";

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A case of its clause found it out.
    FoundBy(String),
    /// No case of its clause finds it out, for this reason.
    Excused(String),
    /// No case of its clause finds it out, and nobody says why.
    Survives,
}

/// A module that breaks one clause, as the table shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// Its stable id.
    pub id: String,
    /// The clause that it breaks.
    pub clause: String,
    /// Where it comes from: `generated`, `written`, `blind`.
    pub origin: String,
    /// What became of it.
    pub fate: Fate,
}

/// All mutants, and the clauses for which there can be none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mutants {
    /// The mutants, in the order of the table.
    pub all: Vec<Mutant>,
    /// Clause → why no module can break it so that it shows.
    pub none: BTreeMap<String, String>,
}

/// What transcripts say of clauses and unknowns.
#[derive(Debug, Default)]
struct Asked {
    /// Clause → the transcripts that judge it first.
    first: BTreeMap<String, BTreeSet<String>>,
    /// Clause → the transcripts that judge it by one of their lines.
    line: BTreeMap<String, BTreeSet<String>>,
    /// Unknown → the transcripts that observe it.
    observed: BTreeMap<String, BTreeSet<String>>,
    /// Transcripts that judge nothing.
    idle: Vec<String>,
}

/// The table: made anew from transcripts, catalogue and grammar, with what is known of the mutants.
#[derive(Debug)]
pub struct Trace<'t> {
    catalogue: &'t Catalogue,
    rules: &'t [RuleInfo],
    mutants: &'t Mutants,
    asked: Asked,
    /// How many cases a transcript makes.
    rows: BTreeMap<String, usize>,
}

impl<'t> Trace<'t> {
    /// The table of a suite.
    pub fn of(suite: &Suite, mutants: &'t Mutants) -> Self {
        let mut rows = BTreeMap::new();
        for case in suite.cases() {
            *rows.entry(case.transcript.id.clone()).or_default() += 1;
        }
        let mut asked = Asked::default();
        for transcript in suite.transcripts() {
            asked.add(transcript);
        }
        Self { catalogue: Catalogue::manual(), rules: ec20_grammar::rules(), mutants, asked, rows }
    }

    /// What is missing, one sentence each; nothing when every promise is asked, written down and put to the proof.
    pub fn findings(&self) -> Vec<String> {
        let mut found = Vec::new();
        for clause in self.catalogue.clauses() {
            let is_asked =
                self.asked.first.contains_key(&clause.id) || self.asked.line.contains_key(&clause.id);
            if !clause.standing && !is_asked {
                found.push(format!("{} is judged by no case", clause.id));
            }
            match (self.mutants_of(clause).next(), self.mutants.none.get(&clause.id)) {
                (None, None) => found.push(format!("{} has no mutant, and nothing says why", clause.id)),
                (Some(mutant), Some(_)) => {
                    found.push(format!("{} is said to have no mutant, and has {}", clause.id, mutant.id));
                }
                _ => {}
            }
        }
        found.extend(self.asked.idle.iter().map(|id| format!("the case {id} judges no clause")));
        found.extend(self.lost_mutants());
        for rule in self.rules.iter().filter(|rule| self.catalogue.clause(rule.clause).is_none()) {
            found.push(format!("the rule {} stands for {:?}, which is no clause", rule.name, rule.clause));
        }
        for erratum in self.catalogue.errata() {
            if erratum.edits.is_empty() && self.clauses_with(|clause| &clause.errata, &erratum.id).is_empty()
            {
                found.push(format!("nothing uses the erratum {}", erratum.id));
            }
        }
        for unknown in self.catalogue.unknowns() {
            if !self.asked.observed.contains_key(&unknown.id) {
                found.push(format!("nothing observes the unknown {}", unknown.id));
            }
        }
        found
    }

    fn lost_mutants(&self) -> Vec<String> {
        let lost = |mutant: &Mutant| match &mutant.fate {
            _ if self.catalogue.clause(&mutant.clause).is_none() => {
                Some(format!("the mutant {} breaks {}, which is no clause", mutant.id, mutant.clause))
            }
            Fate::Survives => {
                Some(format!("no case of {} finds out the mutant {}", mutant.clause, mutant.id))
            }
            Fate::FoundBy(case) if case != THE_RUN && !self.rows.contains_key(transcript_of(case)) => {
                Some(format!("the mutant {} was found out by {case}, which is no case", mutant.id))
            }
            Fate::FoundBy(_) | Fate::Excused(_) => None,
        };
        let gone = self.mutants.none.keys().filter(|id| self.catalogue.clause(id).is_none());
        let gone = gone.map(|id| format!("{id} is said to have no mutant, and is no clause"));
        self.mutants.all.iter().filter_map(lost).chain(gone).collect()
    }

    fn mutants_of<'s>(&'s self, clause: &'s Clause) -> impl Iterator<Item = &'s Mutant> {
        self.mutants.all.iter().filter(|mutant| mutant.clause == clause.id)
    }

    /// The clauses in whose list an id stands.
    fn clauses_with(&self, list: impl Fn(&Clause) -> &Vec<String>, id: &str) -> Vec<&str> {
        let named = |clause: &&Clause| list(clause).iter().any(|named| named == id);
        self.catalogue.clauses().iter().filter(named).map(|clause| clause.id.as_str()).collect()
    }
}

/// The transcript that a case is a row of.
fn transcript_of(case: &str) -> &str {
    case.split('/').next().unwrap_or(case)
}

impl Asked {
    fn add(&mut self, transcript: &Transcript) {
        let id = &transcript.id;
        match transcript.clauses.first() {
            Some(clause) => drop(self.first.entry(clause.value.clone()).or_default().insert(id.clone())),
            None => self.idle.push(id.clone()),
        }
        for step in &transcript.body {
            match &step.kind {
                StepKind::Expect(alternatives) | StepKind::Await { alternatives, .. } => {
                    for alternative in alternatives {
                        if let Some(clause) = &alternative.judges {
                            self.line.entry(clause.value.clone()).or_default().insert(id.clone());
                        }
                        if let Outcome::Observed { unknown, .. } = &alternative.outcome {
                            self.observed.entry(unknown.value.clone()).or_default().insert(id.clone());
                        }
                    }
                }
                StepKind::Quiet { judges: Some(clause), .. } => {
                    self.line.entry(clause.value.clone()).or_default().insert(id.clone());
                }
                StepKind::Observe(unknown) => {
                    self.observed.entry(unknown.value.clone()).or_default().insert(id.clone());
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::Variables;

    const CASE: &str =
        "---\nid = \"a\"\ntitle = \"A\"\nclauses = [\"EDIT-CLEAR\"]\n---\n> AT+QMMSEDIT=0\n< OK\n";

    fn suite() -> Suite {
        let variables = Variables::read("v", "").expect("no variable is a table too");
        Suite::assemble([("conformance/a.atx", CASE)], BTreeMap::new(), &variables)
            .expect("a suite of one case")
    }

    fn mutant(clause: &str, fate: Fate) -> Mutants {
        let mutant = Mutant { id: "m".into(), clause: clause.into(), origin: "written".into(), fate };
        Mutants { all: vec![mutant], none: BTreeMap::from([("EDIT-QUERY".into(), "nobody asks".into())]) }
    }

    #[track_caller]
    fn check(mutants: &Mutants, sentence: &str, is_found: bool) {
        let suite = suite();
        let findings = Trace::of(&suite, mutants).findings();
        assert_eq!(findings.iter().any(|finding| finding == sentence), is_found, "{findings:#?}");
    }

    #[test]
    fn what_is_missing_is_found() {
        let found = mutant("EDIT-CLEAR", Fate::FoundBy("a/1".into()));
        check(&found, "EDIT-TITLE-SET is judged by no case", true);
        check(&found, "EDIT-CLEAR is judged by no case", false);
        check(&found, "EDIT-TITLE-SET has no mutant, and nothing says why", true);
        check(&found, "EDIT-CLEAR has no mutant, and nothing says why", false);
        check(&found, "EDIT-QUERY has no mutant, and nothing says why", false);
        check(&found, "nothing observes the unknown U-FRAME-LINES", true);
        check(&found, "nothing uses the erratum E01", false);
        let survives = "no case of EDIT-CLEAR finds out the mutant m";
        check(&found, survives, false);
        check(&mutant("EDIT-CLEAR", Fate::Survives), survives, true);
        check(&mutant("EDIT-CLEAR", Fate::Excused("no promise".into())), survives, false);
        let gone = "the mutant m was found out by b, which is no case";
        check(&mutant("EDIT-CLEAR", Fate::FoundBy("b".into())), gone, true);
        let other = "EDIT-QUERY is said to have no mutant, and has m";
        check(&mutant("EDIT-QUERY", Fate::Survives), other, true);
        check(
            &mutant("EDIT-NOTHING", Fate::Survives),
            "the mutant m breaks EDIT-NOTHING, which is no clause",
            true,
        );
    }

    #[test]
    fn a_table_tells_its_mutants_again() {
        for fate in [Fate::FoundBy("a/1".into()), Fate::Excused("no promise".into()), Fate::Survives] {
            let mutants = mutant("EDIT-CLEAR", fate);
            let table = Trace::of(&suite(), &mutants).to_string();
            assert_eq!(Mutants::read(&table), mutants, "{table}");
        }
    }
}

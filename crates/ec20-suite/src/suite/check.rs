//! What must hold between transcripts, catalogue and variables before any byte leaves.
//!
//! It knows names on both sides and says where one leads nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ec20_manual::Catalogue;
use ec20_manual::bound::{FOUND, clipped};

use super::{CASES, Variables, exchanges, size};
use crate::mistake::{Mistake, MistakeKind, Source};
use crate::transcript::{Alternative, Outcome, Payload, Placed, Step, StepKind, Text, Transcript};

/// How many mistakes are told: who mends these sees the next ones.
const ENOUGH: usize = 100;

pub(super) fn mistakes(
    sources: &[(Arc<Transcript>, &str)],
    by_id: &BTreeMap<&str, &Arc<Transcript>>,
    files: &BTreeMap<String, Vec<u8>>,
    variables: &Variables,
) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let mut cases = 0_usize;
    for (transcript, text) in sources {
        let source = Source { file: &transcript.file, text };
        cases += transcript.rows.len().max(1);
        if cases > CASES {
            let expected = format!("at most {CASES} cases in a suite");
            mistakes.push(source.mistake(MistakeKind::Excess, 0..3, expected, "more"));
        }
        if mistakes.len() >= ENOUGH {
            mistakes.truncate(ENOUGH);
            return mistakes;
        }
        if let Some(other) = seen.insert(&transcript.id, &transcript.file) {
            let found = format!("`{}`, which {other} has", transcript.id);
            let at = text.find(&transcript.id).unwrap_or(0);
            let span = at..at + transcript.id.len();
            mistakes.push(source.mistake(MistakeKind::Duplicate, span, "an id of its own", found));
        }
        let mut check =
            Check { source, files, known: variables.names().map(str::to_owned).collect(), mistakes };
        check.front(transcript, by_id);
        check.rows(transcript, variables);
        let stages = super::stages(transcript, by_id);
        for stage in &stages {
            check.known.extend(kept(&stage.body));
        }
        if let Err(mistake) = size::check(source, transcript, &stages, variables) {
            check.mistakes.push(mistake);
            mistakes = check.mistakes;
            continue;
        }
        check.steps(&transcript.body);
        check.steps(&transcript.finally);
        mistakes = check.mistakes;
        mistakes.extend(exchanges::mistakes(source, transcript, files, variables.bindings()));
    }
    mistakes
}

fn kept(steps: &[Step]) -> impl Iterator<Item = String> + '_ {
    steps.iter().flat_map(|step| match &step.kind {
        StepKind::Expect(alternatives) | StepKind::Await { alternatives, .. } => {
            alternatives.iter().flat_map(|one| one.text.kept()).map(str::to_owned).collect::<Vec<_>>()
        }
        StepKind::Data(_) => vec!["data.size".to_owned(), "data.checksum".to_owned()],
        _ => Vec::new(),
    })
}

struct Check<'a> {
    source: Source<'a>,
    files: &'a BTreeMap<String, Vec<u8>>,
    /// Names that have a value at this line.
    known: BTreeSet<String>,
    mistakes: Vec<Mistake>,
}

impl Check<'_> {
    fn dangling(&mut self, name: &Placed<String>, expected: &str, nearest: Option<String>) {
        let hint = nearest.map_or_else(String::new, |nearest| format!(" (did you mean `{nearest}`?)"));
        let found = format!("`{}`{hint}", name.value);
        self.mistakes.push(self.source.mistake(MistakeKind::Dangling, name.span.clone(), expected, found));
    }

    fn clause(&mut self, id: &Placed<String>) {
        let manual = Catalogue::manual();
        if manual.clause(&id.value).is_none() {
            let nearest =
                ec20_manual::nearest(&id.value, manual.clauses().iter().map(|clause| clause.id.as_str()));
            self.dangling(id, "a clause of the catalogue", nearest);
        }
    }

    fn unknown(&mut self, id: &Placed<String>, answer: Option<&str>) {
        let manual = Catalogue::manual();
        match (manual.unknown(&id.value), answer) {
            (None, _) => {
                let ids = manual.unknowns().iter().map(|unknown| unknown.id.as_str());
                self.dangling(id, "an unknown of the catalogue", ec20_manual::nearest(&id.value, ids));
            }
            // What nobody knew of is `other`, with every unknown.
            (Some(unknown), Some(answer)) if answer != "other" && unknown.answer(answer).is_none() => {
                let names: Vec<&str> = unknown.answers.iter().map(|known| known.name.as_str()).collect();
                let expected = format!("one of the answers of {}: {}", id.value, names.join(", "));
                let found = format!("`{answer}`");
                self.mistakes.push(self.source.mistake(
                    MistakeKind::Dangling,
                    id.span.clone(),
                    expected,
                    found,
                ));
            }
            _ => {}
        }
    }

    fn front(&mut self, transcript: &Transcript, by_id: &BTreeMap<&str, &Arc<Transcript>>) {
        for clause in &transcript.clauses {
            self.clause(clause);
        }
        for need in transcript.needs.iter().filter(|need| !super::NEEDS.contains(&need.value.as_str())) {
            // A bench may offer what only its own transcripts know; a word that is almost one of the suite's is none.
            let nearest = ec20_manual::nearest(&need.value, super::NEEDS);
            if nearest.is_some() {
                self.dangling(
                    need,
                    &format!("a need: {}, or a word unlike these", super::NEEDS.join(", ")),
                    nearest,
                );
            }
        }
        for used in &transcript.uses {
            match by_id.get(used.value.as_str()) {
                None => self.dangling(
                    used,
                    "the id of another transcript",
                    ec20_manual::nearest(&used.value, by_id.keys().copied()),
                ),
                Some(stage) if !stage.rows.is_empty() => {
                    self.dangling(used, "a set-up without rows", None);
                }
                Some(stage) if stage.id == transcript.id || leads_to(stage, &transcript.id, by_id) => {
                    self.dangling(used, "a set-up that does not lead back here", None);
                }
                Some(_) => {}
            }
        }
    }

    fn rows(&mut self, transcript: &Transcript, variables: &Variables) {
        let Some(first) = transcript.rows.first() else { return };
        let at = self.source.text.find("\nrows").map_or(0, |at| at + 1);
        let columns: BTreeSet<&String> = first.keys().collect();
        for (index, row) in transcript.rows.iter().enumerate() {
            let place = at..at + 4;
            if row.keys().collect::<BTreeSet<_>>() != columns {
                let expected = format!("row {} with the columns of row 1: {columns:?}", index + 1);
                let found = format!("{:?}", row.keys().collect::<Vec<_>>());
                self.mistakes.push(self.source.mistake(
                    MistakeKind::Contradiction,
                    place.clone(),
                    expected,
                    found,
                ));
            }
            if self.mistakes.len() >= ENOUGH {
                return;
            }
            for value in row.values() {
                let read = Text::read(value)
                    .map_err(|at| format!("`{}`", clipped(value.get(at..).unwrap_or_default(), FOUND)));
                let read = read.and_then(|text| {
                    let wrong = |error| format!("`{}`: {error}", clipped(value, FOUND / 2));
                    text.bytes(variables.bindings()).map_err(wrong)
                });
                if let Err(found) = read {
                    let expected = format!("text without placeholders in row {}", index + 1);
                    self.mistakes.push(self.source.mistake(
                        MistakeKind::Syntax,
                        place.clone(),
                        expected,
                        found,
                    ));
                }
            }
        }
        self.known.extend(first.keys().cloned());
    }

    fn text(&mut self, text: &Text, placeholders: bool) {
        for name in text.variables() {
            if !self.known.contains(&name.value) {
                let nearest = ec20_manual::nearest(&name.value, self.known.iter().map(String::as_str));
                self.dangling(name, "a column of `rows`, a bench variable or a value kept above", nearest);
            }
        }
        for rule in text.rules() {
            if !placeholders {
                self.dangling(rule, "bytes: only an expected line has placeholders", None);
            } else if ec20_grammar::value(&rule.value, b"").is_none() {
                self.dangling(rule, "a value rule of the grammar", None);
            }
        }
    }

    fn alternatives(&mut self, alternatives: &[Alternative]) {
        for alternative in alternatives {
            self.text(&alternative.text, true);
            if let Some(clause) = &alternative.judges {
                self.clause(clause);
            }
            if let Outcome::Observed { unknown, answer } = &alternative.outcome {
                self.unknown(unknown, Some(answer));
            }
        }
        self.known.extend(alternatives.iter().flat_map(|one| one.text.kept()).map(str::to_owned));
        // After CONNECT there are data, one way or the other.
        if alternatives.iter().any(|one| one.text.to_string().starts_with("CONNECT")) {
            self.known.extend(["data.size".to_owned(), "data.checksum".to_owned()]);
        }
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            if self.mistakes.len() >= ENOUGH {
                return;
            }
            match &step.kind {
                StepKind::Send(text) | StepKind::Raw(text) | StepKind::Order(text) => self.text(text, false),
                StepKind::Expect(alternatives) | StepKind::Await { alternatives, .. } => {
                    self.alternatives(alternatives);
                }
                StepKind::Observe(unknown) => self.unknown(unknown, None),
                StepKind::Quiet { forbidden, judges, .. } => {
                    if let Some(text) = forbidden {
                        self.text(text, true);
                    }
                    if let Some(clause) = judges {
                        self.clause(clause);
                    }
                }
                StepKind::Wait { .. } => {}
                StepKind::Data(payload) => {
                    match payload {
                        Payload::Text(text) => self.text(text, false),
                        Payload::File(name) if !self.files.contains_key(&name.value) => {
                            let nearest =
                                ec20_manual::nearest(&name.value, self.files.keys().map(String::as_str));
                            self.dangling(name, "a file of the suite", nearest);
                        }
                        Payload::File(_) | Payload::Hex(_) => {}
                    }
                    self.known.extend(["data.size".to_owned(), "data.checksum".to_owned()]);
                }
            }
        }
    }
}

fn leads_to(stage: &Transcript, id: &str, by_id: &BTreeMap<&str, &Arc<Transcript>>) -> bool {
    let back = |uses: &[Placed<String>]| uses.iter().any(|used| used.value == id);
    back(&stage.uses) || super::stages(stage, by_id).iter().any(|next| back(&next.uses))
}

//! The suite: all transcripts together, their tables unrolled into cases, checked against the catalogue before any byte leaves.
//!
//! It knows ids, clauses, needs and variables. It does not know ports or verdicts.

mod check;
pub mod exchanges;
mod size;
mod variables;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ec20_manual::{Catalogue, Effect, Level};

use crate::effect;
use crate::journal::{ClauseRef, Planned};
use crate::mistake::Mistake;
use crate::payload;
use crate::setting;
use crate::transcript::size::NAMES;
use crate::transcript::{Bindings, Payload, Step, StepKind, Text, Transcript};

pub use variables::Variables;

/// What the built-in transcripts need of a bench, by the words of `needs`, `--offer` and the bench file.
pub const NEEDS: [&str; 12] = [
    "sim-card",
    "attach",
    "pdp",
    "three-contexts",
    "qos",
    "qos-umts",
    "proxy",
    "mmsc",
    "mmsc-capture",
    "mmsc-script",
    "proxy-capture",
    "factory-fresh",
];

/// The most cases that a suite may have.
pub const CASES: usize = 20_000;

/// One question to a module: a transcript, or one row of its table.
#[derive(Debug, Clone)]
pub struct Case {
    /// `id` of the transcript, or `id/N` for its Nth row, counted from 1.
    pub id: String,
    /// One line for people.
    pub title: String,
    /// The clauses judged; the first before all.
    pub clauses: Vec<String>,
    /// What the bench must offer, its set-ups' needs included.
    pub needs: BTreeSet<String>,
    /// The worst effect of the lines it sends, as far as they are known before it runs.
    pub effect: Effect,
    /// The transcripts that set the stage, in order.
    pub stages: Vec<Arc<Transcript>>,
    /// What is judged.
    pub transcript: Arc<Transcript>,
    /// What the variables stand for when the case begins.
    pub bindings: Bindings,
    /// The bench's variables, as the record of a run keeps them.
    pub variables: Arc<Variables>,
    /// Files that `data file` names.
    pub files: Arc<BTreeMap<String, Vec<u8>>>,
}

impl Case {
    /// The level of the clause that is judged.
    pub fn level(&self) -> Level {
        let clause = self.clauses.first().and_then(|id| Catalogue::manual().clause(id));
        clause.map_or(Level::Should, |clause| clause.level)
    }

    /// Every command line it sends, set-ups and clean-up included, as far as they are known before it runs.
    pub fn lines(&self) -> Vec<Vec<u8>> {
        let steps = self.stages.iter().chain([&self.transcript]);
        let mut lines = Vec::new();
        let mut typed = Vec::new();
        for step in steps.flat_map(|stage| stage.body.iter().chain(&stage.finally)) {
            let known =
                |text: &Text| text.bytes(&self.bindings).unwrap_or_else(|_| text.to_string().into_bytes());
            match &step.kind {
                StepKind::Send(text) => lines.push(known(text)),
                // A line may be typed in parts.
                StepKind::Raw(text) => typed.extend(known(text)),
                StepKind::Data(payload) => lines.extend(astray(payload, &self.bindings, &self.files)),
                _ => {}
            }
        }
        let parts = typed.split(|byte| *byte == b'\r').filter(|part| !part.is_empty());
        lines.extend(parts.map(<[u8]>::to_vec));
        lines
    }

    /// The settings it may change, as the queries that read them.
    pub fn settings(&self) -> BTreeSet<String> {
        self.lines().iter().flat_map(|line| setting::queries(line)).collect()
    }

    /// Whether it observes what is on the module by reading alone.
    fn asks_what_is_found(&self) -> bool {
        let observes = |step: &Step| matches!(step.kind, StepKind::Observe(_));
        self.effect == Effect::Read && self.stages.is_empty() && self.transcript.body.iter().any(observes)
    }

    /// Whether it puts files on the module.
    pub fn uploads(&self) -> bool {
        self.lines().iter().any(|line| effect::upload(line).is_some())
    }

    /// The case as the journal names it before it runs.
    pub fn planned(&self) -> Planned {
        let manual = Catalogue::manual();
        Planned {
            case: self.id.clone(),
            title: self.title.clone(),
            file: self.transcript.file.clone(),
            clauses: self.clauses.iter().filter_map(|id| manual.clause(id)).map(ClauseRef::of).collect(),
            needs: self.needs.iter().cloned().collect(),
            effect: self.effect.name().to_owned(),
        }
    }
}

impl ClauseRef {
    /// A clause of the catalogue as the journal prints it.
    pub fn of(clause: &ec20_manual::Clause) -> Self {
        Self {
            id: clause.id.clone(),
            section: clause.section.clone(),
            level: clause.level.name().to_owned(),
            promise: clause.promise.clone(),
        }
    }
}

/// All cases, in the order they are asked in.
#[derive(Debug, Clone, Default)]
pub struct Suite {
    cases: Vec<Case>,
    transcripts: Vec<Arc<Transcript>>,
}

impl Suite {
    /// Reads all transcripts and checks them against each other and the catalogue.
    ///
    /// `texts` are (file name, text), `files` the bytes that `data file NAME` means, `variables` what the bench says.
    ///
    /// # Errors
    /// The mistakes of every file, of many the first hundred: form, an id used twice, an unknown clause, unknown, set-up, variable or value
    /// rule, more than [`size`](crate::transcript::size) and [`CASES`] let pass.
    pub fn assemble<'a>(
        texts: impl IntoIterator<Item = (&'a str, &'a str)>,
        files: BTreeMap<String, Vec<u8>>,
        variables: &Variables,
    ) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let mut sources = Vec::new();
        for (file, text) in texts {
            match Transcript::read(file, text) {
                Ok(transcript) => sources.push((Arc::new(transcript), text)),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        let by_id: BTreeMap<&str, &Arc<Transcript>> =
            sources.iter().map(|(transcript, _)| (transcript.id.as_str(), transcript)).collect();
        mistakes.extend(check::mistakes(&sources, &by_id, &files, variables));
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let files = Arc::new(files);
        let cases =
            sources.iter().flat_map(|(transcript, _)| unrolled(transcript, &by_id, &files, variables));
        let mut cases: Vec<Case> = cases.collect();
        // Not every setting can be put back: what is found must be seen before anything is set.
        cases.sort_by_key(|case| !case.asks_what_is_found());
        Ok(Self { cases, transcripts: sources.into_iter().map(|(transcript, _)| transcript).collect() })
    }

    /// All cases: those that see what is found on the module, then the others, each in the order of their files and rows.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// All transcripts, in the order they were given.
    pub fn transcripts(&self) -> &[Arc<Transcript>] {
        &self.transcripts
    }
}

/// The transcripts that `transcript` uses, theirs before them, each once; of more than any case may have, only the first.
pub(crate) fn stages(
    transcript: &Transcript,
    by_id: &BTreeMap<&str, &Arc<Transcript>>,
) -> Vec<Arc<Transcript>> {
    let mut all = Vec::new();
    let mut seen = BTreeSet::from([transcript.id.as_str()]);
    let mut open = vec![(None, transcript.uses.iter())];
    while let Some((stage, uses)) = open.last_mut() {
        let Some(used) = uses.next() else {
            all.extend(stage.map(Arc::clone));
            open.pop();
            continue;
        };
        let next = by_id.get(used.value.as_str()).copied();
        if let Some(next) = next.filter(|next| seen.len() <= NAMES + 1 && seen.insert(&next.id)) {
            open.push((Some(next), next.uses.iter()));
        }
    }
    all
}

/// The lines that a payload is for a module that has left its data phase. A repetition among them repeats the line before, which counts
/// already.
fn astray(data: &Payload, bindings: &Bindings, files: &BTreeMap<String, Vec<u8>>) -> Vec<Vec<u8>> {
    let bytes = match data {
        Payload::Text(text) => text.bytes(bindings).unwrap_or_else(|_| text.to_string().into_bytes()),
        Payload::Hex(bytes) => bytes.clone(),
        Payload::File(name) => files.get(&name.value).cloned().unwrap_or_default(),
    };
    payload::lines(&bytes).into_iter().filter(|line| line != b"A/").collect()
}

fn unrolled(
    transcript: &Arc<Transcript>,
    by_id: &BTreeMap<&str, &Arc<Transcript>>,
    files: &Arc<BTreeMap<String, Vec<u8>>>,
    variables: &Variables,
) -> Vec<Case> {
    let stages = stages(transcript, by_id);
    let needs = stages.iter().map(|stage| &stage.needs).chain([&transcript.needs]);
    let needs: BTreeSet<String> = needs.flatten().map(|need| need.value.clone()).collect();
    let single = [BTreeMap::new()];
    let rows = if transcript.rows.is_empty() { &single[..] } else { &transcript.rows[..] };
    let numbered = !transcript.rows.is_empty();
    let kept = Arc::new(variables.clone());
    let shared = variables.bindings().shared();
    rows.iter()
        .enumerate()
        .map(|(index, row)| {
            let mut bindings = shared.clone();
            for (column, value) in row {
                let value = Text::read(value).ok().and_then(|text| text.bytes(&bindings).ok());
                bindings.bind(column.clone(), value.unwrap_or_default());
            }
            let steps = stages.iter().chain([transcript]);
            let steps = steps.flat_map(|stage| stage.body.iter().chain(&stage.finally));
            let lines = steps.flat_map(|step| match &step.kind {
                StepKind::Send(text) => {
                    vec![text.bytes(&bindings).unwrap_or_else(|_| text.to_string().into_bytes())]
                }
                StepKind::Data(payload) => astray(payload, &bindings, files),
                _ => Vec::new(),
            });
            let effect = effect::worst(lines);
            Case {
                id: if numbered { format!("{}/{}", transcript.id, index + 1) } else { transcript.id.clone() },
                title: transcript.title.clone(),
                clauses: transcript.clauses.iter().map(|clause| clause.value.clone()).collect(),
                needs: needs.clone(),
                effect,
                stages: stages.clone(),
                transcript: Arc::clone(transcript),
                bindings,
                variables: Arc::clone(&kept),
                files: Arc::clone(files),
            }
        })
        .collect()
}

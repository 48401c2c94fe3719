//! Mistakes in a dialogue that its file alone shows: an answer without its final result, data where no CONNECT stands, an upload
//! whose data are not as long as its command says.
//!
//! A module cannot answer for these: a case with one of them would be charged to it. A dialogue that means it says so by what
//! stands behind the data: `quiet`, `wait`, `>>`, an awaited line or an observation between the data and the answer. It knows no catalogue and no other transcript.

use std::collections::BTreeMap;

use crate::effect;
use crate::mistake::{Mistake, MistakeKind, Source};
use crate::transcript::{Alternative, Bindings, Outcome, Payload, Step, StepKind, Transcript};

/// Every such mistake in a transcript. `bindings` are the bench's variables; a length that depends on a row is not judged.
pub fn mistakes(
    source: Source<'_>,
    transcript: &Transcript,
    files: &BTreeMap<String, Vec<u8>>,
    bindings: &Bindings,
) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for steps in [&transcript.body, &transcript.finally] {
        for exchange in exchanges(steps) {
            mistakes.extend(Exchange { source, files, bindings, steps: exchange }.mistakes());
        }
    }
    mistakes
}

/// The steps from one command line to the next; what stands before the first belongs to none.
fn exchanges(steps: &[Step]) -> impl Iterator<Item = &[Step]> {
    let starts: Vec<usize> = steps
        .iter()
        .enumerate()
        .filter(|(_, step)| matches!(step.kind, StepKind::Send(_)))
        .map(|(at, _)| at)
        .chain([steps.len()])
        .collect();
    let pairs: Vec<(usize, usize)> = starts.iter().copied().zip(starts.iter().copied().skip(1)).collect();
    let before = steps.get(..starts.first().copied().unwrap_or(0)).unwrap_or_default();
    let first = (!before.is_empty()).then_some(before);
    first.into_iter().chain(pairs.into_iter().filter_map(|(from, to)| steps.get(from..to)))
}

/// One command line with what the dialogue expects of it.
struct Exchange<'a> {
    source: Source<'a>,
    files: &'a BTreeMap<String, Vec<u8>>,
    bindings: &'a Bindings,
    steps: &'a [Step],
}

impl Exchange<'_> {
    fn mistakes(&self) -> Vec<Mistake> {
        let all = [self.data_without_connect(), self.connect_without_data(), self.length(), self.no_final()];
        all.into_iter().flatten().collect()
    }

    fn mistake(&self, step: &Step, expected: impl Into<String>, found: &str) -> Mistake {
        self.source.mistake(MistakeKind::Contradiction, step.span.clone(), expected, found)
    }

    /// The bytes of the command line, as far as they are known before the case runs.
    fn command(&self) -> Option<Vec<u8>> {
        match &self.steps.first()?.kind {
            StepKind::Send(text) => text.bytes(self.bindings).ok(),
            _ => None,
        }
    }

    fn data_without_connect(&self) -> Option<Mistake> {
        let at = self.steps.iter().position(|step| matches!(step.kind, StepKind::Data(_)))?;
        let connects = self.steps.iter().take(at).any(|step| alternatives(step).iter().any(is_connect));
        let step = self.steps.get(at)?;
        (!connects).then(|| self.mistake(step, "`< CONNECT` above the data", "data that no CONNECT asks for"))
    }

    fn connect_without_data(&self) -> Option<Mistake> {
        let upload = self.command().and_then(|line| effect::upload(&line)).is_some();
        let at = self.steps.iter().position(|step| {
            // An alternative that fails or decides nothing is no plan to upload.
            alternatives(step)
                .first()
                .is_some_and(|first| is_connect(first) && first.outcome == Outcome::Pass)
        })?;
        let feeds =
            self.steps.iter().skip(at).any(|step| matches!(step.kind, StepKind::Data(_) | StepKind::Raw(_)))
                || means_it(self.steps.get(at + 1));
        let step = self.steps.get(at)?;
        (upload && !feeds).then(|| {
            self.mistake(step, "`data …` below CONNECT: the module waits for the bytes of the upload", "none")
        })
    }

    /// An upload whose data are shorter or longer than the size in its command.
    fn length(&self) -> Option<Mistake> {
        let size = u64::try_from(effect::upload(&self.command()?)?.size).ok()?;
        let last = self.steps.iter().rposition(|step| matches!(step.kind, StepKind::Data(_)))?;
        let raw = self.steps.iter().any(|step| matches!(step.kind, StepKind::Raw(_)));
        if raw || means_it(self.steps.get(last + 1)) {
            return None;
        }
        let lengths = self.steps.iter().filter_map(|step| match &step.kind {
            StepKind::Data(payload) => Some(self.payload_bytes(payload)),
            _ => None,
        });
        let length = lengths.sum::<Option<u64>>()?;
        let step = self.steps.get(last)?;
        (length != size).then(|| {
            let expected = format!("{size} bytes of data, the size in the command; or `quiet`, `wait` or `>>` behind them, where that is meant");
            self.mistake(step, expected, &format!("{length} bytes"))
        })
    }

    fn payload_bytes(&self, payload: &Payload) -> Option<u64> {
        let length = match payload {
            Payload::Hex(bytes) => bytes.len(),
            Payload::Text(text) => text.bytes(self.bindings).ok()?.len(),
            Payload::File(name) => self.files.get(&name.value)?.len(),
        };
        u64::try_from(length).ok()
    }

    /// An answer of which lines are expected, but not its end.
    fn no_final(&self) -> Option<Mistake> {
        if !matches!(self.steps.first()?.kind, StepKind::Send(_)) {
            return None;
        }
        if self.steps.iter().any(|step| matches!(step.kind, StepKind::Observe(_) | StepKind::Raw(_))) {
            return None;
        }
        let last = self.steps.iter().rfind(|step| matches!(step.kind, StepKind::Expect(_)))?;
        let ends = alternatives(last).iter().any(|one| !one.repeats && is_final(&one.text.to_string()));
        (!ends).then(|| {
            self.mistake(
                last,
                "the final result of the answer below its lines: `< OK`",
                "an answer that does not end",
            )
        })
    }
}

fn alternatives(step: &Step) -> &[Alternative] {
    match &step.kind {
        StepKind::Expect(alternatives) => alternatives,
        _ => &[],
    }
}

fn is_connect(alternative: &Alternative) -> bool {
    alternative.text.to_string().starts_with("CONNECT")
}

/// Whether a step behind the data says that what they lack is meant.
fn means_it(step: Option<&Step>) -> bool {
    step.is_some_and(|step| {
        matches!(
            step.kind,
            StepKind::Observe(_)
                | StepKind::Quiet { .. }
                | StepKind::Wait { .. }
                | StepKind::Raw(_)
                | StepKind::Await { .. }
        )
    })
}

/// Whether an expected line may be a final result: a word of one, a numeral of ATV0, or a value that is not known yet.
fn is_final(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "OK",
        "ERROR",
        "+CME ERROR",
        "+CMS ERROR",
        "CONNECT",
        "NO CARRIER",
        "NO ANSWER",
        "BUSY",
        "NO DIALTONE",
    ];
    let begins = |word: &str| {
        text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    WORDS.iter().any(|word| begins(word))
        || text.starts_with('{')
        || (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
}

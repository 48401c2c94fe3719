//! One step of a dialogue: send, expect, observe, await, stay quiet.
//!
//! It knows how a line that came is held against the lines that would have done. It does not know cases, attempts or the bench.

#![expect(clippy::unnecessary_box_returns, reason = "evidence is large and travels in Err")]

use ec20_manual::{Catalogue, Effect};

use super::desk::{Captured, Woken};
use super::settings::Bench;
use super::wire::{Class, Line, Wire};
use super::{recovery, registers, witness};
use crate::arrival;
use crate::composed::Composed;
use crate::escape::escaped;
use crate::journal::Event;
use crate::suite::Case;
use crate::transcript::{Alternative, Bindings, Outcome, Placed, Step, StepKind, Text};
use crate::verdict::Verdict;

/// Unknowns that the bytes between lines answer.
const BESIDE_THE_ANSWER: [&str; 2] = ["U-FRAME-LINES", "U-LINE-ECHO-LF"];

/// Evidence: what a case came to and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) verdict: Verdict,
    pub(super) cause: Option<String>,
    pub(super) clause: Option<String>,
    pub(super) place: Option<String>,
    pub(super) expected: Vec<String>,
    pub(super) came: Option<String>,
}

impl Finding {
    pub(super) fn of(verdict: Verdict, cause: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            verdict,
            cause: Some(cause.into()),
            clause: None,
            place: None,
            expected: Vec::new(),
            came: None,
        })
    }
}

/// A case being played: what it sends with, what it knows by now.
pub(super) struct Play<'a> {
    pub(super) wire: &'a mut Wire,
    pub(super) bench: &'a Bench,
    pub(super) case: &'a Case,
    pub(super) bindings: Bindings,
    pub(super) composed: &'a mut Composed,
    /// The messages that arrived in this case, in order.
    pub(super) captured: Vec<Captured>,
    /// The first observation: it does not end the dialogue.
    pub(super) observed: Option<Box<Finding>>,
    /// The part that always runs has begun.
    pub(super) cleaning: bool,
    /// A line did not leave, because it names a file that is not this run's.
    pub(super) spared: bool,
}

impl Play<'_> {
    /// Plays steps in order until one of them ends the dialogue.
    pub(super) async fn steps(&mut self, file: &str, steps: &[Step]) -> Result<(), Box<Finding>> {
        for step in steps {
            self.step(step).await.map_err(|mut finding| {
                finding.place.get_or_insert_with(|| format!("{file}:{}", step.line));
                finding
            })?;
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step) -> Result<(), Box<Finding>> {
        match &step.kind {
            StepKind::Send(text) => {
                let line = self.filled(text)?;
                self.command(line).await
            }
            StepKind::Raw(text) => {
                let bytes = self.filled(text)?;
                self.wire.raw(bytes).await.map_err(|reason| Finding::of(Verdict::Withheld, reason))
            }
            StepKind::Expect(alternatives) => self.expect(alternatives).await,
            StepKind::Observe(unknown) => self.observe(unknown).await,
            StepKind::Await { within_ms, alternatives } => self.awaited(*within_ms, alternatives).await,
            StepKind::Quiet { for_ms, forbidden, judges } => {
                self.quiet(*for_ms, forbidden.as_ref(), judges.as_ref()).await
            }
            StepKind::Wait { for_ms } => {
                self.wire.pass(*for_ms, "the transcript's wait").await.map_err(woken)
            }
            StepKind::Data(payload) => self.upload(payload).await,
            StepKind::Order(text) => {
                let words = String::from_utf8_lossy(&self.filled(text)?).into_owned();
                self.wire.traces.ordered = true;
                let order = self.wire.desk.order(words).await;
                order.map_err(|reason| Finding::of(Verdict::Unsupported, reason))
            }
        }
    }

    /// Sends a command line, once the exchange before it has ended.
    async fn command(&mut self, line: Vec<u8>) -> Result<(), Box<Finding>> {
        self.settle().await?;
        if let Some(reason) = self.wire.traces.files.spares(&line, self.cleaning) {
            self.spared = true;
            return Err(Finding::of(Verdict::Inconclusive, reason));
        }
        registers::look_again(self.wire, &line).await;
        if witness::is_send(&line) {
            self.read_back().await?;
        }
        self.composed.sends(&line);
        self.wire.command(line).await.map_err(|reason| Finding::of(Verdict::Withheld, reason))
    }

    /// Ends the exchange before the next one: nothing of its answer may be left over.
    pub(super) async fn settle(&mut self) -> Result<(), Box<Finding>> {
        if self.wire.is_muted() {
            // After ATQ1 no answer comes to its end.
            self.wire.abandon();
        }
        while self.wire.answering() {
            let line = self.next().await?;
            if !line.class.passes_by() {
                return Err(self.mismatch(&[], &line).await);
            }
        }
        let surplus = self.wire.drain(self.bench.quiet_ms).await.map_err(woken)?;
        match surplus {
            Some(line) => Err(self.mismatch(&[], &line).await),
            None => Ok(()),
        }
    }

    /// The next line of the exchange; silence is judged here.
    async fn next(&mut self) -> Result<Line, Box<Finding>> {
        match self.wire.answer().await {
            Ok(line) => Ok(line),
            Err(Woken::Deadline) => Err(self.silence("the answer").await),
            Err(other) => Err(woken(other)),
        }
    }

    async fn expect(&mut self, alternatives: &[Alternative]) -> Result<(), Box<Finding>> {
        loop {
            let line = match self.wire.answer().await {
                Ok(line) => line,
                Err(Woken::Deadline) => return Err(self.missing(alternatives).await),
                Err(other) => return Err(woken(other)),
            };
            if self.wire.downloads() {
                self.bind_download();
            }
            if line.class.passes_by() {
                continue;
            }
            if line.class == Class::Final {
                self.hold_acknowledgements()?;
            }
            if let Some(alternative) = self.fits(alternatives, &line.text) {
                if line.text == b"OK" {
                    self.accepted();
                }
                let repeats = alternative.repeats;
                self.outcome(alternative, &line)?;
                if repeats {
                    continue;
                }
                return Ok(());
            }
            return Err(self.mismatch(alternatives, &line).await);
        }
    }

    async fn awaited(&mut self, within_ms: u64, alternatives: &[Alternative]) -> Result<(), Box<Finding>> {
        let begun_us = self.wire.desk.now_us();
        let deadline_us = begun_us + within_ms * 1000 + self.bench.transport_us;
        let names: Vec<Vec<u8>> =
            alternatives.iter().filter_map(|alternative| self.name_of(&alternative.text)).collect();
        loop {
            let Some(line) = self.wire.unclaimed(&names) else {
                let owed = self.wire.answering();
                match self.wire.next(deadline_us).await {
                    // What it was to say it has forgotten, unless the case had it start.
                    Ok(line) if line.text == b"RDY" && self.case.effect < Effect::Nv => {
                        return Err(self.missing(alternatives).await);
                    }
                    // It is read from among the unclaimed: a line may have come before it was awaited.
                    Ok(line) if line.class.passes_by() => continue,
                    // A surplus final broke its standing clause when it was taken.
                    Ok(line) if line.class == Class::Final && !owed => continue,
                    Ok(line) => return Err(self.mismatch(alternatives, &line).await),
                    Err(Woken::Deadline) => {
                        self.wire.desk.waited(begun_us, deadline_us, "a line that does not come");
                        let slow = self.is_slow_for(within_ms);
                        return Err(if slow { slow_transport() } else { self.missing(alternatives).await });
                    }
                    Err(other) => return Err(woken(other)),
                }
            };
            let Some(alternative) = self.fits(alternatives, &line.text) else {
                if let Some(finding) = self.unreadable(&line.text).await {
                    return Err(finding);
                }
                return Err(self.mismatch(alternatives, &line).await);
            };
            self.outcome(alternative, &line)?;
            return self.arrived(&line.text).await;
        }
    }

    async fn quiet(
        &mut self,
        for_ms: u64,
        forbidden: Option<&Text>,
        judges: Option<&Placed<String>>,
    ) -> Result<(), Box<Finding>> {
        let begun_us = self.wire.desk.now_us();
        loop {
            // What was said in that time may still be on its way.
            let until_us = begun_us + for_ms * 1000 + self.bench.transport_us;
            let line = match self.wire.next(until_us).await {
                Ok(line) => line,
                Err(Woken::Deadline) => {
                    self.wire.desk.waited(begun_us, until_us, "the transcript's quiet");
                    return if self.is_slow_for(for_ms) { Err(slow_transport()) } else { Ok(()) };
                }
                Err(other) => return Err(woken(other)),
            };
            let breaks = match forbidden {
                Some(text) => text.matches(&line.text, &self.bindings, &witness::reads).is_some(),
                None => !line.class.passes_by(),
            };
            if breaks {
                let what =
                    forbidden.map_or_else(String::new, |text| format!(" of {}", text.shown(&self.bindings)));
                let mut finding = self.mismatch(&[], &line).await;
                finding.expected = vec![format!("silence{what} for {for_ms} ms")];
                finding.clause = self.clause(judges);
                return Err(finding);
            }
        }
    }

    /// The whole answer against the unknown's answers; or what is no line of an answer: the bytes between lines, the message that
    /// arrived.
    async fn observe(&mut self, unknown: &Placed<String>) -> Result<(), Box<Finding>> {
        if BESIDE_THE_ANSWER.contains(&unknown.value.as_str()) || arrival::tells(&unknown.value) {
            let Some(answer) = self.beside_the_answer(&unknown.value) else {
                // A line above may have told that no message leaves.
                if self.observed.is_some() {
                    return Ok(());
                }
                return Err(Finding::of(Verdict::Inconclusive, "nothing-to-observe"));
            };
            self.observed(&unknown.value, answer, &[]);
            return Ok(());
        }
        let mut raw: Vec<Vec<u8>> = Vec::new();
        while self.wire.answering() {
            let line = self.next().await?;
            // What somebody else asked is answered to somebody else.
            if line.class == Class::ForeignEcho {
                return Err(self.mismatch(&[], &line).await);
            }
            if !line.class.passes_by() {
                raw.push(line.text);
            }
        }
        // Debris of an echo would be taken for an answer nobody knew of, and a command that was misheard for the one that was sent.
        if self.wire.lacks_echo() {
            return Err(Finding::of(Verdict::Inconclusive, "the command was not echoed as it was sent"));
        }
        if raw.last().is_some_and(|last| last == b"OK") {
            self.accepted();
        }
        let known = Catalogue::manual().unknown(&unknown.value);
        let answer = known.and_then(|known| {
            known.answers.iter().find(|answer| {
                answer.lines.len() == raw.len()
                    && !raw.is_empty()
                    && answer.lines.iter().zip(&raw).all(|(pattern, line)| {
                        Text::read(pattern)
                            .is_ok_and(|text| text.matches(line, &self.bindings, &witness::reads).is_some())
                    })
            })
        });
        let answer = answer.map_or("other", |answer| answer.name.as_str());
        self.observed(&unknown.value, answer, &raw);
        Ok(())
    }

    fn observed(&mut self, unknown: &str, answer: &str, raw: &[Vec<u8>]) {
        self.wire.desk.record(Event::Observed {
            t_us: self.wire.desk.now_us(),
            case: self.case.id.clone(),
            unknown: unknown.to_owned(),
            answer: answer.to_owned(),
            raw: raw.iter().map(|line| escaped(line)).collect(),
        });
        let finding = || Finding::of(Verdict::Observed, format!("{unknown} = {answer}"));
        self.observed.get_or_insert_with(finding);
    }

    /// Applies what a line that came means; the values it leaves are kept.
    fn outcome(&mut self, alternative: Alternative, line: &Line) -> Result<(), Box<Finding>> {
        if matches!(alternative.outcome, Outcome::Pass | Outcome::Observed { .. }) {
            self.wire.desk.record(Event::Held {
                t_us: line.t_us,
                expected: alternative.text.shown(&self.bindings),
                came: escaped(&line.text),
            });
        }
        let kept = alternative.text.matches(&line.text, &self.bindings, &witness::reads).unwrap_or_default();
        for (name, value) in kept {
            self.bindings.bind(name, value);
        }
        match alternative.outcome {
            Outcome::Pass => Ok(()),
            Outcome::Observed { unknown, answer } => {
                self.observed(&unknown.value, &answer, std::slice::from_ref(&line.text));
                // What follows in a dialogue builds on acceptance: an observed refusal ends it.
                let refused = line.class == Class::Final && line.text != b"OK";
                if refused {
                    Err(Finding::of(Verdict::Observed, format!("{} = {answer}", unknown.value)))
                } else {
                    Ok(())
                }
            }
            Outcome::Inconclusive(cause) => Err(Box::new(Finding {
                came: Some(escaped(&line.text)),
                ..*Finding::of(Verdict::Inconclusive, cause)
            })),
            Outcome::Fail(reason) => Err(Box::new(Finding {
                clause: self.clause(alternative.judges.as_ref()),
                came: Some(escaped(&line.text)),
                ..*Finding::of(Verdict::Fail, reason)
            })),
        }
    }

    fn fits(&self, alternatives: &[Alternative], line: &[u8]) -> Option<Alternative> {
        alternatives
            .iter()
            .find(|alternative| alternative.text.matches(line, &self.bindings, &witness::reads).is_some())
            .cloned()
    }

    /// A line came that none of the alternatives fits.
    pub(super) async fn mismatch(&mut self, alternatives: &[Alternative], line: &Line) -> Box<Finding> {
        let mut finding = Box::new(Finding {
            cause: None,
            clause: self.clause(alternatives.first().and_then(|first| first.judges.as_ref())),
            expected: self.shown(alternatives),
            came: Some(escaped(&line.text)),
            ..*Finding::of(Verdict::Fail, "")
        });
        if finding.expected.is_empty() {
            finding.expected.push("the end of the answer".to_owned());
        }
        match line.class {
            Class::ForeignEcho => {
                finding.verdict = Verdict::Broken;
                finding.cause =
                    Some("a second talker on the port: an echo of what this run did not send".to_owned());
            }
            Class::Unreadable => return recovery::after_silence(self.wire, finding).await,
            // What came was the torn end of an answer, perhaps: then the module is looked for before it is blamed.
            _ if !self.wire.finish().await => return recovery::after_silence(self.wire, finding).await,
            _ => {
                let wanted = alternatives.first().map(|first| first.text.to_string()).unwrap_or_default();
                let asked = !self.bench.captures && wanted.starts_with("+QMMSEND: 0");
                let elsewhere = asked.then(|| witness::refused_elsewhere(&line.text)).flatten();
                let here = if elsewhere.is_some() { None } else { witness::excuse(self.wire, line).await };
                if let Some(cause) = elsewhere.or(here) {
                    finding.verdict = Verdict::Inconclusive;
                    finding.cause = Some(cause);
                }
            }
        }
        finding
    }

    /// Nothing came in time: the module's fault if it still answers `AT`, the bench's if not.
    async fn silence(&mut self, came: &str) -> Box<Finding> {
        let finding = Box::new(Finding {
            cause: None,
            clause: self.clause(None),
            came: Some(came.to_owned()),
            ..*Finding::of(Verdict::Fail, "")
        });
        recovery::after_silence(self.wire, finding).await
    }

    /// None of the lines that would have done came in time.
    async fn missing(&mut self, alternatives: &[Alternative]) -> Box<Finding> {
        let mut finding = self.silence("nothing").await;
        finding.expected = self.shown(alternatives);
        finding.clause = alternatives.first().and_then(|first| self.clause(first.judges.as_ref()));
        finding
    }

    /// Whether the transport takes so much of a limit that nobody can say on which side of it the module was.
    fn is_slow_for(&self, limit_ms: u64) -> bool {
        /// A limit's margin: this part of it.
        const MARGIN: u64 = 10;
        self.bench.transport_us.saturating_mul(MARGIN) > limit_ms.saturating_mul(1000)
    }

    fn clause(&self, judges: Option<&Placed<String>>) -> Option<String> {
        judges.map(|id| id.value.clone()).or_else(|| self.case.clauses.first().cloned())
    }

    fn shown(&self, alternatives: &[Alternative]) -> Vec<String> {
        alternatives.iter().map(|alternative| alternative.text.shown(&self.bindings)).collect()
    }

    /// The name before the colon of the lines a text stands for.
    fn name_of(&self, text: &Text) -> Option<Vec<u8>> {
        let shown = text.shown(&self.bindings);
        shown.split_once(':').map(|(name, _)| name.as_bytes().to_vec()).or(Some(shown.into_bytes()))
    }

    pub(super) fn filled(&self, text: &Text) -> Result<Vec<u8>, Box<Finding>> {
        text.bytes(&self.bindings)
            .map_err(|error| Finding::of(Verdict::Inconclusive, format!("set-up: {error}")))
    }
}

/// The transport is slower than the margin of the limit that was to be judged.
fn slow_transport() -> Box<Finding> {
    Finding::of(Verdict::Inconclusive, "transport")
}

/// Why the wire brought nothing, as a finding.
pub(super) fn woken(woken: Woken) -> Box<Finding> {
    match woken {
        Woken::Lost(reason) => Finding::of(Verdict::Broken, reason),
        Woken::Interrupted => Finding::of(Verdict::Inconclusive, "interrupted"),
        Woken::Deadline => Finding::of(Verdict::Broken, "the wire brought nothing in time"),
    }
}

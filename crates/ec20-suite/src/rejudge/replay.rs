//! One recorded attempt, played to a fresh executor.
//!
//! It is a driver like the one at the port: it does what the executor asks, as far as the recording tells what came of it. Where it does
//! not, the port goes away, and the reason is kept.

use std::collections::{BTreeMap, VecDeque};

use ec20_manual::Effect;

use crate::escape::escaped;
use crate::executor::{Action, Bench, Executor, Permit};
use crate::journal::{CaseEnd, Event};
use crate::recorded::{Attempt, Happening, Moment, Recorded};
use crate::suite::Case;

/// A wait that outlasts the recorded silence by less than this is taken as waited out: clocks of drivers are not exact.
const SLACK_US: u64 = 100_000;
/// An executor that asks for more than this is not getting anywhere.
const STEPS: usize = 1_000_000;

/// What came of one attempt.
pub(super) struct Replayed {
    /// How it ends today; nothing when that cannot be told.
    pub(super) end: Option<CaseEnd>,
    /// Why it cannot be told, or could not be followed to the last.
    pub(super) gap: Option<String>,
    /// Breaches of standing clauses: the clause, and what was expected and came.
    pub(super) breaches: Vec<(String, String)>,
}

impl Replayed {
    fn unknown(gap: impl Into<String>) -> Self {
        Self { end: None, gap: Some(gap.into()), breaches: Vec::new() }
    }

    /// The end as a run holds it.
    pub(super) fn ending(&self, case: &str, attempt: u32) -> CaseEnd {
        match &self.end {
            Some(end) => CaseEnd { attempt, ..end.clone() },
            None => super::open_end(case, attempt, self.gap.as_deref().unwrap_or_default()),
        }
    }
}

/// What came of a question, with the time from the question on, in µs.
type Answer = Vec<(u64, Vec<u8>)>;
/// Answers by command line, in the order they came.
type Answers = BTreeMap<Vec<u8>, VecDeque<Answer>>;

/// What the runner asked before the first case.
pub(super) struct Preamble(Answers);

impl Preamble {
    pub(super) fn of(run: &Recorded) -> Self {
        let mut asked = Answers::new();
        let mut last: Option<(&[u8], u64)> = None;
        for moment in &run.before.tape {
            match (&moment.what, last) {
                (Happening::Sent(bytes), _) => {
                    asked.entry(bytes.clone()).or_default().push_back(Answer::new());
                    last = Some((bytes, moment.t_us));
                }
                (Happening::Came(bytes), Some((command, sent_us))) => {
                    let answer = asked.get_mut(command).and_then(VecDeque::back_mut);
                    if let Some(answer) = answer {
                        answer.push((moment.t_us.saturating_sub(sent_us), bytes.clone()));
                    }
                }
                _ => {}
            }
        }
        Self(asked)
    }
}

/// Plays one attempt.
pub(super) fn attempt(run: &Recorded, preamble: &Preamble, case: &Case, attempt: &Attempt) -> Replayed {
    if attempt.scene.tape.is_empty() {
        let end = attempt.end.as_ref();
        let words = end.map(|end| {
            let cause = end.cause.as_ref().map_or_else(String::new, |cause| format!(" ({cause})"));
            format!("it was not asked: {}{cause}", end.verdict.word())
        });
        return Replayed::unknown(words.unwrap_or_else(|| "the run ended before it".to_owned()));
    }
    let mut player = Player {
        executor: Executor::new(vec![case.clone()], bench(run, case, attempt)),
        now_us: 0,
        before: preamble.0.clone(),
        coming: VecDeque::new(),
        tape: attempt.scene.tape.iter().peekable(),
        end_us: attempt.end.as_ref().map_or(0, |end| end.t_us),
        start_us: attempt.start_us,
        shift_us: 0,
        begun: false,
        lost: false,
        replayed: Replayed { end: None, gap: None, breaches: Vec::new() },
    };
    player.play();
    let mut replayed = player.replayed;
    if replayed.end.is_none() && replayed.gap.is_none() {
        replayed.gap = Some("the recording ends before the case does".to_owned());
    }
    replayed
}

/// The bench of then: it met every need of a case that was begun, and let out what is recorded as sent.
fn bench(run: &Recorded, case: &Case, attempt: &Attempt) -> Bench {
    let mut bench = Bench::new(run.run.clone());
    let ground = run.ground.clone().unwrap_or_default();
    bench.offers.clone_from(&case.needs);
    bench.captures = ground.captures;
    bench.transport_us = ground.transport_us;
    if run.ground.is_some() {
        bench.quiet_ms = ground.quiet_ms;
    }
    // The lists were read back before a send if and only if the recording shows it.
    let asides = || attempt.scene.exchanges.iter().filter(|exchange| exchange.aside);
    // And the registers were asked again if it shows that.
    bench.escape_first = asides().any(|exchange| exchange.sent.starts_with(b"ATS3?"));
    let read_back = asides().any(|exchange| exchange.sent.starts_with(b"AT+QMMSEDIT="));
    let everybody: crate::executor::Recipients = std::rc::Rc::new(|_| true);
    bench.permit = Permit {
        effects: Effect::ALL.into(),
        recipient: read_back.then_some(everybody),
        budgets: BTreeMap::new(),
    };
    bench
}

struct Player<'a> {
    executor: Executor,
    now_us: u64,
    /// What the runner asks before the case.
    before: Answers,
    /// Answers to it that are on their way.
    coming: VecDeque<(u64, Vec<u8>)>,
    tape: std::iter::Peekable<std::slice::Iter<'a, Moment>>,
    start_us: u64,
    end_us: u64,
    /// How much later everything happens than it was recorded: more was asked before the case today.
    shift_us: u64,
    begun: bool,
    lost: bool,
    replayed: Replayed,
}

impl Player<'_> {
    fn play(&mut self) {
        for _ in 0..STEPS {
            let action = self.executor.poll(self.now_us);
            if self.take_events() {
                return;
            }
            match action {
                Action::Done => return,
                Action::Send(bytes) if self.begun => self.send(&bytes),
                Action::Order(words) => self.order(&words),
                Action::Recover { .. } => self.executor.recovered(self.now_us, Err(Vec::new())),
                Action::Wait { until_us } if self.begun => self.wait(until_us),
                Action::Send(bytes) => {
                    let came = self.before.get_mut(&bytes).and_then(|answers| {
                        if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }
                    });
                    let came = came.unwrap_or_default().into_iter();
                    self.coming = came.map(|(after_us, bytes)| (self.now_us + after_us, bytes)).collect();
                    self.executor.sent(self.now_us);
                }
                Action::Wait { until_us } => match self.coming.pop_front_if(|(t_us, _)| *t_us <= until_us) {
                    Some((t_us, bytes)) => {
                        self.now_us = self.now_us.max(t_us);
                        self.executor.received(self.now_us, &bytes);
                    }
                    None => self.now_us = self.now_us.max(until_us),
                },
            }
        }
        self.gap("today's transcript comes to no end");
    }

    /// Looks at what the executor says; true when the case has ended.
    fn take_events(&mut self) -> bool {
        for event in self.executor.events() {
            match event {
                Event::CaseStart { .. } => {
                    self.begun = true;
                    self.shift_us = self.now_us.saturating_sub(self.start_us);
                    self.now_us = self.now_us.max(self.start_us);
                }
                Event::Breach { clause, expected, came, .. } if !self.lost => {
                    self.replayed.breaches.push((clause, format!("expected {expected}, came {came}")));
                }
                Event::CaseEnd(end) => {
                    // A verdict of the recording's end is none of the module's; one that was reached before it stands.
                    let ours = self.lost && end.verdict == crate::verdict::Verdict::Broken;
                    self.replayed.end = (!ours).then_some(end);
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    /// What came before the next thing that went out.
    fn deliver(&mut self) {
        while let Some(moment) = self.tape.next_if(|moment| is_inbound(&moment.what)) {
            self.hand_over(moment);
        }
    }

    fn hand_over(&mut self, moment: &Moment) {
        self.now_us = self.now_us.max(moment.t_us + self.shift_us);
        match &moment.what {
            Happening::Came(bytes) => self.executor.received(self.now_us, bytes),
            Happening::Captured(message) => self.executor.captured(self.now_us, (**message).clone()),
            Happening::Lost(reason) => self.executor.lost(self.now_us, reason.clone()),
            Happening::Sent(_) | Happening::Refused(..) | Happening::Ordered(..) => {}
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        self.deliver();
        let next = self.tape.next_if(|moment| match &moment.what {
            Happening::Sent(sent) | Happening::Refused(sent, _) => sent == bytes,
            _ => false,
        });
        let Some(moment) = next else {
            let then = self.tape.peek().map_or_else(
                || "nothing more was asked".to_owned(),
                |moment| match &moment.what {
                    Happening::Sent(sent) | Happening::Refused(sent, _) => {
                        format!("{} was asked", escaped(sent))
                    }
                    _ => "something else was done".to_owned(),
                },
            );
            return self.gap(format!("today {} is asked; then {then}", escaped(bytes)));
        };
        self.now_us = self.now_us.max(moment.t_us + self.shift_us);
        match &moment.what {
            Happening::Refused(_, reason) => self.executor.withheld(self.now_us, reason.clone()),
            _ => self.executor.sent(self.now_us),
        }
    }

    fn order(&mut self, words: &str) {
        self.deliver();
        let next =
            self.tape.next_if(|moment| matches!(&moment.what, Happening::Ordered(told, _) if told == words));
        match next.map(|moment| &moment.what) {
            Some(Happening::Ordered(_, problem)) => {
                self.executor.ordered(problem.clone().map_or(Ok(()), Err));
            }
            _ => self.gap(format!("today the far end is told `{words}`; then it was not")),
        }
    }

    fn wait(&mut self, until_us: u64) {
        let Some(next) = self.tape.peek() else {
            if until_us <= self.end_us + self.shift_us + SLACK_US || self.lost {
                self.now_us = self.now_us.max(until_us);
            } else {
                self.gap("today more time is waited than was then: the recording ends");
            }
            return;
        };
        let t_us = next.t_us + self.shift_us;
        if is_inbound(&next.what) {
            if t_us <= until_us {
                if let Some(moment) = self.tape.next() {
                    self.hand_over(moment);
                }
            } else {
                self.now_us = self.now_us.max(until_us);
            }
        } else if until_us <= t_us + SLACK_US || self.lost {
            self.now_us = self.now_us.max(until_us);
        } else {
            self.gap(
                "today more time is waited than was then, where the recording goes on with another command",
            );
        }
    }

    fn gap(&mut self, reason: impl Into<String>) {
        if self.lost {
            // Nothing is there any more: whatever is asked now ends at once.
            self.executor.withheld(self.now_us, "the recording has ended");
            return;
        }
        self.lost = true;
        let reason = reason.into();
        self.replayed.gap.get_or_insert_with(|| reason.clone());
        self.executor.lost(self.now_us, reason);
    }
}

const fn is_inbound(what: &Happening) -> bool {
    matches!(what, Happening::Came(_) | Happening::Captured(_) | Happening::Lost(_))
}

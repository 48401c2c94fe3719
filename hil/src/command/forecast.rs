//! How long a run still takes, from what its cases are known to need.
//!
//! A case needs the waits that its transcript declares, whatever the module, and the time for its command lines, which this
//! module shows as the run goes on. It knows no terminal.

use std::collections::BTreeMap;

use ec20_suite::suite::Case;
use ec20_suite::transcript::StepKind;

/// What a command line takes until the first cases have shown it, in ms.
const LINE_MS: u64 = 20;
/// The pause after CONNECT, before the bytes of an upload, in ms.
const UPLOAD_MS: u64 = 100;

/// What one attempt at a case needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Need {
    waits_ms: u64,
    lines: u64,
}

/// A forecast of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Forecast {
    /// What each case needs with all its attempts, until it has ended.
    open: BTreeMap<String, Need>,
    ended: Need,
}

impl Forecast {
    /// The forecast of a run that asks each of `cases` `repeat` times.
    pub(super) fn new(cases: &[Case], repeat: u32) -> Self {
        let attempts = u64::from(repeat.max(1));
        let need = |case: &Case| {
            let once = need(case);
            Need {
                waits_ms: once.waits_ms.saturating_mul(attempts),
                lines: once.lines.saturating_mul(attempts),
            }
        };
        let open = cases.iter().map(|case| (case.id.clone(), need(case))).collect();
        Self { open, ended: Need::default() }
    }

    /// A case has ended.
    pub(super) fn ended(&mut self, case: &str) {
        if let Some(need) = self.open.remove(case) {
            self.ended.waits_ms = self.ended.waits_ms.saturating_add(need.waits_ms);
            self.ended.lines = self.ended.lines.saturating_add(need.lines);
        }
    }

    /// How long the open cases take, `elapsed_ms` after the run began.
    pub(super) fn left_ms(&self, elapsed_ms: u64) -> u64 {
        let sum = |of: fn(&Need) -> u64| self.open.values().map(of).fold(0, u64::saturating_add);
        let (waits_ms, lines) = (sum(|need| need.waits_ms), sum(|need| need.lines));
        // The first lines say little of the others: the assumption counts as much as twenty of them.
        let spent_ms = elapsed_ms.saturating_sub(self.ended.waits_ms).saturating_add(20 * LINE_MS);
        let line_ms = |lines: u64| lines.saturating_mul(spent_ms) / self.ended.lines.saturating_add(20);
        waits_ms.saturating_add(line_ms(lines))
    }
}

fn need(case: &Case) -> Need {
    let mut need = Need::default();
    let (mut stalls, mut timeout_ms) = (false, 0_u64);
    let stages = case.stages.iter().chain([&case.transcript]);
    for step in stages.flat_map(|stage| stage.body.iter().chain(&stage.finally)) {
        match &step.kind {
            StepKind::Send(text) => {
                need.lines += 1;
                let line = text.bytes(&case.bindings).unwrap_or_default();
                let seconds =
                    line.strip_prefix(b"AT+QMMSEND=").and_then(|digits| std::str::from_utf8(digits).ok());
                timeout_ms = seconds.and_then(|digits| digits.parse::<u64>().ok()).unwrap_or(0) * 1000;
            }
            StepKind::Quiet { for_ms, .. } | StepKind::Wait { for_ms } => {
                need.waits_ms = need.waits_ms.saturating_add(*for_ms);
            }
            StepKind::Data(_) => need.waits_ms = need.waits_ms.saturating_add(UPLOAD_MS),
            StepKind::Order(words) => stalls |= words.to_string().contains("stall"),
            // The module waits for a far end that stalls until its own timeout is over.
            StepKind::Await { within_ms, .. } if stalls => {
                need.waits_ms = need.waits_ms.saturating_add(timeout_ms.min(*within_ms));
            }
            _ => {}
        }
    }
    need
}

/// A time in the largest unit that tells it: `40s`, `3m`, `2h`.
pub(super) fn rounded(ms: u64) -> String {
    match ms.div_ceil(1000) {
        seconds @ ..=99 => format!("{seconds}s"),
        seconds @ 100..=5999 => format!("{}m", seconds.div_ceil(60)),
        seconds => format!("{}h", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Forecast, Need, rounded};

    fn forecast(open: &[(&str, u64, u64)]) -> Forecast {
        let need = |&(case, waits_ms, lines): &(&str, u64, u64)| (case.to_owned(), Need { waits_ms, lines });
        Forecast { open: open.iter().map(need).collect(), ended: Need::default() }
    }

    /// Three quick cases and a slow one: the slow one is not taken for the measure of the others, nor they for its.
    #[test]
    fn waits_are_known_and_lines_are_measured() {
        let mut run = forecast(&[("a", 0, 10), ("b", 0, 10), ("c", 0, 10), ("slow", 10_000, 10)]);
        assert_eq!(run.left_ms(0), 10_000 + 40 * 20);
        run.ended("slow");
        assert_eq!(run.left_ms(10_200), 30 * 20, "the wait was declared; ten lines took 20 ms each");
        run.ended("a");
        run.ended("a");
        run.ended("b");
        run.ended("c");
        assert_eq!(run.left_ms(99_000), 0);
    }

    #[test]
    fn a_slow_module_makes_the_rest_longer() {
        let mut run = forecast(&[("a", 0, 980), ("b", 0, 1000)]);
        run.ended("a");
        assert_eq!(run.left_ms(980 * 100), (980 * 100 + 400) * 1000 / 1000);
    }

    #[test]
    fn times_are_told_in_one_unit() {
        let told = [0, 1, 1500, 99_000, 99_001, 600_000, 7_200_000].map(rounded);
        assert_eq!(told, ["0s", "1s", "2s", "99s", "2m", "10m", "2h"]);
    }
}

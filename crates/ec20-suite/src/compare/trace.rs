//! What a module said in one attempt, freed of what two honest runs differ in.
//!
//! It knows exchanges, their answers and the lines that passed by. It does not know the other run.

use std::collections::BTreeSet;

use ec20_manual::Catalogue;

use super::reading::{Line, Reader, Spoken};
use crate::recorded::{Attempt, Class};

/// One attempt, as it is compared: each command line and what the module made of it.
pub(super) type Trace = Vec<(Spoken, Vec<Spoken>)>;

/// One attempt, as it is shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Heard {
    pub(super) turns: Vec<Turn>,
    /// The rules of the lines that passed by and that no weather explains.
    pub(super) passed: BTreeSet<String>,
}

/// A command line and what came of it.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    pub(super) command: Line,
    /// The answer, then the results that came by themselves.
    pub(super) answer: Vec<Line>,
    /// Whether the case only put back by then.
    pub(super) finally: bool,
    /// How long the final result took, in µs.
    pub(super) took_us: Option<u64>,
}

/// URCs that the network, the card or a third party causes: they may come or not. A restart (RDY, +CFUN, POWERED DOWN) is no weather.
const WEATHER: [&str; 10] = [
    "creg_urc",
    "cgreg_urc",
    "cereg_urc",
    "ring_urc",
    "cmti_urc",
    "qiurc_pdpdeact_urc",
    "cpin_urc",
    "qusim_urc",
    "qind_sms_done_urc",
    "qind_pb_done_urc",
];

impl Heard {
    /// Reads one attempt.
    pub(super) fn of(attempt: &Attempt) -> Self {
        let mut reader = Reader::new();
        let mut heard = Self::default();
        let mut debtor: Option<usize> = None;
        for exchange in attempt.dialogue() {
            let command = reader.command(&exchange.sent);
            if owes(&command.spoken.rule) {
                debtor = Some(heard.turns.len());
            }
            let at = heard.turns.len();
            let mut turn =
                Turn { command, answer: Vec::new(), finally: exchange.finally, took_us: exchange.took_us };
            // What comes by itself may come before, between or after other lines: only what it says is compared.
            let mut results = Vec::new();
            for line in &exchange.lines {
                let line = reader.line(line.class, &line.text);
                match line.spoken.class {
                    Class::Urc if is_result(&line.spoken.rule) => results.push(line),
                    Class::Urc if WEATHER.contains(&line.spoken.rule.as_str()) => {}
                    Class::Urc => {
                        heard.passed.insert(line.spoken.rule);
                    }
                    _ => turn.answer.push(line),
                }
            }
            heard.turns.push(turn);
            // It belongs to the command that owes it, however many others were asked until it came.
            let debtor = debtor.unwrap_or(at);
            if let Some(turn) = heard.turns.get_mut(debtor) {
                turn.answer.extend(results);
            }
        }
        heard
    }

    /// What is compared of it.
    pub(super) fn trace(&self) -> Trace {
        let spoken = |lines: &[Line]| lines.iter().map(|line| line.spoken.clone()).collect();
        self.turns.iter().map(|turn| (turn.command.spoken.clone(), spoken(&turn.answer))).collect()
    }
}

/// Whether a result of its own follows the command.
fn owes(rule: &str) -> bool {
    let mut owing = Catalogue::manual().commands().iter().filter(|command| command.result.is_some());
    owing
        .any(|command| rule.split(';').any(|form| form.strip_suffix("_write") == Some(command.name.as_str())))
}

/// Whether a command causes this line: the command table knows which.
fn is_result(rule: &str) -> bool {
    let mut results = Catalogue::manual().commands().iter().filter_map(|command| command.result.as_ref());
    results.any(|result| result.name == rule)
}

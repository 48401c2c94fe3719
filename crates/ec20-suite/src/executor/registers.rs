//! S3, S4 and S5 before anything else: whether the module reads lines by the usual rules.
//!
//! It asks and tells. What may leave where they read otherwise, the gate decides by itself; here the run only looks ahead, so that no case
//! is begun that would be stopped in its middle.

use ec20_manual::Effect;

use super::settings::Bench;
use super::wire::Wire;
use crate::effect;
use crate::escape::escaped;
use crate::residue::REGISTERS;

/// Asks all three; says which do not read as usual, in words, with what to do.
pub(super) async fn asked(wire: &mut Wire) -> Vec<String> {
    let mut odd = Vec::new();
    for register in REGISTERS {
        let query = register.query();
        let answer = wire.ask(query.as_bytes()).await;
        let told = match answer.information.as_slice() {
            [line] if answer.result.as_deref() == Some(b"OK") && register.is_usual(line.as_bytes()) => {
                continue;
            }
            [] => answer.result.as_deref().map_or_else(|| "nothing".to_owned(), escaped),
            lines => lines.join(" / "),
        };
        odd.push(format!(
            "{query} ({purpose}) is answered {told} and not {usual}: nothing but reading leaves; {remedy} in a terminal program sets it",
            purpose = register.purpose,
            usual = register.usual,
            remedy = register.remedy(),
        ));
    }
    odd
}

/// The same at the beginning of a run: where one reads otherwise, nothing but reading is begun.
pub(super) async fn look(wire: &mut Wire, bench: &mut Bench) {
    if !bench.escape_first {
        return;
    }
    wire.traces.registers.watch();
    let odd = asked(wire).await;
    bench.odd_register = odd.first().cloned();
    for note in odd {
        wire.desk.note(note);
    }
}

/// Whether they have to be asked again: the module has started, or a line may have had it take up what an earlier program stored.
#[derive(Debug, Default)]
pub(super) struct Registers {
    /// Whether an earlier program may have set them at all.
    watched: bool,
    stale: bool,
}

impl Registers {
    const fn watch(&mut self) {
        self.watched = true;
    }

    /// The module has started, or was looked for again.
    pub(super) const fn forget(&mut self) {
        self.stale = true;
    }

    /// A command line left.
    pub(super) fn left(&mut self, line: &[u8]) {
        self.stale |= effect::recalls(line);
    }

    /// Whether they are to be asked before this line leaves; then they count as asked.
    pub(super) fn take_stale(&mut self, line: &[u8]) -> bool {
        let due = self.watched && self.stale && effect::of_line(line, &|_| true) > Effect::Read;
        if due {
            self.stale = false;
        }
        due
    }
}

/// Asks again where the module may hold other values by now, before a line leaves that is more than reading.
pub(super) async fn look_again(wire: &mut Wire, line: &[u8]) {
    if wire.traces.registers.take_stale(line) {
        for note in asked(wire).await {
            wire.desk.note(note);
        }
    }
}

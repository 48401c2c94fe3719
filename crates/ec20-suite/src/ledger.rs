//! Budgets: how many commands of an effect a run may send, and how many it has.
//!
//! It counts commands by the bytes of their lines. It holds nothing back: the gate does that, by its own count; here the run only looks
//! ahead, so that a case that would be stopped in the middle is not begun.

use std::collections::BTreeMap;

use ec20_at::{Dialect, command_line};
use ec20_manual::{Catalogue, Effect};

use crate::effect;
use crate::suite::Case;

/// What may be sent, by effect, and what was.
///
/// ```
/// use ec20_manual::Effect;
/// use ec20_suite::ledger::Ledger;
/// let mut ledger = Ledger::new([(Effect::Billable, 2)].into());
/// ledger.spend(b"AT+CMEE=1;+QMMSEND=30");
/// assert_eq!(ledger.left(Effect::Billable), Some(1));
/// assert_eq!(ledger.left(Effect::Radio), None, "there is no budget for it");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    budgets: BTreeMap<Effect, u32>,
    spent: BTreeMap<Effect, u32>,
}

impl Ledger {
    /// Nothing is spent yet.
    pub fn new(budgets: BTreeMap<Effect, u32>) -> Self {
        Self { budgets, spent: BTreeMap::new() }
    }

    /// A command line leaves.
    pub fn spend(&mut self, line: &[u8]) {
        for (effect, count) in counted(line) {
            *self.spent.entry(effect).or_default() += count;
        }
    }

    /// How many commands of this effect may still leave; nothing: no budget was set.
    pub fn left(&self, effect: Effect) -> Option<u32> {
        let budget = self.budgets.get(&effect)?;
        Some(budget.saturating_sub(self.spent(effect)))
    }

    /// How many commands of this effect have left.
    pub fn spent(&self, effect: Effect) -> u32 {
        self.spent.get(&effect).copied().unwrap_or(0)
    }

    /// Why the case must not begin: it would send more than is left. In words that begin with `budget`.
    pub fn refuses(&self, case: &Case) -> Option<String> {
        let wants = demand(case);
        self.budgets.iter().find_map(|(effect, budget)| {
            let wanted = wants.get(effect).copied().unwrap_or(0);
            let spent = self.spent(*effect);
            (wanted > 0 && spent.saturating_add(wanted) > *budget).then(|| {
                format!("budget: {spent} of {effect}={budget} have left, and the case would send {wanted}")
            })
        })
    }
}

/// How many commands of each effect a case sends, as far as its lines are known before it runs.
pub fn demand(case: &Case) -> BTreeMap<Effect, u32> {
    let mut demand = BTreeMap::new();
    for line in case.lines() {
        for (effect, count) in counted(&line) {
            *demand.entry(effect).or_default() += count;
        }
    }
    demand
}

fn counted(line: &[u8]) -> BTreeMap<Effect, u32> {
    let mut counted = BTreeMap::new();
    let Ok(read) = command_line::read(line, Dialect::TOLERANT) else {
        return [(Effect::WORST, 1)].into();
    };
    for command in read.commands() {
        let effect = command.map_or(Effect::WORST, |command| {
            let name = String::from_utf8_lossy(command.name()).into_owned();
            let kind = effect::kind(command.form());
            Catalogue::manual().classify(&name, kind, command.arguments(), &|_| true)
        });
        *counted.entry(effect).or_default() += 1;
    }
    counted
}

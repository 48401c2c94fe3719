//! What a person lets out: an effect, and how often.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use ec20_manual::Effect;

use crate::gate::UNASKED;

/// An effect that may leave: `radio`, or `billable=2` for two commands at most.
///
/// ```
/// use ec20_hil::allowance::Allowance;
/// use ec20_manual::Effect;
/// assert_eq!("billable=2".parse(), Ok(Allowance { effect: Effect::Billable, budget: Some(2) }));
/// assert_eq!("radio".parse(), Ok(Allowance { effect: Effect::Radio, budget: None }));
/// assert!("billable=many".parse::<Allowance>().is_err());
/// assert!("read=2".parse::<Allowance>().is_err(), "reading is not counted");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Which effect.
    pub effect: Effect,
    /// How many commands with it; nothing: any number.
    pub budget: Option<u32>,
}

impl FromStr for Allowance {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, budget) = match text.split_once('=') {
            None => (text, None),
            Some((name, number)) => {
                let number = number.parse().map_err(|_| "expected a number behind the =: billable=2")?;
                (name, Some(number))
            }
        };
        let names = Effect::ALL.map(Effect::name).join(", ");
        let effect = Effect::named(name)
            .ok_or_else(|| format!("expected one of {names}, with =N for a budget: billable=2"))?;
        if budget.is_some() && UNASKED.contains(&effect) {
            return Err(format!(
                "expected a budget for radio, billable, nv or destructive; {name} is not counted"
            ));
        }
        Ok(Self { effect, budget })
    }
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.budget {
            None => write!(f, "{}", self.effect),
            Some(budget) => write!(f, "{}={budget}", self.effect),
        }
    }
}

/// The effects that may leave, those that always may included.
pub fn effects(allowances: &[Allowance]) -> BTreeSet<Effect> {
    UNASKED.into_iter().chain(allowances.iter().map(|allowance| allowance.effect)).collect()
}

/// How many commands of which effect may leave. Given twice, the smaller counts.
pub fn budgets(allowances: &[Allowance]) -> BTreeMap<Effect, u32> {
    let mut budgets = BTreeMap::new();
    for Allowance { effect, budget } in allowances {
        if let Some(budget) = budget {
            let least = budgets.entry(*effect).or_insert(*budget);
            *least = (*least).min(*budget);
        }
    }
    budgets
}

//! What the run knows of its bench: what it offers, what it allows, how slow its wire is.
//!
//! It holds facts that somebody told or measured. It decides nothing.

use std::collections::BTreeSet;
use std::rc::Rc;

use ec20_manual::Effect;

use crate::journal::{Ground, Run};
use crate::suite::Case;

/// The bench a run takes place on.
#[derive(Debug, Clone)]
pub struct Bench {
    /// The head of the journal.
    pub run: Run,
    /// The needs it meets: `sim-card`, `attach`, `pdp`, `mmsc`, `mmsc-capture`, …
    pub offers: BTreeSet<String>,
    /// What may leave the port.
    pub permit: Permit,
    /// Whether a capture MMSC hands what it captured to this run.
    pub captures: bool,
    /// How often each case is asked.
    pub repeat: u32,
    /// How often a case that failed is asked again.
    pub retries: u32,
    /// How long the whole run may take, in ms; no new case starts after it.
    pub budget_ms: Option<u64>,
    /// What the transport adds to an answer's time, in µs.
    pub transport_us: u64,
    /// How long the wire must be silent before a command, in ms.
    pub quiet_ms: u64,
}

impl Bench {
    /// A bench that offers nothing and allows what every port allows.
    pub fn new(run: Run) -> Self {
        Self {
            run,
            offers: BTreeSet::new(),
            permit: Permit::default(),
            captures: false,
            repeat: 1,
            retries: 0,
            budget_ms: None,
            transport_us: 0,
            quiet_ms: 3,
        }
    }

    /// What the journal keeps of it, and of the variables that these cases were made with.
    pub(super) fn ground(&self, cases: &[Case]) -> Ground {
        let variables = cases.first().map(|case| case.variables.written().clone());
        Ground {
            offers: self.offers.iter().cloned().collect(),
            captures: self.captures,
            transport_us: self.transport_us,
            quiet_ms: self.quiet_ms,
            repeat: self.repeat,
            retries: self.retries,
            variables: variables.unwrap_or_default(),
        }
    }
}

/// Says whether a message may be sent to an address.
pub type Recipients = Rc<dyn Fn(&str) -> bool>;

/// What may leave the port. The gate at the port decides by the bytes themselves; here the run only looks ahead, so that a case
/// that would be stopped in the middle is not begun.
#[derive(Clone)]
pub struct Permit {
    /// The effects that may leave.
    pub effects: BTreeSet<Effect>,
    /// Whether a recipient may be sent to; none: every recipient may, as on the simulated module.
    pub recipient: Option<Recipients>,
}

impl Default for Permit {
    /// What leaves every port unasked: reading, volatile changes, and settings, which are restored.
    fn default() -> Self {
        Self {
            effects: BTreeSet::from([Effect::Read, Effect::Volatile, Effect::Settings]),
            recipient: Some(Rc::new(|_| false)),
        }
    }
}

impl std::fmt::Debug for Permit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Permit").field("effects", &self.effects).finish_non_exhaustive()
    }
}

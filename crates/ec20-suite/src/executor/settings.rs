//! What the run knows of its bench: what it offers, what it allows, how slow its wire is.
//!
//! It holds facts that somebody told or measured. It decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use ec20_manual::Effect;

use crate::journal::{Ground, Identity, Run, Share};
use crate::suite::Case;

/// The bench a run takes place on.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the bench")]
pub struct Bench {
    /// The head of the journal.
    pub run: Run,
    /// The needs it meets: `sim-card`, `attach`, `pdp`, `mmsc`, `mmsc-capture`, …
    pub offers: BTreeSet<String>,
    /// What may leave the port.
    pub permit: Permit,
    /// Which module must stand there; another is not asked anything.
    pub expected: Expected,
    /// Whether a capture MMSC hands what it captured to this run.
    pub captures: bool,
    /// How often each case is asked.
    pub repeat: u32,
    /// How often a case that failed is asked again.
    pub retries: u32,
    /// After how many failed cases no new case starts.
    pub max_fail: Option<u32>,
    /// Which part of the suite the cases are.
    pub share: Option<Share>,
    /// Whether what is recorded is redacted before it is written.
    pub redacted: Option<bool>,
    /// Whether the user wants the module's true IMEI on the sheet that is signed.
    pub show_identity: bool,
    /// How long the whole run may take, in ms; no new case starts after it.
    pub budget_ms: Option<u64>,
    /// What the transport adds to an answer's time, in µs.
    pub transport_us: u64,
    /// How often `AT` is asked before the run to find out what the transport adds; 0: that is known.
    pub calibrate: u32,
    /// Whether the driver can open a port again that was lost.
    pub recovers: bool,
    /// Whether the driver can work a power switch.
    pub has_power: bool,
    /// How long a module whose port is open again may take to answer, in ms.
    pub back_ms: u64,
    /// How long the wire must be silent before a command, in ms.
    pub quiet_ms: u64,
    /// Bits per second of the wire, where it is not the usual 115200.
    pub baud: Option<u32>,
    /// Whether an earlier program may have left something on the module: data mode, which is escaped before the first command; half a line,
    /// which is made invalid; other values of S3, S4 and S5, which are asked.
    pub escape_first: bool,
    /// A register that says how lines are read and does not read as usual: which, what it says, and what to do.
    pub odd_register: Option<String>,
    /// Cases that an earlier session was killed in: their `finally` runs before they are asked again.
    pub clean_first: BTreeSet<String>,
    /// Files that an earlier session of this run put on the module.
    pub uploaded: BTreeSet<Vec<u8>>,
}

impl Bench {
    /// A bench that offers nothing and allows what every port allows.
    pub fn new(run: Run) -> Self {
        Self {
            run,
            offers: BTreeSet::new(),
            permit: Permit::default(),
            expected: Expected::default(),
            captures: false,
            repeat: 1,
            retries: 0,
            max_fail: None,
            share: None,
            redacted: None,
            show_identity: false,
            budget_ms: None,
            transport_us: 0,
            calibrate: 0,
            recovers: false,
            has_power: false,
            back_ms: 30_000,
            quiet_ms: 3,
            baud: None,
            escape_first: false,
            odd_register: None,
            clean_first: BTreeSet::new(),
            uploaded: BTreeSet::new(),
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
            baud: self.baud,
            repeat: self.repeat,
            retries: self.retries,
            variables: variables.unwrap_or_default(),
            share: self.share,
            redacted: self.redacted,
        }
    }
}

/// Which module must stand on the bench.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// Its IMEI, as `AT+CGSN` tells it.
    pub imei: Option<String>,
    /// Its firmware, or how that begins: as a line of `ATI` or `AT+QGMR` has it.
    pub firmware: Option<String>,
}

impl Expected {
    /// Why this is another module, if it is one.
    ///
    /// ```
    /// use ec20_suite::executor::Expected;
    /// use ec20_suite::journal::Identity;
    /// let expected = Expected { imei: None, firmware: Some("EC20CEFAGR06".to_owned()) };
    /// let mut says = Identity { ati: vec!["Quectel".into(), "Revision: EC20CEFAGR06A10M4G".into()], ..Identity::default() };
    /// assert_eq!(expected.differs(&says), None);
    /// says.ati[1] = "Revision: EC20CEFAGR08A01M4G".into();
    /// assert!(expected.differs(&says).is_some());
    /// ```
    pub fn differs(&self, identity: &Identity) -> Option<String> {
        let told = |lines: Vec<&String>| {
            let words: Vec<&str> = lines.into_iter().map(String::as_str).collect();
            if words.is_empty() { "nothing".to_owned() } else { words.join(" / ") }
        };
        if let Some(imei) = self.imei.as_ref().filter(|imei| identity.cgsn.as_ref() != Some(imei)) {
            let differ = match &identity.cgsn {
                None => "AT+CGSN tells none".to_owned(),
                Some(says) => format!("they differ in {}; --no-redact shows them", differing(imei, says)),
            };
            return Some(format!(
                "the bench file expects another module: its [identity] imei is not this module's, {differ}"
            ));
        }
        let firmware = self.firmware.as_ref()?;
        let lines: Vec<&String> = identity.ati.iter().chain(&identity.qgmr).collect();
        let fits =
            |line: &&String| line.split_ascii_whitespace().any(|word| word.starts_with(firmware.as_str()));
        (!lines.iter().any(fits)).then(|| {
            format!("the bench file expects firmware {firmware}, ATI and AT+QGMR say {}", told(lines.clone()))
        })
    }
}

/// In which digits two numbers differ, counted from 1: `digit 15`, `digits 3, 4 and more`, or `length`.
fn differing(one: &str, other: &str) -> String {
    if one.chars().count() != other.chars().count() {
        return "length".to_owned();
    }
    let pairs = one.chars().zip(other.chars()).enumerate();
    let places: Vec<String> =
        pairs.filter(|(_, (a, b))| a != b).map(|(at, _)| (at + 1).to_string()).collect();
    match places.as_slice() {
        [one] => format!("digit {one}"),
        [first, second] => format!("digits {first} and {second}"),
        [first, second, ..] => format!("digits {first}, {second} and more"),
        [] => "nothing".to_owned(),
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
    /// How many commands of an effect may leave in the whole run; without an entry, any number of an allowed effect.
    pub budgets: BTreeMap<Effect, u32>,
}

impl Default for Permit {
    /// What leaves every port unasked: reading, volatile changes, and settings, which are restored.
    fn default() -> Self {
        Self {
            effects: BTreeSet::from([Effect::Read, Effect::Volatile, Effect::Settings]),
            recipient: Some(Rc::new(|_| false)),
            budgets: BTreeMap::new(),
        }
    }
}

impl std::fmt::Debug for Permit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Permit").field("effects", &self.effects).finish_non_exhaustive()
    }
}

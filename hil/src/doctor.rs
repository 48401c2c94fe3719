//! The doctor: what is missing on a bench, in plain words, and how to mend it.
//!
//! It follows the checks of the manual's section 1.2 in their order, behind the port and before the addresses, and asks a module nothing
//! but what only reads: its gate lets nothing else out. It judges no clause; a doctor's finding is never a fault of the firmware.

mod checks;
mod dialogue;
mod machine;
mod ports;
mod reach;
mod talk;
mod words;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use ec20_suite::executor::Expected;
use serde::Serialize;

use crate::port::Address;

pub use machine::{Device, Holder, Machine, Usb};
pub use ports::{Seen, ports};
pub use words::{listed, told};

/// The JSON Schema (2020-12) that everything `ec20 doctor --json` prints fits.
pub const SCHEMA: &str = include_str!("../schema/doctor.schema.json");

/// The format of the JSON.
pub const FORMAT: u32 = 1;

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// As it should be.
    Good,
    /// Works, and is worth knowing.
    Note,
    /// Was not checked, because of what was found before.
    Open,
    /// Keeps messages from being sent.
    Trouble,
}

/// One check, with what it found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at: `port`, `answer`, `sim`, `attach` and so on. Frozen.
    pub check: &'static str,
    /// The name of what was found, for programs; nothing when all is good. Frozen.
    pub finding: Option<&'static str>,
    /// What it came to.
    pub state: State,
    /// The manual's section that asks for this check.
    pub section: Option<&'static str>,
    /// What was found, in words.
    pub says: String,
    /// How to mend it.
    pub mend: Option<String>,
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Examination {
    /// [`FORMAT`].
    pub format: u32,
    /// The port as it was named.
    pub port: String,
    /// Whether the module could be asked.
    pub asked: bool,
    /// The checks in their order.
    pub checks: Vec<Check>,
    /// The dialogue: each line that was asked, and the lines that came.
    pub dialogue: Vec<Exchange>,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// The command line.
    pub asked: String,
    /// The lines that came, escaped; empty when nothing did.
    pub came: Vec<String>,
}

/// What the run that is planned would tell the module by itself.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Variables of the transcripts that were given a value: `apn`, `mmsc`, `proxy` and others.
    pub set: BTreeMap<String, String>,
    /// Where the capture MMSC shall listen, if it shall.
    pub capture: Option<SocketAddr>,
    /// Whether the run may register and activate contexts.
    pub radio: bool,
    /// The rate of a serial port, in bit/s; the usual one when absent.
    pub rate: Option<u32>,
    /// Which module must stand there.
    pub expected: Expected,
}

impl Plan {
    /// What the run will tell the module of this name because it was told to, if anything.
    fn told(&self, name: &str) -> Option<&str> {
        self.set.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

impl Examination {
    /// How many troubles were found.
    pub fn troubles(&self) -> usize {
        self.checks.iter().filter(|check| check.state == State::Trouble).count()
    }

    /// The finding of a check, if it was made and is not simply good.
    pub fn finding(&self, check: &str) -> Option<&'static str> {
        self.checks.iter().find(|made| made.check == check)?.finding
    }
}

impl Check {
    fn good(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, finding: None, state: State::Good, section: None, says: says.into(), mend: None }
    }

    fn trouble(
        check: &'static str,
        finding: &'static str,
        says: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        let finding = Some(finding);
        Self {
            check,
            finding,
            state: State::Trouble,
            section: None,
            says: says.into(),
            mend: Some(mend.into()),
        }
    }

    fn note(
        check: &'static str,
        finding: &'static str,
        says: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self { state: State::Note, ..Self::trouble(check, finding, says, mend) }
    }

    fn open(check: &'static str, says: impl Into<String>) -> Self {
        let finding = Some("not-checked");
        Self { check, finding, state: State::Open, section: None, says: says.into(), mend: None }
    }

    fn by(mut self, section: &'static str) -> Self {
        self.section = Some(section);
        self
    }
}

/// Examines the bench at `address` for the run that is planned.
///
/// Nothing but questions leaves: the gate of this port lets only lines pass that read.
///
/// ```
/// use ec20_hil::doctor::{Machine, Plan, examine};
///
/// let found = examine(&"/dev/ttyUSB-nobody".parse().unwrap(), &Plan::default(), &Machine::this());
/// assert_eq!((found.finding("port"), found.asked), (Some("missing"), false));
/// ```
pub fn examine(address: &Address, plan: &Plan, machine: &Machine) -> Examination {
    let mut found = Examination {
        format: FORMAT,
        port: address.to_string(),
        asked: false,
        checks: Vec::new(),
        dialogue: Vec::new(),
    };
    let simulated = matches!(address, Address::Simulated { .. });
    match talk::begin(address, plan, machine, &mut found.checks) {
        Some(mut dialogue) => {
            found.asked = true;
            let asked = checks::all(&mut dialogue, plan, &mut found.checks);
            found.dialogue = dialogue.into_exchanges();
            if let Err(trouble) = asked {
                // The port went away in the middle: what was found until then stands.
                found.asked = false;
                found.checks.push(Check::trouble("port", "closed", trouble.to_string(), trouble.advice()));
            }
        }
        None => found.checks.push(Check::open("module", "nothing further can be asked")),
    }
    if let Some(capture) = plan.capture {
        // Where the module is told another address, that one leads here, by a way that only the bench's owner knows.
        let told_so = !simulated && plan.told("mmsc").is_none() && plan.told("proxy").is_none();
        found.checks.push(reach::capture(capture, told_so));
    }
    found
}

//! What the host has set for the dialogue itself: echo, form of results, the S registers, character set, reports.
//!
//! Knows the values and their factory settings. Refuses to know how an answer is written with them.

use std::collections::BTreeMap;

/// The settings of the dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) echo: bool,
    pub(crate) verbose: bool,
    pub(crate) quiet: bool,
    /// `AT+CMEE`: 0 plain `ERROR`, 1 a number, 2 words.
    pub(crate) cmee: u8,
    /// The S registers, by number. 3 ends a line, 4 formats answers, 5 edits the line.
    pub(crate) registers: BTreeMap<u8, u8>,
    /// `AT+CSCS`.
    pub(crate) charset: String,
    /// `AT+CREG=<n>`, `AT+CGREG=<n>`, `AT+CEREG=<n>`.
    pub(crate) reports: [u8; 3],
    /// `AT+COPS=3,<format>`.
    pub(crate) operator_format: u8,
    /// `AT+QURCCFG="urcport"`.
    pub(crate) urc_port: String,
    /// `AT+CMGF`.
    pub(crate) text_mode: u8,
    /// One-number settings that are only kept and told: `X`, `&C`, `&D`, `L`, `M`.
    pub(crate) numbers: BTreeMap<String, i64>,
}

/// The S registers that exist, with their factory values.
const REGISTERS: [(u8, u8); 9] =
    [(0, 0), (3, 13), (4, 10), (5, 8), (6, 2), (7, 0), (8, 2), (10, 15), (12, 50)];

impl Session {
    /// The settings of a module fresh from the factory.
    pub(crate) fn factory() -> Self {
        Self {
            echo: true,
            verbose: true,
            quiet: false,
            cmee: 1,
            registers: BTreeMap::from(REGISTERS),
            charset: "GSM".into(),
            reports: [0; 3],
            operator_format: 0,
            urc_port: "usbat".into(),
            text_mode: 0,
            numbers: BTreeMap::new(),
        }
    }

    fn register(&self, number: u8, fallback: u8) -> u8 {
        self.registers.get(&number).copied().unwrap_or(fallback)
    }

    /// S3: the byte that ends a command line.
    pub(crate) fn terminator(&self) -> u8 {
        self.register(3, 13)
    }

    /// S4: the byte that, with S3, formats answers.
    pub(crate) fn formatter(&self) -> u8 {
        self.register(4, 10)
    }

    /// S5: the byte that takes back the last one of a command line.
    pub(crate) fn backspace(&self) -> u8 {
        self.register(5, 8)
    }
}

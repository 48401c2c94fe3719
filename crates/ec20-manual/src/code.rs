//! The numbers of errors and their texts.
//!
//! Knows numbers and wording; refuses to know when a module gives which: that is what clauses say.

use serde::Deserialize;

/// One number and its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// The number.
    pub code: u16,
    /// The text, as a `+CMEE=2` module would print it, or as its table words it.
    pub text: String,
    /// The MMS numbers only: whether the manual names exactly the breach, so that this number is demanded there.
    #[serde(default)]
    pub demanded: bool,
    /// What is known beyond the table.
    #[serde(default)]
    pub note: Option<String>,
}

/// All code tables.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    /// Chapter 4: 751 to 777.
    pub mms: Vec<Code>,
    /// Chapter 5: the answers of the MMSC's HTTP server.
    pub http: Vec<Code>,
    /// The file commands' 400s, from the sibling manual.
    pub file: Vec<Code>,
    /// The bearer's 550s, from the sibling manual.
    pub pdp: Vec<Code>,
    /// The generic numbers of +CME ERROR.
    pub generic: Vec<Code>,
}

impl Codes {
    /// The text of a number in a `+CME ERROR`, whichever table holds it. HTTP codes are no CME numbers.
    ///
    /// ```
    /// let codes = ec20_manual::Catalogue::manual().codes();
    /// assert_eq!(codes.cme_text(752), Some("URL length error"));
    /// assert_eq!(codes.cme_text(10), Some("SIM not inserted"));
    /// assert_eq!(codes.cme_text(200), None);
    /// ```
    pub fn cme_text(&self, code: u16) -> Option<&str> {
        self.cme().find(|row| row.code == code).map(|row| row.text.as_str())
    }

    /// The MMS row of a number of chapter 4.
    pub fn mms(&self, code: u16) -> Option<&Code> {
        self.mms.iter().find(|row| row.code == code)
    }

    /// The HTTP row of a number of chapter 5.
    pub fn http(&self, code: u16) -> Option<&Code> {
        self.http.iter().find(|row| row.code == code)
    }

    /// Every number that a `+CME ERROR` may carry.
    pub fn cme(&self) -> impl Iterator<Item = &Code> {
        self.mms.iter().chain(&self.file).chain(&self.pdp).chain(&self.generic)
    }
}

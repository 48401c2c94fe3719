//! What a command line does to the module and to the world: the gate's scale.
//!
//! Knows commands by the table; refuses to parse a line: whoever calls has taken it apart already.

use serde::Deserialize;

use crate::{Catalogue, FormKind};

/// What sending a command can do, from harmless to worst. The order is the scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Asks only.
    Read,
    /// Changes what is gone after a restart: the message being edited, RAM files, echo.
    Volatile,
    /// Changes a setting whose persistence is unknown; it can be read and put back.
    Settings,
    /// Touches the network: registration, attachment, contexts.
    Radio,
    /// Costs money.
    Billable,
    /// Writes non-volatile memory.
    Nv,
    /// Wipes, locks, resets; or nobody knows.
    Destructive,
}

impl Effect {
    /// Every effect, from harmless to worst.
    pub const ALL: [Self; 7] = [
        Self::Read,
        Self::Volatile,
        Self::Settings,
        Self::Radio,
        Self::Billable,
        Self::Nv,
        Self::Destructive,
    ];

    /// The worst: what an unknown line counts as.
    pub const WORST: Self = Self::Destructive;

    /// The word that stands in the data and after `--allow`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Volatile => "volatile",
            Self::Settings => "settings",
            Self::Radio => "radio",
            Self::Billable => "billable",
            Self::Nv => "nv",
            Self::Destructive => "destructive",
        }
    }

    /// The effect of this name.
    ///
    /// ```
    /// use ec20_manual::Effect;
    /// assert_eq!(Effect::named("billable"), Some(Effect::Billable));
    /// assert!(Effect::ALL.into_iter().all(|e| Effect::named(e.name()) == Some(e)));
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effect| effect.name() == name)
    }
}

impl std::fmt::Display for Effect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// [`Catalogue::classify`] over the embedded manual.
pub fn classify(name: &str, form: FormKind, params: &[u8], uploaded: &dyn Fn(&[u8]) -> bool) -> Effect {
    Catalogue::manual().classify(name, form, params, uploaded)
}

impl Catalogue {
    /// What one command of a line can do.
    ///
    /// * `name`: the command, in any case, with or without `AT` and its sign (`+QMMSEND`, `qmmsend`, `&F`, `amp_f`,
    ///   `E`; the bare `AT` is `at`).
    /// * `params`: the raw bytes after `=`, or after the letter of a basic command (`0` of `ATE0`).
    /// * `uploaded`: whether this run uploaded the file of this name (with its prefix, without quotes). Deleting such a
    ///   file is [`Effect::Volatile`]. A name with a wildcard is never asked for: it may hit more than that.
    ///
    /// A command that the table does not know is [`Effect::WORST`]. A form that the table does not know is as bad as
    /// the worst form of its command.
    ///
    /// ```
    /// use ec20_manual::{Catalogue, Effect, FormKind};
    /// let manual = Catalogue::manual();
    /// let ours = |name: &[u8]| name == b"RAM:t.txt";
    /// assert_eq!(manual.classify("+QFDEL", FormKind::Write, b"\"RAM:t.txt\"", &ours), Effect::Volatile);
    /// assert_eq!(manual.classify("+QFDEL", FormKind::Write, b"\"*\"", &ours), Effect::Destructive);
    /// assert_eq!(manual.classify("+CFUN", FormKind::Write, b"1,1", &ours), Effect::Destructive);
    /// assert_eq!(manual.classify("D", FormKind::Exec, b"112;", &ours), Effect::WORST);
    /// ```
    pub fn classify(
        &self,
        name: &str,
        form: FormKind,
        params: &[u8],
        uploaded: &dyn Fn(&[u8]) -> bool,
    ) -> Effect {
        let Some(command) = self.command(name) else { return Effect::WORST };
        let worst = command.forms.iter().map(|form| form.effect).max().unwrap_or(Effect::WORST);
        let Some(params) = split(params) else { return worst };
        let Some(row) = command.forms.iter().find(|row| row.kind == form && row.fits(&params)) else {
            return worst;
        };
        let milder = row.milder.iter().find(|milder| milder.fits(&params, uploaded));
        milder.map_or(row.effect, |milder| milder.effect)
    }
}

/// The parameters of a command: at commas outside quotes, blanks round them and their quotes taken off.
/// `None` if a quote is left open: then nobody knows how a module takes it apart. No bytes at all are no parameters.
pub(crate) fn split(params: &[u8]) -> Option<Vec<&[u8]>> {
    if params.is_empty() {
        return Some(Vec::new());
    }
    let mut quoted = false;
    let ends = |&byte: &u8| {
        quoted ^= byte == b'"';
        byte == b',' && !quoted
    };
    let parts = params.split(ends).map(bare).collect();
    (!quoted).then_some(parts)
}

/// One parameter without blanks round it and without its pair of quotes.
fn bare(part: &[u8]) -> &[u8] {
    match part.trim_ascii() {
        [b'"', inner @ .., b'"'] => inner,
        other => other,
    }
}

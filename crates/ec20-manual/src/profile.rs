//! A profile: one firmware, described by what the manual leaves open and by what the firmware does otherwise.
//!
//! Knows the TOML form of a profile, the three profiles that ship with the project, and where in a file a mistake
//! stands. Refuses to know how a module behaves: the simulated module is the catalogue plus a profile, and it is the
//! simulator that acts on what stands here.
//!
//! Every section of the file may be left out; what is left out is as the manual's own module has it
//! (`data/profiles/manual.toml`).

mod deviation;
mod habit;
mod wire;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::toml_reason::Reason;
use crate::{Catalogue, bound, did_you_mean, few_nearest};

pub use deviation::{Argument, Change, Deviation, FrameMark, Lines, Part};
pub use habit::Habit;
pub use wire::{Header, Wire};

/// The profiles that ship with the project: name and text.
const BUILT_IN: [(&str, &str); 3] = [
    ("manual", include_str!("../data/profiles/manual.toml")),
    ("ec20-r08", include_str!("../data/profiles/ec20-r08.toml")),
    ("newer-platform", include_str!("../data/profiles/newer-platform.toml")),
];

/// One firmware, as the simulated module plays it.
///
/// ```
/// use ec20_manual::profile::{Answer, Profile};
///
/// let profile = Profile::from_toml("name = \"mine\"\n[answers]\nU-CFG-KEY-CASE = \"taken\"\n").expect("a profile");
/// assert_eq!(profile.answers["U-CFG-KEY-CASE"], Answer::Named("taken".into()));
/// assert_eq!(profile.identity.manufacturer, "Quectel");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Profile {
    /// Short name, as typed after `--profile`.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// What the module says it is.
    pub identity: Identity,
    /// What the POST says of itself.
    pub mms: Mms,
    /// How much room there is for files.
    pub files: Files,
    /// How long things take.
    pub timing: Timing,
    /// How a command line is taken in.
    pub line: Line,
    /// The lines that the module sends by itself after power-on, in order.
    pub boot: Vec<String>,
    /// The answer of this firmware to each unknown that the manual leaves open.
    pub answers: BTreeMap<String, Answer>,
    /// Where this firmware breaks a clause on purpose: empty for a faithful module.
    #[serde(rename = "deviation")]
    pub deviations: Vec<Deviation>,
}

/// What the module says it is: the answers of `ATI`, `AT+QGMR`, `AT+CGSN` and their like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Identity {
    /// `AT+CGMI`, first line of `ATI`.
    pub manufacturer: String,
    /// `AT+CGMM`, second line of `ATI`.
    pub model: String,
    /// `AT+CGMR`, third line of `ATI`.
    pub revision: String,
    /// What `AT+QGMR` adds to the revision.
    pub build: String,
    /// `AT+CGSN`: 15 digits.
    pub imei: String,
    /// `AT+CIMI`: 15 digits.
    pub imsi: String,
    /// `AT+QCCID`: 19 or 20 digits.
    pub iccid: String,
    /// The operator's name in `AT+COPS?`.
    pub operator: String,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            manufacturer: "Quectel".into(),
            model: "EC20F".into(),
            revision: "EC20CEFAGR06A10M4G".into(),
            build: "_01.002.01.002".into(),
            imei: "861075020000016".into(),
            imsi: "460010000000001".into(),
            iccid: "89860100000000000017".into(),
            operator: "CHN-UNICOM".into(),
        }
    }
}

/// What the POST of this firmware says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mms {
    /// The User-Agent header of the POST.
    pub user_agent: String,
}

impl Default for Mms {
    fn default() -> Self {
        Self { user_agent: "Quectel-MMS/1.0".into() }
    }
}

/// How much room there is for files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Files {
    /// Bytes of the RAM store.
    pub ram: u64,
    /// Bytes of the flash store.
    pub ufs: u64,
}

impl Default for Files {
    fn default() -> Self {
        Self { ram: 1_048_576, ufs: 4_194_304 }
    }
}

/// How long things take, in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Timing {
    /// From the carriage return to the first byte of any answer.
    pub answer_ms: u64,
    /// `AT+QIACT` on a network that grants it.
    pub activation_ms: u64,
    /// `AT+QIDEACT`.
    pub deactivation_ms: u64,
    /// From power-on to the last boot line.
    pub boot_ms: u64,
    /// From `AT+QMMSEND` to the first packet.
    pub compose_ms: u64,
}

impl Default for Timing {
    fn default() -> Self {
        Self { answer_ms: 0, activation_ms: 20, deactivation_ms: 5, boot_ms: 300, compose_ms: 2 }
    }
}

/// How a command line is taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Line {
    /// The longest command line that is still read, without its carriage return.
    pub max_bytes: usize,
}

impl Default for Line {
    fn default() -> Self {
        Self { max_bytes: 3200 }
    }
}

/// How one firmware answers one unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// One of the answers that the catalogue knows, by its name.
    Named(String),
    /// Something else: the lines of the whole answer as they came, replied verbatim and without any effect.
    Other(Vec<String>),
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Shape;
        impl<'de> Visitor<'de> for Shape {
            type Value = Answer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of an answer, or a list of the lines that came")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Answer, E> {
                Ok(Answer::Named(name.into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut lines: A) -> Result<Answer, A::Error> {
                let mut all = Vec::new();
                while let Some(line) = lines.next_element()? {
                    all.push(line);
                }
                Ok(Answer::Other(all))
            }
        }
        deserializer.deserialize_any(Shape)
    }
}

/// A profile file is wrong: where, and what was expected there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct ProfileError {
    /// Line of the file, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The bytes of the file that are meant.
    pub span: Range<usize>,
    /// What is wrong, and what was expected instead.
    pub message: String,
}

impl ProfileError {
    fn at(text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Self { line, column, span, message: bound::clipped(&message.into(), bound::EXPECTED) }
    }
}

/// The file's form: what [`Profile`] holds, with the places of what needs a second look.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ProfileFile {
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    identity: Identity,
    #[serde(default)]
    mms: Mms,
    #[serde(default)]
    files: Files,
    #[serde(default)]
    timing: Timing,
    #[serde(default)]
    line: Line,
    #[serde(default = "boot_lines")]
    boot: Vec<String>,
    #[serde(default)]
    answers: BTreeMap<Spanned<String>, Spanned<Answer>>,
    #[serde(default)]
    deviation: Vec<Spanned<Deviation>>,
}

fn boot_lines() -> Vec<String> {
    ["RDY", "+CFUN: 1", "+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE", "+QIND: PB DONE"]
        .map(String::from)
        .into()
}

/// Whether a command form has this name; if not, the names that the user may have meant: those like it, and those of the
/// command that it names (`AT+QMMSEDIT=4`, `qmmsedit_title_read`).
fn known_form(catalogue: &Catalogue, name: &str) -> Result<(), String> {
    let forms = || catalogue.commands().iter().flat_map(|command| &command.forms);
    if forms().any(|form| form.name == name) {
        return Ok(());
    }
    let bare =
        |text: &str| text.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let wanted = bare(name);
    let wanted = wanted.strip_prefix("at").unwrap_or(&wanted);
    let of_command = catalogue.commands().iter().filter(|command| {
        let command = bare(&command.name);
        !command.is_empty() && wanted.starts_with(&command)
    });
    let mut near: Vec<&str> =
        of_command.flat_map(|command| &command.forms).map(|form| form.name.as_str()).collect();
    let alike = few_nearest(name, forms().map(|form| form.name.as_str()), 3);
    near.extend(alike.iter().map(String::as_str).filter(|form| !near.contains(form)).collect::<Vec<_>>());
    if near.is_empty() {
        return Err(format!(
            "no form is called {name}; the forms are the names in commands.toml, such as qmmscfg_mmsc_write"
        ));
    }
    Err(format!("no form is called {name}; did you mean {}?", near.join(", ")))
}

impl Profile {
    /// Reads a profile file; every unknown, answer and clause that it names must stand in the catalogue.
    ///
    /// # Errors
    /// The first mistake, with line and column: no TOML, an unknown key, a value of the wrong kind, a name that the
    /// catalogue does not have, a deviation that cannot be carried out, a file larger or deeper than [`bound`] lets pass.
    pub fn from_toml(text: &str) -> Result<Self, ProfileError> {
        let catalogue = Catalogue::manual();
        bound::toml(text).map_err(|excess| {
            let message = format!("expected {}, found {}", excess.expected, excess.found);
            ProfileError::at(text, excess.span, message)
        })?;
        let file: ProfileFile = toml::from_str(text).map_err(|error| {
            let reason = Reason::read(error.message());
            let message = format!("expected {}, found {}", reason.expected, reason.found);
            ProfileError::at(text, error.span().unwrap_or(0..0), message)
        })?;
        for (id, answer) in &file.answers {
            let Some(unknown) = catalogue.unknown(id.get_ref()) else {
                let known = catalogue.unknowns().iter().map(|unknown| unknown.id.as_str());
                let hint = did_you_mean(id.get_ref(), known);
                let message = format!("no unknown is called {}{hint}", id.get_ref());
                return Err(ProfileError::at(text, id.span(), message));
            };
            if let Answer::Named(name) = answer.get_ref()
                && unknown.answer(name).is_none()
            {
                let known: Vec<&str> = unknown.answers.iter().map(|known| known.name.as_str()).collect();
                let message = format!("{} is answered by {}, not {name}", unknown.id, known.join(", "));
                return Err(ProfileError::at(text, answer.span(), message));
            }
        }
        for deviation in &file.deviation {
            let named = &deviation.get_ref().clause;
            if catalogue.clause(named).is_none() {
                let hint = did_you_mean(named, catalogue.clauses().iter().map(|clause| clause.id.as_str()));
                let message = format!("no clause is called {named}{hint}");
                return Err(ProfileError::at(text, deviation.span(), message));
            }
            if let Some(at) = deviation.get_ref().change.form() {
                known_form(catalogue, at).map_err(|why| ProfileError::at(text, deviation.span(), why))?;
            }
            deviation.get_ref().check().map_err(|why| ProfileError::at(text, deviation.span(), why))?;
        }
        Ok(Self {
            name: file.name,
            title: file.title,
            identity: file.identity,
            mms: file.mms,
            files: file.files,
            timing: file.timing,
            line: file.line,
            boot: file.boot,
            answers: file.answers.into_iter().map(|(id, a)| (id.into_inner(), a.into_inner())).collect(),
            deviations: file.deviation.into_iter().map(Spanned::into_inner).collect(),
        })
    }

    /// The names of the profiles that ship with the project; the first is the manual's own module.
    pub fn built_in_names() -> [&'static str; 3] {
        BUILT_IN.map(|(name, _)| name)
    }

    /// A profile that ships with the project.
    ///
    /// ```
    /// use ec20_manual::profile::Profile;
    ///
    /// assert_eq!(Profile::built_in("ec20-r08").map(|p| p.name), Some("ec20-r08".into()));
    /// assert_eq!(Profile::built_in("ec99"), None);
    /// ```
    pub fn built_in(name: &str) -> Option<Self> {
        let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Self::from_toml(text).ok()
    }

    /// The manual's own module: what every profile falls back to.
    pub fn manual() -> &'static Self {
        static MANUAL: OnceLock<Profile> = OnceLock::new();
        MANUAL.get_or_init(|| Self::built_in("manual").unwrap_or_else(Self::bare))
    }

    /// A profile that answers nothing and says only what the types default to.
    fn bare() -> Self {
        Self {
            name: "bare".into(),
            title: String::new(),
            identity: Identity::default(),
            mms: Mms::default(),
            files: Files::default(),
            timing: Timing::default(),
            line: Line::default(),
            boot: boot_lines(),
            answers: BTreeMap::new(),
            deviations: Vec::new(),
        }
    }

    /// How this firmware answers an unknown: its own answer, else the manual's own module's.
    pub fn answer(&self, unknown: &str) -> Option<&Answer> {
        self.answers.get(unknown).or_else(|| Self::manual().answers.get(unknown))
    }

    /// The same firmware with one more deviation: a mutant.
    #[must_use]
    pub fn with(mut self, deviation: Deviation) -> Self {
        self.deviations.push(deviation);
        self
    }

    /// The same firmware with another answer to one unknown.
    #[must_use]
    pub fn answering(mut self, unknown: &str, answer: Answer) -> Self {
        self.answers.insert(unknown.into(), answer);
        self
    }

    /// The profile as a file that [`Profile::from_toml`] reads back to an equal profile.
    ///
    /// # Errors
    /// When a value cannot be written as TOML, which no value of these types is.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(self)
    }
}

#[cfg(test)]
mod tests;

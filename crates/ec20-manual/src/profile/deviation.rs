//! A deviation: one named change of behaviour, by which a module breaks one clause and keeps every other.
//!
//! Knows the kinds of change, in words general enough that changes can be made from the clauses' kinds by a program:
//! a limit, a code, an answer, an effect, an argument, the lines, a default, the wire, the time, the frame, and the
//! habits that need a name of their own. Refuses to know how the simulator carries them out.

use serde::{Deserialize, Serialize};

use super::{Habit, Wire};

/// One change of behaviour, and the clause it breaks.
///
/// ```
/// use ec20_manual::profile::{Change, Profile};
///
/// let text = "name = \"five\"\n[[deviation]]\nclause = \"EDIT-TO-COUNT\"\nchange.limit = { max = 5 }\n";
/// let profile = Profile::from_toml(text).expect("a profile");
/// assert_eq!(profile.deviations[0].change, Change::Limit { min: None, max: Some(5) });
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Deviation {
    /// The clause that breaks.
    pub clause: String,
    /// What is different.
    pub change: Change,
}

/// What is different. `at` is always the name of a command form (`qmmscfg_mmsc_write`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Change {
    /// The clause's limit is another one: the smallest and the largest value (or length, or count) that passes.
    Limit {
        /// The smallest that passes; as the clause has it when absent.
        min: Option<i64>,
        /// The largest that passes; as the clause has it when absent.
        max: Option<i64>,
    },
    /// A refusal carries another code.
    Code {
        /// Only for this form; everywhere when absent.
        at: Option<String>,
        /// The code that is due.
        from: u16,
        /// The code that comes.
        to: u16,
    },
    /// The form is answered with these lines, whatever it would have answered.
    Answer {
        /// The form.
        at: String,
        /// The lines, the last one the final result; none means silence.
        lines: Vec<String>,
        /// Whether the command has its effect all the same.
        effect: bool,
    },
    /// The form answers as it should and leaves no trace in the part.
    Unstored {
        /// The form.
        at: String,
        /// The part of the state that stays as it was; all of it when absent.
        part: Option<Part>,
    },
    /// The form also puts a part of the state back to what the factory set.
    Spills {
        /// The form.
        at: String,
        /// The part that suffers.
        part: Part,
    },
    /// The form takes one of its arguments for another.
    Argument {
        /// The form.
        at: String,
        /// The argument, from 1; the key and the function count.
        nth: usize,
        /// What becomes of it.
        becomes: Argument,
    },
    /// The form's information lines come out otherwise.
    Lines {
        /// The form.
        at: String,
        /// What happens to them.
        change: Lines,
    },
    /// A list keeps only so many entries: what is added beyond them is answered as it should and lost.
    Keeps {
        /// The list: one of the recipients', or the attachments.
        part: Part,
        /// How many it keeps.
        most: usize,
    },
    /// A module fresh from the factory has another value in one setting.
    Factory {
        /// The part that starts otherwise: one of the configuration's.
        part: Part,
        /// The values, as the write command takes them, without quotes.
        values: Vec<String>,
    },
    /// The message is wrong on the wire.
    Wire(Wire),
    /// The result line of a send comes out otherwise.
    Result(Lines),
    /// The form answers late.
    Late {
        /// The form.
        at: String,
        /// By how many milliseconds.
        ms: u64,
    },
    /// One mark of the frame round an answer is other bytes.
    Frame {
        /// Which mark.
        mark: FrameMark,
        /// The bytes, as text.
        bytes: String,
    },
    /// A refusal of the form puts a part of the state back to what the factory set.
    RefusalSpills {
        /// The form.
        at: String,
        /// The part that suffers.
        part: Part,
    },
    /// In every final result the first text becomes the second.
    Final {
        /// The text looked for.
        from: String,
        /// What stands there instead.
        to: String,
    },
    /// A habit that has a name of its own.
    Habit(Habit),
}

/// A part of the module's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The setting `contextid`.
    Contextid,
    /// The setting `mmsc`.
    Mmsc,
    /// The setting `proxy`.
    Proxy,
    /// The setting `character`.
    Character,
    /// The setting `sendparam`.
    Sendparam,
    /// The setting `supportfield`.
    Supportfield,
    /// The setting `connecttimeout`.
    Connecttimeout,
    /// The TO list.
    To,
    /// The CC list.
    Cc,
    /// The BCC list.
    Bcc,
    /// The title.
    Title,
    /// The list of attachments.
    Attachments,
    /// The files in RAM.
    Ram,
    /// The files in flash.
    Ufs,
    /// The PDP contexts: definitions and activity.
    Contexts,
    /// Echo, ATV, ATQ, the S registers, CMEE and the like.
    Session,
}

/// What becomes of an argument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Argument {
    /// It changes places with another, counted from 1.
    Swap(usize),
    /// It is taken for this text: a string stays a string, a number a number.
    Text(String),
    /// A number is taken for one so much larger.
    Plus(i64),
    /// The text of a string is cut to so many bytes.
    Cut(usize),
    /// The text of a string is taken in lower case.
    Lower,
    /// In a string the first text becomes the second.
    Replace(String, String),
    /// A string ends before this text.
    Until(String),
    /// A string loses the blanks at its end.
    Trim,
    /// A number is taken for what is left of it by a division, as one kept in too few bits is.
    Modulo(i64),
}

/// What happens to lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lines {
    /// The line of this number, from 0, is missing.
    Drop(usize),
    /// The line of this number, from 0, comes twice.
    Double(usize),
    /// The lines come last first.
    Reverse,
    /// In every line the first text becomes the second.
    Replace(String, String),
    /// In every line two fields, counted from 0 after the colon, change places.
    Exchange(usize, usize),
    /// One more line comes last.
    Append(String),
}

/// A mark of the frame round an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FrameMark {
    /// Before the first information line of an answer.
    InformationStart,
    /// After each information line.
    InformationEnd,
    /// Before a final result.
    FinalStart,
    /// After a final result.
    FinalEnd,
    /// Before an unsolicited line.
    UrcStart,
    /// After an unsolicited line.
    UrcEnd,
}

impl Change {
    /// The form that the change is bound to, if it is bound to one.
    pub fn form(&self) -> Option<&str> {
        match self {
            Self::Code { at, .. } => at.as_deref(),
            Self::Answer { at, .. }
            | Self::Unstored { at, .. }
            | Self::Spills { at, .. }
            | Self::Argument { at, .. }
            | Self::Lines { at, .. }
            | Self::RefusalSpills { at, .. }
            | Self::Late { at, .. } => Some(at),
            Self::Limit { .. }
            | Self::Factory { .. }
            | Self::Wire(_)
            | Self::Result(_)
            | Self::Frame { .. }
            | Self::Keeps { .. }
            | Self::Final { .. }
            | Self::Habit(_) => None,
        }
    }
}

impl Deviation {
    /// Whether the change can be carried out at all, judged without a module.
    pub(super) fn check(&self) -> Result<(), String> {
        match &self.change {
            Change::Limit { min: None, max: None } => Err("a limit needs min, max, or both".into()),
            Change::Argument { nth: 0, .. } | Change::Argument { becomes: Argument::Swap(0), .. } => {
                Err("arguments are counted from 1".into())
            }
            Change::Argument { becomes: Argument::Modulo(..=0), .. } => {
                Err("a number is divided by one above 0".into())
            }
            Change::Keeps { part, .. }
                if !matches!(part, Part::To | Part::Cc | Part::Bcc | Part::Attachments) =>
            {
                Err("only to, cc, bcc and attachments are lists".into())
            }
            Change::Wire(wire) => wire.check(),
            _ => Ok(()),
        }
    }
}

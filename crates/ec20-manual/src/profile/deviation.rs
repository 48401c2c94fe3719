//! A deviation: one named change of behaviour, by which a module breaks one clause and keeps every other.
//!
//! Knows the kinds of change, in words general enough that changes can be made from the clauses' kinds by a program:
//! a limit, a code, an answer, an effect, an argument, the lines, a default, the wire, the time, the frame, and the
//! habits that need a name of their own. Refuses to know how the simulator carries them out.

use serde::{Deserialize, Serialize};

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

/// A field of the message, as sendparam and the lists fill it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Header {
    /// To.
    To,
    /// Cc.
    Cc,
    /// Bcc.
    Bcc,
    /// Subject.
    Subject,
    /// X-Mms-Expiry.
    Expiry,
    /// X-Mms-Priority.
    Priority,
    /// X-Mms-Delivery-Report.
    DeliveryReport,
    /// X-Mms-Read-Reply.
    ReadReply,
    /// X-Mms-Sender-Visibility.
    Visibility,
    /// X-Mms-Message-Class.
    Class,
    /// The attachments.
    Parts,
}

/// What is wrong on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Wire {
    /// The header is missing.
    Omit(Header),
    /// Two address lists change places.
    Swap(Header, Header),
    /// A header takes the value that sendparam's `value` gives.
    Setting {
        /// The header.
        header: Header,
        /// The sendparam value it is encoded from.
        value: u32,
    },
    /// Delivery report or read reply says yes for no and no for yes.
    Invert(Header),
    /// Only the first of a list leaves.
    FirstOnly(Header),
    /// A list leaves last first.
    Reverse(Header),
    /// The subject or the addresses lose their last character, the attachments their last byte.
    Cut(Header),
    /// The text leaves under the name of another charset: one of ASCII, UTF8, UCS2, GBK.
    Mislabel(String),
    /// In the encoded message the first such bytes become others; both in hexadecimal.
    Patch {
        /// The bytes looked for.
        from: String,
        /// What stands there instead.
        to: String,
    },
    /// In the head of the POST the first such text becomes another.
    Head {
        /// The text looked for.
        from: String,
        /// What stands there instead.
        to: String,
    },
    /// The attachments end after so many bytes.
    PartsAtMost(usize),
    /// The proxy is not used.
    Direct,
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

/// A habit that has a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Habit {
    /// Adding an address, or a file, forgets those added before.
    AddReplaces,
    /// The newest entry of a list comes first.
    NewestFirst,
    /// A new title is put behind the old one.
    TitleAppends,
    /// Deleting one list takes only its first entry.
    DeletesOne,
    /// A file is attached unseen.
    AttachesUnseen,
    /// A second send is accepted while one is under way.
    NeverBusy,
    /// The time limit of a send is not kept.
    NoTimeLimit,
    /// The time limit of a send is taken for milliseconds.
    TimeLimitTooShort,
    /// The result of a send comes before its OK.
    ResultBeforeOk,
    /// The result of a send never comes.
    ResultNever,
    /// A send that succeeded deletes the files it sent.
    SendDeletesFiles,
    /// A send that failed clears the message.
    FailureClearsMessage,
    /// A send that failed loses the title.
    FailureClearsTitle,
    /// A send that its time limit ended leaves the module busy.
    BusyAfterTimeout,
    /// Under UTF8, UCS2 and GBK an address is wanted in hexadecimal digits, as a title is.
    AddressInHex,
    /// The three lists of recipients share room for twelve addresses.
    ListsShareRoom,
    /// A send that succeeded clears the message.
    SuccessClearsMessage,
    /// A send puts the settings back to what the factory set.
    SendResetsSettings,
    /// HTTP 200 is taken for success, whatever the message centre says.
    IgnoresStatus,
    /// Any HTTP status is reported as 200.
    HttpAlwaysOk,
    /// A send without any recipient goes out.
    SendsToNobody,
    /// A hexadecimal title is kept as the text of its digits.
    HexKeptAsText,
    /// The charset of a text file is the one in force when sending, not when attaching.
    LateCharset,
    /// A fourth context is activated.
    FourthContext,
    /// The echo of a command line is missing.
    NoEcho,
    /// The echo comes with one byte changed to a question mark.
    EchoMangled,
    /// A result `OK` comes twice.
    OkTwice,
    /// Commands after the first of a chained line are not carried out.
    ChainStops,
    /// An error in a chained line does not stop those after it.
    ChainGoesOn,
    /// `AT+CMEE` is taken but the form of errors stays.
    CmeeStuck,
    /// The checksum of an upload is the sum of its bytes.
    ChecksumSum,
    /// Command names in small letters are not known.
    CapitalsOnly,
    /// A line feed after a command line is answered as a wrong line of its own.
    LineFeedCounts,
    /// `A/` is not known.
    NoRepeat,
    /// A command that does not exist is answered `OK`.
    UnknownIsOk,
    /// A command that does not exist is not answered.
    UnknownIsSilent,
    /// An upload ends one byte early.
    UploadShort,
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
            Change::Wire(Wire::Patch { from, to }) => hex(from).and(hex(to)),
            Change::Wire(Wire::Mislabel(charset))
                if !["ASCII", "UTF8", "UCS2", "GBK"].contains(&charset.as_str()) =>
            {
                Err(format!("the charsets are ASCII, UTF8, UCS2 and GBK, not {charset}"))
            }
            _ => Ok(()),
        }
    }
}

fn hex(digits: &str) -> Result<(), String> {
    let even = digits.len().is_multiple_of(2);
    if even && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(())
    } else {
        Err(format!("an even number of hexadecimal digits was expected, not {digits:?}"))
    }
}

//! The record of a run, event by event: one JSON object a line in `run.ndjson`.
//!
//! It is the only thing that reports, comparison, rejudging and resuming read, so everything they need stands in it: what was planned
//! (with the clauses in words), every byte with its direction and time, what each line was taken for, every verdict with its evidence.
//! Times are microseconds of a monotonic clock since the run began. It does not know files: a driver writes the lines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::verdict::Verdict;

/// The journal's format; a reader refuses a newer one.
pub const FORMAT: u32 = 1;

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The first line: what runs, against what, how.
    Run(Run),
    /// A case that was selected; all of them come before the first starts.
    Planned(Planned),
    /// What the module says it is.
    Identity(Identity),
    /// A case begins.
    CaseStart {
        /// Time in µs.
        t_us: u64,
        /// The case's id.
        case: String,
        /// Which attempt, from 1.
        attempt: u32,
    },
    /// Bytes on the wire.
    Wire {
        /// Time in µs: when they were handed to the port, or came from it.
        t_us: u64,
        /// Who spoke.
        dir: Direction,
        /// The bytes, escaped ([`crate::escape`]).
        bytes: String,
    },
    /// A line that came, and what it was taken for.
    Line {
        /// Time in µs at which its last byte was there.
        t_us: u64,
        /// What it was taken for.
        class: String,
        /// Its bytes without the frame, escaped.
        text: String,
    },
    /// A line was one that a dialogue asked for. What came instead of one stands in the case's end.
    Held {
        /// The line's own time in µs.
        t_us: u64,
        /// What the dialogue asked for, as a transcript writes it.
        expected: String,
        /// The line, escaped.
        came: String,
    },
    /// An answer's first and last byte against what it may take, for the response-time plot.
    Timing {
        /// Time in µs at which the command was out.
        t_us: u64,
        /// The command line, escaped.
        command: String,
        /// From there to the final result, in µs.
        took_us: u64,
        /// The time the command table gives it, in ms.
        limit_ms: u64,
    },
    /// A wait that was asked for is over: by a transcript, by the manual round data, by the runner itself for a reason that it names.
    Waited {
        /// Time in µs.
        t_us: u64,
        /// How long it was, in µs.
        for_us: u64,
        /// What it was for; older journals do not tell it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        why: String,
    },
    /// An unknown was answered.
    Observed {
        /// Time in µs.
        t_us: u64,
        /// The case.
        case: String,
        /// The unknown's id.
        unknown: String,
        /// The answer's name, or `other`.
        answer: String,
        /// The whole answer, its lines escaped.
        raw: Vec<String>,
    },
    /// A case ends.
    CaseEnd(CaseEnd),
    /// Selected cases are not asked any more, all for one reason; none of them has a [`Self::CaseEnd`].
    NotAsked {
        /// Time in µs.
        t_us: u64,
        /// What kept them from being asked.
        why: NotAskedWhy,
        /// The same in a sentence.
        reason: String,
        /// How many they are.
        cases: u64,
    },
    /// A standing clause was broken, whatever case was running.
    Breach {
        /// Time in µs.
        t_us: u64,
        /// The standing clause.
        clause: String,
        /// The case that ran; where it is about a message, the case that sent it.
        case: Option<String>,
        /// What the clause asks for, here.
        expected: String,
        /// What came, escaped.
        came: String,
    },
    /// What the standing clauses came to, at the end.
    Standing {
        /// The clause.
        clause: String,
        /// `pass` or `fail`.
        verdict: Verdict,
        /// How many exchanges it was held against.
        exchanges: u64,
    },
    /// The bench as the run was told of it; with it and the bytes a run can be judged again.
    Ground(Ground),
    /// The next command line is a question of the runner's own, outside any judgement: a witness, a setting kept or put back.
    Aside {
        /// Time in µs.
        t_us: u64,
        /// The command line, escaped.
        command: String,
    },
    /// From here on the case only puts back: nothing is judged any more until it ends.
    Finally {
        /// Time in µs.
        t_us: u64,
    },
    /// The gate did not let bytes out.
    Refused {
        /// Time in µs.
        t_us: u64,
        /// The bytes, escaped.
        bytes: String,
        /// The gate's reason.
        reason: String,
    },
    /// The far end was told how to treat the next message.
    Ordered {
        /// Time in µs.
        t_us: u64,
        /// The words after `mmsc`.
        words: String,
        /// Why it cannot, if it cannot.
        problem: Option<String>,
    },
    /// The far end captured a message.
    Captured {
        /// Time in µs.
        t_us: u64,
        /// The request line's target.
        target: String,
        /// The `Host` header.
        host: String,
        /// The `Content-Type` header; older journals do not tell it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media: Option<String>,
        /// The M-Send.req, escaped.
        pdu: String,
    },
    /// The port is gone.
    Lost {
        /// Time in µs.
        t_us: u64,
        /// Why, as far as the port can tell.
        reason: String,
    },
    /// Something the runner did on its own: settings kept, restored, re-sync, power.
    Bench {
        /// Time in µs.
        t_us: u64,
        /// In words.
        note: String,
    },
    /// A run that had been killed or interrupted goes on: everything of before stands above this line.
    Resumed {
        /// Time in µs.
        t_us: u64,
        /// Wall-clock time, RFC 3339; for people.
        started: String,
    },
    /// The last line, or the last before the run goes on.
    End {
        /// Time in µs.
        t_us: u64,
        /// Whether the run was interrupted, and by what.
        interrupted: Option<String>,
        /// The exit code.
        exit: u8,
    },
}

/// The head of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// [`FORMAT`].
    pub format: u32,
    /// The suite's version.
    pub version: String,
    /// A hash over all transcripts.
    pub suite_hash: String,
    /// Wall-clock time the run began, RFC 3339; for people, nothing is computed from it.
    pub started: String,
    /// The port as it was asked for.
    pub port: String,
    /// The command that repeats the run.
    pub command: String,
}

impl Run {
    /// Whether the module was this project's simulated one. A simulated module behind a path or an address cannot be told from a real one.
    pub fn is_simulated(&self) -> bool {
        self.port == "sim" || self.port.starts_with("sim:")
    }
}

/// The bench as the run was told of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ground {
    /// The needs it meets.
    pub offers: Vec<String>,
    /// Whether a capture MMSC handed over what it captured.
    pub captures: bool,
    /// What the transport adds to an answer's time, in µs.
    pub transport_us: u64,
    /// How long the wire was silent before a command, in ms.
    pub quiet_ms: u64,
    /// Bits per second of the wire, where it is not the usual 115200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baud: Option<u32>,
    /// How often each case was asked.
    pub repeat: u32,
    /// How often a case that failed was asked again.
    pub retries: u32,
    /// What the variables of the transcripts stood for, in the notation of `variables.toml`.
    pub variables: BTreeMap<String, String>,
    /// Which part of the suite was selected; journals of before this was recorded do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
    /// Whether values of persons, cards and modules are stand-ins in this journal; older journals do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<bool>,
}

/// Which part of the built-in suite a run selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// How many cases the built-in suite has.
    pub suite_cases: u64,
    /// How many of the selected cases are the user's own, and not the suite's.
    pub own_cases: u64,
}

/// A selected case, with all a report says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Its id.
    pub case: String,
    /// Its title.
    pub title: String,
    /// The transcript's file.
    pub file: String,
    /// The clauses it judges, the first before all.
    pub clauses: Vec<ClauseRef>,
    /// What it needs of the bench.
    pub needs: Vec<String>,
    /// The worst effect of the lines it sends.
    pub effect: String,
}

/// A clause as a report prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseRef {
    /// Its id.
    pub id: String,
    /// The manual's section.
    pub section: String,
    /// `must` or `should`.
    pub level: String,
    /// The promise in words.
    pub promise: String,
}

/// What the module says it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The lines of ATI.
    pub ati: Vec<String>,
    /// The line of AT+QGMR.
    pub qgmr: Option<String>,
    /// The line of AT+CGSN.
    pub cgsn: Option<String>,
    /// Whether the user wants the true line of AT+CGSN here, although everything else is redacted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shown: bool,
}

/// What keeps the rest of a run from being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotAskedWhy {
    /// The port does not open, was lost for good, or the module behind it does not answer `AT` any more.
    PortLost,
    /// Another module than the expected one stands behind the port.
    AnotherModule,
    /// The user interrupted the run.
    Interrupted,
    /// The run's time is over.
    Budget,
    /// So many cases failed as the user allowed.
    MaxFail,
}

impl NotAskedWhy {
    /// A few words for it, behind `not asked:`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::PortLost => "port lost",
            Self::AnotherModule => "another module",
            Self::Interrupted => "interrupted",
            Self::Budget => "no time left",
            Self::MaxFail => "--max-fail",
        }
    }

    /// Whether the bench failed, rather than the user or a limit ending the run.
    pub const fn is_of_the_bench(self) -> bool {
        matches!(self, Self::PortLost | Self::AnotherModule)
    }
}

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The runner.
    Host,
    /// The module.
    Module,
}

/// The end of a case, with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEnd {
    /// Time in µs.
    pub t_us: u64,
    /// The case's id.
    pub case: String,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// What it came to.
    pub verdict: Verdict,
    /// The cause of an inconclusive, the effect of a withheld, the need of an unsupported, the reason of a broken.
    pub cause: Option<String>,
    /// The clause that the evidence speaks of.
    pub clause: Option<String>,
    /// Where in the transcript: its file and line.
    pub place: Option<String>,
    /// What was expected, escaped, one entry for each line that would have done.
    pub expected: Vec<String>,
    /// What came, escaped.
    pub came: Option<String>,
    /// What the case left behind although `finally` ran.
    pub leaky: Option<String>,
}

impl Event {
    /// The event as one line of `run.ndjson`, without the line's end.
    pub fn to_line(&self) -> String {
        // Events hold strings, numbers and lists of them: JSON can always say them.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// When it happened, in µs since the run began; nothing for what has no time.
    pub fn t_us(&self) -> Option<u64> {
        match self {
            Self::Run(_) | Self::Planned(_) | Self::Identity(_) | Self::Ground(_) | Self::Standing { .. } => {
                None
            }
            Self::CaseEnd(end) => Some(end.t_us),
            Self::CaseStart { t_us, .. }
            | Self::Wire { t_us, .. }
            | Self::Line { t_us, .. }
            | Self::Held { t_us, .. }
            | Self::Timing { t_us, .. }
            | Self::Waited { t_us, .. }
            | Self::Observed { t_us, .. }
            | Self::NotAsked { t_us, .. }
            | Self::Breach { t_us, .. }
            | Self::Aside { t_us, .. }
            | Self::Finally { t_us }
            | Self::Refused { t_us, .. }
            | Self::Ordered { t_us, .. }
            | Self::Captured { t_us, .. }
            | Self::Lost { t_us, .. }
            | Self::Bench { t_us, .. }
            | Self::Resumed { t_us, .. }
            | Self::End { t_us, .. } => Some(*t_us),
        }
    }

    /// Reads one line of `run.ndjson`.
    ///
    /// # Errors
    /// What is wrong with the line, with its column.
    pub fn from_line(line: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(line)
    }
}

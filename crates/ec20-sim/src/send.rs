//! A send under way: from the accepted `AT+QMMSEND` to its result line.
//!
//! Knows the stages of a send, its one deadline over all of them, and which error number each way of failing has. Refuses
//! to know sockets: it asks for a connection and is told what became of it.

use ec20_manual::Catalogue;
use ec20_manual::profile::Habit;

use crate::event::{ConnectionId, NetworkEvent, NetworkFailure, Output};
use crate::http::{Answer, AnswerReader, Progress};
use crate::module::Module;
use crate::unknown::{self, Question};

/// The numbers of chapter 4 that a send under way can end with, named by the way it fails.
pub(crate) mod code {
    pub(crate) const UNKNOWN: u16 = 751;
    pub(crate) const URL: u16 = 753;
    pub(crate) const FILE: u16 = 761;
    pub(crate) const NO_RECIPIENT: u16 = 762;
    pub(crate) const FILE_NOT_FOUND: u16 = 763;
    pub(crate) const ACTIVATION: u16 = 768;
    pub(crate) const DEACTIVATED: u16 = 769;
    pub(crate) const NO_SOCKET: u16 = 770;
    pub(crate) const READ: u16 = 772;
    pub(crate) const WRITE: u16 = 773;
    pub(crate) const TIMEOUT: u16 = 775;
    pub(crate) const ENCODE: u16 = 776;
    pub(crate) const DECODE: u16 = 777;
}

/// How far a send has come.
#[derive(Debug)]
pub(crate) enum Stage {
    /// Nothing has left yet; goes on at this time.
    Composing(u64),
    Connecting(ConnectionId),
    /// The POST is out.
    Waiting(ConnectionId, AnswerReader),
}

/// A send under way.
#[derive(Debug)]
pub(crate) struct Send {
    pub(crate) stage: Stage,
    /// When it is interrupted.
    pub(crate) until: u64,
    /// The context it goes over.
    pub(crate) context: usize,
    /// The name of the message towards the message centre.
    pub(crate) transaction: String,
    /// Head and body of the POST, ready when the connection stands.
    pub(crate) post: Vec<u8>,
    /// It was found wrong at once, and this firmware says so only in the result line.
    pub(crate) doomed: Option<SendResult>,
}

/// How a send ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SendResult {
    pub(crate) err: u16,
    pub(crate) http: Option<u16>,
    pub(crate) text: Option<String>,
    /// The lines themselves, where the profile has them word for word.
    pub(crate) verbatim: Option<Vec<String>>,
}

impl SendResult {
    /// Failed before any HTTP answer.
    pub(crate) fn failed(err: u16) -> Self {
        Self { err, http: None, text: None, verbatim: None }
    }

    /// With an HTTP answer.
    pub(crate) fn answered(err: u16, http: u16, text: Option<String>) -> Self {
        Self { err, http: Some(http), text, verbatim: None }
    }

    /// Word for word.
    pub(crate) fn spelled(lines: &[String]) -> Self {
        Self { verbatim: Some(lines.to_vec()), ..Self::failed(code::UNKNOWN) }
    }
}

impl Send {
    /// When something happens without the network.
    pub(crate) fn deadline(&self) -> u64 {
        match self.stage {
            Stage::Composing(at) => at.min(self.until),
            Stage::Connecting(_) | Stage::Waiting(..) => self.until,
        }
    }

    fn connection(&self) -> Option<ConnectionId> {
        match self.stage {
            Stage::Composing(_) => None,
            Stage::Connecting(connection) | Stage::Waiting(connection, _) => Some(connection),
        }
    }
}

impl Module {
    /// A send's own time has come: it starts, or it is interrupted.
    pub(crate) fn send_due(&mut self) {
        let Some(send) = &self.send else { return };
        if self.now >= send.until {
            self.end_send(&SendResult::failed(code::TIMEOUT));
        } else if let Stage::Composing(_) = send.stage {
            let started = match &send.doomed {
                Some(doomed) => Err(doomed.clone()),
                None => self.start_send(),
            };
            if let Err(result) = started {
                self.end_send(&result);
            }
        }
    }

    /// Something happened to a connection.
    pub(crate) fn network(&mut self, event: NetworkEvent<'_>) {
        let Some(send) = &mut self.send else { return };
        let about = match event {
            NetworkEvent::Connected(connection)
            | NetworkEvent::Closed(connection)
            | NetworkEvent::Received(connection, _)
            | NetworkEvent::Failed(connection, _) => connection,
        };
        if send.connection() != Some(about) {
            return;
        }
        let progress = match (&mut send.stage, event) {
            (_, NetworkEvent::Failed(_, why)) => {
                let result = self.failure(why);
                return self.end_send(&result);
            }
            (Stage::Connecting(_), NetworkEvent::Connected(_)) => {
                send.stage = Stage::Waiting(about, AnswerReader::default());
                let bytes = std::mem::take(&mut send.post);
                self.requests.push(Output::Transmit { connection: about, bytes });
                return;
            }
            (Stage::Waiting(_, reader), NetworkEvent::Received(_, bytes)) => reader.take(bytes),
            (Stage::Waiting(_, reader), NetworkEvent::Closed(_)) => match reader.closed() {
                Progress::More => {
                    let result = self.fails_with(unknown::CLOSED_ERR, None);
                    return self.end_send(&result);
                }
                other => other,
            },
            (_, NetworkEvent::Closed(_)) => {
                let result = self.fails_with(unknown::CLOSED_ERR, None);
                return self.end_send(&result);
            }
            _ => return,
        };
        match progress {
            Progress::More => {}
            Progress::Wrong => self.end_send(&SendResult::failed(code::DECODE)),
            Progress::Done(answer) => {
                let result = self.judge(&answer);
                self.end_send(&result);
            }
        }
    }

    /// A failure whose number is the profile's to say.
    pub(crate) fn fails_with(&self, question: Question, http: Option<u16>) -> SendResult {
        if let Some(lines) = self.other(question) {
            return SendResult::spelled(lines);
        }
        let err = self.habit(question).parse().unwrap_or(code::ACTIVATION);
        SendResult { http, ..SendResult::failed(err) }
    }

    fn failure(&self, why: NetworkFailure) -> SendResult {
        match why {
            NetworkFailure::NameUnresolved => self.fails_with(unknown::URL_ERR, None),
            NetworkFailure::Refused => self.fails_with(unknown::CONNECT_ERR, None),
            NetworkFailure::NoSocket => SendResult::failed(code::NO_SOCKET),
            NetworkFailure::ReadFailed => SendResult::failed(code::READ),
            NetworkFailure::WriteFailed => SendResult::failed(code::WRITE),
            NetworkFailure::Other => SendResult::failed(code::UNKNOWN),
        }
    }

    /// What an HTTP answer means for the send.
    fn judge(&self, answer: &Answer) -> SendResult {
        let known = Catalogue::manual().codes().http(answer.status).is_some();
        let told = known || self.habit(unknown::HTTP_OTHER) == "as-it-came";
        let shown = match answer.status {
            _ if self.deviations.has(Habit::HttpAlwaysOk) => 200,
            status if told => status,
            _ => 0,
        };
        if answer.status != 200 {
            if let Some(lines) = self.other(unknown::HTTP_OTHER).filter(|_| !known) {
                return SendResult::spelled(lines);
            }
            return self.fails_with(unknown::HTTP_ERR, Some(shown));
        }
        if self.deviations.has(Habit::IgnoresStatus) {
            return SendResult::answered(0, shown, None);
        }
        let transaction = self.send.as_ref().map(|send| send.transaction.as_str()).unwrap_or_default();
        let confirmation = mms_pdu::SendConf::decode(&answer.body).ok();
        let Some(confirmation) = confirmation.filter(|c| c.transaction_id().text_lossy() == transaction)
        else {
            return self.fails_with(unknown::REPORT_ERR, Some(shown));
        };
        let words = confirmation.response_text().map(|text| printable(&text.text_lossy()));
        if confirmation.status() == mms_pdu::ResponseStatus::OK {
            let third = self.habit(unknown::SUCCESS_FIELDS) == "three";
            return SendResult::answered(0, shown, third.then(|| words.unwrap_or_default()));
        }
        let text = match self.habit(unknown::STATUS_TEXT) {
            "none" => None,
            "status" => Some(confirmation.status().0.to_string()),
            "other" => Some("refused".into()),
            _ => words,
        };
        SendResult { text, ..self.fails_with(unknown::STATUS_ERR, Some(shown)) }
    }

    /// A context went down: a send over it ends.
    pub(crate) fn send_lost_context(&mut self, context: usize) {
        if self.send.as_ref().is_some_and(|send| send.context == context) {
            self.end_send(&SendResult::failed(code::DEACTIVATED));
        }
    }

    /// A send is forgotten, without a result.
    pub(crate) fn drop_send(&mut self) {
        if let Some(connection) = self.send.take().and_then(|send| send.connection()) {
            self.requests.push(Output::Close { connection });
        }
    }

    /// A send ends with its result line.
    pub(crate) fn end_send(&mut self, result: &SendResult) {
        self.drop_send();
        let succeeded = result.err == 0;
        let files: Vec<_> = self.state.message.attachments.iter().map(|a| a.name.clone()).collect();
        if succeeded && self.deviations.has(Habit::SendDeletesFiles) {
            for name in &files {
                self.state.files.delete(crate::files::FileName::read(name));
            }
        }
        if !succeeded && self.deviations.has(Habit::FailureClearsTitle) {
            self.state.message.title = None;
        }
        self.stuck = result.err == code::TIMEOUT && self.deviations.has(Habit::BusyAfterTimeout);
        let clears = if succeeded { Habit::SuccessClearsMessage } else { Habit::FailureClearsMessage };
        if self.deviations.has(clears) {
            self.state.message = crate::state::Message::default();
        }
        if self.deviations.has(Habit::SendResetsSettings) {
            self.state.settings = self.factory.settings.clone();
        }
        if !self.deviations.has(Habit::ResultNever) {
            self.say_result(result, false);
        }
    }

    /// The result line of a send, at once or as soon as the dialogue leaves room for it.
    pub(crate) fn say_result(&mut self, result: &SendResult, at_once: bool) {
        if self.habit(unknown::RESULT_PORT) == "other" {
            return;
        }
        let lines = match &result.verbatim {
            Some(lines) => lines.iter().map(|line| line.clone().into_bytes()).collect(),
            None => vec![self.result_line(result).into_bytes()],
        };
        for line in self.deviations.result_lines(lines) {
            if at_once {
                self.unsolicited_now(&line);
            } else {
                self.unsolicited(line);
            }
        }
    }

    /// The result line: one to three fields.
    fn result_line(&self, result: &SendResult) -> String {
        let fields = self.habit(unknown::FAILURE_FIELDS);
        let missing = self.habit(unknown::HTTP_MISSING);
        let http = match result.http {
            Some(http) => format!(",{http}"),
            None if fields == "one" || missing == "absent" => return format!("+QMMSEND: {}", result.err),
            None if missing == "other" => ",1".into(),
            None => ",0".into(),
        };
        let text = match &result.text {
            Some(text) => format!(",\"{text}\""),
            None if result.err != 0 && fields == "three" => ",\"\"".into(),
            None => String::new(),
        };
        format!("+QMMSEND: {}{http}{text}", result.err)
    }
}

/// The message centre's words as they can stand between quotes on an AT line.
fn printable(text: &str) -> String {
    const LONGEST: usize = 200;
    text.chars().take(LONGEST).map(|c| if (' '..='~').contains(&c) && c != '"' { c } else { '?' }).collect()
}

//! `AT+QMMSEND`: what is checked at once, and how a send starts.

use ec20_manual::profile::{Habit, Wire};

use crate::event::{ConnectionId, Output};
use crate::http::Target;
use crate::module::Module;
use crate::reply::Refusal;
use crate::run::{Flow, Outcome};
use crate::send::{Send, SendResult, Stage, code};
use crate::state::Settings;
use crate::unknown::{self, Question};
use crate::words::{Command, Value};

use super::compose;

/// The time limit of a firmware that takes `AT+QMMSEND=` without one.
const DEFAULT_TIMEOUT_S: i64 = 60;

/// `AT+QMMSEND=<timeout>`: `OK` at once, the result line later.
pub(crate) fn write(module: &mut Module, command: &Command) -> Outcome {
    module.check_writing(command)?;
    let seconds = match command.values.first() {
        Some(Value::Missing) => {
            module.allow(unknown::SEND_BARE)?;
            DEFAULT_TIMEOUT_S
        }
        value => module
            .within("SEND-TIMEOUT-RANGE", value.and_then(Value::number))
            .ok_or_else(|| module.refusal(unknown::TIMEOUT_CODE))?,
    };
    if command.values.len() > 1 {
        module.allow(unknown::SEND_SURPLUS)?;
    }
    if module.stuck {
        return Err(module.demanded("SEND-BUSY-CODE"));
    }
    if module.send.is_some() {
        if !module.deviations.has(Habit::NeverBusy) {
            return Err(module.demanded("SEND-BUSY-CODE"));
        }
        module.drop_send();
    }
    let doomed = module.checked_at_once()?;
    let unit = if module.deviations.has(Habit::TimeLimitTooShort) { 1 } else { 1000 };
    let until = match u64::try_from(seconds) {
        _ if module.deviations.has(Habit::NoTimeLimit) => u64::MAX,
        Ok(seconds) => module.now + seconds * unit,
        Err(_) => module.now,
    };
    if module.deviations.has(Habit::ResultBeforeOk) {
        let result = doomed.unwrap_or(SendResult::answered(0, 200, None));
        module.say_result(&result, true);
        return Ok(Flow::Done);
    }
    module.sends += 1;
    module.send = Some(Send {
        stage: Stage::Composing(module.now + module.profile.timing.compose_ms),
        until,
        context: module.context_of_message(),
        transaction: module.transaction(),
        post: Vec::new(),
        doomed,
    });
    Ok(Flow::Done)
}

impl Module {
    /// What tells this module's messages from another's: the last digits of its IMEI.
    fn transaction_stem(&self) -> &str {
        let imei = &self.profile.identity.imei;
        imei.get(imei.len().saturating_sub(8)..).unwrap_or("0")
    }

    /// The name of the next message: no other has it.
    fn transaction(&self) -> String {
        let stem = self.transaction_stem();
        if self.deviations.has(Habit::TransactionRepeated) {
            return stem.to_owned();
        }
        if self.deviations.has(Habit::TransactionOfMessage) {
            let message = &self.state.message;
            let size = message.addresses.iter().map(Vec::len).sum::<usize>() + message.attachments.len();
            let title =
                message.title.as_ref().map_or(0, |title| title.text.iter().map(|b| usize::from(*b)).sum());
            return format!("{stem}-{size}-{title}");
        }
        format!("{stem}-{}", self.sends)
    }

    /// The settings by which the message goes: those of now, or those in force when its editing began.
    pub(crate) fn settings_for(&self, question: Question) -> &Settings {
        let begun = self.state.message.begun_under.as_ref();
        begun.filter(|_| self.habit(question) == "edit").unwrap_or(&self.state.settings)
    }

    /// The context over which the message goes, by its number.
    fn context_of_message(&self) -> usize {
        usize::try_from(self.settings_for(unknown::CONTEXT_BINDS).contextid).unwrap_or(1)
    }

    fn has_recipient(&self) -> bool {
        self.state.message.addresses.iter().any(|list| !list.is_empty())
            || self.deviations.has(Habit::SendsToNobody)
    }

    /// What this firmware finds wrong before it says `OK`. Gives the result of what it only says in the result line.
    fn checked_at_once(&self) -> Result<Option<SendResult>, Refusal> {
        let message = &self.state.message;
        let [to, cc, bcc] = &message.addresses;
        let nobody = cc.is_empty() && bcc.is_empty();
        let bare = message.title.is_none() && message.attachments.is_empty();
        let gone = message.attachments.iter().any(|attachment| !self.has_file(&attachment.name));
        let met: [(bool, Question); 6] = [
            (!self.has_recipient(), unknown::NO_RECIPIENT),
            (to.is_empty() && !nobody, unknown::CC_ONLY),
            (bare, unknown::EMPTY_MESSAGE),
            (!bare && message.title.is_none(), unknown::NO_TITLE),
            (self.settings_for(unknown::MMSC_BINDS).mmsc.is_empty(), unknown::NO_MMSC),
            (gone, unknown::FILE_GONE),
        ];
        for (_, question) in met.into_iter().filter(|(met, _)| *met) {
            if let Some(doomed) = self.doomed(question)? {
                return Ok(Some(doomed));
            }
        }
        // A firmware that activates the context does so when the send starts.
        if self.context_active() { Ok(None) } else { self.doomed(unknown::NO_CONTEXT) }
    }

    /// The result with which a send will end by the profile's answer, if it will; or the refusal at once.
    fn doomed(&self, question: Question) -> Result<Option<SendResult>, Refusal> {
        if let Some(lines) = self.other(question).filter(|lines| is_result(lines)) {
            return Ok(Some(SendResult::spelled(lines)));
        }
        let act = self.decide(question)?;
        let err = match act {
            "result" if question == unknown::NO_RECIPIENT => code::NO_RECIPIENT,
            "result" => code::URL,
            "other" => code::UNKNOWN,
            other => match other.strip_prefix("result-").and_then(|err| err.parse().ok()) {
                Some(err) => err,
                None => return Ok(None),
            },
        };
        Ok(Some(SendResult::failed(err)))
    }

    fn has_file(&self, name: &[u8]) -> bool {
        self.state.files.get(crate::files::FileName::read(name)).is_some()
    }

    fn context_active(&self) -> bool {
        let at = self.context_of_message().wrapping_sub(1);
        self.state.contexts.get(at).is_some_and(|context| context.active)
    }

    /// The context is there, or is activated now, or the send fails.
    fn needs_context(&mut self) -> Result<(), SendResult> {
        if self.context_active() {
            return Ok(());
        }
        if self.habit(unknown::NO_CONTEXT) != "activates" {
            return Err(SendResult::failed(code::DEACTIVATED));
        }
        if self.activation_refused().is_some() {
            return Err(SendResult::failed(code::ACTIVATION));
        }
        let number = self.context_of_message();
        if let Some(context) = self.state.context(i64::try_from(number).unwrap_or(1)) {
            context.active = true;
        }
        Ok(())
    }

    /// Builds the message and asks for the connection.
    pub(crate) fn start_send(&mut self) -> Result<(), SendResult> {
        if !self.has_recipient() {
            return Err(SendResult::failed(code::NO_RECIPIENT));
        }
        let url = String::from_utf8_lossy(&self.settings_for(unknown::MMSC_BINDS).mmsc).into_owned();
        let target = Target::read(&url).ok_or_else(|| self.fails_with(unknown::URL_ERR, None))?;
        self.needs_context()?;
        let transaction = self.send.as_ref().map(|send| send.transaction.clone()).unwrap_or_default();
        let body = compose::message(self, &transaction).map_err(SendResult::failed)?;
        let by_proxy = self.settings_for(unknown::PROXY_BINDS);
        let gateway = String::from_utf8_lossy(&by_proxy.gateway).into_owned();
        let proxy_port = if self.deviations.has(Habit::ProxyPortIgnored) { 80 } else { by_proxy.port };
        let proxied = !matches!(gateway.as_str(), "" | "0.0.0.0")
            && !self.deviations.wire().any(|wire| matches!(wire, Wire::Direct));
        let mut head = target.head(proxied, &self.profile.mms.user_agent, body.len());
        for wire in self.deviations.wire() {
            if let Wire::Head { from, to } = wire {
                head = head.replacen(from.as_str(), to, 1);
            }
        }
        let (host, port) = if proxied {
            (gateway, u16::try_from(proxy_port).unwrap_or(80))
        } else {
            (target.host, target.port)
        };
        self.connections += 1;
        let connection = ConnectionId(self.connections);
        let Some(send) = &mut self.send else { return Ok(()) };
        send.stage = Stage::Connecting(connection);
        send.post = [head.as_bytes(), &body].concat();
        let context = u8::try_from(send.context).unwrap_or(1);
        self.requests.push(Output::Connect { connection, context, host, port });
        Ok(())
    }
}

/// Whether a word-for-word answer is the result line of a send rather than the answer to its command.
fn is_result(lines: &[String]) -> bool {
    lines.iter().all(|line| line.starts_with("+QMMSEND:")) && !lines.is_empty()
}

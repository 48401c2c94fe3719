//! `AT+QMMSEND`: what is checked at once, and how a send starts.

use ec20_manual::profile::{Habit, Wire};

use crate::http::Target;
use crate::limits::Fit;
use crate::module::{ConnectionId, Flow, Module, Outcome, Output};
use crate::reply::Refusal;
use crate::send::{Send, SendResult, Stage, code};
use crate::unknown;
use crate::words::{Command, Value};

use super::compose;

/// `AT+QMMSEND=<timeout>`: `OK` at once, the result line later.
pub(crate) fn write(module: &mut Module, command: &Command) -> Outcome {
    module.check_writing(command)?;
    let seconds = command.values.first().and_then(Value::number);
    let within = seconds.filter(|s| module.fit("SEND-TIMEOUT-RANGE", *s) == Fit::Within);
    let Some(seconds) = within else { return Err(module.refusal(unknown::TIMEOUT_CODE)) };
    if command.values.len() > 1 {
        module.allow(unknown::SEND_SURPLUS)?;
    }
    if module.send.is_some() {
        if !module.deviations.has(Habit::NeverBusy) {
            return Err(Refusal::Cme(code::BUSY));
        }
        module.drop_send();
    }
    let at_once = module.checked_at_once()?;
    let unit = if module.deviations.has(Habit::TimeLimitTooShort) { 1 } else { 1000 };
    let until = match u64::try_from(seconds) {
        _ if module.deviations.has(Habit::NoTimeLimit) => u64::MAX,
        Ok(seconds) => module.now + seconds * unit,
        Err(_) => module.now,
    };
    if module.deviations.has(Habit::ResultBeforeOk) {
        let result = at_once.unwrap_or(SendResult { err: 0, http: Some(200), text: None });
        module.say_result(&result, true);
        return Ok(Flow::Done);
    }
    module.sends += 1;
    module.send = Some(Send {
        stage: Stage::Composing(module.now + module.profile.timing.compose_ms),
        until,
        context: usize::try_from(module.state.settings.contextid).unwrap_or(1),
        transaction: format!("{}-{}", module.transaction_stem(), module.sends),
        post: Vec::new(),
    });
    Ok(Flow::Done)
}

impl Module {
    /// What tells this module's messages from another's: the last digits of its IMEI.
    fn transaction_stem(&self) -> &str {
        let imei = &self.profile.identity.imei;
        imei.get(imei.len().saturating_sub(8)..).unwrap_or("0")
    }

    fn has_recipient(&self) -> bool {
        self.state.message.addresses.iter().any(|list| !list.is_empty())
            || self.deviations.has(Habit::SendsToNobody)
    }

    /// What this firmware finds wrong before it says `OK`. Gives the result line of what it only says later.
    fn checked_at_once(&self) -> Result<Option<SendResult>, Refusal> {
        if !self.has_recipient() {
            self.allow(unknown::NO_RECIPIENT)?;
            return Ok(Some(SendResult::failed(code::NO_RECIPIENT)));
        }
        if self.state.settings.mmsc.is_empty() {
            self.allow(unknown::NO_MMSC)?;
            return Ok(Some(SendResult::failed(code::URL)));
        }
        if !self.context_active() {
            self.allow(unknown::NO_CONTEXT)?;
        }
        let gone = self.state.message.attachments.iter().any(|attachment| !self.has_file(&attachment.name));
        if gone {
            self.allow(unknown::FILE_GONE)?;
        }
        Ok(None)
    }

    fn has_file(&self, name: &[u8]) -> bool {
        self.state.files.get(crate::files::FileName::read(name)).is_some()
    }

    fn context_active(&self) -> bool {
        let at = usize::try_from(self.state.settings.contextid).unwrap_or(1).wrapping_sub(1);
        self.state.contexts.get(at).is_some_and(|context| context.active)
    }

    /// The context is there, or is activated now, or the send fails.
    fn needs_context(&mut self) -> Result<(), SendResult> {
        if self.context_active() {
            return Ok(());
        }
        match self.habit(unknown::NO_CONTEXT) {
            "result-768" => Err(SendResult::failed(code::ACTIVATION)),
            "activates" => {
                let number = usize::try_from(self.state.settings.contextid).unwrap_or(1);
                if self.activation_refused(number).is_some() {
                    return Err(SendResult::failed(code::ACTIVATION));
                }
                self.state.contexts[number - 1].active = true;
                Ok(())
            }
            _ => Err(SendResult::failed(code::DEACTIVATED)),
        }
    }

    /// Builds the message and asks for the connection.
    pub(crate) fn start_send(&mut self) -> Result<(), SendResult> {
        if !self.has_recipient() {
            return Err(SendResult::failed(code::NO_RECIPIENT));
        }
        let url = String::from_utf8_lossy(&self.state.settings.mmsc).into_owned();
        let target = Target::read(&url).ok_or(SendResult::failed(code::URL))?;
        self.needs_context()?;
        let transaction = self.send.as_ref().map(|send| send.transaction.clone()).unwrap_or_default();
        let body = compose::message(self, &transaction).map_err(SendResult::failed)?;
        let gateway = String::from_utf8_lossy(&self.state.settings.gateway).into_owned();
        let proxied = !matches!(gateway.as_str(), "" | "0.0.0.0")
            && !self.deviations.wire().any(|wire| matches!(wire, Wire::Direct));
        let mut head = target.head(proxied, &self.profile.mms.user_agent, body.len());
        for wire in self.deviations.wire() {
            if let Wire::Head { from, to } = wire {
                head = head.replacen(from.as_str(), to, 1);
            }
        }
        let (host, port) = if proxied {
            (gateway, u16::try_from(self.state.settings.port).unwrap_or(80))
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

//! PDP contexts: `AT+QICSGP`, `AT+QIACT`, `AT+QIDEACT`, `AT+QIGETERROR`, and 3GPP's own `AT+CGDCONT`, `AT+CGACT` and
//! quality of service.
//!
//! Knows that sixteen contexts can be defined and three can be active at once, that a refusal here is the bare `ERROR`,
//! and that the reason is asked for afterwards.

use ec20_manual::profile::Habit;

use crate::limits::Fit;
use crate::message::config::length;
use crate::module::Module;
use crate::reply::Refusal;
use crate::run::{Flow, Outcome, Pending};
use crate::state::{CONTEXTS, Context, address};
use crate::unknown;
use crate::words::{Command, Value};

const UNKNOWN_ERROR: u16 = 550;
const INVALID_PARAMETERS: u16 = 552;
const OPEN_FAILED: u16 = 561;
const IN_USE: u16 = 563;
const NO_APN: u16 = 573;

pub(crate) const QUALITY_3G_MINIMUM: &str = "+CGEQMIN: \"IP\",(0-4),(0-5760),(0-42200),(0-5760),(0-42200),(0-2),(0-1520),\"0E0\",\"0E0\",(0-3),(0,100-4000),(0-3)";
pub(crate) const QUALITY_3G_REQUEST: &str = "+CGEQREQ: \"IP\",(0-4),(0-5760),(0-42200),(0-5760),(0-42200),(0-2),(0-1520),\"0E0\",\"0E0\",(0-3),(0,100-4000),(0-3)";

/// The context that a value names, from 1.
fn context_number(module: &Module, value: Option<&Value>) -> Option<usize> {
    let number = module.within("BEARER-CONTEXTID-RANGE", value?.number())?;
    // A module whose range is another one takes the nearest context that it has.
    usize::try_from(number).ok().map(|number| number.clamp(1, CONTEXTS))
}

impl Module {
    fn bearer_fails(&mut self, code: u16) -> Outcome {
        self.bearer_error = code;
        Err(Refusal::Error)
    }

    /// Why a context cannot be activated now, as the error that `AT+QIGETERROR` tells.
    pub(crate) fn activation_refused(&self) -> Option<u16> {
        let radio = &self.state.radio;
        let open = i64::try_from(self.state.active_contexts()).unwrap_or(i64::MAX).saturating_add(1);
        let full = self.fit("PROC-ACTIVE-CONTEXTS", open) != Fit::Within;
        let full = full && !self.deviations.has(Habit::FourthContext);
        let refused = !radio.registered() || !radio.attached || radio.refuses_contexts || full;
        refused.then_some(OPEN_FAILED)
    }

    /// Goes on with a command after its wait.
    pub(crate) fn resume(&mut self, pending: Pending) -> Outcome {
        match pending {
            Pending::Begin(command) => self.begin(&command),
            Pending::Nothing => Ok(Flow::Done),
            Pending::Attach(attached) => {
                self.state.radio.attached = attached;
                if !attached {
                    self.network_gone();
                }
                Ok(Flow::Done)
            }
            Pending::Activate(number) => {
                if let Some(code) = self.activation_refused() {
                    return self.bearer_fails(code);
                }
                self.state.contexts[number - 1].active = true;
                self.bearer_error = 0;
                Ok(Flow::Done)
            }
            Pending::Deactivate(number) => {
                self.state.contexts[number - 1].active = false;
                self.send_lost_context(number);
                self.bearer_error = 0;
                Ok(Flow::Done)
            }
        }
    }
}

/// `AT+QICSGP=<id>` asks, `AT+QICSGP=<id>,<type>,<APN>[,<user>,<password>[,<auth>]]` defines.
pub(crate) fn context_define(module: &mut Module, command: &Command) -> Outcome {
    let values = &command.values;
    let Some(number) = context_number(module, values.first()) else {
        return module.bearer_fails(INVALID_PARAMETERS);
    };
    let context = &module.state.contexts[number - 1];
    if values.len() > 1 && context.active {
        module.allow(unknown::DEFINE_ACTIVE)?;
    }
    let context = &module.state.contexts[number - 1];
    if values.len() == 1 {
        let mut line = format!("+QICSGP: {},\"", context.kind).into_bytes();
        for (text, end) in [(&context.apn, "\",\""), (&context.user, "\",\""), (&context.password, "\",")] {
            line.extend_from_slice(text);
            line.extend_from_slice(end.as_bytes());
        }
        line.extend_from_slice(context.auth.to_string().as_bytes());
        return module.say(line);
    }
    match defined(module, values, context) {
        Some(context) => {
            module.state.contexts[number - 1] = context;
            Ok(Flow::Done)
        }
        None => module.bearer_fails(INVALID_PARAMETERS),
    }
}

fn defined(module: &Module, values: &[Value], old: &Context) -> Option<Context> {
    const APN_MAX: usize = 100;
    let short = |text: &&[u8]| module.fit("BEARER-CREDENTIAL-LENGTH", length(text)) == Fit::Within;
    let kind = module.within("BEARER-CONTEXTTYPE-RANGE", values.get(1)?.number())?;
    let apn = values.get(2)?.text().filter(|apn| apn.len() <= APN_MAX)?;
    let credential = |at: usize| match values.get(at) {
        None => Some(Vec::new()),
        Some(value) => value.text().filter(short).map(<[u8]>::to_vec),
    };
    let auth = match values.get(5) {
        None => 0,
        Some(value) => module.within("BEARER-AUTHENTICATION-RANGE", value.number())?,
    };
    if values.len() > 6 || values.len() == 4 {
        return None;
    }
    Some(Context {
        kind: u32::try_from(kind).ok()?,
        apn: apn.to_vec(),
        user: credential(3)?,
        password: credential(4)?,
        auth: u32::try_from(auth).ok()?,
        ..old.clone()
    })
}

pub(crate) fn contexts_read(module: &mut Module, _: &Command) -> Outcome {
    module.running.lines = module
        .state
        .contexts
        .iter()
        .enumerate()
        .filter(|(_, context)| context.active)
        .map(|(at, context)| {
            format!("+QIACT: {},1,{},\"{}\"", at + 1, context.kind, address(at + 1)).into_bytes()
        })
        .collect();
    Ok(Flow::Done)
}

pub(crate) fn activate(module: &mut Module, command: &Command) -> Outcome {
    let ([_], Some(number)) = (&command.values[..], context_number(module, command.values.first())) else {
        return module.bearer_fails(INVALID_PARAMETERS);
    };
    if module.state.contexts[number - 1].active {
        module.allow(unknown::ACTIVATE_AGAIN)?;
        return Ok(Flow::Done);
    }
    if module.state.contexts[number - 1].by_cgact
        && let Err(refusal) = module.allow(unknown::CGACT_FIRST)
    {
        module.bearer_error = IN_USE;
        return Err(refusal);
    }
    if module.state.contexts[number - 1].apn.is_empty()
        && let Err(refusal) = module.allow(unknown::NO_APN)
    {
        module.bearer_error = NO_APN;
        return Err(refusal);
    }
    Ok(Flow::Wait(module.profile.timing.activation_ms, Pending::Activate(number)))
}

pub(crate) fn deactivate(module: &mut Module, command: &Command) -> Outcome {
    let ([_], Some(number)) = (&command.values[..], context_number(module, command.values.first())) else {
        return module.bearer_fails(INVALID_PARAMETERS);
    };
    if !module.state.contexts[number - 1].active {
        module.allow(unknown::DEACTIVATE_INACTIVE)?;
    }
    Ok(Flow::Wait(module.profile.timing.deactivation_ms, Pending::Deactivate(number)))
}

pub(crate) fn last_error(module: &mut Module, _: &Command) -> Outcome {
    let words = match module.bearer_error {
        0 => "operate successfully",
        UNKNOWN_ERROR => "unknown error",
        INVALID_PARAMETERS => "invalid parameters",
        IN_USE => "context is in use",
        OPEN_FAILED => "open PDP context failed",
        NO_APN => "APN not configured",
        _ => "operation failed",
    };
    let line = format!("+QIGETERROR: {},{words}", module.bearer_error);
    module.say(line)
}

const KINDS: [&str; 3] = ["IP", "IPV6", "IPV4V6"];

pub(crate) fn cgdcont_test(module: &mut Module, _: &Command) -> Outcome {
    module.running.lines = KINDS
        .iter()
        .map(|kind| format!("+CGDCONT: (1-{CONTEXTS}),\"{kind}\",,,(0-2),(0-4)").into_bytes())
        .collect();
    Ok(Flow::Done)
}

pub(crate) fn cgdcont_read(module: &mut Module, _: &Command) -> Outcome {
    let line = |(at, context): (usize, &Context)| {
        let kind = KINDS.get(context.kind as usize - 1).copied().unwrap_or("IP");
        [format!("+CGDCONT: {},\"{kind}\",\"", at + 1).as_bytes(), &context.apn, b"\",\"0.0.0.0\",0,0"]
            .concat()
    };
    module.running.lines =
        module.state.contexts.iter().enumerate().filter(|(_, c)| !c.apn.is_empty()).map(line).collect();
    Ok(Flow::Done)
}

pub(crate) fn cgdcont_write(module: &mut Module, command: &Command) -> Outcome {
    let Some(number) = context_number(module, command.values.first()) else { return Err(Refusal::Cme(50)) };
    let context = &mut module.state.contexts[number - 1];
    let Some(kind) = command.values.get(1) else {
        context.apn.clear();
        return Ok(Flow::Done);
    };
    let kind = kind.text().and_then(|kind| KINDS.iter().position(|known| known.as_bytes() == kind));
    let Some(kind) = kind else { return Err(Refusal::Cme(50)) };
    let apn = match command.values.get(2) {
        None | Some(Value::Missing) => &[][..],
        Some(value) => value.text().filter(|apn| apn.len() <= 100).ok_or(Refusal::Cme(50))?,
    };
    context.kind = u32::try_from(kind + 1).unwrap_or(1);
    context.apn = apn.to_vec();
    Ok(Flow::Done)
}

pub(crate) fn cgact_read(module: &mut Module, _: &Command) -> Outcome {
    module.running.lines = module
        .state
        .contexts
        .iter()
        .enumerate()
        .filter(|(at, context)| *at == 0 || !context.apn.is_empty())
        .map(|(at, context)| format!("+CGACT: {},{}", at + 1, u8::from(context.by_cgact)).into_bytes())
        .collect();
    Ok(Flow::Done)
}

pub(crate) fn cgact_write(module: &mut Module, command: &Command) -> Outcome {
    let (state, number) = match &command.values[..] {
        [Value::Number(state @ 0..=1), number] => (*state == 1, context_number(module, Some(number))),
        _ => return Err(Refusal::Cme(50)),
    };
    let Some(number) = number else { return Err(Refusal::Cme(50)) };
    if state && (!module.state.radio.registered() || module.state.contexts[number - 1].active) {
        return Err(Refusal::Cme(30));
    }
    module.state.contexts[number - 1].by_cgact = state;
    Ok(Flow::Wait(module.profile.timing.deactivation_ms, Pending::Nothing))
}

pub(crate) fn cgpaddr_test(module: &mut Module, _: &Command) -> Outcome {
    let numbers: Vec<_> = (1..=CONTEXTS).map(|n| n.to_string()).collect();
    module.say(format!("+CGPADDR: ({})", numbers.join(",")))
}

pub(crate) fn cgpaddr(module: &mut Module, command: &Command) -> Outcome {
    let all: Vec<usize> = match &command.values[..] {
        [] => (1..=CONTEXTS).filter(|n| !module.state.contexts[n - 1].apn.is_empty()).collect(),
        asked => asked
            .iter()
            .map(|v| context_number(module, Some(v)))
            .collect::<Option<_>>()
            .ok_or(Refusal::Cme(50))?,
    };
    let line = |number: usize| {
        let context = &module.state.contexts[number - 1];
        let address = if context.active { address(number) } else { "0.0.0.0".into() };
        format!("+CGPADDR: {number},\"{address}\"").into_bytes()
    };
    module.running.lines = all.into_iter().map(line).collect();
    Ok(Flow::Done)
}

/// Quality of service: what was set, for each context that has something set.
pub(crate) fn quality_read(module: &mut Module, command: &Command) -> Outcome {
    module.running.lines = module
        .state
        .quality
        .iter()
        .filter(|((name, _), _)| *name == command.name)
        .map(|((name, number), set)| format!("{name}: {number},{set}").into_bytes())
        .collect();
    Ok(Flow::Done)
}

pub(crate) fn quality_write(module: &mut Module, command: &Command) -> Outcome {
    let Some(number) = context_number(module, command.values.first()) else { return Err(Refusal::Cme(50)) };
    let key = (command.name.clone(), number);
    let set: Vec<String> = command
        .values
        .iter()
        .skip(1)
        .map(|value| match value {
            Value::Missing => "0".into(),
            Value::Number(n) => n.to_string(),
            Value::Text(text) => format!("\"{}\"", String::from_utf8_lossy(text)),
            Value::Word(word) => String::from_utf8_lossy(word).into_owned(),
        })
        .collect();
    if set.is_empty() {
        module.state.quality.remove(&key);
    } else {
        module.state.quality.insert(key, set.join(","));
    }
    Ok(Flow::Done)
}

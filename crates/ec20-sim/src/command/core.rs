//! The dialogue's own commands: echo, form of results, S registers, `AT+CMEE`, `AT+CSCS`, reset and factory settings.

use ec20_manual::profile::Habit;

use crate::dispatch;
use crate::module::Module;
use crate::reply::{Final, Refusal};
use crate::run::{Flow, Outcome};
use crate::session::Session;
use crate::state::Message;
use crate::unknown::{self, Question};
use crate::words::{Command, Operation, Value};

/// The one number of a basic command, 0 when it stands alone.
fn number(command: &Command) -> i64 {
    command.values.first().and_then(Value::number).unwrap_or(0)
}

/// A number that a clause limits to 0 and 1.
fn switch(module: &Module, clause: &'static str, command: &Command) -> Result<bool, Refusal> {
    module.within(clause, Some(number(command))).map(|n| n != 0).ok_or(Refusal::Error)
}

pub(crate) fn echo(module: &mut Module, command: &Command) -> Outcome {
    module.state.session.echo = switch(module, "V250-ECHO-RANGE", command)?;
    Ok(Flow::Done)
}

pub(crate) fn verbose(module: &mut Module, command: &Command) -> Outcome {
    module.state.session.verbose = switch(module, "V250-VERBOSE-RANGE", command)?;
    Ok(Flow::Done)
}

pub(crate) fn quiet(module: &mut Module, command: &Command) -> Outcome {
    module.state.session.quiet = switch(module, "V250-QUIET-RANGE", command)?;
    Ok(Flow::Done)
}

/// A setting that is only kept: `ATX`, `AT&C`, `AT&D` and the like.
pub(crate) fn keep_number(module: &mut Module, command: &Command) -> Outcome {
    let most = if command.name == "X" { 4 } else { 3 };
    match number(command) {
        n if n <= most => {
            module.state.session.numbers.insert(command.name.clone(), n);
            Ok(Flow::Done)
        }
        _ => Err(Refusal::Error),
    }
}

/// Dialling: there is nobody to call.
pub(crate) fn dial(_: &mut Module, _: &Command) -> Outcome {
    Ok(Flow::Result(Final::NoCarrier))
}

pub(crate) fn reset(module: &mut Module, command: &Command) -> Outcome {
    if number(command) > 1 {
        return Err(Refusal::Error);
    }
    module.state.session = module.stored.clone();
    if module.habit(unknown::CFG_RESET) == "lost" {
        module.state.settings = module.factory.settings.clone();
    }
    if module.habit(unknown::EDIT_RESET) == "lost" {
        module.state.message = Message::default();
    }
    module.answer_verbatim(unknown::CFG_RESET, "mmsc");
    module.answer_verbatim(unknown::EDIT_RESET, "1");
    Ok(Flow::Done)
}

pub(crate) fn factory(module: &mut Module, command: &Command) -> Outcome {
    if number(command) > 0 {
        return Err(Refusal::Error);
    }
    module.state.session = module.factory.session.clone();
    if module.habit(unknown::CFG_FACTORY) == "lost" {
        module.state.settings = module.factory.settings.clone();
    }
    module.answer_verbatim(unknown::CFG_FACTORY, "mmsc");
    Ok(Flow::Done)
}

pub(crate) fn store(module: &mut Module, command: &Command) -> Outcome {
    if number(command) > 1 {
        return Err(Refusal::Error);
    }
    module.stored = module.state.session.clone();
    Ok(Flow::Done)
}

/// `AT&V`: the settings of the dialogue, one a line.
pub(crate) fn view(module: &mut Module, _: &Command) -> Outcome {
    let session = &module.state.session;
    let mut lines = vec![
        format!("E: {}", u8::from(session.echo)),
        format!("Q: {}", u8::from(session.quiet)),
        format!("V: {}", u8::from(session.verbose)),
    ];
    lines.extend(session.numbers.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.extend(session.registers.iter().map(|(number, value)| format!("S{number}: {value}")));
    module.running.lines = lines.into_iter().map(String::into_bytes).collect();
    Ok(Flow::Done)
}

/// Whether a name is an S register's.
pub(crate) fn is_register(name: &str) -> bool {
    name.strip_prefix('S').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// `ATSn?` and `ATSn=`.
pub(crate) fn register(module: &mut Module, command: &Command) -> Outcome {
    let number: u8 = command.name[1..].parse().map_err(|_| Refusal::Error)?;
    let register = *module.state.session.registers.get(&number).ok_or(Refusal::Error)?;
    match command.operation {
        Operation::Read => {
            let line = format!("{register:03}");
            module.say(line)
        }
        Operation::Write => {
            let value = command.values.first().map_or(Some(0), |v| match v {
                Value::Missing => Some(0),
                value => value.number(),
            });
            let limited =
                if matches!(number, 3..=5) { module.within("V250-REGISTER-RANGE", value) } else { value };
            let value = limited.and_then(|v| u8::try_from(v).ok()).ok_or(Refusal::Error)?;
            module.state.session.registers.insert(number, value);
            Ok(Flow::Done)
        }
        Operation::Execute | Operation::Test => Err(Refusal::Error),
    }
}

pub(crate) fn cmee_read(module: &mut Module, _: &Command) -> Outcome {
    let line = format!("+CMEE: {}", module.state.session.cmee);
    module.say(line)
}

pub(crate) fn cmee_write(module: &mut Module, command: &Command) -> Outcome {
    let stuck = module.deviations.has(Habit::CmeeStuck);
    let [value] = &command.values[..] else { return Err(Refusal::Error) };
    let level = if *value == Value::Missing { 0 } else { value.number().unwrap_or(-1) };
    let level = module.within("CORE-CMEE-RANGE", Some(level)).and_then(|level| u8::try_from(level).ok());
    let level = level.ok_or(Refusal::Error)?;
    if !stuck {
        module.state.session.cmee = level;
    }
    Ok(Flow::Done)
}

pub(crate) fn cscs_read(module: &mut Module, _: &Command) -> Outcome {
    let line = format!("+CSCS: \"{}\"", module.state.session.charset);
    module.say(line)
}

pub(crate) fn cscs_write(module: &mut Module, command: &Command) -> Outcome {
    match &command.values[..] {
        [Value::Text(name)] if matches!(&name[..], b"GSM" | b"IRA" | b"UCS2") => {
            module.state.session.charset = String::from_utf8_lossy(name).into_owned();
            Ok(Flow::Done)
        }
        _ => Err(Refusal::Error),
    }
}

/// `AT+CLAC`: every extended command there is.
pub(crate) fn list_commands(module: &mut Module, _: &Command) -> Outcome {
    module.running.lines =
        dispatch::extended_names().into_iter().map(|name| name.as_bytes().to_vec()).collect();
    Ok(Flow::Done)
}

pub(crate) fn cmgf_read(module: &mut Module, _: &Command) -> Outcome {
    let line = format!("+CMGF: {}", module.state.session.text_mode);
    module.say(line)
}

pub(crate) fn cmgf_write(module: &mut Module, command: &Command) -> Outcome {
    match &command.values[..] {
        [Value::Number(mode @ 0..=1)] => {
            module.state.session.text_mode = u8::from(*mode == 1);
            Ok(Flow::Done)
        }
        _ => Err(Refusal::Cms(302)),
    }
}

pub(crate) fn cpms_write(module: &mut Module, command: &Command) -> Outcome {
    let known = |value: &Value| value.text().is_some_and(|text| matches!(text, b"SM" | b"ME"));
    if command.values.is_empty() || command.values.len() > 3 || !command.values.iter().all(known) {
        return Err(Refusal::Cms(302));
    }
    module.say("+CPMS: 0,50,0,50,0,50")
}

impl Module {
    /// From now on, what is asked for is answered word for word, if the profile's answer is of no known kind.
    fn answer_verbatim(&mut self, question: Question, asked: &'static str) {
        if let Some(lines) = self.other(question).map(<[String]>::to_vec) {
            self.state.verbatim.insert(asked, lines);
        }
    }

    /// The settings of the dialogue.
    pub(crate) fn session(&mut self) -> &mut Session {
        &mut self.state.session
    }
}

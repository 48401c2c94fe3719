//! Card, radio and registration: `AT+CPIN`, `AT+CFUN`, `AT+CREG`, `AT+CGATT`, `AT+COPS`, `AT+CSQ`, `AT+QURCCFG`.

use crate::module::Module;
use crate::reply::Refusal;
use crate::run::{Flow, Outcome, Pending};
use crate::words::{Command, Value};

/// SIM not inserted.
const NO_CARD: u16 = 10;
/// How long attaching and detaching take.
const ATTACH_MS: u64 = 20;

impl Module {
    /// Refuses what needs a SIM card while there is none.
    pub(crate) fn needs_card(&self) -> Result<(), Refusal> {
        if self.state.radio.card { Ok(()) } else { Err(Refusal::Cme(NO_CARD)) }
    }

    /// Tells the host of a change of registration, as far as it has asked to be told.
    pub(crate) fn registration_changed(&mut self) {
        for (at, name) in REGISTRATIONS.iter().enumerate() {
            let mode = self.state.session.reports[at];
            if mode > 0 {
                let line = self.registration(name, mode);
                self.unsolicited(line);
            }
        }
    }

    fn registration(&self, name: &str, mode: u8) -> String {
        let registered = self.state.radio.registered();
        let place = if registered && mode == 2 { ",\"1A2B\",\"01C3D4E\",7" } else { "" };
        let state = u8::from(registered) + 2 * u8::from(!registered && self.state.radio.functionality == 1);
        format!("{name}: {state}{place}")
    }
}

const REGISTRATIONS: [&str; 3] = ["+CREG", "+CGREG", "+CEREG"];

fn which(command: &Command) -> usize {
    REGISTRATIONS.iter().position(|name| *name == command.name).unwrap_or(0)
}

pub(crate) fn registration_read(module: &mut Module, command: &Command) -> Outcome {
    let mode = module.state.session.reports[which(command)];
    let state = module.registration(&command.name, mode);
    let line = state.replacen(": ", &format!(": {mode},"), 1);
    module.say(line)
}

pub(crate) fn registration_write(module: &mut Module, command: &Command) -> Outcome {
    match &command.values[..] {
        [Value::Number(mode @ 0..=2)] => {
            module.state.session.reports[which(command)] = u8::try_from(*mode).unwrap_or(0);
            Ok(Flow::Done)
        }
        _ => Err(Refusal::Error),
    }
}

pub(crate) fn cpin_read(module: &mut Module, _: &Command) -> Outcome {
    module.needs_card()?;
    module.say("+CPIN: READY")
}

/// `AT+CPIN=`: the card asks for nothing, so there is nothing to give it.
pub(crate) fn cpin_write(module: &mut Module, _: &Command) -> Outcome {
    module.needs_card()?;
    Err(Refusal::Cme(3))
}

pub(crate) fn cfun_read(module: &mut Module, _: &Command) -> Outcome {
    let line = format!("+CFUN: {}", module.state.radio.functionality);
    module.say(line)
}

pub(crate) fn cfun_write(module: &mut Module, command: &Command) -> Outcome {
    let (level, reset) = match &command.values[..] {
        [Value::Number(level)] => (*level, false),
        [Value::Number(level), Value::Number(reset @ 0..=1)] => (*level, *reset == 1),
        _ => return Err(Refusal::Error),
    };
    let level = u8::try_from(level).ok().filter(|level| matches!(level, 0 | 1 | 4)).ok_or(Refusal::Error)?;
    if reset {
        module.restart_after_ok();
        return Ok(Flow::Done);
    }
    module.state.radio.functionality = level;
    module.state.radio.attached = level == 1 && module.state.radio.network;
    if level != 1 {
        module.network_gone();
    }
    Ok(Flow::Done)
}

pub(crate) fn signal(module: &mut Module, _: &Command) -> Outcome {
    let strength = if module.state.radio.registered() { 24 } else { 99 };
    module.say(format!("+CSQ: {strength},99"))
}

pub(crate) fn cops_test(module: &mut Module, _: &Command) -> Outcome {
    let name = &module.profile.identity.operator;
    module.say(format!("+COPS: (2,\"{name}\",\"UNICOM\",\"46001\",7),,(0-4),(0-2)"))
}

pub(crate) fn cops_read(module: &mut Module, _: &Command) -> Outcome {
    if !module.state.radio.registered() {
        return module.say("+COPS: 0");
    }
    let format = module.state.session.operator_format;
    let name = match format {
        0 => &module.profile.identity.operator,
        1 => "UNICOM",
        _ => "46001",
    };
    module.say(format!("+COPS: 0,{format},\"{name}\",7"))
}

pub(crate) fn cops_write(module: &mut Module, command: &Command) -> Outcome {
    match &command.values[..] {
        [Value::Number(3), Value::Number(format @ 0..=2)] => {
            module.session().operator_format = u8::try_from(*format).unwrap_or(0);
            Ok(Flow::Done)
        }
        [Value::Number(0..=4), ..] => Ok(Flow::Done),
        _ => Err(Refusal::Error),
    }
}

pub(crate) fn attach_read(module: &mut Module, _: &Command) -> Outcome {
    let line = format!("+CGATT: {}", u8::from(module.state.radio.attached));
    module.say(line)
}

pub(crate) fn attach_write(module: &mut Module, command: &Command) -> Outcome {
    match &command.values[..] {
        [Value::Number(state @ 0..=1)] => {
            let attach = *state == 1;
            if attach && !module.state.radio.registered() {
                return Err(Refusal::Cme(30));
            }
            Ok(Flow::Wait(ATTACH_MS, Pending::Attach(attach)))
        }
        _ => Err(Refusal::Error),
    }
}

const URC_PORTS: [&str; 5] = ["usbat", "usbmodem", "uart1", "uart2", "all"];

pub(crate) fn urc_port_test(module: &mut Module, _: &Command) -> Outcome {
    module.say(format!("+QURCCFG: \"urcport\",(\"{}\")", URC_PORTS.join("\",\"")))
}

pub(crate) fn urc_port(module: &mut Module, command: &Command) -> Outcome {
    match &command.values[..] {
        [Value::Text(key)] if key == b"urcport" => {
            let line = format!("+QURCCFG: \"urcport\",\"{}\"", module.state.session.urc_port);
            module.say(line)
        }
        [Value::Text(key), Value::Text(port)] if key == b"urcport" => {
            let known = URC_PORTS.iter().find(|known| known.as_bytes() == port).ok_or(Refusal::Error)?;
            module.session().urc_port = (*known).into();
            Ok(Flow::Done)
        }
        _ => Err(Refusal::Error),
    }
}

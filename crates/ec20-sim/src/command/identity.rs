//! Who the module is: `ATI`, `AT+CGMI` and their kin.

use crate::module::Module;
use crate::reply::Refusal;
use crate::run::{Flow, Outcome};
use crate::words::{Command, Value};

/// `ATI`: three lines; `ATI0` to `ATI9` are the same.
pub(crate) fn information(module: &mut Module, command: &Command) -> Outcome {
    if command.values.iter().filter_map(Value::number).any(|n| n > 9) {
        return Err(Refusal::Error);
    }
    let identity = &module.profile.identity;
    module.running.lines = vec![
        identity.manufacturer.clone().into_bytes(),
        identity.model.clone().into_bytes(),
        format!("Revision: {}", identity.revision).into_bytes(),
    ];
    Ok(Flow::Done)
}

pub(crate) fn manufacturer(module: &mut Module, _: &Command) -> Outcome {
    module.say(module.profile.identity.manufacturer.clone())
}

pub(crate) fn model(module: &mut Module, _: &Command) -> Outcome {
    module.say(module.profile.identity.model.clone())
}

pub(crate) fn revision(module: &mut Module, _: &Command) -> Outcome {
    module.say(module.profile.identity.revision.clone())
}

/// `AT+QGMR`: the revision with its build, which alone tells firmwares apart.
pub(crate) fn build(module: &mut Module, _: &Command) -> Outcome {
    let identity = &module.profile.identity;
    module.say(format!("{}{}", identity.revision, identity.build))
}

pub(crate) fn imei(module: &mut Module, _: &Command) -> Outcome {
    module.say(module.profile.identity.imei.clone())
}

pub(crate) fn imsi(module: &mut Module, _: &Command) -> Outcome {
    module.needs_card()?;
    module.say(module.profile.identity.imsi.clone())
}

pub(crate) fn iccid(module: &mut Module, _: &Command) -> Outcome {
    module.needs_card()?;
    module.say(format!("+QCCID: {}", module.profile.identity.iccid))
}

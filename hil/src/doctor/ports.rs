//! The serial ports of this machine, and what answers on them when that is asked for: `AT` and the identity, nothing else.

use std::time::Duration;

use serde::Serialize;

use super::dialogue::Dialogue;
use super::machine::{Device, Machine};
use super::talk;
use crate::port::{Serial, Trouble};

/// A serial port, as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// What the system knows of it.
    #[serde(flatten)]
    pub device: Device,
    /// What a module of this family does on it, if it is one.
    pub function: Option<&'static str>,
    /// What answered, line by line; empty when nothing did; absent when nobody asked.
    pub answered: Option<Vec<String>>,
    /// Why it could not be asked.
    pub trouble: Option<String>,
}

/// All serial ports. Bytes leave only with `ask`.
pub fn ports(machine: &Machine, ask: bool) -> Vec<Seen> {
    devices(machine)
        .into_iter()
        .map(|device| {
            let function = device.usb.as_ref().and_then(talk::function);
            let (answered, trouble) = match ask.then(|| identity(&device.path)) {
                None => (None, None),
                Some(Ok(lines)) => (Some(lines), None),
                Some(Err(trouble)) => (None, Some(trouble.to_string())),
            };
            Seen { device, function, answered, trouble }
        })
        .collect()
}

#[cfg(target_os = "linux")]
fn devices(machine: &Machine) -> Vec<Device> {
    machine.devices()
}

/// Elsewhere the system is asked by the library that opens ports.
#[cfg(not(target_os = "linux"))]
fn devices(_machine: &Machine) -> Vec<Device> {
    let bare = |port: serialport::SerialPortInfo| Device { path: port.port_name, driver: None, usb: None };
    serialport::available_ports().unwrap_or_default().into_iter().map(bare).collect()
}

fn identity(path: &str) -> Result<Vec<String>, Trouble> {
    let mut dialogue = Dialogue::on(Box::new(Serial::open(path)?), talk::USUAL);
    dialogue.begin()?;
    if dialogue.ask_within("AT", Duration::from_secs(1))?.result.is_none()
        && dialogue.ask_within("AT", Duration::from_secs(1))?.result.is_none()
    {
        return Ok(Vec::new());
    }
    let mut lines = dialogue.ask("ATI")?.lines;
    lines.extend(dialogue.ask("AT+CGSN")?.lines);
    Ok(lines)
}

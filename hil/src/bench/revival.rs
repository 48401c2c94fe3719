//! How a bench brings a lost module back: the power switch, and its port once it is there again.

use std::time::{Duration, Instant};

use super::Device;
use crate::port::{Port, Tcp, Trouble};
use crate::power::Power;
use crate::run::Revive;

/// What a lost port is looked for by.
#[derive(Debug, Clone)]
pub enum Lost {
    /// A device, by its place where it has one.
    Device(Device),
    /// A terminal server's address.
    Tcp(String),
}

impl Lost {
    /// The way to bring it back, if there is one: a device that is known by its place on the USB, a server that can be called again, a power
    /// switch.
    pub fn reviver(self, power: Power) -> Option<Revive<Box<dyn Port>>> {
        let comes_back = match &self {
            Self::Device(device) => device.is_pinned(),
            Self::Tcp(_) => true,
        };
        if !comes_back && !power.is_there() {
            return None;
        }
        Some(Box::new(move |by_power, stop| {
            let mut done = Vec::new();
            if by_power {
                done = power.cycle(&mut std::thread::sleep)?;
            } else if !comes_back {
                return Err(vec!["the port has no place on the USB at which it could come back".to_owned()]);
            }
            match self.opened(power.back, stop) {
                Ok((port, name)) => {
                    done.push(format!("{name} is open again"));
                    Ok((port, done))
                }
                Err(trouble) => {
                    done.push(format!("{trouble}, {} s long", power.back.as_secs()));
                    Err(done)
                }
            }
        }))
    }

    fn opened(&self, within: Duration, stop: &dyn Fn() -> bool) -> Result<(Box<dyn Port>, String), Trouble> {
        match self {
            Self::Device(device) => {
                let port = device.reopen(within, stop)?;
                Ok((Box::new(port), device.path()?))
            }
            Self::Tcp(address) => {
                let started = Instant::now();
                loop {
                    match Tcp::open(address) {
                        Ok(port) => return Ok((Box::new(port), format!("tcp:{address}"))),
                        Err(_) if started.elapsed() < within && !stop() => {
                            std::thread::sleep(Duration::from_millis(500));
                        }
                        Err(trouble) => return Err(trouble),
                    }
                }
            }
        }
    }
}

//! What stands on the bench: the module behind its port, and the capture MMSC beside it, if there is one.
//!
//! It knows what a simulated module brings with it, and what only a person can say of a real one.

use std::net::SocketAddr;

use crate::port::{Address, Port, Serial, Tcp, Trouble};
use crate::run::{FarEnd, NoFarEnd};

/// A bench before its port is opened.
pub struct Open {
    address: Address,
}

impl Open {
    /// A bench with the module at `address`; `capture` is where its capture MMSC shall listen.
    ///
    /// # Errors
    /// Why there is no such bench, in words.
    pub fn new(address: &Address, _capture: Option<SocketAddr>) -> Result<Self, String> {
        Ok(Self { address: address.clone() })
    }

    /// Whether the module is simulated: then nothing can cost, send or wipe.
    pub fn is_simulated(&self) -> bool {
        matches!(self.address, Address::Simulated { .. })
    }

    /// What the bench offers by itself.
    pub fn offers(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether a capture MMSC hands over what it captures.
    pub fn captures(&self) -> bool {
        false
    }

    /// The variables that follow from the bench.
    pub fn variables(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Opens the port and starts what stands beside it. A port that does not open is part of the run, not an error of the arguments.
    pub fn open(self) -> (Result<Box<dyn Port>, Trouble>, Box<dyn FarEnd>) {
        let port: Result<Box<dyn Port>, Trouble> = match &self.address {
            Address::Simulated { .. } => Err(Trouble::Missing { port: self.address.to_string() }),
            Address::Tcp { host_and_port } => {
                Tcp::open(host_and_port).map(|port| Box::new(port) as Box<dyn Port>)
            }
            Address::Device(path) => Serial::open(path).map(|port| Box::new(port) as Box<dyn Port>),
        };
        (port, Box::new(NoFarEnd))
    }
}

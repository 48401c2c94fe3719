//! What stands on the bench: the module behind its port, and the capture MMSC beside it, if there is one.
//!
//! It knows what a simulated module brings with it, and what only a person can say of a real one. What is wrong with the bench's
//! description is found when it is made; what is wrong with the port is part of the run.

mod device;
mod far_end;
mod file;
mod revival;
mod simulated;

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex};

use ec20_suite::redact::Redactor;
use thiserror::Error;

use crate::port::{Address, Port, Tcp, Trouble};
use crate::power::Power;
use crate::run::{FarEnd, NoFarEnd, Revive};
pub use device::Device;
use far_end::CaptureMmsc;
pub use file::{BenchFile, EXAMPLE, duration, mistakes, need_of_a_bench, speed};
pub use revival::Lost;
use simulated::Simulated;

/// A bench before its port is opened.
pub struct Bench {
    module: Module,
    /// Where the capture MMSC listens already, so that nobody else can take its place.
    capture: Option<TcpListener>,
}

enum Module {
    Simulated(Box<simulated::Module>),
    Tcp(String),
    Device(Device),
}

/// A bench that cannot be, with the option that asks for it.
#[derive(Debug, Error)]
#[error("{problem}")]
pub struct Impossible {
    /// The option: `--port` or `--capture`.
    pub option: &'static str,
    /// Why, in words.
    pub problem: String,
}

impl Bench {
    /// A bench with the module at `address`. A capture MMSC listens at `capture`; beside a simulated module it always does, on loopback
    /// unless told otherwise.
    ///
    /// # Errors
    /// A profile that does not exist or has a mistake, an address where nothing can listen.
    pub fn new(address: &Address, capture: Option<SocketAddr>) -> Result<Self, Impossible> {
        let module = match address {
            Address::Simulated { profile } => {
                let module = simulated::Module::new(profile.as_deref()).map(Box::new);
                Module::Simulated(module.map_err(|problem| Impossible { option: "--port", problem })?)
            }
            Address::Tcp { host_and_port } => Module::Tcp(host_and_port.clone()),
            Address::Device(path) => Module::Device(Device::at(path)),
            Address::Usb { place, interface } => Module::Device(Device::on_usb(place, *interface)),
        };
        let beside = matches!(module, Module::Simulated(_)).then(far_end::loopback);
        let capture = capture.or(beside).map(listen).transpose()?;
        Ok(Self { module, capture })
    }

    /// The same bench with its serial port at this rate, in bit/s; without one, a device has the usual and a simulated module none.
    #[must_use]
    pub fn at_rate(mut self, rate: Option<u32>) -> Self {
        match (&mut self.module, rate) {
            (Module::Device(device), Some(rate)) => device.rate = rate,
            (Module::Simulated(module), rate) => module.baud = rate,
            _ => {}
        }
        self
    }

    /// Whether bytes take no time on the way to the module: then there is nothing to calibrate.
    pub fn is_instant(&self) -> bool {
        matches!(&self.module, Module::Simulated(module) if module.baud.is_none())
    }

    /// How a lost port is brought back, if this bench can; to be asked while the module is there.
    pub fn reviver(&self, power: &Power) -> Option<Revive<Box<dyn Port>>> {
        let lost = match &self.module {
            Module::Simulated(_) => return None,
            Module::Tcp(address) => Lost::Tcp(address.clone()),
            Module::Device(device) => Lost::Device(device.pinned()),
        };
        lost.reviver(power.clone())
    }

    /// Whether the module is simulated: then nothing can cost, send or wipe.
    pub fn is_simulated(&self) -> bool {
        matches!(self.module, Module::Simulated(_))
    }

    /// What the bench offers by itself, by the names that transcripts need.
    pub fn offers(&self) -> Vec<String> {
        let simulated: &[&str] =
            &["sim-card", "attach", "pdp", "mmsc", "proxy", "factory-fresh", "three-contexts"];
        let capturing: &[&str] = &["mmsc", "mmsc-capture", "mmsc-script"];
        let mut offers: Vec<&str> = Vec::new();
        if self.is_simulated() {
            offers.extend(simulated);
        }
        if self.captures() {
            offers.extend(capturing);
        }
        offers.into_iter().map(str::to_owned).collect()
    }

    /// Whether a capture MMSC hands over what it captures.
    pub fn captures(&self) -> bool {
        self.capture.is_some()
    }

    /// The variables that tell a real module where the capture MMSC is, as message centre and as its proxy. A simulated one needs none:
    /// the manual's own addresses lead there.
    ///
    /// # Errors
    /// The capture MMSC listens everywhere, and no module can be told that.
    pub fn variables(&self) -> Result<Vec<(String, String)>, Impossible> {
        let address = self.capture.as_ref().and_then(|listener| listener.local_addr().ok());
        let Some(address) = address.filter(|_| !self.is_simulated()) else { return Ok(Vec::new()) };
        if address.ip().is_unspecified() {
            let problem = format!(
                "{address} is no address a module can be told: name one that it reaches, or set mmsc or proxy"
            );
            return Err(Impossible { option: "--capture", problem });
        }
        let set = [
            ("mmsc", format!("http://{address}")),
            ("proxy", address.ip().to_string()),
            ("port", address.port().to_string()),
        ];
        Ok(set.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Opens the port and starts what stands beside it; captured messages are kept in `folder`, as `redactor` lets them through.
    ///
    /// A simulated module reaches the capture MMSC under the hosts and ports of `doors`, as it is told them, and nobody else.
    ///
    /// A port that does not open is part of the run, not an error of the arguments.
    pub fn open(
        self,
        folder: &Path,
        redactor: Arc<Mutex<Redactor>>,
        doors: Vec<(String, u16)>,
    ) -> (Result<Box<dyn Port>, Trouble>, Box<dyn FarEnd>) {
        let far_end = self.capture.map(|listener| CaptureMmsc::start(listener, folder, redactor)).transpose();
        let far_end = match far_end {
            Ok(far_end) => far_end,
            Err(error) => {
                let trouble =
                    Trouble::Other { port: "the capture MMSC".to_owned(), detail: error.to_string() };
                return (Err(trouble), Box::new(NoFarEnd));
            }
        };
        let port: Result<Box<dyn Port>, Trouble> = match self.module {
            Module::Simulated(module) => {
                boxed(Simulated::start(*module, far_end.as_ref().map(CaptureMmsc::address), doors))
            }
            Module::Tcp(host_and_port) => boxed(Tcp::open(&host_and_port)),
            Module::Device(device) => boxed(device.open()),
        };
        (port, far_end.map_or_else(|| Box::new(NoFarEnd) as Box<dyn FarEnd>, |far_end| Box::new(far_end)))
    }
}

fn boxed<P: Port + 'static>(port: Result<P, Trouble>) -> Result<Box<dyn Port>, Trouble> {
    port.map(|port| Box::new(port) as Box<dyn Port>)
}

fn listen(address: SocketAddr) -> Result<TcpListener, Impossible> {
    TcpListener::bind(address).map_err(|error| Impossible {
        option: "--capture",
        problem: format!("cannot listen at {address}: {error}"),
    })
}

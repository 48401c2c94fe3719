//! The simulated module as a bench has it: on a pseudo-terminal, opened through the same code as hardware.

use std::net::SocketAddr;
use std::time::Duration;

use ec20_manual::profile::Profile;
use ec20_sim::leg::network::Network;
use ec20_sim::leg::station::{Running, Setup, spawn};

use crate::port::{Port, Serial, Trouble};

/// A simulated module before it runs: the firmware it plays.
pub(super) struct Module {
    profile: Profile,
    /// Bits per second at which its bytes move; as fast as they can when absent.
    pub(super) baud: Option<u32>,
}

impl Module {
    /// The module that plays the profile of this name, or the one in the file of this name; the manual's own without a name.
    ///
    /// # Errors
    /// Which profiles there are, or what is wrong with the file.
    pub(super) fn new(profile: Option<&str>) -> Result<Self, String> {
        let playing = |profile| Self { profile, baud: None };
        let Some(name) = profile else { return Ok(playing(Profile::manual().clone())) };
        if let Some(profile) = Profile::built_in(name) {
            return Ok(playing(profile));
        }
        let names = Profile::built_in_names().join(", ");
        let text = std::fs::read_to_string(name)
            .map_err(|error| format!("`{name}` is no built-in profile ({names}) and no file: {error}"))?;
        Profile::from_toml(&text).map(playing).map_err(|error| format!("{name}: {error}"))
    }
}

/// A simulated module and the port it is reached through. It stops when the port is closed.
pub(super) struct Simulated {
    // Closed before the module stops: the order of fields is the order of dropping.
    port: Serial,
    _module: Running,
}

impl Simulated {
    /// Starts the module and opens its port. Its connections to one of `doors` lead to `far_end`.
    ///
    /// # Errors
    /// No pseudo-terminal is to be had, or it does not open.
    pub(super) fn start(
        module: Module,
        far_end: Option<SocketAddr>,
        doors: Vec<(String, u16)>,
    ) -> Result<Self, Trouble> {
        let network = far_end.map_or(Network::Nowhere, |far_end| Network::Bench { far_end, doors });
        let setup = Setup { network, baud: module.baud, ..Setup::new(module.profile) };
        let running = spawn(&setup)
            .map_err(|error| Trouble::Other { port: "sim".to_owned(), detail: error.to_string() })?;
        let port = Serial::open(&running.path().display().to_string())?;
        Ok(Self { port, _module: running })
    }
}

impl Port for Simulated {
    fn read(&mut self, buffer: &mut [u8], within: Duration) -> Result<usize, Trouble> {
        self.port.read(buffer, within)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.port.write(bytes)
    }
}

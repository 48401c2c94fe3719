//! A serial device as a bench names it: by its path, or by its place on the USB, where its number may change.
//!
//! It knows how to find it again after it was gone. It knows nothing of what is said over it.

use std::time::{Duration, Instant};

use crate::doctor::Machine;
use crate::port::{Address, Serial, Trouble};

/// The usual rate, in bit/s.
const RATE: u32 = 115_200;

/// A device that may come and go.
#[derive(Debug, Clone)]
pub struct Device {
    name: Address,
    machine: Machine,
    /// Bits per second.
    pub rate: u32,
}

impl Device {
    /// The device at this path.
    pub fn at(path: &str) -> Self {
        Self { name: Address::Device(path.to_owned()), machine: Machine::this(), rate: RATE }
    }

    /// The device that is this interface of what is plugged in there.
    pub fn on_usb(place: &str, interface: u8) -> Self {
        Self {
            name: Address::Usb { place: place.to_owned(), interface },
            machine: Machine::this(),
            rate: RATE,
        }
    }

    /// The same on another machine.
    #[must_use]
    pub fn of(self, machine: Machine) -> Self {
        Self { machine, ..self }
    }

    /// Its path today.
    ///
    /// # Errors
    /// [`Trouble::Missing`]: nothing is plugged in there, or it has no such interface.
    pub fn path(&self) -> Result<String, Trouble> {
        let Address::Usb { place, interface } = &self.name else { return Ok(self.name.to_string()) };
        let found = self.machine.devices().into_iter().find(|device| {
            device.usb.as_ref().is_some_and(|usb| usb.place == *place && usb.interface == *interface)
        });
        found.map(|device| device.path).ok_or_else(|| Trouble::Missing { port: self.name.to_string() })
    }

    /// Opens it, as it is called today.
    ///
    /// # Errors
    /// [`Trouble`]: why not.
    pub fn open(&self) -> Result<Serial, Trouble> {
        Serial::open_at(&self.path()?, self.rate)
    }

    /// The same device by its place on the USB, if it has one: there it comes back, under whatever number.
    #[must_use]
    pub fn pinned(&self) -> Self {
        let usb = self.path().ok().and_then(|path| self.machine.device(&path)).and_then(|device| device.usb);
        let name = usb.map(|usb| Address::Usb { place: usb.place, interface: usb.interface });
        Self { name: name.unwrap_or_else(|| self.name.clone()), ..self.clone() }
    }

    /// Whether it is known by its place.
    pub fn is_pinned(&self) -> bool {
        matches!(self.name, Address::Usb { .. })
    }

    /// Opens it once it is there again, trying until `within` is over or `stop` says so.
    ///
    /// # Errors
    /// The last [`Trouble`]. What waiting does not mend is told at once.
    pub fn reopen(&self, within: Duration, stop: &dyn Fn() -> bool) -> Result<Serial, Trouble> {
        /// A module's functions appear one after the other, and udev sets their rights after that.
        const PAUSE: Duration = Duration::from_millis(250);
        let started = Instant::now();
        loop {
            match self.open() {
                Err(Trouble::NotATerminal { port, what }) => {
                    return Err(Trouble::NotATerminal { port, what });
                }
                Err(_) if started.elapsed() < within && !stop() => std::thread::sleep(PAUSE),
                outcome => return outcome,
            }
        }
    }
}

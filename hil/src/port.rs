//! The way to a module: bytes out, bytes in, and what is wrong when neither works.
//!
//! It knows how a port is named, opened, read and written, and it tells the ways in which a port can fail apart. It knows no AT, judges
//! no byte that passes (that is the gate's work), and reads no clock.

mod serial;
mod tcp;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

pub use serial::{Serial, there_is};
pub use tcp::Tcp;

/// A port that is open.
///
/// The bench holds exactly one of these, behind its gate; tests put memory behind it.
pub trait Port {
    /// Reads what has arrived into `buffer`, waiting at most `within` for the first byte; 0 when nothing came in that time.
    ///
    /// # Errors
    /// [`Trouble`] when the port has failed; it will not work again without being opened again.
    fn read(&mut self, buffer: &mut [u8], within: Duration) -> Result<usize, Trouble>;

    /// Writes all of `bytes`.
    ///
    /// # Errors
    /// [`Trouble`] when the port has failed or takes no more bytes.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble>;
}

impl<P: Port + ?Sized> Port for Box<P> {
    fn read(&mut self, buffer: &mut [u8], within: Duration) -> Result<usize, Trouble> {
        (**self).read(buffer, within)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        (**self).write(bytes)
    }
}

/// What is wrong with a port. Each of them is the bench's trouble and never the module's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Trouble {
    /// Nothing has that name.
    #[error("{port} does not exist")]
    Missing {
        /// The port as it was named.
        port: String,
    },
    /// Another program holds it.
    #[error("{port} is busy: {holder} holds it")]
    Busy {
        /// The port as it was named.
        port: String,
        /// Which program, as far as the system tells this user.
        holder: String,
    },
    /// The user may not open it.
    #[error("{port} may not be opened by this user")]
    NotPermitted {
        /// The port as it was named.
        port: String,
    },
    /// It is something, but nothing that talks.
    #[error("{port} is no terminal, but {what}")]
    NotATerminal {
        /// The port as it was named.
        port: String,
        /// What it is instead.
        what: &'static str,
    },
    /// It was open and has gone: unplugged, powered off, hung up.
    #[error("the port has closed: {detail}")]
    Closed {
        /// In the system's words.
        detail: String,
    },
    /// The terminal server is there and has no port behind it.
    #[error("the terminal server says: {detail}")]
    Server {
        /// In its words.
        detail: String,
    },
    /// The terminal server negotiates, so it eats and doubles bytes: what would come through is not what the module says.
    #[error("{port} speaks telnet (RFC 2217)")]
    Telnet {
        /// The port as it was named.
        port: String,
    },
    /// It is open and takes no bytes.
    #[error("the port took no byte for {} s", .after.as_secs())]
    Stuck {
        /// How long it was tried.
        after: Duration,
    },
    /// Anything else that kept it from opening.
    #[error("{port} cannot be opened: {detail}")]
    Other {
        /// The port as it was named.
        port: String,
        /// In the system's words.
        detail: String,
    },
}

impl Trouble {
    /// What the person at the bench can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "is the module powered and plugged in?",
            Self::Busy { .. } => {
                "ModemManager and terminal programs hold ports; stop them, or exempt the module from ModemManager"
            }
            Self::NotPermitted { .. } => {
                "add the user to the port's group (often `dialout`) and log in again"
            }
            Self::NotATerminal { .. } => "name the module's AT port, for example /dev/ttyUSB2",
            Self::Closed { .. } => {
                "a loose cable, a power dip, or a module that restarted: look at the kernel's log"
            }
            Self::Server { .. } => {
                "is the module plugged in there, does the server's configuration name its port, and does nobody else use it?"
            }
            Self::Telnet { .. } => {
                "use rfc2217:HOST:PORT, which this version does not have yet, or give the server a raw TCP port (ser2net: `tcp`, without `telnet`)"
            }
            Self::Stuck { .. } => "flow control holds the line, or the module's firmware has stopped reading",
            Self::Other { .. } => "see the system's words above",
        }
    }
}

/// A port's name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// `sim` or `sim:PROFILE`: the simulated module on a pseudo-terminal of its own.
    Simulated {
        /// The firmware it plays; nothing is the manual's own.
        profile: Option<String>,
    },
    /// `tcp:HOST:PORT`: raw bytes over TCP, as a terminal server exports a serial port.
    Tcp {
        /// `HOST:PORT`.
        host_and_port: String,
    },
    /// `usb:PLACE:INTERFACE`: a function of a USB device by where it is plugged in, whatever number its ttyUSB has today.
    Usb {
        /// Where it is plugged in, as the system names it: `1-1.4`.
        place: String,
        /// The number of the interface.
        interface: u8,
    },
    /// Anything else is a device of this system: `/dev/ttyUSB2`, or `COM7` (which nobody has tried yet).
    Device(String),
}

/// A name that can be no port.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected {expected}, found `{found}`")]
pub struct BadAddress {
    /// What a port looks like.
    pub expected: &'static str,
    /// What was given.
    pub found: String,
}

impl FromStr for Address {
    type Err = BadAddress;

    /// ```
    /// use ec20_hil::port::Address;
    /// assert_eq!("sim".parse(), Ok(Address::Simulated { profile: None }));
    /// assert_eq!("/dev/ttyUSB2".parse(), Ok(Address::Device("/dev/ttyUSB2".into())));
    /// assert!("tcp:bench".parse::<Address>().is_err());
    /// ```
    fn from_str(name: &str) -> Result<Self, BadAddress> {
        let bad = |expected: &'static str| Err(BadAddress { expected, found: name.to_owned() });
        if let Some(rest) = name.strip_prefix("tcp:") {
            let numbered = rest
                .rsplit_once(':')
                .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
            return if numbered {
                Ok(Self::Tcp { host_and_port: rest.to_owned() })
            } else {
                bad("tcp:HOST:PORT with a port number")
            };
        }
        if let Some(rest) = name.strip_prefix("usb:") {
            let parts = rest.rsplit_once(':').filter(|(place, _)| is_place(place));
            // `1.2` is configuration 1, interface 2, as the system's own paths have it.
            let number = |text: &str| text.rsplit('.').next().and_then(|number| number.parse().ok());
            return match parts.and_then(|(place, interface)| Some((place, number(interface)?))) {
                Some((place, interface)) => Ok(Self::Usb { place: place.to_owned(), interface }),
                None => bad("usb:PLACE:INTERFACE, for example usb:1-1.4:2 (`ec20 doctor` lists them)"),
            };
        }
        match name.split_once(':') {
            _ if name.is_empty() => {
                bad("a port: /dev/ttyUSB2, usb:1-1.4:2, COM7, sim, sim:PROFILE or tcp:HOST:PORT")
            }
            Some(("sim", "")) => bad("sim:PROFILE with the profile's name"),
            Some(("sim", profile)) => Ok(Self::Simulated { profile: Some(profile.to_owned()) }),
            _ if name == "sim" => Ok(Self::Simulated { profile: None }),
            _ => Ok(Self::Device(name.to_owned())),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Simulated { profile: None } => f.write_str("sim"),
            Self::Simulated { profile: Some(profile) } => write!(f, "sim:{profile}"),
            Self::Tcp { host_and_port } => write!(f, "tcp:{host_and_port}"),
            Self::Usb { place, interface } => write!(f, "usb:{place}:{interface}"),
            Self::Device(path) => f.write_str(path),
        }
    }
}

/// `1-1.4`: a bus, and the ports on the way.
fn is_place(text: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('-').is_some_and(|(bus, ports)| number(bus) && ports.split('.').all(number))
}

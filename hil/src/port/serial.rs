//! A serial device, or a pseudo-terminal that stands in for one: the same code opens both.
//!
//! It knows the `serialport` crate's traps: errors that all look alike for things that are no terminal, control lines that a
//! pseudo-terminal does not have, and large writes that ignore their time limit.

use std::io;
use std::time::{Duration, Instant};

use serialport::SerialPort;

use super::{Port, Trouble};

/// The module's USB ports ignore the rate; its UART starts at this one.
const BAUD: u32 = 115_200;

/// Larger writes block beyond their time limit, and modules of this family lose data at exact multiples of the USB packet size.
const PIECE: usize = 256;

/// How long a write may find no room before the port counts as stuck.
const PATIENCE: Duration = Duration::from_secs(5);

/// An open serial port, locked against other programs that lock.
pub struct Serial {
    port: Box<dyn SerialPort>,
}

impl Serial {
    /// Opens the device at `path` for this program alone.
    ///
    /// # Errors
    /// [`Trouble`]: whether it is missing, busy, not permitted, or no terminal at all.
    pub fn open(path: &str) -> Result<Self, Trouble> {
        Self::open_at(path, BAUD)
    }

    /// The same at another rate, in bit/s.
    ///
    /// # Errors
    /// As [`Serial::open`].
    pub fn open_at(path: &str, rate: u32) -> Result<Self, Trouble> {
        let port =
            serialport::new(path, rate).timeout(PATIENCE).open().map_err(|error| diagnosis(path, &error))?;
        Ok(Self { port })
    }
}

impl Port for Serial {
    fn read(&mut self, buffer: &mut [u8], within: Duration) -> Result<usize, Trouble> {
        self.port.set_timeout(within).map_err(|error| Trouble::Closed { detail: error.to_string() })?;
        match self.port.read(buffer) {
            // A terminal that reports end of file has hung up: while it is connected, no data is a timeout.
            Ok(0) => Err(Trouble::Closed { detail: "end of file".to_owned() }),
            Ok(count) => Ok(count),
            Err(error) if is_quiet(&error) => Ok(0),
            Err(error) => Err(Trouble::Closed { detail: error.to_string() }),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.port.set_timeout(PATIENCE).map_err(|error| Trouble::Closed { detail: error.to_string() })?;
        for piece in bytes.chunks(PIECE) {
            write_piece(&mut *self.port, piece)?;
        }
        Ok(())
    }
}

/// Writes one piece in as many bites as the port takes.
fn write_piece(port: &mut (impl io::Write + ?Sized), mut piece: &[u8]) -> Result<(), Trouble> {
    let started = Instant::now();
    while !piece.is_empty() {
        match port.write(piece) {
            Ok(taken) => piece = piece.get(taken..).unwrap_or_default(),
            // A signal came; the port has not been given its time yet.
            Err(error) if error.kind() == io::ErrorKind::Interrupted && started.elapsed() < PATIENCE => {}
            Err(error) if is_quiet(&error) => return Err(Trouble::Stuck { after: PATIENCE }),
            Err(error) => return Err(Trouble::Closed { detail: error.to_string() }),
        }
    }
    Ok(())
}

/// Whether an error only says that nothing happened: time passed, or a signal came.
pub(super) fn is_quiet(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// Why `path` did not open, in the words of [`Trouble`].
fn diagnosis(path: &str, error: &serialport::Error) -> Trouble {
    use serialport::ErrorKind;
    let port = path.to_owned();
    match error.kind() {
        ErrorKind::Io(io::ErrorKind::NotFound) => Trouble::Missing { port },
        ErrorKind::Io(io::ErrorKind::PermissionDenied) => Trouble::NotPermitted { port },
        // The crate reports a lock that another program holds as a device that is not there.
        ErrorKind::NoDevice if std::path::Path::new(path).exists() => {
            Trouble::Busy { holder: holder(path), port }
        }
        _ => match what_else(path) {
            Some(what) => Trouble::NotATerminal { port, what },
            None if !std::path::Path::new(path).exists() => Trouble::Missing { port },
            None => Trouble::Other { port, detail: error.to_string() },
        },
    }
}

/// Who holds the port, in words.
fn holder(path: &str) -> String {
    let holders = crate::doctor::Machine::this().holders(path);
    let named: Vec<String> =
        holders.iter().map(|holder| format!("{} (process {})", holder.name, holder.pid)).collect();
    if named.is_empty() { "another program".to_owned() } else { named.join(" and ") }
}

/// What stands at `path` if it is not a terminal.
#[cfg(unix)]
fn what_else(path: &str) -> Option<&'static str> {
    use rustix::fs::{Mode, OFlags};
    use std::os::unix::fs::FileTypeExt as _;

    let kind = std::fs::metadata(path).ok()?.file_type();
    if kind.is_dir() {
        return Some("a directory");
    }
    if kind.is_file() {
        return Some("a plain file");
    }
    if !kind.is_char_device() {
        return Some("no character device either");
    }
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let device = rustix::fs::open(path, flags, Mode::empty()).ok()?;
    (!rustix::termios::isatty(&device)).then_some("a device without a line discipline")
}

/// Elsewhere the system's own words have to do.
#[cfg(not(unix))]
fn what_else(_path: &str) -> Option<&'static str> {
    None
}

/// What serial ports this system has, for a user who named one that it has not: `did you mean /dev/ttyUSB2?`, or all of them.
pub fn there_is(named: &str) -> String {
    let entries = std::fs::read_dir("/dev").into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut ports: Vec<String> = names
        .filter(|name| ["ttyUSB", "ttyACM", "ttyS", "ttyAMA"].iter().any(|start| name.starts_with(start)))
        .map(|name| format!("/dev/{name}"))
        .collect();
    ports.sort();
    let bare = format!("/dev/{}", named.trim_start_matches("/dev/"));
    if named != bare && ports.contains(&bare) {
        return format!("did you mean {bare}?");
    }
    // The usual ports of a board are there whether anything is plugged in or not.
    ports.retain(|port| !port.starts_with("/dev/ttyS"));
    if ports.is_empty() {
        return "no USB serial port is there".to_owned();
    }
    format!("there are {}", ports.join(", "))
}

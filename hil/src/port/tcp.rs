//! Raw bytes over TCP, as terminal servers export serial ports (`tcp:HOST:PORT`). It knows nothing of RFC 2217's telnet negotiation: a
//! server that offers it must be asked for its raw port.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use super::serial::is_quiet;
use super::{Port, Trouble};

/// How long a server may take to accept, and a write to find room.
const PATIENCE: Duration = Duration::from_secs(5);

/// The shortest time a socket can be told to wait: zero would mean for ever.
const SHORTEST: Duration = Duration::from_millis(1);

/// An open connection to a terminal server.
pub struct Tcp {
    stream: TcpStream,
    /// Whether anything but the server's own words has come.
    talks: bool,
}

impl Tcp {
    /// Connects to `host_and_port` (`bench-3:4001`).
    ///
    /// # Errors
    /// [`Trouble`]: whether nobody listens there, or the system has another reason.
    pub fn open(host_and_port: &str) -> Result<Self, Trouble> {
        let port = format!("tcp:{host_and_port}");
        let other = |detail: String| Trouble::Other { port: port.clone(), detail };
        let addresses = host_and_port.to_socket_addrs().map_err(|error| other(error.to_string()))?;
        let mut refusal = None;
        for address in addresses {
            match TcpStream::connect_timeout(&address, PATIENCE) {
                Ok(stream) => {
                    // One command is one segment; waiting for more would only add to every answer's time.
                    let ready =
                        stream.set_nodelay(true).and_then(|()| stream.set_write_timeout(Some(PATIENCE)));
                    ready.map_err(|error| other(error.to_string()))?;
                    return Ok(Self { stream, talks: false });
                }
                Err(error) => refusal = Some(error.to_string()),
            }
        }
        Err(other(refusal.unwrap_or_else(|| "the name has no address".to_owned())))
    }
}

impl Port for Tcp {
    fn read(&mut self, buffer: &mut [u8], within: Duration) -> Result<usize, Trouble> {
        let closed = |detail: String| Trouble::Closed { detail };
        self.stream
            .set_read_timeout(Some(within.max(SHORTEST)))
            .map_err(|error| closed(error.to_string()))?;
        match self.stream.read(buffer) {
            Ok(0) => Err(closed("the server ended the connection".to_owned())),
            Ok(count) => match own_words(buffer.get(..count).unwrap_or_default()) {
                Some(detail) if !self.talks => Err(Trouble::Server { detail }),
                _ => {
                    self.talks = true;
                    Ok(count)
                }
            },
            Err(error) if is_quiet(&error) => Ok(0),
            Err(error) => Err(closed(error.to_string())),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        match self.stream.write_all(bytes) {
            Ok(()) => Ok(()),
            Err(error) if is_quiet(&error) => Err(Trouble::Stuck { after: PATIENCE }),
            Err(error) => Err(Trouble::Closed { detail: error.to_string() }),
        }
    }
}

/// What a terminal server says into the stream, before anything of a module, when it cannot open its port (ser2net's words).
fn own_words(bytes: &[u8]) -> Option<String> {
    const WORDS: [&str; 4] =
        ["Device open failure", "Port already in use", "Too many connections", "Unable to open"];
    let text = String::from_utf8_lossy(bytes);
    WORDS.iter().any(|words| text.trim_start().starts_with(words)).then(|| text.trim().to_owned())
}

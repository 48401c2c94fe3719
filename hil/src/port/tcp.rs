//! Raw bytes over TCP, as terminal servers export serial ports (`tcp:HOST:PORT`).
//!
//! It recognises RFC 2217's telnet negotiation, and refuses it: a server that negotiates eats and doubles bytes, so a healthy module
//! behind it would be blamed. Such a server must be asked for its raw port.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use super::serial::is_quiet;
use super::{Port, Trouble};

/// How long a server may take to accept, and a write to find room.
const PATIENCE: Duration = Duration::from_secs(5);

/// The shortest time a socket can be told to wait: zero would mean for ever.
const SHORTEST: Duration = Duration::from_millis(1);

/// How long a server that greets has time to do so, before the first byte is sent to the module.
const GREETING: Duration = Duration::from_millis(150);

/// An open connection to a terminal server.
#[derive(Debug)]
pub struct Tcp {
    port: String,
    stream: TcpStream,
    opening: Opening,
}

/// What has come from a server before it is known to be a raw port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// Nothing yet.
    Silent,
    /// One byte, which begins a telnet command or is the module's.
    HoldsBack,
    /// A module, or whatever stands behind the server, has spoken.
    Over,
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
                    let mut open = Self { port, stream, opening: Opening::Silent };
                    open.hear_greeting()?;
                    return Ok(open);
                }
                Err(error) => refusal = Some(error.to_string()),
            }
        }
        Err(other(refusal.unwrap_or_else(|| "the name has no address".to_owned())))
    }
}

impl Tcp {
    /// Looks at what a server says by itself. A module that speaks first is heard afterwards.
    fn hear_greeting(&mut self) -> Result<(), Trouble> {
        let mut first = [0; 64];
        self.stream
            .set_read_timeout(Some(GREETING))
            .map_err(|error| Trouble::Closed { detail: error.to_string() })?;
        match self.stream.peek(&mut first) {
            // What else a server says is heard when it is read.
            Ok(count) if negotiates(first.get(..count).unwrap_or_default()) => {
                Err(Trouble::Telnet { port: self.port.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Refuses a greeting that is the server's own: telnet commands, or that it has no port.
    fn judge(&self, greeting: &[u8]) -> Result<(), Trouble> {
        if negotiates(greeting) {
            return Err(Trouble::Telnet { port: self.port.clone() });
        }
        own_words(greeting).map_or(Ok(()), |detail| Err(Trouble::Server { detail }))
    }
}

impl Port for Tcp {
    fn read(&mut self, buffer: &mut [u8], within: Duration) -> Result<usize, Trouble> {
        let closed = |detail: String| Trouble::Closed { detail };
        self.stream
            .set_read_timeout(Some(within.max(SHORTEST)))
            .map_err(|error| closed(error.to_string()))?;
        // A byte that may begin a telnet command is held back until the next one shows what it is.
        let held = usize::from(self.opening == Opening::HoldsBack && buffer.len() > 1);
        match self.stream.read(buffer.get_mut(held..).unwrap_or_default()) {
            Ok(0) => Err(closed("the server ended the connection".to_owned())),
            Ok(count) => {
                if let Some(first) = buffer.first_mut().filter(|_| held == 1) {
                    *first = IAC;
                }
                let count = count.saturating_add(held);
                if self.opening != Opening::Over {
                    let greeting = buffer.get(..count).unwrap_or_default();
                    self.judge(greeting)?;
                    if greeting == [IAC] {
                        self.opening = Opening::HoldsBack;
                        return Ok(0);
                    }
                    self.opening = Opening::Over;
                }
                Ok(count)
            }
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

/// Telnet's "interpret as command" (RFC 854).
const IAC: u8 = 0xFF;

/// Whether bytes begin with a telnet command that negotiates: WILL, WONT, DO, DONT, or a subnegotiation.
fn negotiates(bytes: &[u8]) -> bool {
    matches!(bytes, [IAC, 0xFA..=0xFE, ..])
}

/// What a terminal server says into the stream, before anything of a module, when it cannot open its port (ser2net's words).
fn own_words(bytes: &[u8]) -> Option<String> {
    const WORDS: [&str; 4] =
        ["Device open failure", "Port already in use", "Too many connections", "Unable to open"];
    let text = String::from_utf8_lossy(bytes);
    WORDS.iter().any(|words| text.trim_start().starts_with(words)).then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::TcpListener;
    use std::time::Duration;

    use super::{Tcp, Trouble};
    use crate::port::Port as _;

    /// A server that says these pieces, with a pause before each; the trouble a client has with it, or what it reads.
    fn heard(pieces: &'static [&'static [u8]], pause_ms: u64) -> Result<Vec<u8>, Trouble> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            for piece in pieces {
                std::thread::sleep(Duration::from_millis(pause_ms));
                let _ = stream.write_all(piece);
            }
            std::thread::sleep(Duration::from_millis(300));
        });
        let outcome = Tcp::open(&address).and_then(|mut port| {
            let mut seen = Vec::new();
            let wanted: usize = pieces.iter().map(|piece| piece.len()).sum();
            while seen.len() < wanted {
                let mut buffer = [0; 256];
                let count = port.read(&mut buffer, Duration::from_secs(1))?;
                seen.extend_from_slice(&buffer[..count]);
            }
            Ok(seen)
        });
        server.join().expect("the server ends");
        outcome
    }

    #[test]
    fn a_server_that_negotiates_is_refused() {
        let telnet = |pieces, pause_ms| {
            let outcome = heard(pieces, pause_ms);
            assert!(matches!(outcome, Err(Trouble::Telnet { .. })), "{outcome:?}");
        };
        telnet(&[b"\xFF\xFD\x2C\xFF\xFB\x2C"], 0);
        telnet(&[b"\xFF\xFA\x2C\x6B\xFF\xF0"], 0);
        // Later than a greeting is waited for, and cut behind its first byte.
        telnet(&[b"\xFF\xFB\x00"], 250);
        telnet(&[b"\xFF", b"\xFB\x00"], 250);
        telnet(&[b"\xFF\xFB\x03\xFF\xFB\x00Port already in use\r\n"], 0);
    }

    #[test]
    fn a_module_is_heard_as_it_speaks() {
        for pieces in [&[&b"\r\nRDY\r\n"[..]][..], &[b"\r\nOK\r\n", b"\xFF\xFB\x00"], &[b"\xFFA\xFF"]] {
            let pieces: &'static [&'static [u8]] = Box::leak(pieces.to_vec().into_boxed_slice());
            assert_eq!(heard(pieces, 0).expect("a raw port"), pieces.concat());
        }
    }
}

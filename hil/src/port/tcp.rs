//! Raw bytes over TCP, as terminal servers export serial ports (`tcp:HOST:PORT`). It does not speak RFC 2217's telnet: it
//! refuses a server whose first bytes are a telnet command.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use super::serial::is_quiet;
use super::{Port, Trouble};

/// How long a server may take to accept, and a write to find room.
const PATIENCE: Duration = Duration::from_secs(5);

/// The shortest time a socket can be told to wait: zero would mean for ever.
const SHORTEST: Duration = Duration::from_millis(1);

/// Telnet's "interpret as command" (RFC 854).
const IAC: u8 = 0xFF;

/// How long the byte behind a first IAC may take.
const SECOND_BYTE: Duration = Duration::from_millis(500);

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

impl Tcp {
    /// Reads on where the first byte may begin a telnet command, and refuses what a server says instead of a module.
    fn first(&mut self, buffer: &mut [u8], mut count: usize) -> Result<usize, Trouble> {
        if count == 1 && buffer.first() == Some(&IAC) && buffer.len() > 1 {
            // The second byte decides. Nothing more within the time: the byte is handed on as it is.
            let rest = buffer.get_mut(1..).unwrap_or_default();
            let wait = self.stream.set_read_timeout(Some(SECOND_BYTE));
            wait.map_err(|error| Trouble::Closed { detail: error.to_string() })?;
            count += self.stream.read(rest).unwrap_or(0);
        }
        let bytes = buffer.get(..count).unwrap_or_default();
        if is_negotiation(bytes) {
            return Err(Trouble::Telnet);
        }
        if let Some(detail) = own_words(bytes) {
            return Err(Trouble::Server { detail });
        }
        self.talks = true;
        Ok(count)
    }
}

/// WILL, WONT, DO, DONT or SB behind IAC (RFC 854): how a telnet server begins.
fn is_negotiation(bytes: &[u8]) -> bool {
    matches!(bytes, [IAC, 0xFA..=0xFE, ..])
}

impl Port for Tcp {
    fn read(&mut self, buffer: &mut [u8], within: Duration) -> Result<usize, Trouble> {
        let closed = |detail: String| Trouble::Closed { detail };
        self.stream
            .set_read_timeout(Some(within.max(SHORTEST)))
            .map_err(|error| closed(error.to_string()))?;
        match self.stream.read(buffer) {
            Ok(0) => Err(closed("the server ended the connection".to_owned())),
            Ok(count) if self.talks => Ok(count),
            Ok(count) => self.first(buffer, count),
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

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use rstest::rstest;

    use super::*;

    /// What the first read gives when the server sends these pieces, 50 ms apart.
    fn first_read(pieces: Vec<&'static [u8]>) -> Result<Vec<u8>, Trouble> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            for piece in pieces {
                stream.write_all(piece).expect("room");
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let mut port = Tcp::open(&address)?;
        port.stream.set_nodelay(true).expect("an open socket");
        let mut buffer = [0; 64];
        let came = port.read(&mut buffer, Duration::from_secs(5));
        server.join().expect("a server that ends");
        came.map(|count| buffer[..count].to_vec())
    }

    #[rstest]
    #[case::whole(vec![b"\xff\xfb\x03\xff\xfd\x2c".as_slice()])]
    #[case::split(vec![b"\xff".as_slice(), b"\xfb\x03".as_slice()])]
    #[case::before_the_servers_words(vec![b"\xff\xfb\x03Port already in use\r\n".as_slice()])]
    fn a_telnet_greeting_is_refused(#[case] pieces: Vec<&'static [u8]>) {
        assert_eq!(first_read(pieces), Err(Trouble::Telnet));
    }

    #[rstest]
    #[case::doubled(vec![b"\xff\xff".as_slice()])]
    #[case::within(vec![b"a\xff\xfb\x03".as_slice()])]
    fn ff_in_data_is_no_telnet(#[case] pieces: Vec<&'static [u8]>) {
        let sent = pieces.concat();
        assert_eq!(first_read(pieces), Ok(sent));
    }
}

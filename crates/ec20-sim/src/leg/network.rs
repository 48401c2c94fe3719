//! The module's way out: TCP connections that it asked for, on this machine's network.
//!
//! Knows how to resolve, connect, send and receive without holding the station up, and which failure is which. Refuses
//! to know HTTP.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use crate::event::{ConnectionId, NetworkFailure};

/// Where a module's connections lead.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Network {
    /// Where they say, on this machine's network.
    #[default]
    Real,
    /// All to this address, whatever they say: the manual's own addresses then reach a message centre on the bench. Only
    /// what can be nowhere is nowhere here, too: a name under `.invalid` has no address, and port 1 takes no connection.
    Everything(SocketAddr),
    /// Connections to one of these hosts and ports lead to the far end, under whatever name the manual has for it. No other name has an
    /// address, and every other address refuses.
    Bench {
        /// Where the message centre of the bench listens.
        far_end: SocketAddr,
        /// Host and port of the message centre and of its proxy, as the module is told them.
        doors: Vec<(String, u16)>,
    },
    /// Nowhere: no name has an address.
    Nowhere,
}

/// How long a connection may take to come about; the module's own limits are usually shorter.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(75);

/// A port that nobody listens on.
const CLOSED_PORT: u16 = 1;

/// Connects, and takes as long as that takes. For a thread of its own.
pub(super) fn connect(network: &Network, host: &str, port: u16) -> Result<TcpStream, NetworkFailure> {
    let addresses: Vec<SocketAddr> = match network {
        Network::Nowhere => Vec::new(),
        Network::Everything(_) if host.ends_with(".invalid") => Vec::new(),
        Network::Everything(_) if port == CLOSED_PORT => return Err(NetworkFailure::Refused),
        Network::Everything(address) => vec![*address],
        Network::Bench { far_end, doors } if doors.iter().any(|(door, at)| door == host && *at == port) => {
            vec![*far_end]
        }
        Network::Bench { .. } if host.parse::<std::net::IpAddr>().is_ok() => {
            return Err(NetworkFailure::Refused);
        }
        Network::Bench { .. } => return Err(NetworkFailure::NameUnresolved),
        Network::Real => {
            (host, port).to_socket_addrs().map_err(|_| NetworkFailure::NameUnresolved)?.collect()
        }
    };
    let mut failure = NetworkFailure::NameUnresolved;
    for address in addresses {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(stream) => {
                stream.set_nonblocking(true).map_err(|_| NetworkFailure::NoSocket)?;
                return Ok(stream);
            }
            Err(error) => failure = failure_of(&error),
        }
    }
    Err(failure)
}

fn failure_of(error: &io::Error) -> NetworkFailure {
    const EMFILE: i32 = 24;
    match error.kind() {
        ErrorKind::ConnectionRefused
        | ErrorKind::TimedOut
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable => NetworkFailure::Refused,
        _ if error.raw_os_error() == Some(EMFILE) => NetworkFailure::NoSocket,
        _ => NetworkFailure::Other,
    }
}

/// A connection that stands.
#[derive(Debug)]
pub(super) struct Socket {
    pub(super) id: ConnectionId,
    pub(super) stream: TcpStream,
    waiting: Vec<u8>,
}

/// What came of looking at a connection.
pub(super) enum Came {
    Nothing,
    Bytes(Vec<u8>),
    End,
    Failure(NetworkFailure),
}

impl Socket {
    pub(super) fn new(id: ConnectionId, stream: TcpStream) -> Self {
        Self { id, stream, waiting: Vec::new() }
    }

    /// Whether bytes wait to be written.
    pub(super) fn is_writing(&self) -> bool {
        !self.waiting.is_empty()
    }

    pub(super) fn queue(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// Writes what can be written now.
    pub(super) fn write(&mut self) -> Came {
        while !self.waiting.is_empty() {
            match self.stream.write(&self.waiting) {
                Ok(0) => return Came::Failure(NetworkFailure::WriteFailed),
                Ok(count) => drop(self.waiting.drain(..count)),
                Err(error) if is_later(&error) => return Came::Nothing,
                Err(_) => return Came::Failure(NetworkFailure::WriteFailed),
            }
        }
        Came::Nothing
    }

    /// Reads what is there now.
    pub(super) fn read(&mut self) -> Came {
        let mut buffer = [0; 8192];
        match self.stream.read(&mut buffer) {
            Ok(0) => Came::End,
            Ok(count) => Came::Bytes(buffer.get(..count).unwrap_or_default().to_vec()),
            Err(error) if is_later(&error) => Came::Nothing,
            Err(_) => Came::Failure(NetworkFailure::ReadFailed),
        }
    }
}

pub(super) fn is_later(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

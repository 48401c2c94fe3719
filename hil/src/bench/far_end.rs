//! The capture MMSC of a bench: keeps every message in the run's folder and hands it to the run.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};

use ec20_suite::executor::Captured;
use mmsc::{Answer, Event, Options, Server, Store};

use crate::run::FarEnd;

/// A capture MMSC at work.
pub(super) struct CaptureMmsc {
    server: Server,
    captured: Receiver<Captured>,
}

/// Any free port that only this machine reaches.
pub(super) fn loopback() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

impl CaptureMmsc {
    /// Starts it; messages are kept in `folder/messages`.
    ///
    /// # Errors
    /// The folder cannot be written, or the listener has no address.
    pub(super) fn start(listener: TcpListener, folder: &Path) -> io::Result<Self> {
        let store = Store::open(folder.join("messages"))?;
        let (sender, captured) = channel();
        let tell = move |event| {
            if let Event::Captured(message) = event {
                let (target, host) = (message.target().to_owned(), message.host().to_owned());
                let media = Some(message.media().to_owned());
                // A run that is over listens no more.
                let _ = sender.send(Captured { pdu: message.body.clone(), target, host, media });
            }
        };
        let server = Server::start(
            listener,
            Options { store: Some(store), tell: Box::new(tell), ..Options::default() },
        )?;
        Ok(Self { server, captured })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.server.address()
    }
}

impl FarEnd for CaptureMmsc {
    fn order(&mut self, words: &str) -> Result<(), String> {
        let answer = Answer::parse(words).map_err(|error| format!("`mmsc {words}`: {error}"))?;
        self.server.order(answer);
        Ok(())
    }

    fn captured(&mut self) -> Option<Captured> {
        self.captured.try_recv().ok()
    }
}

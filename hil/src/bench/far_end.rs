//! The capture MMSC of a bench: keeps every message in the run's folder and hands it to the run.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};

use ec20_suite::executor::{Captured, FORGET};
use ec20_suite::redact::Redactor;
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
    /// Starts it; messages are kept in `folder/messages`, as `redactor` lets them through.
    ///
    /// # Errors
    /// The folder cannot be written, or the listener has no address.
    pub(super) fn start(
        listener: TcpListener,
        folder: &Path,
        redactor: Arc<Mutex<Redactor>>,
    ) -> io::Result<Self> {
        let store = Store::open(folder.join("messages"))?;
        let (sender, captured) = channel();
        let tell = move |event| {
            if let Event::Captured(message) = event {
                if let Err(error) = store.keep(&hidden(&message, &redactor)) {
                    let _ = writeln!(io::stderr().lock(), "a captured message is not kept: {error}");
                }
                let (target, host) = (message.target().to_owned(), message.host().to_owned());
                let media = Some(message.media().to_owned());
                // A run that is over listens no more.
                let _ = sender.send(Captured { pdu: message.body.clone(), target, host, media });
            }
        };
        let options = Options { tell: Box::new(tell), ..Options::default() };
        let server = Server::start(listener, options)?;
        Ok(Self { server, captured })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.server.address()
    }
}

/// A message as it may be kept.
fn hidden(message: &mmsc::Captured, redactor: &Mutex<Redactor>) -> mmsc::Captured {
    let redactor = redactor.lock().unwrap_or_else(PoisonError::into_inner);
    let mut kept = message.clone();
    kept.body = redactor.bytes(&message.body);
    kept.raw_head = redactor.bytes(&message.raw_head);
    kept.head.target = redactor.words(&message.head.target);
    for (_, value) in &mut kept.head.fields {
        *value = redactor.words(value);
    }
    kept
}

impl FarEnd for CaptureMmsc {
    fn order(&mut self, words: &str) -> Result<(), String> {
        if words == FORGET {
            self.server.forget_orders();
            return Ok(());
        }
        let answer = Answer::parse(words).map_err(|error| format!("`mmsc {words}`: {error}"))?;
        self.server.order(answer);
        Ok(())
    }

    fn captured(&mut self) -> Option<Captured> {
        self.captured.try_recv().ok()
    }
}

//! One client of the TCP leg: its octets and its time to the core, the core's wishes to its socket.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use super::{Event, Shared};
use crate::core::{ConnectionId, Input, Output};

/// How long a client may take to read an answer.
const WRITE_TIME: Duration = Duration::from_secs(10);
/// How long, and for how many octets, a client is heard after the end was sent, so that it can read the answer.
const LINGER_TIME: Duration = Duration::from_secs(1);
const LINGER_OCTETS: usize = 1024 * 1024;
/// How many clients get that time at once; each holds a thread.
const LINGERING_MAX: usize = 32;
/// How long a thread waits at most before it looks whether it shall stop.
const NAP: Duration = Duration::from_millis(50);

/// Serves a connection to its end, beginning with what the core wanted when it was opened.
pub(super) fn attend(shared: &Shared, id: ConnectionId, stream: &TcpStream, first: Vec<Output>) {
    let _ = stream.set_nodelay(true);
    let _ = stream.set_write_timeout(Some(WRITE_TIME));
    let client = Client { shared, id, stream };
    if client.carry_out(first) == Going::On {
        client.serve();
    }
    shared.core().step(shared.now_ms(), Input::Lost(id));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Going {
    On,
    Over,
}

struct Client<'a> {
    shared: &'a Shared,
    id: ConnectionId,
    stream: &'a TcpStream,
}

impl Client<'_> {
    fn serve(&self) {
        let mut octets = vec![0; 64 * 1024];
        let mut patience = Duration::ZERO;
        let mut finished = false;
        loop {
            let left = self.until_wake();
            if finished {
                // Nothing more can be read; only an answer that waits for its time is left.
                thread::sleep(left.min(NAP));
            } else if left.abs_diff(patience) > NAP.min(left / 8) {
                patience = left;
                let _ = self.stream.set_read_timeout(Some(patience));
            }
            // The listener has shut the socket of a connection that made room for another.
            if self.shared.is_stopping() || !self.shared.core().holds(self.id) {
                return;
            }
            let going = match if finished { Err(ErrorKind::TimedOut.into()) } else { self.read(&mut octets) }
            {
                Ok(0) => {
                    finished = true;
                    self.step(Input::Finished(self.id))
                }
                Ok(count) => self.step(Input::Received(self.id, &octets[..count])),
                Err(error) => match error.kind() {
                    ErrorKind::WouldBlock | ErrorKind::TimedOut => self.step(Input::Wake(self.id)),
                    ErrorKind::Interrupted => Going::On,
                    _ => Going::Over,
                },
            };
            if going == Going::Over {
                return;
            }
        }
    }

    fn read(&self, octets: &mut [u8]) -> std::io::Result<usize> {
        let mut stream = self.stream;
        stream.read(octets)
    }

    /// How long nothing can happen but octets; at least a millisecond, for a socket cannot wait less.
    fn until_wake(&self) -> Duration {
        let wake = self.shared.core().wake_of_ms(self.id);
        let left = wake.map_or(60_000, |wake| wake.saturating_sub(self.shared.now_ms()));
        Duration::from_millis(left.clamp(1, 60_000))
    }

    /// One step of the core, and everything it wishes.
    fn step(&self, input: Input<'_>) -> Going {
        let outputs = self.shared.core().step(self.shared.now_ms(), input);
        self.carry_out(outputs)
    }

    fn carry_out(&self, mut outputs: Vec<Output>) -> Going {
        loop {
            let mut kept = None;
            for output in outputs {
                match output {
                    Output::Log(line) => self.shared.log(line),
                    Output::Send(_, octets) => {
                        let mut stream = self.stream;
                        if let Err(error) = stream.write_all(&octets) {
                            self.shared.log(format!("cannot answer: {error}"));
                            return Going::Over;
                        }
                    }
                    Output::Close(_) => {
                        if self.shared.lingering.fetch_add(1, Ordering::SeqCst) < LINGERING_MAX {
                            self.linger();
                        }
                        self.shared.lingering.fetch_sub(1, Ordering::SeqCst);
                        return Going::Over;
                    }
                    Output::Reset(_) => {
                        // A linger time of zero makes the close a reset.
                        let _ = socket2::SockRef::from(self.stream).set_linger(Some(Duration::ZERO));
                        self.shared.streams().remove(&self.id);
                        return Going::Over;
                    }
                    Output::Keep(_, message) => {
                        let result = self.shared.store.as_ref().map_or(Ok(()), |store| store.keep(&message));
                        if result.is_ok() {
                            (self.shared.tell)(Event::Captured(Arc::clone(&message)));
                        }
                        kept = Some(result.map_err(|error| error.to_string()));
                    }
                }
            }
            let Some(kept) = kept else { return Going::On };
            outputs = self.shared.core().step(self.shared.now_ms(), Input::Kept(self.id, kept));
        }
    }

    /// Ends the connection so that the answer arrives: octets that nobody has read would turn the end into a reset.
    fn linger(&self) {
        let _ = self.stream.shutdown(Shutdown::Write);
        let _ = self.stream.set_read_timeout(Some(LINGER_TIME));
        let started = Instant::now();
        let mut octets = vec![0; 16 * 1024];
        let mut heard = 0;
        while heard < LINGER_OCTETS && started.elapsed() < LINGER_TIME {
            match self.read(&mut octets) {
                Ok(1..) if self.shared.is_stopping() => return,
                Ok(0) | Err(_) => return,
                Ok(count) => heard += count,
            }
        }
    }
}

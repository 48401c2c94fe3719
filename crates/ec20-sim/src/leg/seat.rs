//! One module at a station: its port, its pace, its connections.
//!
//! Knows how a module's outputs become writes and its inputs come from reads, at the speed of the line. Refuses to know
//! other seats and when it is looked at.

use std::collections::VecDeque;
use std::net::TcpStream;

use rustix::event::PollFlags;

use crate::event::{ConnectionId, Input, Machine, NetworkEvent, NetworkFailure, Output};
use crate::pace::Pace;

use super::network::{Came, Socket};
use super::port::{Port, PortRead};

/// A connection that a module wants; the station has it made.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) connection: ConnectionId,
    pub(super) host: String,
    pub(super) port: u16,
}

/// One direction of the line: bytes put on it, and those of them that have arrived.
#[derive(Debug)]
struct Lane {
    bytes: VecDeque<u8>,
    pace: Option<Pace>,
    arrived: usize,
}

impl Lane {
    fn new(baud: Option<u32>) -> Self {
        Self { bytes: VecDeque::new(), pace: baud.map(Pace::new), arrived: 0 }
    }

    fn offer(&mut self, now_us: u64, bytes: &[u8]) {
        self.bytes.extend(bytes);
        match &mut self.pace {
            Some(pace) => pace.offer(now_us, bytes.len()),
            None => self.arrived += bytes.len(),
        }
    }

    fn pass_time(&mut self, now_us: u64) {
        if let Some(pace) = &mut self.pace {
            self.arrived += pace.take(now_us);
        }
    }

    fn ready_at(&self) -> Option<u64> {
        self.pace.as_ref().and_then(Pace::ready_at)
    }

    fn take(&mut self, most: usize) -> Vec<u8> {
        let count = self.arrived.min(most).min(self.bytes.len());
        self.arrived -= count;
        self.bytes.drain(..count).collect()
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.arrived = 0;
        if let Some(pace) = &mut self.pace {
            pace.take(u64::MAX / 1_000_000);
        }
    }
}

pub(super) struct Seat {
    pub(super) port: Port,
    machine: Box<dyn Machine + Send>,
    wakes_ms: Option<u64>,
    to_host: Lane,
    to_module: Lane,
    pub(super) sockets: Vec<Socket>,
    /// Connections the module has given up before they stood.
    unwanted: Vec<ConnectionId>,
    pub(super) wanted: Vec<Wanted>,
}

/// Bytes kept for a client that does not read; beyond them the oldest habit of serial lines applies: they are lost.
const UNREAD_MAX: usize = 1 << 20;
const PIECE: usize = 4096;
const US_PER_MS: u64 = 1000;

impl Seat {
    pub(super) fn new(port: Port, machine: Box<dyn Machine + Send>, baud: Option<u32>) -> Self {
        Self {
            port,
            machine,
            wakes_ms: None,
            to_host: Lane::new(baud),
            to_module: Lane::new(baud),
            sockets: Vec::new(),
            unwanted: Vec::new(),
            wanted: Vec::new(),
        }
    }

    /// When the seat next wants to be looked at, in microseconds.
    pub(super) fn wakes_us(&self) -> Option<u64> {
        let machine = self.wakes_ms.map(|ms| ms * US_PER_MS);
        [machine, self.to_host.ready_at(), self.to_module.ready_at()].into_iter().flatten().min()
    }

    /// Whether bytes wait to be written to the port.
    pub(super) fn is_writing(&self) -> bool {
        self.to_host.arrived > 0 && self.port.has_client()
    }

    pub(super) fn step(&mut self, now_us: u64, input: Input<'_>) {
        self.wakes_ms = None;
        for output in self.machine.step(now_us / US_PER_MS, input) {
            match output {
                Output::WakeAt(at) => self.wakes_ms = Some(at),
                Output::Bytes(bytes) => {
                    if self.port.has_client() && self.to_host.bytes.len() + bytes.len() <= UNREAD_MAX {
                        self.to_host.offer(now_us, &bytes);
                    }
                }
                Output::Connect { connection, host, port, .. } => {
                    self.wanted.push(Wanted { connection, host, port });
                }
                Output::Transmit { connection, bytes } => {
                    if let Some(socket) = self.sockets.iter_mut().find(|s| s.id == connection) {
                        socket.queue(&bytes);
                    }
                }
                Output::Close { connection } => {
                    let before = self.sockets.len();
                    self.sockets.retain(|socket| socket.id != connection);
                    if self.sockets.len() == before {
                        self.unwanted.push(connection);
                    }
                }
            }
        }
    }

    /// A connection came about, or did not.
    pub(super) fn connected(
        &mut self,
        now_us: u64,
        id: ConnectionId,
        made: Result<TcpStream, NetworkFailure>,
    ) {
        if let Some(at) = self.unwanted.iter().position(|unwanted| *unwanted == id) {
            self.unwanted.swap_remove(at);
            return;
        }
        match made {
            Ok(stream) => {
                self.sockets.push(Socket::new(id, stream));
                self.step(now_us, Input::Network(NetworkEvent::Connected(id)));
            }
            Err(why) => self.step(now_us, Input::Network(NetworkEvent::Failed(id, why))),
        }
    }

    /// Reads the port.
    pub(super) fn read_port(&mut self, now_us: u64) {
        let mut buffer = [0; PIECE];
        loop {
            match self.port.read(&mut buffer) {
                PortRead::Bytes(count) => {
                    self.to_module.offer(now_us, buffer.get(..count).unwrap_or_default());
                    if count < PIECE {
                        return;
                    }
                }
                PortRead::Nothing => return,
                PortRead::HungUp => {
                    self.to_host.clear();
                    return;
                }
            }
        }
    }

    /// Reads or writes a connection.
    pub(super) fn serve_socket(&mut self, now_us: u64, at: usize, seen: PollFlags) {
        let Some(socket) = self.sockets.get_mut(at) else { return };
        let id = socket.id;
        if seen.contains(PollFlags::OUT)
            && let Came::Failure(why) = socket.write()
        {
            self.sockets.remove(at);
            self.step(now_us, Input::Network(NetworkEvent::Failed(id, why)));
            return;
        }
        if !seen.intersects(PollFlags::IN | PollFlags::HUP | PollFlags::ERR) {
            return;
        }
        match socket.read() {
            Came::Nothing => {}
            Came::Bytes(bytes) => self.step(now_us, Input::Network(NetworkEvent::Received(id, &bytes))),
            Came::End => {
                self.sockets.remove(at);
                self.step(now_us, Input::Network(NetworkEvent::Closed(id)));
            }
            Came::Failure(why) => {
                self.sockets.remove(at);
                self.step(now_us, Input::Network(NetworkEvent::Failed(id, why)));
            }
        }
    }

    /// Does everything that can be done now: bytes that have arrived, time that has passed, bytes that can be written.
    pub(super) fn attend(&mut self, now_us: u64) {
        self.to_module.pass_time(now_us);
        while self.to_module.arrived > 0 {
            let bytes = self.to_module.take(PIECE);
            self.step(now_us, Input::Bytes(&bytes));
        }
        if self.wakes_ms.is_some_and(|ms| ms * US_PER_MS <= now_us) {
            self.step(now_us, Input::Tick);
        }
        self.to_host.pass_time(now_us);
        while self.is_writing() {
            let bytes = self.to_host.take(PIECE);
            let written = self.port.write(&bytes);
            if written < bytes.len() {
                for byte in bytes.iter().skip(written).rev() {
                    self.to_host.bytes.push_front(*byte);
                }
                self.to_host.arrived += bytes.len() - written;
                return;
            }
        }
    }
}

//! The far end without sockets, clock and threads: octets and times go in, octets and wishes come out.
//!
//! It holds connections, reads requests, keeps messages, answers and misbehaves. Everything it holds is bounded by
//! [`Limits`]; what is beyond gets a 4xx and a line, or the end of its connection.

mod connection;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::answer::Answer;
use crate::captured::Captured;
use crate::http::Refusal;
use crate::plan::Plan;
use crate::reply::refusal;

use connection::Connection;

/// The bounds of the far end. Times are in milliseconds, sizes in octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many connections are held at once. One more takes the place of the connection that has been silent
    /// longest, of the peer that holds most; where none of these waits for its client, the new one is told 503.
    pub connections: usize,
    /// How long the head of a request may be.
    pub head_octets: usize,
    /// How long a body may be.
    pub body_octets: usize,
    /// How long a connection may stay without a request.
    pub idle_ms: u64,
    /// How long the head of a request may take from its first octet.
    pub head_ms: u64,
    /// How long a body may take. Long: a module on a slow bearer is an honest client.
    pub body_ms: u64,
    /// How long a body may pause.
    pub pause_ms: u64,
    /// How long an answer that stalls holds its connection.
    pub stall_ms: u64,
}

impl Default for Limits {
    /// 64 connections, 16 KiB, 2 MiB; 30 s, 10 s, 10 min, 60 s; 5 min.
    fn default() -> Self {
        Self {
            connections: 64,
            head_octets: 16 * 1024,
            body_octets: 2 * 1024 * 1024,
            idle_ms: 30_000,
            head_ms: 10_000,
            body_ms: 600_000,
            pause_ms: 60_000,
            stall_ms: 300_000,
        }
    }
}

/// The name of a connection; the caller gives it and never gives it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// What happens to the far end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input<'a> {
    /// A client connects, from this address (`IP:PORT`) where the leg knows it. Clients of one IP are one peer.
    Opened(ConnectionId, Option<String>),
    /// Octets arrive.
    Received(ConnectionId, &'a [u8]),
    /// The client will send nothing more; it may still read.
    Finished(ConnectionId),
    /// The connection is gone.
    Lost(ConnectionId),
    /// The message of [`Output::Keep`] is kept, or why not.
    Kept(ConnectionId, Result<(), String>),
    /// Time has passed for this connection.
    Wake(ConnectionId),
    /// Time has passed.
    Tick,
}

/// What the far end wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send these octets.
    Send(ConnectionId, Vec<u8>),
    /// Send what is to be sent, then end the connection.
    Close(ConnectionId),
    /// Reset the connection.
    Reset(ConnectionId),
    /// Keep this message, then say [`Input::Kept`]. Only then is it answered.
    Keep(ConnectionId, Arc<Captured>),
    /// A line for the log: a request that was not served, or a connection that was ended.
    Log(String),
}

/// The far end. See the crate's page for a whole exchange.
#[derive(Debug)]
pub struct Core {
    limits: Limits,
    plan: Plan,
    serial: u64,
    connections: BTreeMap<ConnectionId, Connection>,
}

impl Core {
    /// A far end that numbers messages from `first_serial`.
    pub fn new(limits: Limits, plan: Plan, first_serial: u64) -> Self {
        Self { limits, plan, serial: first_serial, connections: BTreeMap::new() }
    }

    /// Gives an answer to the next POST that has no order yet.
    pub fn order(&mut self, answer: Answer) {
        self.plan.order(answer);
    }

    /// Takes back every order that no POST has met.
    pub fn forget_orders(&mut self) {
        self.plan.forget_orders();
    }

    /// When the far end wants to be woken, if nothing happens before.
    pub fn wake_ms(&self) -> Option<u64> {
        self.connections.values().filter_map(|connection| connection.wake_ms(&self.limits)).min()
    }

    /// When this connection wants to be woken, if nothing happens before.
    pub fn wake_of_ms(&self, id: ConnectionId) -> Option<u64> {
        self.connections.get(&id)?.wake_ms(&self.limits)
    }

    /// How many connections are held.
    pub fn connections(&self) -> usize {
        self.connections.len()
    }

    /// Whether this connection is held: open, and not ended to make room for another.
    pub fn holds(&self, id: ConnectionId) -> bool {
        self.connections.contains_key(&id)
    }

    /// Takes what happens and says what is to be done, in order.
    pub fn step(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output> {
        let mut outputs = Vec::new();
        match input {
            Input::Opened(id, peer) => self.open(now_ms, id, peer, &mut outputs),
            Input::Received(id, octets) => self.with(now_ms, id, &mut outputs, |connection, desk| {
                connection.received(octets, desk);
            }),
            Input::Finished(id) => self.with(now_ms, id, &mut outputs, Connection::finished),
            Input::Lost(id) => {
                self.connections.remove(&id);
            }
            Input::Kept(id, kept) => self.with(now_ms, id, &mut outputs, |connection, desk| {
                connection.kept(kept, desk);
            }),
            Input::Wake(id) => self.with(now_ms, id, &mut outputs, Connection::wake),
            Input::Tick => {
                let ids: Vec<ConnectionId> = self.connections.keys().copied().collect();
                for id in ids {
                    self.with(now_ms, id, &mut outputs, Connection::wake);
                }
            }
        }
        outputs
    }

    fn open(&mut self, now_ms: u64, id: ConnectionId, peer: Option<String>, outputs: &mut Vec<Output>) {
        let newcomer = Connection::new(id, peer, now_ms);
        if self.connections.len() >= self.limits.connections {
            let Some(victim) = self.longest_silent(newcomer.peer_host()) else {
                let why = format!("more than {} connections", self.limits.connections);
                outputs.push(Output::Log(format!("503: {why}")));
                outputs.push(Output::Send(id, refusal(&Refusal::new(503, why))));
                outputs.push(Output::Close(id));
                return;
            };
            self.with(now_ms, victim, outputs, Connection::make_room);
        }
        self.connections.insert(id, newcomer);
    }

    /// The connection that makes room for one from `host`: of the peer that would hold most, the one that has been
    /// silent longest. So a peer that holds no more than its share loses nothing to the others.
    fn longest_silent(&self, host: Option<&str>) -> Option<ConnectionId> {
        let mut held: BTreeMap<Option<&str>, usize> = BTreeMap::from([(host, 1)]);
        for connection in self.connections.values() {
            *held.entry(connection.peer_host()).or_default() += 1;
        }
        let most = held.values().copied().max()?;
        self.connections
            .iter()
            .filter(|(_, connection)| held.get(&connection.peer_host()) == Some(&most))
            .filter_map(|(id, connection)| Some((connection.silent_since_ms()?, *id)))
            .min()
            .map(|(_, id)| id)
    }

    /// Lets a connection act; one that has ended is forgotten.
    fn with(
        &mut self,
        now_ms: u64,
        id: ConnectionId,
        outputs: &mut Vec<Output>,
        act: impl FnOnce(&mut Connection, &mut Desk<'_>),
    ) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let (limits, plan, serial) = (&self.limits, &mut self.plan, &mut self.serial);
        act(connection, &mut Desk { now_ms, limits, plan, serial, outputs });
        if connection.has_ended() {
            self.connections.remove(&id);
        }
    }
}

/// What a connection may use of the far end while it acts.
struct Desk<'a> {
    now_ms: u64,
    limits: &'a Limits,
    plan: &'a mut Plan,
    serial: &'a mut u64,
    outputs: &'a mut Vec<Output>,
}

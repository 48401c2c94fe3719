//! One connection of the far end: which request it is at, and what it waits for.

use std::sync::Arc;

use crate::answer::{Answer, Framing};
use crate::captured::Captured;
use crate::http::{Body, Head, Progress, Refusal};
use crate::reply::{CONTINUE, Then, refusal, reply};

use super::{ConnectionId, Desk, Limits, Output};

/// How many octets a client may send ahead while its last message is being answered.
const AHEAD_MAX: usize = 256 * 1024;

/// A connection and the octets of it that are not used yet.
#[derive(Debug)]
pub(super) struct Connection {
    id: ConnectionId,
    peer: Option<String>,
    buffer: Vec<u8>,
    state: State,
    /// When the client connected, sent octets or was answered last.
    active_ms: u64,
    /// Whether the client has said that it sends nothing more.
    finished: bool,
}

#[derive(Debug)]
enum State {
    /// Between requests, or within a head; since when.
    Head { since_ms: u64 },
    /// Within a body.
    Body { request: Request, body: Body, since_ms: u64 },
    /// A message is being kept.
    Keeping { message: Arc<Captured>, answer: Answer },
    /// An answer waits for its time.
    Delayed { octets: Vec<u8>, then: Then, until_ms: u64 },
    /// An answer stalls.
    Stalled { until_ms: u64 },
    /// Nothing more is done; the core forgets the connection.
    Ended,
}

#[derive(Debug)]
struct Request {
    head: Head,
    raw: Vec<u8>,
}

impl Connection {
    pub(super) fn new(id: ConnectionId, peer: Option<String>, now_ms: u64) -> Self {
        let state = State::Head { since_ms: now_ms };
        Self { id, peer, buffer: Vec::new(), state, active_ms: now_ms, finished: false }
    }

    /// The address of the client without its port: connections of one host are those of one peer.
    pub(super) fn peer_host(&self) -> Option<&str> {
        let peer = self.peer.as_deref()?;
        Some(peer.rsplit_once(':').map_or(peer, |(host, _)| host))
    }

    /// Since when the far end has waited for octets of this client; `None` where the client waits for an answer.
    pub(super) fn silent_since_ms(&self) -> Option<u64> {
        matches!(self.state, State::Head { .. } | State::Body { .. }).then_some(self.active_ms)
    }

    /// Ends the connection in favour of a new one.
    pub(super) fn make_room(&mut self, desk: &mut Desk<'_>) {
        let silent_ms = desk.now_ms.saturating_sub(self.active_ms);
        let why = format!("silent for {silent_ms} ms, and its place is needed for another client");
        self.refuse(&Refusal::new(503, why), desk);
    }

    pub(super) fn has_ended(&self) -> bool {
        matches!(self.state, State::Ended)
    }

    /// When this connection's patience, delay or stall ends.
    pub(super) fn wake_ms(&self, limits: &Limits) -> Option<u64> {
        match &self.state {
            State::Head { since_ms } => {
                let patience = if self.buffer.is_empty() { limits.idle_ms } else { limits.head_ms };
                Some(since_ms.saturating_add(patience))
            }
            State::Body { since_ms, .. } => {
                let pause = self.active_ms.saturating_add(limits.pause_ms);
                Some(since_ms.saturating_add(limits.body_ms).min(pause))
            }
            State::Delayed { until_ms, .. } | State::Stalled { until_ms } => Some(*until_ms),
            State::Keeping { .. } | State::Ended => None,
        }
    }

    pub(super) fn received(&mut self, octets: &[u8], desk: &mut Desk<'_>) {
        self.active_ms = desk.now_ms;
        match &mut self.state {
            State::Head { since_ms } => {
                if self.buffer.is_empty() {
                    *since_ms = desk.now_ms;
                }
                self.buffer.extend_from_slice(octets);
                self.advance(desk);
            }
            State::Body { .. } => self.take_body(octets, desk),
            _ if self.buffer.len() + octets.len() > AHEAD_MAX => {
                desk.outputs.push(Output::Log(format!("closed: more than {AHEAD_MAX} octets sent ahead")));
                self.close(desk);
            }
            _ => self.buffer.extend_from_slice(octets),
        }
    }

    /// The client sends nothing more. A message that has arrived is still answered.
    pub(super) fn finished(&mut self, desk: &mut Desk<'_>) {
        self.finished = true;
        match &self.state {
            State::Head { .. } if self.buffer.is_empty() => self.close(desk),
            State::Head { .. } => self.refuse(&Refusal::new(400, "the head of the request is cut off"), desk),
            State::Body { .. } => self.refuse(&Refusal::new(400, "the body is cut off"), desk),
            // A client that has gone away must not hold its place for as long as the stall lasts.
            State::Stalled { .. } => self.close(desk),
            _ => {}
        }
    }

    pub(super) fn kept(&mut self, kept: Result<(), String>, desk: &mut Desk<'_>) {
        let state = std::mem::replace(&mut self.state, State::Ended);
        let State::Keeping { message, answer } = state else {
            self.state = state;
            return;
        };
        if let Err(why) = kept {
            return self.refuse(&Refusal::new(503, format!("cannot be kept: {why}")), desk);
        }
        let decoded = message.message();
        let decoded = decoded.as_ref().map_err(|error| Refusal::new(400, format!("no M-Send.req: {error}")));
        let alive = message.head.keeps_alive() && !self.finished;
        match reply(&answer, decoded, message.serial, alive) {
            Err(why) => self.refuse(&why, desk),
            Ok(reply) if answer.delay_ms > 0 => {
                let until_ms = desk.now_ms.saturating_add(answer.delay_ms);
                self.state = State::Delayed { octets: reply.octets, then: reply.then, until_ms };
            }
            Ok(reply) => self.answer(reply.octets, reply.then, desk),
        }
    }

    pub(super) fn wake(&mut self, desk: &mut Desk<'_>) {
        if self.wake_ms(desk.limits).is_none_or(|wake| wake > desk.now_ms) {
            return;
        }
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Head { .. } if self.buffer.is_empty() => self.close(desk),
            State::Head { .. } => {
                self.refuse(&Refusal::new(408, "the head of the request is too slow"), desk);
            }
            State::Body { .. } => self.refuse(&Refusal::new(408, "the body is too slow"), desk),
            State::Delayed { octets, then, .. } => self.answer(octets, then, desk),
            State::Stalled { .. } => {
                desk.outputs.push(Output::Log("closed: the stall has lasted as long as it may".to_owned()));
                self.close(desk);
            }
            state @ (State::Keeping { .. } | State::Ended) => self.state = state,
        }
    }

    /// Reads requests out of the buffer until one is incomplete or has to wait.
    fn advance(&mut self, desk: &mut Desk<'_>) {
        while matches!(self.state, State::Head { .. }) {
            // Empty lines before a request are allowed, and are no part of it.
            let blank = self.buffer.iter().take_while(|octet| matches!(octet, b'\r' | b'\n')).count();
            self.buffer.drain(..blank);
            // First what the first octet decides, then the bound, then the meaning: so it does not matter in which pieces a head arrives.
            if !begins_foreign(&self.buffer) {
                let arrived = head_end(&self.buffer);
                if arrived.unwrap_or(self.buffer.len()) > desk.limits.head_octets {
                    return self.refuse(&Refusal::new(431, "the head of the request is too long"), desk);
                }
                if arrived.is_none() {
                    return;
                }
            }
            match Head::read(&self.buffer) {
                Err(why) => return self.refuse(&why, desk),
                Ok(None) => {
                    return self.refuse(&Refusal::new(400, "the head of the request ends too early"), desk);
                }
                Ok(Some((head, length))) => self.begin(head, length, desk),
            }
        }
    }

    fn begin(&mut self, head: Head, length: usize, desk: &mut Desk<'_>) {
        let body = match head.body(desk.limits.body_octets) {
            Ok(body) => body,
            Err(why) => return self.refuse(&why, desk),
        };
        if desk.plan.next().framing == Framing::ResetEarly {
            desk.plan.take();
            desk.outputs.push(Output::Log("reset before the message was read, as ordered".to_owned()));
            desk.outputs.push(Output::Reset(self.id));
            self.state = State::Ended;
            return;
        }
        let rest = self.buffer.split_off(length);
        let raw = std::mem::replace(&mut self.buffer, rest);
        if head.expects_continue() && self.buffer.is_empty() {
            desk.outputs.push(Output::Send(self.id, CONTINUE.to_vec()));
        }
        self.state = State::Body { request: Request { head, raw }, body, since_ms: desk.now_ms };
        let ahead = std::mem::take(&mut self.buffer);
        self.take_body(&ahead, desk);
    }

    fn take_body(&mut self, octets: &[u8], desk: &mut Desk<'_>) {
        let State::Body { body, .. } = &mut self.state else { return };
        match body.take(octets, desk.limits.body_octets) {
            Err(why) => self.refuse(&why, desk),
            Ok(Progress::More) => {}
            Ok(Progress::Done(used)) => {
                self.buffer = octets.get(used..).unwrap_or_default().to_vec();
                self.keep(desk);
            }
        }
    }

    fn keep(&mut self, desk: &mut Desk<'_>) {
        let State::Body { request, body, .. } = std::mem::replace(&mut self.state, State::Ended) else {
            return;
        };
        let answer = desk.plan.take();
        let message = Arc::new(Captured {
            serial: *desk.serial,
            at_ms: desk.now_ms,
            peer: self.peer.clone(),
            head: request.head,
            raw_head: request.raw,
            body: body.into_octets(),
            answer: answer.to_string(),
        });
        *desk.serial += 1;
        desk.outputs.push(Output::Keep(self.id, Arc::clone(&message)));
        self.state = State::Keeping { message, answer };
    }

    fn answer(&mut self, octets: Vec<u8>, then: Then, desk: &mut Desk<'_>) {
        if !octets.is_empty() {
            desk.outputs.push(Output::Send(self.id, octets));
        }
        self.active_ms = desk.now_ms;
        match then {
            Then::Next => {
                self.state = State::Head { since_ms: desk.now_ms };
                self.advance(desk);
                if self.finished && matches!(self.state, State::Head { .. }) {
                    self.close(desk);
                }
            }
            Then::Close => self.close(desk),
            Then::Reset => {
                desk.outputs.push(Output::Reset(self.id));
                self.state = State::Ended;
            }
            Then::Stall => {
                let until_ms = desk.now_ms.saturating_add(desk.limits.stall_ms);
                self.state = State::Stalled { until_ms };
            }
        }
    }

    fn refuse(&mut self, why: &Refusal, desk: &mut Desk<'_>) {
        let peer = self.peer.as_deref().unwrap_or("a client");
        desk.outputs.push(Output::Log(format!("{} to {peer}: {}", why.code, why.why.escape_debug())));
        desk.outputs.push(Output::Send(self.id, refusal(why)));
        self.close(desk);
    }

    fn close(&mut self, desk: &mut Desk<'_>) {
        desk.outputs.push(Output::Close(self.id));
        self.state = State::Ended;
    }
}

/// Where an empty line ends the head, if it has arrived.
fn head_end(octets: &[u8]) -> Option<usize> {
    let bare = octets.windows(2).position(|two| two == b"\n\n").map(|at| at + 2);
    let full = octets.windows(3).position(|three| three == b"\n\r\n").map(|at| at + 3);
    bare.into_iter().chain(full).min()
}

/// Whether octets begin with something that no method begins with: whoever sends that will not end a head.
fn begins_foreign(octets: &[u8]) -> bool {
    octets.first().is_some_and(|first| !first.is_ascii_alphanumeric() && !b"!#$%&'*+-.^_`|~".contains(first))
}

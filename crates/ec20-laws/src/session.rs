//! A dialogue as a framer lives it: what the host sends, what arrives and in which pieces, when the host gives up.
//!
//! A session is written as plain bytes, so that seeds are readable, golden files become seeds as they are, and a fuzzer's changes stay small.
//! Bytes from 0xF5 on, which no UTF-8 text holds, are marks; every other byte belongs to the piece it stands in:
//!
//! | mark | what follows |
//! |---|---|
//! | [`SEND`] | bytes that the host sends |
//! | [`ARRIVE`] | bytes that arrive; the beginning of a session arrives, too |
//! | [`GIVE_UP`] | the deadline passes, then bytes arrive |
//! | [`SETTLE`] | the host has waited in silence, then bytes arrive |
//! | [`ECHO_ON`], [`ECHO_OFF`] | the host learns of the echo, then bytes arrive |

use ec20_at::framer::{Echo, Event, Framer};

/// Begins what the host sends.
pub const SEND: u8 = 0xF9;
/// Begins what arrives.
pub const ARRIVE: u8 = 0xFA;
/// The deadline of the last command passes.
pub const GIVE_UP: u8 = 0xFB;
/// The host has waited long enough for anything late.
pub const SETTLE: u8 = 0xFC;
/// The host learns that commands come back.
pub const ECHO_ON: u8 = 0xFD;
/// The host learns that they do not.
pub const ECHO_OFF: u8 = 0xFE;

/// How the bytes that arrive are cut on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut<'a> {
    /// Not at all: what arrives between two deeds of the host comes at once.
    Whole,
    /// In two: after so many bytes of all that arrives.
    At(usize),
    /// In pieces of these sizes, over and over; no size stands for single bytes, and so does 0.
    Pieces(&'a [u8]),
}

/// What a framer said of a session, and what it cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Its events, in order; the caller gives up at the end, so that nothing is left.
    pub events: Vec<Event>,
    /// How many bytes arrived.
    pub arrived: usize,
    /// The most bytes that the caller had to keep at one time.
    pub kept: usize,
    /// How often the framer was asked for an event.
    pub asked: usize,
}

/// Lets a framer hear a session.
pub fn hear(session: &[u8], capacity: usize, cut: Cut<'_>) -> Heard {
    let mut listener = Listener {
        framer: Framer::with_capacity(capacity),
        buffer: Vec::new(),
        heard: Heard { events: Vec::new(), arrived: 0, kept: 0, asked: 0 },
        cut,
        turn: 0,
    };
    let mut rest = session;
    let mut mark = ARRIVE;
    loop {
        let len = rest.iter().position(|&byte| byte >= SEND).unwrap_or(rest.len());
        let (piece, behind) = rest.split_at(len);
        listener.deed(mark, piece);
        let Some((&next, behind)) = behind.split_first() else { break };
        (mark, rest) = (next, behind);
    }
    // What is given up may, read again, begin a download whose bytes do not come: then its deadline passes, too.
    // So it may be with what follows, as long as that gives events.
    let mut before = usize::MAX;
    while before != listener.heard.events.len() {
        before = listener.heard.events.len();
        listener.framer.give_up();
        listener.drain();
    }
    listener.heard
}

struct Listener<'a> {
    framer: Framer,
    buffer: Vec<u8>,
    heard: Heard,
    cut: Cut<'a>,
    /// How many pieces have arrived.
    turn: usize,
}

impl Listener<'_> {
    fn deed(&mut self, mark: u8, piece: &[u8]) {
        match mark {
            SEND => {
                self.framer.sent(piece);
                return;
            }
            GIVE_UP => self.framer.give_up(),
            SETTLE => self.framer.settle(),
            ECHO_ON => self.framer.set_echo(Echo::On),
            ECHO_OFF => self.framer.set_echo(Echo::Off),
            _ => {}
        }
        self.drain();
        self.arrive(piece);
    }

    fn arrive(&mut self, mut piece: &[u8]) {
        while !piece.is_empty() {
            let len = match self.cut {
                Cut::At(at) if at > self.heard.arrived => piece.len().min(at - self.heard.arrived),
                Cut::Whole | Cut::At(_) => piece.len(),
                Cut::Pieces([]) => 1,
                Cut::Pieces(sizes) => usize::from(sizes[self.turn % sizes.len()]).clamp(1, piece.len()),
            };
            self.turn += 1;
            self.buffer.extend_from_slice(&piece[..len]);
            self.heard.arrived += len;
            self.heard.kept = self.heard.kept.max(self.buffer.len());
            self.drain();
            piece = &piece[len..];
        }
    }

    fn drain(&mut self) {
        while let Some(event) = self.framer.next(&self.buffer) {
            self.heard.asked += 1;
            self.heard.events.push(event);
        }
        self.heard.asked += 1;
        let released = self.framer.release();
        self.buffer.drain(..released);
    }
}

//! The far end's HTTP side: nothing a client sends breaks the core, and how the octets are cut changes nothing.
//!
//! * [`events`]: any sequence of events, to several connections at once, keeps the core within its bounds and its word.
//! * [`cuts`]: a stream of octets is served alike however it arrives in pieces.
//! * [`words`]: the words of an answer that are read are repeated with the same meaning.

use std::collections::BTreeMap;

use arbitrary::{Arbitrary, Unstructured};
use mmsc::{Answer, ConnectionId, Core, Input, Limits, Output, Plan};

/// Bounds that a short input reaches.
fn tight() -> Limits {
    Limits {
        connections: 3,
        head_octets: 256,
        body_octets: 128,
        idle_ms: 50,
        head_ms: 20,
        body_ms: 80,
        pause_ms: 30,
        stall_ms: 40,
    }
}

/// What may happen to a core.
#[derive(Arbitrary, Debug)]
enum Happening {
    Open(u8),
    Octets(u8, Vec<u8>),
    Post(u8, Vec<u8>),
    Finish(u8),
    Lose(u8),
    Pass(u8),
    Order(u8),
    KeepFails,
}

/// Words for orders, by number.
const ORDERS: &[&str] = &[
    "accept",
    "status 132 \"no\"",
    "http 404",
    "stall",
    "reset",
    "reset-early",
    "close",
    "garbage chunked",
    "truncated",
    "stall-midway",
    "no-length",
    "delay 25ms",
    "redirect",
    "continue",
];

/// What a caller knows of a connection.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Open,
    Ended,
}

/// Lets anything happen to a core and checks every word of its contract.
pub fn events(bytes: &[u8]) {
    let mut world = World {
        core: Core::new(tight(), Plan::default(), 1),
        now_ms: 0,
        known: BTreeMap::new(),
        keep_fails: false,
        serial: 0,
    };
    let mut u = Unstructured::new(bytes);
    while let Ok(happening) = Happening::arbitrary(&mut u) {
        world.happen(happening);
        if u.is_empty() {
            break;
        }
    }
    // However it was left, time alone ends everything: each wait ends an answer that was delayed, of those that were asked for in one
    // go, or the connection.
    let (most, mut waits) = (bytes.len() + 2, 0);
    while world.core.connections() > 0 && waits < most {
        world.now_ms += 1000;
        world.step(Input::Tick);
        waits += 1;
    }
    assert_eq!(world.core.connections(), 0, "time ends every connection");
    assert_eq!(world.core.wake_ms(), None, "nothing is left to wait for");
}

struct World {
    core: Core,
    now_ms: u64,
    known: BTreeMap<ConnectionId, Known>,
    keep_fails: bool,
    serial: u64,
}

impl World {
    fn happen(&mut self, happening: Happening) {
        let id = |number: u8| ConnectionId(u64::from(number % 6));
        match happening {
            Happening::Open(number) => {
                // The caller gives a name only once.
                if let std::collections::btree_map::Entry::Vacant(entry) = self.known.entry(id(number)) {
                    entry.insert(Known::Open);
                    self.step(Input::Opened(id(number), None));
                }
            }
            Happening::Octets(number, octets) => self.step(Input::Received(id(number), &octets)),
            Happening::Post(number, body) => {
                let length = body.len();
                let head = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
                self.step(Input::Received(id(number), &[head.as_bytes(), &body].concat()));
            }
            Happening::Finish(number) => self.step(Input::Finished(id(number))),
            Happening::Lose(number) => {
                self.step(Input::Lost(id(number)));
                self.known.insert(id(number), Known::Ended);
            }
            Happening::Pass(time) => {
                self.now_ms += u64::from(time);
                self.step(Input::Tick);
            }
            Happening::Order(number) => {
                let words = ORDERS[usize::from(number) % ORDERS.len()];
                self.core.order(Answer::parse(words).unwrap_or_else(|error| panic!("{words}: {error}")));
            }
            Happening::KeepFails => self.keep_fails = !self.keep_fails,
        }
    }

    fn step(&mut self, input: Input<'_>) {
        let mut outputs = self.core.step(self.now_ms, input);
        loop {
            let mut kept = None;
            for output in outputs {
                let (Output::Send(id, _) | Output::Close(id) | Output::Reset(id) | Output::Keep(id, _)) =
                    &output
                else {
                    continue;
                };
                let id = *id;
                assert!(
                    self.known.get(&id) == Some(&Known::Open),
                    "nothing is wished of an ended connection"
                );
                match output {
                    Output::Close(_) | Output::Reset(_) => {
                        self.known.insert(id, Known::Ended);
                    }
                    Output::Keep(_, message) => {
                        assert!(kept.is_none(), "one message at a time");
                        assert!(message.body.len() <= 128, "a body is bounded");
                        assert!(message.raw_head.len() <= 256, "a head is bounded");
                        assert!(message.serial > self.serial, "numbers rise");
                        assert!(!message.line().contains('\n'), "one line per message");
                        self.serial = message.serial;
                        kept = Some(id);
                    }
                    Output::Send(_, octets) => assert!(!octets.is_empty(), "nothing is not sent"),
                    Output::Log(_) => {}
                }
            }
            assert!(self.core.connections() <= 3, "connections are bounded");
            let Some(id) = kept else { break };
            let result = if self.keep_fails { Err("full".to_owned()) } else { Ok(()) };
            outputs = self.core.step(self.now_ms, Input::Kept(id, result));
        }
        for (id, known) in &self.known {
            if *known == Known::Ended {
                assert_eq!(self.core.wake_of_ms(*id), None, "an ended connection waits for nothing");
            }
        }
    }
}

/// What a client gets out of a stream of octets: status lines, kept bodies, whether it was ended.
#[derive(Debug, PartialEq, Eq)]
struct Served {
    codes: Vec<Vec<u8>>,
    kept: Vec<Vec<u8>>,
    ended: bool,
}

fn serve<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Served {
    let id = ConnectionId(1);
    let mut core = Core::new(tight(), Plan::default(), 1);
    let mut served = Served { codes: Vec::new(), kept: Vec::new(), ended: false };
    core.step(0, Input::Opened(id, None));
    for piece in pieces {
        let mut outputs = core.step(0, Input::Received(id, piece));
        loop {
            let mut next = Vec::new();
            for output in outputs {
                match output {
                    Output::Send(_, octets) if octets.starts_with(b"HTTP/1.1 100") => {}
                    Output::Send(_, octets) => served.codes.push(octets.iter().copied().take(12).collect()),
                    Output::Close(_) | Output::Reset(_) => served.ended = true,
                    Output::Keep(_, message) => {
                        served.kept.push(message.body.clone());
                        next.extend(core.step(0, Input::Kept(id, Ok(()))));
                    }
                    Output::Log(_) => {}
                }
            }
            if next.is_empty() {
                break;
            }
            outputs = next;
        }
    }
    served
}

/// Serves the same octets whole, one by one, and cut at a place, and compares what comes of it.
///
/// Whether `100 Continue` is sent does depend on what has arrived already, and is left out.
pub fn cuts(octets: &[u8], place: usize) {
    let whole = serve(std::iter::once(octets));
    let single = serve(octets.chunks(1));
    assert_eq!(whole, single, "whole and octet by octet");
    let (first, second) = octets.split_at(place.min(octets.len()));
    assert_eq!(whole, serve([first, second].into_iter()), "whole and cut at {}", first.len());
}

/// [`cuts`] with the place in front of the octets.
pub fn cuts_drawn(bytes: &[u8]) {
    if let Some((&place, octets)) = bytes.split_first() {
        cuts(octets, usize::from(place));
    }
}

/// [`words`] over bytes, those that are no text left out.
pub fn words_of(bytes: &[u8]) {
    words(&String::from_utf8_lossy(bytes));
}

/// Words that are read are repeated in words of the same meaning; words that are not say where.
pub fn words(words: &str) {
    match Answer::parse(words) {
        Ok(answer) => assert_eq!(Answer::parse(&answer.to_string()).as_ref(), Ok(&answer), "{words:?}"),
        Err(error) => {
            assert!(error.span.start <= error.span.end && error.span.end <= words.len(), "{error:?}");
            assert!(words.get(error.span.clone()).is_some(), "an error lies between characters");
        }
    }
    let _ = Plan::from_toml(words).map_err(|error| assert!(error.line >= 1 && error.column >= 1, "{error}"));
}

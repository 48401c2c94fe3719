//! The bench of these tests: messages, a core that is fed by hand, a server with a client.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use mms_pdu::SendReqBuilder;
use mmsc::{Captured, ConnectionId, Core, Event, Input, Limits, Options, Output, Plan, Server};

/// A small M-Send.req.
pub(crate) fn pdu() -> Vec<u8> {
    SendReqBuilder::new("T1").to("13856122546").subject("hi").text_part("t.txt", "hello").encode().unwrap()
}

/// A request around a body, in the form a module without proxy uses.
pub(crate) fn post(body: &[u8]) -> Vec<u8> {
    let mut request = format!(
        "POST /mms HTTP/1.1\r\nHost: mmsc.example.com\r\nContent-Type: application/vnd.wap.mms-message\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

/// A core with one connection, fed by hand; it keeps every message.
pub(crate) struct Fed {
    pub(crate) core: Core,
    pub(crate) now_ms: u64,
    pub(crate) kept: Vec<Arc<Captured>>,
    pub(crate) sent: Vec<u8>,
    pub(crate) log: Vec<String>,
    pub(crate) ended: bool,
}

pub(crate) const ONE: ConnectionId = ConnectionId(1);

impl Fed {
    pub(crate) fn new(limits: Limits) -> Self {
        let core = Core::new(limits, Plan::default(), 1);
        let mut fed = Self { core, now_ms: 0, kept: vec![], sent: vec![], log: vec![], ended: false };
        fed.step(Input::Opened(ONE, Some("test".to_owned())));
        fed
    }

    pub(crate) fn step(&mut self, input: Input<'_>) {
        let mut outputs = self.core.step(self.now_ms, input);
        while !outputs.is_empty() {
            let mut next = Vec::new();
            for output in outputs {
                match output {
                    Output::Send(_, octets) => self.sent.extend(octets),
                    Output::Close(_) | Output::Reset(_) => self.ended = true,
                    Output::Log(line) => self.log.push(line),
                    Output::Keep(id, message) => {
                        self.kept.push(message);
                        next.extend(self.core.step(self.now_ms, Input::Kept(id, Ok(()))));
                    }
                }
            }
            outputs = next;
        }
    }

    pub(crate) fn receive(&mut self, octets: &[u8]) {
        self.step(Input::Received(ONE, octets));
    }

    /// What has been sent since the last call.
    pub(crate) fn answer(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.sent)).into_owned()
    }
}

/// How a connection ended, as a client sees it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// In order.
    Closed,
    /// By a reset.
    Reset,
    /// Not within the time the client has.
    Open,
}

/// A server on loopback, and what it tells.
pub(crate) struct Bench {
    pub(crate) server: Server,
    pub(crate) events: Receiver<Event>,
}

pub(crate) fn serve(options: Options) -> Bench {
    let (sender, events) = channel();
    let options = Options {
        tell: Box::new(move |event| {
            let _ = sender.send(event);
        }),
        ..options
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    Bench { server: Server::start(listener, options).unwrap(), events }
}

impl Bench {
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.server.address()).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    /// The next message that is captured.
    pub(crate) fn captured(&self) -> Arc<Captured> {
        loop {
            match self.events.recv_timeout(Duration::from_secs(10)).unwrap() {
                Event::Captured(message) => return message,
                Event::Log(_) => {}
            }
        }
    }
}

/// Everything that arrives within `patience` after the last octet, and how it ended.
pub(crate) fn read_out(stream: &mut TcpStream, patience: Duration) -> (Vec<u8>, End) {
    stream.set_read_timeout(Some(patience)).unwrap();
    let mut seen = Vec::new();
    let mut octets = [0; 4096];
    loop {
        match stream.read(&mut octets) {
            Ok(0) => return (seen, End::Closed),
            Ok(count) => seen.extend_from_slice(&octets[..count]),
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut => return (seen, End::Open),
                ErrorKind::ConnectionReset => return (seen, End::Reset),
                _ => panic!("{error}"),
            },
        }
    }
}

/// Sends a request and reads the answer out.
pub(crate) fn exchange(bench: &Bench, request: &[u8], patience: Duration) -> (Vec<u8>, End) {
    let mut stream = bench.connect();
    // The far end may end the connection before it has read everything: that is for the reading side to see.
    let _ = stream.write_all(request);
    read_out(&mut stream, patience)
}

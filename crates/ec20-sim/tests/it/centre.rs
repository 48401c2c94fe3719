//! The capture MMSC as the far end of a module in virtual time.

use std::sync::Arc;

use ec20_manual::profile::Profile;
use ec20_sim::leg::memory::{Act, Bench, FarEnd, Request};
use ec20_sim::{ConnectionId, Module, NetworkFailure};
use mmsc::{Answer, Captured, Core, Input, Limits, Output, Plan};

use crate::dialogue::check_on;

/// A message centre in virtual time, and what went to it.
pub(crate) struct Centre {
    core: Core,
    /// Every message that arrived whole.
    pub(crate) kept: Vec<Arc<Captured>>,
    /// Every address that was connected to.
    pub(crate) connected: Vec<(String, u16)>,
    /// Connections fail like this.
    pub(crate) refuses: Option<NetworkFailure>,
    /// Connections break like this as soon as something is sent over them.
    pub(crate) breaks: Option<NetworkFailure>,
}

/// How long a packet is on its way.
const WAY_MS: u64 = 20;

impl Centre {
    /// A message centre that accepts everything.
    pub(crate) fn new() -> Self {
        let core = Core::new(Limits::default(), Plan::default(), 1);
        Self { core, kept: Vec::new(), connected: Vec::new(), refuses: None, breaks: None }
    }

    /// Tells it what to say to the next message, in the words of a transcript.
    pub(crate) fn order(&mut self, words: &str) {
        self.core.order(Answer::parse(words).expect("the words of an answer"));
    }

    fn step(&mut self, now: u64, input: Input<'_>) -> Vec<(ConnectionId, Act)> {
        let mut acts = Vec::new();
        for output in self.core.step(now, input) {
            let mut act = |id: mmsc::ConnectionId, act| {
                acts.push((ConnectionId(u32::try_from(id.0).expect("a small number")), act));
            };
            match output {
                Output::Send(id, bytes) => act(id, Act::Send(bytes)),
                Output::Close(id) => act(id, Act::Close),
                Output::Reset(id) => act(id, Act::Break(NetworkFailure::ReadFailed)),
                Output::Keep(id, captured) => {
                    self.kept.push(captured);
                    acts.extend(self.step(now, Input::Kept(id, Ok(()))));
                }
                Output::Log(_) => {}
            }
        }
        acts
    }
}

impl FarEnd for Centre {
    fn request(&mut self, now: u64, connection: ConnectionId, request: Request<'_>) -> Vec<(u64, Act)> {
        let id = mmsc::ConnectionId(u64::from(connection.0));
        let acts = match request {
            Request::Connect { host, port } => {
                self.connected.push((host.to_owned(), port));
                if let Some(why) = self.refuses {
                    return vec![(WAY_MS, Act::Break(why))];
                }
                self.step(now, Input::Opened(id, None));
                vec![(connection, Act::Accept)]
            }
            Request::Bytes(_) if self.breaks.is_some() => {
                vec![(connection, Act::Break(self.breaks.expect("just seen")))]
            }
            Request::Bytes(bytes) => self.step(now, Input::Received(id, bytes)),
            Request::Close => self.step(now, Input::Lost(id)),
        };
        acts.into_iter().filter(|(to, _)| *to == connection).map(|(_, act)| (WAY_MS, act)).collect()
    }

    fn tick(&mut self, now: u64) -> Vec<(ConnectionId, Act)> {
        self.step(now, Input::Tick)
    }

    fn wake_at(&self) -> Option<u64> {
        self.core.wake_ms()
    }
}

/// A module and a message centre.
pub(crate) type Line = Bench<Module, Centre>;

/// A module with its context up and its message centre set, nothing edited yet.
pub(crate) fn ready(profile: &Profile) -> Line {
    let mut line = Bench::new(Module::new(profile), Centre::new());
    check_on(
        &mut line,
        r#"
        > AT+QICSGP=1,1,"UNIWAP","","",1
        < OK
        > AT+QIACT=1
        < OK
        > AT+QMMSCFG="contextid",1
        < OK
        > AT+QMMSCFG="mmsc","http://mmsc.example.com/servlets/mms"
        < OK
        "#,
    );
    line
}

/// The same with one recipient and a title.
pub(crate) fn composed(profile: &Profile) -> Line {
    let mut line = ready(profile);
    check_on(
        &mut line,
        r#"
        > AT+QMMSEDIT=1,1,"13856122546"
        < OK
        > AT+QMMSEDIT=4,1,"test EC20 mms"
        < OK
        "#,
    );
    line
}

/// Puts a file into the module.
#[track_caller]
pub(crate) fn upload(line: &mut Line, name: &str, data: &[u8]) {
    check_on(line, &format!("> AT+QFUPL=\"{name}\",{},20\n< CONNECT", data.len()));
    line.send(data);
    let said = String::from_utf8(line.take()).expect("text");
    assert!(said.ends_with("\r\n\r\nOK\r\n"), "{said:?}");
}

/// Sends, and gives the result line; the answer `OK` must come first.
#[track_caller]
pub(crate) fn send(line: &mut Line) -> String {
    check_on(line, "> AT+QMMSEND=100\n< OK");
    result(line)
}

/// The result line of the send that is under way.
#[track_caller]
pub(crate) fn result(line: &mut Line) -> String {
    assert!(line.run_till_heard(b"+QMMSEND: ", 200_000), "no result came");
    let said = String::from_utf8(line.take()).expect("text");
    said.trim_matches(['\r', '\n']).to_owned()
}

//! A bench in virtual time: the suite's executor, the simulated module and the capture MMSC, joined without port, clock or thread.
//!
//! It knows how to hand bytes and times from one to the other. It judges nothing: that is the suite's, and the suite does not know whom
//! it talks to.

use std::collections::VecDeque;
use std::sync::Arc;

use ec20_manual::profile::Profile;
use ec20_sim::leg::memory::{Act, Bench, FarEnd, Request};
use ec20_sim::link::{Faults, Link};
use ec20_sim::{ConnectionId, Machine, Module, NetworkFailure};
use ec20_suite::executor::{Action, Captured, Executor, FORGET};
use ec20_suite::journal::Event;
use ec20_suite::suite::Case;
use mmsc::{Answer, Core, Input, Limits, Output, Plan};

/// Where the capture MMSC stands in virtual time.
pub const MMSC_HOST: &str = "10.64.64.1";
/// Its port.
pub const MMSC_PORT: u16 = 8002;

/// The capture MMSC as the far end of a module in memory. Names have no address here, and other ports refuse.
#[derive(Debug)]
pub struct CaptureMmsc {
    core: Core,
    captured: VecDeque<Captured>,
}

/// How long a packet travels, in ms.
const TRAVEL_MS: u64 = 2;

impl Default for CaptureMmsc {
    fn default() -> Self {
        Self { core: Core::new(Limits::default(), Plan::default(), 1), captured: VecDeque::new() }
    }
}

impl CaptureMmsc {
    fn step(&mut self, now_ms: u64, input: Input<'_>) -> Vec<(ConnectionId, Act)> {
        let mut acts = Vec::new();
        let mut outputs: VecDeque<Output> = self.core.step(now_ms, input).into();
        while let Some(output) = outputs.pop_front() {
            match output {
                Output::Send(id, octets) => acts.push((module_id(id), Act::Send(octets))),
                Output::Close(id) => acts.push((module_id(id), Act::Close)),
                Output::Reset(id) => acts.push((module_id(id), Act::Break(NetworkFailure::ReadFailed))),
                Output::Keep(id, message) => {
                    self.captured.push_back(captured(&message));
                    outputs.extend(self.core.step(now_ms, Input::Kept(id, Ok(()))));
                }
                Output::Log(_) => {}
            }
        }
        acts
    }
}

/// A message as the suite holds it against what was edited.
fn captured(message: &Arc<mmsc::Captured>) -> Captured {
    Captured {
        pdu: message.body.clone(),
        target: message.target().to_owned(),
        host: message.host().to_owned(),
        media: Some(message.media().to_owned()),
    }
}

fn core_id(id: ConnectionId) -> mmsc::ConnectionId {
    mmsc::ConnectionId(u64::from(id.0))
}

fn module_id(id: mmsc::ConnectionId) -> ConnectionId {
    ConnectionId(u32::try_from(id.0).unwrap_or(u32::MAX))
}

impl FarEnd for CaptureMmsc {
    fn request(&mut self, now_ms: u64, connection: ConnectionId, request: Request<'_>) -> Vec<(u64, Act)> {
        let id = core_id(connection);
        let mut acts = Vec::new();
        let answered = match request {
            Request::Connect { host, port } if host != MMSC_HOST || port != MMSC_PORT => {
                let is_address = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
                let why = if is_address { NetworkFailure::Refused } else { NetworkFailure::NameUnresolved };
                return vec![(TRAVEL_MS, Act::Break(why))];
            }
            Request::Connect { .. } => {
                acts.push((TRAVEL_MS, Act::Accept));
                self.step(now_ms, Input::Opened(id, None))
            }
            Request::Bytes(bytes) => self.step(now_ms, Input::Received(id, bytes)),
            Request::Close => self.step(now_ms, Input::Lost(id)),
        };
        acts.extend(
            answered.into_iter().filter(|(to, _)| *to == connection).map(|(_, act)| (TRAVEL_MS, act)),
        );
        acts
    }

    fn tick(&mut self, now_ms: u64) -> Vec<(ConnectionId, Act)> {
        self.step(now_ms, Input::Tick)
    }

    fn wake_at(&self) -> Option<u64> {
        self.core.wake_ms()
    }
}

/// What is put between the runner and a module.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    /// Faults of the link, drawn from `seed`.
    pub faults: Option<Faults>,
    /// Seeds the link.
    pub seed: u64,
    /// Unsolicited lines at every legal point.
    pub noise: bool,
    /// Lines sent to the module before the run: `ATE0`, `AT+CMEE=2`.
    pub before: Vec<String>,
    /// A pulled cable takes the port away, as that of a USB module does; else it is only silent.
    pub tells_loss: bool,
}

/// Runs `cases` against the module that `profile` describes, and gives all events back.
///
/// # Panics
/// When the run does not end within a day of virtual time: a hang is a defect of the runner, whatever the module does.
pub fn run(
    profile: &Profile,
    cases: Vec<Case>,
    bench: ec20_suite::executor::Bench,
    conditions: &Conditions,
) -> Vec<Event> {
    let module = Module::new(profile);
    let module = if conditions.noise { module.with_noise() } else { module };
    let faults = conditions.faults.unwrap_or_default();
    let link = Link::new(module, conditions.seed, faults);
    let mut memory = Bench::new(link, CaptureMmsc::default());
    for line in &conditions.before {
        memory.exchange(line, 5000);
    }
    let mut told = !conditions.tells_loss;
    drive_till_lost(&mut memory, Executor::new(cases, bench), |memory| {
        let lost = !told && memory.machine().is_unplugged();
        told |= lost;
        lost
    })
}

/// Drives an executor against a module in memory until the run is over.
///
/// # Panics
/// As [`run`].
pub fn drive<M: Machine>(memory: &mut Bench<M, CaptureMmsc>, executor: Executor) -> Vec<Event> {
    drive_till_lost(memory, executor, |_| false)
}

/// The same for a run that is killed as soon as so many writes have left.
///
/// # Panics
/// As [`run`].
pub fn drive_till_killed<M: Machine>(
    memory: &mut Bench<M, CaptureMmsc>,
    executor: Executor,
    writes: usize,
) -> Vec<Event> {
    drive_with(memory, executor, writes, |_| false)
}

/// The same with a port that may be taken away: `lost` says so, once.
fn drive_till_lost<M: Machine>(
    memory: &mut Bench<M, CaptureMmsc>,
    executor: Executor,
    lost: impl FnMut(&mut Bench<M, CaptureMmsc>) -> bool,
) -> Vec<Event> {
    drive_with(memory, executor, usize::MAX, lost)
}

fn drive_with<M: Machine>(
    memory: &mut Bench<M, CaptureMmsc>,
    mut executor: Executor,
    mut writes: usize,
    mut lost: impl FnMut(&mut Bench<M, CaptureMmsc>) -> bool,
) -> Vec<Event> {
    const DAY_MS: u64 = 24 * 3600 * 1000;
    let mut events = Vec::new();
    loop {
        assert!(memory.now() < DAY_MS, "the run does not end");
        let now_us = memory.now() * 1000;
        let action = executor.poll(now_us);
        events.extend(executor.events());
        match action {
            Action::Done => return events,
            Action::Send(_) if writes == 0 => return events,
            Action::Send(bytes) => {
                writes -= 1;
                executor.sent(now_us);
                memory.send(&bytes);
            }
            Action::Order(words) if words == FORGET => {
                memory.far_end().core.forget_orders();
                executor.ordered(Ok(()));
            }
            Action::Order(words) => {
                let answer = Answer::parse(&words).map_err(|error| error.to_string());
                executor.ordered(answer.map(|answer| memory.far_end().core.order(answer)));
            }
            Action::Recover { .. } => executor.recovered(now_us, Err(Vec::new())),
            Action::Wait { until_us } => {
                let until_ms = until_us.div_ceil(1000);
                let due = memory.next_due().filter(|due| *due <= until_ms);
                memory.run_until(due.unwrap_or(until_ms));
            }
        }
        let now_us = memory.now() * 1000;
        let said = memory.take();
        executor.received(now_us, &said);
        if lost(memory) {
            executor.lost(now_us, "the port is gone");
        }
        while let Some(message) = memory.far_end().captured.pop_front() {
            executor.captured(now_us, message);
        }
    }
}

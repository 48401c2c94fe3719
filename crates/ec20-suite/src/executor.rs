//! Puts the questions: runs cases against a module, one exchange after the other, and judges what comes.
//!
//! It is sans-IO: it owns no port, clock or file. A driver asks [`Executor::poll`] what to do, does it, and hands back what
//! happened: the port on a bench, the simulated module in virtual time, and a recording are three such drivers. Inside, the run is
//! written as straight-line `async` code over one shared `desk`, polled by hand: no runtime, no thread, no waker.

mod case;
mod data;
mod desk;
mod exchange;
mod files;
mod identity;
mod message;
mod reader;
mod recipients;
mod recovery;
mod registers;
mod restorer;
mod revival;
mod run;
mod settings;
mod traces;
mod wire;
mod witness;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Waker};

use desk::Desk;
pub use desk::{Action, Captured, FORGET};
pub use settings::{Bench, Expected, Permit, Recipients};

use crate::journal::Event;
use crate::ledger::Ledger;
use crate::suite::Case;
use crate::verdict::Verdict;

/// A run in progress.
pub struct Executor {
    desk: Rc<Desk>,
    task: Pin<Box<dyn Future<Output = ()>>>,
    done: bool,
}

/// Why a run on this bench would not begin the case, with `ledger` spent so far: the verdict and its cause. What a bench would find out by
/// reading counts as missing here.
pub fn not_begun(bench: &Bench, ledger: &Ledger, case: &Case) -> Option<(Verdict, String)> {
    case::not_begun(bench, ledger, case)
}

impl Executor {
    /// A run of `cases`, in this order, on a bench as described.
    pub fn new(cases: Vec<Case>, bench: Bench) -> Self {
        let desk = Rc::new(Desk::default());
        // The head comes first, whatever a driver has to tell before the first poll: a port that did not open.
        desk.record(Event::Run(bench.run.clone()));
        desk.record(Event::Ground(bench.ground(&cases)));
        for case in &cases {
            desk.record(Event::Planned(case.planned()));
        }
        let task = Box::pin(run::run(Rc::clone(&desk), cases, bench));
        Self { desk, task, done: false }
    }

    /// What the driver must do next, at this time in µs of a monotonic clock.
    ///
    /// [`Action::Send`] wants one of [`sent`](Self::sent), [`withheld`](Self::withheld) or [`lost`](Self::lost) before the next poll;
    /// [`Action::Order`] wants [`ordered`](Self::ordered);
    /// [`Action::Recover`] wants [`recovered`](Self::recovered). [`Action::Wait`] wants [`received`](Self::received) with what came, or the next poll when the time is reached.
    pub fn poll(&mut self, now_us: u64) -> Action {
        self.desk.advance(now_us);
        if !self.done {
            let mut context = Context::from_waker(Waker::noop());
            self.done = self.task.as_mut().poll(&mut context).is_ready();
        }
        if self.done { Action::Done } else { self.desk.action() }
    }

    /// Bytes came from the module.
    pub fn received(&mut self, now_us: u64, bytes: &[u8]) {
        self.desk.advance(now_us);
        self.desk.received(bytes);
    }

    /// The bytes of the last [`Action::Send`] are out.
    pub fn sent(&mut self, now_us: u64) {
        self.desk.advance(now_us);
        self.desk.settle_send(Ok(()));
    }

    /// The gate did not let the bytes of the last [`Action::Send`] out.
    pub fn withheld(&mut self, now_us: u64, reason: impl Into<String>) {
        self.desk.advance(now_us);
        self.desk.settle_send(Err(reason.into()));
    }

    /// The far end took the order of the last [`Action::Order`], or did not, for a reason.
    pub fn ordered(&mut self, outcome: Result<(), String>) {
        self.desk.settle_send(outcome);
    }

    /// The port is gone.
    pub fn lost(&mut self, now_us: u64, reason: impl Into<String>) {
        self.desk.advance(now_us);
        self.desk.lose(reason.into());
    }

    /// The port of the last [`Action::Recover`] is open again, or is not; with what was done, in words.
    pub fn recovered(&mut self, now_us: u64, outcome: Result<Vec<String>, Vec<String>>) {
        self.desk.advance(now_us);
        self.desk.settle_recovery(outcome);
    }

    /// The far end captured a message.
    pub fn captured(&mut self, now_us: u64, message: Captured) {
        self.desk.advance(now_us);
        self.desk.capture(message);
    }

    /// The run shall end in order: no new case, `finally` runs.
    pub fn interrupt(&mut self, reason: impl Into<String>) {
        self.desk.interrupt(reason.into());
    }

    /// The events since the last call, to be written to the journal.
    pub fn events(&mut self) -> Vec<Event> {
        self.desk.take_events()
    }
}

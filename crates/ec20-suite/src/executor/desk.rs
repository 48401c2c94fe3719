//! The desk between the run and its driver: what the run waits for, what the driver brought.
//!
//! It knows times, bytes and wishes. It does not know what any of them mean.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::Poll;

use crate::escape::escaped;
use crate::journal::{Direction, Event};

/// What the driver must do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Put these bytes on the wire.
    Send(Vec<u8>),
    /// Wait for bytes, until this time in µs at the latest.
    Wait {
        /// The time.
        until_us: u64,
    },
    /// Tell the far end how to treat the next message: the words after `mmsc`; or [`FORGET`].
    Order(String),
    /// Bring the module back: open its port again once it is there, and with `power` work the power switch before that.
    Recover {
        /// Why it is held to be gone.
        reason: String,
        /// Whether the power switch is meant.
        power: bool,
    },
    /// Nothing: the run is over.
    Done,
}

/// The order that takes back every order that no message has met.
pub const FORGET: &str = "forget";

/// A message that reached the capture MMSC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// The M-Send.req as it came.
    pub pdu: Vec<u8>,
    /// The request line's target: absolute form through a proxy, origin form without.
    pub target: String,
    /// The `Host` header.
    pub host: String,
    /// The `Content-Type` header, empty if there was none; none where a journal of old does not tell.
    pub media: Option<String>,
}

/// Why nothing more is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Woken {
    /// The time is reached.
    Deadline,
    /// The port is gone.
    Lost(String),
    /// The run shall end.
    Interrupted,
}

#[derive(Debug, Default)]
enum Wish {
    #[default]
    Nothing,
    Send(Vec<u8>),
    Order(String),
    Wait(u64),
    Recover(String, bool),
}

/// Shared by the run and the executor's public face.
#[derive(Debug, Default)]
pub(super) struct Desk {
    now_us: Cell<u64>,
    /// Whether the wire was seen silent and nothing went over it since.
    still: Cell<bool>,
    wish: RefCell<Wish>,
    outcome: RefCell<Option<Result<(), String>>>,
    inbox: RefCell<VecDeque<(u64, Vec<u8>)>>,
    captured: RefCell<VecDeque<(u64, Captured)>>,
    lost: RefCell<Option<String>>,
    recovery: RefCell<Option<Result<Vec<String>, Vec<String>>>>,
    interrupted: RefCell<Option<String>>,
    events: RefCell<Vec<Event>>,
}

/// The driver's side.
impl Desk {
    pub(super) fn advance(&self, now_us: u64) {
        self.now_us.set(self.now_us.get().max(now_us));
    }

    pub(super) fn action(&self) -> Action {
        match &*self.wish.borrow() {
            Wish::Send(bytes) => Action::Send(bytes.clone()),
            Wish::Order(words) => Action::Order(words.clone()),
            Wish::Wait(until_us) => Action::Wait { until_us: *until_us },
            Wish::Recover(reason, power) => Action::Recover { reason: reason.clone(), power: *power },
            // Every await of the run leaves a wish; without one there is nothing to wait for.
            Wish::Nothing => Action::Wait { until_us: self.now_us.get() },
        }
    }

    pub(super) fn received(&self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.still.set(false);
        let t_us = self.now_us.get();
        self.record(Event::Wire { t_us, dir: Direction::Module, bytes: escaped(bytes) });
        self.inbox.borrow_mut().push_back((t_us, bytes.to_vec()));
    }

    pub(super) fn settle_send(&self, outcome: Result<(), String>) {
        let t_us = self.now_us.get();
        match (&*self.wish.borrow(), &outcome) {
            (Wish::Send(bytes), Ok(())) => {
                self.still.set(false);
                self.record(Event::Wire { t_us, dir: Direction::Host, bytes: escaped(bytes) });
            }
            (Wish::Send(bytes), Err(reason)) => {
                self.record(Event::Refused { t_us, bytes: escaped(bytes), reason: reason.clone() });
            }
            (Wish::Order(words), outcome) => {
                let problem = outcome.clone().err();
                self.record(Event::Ordered { t_us, words: words.clone(), problem });
            }
            _ => {}
        }
        *self.outcome.borrow_mut() = Some(outcome);
    }

    pub(super) fn lose(&self, reason: String) {
        if self.lost.borrow().is_none() {
            self.record(Event::Lost { t_us: self.now_us.get(), reason: reason.clone() });
            *self.lost.borrow_mut() = Some(reason);
        }
    }

    pub(super) fn settle_recovery(&self, outcome: Result<Vec<String>, Vec<String>>) {
        *self.recovery.borrow_mut() = Some(outcome);
    }

    pub(super) fn capture(&self, message: Captured) {
        let Captured { pdu, target, host, media } = message.clone();
        self.record(Event::Captured { t_us: self.now_us.get(), target, host, media, pdu: escaped(&pdu) });
        self.captured.borrow_mut().push_back((self.now_us.get(), message));
    }

    pub(super) fn interrupt(&self, reason: String) {
        self.interrupted.borrow_mut().get_or_insert(reason);
    }

    pub(super) fn take_events(&self) -> Vec<Event> {
        std::mem::take(&mut self.events.borrow_mut())
    }
}

/// The run's side.
impl Desk {
    pub(super) fn now_us(&self) -> u64 {
        self.now_us.get()
    }

    pub(super) fn record(&self, event: Event) {
        self.events.borrow_mut().push(event);
    }

    pub(super) fn note(&self, note: impl Into<String>) {
        self.record(Event::Bench { t_us: self.now_us(), note: note.into() });
    }

    /// A wait that was asked for, from then until then, is over. What the driver overslept was not asked for.
    pub(super) fn waited(&self, begun_us: u64, until_us: u64, why: &str) {
        let t_us = self.now_us();
        let for_us = t_us.min(until_us).saturating_sub(begun_us);
        if for_us > 0 {
            self.record(Event::Waited { t_us, for_us, why: why.to_owned() });
        }
    }

    /// Whether the wire was seen silent and nothing went over it since.
    pub(super) fn is_still(&self) -> bool {
        self.still.get()
    }

    /// The wire was silent for as long as was asked for.
    pub(super) fn found_still(&self) {
        self.still.set(true);
    }

    pub(super) fn lost(&self) -> Option<String> {
        self.lost.borrow().clone()
    }

    pub(super) fn interrupted(&self) -> Option<String> {
        self.interrupted.borrow().clone()
    }

    /// Has a lost port brought back; true: it is open again, and what came before is forgotten.
    pub(super) async fn recover(&self, power: bool) -> bool {
        let reason = self.lost().unwrap_or_default();
        let begun_us = self.now_us();
        *self.recovery.borrow_mut() = None;
        *self.wish.borrow_mut() = Wish::Recover(reason, power);
        let outcome = poll_fn(|_| match self.recovery.borrow_mut().take() {
            Some(outcome) => Poll::Ready(outcome),
            None => Poll::Pending,
        })
        .await;
        *self.wish.borrow_mut() = Wish::Nothing;
        self.waited(begun_us, self.now_us(), "the port to come back");
        let back = outcome.is_ok();
        for note in outcome.unwrap_or_else(|notes| notes) {
            self.note(note);
        }
        if back {
            self.inbox.borrow_mut().clear();
            *self.lost.borrow_mut() = None;
        }
        back
    }

    /// Puts bytes on the wire; the error is the gate's reason.
    pub(super) async fn send(&self, bytes: Vec<u8>) -> Result<(), String> {
        self.ask(Wish::Send(bytes)).await
    }

    /// Gives the far end an order; the error is why it cannot follow it.
    pub(super) async fn order(&self, words: String) -> Result<(), String> {
        self.ask(Wish::Order(words)).await
    }

    async fn ask(&self, wish: Wish) -> Result<(), String> {
        *self.outcome.borrow_mut() = None;
        *self.wish.borrow_mut() = wish;
        poll_fn(|_| match self.outcome.borrow_mut().take() {
            Some(outcome) => {
                *self.wish.borrow_mut() = Wish::Nothing;
                Poll::Ready(outcome)
            }
            // A port that is gone sends nothing and answers for itself: the next read says so.
            None if self.lost.borrow().is_some() => Poll::Ready(Ok(())),
            None => Poll::Pending,
        })
        .await
    }

    /// The next bytes, with the time they came at, or why there are none.
    pub(super) async fn receive(
        &self,
        deadline_us: u64,
        heed_interrupt: bool,
    ) -> Result<(u64, Vec<u8>), Woken> {
        poll_fn(|_| {
            if let Some(chunk) = self.inbox.borrow_mut().pop_front() {
                return Poll::Ready(Ok(chunk));
            }
            if let Some(reason) = self.lost() {
                return Poll::Ready(Err(Woken::Lost(reason)));
            }
            if heed_interrupt && self.interrupted.borrow().is_some() {
                return Poll::Ready(Err(Woken::Interrupted));
            }
            if self.now_us() >= deadline_us {
                return Poll::Ready(Err(Woken::Deadline));
            }
            *self.wish.borrow_mut() = Wish::Wait(deadline_us);
            Poll::Pending
        })
        .await
    }

    /// The oldest captured message, waiting for it until the time given.
    pub(super) async fn captured(&self, deadline_us: u64) -> Option<Captured> {
        let begun_us = self.now_us();
        let captured = poll_fn(|_| {
            if let Some((_, message)) = self.captured.borrow_mut().pop_front() {
                return Poll::Ready(Some(message));
            }
            if self.now_us() >= deadline_us || self.lost.borrow().is_some() {
                return Poll::Ready(None);
            }
            *self.wish.borrow_mut() = Wish::Wait(deadline_us);
            Poll::Pending
        })
        .await;
        self.waited(begun_us, deadline_us, "the message at the far end");
        captured
    }

    /// Lets time pass without a module; an interrupt ends it.
    pub(super) async fn pause(&self, until_us: u64, why: &str) {
        let begun_us = self.now_us();
        poll_fn(|_| {
            if self.now_us() >= until_us || self.interrupted.borrow().is_some() {
                return Poll::Ready(());
            }
            *self.wish.borrow_mut() = Wish::Wait(until_us);
            Poll::Pending
        })
        .await;
        self.waited(begun_us, until_us, why);
    }

    /// Forgets messages that were captured before this time.
    pub(super) fn forget_captured(&self, before_us: u64) {
        self.captured.borrow_mut().retain(|(t_us, _)| *t_us >= before_us);
    }
}

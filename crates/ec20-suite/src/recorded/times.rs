//! Where the time of a run went: to the wire, to the module, to waits that somebody asked for, and to nobody.
//!
//! Knows the journal's times and what bytes take at the speed of the wire. Refuses to guess: what no event accounts for is the rest, which
//! is the runner's own.

use serde::{Deserialize, Serialize};

use crate::escape::unescaped;
use crate::journal::{Direction, Event};

/// Bits per second of a serial port that is not said to be another; a byte has ten.
const BAUD: u32 = 115_200;

/// Where the time of a run went, in µs. The four parts add up to the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// From the first event to the last.
    pub wall_us: u64,
    /// What the bytes need at the wire's speed (115200 baud, where the journal names no other), as far as the run took that long over them:
    /// a pseudo-terminal is faster.
    pub wire_us: u64,
    /// From a command to its answer, from a send to its result, between two pieces of an answer: what the module took.
    pub module_us: u64,
    /// What was waited because that was asked for, each time with its reason in the journal: a transcript's `wait` and `quiet`, guard times
    /// round `+++`, silence before the first word and after a fault, what was awaited to its deadline and did not come; and the silence
    /// before every command.
    pub declared_us: u64,
    /// What is left: the runner's own.
    pub rest_us: u64,
}

impl Times {
    /// The times of a run, from its events.
    ///
    /// ```
    /// use ec20_suite::journal::{Direction, Event};
    /// use ec20_suite::recorded::Times;
    /// let wire = |t_us, dir, bytes: &str| Event::Wire { t_us, dir, bytes: bytes.to_owned() };
    /// let events = [
    ///     wire(1_000, Direction::Host, "AT\\r"),
    ///     wire(6_000, Direction::Module, "\\r\\nOK\\r\\n"),
    ///     Event::Waited { t_us: 106_000, for_us: 100_000, why: "the transcript's wait".to_owned() },
    /// ];
    /// let times = Times::of(&events);
    /// assert_eq!((times.wall_us, times.declared_us, times.rest_us), (106_000, 100_000, 1_000));
    /// assert_eq!((times.wire_us, times.module_us), (780, 4_220));
    /// ```
    pub fn of(events: &[Event]) -> Self {
        let mut clock = Clock::default();
        for event in events {
            clock.take(event);
        }
        clock.times()
    }

    /// The rest in tenths of a percent of the whole.
    pub fn rest_per_mille(&self) -> u64 {
        self.rest_us.saturating_mul(1000).checked_div(self.wall_us).unwrap_or(0)
    }
}

/// What the times of a run are reckoned from, gathered event by event: a wait is only told when it is over, after what came in its midst.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// From when to when it was waited because that was asked for.
    waits: Vec<(u64, u64)>,
    /// What went over the wire.
    passed: Vec<Passed>,
    wall_us: u64,
    quiet_us: u64,
    baud: Option<u32>,
    /// Whether the next command line is a question of the runner's own.
    aside: bool,
}

/// Bytes on the wire.
#[derive(Debug)]
struct Passed {
    t_us: u64,
    needed_us: u64,
    /// The silence that the runner keeps before a command.
    quiet_us: u32,
    dir: Direction,
    aside: bool,
}

impl Clock {
    pub(super) fn take(&mut self, event: &Event) {
        self.wall_us = self.wall_us.max(event.t_us().unwrap_or(0));
        match event {
            Event::Ground(ground) => {
                self.quiet_us = ground.quiet_ms.saturating_mul(1000);
                self.baud = ground.baud;
            }
            Event::Aside { .. } => self.aside = true,
            Event::Waited { t_us, for_us, .. } => self.waits.push((t_us.saturating_sub(*for_us), *t_us)),
            Event::Wire { t_us, dir, bytes } => {
                let aside = *dir == Direction::Host && std::mem::take(&mut self.aside);
                let quiet_us = u32::try_from(self.quiet_us).unwrap_or(u32::MAX);
                let needed_us = needed_us(bytes, self.baud.unwrap_or(BAUD));
                self.passed.push(Passed { t_us: *t_us, needed_us, quiet_us, dir: *dir, aside });
            }
            _ => {}
        }
    }

    pub(super) fn times(mut self) -> Times {
        let mut times = Times { wall_us: self.wall_us, ..Times::default() };
        let waits = union(&mut self.waits);
        let (mut now_us, mut unread_us) = (0_u64, 0_u64);
        // Silence is waited for once behind every answer, but not between two questions of the runner's own, nor between the pieces of
        // what it says.
        let (mut after_aside, mut answered) = (false, true);
        for Passed { t_us, needed_us, quiet_us, dir, aside } in self.passed {
            let declared_us = asked_for(&waits, now_us, t_us);
            let mut left_us = t_us.saturating_sub(now_us).saturating_sub(declared_us);
            times.declared_us += declared_us;
            match dir {
                Direction::Module => {
                    times.wire_us += take(&mut left_us, unread_us.saturating_add(needed_us));
                    times.module_us += left_us;
                    unread_us = 0;
                    answered = true;
                }
                Direction::Host => {
                    times.wire_us += take(&mut left_us, unread_us);
                    if answered && !(aside && after_aside) {
                        times.declared_us += take(&mut left_us, u64::from(quiet_us));
                    }
                    (after_aside, answered) = (aside, false);
                    times.rest_us += left_us;
                    unread_us = needed_us;
                }
            }
            now_us = now_us.max(t_us);
        }
        let declared_us = asked_for(&waits, now_us, self.wall_us);
        times.declared_us += declared_us;
        times.rest_us += self.wall_us.saturating_sub(now_us).saturating_sub(declared_us);
        times
    }
}

/// Stretches of time in order, none of them over another.
fn union(waits: &mut [(u64, u64)]) -> Vec<(u64, u64)> {
    waits.sort_unstable();
    let mut apart: Vec<(u64, u64)> = Vec::new();
    for &(start_us, end_us) in &*waits {
        match apart.last_mut() {
            Some((_, last_us)) if start_us <= *last_us => *last_us = (*last_us).max(end_us),
            _ => apart.push((start_us, end_us)),
        }
    }
    apart
}

/// How much of a stretch was waited because that was asked for.
fn asked_for(waits: &[(u64, u64)], from_us: u64, to_us: u64) -> u64 {
    let first = waits.partition_point(|(_, end_us)| *end_us <= from_us);
    let touching = waits.iter().skip(first).take_while(|(start_us, _)| *start_us < to_us);
    touching.map(|(start_us, end_us)| (*end_us).min(to_us).saturating_sub((*start_us).max(from_us))).sum()
}

/// What escaped bytes need on the wire.
fn needed_us(bytes: &str, baud: u32) -> u64 {
    let count = unescaped(bytes).map_or(0, |bytes| bytes.len());
    u64::try_from(count).unwrap_or_default().saturating_mul(10_000_000) / u64::from(baud.max(1))
}

/// Takes as much as is there.
fn take(left_us: &mut u64, wanted_us: u64) -> u64 {
    let taken = wanted_us.min(*left_us);
    *left_us -= taken;
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Ground;

    fn wire(t_us: u64, dir: Direction, count: usize) -> Event {
        Event::Wire { t_us, dir, bytes: "x".repeat(count) }
    }

    #[track_caller]
    fn check(events: &[Event], wire_us: u64, module_us: u64, declared_us: u64, rest_us: u64) {
        let times = Times::of(events);
        assert_eq!(
            (times.wire_us, times.module_us, times.declared_us, times.rest_us),
            (wire_us, module_us, declared_us, rest_us)
        );
        assert_eq!(wire_us + module_us + declared_us + rest_us, times.wall_us, "the parts are the whole");
    }

    #[test]
    fn every_microsecond_is_somebodys() {
        let ground = Event::Ground(Ground { quiet_ms: 3, ..Ground::default() });
        let host = |t_us| wire(t_us, Direction::Host, 0);
        let module = |t_us| wire(t_us, Direction::Module, 0);
        check(&[], 0, 0, 0, 0);
        check(&[host(10), module(40)], 0, 30, 0, 10);
        // The silence before a command is asked for, what is more than it is not.
        check(&[ground.clone(), host(5_000)], 0, 0, 3_000, 2_000);
        check(&[ground.clone(), host(1_000)], 0, 0, 1_000, 0);
        // Between two questions of the runner's own, and between the pieces of a line, there is none.
        let aside = || Event::Aside { t_us: 0, command: "AT".to_owned() };
        let first = [ground.clone(), aside(), host(4_000), module(4_010)];
        check(&[&first[..], &[aside(), host(9_010)]].concat(), 0, 10, 3_000, 6_000);
        check(&[&first[..], &[host(9_010)]].concat(), 0, 10, 6_000, 3_000);
        check(&[ground, host(3_000), host(4_000)], 0, 0, 3_000, 1_000);
        // What comes in the midst of a wait changes nothing of it.
        let waited = |t_us, for_us| Event::Waited { t_us, for_us, why: String::new() };
        check(&[host(0), module(50), waited(100, 100), host(130)], 0, 0, 100, 30);
        check(&[host(0), module(10), waited(100, 50), waited(200, 100), module(260)], 0, 110, 150, 0);
        check(&[host(0), waited(100, 100)], 0, 0, 100, 0);
        // A byte needs 86 µs; where it took less, it took less.
        check(&[wire(0, Direction::Host, 1), wire(1_000, Direction::Module, 1)], 172, 828, 0, 0);
        check(&[wire(0, Direction::Host, 1), wire(100, Direction::Module, 1)], 100, 0, 0, 0);
        check(&[wire(0, Direction::Host, 10), wire(1_000, Direction::Host, 1)], 868, 0, 0, 132);
        let slow = Event::Ground(Ground { baud: Some(9600), ..Ground::default() });
        check(&[slow, wire(0, Direction::Host, 1), wire(3_000, Direction::Module, 1)], 2_082, 918, 0, 0);
    }
}

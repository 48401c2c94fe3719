//! A line that spoils what goes over it: splits, delays, drops, doubles and corrupts bytes, pulls the cable, presses the
//! power button; all of it decided by a seed, so that the same seed spoils the same bytes.
//!
//! Knows bytes and times. Refuses to know what the bytes mean: the faults live in the line, never in the module.

use std::collections::VecDeque;

use crate::event::{Environment, Input, Machine, Output};

/// How much a line spoils. The rates are per million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults {
    /// Every piece is cut at random places.
    pub split: bool,
    /// A piece waits up to this long; pieces never overtake each other.
    pub delay_ms_max: u64,
    /// Bytes that vanish.
    pub drop_ppm: u32,
    /// Bytes that come twice.
    pub duplicate_ppm: u32,
    /// Bytes of which one bit turns.
    pub corrupt_ppm: u32,
    /// The cable is pulled when so many bytes, both directions together, have gone over the line.
    pub unplug_after: Option<u64>,
    /// The module restarts when so many bytes have gone over the line.
    pub reboot_after: Option<u64>,
}

/// A small generator of the same numbers for the same seed (splitmix64).
#[derive(Debug, Clone)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, 0 when there is none.
    fn below(&mut self, end: u64) -> u64 {
        self.roll().checked_rem(end).unwrap_or(0)
    }

    fn happens(&mut self, ppm: u32) -> bool {
        ppm > 0 && self.below(1_000_000) < u64::from(ppm)
    }
}

/// One direction: pieces on their way, in order.
#[derive(Debug, Clone, Default)]
struct Lane {
    pieces: VecDeque<(u64, Vec<u8>)>,
    last_due: u64,
}

/// A module behind a line that spoils.
///
/// ```
/// use ec20_manual::profile::Profile;
/// use ec20_sim::link::{Faults, Link};
/// use ec20_sim::{Input, Machine, Module, Output};
///
/// let faults = Faults { split: true, delay_ms_max: 20, ..Faults::default() };
/// let mut link = Link::new(Module::new(Profile::manual()), 7, faults);
/// let mut heard = Vec::new();
/// let mut outputs = link.step(0, Input::Bytes(b"AT\r"));
/// for now in 1..100 {
///     for output in outputs {
///         if let Output::Bytes(bytes) = output {
///             heard.extend(bytes);
///         }
///     }
///     outputs = link.step(now, Input::Tick);
/// }
/// assert_eq!(heard, b"AT\r\r\nOK\r\n");
/// ```
#[derive(Debug)]
pub struct Link<M> {
    machine: M,
    faults: Faults,
    dice: Dice,
    to_module: Lane,
    to_host: Lane,
    carried: u64,
    unplugged: bool,
    rebooted: bool,
    machine_wakes: Option<u64>,
}

impl<M: Machine> Link<M> {
    /// A line before a machine, with its seed.
    pub fn new(machine: M, seed: u64, faults: Faults) -> Self {
        Self {
            machine,
            faults,
            dice: Dice(seed),
            to_module: Lane::default(),
            to_host: Lane::default(),
            carried: 0,
            unplugged: false,
            rebooted: false,
            machine_wakes: None,
        }
    }

    /// Whether the cable has been pulled.
    pub fn is_unplugged(&self) -> bool {
        self.unplugged
    }

    /// The cable is put back in.
    pub fn plug_in(&mut self) {
        self.unplugged = false;
        self.faults.unplug_after = None;
    }

    /// The machine behind the line.
    pub fn machine(&mut self) -> &mut M {
        &mut self.machine
    }

    /// Bytes enter the line.
    fn enter(&mut self, now: u64, bytes: &[u8], to_host: bool) {
        let mut spoiled = Vec::with_capacity(bytes.len());
        for byte in bytes {
            self.carried += 1;
            if self.faults.unplug_after.is_some_and(|after| self.carried > after) {
                self.unplugged = true;
                break;
            }
            if self.dice.happens(self.faults.drop_ppm) {
                continue;
            }
            let turned = self.dice.happens(self.faults.corrupt_ppm);
            let bit = if turned { 1 << self.dice.below(8) } else { 0 };
            spoiled.push(byte ^ bit);
            if self.dice.happens(self.faults.duplicate_ppm) {
                spoiled.push(byte ^ bit);
            }
        }
        let mut rest = &spoiled[..];
        while !rest.is_empty() {
            let length = u64::try_from(rest.len()).unwrap_or(u64::MAX);
            let cut = if self.faults.split { self.dice.below(length) + 1 } else { length };
            let (piece, after) = rest.split_at(usize::try_from(cut).unwrap_or(rest.len()));
            let delay = self.dice.below(self.faults.delay_ms_max + 1);
            let lane = if to_host { &mut self.to_host } else { &mut self.to_module };
            lane.last_due = lane.last_due.max(now + delay);
            lane.pieces.push_back((lane.last_due, piece.to_vec()));
            rest = after;
        }
    }

    /// Hands an input to the machine and puts what it says on the line.
    fn drive(&mut self, now: u64, input: Input<'_>, outputs: &mut Vec<Output>) {
        self.machine_wakes = None;
        for output in self.machine.step(now, input) {
            match output {
                Output::Bytes(bytes) if !self.unplugged => self.enter(now, &bytes, true),
                Output::Bytes(_) => {}
                Output::WakeAt(at) => self.machine_wakes = Some(at),
                other => outputs.push(other),
            }
        }
    }
}

impl<M: Machine> Machine for Link<M> {
    fn step(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output> {
        let mut outputs = Vec::new();
        let was_plugged = !self.unplugged;
        match input {
            Input::Bytes(bytes) if !self.unplugged => self.enter(now_ms, bytes, false),
            Input::Bytes(_) => {}
            other => self.drive(now_ms, other, &mut outputs),
        }
        while let Some((_, piece)) = pop_due(&mut self.to_module, now_ms) {
            self.drive(now_ms, Input::Bytes(&piece), &mut outputs);
        }
        if !self.rebooted && self.faults.reboot_after.is_some_and(|after| self.carried > after) {
            self.rebooted = true;
            self.drive(now_ms, Input::Environment(Environment::Reboot), &mut outputs);
        }
        if was_plugged && self.unplugged {
            self.to_module.pieces.clear();
            self.drive(now_ms, Input::Environment(Environment::Unplug), &mut outputs);
        }
        while let Some((_, piece)) = pop_due(&mut self.to_host, now_ms) {
            outputs.push(Output::Bytes(piece));
        }
        let fronts = [&self.to_module, &self.to_host].map(|lane| lane.pieces.front().map(|(due, _)| *due));
        if let Some(at) = fronts.into_iter().chain([self.machine_wakes]).flatten().min() {
            outputs.push(Output::WakeAt(at));
        }
        outputs
    }
}

fn pop_due(lane: &mut Lane, now: u64) -> Option<(u64, Vec<u8>)> {
    lane.pieces.pop_front_if(|(due, _)| *due <= now)
}

#[cfg(test)]
mod tests {
    use ec20_manual::profile::Profile;

    use super::*;
    use crate::Module;

    fn heard(seed: u64, faults: Faults) -> (Vec<u8>, Link<Module>) {
        let mut link = Link::new(Module::new(Profile::manual()), seed, faults);
        let mut heard = Vec::new();
        for now in 0..500 {
            let input = if now < 5 { Input::Bytes(b"ATI\r") } else { Input::Tick };
            for output in link.step(now, input) {
                if let Output::Bytes(bytes) = output {
                    heard.extend(bytes);
                }
            }
        }
        (heard, link)
    }

    #[test]
    fn the_same_seed_spoils_the_same_bytes() {
        let faults = Faults {
            split: true,
            delay_ms_max: 9,
            drop_ppm: 50_000,
            duplicate_ppm: 50_000,
            corrupt_ppm: 50_000,
            ..Faults::default()
        };
        assert_eq!(heard(3, faults).0, heard(3, faults).0);
        assert_ne!(heard(3, faults).0, heard(4, faults).0);
    }

    #[test]
    fn a_pulled_cable_is_silent_for_good() {
        let (bytes, mut link) = heard(1, Faults { unplug_after: Some(20), ..Faults::default() });
        assert!(link.is_unplugged() && bytes.len() <= 20);
        link.plug_in();
        let said = link.step(1000, Input::Bytes(b"AT\r"));
        assert_eq!(said, [Output::Bytes(b"AT\r\r\nOK\r\n".to_vec())]);
    }

    #[test]
    fn a_restart_in_the_middle_brings_the_boot_lines() {
        let (bytes, _) = heard(1, Faults { reboot_after: Some(30), ..Faults::default() });
        assert!(bytes.windows(5).any(|w| w == b"\nRDY\r"), "{}", bytes.escape_ascii());
    }
}

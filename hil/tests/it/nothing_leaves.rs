//! The proof of the gate: whatever the cases ask and whatever comes back, nothing leaves unasked that could cost, transmit, wipe or write
//! non-volatile memory.
//!
//! All cases run in virtual time, by a runner that would do everything: it offers every need and holds nothing back itself. Only the gate
//! stands between it and a module that writes down every byte. The module is the simulated one behind a line that spoils, delays and
//! repeats, and a babbler that says the worst at the worst time. What left is read as the most obedient module would read it, by the
//! words of the manuals and not by the program's table.

use std::collections::{BTreeSet, VecDeque};

use ec20_hil::gate::{Gate, Rules, Ruling};
use ec20_manual::Effect;
use ec20_manual::profile::Profile;
use ec20_sim::leg::memory::{Act, Bench as Memory, FarEnd, Request};
use ec20_sim::link::{Faults, Link};
use ec20_sim::{ConnectionId, Module, NetworkFailure};
use ec20_suite::escape::escaped;
use ec20_suite::executor::{Action, Bench, Executor, Permit};
use ec20_suite::journal::{Event, FORMAT, Run};
use ec20_suite::suite::{Case, Suite, Variables};
use globset::{Glob, GlobSetBuilder};
use rstest::rstest;

use crate::gate_properties::readings;

/// Every case there is.
fn cases() -> Vec<Case> {
    let variables = Variables::read("variables.toml", ec20_golden::VARIABLES).expect("variables");
    let files =
        ec20_golden::files().iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    let suite = Suite::assemble(ec20_golden::transcripts().iter().copied(), files, &variables);
    suite.expect("the built-in suite").cases().to_vec()
}

/// A runner that holds nothing back.
fn reckless(cases: Vec<Case>) -> Executor {
    executor(cases, None)
}

fn executor(cases: Vec<Case>, recipient: Option<ec20_suite::executor::Recipients>) -> Executor {
    let offers: BTreeSet<String> = cases.iter().flat_map(|case| case.needs.iter().cloned()).collect();
    let run = Run {
        format: FORMAT,
        version: "test".to_owned(),
        suite_hash: String::new(),
        started: String::new(),
        port: "memory".to_owned(),
        command: String::new(),
    };
    let permit = Permit { effects: Effect::ALL.into(), recipient, ..Permit::default() };
    Executor::new(cases, Bench { offers, permit, escape_first: true, ..Bench::new(run) })
}

/// The other side of the line.
trait Far {
    fn hears(&mut self, now_us: u64, bytes: &[u8]);
    /// What comes until then, and when; the time moves on to it.
    fn says(&mut self, now_us: u64, until_us: u64) -> (u64, Vec<u8>);
}

/// Runs all cases; gives back every byte that left, write by write, and the events.
fn run(executor: Executor, rules: Rules, far: &mut dyn Far) -> (Vec<Vec<u8>>, Vec<Event>) {
    let (mut executor, mut gate) = (executor, Gate::new(rules));
    let (mut now_us, mut left, mut events) = (0, Vec::new(), Vec::new());
    loop {
        assert!(now_us < 100 * 3_600_000_000, "the run does not end");
        let action = executor.poll(now_us);
        events.extend(executor.events());
        match action {
            Action::Done => return (left, events),
            Action::Order(_) => executor.ordered(Ok(())),
            Action::Recover { .. } => executor.recovered(now_us, Err(Vec::new())),
            Action::Send(bytes) => match gate.rule(now_us, &bytes) {
                Ruling::Withheld(reason) => executor.withheld(now_us, reason),
                Ruling::Leaves => {
                    executor.sent(now_us);
                    far.hears(now_us, &bytes);
                    left.push(bytes);
                }
            },
            Action::Wait { until_us } => {
                let (then_us, bytes) = far.says(now_us, until_us);
                now_us = then_us;
                gate.hear(now_us, &bytes);
                executor.received(now_us, &bytes);
            }
        }
    }
}

/// A network that counts who wants to go there.
#[derive(Default)]
struct Counting(u32);

impl FarEnd for Counting {
    fn request(&mut self, _: u64, _: ConnectionId, request: Request<'_>) -> Vec<(u64, Act)> {
        self.0 += 1;
        match request {
            Request::Connect { .. } => vec![(1, Act::Break(NetworkFailure::Refused))],
            Request::Bytes(_) | Request::Close => Vec::new(),
        }
    }
}

type Simulated = Memory<Link<Module>, Counting>;

impl Far for Simulated {
    fn hears(&mut self, _now_us: u64, bytes: &[u8]) {
        self.send(bytes);
    }

    fn says(&mut self, now_us: u64, until_us: u64) -> (u64, Vec<u8>) {
        if self.heard().is_empty() {
            let until_ms = until_us.div_ceil(1000);
            let due = self.next_due().filter(|due| *due <= until_ms);
            self.run_until(due.unwrap_or(until_ms));
        }
        (now_us.max(self.now() * 1000), self.take())
    }
}

fn simulated(faults: Faults, seed: u64) -> Simulated {
    Memory::new(Link::new(Module::new(Profile::manual()).with_noise(), seed, faults), Counting::default())
}

/// A module that answers `AT` and says anything to anything else.
struct Babbler {
    dice: u64,
    line: Vec<u8>,
    /// The line before: its answer may come now.
    before: Vec<u8>,
    coming: VecDeque<(u64, Vec<u8>)>,
}

impl Babbler {
    fn roll(&mut self, below: usize) -> usize {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.dice >> 33).expect("31 bits") % below
    }

    fn answer(&mut self, line: &[u8]) -> Vec<u8> {
        const WORST: [&[u8]; 14] = [
            b"\r\nOK\r\n",
            b"\r\nERROR\r\n",
            b"\r\n+CME ERROR: 751\r\n",
            b"\r\nCONNECT\r\n",
            b"\r\nCONNECT\r\nCONNECT\r\n",
            b"\r\n> ",
            b"\r\nRDY\r\n",
            b"\r\n+QMMSEDIT: 1,\"13856122546\"\r\n\r\nOK\r\n",
            b"\r\n+QMMSEDIT: 1,\"",
            b"\r\n+QFUPL: 10,5555\r\n\r\nOK\r\n",
            b"\r\n+QIURC: \"pdpdeact\",1\r\n\r\n+QIURC: \"pdpdeact\",1\r\n\r\nOK\r\n",
            b"AAAA\x00\xff\x08\x11\x13",
            b"\r\nOK\r\n\r\nOK\r\nAT+QMMSEND=30\r\r\nOK\r\n",
            b"",
        ];
        let echo = [line, b"\r"].concat();
        if line == b"AT" {
            return [&echo[..], b"\r\nOK\r\n"].concat();
        }
        // It reads lines by the usual rules, or nothing at all would be tried on it.
        let registers = [(b"ATS3?", b"013"), (b"ATS4?", b"010"), (b"ATS5?", b"008")];
        if let Some((_, value)) = registers.into_iter().find(|(query, _)| line.ends_with(&query[..])) {
            return [&echo[..], b"\r\n", value, b"\r\n\r\nOK\r\n"].concat();
        }
        let worst = self.roll(WORST.len());
        match self.roll(8) {
            0 => [&self.before[..], b"\r", WORST[worst], &echo, b"\r\nOK\r\n"].concat(),
            1 => WORST[worst].to_vec(),
            2 | 3 => [&echo[..], WORST[worst]].concat(),
            _ => [&echo[..], b"\r\nOK\r\n"].concat(),
        }
    }
}

impl Far for Babbler {
    fn hears(&mut self, now_us: u64, bytes: &[u8]) {
        // What was late in a run before this one is forgotten.
        self.coming.retain(|(at_us, _)| *at_us <= now_us + 20_000_000);
        for &byte in bytes {
            if byte != b'\r' {
                self.line.push(byte);
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let answer = self.answer(&line);
            // Now and then an answer takes longer than anybody waits.
            let late_us = if line != b"AT" && self.roll(50) == 0 { 9_000_000 } else { 2000 };
            let at_us = now_us + late_us;
            let at_us = self.coming.back().map_or(at_us, |(last_us, _)| at_us.max(*last_us));
            self.coming.push_back((at_us, answer));
            self.before = line;
        }
    }

    fn says(&mut self, now_us: u64, until_us: u64) -> (u64, Vec<u8>) {
        match self.coming.pop_front_if(|(at_us, _)| *at_us <= until_us) {
            Some((at_us, bytes)) => (now_us.max(at_us), bytes),
            None => (now_us.max(until_us), Vec::new()),
        }
    }
}

/// What a line would do that must not happen unasked, if it would. The words are the manuals'.
fn danger(line: &[u8], uploaded: &BTreeSet<Vec<u8>>) -> Option<&'static str> {
    const COSTS_SENDS_OR_WIPES: [&str; 17] = [
        "+QMMSEND=",
        "+CMGS",
        "+CMSS",
        "+CUSD=",
        "+QIACT=",
        "+QIDEACT=",
        "+CGATT=",
        "+CGACT=",
        "+CFUN=",
        "+COPS=",
        "+QPOWD",
        "+QPRTPARA",
        "+QURCCFG=\"URCPORT\",",
        "+CPIN=",
        "+CLCK=",
        "&F",
        "&W",
    ];
    let upper = line.to_ascii_uppercase();
    let start = upper.windows(2).position(|pair| pair == b"AT")? + 2;
    let text = String::from_utf8_lossy(&upper[start..]).into_owned();
    let mut quoted = false;
    let commands = text.split(|c: char| {
        quoted ^= c == '"';
        c == ';' && !quoted
    });
    for command in commands.map(str::trim_start) {
        let name = command.split('=').next().unwrap_or_default();
        if command.ends_with('?') && !command.contains('"') {
            continue;
        }
        let basic = !command.starts_with('+');
        let word = COSTS_SENDS_OR_WIPES.into_iter().find(|word| {
            command.starts_with(word) || (basic && word.starts_with('&') && command.contains(word))
        });
        if word.is_some() {
            return word;
        }
        if basic && (command.starts_with('D') || command.starts_with('Z')) {
            return Some("dials or resets");
        }
        let file = command.split('"').nth(1).unwrap_or_default();
        if name == "+QFUPL" && !file.starts_with("RAM:") {
            return Some("writes the flash");
        }
        if name == "+QFDEL" && (file.contains('*') || !uploaded.contains(file.as_bytes())) {
            return Some("deletes what this run did not upload");
        }
    }
    None
}

/// Every dangerous line that some module could find in what left.
fn dangers(left: &[Vec<u8>]) -> Vec<String> {
    let stream = left.concat();
    let upper = String::from_utf8_lossy(&stream.to_ascii_uppercase()).into_owned();
    let names = upper.split("+QFUPL=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let uploaded: BTreeSet<Vec<u8>> = names.map(|name| name.as_bytes().to_vec()).collect();
    let mut found: Vec<String> = readings(&stream)
        .iter()
        .filter_map(|line| danger(line, &uploaded).map(|why| format!("{why}: {}", escaped(line))))
        .collect();
    found.sort();
    found.dedup();
    found
}

fn refused(events: &[Event]) -> usize {
    events.iter().filter(|event| matches!(event, Event::Refused { .. })).count()
}

/// Every case in a run of its own, so that a module that is given up in one of them is asked the next: what left, and how often the gate
/// held something back.
fn one_by_one(far: &mut dyn Far) -> (Vec<Vec<u8>>, usize) {
    let (mut left, mut held_back) = (Vec::new(), 0);
    for case in cases() {
        let (bytes, events) = run(reckless(vec![case]), Rules::unasked(), far);
        assert_eq!(dangers(&bytes), Vec::<String>::new());
        held_back += refused(&events);
        left.extend(bytes);
    }
    (left, held_back)
}

#[rstest]
#[case::a_good_line(Faults::default(), 1)]
#[case::cut_and_late(Faults { split: true, delay_ms_max: 400, ..Faults::default() }, 2)]
#[case::later_than_some_wait(Faults { delay_ms_max: 1400, ..Faults::default() }, 3)]
#[case::bits_turn(Faults { corrupt_ppm: 2000, ..Faults::default() }, 4)]
#[case::bytes_vanish(Faults { drop_ppm: 2000, ..Faults::default() }, 5)]
#[case::bytes_come_twice(Faults { duplicate_ppm: 2000, split: true, ..Faults::default() }, 6)]
#[case::restarts(Faults { reboot_after: Some(20_000), ..Faults::default() }, 7)]
#[case::everything(Faults { split: true, delay_ms_max: 300, drop_ppm: 500, duplicate_ppm: 500, corrupt_ppm: 500, reboot_after: Some(30_000), ..Faults::default() }, 8)]
fn from_a_simulated_module_behind_a_bad_line(#[case] faults: Faults, #[case] seed: u64) {
    let mut far = simulated(faults, seed);
    let (left, held_back) = one_by_one(&mut far);
    assert_eq!(far.far_end().0, 0, "the module wanted to go to the network");
    assert!(left.len() > 2000 && held_back > 50, "hardly anything was tried: {} {held_back}", left.len());
}

#[rstest]
fn from_a_module_that_says_anything(#[values(2, 3)] seed: u64) {
    let mut far = Babbler { dice: seed, line: Vec::new(), before: Vec::new(), coming: VecDeque::new() };
    let (left, held_back) = one_by_one(&mut far);
    // A case that is answered with noise seldom comes to its dangerous line.
    assert!(left.len() > 2000 && held_back > 5, "hardly anything was tried: {} {held_back}", left.len());
}

/// The proof would show it: with leave for everything, dangerous lines leave, the module goes to the network, and the gate, once it is let
/// be by leave, withholds nothing but what it cannot know.
#[test]
fn with_leave_for_everything_the_dangers_are_seen() {
    let everybody = GlobSetBuilder::new().add(Glob::new("*").expect("a glob")).build().expect("globs");
    let rules = Rules { allow: Effect::ALL.into(), recipients: everybody, ..Rules::unasked() };
    let anybody: ec20_suite::executor::Recipients = std::rc::Rc::new(|_| true);
    let mut far = simulated(Faults::default(), 1);
    let (mut left, mut withheld) = (Vec::new(), Vec::new());
    for case in cases() {
        let (bytes, events) = run(executor(vec![case], Some(anybody.clone())), rules.clone(), &mut far);
        left.extend(bytes);
        withheld.extend(events.into_iter().filter_map(|event| match event {
            Event::Refused { bytes, reason, .. } => Some(format!("{bytes}: {reason}")),
            _ => None,
        }));
    }
    let dangers = dangers(&left);
    for word in ["+QMMSEND=", "+QIACT=", "+CFUN=", "&F", "writes the flash"] {
        assert!(dangers.iter().any(|danger| danger.starts_with(word)), "{word} is not in {dangers:#?}");
    }
    assert!(far.far_end().0 > 0, "and the module goes to the network");
    assert_eq!(withheld, Vec::<String>::new());
}

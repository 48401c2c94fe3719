//! A run that is killed anywhere, and another one begun on the same module: what the first left behind is nobody's fault.
//!
//! Knows how many writes a case makes, kills the run after one of them, and asks the whole suite afterwards. `EC20_KILLS` sets how often.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use ec20_laws::virtual_bench::{CaptureMmsc, drive, drive_till_killed};
use ec20_manual::profile::Profile;
use ec20_sim::Module;
use ec20_sim::leg::memory::Bench as Memory;
use ec20_suite::executor::{Bench, Executor};
use ec20_suite::journal::Event;
use ec20_suite::suite::{Case, Suite};

use crate::asked::{bench, complaints, suite};

static SUITE: LazyLock<Suite> = LazyLock::new(suite);

/// How often a plain `cargo test` kills a run.
const KILLS: u64 = 6;

fn memory() -> Memory<Module, CaptureMmsc> {
    Memory::new(Module::new(Profile::manual()), CaptureMmsc::default())
}

/// How many writes a run of one case makes, from the first of the case on.
fn writes(case: &Case) -> (usize, usize) {
    let events = drive(&mut memory(), Executor::new(vec![case.clone()], bench(&SUITE)));
    let host = |event: &Event| matches!(event, Event::Wire { dir: ec20_suite::journal::Direction::Host, .. });
    let begins = events.iter().position(|event| matches!(event, Event::CaseStart { .. })).unwrap_or(0);
    let before = events[..begins].iter().filter(|event| host(event)).count();
    (before, events.iter().filter(|event| host(event)).count())
}

/// What is wrong with the run after a kill.
fn wrong_with(kill: u64) -> Vec<String> {
    let cases = SUITE.cases();
    let at = usize::try_from(kill * 7919).unwrap_or(0) % cases.len();
    let (from, to) = writes(&cases[at]);
    if to == from {
        return Vec::new();
    }
    let after = from + usize::try_from(kill * 31).unwrap_or(0) % (to - from) + 1;
    let mut memory = memory();
    drive_till_killed(&mut memory, Executor::new(vec![cases[at].clone()], bench(&SUITE)), after);
    memory.run_for(200 + kill % 7 * 400);
    memory.take();
    let mut again = Bench { escape_first: true, ..bench(&SUITE) };
    // What a person may say of a module no longer holds.
    again.offers.remove("factory-fresh");
    let events = drive(&mut memory, Executor::new(cases.to_vec(), again));
    let blames = |wrong: &String| ["fail", "broken", "breach"].iter().any(|word| wrong.starts_with(word));
    let complaints: BTreeSet<String> = complaints(&events).into_iter().filter(blames).collect();
    complaints
        .into_iter()
        .map(|wrong| format!("killed in {} after {after} writes: {wrong}", cases[at].id))
        .collect()
}

#[test]
fn a_fresh_run_after_a_kill_blames_nobody() {
    let kills = std::env::var("EC20_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let next = AtomicU64::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let kill = next.fetch_add(1, Ordering::Relaxed);
                    if kill >= kills {
                        break;
                    }
                    wrong.lock().expect("no thread has panicked").extend(wrong_with(kill));
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("no thread has panicked");
    assert!(wrong.is_empty(), "{kills} kills:\n  {}", wrong.join("\n  "));
}

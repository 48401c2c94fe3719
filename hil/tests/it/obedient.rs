//! The law of the gate: whatever a case asks, whatever an earlier program left, and however a module lies, the most obedient module there
//! could be executes nothing that was not allowed.
//!
//! Sessions are drawn: a module, dialogues, leave. The real executor plays the dialogues through the real gate in virtual time.
//! `EC20_SESSIONS=1000000 cargo test --release -p ec20-hil --test it obedient` is the campaign; `EC20_SEED` begins it elsewhere.

mod attacker;
mod module;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use ec20_hil::gate::{Gate, Rules, Ruling, UNASKED};
use ec20_manual::Effect;
use ec20_suite::escape::escaped;
use ec20_suite::executor::{Action, Bench, Executor, Permit, Recipients};
use ec20_suite::journal::{FORMAT, Run};
use ec20_suite::suite::{Case, Suite, Variables};
use fastrand::Rng;
use globset::{Glob, GlobSetBuilder};
use module::{Deed, Obedient};

/// How many sessions `cargo test` plays.
const SESSIONS: u64 = 3000;
/// From how many dialogues each session draws its own.
const DIALOGUES: usize = 600;
/// A run that asks for more than this comes to no end.
const STEPS: usize = 200_000;

/// How a session ended.
#[derive(Debug, Default, Clone)]
struct Outcome {
    /// What was executed and must not have been.
    wrong: Vec<String>,
    /// How many messages left that might.
    sent: u64,
    /// How many writes left, and how many were withheld.
    left: u64,
    withheld: u64,
}

fn dialogues(seed: u64) -> Vec<Case> {
    let mut dice = Rng::with_seed(seed);
    let texts: Vec<(String, String)> = (0..DIALOGUES)
        .map(|number| {
            let id = format!("drawn-{number}");
            (format!("{id}.atx"), attacker::transcript(&mut dice, &id))
        })
        .collect();
    let variables = Variables::read("variables.toml", ec20_golden::VARIABLES).expect("variables");
    let texts = texts.iter().map(|(file, text)| (file.as_str(), text.as_str()));
    Suite::assemble(texts, BTreeMap::new(), &variables).expect("dialogues without a mistake").cases().to_vec()
}

/// What a session may do.
fn rules(dice: &mut Rng) -> Rules {
    let mut recipients = GlobSetBuilder::new();
    for glob in ["+4911111111", "*@bench.example"] {
        recipients.add(Glob::new(glob).expect("a glob"));
    }
    let further = [Effect::Billable, Effect::Radio, Effect::Nv, Effect::Destructive];
    let often = [90, 50, 30, 15];
    let allowed = further.into_iter().zip(often).filter(|(_, often)| dice.u32(0..100) < *often);
    let allow = UNASKED.into_iter().chain(allowed.map(|(effect, _)| effect).collect::<Vec<_>>()).collect();
    let budgets = if dice.bool() { [(Effect::Billable, dice.u32(0..3))].into() } else { BTreeMap::new() };
    Rules { allow, recipients: recipients.build().expect("globs"), budgets, exempt: false }
}

/// Whether the address is one of those that the session may send to: in words of its own.
fn is_covered(address: &str) -> bool {
    let name = address.strip_suffix("@bench.example");
    let plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    address == "+4911111111" || name.is_some_and(plain)
}

/// What of the deeds was not allowed.
fn wrong(deeds: &[Deed], rules: &Rules) -> Vec<String> {
    let mut sent = 0;
    let mut wrong = Vec::new();
    for deed in deeds {
        let allowed = match deed {
            Deed::Sends(addresses) => {
                sent += 1;
                let budget = rules.budgets.get(&Effect::Billable);
                rules.allow.contains(&Effect::Billable)
                    && budget.is_none_or(|budget| sent <= *budget)
                    && addresses.iter().all(|address| is_covered(address))
            }
            Deed::Radio(_) => rules.allow.contains(&Effect::Radio),
            Deed::Keeps(_) => rules.allow.contains(&Effect::Nv),
            Deed::Worst(_) => rules.allow.contains(&Effect::Destructive),
        };
        if !allowed {
            wrong.push(format!("{deed:?}, allowed {:?} {:?}", rules.allow, rules.budgets));
        }
    }
    wrong
}

fn session(seed: u64, dialogues: &[Case], log: &mut Vec<String>) -> Outcome {
    let mut dice = Rng::with_seed(seed);
    let mut module = Obedient::drawn(&mut dice);
    let rules = rules(&mut dice);
    let cases = (0..dice.usize(1..4)).map(|_| dialogues[dice.usize(0..dialogues.len())].clone()).collect();
    let run = Run {
        format: FORMAT,
        version: "test".to_owned(),
        suite_hash: String::new(),
        started: String::new(),
        port: "memory".to_owned(),
        command: String::new(),
    };
    // The run itself would do everything: only the gate stands between.
    let anybody: Recipients = std::rc::Rc::new(|_| true);
    let permit = Permit { effects: Effect::ALL.into(), recipient: Some(anybody), ..Permit::default() };
    let bench = Bench { permit, escape_first: dice.u32(0..20) > 0, ..Bench::new(run) };
    let (mut executor, mut gate) = (Executor::new(cases, bench), Gate::new(rules.clone()));
    let (mut now_us, mut outcome) = (0, Outcome::default());
    let mut left = 0;
    for _ in 0..STEPS {
        let action = executor.poll(now_us);
        executor.events();
        match action {
            Action::Done => break,
            Action::Order(_) => executor.ordered(Ok(())),
            Action::Recover { .. } => executor.recovered(now_us, Err(Vec::new())),
            Action::Send(bytes) => match gate.rule(now_us, &bytes) {
                Ruling::Withheld(reason) => {
                    log.push(format!("{now_us} withheld {}: {reason}", escaped(&bytes)));
                    outcome.withheld += 1;
                    executor.withheld(now_us, reason);
                }
                Ruling::Leaves => {
                    log.push(format!("{now_us} > {}", escaped(&bytes)));
                    left += 1;
                    executor.sent(now_us);
                    module.hear(&bytes);
                }
            },
            Action::Wait { until_us } => {
                let bytes = module.take();
                now_us = if bytes.is_empty() { now_us.max(until_us) } else { now_us + 1000 };
                if !bytes.is_empty() {
                    log.push(format!("{now_us} < {}", escaped(&bytes)));
                }
                gate.hear(now_us, &bytes);
                executor.received(now_us, &bytes);
            }
        }
    }
    let sends = module.deeds.iter().filter(|deed| matches!(deed, Deed::Sends(_))).count();
    outcome.sent = u64::try_from(sends).expect("a count");
    outcome.left = left;
    outcome.wrong = wrong(&module.deeds, &rules);
    if !outcome.wrong.is_empty() {
        log.push(format!("{module:?}"));
    }
    outcome
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn nothing_that_was_not_allowed_is_executed() {
    let (sessions, first) = (number("EC20_SESSIONS", SESSIONS), number("EC20_SEED", 0));
    let (next, total) = (AtomicU64::new(0), Mutex::new(Outcome::default()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                // Cases share what cannot be shared between threads.
                let mut dialogues: (u64, Vec<Case>) = (u64::MAX, Vec::new());
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= sessions || total.lock().expect("the total").wrong.len() >= 5 {
                        break;
                    }
                    let seed = first + at;
                    let pool = seed / 20_000;
                    if dialogues.0 != pool {
                        dialogues = (pool, self::dialogues(pool));
                    }
                    let mut log = Vec::new();
                    let outcome = session(seed, &dialogues.1, &mut log);
                    let mut total = total.lock().expect("the total");
                    total.sent += outcome.sent;
                    total.left += outcome.left;
                    total.withheld += outcome.withheld;
                    if !outcome.wrong.is_empty() {
                        let story = log.into_iter().rev().take(40).rev().collect::<Vec<_>>().join("\n");
                        total.wrong.push(format!("seed {seed}: {:#?}\n{story}", outcome.wrong));
                    }
                }
            });
        }
    });
    let total = total.into_inner().expect("the total");
    println!(
        "{sessions} sessions from seed {first}: {} writes left, {} withheld, {} messages",
        total.left, total.withheld, total.sent
    );
    assert!(total.wrong.is_empty(), "{}", total.wrong.join("\n\n"));
    // The proof would show it: messages do leave, to those who may get them.
    assert!(
        total.sent * 50 > sessions && total.withheld > sessions / 2,
        "hardly anything was tried: {total:?}"
    );
}

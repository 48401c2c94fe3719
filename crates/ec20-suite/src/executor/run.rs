//! A whole run: who is there, what is set, all cases, what is put back, how it ended.
//!
//! It knows the order of things around the cases. What a case is, `case` knows.

use std::rc::Rc;

use super::desk::Desk;
use super::restorer::Restorer;
use super::revival::Revival;
use super::settings::Bench;
use super::wire::Wire;
use super::{case, files, identity, recipients, recovery, registers};
use crate::journal::{Event, NotAskedWhy};
use crate::ledger::Ledger;
use crate::suite::Case;
use crate::verdict::{Exit, Verdict, settled};

/// Runs everything; ends when nothing is left to do.
pub(super) async fn run(desk: Rc<Desk>, cases: Vec<Case>, mut bench: Bench) {
    let mut wire = Wire::new(Rc::clone(&desk), bench.transport_us);
    let mut verdicts: Vec<Verdict> = Vec::new();
    if let Err(reason) = recovery::greet(&mut wire, &bench).await {
        let stop = Stop { why: NotAskedWhy::PortLost, reason };
        return end(&mut wire, verdicts, cases.len(), Some(stop));
    }
    wire.traces.ledger = Ledger::new(bench.permit.budgets.clone());
    registers::look(&mut wire, &mut bench).await;
    let mut identity = identity::asked(&mut wire).await;
    identity.shown = bench.show_identity;
    desk.record(Event::Identity(identity.clone()));
    if let Some(mut reason) = bench.expected.differs(&identity) {
        // Two numbers say more than where they differ, but stand-ins for them would name modules that do not exist.
        if let (Some(false), Some(imei)) = (bench.redacted, &bench.expected.imei) {
            let says = identity.cgsn.as_deref().unwrap_or("nothing");
            reason = format!("{reason} (the bench file says {imei}, AT+CGSN says {says})");
        }
        let stop = Stop { why: NotAskedWhy::AnotherModule, reason };
        return end(&mut wire, verdicts, cases.len(), Some(stop));
    }
    probe(&mut wire, &cases, &mut bench).await;
    if let Some(took_us) = recovery::calibrated(&mut wire, bench.calibrate).await {
        bench.transport_us = took_us;
        wire.calibrate(took_us);
        desk.note(format!("the transport adds {}.{:03} ms to every answer", took_us / 1000, took_us % 1000));
        desk.record(Event::Ground(bench.ground(&cases)));
    }
    let begins = |case: &&Case| case::not_begun(&bench, &wire.traces.ledger, case).is_none();
    let asked: Vec<&Case> = cases.iter().filter(begins).collect();
    files::look(&mut wire, &asked, &bench.uploaded).await;
    let mut restorer = Restorer::snapshot(&mut wire, identity, &asked).await;
    let mut revival = Revival::default();
    let mut stopped = None;
    for case in &cases {
        stopped = stop(&desk, &bench, &verdicts);
        if stopped.is_some() {
            break;
        }
        verdicts.push(attempts(&mut wire, &mut restorer, &bench, case).await);
        let failed = matches!(verdicts.last(), Some(Verdict::Fail | Verdict::Broken));
        if desk.lost().is_none() && failed {
            // If the module does not answer `AT` any more, later cases are skipped instead of timing out.
            if let Err(reason) = recovery::resync(&mut wire).await {
                desk.lose(reason);
            }
        }
        if desk.lost().is_none() {
            if !matches!(verdicts.last(), Some(Verdict::Withheld | Verdict::Unsupported)) {
                revival.progressed();
            }
        } else {
            revival.revive(&mut wire, &mut restorer, &bench).await;
        }
    }
    if desk.lost().is_none() {
        restorer.restore_all(&mut wire).await;
        if recovery::resync(&mut wire).await.is_err() {
            desk.note("the module no longer answers AT at the end of the run");
        }
    }
    let left = cases.len().saturating_sub(verdicts.len());
    end(&mut wire, verdicts, left, stopped);
}

/// Why no further case is asked.
struct Stop {
    why: NotAskedWhy,
    reason: String,
}

/// All attempts at one case, and what they come to together.
async fn attempts(wire: &mut Wire, restorer: &mut Restorer, bench: &Bench, case: &Case) -> Verdict {
    let mut seen = Vec::new();
    let mut left = bench.repeat.max(1);
    let mut retries = bench.retries;
    while left > 0 {
        left -= 1;
        let number = u32::try_from(seen.len()).unwrap_or(u32::MAX).saturating_add(1);
        if case::not_begun(bench, &wire.traces.ledger, case).is_none() {
            recipients::settle(wire, bench, case).await;
        }
        let verdict = case::attempt(wire, restorer, bench, case, number).await;
        seen.push(verdict);
        if matches!(verdict, Verdict::Fail | Verdict::Inconclusive) && retries > 0 && left == 0 {
            retries -= 1;
            left = 1;
        }
        if wire.desk.lost().is_some()
            || wire.desk.interrupted().is_some()
            || matches!(verdict, Verdict::Withheld | Verdict::Unsupported)
        {
            break;
        }
    }
    settled(&seen).map_or(Verdict::Broken, |(verdict, _)| verdict)
}

/// Whether and why no new case starts, given what the cases so far came to.
fn stop(desk: &Desk, bench: &Bench, verdicts: &[Verdict]) -> Option<Stop> {
    if let Some(reason) = desk.interrupted() {
        return Some(Stop { why: NotAskedWhy::Interrupted, reason });
    }
    if let Some(reason) = desk.lost() {
        return Some(Stop { why: NotAskedWhy::PortLost, reason });
    }
    let failed = verdicts.iter().filter(|verdict| **verdict == Verdict::Fail).count();
    if let Some(most) = bench.max_fail.filter(|most| failed >= *most as usize) {
        return Some(Stop { why: NotAskedWhy::MaxFail, reason: format!("--max-fail {most} is reached") });
    }
    let over = bench.budget_ms.is_some_and(|budget_ms| desk.now_us() > budget_ms.saturating_mul(1000));
    let reason = || "the run's time budget is used up".to_owned();
    over.then(|| Stop { why: NotAskedWhy::Budget, reason: reason() })
}

/// Ends the run: the cases that are `left` are told once, with the reason; then the standing clauses and the exit code.
fn end(wire: &mut Wire, mut verdicts: Vec<Verdict>, left: usize, stopped: Option<Stop>) {
    let desk = Rc::clone(&wire.desk);
    if let Some(Stop { why, reason }) = stopped.filter(|_| left > 0) {
        let cases = u64::try_from(left).unwrap_or(u64::MAX);
        desk.record(Event::NotAsked { t_us: desk.now_us(), why, reason, cases });
        let bench = why.is_of_the_bench();
        verdicts.push(if bench { Verdict::Broken } else { Verdict::Inconclusive });
    }
    verdicts.extend(wire.standing_verdicts());
    let interrupted = desk.interrupted();
    let exit = Exit::of(verdicts, interrupted.is_some()).code();
    desk.record(Event::End { t_us: desk.now_us(), interrupted, exit });
}

/// Finds out by reading what the bench offers beyond what it was told, as far as a case needs it.
async fn probe(wire: &mut Wire, cases: &[Case], bench: &mut Bench) {
    let open = |need: &str, bench: &Bench| {
        cases.iter().any(|case| case.needs.contains(need)) && !bench.offers.contains(need)
    };
    if open("sim-card", bench) {
        let ready = wire.ask(b"AT+CPIN?").await.information.iter().any(|line| line == "+CPIN: READY");
        found(wire, bench, "sim-card", ready, "AT+CPIN? does not say READY");
    }
    if open("attach", bench) {
        let attached = wire.ask(b"AT+CGATT?").await.information.iter().any(|line| line == "+CGATT: 1");
        found(wire, bench, "attach", attached, "AT+CGATT? does not say 1");
    }
    if open("pdp", bench) {
        let mut registered = false;
        for query in [&b"AT+CGREG?"[..], b"AT+CEREG?"] {
            let lines = wire.ask(query).await.information;
            registered |= lines.iter().any(|line| matches!(line.split(',').nth(1), Some("1" | "5")));
        }
        found(wire, bench, "pdp", registered, "neither AT+CGREG? nor AT+CEREG? says 1 or 5");
    }
    // The manual names them, but they stand in 3GPP TS 27.007, which leaves a firmware free to have them.
    for (need, commands) in [("qos", ["+CGQMIN", "+CGQREQ"]), ("qos-umts", ["+CGEQMIN", "+CGEQREQ"])] {
        if open(need, bench) {
            let [minimum, request] = commands;
            let there = has(wire, minimum).await && has(wire, request).await;
            let why_not = format!("AT{minimum} or AT{request} is refused in both of its forms, =? and ?");
            found(wire, bench, need, there, &why_not);
        }
    }
}

/// Whether the module has a command: one that answers one of its forms and refuses another has it.
async fn has(wire: &mut Wire, command: &str) -> bool {
    for form in ["=?", "?"] {
        if wire.ask(format!("AT{command}{form}").as_bytes()).await.result.as_deref() == Some(b"OK") {
            return true;
        }
    }
    false
}

fn found(wire: &Wire, bench: &mut Bench, need: &str, there: bool, why_not: &str) {
    if there {
        bench.offers.insert(need.to_owned());
    } else {
        wire.desk.note(format!("{need} is not there: {why_not}; what needs it is unsupported"));
    }
}

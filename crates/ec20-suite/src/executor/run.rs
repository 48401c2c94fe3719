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
use crate::journal::{CaseEnd, Event};
use crate::ledger::Ledger;
use crate::suite::Case;
use crate::verdict::{Exit, Verdict, settled};

/// Runs everything; ends when nothing is left to do.
pub(super) async fn run(desk: Rc<Desk>, cases: Vec<Case>, mut bench: Bench) {
    let mut wire = Wire::new(Rc::clone(&desk), bench.transport_us);
    let mut verdicts: Vec<Verdict> = Vec::new();
    if let Err(reason) = recovery::greet(&mut wire, &bench).await {
        for case in &cases {
            verdicts.push(not_asked(&desk, case, Verdict::Broken, &reason));
        }
        return end(&mut wire, verdicts);
    }
    wire.traces.ledger = Ledger::new(bench.permit.budgets.clone());
    registers::look(&mut wire, &mut bench).await;
    let identity = identity::asked(&mut wire).await;
    desk.record(Event::Identity(identity.clone()));
    if let Some(reason) = bench.expected.differs(&identity) {
        desk.note(format!("{reason}: nothing is asked of it"));
        for case in &cases {
            not_asked(&desk, case, Verdict::Broken, &reason);
        }
        return desk.record(Event::End { t_us: desk.now_us(), interrupted: None, exit: Exit::Usage.code() });
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
    for case in &cases {
        if let Some(reason) = stop_reason(&desk, &bench, &verdicts) {
            verdicts.push(not_asked(&desk, case, Verdict::Inconclusive, &reason));
            continue;
        }
        verdicts.push(attempts(&mut wire, &mut restorer, &bench, case).await);
        let failed = matches!(verdicts.last(), Some(Verdict::Fail | Verdict::Broken));
        if desk.lost().is_none() && failed {
            // The last word on whether the module is still there; if not, the rest is not asked of nobody.
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
    end(&mut wire, verdicts);
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

/// Why no new case starts, given what the cases so far came to.
fn stop_reason(desk: &Desk, bench: &Bench, verdicts: &[Verdict]) -> Option<String> {
    if let Some(reason) = desk.interrupted() {
        return Some(format!("not asked: {reason}"));
    }
    let failed = verdicts.iter().filter(|verdict| **verdict == Verdict::Fail).count();
    if let Some(most) = bench.max_fail.filter(|most| failed >= *most as usize) {
        return Some(format!("not asked: --max-fail {most} is reached"));
    }
    let over = bench.budget_ms.is_some_and(|budget_ms| desk.now_us() > budget_ms.saturating_mul(1000));
    over.then(|| "not asked: the run's time budget is used up".to_owned())
}

fn not_asked(desk: &Desk, case: &Case, verdict: Verdict, reason: &str) -> Verdict {
    desk.record(Event::CaseEnd(CaseEnd {
        t_us: desk.now_us(),
        case: case.id.clone(),
        attempt: 0,
        verdict,
        cause: Some(reason.to_owned()),
        clause: case.clauses.first().cloned(),
        place: None,
        expected: Vec::new(),
        came: None,
        leaky: None,
    }));
    verdict
}

fn end(wire: &mut Wire, mut verdicts: Vec<Verdict>) {
    let desk = Rc::clone(&wire.desk);
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

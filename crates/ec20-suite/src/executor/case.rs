//! One case, from its needs to its `finally`.
//!
//! It knows the order: stages, what is judged, the part that always runs, what was left behind. How a step is judged, `exchange` knows.

use std::collections::VecDeque;
use std::sync::Arc;

use ec20_manual::Effect;

use super::desk::FORGET;
use super::exchange::{Finding, Play};
use super::recovery;
use super::restorer::Restorer;
use super::settings::Bench;
use super::wire::Wire;
use crate::composed::Composed;
use crate::journal::{CaseEnd, Event};
use crate::ledger::Ledger;
use crate::suite::Case;
use crate::transcript::Transcript;
use crate::verdict::Verdict;

/// Plays a case once and records how it ended.
pub(super) async fn attempt(
    wire: &mut Wire,
    restorer: &mut Restorer,
    bench: &Bench,
    case: &Case,
    attempt: u32,
) -> Verdict {
    // A case that broke off may not have sent the message that its order was for.
    if wire.traces.ordered && wire.desk.lost().is_none() {
        wire.traces.ordered = wire.desk.order(FORGET.to_owned()).await.is_err();
    }
    wire.desk.record(Event::CaseStart { t_us: wire.desk.now_us(), case: case.id.clone(), attempt });
    wire.begin_case(&case.id);
    let mut composed = Composed::default();
    let (finding, mut leaky) = match refusal(bench, &wire.traces.ledger, case) {
        Some(finding) => (finding, None),
        None => played(wire, bench, case, &mut composed).await,
    };
    let (mut finding, restarted) = held_restart(wire, case, finding);
    if restarted && wire.desk.lost().is_none() {
        match recovery::resync(wire).await {
            Ok(()) => {
                restorer.restore_everything(wire).await;
            }
            Err(reason) => wire.desk.lose(reason),
        }
    }
    restorer.restore_echo(wire).await;
    let touched = wire.traces.take_touched();
    if let Some(residue) = restorer.restore_changed(wire, &touched).await {
        leaky.get_or_insert(residue);
    }
    wire.end_case();
    // A bench that was lost while a case was cleaned up has lost that case: nobody knows what it left behind.
    if let Some(reason) = wire.desk.lost().filter(|_| finding.verdict < Verdict::Fail) {
        finding = Finding::of(Verdict::Broken, reason);
    }
    let verdict = finding.verdict;
    wire.traces.ordered &= !matches!(verdict, Verdict::Pass | Verdict::Observed);
    wire.desk.record(Event::CaseEnd(CaseEnd {
        t_us: wire.desk.now_us(),
        case: case.id.clone(),
        attempt,
        verdict,
        cause: finding.cause.filter(|cause| !cause.is_empty()),
        clause: finding.clause.or_else(|| case.clauses.first().cloned()),
        place: finding.place,
        expected: finding.expected,
        came: finding.came,
        leaky,
    }));
    verdict
}

/// A module that starts anew by itself in the midst of a case has lost what it was told: whatever came of the case says nothing.
fn held_restart(wire: &mut Wire, case: &Case, finding: Box<Finding>) -> (Box<Finding>, bool) {
    // A case that may reset the module knows what it does.
    let restarted = wire.take_restarted() && case.effect < Effect::Nv;
    if !restarted || matches!(finding.verdict, Verdict::Withheld | Verdict::Unsupported) {
        return (finding, restarted);
    }
    let cause = "the module started anew in the midst of the case (RDY): power, or a crash".to_owned();
    (Box::new(Finding { verdict: Verdict::Broken, cause: Some(cause), ..*finding }), true)
}

/// Why a case is not begun: the verdict and its cause.
pub(super) fn not_begun(bench: &Bench, ledger: &Ledger, case: &Case) -> Option<(Verdict, String)> {
    if let Some(need) = case.needs.iter().find(|need| !bench.offers.contains(*need)) {
        return Some((Verdict::Unsupported, need.clone()));
    }
    if !bench.permit.effects.contains(&case.effect) {
        return Some((Verdict::Withheld, case.effect.name().to_owned()));
    }
    if let Some(odd) = bench.odd_register.as_ref().filter(|_| case.effect != Effect::Read) {
        return Some((Verdict::Withheld, odd.clone()));
    }
    ledger.refuses(case).map(|reason| (Verdict::Withheld, reason))
}

fn refusal(bench: &Bench, ledger: &Ledger, case: &Case) -> Option<Box<Finding>> {
    not_begun(bench, ledger, case).map(|(verdict, cause)| Finding::of(verdict, cause))
}

async fn played(
    wire: &mut Wire,
    bench: &Bench,
    case: &Case,
    composed: &mut Composed,
) -> (Box<Finding>, Option<String>) {
    let mut play = Play {
        wire,
        bench,
        case,
        bindings: case.bindings.clone(),
        composed,
        captured: Vec::new(),
        observed: None,
        cleaning: false,
        spared: false,
    };
    let mut begun: VecDeque<&Arc<Transcript>> = VecDeque::new();
    let mut outcome = Ok(());
    if bench.clean_first.contains(&case.id) {
        for transcript in case.stages.iter().chain([&case.transcript]).rev() {
            // What it cannot put back now, it will be found out by.
            let _ = clean_up(&mut play, transcript).await;
        }
    }
    for stage in &case.stages {
        begun.push_front(stage);
        outcome = play.steps(&stage.file, &stage.body).await;
        if outcome.is_ok() {
            outcome = play.settle().await;
        }
        // A set-up that fails decides nothing here: its own case says what is wrong.
        if let Err(finding) = &mut outcome {
            if finding.verdict == Verdict::Fail {
                finding.verdict = Verdict::Inconclusive;
                finding.cause = Some(format!("set-up: {}", stage.id));
            }
            break;
        }
    }
    if outcome.is_ok() {
        begun.push_front(&case.transcript);
        outcome = play.steps(&case.transcript.file, &case.transcript.body).await;
        if outcome.is_ok() {
            outcome = play.settle().await;
        }
    }
    let observed = play.observed.take();
    play.spared = false;
    play.wire.heed_interrupt(false);
    recovery::let_end(&mut play).await;
    play.wire.finish_sending().await;
    play.wire.heed_interrupt(true);
    let mut leaky = None;
    // What puts registers back is believed by the gate if its answer is certain.
    let _ = play.wire.end_doubt().await;
    play.wire.desk.record(Event::Finally { t_us: play.wire.desk.now_us() });
    for transcript in begun {
        if let Some(left) = clean_up(&mut play, transcript).await {
            leaky.get_or_insert(left);
        }
    }
    let finding = match (outcome, observed) {
        (Err(finding), _) => finding,
        (Ok(()), Some(observed)) => observed,
        (Ok(()), None) => Finding::of(Verdict::Pass, ""),
    };
    (finding, leaky)
}

/// The part that always runs. A wrong answer in it is no verdict: the case is leaky.
async fn clean_up(play: &mut Play<'_>, transcript: &Transcript) -> Option<String> {
    play.wire.heed_interrupt(false);
    play.cleaning = true;
    let mut left = None;
    // Each exchange for itself: one that goes wrong does not keep the others from running.
    let is_send = |step: &crate::transcript::Step| matches!(step.kind, crate::transcript::StepKind::Send(_));
    let mut rest = transcript.finally.as_slice();
    while !rest.is_empty() {
        let length = rest.iter().skip(1).position(is_send).map_or(rest.len(), |at| at + 1);
        let (exchange, after) = rest.split_at(length);
        rest = after;
        let played = play.steps(&transcript.file, exchange).await;
        if let Err(finding) = played {
            // Somebody's file stays where it is: the case has left nothing there.
            if std::mem::take(&mut play.spared) {
                continue;
            }
            if finding.verdict == Verdict::Broken {
                left.get_or_insert_with(|| finding.cause.unwrap_or_default());
                break;
            }
            let came = finding.came.or(finding.cause).unwrap_or_default();
            let place = finding.place.unwrap_or_default();
            left.get_or_insert_with(|| format!("{place}: {came}"));
            play.wire.finish().await;
        }
    }
    let _ = play.settle().await;
    play.cleaning = false;
    play.wire.heed_interrupt(true);
    left
}

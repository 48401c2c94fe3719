//! After silence or noise: is the module still there?
//!
//! It knows how to find out without doing harm: data mode is left first, then `AT` is asked. It does not know what broke.

use super::desk::Woken;
use super::exchange::{Finding, Play};
use super::settings::Bench;
use super::wire::Wire;
use crate::verdict::Verdict;

/// How often `AT` is asked before the module is held to be gone.
const TRIES: u32 = 3;
/// How long each `AT` may take, in ms. A healthy module answers in a few.
const PATIENCE_MS: u64 = 1500;
/// The guard time around `+++`, in ms.
const GUARD_MS: u64 = 1100;

/// The first words of a run. Stale bytes in the module's line buffer may spoil the first `AT`: that is no answer yet.
///
/// Where an earlier program may have left something: an upload would take the first commands for data. It is escaped before, with silence
/// round the escape as V.250 and the file manual ask for. Then half a line in the module's buffer is made invalid
/// ([`crate::residue::first_bytes`]). What answers, answers to nobody.
pub(super) async fn greet(wire: &mut Wire, bench: &Bench) -> Result<(), String> {
    wire.hush(50, "silence before the first word").await.map_err(in_words)?;
    if bench.escape_first {
        wire.escape(GUARD_MS).await.map_err(in_words)?;
        wire.invalidate(bench.baud).await.map_err(in_words)?;
    }
    if let Err(reason) = asked(wire, true).await {
        // A run that was killed may have left it without results: then it heard every word, and has no answer to `AT`.
        let heard = wire.desk.lost().is_none() && {
            let result = wire.ask_within(b"ATQ0", PATIENCE_MS).await.result;
            result.is_some_and(|result| result == b"OK" || result == b"0")
        };
        if !heard {
            return Err(reason);
        }
        wire.desk.note("the module kept its results to itself (ATQ1): ATQ0 was sent, and stays");
        asked(wire, true).await?;
    }
    if wire.answers_in_numbers() {
        wire.desk.note("the module answered in numbers (ATV0): ATV1 was sent, and stays");
        wire.ask_within(b"ATV1", PATIENCE_MS).await;
    }
    Ok(())
}

/// Finds the module again.
///
/// # Errors
/// Why it is held to be gone.
pub(super) async fn resync(wire: &mut Wire) -> Result<(), String> {
    wire.abandon();
    if wire.in_data_mode() {
        wire.pass(GUARD_MS, "the guard time before +++").await.map_err(in_words)?;
        wire.raw(b"+++".to_vec()).await?;
        wire.pass(GUARD_MS, "the guard time after +++").await.map_err(in_words)?;
        // A module that takes no notice of it would take `AT` for data as well.
        wire.outlast_upload().await.map_err(in_words)?;
        wire.leave_data_mode();
    }
    wire.discard(100).await.map_err(in_words)?;
    asked(wire, false).await
}

/// Lets an answer end that was on its way when the dialogue was broken off: the clean-up's first command is not to meet it, and a message
/// that it accepts is on its way.
pub(super) async fn let_end(play: &mut Play<'_>) {
    if play.wire.is_muted() {
        play.wire.abandon();
    }
    if !play.wire.answering() {
        return;
    }
    if play.wire.finish().await {
        if play.wire.is_accepted() {
            play.accepted();
        }
    } else if play.wire.desk.lost().is_none()
        && let Err(reason) = resync(play.wire).await
    {
        play.wire.desk.lose(reason);
    }
}

/// The first words after the module was lost: it may still be starting, for so long.
pub(super) async fn greet_again(wire: &mut Wire, bench: &Bench) -> Result<(), String> {
    let until_us = wire.desk.now_us().saturating_add(bench.back_ms.saturating_mul(1000));
    loop {
        wire.discard(500).await.map_err(in_words)?;
        if bench.escape_first {
            wire.invalidate(bench.baud).await.map_err(in_words)?;
        }
        // Each time with several `AT`.
        let outcome = asked(wire, false).await;
        let over = wire.desk.lost().is_some() || wire.desk.interrupted().is_some();
        if outcome.is_ok() || over || wire.desk.now_us() >= until_us {
            return outcome;
        }
    }
}

/// How long the shortest of so many `AT` takes from its CR to its `OK`, in µs: as good as nothing of it is the module's.
pub(super) async fn calibrated(wire: &mut Wire, times: u32) -> Option<u64> {
    let mut shortest = None;
    for _ in 0..times {
        let answer = wire.ask_within(b"AT", PATIENCE_MS).await;
        shortest = match (shortest, answer.took_us) {
            (Some(shortest), Some(took_us)) => Some(u64::min(shortest, took_us)),
            (shortest, took_us) => shortest.or(took_us),
        };
    }
    shortest
}

/// Asks `AT`. In a `greeting`, what comes too late for one try belongs to the time before the dialogue.
async fn asked(wire: &mut Wire, greeting: bool) -> Result<(), String> {
    if wire.is_muted() {
        // Left with results suppressed, a module has no answer to AT.
        wire.ask_within(b"ATQ0", PATIENCE_MS).await;
    }
    for _ in 0..TRIES {
        let answer = wire.ask_within(b"AT", PATIENCE_MS).await;
        if answer.result.as_deref().is_some_and(|result| result == b"OK" || result == b"0") {
            return wire.end_doubt().await.map_err(in_words);
        }
        if let Some(reason) = wire.desk.lost() {
            return Err(reason);
        }
        let quiet = if greeting {
            wire.hush(200, "silence before another first word").await
        } else {
            wire.discard(200).await
        };
        quiet.map_err(in_words)?;
    }
    Err(format!("the module does not answer AT ({TRIES} tries, {PATIENCE_MS} ms each)"))
}

/// A finding after silence: the module's fault if it still answers `AT`, the bench's if not.
pub(super) async fn after_silence(wire: &mut Wire, mut finding: Box<Finding>) -> Box<Finding> {
    if let Err(reason) = resync(wire).await {
        // Nobody is there: what would follow is not asked of nobody, clean-up included, so that the run ends in its time.
        wire.desk.lose(reason.clone());
        finding.verdict = Verdict::Broken;
        finding.cause = Some(reason);
    }
    finding
}

fn in_words(woken: Woken) -> String {
    match woken {
        Woken::Lost(reason) => reason,
        Woken::Interrupted => "interrupted".to_owned(),
        Woken::Deadline => "the wire brought nothing in time".to_owned(),
    }
}

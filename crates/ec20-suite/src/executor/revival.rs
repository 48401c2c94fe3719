//! A module that was lost in mid-run: waiting for its port, working the power switch, finding it again, and what it had been told.
//!
//! It knows how often and how soon that may be tried: a module that is made to restart again and again never registers (the manual's
//! 1.2.2 asks for ten minutes and more between restarts). How a port is found again, the driver knows.

use super::recovery;
use super::restorer::Restorer;
use super::settings::Bench;
use super::wire::Wire;

/// How long after the power switch was worked it is left alone, in µs.
const BETWEEN_RESTARTS_US: u64 = 10 * 60 * 1_000_000;
/// How often a run looks for a lost module again.
const MOST: u32 = 8;

/// What was tried so far.
#[derive(Debug, Default)]
pub(super) struct Revival {
    tried: u32,
    restarted_us: Option<u64>,
}

impl Revival {
    /// Brings a lost module back, if the bench can; then what it was told before is put back too.
    pub(super) async fn revive(&mut self, wire: &mut Wire, restorer: &mut Restorer, bench: &Bench) {
        if !bench.recovers || self.tried >= MOST {
            return;
        }
        for power in [false, true] {
            if wire.desk.interrupted().is_some() || !self.may(wire, bench, power) {
                break;
            }
            self.tried += 1;
            let what = if power { "working the power switch" } else { "waiting for the port to come back" };
            wire.desk.note(format!("{what}: {}", wire.desk.lost().unwrap_or_default()));
            if !wire.desk.recover(power).await {
                continue;
            }
            wire.renew();
            match recovery::greet_again(wire).await {
                Ok(()) => {
                    if restorer.restore_everything(wire).await {
                        wire.desk.note("the module is back");
                        return;
                    }
                    // Neither waiting nor the switch makes another module the one that was there.
                    break;
                }
                Err(reason) => wire.desk.lose(reason),
            }
        }
        // What has not come back by now is looked for by a person.
        self.tried = MOST;
    }

    /// Whether it may be tried by this means now.
    fn may(&mut self, wire: &Wire, bench: &Bench, power: bool) -> bool {
        if !power {
            return true;
        }
        if !bench.has_power {
            return false;
        }
        let now_us = wire.desk.now_us();
        if self.restarted_us.is_some_and(|last_us| now_us < last_us + BETWEEN_RESTARTS_US) {
            wire.desk.note("the power switch was worked less than ten minutes ago: it is left alone (the manual's 1.2.2)");
            return false;
        }
        self.restarted_us = Some(now_us);
        true
    }
}

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
/// How often a lost module is looked for again without a case having come to its end since.
const IN_VAIN: u32 = 3;

/// What was tried so far.
#[derive(Debug, Default)]
pub(super) struct Revival {
    /// How often it was brought back since a case came to its end.
    in_vain: u32,
    given_up: bool,
    restarted_us: Option<u64>,
}

impl Revival {
    /// A case has come to its end with the module there: whatever was done for that was worth it.
    pub(super) const fn progressed(&mut self) {
        self.in_vain = 0;
    }

    /// Brings a lost module back, if the bench can; then what it was told before is put back too.
    ///
    /// A run may go on over night: what counts is not how often a module is lost but whether anything is asked in between. A module that
    /// goes again with each case is given up after the third in a row.
    pub(super) async fn revive(&mut self, wire: &mut Wire, restorer: &mut Restorer, bench: &Bench) {
        if !bench.recovers || self.given_up {
            return;
        }
        if self.in_vain >= IN_VAIN {
            self.given_up = true;
            let why =
                format!("the module was lost {IN_VAIN} times in a row once it was back: it is given up");
            return wire.desk.note(why);
        }
        self.in_vain += 1;
        for power in [false, true] {
            if wire.desk.interrupted().is_some() || !self.may(wire, bench, power).await {
                break;
            }
            let what = if power { "working the power switch" } else { "waiting for the port to come back" };
            wire.desk.note(format!("{what}: {}", wire.desk.lost().unwrap_or_default()));
            if !wire.desk.recover(power).await {
                continue;
            }
            wire.renew();
            match recovery::greet_again(wire, bench).await {
                Ok(()) => {
                    // That it has started by now is no news, and no later case's trouble.
                    wire.take_restarted();
                    wire.traces.registers.forget();
                    wire.traces.recipients.forget();
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
        self.given_up = true;
    }

    /// Whether it may be tried by this means now; for the power switch, the rest of its time is waited for.
    async fn may(&mut self, wire: &Wire, bench: &Bench, power: bool) -> bool {
        if !power {
            return true;
        }
        if !bench.has_power {
            return false;
        }
        let again_us = self.restarted_us.map_or(0, |last_us| last_us + BETWEEN_RESTARTS_US);
        if wire.desk.now_us() < again_us {
            let left_s = (again_us - wire.desk.now_us()).div_ceil(1_000_000);
            wire.desk.note(format!(
                "the power switch was worked less than ten minutes ago: it is left alone for {left_s} s more (the manual's 1.2.2)"
            ));
            wire.desk.pause(again_us, "ten minutes between two restarts").await;
            if wire.desk.interrupted().is_some() {
                return false;
            }
        }
        self.restarted_us = Some(wire.desk.now_us());
        true
    }
}

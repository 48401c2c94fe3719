//! What ends a run from outside: Ctrl-C, a terminal that closes, a service manager, a time budget.
//!
//! It knows how a signal becomes a wish, and how a budget is written. What a run does with the wish, the run knows.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use ec20_suite::verdict::Exit;

use super::complaint::say;

/// The first Ctrl-C asks the run to end in order; the second ends the process at once.
pub(super) fn interrupts() -> Arc<AtomicBool> {
    use signal_hook::flag;
    let stop = Arc::new(AtomicBool::new(false));
    for signal in signals() {
        // In this order: the signal that sets the flag must not find it set.
        let registered =
            flag::register_conditional_shutdown(signal, i32::from(Exit::Bench.code()), Arc::clone(&stop))
                .and_then(|_| flag::register(signal, Arc::clone(&stop)));
        if let Err(error) = registered {
            say(&format!("signal {signal} cannot be caught, it will end the run without clean-up: {error}"));
        }
    }
    stop
}

#[cfg(unix)]
fn signals() -> Vec<i32> {
    use signal_hook::consts::{SIGHUP, TERM_SIGNALS};
    // A terminal that is closed hangs up.
    TERM_SIGNALS.iter().copied().chain([SIGHUP]).collect()
}

#[cfg(not(unix))]
fn signals() -> Vec<i32> {
    signal_hook::consts::TERM_SIGNALS.to_vec()
}

/// How long a run may take if nobody says: a night.
pub(super) const BUDGET: Duration = Duration::from_hours(12);

/// What a run may take: `90s`, `45m`, `8h`.
pub(super) fn budget(text: &str) -> Result<Duration, String> {
    let wanted = "expected a number with its unit: 90s, 45m or 8h";
    let unit = text.chars().last().ok_or(wanted)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => return Err(wanted.to_owned()),
    };
    let number: u32 = text.trim_end_matches(unit).parse().map_err(|_| wanted)?;
    Ok(Duration::from_secs(u64::from(number) * seconds))
}

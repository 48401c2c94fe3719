//! Read-only witnesses: questions that tell the module's fault from the network's or the SIM's.
//!
//! It knows which question excuses which answer (the manual's 1.2). It changes nothing.

use ec20_grammar::value;

use super::files;
use super::wire::{Line, Wire};

/// Whether the grammar's value rule reads the bytes.
pub(crate) fn reads(rule: &str, bytes: &[u8]) -> bool {
    value(rule, bytes) == Some(true)
}

/// Whether the line would send a message, or might.
pub(super) fn is_send(line: &[u8]) -> bool {
    let upper = line.to_ascii_uppercase();
    // Without a time the manual has no such command, but a module may.
    upper.windows(8).any(|part| part == b"+QMMSEND") && !upper.ends_with(b"?")
}

/// Why an answer that breaks a clause is not held against the module: the cause, if a witness names one.
///
/// A bare `ERROR` while the SIM is not ready is the SIM's (1.2.1); a bearer that does not come up, or a message that is not sent, while the
/// packet domain is not attached or not registered is the network's (1.2.2).
pub(super) async fn excuse(wire: &mut Wire, came: &Line) -> Option<String> {
    // A list tells what somebody put there.
    if let Some(name) = wire.traces.files.named_in(&came.text).filter(|_| came.text.starts_with(b"+QFLST:")) {
        return Some(files::reason(&name));
    }
    let failed_send = came.text.starts_with(b"+QMMSEND:");
    if came.text != b"ERROR" && !failed_send {
        return None;
    }
    let command = wire.last_command().to_ascii_uppercase();
    if !failed_send {
        let pin = wire.ask(b"AT+CPIN?").await;
        let ready =
            pin.information.iter().any(|line| line.ends_with("READY") && !line.ends_with("NOT READY"));
        // No answer about the SIM is no witness against it: a module without the command is not excused by that.
        if !ready && (!pin.information.is_empty() || sim_error(pin.result.as_deref())) {
            return Some("sim".to_owned());
        }
    }
    let radio = [&b"AT+QIACT="[..], b"AT+CGATT=", b"AT+CGACT="].iter().any(|name| command.starts_with(name));
    if failed_send || radio {
        let attached = wire.ask(b"AT+CGATT?").await.information;
        if attached.iter().any(|line| line == "+CGATT: 0") {
            return Some("network".to_owned());
        }
        let registered = wire.ask(b"AT+CGREG?").await.information;
        let state = |line: &String| line.split(',').nth(1).map(str::to_owned);
        if registered.iter().any(|line| state(line).is_some_and(|state| state != "1" && state != "5")) {
            return Some("network".to_owned());
        }
    }
    None
}

/// `+CME ERROR: 10` to `18` (3GPP TS 27.007): the SIM is missing, locked, busy or wrong.
fn sim_error(result: Option<&[u8]>) -> bool {
    let text = result.map(String::from_utf8_lossy).unwrap_or_default();
    let Some(code) = text.strip_prefix("+CME ERROR: ") else { return false };
    code.parse::<u16>().map_or_else(|_| code.starts_with("SIM"), |code| (10..=18).contains(&code))
}

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

/// Why a send that should have succeeded failed outside of the module, if the module says so: the far end refused the message, or the
/// network did not carry it.
///
/// It is the module's word. A bench whose own far end took the message knows better, and does not ask here.
/// Source: the MMS manual's chapters 4 and 5.
pub(super) fn refused_elsewhere(came: &[u8]) -> Option<String> {
    let fields = std::str::from_utf8(came).ok()?.strip_prefix("+QMMSEND:")?;
    let mut numbers = fields.split(',').map(|field| field.trim().parse::<u32>().ok());
    let (err, http) = (numbers.next()??, numbers.next().flatten());
    let status = http.filter(|status| (300..600).contains(status));
    match (err, status) {
        (0, _) => None,
        (_, Some(status)) => Some(format!("mmsc: the far end answered HTTP {status}")),
        // The server's response, or the POST.
        (765..=767 | 777, None) => {
            Some(format!("mmsc: the module reports {err}, a failure of the message centre's answer"))
        }
        // The context, the socket, the time.
        (768..=775, None) => Some(format!("network: the module reports {err}, a failure of the connection")),
        _ => None,
    }
}

/// `+CME ERROR: 10` to `18`: the SIM is missing, locked, busy or wrong (3GPP TS 27.007 clause 9.2.1).
fn sim_error(result: Option<&[u8]>) -> bool {
    let text = result.map(String::from_utf8_lossy).unwrap_or_default();
    let Some(code) = text.strip_prefix("+CME ERROR: ") else { return false };
    code.parse::<u16>().map_or_else(|_| code.starts_with("SIM"), |code| (10..=18).contains(&code))
}

//! What a command line sets: how that is read, and what puts it back.
//!
//! It joins the byte parser with the command table: a command whose effect is `settings` changes something that outlives its case, so
//! somebody must read it first and put it back afterwards. It sends nothing.

use std::collections::BTreeSet;

use ec20_at::{Dialect, Form, command_line};
use ec20_manual::{Catalogue, Effect};

use crate::effect;

/// The queries that read what the line sets, one for each command of it that changes settings.
///
/// ```
/// use ec20_suite::setting::queries;
/// let read = |line: &str| queries(line.as_bytes()).into_iter().collect::<Vec<_>>();
/// assert_eq!(read("AT+CMEE=2;+qmmscfg=\"MMSC\",\"a\""), ["AT+CMEE?", "AT+QMMSCFG=\"mmsc\""]);
/// assert_eq!(read("AT+QICSGP=2,1,\"internet\""), ["AT+QICSGP=2"]);
/// assert!(read("AT+QMMSCFG=\"mmsc\"").is_empty());
/// assert!(read("AT+QICSGP=17,1,\"internet\"").is_empty(), "there is no such context");
/// ```
pub fn queries(line: &[u8]) -> BTreeSet<String> {
    let Ok(read) = command_line::read(line, Dialect::TOLERANT) else { return BTreeSet::new() };
    read.commands().map_while(Result::ok).filter_map(|command| query(&command)).collect()
}

fn query(command: &command_line::Command<'_>) -> Option<String> {
    let name = String::from_utf8_lossy(command.name()).to_ascii_uppercase();
    let kind = effect::kind(command.form());
    let effect = Catalogue::manual().classify(&name, kind, command.arguments(), &|_| false);
    if effect != Effect::Settings || command.form() != Form::Write {
        return None;
    }
    let first = command.parameters().next();
    let first = first.map(|value| String::from_utf8_lossy(value.bytes()).into_owned()).unwrap_or_default();
    let query = match name.as_str() {
        "+QMMSCFG" => format!("AT+QMMSCFG=\"{}\"", first.to_ascii_lowercase()),
        "+QICSGP" => format!("AT+QICSGP={first}"),
        _ => format!("AT{name}?"),
    };
    // A context or a key that no module should have is none that one could be asked for.
    effect::is_canonical(query.as_bytes()).then_some(query)
}

/// The command that sets what `answer`, the one line that `query` was answered with, tells. None if the canonical language has none.
///
/// ```
/// use ec20_suite::setting::restoring;
/// let back = |query, answer| restoring(query, answer).map(|line| String::from_utf8_lossy(&line).into_owned());
/// assert_eq!(back("AT+CMEE?", "+CMEE: 1").as_deref(), Some("AT+CMEE=1"));
/// // A context's answer does not name the context.
/// assert_eq!(back("AT+QICSGP=2", "+QICSGP: 1,\"a\",\"\",\"\",0").as_deref(), Some("AT+QICSGP=2,1,\"a\",\"\",\"\",0"));
/// // The second number is the network's.
/// assert_eq!(back("AT+CREG?", "+CREG: 2,1,\"1A2B\",\"3C4D\"").as_deref(), Some("AT+CREG=2"));
/// assert_eq!(back("AT+QICSGP=2", "+QICSGP: 0,\"\",\"\",\"\",0"), None);
/// ```
pub fn restoring(query: &str, answer: &str) -> Option<Vec<u8>> {
    let (name, value) = answer.split_once(": ")?;
    let command = match (query.split_once('='), name) {
        (Some(("AT+QICSGP", context)), "+QICSGP") => format!("AT+QICSGP={context},{value}"),
        (None, "+CREG" | "+CGREG" | "+CEREG") => {
            format!("AT{name}={}", value.split(',').next().unwrap_or(value))
        }
        _ => format!("AT{name}={value}"),
    };
    effect::is_canonical(command.as_bytes()).then(|| command.into_bytes())
}

/// What nobody can put back once a line has done it, by its effect: in the words of the plan.
pub fn beyond_restoring(effect: Effect) -> Option<&'static str> {
    match effect {
        Effect::Nv => Some("writes non-volatile memory"),
        Effect::Destructive => Some("resets or wipes, or is no command that the table has"),
        Effect::Read | Effect::Volatile | Effect::Settings | Effect::Radio | Effect::Billable => None,
    }
}

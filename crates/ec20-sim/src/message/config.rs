//! `AT+QMMSCFG`: context, message centre, proxy, character set, send parameters.

use crate::limits::Fit;
use crate::module::Module;
use crate::reply::Refusal;
use crate::run::{Flow, Outcome};
use crate::state::Charset;
use crate::unknown::{self, Question};
use crate::words::{Command, Operation, Value};

/// Invalid parameter, for what no question asks about.
pub(super) const INVALID: u16 = 756;

/// The length of a text as limits count it.
pub(crate) fn length(text: &[u8]) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

/// `AT+QMMSCFG=?`: one line per key.
pub(crate) fn test(module: &mut Module, _: &Command) -> Outcome {
    let port = if module.habit(unknown::TEST_PORT) == "range" { "(1-65535)" } else { "<port>" };
    let ranges = "(0-6),(0-3),(0,1),(0,1),(0-2),(0-4)";
    let sendparam = match module.habit(unknown::TEST_BRACKETS) {
        "brackets" => format!("[,{ranges}]"),
        "brackets-and-blank" => format!("[, {ranges}]"),
        _ => format!(",{ranges}"),
    };
    let mut lines = vec![
        "\"contextid\",(1-16)".to_owned(),
        "\"mmsc\",<URL>".to_owned(),
        format!("\"proxy\",<gateway>,{port}"),
        "\"character\",(\"ASCII\",\"UTF8\",\"UCS2\",\"GBK\")".to_owned(),
        format!("\"sendparam\"{sendparam}"),
    ];
    let more = module.habit(unknown::TEST_MORE);
    let key = |key: &str, range: &str| {
        matches!(more, "two").then(|| range.to_owned()).or((more == key).then(|| range.into()))
    };
    lines.extend(key("supportfield", "\"supportfield\",(0,1)"));
    lines.extend(key("connecttimeout", "\"connecttimeout\",(10-120)"));
    module.running.lines = lines.into_iter().map(|line| format!("+QMMSCFG: {line}").into_bytes()).collect();
    if let Some(other) = module.other(unknown::TEST_MORE) {
        let more: Vec<_> =
            other.iter().filter(|line| *line != "OK").map(|line| line.clone().into_bytes()).collect();
        module.running.lines.extend(more);
    }
    Ok(Flow::Done)
}

/// A read or execute form, of which the manual says nothing, of any of the three commands.
pub(crate) fn odd_form(module: &mut Module, command: &Command) -> Outcome {
    let question = match (command.name.as_str(), command.operation) {
        ("+QMMSCFG", Operation::Read) => unknown::ODD_FORM_CFG_READ,
        ("+QMMSCFG", _) => unknown::ODD_FORM_CFG_EXEC,
        ("+QMMSEDIT", Operation::Read) => unknown::ODD_FORM_EDIT_READ,
        ("+QMMSEDIT", _) => unknown::ODD_FORM_EDIT_EXEC,
        (_, Operation::Read) => unknown::ODD_FORM_SEND_READ,
        _ => unknown::ODD_FORM_SEND_EXEC,
    };
    module.allow(question)?;
    Ok(Flow::Done)
}

impl Module {
    /// Refuses odd writing that this firmware does not pass over.
    pub(crate) fn check_writing(&self, command: &Command) -> Result<(), Refusal> {
        let odd = command.odd;
        let met = [
            (odd.blank_after, unknown::BLANK_AFTER_COMMA),
            (odd.blank_before, unknown::BLANK_BEFORE_COMMA),
            (odd.blank_in_name, unknown::BLANK_IN_NAME),
            (odd.inner_quote, unknown::INNER_QUOTE),
            (odd.open_quote, unknown::OPEN_QUOTE),
            (odd.smart_quotes, unknown::SMART_QUOTES),
            (odd.leading_zero, unknown::LEADING_ZERO),
        ];
        met.into_iter().filter(|(met, _)| *met).try_for_each(|(_, question)| self.allow(question))
    }

    /// A string as this firmware reads it: a backslash may stand for itself, or for a byte in hexadecimal.
    pub(crate) fn string(&self, text: &[u8]) -> Result<Vec<u8>, Refusal> {
        if !text.contains(&b'\\') {
            return Ok(text.to_vec());
        }
        match self.habit(unknown::BACKSLASH) {
            "kept" => return Ok(text.to_vec()),
            "nothing" => return Err(Refusal::Cme(INVALID)),
            _ => {}
        }
        let mut decoded = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some((byte, after)) = rest.split_first() {
            let escaped = after.get(..2).and_then(|d| std::str::from_utf8(d).ok());
            let value = escaped.and_then(|d| u8::from_str_radix(d, 16).ok()).filter(|_| *byte == b'\\');
            decoded.push(value.unwrap_or(*byte));
            rest = if value.is_some() { after.get(2..).unwrap_or_default() } else { after };
        }
        Ok(decoded)
    }

    /// The key that a command names, as this firmware reads it; `asked` for its value, or to be set.
    fn key(&self, value: Option<&Value>, asked: bool) -> Result<String, Refusal> {
        let (text, quoted) = match value {
            Some(Value::Text(text)) => (text, true),
            Some(Value::Word(word)) => (word, false),
            _ => return Err(self.refusal(unknown::KEY_UNKNOWN)),
        };
        let written = String::from_utf8_lossy(text).into_owned();
        let trimmed = written.trim_end().to_owned();
        let key = trimmed.to_ascii_lowercase();
        match key.as_str() {
            "contextid" | "mmsc" | "proxy" | "character" | "sendparam" => {}
            "supportfield" => self.further_key(unknown::SUPPORTFIELD, asked)?,
            "connecttimeout" => self.further_key(unknown::CONNECTTIMEOUT, asked)?,
            _ => return Err(self.refusal(unknown::KEY_UNKNOWN)),
        }
        let odd = [
            (!quoted, unknown::KEY_UNQUOTED),
            (trimmed != written, unknown::KEY_BLANK),
            (key != trimmed, unknown::KEY_CASE),
        ];
        odd.into_iter().filter(|(met, _)| *met).try_for_each(|(_, question)| self.allow(question))?;
        Ok(key)
    }

    /// Goes on if this firmware has a key that the manual does not have. How one that is not there is asked for and how it is set, are
    /// two questions.
    fn further_key(&self, there: Question, asked: bool) -> Result<(), Refusal> {
        match self.allow(there) {
            Err(_) if !asked => Err(self.refusal(unknown::EXTRA_CODE)),
            answer => answer,
        }
    }
}

/// `AT+QMMSCFG=<key>` asks, `AT+QMMSCFG=<key>,…` sets.
pub(crate) fn write(module: &mut Module, command: &Command) -> Outcome {
    module.check_writing(command)?;
    let values = command.values.get(1..).unwrap_or_default();
    let key = module.key(command.values.first(), values.is_empty())?;
    if values.is_empty() {
        return query(module, &key);
    }
    if module.send.is_some() {
        module.allow(unknown::CFG_BUSY)?;
    }
    let outcome = set(module, &key, values)?;
    module.state.verbatim.remove(key.as_str());
    Ok(outcome)
}

fn set(module: &mut Module, key: &str, values: &[Value]) -> Outcome {
    match key {
        "contextid" => set_contextid(module, values),
        "mmsc" => set_mmsc(module, values),
        "proxy" => set_proxy(module, values),
        "character" => set_character(module, values),
        "sendparam" => set_sendparam(module, values),
        "supportfield" => {
            module.state.settings.supportfield = extra_number(module, values, 0, 1)?;
            Ok(Flow::Done)
        }
        _ => {
            module.state.settings.connecttimeout = extra_number(module, values, 10, 120)?;
            Ok(Flow::Done)
        }
    }
}

fn query(module: &mut Module, key: &str) -> Outcome {
    if let Some(lines) = module.state.verbatim.get(key) {
        return Err(Refusal::from_lines(lines));
    }
    let settings = &module.state.settings;
    let quoted = |text: &[u8]| [b"\"", text, b"\""].concat();
    let value = match key {
        "contextid" => settings.contextid.to_string().into_bytes(),
        "mmsc" => quoted(&settings.mmsc),
        "proxy" => [quoted(&settings.gateway), format!(",{}", settings.port).into_bytes()].concat(),
        "character" => quoted(settings.character.name().as_bytes()),
        "sendparam" => settings.sendparam.map(|n| n.to_string()).join(",").into_bytes(),
        "supportfield" => settings.supportfield.to_string().into_bytes(),
        _ => settings.connecttimeout.to_string().into_bytes(),
    };
    module.say([format!("+QMMSCFG: \"{key}\",").into_bytes(), value].concat())
}

/// Cuts surplus values off, or refuses them.
fn at_most<'v>(
    module: &Module,
    values: &'v [Value],
    most: usize,
    surplus: Question,
) -> Result<&'v [Value], Refusal> {
    if values.len() > most {
        module.allow(surplus)?;
    }
    Ok(values.get(..most).unwrap_or(values))
}

/// A number that a clause limits.
fn number(
    module: &Module,
    value: Option<&Value>,
    clause: &'static str,
    code: Question,
) -> Result<u32, Refusal> {
    value
        .and_then(Value::number)
        .filter(|n| module.fit(clause, *n) == Fit::Within)
        .and_then(|n| u32::try_from(n).ok())
        .ok_or_else(|| module.refusal(code))
}

fn extra_number(module: &Module, values: &[Value], min: i64, max: i64) -> Result<u32, Refusal> {
    match values {
        [Value::Number(n)] if (min..=max).contains(n) => Ok(u32::try_from(*n).unwrap_or(0)),
        _ => Err(module.refusal(unknown::EXTRA_CODE)),
    }
}

fn set_contextid(module: &mut Module, values: &[Value]) -> Outcome {
    let values = at_most(module, values, 1, unknown::CFG_SURPLUS)?;
    let number = number(module, values.first(), "CFG-CONTEXTID-RANGE", unknown::CONTEXTID_CODE)?;
    let active = usize::try_from(number)
        .ok()
        .and_then(|n| module.state.contexts.get(n.wrapping_sub(1)))
        .is_some_and(|context| context.active);
    if !active {
        module.allow(unknown::CONTEXT_INACTIVE)?;
    }
    module.state.settings.contextid = number;
    Ok(Flow::Done)
}

fn set_mmsc(module: &mut Module, values: &[Value]) -> Outcome {
    let values = at_most(module, values, 1, unknown::CFG_SURPLUS)?;
    let Some(Value::Text(text)) = values.first() else { return Err(module.refusal(unknown::URL_CODE)) };
    let url = module.string(text)?;
    if module.fit("CFG-MMSC-LENGTH", length(&url)) != Fit::Within {
        return Err(module.demanded("CFG-MMSC-LENGTH-CODE"));
    }
    let scheme = url.windows(3).any(|w| w == b"://");
    let foreign = scheme && !url.to_ascii_lowercase().starts_with(b"http://");
    let malformed = url.iter().any(|b| *b <= b' ' || *b > 126);
    let met = [
        (url.is_empty(), unknown::URL_EMPTY),
        (!scheme && !url.is_empty(), unknown::URL_BARE),
        (foreign, unknown::URL_SCHEME),
        (malformed, unknown::URL_SPELLING),
    ];
    met.into_iter().filter(|(met, _)| *met).try_for_each(|(_, question)| module.allow(question))?;
    module.state.settings.mmsc = url;
    Ok(Flow::Done)
}

fn set_proxy(module: &mut Module, values: &[Value]) -> Outcome {
    let values = at_most(module, values, 2, unknown::CFG_SURPLUS)?;
    let gateway = match values.first() {
        Some(Value::Text(text)) => module.string(text)?,
        _ => return Err(module.refusal(unknown::GATEWAY_CODE)),
    };
    check_gateway(module, &gateway)?;
    let port = match values.get(1) {
        None | Some(Value::Missing) => {
            module.allow(unknown::PROXY_PARTIAL)?;
            module.state.settings.port
        }
        value => number(module, value, "CFG-PROXY-PORT-RANGE", unknown::PORT_CODE)?,
    };
    module.state.settings.gateway = gateway;
    module.state.settings.port = port;
    Ok(Flow::Done)
}

fn check_gateway(module: &Module, gateway: &[u8]) -> Result<(), Refusal> {
    let fit = module.fit("CFG-PROXY-GATEWAY-LENGTH", length(gateway));
    if fit == Fit::Outside {
        return Err(module.refusal(unknown::GATEWAY_CODE));
    }
    let text = String::from_utf8_lossy(gateway);
    let numeric = !gateway.iter().any(u8::is_ascii_alphabetic);
    if gateway.is_empty() {
        module.allow(unknown::GATEWAY_EMPTY)
    } else if text.contains("://") {
        module.allow(unknown::GATEWAY_SCHEME)
    } else if text == "0.0.0.0" {
        module.allow(unknown::GATEWAY_ZERO)
    } else if text.parse::<std::net::Ipv4Addr>().is_ok() {
        Ok(())
    } else if text.parse::<std::net::Ipv6Addr>().is_ok() {
        module.allow(unknown::GATEWAY_IPV6)
    } else if fit == Fit::Between && numeric {
        module.allow(unknown::GATEWAY_BETWEEN)
    } else {
        module.allow(unknown::GATEWAY_NAME)
    }
}

fn set_character(module: &mut Module, values: &[Value]) -> Outcome {
    let values = at_most(module, values, 1, unknown::CFG_SURPLUS)?;
    let Some(Value::Text(name)) = values.first() else { return Err(module.refusal(unknown::CHARSET_CODE)) };
    let upper = name.to_ascii_uppercase();
    let Some(charset) = Charset::named(&upper) else { return Err(module.refusal(unknown::CHARSET_CODE)) };
    if upper != *name {
        module.allow(unknown::CHARSET_CASE)?;
    }
    module.state.settings.character = charset;
    module.state.message.cleared = false;
    Ok(Flow::Done)
}

/// The clauses that limit the six values of sendparam, in their order.
const SENDPARAM: [&str; 6] = [
    "CFG-SENDPARAM-VALID-RANGE",
    "CFG-SENDPARAM-PRI-RANGE",
    "CFG-SENDPARAM-SENDREP-RANGE",
    "CFG-SENDPARAM-READREP-RANGE",
    "CFG-SENDPARAM-VISIBLE-RANGE",
    "CFG-SENDPARAM-CLASS-RANGE",
];

fn set_sendparam(module: &mut Module, values: &[Value]) -> Outcome {
    let values = at_most(module, values, SENDPARAM.len(), unknown::CFG_SURPLUS)?;
    if values.len() < SENDPARAM.len() || values.contains(&Value::Missing) {
        module.allow(unknown::SENDPARAM_PARTIAL)?;
    }
    let mut wanted = module.state.settings.sendparam;
    for ((slot, value), clause) in wanted.iter_mut().zip(values).zip(SENDPARAM) {
        if *value != Value::Missing {
            *slot = number(module, Some(value), clause, unknown::SENDPARAM_CODE)?;
        }
    }
    module.state.settings.sendparam = wanted;
    Ok(Flow::Done)
}

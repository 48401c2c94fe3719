//! What a command line can do, by the bytes themselves.
//!
//! It joins the byte parser (what stands in the line) with the catalogue's command table (what that can do). It believes no file's
//! claim: a line it cannot read, or a command nobody listed, counts as the worst.

use ec20_at::{Dialect, Form, command_line};
use ec20_manual::{Catalogue, Effect, FormKind};

/// The worst that any command of the line, given without its CR, can do.
///
/// `uploaded` says whether this run uploaded the file of that name. An empty line does nothing; `A/` repeats what the caller sent
/// last, which only the caller knows: it counts as the worst.
///
/// ```
/// use ec20_manual::Effect;
/// use ec20_suite::effect::of_line;
/// assert_eq!(of_line(b"AT+QMMSCFG=\"mmsc\"", &|_| false), Effect::Read);
/// assert_eq!(of_line(b"at+cmee=1;+qmmsend=100", &|_| false), Effect::Billable);
/// assert_eq!(of_line(b"AT+QNOSUCH", &|_| false), Effect::Destructive);
/// ```
pub fn of_line(line: &[u8], uploaded: &dyn Fn(&[u8]) -> bool) -> Effect {
    if line.iter().all(|byte| matches!(byte, b' ' | b'\n' | b'\r' | 0x1b)) {
        return Effect::Read;
    }
    let Ok(line) = command_line::read(line, Dialect::TOLERANT) else { return Effect::WORST };
    if line.is_repeat() {
        return Effect::WORST;
    }
    let of_command = |command: Result<command_line::Command<'_>, _>| {
        let Ok(command) = command else { return Effect::WORST };
        let name = String::from_utf8_lossy(command.name()).into_owned();
        Catalogue::manual().classify(&name, kind(command.form()), command.arguments(), uploaded)
    };
    line.commands().map(of_command).max().unwrap_or(Effect::Read)
}

/// Whether a line may have the module take up registers that an earlier program stored, or start anew.
pub(crate) fn recalls(line: &[u8]) -> bool {
    let Ok(read) = command_line::read(line, Dialect::TOLERANT) else { return true };
    of_line(line, &|_| true) == Effect::WORST
        || read.commands().any(|command| command.is_ok_and(|command| command.is("Z") || command.is("+CFUN")))
}

/// The worst of several lines sent one after the other: a file that one of them uploads is this run's own from there on.
pub(crate) fn worst(lines: impl IntoIterator<Item = Vec<u8>>) -> Effect {
    let mut uploaded: Vec<Vec<u8>> = Vec::new();
    let mut worst = Effect::Read;
    for line in lines {
        worst = worst.max(of_line(&line, &|name| uploaded.iter().any(|own| own == name)));
        uploaded.extend(upload(&line).map(|upload| upload.file));
    }
    worst
}

/// An upload that a line begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The file's name.
    pub file: Vec<u8>,
    /// How many bytes the module waits for.
    pub size: usize,
    /// After how much silence it ends by itself, in ms.
    pub timeout_ms: u64,
    /// Whether it acknowledges every 1024 of them.
    pub acknowledged: bool,
}

/// The upload that the last command of the line begins, if it is one.
pub fn upload(line: &[u8]) -> Option<Upload> {
    /// What the file manual gives where the size is left out.
    const DEFAULT_SIZE: usize = 10_240;
    /// And where the timeout is, in s.
    const DEFAULT_TIMEOUT: u32 = 5;
    let command = command_line::read(line, Dialect::TOLERANT).ok()?.commands().last()?.ok()?;
    if !command.is("+QFUPL") || command.form() != Form::Write {
        return None;
    }
    let mut parameters = command.parameters();
    let file = parameters.next()?.bytes().to_vec();
    let size = parameters.next().and_then(|size| size.number().ok());
    let timeout = parameters.next().and_then(|timeout| timeout.number().ok()).unwrap_or(DEFAULT_TIMEOUT);
    let acknowledged = parameters.next().and_then(|mode| mode.number().ok()) == Some(1);
    let size = size.map_or(DEFAULT_SIZE, |size| size as usize);
    Some(Upload { file, size, timeout_ms: u64::from(timeout) * 1000, acknowledged })
}

/// How long the final result of a line may take, in ms: the command table's patience, summed over the line.
pub fn patience_ms(line: &[u8]) -> u64 {
    /// For a command that the table does not have.
    const UNLISTED_MS: u64 = 5000;
    let Ok(line) = command_line::read(line, Dialect::TOLERANT) else { return UNLISTED_MS };
    let of_command = |command: Result<command_line::Command<'_>, _>| {
        let name =
            command.map(|command| String::from_utf8_lossy(command.name()).into_owned()).unwrap_or_default();
        Catalogue::manual().command(&name).map_or(UNLISTED_MS, |command| u64::from(command.response_ms))
    };
    let total: u64 = line.commands().map(of_command).sum();
    if total == 0 {
        Catalogue::manual().command("at").map_or(UNLISTED_MS, |at| u64::from(at.response_ms))
    } else {
        total
    }
}

/// The timeout that a QMMSEND in the line gives its message, in ms; the manual's longest example where it cannot be read.
pub(crate) fn send_timeout_ms(line: &[u8]) -> u64 {
    const UNREAD_MS: u64 = 100_000;
    let Ok(read) = command_line::read(line, Dialect::TOLERANT) else { return UNREAD_MS };
    let send = read.commands().map_while(Result::ok).find(|command| command.is("+QMMSEND"));
    let seconds = send.and_then(|send| send.parameters().next()?.number().ok());
    seconds.map_or(UNREAD_MS, |seconds| u64::from(seconds) * 1000)
}

pub(crate) const fn kind(form: Form) -> FormKind {
    match form {
        Form::Test => FormKind::Test,
        Form::Read => FormKind::Read,
        Form::Execute => FormKind::Exec,
        Form::Write => FormKind::Write,
    }
}

/// Whether the line is one that the manual promises to understand, values in range.
pub(crate) fn is_canonical(line: &[u8]) -> bool {
    ec20_grammar::read(ec20_grammar::Unit::CommandLine, ec20_grammar::Strictness::Canonical, line).is_ok()
}

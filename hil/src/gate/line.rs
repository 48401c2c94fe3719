//! One command line as the gate sees it: which commands stand in it, and the worst that each can do.
//!
//! It reads with `ec20-at` and looks up in `ec20-manual`. Where two modules could read a line differently, it takes the reading that is
//! worse; where nobody can tell, it says so, and the line counts as the worst there is.

use std::collections::BTreeMap;

use ec20_at::{Command, Dialect, Form, command_line};
use ec20_manual::{Catalogue, Effect, FormKind};
use ec20_suite::residue::{REGISTERS, Register};

use super::mail::{Addition, Clearing};

/// A command line taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Its bytes, without what ends it.
    pub(super) bytes: Vec<u8>,
    /// Its commands, in order.
    pub(super) commands: Vec<Asked>,
    /// Why it cannot be read for certain, if so.
    pub(super) riddle: Option<&'static str>,
}

/// A command that a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// The name with its sign, upper case: `+QMMSEND`, `E`, `&F`.
    pub(super) name: String,
    /// Which form.
    pub(super) form: FormKind,
    /// The parameters, strings without their quotes.
    pub(super) parameters: Vec<Vec<u8>>,
    /// The worst it can do.
    pub(super) effect: Effect,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

impl Line {
    /// Takes a line apart. `uploaded` says whether this run put a file there.
    pub(super) fn read(bytes: &[u8], uploaded: &dyn Fn(&[u8]) -> bool) -> Self {
        let mut line = Self { bytes: bytes.to_vec(), commands: Vec::new(), riddle: riddle(bytes) };
        match command_line::read(bytes, Dialect::FIELD) {
            Err(_) => line.riddle = line.riddle.or(Some("it is no AT command line")),
            Ok(read) => {
                for command in read.commands() {
                    match command {
                        Ok(command) => line.commands.push(Asked::of(&command, uploaded)),
                        Err(_) => line.riddle = line.riddle.or(Some("it cannot be read to its end")),
                    }
                }
            }
        }
        line.commands.extend(hidden(bytes, uploaded));
        line
    }

    /// A line of which nothing is known but its bytes.
    pub(super) fn unknown(bytes: &[u8], riddle: &'static str) -> Self {
        Self { bytes: bytes.to_vec(), commands: Vec::new(), riddle: Some(riddle) }
    }

    /// Whether it may change the message that is being edited.
    pub(super) fn edits(&self) -> bool {
        self.riddle.is_some() || self.commands.iter().any(Asked::edits)
    }

    /// The index of the list of recipients that this line, and nothing else in it, reads back: 0 for TO, 1 for CC, 2 for BCC.
    pub(super) fn reads_back(&self) -> Option<usize> {
        match self.commands.as_slice() {
            [one] if self.riddle.is_none() => one.list(),
            _ => None,
        }
    }

    /// The addresses that it may add to lists of recipients.
    pub(super) fn additions(&self) -> Vec<Addition> {
        self.commands.iter().filter_map(Asked::addition).collect()
    }

    /// Whether it may edit the message in a way that nobody can tell.
    pub(super) fn may_edit_unread(&self) -> bool {
        self.riddle.is_some() && spells(&self.bytes, b"QMMSEDIT")
    }

    /// The lists of recipients that this line certainly empties: nothing else stands in it, and it is written as the manual writes it.
    pub(super) fn clears(&self) -> Option<Clearing> {
        match self.bytes.to_ascii_uppercase().strip_prefix(b"AT+QMMSEDIT=")? {
            b"0" => Some(Clearing::All),
            b"1,0" => Some(Clearing::One(0)),
            b"2,0" => Some(Clearing::One(1)),
            b"3,0" => Some(Clearing::One(2)),
            _ => None,
        }
    }

    /// The index of the register that this line, and nothing else in it, reads: 0 for S3, 1 for S4, 2 for S5.
    pub(super) fn reads_register(&self) -> Option<usize> {
        REGISTERS.iter().position(|register| self.bytes.to_ascii_uppercase() == register.query().as_bytes())
    }

    /// Whether it may leave although nobody knows how the module reads lines: it only reads, it makes the module speak in words, or it sets
    /// nothing but the registers that say how lines are read.
    pub(super) fn needs_no_registers(&self) -> bool {
        let harmless = |asked: &Asked| {
            asked.effect == Effect::Read
                || REGISTERS.iter().any(|register| asked.name == register.name)
                || [&b"Q0"[..], b"V1"].contains(&asked.bytes.to_ascii_uppercase().as_slice())
        };
        self.riddle.is_none() && self.commands.iter().all(harmless)
    }

    /// Whether it has the module take up what an earlier program stored: its registers, perhaps.
    pub(super) fn recalls(&self) -> bool {
        self.commands.iter().any(|asked| asked.name == "Z")
    }

    /// The upload that this line ends with.
    pub(super) fn upload(&self) -> Option<Upload> {
        self.commands.last().filter(|_| self.riddle.is_none()).and_then(Upload::of)
    }

    /// How many of its commands have which effect; a line that cannot be read is one of the worst.
    pub(super) fn counted(&self) -> BTreeMap<Effect, u32> {
        let riddle = self.riddle.map(|_| Effect::WORST);
        let mut counted = BTreeMap::new();
        for effect in self.commands.iter().map(|asked| asked.effect).chain(riddle) {
            *counted.entry(effect).or_default() += 1;
        }
        counted
    }

    /// Which registers this line may move, so that later lines are read by other rules than before: another byte ends (S3) or erases (S5)
    /// them, or stands behind the module's own (S4).
    pub(super) fn moves(&self) -> [bool; 3] {
        REGISTERS.map(|register| {
            let register = register.name;
            let moves =
                |asked: &Asked| asked.name == register && moves_the_line_end(&asked.name, &asked.parameters);
            self.commands.iter().any(moves)
                || (self.riddle.is_some() && spells(&self.bytes, register.as_bytes()))
        })
    }

    /// Whether later lines may be read by other rules than before.
    pub(super) fn blinds(&self) -> bool {
        self.moves().contains(&true)
    }

    /// The index of the register that this line, and nothing else in it, puts back to its usual value: 0 for S3, 1 for S4, 2 for S5.
    pub(super) fn puts_back(&self) -> Option<usize> {
        let [one] = self.commands.as_slice() else { return None };
        let usual = |register: &Register| {
            one.name == register.name && one.parameters == [register.usual.as_bytes().to_vec()]
        };
        REGISTERS.iter().position(usual).filter(|_| self.riddle.is_none())
    }

    /// The index of the register that this line, and nothing else in it, moves: if it is refused, nothing has moved.
    pub(super) fn moves_alone(&self) -> Option<usize> {
        let alone = self.commands.len() == 1 && self.riddle.is_none();
        self.moves().iter().position(|moves| *moves).filter(|_| alone)
    }

    /// How long its answer may take, in µs: the command table's patience for each of its commands.
    pub(super) fn patience_us(&self) -> u64 {
        /// For a command that the table does not have.
        const UNLISTED_MS: u32 = 5000;
        let of_command = |asked: &Asked| {
            let listed = Catalogue::manual().command(&asked.name);
            u64::from(listed.map_or(UNLISTED_MS, |command| command.response_ms)) * 1000
        };
        self.commands.iter().map(of_command).sum::<u64>().max(u64::from(UNLISTED_MS) * 1000)
    }

    /// Whether it may send a message: it asks for it, or nobody can tell what it asks for and it could be that.
    pub(super) fn may_send(&self) -> bool {
        self.commands.iter().any(Asked::sends) || (self.riddle.is_some() && spells(&self.bytes, b"QMMSEND"))
    }
}

impl Asked {
    fn of(command: &Command<'_>, uploaded: &dyn Fn(&[u8]) -> bool) -> Self {
        let name = String::from_utf8_lossy(command.name()).to_ascii_uppercase();
        let form = form(command);
        let parameters: Vec<Vec<u8>> =
            command.parameters().map(|parameter| parameter.bytes().to_vec()).collect();
        let effect = if known(&name) && !moves_the_line_end(&name, &parameters) {
            Catalogue::manual().classify(&name, form, command.arguments(), uploaded)
        } else {
            Effect::WORST
        };
        Self { name, form, parameters, effect, bytes: command.bytes().to_vec() }
    }

    /// Whether it sends a message, or may.
    pub(super) fn sends(&self) -> bool {
        self.name == "+QMMSEND" && self.form != FormKind::Test && self.form != FormKind::Read
    }

    /// Whether the table has its name at all.
    pub(super) fn is_known(&self) -> bool {
        known(&self.name)
    }

    /// Whether it changes the message, or may.
    fn edits(&self) -> bool {
        let asks = match self.form {
            FormKind::Test | FormKind::Read => true,
            FormKind::Write => self.parameters.len() == 1 && self.parameters.iter().all(|one| one != b"0"),
            FormKind::Exec => false,
        };
        match self.name.as_str() {
            "+QMMSEDIT" => !asks,
            // A restart or a reset leaves a message that nobody has seen.
            "Z" | "&F" | "+CFUN" => true,
            _ => !self.is_known(),
        }
    }

    /// The addresses that it may add to a list of recipients. Only what is certainly no addition is none.
    fn addition(&self) -> Option<Addition> {
        let (list, operation) = match self.parameters.as_slice() {
            [list, operation, ..] if self.name == "+QMMSEDIT" => (list.trim_ascii(), operation.as_slice()),
            _ => return None,
        };
        if operation == b"0" && self.parameters.len() == 2 {
            return None;
        }
        let digits = std::str::from_utf8(list).ok().map(|digits| digits.trim_start_matches('0'));
        let list = match digits {
            Some("1") => Some(0),
            Some("2") => Some(1),
            Some("3") => Some(2),
            // A title and an attachment are no addresses.
            Some("4" | "5") => return None,
            _ => None,
        };
        Some(Addition { list, addresses: self.parameters.iter().skip(2).cloned().collect() })
    }

    /// The list of recipients that it reads back: 1, 2 or 3.
    fn list(&self) -> Option<usize> {
        match (self.name.as_str(), self.form, self.parameters.as_slice()) {
            ("+QMMSEDIT", FormKind::Write, [one]) => {
                [b"1", b"2", b"3"].iter().position(|list| *one == **list)
            }
            _ => None,
        }
    }
}

/// An upload as its command line announces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Upload {
    /// The file's name as it was written, with its prefix.
    pub(super) file: Vec<u8>,
    /// How many bytes the module will take as data.
    pub(super) size: u64,
    /// After how long a silence the module gives up and takes commands again, in µs.
    pub(super) patience_us: u64,
}

impl Upload {
    fn of(asked: &Asked) -> Option<Self> {
        if asked.name != "+QFUPL" || asked.form != FormKind::Write {
            return None;
        }
        let number = |at: usize, default: u64| match asked.parameters.get(at).map(Vec::as_slice) {
            None | Some([]) => Some(default),
            Some(digits) => std::str::from_utf8(digits).ok()?.parse::<u32>().ok().map(u64::from),
        };
        let file = asked.parameters.first()?.clone();
        let (size, seconds) = (number(1, 10_240)?, number(2, 5)?);
        Some(Self { file, size, patience_us: seconds.checked_mul(1_000_000)? })
    }
}

/// Whether the table has this very name: `+S3` is not `S3`.
fn known(name: &str) -> bool {
    Catalogue::manual().command(name).is_some_and(|command| command.at.eq_ignore_ascii_case(name))
}

/// The form as the catalogue names it: `ATE0` executes with a number, `ATS3=13` writes.
fn form(command: &Command<'_>) -> FormKind {
    match command.form() {
        Form::Test => FormKind::Test,
        Form::Read => FormKind::Read,
        Form::Execute => FormKind::Exec,
        Form::Write if command.is_extended() => FormKind::Write,
        Form::Write if command.bytes().len() == command.name().len() + command.arguments().len() => {
            FormKind::Exec
        }
        Form::Write => FormKind::Write,
    }
}

/// Whether a command changes which byte ends or erases a line, or stands behind the module's own: behind it, nobody can tell from the
/// bytes what a line is.
fn moves_the_line_end(name: &str, parameters: &[Vec<u8>]) -> bool {
    let register = REGISTERS.iter().find(|register| register.name == name);
    register.is_some_and(|register| {
        !parameters.iter().all(|value| value.is_empty() || value == register.usual.as_bytes())
    })
}

/// Whether `word` is left, in any case, if a module drops some of the bytes: whatever it erases or skips, nothing is added.
pub(super) fn spells(bytes: &[u8], word: &[u8]) -> bool {
    let mut wanted = word.iter();
    let mut next = wanted.next();
    for byte in bytes {
        if next.is_some_and(|letter| letter.eq_ignore_ascii_case(byte)) {
            next = wanted.next();
        }
    }
    next.is_none()
}

/// Why the bytes alone do not say what a module will make of them.
fn riddle(bytes: &[u8]) -> Option<&'static str> {
    // Modules drop LF, obey the erase byte, and differ over the rest.
    if bytes.iter().any(u8::is_ascii_control) {
        return Some("it has a control byte inside");
    }
    // An escaped quote for one reader is the string's end for another.
    if bytes.windows(2).any(|pair| pair == b"\\\"") {
        return Some("it has a backslash before a quote");
    }
    None
}

/// Commands behind a `;` that stands in a string: a module that loses count of the quotes would obey them.
fn hidden(bytes: &[u8], uploaded: &dyn Fn(&[u8]) -> bool) -> Vec<Asked> {
    let mut quoted = false;
    let mut found = Vec::new();
    for (at, &byte) in bytes.iter().enumerate() {
        quoted ^= byte == b'"';
        if !(quoted && byte == b';') {
            continue;
        }
        let behind = bytes.get(at + 1..).unwrap_or_default().trim_ascii_start();
        if !behind.starts_with(b"+") {
            continue;
        }
        let unquoted = behind.split(|&byte| matches!(byte, b'"' | b';')).next().unwrap_or_default();
        let line = [b"AT", unquoted].concat();
        let read = command_line::read(&line, Dialect::FIELD).ok();
        let command = read.and_then(|line| line.commands().next()).and_then(Result::ok);
        found.extend(command.map(|command| Asked::of(&command, uploaded)).filter(Asked::is_known));
    }
    found
}

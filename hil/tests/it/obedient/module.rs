//! The most obedient module: it executes every command that it could possibly find in what it hears, and writes down what that did.
//!
//! It shares no line with the simulated module or with the gate. What it holds to, so that anything can be held against the gate at all: it
//! tells S3, S4 and S5 as they are, an OK to clearing a list means that it is cleared, and of what helps against a half line in its buffer
//! (erasing, refusing a line that is too long) it has at least one. In everything else it may lie.

use std::collections::{BTreeSet, VecDeque};

use fastrand::Rng;

/// What a command did that must not happen unasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// A message to these.
    Sends(Vec<String>),
    /// Registers, attaches, activates.
    Radio(String),
    /// Writes what outlasts a restart.
    Keeps(String),
    /// Wipes, resets, dials, or does what nobody knows.
    Worst(String),
}

/// How a module tells a list.
const LIES: u32 = 11;

/// What a module is like.
#[derive(Debug, Clone)]
pub(super) struct Nature {
    /// The byte that erases, if any does: as S5 says, or both of the usual ones.
    erases: bool,
    /// A line longer than this is refused.
    longest: usize,
    /// It tells its lists in one of these ways; 0 is the truth.
    lie: u32,
    /// Of a hundred lines, how many it does not answer.
    deaf: u32,
    /// Of a hundred refusals, how many it obeys all the same.
    false_refusal: u32,
    /// It starts anew behind so many bytes.
    starts_after: Option<usize>,
    /// It says so.
    tells_start: bool,
    /// It leaves its data phase behind so many bytes of data, without a word.
    leaves_after: Option<usize>,
    /// A start takes these registers from where an earlier program stored them.
    stored: [u8; 3],
}

/// The module.
#[derive(Debug)]
pub(super) struct Obedient {
    nature: Nature,
    dice: Rng,
    registers: [u8; 3],
    line: Vec<u8>,
    last: Vec<u8>,
    echoes: bool,
    lists: [Vec<String>; 3],
    uploaded: BTreeSet<String>,
    /// Data that are still to come.
    data: Option<usize>,
    prompt: bool,
    heard: usize,
    says: VecDeque<u8>,
    /// Everything that it did.
    pub(super) deeds: Vec<Deed>,
}

/// S3 values that an earlier program may have set. The bytes of the run's own beginning cannot be among them: that would execute a half
/// line with nothing to be done about it.
const ENDS: [u8; 6] = [13, 10, 0, b'T', b'?', b';'];

impl Obedient {
    pub(super) fn drawn(dice: &mut Rng) -> Self {
        let erases = dice.bool();
        let seldom = |dice: &mut Rng, of: u32| dice.u32(0..of) == 0;
        let usual = [13, 10, 8];
        let odd = |dice: &mut Rng| {
            let erase = if erases { *dice.choice(&[8, 127]).expect("a choice") } else { dice.u8(0..128) };
            [*dice.choice(&ENDS).expect("a choice"), dice.u8(0..128), erase]
        };
        // What a module without a word starts with cannot be known: such a one has nothing stored.
        let tells_start = dice.bool();
        // And S3 is stored as usual: lines that only read could be joined otherwise before anything shows that it is not.
        let [_, line_feed, erase] = odd(dice);
        let stored = if tells_start && seldom(dice, 3) { [13, line_feed, erase] } else { usual };
        let nature = Nature {
            erases,
            longest: if erases && dice.bool() { usize::MAX } else { dice.usize(600..3100) },
            lie: if dice.bool() { 0 } else { dice.u32(0..LIES) },
            deaf: if seldom(dice, 3) { dice.u32(0..40) } else { 0 },
            false_refusal: if seldom(dice, 3) { dice.u32(0..60) } else { 0 },
            starts_after: seldom(dice, 3).then(|| dice.usize(3800..5500)),
            tells_start,
            leaves_after: seldom(dice, 2).then(|| dice.usize(0..40)),
            stored,
        };
        let registers = if seldom(dice, 4) { odd(dice) } else { usual };
        let foreign = || vec!["110".to_owned()];
        let mut module = Self {
            nature,
            dice: dice.fork(),
            registers,
            line: Vec::new(),
            last: b"AT+QMMSEND=1".to_vec(),
            echoes: !seldom(dice, 5),
            lists: if seldom(dice, 3) { [foreign(), Vec::new(), Vec::new()] } else { Default::default() },
            uploaded: BTreeSet::new(),
            data: seldom(dice, 8).then(|| dice.usize(1..6000)),
            prompt: seldom(dice, 20),
            heard: 0,
            says: VecDeque::new(),
            deeds: Vec::new(),
        };
        if seldom(dice, 2) {
            module.line = super::attacker::residue(dice);
        }
        module
    }

    /// What it has to say.
    pub(super) fn take(&mut self) -> Vec<u8> {
        self.says.drain(..).collect()
    }

    pub(super) fn hear(&mut self, bytes: &[u8]) {
        // Nothing but an escape ends an upload in its middle.
        if bytes == b"+++" && self.data.take().is_some() {
            return self.say("\r\n+QFUPL: 1,0\r\n\r\nOK\r\n");
        }
        for &byte in bytes {
            self.heard += 1;
            if self.nature.starts_after.take_if(|after| *after <= self.heard).is_some() {
                self.start();
            }
            self.hear_one(byte);
        }
    }

    fn start(&mut self) {
        self.line.clear();
        (self.data, self.prompt) = (None, false);
        self.registers = self.nature.stored;
        if self.nature.tells_start {
            self.say("\r\nRDY\r\n");
        }
    }

    fn hear_one(&mut self, byte: u8) {
        if let Some(left) = self.data {
            let gone = self.nature.leaves_after.as_mut().is_some_and(|after| {
                *after = after.saturating_sub(1);
                *after == 0
            });
            self.data = (left > 1 && !gone).then_some(left.saturating_sub(1));
            if self.data.is_none() && !gone {
                self.say("\r\n+QFUPL: 1,0\r\n\r\nOK\r\n");
            }
            return;
        }
        if self.prompt {
            if byte == 0x1a {
                self.deeds.push(Deed::Sends(vec!["whoever the prompt was for".to_owned()]));
            }
            self.prompt = !matches!(byte, 0x1a | 0x1b);
            return;
        }
        let [end, _, erase] = self.registers;
        if self.echoes {
            self.says.push_back(byte);
        }
        if byte == end {
            let line = std::mem::take(&mut self.line);
            return self.obey(&line);
        }
        if self.nature.erases && (byte == erase || (erase != 127 && byte == 8)) {
            self.line.pop();
            return;
        }
        if byte.is_ascii_control() {
            return;
        }
        self.line.push(byte & 0x7f);
        if self.line.len() == 2 && self.line.eq_ignore_ascii_case(b"A/") {
            self.line.clear();
            let last = self.last.clone();
            self.obey(&last);
        }
    }

    /// Obeys whatever could be a command in the line.
    fn obey(&mut self, line: &[u8]) {
        let upper = line.to_ascii_uppercase();
        let Some(start) = upper.windows(2).position(|pair| pair == b"AT") else { return };
        if line.len() > self.nature.longest {
            return self.say("\r\nERROR\r\n");
        }
        self.last = line.get(start..).unwrap_or_default().to_vec();
        let text = String::from_utf8_lossy(line.get(start + 2..).unwrap_or_default()).into_owned();
        let refuses = self.dice.u32(0..100) < self.nature.false_refusal;
        let mut told = Vec::new();
        let mut connects = false;
        for command in commands(&text) {
            connects = self.execute(&command, refuses, &mut told);
        }
        if self.dice.u32(0..100) < self.nature.deaf {
            return;
        }
        for line in told {
            self.say(&format!("\r\n{line}\r\n"));
        }
        self.say(match (connects, refuses) {
            (true, _) => "\r\nCONNECT\r\n",
            (false, true) => "\r\nERROR\r\n",
            (false, false) => "\r\nOK\r\n",
        });
    }

    /// Executes one command; true: data follow.
    fn execute(&mut self, command: &str, refuses: bool, told: &mut Vec<String>) -> bool {
        let upper = command.trim().to_ascii_uppercase();
        let (name, arguments) =
            upper.split_once('=').map_or((upper.as_str(), None), |(name, rest)| (name, Some(rest)));
        if arguments.is_some_and(|arguments| arguments.starts_with('?'))
            || (name.ends_with('?') && name.starts_with('+'))
        {
            return false;
        }
        if !name.starts_with('+') {
            self.basic(&upper, told);
            return false;
        }
        let plain = command.trim().split_once('=').map_or("", |(_, rest)| rest);
        let parts: Vec<String> =
            plain.split(',').map(|part| part.trim().trim_matches('"').to_owned()).collect();
        let part = |at: usize| parts.get(at).map_or("", String::as_str);
        match name {
            "+QMMSEND" => self.deeds.push(Deed::Sends(self.lists.concat())),
            "+QMMSEDIT" => self.edit(&parts, refuses, told),
            "+QFUPL" => {
                if !part(0).starts_with("RAM:") {
                    self.deeds.push(Deed::Keeps(upper.clone()));
                }
                self.uploaded.insert(part(0).to_owned());
                self.data = Some(part(1).parse().unwrap_or(10_240));
                return true;
            }
            "+QFDEL" if part(0).contains('*') || !self.uploaded.contains(part(0)) => {
                self.deeds.push(Deed::Worst(upper.clone()));
            }
            "+CFUN" if parts.len() > 1 => self.deeds.push(Deed::Worst(upper.clone())),
            "+QIACT" | "+QIDEACT" | "+CGATT" | "+CGACT" | "+COPS" | "+CFUN" if arguments.is_some() => {
                self.deeds.push(Deed::Radio(upper.clone()));
            }
            "+CMGS" | "+CMSS" | "+CUSD" | "+QPOWD" | "+CLCK" | "+CPWD" => {
                self.deeds.push(Deed::Worst(upper.clone()));
            }
            _ => {}
        }
        false
    }

    fn basic(&mut self, text: &str, told: &mut Vec<String>) {
        let mut rest = text.chars().peekable();
        while let Some(letter) = rest.next() {
            match letter {
                'S' => {
                    let digits = |rest: &mut std::iter::Peekable<std::str::Chars<'_>>| {
                        std::iter::from_fn(|| rest.next_if(char::is_ascii_digit)).collect::<String>()
                    };
                    let place = match digits(&mut rest).as_str() {
                        "3" => 0,
                        "4" => 1,
                        "5" => 2,
                        _ => return,
                    };
                    match rest.next() {
                        Some('?') => told.push(format!("{:03}", self.registers[place])),
                        Some('=') => self.registers[place] = digits(&mut rest).parse().unwrap_or(0),
                        _ => return,
                    }
                }
                '&' => match rest.next() {
                    Some('F' | 'W') => self.deeds.push(Deed::Worst(text.to_owned())),
                    _ => return,
                },
                'D' | 'A' => return self.deeds.push(Deed::Worst(text.to_owned())),
                'Z' => {
                    self.registers = self.nature.stored;
                    self.deeds.push(Deed::Worst(text.to_owned()));
                }
                'E' => self.echoes = rest.next_if_eq(&'0').is_none(),
                'Q' | 'V' | 'I' | '0'..='9' | ' ' => {}
                _ => return,
            }
        }
    }

    fn edit(&mut self, parts: &[String], refuses: bool, told: &mut Vec<String>) {
        let list = parts.first().and_then(|list| list.parse::<usize>().ok()).unwrap_or(1);
        match parts {
            // It may refuse and clear nothing; its OK it keeps.
            [_] if list == 0 && refuses => {}
            [_] if list == 0 => self.lists = Default::default(),
            [_] if (1..=3).contains(&list) => self.tell(list, told),
            [_, operation] if operation == "0" && refuses => {}
            [_, operation] if operation == "0" && (1..=3).contains(&list) => self.lists[list - 1].clear(),
            [_, _, addresses @ ..] if (1..=3).contains(&list) => {
                self.lists[list - 1].extend(addresses.iter().cloned());
            }
            _ => {}
        }
    }

    fn tell(&mut self, list: usize, told: &mut Vec<String>) {
        let held = self.lists[list - 1].clone();
        let all = held.iter().map(|address| format!("+QMMSEDIT: {list},\"{address}\""));
        told.extend(match self.nature.lie {
            0 => all.collect(),
            1 => Vec::new(),
            2 => all.take(1).collect::<Vec<_>>(),
            3 => held.iter().map(|address| format!("{list},\"{address}\"")).collect(),
            4 => all.map(|line| line.to_lowercase()).collect(),
            5 => all.map(|line| format!(" {line}")).collect(),
            6 => vec![format!("+QMMSEDIT: {list},\"+4911111111\"")],
            7 => all.map(|line| line.trim_end_matches('"').to_owned()).collect(),
            8 => vec!["Hello".to_owned(), "+NOBODY: 1".to_owned()],
            9 => all.skip(1).collect(),
            _ => all.map(|line| line.replace("+QMMSEDIT", "QMMSEDIT")).collect(),
        });
    }

    fn say(&mut self, text: &str) {
        // Another S4 stands where the line feed did.
        let line_feed = self.registers[1];
        self.says.extend(text.bytes().map(|byte| if byte == b'\n' { line_feed } else { byte }));
    }
}

/// The commands of a line, as a module finds them that gives everything a chance: behind each `;`, quoted or not.
fn commands(text: &str) -> Vec<String> {
    let mut quoted = false;
    let proper = text.split(|letter| {
        quoted ^= letter == '"';
        letter == ';' && !quoted
    });
    proper.map(str::to_owned).collect()
}

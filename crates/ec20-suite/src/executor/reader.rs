//! Bytes into lines: the framer's events, each with the time its last byte came at, and what stands between them.
//!
//! It keeps the buffer that the framer reads from, and holds frames and echoes against their standing clauses. It does not know what
//! a line means to a dialogue.

use std::collections::VecDeque;

use ec20_at::framer::{CommandId, Event, EventKind, Framer, Owner};
use ec20_at::{Dialect, Unit, command_line, read_unit};

use super::wire::{Class, Line};
use crate::escape::escaped;
use crate::standing::{self, Breach, Modes};

/// What stands between lines, as this module has it; nothing of it is promised.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Habits {
    /// Two CR LF pairs between the information lines of one answer, not one.
    pub(super) two_pairs: Option<bool>,
    /// An LF behind the CR of a command comes back with its echo.
    pub(super) echoes_lf: Option<bool>,
}

/// What the module has said so far.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the wire")]
pub(super) struct Reader {
    framer: Framer,
    buffer: Vec<u8>,
    /// Where each chunk ends in the stream, and when it came.
    chunks: VecDeque<(usize, u64)>,
    received: usize,
    /// The command whose answer is awaited, and whether it was echoed.
    command: Option<CommandId>,
    names: Vec<Vec<u8>>,
    echoed: bool,
    answered: bool,
    /// Whether the module echoes, once that is known.
    echo: Option<bool>,
    /// Since the open command left, something came that could be its echo, spoilt.
    debris: bool,
    modes: Modes,
    /// The open command changes how answers look, or whether commands are echoed: nothing is held against either until it is answered.
    changing: bool,
    /// The bytes since the text before, and whether that was an echo. None where nothing is known of what came before.
    gap: Option<(Vec<u8>, bool)>,
    habits: Habits,
    lines: VecDeque<Line>,
    acknowledgements: usize,
    /// All acknowledgements since the last command.
    acknowledged: usize,
    /// Counted data of a download.
    downloaded: Vec<u8>,
    breaches: VecDeque<Breach>,
    /// What the open command orders the echo to be, if it does.
    ordered_echo: Option<bool>,
    /// Whether the text before was a result in numbers.
    after_number: bool,
    /// Whether the text before was an unsolicited line.
    after_urc: bool,
    /// The open command line, without its terminator.
    line: Vec<u8>,
    /// What came back in the place of its echo.
    altered: Option<Vec<u8>>,
    /// What stands without an end is being read.
    giving_up: bool,
    /// This module has left the LF off behind a final result.
    bare_ends: bool,
    /// The last final result was a number.
    numbers: bool,
    /// A line feed left whose echo, if there is one, may stand anywhere until so many echoes of commands have come.
    line_feed_left: u8,
}

impl Reader {
    /// A command line left, with its terminator.
    pub(super) fn sent(&mut self, line: &[u8]) {
        if !self.modes.results && self.echo != Some(true) {
            // ATQ1: what was sent before gets no result any more, and without echo nobody could tell.
            self.framer.settle();
        }
        self.command = self.framer.sent(line);
        self.echoed = false;
        self.debris = false;
        self.answered = self.command.is_none();
        self.downloaded.clear();
        self.acknowledged = 0;
        let bare = line.strip_suffix(b"\r").unwrap_or(line);
        self.line = bare.to_vec();
        self.altered = None;
        let changes_echo = Modes::may_change_echo(bare);
        self.changing = self.modes.command(bare) || changes_echo;
        self.names = command_line::read(bare, Dialect::TOLERANT).map_or_else(
            |_| Vec::new(),
            |line| {
                let commands = line.commands().map_while(Result::ok);
                commands.map(|command| command.name().to_ascii_uppercase()).collect()
            },
        );
        self.ordered_echo = Modes::ordered_echo(bare);
        if changes_echo {
            self.echo = None;
        }
    }

    /// Bytes left that are no command line.
    pub(super) fn sent_raw(&mut self, bytes: &[u8]) {
        if bytes == b"+++" {
            self.framer.sent(bytes);
        }
    }

    /// A line feed left that ends no line. Whether it is echoed is open, and so is when.
    pub(super) fn sent_line_feed(&mut self) {
        self.line_feed_left = 2;
        self.habits.echoes_lf = None;
    }

    /// Bytes came.
    pub(super) fn push(&mut self, t_us: u64, bytes: &[u8]) {
        self.received += bytes.len();
        self.chunks.push_back((self.received, t_us));
        self.buffer.extend_from_slice(bytes);
        self.pump();
    }

    /// The next line that is not this run's own echo.
    pub(super) fn next(&mut self) -> Option<Line> {
        self.lines.pop_front()
    }

    /// Whether the module echoes, or may, and the last command did not come back as it was sent.
    pub(super) fn lacks_echo(&self) -> bool {
        let echoes = self.echo.unwrap_or(self.debris);
        echoes && !self.echoed
    }

    /// Whether the module was told to suppress results.
    pub(super) fn is_muted(&self) -> bool {
        !self.modes.results
    }

    /// Whether the last final result was a number and not a word.
    pub(super) fn answers_in_numbers(&self) -> bool {
        self.numbers
    }

    /// Whether the module is known to echo.
    pub(super) fn echoes(&self) -> bool {
        self.echo == Some(true)
    }

    /// Whether the module echoes, if that is known.
    pub(super) const fn echo(&self) -> Option<bool> {
        self.echo
    }

    /// Whether an acknowledgement of an upload was there; it is taken.
    pub(super) fn take_acknowledgement(&mut self) -> bool {
        let there = self.acknowledgements > 0;
        self.acknowledgements -= usize::from(there);
        there
    }

    /// How many acknowledgements came since the last command.
    pub(super) fn acknowledged(&self) -> usize {
        self.acknowledged
    }

    /// The bytes of the last download.
    pub(super) fn downloaded(&self) -> &[u8] {
        &self.downloaded
    }

    /// The deadline has passed: what stands without an end is read again, and the command's answer is late from now on.
    pub(super) fn give_up(&mut self) {
        self.framer.give_up();
        self.giving_up = true;
        self.pump();
        self.giving_up = false;
    }

    /// Whether a text stands there without the LF that this module is known to leave off.
    pub(super) fn hangs(&self) -> bool {
        self.bare_ends && self.buffer.ends_with(b"\r") && !self.buffer.iter().all(u8::is_ascii_whitespace)
    }

    /// The wire has been silent for long enough: the next command stands alone.
    pub(super) fn settle(&mut self) {
        self.give_up();
        // With echo the framer tells late from new by itself, for as long as it takes.
        if self.echo != Some(true) {
            self.framer.settle();
        }
        self.lines.clear();
        self.breaches.clear();
        self.acknowledgements = 0;
        self.gap = None;
    }

    /// What stood between the lines of late.
    pub(super) const fn habits(&self) -> Habits {
        self.habits
    }

    /// What broke a standing clause since the last call.
    pub(super) fn breaches(&mut self) -> VecDeque<Breach> {
        std::mem::take(&mut self.breaches)
    }

    fn pump(&mut self) {
        while let Some(event) = self.framer.next(&self.buffer) {
            self.take(event);
        }
        self.buffer.drain(..self.framer.release());
    }

    fn take(&mut self, event: Event) {
        let text = self.framer.bytes(&self.buffer, event.text).to_vec();
        self.hold_frame(event, &text);
        let own = |owner: Owner| self.command.is_some_and(|command| owner.is(command));
        let class = match event.kind {
            EventKind::Echo(command) => {
                self.echoed |= self.command == Some(command);
                return;
            }
            EventKind::Blank => return,
            EventKind::Acknowledgement => {
                self.acknowledgements += 1;
                self.acknowledged += 1;
                return;
            }
            EventKind::Data => {
                self.downloaded.extend_from_slice(&text);
                return;
            }
            EventKind::Information(owner) if own(owner) => Class::Information,
            // With echo on, an answer before the echo is nobody's for the framer; here it is the open command's, whose echo is missing.
            EventKind::Final { owner, .. } if own(owner) || (owner == Owner::Nobody && !self.answered) => {
                self.answered = true;
                self.numbers = text == b"0";
                self.bare_ends |= self.giving_up && self.modes.framed();
                if owner == Owner::Nobody {
                    // It was this run that gave it to the open command; the framer would hold the command open for ever.
                    self.framer.settle();
                }
                if std::mem::take(&mut self.changing) {
                    self.gap = None;
                    if text == b"OK" || text == b"0" {
                        self.echo = self.ordered_echo.or(self.echo);
                    }
                } else {
                    self.hold_echo(&text);
                }
                Class::Final
            }
            EventKind::Connect(owner) if own(owner) => Class::Connect,
            // Of the open command it is certain what was heard, though not how it was echoed.
            EventKind::Connect(Owner::Nobody) if self.altered.is_some() => Class::Connect,
            EventKind::Information(owner) | EventKind::Connect(owner) | EventKind::Final { owner, .. } => {
                self.other_owner(owner, event.kind, &text)
            }
            EventKind::Prompt(_) => Class::Prompt,
            EventKind::Urc { .. } if self.fits_open(&text) => Class::Information,
            EventKind::Urc { known: false } if is_answer(&text) => {
                self.other_owner(Owner::Nobody, event.kind, &text)
            }
            EventKind::Urc { .. } => Class::Urc,
            EventKind::ForeignEcho if self.resembles_open(&text) => {
                self.altered = Some(text);
                return;
            }
            EventKind::ForeignEcho => Class::ForeignEcho,
            // Capitals alone are how modules announce things that no manual lists.
            EventKind::Stray if is_announcement(&text) => Class::Urc,
            _ => Class::Unreadable,
        };
        self.debris |= matches!(class, Class::ForeignEcho | Class::Unreadable);
        let t_us = self.time_of(event.frame.end);
        self.lines.push_back(Line { t_us, class, text });
    }

    /// An answer that is not the open command's.
    fn other_owner(&mut self, owner: Owner, kind: EventKind, text: &[u8]) -> Class {
        match (owner, kind) {
            (Owner::Late(_) | Owner::Ambiguous { .. }, _) => Class::Late,
            // Counted when the exchange takes it.
            (_, EventKind::Final { .. }) => Class::Final,
            _ => {
                self.breaches.push_back(Breach {
                    clause: standing::ANSWER_FITS.to_owned(),
                    expected: "no line of another command's answer, and none after the final result"
                        .to_owned(),
                    came: escaped(text),
                });
                Class::Late
            }
        }
    }

    /// Whether the line bears the name of the command that is open. The framer gives it to nobody when the command's echo is missing.
    fn fits_open(&self, text: &[u8]) -> bool {
        let name = text.iter().position(|&byte| byte == b':').map(|colon| &text[..colon]);
        !self.answered && !self.echoed && name.is_some_and(|name| self.names.iter().any(|own| own == name))
    }

    /// Whether the text is the open command in letters of another case: that is its echo, as no second talker would have it. One letter
    /// may have been turned on the way.
    fn resembles_open(&self, text: &[u8]) -> bool {
        let turned = self.line.iter().zip(text).filter(|(sent, came)| sent != came).count();
        !self.answered && !self.echoed && turned > 1 && self.line.eq_ignore_ascii_case(text)
    }

    /// When the byte before this offset of the stream came.
    fn time_of(&mut self, end: usize) -> u64 {
        while self.chunks.len() > 1 && self.chunks.front().is_some_and(|&(chunk_end, _)| chunk_end < end) {
            self.chunks.pop_front();
        }
        self.chunks.front().map_or(0, |&(_, t_us)| t_us)
    }

    /// Holds what stands between two texts against V.250's frame.
    fn hold_frame(&mut self, event: Event, text: &[u8]) {
        let bytes = self.framer.bytes(&self.buffer, event.frame);
        let start = event.text.start - event.frame.start;
        let (before, rest) = bytes.split_at(start.min(bytes.len()));
        let after = rest.get(text.len()..).unwrap_or_default().to_vec();
        let is_echo = matches!(event.kind, EventKind::Echo(_));
        // Results in numbers (ATV0) have another frame; where they are out of place, the case says so.
        let is_numeral = matches!(event.kind, EventKind::Final { .. }) && text.len() == 1;
        let framed = matches!(
            event.kind,
            EventKind::Information(_)
                | EventKind::Final { .. }
                | EventKind::Urc { .. }
                | EventKind::Connect(_)
        );
        if event.kind == EventKind::Blank {
            if let Some((gap, _)) = &mut self.gap {
                gap.extend_from_slice(bytes);
            }
            return;
        }
        let gap = self.gap.take().map(|(mut gap, after_echo)| {
            gap.extend_from_slice(before);
            (gap, after_echo)
        });
        if let (Some((gap, false)), EventKind::Information(_)) = (&gap, event.kind) {
            self.habits.two_pairs = Some(gap.len() > 2);
        }
        if let Some((gap, true)) = &gap
            && self.line_feed_left > 0
        {
            let came = gap.starts_with(b"\r\n\r") || self.habits.echoes_lf == Some(true);
            self.habits.echoes_lf = Some(came);
        }
        let gap = gap.map(|(gap, after_echo)| (self.without_line_feed(gap, is_echo), after_echo));
        let after_number = std::mem::replace(&mut self.after_number, is_numeral);
        if let Some((gap, after_echo)) = &gap
            && self.modes.numeric()
            && !self.changing
            && self.line_feed_left == 0
            && !standing::is_numeric_frame(gap, (after_number, *after_echo), is_numeral)
        {
            self.breaches.push_back(Breach {
                clause: standing::NUMERIC.to_owned(),
                expected: "a number and a CR alone".to_owned(),
                came: format!("{} before {}", escaped(gap), escaped(text)),
            });
        }
        let is_urc = matches!(event.kind, EventKind::Urc { .. });
        let beside_urc = std::mem::replace(&mut self.after_urc, is_urc) || is_urc;
        if let Some((gap, after_echo)) = gap
            && self.modes.framed()
            && !self.changing
            && !is_numeral
            && (framed || is_echo)
            // A command that was never answered left nothing but its own CR.
            && !(is_echo && after_echo)
            && !standing::is_frame(&gap, after_echo)
        {
            self.breaches.push_back(Breach {
                clause: if beside_urc { standing::URC } else { standing::FRAME }.to_owned(),
                expected: "CR LF before and after each line of an answer".to_owned(),
                came: format!("{} before {}", escaped(&gap), escaped(text)),
            });
        }
        // Data, prompts and noise have no frame: what follows them begins anew.
        // `A/` needs no CR, so that none is echoed.
        let has_cr = is_echo && !text.eq_ignore_ascii_case(b"A/");
        self.gap = (framed || is_echo).then_some((after, has_cr));
        if matches!(event.kind, EventKind::Connect(_)) {
            self.gap = None;
        }
    }

    /// What stands between two texts, without the echo of a line feed that is no part of a frame.
    fn without_line_feed(&mut self, mut gap: Vec<u8>, before_echo: bool) -> Vec<u8> {
        if self.line_feed_left > 0
            && let Some(at) = gap.windows(3).position(|window| window == b"\r\n\n")
        {
            gap.remove(at + 2);
            self.line_feed_left = 0;
            self.habits.echoes_lf = Some(true);
        }
        self.line_feed_left = self.line_feed_left.saturating_sub(u8::from(before_echo));
        gap
    }

    /// Holds the echo of a command that was answered against what the module did before.
    fn hold_echo(&mut self, text: &[u8]) {
        if let Some(altered) = self.altered.take().filter(|_| !self.echoed) {
            self.echo.get_or_insert(true);
            return self.breaches.push_back(Breach {
                clause: standing::ECHO.to_owned(),
                expected: format!("{} as its echo", escaped(&self.line)),
                came: escaped(&altered),
            });
        }
        match self.echo {
            // Debris may be what is left of an echo: nothing is learned from it.
            None if self.echoed || !self.debris => self.echo = Some(self.echoed),
            Some(echo) if echo != self.echoed => {
                let (expected, came) =
                    if echo { ("the echo of the command", "none") } else { ("no echo after ATE0", "one") };
                self.breaches.push_back(Breach {
                    clause: standing::ECHO.to_owned(),
                    expected: expected.to_owned(),
                    came: format!("{came}, before {}", escaped(text)),
                });
                // One that came is proof: said once, and known from then on. One that is missing was lost, perhaps.
                self.echo = Some(true);
            }
            None | Some(_) => {}
        }
    }
}

/// Whether the line answers a command of the MMS or file manual and can therefore not come by itself.
fn is_answer(text: &[u8]) -> bool {
    let mut name = "";
    let read = read_unit(Unit::Information, Dialect::TOLERANT, text, |form| name = form.name());
    read.is_ok() && (name.starts_with("qmms") || name.starts_with("qf"))
}

fn is_announcement(text: &[u8]) -> bool {
    text.len() > 3 && text.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b' ')
}

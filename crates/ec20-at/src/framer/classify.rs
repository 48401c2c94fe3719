//! What a line is and whose it is: by its text, by the commands that are open, and by what is known of the echo.

use super::sent::Sent;
use super::{CommandId, Echo, EventKind, FinalKind, Framer, Mode, Owner, Style};
use crate::forms;
use crate::parameter::number;
use crate::scan::{self, head, mask};

/// The signs that a line with a prefix begins with; only in such lines are quotes quotes.
#[inline]
pub(super) const fn is_sign(byte: u8) -> bool {
    matches!(byte, b'+' | b'^' | b'$' | b'%' | b'*' | b'#')
}

/// Whether the text begins as a final result with a free text does.
pub(super) fn is_error(text: &[u8]) -> bool {
    text.starts_with(b"+CME ERROR:") || text.starts_with(b"+CMS ERROR:")
}

/// The text as a number, for comparison with the head of a line.
const fn word(text: &[u8]) -> u128 {
    let mut value = 0_u128;
    let mut rest = text;
    while let [before @ .., last] = rest {
        value = (value << 8) | *last as u128;
        rest = before;
    }
    value
}

const CME: u128 = word(b"+CME ERROR:");
const CMS: u128 = word(b"+CMS ERROR:");
const ERROR_PREFIX: usize = 11;

impl Framer {
    /// What a line's text is; takes its final result from the command that owns it.
    #[inline]
    pub(super) fn classify(&mut self, text: &[u8], lead: usize, bare_cr: bool) -> EventKind {
        let head = head(text);
        let first = text.first().copied().unwrap_or_default();
        if first == b'O' && text.len() == 2 && head == const { word(b"OK") } {
            return self.ends(FinalKind::Ok, Style::Words);
        }
        if is_sign(first) {
            return self.prefixed(text, head);
        }
        self.plain(text, head, lead, bare_cr)
    }

    fn prefixed(&mut self, text: &[u8], head: u128) -> EventKind {
        if head & const { mask(ERROR_PREFIX) } == CME {
            // Words or numerals, this one looks the same: it says nothing of the style.
            return self.ends(FinalKind::CmeError, self.style);
        }
        if head & const { mask(ERROR_PREFIX) } == CMS {
            return self.ends(FinalKind::CmsError, self.style);
        }
        if self.open > 0
            && let Some(owner) = self.answers(|sent| sent.answers.has(text, head))
        {
            return self.informed(owner);
        }
        let name = text.iter().position(|&byte| byte == b':').and_then(|len| text.get(..len));
        if name.is_none()
            && let Some(owner) = self.answers(|sent| sent.answers.plain)
        {
            return self.informed(owner);
        }
        let known = name.is_some_and(|name| forms::URCS.iter().any(|(urc, _)| urc.as_bytes() == name));
        EventKind::Urc { known }
    }

    fn informed(&mut self, owner: Owner) -> EventKind {
        if matches!(self.mode, Mode::Upload) {
            self.mode = Mode::Lines;
        }
        EventKind::Information(owner)
    }

    fn plain(&mut self, text: &[u8], head: u128, lead: usize, bare_cr: bool) -> EventKind {
        if let Some(result) = result_word(text, head) {
            let ends_calls = !matches!(result, FinalKind::Error);
            if !ends_calls || self.open == 0 || self.answers(|sent| sent.answers.calls).is_some() {
                return self.ends(result, Style::Words);
            }
            return EventKind::Urc { known: true };
        }
        if let Some(rest) = text.strip_prefix(b"CONNECT")
            && matches!(rest, [] | [b' ', ..])
        {
            return self.connected(number(rest.trim_ascii_start()));
        }
        if text == b">" && self.open > 0 {
            return EventKind::Prompt(self.asking());
        }
        // An echo has no line end before it and a bare CR behind it; without an echo of ours it is somebody else's.
        if matches!(text, [b'A' | b'a', b'T' | b't', ..]) && lead == 0 && bare_cr {
            return EventKind::ForeignEcho;
        }
        if forms::PLAIN_URCS.iter().any(|(urc, _)| urc.as_bytes() == text) {
            if text == b"RDY" {
                // The module has started anew, and it starts with echo: what was switched off may be on again.
                if self.echo == Echo::Off {
                    self.echo = Echo::Unknown;
                }
                self.style = Style::Either;
            }
            return EventKind::Urc { known: true };
        }
        match self.answers(|sent| sent.answers.plain) {
            Some(owner) => self.informed(owner),
            None => EventKind::Stray,
        }
    }

    /// Whether the bytes begin with the echo of the oldest open command and its CR; the echo's length.
    #[inline]
    pub(super) fn awaited_echo(&self, bytes: &[u8]) -> Option<usize> {
        if self.open == 0 {
            return None;
        }
        let sent = self.sent.get(self.slot(0))?;
        let len = sent.text.len;
        let text = bytes.get(..len)?;
        // `A/` has no CR of its own; the general way knows that.
        let whole = bytes.get(len) == Some(&b'\r') && len < self.capacity && !text.ends_with(b"/");
        (whole && sent.is_echo(text)).then_some(len)
    }

    /// Whether the bytes begin, `lead` bytes from their start, with a whole information line of the one command that can
    /// be answered; the frame's length.
    #[inline]
    pub(super) fn awaited_line(&self, bytes: &[u8], lead: usize) -> Option<(Owner, usize)> {
        let sent = self.sent.get(self.slot(0))?;
        if self.open == 0 || !(sent.echoed || (self.open == 1 && self.echo != Echo::On)) {
            return None;
        }
        let window = bytes.get(lead..)?;
        let head = u128::from_le_bytes(*window.first_chunk::<16>()?);
        if !sent.answers.is_plainly(head, window) {
            return None;
        }
        let found = scan::line_end_and_quotes(window);
        let end = found.end.filter(|_| !found.odd_quotes)?;
        let len = lead.wrapping_add(end).wrapping_add(2);
        let ended = window.get(end..end.wrapping_add(2)) == Some(b"\r\n") && len <= self.capacity;
        ended.then(|| (owner(sent), len))
    }

    /// An echo, if the text is a command that waits for it: the oldest such one.
    #[inline]
    pub(super) fn echo_of(&mut self, text: &[u8]) -> Option<EventKind> {
        let waits = |age: &usize| self.sent.get(self.slot(*age)).is_some_and(|sent| sent.is_echo(text));
        let age = (0..self.open).find(waits)?;
        Some(self.echo_at(age))
    }

    /// The open command at this age has come back.
    #[inline]
    pub(super) fn echo_at(&mut self, age: usize) -> EventKind {
        // The module reads its commands in order: those before this one get no answer any more.
        self.close(age);
        self.echo = Echo::On;
        let slot = self.slot(0);
        let id = self.sent.get_mut(slot).map_or(0, |sent| {
            sent.echoed = true;
            sent.id
        });
        EventKind::Echo(CommandId(id))
    }

    /// A final result as ATV0 writes it: a digit and a CR, no line end before it.
    #[inline]
    pub(super) fn numeral(&mut self, text: &[u8], lead: usize) -> Option<EventKind> {
        let &[digit] = text else { return None };
        if lead > 0 || self.style == Style::Words {
            return None;
        }
        let result = match digit {
            b'0' => FinalKind::Ok,
            b'1' => return Some(self.connected(None)),
            b'2' => return Some(EventKind::Urc { known: true }),
            b'3' => FinalKind::NoCarrier,
            b'4' => FinalKind::Error,
            b'6' => FinalKind::NoDialtone,
            b'7' => FinalKind::Busy,
            b'8' => FinalKind::NoAnswer,
            _ => return None,
        };
        Some(self.ends(result, Style::Numerals))
    }

    /// Gives a final result to its command, and closes it and those before it.
    #[inline]
    pub(super) fn ends(&mut self, result: FinalKind, style: Style) -> EventKind {
        self.style = style;
        if matches!(self.mode, Mode::Upload) {
            self.mode = Mode::Lines;
        }
        let owner = match self.finishing() {
            Finishing::Nobody => Owner::Nobody,
            Finishing::Certain(age) => {
                let slot = self.slot(age);
                self.forgotten = None;
                self.close(age.wrapping_add(1));
                let Some(sent) = self.sent.get(slot) else { return EventKind::Stray };
                self.echo = learned(sent, result);
                owner(sent)
            }
            Finishing::OneOf(first) => {
                let last = self.id(self.open.wrapping_sub(1));
                // One of them is answered; which, nobody knows. So many fewer can still be.
                if self.forgotten.is_none() {
                    self.close(1);
                }
                Owner::Ambiguous { first, last }
            }
        };
        EventKind::Final { result, owner }
    }

    fn connected(&mut self, length: Option<u32>) -> EventKind {
        let owner = match self.finishing() {
            Finishing::Nobody => Owner::Nobody,
            Finishing::OneOf(first) => Owner::Ambiguous { first, last: self.id(self.open.wrapping_sub(1)) },
            Finishing::Certain(age) => {
                let slot = self.slot(age);
                let Some(sent) = self.sent.get(slot) else { return EventKind::Stray };
                let (data, owner) = (sent.data, owner(sent));
                self.connect(data, length.and_then(|length| usize::try_from(length).ok()));
                owner
            }
        };
        EventKind::Connect(owner)
    }

    fn id(&self, age: usize) -> CommandId {
        self.sent.get(self.slot(age)).map_or(CommandId(0), |sent| CommandId(sent.id))
    }

    /// Whose the next final result is. A command that the module has echoed is the one that it works on.
    #[inline]
    fn finishing(&self) -> Finishing {
        if self.open == 0 {
            return Finishing::Nobody;
        }
        // An echo closes what was sent before it, so that an echoed command is the oldest one.
        let echoed = self.sent.get(self.slot(0)).is_some_and(|sent| sent.echoed);
        match (self.echo, self.forgotten) {
            (_, None) if echoed => Finishing::Certain(0),
            // With an echo too: a command that is remembered no more may have had the same text.
            (_, Some(first)) if echoed => Finishing::OneOf(first),
            (Echo::On, _) => Finishing::Nobody,
            (_, Some(first)) => Finishing::OneOf(first),
            (_, None) if self.open == 1 => Finishing::Certain(0),
            (_, None) => Finishing::OneOf(self.id(0)),
        }
    }

    /// Whose an information line is: an open command's that expects it.
    #[inline]
    fn answers(&self, expects: impl Fn(&Sent) -> bool) -> Option<Owner> {
        let mut found: Option<Owner> = None;
        let echoed = self.sent.get(self.slot(0)).is_some_and(|sent| sent.echoed);
        if !echoed && self.echo == Echo::On {
            return None;
        }
        let candidates = if echoed { 1 } else { self.open };
        for age in 0..candidates.min(self.open) {
            let Some(sent) = self.sent.get(self.slot(age)) else { continue };
            if expects(sent) {
                let last = CommandId(sent.id);
                found = Some(match found {
                    None => owner(sent),
                    Some(Owner::Command(first) | Owner::Late(first) | Owner::Ambiguous { first, .. }) => {
                        Owner::Ambiguous { first, last }
                    }
                    Some(Owner::Nobody) => Owner::Nobody,
                });
            }
        }
        found
    }

    /// Whose the prompt is.
    pub(super) fn asking(&self) -> Owner {
        self.answers(|_| true).unwrap_or(Owner::Nobody)
    }
}

/// What a finished command says of the echo.
#[inline]
fn learned(sent: &Sent, result: FinalKind) -> Echo {
    match (sent.echo_after, result) {
        (Some(echo), FinalKind::Ok) => echo,
        (Some(_), _) => Echo::Unknown,
        (None, _) if sent.echoed => Echo::On,
        (None, _) => Echo::Off,
    }
}

enum Finishing {
    Nobody,
    Certain(usize),
    /// One of the open commands; this is the oldest.
    OneOf(CommandId),
}

fn owner(sent: &Sent) -> Owner {
    let id = CommandId(sent.id);
    if sent.late { Owner::Late(id) } else { Owner::Command(id) }
}

/// Final results that are one fixed text; OK was looked for before.
fn result_word(text: &[u8], head: u128) -> Option<FinalKind> {
    const WORDS: [(u128, usize, FinalKind); 5] = [
        (word(b"ERROR"), 5, FinalKind::Error),
        (word(b"NO CARRIER"), 10, FinalKind::NoCarrier),
        (word(b"NO DIALTONE"), 11, FinalKind::NoDialtone),
        (word(b"BUSY"), 4, FinalKind::Busy),
        (word(b"NO ANSWER"), 9, FinalKind::NoAnswer),
    ];
    WORDS.iter().find(|(word, len, _)| *word == head && *len == text.len()).map(|(_, _, result)| *result)
}

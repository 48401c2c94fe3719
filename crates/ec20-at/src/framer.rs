//! What the module sends, cut into frames: echo, information lines, URCs, prompts, final results, data.
//!
//! The framer owns no bytes. The caller keeps a buffer, appends what arrives, asks for events until none comes, and drops
//! what the framer releases. Events carry offsets into the stream. However the bytes were cut on their way, the events are
//! the same; bytes that do not make a frame yet are no error. Time is linear in the bytes, memory and stack are constant.
//!
//! ```
//! use ec20_at::framer::{EventKind, FinalKind, Framer, Owner};
//!
//! let mut framer = Framer::new();
//! let mut buffer: Vec<u8> = Vec::new();
//! let mut seen = Vec::new();
//!
//! let asked = framer.sent(b"AT+QMMSCFG=\"contextid\"\r").unwrap();
//! for piece in ["AT+QMMSCFG=\"con", "textid\"\r\r\n+QMMSCFG: \"contextid\",1\r", "\n\r\n+QMMSEND: 0,200\r\n\r\nOK\r\n"] {
//!     buffer.extend_from_slice(piece.as_bytes());
//!     while let Some(event) = framer.next(&buffer) {
//!         seen.push((event.kind, String::from_utf8_lossy(framer.bytes(&buffer, event.text)).into_owned()));
//!     }
//!     buffer.drain(..framer.release());
//! }
//! assert_eq!(seen, [
//!     (EventKind::Echo(asked), "AT+QMMSCFG=\"contextid\"".into()),
//!     (EventKind::Information(Owner::Command(asked)), "+QMMSCFG: \"contextid\",1".into()),
//!     (EventKind::Urc { known: true }, "+QMMSEND: 0,200".into()),
//!     (EventKind::Final { result: FinalKind::Ok, owner: Owner::Command(asked) }, "OK".into()),
//! ]);
//! ```
#![doc = include_str!("framer/guide.md")]

mod classify;
mod download;
mod event;
mod lines;

mod sent;

use crate::{Span, scan};
use download::Download;
pub use event::{CommandId, Event, EventKind, FinalKind, Owner};
use sent::Sent;

/// What is known of the echo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Echo {
    /// Nothing; it is learned from the next command.
    #[default]
    Unknown,
    /// Commands come back (ATE1, the factory setting).
    On,
    /// They do not (ATE0).
    Off,
}

/// How many commands without a final result are told apart; an older one makes what follows ambiguous.
const OPEN: usize = 4;

/// How final results come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Either,
    Words,
    Numerals,
}

/// What the bytes at the frame's start are part of.
#[derive(Clone, Copy, Debug)]
enum Mode {
    Lines,
    /// The rest of a line that was too long.
    Skip,
    /// Lines, and `A` between them.
    Upload,
    Download(Download),
}

/// The framer's state. It takes about 1.5 KiB, whatever comes.
#[derive(Clone, Debug)]
pub struct Framer {
    /// Offset in the stream of the buffer's first byte.
    base: usize,
    /// Where the frame begins, and up to where it was searched: offsets in the buffer.
    start: usize,
    scan: usize,
    /// Whether a quote is open at `scan`.
    in_quote: bool,
    /// How far any buffer has reached.
    seen: usize,
    /// Lines that begin before this offset have quotes as ordinary bytes.
    plain_until: usize,
    /// The caller gave up what stands before this offset.
    flush: Option<usize>,
    capacity: usize,
    mode: Mode,
    /// The size of the next download, where the caller knows it.
    expected: Option<usize>,
    echo: Echo,
    style: Style,
    /// The commands without a final result: `open` of them, the oldest at `oldest`.
    sent: [Sent; OPEN],
    oldest: usize,
    open: usize,
    /// The oldest command that may still be answered, though it is remembered no more.
    forgotten: Option<CommandId>,
    next_id: u32,
}

impl Default for Framer {
    fn default() -> Self {
        Self::new()
    }
}

impl Framer {
    /// Lines up to this length are read by a framer made with [`new`](Self::new).
    pub const CAPACITY: usize = 4096;

    /// Downloads come in blocks of this many bytes, so that the events do not depend on how the bytes arrived.
    pub const BLOCK: usize = 256;

    /// A framer for lines of up to [`CAPACITY`](Self::CAPACITY) bytes.
    pub fn new() -> Self {
        Self::with_capacity(Self::CAPACITY)
    }

    /// A framer for lines of up to `capacity` bytes, line ends included: the size of the caller's buffer. Less than
    /// [`BLOCK`](Self::BLOCK) and a little is raised to that; [`capacity`](Self::capacity) tells.
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            base: 0,
            start: 0,
            scan: 0,
            in_quote: false,
            seen: 0,
            plain_until: 0,
            flush: None,
            capacity: capacity.max(Self::BLOCK.wrapping_add(download::LONGEST_END)),
            mode: Mode::Lines,
            expected: None,
            echo: Echo::Unknown,
            style: Style::Either,
            sent: [Sent::default(); OPEN],
            oldest: 0,
            open: 0,
            forgotten: None,
            next_id: 0,
        }
    }

    /// Tells the framer what the caller knows of the echo, from `ATE` or from asking the module.
    pub fn set_echo(&mut self, echo: Echo) {
        self.echo = echo;
    }

    /// What is known of the echo.
    pub const fn echo(&self) -> Echo {
        self.echo
    }

    /// Bytes that the framer needs its caller's buffer to hold at least.
    pub const fn capacity(&self) -> usize {
        self.capacity
    }

    /// Whether every command has its final result.
    pub const fn is_idle(&self) -> bool {
        self.open == 0 && self.forgotten.is_none()
    }

    /// Remembers a command line that the host sends: one with its CR, or several. Before or after it is written, but before
    /// what answers it is asked of [`next`](Self::next).
    ///
    /// Returns the identity of the (last) command. Also takes `+++`, which ends data mode, and returns `None` for it as for
    /// anything that does not begin as a command line does. The data of an upload are not for here: there may be a command
    /// line among them.
    pub fn sent(&mut self, bytes: &[u8]) -> Option<CommandId> {
        if bytes == b"+++" {
            self.leave_data_mode();
            return None;
        }
        let line = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let id = CommandId(self.next_id);
        let slot = self.slot(self.open);
        if self.open < OPEN
            && let Some(sent) = self.sent.get_mut(slot)
            && sent.single(id, line)
        {
            self.begin();
            return Some(id);
        }
        self.sent_lines(bytes)
    }

    /// Any lines: several of them, chained, basic or unknown commands, and what is none.
    fn sent_lines(&mut self, bytes: &[u8]) -> Option<CommandId> {
        let mut id = None;
        let mut rest = bytes;
        while let Some(&first) = rest.first() {
            let len = scan::line_end(rest).unwrap_or(rest.len());
            if matches!(first, b'A' | b'a') {
                id = Some(self.remember(rest.get(..len).unwrap_or_default()));
            }
            rest = rest.get(len.wrapping_add(1)..).unwrap_or_default();
        }
        id
    }

    /// What stands in the buffer is read as lines from its start.
    fn leave_data_mode(&mut self) {
        if matches!(self.mode, Mode::Download(_)) {
            self.scan = self.start;
        }
        self.mode = Mode::Lines;
        self.expected = None;
    }

    fn remember(&mut self, line: &[u8]) -> CommandId {
        // `A/` is answered as the line before was.
        let before = self.sent.get(self.slot(self.open.wrapping_sub(1)));
        let repeated = if matches!(line, [_, b'/']) { before.map(|sent| sent.answers) } else { None };
        let id = self.overtake();
        let slot = self.slot(self.open);
        if let Some(sent) = self.sent.get_mut(slot) {
            sent.remember(id, line, repeated.as_ref());
            if sent.changes_style {
                self.style = Style::Either;
            }
        }
        self.begin();
        id
    }

    /// Makes room for one more command, which is known by the returned identity once it [begins](Self::begin).
    #[inline]
    fn overtake(&mut self) -> CommandId {
        if self.open == OPEN {
            let oldest = self.sent.get(self.slot(0)).map(|sent| CommandId(sent.id));
            self.forgotten = self.forgotten.or(oldest);
            self.close(1);
        }
        CommandId(self.next_id)
    }

    /// The command in the slot behind the open ones is open now, and those before it are late.
    #[inline]
    fn begin(&mut self) {
        for age in 0..self.open {
            let slot = self.slot(age);
            if let Some(sent) = self.sent.get_mut(slot) {
                sent.late = true;
            }
        }
        self.next_id = self.next_id.wrapping_add(1);
        self.open = self.open.wrapping_add(1);
    }

    /// Says that the caller waited long enough: what may still be answered is forgotten, and the next command stands alone.
    pub fn settle(&mut self) {
        self.close(self.open);
        self.forgotten = None;
    }

    /// The caller's deadline has passed.
    ///
    /// The command sent last is given up: its final result, if it comes, is late. Data mode ends. What stands in the buffer
    /// without an end is read again with quotes as ordinary bytes, line by line; what then has no line end yet becomes
    /// [`EventKind::Unfinished`]. Call it when [`next`](Self::next) had nothing more to give, and ask `next` again after it.
    pub fn give_up(&mut self) {
        let last = self.slot(self.open.wrapping_sub(1));
        if let Some(sent) = self.sent.get_mut(last) {
            sent.late = true;
        }
        if !matches!(self.mode, Mode::Skip) {
            self.leave_data_mode();
        }
        if self.seen > self.start {
            self.flush = Some(self.seen);
        }
        if self.in_quote {
            self.plain_until = self.seen;
            self.in_quote = false;
            self.scan = self.start;
        }
    }

    /// The next event, or `None` until more bytes come. `buffer` begins with the first byte that was not released.
    #[inline]
    pub fn next(&mut self, buffer: &[u8]) -> Option<Event> {
        if matches!(self.mode, Mode::Lines) && self.flush.is_none() {
            let bytes = buffer.get(self.start..)?;
            self.seen = buffer.len();
            if self.scan == self.start {
                match bytes {
                    [] | [b'\r'] | [b'\r', b'\n'] => return None,
                    // The first byte of a text that no short way needs to see whole.
                    [first] | [b'\r', b'\n', first] if first.is_ascii_alphanumeric() || *first == b'+' => {
                        self.scan = buffer.len();
                        return None;
                    }
                    _ => {}
                }
            } else if let Some(&[byte]) = buffer.get(self.scan..)
                && !matches!(byte, b'\r' | b'\n' | b'"')
                && bytes.len() < self.capacity
            {
                // A byte in the middle of a line that ends nothing: the common case where bytes come one by one.
                self.scan = buffer.len();
                return None;
            }
            return self.line_or_awaited(bytes);
        }
        self.step(buffer)
    }

    /// A line, where nothing was given up: what is awaited is recognised, anything else is searched.
    fn line_or_awaited(&mut self, bytes: &[u8]) -> Option<Event> {
        if self.scan == self.start
            && self.plain_until <= self.start
            && let Some(event) = self.awaited(bytes)
        {
            return Some(event);
        }
        self.line(bytes, false)
    }

    /// How many bytes at the front of the buffer are in events that were given: drop them, then append what arrives.
    #[inline]
    pub fn release(&mut self) -> usize {
        let released = self.start;
        if released == 0 {
            return 0;
        }
        self.base = self.base.wrapping_add(released);
        self.scan = self.scan.saturating_sub(released);
        self.seen = self.seen.saturating_sub(released);
        self.plain_until = self.plain_until.saturating_sub(released);
        self.flush = self.flush.map(|flush| flush.saturating_sub(released));
        self.start = 0;
        released
    }

    /// The bytes of a span of an event, while the buffer still holds them: before [`release`](Self::release), or a copy.
    #[inline]
    pub fn bytes<'b>(&self, buffer: &'b [u8], span: Span) -> &'b [u8] {
        let start = span.start.wrapping_sub(self.base);
        buffer.get(start..start.wrapping_add(span.len())).unwrap_or_default()
    }

    /// Offset in the stream of the buffer's first byte.
    pub const fn position(&self) -> usize {
        self.base
    }

    fn step(&mut self, buffer: &[u8]) -> Option<Event> {
        self.seen = self.seen.max(buffer.len());
        loop {
            let end = match self.flush {
                Some(flush) if flush <= self.start => {
                    self.flush = None;
                    continue;
                }
                // What was given up are lines; data that one of them begins go on with what arrives.
                Some(flush) if !matches!(self.mode, Mode::Download(_)) => flush,
                _ => buffer.len(),
            };
            let bytes = buffer.get(self.start..end)?;
            if bytes.is_empty() {
                return None;
            }
            let last = self.flush.is_some();
            return match self.mode {
                Mode::Upload if bytes.first() == Some(&b'A') => {
                    Some(self.frame(EventKind::Acknowledgement, 1, 0, 1))
                }
                Mode::Lines | Mode::Upload => self.line(bytes, last),
                Mode::Skip => self.skip(bytes, last),
                Mode::Download(mut download) => {
                    let event = self.data(&mut download, bytes);
                    match event {
                        Some(event) => Some(event),
                        None if matches!(self.mode, Mode::Lines) => continue,
                        None => None,
                    }
                }
            };
        }
    }

    /// Ends the frame after `len` bytes; its text stands at `from..to` in it.
    #[inline]
    fn frame(&mut self, kind: EventKind, len: usize, from: usize, to: usize) -> Event {
        let at = self.base.wrapping_add(self.start);
        let reread = self.start < self.plain_until;
        self.start = self.start.wrapping_add(len);
        self.scan = self.start;
        self.in_quote = false;
        Event {
            kind,
            frame: Span::new(at, at.wrapping_add(len)),
            text: Span::new(at.wrapping_add(from), at.wrapping_add(to)),
            reread,
        }
    }

    /// Index of the open command at `age`, counted from the oldest.
    #[inline]
    fn slot(&self, age: usize) -> usize {
        self.oldest.wrapping_add(age) % OPEN
    }

    /// Forgets the oldest `count` open commands.
    #[inline]
    fn close(&mut self, count: usize) {
        self.oldest = self.slot(count);
        self.open = self.open.saturating_sub(count);
    }
}

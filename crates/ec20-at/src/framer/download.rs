//! The bytes of a file on their way to the host, and where they end.
//!
//! The end is known where the number of bytes is: from `CONNECT <n>` or from the caller. Otherwise it is the line
//! `+QFDWL: <size>,<checksum>` whose size is the number of bytes before it and whose checksum is theirs; where only the
//! size fits, the final OK must follow, for then the bytes were damaged on their way. Any other such line is data.

use super::sent::Data;
use super::{Event, EventKind, Framer, Mode};
use crate::Checksum;
use crate::parameter::number;

/// Bytes of the longest end: `\r\n+QFDWL: 4294967295,ffff\r\n\r\nOK\r\n`.
pub(super) const LONGEST_END: usize = 34;

const LAST_LINE: &[u8] = b"\r\n+QFDWL: ";
const OK: &[u8] = b"\r\nOK\r\n";

#[derive(Clone, Copy, Debug)]
pub(super) struct Download {
    /// Bytes that are data for certain, those of earlier blocks included.
    count: usize,
    sum: Checksum,
    /// How many bytes there are in all, where that is known.
    length: Option<usize>,
}

/// What was found from the start of the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// More bytes are needed; so many are data for certain.
    More(usize),
    /// A block of so many bytes, and data go on behind it.
    Block(usize),
    /// The last block; it may be empty.
    End(usize),
}

enum Found {
    Yes,
    No,
    Unknown,
}

impl Download {
    pub(super) fn new(length: Option<usize>) -> Self {
        Self { count: 0, sum: Checksum::default(), length }
    }

    pub(super) fn expect(&mut self, length: usize) {
        self.length = Some(length);
    }

    /// Goes on at `from`, up to which the block's bytes are data.
    pub(super) fn step(&mut self, bytes: &[u8], from: usize) -> Step {
        let mut at = from;
        loop {
            if self.length.is_some_and(|length| self.count >= length) {
                return Step::End(at);
            }
            if at == Framer::BLOCK {
                return Step::Block(at);
            }
            let Some(&byte) = bytes.get(at) else { return Step::More(at) };
            if byte == b'\r' && self.length.is_none() {
                match self.ends(bytes.get(at..).unwrap_or_default()) {
                    Found::Yes => return Step::End(at),
                    Found::Unknown => return Step::More(at),
                    Found::No => {}
                }
            }
            self.sum = self.sum.and(byte, self.count & 1 == 0);
            self.count = self.count.wrapping_add(1);
            at = at.wrapping_add(1);
        }
    }

    /// Whether the last line begins here. Looks at a bounded number of bytes.
    fn ends(&self, rest: &[u8]) -> Found {
        if rest.len() < LAST_LINE.len() {
            return if LAST_LINE.starts_with(rest) { Found::Unknown } else { Found::No };
        }
        let Some(values) = rest.strip_prefix(LAST_LINE) else { return Found::No };
        let longest = values.get(..18).unwrap_or(values);
        let Some(end) = longest.iter().position(|&byte| byte == b'\r') else {
            let plausible = longest.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b',');
            return if plausible && values.len() < 18 { Found::Unknown } else { Found::No };
        };
        let (line, behind) = values.split_at_checked(end).unwrap_or_default();
        let mut fields = line.splitn(2, |&byte| byte == b',');
        let size = fields.next().and_then(number).and_then(|size| usize::try_from(size).ok());
        let sum = fields.next().and_then(Checksum::read);
        let (Some(size), Some(sum)) = (size, sum) else { return Found::No };
        if size != self.count {
            return Found::No;
        }
        let ends: &[&[u8]] = if sum == self.sum { &[b"\r\n"] } else { &[b"\r\n", OK] };
        let mut behind = behind;
        for end in ends {
            if behind.len() < end.len() {
                return if end.starts_with(behind) { Found::Unknown } else { Found::No };
            }
            match behind.strip_prefix(*end) {
                Some(rest) => behind = rest,
                None => return Found::No,
            }
        }
        Found::Yes
    }
}

impl Framer {
    pub(super) fn data(&mut self, download: &mut Download, bytes: &[u8]) -> Option<Event> {
        let from = self.scan.wrapping_sub(self.start);
        let step = download.step(bytes, from);
        self.mode = Mode::Download(*download);
        match step {
            Step::More(scanned) => {
                self.scan = self.start.wrapping_add(scanned);
                None
            }
            Step::Block(len) => Some(self.frame(EventKind::Data, len, 0, len)),
            Step::End(len) => {
                self.mode = Mode::Lines;
                if len == 0 {
                    self.scan = self.start;
                    return None;
                }
                Some(self.frame(EventKind::Data, len, 0, len))
            }
        }
    }

    /// How many bytes the module will send in this download or the next, if the caller knows: a file's size from
    /// `AT+QFLST`.
    ///
    /// Without it the end of a download is found by its last line, whose count must fit the bytes before it.
    pub fn expect_data(&mut self, len: usize) {
        match &mut self.mode {
            Mode::Download(download) => download.expect(len),
            _ => self.expected = Some(len),
        }
    }

    /// Begins the data mode of the command that `CONNECT` belongs to.
    pub(super) fn connect(&mut self, data: Data, length: Option<usize>) {
        match data {
            Data::Upload { acknowledged: true } => self.mode = Mode::Upload,
            Data::Download => self.mode = Mode::Download(Download::new(length.or(self.expected.take()))),
            Data::Upload { acknowledged: false } | Data::None => {}
        }
    }
}

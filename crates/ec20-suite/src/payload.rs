//! A payload read as command lines: what a module would execute that takes the bytes of an upload for commands.
//!
//! A module that has left its data phase without a word, or has restarted, does so from any byte on. So a command line counts wherever
//! its `AT` stands, and however a module may have read the bytes before: with control bytes dropped or erasing, with eight bits or
//! seven. It knows no effects: `effect` and the gate look those up.

/// The ways in which a module may read a byte that is no ordinary text.
#[derive(Debug, Clone, Copy)]
struct Manner {
    /// The top bit of each byte is dropped, as on a line of seven bits.
    seven_bits: bool,
    /// BS and DEL erase; otherwise they are dropped as other control bytes are.
    erases: bool,
    /// LF ends a line as CR does; otherwise it is dropped.
    breaks: bool,
}

/// Every combination.
const MANNERS: [Manner; 8] = {
    let mut manners = [Manner { seven_bits: false, erases: false, breaks: false }; 8];
    let mut at = 0;
    while at < 8 {
        manners[at] = Manner { seven_bits: at & 1 != 0, erases: at & 2 != 0, breaks: at & 4 != 0 };
        at += 1;
    }
    manners
};

/// The command lines in a payload that arrives piece by piece.
///
/// ```
/// use ec20_suite::payload::Readings;
/// let mut readings = Readings::default();
/// assert!(readings.take(b"some bytes, AT+QMM").is_empty());
/// assert_eq!(readings.unended(), [b"AT+QMM".to_vec()]);
/// assert_eq!(readings.take(b"SEND=1\0\r."), [b"AT+QMMSEND=1".to_vec()]);
/// assert!(readings.unended().is_empty());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readings {
    /// What stands on the module's line, by manner.
    lines: [Vec<u8>; 8],
}

impl Readings {
    /// Takes more bytes; returns the lines that they end, each once, in the order they end in. `A/` ends by itself.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut ended = Vec::new();
        for &byte in bytes {
            for (manner, line) in MANNERS.into_iter().zip(&mut self.lines) {
                manner.take(byte, line, &mut ended);
            }
        }
        unique(ended)
    }

    /// The lines that are not ended yet: whatever comes next may end them.
    pub fn unended(&self) -> Vec<Vec<u8>> {
        unique(self.lines.iter().flat_map(|line| suffixes(line)).collect())
    }

    /// Whether nothing has come since the last line end.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(Vec::is_empty)
    }
}

impl Manner {
    fn take(self, byte: u8, line: &mut Vec<u8>, ended: &mut Vec<Vec<u8>>) {
        const BS: u8 = 0x08;
        const DEL: u8 = 0x7f;
        let byte = if self.seven_bits { byte & 0x7f } else { byte };
        match byte {
            b'\r' => ended.extend(suffixes(&std::mem::take(line))),
            b'\n' if self.breaks => ended.extend(suffixes(&std::mem::take(line))),
            BS | DEL if self.erases => {
                line.pop();
            }
            byte if byte.is_ascii_control() => {}
            b'/' if line.last().is_some_and(|last| last.eq_ignore_ascii_case(&b'A')) => {
                line.push(byte);
                ended.push(b"A/".to_vec());
            }
            byte => line.push(byte),
        }
    }
}

/// The line from each `AT` in it on.
fn suffixes(line: &[u8]) -> Vec<Vec<u8>> {
    let starts = line.windows(2).enumerate().filter(|(_, pair)| pair.eq_ignore_ascii_case(b"AT"));
    starts.filter_map(|(at, _)| line.get(at..)).map(<[u8]>::to_vec).collect()
}

fn unique(lines: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let mut unique: Vec<Vec<u8>> = Vec::new();
    for line in lines {
        if !unique.contains(&line) {
            unique.push(line);
        }
    }
    unique
}

/// Every command line in a whole payload, the ones that nothing ends yet included.
///
/// ```
/// use ec20_suite::payload::lines;
/// assert!(lines(b"The quick fox, 2 lines.\r\n!").is_empty());
/// assert_eq!(lines(b"x\r\nAT&F\r\nat+qmmsend=1"), [&b"AT&F"[..], b"at+qmmsend=1"]);
/// assert_eq!(lines(b"AX\x08T&F\r"), [b"AT&F"]);
/// ```
pub fn lines(payload: &[u8]) -> Vec<Vec<u8>> {
    let mut readings = Readings::default();
    let mut lines = readings.take(payload);
    lines.extend(readings.unended());
    unique(lines)
}

//! What an earlier program may have left on a module, and how a run begins nevertheless: the first bytes, and the registers to read.
//!
//! It knows half a line in the module's buffer, and S3, S4 and S5, which say how lines are read. It sends nothing and judges nothing.

/// ESC ends a prompt for text without sending the text (3GPP TS 27.005); in a command line it means nothing.
const ESC: u8 = 0x1b;
/// The usual byte that erases the one before it (S5, V.250 6.2.3).
const BS: u8 = 0x08;
/// The other one that programs set.
const DEL: u8 = 0x7f;
/// How often BS is sent: no half line that a program leaves is longer, unless it is too long for the module as well.
const ERASURES: usize = 512;
/// How often DEL is sent.
const OTHER_ERASURES: usize = 128;
/// How many bytes of filling make a line too long. The longest line of the family's later modules has some 3072 bytes of parameters.
const FILLING: usize = 3100;

/// The first bytes to a module whose line buffer nobody knows, with the CR that ends them.
///
/// In this order, each for a module that the ones before it do not reach:
///
/// * ESC: a prompt for text ends, and nothing is sent.
/// * BS, then DEL, many times: the half line is erased (V.250 6.2.3). Only this helps against `AT+QMMSEND=100;`, of which a module may
///   obey the first command before it looks at the second.
/// * `7` and forty zeros: a number at the end of what is still there leaves every range, also where a module counts modulo 2^16, 2^32
///   or 2^64, or stops reading at the first byte that is no digit.
/// * `]`, many times: no command, parameter or string may hold it unquoted, so the line is a syntax error; and it is too long, for which
///   V.250 5.2.1 and the family's AT manual have `ERROR` before anything of the line is obeyed.
/// * CR: what follows is a line of its own.
///
/// All of it together is shorter than the 4096 bytes that a terminal's queue takes when nobody reads it.
///
/// ```
/// let first = ec20_suite::residue::first_bytes();
/// assert!(first.starts_with(b"\x1b\x08") && first.ends_with(b"]\r") && first.len() < 4000);
/// assert!(!first.contains(&b'A') && !first.contains(&b';') && !first.contains(&b'"') && !first.contains(&0x1a));
/// ```
pub fn first_bytes() -> Vec<u8> {
    let mut bytes = vec![ESC];
    bytes.resize(bytes.len() + ERASURES, BS);
    bytes.resize(bytes.len() + OTHER_ERASURES, DEL);
    bytes.push(b'7');
    bytes.resize(bytes.len() + 40, b'0');
    bytes.resize(bytes.len() + FILLING, b']');
    bytes.push(b'\r');
    bytes
}

/// A register that says how a module reads and writes lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Register {
    /// Its name, `S3`.
    pub name: &'static str,
    /// Its value on a module that nobody has changed, in decimal digits.
    pub usual: &'static str,
    /// What it is for.
    pub purpose: &'static str,
}

/// The three of them, in the order they are asked in (V.250 6.2.1 to 6.2.3).
pub const REGISTERS: [Register; 3] = [
    Register { name: "S3", usual: "13", purpose: "the byte that ends a line" },
    Register { name: "S4", usual: "10", purpose: "the byte that stands behind it in answers" },
    Register { name: "S5", usual: "8", purpose: "the byte that erases the one before it" },
];

impl Register {
    /// The line that reads it.
    pub fn query(&self) -> String {
        format!("AT{}?", self.name)
    }

    /// The line that sets it to its usual value.
    pub fn remedy(&self) -> String {
        format!("AT{}={}", self.name, self.usual)
    }

    /// Whether an information line tells the usual value: one to three digits and nothing else.
    ///
    /// ```
    /// use ec20_suite::residue::REGISTERS;
    /// assert!(REGISTERS[0].is_usual(b"013") && REGISTERS[0].is_usual(b"13"));
    /// assert!(!REGISTERS[0].is_usual(b"130") && !REGISTERS[0].is_usual(b" 13") && !REGISTERS[0].is_usual(b""));
    /// ```
    pub fn is_usual(&self, line: &[u8]) -> bool {
        let digits = std::str::from_utf8(line).ok().filter(|line| (1..=3).contains(&line.len()));
        let digits = digits.filter(|line| line.bytes().all(|byte| byte.is_ascii_digit()));
        digits.is_some_and(|digits| digits.trim_start_matches('0') == self.usual)
    }
}

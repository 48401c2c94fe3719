//! The module's bytes as the few things the gate listens for: CONNECT, entries of the message, final results.
//!
//! It reads lines wherever they end and knows no echo: an echoed line is none of these.

/// Something the module said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard {
    /// It takes data now.
    Connect,
    /// A line of the message that is being edited.
    Entry(Vec<u8>),
    /// An answer has ended.
    Final {
        /// With OK.
        good: bool,
    },
    /// It has restarted, or its bytes make no lines.
    Confusion,
}

/// The longest line that is listened to.
const LONGEST: usize = 8192;

/// Lines under way.
#[derive(Debug, Default)]
pub(super) struct Hearsay {
    line: Vec<u8>,
}

impl Hearsay {
    /// Takes bytes; returns what they complete.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> Vec<Heard> {
        let mut heard = Vec::new();
        for &byte in bytes {
            match byte {
                b'\r' | b'\n' => {
                    heard.extend(meaning(&self.line));
                    self.line.clear();
                }
                _ if self.line.len() >= LONGEST => {
                    self.line.clear();
                    heard.push(Heard::Confusion);
                }
                _ => self.line.push(byte),
            }
        }
        heard
    }
}

fn meaning(line: &[u8]) -> Option<Heard> {
    let starts = |word: &[u8]| line.starts_with(word);
    match line {
        b"OK" | b"0" => Some(Heard::Final { good: true }),
        b"ERROR" | b"4" | b"NO CARRIER" | b"3" => Some(Heard::Final { good: false }),
        _ if starts(b"+CME ERROR:") || starts(b"+CMS ERROR:") => Some(Heard::Final { good: false }),
        b"CONNECT" | b"1" => Some(Heard::Connect),
        b"RDY" => Some(Heard::Confusion),
        _ if starts(b"+QMMSEDIT:") => Some(Heard::Entry(line.to_vec())),
        _ => None,
    }
}

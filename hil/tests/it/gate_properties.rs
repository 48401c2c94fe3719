//! The gate against bytes that nobody thought of. A model of an obedient module takes what leaves; whatever it executes must be allowed.
//!
//! The model shares no code with the gate: it knows five dangerous words and the ways in which a module may find them in a stream.

use std::time::Duration;

use ec20_hil::gate::{Rules, Ruling};
use proptest::prelude::*;

use crate::gate::greeted;

/// What must never be executed unasked.
const DANGEROUS: [&str; 6] = ["+QMMSEND=", "+QFDEL=", "+CFUN=1,1", "&F", "D112", "+QIACT=1"];

/// Pieces that hostile bytes are made of.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::sample::select(vec![
            &b"AT"[..],
            b"at",
            b"A",
            b"/",
            b"A/",
            b"\r",
            b"\n",
            b"\r\n",
            b";",
            b"\"",
            b"\\",
            b",",
            b"=",
            b"?",
            b"=?",
            b"\x08",
            b"\x1b",
            b"+++",
            b"+",
            b" ",
            b"+CMEE=1",
            b"+QMMSEDIT=4,1,\"",
            b"+QMMSEDIT=1",
            b"+QMMS",
            b"END=30",
            b"+QMMSEND=30",
            b"+qmmsend=1",
            b"&F",
            b"E0",
            b"+QFDEL=\"*\"",
            b"D112;",
            b"+CFUN=1,1",
            b"+QIACT=1",
            b"+QFUPL=\"RAM:a\",9,5",
            b"I",
            b"+CPIN?",
        ])
        .prop_map(<[u8]>::to_vec),
        disguised(),
        prop::collection::vec(any::<u8>(), 1..4),
    ]
}

/// A dangerous line in disguise: with bytes between its letters that some module skips or erases, behind a harmless beginning.
fn disguised() -> impl Strategy<Value = Vec<u8>> {
    let start = prop::sample::select(vec![
        "",
        "AT\r",
        "ATE0",
        "AT+CMEE=1;",
        "AT+QMMSEDIT=4,1,\"x\";",
        "AT+QMMSEDIT=4,1,\"x;",
        "A/",
    ]);
    let word = prop::sample::select(vec![
        "AT+QMMSEND=30\r",
        "+QMMSEND=30\r",
        "at&f\r",
        "AT+QFDEL=\"*\"\r",
        "AT+CFUN=1,1\r",
        "ATD112;\r",
    ]);
    let filling = prop::sample::select(vec!["\n", "X\x08", "\0", " ", "\x1b", "\x7f", "\"\"", ";", "\r"]);
    (start, word, prop::collection::vec((any::<prop::sample::Index>(), filling), 0..3)).prop_map(
        |(start, word, fillings)| {
            let mut line = word.to_owned();
            for (place, filling) in fillings {
                line.insert_str(place.index(line.len() + 1), filling);
            }
            format!("{start}{line}").into_bytes()
        },
    )
}

/// Every line that some module could make of the stream: with LF dropped, with LF ending a line, with BS erasing.
pub(crate) fn readings(stream: &[u8]) -> Vec<Vec<u8>> {
    let dropped: Vec<u8> = stream.iter().copied().filter(|byte| *byte != b'\n').collect();
    let mut erased: Vec<u8> = Vec::new();
    for &byte in &dropped {
        if byte == 8 {
            if erased.last().is_some_and(|last| *last != b'\r') {
                erased.pop();
            }
        } else {
            erased.push(byte);
        }
    }
    let mut lines = Vec::new();
    for reading in [stream, &dropped, &erased] {
        lines.extend(reading.split(|byte| *byte == b'\r').map(<[u8]>::to_vec));
        lines.extend(reading.split(|byte| matches!(byte, b'\r' | b'\n')).map(<[u8]>::to_vec));
    }
    lines
}

/// The dangerous words that a module would find outside strings in one line, wherever it starts with AT.
fn executes(line: &[u8]) -> Option<&'static str> {
    let upper: Vec<u8> = line.iter().map(u8::to_ascii_uppercase).filter(|byte| *byte >= 0x20).collect();
    let start = upper.windows(2).position(|pair| pair == b"AT")? + 2;
    let mut quoted = false;
    let bare: Vec<u8> = upper[start..]
        .iter()
        .copied()
        .filter(|byte| {
            quoted ^= *byte == b'"';
            !quoted && *byte != b' '
        })
        .collect();
    let commands =
        bare.split(|byte| *byte == b';').map(|command| String::from_utf8_lossy(command).into_owned());
    for command in commands {
        for word in DANGEROUS {
            let asks = command.starts_with(word)
                || (!word.starts_with('+') && !command.starts_with('+') && command.contains(word));
            if asks && !command.contains("=?") {
                return Some(word);
            }
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, max_shrink_time: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_leaves_can_be_read_as_dangerous(
        writes in prop::collection::vec(prop::collection::vec(piece(), 1..6), 1..8),
    ) {
        let mut gate = greeted(Rules::unasked());
        let mut left: Vec<u8> = Vec::new();
        for (at, pieces) in writes.iter().enumerate() {
            let bytes = pieces.concat();
            let now = Duration::from_millis(10 * at as u64);
            if gate.rule(u64::try_from(now.as_micros()).unwrap(), &bytes) == Ruling::Leaves {
                left.extend(bytes);
            }
            // A module that says nothing never asks for data, so all of it is command lines, and the last may be ended by anybody.
            for line in readings(&left) {
                prop_assert_eq!(executes(&line), None, "left: {}", ec20_suite::escape::escaped(&left));
            }
        }
    }

    #[test]
    fn how_a_line_is_cut_changes_nothing_for_the_worse(bytes in prop::collection::vec(piece(), 1..8), cut in any::<prop::sample::Index>()) {
        let bytes = bytes.concat();
        let at = cut.index(bytes.len());
        let mut cut = greeted(Rules::unasked());
        let both = cut.rule(0, &bytes[..at]) == Ruling::Leaves && cut.rule(1, &bytes[at..]) == Ruling::Leaves;
        let whole = greeted(Rules::unasked()).rule(0, &bytes) == Ruling::Leaves;
        // Cutting may only hold back more, never let out more.
        prop_assert!(whole || !both);
    }

    #[test]
    fn whatever_the_module_says_opens_nothing_for_what_was_not_asked(
        said in prop::collection::vec(any::<u8>(), 0..200),
        prefix in prop::sample::select(vec![&b""[..], b"\r\nCONNECT\r\n", b"\r\nOK\r\n", b"\r\n+QMMSEDIT: 1,\"1\"\r\n\r\nOK\r\n"]),
    ) {
        let mut gate = greeted(Rules::unasked());
        prop_assert_eq!(gate.rule(0, b"AT\r"), Ruling::Leaves);
        gate.hear(1, prefix);
        gate.hear(2, &said);
        for bytes in [&b"AT+QMMSEND=30\r"[..], b"AT&F\r", b"AT+QFDEL=\"*\"\r", b"payload"] {
            prop_assert!(gate.rule(3, bytes) != Ruling::Leaves);
        }
    }
}

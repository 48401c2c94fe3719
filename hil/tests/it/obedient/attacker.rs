//! The attacker: half lines that an earlier program leaves, lines in disguise, payloads with lines in them, and dialogues made of all that.

use fastrand::Rng;

/// Half a line: it lacks nothing but its end.
pub(super) fn residue(dice: &mut Rng) -> Vec<u8> {
    const WORST: [&str; 12] = [
        "AT+QMMSEND=100",
        "AT+QMMSEND=100;",
        "AT+QMMSEND=100;+X",
        "at+qmmsend=1",
        "AT+CMEE=1;+QMMSEND=",
        "AT+QFDEL=\"*\"",
        "ATD112;",
        "AT&F",
        "AT+CFUN=1,1",
        "AT+QMMSEDIT=4,1,\"open;+QMMSEND=1",
        "A",
        "AT",
    ];
    let mut line = String::new();
    if dice.u32(0..10) == 0 {
        line = format!("AT+QMMSEDIT=4,1,\"{}\";", "x".repeat(dice.usize(0..2000)));
    }
    line.push_str(dice.choice(WORST).expect("a choice"));
    line.into_bytes()
}

/// Addresses, of which the first two are covered.
const ADDRESSES: [&str; 10] = [
    "+4911111111",
    "to@bench.example",
    "110",
    "4911111111",
    "+49222;x@bench.example",
    "+49222 x@bench.example",
    "+491111111",
    "+4911111111,110",
    "boss@elsewhere.example",
    "3131303b",
];

fn address(dice: &mut Rng) -> &'static str {
    let among = if dice.u32(0..3) > 0 { 2 } else { ADDRESSES.len() };
    ADDRESSES[dice.usize(0..among)]
}

/// A line that a case may ask.
fn line(dice: &mut Rng) -> String {
    let plain = match dice.u32(0..26) {
        0..=5 => format!("AT+QMMSEDIT={},1,\"{}\"", dice.u32(1..4), address(dice)),
        6 | 7 => "AT+QMMSEDIT=0".to_owned(),
        8 => format!("AT+QMMSEDIT={},0", dice.u32(1..4)),
        9 => format!("AT+QMMSEDIT={},0,\"{}\"", dice.u32(1..4), address(dice)),
        10..=14 => "AT+QMMSEND=30".to_owned(),
        15 => format!("AT+CMEE=1;+QMMSEDIT=1,1,\"{}\"", address(dice)),
        16 => format!("AT+QMMSEDIT=1,1,\"{}\";+QMMSEND=30", address(dice)),
        17 => format!("AT+QMMSEDIT=4,1,\"a;+QMMSEDIT=1,1,{}\"", address(dice)),
        18 => "AT+QIACT=1".to_owned(),
        19 => (*dice.choice(&["AT&F", "ATZ", "AT+CFUN=1,1", "AT+QFDEL=\"*\"", "ATD112;"]).expect("one"))
            .to_owned(),
        20 => format!("ATS{}={}", dice.u32(3..6), dice.choice(&[13, 10, 8, 88, 63, 127]).expect("one")),
        21 => "ATE0".to_owned(),
        22 => "AT+CSQ".to_owned(),
        23 => format!("AT+QMMSEDIT=0{},1,\"{}\"", dice.u32(1..4), address(dice)),
        24 => format!("AT+QMMSEDIT= {} , 1 , \"{}\"", dice.u32(1..4), address(dice)),
        _ => format!("AT+QMMSEDIT=1,1,{}", address(dice)),
    };
    if dice.u32(0..6) == 0 { plain.to_ascii_lowercase() } else { plain }
}

/// Payload, and how many bytes that is.
fn payload(dice: &mut Rng) -> (String, usize) {
    const PARTS: [&[u8]; 14] = [
        b"AT+QMMSEND=30",
        b"AT+QMMSEDIT=1,1,\"110\"",
        b"at+qmmsend=1",
        b"AT&F",
        b"A/",
        b"AT",
        b"\r",
        b"\r\n",
        b";+QMMSEND=1",
        b"text ",
        b"\x08",
        b"+++",
        b"ATE",
        b"\0",
    ];
    let harmless = dice.bool();
    let mut bytes = Vec::new();
    for _ in 0..dice.usize(1..5) {
        bytes.extend_from_slice(if harmless { b"text" } else { PARTS[dice.usize(0..PARTS.len())] });
    }
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    (hex.join(" "), bytes.len())
}

/// A dialogue, as a transcript's text.
pub(super) fn transcript(dice: &mut Rng, id: &str) -> String {
    let head = format!("---\nid = \"{id}\"\ntitle = \"drawn\"\nclauses = [\"EDIT-LIST\"]\n---\n");
    let steps: Vec<String> = (0..dice.usize(1..7)).map(|_| step(dice)).collect();
    let end = if dice.bool() { "finally\n> AT+QMMSEDIT=0\n< OK\n" } else { "" };
    [&head, &*steps.concat(), end].concat()
}

fn step(dice: &mut Rng) -> String {
    match dice.u32(0..9) {
        0 | 1 => {
            let (hex, size) = payload(dice);
            let size = size + if dice.u32(0..3) == 0 { dice.usize(1..20) } else { 0 };
            let end = if dice.bool() { "< +QFUPL: 1,0\n< OK\n" } else { "" };
            format!("> AT+QFUPL=\"RAM:x\",{size},5\n< CONNECT\ndata hex {hex}\nwait 1ms\n{end}")
        }
        2 => format!(">> {}\n", dice.choice(["A/", "\\x1b", "AT", "AT+CSQ\\r", "\\r"]).expect("one")),
        _ => {
            let wait = if dice.u32(0..12) == 0 { "wait 10s\n" } else { "" };
            format!("> {}\n< OK\n| ERROR\n{wait}", line(dice))
        }
    }
}

//! Pairs of runs: one small suite, asked of two strangers that differ in exactly what a row says.

use std::collections::BTreeMap;

use ec20_suite::journal::Event;
use ec20_suite::recorded::Recorded;
use ec20_suite::suite::{Suite, Variables};

use crate::stranger::{Reaction, Stranger, answer, bench};

/// The cases: what is observed may be anything; `strict` must be as it stands.
const CASES: [(&str, &str, &str); 7] = [
    ("context", "CFG-CONTEXTID", "> AT+QMMSCFG=\"contextid\"\n? U-CFG-KEY-CASE\n"),
    (
        "strict",
        "CFG-MMSC-LENGTH",
        "> AT+QMMSCFG=\"mmsc\"\n< +QMMSCFG: \"mmsc\",\"http://mmsc.example/\"\n< OK\n",
    ),
    (
        "recipients",
        "EDIT-TO-ADD",
        "> AT+QMMSEDIT=1,1,\"{to}\"\n< OK\n> AT+QMMSEDIT=1,1,\"{cc}\"\n< OK\n> AT+QMMSEDIT=1\n? U-CFG-KEY-CASE\n",
    ),
    ("bearer", "PROC-ATTACH", "> AT+QIACT?\n? U-CFG-KEY-CASE\n"),
    ("identity", "CFG-MMSC-LENGTH", "> AT+CGSN\n? U-CFG-KEY-CASE\n> AT+CSQ\n? U-CFG-KEY-CASE\n"),
    ("send", "PROC-SIX-STEPS", "> AT+QMMSEND=100\n< OK\n! 105s +QMMSEND: 0,200\n| +QMMSEND: 0,200,{:int}\n"),
    ("settings/2", "CFG-MMSC-LENGTH", "> AT+QMMSCFG=\"character\"\n? U-CFG-KEY-CASE\n"),
];

/// What a bench puts into the place of persons and things.
#[derive(Clone)]
pub(crate) struct Names {
    pub(crate) to: &'static str,
    pub(crate) cc: &'static str,
    pub(crate) imei: &'static str,
}

pub(crate) const NAMES: Names = Names { to: "13856122546", cc: "13012345678", imei: "861075020000016" };

/// The suite with a bench's names in it.
pub(crate) fn suite(names: &Names) -> Suite {
    suite_of(&texts(), names)
}

/// The transcripts: file and text.
pub(crate) fn texts() -> Vec<(String, String)> {
    let text = |(id, judged, body): &(&str, &str, &str)| {
        // A row makes the number: `settings/2` is asked as the second of two.
        let (id, rows) = match id.split_once('/') {
            Some((id, _)) => (id, "rows = [{ x = \"1\" }, { x = \"2\" }]\n"),
            None => (*id, ""),
        };
        let head = format!("id = \"{id}\"\ntitle = \"The case {id}\"\nclauses = [\"{judged}\"]\n{rows}");
        (format!("{id}.atx"), format!("---\n{head}---\n{body}"))
    };
    CASES.iter().map(text).collect()
}

/// A suite of these transcripts.
pub(crate) fn suite_of(texts: &[(String, String)], names: &Names) -> Suite {
    let variables = format!("to = \"{}\"\ncc = \"{}\"\n", names.to, names.cc);
    let variables = Variables::read("variables.toml", &variables).expect("variables");
    let texts = texts.iter().map(|(file, text)| (file.as_str(), text.as_str()));
    Suite::assemble(texts, BTreeMap::new(), &variables)
        .unwrap_or_else(|mistakes| panic!("the suite of a test is without mistakes: {mistakes:?}"))
}

/// A firmware that the pairs start from.
pub(crate) fn firmware(names: &Names) -> Stranger {
    let recipients = [format!("+QMMSEDIT: 1,\"{}\"", names.to), format!("+QMMSEDIT: 1,\"{}\"", names.cc)];
    let recipients = [recipients[0].as_str(), recipients[1].as_str(), "OK"];
    let add = |address: &str| format!("AT+QMMSEDIT=1,1,\"{address}\"");
    Stranger::new(&[
        ("ATI", &["Quectel", "EC20F", "Revision: EC20CEFAGR06A10M4G", "OK"]),
        ("AT+QGMR", &["EC20CEFAGR06A10M4G_01.002.01.002", "OK"]),
        ("AT+CGSN", &[names.imei, "OK"]),
        ("AT+QMMSCFG=\"contextid\"", &["+QMMSCFG: \"contextid\",1", "OK"]),
        ("AT+QMMSCFG=\"mmsc\"", &["+QMMSCFG: \"mmsc\",\"http://mmsc.example/\"", "OK"]),
        ("AT+QMMSCFG=\"character\"", &["+QMMSCFG: \"character\",\"ASCII\"", "OK"]),
        (&add(names.to), &["OK"]),
        (&add(names.cc), &["OK"]),
        ("AT+QMMSEDIT=1", &recipients),
        ("AT+QIACT?", &["+QIACT: 1,1,1,\"10.7.157.1\"", "OK"]),
        ("AT+CSQ", &["+CSQ: 24,99", "OK"]),
    ])
    .also("AT+QMMSEND=100", Reaction::Says(b"\r\nOK\r\n\r\n+QMMSEND: 0,200\r\n".to_vec()))
}

/// The events of a run of the whole suite.
pub(crate) fn events(stranger: &mut Stranger, names: &Names, repeat: u32) -> Vec<Event> {
    let mut bench = bench();
    bench.repeat = repeat;
    stranger.run(suite(names).cases().to_vec(), bench)
}

/// The run, as a folder holds it.
pub(crate) fn run(stranger: &mut Stranger, repeat: u32) -> Recorded {
    Recorded::of(&events(stranger, &NAMES, repeat)).expect("a run")
}

/// The base firmware with another answer to one command.
pub(crate) fn answering(command: &str, lines: &[&str]) -> Stranger {
    firmware(&NAMES).instead(command, &[Reaction::Says(answer(lines))])
}

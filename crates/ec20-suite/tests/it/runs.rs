//! Runs for the reports' tests: one with every verdict in it, one with a hostile module, one with a thousand cases.

use ec20_suite::executor::Permit;
use ec20_suite::journal::Event;
use ec20_suite::recorded::Recorded;
use ec20_suite::suite::Case;

use crate::stranger::{Reaction, Stranger, answer, bench, suite};

/// What a module says that wants to be more than text: markup, script ends, Markdown, control bytes.
pub(crate) const HOSTILE: &str =
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&<!-- ``` | @all [a](b) \u{202e}";

/// Asks the stranger for who it is.
fn named(stranger: Stranger, name: &str) -> Stranger {
    stranger
        .also("ATI", Reaction::Says(answer(&["Quectel", "EC20F", name, "OK"])))
        .also("AT+QGMR", Reaction::Says(answer(&[name, "OK"])))
        .also("AT+CGSN", Reaction::Says(answer(&["861075020000016", "OK"])))
}

const KEPT: &str = "> AT+QMMSCFG=\"contextid\"\n< +QMMSCFG: \"contextid\",{id:int}\n< OK\n";

/// A run in which something came to every verdict, one case is flaky, one leaky, and a standing clause is broken.
pub(crate) fn motley() -> Vec<Event> {
    let unknown = &ec20_manual::Catalogue::manual().unknown("U-CFG-KEY-CASE").expect("an unknown").id;
    let open = format!("> AT+QMMSCFG=\"CONTEXTID\"\n? {unknown}\n");
    let leaky = format!("{KEPT}finally\n> AT+QMMSEDIT=0\n< OK\n");
    let suite = suite(&[
        ("kept", "", KEPT),
        ("open", "", &open),
        ("flaky", "", "> AT+QMMSCFG=\"proxy\"\n< OK\n"),
        ("wrong", "", "> AT+QMMSCFG=\"mmsc\"\n< +QMMSCFG: \"mmsc\",\"a\"\n< OK\n"),
        ("silent", "", "> AT+QMMSEDIT=4\n< OK\n"),
        ("undecided", "", "> AT+QMMSEDIT=2\n< OK\n| +CME ERROR: 753 => inconclusive(SIM)\n"),
        ("needy", "needs = [\"mmsc\"]\n", "> AT+QMMSEDIT=1\n< OK\n"),
        ("billable", "", "> AT+QMMSEND=100\n< OK\n"),
        ("leaky", "", &leaky),
        ("surplus", "", "> AT+QMMSEDIT=5\n< OK\n"),
        ("gone", "", "> AT+QMMSEDIT=3\n< OK\n"),
    ]);
    let stranger = Stranger::new(&[
        ("AT+QMMSCFG=\"contextid\"", &["+QMMSCFG: \"contextid\",1", "OK"]),
        ("AT+QMMSCFG=\"CONTEXTID\"", &["+CME ERROR: 999"]),
        ("AT+QMMSCFG=\"mmsc\"", &["+QMMSCFG: \"mmsc\",\"b\"", "OK"]),
        ("AT+QMMSEDIT=2", &["+CME ERROR: 753"]),
        ("AT+QMMSEDIT=0", &["+CME ERROR: 751"]),
    ])
    .also("AT+QMMSCFG=\"proxy\"", Reaction::Says(answer(&["OK"])))
    .also("AT+QMMSCFG=\"proxy\"", Reaction::Says(answer(&["ERROR"])))
    .also("AT+QMMSCFG=\"proxy\"", Reaction::Says(answer(&["OK"])))
    .also("AT+QMMSEDIT=4", Reaction::Silent)
    .also("AT+QMMSEDIT=5", Reaction::Says(b"\r\nOK\r\n\r\nOK\r\n".to_vec()))
    .also("AT+QMMSEDIT=3", Reaction::Unplugged);
    let mut motley = bench();
    motley.permit = Permit::default();
    motley.retries = 1;
    named(stranger, "EC20CEFAGR06A10M4G").run(suite.cases().to_vec(), motley)
}

/// A run against a module whose every word is an attack.
pub(crate) fn hostile() -> Vec<Event> {
    let suite = suite(&[("asked", "", KEPT), ("titled", "", "> AT+QMMSEDIT=4\n? U-CFG-KEY-CASE\n")]);
    let attack = format!("+QMMSCFG: \"contextid\",{HOSTILE}");
    let stranger =
        Stranger::new(&[("AT+QMMSCFG=\"contextid\"", &[&attack, "OK"]), ("AT+QMMSEDIT=4", &[&attack, "OK"])]);
    let mut bench = bench();
    HOSTILE.clone_into(&mut bench.run.port);
    HOSTILE.clone_into(&mut bench.run.command);
    named(stranger, HOSTILE).run(suite.cases().to_vec(), bench)
}

/// A run of a thousand cases of a usual length, every tenth of which fails.
pub(crate) fn large() -> Vec<Event> {
    let setting = "> AT+CMEE=1\n< OK\n> AT+QMMSCFG=\"character\",\"ASCII\"\n< OK\n";
    let good = format!("{setting}{KEPT}> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"a@b.example\"\n< OK\n");
    let bad = format!("{setting}> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"c@d.example\"\n< OK\n");
    let texts: Vec<(String, &str)> = (0..1000)
        .map(|at| (format!("case-of-a-usual-length-{at}"), if at % 10 == 0 { bad.as_str() } else { &good }))
        .collect();
    let texts: Vec<(&str, &str, &str)> = texts.iter().map(|(id, body)| (id.as_str(), "", *body)).collect();
    let cases: Vec<Case> = suite(&texts).cases().to_vec();
    let stranger = Stranger::new(&[
        ("AT+CMEE=1", &["OK"]),
        ("AT+QMMSCFG=\"character\",\"ASCII\"", &["OK"]),
        ("AT+QMMSCFG=\"contextid\"", &["+QMMSCFG: \"contextid\",1", "OK"]),
        ("AT+QMMSEDIT=1", &["+QMMSEDIT: 1,\"a@b.example\"", "OK"]),
    ]);
    named(stranger, "EC20CEFAGR06A10M4G").run(cases, bench())
}

pub(crate) fn recorded(events: &[Event]) -> Recorded {
    Recorded::of(events).expect("a run begins with its head")
}

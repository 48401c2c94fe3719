//! The order of a run: what its bench offers is found out by reading, a case follows a case, and an interrupt ends it in order.

use std::collections::BTreeSet;

use ec20_suite::executor::{Bench, Expected};
use ec20_suite::journal::{Event, NotAskedWhy};
use ec20_suite::verdict::Verdict::{self, Fail, Inconclusive, Pass, Unsupported};
use rstest::rstest;

use crate::stranger::{Reaction, Stranger, answer, bench, breaches, cases, ends, exit, not_asked, suite};

const ASK: &str = "> AT+QMMSEDIT=0\n< OK\n";

/// What nobody told of the bench is found out by reading, where a case needs it; what was told is not asked.
#[rstest]
#[case::card("sim-card", &[("AT+CPIN?", "+CPIN: READY")], Pass)]
#[case::locked("sim-card", &[("AT+CPIN?", "+CPIN: SIM PIN")], Unsupported)]
#[case::no_card("sim-card", &[("AT+CPIN?", "+CME ERROR: 10")], Unsupported)]
#[case::attached("attach", &[("AT+CGATT?", "+CGATT: 1")], Pass)]
#[case::not_attached("attach", &[("AT+CGATT?", "+CGATT: 0")], Unsupported)]
#[case::at_home("pdp", &[("AT+CGREG?", "+CGREG: 0,1"), ("AT+CEREG?", "+CEREG: 0,2")], Pass)]
#[case::roaming("pdp", &[("AT+CGREG?", "+CGREG: 0,0"), ("AT+CEREG?", "+CEREG: 0,5")], Pass)]
#[case::searching("pdp", &[("AT+CGREG?", "+CGREG: 0,2"), ("AT+CEREG?", "+CEREG: 0,3")], Unsupported)]
fn what_the_bench_offers_is_found_out(
    #[case] need: &str,
    #[case] told: &[(&str, &str)],
    #[case] wanted: Verdict,
) {
    let case = suite(&[("case", &format!("needs = [\"{need}\"]\n"), ASK)]).cases().to_vec();
    let stranger = || {
        let stranger = Stranger::new(&[("AT+QMMSEDIT=0", &["OK"])]);
        told.iter().fold(stranger, |stranger, (query, line)| {
            let lines: &[&str] = if line.starts_with("+CME") { &[line] } else { &[line, "OK"] };
            stranger.also(query, Reaction::Says(answer(lines)))
        })
    };
    let asked =
        |stranger: &Stranger| told.iter().any(|(query, _)| stranger.heard.iter().any(|line| line == query));
    let mut found = stranger();
    let events = found.run(case.clone(), bench());
    assert_eq!(ends(&events)[0].verdict, wanted);
    let named =
        events.iter().any(|event| matches!(event, Event::Bench { note, .. } if note.starts_with(need)));
    assert_eq!((asked(&found), named), (true, wanted == Unsupported));

    let mut offered = stranger();
    let events = offered.run(case, Bench { offers: BTreeSet::from([need.to_owned()]), ..bench() });
    assert_eq!((ends(&events)[0].verdict, asked(&offered)), (Pass, false));

    let mut not_needed = stranger();
    not_needed.run(cases(ASK), bench());
    assert!(!asked(&not_needed), "{:?}", not_needed.heard);
}

/// A bench file names the module that it is for; another is asked nothing, and that is trouble of the bench.
#[rstest]
#[case::this_one(Some("861075020000016"), Some("EC20CEFAGR06"), &[Pass], 0)]
#[case::another(Some("869999999999999"), None, &[], 3)]
#[case::another_firmware(None, Some("EC20CEFAGR08"), &[], 3)]
fn the_module_must_be_the_expected_one(
    #[case] imei: Option<&str>,
    #[case] firmware: Option<&str>,
    #[case] wanted: &[Verdict],
    #[case] code: u8,
) {
    let expected = Expected { imei: imei.map(str::to_owned), firmware: firmware.map(str::to_owned) };
    let mut stranger = Stranger::new(&[
        ("ATI", &["Quectel", "EC20F", "Revision: EC20CEFAGR06A10M4G", "OK"]),
        ("AT+CGSN", &["861075020000016", "OK"]),
        ("AT+QMMSEDIT=0", &["OK"]),
    ]);
    let events = stranger.run(cases(ASK), Bench { expected, ..bench() });
    let verdicts: Vec<Verdict> = ends(&events).into_iter().map(|end| end.verdict).collect();
    assert_eq!((&*verdicts, exit(&events)), (wanted, code));
    let other = wanted.is_empty();
    assert_eq!(not_asked(&events), if other { vec![(NotAskedWhy::AnotherModule, 1)] } else { vec![] });
    assert_eq!(stranger.heard.contains(&"AT+QMMSEDIT=0".to_owned()), !other);
}

/// Whether the module is still there is asked behind a case that failed and at the end, not behind one that passed.
#[rstest]
#[case::passed("OK", &["AT+QMMSEDIT=0", "AT+QMMSEDIT=1", "AT"])]
#[case::failed("+CME ERROR: 751", &["AT+QMMSEDIT=0", "AT", "AT+QMMSEDIT=1", "AT"])]
fn a_case_follows_a_case(#[case] result: &str, #[case] wanted: &[&str]) {
    let mut stranger = Stranger::new(&[("AT+QMMSEDIT=0", &[result]), ("AT+QMMSEDIT=1", &["OK"])]);
    let cases = suite(&[("first", "", ASK), ("second", "", "> AT+QMMSEDIT=1\n< OK\n")]).cases().to_vec();
    stranger.run(cases, bench());
    let begun = stranger.heard.iter().position(|line| line == "AT+QMMSEDIT=0").expect("it was asked");
    assert_eq!(stranger.heard[begun..], *wanted);
}

/// A case that keeps failing is asked as often again as was said.
#[rstest]
#[case::never(0, 1)]
#[case::once(1, 2)]
#[case::three_times(3, 4)]
fn a_failure_is_asked_again(#[case] retries: u32, #[case] attempts: usize) {
    let mut stranger = Stranger::new(&[("AT+QMMSEDIT=0", &["ERROR"])]);
    let events = stranger.run(cases(ASK), Bench { retries, ..bench() });
    assert_eq!(ends(&events).iter().map(|end| end.verdict).collect::<Vec<_>>(), vec![Fail; attempts]);
}

/// An interrupt ends a run in order: what the case has to clean up is cleaned up, no case is asked after it.
#[rstest]
#[case::in_a_command(&format!("{ASK}> AT+QMMSEDIT=1\n< OK\nfinally\n> AT+QMMSEDIT=2\n< OK\n"), &[])]
#[case::in_a_wait("> AT+QMMSEDIT=0\n< OK\nwait 9s\nfinally\n> AT+QMMSEDIT=2\n< OK\n", &[])]
#[case::while_a_message_is_on_its_way(
    "> AT+QMMSEND=30\n< OK\n! 35s +QMMSEND: 0,200\nfinally\n> AT+QMMSEDIT=2\n< OK\n",
    &["+QMMSEND: 0,200"]
)]
fn an_interrupt_ends_a_run_in_order(#[case] body: &str, #[case] awaited: &[&str]) {
    let at = if awaited.is_empty() { "AT+QMMSEDIT=0" } else { "AT+QMMSEND=30" };
    let sent = vec![
        (2500, [b"AT+QMMSEND=30\r".to_vec(), answer(&["OK"])].concat()),
        (9_000_000, b"\r\n+QMMSEND: 0,200\r\n".to_vec()),
    ];
    let mut stranger =
        Stranger::new(&[("AT+QMMSEDIT=1", &["OK"]), ("AT+QMMSEDIT=2", &["OK"]), ("AT+CSQ", &["OK"])])
            .also("AT+QMMSEDIT=0", Reaction::Says(answer(&["OK"])))
            .also("AT+QMMSEND=30", Reaction::InParts(sent))
            .interrupted_at(at);
    let suite = suite(&[("first", "", body), ("second", "", "> AT+CSQ\n< OK\n")]);
    let events = stranger.run(suite.cases().to_vec(), bench());
    let told: Vec<_> = ends(&events).into_iter().map(|end| (end.verdict, end.cause, end.leaky)).collect();
    let because = |cause: &str| (Inconclusive, Some(cause.to_owned()), None);
    assert_eq!(told, [because("interrupted")]);
    assert_eq!(not_asked(&events), [(NotAskedWhy::Interrupted, 1)]);
    assert_eq!((exit(&events), breaches(&events)), (3, vec![]));
    assert_eq!(stranger.heard.iter().filter(|line| *line == "AT+QMMSEDIT=2").count(), 1);
    assert!(!stranger.heard.contains(&"AT+CSQ".to_owned()), "{:?}", stranger.heard);
    let lines = events.iter().filter_map(|event| match event {
        Event::Line { text, .. } if text.starts_with("+QMMSEND") => Some(text.as_str()),
        _ => None,
    });
    assert_eq!(lines.collect::<Vec<_>>(), awaited);
}

/// What stands in the journal of a breach is the case that ran, and none where none did.
#[rstest]
#[case::in_the_case(2500, Some("case"))]
#[case::behind_it(60_000, None)]
fn a_breach_is_told_where_it_was(#[case] after_us: u64, #[case] wanted: Option<&str>) {
    let parts = vec![(2500, b"AT+QMMSEDIT=0\r\r\nOK\r\n".to_vec()), (after_us, b"\r\nOK\r\n".to_vec())];
    let mut stranger = Stranger::new(&[]).also("AT+QMMSEDIT=0", Reaction::InParts(parts));
    let events = stranger.run(cases(ASK), bench());
    assert_eq!(ends(&events)[0].verdict, Pass);
    let told = events.iter().find_map(|event| match event {
        Event::Breach { case, .. } => Some(case.as_deref()),
        _ => None,
    });
    assert_eq!(told, Some(wanted));
}

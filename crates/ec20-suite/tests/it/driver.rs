//! What a driver tells of its own accord: a line that the gate keeps back, an end that somebody wants, a message at the far end.

use ec20_suite::executor::{Bench, Captured};
use ec20_suite::journal::{Event, NotAskedWhy};
use ec20_suite::verdict::Verdict::{self, Fail, Inconclusive, Pass, Withheld};
use mms_pdu::SendReqBuilder;
use rstest::rstest;

use crate::stranger::{Reaction, Stranger, Way, answer, bench, cases, ends, exit, not_asked, suite};

/// What the gate keeps back is withheld, with its reason; what puts the case back runs, and the next case is asked.
#[test]
fn a_line_that_the_gate_keeps_back() {
    let suite = suite(&[
        ("first", "", "> AT+CSQ\n< OK\nfinally\n> AT+QMMSEDIT=0\n< OK\n"),
        ("second", "", "> AT+QMMSEDIT=1\n< OK\n"),
    ]);
    let mut stranger = Stranger::new(&[("AT+QMMSEDIT=0", &["OK"]), ("AT+QMMSEDIT=1", &["OK"])])
        .withholding("AT+CSQ", "nobody allows that");
    let events = stranger.run(suite.cases().to_vec(), bench());
    let ended: Vec<_> = ends(&events).into_iter().map(|end| (end.verdict, end.cause)).collect();
    assert_eq!(ended, [(Withheld, Some("nobody allows that".to_owned())), (Pass, None)]);
    assert_eq!(exit(&events), 5);
    assert!(!stranger.heard.contains(&"AT+CSQ".to_owned()));
    assert!(stranger.heard.contains(&"AT+QMMSEDIT=0".to_owned()));
}

/// A run that shall end begins no further case; what puts back what was begun runs.
#[test]
fn an_end_that_somebody_wants() {
    let suite = suite(&[
        ("first", "", "> AT+CSQ\n< OK\nwait 10s\nfinally\n> AT+QMMSEDIT=0\n< OK\n"),
        ("second", "", "> AT+QMMSEDIT=1\n< OK\n"),
    ]);
    let mut stranger = Stranger::new(&[("AT+QMMSEDIT=0", &["OK"]), ("AT+QMMSEDIT=1", &["OK"])])
        .also("AT+CSQ", Reaction::Then(answer(&["OK"]), vec![(1_000_000, Way::Interrupt)]));
    let events = stranger.run(suite.cases().to_vec(), bench());
    let ended: Vec<_> =
        ends(&events).into_iter().map(|end| (end.verdict, end.cause.unwrap_or_default())).collect();
    assert_eq!(ended, [(Inconclusive, "interrupted".to_owned())]);
    assert_eq!(not_asked(&events), [(NotAskedWhy::Interrupted, 1)]);
    assert_eq!(exit(&events), 3);
    assert!(events.iter().any(
        |event| matches!(event, Event::End { interrupted: Some(reason), .. } if reason.contains("Ctrl-C"))
    ));
    assert!(stranger.heard.contains(&"AT+QMMSEDIT=0".to_owned()));
    assert!(!stranger.heard.contains(&"AT+QMMSEDIT=1".to_owned()));
}

fn message(id: &str) -> Way {
    let pdu = SendReqBuilder::new(id).to("13856122546").encode().expect("a message that can be written");
    Way::Message(Captured { pdu, target: "/".to_owned(), host: String::new(), media: None })
}

/// A success without its message breaks a promise; a failure needs none. The message may come a little later than the result, and nobody
/// waits for it any longer.
#[rstest]
#[case::there_before(true, "0,200", &[(500_000, "T1")], Pass, None)]
#[case::a_second_later(true, "0,200", &[(2_000_000, "T1")], Pass, None)]
#[case::never(true, "0,200", &[], Fail, Some("+QMMSEND: 0,200, and nothing at the MMSC"))]
#[case::much_too_late(true, "0,200", &[(9_000_000, "T1")], Fail, Some("+QMMSEND: 0,200, and nothing at the MMSC"))]
#[case::twice(true, "0,200", &[(500_000, "T1"), (600_000, "T2")], Fail, Some("two, for one QMMSEND that was answered with OK"))]
#[case::a_failure(true, "766,404", &[], Pass, None)]
#[case::on_a_bench_that_catches_none(false, "0,200", &[], Pass, None)]
fn a_success_and_its_message(
    #[case] captures: bool,
    #[case] result: &str,
    #[case] messages: &[(u64, &str)],
    #[case] wanted: Verdict,
    #[case] came: Option<&str>,
) {
    let body = "> AT+QMMSEND=30\n< OK\n! 35s +QMMSEND: 0,200\n| +QMMSEND: 766,404\n";
    let cases = suite(&[("case", "needs = [\"mmsc-capture\"]\n", body)]).cases().to_vec();
    let offers = std::iter::once("mmsc-capture".to_owned()).collect();
    let mut ways = vec![(1_000_000, Way::Bytes(format!("\r\n+QMMSEND: {result}\r\n").into_bytes()))];
    ways.extend(messages.iter().map(|(t_us, id)| (*t_us, message(id))));
    let mut stranger = Stranger::new(&[]).also("AT+QMMSEND=30", Reaction::Then(answer(&["OK"]), ways));
    let events = stranger.run(cases, Bench { captures, offers, ..bench() });
    let end = &ends(&events)[0];
    assert_eq!((end.verdict, end.came.as_deref()), (wanted, came), "{end:?}");
    assert!(end.t_us < 10_000_000, "{end:?}");
    if wanted == Fail {
        assert_eq!(end.clause.as_deref(), Some("SEND-ARRIVES"));
    }
}

/// A far end that cannot read what it got refuses it, and the module says so: the fault is the module's all the same.
#[rstest]
#[case::no_message(&b"hello"[..], Some("SEND-ARRIVES"))]
#[case::a_message(b"\x8c\x80\x98T1\0\x8d\x90\x89\x01\x81\x97a@b.cn\0\x84\xa3\0", None)]
fn what_the_far_end_cannot_read(#[case] pdu: &[u8], #[case] clause: Option<&str>) {
    let body = "> AT+QMMSEND=30\n< OK\n! 35s +QMMSEND: 0,200  #SEND-SUCCESS\n";
    let cases = suite(&[("case", "needs = [\"mmsc-capture\"]\n", body)]).cases().to_vec();
    let offers = std::iter::once("mmsc-capture".to_owned()).collect();
    let (pdu, target) = (pdu.to_vec(), "/".to_owned());
    let came = Way::Message(Captured { pdu, target, host: String::new(), media: None });
    let result = (1_000_000, Way::Bytes(b"\r\n+QMMSEND: 765,400\r\n".to_vec()));
    let reaction = Reaction::Then(answer(&["OK"]), vec![(900_000, came), result]);
    let mut stranger = Stranger::new(&[]).also("AT+QMMSEND=30", reaction);
    let events = stranger.run(cases, Bench { captures: true, offers, ..bench() });
    let ends = ends(&events);
    let told = ends[0].clause.as_deref().filter(|clause| *clause != "SEND-SUCCESS");
    assert_eq!(told, clause, "{ends:?}");
}

/// Two messages of one case under one transaction id: WAP-209 forbids it, and only a case that asks for that is failed by it.
#[rstest]
#[case::of_its_own("SEND-WAP-TRANSACTION", "T2", Pass)]
#[case::again("SEND-WAP-TRANSACTION", "T1", Fail)]
#[case::again_in_a_case_about_something_else("SEND-ARRIVES", "T1", Pass)]
fn the_second_message_has_an_id(#[case] clause: &str, #[case] second: &str, #[case] wanted: Verdict) {
    let send = "> AT+QMMSEND=30\n< OK\n! 35s +QMMSEND: 0,200\n";
    let front = format!("clauses = [\"{clause}\"]\nneeds = [\"mmsc-capture\"]\n");
    let cases = suite(&[("case", &front, &send.repeat(2))]).cases().to_vec();
    let offers = std::iter::once("mmsc-capture".to_owned()).collect();
    let sends = |id| {
        let result = (1_000_000, Way::Bytes(b"\r\n+QMMSEND: 0,200\r\n".to_vec()));
        Reaction::Then(answer(&["OK"]), vec![(900_000, message(id)), result])
    };
    let mut stranger =
        Stranger::new(&[]).also("AT+QMMSEND=30", sends("T1")).also("AT+QMMSEND=30", sends(second));
    let events = stranger.run(cases, Bench { captures: true, offers, ..bench() });
    assert_eq!(ends(&events)[0].verdict, wanted, "{:?}", ends(&events));
}

/// A bench that goes away in mid-case decides nothing; a clause that was broken while the module was there stays broken.
#[rstest]
#[case::nothing_was_wrong("OK", Verdict::Broken)]
#[case::a_clause_was_broken("ERROR", Fail)]
fn a_port_that_goes_away_in_the_clean_up(#[case] says: &str, #[case] wanted: Verdict) {
    let body = "> AT+QMMSEDIT=1\n< OK\nfinally\n> AT+QMMSEDIT=0\n< OK\n";
    let mut stranger =
        Stranger::new(&[("AT+QMMSEDIT=1", &[says])]).also("AT+QMMSEDIT=0", Reaction::Unplugged);
    let events = stranger.run(cases(body), bench());
    assert_eq!(ends(&events)[0].verdict, wanted, "{:?}", ends(&events));
}

//! What a line that comes is taken for: the answer, another command's, an announcement. A wrong guess here is a false alarm, or hides a fault.

use ec20_suite::journal::Event;
use ec20_suite::standing;
use ec20_suite::verdict::Verdict::{self, Fail, Inconclusive, Pass};
use rstest::rstest;

use crate::stranger::{Reaction, Stranger, answer, bench, breaches, cases, ends, suite};

const QUERY: &str = "AT+QMMSCFG=\"contextid\"";
const ASK: &str = "> AT+QMMSCFG=\"contextid\"\n< +QMMSCFG: \"contextid\",1\n< OK\n";

/// What the journal takes the lines of the case for.
fn taken(events: &[Event]) -> Vec<(String, String)> {
    let began = events.iter().position(|event| matches!(event, Event::CaseStart { .. }));
    let line = |event: &Event| match event {
        Event::Line { class, text, .. } => Some((class.clone(), text.clone())),
        _ => None,
    };
    events[began.expect("a case")..].iter().filter_map(line).collect()
}

/// One answer that has something in it besides what was asked for, and what the journal says of that.
#[rstest]
#[case::unheard_of("+QNEVERHEARD: 7,\"x\"", "urc", &[])]
#[case::capitals("NEVER HEARD", "urc", &[])]
#[case::known("+CMTI: \"ME\",1", "urc", &[])]
#[case::an_answer_of_nobody("+QMMSEDIT: 1,\"a@b.example\"", "late", &[standing::ANSWER_FITS])]
fn a_line_between(#[case] line: &str, #[case] class: &str, #[case] broken: &[&str]) {
    let bytes = format!("\r\n{line}\r\n\r\n+QMMSCFG: \"contextid\",1\r\n\r\nOK\r\n").into_bytes();
    let mut stranger = Stranger::new(&[]).also(QUERY, Reaction::Says(bytes));
    let events = stranger.run(cases(ASK), bench());
    assert_eq!(ends(&events)[0].verdict, Pass);
    assert_eq!(taken(&events)[0], (class.to_owned(), line.to_owned()));
    assert!(
        breaches(&events).iter().all(|clause| broken.contains(&clause.as_str())),
        "{:?}",
        breaches(&events)
    );
    assert_eq!(breaches(&events).is_empty(), broken.is_empty());
}

/// A line that stands where the answer should is the case's failure, whatever it is; the journal says what it is taken for.
#[rstest]
#[case::information("+QMMSCFG: \"proxy\",\"\",0", "information")]
#[case::a_prompt(">", "prompt")]
#[case::data_to_come("CONNECT", "connect")]
#[case::noise("what nobody knows", "unreadable")]
fn a_line_in_the_place_of_the_answer(#[case] line: &str, #[case] class: &str) {
    let bytes = format!("\r\n{line}\r\n\r\nOK\r\n").into_bytes();
    let mut stranger = Stranger::new(&[]).instead(
        QUERY,
        &[Reaction::Says(answer(&["+QMMSCFG: \"contextid\",1", "OK"])), Reaction::Says(bytes)],
    );
    let events = stranger.run(cases(ASK), bench());
    let end = &ends(&events)[0];
    assert_eq!((end.verdict, end.came.as_deref()), (Fail, Some(line)));
    assert_eq!(taken(&events)[0], (class.to_owned(), line.to_owned()));
}

/// A surplus behind the final result breaks a standing clause, and is not the case's affair.
#[rstest]
#[case::a_connect("CONNECT", "late")]
#[case::a_line("+QMMSCFG: \"contextid\",1", "late")]
fn a_line_behind_the_result(#[case] line: &str, #[case] class: &str) {
    let said = [answer(&["OK"]), format!("\r\n{line}\r\n").into_bytes()].concat();
    let mut stranger = Stranger::new(&[]).also("AT+QMMSEDIT=0", Reaction::Says(said));
    let events = stranger.run(cases("> AT+QMMSEDIT=0\n< OK\n"), bench());
    assert_eq!((ends(&events)[0].verdict, breaches(&events)), (Pass, vec![standing::ANSWER_FITS.to_owned()]));
    assert_eq!(taken(&events)[1], (class.to_owned(), line.to_owned()));
}

/// What comes before the echo of a command belongs to the one before, which it overtook, and is not its answer.
#[rstest]
#[case::all_of_it(&["+CSQ: 20,99", "OK"])]
#[case::an_error(&["ERROR"])]
#[case::a_connect(&["CONNECT", "OK"])]
fn a_late_answer(#[case] lines: &[&str]) {
    let late = [&answer(lines)[..], b"AT+QMMSEDIT=0\r\r\nOK\r\n"].concat();
    let mut stranger =
        Stranger::new(&[]).also("AT+CSQ", Reaction::Silent).also("AT+QMMSEDIT=0", Reaction::Bare(late));
    let events = stranger.run(cases(">> AT+CSQ\\r\n>> AT+QMMSEDIT=0\\r\n< OK\n"), bench());
    assert_eq!(ends(&events)[0].verdict, Pass, "{:?}", taken(&events));
    let late = taken(&events).into_iter().filter(|(class, _)| class == "late").count();
    assert_eq!((late, breaches(&events)), (lines.len(), vec![]), "{:?}", taken(&events));
}

/// Without echo nobody can tell a late answer from the next command's: silence is kept for as long as one may come, and only then.
#[rstest]
#[case::it_never_comes(None, Fail, &[5300])]
#[case::it_comes_late(Some(9_000_000), Fail, &[5300])]
#[case::it_comes_in_time(Some(3_000_000), Pass, &[])]
fn a_late_answer_without_echo(
    #[case] after_us: Option<u64>,
    #[case] wanted: Verdict,
    #[case] silences: &[u64],
) {
    let first =
        after_us.map_or(Reaction::Silent, |after_us| Reaction::InParts(vec![(after_us, answer(&["OK"]))]));
    let mut stranger = Stranger::new(&[("AT+QMMSEDIT=2", &["+QMMSEDIT: 2,\"a@b.example\"", "OK"])])
        .also("AT+QMMSEDIT=0", first)
        .also("AT+QMMSEDIT=1", Reaction::InParts(vec![(2_500_000, answer(&["+CME ERROR: 751"]))]))
        .echoing(false);
    let suite = suite(&[
        ("first", "", "> AT+QMMSEDIT=0\n< OK\n"),
        (
            "second",
            "",
            "> AT+QMMSEDIT=1\n< +CME ERROR: 751\n> AT+QMMSEDIT=2\n< +QMMSEDIT: 2,\"a@b.example\"\n< OK\n",
        ),
    ]);
    let events = stranger.run(suite.cases().to_vec(), bench());
    let verdicts: Vec<_> = ends(&events).into_iter().map(|end| (end.verdict, end.came)).collect();
    assert_eq!((verdicts[0].0, &verdicts[1]), (wanted, &(Pass, None)));
    let waited: Vec<u64> = events
        .iter()
        .filter_map(|event| match event {
            Event::Waited { for_us, why, .. } if why == "an answer that may still come" => {
                Some(*for_us / 1000)
            }
            _ => None,
        })
        .collect();
    assert_eq!((waited.as_slice(), breaches(&events)), (silences, vec![]));
}

/// An echo that was lost once is one breach: the commands behind it are answered as ever.
#[test]
fn an_echo_that_is_lost_once() {
    let whole = answer(&["+QMMSCFG: \"contextid\",1", "OK"]);
    let said = || Reaction::Says(whole.clone());
    // Before the run it is read, and behind the case.
    let mut stranger =
        Stranger::new(&[]).instead(QUERY, &[said(), said(), Reaction::Bare(whole.clone()), said()]);
    let events = stranger.run(cases(&ASK.repeat(4)), bench());
    assert_eq!((ends(&events)[0].verdict, breaches(&events)), (Pass, vec![standing::ECHO.to_owned()]));
    assert!(taken(&events).iter().all(|(class, _)| class != "late"), "{:?}", taken(&events));
}

/// An upload is let out where its command came back in other letters: the echo is wrong, and what was heard is certain.
#[rstest]
#[case::as_it_was_sent(<[u8]>::to_vec, 0)]
#[case::in_small_letters(|line: &[u8]| if line.starts_with(b"AT+QF") { line.to_ascii_lowercase() } else { line.to_vec() }, 1)]
fn an_upload_behind_an_echo_in_other_letters(#[case] echo: fn(&[u8]) -> Vec<u8>, #[case] broken: usize) {
    let body = "> AT+QFUPL=\"RAM:a\",5,5\n< CONNECT\ndata hello\n< +QFUPL: 5,6b09\n< OK\n";
    let mut stranger = Stranger::new(&[])
        .also("AT+QFUPL=\"RAM:a\",5,5", Reaction::Takes(5, answer(&["+QFUPL: 5,6b09", "OK"])))
        .echoed_as(echo);
    let events = stranger.run(cases(body), bench());
    assert_eq!(ends(&events)[0].verdict, Pass, "{:?}", ends(&events)[0]);
    let told = events.iter().filter_map(|event| match event {
        Event::Breach { clause, case, .. } if case.is_some() => Some(clause.as_str()),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), vec![standing::ECHO; broken]);
}

/// The end of a line may take its time: it is missing only if it does not come.
#[rstest]
#[case::between_cr_and_lf(false, 700_000, 0)]
#[case::where_one_was_left_off_before(true, 100_000, 1)]
fn the_end_of_a_line_comes_late(#[case] left_off: bool, #[case] after_us: u64, #[case] broken: usize) {
    let late = Reaction::InParts(vec![
        (2500, b"AT+QMMSEDIT=1\r\r\nOK\r".to_vec()),
        (2500 + after_us, b"\n".to_vec()),
    ]);
    let at_once = Reaction::Says(answer(&["OK"]));
    let before = if left_off { Reaction::Says(b"\r\nOK\r".to_vec()) } else { at_once };
    let mut stranger = Stranger::new(&[]).also("AT+QMMSEDIT=0", before).also("AT+QMMSEDIT=1", late);
    let events =
        stranger.run(cases("> AT+QMMSEDIT=0\n< OK\n> AT+QMMSEDIT=1\n< OK\n> AT+QMMSEDIT=1\n< OK\n"), bench());
    assert_eq!(
        (ends(&events)[0].verdict, breaches(&events).len()),
        (Pass, broken),
        "{:?}",
        breaches(&events)
    );
}

/// A module that leaves the LF off is excused like any other, and has as much time.
#[rstest]
#[case::quick(2500)]
#[case::slow(2_000_000)]
fn an_excuse_without_a_line_feed(#[case] pace_us: u64) {
    let bare = |line: &str| Reaction::Says(format!("\r\n{line}\r").into_bytes());
    let mut stranger = Stranger::new(&[])
        .also("AT", bare("OK"))
        .also(QUERY, bare("ERROR"))
        .also("AT+CPIN?", bare("+CME ERROR: 10"))
        .paced(move |line| if line.starts_with(b"AT+QMMSCFG") { pace_us } else { 2500 });
    let events = stranger.run(cases(ASK), bench());
    let end = &ends(&events)[0];
    assert_eq!((end.verdict, end.cause.as_deref()), (Inconclusive, Some("sim")), "{end:?}");
}

/// A bearer that does not come up where there is no network is the network's affair (1.2.2); any other refusal is not.
#[rstest]
#[case::bearer("AT+QIACT=1", &["+CGATT: 0", "OK"], "0,1", Inconclusive)]
#[case::not_registered("AT+CGACT=1,1", &["+CGATT: 1", "OK"], "0,2", Inconclusive)]
#[case::all_is_there("AT+QIACT=1", &["+CGATT: 1", "OK"], "0,1", Fail)]
#[case::roaming("AT+QIACT=1", &["+CGATT: 1", "OK"], "0,5", Fail)]
#[case::no_bearer("AT+QMMSEDIT=0", &["+CGATT: 0", "OK"], "0,2", Fail)]
fn the_network_excuses_a_bearer(
    #[case] command: &str,
    #[case] attached: &[&str],
    #[case] registered: &str,
    #[case] wanted: Verdict,
) {
    let registered = format!("+CGREG: {registered}");
    let mut stranger = Stranger::new(&[
        ("AT+CPIN?", &["+CPIN: READY", "OK"]),
        ("AT+CGATT?", attached),
        ("AT+CGREG?", &[&registered, "OK"]),
    ]);
    let events = stranger.run(cases(&format!("> {command}\n< OK\n")), bench());
    let end = &ends(&events)[0];
    let cause = (wanted == Inconclusive).then_some("network");
    assert_eq!((end.verdict, end.cause.as_deref()), (wanted, cause));
}

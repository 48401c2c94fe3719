//! What the executor makes of a module that behaves, misbehaves, falls silent, or goes away.

use std::collections::BTreeSet;

use ec20_suite::executor::Bench;
use ec20_suite::journal::{Event, NotAskedWhy};
use ec20_suite::standing;
use ec20_suite::verdict::Verdict::{self, Broken, Fail, Inconclusive, Observed, Pass, Unsupported, Withheld};
use rstest::rstest;

use crate::stranger::{
    Reaction, Stranger, answer, bench, breaches, cases, ends, exit, judged, not_asked, suite, verdict,
};

const QUERY: &str = "AT+QMMSCFG=\"contextid\"";
const ASK: &str = "> AT+QMMSCFG=\"contextid\"\n< +QMMSCFG: \"contextid\",1\n< OK\n";

/// A line that comes is held against the line that must come, byte by byte.
#[rstest]
#[case::as_promised(&["+QMMSCFG: \"contextid\",1", "OK"], Pass, None)]
#[case::one_byte_off(&["+QMMSCFG: \"contextid\",2", "OK"], Fail, Some("+QMMSCFG: \"contextid\",2"))]
#[case::a_blank_more(&["+QMMSCFG: \"contextid\", 1", "OK"], Fail, Some("+QMMSCFG: \"contextid\", 1"))]
#[case::line_missing(&["OK"], Fail, Some("OK"))]
#[case::line_twice(&["+QMMSCFG: \"contextid\",1", "+QMMSCFG: \"contextid\",1", "OK"], Fail, Some("+QMMSCFG: \"contextid\",1"))]
#[case::other_result(&["+QMMSCFG: \"contextid\",1", "ERROR"], Fail, Some("ERROR"))]
#[case::refused(&["+CME ERROR: 756"], Fail, Some("+CME ERROR: 756"))]
fn an_answer_line_must_come_as_it_stands(
    #[case] lines: &[&str],
    #[case] wanted: Verdict,
    #[case] came: Option<&str>,
) {
    let (verdict, end) = verdict(ASK, &mut Stranger::new(&[(QUERY, lines)]));
    assert_eq!((verdict, end.came.as_deref()), (wanted, came));
    if wanted == Fail {
        assert_eq!(end.clause.as_deref(), Some("CFG-MMSC-LENGTH"));
        assert!(end.place.is_some_and(|place| place.starts_with("case.atx:")));
    }
}

/// After so many failed cases no new one starts, and the run ends as one in which a clause failed.
#[rstest]
#[case::no_limit(None, &[Fail, Fail, Fail])]
#[case::one(Some(1), &[Fail])]
#[case::two(Some(2), &[Fail, Fail])]
#[case::more_than_fail(Some(4), &[Fail, Fail, Fail])]
fn a_run_can_stop_after_so_many_failures(#[case] max_fail: Option<u32>, #[case] wanted: &[Verdict]) {
    let suite = suite(&[("a", "", ASK), ("b", "", ASK), ("c", "", ASK)]);
    let bench = Bench { max_fail, ..bench() };
    let events = Stranger::new(&[(QUERY, &["ERROR"])]).run(suite.cases().to_vec(), bench);
    assert_eq!(ends(&events).iter().map(|end| end.verdict).collect::<Vec<_>>(), wanted);
    let left = 3 - wanted.len() as u64;
    assert_eq!(not_asked(&events), if left > 0 { vec![(NotAskedWhy::MaxFail, left)] } else { vec![] });
    assert_eq!(exit(&events), 1);
}

/// A line that may come any number of times ends nothing, and keeps out what is unlike it.
#[rstest]
#[case::none(&["OK"], Pass, None)]
#[case::one(&["+CGACT: 1,0", "OK"], Pass, None)]
#[case::both_kinds(&["+CGACT: 1,0", "+CGACT: 2,1", "+CGACT: 3,0", "OK"], Pass, None)]
#[case::unlike(&["+CGACT: 1,0", "+CGACT: 2,2", "OK"], Fail, Some("+CGACT: 2,2"))]
#[case::unlike_at_first(&["+CGACT: 10", "OK"], Fail, Some("+CGACT: 10"))]
#[case::refused(&["+CGACT: 1,0", "ERROR"], Fail, Some("ERROR"))]
#[case::endless(&["+CGACT: 1,0"], Fail, Some("nothing"))]
fn as_many_lines_as_come(#[case] lines: &[&str], #[case] wanted: Verdict, #[case] came: Option<&str>) {
    let body = "> AT+CGACT?\n* +CGACT: {:int},0\n* +CGACT: {:int},1\n< OK\n";
    let (verdict, end) = verdict(body, &mut Stranger::new(&[("AT+CGACT?", lines)]));
    assert_eq!((verdict, end.came.as_deref()), (wanted, came));
    if wanted == Fail {
        assert_eq!(end.place.as_deref(), Some("case.atx:9"));
        assert_eq!(end.expected.first().map(String::as_str), Some("OK"));
    }
}

/// A line that must come is not swallowed by one that may, in whichever form it comes.
#[rstest]
#[case::alone(&["+CGACT: 1,0", "OK"], Pass)]
#[case::in_the_other_form(&["+CGACT: 2,0", "+CGACT: 1,1", "+CGACT: 3,0", "OK"], Pass)]
#[case::twice(&["+CGACT: 1,0", "+CGACT: 1,1", "OK"], Fail)]
#[case::missing(&["+CGACT: 2,0", "OK"], Fail)]
fn a_line_among_many_must_come(#[case] lines: &[&str], #[case] wanted: Verdict) {
    let body = "> AT+CGACT?\n* +CGACT: {:int},{:int}\n< +CGACT: 1,0\n| +CGACT: 1,1\n\
                * +CGACT: 1,{:int}  => fail \"twice\"\n* +CGACT: {:int},{:int}\n< OK\n";
    assert_eq!(verdict(body, &mut Stranger::new(&[("AT+CGACT?", lines)])).0, wanted);
}

/// URCs that the exchange cannot cause change no verdict, known or not, wherever they stand.
#[rstest]
#[case::before("\r\n+CREG: 1\r\n\r\n+QMMSCFG: \"contextid\",1\r\n\r\nOK\r\n")]
#[case::between("\r\n+QMMSCFG: \"contextid\",1\r\n\r\n+QNEVERHEARD: 7,\"x\"\r\n\r\nOK\r\n")]
#[case::after("\r\n+QMMSCFG: \"contextid\",1\r\n\r\nOK\r\n\r\n+CMTI: \"ME\",1\r\n")]
#[case::ring("\r\nRING\r\n\r\n+QMMSCFG: \"contextid\",1\r\n\r\nOK\r\n")]
fn urcs_pass_by(#[case] bytes: &str) {
    let mut stranger = Stranger::new(&[]).also(QUERY, Reaction::Says(bytes.as_bytes().to_vec()));
    assert_eq!(verdict(ASK, &mut stranger).0, Pass);
}

/// Silence is the module's fault if it still answers AT, the bench's if not.
#[test]
fn silence_is_judged_by_whether_at_is_answered() {
    let mut once = Stranger::new(&[]).also(QUERY, Reaction::Silent);
    let (verdict_once, end) = verdict(ASK, &mut once);
    assert_eq!((verdict_once, end.came.as_deref()), (Fail, Some("nothing")));

    let mut gone = Stranger::new(&[])
        .also(QUERY, Reaction::Silent)
        .also("AT", Reaction::Says(answer(&["OK"])))
        .also("AT", Reaction::Silent);
    let events = gone.run(cases(ASK), bench());
    assert_eq!(ends(&events)[0].verdict, Broken);
    assert_eq!(exit(&events), 3);
}

/// A module that never answers is no module: everything is broken, and nothing but AT was asked, and that results be on.
#[test]
fn a_silent_port_is_broken_within_its_deadline() {
    let mut stranger = Stranger::new(&[]).also("AT", Reaction::Silent);
    let events = stranger.run(cases(ASK), bench());
    assert_eq!((ends(&events), not_asked(&events)), (vec![], vec![(NotAskedWhy::PortLost, 1)]));
    assert_eq!(exit(&events), 3);
    // The last word is for a module that was left without results.
    assert_eq!(stranger.heard, ["AT", "AT", "AT", "ATQ0"]);
}

/// A port that goes away is the bench's trouble, whatever was asked.
#[test]
fn a_lost_port_is_broken() {
    let mut stranger = Stranger::new(&[]).also("AT+CSQ", Reaction::Unplugged);
    let events = stranger.run(cases("> AT+CSQ\n< OK\n"), bench());
    assert_eq!((ends(&events)[0].verdict, exit(&events)), (Broken, 3));
    // Where it goes before the first case, while the runner reads the settings, no case has a verdict.
    let mut stranger = Stranger::new(&[]).also(QUERY, Reaction::Unplugged);
    let events = stranger.run(cases(ASK), bench());
    assert_eq!((ends(&events), not_asked(&events)), (vec![], vec![(NotAskedWhy::PortLost, 1)]));
    assert_eq!(exit(&events), 3);
}

/// A surplus final result breaks a standing clause and leaves the case alone.
#[test]
fn a_surplus_final_fails_its_standing_clause() {
    let bytes = b"\r\n+QMMSCFG: \"contextid\",1\r\n\r\nOK\r\n\r\nOK\r\n".to_vec();
    let mut stranger = Stranger::new(&[]).also(QUERY, Reaction::Says(bytes));
    let events = stranger.run(cases(ASK), bench());
    assert_eq!(ends(&events)[0].verdict, Pass);
    assert!(breaches(&events).contains(&standing::ONE_FINAL.to_owned()));
    assert_eq!(exit(&events), 1);
}

/// One result too many breaks its clause in the case that sent, however late it comes.
#[test]
fn a_second_result_is_told_in_the_case_that_sent() {
    let sent = [answer(&["OK"]), b"\r\n+QMMSEND: 0,200\r\n".to_vec()].concat();
    let later = [b"\r\n+QMMSEND: 0,200\r\n".to_vec(), answer(&["OK"])].concat();
    let mut stranger = Stranger::new(&[])
        .also("AT+QMMSEND=30", Reaction::Says(sent))
        .also("AT+CGACT?", Reaction::Says(later));
    let sends = "> AT+QMMSEND=30\n< OK\n! 35s +QMMSEND: 0,200\n";
    let events = stranger
        .run(suite(&[("sends", "", sends), ("asks", "", "> AT+CGACT?\n< OK\n")]).cases().to_vec(), bench());
    assert_eq!(ends(&events).iter().map(|end| end.verdict).collect::<Vec<_>>(), [Pass, Pass]);
    let told = events.iter().find_map(|event| match event {
        Event::Breach { clause, case, .. } => Some((clause.as_str(), case.as_deref())),
        _ => None,
    });
    assert_eq!(told, Some((standing::ONE_RESULT, Some("sends"))));
}

/// After ATV0 a number ends in a CR alone, and an information line in CR LF before it.
#[rstest]
#[case::as_promised("0\r", "+CGACT: 1,0\r\n0\r", &[])]
#[case::a_line_feed_behind("0\r\n", "+CGACT: 1,0\r\n0\r\n", &[standing::NUMERIC])]
#[case::no_line_feed_before("0\r", "+CGACT: 1,0\n0\r", &[standing::NUMERIC])]
fn numbers_have_a_frame_of_their_own(#[case] ok: &str, #[case] told: &str, #[case] wanted: &[&str]) {
    let body =
        "> ATV0\n< 0\n> AT+QFLST\n< 0\n> AT+CGACT?\n< +CGACT: 1,0\n< 0\n> AT+QFLST\n< 0\n> ATV1\n< OK\n";
    let says = |bytes: &str| Reaction::Says(bytes.as_bytes().to_vec());
    let mut stranger = Stranger::new(&[("ATV1", &["OK"])])
        .also("ATV0", says(ok))
        .also("AT+QFLST", says(ok))
        .also("AT+CGACT?", says(told));
    let stranger = &mut stranger;
    let events = stranger.run(cases(body), bench());
    let broken: BTreeSet<String> = breaches(&events).into_iter().collect();
    assert_eq!(broken.iter().map(String::as_str).collect::<Vec<_>>(), wanted, "{:?}", ends(&events));
}

/// A second talker's echo is bench trouble, not the module's.
#[test]
fn a_foreign_echo_is_broken() {
    let bytes = b"AT+CSQ\r\r\n+CSQ: 20,99\r\n\r\nOK\r\n".to_vec();
    let mut stranger = Stranger::new(&[]).also(QUERY, Reaction::Says(bytes));
    assert_eq!(verdict(ASK, &mut stranger).0, Broken);
}

/// An echo in letters of another case is the module's own: the standing clause fails, the case is judged by its answer.
#[test]
fn an_echo_in_other_letters_breaks_the_echo_alone() {
    let bytes = b"AT+QMMSCFG=\"CONTEXTID\"\r\r\n+QMMSCFG: \"contextid\",1\r\n\r\nOK\r\n".to_vec();
    let body = ASK.repeat(6);
    let mut stranger = Stranger::new(&[]).also(QUERY, Reaction::Bare(bytes));
    let events = stranger.run(cases(&body), bench());
    assert_eq!(ends(&events)[0].verdict, Pass);
    // Once more where the run reads the settings before its first case.
    assert_eq!(breaches(&events), [standing::ECHO].repeat(7));
    assert_eq!(exit(&events), 1);
}

/// A module that leaves the LF off behind its results breaks the frame and nothing else; the run neither ends nor crawls.
#[test]
fn a_result_without_its_line_feed_breaks_the_frame_alone() {
    let bytes = b"\r\n+QMMSCFG: \"contextid\",1\r\n\r\nOK\r".to_vec();
    let mut stranger = Stranger::new(&[])
        .also(QUERY, Reaction::Says(bytes))
        .also("AT", Reaction::Says(b"\r\nOK\r".to_vec()));
    let events = stranger.run(cases(&ASK.repeat(20)), bench());
    assert_eq!(ends(&events)[0].verdict, Pass);
    assert!(breaches(&events).iter().all(|clause| clause == standing::FRAME), "{:?}", breaches(&events));
    assert_eq!(exit(&events), 1);
    assert!(ends(&events)[0].t_us < 15_000_000, "{:?}", ends(&events));
}

/// A module that takes no notice of `+++` takes `AT` for data: its upload is waited out, and it is the module that is blamed.
#[test]
fn an_upload_that_is_not_left_is_waited_out() {
    let upload = "AT+QFUPL=\"RAM:a\",100,20,0";
    let body = format!("> {upload}\n< CONNECT\ndata hello\nwait 1s\n>> +++\n< +QFUPL: 5,6b09\n< OK\n");
    let mut stranger =
        Stranger::new(&[]).also(upload, Reaction::TakesFor(20_000_000, answer(&["+QFUPL: 11,0", "OK"])));
    let (verdict, end) = verdict(&body, &mut stranger);
    assert_eq!((verdict, end.came.as_deref()), (Fail, Some("nothing")));
    assert!(!stranger.heard.iter().any(|line| line.starts_with('+')), "{:?}", stranger.heard);
}

/// A result before its OK breaks that order, and is the one result all the same.
#[test]
fn a_result_before_its_ok_breaks_the_order_alone() {
    let bytes = b"\r\n+QMMSEND: 0,200\r\n\r\nOK\r\n".to_vec();
    let body = "> AT+QMMSEND=30\n< OK\n! 5s +QMMSEND: 0,200\n";
    let mut stranger =
        Stranger::new(&[("AT+QMMSEDIT=1", &["OK"]), ("AT+QMMSEDIT=2", &["OK"]), ("AT+QMMSEDIT=3", &["OK"])])
            .also("AT+QMMSEND=30", Reaction::Says(bytes));
    let events = stranger.run(cases(body), bench());
    assert_eq!(ends(&events)[0].verdict, Pass);
    assert_eq!(breaches(&events), [standing::OK_FIRST]);
}

/// In a case that asks for them the acknowledgements of an upload are counted; elsewhere nobody minds.
#[rstest]
#[case::all("FILE-UPLOAD-ACKS", "A", Pass)]
#[case::none("FILE-UPLOAD-ACKS", "", Fail)]
#[case::after_the_last_block("FILE-UPLOAD-ACKS", "AA", Fail)]
#[case::in_passing("FILE-UPLOAD", "", Pass)]
fn acknowledgements_are_counted_where_they_are_asked_for(
    #[case] clause: &str,
    #[case] acknowledgements: &str,
    #[case] wanted: Verdict,
) {
    let upload = "AT+QFUPL=\"RAM:a\",1025,20,1";
    let body = format!("> {upload}\n< CONNECT\ndata {{k*1025}}\n< +QFUPL: 1025,{{:checksum}}\n< OK\n");
    let front = format!("clauses = [\"{clause}\"]\n");
    let said = [acknowledgements.as_bytes(), &answer(&["+QFUPL: 1025,b00", "OK"])].concat();
    let mut stranger = Stranger::new(&[]).also(upload, Reaction::Takes(1025, said));
    let events = stranger.run(judged(&front, &body), bench());
    assert_eq!(ends(&events)[0].verdict, wanted, "{:?}", ends(&events));
}

/// A module that was left with its results as numbers is asked for words before anything is judged.
#[test]
fn a_module_that_answers_in_numbers_is_asked_for_words() {
    let mut stranger = Stranger::new(&[(QUERY, &["+QMMSCFG: \"contextid\",1", "OK"]), ("ATV1", &["OK"])])
        .also("AT", Reaction::Says(b"0\r".to_vec()))
        .also("AT", Reaction::Says(answer(&["OK"])));
    let events = stranger.run(cases(ASK), bench());
    assert_eq!((ends(&events)[0].verdict, exit(&events)), (Pass, 0), "{:?}", breaches(&events));
    assert_eq!(stranger.heard[..2], ["AT", "ATV1"]);

    let mut stranger = Stranger::new(&[(QUERY, &["+QMMSCFG: \"contextid\",1", "OK"])]);
    stranger.run(cases(ASK), bench());
    assert!(!stranger.heard.contains(&"ATV1".to_owned()), "words need no asking for");
}

/// A module that is left in ATQ1 by a case that fails is still there.
#[test]
fn a_case_that_fails_under_suppressed_results_does_not_lose_the_module() {
    let body = ">> ATQ1\\r\nquiet 1s\n>> AT+QMMSEDIT=?\\r\n< +QMMSEDIT: (0-5),(0,1),<optstring>\n";
    let mut stranger = Stranger::new(&[("ATQ0", &["OK"])])
        .also("ATQ1", Reaction::Silent)
        .also("AT+QMMSEDIT=?", Reaction::Silent);
    let (verdict, end) = verdict(body, &mut stranger);
    assert_eq!((verdict, end.came.as_deref()), (Fail, Some("nothing")));
}

/// `finally` runs after a failure; a wrong answer in it makes the case leaky and is no verdict.
#[test]
fn finally_always_runs() {
    let body = format!("{ASK}finally\n> AT+QMMSEDIT=0\n< OK\n> AT+CMEE=1\n< OK\n");
    let mut stranger = Stranger::new(&[
        (QUERY, &["ERROR"]),
        ("AT+QMMSEDIT=0", &["+CME ERROR: 751"]),
        ("AT+CMEE=1", &["OK"]),
    ]);
    let (verdict, end) = verdict(&body, &mut stranger);
    assert_eq!(verdict, Fail);
    assert!(end.leaky.is_some_and(|left| left.contains("+CME ERROR: 751")));
    assert!(stranger.heard.contains(&"AT+CMEE=1".to_owned()));
}

/// A line that is wrong in the midst of an answer keeps nothing of the clean-up from running.
#[rstest]
#[case::which_fails("=> fail \"told\"", Fail)]
#[case::which_decides_nothing("=> inconclusive(bench)", Inconclusive)]
fn finally_runs_behind_a_line_in_mid_answer(#[case] outcome: &str, #[case] wanted: Verdict) {
    let body = format!(
        "> {QUERY}\n< +QMMSCFG: \"contextid\",2\n| +QMMSCFG: \"contextid\",1 {outcome}\n< OK\nfinally\n> AT+QMMSEDIT=0\n< OK\n"
    );
    let mut stranger =
        Stranger::new(&[(QUERY, &["+QMMSCFG: \"contextid\",1", "OK"]), ("AT+QMMSEDIT=0", &["OK"])]);
    let (verdict, end) = verdict(&body, &mut stranger);
    assert_eq!((verdict, end.leaky), (wanted, None));
    assert!(stranger.heard.contains(&"AT+QMMSEDIT=0".to_owned()), "{:?}", stranger.heard);
}

/// A set-up that fails leaves its users undecided; only its own case fails.
#[test]
fn a_failed_set_up_decides_nothing_for_others() {
    let suite = suite(&[
        ("stage", "", "> AT+QMMSEDIT=0\n< OK\n"),
        ("user", "use = [\"stage\"]\n", "> AT+QMMSEDIT=1\n< OK\n"),
    ]);
    let mut stranger = Stranger::new(&[("AT+QMMSEDIT=0", &["ERROR"]), ("AT+QMMSEDIT=1", &["OK"])]);
    let events = stranger.run(suite.cases().to_vec(), bench());
    let verdicts: Vec<_> = ends(&events).into_iter().map(|end| (end.verdict, end.cause)).collect();
    assert_eq!(verdicts, [(Fail, None), (Inconclusive, Some("set-up: stage".to_owned()))]);
}

/// A plain ERROR while the SIM is not ready is the SIM's affair (1.2.1).
#[rstest]
#[case::ready(&["+CPIN: READY", "OK"], Fail)]
#[case::locked(&["+CPIN: SIM PIN", "OK"], Inconclusive)]
#[case::absent(&["+CME ERROR: 10"], Inconclusive)]
#[case::unheard_of(&["ERROR"], Fail)]
fn the_sim_excuses_a_plain_error(#[case] cpin: &[&str], #[case] wanted: Verdict) {
    let mut stranger = Stranger::new(&[(QUERY, &["ERROR"]), ("AT+CPIN?", cpin)]);
    assert_eq!(verdict(ASK, &mut stranger).0, wanted);
}

/// An unknown is answered, never judged: whatever came is kept as it came.
#[rstest]
#[case::accepted(&["OK"])]
#[case::refused(&["+CME ERROR: 756"])]
#[case::unheard_of(&["+CME ERROR: 999"])]
fn an_unknown_is_observed(#[case] lines: &[&str]) {
    let by_lines =
        |unknown: &&ec20_manual::Unknown| unknown.answers.iter().any(|answer| !answer.lines.is_empty());
    let unknown = ec20_manual::Catalogue::manual().unknowns().iter().find(by_lines).expect("lines tell some");
    let body = format!("> AT+QMMSCFG=\"CONTEXTID\"\n? {}\n", unknown.id);
    let mut stranger = Stranger::new(&[("AT+QMMSCFG=\"CONTEXTID\"", lines)]);
    let events = stranger.run(cases(&body), bench());
    assert_eq!((ends(&events)[0].verdict, exit(&events)), (Observed, 0));
    let raw = events.iter().find_map(|event| match event {
        Event::Observed { raw, .. } => Some(raw.clone()),
        _ => None,
    });
    assert_eq!(raw.as_deref(), Some(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>()[..]));
}

/// What is not offered is unsupported, with that word; what is not allowed is withheld; neither is begun, and both leave exit 5.
#[test]
fn needs_and_effects_keep_a_case_from_being_asked() {
    let suite = suite(&[
        ("needy", "needs = [\"mmsc\"]\n", "> AT+QMMSEND=100\n< OK\n"),
        ("billable", "", "> AT+QMMSEND=100\n< OK\n"),
    ]);
    let mut stranger = Stranger::new(&[]);
    let mut careful = bench();
    careful.permit = ec20_suite::executor::Permit::default();
    let events = stranger.run(suite.cases().to_vec(), careful);
    let verdicts: Vec<_> =
        ends(&events).into_iter().map(|end| (end.verdict, end.cause.unwrap_or_default())).collect();
    assert_eq!(verdicts, [(Unsupported, "mmsc".to_owned()), (Withheld, "billable".to_owned())]);
    assert_eq!(exit(&events), 5);
    assert!(!stranger.heard.iter().any(|line| line.contains("QMMSEND")));
}

/// What a run can find out by reading nobody need tell it; what is not there leaves a case unsupported, and a note says why.
#[rstest]
#[case("sim-card", &["AT+CPIN?|+CPIN: READY|OK"], None)]
#[case("sim-card", &["AT+CPIN?|+CPIN: SIM PIN|OK"], Some("AT+CPIN? does not say READY"))]
#[case("attach", &["AT+CGATT?|+CGATT: 1|OK"], None)]
#[case("attach", &["AT+CGATT?|+CGATT: 0|OK"], Some("AT+CGATT? does not say 1"))]
#[case("pdp", &["AT+CGREG?|+CGREG: 0,1|OK", "AT+CEREG?|ERROR"], None)]
#[case("pdp", &["AT+CGREG?|+CGREG: 0,2|OK", "AT+CEREG?|+CEREG: 0,5|OK"], None)]
#[case(
    "pdp",
    &["AT+CGREG?|+CGREG: 0,2|OK", "AT+CEREG?|+CEREG: 0,3|OK"],
    Some("neither AT+CGREG? nor AT+CEREG? says 1 or 5")
)]
#[case("qos", &["AT+CGQMIN=?|OK", "AT+CGQREQ=?|OK"], None)]
#[case("qos", &["AT+CGQMIN=?|ERROR", "AT+CGQMIN?|OK", "AT+CGQREQ=?|OK"], None)]
#[case(
    "qos",
    &["AT+CGQMIN=?|OK", "AT+CGQREQ=?|ERROR", "AT+CGQREQ?|+CME ERROR: 100"],
    Some("AT+CGQMIN or AT+CGQREQ is refused in both of its forms, =? and ?")
)]
#[case("qos-umts", &["AT+CGEQMIN=?|OK", "AT+CGEQREQ=?|OK"], None)]
#[case(
    "qos-umts",
    &["AT+CGEQMIN=?|ERROR", "AT+CGEQMIN?|ERROR", "AT+CGEQREQ=?|OK"],
    Some("AT+CGEQMIN or AT+CGEQREQ is refused in both of its forms, =? and ?")
)]
fn what_a_run_finds_out(#[case] need: &str, #[case] says: &[&str], #[case] why_not: Option<&str>) {
    let suite = suite(&[("needy", &format!("needs = [\"{need}\"]\n"), "> AT+QMMSEND=100\n< OK\n")]);
    let says = says.iter().map(|said| said.split('|').collect::<Vec<_>>());
    let mut stranger = says.fold(Stranger::new(&[("AT+QMMSEND=100", &["OK"])]), |stranger, said| {
        stranger.also(said[0], Reaction::Says(answer(&said[1..])))
    });
    let events = stranger.run(suite.cases().to_vec(), bench());
    let note = why_not.map(|why| format!("{need} is not there: {why}; what needs it is unsupported"));
    assert_eq!(ends(&events)[0].verdict, if note.is_some() { Unsupported } else { Pass });
    let notes = events.iter().filter_map(|event| match event {
        Event::Bench { note, .. } if note.contains("not there") => Some(note.clone()),
        _ => None,
    });
    assert_eq!(notes.collect::<Vec<_>>(), note.into_iter().collect::<Vec<_>>());
}

/// Before a message leaves, the lists are read back; an address that nobody allowed stops it.
#[rstest]
#[case::allowed("13856122546", Pass)]
#[case::not_allowed("10086", Withheld)]
fn recipients_are_read_back_before_a_send(#[case] held: &str, #[case] wanted: Verdict) {
    let line = format!("+QMMSEDIT: 1,\"{held}\"");
    let mut stranger = Stranger::new(&[
        ("AT+QMMSEDIT=1", &[&line, "OK"]),
        ("AT+QMMSEDIT=2", &["OK"]),
        ("AT+QMMSEDIT=3", &["OK"]),
        ("AT+QMMSEND=100", &["OK"]),
    ]);
    let mut careful = bench();
    careful.permit.recipient = Some(std::rc::Rc::new(|address| address == "13856122546"));
    let events = stranger.run(cases("> AT+QMMSEND=100\n< OK\n"), careful);
    assert_eq!(ends(&events)[0].verdict, wanted);
    assert_eq!(stranger.heard.contains(&"AT+QMMSEND=100".to_owned()), wanted == Pass);
}

/// A send that fails outside of the module, and says so, decides nothing about the module; on a bench whose own far end took the message
/// the module is held to what that far end answered.
#[rstest]
#[case::http("765,404", false, Inconclusive, Some("mmsc: the far end answered HTTP 404"))]
#[case::http_whatever_the_code("776,503", false, Inconclusive, Some("mmsc: the far end answered HTTP 503"))]
#[case::the_answer_of_the_centre("766,200", false, Inconclusive, Some("mmsc: the module reports 766"))]
#[case::the_socket("771,0", false, Inconclusive, Some("network: the module reports 771"))]
#[case::the_context("769", false, Inconclusive, Some("network: the module reports 769"))]
#[case::the_time("775,0", false, Inconclusive, Some("network: the module reports 775"))]
#[case::its_own_lists("762,0", false, Fail, None)]
#[case::its_own_encoding("776,0", false, Fail, None)]
#[case::its_own_file("763", false, Fail, None)]
#[case::no_number("x,404", false, Fail, None)]
#[case::another_success("0,404", false, Fail, None)]
#[case::own_far_end("765,404", true, Fail, None)]
fn a_send_that_fails_elsewhere(
    #[case] result: &str,
    #[case] captures: bool,
    #[case] wanted: Verdict,
    #[case] cause: Option<&str>,
) {
    let says = [answer(&["OK"]), format!("\r\n+QMMSEND: {result}\r\n").into_bytes()].concat();
    let mut stranger = Stranger::new(&[]).also("AT+QMMSEND=100", Reaction::Says(says));
    let body = "> AT+QMMSEND=100\n< OK\n! 105s +QMMSEND: 0,200\n";
    let events = stranger.run(cases(body), Bench { captures, ..bench() });
    let end = &ends(&events)[0];
    assert_eq!(end.verdict, wanted, "{end:?}");
    match (cause, &end.cause) {
        (Some(cause), Some(told)) => assert!(told.starts_with(cause), "{told}"),
        (cause, told) => assert_eq!(cause.is_some(), told.is_some(), "{told:?}"),
    }
}

/// A result that comes by itself is awaited, even when it was early; one too many breaks a standing clause.
#[test]
fn a_result_is_awaited() {
    let body = "> AT+QMMSEND=100\n< OK\n! 105s +QMMSEND: 0,200\n";
    let early = b"\r\nOK\r\n\r\n+QMMSEND: 0,200\r\n".to_vec();
    let mut stranger = Stranger::new(&[]).also("AT+QMMSEND=100", Reaction::Says(early));
    assert_eq!(verdict(body, &mut stranger).0, Pass);

    let failed = b"\r\nOK\r\n\r\n+QMMSEND: 766,404\r\n".to_vec();
    let mut stranger = Stranger::new(&[]).also("AT+QMMSEND=100", Reaction::Says(failed));
    let (verdict_failed, end) = verdict(body, &mut stranger);
    assert_eq!((verdict_failed, end.came.as_deref()), (Inconclusive, Some("+QMMSEND: 766,404")));

    let twice = b"\r\nOK\r\n\r\n+QMMSEND: 0,200\r\n\r\n+QMMSEND: 0,200\r\n".to_vec();
    let mut stranger = Stranger::new(&[]).also("AT+QMMSEND=100", Reaction::Says(twice));
    let events = stranger.run(cases(body), bench());
    assert_eq!(ends(&events)[0].verdict, Pass);
    assert!(breaches(&events).contains(&standing::ONE_RESULT.to_owned()));
}

/// A failure that a retry does not repeat is flaky, and flaky counts as a failure.
#[test]
fn a_flaky_case_is_a_failure() {
    let mut stranger = Stranger::new(&[])
        .also(QUERY, Reaction::Says(answer(&["+QMMSCFG: \"contextid\",1", "OK"])))
        .also(QUERY, Reaction::Says(answer(&["ERROR"])))
        .also(QUERY, Reaction::Says(answer(&["+QMMSCFG: \"contextid\",1", "OK"])));
    let mut patient = bench();
    patient.retries = 1;
    let events = stranger.run(cases(ASK), patient);
    let verdicts: Vec<_> = ends(&events).into_iter().map(|end| end.verdict).collect();
    assert_eq!((verdicts.as_slice(), exit(&events)), (&[Fail, Pass][..], 1));
}

/// The journal says all: every event survives its line of JSON.
#[test]
fn the_journal_reads_back_what_it_wrote() {
    let events = Stranger::new(&[(QUERY, &["+QMMSCFG: \"contextid\",1", "OK"])]).run(cases(ASK), bench());
    for event in events {
        let line = event.to_line();
        let read = Event::from_line(&line).expect("a written event is readable");
        assert_eq!(read, event, "{line}");
    }
}

/// Framing, echo and the fit of answers are standing clauses: a breach fails them, and leaves the case that ran alone.
#[rstest]
#[case::no_frame_before("AT+QMMSCFG=\"contextid\"\r+QMMSCFG: \"contextid\",1\r\n\r\nOK\r\n", standing::FRAME)]
#[case::line_feeds_only("AT+QMMSCFG=\"contextid\"\r\n+QMMSCFG: \"contextid\",1\n\nOK\r\n", standing::FRAME)]
#[case::information_after_ok(
    "AT+QMMSCFG=\"contextid\"\r\r\n+QMMSCFG: \"contextid\",1\r\n\r\nOK\r\n\r\n+QMMSCFG: \"contextid\",1\r\n",
    standing::ANSWER_FITS
)]
#[case::echo_lost("\r\n+QMMSCFG: \"contextid\",1\r\n\r\nOK\r\n", standing::ECHO)]
fn standing_clauses_hold_in_every_exchange(#[case] bytes: &str, #[case] clause: &str) {
    let mut stranger = Stranger::new(&[]).also(QUERY, Reaction::Bare(bytes.as_bytes().to_vec()));
    let events = stranger.run(cases(ASK), bench());
    assert_eq!(ends(&events)[0].verdict, Pass, "{:?}", ends(&events)[0]);
    let broken: BTreeSet<String> = breaches(&events).into_iter().collect();
    assert_eq!(broken, [clause.to_owned()].into());
    assert_eq!(exit(&events), 1);
}

/// A spoilt echo is no answer, also where nobody knows yet whether the module echoes; and nothing is learned from it.
#[rstest]
#[case::where_it_is_known("")]
#[case::where_it_is_not("> ATE2\n< ERROR\n")]
fn a_spoilt_echo_is_not_observed(#[case] set_up: &str) {
    const ASKED: &str = "AT+QMMSCFG=\"connecttimeout\"";
    let spoilt = b"AAT+QMMSCFG=\"coonnecttimeout\"\r\r\n+CME ERROR: 756\r\n".to_vec();
    let mut stranger = Stranger::new(&[("ATE2", &["ERROR"])]).also(ASKED, Reaction::Bare(spoilt));
    let body = format!("{set_up}> {ASKED}\n? U-CFG-CONNECTTIMEOUT\n");
    assert_eq!(verdict(&body, &mut stranger).0, Inconclusive);
}

/// A module that echoes although it was told not to has said so once: from then on it echoes.
#[test]
fn an_echo_that_came_is_proof() {
    let body = "> ATE0\n< OK\n> AT+QMMSEDIT=0\n< OK\n> AT+QMMSEDIT=0\n< OK\n";
    let mut stranger = Stranger::new(&[("ATE0", &["OK"]), ("AT+QMMSEDIT=0", &["OK"])]);
    let events = stranger.run(cases(body), bench());
    assert_eq!((ends(&events)[0].verdict, breaches(&events)), (Pass, vec![standing::ECHO.to_owned()]));
}

/// An unterminated quote cannot swallow the rest: at the deadline the line is read for what it is.
#[test]
fn an_open_quote_is_a_wrong_line_and_no_silence() {
    let bytes = b"\r\n+QMMSCFG: \"contextid,1\r\n\r\nOK\r\n".to_vec();
    let mut stranger = Stranger::new(&[]).also(QUERY, Reaction::Says(bytes));
    let (verdict, end) = verdict(ASK, &mut stranger);
    assert_eq!((verdict, end.came.as_deref()), (Fail, Some("+QMMSCFG: \"contextid,1")));
}

/// An answer that comes late belongs to the command that caused it, never to the next one.
#[test]
fn a_late_error_is_not_the_next_commands() {
    let body = "> AT+QMMSEDIT=0\n< OK\n";
    let mut stranger = Stranger::new(&[])
        .also("AT+QMMSEDIT=0", Reaction::Silent)
        .also("AT", Reaction::Says(answer(&["OK"])))
        .also("AT", Reaction::Bare(b"\r\nERROR\r\nAT\r\r\nOK\r\n".to_vec()))
        .also("AT", Reaction::Says(answer(&["OK"])));
    let events = stranger.run(cases(body), bench());
    assert_eq!(ends(&events)[0].verdict, Fail);
    assert!(!breaches(&events).contains(&standing::ONE_FINAL.to_owned()), "{:?}", breaches(&events));
}

/// A command sent in halves is one command; ESC between them is nothing.
#[test]
fn bytes_sent_in_parts_make_a_command() {
    let body = ">> AT+QMMSEDIT\n>> =0\n>> \\r\n< OK\n";
    let mut stranger = Stranger::new(&[("AT+QMMSEDIT=0", &["OK"])]);
    assert_eq!(verdict(body, &mut stranger).0, Pass);
}

/// An upload: CONNECT, the counted bytes after a pause, the report with size and checksum.
#[rstest]
#[case::as_counted("+QFUPL: 5,6b09", Pass)]
#[case::wrong_checksum("+QFUPL: 5,d3", Fail)]
#[case::wrong_size("+QFUPL: 4,6b09", Fail)]
fn an_upload_is_counted(#[case] report: &str, #[case] wanted: Verdict) {
    let body =
        "> AT+QFUPL=\"RAM:a\",5,5\n< CONNECT\ndata hello\n< +QFUPL: {data.size},{data.checksum}\n< OK\n";
    let mut stranger =
        Stranger::new(&[]).also("AT+QFUPL=\"RAM:a\",5,5", Reaction::Takes(5, answer(&[report, "OK"])));
    assert_eq!(verdict(body, &mut stranger).0, wanted);
}

/// A download: CONNECT, the bytes, the report that tells their size and checksum; or its end by +++.
#[rstest]
#[case::as_counted("\r\nCONNECT\r\nhello\r\n+QFDWL: 5,6b09\r\n\r\nOK\r\n", "", Pass)]
#[case::spoilt_on_its_way("\r\nCONNECT\r\nhallo\r\n+QFDWL: 5,6b09\r\n\r\nOK\r\n", "", Fail)]
#[case::left("\r\nCONNECT\r\n", "\r\nOK\r\n", Pass)]
fn a_download_is_counted(#[case] bytes: &str, #[case] end: &str, #[case] wanted: Verdict) {
    let command = "AT+QFDWL=\"RAM:a\"";
    let then = if end.is_empty() {
        "< +QFDWL: {data.size},{data.checksum}\n< OK\n"
    } else {
        "wait 1s\n>> +++\n< OK\n"
    };
    let parts =
        vec![(2500, format!("{command}\r{bytes}").into_bytes()), (3_000_000, end.as_bytes().to_vec())];
    let mut stranger = Stranger::new(&[]).also(command, Reaction::InParts(parts));
    let (verdict, end) = verdict(&format!("> {command}\n< CONNECT\n{then}"), &mut stranger);
    assert_eq!(verdict, wanted);
    // The answer behind the data is one as soon as it is there.
    assert!(end.t_us < 4_000_000, "{end:?}");
}

/// A download that nobody expected is heard to its end: it is not left, and its end is told.
#[test]
fn a_download_that_nobody_expected() {
    let command = "AT+QFDWL=\"RAM:a\"";
    let bytes = b"\r\nCONNECT\r\nhello\r\n+QFDWL: 5,6b09\r\n\r\nOK\r\n".to_vec();
    let mut stranger = Stranger::new(&[]).also(command, Reaction::Says(bytes));
    let (verdict, end) = verdict(&format!("> {command}\n< ERROR\n"), &mut stranger);
    assert_eq!((verdict, end.came.as_deref()), (Fail, Some("CONNECT")));
    assert!(!stranger.heard.iter().any(|line| line.starts_with('+')), "{:?}", stranger.heard);
}

/// A quick far end has the message before the module's OK is read: it still is the message of this send.
#[test]
fn a_message_that_arrives_before_its_ok_counts() {
    use ec20_suite::executor::{Action, Bench, Captured, Executor};

    let body = "> AT+QMMSEND=30\n< OK\n! 1s +QMMSEND: 0,200\n";
    let case = suite(&[("case", "needs = [\"mmsc-capture\"]\n", body)]).cases().to_vec();
    let offers = std::iter::once("mmsc-capture".to_owned()).collect();
    let mut executor = Executor::new(case, Bench { captures: true, offers, ..bench() });
    let (mut now_us, mut events) = (0, Vec::new());
    loop {
        now_us += 1000;
        let action = executor.poll(now_us);
        events.extend(executor.events());
        match action {
            Action::Done => break,
            Action::Wait { until_us } => now_us = now_us.max(until_us),
            Action::Recover { .. } => executor.recovered(now_us, Err(Vec::new())),
            Action::Order(_) => executor.ordered(Ok(())),
            Action::Send(bytes) => {
                executor.sent(now_us);
                let line = bytes.strip_suffix(b"\r").expect("a command line");
                let sends = line.starts_with(b"AT+QMMSEND=");
                if sends {
                    let (target, host) = ("/".to_owned(), String::new());
                    let message = Captured { pdu: Vec::new(), target, host, media: None };
                    executor.captured(now_us, message);
                }
                let result = if sends { "\r\nOK\r\n\r\n+QMMSEND: 0,200\r\n" } else { "\r\nOK\r\n" };
                executor.received(now_us + 1, &[&bytes, result.as_bytes()].concat());
            }
        }
    }
    let end = &ends(&events)[0];
    // What is empty is no message, but it is there.
    assert_ne!(end.cause.as_deref(), Some("a success without a message"), "{end:?}");
    assert_eq!(end.cause.as_deref(), Some("what arrived is no message"), "{end:?}");
}

//! What each step of a transcript does: what it takes, what it lets pass, which clause it judges, and when it has waited long enough.

use ec20_suite::executor::Bench;
use ec20_suite::journal::{Direction, Event};
use ec20_suite::standing;
use ec20_suite::verdict::Verdict::{self, Broken, Fail, Inconclusive, Observed, Pass};
use rstest::rstest;

use crate::stranger::{Reaction, Stranger, Way, answer, bench, breaches, cases, ends, judged, verdict};

fn says(bytes: &str) -> Way {
    Way::Bytes(bytes.as_bytes().to_vec())
}

/// `#CLAUSE` behind a line: that line judges the clause, and no other does.
#[rstest]
#[case::expected("> AT+CSQ\n< +CSQ: 1,1  #EDIT-CLEAR\n< OK\n", "EDIT-CLEAR")]
#[case::behind_it("> AT+CSQ\n< +CSQ: 20,99  #EDIT-CLEAR\n< ERROR\n", "CFG-MMSC-LENGTH")]
#[case::said_to_be_wrong(
    "> AT+CSQ\n< +CSQ: 1,1\n| +CSQ: {:int},99  => fail \"no\"  #EDIT-CLEAR\n< OK\n",
    "EDIT-CLEAR"
)]
#[case::awaited("> AT+CSQ\n< +CSQ: 20,99\n< OK\n! 1s RING  #EDIT-CLEAR\n", "EDIT-CLEAR")]
#[case::quiet("> AT+CSQ\n< +CSQ: 20,99\n< OK\nquiet 10s  #EDIT-CLEAR\n> AT\n< OK\n", "EDIT-CLEAR")]
fn a_line_judges_its_own_clause(#[case] body: &str, #[case] clause: &str) {
    let late = (5_000_000, says("\r\nOK\r\n"));
    let mut stranger =
        Stranger::new(&[]).also("AT+CSQ", Reaction::Then(answer(&["+CSQ: 20,99", "OK"]), vec![late]));
    let (verdict, end) = verdict(body, &mut stranger);
    assert_eq!((verdict, end.clause.as_deref()), (Fail, Some(clause)), "{end:?}");
}

/// Evidence shows what would have done as the transcript has it: rules by name, variables by value.
#[test]
fn what_was_expected_is_shown() {
    let body = "> AT+CSQ\n< +CSQ: {rssi:int},1\n| +CSQ: {:int},2\n< OK\n";
    let (_, end) = verdict(body, &mut Stranger::new(&[("AT+CSQ", &["+CSQ: 20,99", "OK"])]));
    assert_eq!(end.expected, ["+CSQ: {rssi:int},1", "+CSQ: {:int},2"]);
}

/// A command is followed by its whole answer: what no line stands for is a failure, also where nothing follows.
#[rstest]
#[case::its_end("> AT+CGACT?\n< +CGACT: 1,0\n| OK\n", "OK")]
#[case::a_line_of_it("> AT+CGACT?\n", "+CGACT: 1,0")]
#[case::before_another_command("> AT+CGACT?\n> AT\n< OK\n", "+CGACT: 1,0")]
fn no_line_of_an_answer_is_left_over(#[case] body: &str, #[case] came: &str) {
    let mut stranger = Stranger::new(&[("AT+CGACT?", &["+CGACT: 1,0", "OK"])]);
    let (verdict, end) = verdict(body, &mut stranger);
    assert_eq!((verdict, end.came.as_deref()), (Fail, Some(came)));
    assert_eq!(end.expected, ["the end of the answer"]);
}

/// What comes by itself while an answer is left over is not of it.
#[test]
fn a_line_that_came_by_itself_is_not_left_over() {
    let bytes = b"\r\nRING\r\n\r\nOK\r\n".to_vec();
    let mut stranger = Stranger::new(&[]).also("AT+CGACT?", Reaction::Says(bytes));
    let (_, end) = verdict("> AT+CGACT?\n> AT\n< OK\n", &mut stranger);
    assert_eq!(end.came.as_deref(), Some("OK"));
}

/// An observed refusal ends the dialogue; an observed acceptance, or a line before it, does not.
#[rstest]
#[case::refused(&["ERROR"], Observed, false)]
#[case::accepted(&["OK"], Fail, true)]
#[case::told_and_accepted(&["+QMMSCFG: 1", "OK"], Fail, true)]
fn an_observed_refusal_ends_the_dialogue(#[case] lines: &[&str], #[case] wanted: Verdict, #[case] on: bool) {
    let body = "> AT+QMMSCFG=\"mmsc\",\"a\",1\n* +QMMSCFG: 1  => observed U-CFG-SURPLUS taken\n\
                < OK  => observed U-CFG-SURPLUS taken\n| ERROR  => observed U-CFG-SURPLUS error\n\
                > AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"a\"\n< OK\n";
    let mut stranger = Stranger::new(&[("AT+QMMSCFG=\"mmsc\",\"a\",1", lines), ("AT+QMMSEDIT=1", &["OK"])]);
    let (verdict, end) = verdict(body, &mut stranger);
    assert_eq!(verdict, wanted, "{end:?}");
    assert_eq!(stranger.heard.contains(&"AT+QMMSEDIT=1".to_owned()), on);
}

/// The whole answer has a name, or it is `other`.
#[rstest]
#[case::one_line(&["+CME ERROR: 756"], "cme-756")]
#[case::two_lines(&["+QMMSCFG: \"connecttimeout\",30", "OK"], "there")]
#[case::another_line(&["+QMMSCFG: \"timeout\",30", "OK"], "other")]
#[case::the_end_alone(&["OK"], "other")]
#[case::one_more(&["+QMMSCFG: \"connecttimeout\",30", "+QMMSCFG: \"connecttimeout\",30", "OK"], "other")]
#[case::unheard_of(&["+CME ERROR: 999"], "other")]
fn an_answer_has_a_name(#[case] lines: &[&str], #[case] name: &str) {
    let line = "AT+QMMSCFG=\"connecttimeout\"";
    let body = format!("> {line}\n? U-CFG-CONNECTTIMEOUT\n");
    let events = Stranger::new(&[(line, lines)]).run(cases(&body), bench());
    let named = events.iter().find_map(|event| match event {
        Event::Observed { answer, .. } => Some(answer.as_str()),
        _ => None,
    });
    assert_eq!(named, Some(name));
}

/// Answers that no lines tell are named by a transcript's alternatives, never by an answer.
#[test]
fn an_answer_that_no_lines_tell_has_no_name() {
    let line = "AT+QMMSCFG=?";
    let mut stranger = Stranger::new(&[(line, &["OK"])]);
    let (_, end) = verdict(&format!("> {line}\n? U-CFG-TEST-PORT\n"), &mut stranger);
    assert_eq!(end.cause.as_deref(), Some("U-CFG-TEST-PORT = other"));
}

/// Of several observations in a case each is told, and the first is what it came to.
#[test]
fn the_first_observation_stands() {
    let body = "> AT+QMMSCFG=\"mmsc\",\"a\",1\n? U-CFG-SURPLUS\n> AT+QMMSCFG=\"connecttimeout\"\n? U-CFG-CONNECTTIMEOUT\n";
    let (verdict, end) = verdict(body, &mut Stranger::new(&[]));
    assert_eq!((verdict, end.cause.as_deref()), (Observed, Some("U-CFG-SURPLUS = error")));
}

/// A send that is observed counts if it was accepted: its result is owed then, and else it is one too many.
#[rstest]
#[case::accepted("OK", &[])]
#[case::refused("ERROR", &[standing::ONE_RESULT])]
fn an_observed_send_counts_if_it_was_accepted(#[case] says_final: &str, #[case] broken: &[&str]) {
    let result = (1_000_000, says("\r\n+QMMSEND: 0,200\r\n"));
    let mut stranger =
        Stranger::new(&[]).also("AT+QMMSEND=30", Reaction::Then(answer(&[says_final]), vec![result]));
    let events = stranger.run(cases("> AT+QMMSEND=30\n? U-CFG-SURPLUS\nwait 2s\n"), bench());
    assert_eq!(breaches(&events), broken);
}

const AWAITED: &str = "> AT+QMMSEND=30\n< OK\n! 105s +QMMSEND: 0,200\n";

/// While a line is awaited what says nothing about the case passes by, a result too many included; another talker does not.
#[rstest]
#[case::nothing("", Pass, &[])]
#[case::what_comes_by_itself("\r\nRING\r\n", Pass, &[])]
#[case::one_result_too_many("\r\nOK\r\n", Pass, &[standing::ONE_FINAL])]
#[case::another_talker("AT+CSQ\r\r\n+CSQ: 20,99\r\n\r\nOK\r\n", Broken, &[])]
fn what_passes_by_while_a_line_is_awaited(
    #[case] before: &str,
    #[case] wanted: Verdict,
    #[case] broken: &[&str],
) {
    let ways = vec![(1_000_000, says(before)), (2_000_000, says("\r\n+QMMSEND: 0,200\r\n"))];
    let mut stranger = Stranger::new(&[]).also("AT+QMMSEND=30", Reaction::Then(answer(&["OK"]), ways));
    let events = stranger.run(cases(AWAITED), bench());
    assert_eq!(ends(&events)[0].verdict, wanted, "{:?}", ends(&events));
    if wanted == Pass {
        assert_eq!(breaches(&events), broken);
    }
}

/// A module that starts anew has forgotten what it was to say: nobody waits for that. In a case that has it start, starting is no news.
#[test]
fn nobody_waits_for_a_module_that_has_forgotten() {
    let ways = vec![(1_000_000, says("\r\nRDY\r\n"))];
    let mut stranger = Stranger::new(&[]).also("AT+QMMSEND=30", Reaction::Then(answer(&["OK"]), ways));
    let (verdict, end) = verdict(AWAITED, &mut stranger);
    assert_eq!(verdict, Broken);
    assert!(end.t_us < 20_000_000, "{end:?}");
}

#[rstest]
#[case::that_writes("AT&W")]
#[case::that_resets("AT+CFUN=1,1")]
fn a_case_that_has_it_start_waits_on(#[case] line: &str) {
    let ways = vec![(1_000_000, says("\r\nRDY\r\n")), (2_000_000, says("\r\n+CPIN: READY\r\n"))];
    let mut stranger = Stranger::new(&[]).also(line, Reaction::Then(answer(&["OK"]), ways));
    let (verdict, end) = verdict(&format!("> {line}\n< OK\n! 30s +CPIN: READY\n"), &mut stranger);
    assert_eq!(verdict, Pass, "{end:?}");
}

/// A limit is the module's: what the transport takes comes on top of it, where a line must come and where none may.
#[rstest]
#[case::in_time("! 1s RING", 900_000, Pass)]
#[case::said_in_time("! 1s RING", 1_050_000, Pass)]
#[case::too_late("! 1s RING", 1_200_000, Fail)]
#[case::while_quiet("quiet 1s RING", 900_000, Fail)]
#[case::said_while_quiet("quiet 1s RING", 1_050_000, Fail)]
#[case::afterwards("quiet 1s RING", 1_200_000, Pass)]
fn a_limit_and_the_transport(#[case] step: &str, #[case] at_us: u64, #[case] wanted: Verdict) {
    let ring = vec![(at_us, says("\r\nRING\r\n"))];
    let mut stranger = Stranger::new(&[]).also("AT+QMMSEDIT=0", Reaction::Then(answer(&["OK"]), ring));
    let bench = Bench { transport_us: 90_000, ..bench() };
    let events = stranger.run(cases(&format!("> AT+QMMSEDIT=0\n< OK\n{step}\n")), bench);
    assert_eq!(ends(&events)[0].verdict, wanted, "{:?}", ends(&events));
}

/// The runner's own questions have the transport's time on top, too: a module behind a slow one is there.
#[test]
fn a_module_far_away_is_there() {
    let mut stranger = Stranger::new(&[("AT+QMMSEDIT=0", &["OK"])]).paced(|_| 2_000_000);
    let events = stranger.run(cases("> AT+QMMSEDIT=0\n< OK\n"), Bench { transport_us: 1_900_000, ..bench() });
    assert_eq!(ends(&events)[0].verdict, Pass, "{:?}", ends(&events));
}

/// A line that is none, and the module gone behind it: nobody is there to be blamed.
#[rstest]
#[case::still_there(Reaction::Says(answer(&["OK"])), Fail)]
#[case::gone(Reaction::Silent, Broken)]
fn behind_a_line_that_is_none_the_module_is_looked_for(#[case] then: Reaction, #[case] wanted: Verdict) {
    let bytes = b"\r\n\x80\xff\x81\r\n\r\nOK\r\n".to_vec();
    let mut stranger = Stranger::new(&[])
        .also("AT+CSQ", Reaction::Says(bytes))
        .also("AT", Reaction::Says(answer(&["OK"])))
        .also("AT", then);
    let (verdict, end) = verdict("> AT+CSQ\n< +CSQ: {:int},99\n< OK\n", &mut stranger);
    assert_eq!(verdict, wanted, "{end:?}");
}

/// A bearer that does not come up, or a message that is not sent, while the network is not there is the network's affair (1.2.2).
#[rstest]
#[case::attached(&["+CGATT: 1", "OK"], &["+CGREG: 0,1", "OK"], Fail)]
#[case::abroad(&["+CGATT: 1", "OK"], &["+CGREG: 0,5", "OK"], Fail)]
#[case::not_attached(&["+CGATT: 0", "OK"], &["+CGREG: 0,1", "OK"], Inconclusive)]
#[case::not_registered(&["+CGATT: 1", "OK"], &["+CGREG: 0,0", "OK"], Inconclusive)]
#[case::searching(&["+CGATT: 1", "OK"], &["+CGREG: 0,2", "OK"], Inconclusive)]
#[case::refused(&["+CGATT: 1", "OK"], &["+CGREG: 0,3", "OK"], Inconclusive)]
#[case::nobody_says(&["ERROR"], &["ERROR"], Fail)]
fn the_network_excuses_what_needs_it(
    #[case] attached: &[&str],
    #[case] registered: &[&str],
    #[case] wanted: Verdict,
) {
    let failed = vec![(1_000_000, says("\r\n+QMMSEND: 776\r\n"))];
    let mut stranger = Stranger::new(&[
        ("AT+QIACT=1", &["ERROR"]),
        ("AT+CPIN?", &["+CPIN: READY", "OK"]),
        ("AT+CGATT?", attached),
        ("AT+CGREG?", registered),
    ])
    .also("AT+QMMSEND=30", Reaction::Then(answer(&["OK"]), failed));
    for body in ["> AT+QIACT=1\n< OK\n", AWAITED] {
        let (verdict, end) = verdict(body, &mut stranger);
        assert_eq!(verdict, wanted, "{end:?}");
    }
}

/// Only before a line that sends, or might, is it read back who would get the message.
#[rstest]
#[case("AT+CSQ", false)]
#[case("AT+QMMSEND=?", false)]
#[case("AT+QMMSEND?", false)]
#[case("AT+QMMSEND=30", true)]
#[case("at+qmmsend=30", true)]
#[case("AT+QMMSEND", true)]
#[case("AT+CMEE=1;+QMMSEND=30", true)]
fn before_which_lines_the_lists_are_read_back(#[case] line: &str, #[case] reads_back: bool) {
    let mut stranger = Stranger::new(&[
        ("AT+QMMSEDIT=1", &["OK"]),
        ("AT+QMMSEDIT=2", &["OK"]),
        ("AT+QMMSEDIT=3", &["OK"]),
        (line, &["OK"]),
    ]);
    let mut careful = bench();
    careful.permit.recipient = Some(std::rc::Rc::new(|_| true));
    let events = stranger.run(cases(&format!("> {line}\n< OK\n")), careful);
    assert_eq!(ends(&events)[0].verdict, Pass, "{:?}", ends(&events));
    assert_eq!(stranger.heard.contains(&"AT+QMMSEDIT=3".to_owned()), reads_back);
}

/// The next block waits for the acknowledgement of the one before; the last is not acknowledged, and nobody waits for it.
#[test]
fn a_block_waits_for_the_one_before() {
    let upload = "AT+QFUPL=\"RAM:a\",2500,20,1";
    let body = format!("> {upload}\n< CONNECT\ndata {{k*2500}}\n< +QFUPL: 2500,{{:checksum}}\n< OK\n");
    let report = answer(&["+QFUPL: 2500,0", "OK"]);
    let mut stranger = Stranger::new(&[]).also(upload, Reaction::TakesBlocks(2500, report));
    let events = stranger.run(judged("clauses = [\"FILE-UPLOAD-ACKS\"]\n", &body), bench());
    assert_eq!(ends(&events)[0].verdict, Pass, "{:?}", ends(&events));
    let mut order = Vec::new();
    for event in &events {
        match event {
            Event::Wire { dir: Direction::Host, bytes, .. } if bytes.starts_with('k') => {
                order.push(bytes.len());
            }
            Event::Wire { dir: Direction::Module, bytes, .. } if bytes == "A" => order.push(0),
            _ => {}
        }
    }
    assert_eq!(order, [511, 511, 2, 0, 511, 511, 2, 0, 452]);
    let waited = events.iter().any(
        |event| matches!(event, Event::Waited { why, .. } if why.contains("acknowledgement that does not")),
    );
    assert!(!waited);
}

/// Also where an upload is refused in the end, its blocks were acknowledged, or not.
#[rstest]
#[case::acknowledged("A", Pass)]
#[case::not_acknowledged("", Fail)]
fn the_blocks_of_an_upload_that_is_refused(#[case] acknowledgements: &str, #[case] wanted: Verdict) {
    let upload = "AT+QFUPL=\"RAM:a\",1025,20,1";
    let body = format!("> {upload}\n< CONNECT\ndata {{k*1025}}\n< ERROR\n");
    let said = [acknowledgements.as_bytes(), &answer(&["ERROR"])].concat();
    let mut stranger = Stranger::new(&[]).also(upload, Reaction::Takes(1025, said));
    let events = stranger.run(judged("clauses = [\"FILE-UPLOAD-ACKS\"]\n", &body), bench());
    assert_eq!(ends(&events)[0].verdict, wanted, "{:?}", ends(&events));
}

/// After a download size and checksum are those of what came, whatever was uploaded before.
#[rstest]
#[case::as_it_came("hello", Pass)]
#[case::of_other_bytes("hallo", Fail)]
#[case::of_fewer_bytes("hell", Fail)]
fn a_download_is_counted(#[case] data: &str, #[case] wanted: Verdict) {
    let (upload, download) = ("AT+QFUPL=\"RAM:a\",5,5", "AT+QFDWL=\"RAM:a\"");
    let body = format!(
        "> {upload}\n< CONNECT\ndata hello\n< +QFUPL: {{data.size}},{{data.checksum}}\n< OK\n\
         > {download}\n< CONNECT\n< +QFDWL: {{data.size}},{{data.checksum}}\n< OK\n"
    );
    let comes = format!("\r\nCONNECT\r\n{data}\r\n+QFDWL: 5,6b09\r\n\r\nOK\r\n");
    let mut stranger = Stranger::new(&[])
        .also(upload, Reaction::Takes(5, answer(&["+QFUPL: 5,6b09", "OK"])))
        .also(download, Reaction::Says(comes.into_bytes()));
    assert_eq!(verdict(&body, &mut stranger).0, wanted);
}

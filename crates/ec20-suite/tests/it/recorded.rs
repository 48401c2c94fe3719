//! A run read back: whole, killed at any byte, altered, or from the future.

use ec20_suite::executor::{Action, Executor};
use ec20_suite::journal::Event;
use ec20_suite::recorded::{Class, ReadError, Recorded};
use ec20_suite::verdict::{Exit, Verdict};
use rstest::rstest;

use crate::stranger::{Reaction, Stranger, bench, suite};

const QUERY: &str = "AT+QMMSCFG=\"contextid\"";
const INFO: &str = "+QMMSCFG: \"contextid\",1";

/// A run of two cases: one passes, one fails.
fn run() -> Vec<Event> {
    let suite = suite(&[
        ("kept", "", "> AT+QMMSCFG=\"contextid\"\n< +QMMSCFG: \"contextid\",1\n< OK\n"),
        ("broken", "", "> AT+QMMSEDIT=0\n< OK\n"),
    ]);
    let mut stranger =
        Stranger::new(&[(QUERY, &[INFO, "OK"]), ("AT+QMMSEDIT=0", &["+CME ERROR: 751"])]).paced(|_| 4000);
    stranger.run(suite.cases().to_vec(), bench())
}

fn journal(events: &[Event]) -> String {
    events.iter().map(|event| event.to_line() + "\n").collect()
}

#[test]
fn a_run_is_read_back_case_by_case_with_its_dialogue() {
    let run = Recorded::read(journal(&run()).as_bytes()).expect("a run");
    assert!(run.complete() && !run.torn);
    assert_eq!(run.end.as_ref().and_then(|end| end.exit), Some(Exit::Broke));
    let verdicts: Vec<_> =
        run.cases.iter().map(|case| (case.planned.case.as_str(), case.settled())).collect();
    assert_eq!(verdicts, [("kept", Some((Verdict::Pass, false))), ("broken", Some((Verdict::Fail, false)))]);
    let attempt = &run.cases[0].attempts[0];
    let dialogue: Vec<_> = attempt.dialogue().collect();
    assert_eq!(dialogue.len(), 1);
    assert_eq!(dialogue[0].sent, QUERY.as_bytes());
    let lines: Vec<_> = dialogue[0].lines.iter().map(|line| (line.class, line.text.as_slice())).collect();
    assert_eq!(lines, [(Class::Information, INFO.as_bytes()), (Class::Final, &b"OK"[..])]);
    assert_eq!(dialogue[0].took_us, Some(4000));
    assert_eq!(
        run.cases[1].telling().and_then(|told| told.end.as_ref()?.came.as_deref()),
        Some("+CME ERROR: 751")
    );
}

/// Beside each line stands what the dialogue asked for there; beside what was not asked for, nothing.
#[test]
fn a_line_that_was_asked_for_says_how() {
    let body = "> AT+QMMSCFG=\"contextid\"\n< +QMMSCFG: \"contextid\",{id:int}\n< OK\n";
    let bytes = format!("\r\n+CREG: 1\r\n\r\n{INFO}\r\n\r\nOK\r\n").into_bytes();
    let mut stranger = Stranger::new(&[]).also(QUERY, Reaction::Says(bytes));
    let events = stranger.run(suite(&[("asked", "", body)]).cases().to_vec(), bench());
    let run = Recorded::of(&events).expect("a run");
    let lines = &run.cases[0].attempts[0].dialogue().next().expect("an exchange").lines;
    let held: Vec<_> = lines.iter().map(|line| line.held.as_deref()).collect();
    assert_eq!(held, [None, Some("+QMMSCFG: \"contextid\",{id:int}"), Some("OK")]);
}

/// A port that does not even open is told before the run is asked for anything; its journal is a journal all the same.
#[test]
fn a_run_whose_port_never_opened_is_read_back() {
    let suite = suite(&[("asked", "", "> AT+QMMSEDIT=0\n< OK\n")]);
    let mut executor = Executor::new(suite.cases().to_vec(), bench());
    executor.lost(0, "no such port");
    while executor.poll(0) != Action::Done {}
    let run = Recorded::read(journal(&executor.events()).as_bytes()).expect("a run");
    assert_eq!(run.end.as_ref().and_then(|end| end.exit), Some(Exit::Bench));
    assert_eq!(run.cases[0].settled(), None);
    assert_eq!(run.exit(false), Exit::Bench);
    assert_eq!(run.not_asked.map(|not_asked| not_asked.words()).as_deref(), Some("port lost: no such port"));
}

/// What the runner asks on its own is told apart from what a case asks.
#[test]
fn the_runners_own_questions_are_marked() {
    let run = Recorded::of(&run()).expect("a run");
    assert!(run.before.exchanges.iter().any(|exchange| exchange.sent == b"ATI"));
    assert!(run.before.exchanges.iter().all(|exchange| exchange.aside));
    assert!(run.cases.iter().all(|case| case.attempts[0].dialogue().count() == 1));
    assert!(run.ground.is_some_and(|ground| ground.repeat == 1));
}

/// What only puts back is marked: nothing in it is judged.
#[test]
fn what_only_puts_back_is_marked() {
    let body =
        "> AT+QMMSCFG=\"contextid\"\n< +QMMSCFG: \"contextid\",1\n< OK\nfinally\n> AT+QMMSEDIT=0\n< OK\n";
    let mut stranger = Stranger::new(&[(QUERY, &[INFO, "OK"]), ("AT+QMMSEDIT=0", &["OK"])]);
    let events = stranger.run(suite(&[("first", "", body), ("second", "", body)]).cases().to_vec(), bench());
    let run = Recorded::of(&events).expect("a run");
    for case in &run.cases {
        let marks: Vec<_> = case.attempts[0].dialogue().map(|exchange| exchange.finally).collect();
        assert_eq!(marks, [false, true]);
    }
}

/// However a run is killed, what stands before is kept, and no verdict appears that was not there.
#[test]
fn a_run_killed_at_any_byte_can_be_read() {
    let text = journal(&run());
    let whole = Recorded::read(text.as_bytes()).expect("a run");
    let head = text.find('\n').expect("a head") + 1;
    for cut in head..text.len() - 1 {
        let part =
            Recorded::read(&text.as_bytes()[..cut]).unwrap_or_else(|error| panic!("cut at {cut}: {error}"));
        for (part, whole) in part.cases.iter().zip(&whole.cases) {
            assert!(part.settled().is_none() || part == whole, "cut at {cut}");
        }
        assert_eq!(part.end, None, "cut at {cut}");
    }
}

#[rstest]
#[case::nothing("", "line 1: expected the head of a run (`\"event\":\"run\"`), found nothing")]
#[case::no_json(
    "hello\n",
    "line 1: expected the head of a run (`\"event\":\"run\"`), found a line that is no JSON"
)]
#[case::no_head(
    "{\"event\":\"bench\"}\n",
    "line 1: expected the head of a run (`\"event\":\"run\"`), found another event"
)]
#[case::newer(
    "{\"event\":\"run\",\"format\":99,\"unheard\":[]}\n",
    "line 1: expected format 1 or older, found format 99: this run was recorded by a newer version"
)]
fn what_is_no_run_is_refused(#[case] text: &str, #[case] wanted: &str) {
    assert_eq!(Recorded::read(text.as_bytes()).expect_err("no run").to_string(), wanted);
}

/// A line that is wrong in the middle was altered: nothing is guessed.
#[test]
fn a_wrong_line_in_the_middle_is_refused_with_its_place() {
    let mut lines: Vec<String> = run().iter().map(Event::to_line).collect();
    lines[4] = "{\"event\":\"wire\",\"t_us\":\"soon\"}".to_owned();
    let error = Recorded::read((lines.join("\n") + "\n").as_bytes()).expect_err("an altered run");
    assert!(matches!(error, ReadError::Line { line: 5, .. }), "{error}");
}

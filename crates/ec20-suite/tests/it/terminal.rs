//! What an engineer at the bench reads: one line a case, the evidence where a case did not simply pass, the run in a few lines.

use ec20_suite::journal::{CaseEnd, ClauseRef, Direction, Event, Identity, Planned, Run};
use ec20_suite::recorded::Recorded;
use ec20_suite::report::terminal::{Live, Telling, ending, summary};
use ec20_suite::verdict::{Exit, Verdict};

fn head() -> Event {
    Event::Run(Run {
        format: 1,
        version: "0.1.0".to_owned(),
        suite_hash: "00".to_owned(),
        started: "2026-01-01T00:00:00Z".to_owned(),
        port: "/dev/ttyUSB2".to_owned(),
        command: "cargo xtask hil --port /dev/ttyUSB2".to_owned(),
    })
}

fn planned(case: &str) -> Event {
    let clause = ClauseRef {
        id: "EDIT-LIST".to_owned(),
        section: "2.2".to_owned(),
        level: "must".to_owned(),
        promise: "A query lists every entry.".to_owned(),
    };
    Event::Planned(Planned {
        case: case.to_owned(),
        title: format!("Title of {case}"),
        file: format!("{case}.atx"),
        clauses: vec![clause],
        needs: Vec::new(),
        effect: "volatile".to_owned(),
    })
}

fn start(case: &str, attempt: u32) -> Event {
    Event::CaseStart { t_us: 0, case: case.to_owned(), attempt }
}

fn end(case: &str, attempt: u32, verdict: Verdict) -> CaseEnd {
    CaseEnd {
        t_us: 1000,
        case: case.to_owned(),
        attempt,
        verdict,
        cause: None,
        clause: Some("EDIT-LIST".to_owned()),
        place: None,
        expected: Vec::new(),
        came: None,
        leaky: None,
    }
}

fn failed(case: &str, attempt: u32) -> Event {
    Event::CaseEnd(CaseEnd {
        place: Some(format!("{case}.atx:7")),
        expected: vec!["+QMMSEDIT: 1,\"1\"".to_owned(), "OK".to_owned()],
        came: Some("+QMMSEDIT: 1,\"2\\x00\"".to_owned()),
        ..end(case, attempt, Verdict::Fail)
    })
}

fn caused(case: &str, verdict: Verdict, cause: &str) -> Event {
    let attempt = u32::from(verdict != Verdict::Broken);
    Event::CaseEnd(CaseEnd { cause: Some(cause.to_owned()), ..end(case, attempt, verdict) })
}

/// What the live view prints for these events.
fn shown(events: &[Event]) -> String {
    let mut live = Live::new(false);
    let lines: Vec<String> = events.iter().filter_map(|event| live.on(event)).collect();
    lines.join("\n")
}

#[test]
fn a_case_that_passed_is_one_line() {
    let events = [head(), planned("a"), start("a", 1), Event::CaseEnd(end("a", 1, Verdict::Pass))];
    assert_eq!(shown(&events), "pass         a  Title of a");
}

#[test]
fn a_case_that_failed_says_what_was_wanted_what_came_which_promise_and_how_to_ask_again() {
    let events = [head(), planned("a"), start("a", 1), failed("a", 1)];
    let wanted = "\
fail         a  Title of a
             clause   EDIT-LIST (2.2, must): A query lists every entry.
             expected +QMMSEDIT: 1,\"1\"
             or       OK
             came     +QMMSEDIT: 1,\"2\\x00\"
             where    a.atx:7
             again    cargo xtask hil --port /dev/ttyUSB2 --filter a
";
    assert_eq!(shown(&events), wanted);
}

/// The list at the end: what failed stands before what broke and what could not be decided; what was not asked is only counted.
#[test]
fn what_needs_a_look_is_listed_at_the_end() {
    let broke = CaseEnd { cause: Some("two talkers".to_owned()), ..end("b", 1, Verdict::Broken) };
    let open = CaseEnd { cause: Some("network".to_owned()), ..end("c", 1, Verdict::Inconclusive) };
    let events = [
        head(),
        planned("a"),
        planned("b"),
        planned("c"),
        planned("d"),
        start("b", 1),
        Event::CaseEnd(broke),
        start("c", 1),
        Event::CaseEnd(open),
        start("a", 1),
        failed("a", 1),
        Event::CaseEnd(CaseEnd {
            attempt: 0,
            cause: Some("not asked: --max-fail 1 is reached".to_owned()),
            ..end("d", 0, Verdict::Inconclusive)
        }),
    ];
    let text = summary(&Recorded::of(&events).expect("a run"));
    let list: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
    let wanted = [
        "what needs a look:",
        "fail         a  expected +QMMSEDIT: 1,\"1\" or OK, came +QMMSEDIT: 1,\"2\\x00\"",
        "broken       b  two talkers",
        "inconclusive c  network",
    ];
    assert_eq!(list, wanted);
}

#[test]
fn an_observation_tells_its_answer_and_an_attempt_its_number() {
    let observed = |answer: &str, raw: &str| Event::Observed {
        t_us: 5,
        case: "a".to_owned(),
        unknown: "U-X".to_owned(),
        answer: answer.to_owned(),
        raw: vec![raw.to_owned(), "OK".to_owned()],
    };
    let end = |attempt| Event::CaseEnd(end("a", attempt, Verdict::Observed));
    let once = [head(), planned("a"), start("a", 1), observed("taken", "x"), end(1)];
    assert_eq!(shown(&once), "observed     a  Title of a  -> taken");
    let again = [head(), planned("a"), start("a", 2), observed("other", "+X: 7"), end(2)];
    assert_eq!(shown(&again), "observed     a  Title of a  -> other: +X: 7 OK  (attempt 2)");
}

fn wire(t_us: u64, dir: Direction, bytes: &str) -> Event {
    Event::Wire { t_us, dir, bytes: bytes.to_owned() }
}

fn line(t_us: u64, class: &str, text: &str) -> Event {
    Event::Line { t_us, class: class.to_owned(), text: text.to_owned() }
}

/// A case in which the list comes back wrong, byte by byte.
fn talked() -> Vec<Event> {
    let held = Event::Held { t_us: 900, expected: "OK".to_owned(), came: "OK".to_owned() };
    let answer = r#"AT+QMMSEDIT=1\r\r\n+QMMSEDIT: 1,"2\x00"\r\n\r\nOK\r\n"#;
    vec![
        head(),
        planned("a"),
        start("a", 1),
        wire(400, Direction::Host, r"AT+QMMSEDIT=0\r"),
        wire(900, Direction::Module, r"AT+QMMSEDIT=0\r\r\nOK\r\n"),
        line(900, "final", "OK"),
        held,
        wire(2000, Direction::Host, r"AT+QMMSEDIT=1\r"),
        wire(12_345, Direction::Module, answer),
        line(12_345, "information", r#"+QMMSEDIT: 1,"2\x00""#),
        line(12_345, "final", "OK"),
        failed("a", 1),
    ]
}

#[test]
fn a_case_that_failed_shows_its_dialogue_with_times_and_points_at_the_line() {
    let text = shown(&talked());
    let wanted = "\
             clause   EDIT-LIST (2.2, must): A query lists every entry.
             expected +QMMSEDIT: 1,\"1\"
             or       OK
             came     +QMMSEDIT: 1,\"2\\x00\"
             where    a.atx:7
             dialogue
                   0.4 ms > AT+QMMSEDIT=0
                   0.9 ms < OK
                   2.0 ms > AT+QMMSEDIT=1
                  12.3 ms ! +QMMSEDIT: 1,\"2\\x00\"
                  12.3 ms < OK
             again ";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn a_long_dialogue_is_told_from_its_end() {
    let mut events = vec![head(), planned("a"), start("a", 1)];
    for at in 0..40_u64 {
        events.push(wire(at * 1000, Direction::Host, &format!(r#"AT+QMMSEDIT=1,1,"{at}"\r"#)));
    }
    events.push(failed("a", 1));
    let text = shown(&events);
    assert!(text.contains("dialogue, without its first 16 lines") && text.contains("39.0 ms >"), "{text}");
    assert!(!text.contains("15.0 ms >"), "{text}");
}

#[test]
fn whoever_wants_little_is_told_only_of_what_needs_a_look() {
    let mut live = Live::new(false).telling(Telling::Little);
    let kept = [head(), Event::Identity(Identity::default()), planned("b"), start("b", 1)];
    let kept = kept.into_iter().chain([
        Event::CaseEnd(end("b", 1, Verdict::Pass)),
        planned("c"),
        caused("c", Verdict::Unsupported, "mmsc"),
        Event::Bench { t_us: 1, note: "settings restored".to_owned() },
    ]);
    for event in kept {
        assert_eq!(live.on(&event), None, "{event:?}");
    }
    let told: Vec<String> = talked().iter().filter_map(|event| live.on(event)).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("fail         a  Title of a"), "{told:?}");
    let leaky = CaseEnd { leaky: Some("CMEE is 2".to_owned()), ..end("b", 2, Verdict::Pass) };
    assert!(live.on(&Event::CaseEnd(leaky)).is_some_and(|text| text.contains("CMEE is 2")));
}

#[test]
fn whoever_wants_everything_is_told_each_byte_with_its_time() {
    let mut live = Live::new(false).telling(Telling::Everything);
    let told: Vec<String> = talked().iter().filter_map(|event| live.on(event)).collect();
    let wanted = [
        "    0.0000 s . a, attempt 1",
        r"    0.0004 s > AT+QMMSEDIT=0\r",
        r"    0.0009 s < AT+QMMSEDIT=0\r\r\nOK\r\n",
        r"    0.0020 s > AT+QMMSEDIT=1\r",
    ];
    assert_eq!(told[..4], wanted);
    assert!(!told.last().is_some_and(|last| last.contains("dialogue")), "it was told already");
}

#[test]
fn progress_counts_cases_and_not_attempts() {
    let mut live = Live::new(false);
    let events = [
        head(),
        planned("a"),
        planned("b"),
        start("a", 1),
        failed("a", 1),
        start("a", 2),
        Event::CaseEnd(end("a", 2, Verdict::Pass)),
    ];
    for event in &events {
        live.on(event);
    }
    assert_eq!((live.progress(), live.counts()), ((1, 2), vec![(Verdict::Pass, 1)]));
}

#[test]
fn what_was_not_asked_says_why_and_what_would_let_it() {
    let events = [
        head(),
        planned("a"),
        planned("b"),
        caused("a", Verdict::Unsupported, "mmsc"),
        caused("b", Verdict::Withheld, "billable"),
    ];
    let wanted = "\
unsupported  a  Title of a
             because  it needs mmsc; where the bench has that, say --offer mmsc
withheld     b  Title of b
             because  it would send a message; permit it with --allow billable";
    assert_eq!(shown(&events), wanted);
}

#[test]
fn a_reason_that_holds_for_every_case_is_said_once() {
    let events = [
        head(),
        planned("a"),
        planned("b"),
        caused("a", Verdict::Broken, "the port is gone"),
        caused("b", Verdict::Broken, "the port is gone"),
    ];
    let text = shown(&events);
    assert_eq!(text.matches("the port is gone").count(), 1, "{text}");
    assert_eq!(text.matches("broken").count(), 2, "{text}");
}

#[test]
fn the_module_is_named_by_its_fullest_revision() {
    let identity = Identity {
        ati: vec!["Quectel".to_owned(), "Revision: R".to_owned()],
        qgmr: Some("R_01".to_owned()),
        cgsn: None,
        shown: false,
    };
    assert_eq!(shown(&[Event::Identity(identity)]), "module       R_01");
    assert_eq!(shown(&[Event::Identity(Identity::default())]), "module       does not say what it is");
}

#[test]
fn colours_are_for_terminals_only() {
    let mut live = Live::new(true);
    let text = live.on(&Event::CaseEnd(end("a", 1, Verdict::Pass))).expect("a line");
    assert!(text.starts_with("\x1b[32mpass"), "{text:?}");
}

#[test]
fn the_summary_counts_and_gives_reasons() {
    let events = [
        head(),
        planned("a"),
        planned("b"),
        planned("c"),
        planned("d"),
        start("a", 1),
        failed("a", 1),
        start("a", 2),
        Event::CaseEnd(end("a", 2, Verdict::Pass)),
        caused("b", Verdict::Unsupported, "mmsc"),
        Event::CaseEnd(CaseEnd { leaky: Some("CMEE is 2".to_owned()), ..end("c", 1, Verdict::Pass) }),
        Event::Standing { clause: "V250-ONE-FINAL".to_owned(), verdict: Verdict::Pass, exchanges: 7 },
        Event::End { t_us: 9000, interrupted: None, exit: 1 },
    ];
    let wanted = "\
what needs a look:
fail         a  flaky: expected +QMMSEDIT: 1,\"1\" or OK, came +QMMSEDIT: 1,\"2\\x00\"

4 cases: 1 pass, 1 fail, 1 unsupported (mmsc), 1 not asked
a: 2 attempts: fail, pass; flaky, counted as failed
left something behind: c
standing clauses: 1 of 1 kept";
    let run = Recorded::of(&events).expect("a run");
    assert_eq!(summary(&run), wanted);
    assert_eq!(ending(&run, Exit::Broke), "exit 1: the module broke a clause");
}

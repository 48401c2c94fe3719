//! What the bench adds or takes away: a slow transport, a module that starts anew, a port that comes back.

use ec20_suite::executor::{Action, Bench, Executor};
use ec20_suite::journal::{Direction, Event, NotAskedWhy};
use ec20_suite::suite::Case;
use ec20_suite::verdict::Verdict::{self, Broken, Fail, Inconclusive, Pass};
use rstest::rstest;

use crate::stranger::{Reaction, Stranger, answer, bench, breaches, cases, ends, exit, not_asked, suite};

fn notes(events: &[Event]) -> Vec<String> {
    let note = |event: &Event| match event {
        Event::Bench { note, .. } => Some(note.clone()),
        _ => None,
    };
    events.iter().filter_map(note).collect()
}

/// The transport is measured before the run and taken off what is measured; a limit that it could hide is not judged.
#[rstest]
#[case::quick(2500, "! 105s +QMMSEND: 0,200\n", Fail, None)]
#[case::slow_for_a_second(150_000, "! 1s +QMMSEND: 0,200\n", Inconclusive, Some("transport"))]
#[case::not_slow_for_more(150_000, "! 105s +QMMSEND: 0,200\n", Fail, None)]
#[case::slow_for_a_silence(150_000, "quiet 1s\n", Inconclusive, Some("transport"))]
#[case::as_slow_as_may_be(100_000, "quiet 1s\n", Pass, None)]
#[case::quick_for_a_silence(2500, "quiet 1s\n", Pass, None)]
fn a_slow_transport_decides_nothing(
    #[case] pace_us: u64,
    #[case] then: &str,
    #[case] verdict: Verdict,
    #[case] cause: Option<&str>,
) {
    let mut stranger = Stranger::new(&[("AT+QMMSEND=100", &["OK"])]).paced(move |_| pace_us);
    let events =
        stranger.run(cases(&format!("> AT+QMMSEND=100\n< OK\n{then}")), Bench { calibrate: 5, ..bench() });
    let end = &ends(&events)[0];
    assert_eq!((end.verdict, end.cause.as_deref()), (verdict, cause));
    let told = notes(&events).into_iter().any(|note| note.contains(&format!("adds {}.", pace_us / 1000)));
    assert!(told, "{:?}", notes(&events));
    let longest = events.iter().filter_map(|event| match event {
        Event::Timing { command, took_us, .. } if command.contains("QMMSEND") => Some(*took_us),
        _ => None,
    });
    assert_eq!(longest.max(), Some(0), "nothing of it was the module's");
}

/// A module that starts anew in mid-case has not failed, and has not passed: power, or a crash. What it was told is put back.
#[rstest]
#[case::instead_of_the_answer("\r\nRDY\r\n")]
#[case::behind_a_good_answer("\r\nOK\r\n\r\nRDY\r\n")]
fn a_restart_in_mid_case_is_broken_and_the_run_goes_on(#[case] says: &str) {
    let suite =
        suite(&[("first", "", "> AT+QMMSEDIT=0\n< OK\nwait 1s\n"), ("second", "", "> AT+CSQ\n< OK\n")]);
    let said = |line| Reaction::Says(answer(&[line, "OK"]));
    let mut stranger = Stranger::new(&[("AT+CSQ", &["OK"]), ("AT+CMEE=1", &["OK"])])
        .also("AT+QMMSEDIT=0", Reaction::Says(says.as_bytes().to_vec()))
        .instead("AT+CMEE?", &[said("+CMEE: 1"), said("+CMEE: 0"), said("+CMEE: 1")]);
    let events = stranger.run(suite.cases().to_vec(), bench());
    let verdicts: Vec<_> = ends(&events).into_iter().map(|end| end.verdict).collect();
    assert_eq!(verdicts, [Broken, Pass]);
    assert!(ends(&events)[0].cause.as_deref().is_some_and(|cause| cause.contains("RDY")));
    assert!(stranger.heard.contains(&"AT+CMEE=1".to_owned()), "{:?}", stranger.heard);
    assert_eq!(exit(&events), 3);
}

/// The module of all these tests.
const SERIAL: &str = "861075020000016";

/// A driver whose port goes away once, in the first case, and comes back by the means that `comes_back` says, with this module behind it.
fn lost_once(
    cases: Vec<Case>,
    bench: Bench,
    comes_back: impl Fn(bool) -> bool,
    then: &str,
) -> (Vec<Event>, Vec<bool>) {
    lost_in(cases, bench, |nth| nth == 0, comes_back, then)
}

/// The same with a port that goes away in each case that `goes` says, counted from 0 among those that were asked.
fn lost_in(
    cases: Vec<Case>,
    bench: Bench,
    goes: impl Fn(usize) -> bool,
    comes_back: impl Fn(bool) -> bool,
    then: &str,
) -> (Vec<Event>, Vec<bool>) {
    let mut executor = Executor::new(cases, bench);
    let (mut now_us, mut events, mut asked, mut lost) = (0, Vec::new(), Vec::new(), false);
    let mut starts = false;
    let mut nth = 0..;
    loop {
        let action = executor.poll(now_us);
        events.extend(executor.events());
        assert!(now_us < 3_600_000_000, "the run does not end");
        match action {
            Action::Done => return (events, asked),
            Action::Order(_) => executor.ordered(Ok(())),
            // The port is there before the module is.
            Action::Wait { .. } if std::mem::take(&mut starts) => executor.received(now_us, b"\r\nRDY\r\n"),
            Action::Wait { until_us } => now_us = now_us.max(until_us),
            Action::Recover { power, .. } => {
                asked.push(power);
                now_us += 5_000_000;
                starts = power;
                let done = vec![format!("by {}", if power { "power" } else { "waiting" })];
                executor.recovered(now_us, if comes_back(power) { Ok(done) } else { Err(done) });
            }
            Action::Send(bytes) if bytes == b"AT+QMMSEDIT=0\r" && nth.next().is_some_and(&goes) => {
                lost = true;
                // What was on its way is torn.
                executor.received(now_us, b"AT+QMMSEDIT=0\r\r\n+QMMSEDIT: 1,\"138");
                executor.lost(now_us, "unplugged");
            }
            Action::Send(bytes) => {
                executor.sent(now_us);
                if !bytes.ends_with(b"\r") {
                    continue;
                }
                now_us += 2000;
                let serial = if lost { then } else { SERIAL };
                let told = if bytes == b"AT+CGSN\r" { format!("\r\n{serial}\r\n") } else { String::new() };
                executor.received(now_us, &[&bytes[..], told.as_bytes(), b"\r\nOK\r\n"].concat());
            }
        }
    }
}

/// A port that comes back: the case in which it went is broken, the rest is asked. By waiting first, by the power switch then, and where
/// neither helps nobody is asked any more.
#[rstest]
#[case::by_waiting(true, true, Some(false), &[Broken, Pass, Pass], &[false])]
#[case::by_power(true, true, Some(true), &[Broken, Pass, Pass], &[false, true])]
#[case::without_a_switch(true, false, Some(true), &[Broken], &[false])]
#[case::not_at_all(true, true, None, &[Broken], &[false, true])]
#[case::not_by_this_driver(false, false, Some(false), &[Broken], &[])]
fn a_port_that_comes_back(
    #[case] recovers: bool,
    #[case] has_power: bool,
    #[case] helps: Option<bool>,
    #[case] verdicts: &[Verdict],
    #[case] asked: &[bool],
) {
    let ask = "> AT+QMMSEDIT=0\n< OK\n";
    let suite = suite(&[("a", "", ask), ("b", "", ask), ("c", "", ask)]);
    let bench = Bench { recovers, has_power, ..bench() };
    let (events, by) =
        lost_once(suite.cases().to_vec(), bench, |power| helps.is_some_and(|means| power == means), SERIAL);
    assert_eq!(ends(&events).into_iter().map(|end| end.verdict).collect::<Vec<_>>(), verdicts);
    assert_eq!(breaches(&events), [""; 0], "nothing of what was torn is left to what comes behind it");
    assert_eq!(by, asked);
    let left = 3 - verdicts.len() as u64;
    assert_eq!(not_asked(&events), if left > 0 { vec![(NotAskedWhy::PortLost, left)] } else { vec![] });
    assert_eq!(exit(&events), 3);
}

/// Half a line that was sent before the port went is no beginning of a line that is sent when it is back.
#[test]
fn half_a_line_before_the_port_went() {
    let suite =
        suite(&[("first", "", ">> AT+QMM\n> AT+QMMSEDIT=0\n< OK\n"), ("second", "", ">> AT+CSQ\\r\n< OK\n")]);
    let bench = Bench { recovers: true, ..bench() };
    let (events, _) = lost_once(suite.cases().to_vec(), bench, |_| true, SERIAL);
    assert_eq!(ends(&events).into_iter().map(|end| end.verdict).collect::<Vec<_>>(), [Broken, Pass]);
    assert_eq!(breaches(&events), [""; 0]);
}

/// A run over night: what was lost is brought back as often as it is lost, as long as something is asked in between. Between two restarts
/// the module is left alone for ten minutes, and they are waited for. One that goes with each case is given up.
#[rstest]
#[case::unplugged_with_every_other(20, |nth| nth % 2 == 0, false, 10, 10, 0)]
#[case::wedged_twice(4, |nth| nth == 0 || nth == 2, true, 2, 2, 1)]
#[case::wedged_with_each(9, |_| true, true, 4, 3, 2)]
fn lost_again_and_again(
    #[case] count: usize,
    #[case] goes: fn(usize) -> bool,
    #[case] by_power: bool,
    #[case] broken: usize,
    #[case] brought_back: usize,
    #[case] waits: usize,
) {
    let names: Vec<String> = (0..count).map(|number| format!("case-{number:02}")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), "", "> AT+QMMSEDIT=0\n< OK\n")).collect();
    let bench = Bench { recovers: true, has_power: true, ..bench() };
    let cases = suite(&files).cases().to_vec();
    let (events, by) = lost_in(cases, bench, goes, |power| power == by_power, SERIAL);
    let verdicts: Vec<Verdict> = ends(&events).into_iter().map(|end| end.verdict).collect();
    assert_eq!(verdicts.iter().filter(|verdict| **verdict == Broken).count(), broken, "{verdicts:?}");
    let left: u64 = not_asked(&events).into_iter().map(|(_, cases)| cases).sum();
    let passed = count - broken - usize::try_from(left).expect("few");
    assert_eq!(verdicts.iter().filter(|verdict| **verdict == Pass).count(), passed, "{verdicts:?}");
    assert_eq!(by.iter().filter(|power| **power == by_power).count(), brought_back);
    let told = notes(&events);
    assert_eq!(told.iter().any(|note| note.contains("it is given up")), left > 0, "{told:?}");
    let waited: Vec<u64> = events
        .iter()
        .filter_map(|event| match event {
            Event::Waited { for_us, why, .. } if why.contains("two restarts") => Some(*for_us),
            _ => None,
        })
        .collect();
    assert_eq!(waited.len(), waits);
    assert!(waited.iter().all(|for_us| (500_000_000..=600_000_000).contains(for_us)), "{waited:?}");
    for for_us in waited {
        let words = format!("it is left alone for {} s more", for_us.div_ceil(1_000_000));
        assert!(told.iter().any(|note| note.contains(&words)), "{words}: {told:?}");
    }
}

/// Another module behind the port that came back: nothing is put back on it, no case is asked of it, and the power switch is left alone.
#[test]
fn another_module_that_comes_back_is_asked_nothing() {
    let ask = "> AT+QMMSEDIT=0\n< OK\n";
    let suite = suite(&[("a", "", ask), ("b", "", ask), ("c", "", ask)]);
    let bench = Bench { recovers: true, has_power: true, ..bench() };
    let (events, by) = lost_once(suite.cases().to_vec(), bench, |_| true, "869999999999999");
    assert_eq!(ends(&events).into_iter().map(|end| end.verdict).collect::<Vec<_>>(), [Broken]);
    assert_eq!(not_asked(&events), [(NotAskedWhy::PortLost, 2)]);
    assert_eq!(by, [false]);
    let cause = events.iter().find_map(|event| match event {
        Event::NotAsked { reason, .. } => Some(reason.as_str()),
        _ => None,
    });
    let cause = cause.expect("the rest is not asked");
    assert!(cause.contains("another module") && cause.contains("869999999999999"), "{cause}");
    let back = events
        .iter()
        .position(|event| matches!(event, Event::Bench { note, .. } if note.contains("by waiting")));
    let after = events.iter().skip(back.expect("it came back")).filter_map(|event| match event {
        Event::Wire { dir: Direction::Host, bytes, .. } => Some(bytes.as_str()),
        _ => None,
    });
    let asked: std::collections::BTreeSet<&str> = after.collect();
    assert_eq!(asked, ["AT\\r", "AT+CGSN\\r", "AT+QGMR\\r", "ATI\\r"].into());
}

/// Nor is it when a module starts anew in mid-case and is another one then: a firmware that was updated, a module that was exchanged.
#[rstest]
#[case::the_same(SERIAL, &[Broken, Pass])]
#[case::another("869999999999999", &[Broken])]
fn a_restart_may_bring_another_module(#[case] then: &str, #[case] verdicts: &[Verdict]) {
    let suite =
        suite(&[("first", "", "> AT+QMMSEDIT=0\n< OK\nwait 1s\n"), ("second", "", "> AT+CSQ\n< OK\n")]);
    let said = |line| Reaction::Says(answer(&[line, "OK"]));
    let mut stranger = Stranger::new(&[("AT+CSQ", &["OK"])])
        .also("AT+QMMSEDIT=0", Reaction::Says(b"\r\nOK\r\n\r\nRDY\r\n".to_vec()))
        .instead("AT+CGSN", &[said(SERIAL), said(then)]);
    let events = stranger.run(suite.cases().to_vec(), bench());
    assert_eq!(ends(&events).into_iter().map(|end| end.verdict).collect::<Vec<_>>(), verdicts);
    assert_eq!(stranger.heard.contains(&"AT+CSQ".to_owned()), then == SERIAL);
}

/// A module whose port is open again may take its time to answer, as long as the bench says: not longer, and not once it answers.
#[rstest]
#[case::at_once(0, 40, None, Some(4))]
#[case::after_twelve_seconds(12, 40, None, Some(16))]
#[case::not_within_its_time(60, 40, None, None)]
#[case::interrupted_meanwhile(60, 40, Some(8), None)]
fn a_module_that_takes_its_time_to_answer(
    #[case] starts_s: u64,
    #[case] back_s: u64,
    #[case] interrupted_s: Option<u64>,
    #[case] found_within_s: Option<u64>,
) {
    let ask = "> AT+QMMSEDIT=0\n< OK\n";
    let suite = suite(&[("a", "", ask), ("b", "", ask)]);
    let bench = Bench { recovers: true, back_ms: back_s * 1000, ..bench() };
    let mut executor = Executor::new(suite.cases().to_vec(), bench);
    let (mut now_us, mut events, mut back_us) = (0, Vec::new(), None);
    loop {
        if interrupted_s
            .zip(back_us)
            .is_some_and(|(after_s, back_us)| now_us >= back_us + after_s * 1_000_000)
        {
            executor.interrupt("by hand");
        }
        let action = executor.poll(now_us);
        events.extend(executor.events());
        assert!(now_us < 600_000_000, "the run does not end");
        match action {
            Action::Done => break,
            Action::Order(_) => executor.ordered(Ok(())),
            Action::Wait { until_us } => now_us = now_us.max(until_us),
            Action::Recover { .. } => {
                back_us = Some(now_us);
                executor.recovered(now_us, Ok(Vec::new()));
            }
            Action::Send(bytes) if bytes == b"AT+QMMSEDIT=0\r" && back_us.is_none() => {
                executor.lost(now_us, "unplugged");
            }
            Action::Send(bytes) => {
                executor.sent(now_us);
                now_us += 2000;
                if back_us.is_none_or(|back_us| now_us >= back_us + starts_s * 1_000_000) {
                    executor.received(now_us, &[&bytes[..], b"\r\nOK\r\n"].concat());
                }
            }
        }
    }
    let lasted_s = (now_us - back_us.expect("it was brought back")) / 1_000_000;
    let verdicts: Vec<_> = ends(&events).into_iter().map(|end| end.verdict).collect();
    match (found_within_s, interrupted_s) {
        (Some(within_s), _) => {
            assert_eq!(verdicts, [Broken, Pass]);
            assert!(lasted_s <= within_s, "{lasted_s}");
        }
        (None, Some(after_s)) => {
            assert_eq!((verdicts, not_asked(&events)), (vec![Broken], vec![(NotAskedWhy::Interrupted, 1)]));
            assert!((after_s..after_s + 8).contains(&lasted_s), "{lasted_s}");
        }
        (None, None) => {
            assert_eq!((verdicts, not_asked(&events)), (vec![Broken], vec![(NotAskedWhy::PortLost, 1)]));
            assert!((back_s..back_s + 8).contains(&lasted_s), "{lasted_s}");
        }
    }
}

/// After a restart the files that this run put there and has not certainly taken away are deleted, once, and no others.
#[rstest]
#[case::kept(&["up"], &["RAM:a"])]
#[case::deleted(&["up", "del"], &[])]
#[case::deleted_and_there_again(&["up", "del", "up"], &["RAM:a"])]
#[case::never_there(&[], &[])]
fn a_file_of_this_run_after_a_restart(#[case] steps: &[&str], #[case] wanted: &[&str]) {
    let up = "> AT+QFUPL=\"RAM:a\",5,5\n< CONNECT\ndata hello\n< +QFUPL: 5,6b09\n< OK\n";
    let del = "> AT+QFDEL=\"RAM:a\"\n< OK\n";
    let body: String = steps.iter().map(|step| if *step == "up" { up } else { del }).collect();
    let body = if body.is_empty() { "> AT+QMMSEDIT=1\n< OK\n" } else { &body };
    let mut stranger = Stranger::new(&[("AT+QMMSEDIT=1", &["OK"]), ("AT+QFDEL=\"RAM:a\"", &["OK"])])
        .also("AT+QFUPL=\"RAM:a\",5,5", Reaction::Takes(5, answer(&["+QFUPL: 5,6b09", "OK"])))
        .also("AT+QMMSEDIT=0", Reaction::Says(b"\r\nOK\r\n\r\nRDY\r\n".to_vec()));
    let restarts = "> AT+QMMSEDIT=0\n< OK\nwait 1s\n";
    let suite = suite(&[("a-first", "", body), ("b-second", "", restarts), ("c-third", "", restarts)]);
    let events = stranger.run(suite.cases().to_vec(), bench());
    assert_eq!(ends(&events).iter().map(|end| end.verdict).collect::<Vec<_>>(), [Pass, Broken, Broken]);
    let restarted = stranger.heard.iter().position(|line| line == "AT+QMMSEDIT=0").expect("it was asked");
    let deleted = stranger.heard[restarted..].iter().filter_map(|line| line.strip_prefix("AT+QFDEL="));
    let names: Vec<_> = deleted.map(|name| name.trim_matches('"')).collect();
    assert_eq!(names, wanted, "{:?}", stranger.heard);
}

/// What is to be cleaned up and was never there is not deleted: nobody knows whose file of that name comes next.
#[rstest]
#[case::refused(Reaction::Says(answer(&["ERROR"])), "AT+QFUPL=\"RAM:a\",5,5", true)]
#[case::never_tried(Reaction::Says(answer(&["ERROR"])), "AT+QMMSEDIT=1", false)]
fn a_file_is_deleted_only_if_it_was_uploaded(
    #[case] reaction: Reaction,
    #[case] line: &str,
    #[case] wanted: bool,
) {
    let delete = "AT+QFDEL=\"RAM:a\"";
    let body = format!("> {line}\n< OK\nfinally\n> {delete}\n< OK\n");
    let mut stranger = Stranger::new(&[(delete, &["OK"])]).also(line, reaction);
    let events = stranger.run(cases(&body), bench());
    assert_eq!((ends(&events)[0].verdict, ends(&events)[0].leaky.as_deref()), (Fail, None));
    assert_eq!(stranger.heard.contains(&delete.to_owned()), wanted, "{:?}", stranger.heard);
}

/// A file that was there before the run is nobody's fault and nobody's to delete: the case that wants its name, or lists it, decides nothing
/// and leaves nothing behind; others are asked.
#[rstest]
#[case::its_name(
    "> AT+QFUPL=\"RAM:a\",5,5\n< CONNECT\ndata hello\n< +QFUPL: {data.size},{data.checksum}\n< OK\n",
    Inconclusive
)]
#[case::a_list("> AT+QFLST=\"RAM:*\"\n< +QFLST: \"RAM:b\",5\n< OK\n", Inconclusive)]
#[case::neither("> AT+QMMSEDIT=0\n< OK\n", Pass)]
fn a_file_that_was_there_before(#[case] body: &str, #[case] verdict: Verdict) {
    let deletes = "finally\n> AT+QFDEL=\"RAM:a\"\n< OK\n";
    let uploads =
        format!("> AT+QFUPL=\"RAM:c\",5,5\n< CONNECT\ndata hello\n< +QFUPL: 5,6b09\n< OK\n{deletes}");
    let suite = suite(&[("first", "", &format!("{body}{deletes}")), ("second", "", &uploads)]);
    let mut stranger = Stranger::new(&[
        ("AT+QFLST=\"RAM:*\"", &["+QFLST: \"RAM:a\",5", "OK"]),
        ("AT+QFLST=\"*\"", &["OK"]),
        ("AT+QFDEL=\"RAM:a\"", &["OK"]),
        ("AT+QMMSEDIT=0", &["OK"]),
    ])
    .also("AT+QFUPL=\"RAM:c\",5,5", Reaction::Takes(5, answer(&["+QFUPL: 5,6b09", "OK"])));
    let events = stranger.run(suite.cases().to_vec(), bench());
    let end = &ends(&events)[0];
    assert_eq!((end.verdict, end.leaky.as_deref()), (verdict, None));
    if verdict == Inconclusive {
        assert_eq!(end.cause.as_deref(), Some("set-up: RAM:a was there before the run"));
    }
    assert_eq!(ends(&events)[1].verdict, Pass);
    assert!(notes(&events).iter().any(|note| note.contains("RAM:a was on the module before this run")));
    assert!(
        !stranger.heard.iter().any(|line| line.starts_with("AT+QFDEL") || line.contains("QFUPL=\"RAM:a")),
        "{:?}",
        stranger.heard
    );
}

/// An order to the far end that its case did not come to use is no later case's.
#[test]
fn what_a_case_that_broke_off_had_ordered() {
    let suite =
        suite(&[("first", "", "mmsc http 500\n> AT+CSQ\n< OK\n"), ("second", "", "> AT+CSQ\n< OK\n")]);
    let mut stranger = Stranger::new(&[("AT+CSQ", &["ERROR"]), ("AT+CPIN?", &["+CPIN: READY", "OK"])]);
    let events = stranger.run(suite.cases().to_vec(), bench());
    let ordered: Vec<&str> = events
        .iter()
        .filter_map(|event| match event {
            Event::Ordered { words, .. } => Some(words.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(ordered, ["http 500", ec20_suite::executor::FORGET]);
}

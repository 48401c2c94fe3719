//! Signals to a run: the first ends it in order, the second at once, and neither costs what was recorded.

use std::fs;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use ec20_suite::journal::Event;
use rstest::rstest;
use rustix::process::Signal;

use crate::ec20::{command, ended, signal, until};
use crate::pty::Pty;
use crate::stranger::{Quirk, Stranger};

const SOME: &str = "manual-2-2-1-* or manual-2-2-2-*";

fn start(folder: &Path, port: &str, more: &[&str]) -> Child {
    let words = [&["hil", "--port", port, "--report", "run"], more].concat();
    command(folder, &words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("ec20 starts")
}

/// A first signal: no new case, `finally`, settings, reports, exit 3.
#[rstest]
#[case(Signal::INT)]
#[case(Signal::TERM)]
#[case(Signal::HUP)]
fn the_first_ends_the_run_in_order(#[case] wanted: Signal) {
    let stranger = Stranger::with(&[("AT+QMMSEDIT=1", Quirk::Says(""))]);
    let folder = tempfile::tempdir().expect("a folder");
    let child = start(folder.path(), &stranger.path, &["--filter", SOME]);
    until("the case", || stranger.log().iter().any(|line| line == "AT+QMMSEDIT=1"));
    signal(&child, wanted);
    let run = ended(child.wait_with_output().expect("ec20 ends"), folder);
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    assert!(run.out.contains("interrupted"), "{}", run.out);
    let log = stranger.log();
    let begun = log.iter().position(|line| line == "AT+QMMSEDIT=1").expect("the case began");
    assert!(log[begun..].iter().any(|line| line == "AT+QMMSEDIT=0"), "{log:#?}");
    assert!(!log.iter().any(|line| line.starts_with("AT+QMMSEDIT=2")), "no new case: {log:#?}");
    let journal = run.file("run/run.ndjson");
    assert!(journal.lines().last().is_some_and(|line| line.contains("\"event\":\"end\"")));
    // Nothing is sent before the answer to what was sent is there.
    assert!(!journal.contains("\"event\":\"breach\""), "{journal}");
    assert!(run.file("run/junit.xml").contains("manual-2-2-2-cc-recipient"));
}

/// A message that is on its way is waited for: nothing is sent before its result.
#[test]
fn a_message_on_its_way_is_waited_for() {
    let later = Quirk::Then("\r\nOK\r\n", 2500, "\r\n+QMMSEND: 0,200\r\n");
    let stranger = Stranger::with(&[("AT+QMMSEND=100", later)]);
    let folder = tempfile::tempdir().expect("a folder");
    let leave = ["--offer", "sim-card,attach,pdp,mmsc", "--allow", "radio,billable", "--recipient", "*"];
    let words = [&["--filter", "manual-2-3-send"], &leave[..]].concat();
    let child = start(folder.path(), &stranger.path, &words);
    until("the message", || stranger.log().iter().any(|line| line == "AT+QMMSEND=100"));
    // Its OK shall be read first.
    std::thread::sleep(Duration::from_millis(300));
    let told = Instant::now();
    signal(&child, Signal::INT);
    let run = ended(child.wait_with_output().expect("ec20 ends"), folder);
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    assert!(told.elapsed() < Duration::from_mins(1), "the wait has a bound");
    let journal = run.file("run/run.ndjson");
    let at = |word: &str| {
        journal.lines().position(|line| line.contains(word)).unwrap_or_else(|| panic!("{word}\n{journal}"))
    };
    let (sent, result) = (at("AT+QMMSEND=100\\\\r"), at("+QMMSEND: 0,200"));
    let between: Vec<&str> = journal.lines().skip(sent + 1).take(result - sent).collect();
    assert!(!between.iter().any(|line| line.contains("\"dir\":\"host\"")), "{between:#?}");
    let log = stranger.log();
    let send = log.iter().position(|line| line == "AT+QMMSEND=100").expect("it was sent");
    assert!(log[send..].iter().any(|line| line == "AT+QMMSEDIT=0"), "finally ran: {log:#?}");
}

/// The second: out at once, with every line of the journal whole.
#[test]
fn the_second_ends_it_at_once() {
    let later = Quirk::Then("\r\nOK\r\n", 600_000, "");
    let stranger = Stranger::with(&[("AT+QMMSEND=100", later)]);
    let folder = tempfile::tempdir().expect("a folder");
    let leave = ["--offer", "sim-card,attach,pdp,mmsc", "--allow", "radio,billable", "--recipient", "*"];
    let mut child =
        start(folder.path(), &stranger.path, &[&["--filter", "manual-2-3-send"], &leave[..]].concat());
    until("the message", || stranger.log().iter().any(|line| line == "AT+QMMSEND=100"));
    std::thread::sleep(Duration::from_millis(300));
    signal(&child, Signal::INT);
    std::thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().expect("a child").is_none(), "it waits for the message");
    signal(&child, Signal::INT);
    let told = Instant::now();
    let run = ended(child.wait_with_output().expect("ec20 ends"), folder);
    assert!(told.elapsed() < Duration::from_secs(5), "{:?}", told.elapsed());
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    let journal = run.file("run/run.ndjson");
    assert!(journal.ends_with('\n') && journal.contains("AT+QMMSEND=100"));
    for line in journal.lines() {
        Event::from_line(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
}

/// The terminal is closed, and with it both outputs: the run still ends in order and leaves its reports.
#[test]
fn the_terminal_is_closed() {
    let stranger = Stranger::with(&[("AT+QMMSEDIT=1", Quirk::Says(""))]);
    let folder = tempfile::tempdir().expect("a folder");
    let terminal = Pty::open();
    let slave =
        || Stdio::from(File::options().read(true).write(true).open(&terminal.path).expect("the terminal"));
    let words = ["hil", "--port", &stranger.path, "--report", "run", "--filter", SOME];
    let mut child = command(folder.path(), &words)
        .stdin(slave())
        .stdout(slave())
        .stderr(slave())
        .spawn()
        .expect("ec20 starts");
    until("the case", || stranger.log().iter().any(|line| line == "AT+QMMSEDIT=1"));
    drop(terminal);
    // The system tells a terminal's own session; here it is told by hand.
    signal(&child, Signal::HUP);
    let status = child.wait().expect("ec20 ends");
    assert_eq!(status.code(), Some(3));
    let journal = fs::read_to_string(folder.path().join("run/run.ndjson")).expect("a journal");
    assert!(journal.lines().last().is_some_and(|line| line.contains("\"event\":\"end\"")));
    assert!(folder.path().join("run/report.html").exists());
}

/// A budget ends a run like a first signal does.
#[test]
fn a_budget_ends_the_run_in_order() {
    let stranger =
        Stranger::with(&[("AT+QMMSEND=100", Quirk::Then("\r\nOK\r\n", 6000, "\r\n+QMMSEND: 0,200\r\n"))]);
    let folder = tempfile::tempdir().expect("a folder");
    let leave = ["--offer", "sim-card,attach,pdp,mmsc", "--allow", "radio,billable", "--recipient", "*"];
    let filter = ["--filter", "manual-2-3-send or manual-3-*", "--budget", "5s"];
    let child = start(folder.path(), &stranger.path, &[&filter[..], &leave].concat());
    let run = ended(child.wait_with_output().expect("ec20 ends"), folder);
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    assert!(run.out.contains("time budget"), "{}", run.out);
    assert!(run.took() < Duration::from_mins(1), "{:?}", run.took());
    for line in run.file("run/run.ndjson").lines() {
        if let Ok(Event::CaseStart { t_us, case, .. }) = Event::from_line(line) {
            assert!(t_us < 5_100_000, "{case} begins at {t_us} µs");
        }
    }
    assert_eq!(crate::ec20::ec20(&["hil", "--budget", "soon", "--list"]).code, Some(2));
}

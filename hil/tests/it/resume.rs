//! A run that was killed or interrupted is reported as far as it got, and goes on in its folder as one run.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};

use ec20_manual::profile::Profile;
use ec20_sim::leg::network::Network;
use ec20_sim::leg::station::{Setup, spawn};
use ec20_suite::journal::Event;
use ec20_suite::recorded::Recorded;
use ec20_suite::verdict::Verdict;
use rstest::rstest;
use rustix::process::Signal;

use crate::ec20::{Ended, command, ended, signal, until};
use crate::stranger::{Quirk, Stranger};

const SOME: &str = "manual-2-2-*";

fn start(folder: &Path, words: &[&str]) -> Child {
    let mut command = command(folder, words);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("ec20 starts")
}

fn journal(folder: &Path) -> String {
    fs::read_to_string(folder.join("run/run.ndjson")).unwrap_or_default()
}

fn run(folder: tempfile::TempDir, words: &[&str]) -> Ended {
    let output = command(folder.path(), words).output().expect("ec20 starts");
    ended(output, folder)
}

/// Every line of the journal, whole.
#[track_caller]
fn recorded(folder: &Path) -> Recorded {
    let text = journal(folder);
    for line in text.lines() {
        Event::from_line(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
    let run = Recorded::read(text.as_bytes()).expect("a run");
    assert!(!run.torn);
    run
}

/// Killed as soon as the journal holds a word that often.
#[rstest]
#[case::before_the_first_case("\"event\":\"identity\"", 1)]
#[case::in_the_first_case("\"event\":\"case-start\"", 1)]
#[case::in_mid_answer("QMMSEDIT", 9)]
#[case::between_cases("\"event\":\"case-end\"", 2)]
#[case::in_a_later_case("\"event\":\"case-end\"", 4)]
fn killed_reported_and_gone_on_with(#[case] word: &str, #[case] often: usize) {
    let module = Stranger::start();
    let folder = tempfile::tempdir().expect("a folder");
    let hil = ["hil", "--port", &module.path, "--filter", SOME, "--report", "run"];
    let mut child = start(folder.path(), &hil);
    until(word, || journal(folder.path()).matches(word).count() >= often);
    child.kill().expect("SIGKILL");
    child.wait().expect("it is dead");
    // A line may have broken off: that is no obstacle.
    let mut text = journal(folder.path());
    text.push_str("{\"event\":\"wire\",\"t_us\":12");
    fs::write(folder.path().join("run/run.ndjson"), &text).expect("half a line");

    let report = command(folder.path(), &["report", "run"]).output().expect("ec20 starts");
    assert!(report.status.success(), "{}", String::from_utf8_lossy(&report.stderr));
    for name in ["report.html", "summary.md", "results.json", "junit.xml"] {
        assert!(folder.path().join("run").join(name).exists(), "{name}");
    }
    let then = Recorded::read(text.as_bytes()).expect("a run");
    assert!(then.torn && then.end.is_none());
    let missing: Vec<String> = then.missing().map(str::to_owned).collect();
    assert!(!missing.is_empty());

    let resumed = run(folder, &["hil", "--port", &module.path, "--resume", "run"]);
    assert_eq!(resumed.code, Some(0), "{}{}", resumed.out, resumed.err);
    let whole = recorded(resumed.folder.path());
    assert!(whole.complete() && whole.missing().next().is_none());
    assert_eq!(whole.cases.len(), then.cases.len());
    assert_eq!(resumed.cases("pass").len(), whole.cases.len(), "{}", resumed.out);
    // Only what was missing was asked again.
    for (before, after) in then.cases.iter().zip(&whole.cases) {
        let again = after.attempts.iter().filter(|attempt| attempt.end.is_some()).count();
        assert_eq!(again, 1, "{}", before.planned.case);
        assert_eq!(missing.contains(&before.planned.case), before.settled().is_none());
    }
    let times: Vec<u64> = journal(resumed.folder.path())
        .lines()
        .filter_map(|line| match Event::from_line(line).ok()? {
            Event::CaseEnd(end) => Some(end.t_us),
            _ => None,
        })
        .collect();
    assert!(times.is_sorted(), "one run, one time: {times:?}");
    // The key that its stand-ins were drawn with is gone with the need for it.
    assert!(!resumed.folder.path().join("run/redaction.key").exists());
}

#[test]
fn a_run_in_which_nothing_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = run(folder, &["hil", "--filter", "manual-2-2-1-*", "--report", "run"]);
    assert_eq!(whole.code, Some(0), "{}{}", whole.out, whole.err);
    let before = whole.file("run/run.ndjson");
    let again = run(whole.folder, &["hil", "--resume", "run"]);
    assert_eq!(again.code, Some(0), "{}{}", again.out, again.err);
    assert!(again.err.contains("nothing is missing"), "{}", again.err);
    assert_eq!(again.file("run/run.ndjson"), before);
}

#[test]
fn what_the_bench_broke_is_asked_again_and_another_module_is_not() {
    let broken = Stranger::with(&[("AT+QMMSEDIT=2", Quirk::Unplugs(""))]);
    let folder = tempfile::tempdir().expect("a folder");
    let first = run(folder, &["hil", "--port", &broken.path, "--filter", SOME, "--report", "run"]);
    assert_eq!(first.code, Some(3), "{}{}", first.out, first.err);
    let broken_cases = first.cases("broken").len();
    assert!(broken_cases >= 1, "{}", first.out);

    let other = Stranger::with(&[("AT+CGSN", Quirk::Says("\r\n861234567890999\r\n\r\nOK\r\n"))]);
    let refused = run(first.folder, &["hil", "--port", &other.path, "--resume", "run"]);
    assert_eq!(refused.code, Some(3), "{}{}", refused.out, refused.err);
    assert!(refused.out.contains("another module answers"), "{}", refused.out);

    let mended = Stranger::start();
    let whole = run(refused.folder, &["hil", "--port", &mended.path, "--resume", "run"]);
    assert_eq!(whole.code, Some(0), "{}{}", whole.out, whole.err);
    assert!(whole.cases("broken").is_empty(), "{}", whole.out);
    assert!(recorded(whole.folder.path()).complete());
}

#[test]
fn failures_are_asked_again_in_a_run_of_their_own() {
    let module = Stranger::with(&[("AT+QMMSEDIT=2", Quirk::Says("\r\nERROR\r\n"))]);
    let folder = tempfile::tempdir().expect("a folder");
    let first = run(folder, &["hil", "--port", &module.path, "--filter", SOME, "--report", "run"]);
    let failed = first.cases("fail");
    assert!(!failed.is_empty(), "{}", first.out);
    let mended = Stranger::start();
    let words = ["hil", "--port", &mended.path, "--failed-from", "run", "--report", "again"];
    let again = run(first.folder, &words);
    assert_eq!(again.code, Some(0), "{}{}", again.out, again.err);
    let results: serde_json::Value =
        serde_json::from_str(&again.file("again/results.json")).expect("results.json is JSON");
    let asked: Vec<&str> =
        results["cases"].as_array().expect("cases").iter().filter_map(|case| case["case"].as_str()).collect();
    assert_eq!(asked, failed);
    // Nothing failed there any more.
    let none = run(again.folder, &["hil", "--failed-from", "again"]);
    assert_eq!(none.code, Some(4), "{}{}", none.out, none.err);
}

/// A run that is killed while the module takes data: between its CONNECT and the first byte.
fn killed_in_mid_upload(path: &str) -> tempfile::TempDir {
    let hil = ["hil", "--port", path, "--filter", UPLOADS, "--report", "run"];
    for _ in 0..10 {
        let folder = tempfile::tempdir().expect("a folder");
        let mut child = start(folder.path(), &hil);
        // The runner leaves 100 ms between CONNECT and the data.
        until("CONNECT", || journal(folder.path()).contains("\"class\":\"connect\""));
        signal(&child, Signal::KILL);
        child.wait().expect("it is dead");
        let run = Recorded::read(journal(folder.path()).as_bytes()).expect("a run");
        let open = run
            .cases
            .iter()
            .flat_map(|case| &case.attempts)
            .flat_map(|attempt| &attempt.scene.exchanges)
            .last();
        if open.is_some_and(|exchange| exchange.result().is_none() && exchange.data.is_empty()) {
            return folder;
        }
    }
    panic!("the moment between CONNECT and the data is never met");
}

/// The first of them in the order of the suite is the one that uploads.
const UPLOADS: &str = "manual-2-2-4-* or manual-2-2-1-* or file-list";

fn module() -> ec20_sim::leg::station::Running {
    spawn(&Setup { network: Network::Nowhere, ..Setup::new(Profile::manual().clone()) }).expect("a module")
}

/// The next session calls the module back before its first `AT`, takes away what the first left there, and neither loses a case by it.
#[test]
fn killed_in_mid_upload_and_started_again() {
    let module = module();
    let path = module.path().display().to_string();
    let folder = killed_in_mid_upload(&path);
    let resumed = run(folder, &["hil", "--port", &path, "--resume", "run"]);
    assert_eq!(resumed.code, Some(0), "{}{}", resumed.out, resumed.err);
    let text = journal(resumed.folder.path());
    let (_, after) = text.split_once("\"event\":\"resumed\"").expect("it went on");
    let sent: Vec<&str> = after.lines().filter(|line| line.contains("\"dir\":\"host\"")).take(3).collect();
    assert!(sent[0].contains("\"bytes\":\"+++\"") && sent[2].contains("\"bytes\":\"AT\\\\r\""), "{sent:?}");
    assert!(sent[1].contains("]]]\\\\r\""), "{sent:?}");
    let whole = recorded(resumed.folder.path());
    assert!(whole.cases.iter().all(|case| case.settled() == Some((Verdict::Pass, false))));
}

/// Another run on the same module, without `--resume`, does not know whose files these are: what needs their names or their absence decides
/// nothing, they stay where they are, and everything else is asked.
#[test]
fn killed_in_mid_upload_and_begun_afresh() {
    let module = module();
    let path = module.path().display().to_string();
    let folder = killed_in_mid_upload(&path);
    let afresh = run(folder, &["hil", "--port", &path, "--filter", UPLOADS, "--report", "afresh"]);
    assert_eq!(afresh.code, Some(5), "{}{}", afresh.out, afresh.err);
    let text = afresh.file("afresh/run.ndjson");
    let whole = Recorded::read(text.as_bytes()).expect("a run");
    let undecided = whole.cases.iter().filter(|case| case.settled() == Some((Verdict::Inconclusive, false)));
    let passed = whole.cases.iter().filter(|case| case.settled() == Some((Verdict::Pass, false)));
    let (undecided, passed) = (undecided.count(), passed.count());
    assert!(undecided >= 1 && undecided + passed == whole.cases.len() && passed >= 1, "{}", afresh.out);
    assert!(afresh.out.contains("was on the module before this run"), "{}", afresh.out);
    assert!(!afresh.out.contains("left something behind"), "{}", afresh.out);
    // Deleted is only what this run uploaded.
    for file in text.lines().filter_map(|line| line.split_once("\"bytes\":\"AT+QFDEL=")) {
        let name = file.1.split('"').nth(1).unwrap_or_default();
        assert!(text.contains(&format!("AT+QFUPL=\\\"{name}")), "{name} was not uploaded by this run");
    }
}

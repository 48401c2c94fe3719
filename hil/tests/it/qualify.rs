//! Qualification as a person types it: record a baseline, run a candidate, read the difference, waive, judge again, pack, verify.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::ec20::{Ended, command, ended};

/// A few cases that the candidate answers otherwise, and one that it does not.
const FILTER: &str = "edit-to-count or cfg-test or observe-cfg-test-port or clause:EDIT-CC-ADD";

const CANDIDATE: &str = r#"name = "candidate"
[identity]
revision = "EC20CEFAGR06A11M4G"
build = "_01.001.01.001"
[answers]
U-CFG-TEST-PORT = "word"
[[deviation]]
clause = "EDIT-TO-COUNT"
change.limit = { max = 5 }
"#;

const WAIVER: &str = r#"[[waive]]
case = "edit-to-count"
firmware = "R06A11"
evidence = { rule = "final_cme_numeric", text = "+CME ERROR: 757" }
reason = "the TO list ends after five"
issue = "https://tracker.example/1"
owner = "bench"
expires = 9999-12-31
"#;

/// Runs `ec20 WORDS` in a folder that is kept.
fn ec20(folder: &Path, words: &[&str]) -> Ended {
    let output = command(folder, words).output().expect("ec20 starts");
    ended(output, tempfile::tempdir().expect("a folder"))
}

#[track_caller]
fn code(folder: &Path, words: &[&str], wanted: i32) -> Ended {
    let ended = ec20(folder, words);
    assert_eq!(ended.code, Some(wanted), "{words:?}\n{}\n{}", ended.out, ended.err);
    ended
}

/// A folder with a baseline in `base` and a candidate in `candidate`.
fn recorded() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    fs::write(here.join("candidate.toml"), CANDIDATE).expect("written");
    fs::write(here.join("waivers.toml"), WAIVER).expect("written");
    code(here, &["hil", "--filter", FILTER, "--report", "base"], 0);
    code(here, &["hil", "--port", "sim:candidate.toml", "--filter", FILTER, "--report", "candidate"], 1);
    folder
}

#[test]
fn a_candidate_is_compared_waived_judged_again_and_packed() {
    let folder = recorded();
    let here = folder.path();

    let same = code(here, &["compare", "base", "base", "--block", "all"], 0);
    assert!(same.out.contains("no blocking change"), "{}", same.out);

    let difference = code(here, &["compare", "base", "candidate", "--report", "difference"], 1);
    for words in [
        "broke+class  edit-to-count",
        "U-CFG-TEST-PORT  A range  B word",
        "qmmscfg_proxy_test_info.port",
        "6 cases in both: 3 same, 3 differ (1 broke, 1 class, 2 value)",
    ] {
        assert!(difference.out.contains(words), "{words}\n{}", difference.out);
    }
    for file in ["compare.json", "compare.md", "compare.html", "compare.xml"] {
        assert!(here.join("difference").join(file).exists(), "{file}");
    }
    code(here, &["compare", "base", "candidate", "--block", "reworded"], 0);
    code(here, &["compare", "base", "candidate", "--waivers", "waivers.toml"], 0);
    let matrix = code(here, &["compare", "base", "candidate", "base", "--report", "several"], 1);
    assert!(matrix.out.contains("fail (broke class)"), "{}", matrix.out);
    assert!(here.join("several/matrix.html").exists() && here.join("several/1-2/compare.json").exists());

    let again = code(here, &["rejudge", "candidate"], 1);
    assert!(again.out.contains("0 moved, 0 undecided"), "{}", again.out);
    code(here, &["rejudge", "candidate", "--waivers", "waivers.toml"], 0);

    let packed = code(here, &["pack", "candidate", "--waivers", "waivers.toml"], 0);
    let sum = packed.out.split_whitespace().next().expect("a checksum");
    let verified = code(here, &["verify", "candidate.tar.gz", "--sha256", sum], 0);
    assert!(verified.out.contains("the package bears out its claim"), "{}", verified.out);
    code(here, &["compare", "base", "candidate.tar.gz", "--waivers", "waivers.toml"], 0);
    code(here, &["verify", "candidate.tar.gz", "--sha256", "00"], 1);
    let mut bytes = fs::read(here.join("candidate.tar.gz")).expect("a package");
    bytes.truncate(bytes.len() / 2);
    fs::write(here.join("half.tar.gz"), bytes).expect("written");
    code(here, &["verify", "half.tar.gz"], 2);
}

/// A waived run keeps its verdicts, tells what excuses them, and leaves both beside the journal.
#[test]
fn a_run_takes_waivers_and_refuses_wrong_ones_before_it_begins() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    fs::write(here.join("candidate.toml"), CANDIDATE).expect("written");
    fs::write(here.join("waivers.toml"), WAIVER).expect("written");
    let words = [
        "hil",
        "--port",
        "sim:candidate.toml",
        "--filter",
        "edit-to-count",
        "--waivers",
        "waivers.toml",
        "--report",
        "run",
    ];
    let run = code(here, &words, 0);
    assert!(run.out.contains("waivers.toml:1: the waiver for edit-to-count excuses"), "{}", run.out);
    let results = fs::read_to_string(here.join("run/results.json")).expect("results");
    assert!(results.contains("\"fail\""));
    assert!(results.contains("\"exit\": 0") && results.contains("\"state\": \"excuses\""));
    assert!(here.join("run/waivers.toml").exists());
    let comment = fs::read_to_string(here.join("run/summary.md")).expect("a summary");
    assert!(comment.contains("does not conform") && comment.contains("with waivers exit 0"), "{comment}");

    // Made anew, the reports tell the same; packed, the waivers go along.
    let junit = fs::read_to_string(here.join("run/junit.xml")).expect("JUnit");
    code(here, &["report", "run", "--out", "again"], 0);
    assert_eq!(fs::read_to_string(here.join("again/junit.xml")).expect("JUnit"), junit);
    code(here, &["pack", "run"], 0);
    code(here, &["verify", "run.tar.gz"], 0);

    fs::write(here.join("waivers.toml"), WAIVER.replace("edit-to-count", "edit-to-cuont")).expect("written");
    let words = ["hil", "--filter", "edit-to-count", "--waivers", "waivers.toml", "--report", "none"];
    let refused = code(here, &words, 2);
    assert!(refused.err.contains("waivers.toml:2:8"), "{}", refused.err);
    assert!(!here.join("none").exists(), "nothing was begun");
}

/// The simulated module started with the profile that a run of the candidate wrote answers like the candidate.
#[test]
fn the_written_profile_answers_like_the_firmware_it_was_written_from() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    let filter = ["--filter", "observe-cfg-* and not observe-cfg-after-*"];
    // The manual's own module answers otherwise: the comparison is no empty one.
    std::thread::scope(|scope| {
        scope.spawn(|| code(here, &[&["hil", "--report", "a"][..], &filter].concat(), 0));
        let first = ["hil", "--port", "sim:ec20-r08", "--report", "b", "--profile-out", "b.toml"];
        code(here, &[&first[..], &filter].concat(), 0);
        let second = ["hil", "--port", "sim:b.toml", "--report", "again"];
        code(here, &[&second[..], &filter].concat(), 0);
    });
    code(here, &["compare", "b", "again", "--block", "all"], 0);
    let other = code(here, &["compare", "a", "again", "--block", "all"], 1);
    assert!(other.out.contains("U-CFG-TEST-PORT  A range  B word"), "{}", other.out);
}

/// Two modules are asked in turn; both runs and the comparison are there.
#[test]
fn two_modules_are_asked_in_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    fs::write(here.join("candidate.toml"), CANDIDATE).expect("written");
    let words = [
        "qualify",
        "--a",
        "sim",
        "--b",
        "sim:candidate.toml",
        "--reps",
        "2",
        "--report",
        "both",
        "--",
        "--filter",
        "cfg-test",
    ];
    let qualified = code(here, &words, 0);
    let told: Vec<&str> = qualified.out.lines().filter(|line| line.starts_with("cfg-test  A ")).collect();
    assert_eq!(told, ["cfg-test  A observed x2  B observed x2"], "{}", qualified.out);
    assert!(qualified.out.contains("\ntiming"), "{}", qualified.out);
    for file in ["both/a/run.ndjson", "both/b/report.html", "both/compare.html"] {
        assert!(here.join(file).exists(), "{file}");
    }
}

#[test]
fn what_is_no_run_is_a_usage_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    fs::write(here.join("run.ndjson"), "{\"event\":\"run\",\"format\":99}\n").expect("written");
    let newer = code(here, &["compare", "run.ndjson", "run.ndjson"], 2);
    assert!(newer.err.contains("newer version"), "{}", newer.err);
    code(here, &["rejudge", "nowhere"], 2);
    code(here, &["compare", "one"], 2);
    code(here, &["compare", "a", "b", "--block", "broken"], 2);
}

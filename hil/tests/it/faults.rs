//! The faults of `hil/FAULTS.md` that need a port: the right verdict, an end in time, a report, nothing passed that was not heard.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

use rstest::rstest;

use crate::ec20::{Ended, command, ec20, ended};
use crate::stranger::{Quirk, Stranger};

/// Three cases, of which the second asks `AT+QMMSEDIT=2`.
const SOME: &str = "manual-2-2-1-* or manual-2-2-2-*";
const SECOND: &str = "manual-2-2-2-cc-recipient";
/// What the module ought to say to it.
const RIGHT: &str = "\r\n+QMMSEDIT: 2,\"13856122546\"\r\n\r\nOK\r\n";

/// A flood: a thousand lines that nobody asked for, then the answer.
static FLOOD: std::sync::LazyLock<&'static str> = std::sync::LazyLock::new(|| {
    let lines = "\r\n+CREG: 1\r\n\r\n+QIURC: \"pdpdeact\",2\r\n".repeat(500);
    Box::leak(format!("{lines}{RIGHT}").into_boxed_str())
});

fn hil(port: &str) -> Ended {
    ec20(&["hil", "--port", port, "--filter", SOME, "--report", "run"])
}

/// The run ended within the time that silence costs, by its own clock, and left its reports.
#[track_caller]
fn ended_well(run: &Ended) {
    assert!(run.took() < Duration::from_mins(1), "{:?}", run.took());
    for name in ["run/report.html", "run/summary.md", "run/junit.xml", "run/results.json"] {
        run.file(name);
    }
}

/// A module that does this once and still answers `AT` has failed the clause of that case, and of no other.
#[rstest]
#[case::half_a_line_for_ever(Quirk::Says("\r\n+QMMSEDIT: 2,\"138"), "+QMMSEDIT: 2,")]
#[case::an_answer_that_comes_too_late(Quirk::Then("", 8000, RIGHT), "nothing")]
fn it_misbehaves_once(#[case] quirk: Quirk, #[case] came: &str) {
    let stranger = Stranger::with(&[("AT+QMMSEDIT=2", quirk)]);
    let run = hil(&stranger.path);
    ended_well(&run);
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.err);
    assert_eq!(run.cases("fail"), [SECOND], "{}", run.out);
    assert_eq!(run.cases("pass"), ["manual-2-2-1-recipients"], "{}", run.out);
    assert!(run.out.contains(&format!("came     {came}")), "{}", run.out);
}

/// A restart that nobody ordered is the bench's, until somebody shows that it was not the power.
#[rstest]
#[case::before_it_answers(Quirk::Then("", 200, "\r\nRDY\r\n"))]
#[case::in_mid_line(Quirk::Once("\r\n+QMMSEDIT: 2,\"138\r\nRDY\r\n"))]
fn it_restarts(#[case] quirk: Quirk) {
    let stranger = Stranger::with(&[("AT+QMMSEDIT=2", quirk)]);
    let run = hil(&stranger.path);
    ended_well(&run);
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    assert_eq!(run.cases("broken"), [SECOND], "{}", run.out);
    assert_eq!(run.cases("pass"), ["manual-2-2-1-recipients"], "{}", run.out);
}

/// A restart where data or a result is under way is the bench's too; what the module had been told is put back, and the rest is asked.
#[rstest]
#[case::in_mid_upload(
    "AT+QFUPL=\"RAM:test_mms.txt\",100,200,1",
    "\r\nCONNECT\r\n",
    "manual-2-2-4-attachments"
)]
#[case::while_waiting_for_the_result("AT+QMMSEND=100", "\r\nOK\r\n", "manual-2-3-send")]
fn restarted(#[case] line: &'static str, #[case] says: &'static str, #[case] case: &str) {
    let stranger = Stranger::with(&[(line, Quirk::Restarts(says, 2000))]);
    let filter = format!("manual-2-2-1-* or {case} or manual-3-1-4-*");
    let leave = ["--offer", "sim-card,attach,pdp,mmsc", "--allow", "radio,billable", "--recipient", "*"];
    let words = ["hil", "--port", &stranger.path, "--filter", &filter, "--report", "run"];
    let run = ec20(&[&words[..], &leave].concat());
    assert!(run.took() < Duration::from_mins(6), "{:?}", run.took());
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    assert_eq!(run.cases("broken"), [case], "{}", run.out);
    assert_eq!(run.cases("pass").len() + 1, run.verdicts().len(), "{}", run.out);
    assert!(run.out.contains("the module started anew"), "{}", run.out);
}

#[test]
fn a_flood_of_urcs_changes_no_verdict() {
    let stranger = Stranger::with(&[("AT+QMMSEDIT=2", Quirk::Once(*FLOOD))]);
    let run = hil(&stranger.path);
    ended_well(&run);
    assert_eq!(run.cases("pass").len(), 2, "{}", run.out);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
}

/// The case has its answer and passes; the clause that promises the echo does not.
#[test]
fn a_lost_echo_fails_the_clause_of_the_echo() {
    let stranger = Stranger::with(&[("AT+QMMSEDIT=2", Quirk::Unechoed(RIGHT))]);
    let run = hil(&stranger.path);
    ended_well(&run);
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.err);
    assert!(run.out.contains("V250-ECHO"), "{}", run.out);
}

/// Unplugged where data or a result is under way: the rest of the run is the bench's, and what passed before stays.
#[rstest]
#[case::in_mid_upload(
    "AT+QFUPL=\"RAM:test_mms.txt\",100,200,1",
    "\r\nCONNECT\r\n",
    "manual-2-2-4-attachments"
)]
#[case::while_waiting_for_the_result("AT+QMMSEND=100", "\r\nOK\r\n", "manual-2-3-send")]
fn unplugged(#[case] line: &'static str, #[case] says: &'static str, #[case] case: &str) {
    let stranger = Stranger::with(&[(line, Quirk::Unplugs(says))]);
    let filter = format!("manual-2-2-1-* or {case}");
    let leave = ["--offer", "sim-card,attach,pdp,mmsc", "--allow", "radio,billable", "--recipient", "*"];
    let words = ["hil", "--port", &stranger.path, "--filter", &filter, "--report", "run"];
    let run = ec20(&[&words[..], &leave].concat());
    ended_well(&run);
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    assert_eq!(run.cases("broken"), [case], "{}", run.out);
    assert_eq!(run.cases("pass"), ["manual-2-2-1-recipients"], "{}", run.out);
}

/// A terminal server without its device says so in the stream: the bench is at fault.
#[rstest]
#[case::and_hangs_up("Device open failure: Value or file not found\r\n", true)]
#[case::and_stays("Port already in use\r\n", false)]
fn a_terminal_server_without_its_device(#[case] says: &'static str, #[case] hangs_up: bool) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = format!("tcp:{}", listener.local_addr().expect("an address"));
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        stream.write_all(says.as_bytes()).expect("it reads");
        if !hangs_up {
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
    let run = hil(&port);
    server.join().expect("the server ends");
    ended_well(&run);
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    assert!(run.out.contains("2 not asked (port lost)"), "{}", run.out);
}

/// The disk is full in mid-run: the run ends in order and says so; what was recorded before can be read.
#[test]
fn the_disk_is_full() {
    let stranger = Stranger::start();
    let folder = tempfile::tempdir().expect("a folder");
    // Files may hold 64 blocks of 512 bytes; beyond that writing fails as on a full disk.
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"";
    let words = ["hil", "--port", &stranger.path, "--filter", "manual-2-2-*", "--report", "run"];
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_ec20")])
        .args(words)
        .current_dir(folder.path())
        .output()
        .expect("sh starts");
    let run = ended(output, folder);
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    assert!(format!("{}{}", run.out, run.err).contains("cannot be written"), "{}{}", run.out, run.err);
    // The message that a case had begun is cleared again.
    assert_eq!(
        stranger.log().iter().rfind(|line| line.starts_with("AT+QMMSEDIT=")).map(String::as_str),
        Some("AT+QMMSEDIT=0")
    );
    let journal = run.file("run/run.ndjson");
    assert!(journal.ends_with('\n') && journal.lines().count() > 20);
    let again =
        command(run.folder.path(), &["report", "run", "--out", "elsewhere"]).output().expect("ec20 starts");
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
}

/// Only the reports cannot be written: the journal is whole, and the exit is the bench's.
#[test]
fn a_report_cannot_be_written() {
    let stranger = Stranger::start();
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("run")).expect("a folder");
    std::os::unix::fs::symlink("/dev/full", folder.path().join("run/results.json")).expect("a link");
    let words = ["hil", "--port", &stranger.path, "--filter", SOME, "--report", "run"];
    let run = ended(command(folder.path(), &words).output().expect("ec20 starts"), folder);
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    assert!(run.err.contains("the reports cannot be written"), "{}", run.err);
    assert!(run.file("run/run.ndjson").lines().last().is_some_and(|line| line.contains("\"event\":\"end\"")));
}

/// Two runs into one folder: the second is refused before anything is sent, and the first keeps what it has.
#[test]
fn another_run_is_writing_here() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("run")).expect("a folder");
    let journal = fs::File::create(folder.path().join("run/run.ndjson")).expect("a journal");
    journal.lock().expect("the first run holds it");
    let stranger = Stranger::start();
    let words = ["hil", "--port", &stranger.path, "--filter", SOME, "--report", "run"];
    let run = ended(command(folder.path(), &words).output().expect("ec20 starts"), folder);
    assert_eq!(run.code, Some(2), "{}{}", run.out, run.err);
    assert!(run.err.contains("a run is in this folder already"), "{}", run.err);
    assert_eq!(stranger.log(), Vec::<String>::new());
}

/// The wall clock may be set while a run goes on: nothing in a run is computed from it.
#[test]
fn nothing_is_timed_by_the_wall_clock() {
    for (name, source) in [
        ("run.rs", include_str!("../../src/run.rs")),
        ("port/serial.rs", include_str!("../../src/port/serial.rs")),
        ("port/tcp.rs", include_str!("../../src/port/tcp.rs")),
    ] {
        assert!(!source.contains("SystemTime") && !source.contains("jiff"), "{name}");
    }
}

//! A bench that does not work is `broken` with the reason, exit 3, and soon; a module that misbehaves once and lives has failed its
//! clause; a file with a mistake is exit 2 before anything is sent.

use std::time::Duration;

use rstest::rstest;

use crate::ec20::{Ended, command, ec20, ended};
use crate::pty::Pty;
use crate::stranger::{Quirk, Stranger};

/// The ids of some cases that need nothing of the bench.
const SOME: &str = "manual-2-2-1-* or manual-2-2-2-*";

/// The first so many cases of the run are broken; those that are left are not asked, and the reason is told once, at the end.
#[track_caller]
fn broken(run: &Ended, count: usize, reason: &str) {
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    let cases = ["manual-2-2-1-recipients", "manual-2-2-2-cc-recipient"];
    assert_eq!(run.cases("broken"), cases[..count], "{}", run.out);
    assert!(run.out.contains(&format!("{} not asked (port lost)", 2 - count)), "{}", run.out);
    let last = run.out.trim_end().lines().next_back().unwrap_or_default();
    assert!(
        last.starts_with("exit 3: port lost: ") && last.contains(reason),
        "{reason} is not in\n{}",
        run.out
    );
    let junit = run.file("run/junit.xml");
    assert!(junit.contains(&format!("errors=\"{count}\"")), "{junit}");
    assert_eq!(junit.matches("not asked: port lost: ").count(), 2 - count, "{junit}");
}

fn hil(port: &str) -> Ended {
    ec20(&["hil", "--port", port, "--filter", SOME, "--report", "run"])
}

#[rstest]
#[case::missing("/dev/ttyUSB-nobody", "does not exist")]
#[case::a_sink("/dev/null", "is no terminal, but a device without a line discipline")]
#[case::a_directory("/tmp", "is no terminal, but a directory")]
#[case::a_file("/etc/passwd", "is no terminal, but a plain file")]
#[case::nobody_listens("tcp:127.0.0.1:1", "cannot be opened")]
fn a_port_that_cannot_be_opened(#[case] port: &str, #[case] reason: &str) {
    broken(&hil(port), 0, reason);
}

#[test]
fn a_port_that_another_program_holds() {
    let pty = Pty::open();
    let _held = ec20_hil::port::Serial::open(&pty.path).expect("the port opens");
    broken(&hil(&pty.path), 0, "busy");
}

#[test]
fn a_port_that_the_user_may_not_open() {
    let pty = Pty::open();
    let folder = tempfile::tempdir().expect("a folder");
    let words = ["hil", "--port", &pty.path, "--filter", SOME, "--report", "run"];
    let run = if rustix::process::geteuid().is_root() {
        // Root may open everything: the bench runs as nobody, in a folder and on a binary that nobody may use.
        use std::os::unix::fs::PermissionsExt as _;
        let shared = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(folder.path(), shared.clone()).expect("a shared folder");
        std::fs::set_permissions(&pty.path, std::fs::Permissions::from_mode(0o600)).expect("a closed port");
        let binary = folder.path().join("ec20");
        std::fs::copy(env!("CARGO_BIN_EXE_ec20"), &binary).expect("a copy of the binary");
        std::fs::set_permissions(&binary, shared).expect("a binary for everybody");
        let mut setpriv = std::process::Command::new("setpriv");
        setpriv.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(&binary);
        setpriv.args(words).current_dir(folder.path()).output().expect("setpriv starts")
    } else {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&pty.path, std::fs::Permissions::from_mode(0o000)).expect("a closed port");
        command(folder.path(), &words).output().expect("ec20 starts")
    };
    broken(&ended(run, folder), 0, "may not be opened by this user");
}

#[test]
fn a_module_that_never_answers() {
    let pty = Pty::open();
    let run = hil(&pty.path);
    broken(&run, 0, "does not answer AT");
    assert!(run.took() < Duration::from_secs(30), "the deadline is missed: {:?}", run.took());
}

#[rstest]
#[case::in_mid_line(Quirk::Unplugs("\r\n+QMMSEDIT: 1,\"1385"), "closed")]
#[case::before_it_answers(Quirk::Unplugs(""), "closed")]
#[case::for_ever(Quirk::Dies, "does not answer AT")]
fn a_module_that_goes_away_in_mid_run(#[case] quirk: Quirk, #[case] reason: &str) {
    let stranger = Stranger::with(&[("AT+QMMSEDIT=1", quirk)]);
    broken(&hil(&stranger.path), 1, reason);
}

#[rstest]
#[case::silence(Quirk::Says(""), "came     nothing")]
#[case::garbage(Quirk::Says("\r\n\x00\x7fnoise\r\n"), "noise")]
fn a_module_that_misbehaves_once_has_failed_its_clause(#[case] quirk: Quirk, #[case] came: &str) {
    let stranger = Stranger::with(&[("AT+QMMSEDIT=2", quirk)]);
    let run = hil(&stranger.path);
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.err);
    assert_eq!(run.cases("fail"), ["manual-2-2-2-cc-recipient"], "{}", run.out);
    assert_eq!(run.cases("pass"), ["manual-2-2-1-recipients"], "{}", run.out);
    assert!(run.out.contains(came), "{came} is not in\n{}", run.out);
}

/// A transcript in a file of its own.
fn transcript(folder: &std::path::Path, text: &str) -> String {
    let path = folder.join("own.atx");
    std::fs::write(&path, text).expect("the file is written");
    path.to_str().expect("a path in UTF-8").to_owned()
}

#[rstest]
#[case::unknown_key(
    "---\nid = \"own\"\ntitle = \"t\"\nclauses = [\"EDIT-LIST\"]\ncolour = 1\n---\n> AT\n< OK\n",
    ":5:1",
    "colour"
)]
#[case::unknown_clause(
    "---\nid = \"own\"\ntitle = \"t\"\nclauses = [\"EDIT-LISTS\"]\n---\n> AT\n< OK\n",
    ":4:12",
    "EDIT-LIST"
)]
#[case::no_such_line(
    "---\nid = \"own\"\ntitle = \"t\"\nclauses = [\"EDIT-LIST\"]\n---\nAT\n< OK\n",
    ":6:1",
    "expected"
)]
#[case::unknown_variable(
    "---\nid = \"own\"\ntitle = \"t\"\nclauses = [\"EDIT-LIST\"]\n---\n> AT{too}\n< OK\n",
    ":6:",
    "too"
)]
fn a_transcript_with_a_mistake(#[case] text: &str, #[case] place: &str, #[case] word: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = transcript(folder.path(), text);
    let stranger = Stranger::start();
    let run = ec20(&["hil", "--port", &stranger.path, &path]);
    assert_eq!(run.code, Some(2), "{}{}", run.out, run.err);
    for part in ["own.atx", place, "expected", word] {
        assert!(run.err.contains(part), "{part} is not in\n{}", run.err);
    }
    assert_eq!(stranger.log(), Vec::<String>::new(), "nothing is sent");
}

#[rstest]
#[case::no_such_word(&["hill"], 2)]
#[case::no_such_option(&["hil", "--prot", "sim"], 2)]
#[case::no_such_effect(&["hil", "--allow", "everything"], 2)]
#[case::no_such_variable(&["hil", "--set", "tto=1"], 2)]
#[case::no_value(&["hil", "--set", "to"], 2)]
#[case::no_glob(&["hil", "--recipient", "[1"], 2)]
#[case::no_filter(&["hil", "--filter", "area:edit and"], 2)]
#[case::no_port(&["hil", "--port", "tcp:bench"], 2)]
#[case::no_file(&["hil", "nobody.atx"], 2)]
#[case::nothing_selected(&["hil", "--filter", "nobody-*"], 4)]
#[case::nothing_to_list(&["hil", "--list", "--filter", "nobody-*"], 4)]
#[case::list(&["hil", "--list"], 0)]
#[case::help(&["help", "hil"], 0)]
fn arguments(#[case] words: &[&str], #[case] code: i32) {
    let run = ec20(words);
    assert_eq!(run.code, Some(code), "{}{}", run.out, run.err);
    assert!(code == 0 || !run.err.is_empty());
    assert!(!run.folder.path().join("ec20-runs").exists(), "a run that does not begin leaves no folder");
}

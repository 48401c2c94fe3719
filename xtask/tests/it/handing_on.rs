//! A word that is not the automation's own reaches `ec20` as it was typed, and what `ec20` returns comes back: exit code, output, and the
//! order in which a run ends at Ctrl-C.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

/// The automation, called as cargo's alias calls it.
fn xtask(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(words).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn exit_codes_come_back() {
    for (words, code) in [
        (&["hil", "--list", "--filter", "manual-*"][..], 0),
        (&["hil", "--list", "--filter", "no-such-case"], 4),
        (&["hil", "--prot", "sim"], 2),
        (&["no-such-word"], 2),
        (&[], 2),
    ] {
        let output = xtask(words).output().expect("xtask starts");
        assert_eq!(
            output.status.code(),
            Some(code),
            "{words:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_reaches_the_run_which_ends_in_order() {
    let folder = std::env::temp_dir().join(format!("ec20-handing-on-{}", std::process::id()));
    let report = folder.to_str().expect("a path in UTF-8");
    // Every case a hundred times: the run lasts until it is interrupted.
    let words = ["hil", "--port", "sim", "--filter", "manual-*", "--repeat", "100", "--report", report];
    let mut child = xtask(&words).stderr(Stdio::null()).spawn().expect("xtask starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let first = lines.find(|line| line.as_ref().is_ok_and(|line| line.starts_with("pass")));
    assert!(first.is_some(), "no case passed");
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
    assert!(status.success());
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    let status = child.wait().expect("xtask ends");
    assert_eq!(status.code(), Some(3), "{rest:#?}");
    let last = rest.last().map(String::as_str).unwrap_or_default();
    assert!(last.starts_with("exit 3: the run was interrupted: "), "{rest:#?}");
    assert!(folder.join("junit.xml").exists(), "the report is written");
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

//! Nothing that a run leaves or shows tells who was asked, with which card, by which account; unless somebody wants it to.

use std::fs;
use std::path::{Path, PathBuf};

use crate::ec20::{Ended, ec20};
use crate::stranger::{Quirk, Stranger};

const IMEI: &str = "861234567890123";
const OF_A_PERSON: &str = "4915112345678";
const DECLARED: &str = "hunter2-hunter2";

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Where a secret stands: in which file, or on the terminal.
fn places(run: &Ended, secret: &str) -> Vec<String> {
    let holds =
        |bytes: &[u8]| bytes.windows(secret.len()).any(|part| part.eq_ignore_ascii_case(secret.as_bytes()));
    let mut found: Vec<String> = files(run.folder.path())
        .iter()
        .filter(|path| holds(&fs::read(path).expect("a file")))
        .map(|path| path.display().to_string())
        .collect();
    if holds(run.out.as_bytes()) || holds(run.err.as_bytes()) {
        found.push("the terminal".to_owned());
    }
    found
}

fn run(more: &[&str]) -> Ended {
    // It tells its number at each turn, and the declared secret in place of an answer.
    let quirks = [
        ("AT+QMMSEDIT=2", Quirk::Says("\r\n+JUNK: x861234567890123,hunter2-hunter2\r\n\r\nERROR\r\n")),
        ("AT+QMMSEDIT=4", Quirk::Unplugs("\r\n+QMMSEDIT: 4,\"hunter2-hunt")),
    ];
    let stranger = Stranger::with(&quirks);
    let port = stranger.path.clone();
    let to = format!("to=+{OF_A_PERSON}");
    let words = [
        "hil",
        "--port",
        &port,
        "--report",
        "run",
        "--filter",
        "manual-*",
        "--set",
        &to,
        "--set",
        "apn_password=Geheim4711",
    ];
    ec20(&[&words[..], more].concat())
}

#[test]
fn no_secret_is_left_or_shown() {
    let hidden = run(&["--secret", DECLARED, "--profile-out", "observed.toml"]);
    assert!(
        files(hidden.folder.path()).len() >= 7,
        "a journal, four reports, a profile, a key: {:?}",
        files(hidden.folder.path())
    );
    assert!(!hidden.cases("fail").is_empty(), "{}", hidden.out);
    for secret in [IMEI, OF_A_PERSON, DECLARED, "hunter2-hunt", "Geheim4711"] {
        assert_eq!(places(&hidden, secret), Vec::<String>::new(), "{secret}");
    }
    // Pasted, the command would send to nobody.
    assert!(hidden.file("run/summary.md").contains("to=+…"), "{}", hidden.file("run/summary.md"));
    // What is nobody's stays readable.
    assert!(hidden.file("run/run.ndjson").contains("recipient.test@quectel.com"));
}

#[test]
fn who_wants_it_sees_everything() {
    let open = run(&["--no-redact"]);
    for secret in [IMEI, OF_A_PERSON, DECLARED] {
        assert!(!places(&open, secret).is_empty(), "{secret}");
    }
}

#[test]
fn captured_messages_are_kept_without_their_recipients() {
    let to = format!("to=+{OF_A_PERSON}");
    let sent = ec20(&["hil", "--filter", "manual-2-3-send", "--set", &to, "--report", "run"]);
    assert_eq!(sent.code, Some(0), "{}{}", sent.out, sent.err);
    let messages = files(&sent.folder.path().join("run/messages"));
    assert!(
        messages.iter().any(|path| path.extension().is_some_and(|ending| ending == "mms")),
        "{messages:?}"
    );
    assert_eq!(places(&sent, OF_A_PERSON), Vec::<String>::new());
    // Judged again without the module, the verdict is the same.
    let again = ec20_in(sent, &["rejudge", "run"]);
    assert_eq!(again.code, Some(0), "{}{}", again.out, again.err);
}

fn ec20_in(run: Ended, words: &[&str]) -> Ended {
    let output = crate::ec20::command(run.folder.path(), words).output().expect("ec20 starts");
    crate::ec20::ended(output, run.folder)
}

#[test]
fn what_cannot_be_hidden_is_refused() {
    let refused = ec20(&["hil", "--secret", "abc", "--list"]);
    assert!(refused.code == Some(0) || refused.code == Some(2));
    let refused = ec20(&["hil", "--secret", "abc", "--filter", "manual-2-2-1-*"]);
    assert_eq!(refused.code, Some(2), "{}{}", refused.out, refused.err);
    assert!(refused.err.contains("--secret") && refused.err.contains("expected at least"), "{}", refused.err);
    assert_eq!(ec20(&["hil", "--secret", DECLARED, "--no-redact", "--list"]).code, Some(2));
}

//! Packages as a person hands them on: signed, checked against allowed signers, and held against OpenSSH's own `ssh-keygen` both ways.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::ec20::{Ended, command, ended};

/// A key made for these tests by `ssh-keygen -t ed25519`; it opens nothing.
const KEY: &str = "-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACAbnLAOFgNJyuamvOQYSONs2NZj3bIb5pDjPwc451oYogAAAIhm6v5DZur+
QwAAAAtzc2gtZWQyNTUxOQAAACAbnLAOFgNJyuamvOQYSONs2NZj3bIb5pDjPwc451oYog
AAAEDT5vQk84rMMazBtCir9cMFyGDb7Mkgd97yd4lrzt5rqBucsA4WA0nK5qa85BhI42zY
1mPdshvmkOM/BzjnWhiiAAAABXRlc3Rz
-----END OPENSSH PRIVATE KEY-----
";
const PUBLIC: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBucsA4WA0nK5qa85BhI42zY1mPdshvmkOM/BzjnWhii";
const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICOSmGSWnUYEM5i2OhNA3bMSgmsdP/LRI57jV5NQESft";

#[track_caller]
fn code(folder: &Path, words: &[&str], wanted: i32) -> Ended {
    let output = command(folder, words).output().expect("ec20 starts");
    let ended = ended(output, tempfile::tempdir().expect("a folder"));
    assert_eq!(ended.code, Some(wanted), "{words:?}\n{}\n{}", ended.out, ended.err);
    ended
}

/// A folder with a run in `run`, packed and signed as `run.tar.gz`, and keys.
fn signed() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    fs::write(here.join("key"), KEY).expect("written");
    #[cfg(unix)]
    fs::set_permissions(here.join("key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("set");
    code(here, &["hil", "--filter", "edit-to-count or cfg-test", "--report", "run"], 0);
    let packed = code(here, &["pack", "run", "--sign", "key"], 0);
    assert!(packed.out.contains("signed: run.tar.gz.sig"), "{}", packed.out);
    assert!(packed.err.contains("not packed: messages"), "{}", packed.err);
    for (name, line) in [
        ("signers", format!("# ours\nbench@example.org {PUBLIC}\n")),
        (
            "for-this",
            format!("bench@example.org namespaces=\"git,ec20-*\",valid-before=\"99991231\" {PUBLIC}\n"),
        ),
        ("others", format!("bench@example.org {OTHER}\n")),
        ("for-git", format!("bench@example.org namespaces=\"git\" {PUBLIC}\n")),
        ("gone", format!("bench@example.org valid-before=\"20200101\" {PUBLIC}\n")),
        ("wrong", "bench@example.org ssh-ed25519 AAAA\n".to_owned()),
    ] {
        fs::write(here.join(name), line).expect("written");
    }
    folder
}

#[test]
fn a_signature_says_who_answers_for_a_package() {
    let folder = signed();
    let here = folder.path();
    let last = |ended: &Ended| ended.out.lines().last().unwrap_or_default().to_owned();

    let unsigned = code(here, &["verify", "run.tar.gz"], 0);
    assert!(
        last(&unsigned).starts_with("not shown, without a signature: who packed this"),
        "{}",
        unsigned.out
    );
    for trusted in ["signers", "for-this"] {
        let good = code(here, &["verify", "run.tar.gz", "--trusted", trusted], 0);
        assert!(last(&good).starts_with("signed by bench@example.org (SHA256:"), "{}", good.out);
    }
    for (trusted, says) in [
        ("others", "is not among the allowed signers"),
        ("for-git", "for `git`, not for `ec20-package`"),
        ("gone", "only until 2020-01-01T00:00:00"),
    ] {
        let refused = code(here, &["verify", "run.tar.gz", "--trusted", trusted], 1);
        assert!(refused.out.contains(says), "{}", refused.out);
        assert!(last(&refused) == "the package does not bear out its claim", "{}", refused.out);
    }
    let wrong = code(here, &["verify", "run.tar.gz", "--trusted", "wrong"], 2);
    assert!(wrong.err.contains("wrong:1:19"), "{}", wrong.err);

    // The same signature beside another package, a spoilt one, and none.
    code(here, &["pack", "run", "--out", "other.tar.gz", "--waivers", "none.toml"], 2);
    fs::write(here.join("none.toml"), "").expect("written");
    code(here, &["pack", "run", "--out", "other.tar.gz", "--waivers", "none.toml"], 0);
    let words = ["verify", "other.tar.gz", "--trusted", "signers"];
    let none = code(here, &words, 1);
    assert!(none.out.contains("it is not signed: there is no other.tar.gz.sig"), "{}", none.out);
    let foreign = code(here, &[&words[..], &["--signature", "run.tar.gz.sig"]].concat(), 1);
    assert!(foreign.out.contains("is over other bytes than this package"), "{}", foreign.out);
    fs::write(here.join("other.tar.gz.sig"), "-----BEGIN SSH SIGNATURE-----\nAAAA\n").expect("written");
    let spoilt = code(here, &words, 1);
    assert!(spoilt.out.contains("expected an SSH signature"), "{}", spoilt.out);
}

/// Ours by theirs, theirs by ours. Without OpenSSH the test says so and proves nothing.
#[test]
fn ssh_keygen_agrees_with_us() {
    if Command::new("ssh-keygen").arg("-?").output().is_err() {
        eprintln!("no ssh-keygen here: signatures were not held against OpenSSH's");
        assert!(
            std::env::var_os("EC20_DEMAND_SSH_KEYGEN").is_none(),
            "ssh-keygen was demanded, and is not there"
        );
        return;
    }
    let folder = signed();
    let here = folder.path();
    let theirs = |words: &[&str], input: Option<&str>| {
        let input = input
            .map_or_else(Stdio::null, |name| fs::File::open(here.join(name)).expect("it is there").into());
        let output = Command::new("ssh-keygen").args(words).current_dir(here).stdin(input).output();
        output.expect("ssh-keygen starts")
    };
    let check = ["-Y", "verify", "-f", "signers", "-I", "bench@example.org", "-n", "ec20-package"];
    let good = theirs(&[&check[..], &["-s", "run.tar.gz.sig"]].concat(), Some("run.tar.gz"));
    assert!(good.status.success(), "{}", String::from_utf8_lossy(&good.stderr));
    let bad = theirs(&[&check[..], &["-s", "run.tar.gz.sig"]].concat(), Some("run/run.ndjson"));
    assert!(!bad.status.success());

    // Keys that only exist for this test, of the kinds that are checked here.
    for kind in ["ed25519", "ecdsa"] {
        let made = theirs(&["-q", "-t", kind, "-N", "", "-C", "test", "-f", kind], None);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let public = fs::read_to_string(here.join(format!("{kind}.pub"))).expect("a public key");
        fs::write(here.join("theirs"), format!("lab@example.org {public}")).expect("written");
        let _ = fs::remove_file(here.join("run.tar.gz.sig"));
        let signed = theirs(&["-Y", "sign", "-n", "ec20-package", "-f", kind, "run.tar.gz"], None);
        assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
        let ours = code(here, &["verify", "run.tar.gz", "--trusted", "theirs"], 0);
        assert!(ours.out.contains("signed by lab@example.org (SHA256:"), "{}", ours.out);
        code(here, &["pack", "run", "--sign", kind], 0);
        code(here, &["verify", "run.tar.gz", "--trusted", "theirs"], 0);
        let _ = fs::remove_file(here.join("run.tar.gz.sig"));
        let other = theirs(&["-Y", "sign", "-n", "file", "-f", kind, "run.tar.gz"], None);
        assert!(other.status.success());
        let refused = code(here, &["verify", "run.tar.gz", "--trusted", "theirs"], 1);
        assert!(
            refused.out.contains("a signature for `ec20-package`, found one for `file`"),
            "{}",
            refused.out
        );
    }
    let locked = theirs(&["-q", "-t", "ed25519", "-N", "secret", "-f", "locked"], None);
    assert!(locked.status.success());
    let refused = code(here, &["pack", "run", "--sign", "locked"], 2);
    assert!(refused.err.contains("expected a key without a passphrase"), "{}", refused.err);
}

/// The hash in a journal and the one that a package is checked by are made in two rooms.
#[test]
fn the_suites_hash_is_the_one_that_a_run_writes() {
    let transcripts = ec20_golden::transcripts().iter().map(|(path, text)| (*path, text.as_bytes()));
    let files = ec20_golden::files().iter().copied();
    let hash = ec20_suite::pack::suite_hash(transcripts, files, ec20_golden::VARIABLES.as_bytes());
    assert_eq!(hash, ec20_golden::suite_hash());
}

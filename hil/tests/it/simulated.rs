//! The first whole dialogue: the manual's examples against the simulated module, through the same serial code as hardware.

use std::fs;
use std::path::Path;

use ec20_manual::profile::Profile;
use ec20_sim::leg::network::Network;
use ec20_sim::leg::station::{Setup, spawn};
use quick_junit::{Report, TestCase, TestCaseStatus};

use crate::ec20::{Ended, ec20};

/// The transcripts of the manual's examples.
fn examples() -> Vec<(&'static str, &'static str)> {
    ec20_golden::transcripts().iter().copied().filter(|(path, _)| path.starts_with("manual/")).collect()
}

/// The test cases of `junit.xml`, read back.
fn junit(run: &Ended) -> Vec<TestCase> {
    let report = Report::deserialize_from_str(&run.file("run/junit.xml")).expect("junit.xml is JUnit");
    let cases = report
        .test_suites
        .into_iter()
        .find(|suite| suite.name.as_str() == "cases")
        .expect("a suite of cases");
    cases.test_cases
}

#[test]
fn every_example_of_the_manual_passes() {
    let run = ec20(&["hil", "--port", "sim", "--filter", "manual-*", "--report", "run"]);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert_eq!(run.cases("pass").len(), examples().len(), "{}", run.out);
    // Each case is named, with its clauses.
    let cases = junit(&run);
    assert_eq!(cases.len(), examples().len());
    for case in cases {
        assert!(matches!(case.status, TestCaseStatus::Success { .. }), "{case:?}");
        assert!(case.properties.iter().any(|property| property.name.as_str() == "clause"), "{case:?}");
    }
    // What was sent is in the run's folder.
    assert!(fs::read_dir(run.folder.path().join("run/messages")).expect("captured messages").count() >= 2);
}

#[test]
fn a_module_that_was_started_on_its_own_is_a_module_like_any_other() {
    let module =
        spawn(&Setup { network: Network::Real, ..Setup::new(Profile::manual().clone()) }).expect("a module");
    let path = module.path().display().to_string();
    let hil = ["hil", "--port", &path, "--filter", "manual-*", "--report", "run"];

    let unasked = ec20(&hil);
    assert_eq!(unasked.code, Some(5), "{}{}", unasked.out, unasked.err);
    // Nobody told the bench of a message centre, and nobody allowed the network to be touched: all else passes.
    assert_eq!(unasked.cases("unsupported"), ["manual-2-3-send", "manual-3-1-5-send"], "{}", unasked.out);
    assert_eq!(unasked.cases("withheld"), ["manual-3-1-1-context"], "{}", unasked.out);
    assert_eq!(unasked.cases("pass").len(), examples().len() - 3, "{}", unasked.out);

    // The same with leave to send: through a far end of this bench, which the module is told of.
    let leave = [
        "--offer",
        "sim-card,attach,pdp",
        "--allow",
        "radio,billable",
        "--recipient",
        "13856122546",
        "--recipient",
        "*@quectel.com",
    ];
    let all = ec20(&[&hil[..], &leave, &["--capture", "127.0.0.1:0"]].concat());
    assert_eq!(all.code, Some(0), "{}{}", all.out, all.err);
    assert_eq!(all.cases("pass").len(), examples().len(), "{}", all.out);
}

/// Writes the examples into a folder, with one edit.
fn edited(folder: &Path, file: &str, from: &str, to: &str) {
    for (path, text) in examples() {
        let path = Path::new(path).file_name().expect("a file name");
        let mut text = text.to_owned();
        if path == file {
            assert!(text.contains(from), "{file} does not contain {from}");
            text = text.replacen(from, to, 1);
        }
        fs::write(folder.join(path), text).expect("a transcript is written");
    }
}

#[test]
fn one_byte_of_one_expected_line_fails_exactly_that_case() {
    let folder = tempfile::tempdir().expect("a folder");
    edited(
        folder.path(),
        "manual-2-2-3-title.atx",
        r#"< +QMMSEDIT: 4,"UTF8","7465"#,
        r#"< +QMMSEDIT: 4,"UTF8","7466"#,
    );
    let run = ec20(&["hil", "--port", "sim", "--report", "run", folder.path().to_str().expect("UTF-8")]);
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.err);
    assert_eq!(run.cases("fail"), ["manual-2-2-3-title"], "{}", run.out);
    assert_eq!(run.cases("pass").len(), examples().len() - 1, "{}", run.out);
    // A bench engineer sees what was wanted, what came, and which promise of the manual that is.
    for words in [
        "expected +QMMSEDIT: 4,\"UTF8\",\"7466",
        "came     +QMMSEDIT: 4,\"UTF8\",\"7465",
        "clause   EDIT-TITLE-HEX (2.2",
        "again    cargo xtask hil --port sim",
    ] {
        assert!(run.out.contains(words), "{words} is not in\n{}", run.out);
    }
    let failed: Vec<TestCase> = junit(&run)
        .into_iter()
        .filter(|case| matches!(case.status, TestCaseStatus::NonSuccess { .. }))
        .collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].name.as_str(), "manual-2-2-3-title");
}

#[test]
fn a_profile_is_named_or_is_a_file() {
    let list = |port: &str| ec20(&["hil", "--port", port, "--list"]);
    assert_eq!(list("sim:ec20-r08").code, Some(0));
    let unknown = list("sim:ec99");
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.err.contains("ec20-r08"), "{}", unknown.err);

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mine.toml");
    fs::write(&path, "name = \"mine\"\ncolour = 1\n").expect("a profile is written");
    let mistaken = list(&format!("sim:{}", path.display()));
    assert_eq!(mistaken.code, Some(2));
    assert!(mistaken.err.contains("line 2, column 1"), "{}", mistaken.err);
}

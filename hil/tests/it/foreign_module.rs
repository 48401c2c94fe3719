//! A whole run against a module that nobody here wrote for it: what passes, and what never leaves.

use rstest::rstest;

use crate::ec20::ec20;
use crate::parts::Parts;
use crate::stranger::{Quirk, Stranger};

/// Whether a line could send, cost, register or wipe. The test knows the words from the manuals, not from the program's table.
fn is_dangerous(line: &str) -> bool {
    const WORDS: [&str; 13] = [
        "+QMMSEND",
        "+CMGS",
        "+QIACT=",
        "+QIDEACT",
        "+CGATT=",
        "+CGACT=",
        "+CFUN=",
        "+COPS=",
        "&F",
        "ATZ",
        "ATD",
        "+QFDEL=*",
        "+QFDEL=RAM:*",
    ];
    // What stands in a string is a value, but for the names of files.
    let files = line.starts_with("AT+QFDEL=");
    let bare: String =
        line.split('"').enumerate().filter(|(at, _)| files || at % 2 == 0).map(|(_, part)| part).collect();
    !bare.ends_with('?') && WORDS.iter().any(|word| bare.to_ascii_uppercase().contains(word))
}

#[test]
fn the_examples_of_the_manual_pass_and_nothing_dangerous_leaves() {
    let stranger = Stranger::start();
    let run = ec20(&["hil", "--port", &stranger.path, "--report", "run", "--filter", "manual-*"]);
    assert_eq!(run.code, Some(5), "{}{}", run.out, run.err);
    assert_eq!(run.cases("fail"), Vec::<String>::new(), "{}", run.out);
    assert!(run.cases("pass").len() >= 10, "{}", run.out);
    let log = stranger.log();
    assert!(log.len() > 100, "{log:#?}");
    let dangerous: Vec<_> = log.iter().filter(|line| is_dangerous(line)).collect();
    assert_eq!(dangerous, Vec::<&String>::new());
    // What was deleted had been uploaded before.
    for (at, line) in log.iter().enumerate() {
        if let Some(file) = line.strip_prefix("AT+QFDEL=") {
            let upload = format!("AT+QFUPL={file},");
            assert!(log[..at].iter().any(|line| line.starts_with(&upload)), "{line}");
        }
    }
}

/// Everything that is judged.
const JUDGED: Parts = Parts {
    whole: "not observe-*",
    named: &["area:file", "area:edit and edit-[a-f]*", "area:edit", "area:cfg", "area:v250 or area:core"],
};

#[test]
fn the_parts_of_what_is_judged_are_the_whole() {
    JUDGED.are_the_whole(6);
}

/// A whole run, in parts side by side; this module needs no part to have been before another.
#[rstest]
fn what_a_bench_offers_is_still_withheld_until_it_is_allowed(#[values(0, 1, 2, 3, 4, 5)] part: usize) {
    let stranger = Stranger::start();
    let offers = ["--offer", "sim-card,attach,pdp,mmsc,mmsc-capture,mmsc-script,proxy,factory-fresh"];
    let filter = JUDGED.filter(part);
    let words = ["hil", "--port", &stranger.path, "--report", "run", "--filter", &filter];
    let run = ec20(&[&words, &offers[..]].concat());
    // Every case was asked, or withheld: none is missing because the module was lost.
    assert_eq!(run.cases("broken"), Vec::<String>::new(), "{}", run.out);
    let withheld = run.cases("withheld");
    if part == 5 {
        assert!(withheld.contains(&"manual-2-3-send".to_owned()), "{}", run.out);
        assert!(withheld.len() >= 10, "{}", run.out);
    }
    let log = stranger.log();
    let dangerous: Vec<_> = log.iter().filter(|line| is_dangerous(line)).collect();
    assert_eq!(dangerous, Vec::<&String>::new());
}

#[test]
fn what_is_allowed_leaves_and_only_to_whom_it_may() {
    let allowed =
        ["--offer", "sim-card,attach,pdp,mmsc", "--allow", "radio,billable", "--filter", "manual-2-3-send"];
    let stranger = Stranger::start();
    let run = ec20(&[&["hil", "--port", &stranger.path, "--report", "run"], &allowed[..]].concat());
    assert_eq!(run.cases("withheld"), ["manual-2-3-send"], "{}", run.out);
    assert!(!stranger.log().iter().any(|line| line.contains("QMMSEND")));

    let stranger = Stranger::start();
    let recipients = ["--recipient", "13856122546", "--recipient", "*@quectel.com"];
    let run =
        ec20(&[&["hil", "--port", &stranger.path, "--report", "run"], &allowed[..], &recipients].concat());
    assert_eq!(run.cases("withheld"), Vec::<String>::new(), "{}", run.out);
    // The proof that the log would show it.
    assert!(stranger.log().iter().any(|line| line.contains("QMMSEND=")));
}

/// A case that may move a register puts it back, so that the gate believes the lines of the cases behind it.
#[test]
fn no_case_leaves_the_gate_in_doubt() {
    let refuses = [("ATS5=128S5=8", Quirk::Says("\r\nERROR\r\n"))];
    let stranger = Stranger::with(&refuses);
    let words = [
        "hil",
        "--port",
        &stranger.path,
        "--report",
        "run",
        "--allow",
        "radio,billable,nv,destructive",
        "--recipient",
        "*",
        "--offer",
        "sim-card,attach,pdp,mmsc,mmsc-capture,proxy",
        "--filter",
        "v250-* or observe-line-* or observe-send-auto-reports",
    ];
    let run = ec20(&words);
    assert!(run.cases("pass").contains(&"v250-register-refused/3".to_owned()), "{}", run.out);
    assert_eq!(run.cases("withheld"), Vec::<String>::new(), "{}", run.out);
    // Nor does it keep the runner from putting settings back.
    assert!(!run.file("run/run.ndjson").contains("\"event\":\"refused\""), "{}", run.out);
}

#[test]
fn one_wrong_byte_fails_exactly_its_case() {
    let wrong = [("AT+QMMSEDIT=2", Quirk::Says("\r\n+QMMSEDIT: 2,\"13856122547\"\r\n\r\nOK\r\n"))];
    let stranger = Stranger::with(&wrong);
    let run = ec20(&["hil", "--port", &stranger.path, "--report", "run", "--filter", "manual-2-2-*"]);
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.err);
    assert!(run.cases("fail").contains(&"manual-2-2-2-cc-recipient".to_owned()), "{}", run.out);
    for word in [
        "expected +QMMSEDIT: 2,\"13856122546\"",
        "came     +QMMSEDIT: 2,\"13856122547\"",
        "--filter manual-2-2-2-cc-recipient",
    ] {
        assert!(run.out.contains(word), "{word} is not in\n{}", run.out);
    }
}

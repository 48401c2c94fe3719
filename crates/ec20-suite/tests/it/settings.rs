//! What cases change is put back: every kind of setting, also where the module answered wrongly, and what cannot be put back is named
//! before the first case.

use ec20_suite::journal::Event;
use ec20_suite::verdict::Verdict::Pass;
use rstest::rstest;

use crate::stranger::{Reaction, Stranger, answer, bench, breaches, cases, ends, suite};

/// The notes of the runner, with whether a case had begun by then.
fn notes(events: &[Event]) -> Vec<(bool, String)> {
    let mut begun = false;
    let mut notes = Vec::new();
    for event in events {
        match event {
            Event::CaseStart { .. } => begun = true,
            Event::Bench { note, .. } => notes.push((begun, note.clone())),
            _ => {}
        }
    }
    notes
}

/// A setting that the case changes is read before the run, put back behind the case, and read again.
#[rstest]
#[case::context(
    "AT+QICSGP=2,1,\"other\"",
    "AT+QICSGP=2",
    "+QICSGP: 1,\"own\",\"\",\"\",0",
    "+QICSGP: 1,\"other\",\"\",\"\",0",
    "AT+QICSGP=2,1,\"own\",\"\",\"\",0"
)]
#[case::in_lower_case(
    "at+qicsgp=2,1,\"other\"",
    "AT+QICSGP=2",
    "+QICSGP: 1,\"own\",\"\",\"\",0",
    "+QICSGP: 1,\"other\",\"\",\"\",0",
    "AT+QICSGP=2,1,\"own\",\"\",\"\",0"
)]
#[case::behind_another("AT+CSCS?;+CMEE=2", "AT+CMEE?", "+CMEE: 1", "+CMEE: 2", "AT+CMEE=1")]
#[case::registration("AT+CREG=2", "AT+CREG?", "+CREG: 0,1", "+CREG: 2,1,\"1A2B\",\"3C4D\"", "AT+CREG=0")]
#[case::character_set("AT+CSCS=\"IRA\"", "AT+CSCS?", "+CSCS: \"GSM\"", "+CSCS: \"IRA\"", "AT+CSCS=\"GSM\"")]
#[case::proxy(
    "AT+QMMSCFG=\"proxy\",\"10.0.0.1\",80",
    "AT+QMMSCFG=\"proxy\"",
    "+QMMSCFG: \"proxy\",\"10.0.0.172\",80",
    "+QMMSCFG: \"proxy\",\"10.0.0.1\",80",
    "AT+QMMSCFG=\"proxy\",\"10.0.0.172\",80"
)]
fn a_setting_is_put_back(
    #[case] line: &str,
    #[case] query: &str,
    #[case] before: &str,
    #[case] after: &str,
    #[case] back: &str,
) {
    let said = |line| Reaction::Says(answer(&[line, "OK"]));
    // Before the run, behind the case, once it is put back, and at the end of the run.
    let mut stranger = Stranger::new(&[(line, &["OK"]), (back, &["OK"])])
        .instead(query, &[said(before), said(after), said(before)]);
    let events = stranger.run(cases(&format!("> {line}\n< OK\n")), bench());
    let at = |wanted: &str| stranger.heard.iter().position(|heard| heard == wanted);
    assert!(at(query) < at(line), "{:?}", stranger.heard);
    assert!(at(line) < at(back), "{:?}", stranger.heard);
    assert_eq!(ends(&events)[0].leaky, None);
    assert!(
        notes(&events).contains(&(true, "settings restored, as far as commands can say them".to_owned()))
    );
}

/// A module that takes what it should refuse has changed a setting all the same.
#[test]
fn what_should_have_been_refused_is_put_back_too() {
    let (line, query, back) = ("AT+CMEE=3", "AT+CMEE?", "AT+CMEE=1");
    let said = |line| Reaction::Says(answer(&[line, "OK"]));
    let mut stranger = Stranger::new(&[(line, &["OK"]), (back, &["OK"])])
        .instead(query, &[said("+CMEE: 1"), said("+CMEE: 3"), said("+CMEE: 1")]);
    stranger.run(cases(&format!("> {line}\n< ERROR\n")), bench());
    assert!(stranger.heard.contains(&back.to_owned()), "{:?}", stranger.heard);
}

/// What does not come back as it was marks the case leaky, and is named again at the end.
#[test]
fn a_setting_that_stays_changed_makes_the_case_leaky() {
    let said = |line| Reaction::Says(answer(&[line, "OK"]));
    let mut stranger = Stranger::new(&[("AT+CMEE=2", &["OK"]), ("AT+CMEE=1", &["OK"])])
        .instead("AT+CMEE?", &[said("+CMEE: 1"), said("+CMEE: 2")]);
    let events = stranger.run(cases("> AT+CMEE=2\n< OK\n"), bench());
    assert_eq!(ends(&events)[0].leaky.as_deref(), Some("AT+CMEE? was +CMEE: 1, is +CMEE: 2"));
    let named = (true, "not restored: AT+CMEE? was +CMEE: 1, is +CMEE: 2".to_owned());
    assert!(notes(&events).contains(&named), "{:?}", notes(&events));
}

/// What cannot be put back is named before the first case, and only what a selected case changes is looked at.
#[rstest]
#[case::no_such_query(&["ERROR"], "AT+QICSGP=2 tells no setting")]
#[case::no_command_says_it(&["+QICSGP: 0,\"\",\"\",\"\",0", "OK"], "AT+QICSGP=2 answers +QICSGP: 0")]
fn what_cannot_be_restored_is_named_before_the_run(#[case] lines: &[&str], #[case] words: &str) {
    let mut stranger = Stranger::new(&[("AT+QICSGP=2,1,\"a\"", &["OK"]), ("AT+QICSGP=2", lines)]);
    let events = stranger.run(cases("> AT+QICSGP=2,1,\"a\"\n< OK\n"), bench());
    let named = notes(&events).into_iter().any(|(begun, note)| !begun && note.starts_with(words));
    assert!(named, "{:?}", notes(&events));

    let mut stranger = Stranger::new(&[]);
    stranger.run(cases("> AT\n< OK\n"), bench());
    assert!(!stranger.heard.iter().any(|line| line.starts_with("AT+QICSGP")), "{:?}", stranger.heard);
}

/// A refusal to be put back, an active context for example, is said once and tried again at the end.
#[test]
fn what_is_not_taken_back_now_is_tried_again_at_the_end() {
    let said = |line| Reaction::Says(answer(&[line, "OK"]));
    let (line, query, back) = ("AT+QICSGP=2,1,\"other\"", "AT+QICSGP=2", "AT+QICSGP=2,1,\"own\",\"\",\"\",0");
    let (before, after) = ("+QICSGP: 1,\"own\",\"\",\"\",0", "+QICSGP: 1,\"other\",\"\",\"\",0");
    let mut stranger = Stranger::new(&[(line, &["OK"])])
        .instead(query, &[said(before), said(after), said(after), said(before)])
        .also(back, Reaction::Says(answer(&["ERROR"])))
        .also(back, Reaction::Says(answer(&["OK"])));
    let events = stranger.run(cases(&format!("> {line}\n< OK\n")), bench());
    assert_eq!(stranger.heard.iter().filter(|heard| *heard == back).count(), 2, "{:?}", stranger.heard);
    assert_eq!(ends(&events)[0].leaky, None);
    let said =
        notes(&events).into_iter().filter(|(_, note)| note.contains("restoring it is answered")).count();
    assert_eq!(said, 1);
}

/// A module that echoed is not left silent by a case that told it to be; one that did not echo is left as it was.
#[rstest]
#[case::echoing(true, true)]
#[case::silent(false, false)]
fn the_echo_is_put_back(#[case] echoes: bool, #[case] told: bool) {
    let suite = suite(&[("first", "", "> ATE0\n< OK\n"), ("second", "", "> AT\n< OK\n")]);
    let mut stranger = Stranger::new(&[]).echoing(echoes);
    let events = stranger.run(suite.cases().to_vec(), bench());
    assert_eq!(ends(&events).iter().map(|end| end.verdict).collect::<Vec<_>>(), [Pass, Pass]);
    assert_eq!(breaches(&events), [""; 0]);
    assert_eq!(stranger.heard.contains(&"ATE1".to_owned()), told);
}

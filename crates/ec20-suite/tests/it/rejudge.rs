//! Old bytes under today's transcripts.

use ec20_suite::recorded::Recorded;
use ec20_suite::rejudge::{State, rejudge};
use ec20_suite::suite::Suite;
use ec20_suite::verdict::{Exit, Verdict};
use rstest::rstest;

use crate::pair::{NAMES, answering, events, firmware, run, suite, suite_of, texts};
use crate::stranger::{Reaction, Stranger, answer, bench};

/// The suite with one transcript's text changed.
fn edited(from: &str, to: &str) -> Suite {
    let mut texts = texts();
    let changed = texts
        .iter_mut()
        .filter(|(_, text)| text.contains(from))
        .map(|(_, text)| *text = text.replace(from, to));
    assert_eq!(changed.count(), 1, "{from}");
    suite_of(&texts, &NAMES)
}

/// By the suite that was asked, every verdict is what it was: pass, observed, fail, flaky, broken, unsupported.
#[rstest]
#[case::kept(run(&mut firmware(&NAMES), 1))]
#[case::often(run(&mut firmware(&NAMES), 4))]
#[case::refused(run(&mut answering("AT+QMMSCFG=\"mmsc\"", &["+CME ERROR: 752"]), 2))]
#[case::garbled(run(&mut answering("AT+QMMSEDIT=1", &["+QMMSEDIT: 1,\"x", "OK"]), 1))]
#[case::silent(run(&mut firmware(&NAMES).instead("AT+QIACT?", &[Reaction::Silent]), 1))]
#[case::no_result(run(&mut firmware(&NAMES).instead("AT+QMMSEND=100", &[Reaction::Says(answer(&["OK"]))]), 1))]
#[case::slow(run(&mut firmware(&NAMES).paced(|_| 250_000), 1))]
fn the_same_suite_comes_to_the_same_verdicts(#[case] run: Recorded) {
    let again = rejudge(&run, &suite(&NAMES), "test");
    assert!(again.holds(), "{}", again.text());
    assert!(again.cases.iter().all(|case| case.state == State::Same), "{}", again.text());
    assert!(again.same_suite);
}

/// A verdict moves with its transcript, and both reasons are told.
#[test]
fn a_transcript_that_changed_moves_its_verdict() {
    let run = run(&mut firmware(&NAMES), 1);
    let again = rejudge(
        &run,
        &edited("< +QMMSCFG: \"mmsc\",\"http://mmsc.example/\"", "< +QMMSCFG: \"mmsc\",\"\""),
        "other",
    );
    let moved: Vec<_> = again.cases.iter().filter(|case| case.state != State::Same).collect();
    assert_eq!(moved.len(), 1, "{}", again.text());
    assert_eq!((moved[0].case.as_str(), moved[0].now.verdict), ("strict", Some(Verdict::Fail)));
    assert!(
        moved[0]
            .now
            .why
            .as_ref()
            .is_some_and(|why| why.starts_with("expected +QMMSCFG: \"mmsc\",\"\", came"))
    );
    assert_eq!(again.exit(), Exit::Broke);
    assert!(!again.same_suite && !again.holds());
    // The other way round: what failed then passes now.
    let back = rejudge(again.run(), &suite(&NAMES), "test");
    assert_eq!(back.exit(), Exit::Kept);
}

/// What was not recorded is undecided, never passed.
#[rstest]
#[case::another_question(
    "> AT+QMMSCFG=\"mmsc\"",
    "> AT+QMMSCFG=\"proxy\"",
    "strict",
    r#"today AT+QMMSCFG="proxy"\r is asked; then AT+QMMSCFG="mmsc"\r was asked"#
)]
#[case::a_question_more(
    "> AT+QIACT?\n",
    "> AT+QIACT?\n< +QIACT: 1,1,1,\"{:ipv4}\"\n< OK\n> AT+QIACT?\n",
    "bearer",
    r"today AT+QIACT?\r is asked; then nothing more was asked"
)]
fn what_was_not_recorded_is_undecided(
    #[case] from: &str,
    #[case] to: &str,
    #[case] case: &str,
    #[case] why: &str,
) {
    let run = run(&mut firmware(&NAMES), 1);
    let again = rejudge(&run, &edited(from, to), "other");
    let found = again.cases.iter().find(|one| one.case == case).expect("the case");
    assert_eq!((found.state, found.now.verdict), (State::Undecided, None), "{}", again.text());
    assert_eq!(found.now.why.as_deref(), Some(why));
    assert_eq!(again.exit(), Exit::Undecided);
}

/// A longer patience than was had then cannot be judged; a shorter one can.
#[test]
fn a_wait_is_judged_as_far_as_it_was_waited() {
    let mut no_result = firmware(&NAMES).instead("AT+QMMSEND=100", &[Reaction::Says(answer(&["OK"]))]);
    let run = run(&mut no_result, 1);
    let state = |to: &str| {
        let again = rejudge(&run, &edited("! 105s", to), "other");
        again.cases.into_iter().find(|one| one.case == "send").expect("the case").state
    };
    assert_eq!(state("! 205s"), State::Undecided);
    assert_eq!(state("! 100s"), State::Same);
}

/// A case that was not asked then is not asked now, and does not move.
#[test]
fn what_was_not_asked_stays_so() {
    let suite = crate::stranger::suite(&[("needy", "needs = [\"mmsc\"]\n", "> AT+QMMSEDIT=0\n< OK\n")]);
    let events = Stranger::new(&[]).run(suite.cases().to_vec(), bench());
    let run = Recorded::of(&events).expect("a run");
    let again = rejudge(&run, &suite, "test");
    assert_eq!(again.cases[0].state, State::NotAsked);
    assert!(again.holds());
}

/// A case that today's suite no longer has is undecided.
#[test]
fn a_case_that_is_gone_is_undecided() {
    let run = run(&mut firmware(&NAMES), 1);
    let again = rejudge(&run, &Suite::default(), "none");
    assert!(again.cases.iter().all(|case| case.state == State::Undecided));
}

/// A run that was killed at any event is judged as far as it goes: a verdict is the whole run's, or none.
#[test]
fn a_killed_run_is_judged_as_far_as_it_goes() {
    let events = events(&mut firmware(&NAMES), &NAMES, 1);
    let whole = Recorded::of(&events).expect("a run");
    for cut in (1..events.len()).step_by(7) {
        let part = Recorded::of(&events[..cut]).expect("a run");
        for (case, whole) in rejudge(&part, &suite(&NAMES), "test").cases.iter().zip(&whole.cases) {
            let now = case.now.verdict;
            assert!(
                now.is_none() || now == whole.settled().map(|(verdict, _)| verdict),
                "cut at {cut}: {case:?}"
            );
        }
    }
}

//! The comparison, class by class, on pairs that differ in one thing; and on pairs that differ in nothing but noise.

use std::collections::BTreeSet;

use ec20_suite::compare::gate::Gate;
use ec20_suite::compare::timing::Rule;
use ec20_suite::compare::{
    Change, Comparison, compare, html, json, junit, markdown, matrix::Matrix, terminal,
};
use ec20_suite::recorded::Recorded;
use ec20_suite::verdict::Exit;
use fastrand::Rng;
use rstest::rstest;

use crate::pair::{NAMES, Names, answering, events, firmware, run};
use crate::stranger::{Reaction, Stranger, answer};

fn compared(a: &Recorded, b: &Recorded) -> Comparison {
    compare(("a", a), ("b", b), Rule::default())
}

fn changes(comparison: &Comparison) -> Vec<(&str, Vec<Change>)> {
    let changed = comparison.changed().into_iter();
    changed.map(|case| (case.case.as_str(), case.changes.iter().copied().collect())).collect()
}

/// One pair for every class that one run of each can show, found in the right case, and mirrored from the other side.
#[rstest]
#[case::reworded("AT+QMMSCFG=\"contextid\"", &["+QMMSCFG: \"contextid\", 1", "OK"], "context", Change::Reworded, Some("qmmscfg_contextid_info"), None)]
#[case::reworded_zero("AT+QMMSCFG=\"contextid\"", &["+QMMSCFG: \"contextid\",01", "OK"], "context", Change::Reworded, None, None)]
#[case::restructured_field("AT+QMMSCFG=\"contextid\"", &["+QMMSCFG: \"contextid\",1,0", "OK"], "context", Change::Restructured, None, None)]
#[case::restructured_lost("AT+QMMSCFG=\"contextid\"", &["OK"], "context", Change::Restructured, Some("qmmscfg_contextid_info"), None)]
#[case::restructured_line("AT+QMMSEDIT=1", &["+QMMSEDIT: 1,\"13856122546\"", "+QMMSEDIT: 1,\"13012345678\"", "+QMMSEDIT: 1,\"13012345678\"", "OK"], "recipients", Change::Restructured, Some("qmmsedit_entry_info"), None)]
#[case::value("AT+QMMSCFG=\"contextid\"", &["+QMMSCFG: \"contextid\",2", "OK"], "context", Change::Value, Some("qmmscfg_contextid_info"), Some("contextid"))]
#[case::value_swapped("AT+QMMSEDIT=1", &["+QMMSEDIT: 1,\"13012345678\"", "+QMMSEDIT: 1,\"13856122546\"", "OK"], "recipients", Change::Value, Some("qmmsedit_entry_info"), Some("optstring"))]
#[case::value_of_result("AT+QMMSEND=100", &[], "send", Change::Restructured, Some("qmmsend_urc"), None)]
#[case::class("AT+QMMSCFG=\"contextid\"", &["+QMMSCFG: \"contextid\",1", "ERROR"], "context", Change::Result, Some("final_ok"), None)]
#[case::class_numeric("AT+QMMSCFG=\"character\"", &["+CME ERROR: 751"], "settings/1", Change::Result, Some("final_ok"), None)]
fn a_pair_shows_its_class(
    #[case] command: &str,
    #[case] lines: &[&str],
    #[case] case: &str,
    #[case] wanted: Change,
    #[case] rule: Option<&str>,
    #[case] field: Option<&str>,
) {
    let a = run(&mut firmware(&NAMES), 1);
    let mut other = match lines {
        [] => firmware(&NAMES)
            .instead(command, &[Reaction::Says(b"\r\nOK\r\n\r\n+QMMSEND: 0,200,128\r\n".to_vec())]),
        lines => answering(command, lines),
    };
    let comparison = compared(&a, &run(&mut other, 1));
    let found = comparison.cases.iter().find(|one| one.case == case).expect("the case is in both");
    assert!(found.changes.contains(&wanted), "{:?}", changes(&comparison));
    let difference = found.differences.iter().find(|one| one.change == wanted).expect("a difference");
    if rule.is_some() {
        assert_eq!(difference.rule.as_deref(), rule);
    }
    assert_eq!(difference.field.as_deref(), field);
    assert!(found.dialogue.iter().any(|row| row.change.is_some()), "the dialogue marks it");
}

/// Only the case that differs is named, and only with its own class.
#[test]
fn a_change_is_found_where_it_is_and_nowhere_else() {
    let a = run(&mut firmware(&NAMES), 1);
    let b = run(&mut answering("AT+QMMSCFG=\"contextid\"", &["+QMMSCFG: \"contextid\",2", "OK"]), 1);
    assert_eq!(changes(&compared(&a, &b)), [("context", vec![Change::Value])]);
}

#[test]
fn a_verdict_that_turns_is_broke_or_fixed() {
    let kept = run(&mut firmware(&NAMES), 1);
    let broken = run(&mut answering("AT+QMMSCFG=\"mmsc\"", &["+QMMSCFG: \"mmsc\",\"\"", "OK"]), 1);
    let comparison = compared(&kept, &broken);
    assert_eq!(changes(&comparison), [("strict", vec![Change::Value, Change::Broke])]);
    assert_eq!(Gate::default().exit(&comparison), Exit::Broke);
    let back = compared(&broken, &kept);
    assert_eq!(changes(&back), [("strict", vec![Change::Value, Change::Fixed])]);
    assert_eq!(Gate::default().exit(&back), Exit::Kept);
}

#[test]
fn a_line_that_comes_by_itself_is_new_or_lost() {
    let quiet = run(&mut firmware(&NAMES), 1);
    let says = b"\r\n+QMMSCFG: \"contextid\",1\r\n\r\nOK\r\n\r\n+QNEVERHEARD: 7\r\n".to_vec();
    let mut loud = firmware(&NAMES).instead("AT+QMMSCFG=\"contextid\"", &[Reaction::Says(says)]);
    let loud = run(&mut loud, 1);
    let (there, back) = (compared(&quiet, &loud), compared(&loud, &quiet));
    assert_eq!(changes(&there), [("context", vec![Change::NewUrc])]);
    assert_eq!(changes(&back), [("context", vec![Change::LostUrc])]);
}

/// What wavers in one run only is unstable; what wavers in both is no difference.
#[test]
fn wavering_counts_only_if_one_side_wavers() {
    let wavering = || {
        let says =
            |context: &str| Reaction::Says(answer(&[&format!("+QMMSCFG: \"contextid\",{context}"), "OK"]));
        let turns: Vec<_> = (0..40).map(|turn| says(if turn % 2 == 0 { "1" } else { "2" })).collect();
        firmware(&NAMES).instead("AT+QMMSCFG=\"contextid\"", &turns)
    };
    let steady = run(&mut firmware(&NAMES), 4);
    let waver = run(&mut wavering(), 4);
    assert_eq!(changes(&compared(&steady, &waver)), [("context", vec![Change::Unstable])]);
    let both = compared(&waver, &run(&mut wavering(), 4));
    assert_eq!(changes(&both), []);
    assert!(both.cases.iter().any(|case| case.case == "context" && case.wavers));
}

/// Another time is a finding when there are enough repetitions to say so, and says how many that takes when there are not.
#[test]
fn another_time_needs_repetitions() {
    let timed = |ms: u64, repeat: u32| {
        let mut at = 0;
        let pace = move |line: &[u8]| {
            at += 1;
            if line == b"AT+QMMSCFG=\"contextid\"" { ms * 1000 + at % 7 * 100 } else { 2000 + at % 5 * 100 }
        };
        run(&mut firmware(&NAMES).paced(pace), repeat)
    };
    let once = compared(&timed(10, 1), &timed(90, 1));
    assert_eq!(changes(&once), []);
    let needed = once.timing.needed;
    assert!(once.timing.repetitions < needed, "{:?}", once.timing);
    assert!(
        terminal::text(&once, &Gate::default())
            .contains(&format!("it needs {needed} repetitions, these runs have 1 (--repeat {needed})"))
    );
    let often = u32::try_from(needed).expect("few");
    let many = compared(&timed(10, often), &timed(90, often));
    assert_eq!(changes(&many), [("context", vec![Change::Retimed])]);
}

/// What one run could not decide is named, and so is what it does not have.
#[test]
fn nothing_is_dropped() {
    let whole = run(&mut firmware(&NAMES), 1);
    let mut less = whole.clone();
    let lost = less.cases.remove(2).planned.case;
    less.run.suite_hash = "another".to_owned();
    let comparison = compared(&whole, &less);
    assert_eq!((comparison.only_a.as_slice(), comparison.only_b.as_slice()), (&[lost][..], &[][..]));
    assert!(comparison.remarks.iter().any(|remark| remark.contains("the suites differ")));
    assert_eq!(Gate::default().exit(&comparison), Exit::Undecided);

    let mut silent = firmware(&NAMES).instead("AT+QMMSCFG=\"mmsc\"", &[Reaction::Unplugged]);
    let comparison = compared(&whole, &run(&mut silent, 1));
    assert!(comparison.counts().contains_key(&Change::Undecided));
    assert_eq!(Gate::default().exit(&comparison), Exit::Undecided);
}

/// One firmware on another day: another address, signal, key, time and weather, other repetitions in other order.
fn another_day(seed: u64) -> Recorded {
    const KEYS: [Names; 3] = [
        NAMES,
        Names { to: "13990011223", cc: "18700099887", imei: "861075027777773" },
        Names { to: "18612340000", cc: "13100005555", imei: "869999020123456" },
    ];
    let mut dice = Rng::with_seed(seed);
    let names = &KEYS[dice.usize(..KEYS.len())];
    let weather = |dice: &mut Rng| match dice.u8(..5) {
        0 => "\r\n+CREG: 1\r\n".to_owned(),
        1 => "\r\nRING\r\n".to_owned(),
        2 => format!("\r\n+CMTI: \"ME\",{}\r\n", dice.u8(..30)),
        3 => format!("\r\n+CGREG: {}\r\n", dice.u8(..6)),
        _ => String::new(),
    };
    let mut stranger: Stranger = firmware(names);
    for (command, line) in [
        ("AT+QMMSCFG=\"contextid\"", "+QMMSCFG: \"contextid\",1".to_owned()),
        ("AT+CSQ", format!("+CSQ: {},{}", dice.u8(..32), dice.u8(..8))),
        ("AT+QIACT?", format!("+QIACT: 1,1,1,\"10.{}.{}.7\"", dice.u8(..), dice.u8(..))),
    ] {
        let turns: Vec<_> = (0..12)
            .map(|_| {
                let (before, between, after) = (weather(&mut dice), weather(&mut dice), weather(&mut dice));
                let text = format!("{before}\r\n{line}\r\n{between}\r\nOK\r\n{after}");
                Reaction::Says(text.into_bytes())
            })
            .collect();
        stranger = stranger.instead(command, &turns);
    }
    let send = format!("\r\nOK\r\n{}\r\n+QMMSEND: 0,200\r\n", weather(&mut dice));
    stranger = stranger.instead("AT+QMMSEND=100", &[Reaction::Says(send.into_bytes())]);
    let mut jitter = Rng::with_seed(!seed);
    let mut stranger = stranger.paced(move |_| jitter.u64(2000..20_000));
    let repeat = dice.u32(1..=9);
    let mut recorded = Recorded::of(&events(&mut stranger, names, repeat)).expect("a run");
    let turn = dice.usize(..recorded.cases.len());
    recorded.cases.rotate_left(turn);
    recorded.cases.swap(0, 3);
    recorded
}

/// Two days of one firmware: nothing is reported, whatever the network, the clock, the key and the order were.
#[test]
fn noise_is_no_difference() {
    let first = another_day(0);
    for seed in 1..=50 {
        let comparison = compared(&first, &another_day(seed));
        assert!(comparison.is_empty(), "seed {seed}: {:?}", terminal::text(&comparison, &Gate::default()));
        assert_eq!(Gate::read("all").expect("a gate").exit(&comparison), Exit::Kept);
    }
}

/// Every run that these tests know.
fn runs() -> Vec<Recorded> {
    let fresh = |command: &str, lines: &[&str], repeat| run(&mut answering(command, lines), repeat);
    let mut gone = firmware(&NAMES).instead("AT+QMMSCFG=\"mmsc\"", &[Reaction::Unplugged]);
    let mut short = run(&mut firmware(&NAMES), 1);
    short.cases.truncate(4);
    vec![
        run(&mut firmware(&NAMES), 1),
        run(&mut firmware(&NAMES), 3),
        fresh("AT+QMMSCFG=\"contextid\"", &["+QMMSCFG: \"contextid\",01", "+CME ERROR: 3"], 1),
        fresh("AT+QMMSCFG=\"mmsc\"", &["ERROR"], 2),
        fresh("AT+QMMSEDIT=1", &["+QMMSEDIT: 1,\"13012345678\"", "+QNEW: 1,\"a,b\",", "OK"], 1),
        fresh("AT+QIACT?", &["+QIACT: 1,0,1", "+QIACT: 2,1,1,\"10.0.0.1\"", "OK"], 1),
        run(&mut gone, 1),
        short,
        another_day(7),
    ]
}

#[test]
fn a_run_compared_with_itself_has_no_change() {
    for run in runs() {
        assert!(compared(&run, &run).is_empty());
    }
}

#[test]
fn the_comparison_of_b_with_a_is_the_mirror() {
    let runs = runs();
    for (a, b) in runs.iter().flat_map(|a| runs.iter().map(move |b| (a, b))) {
        let there = Comparison { remarks: Vec::new(), ..compare(("a", a), ("b", b), Rule::default()) };
        let back = Comparison { remarks: Vec::new(), ..compare(("b", b), ("a", a), Rule::default()) };
        let mut mirror = there.mirrored();
        let mut back = back;
        // The two dialogues stand in the order of the run that is named first where one stands alone.
        for case in mirror.cases.iter_mut().chain(&mut back.cases) {
            case.dialogue.sort_by_key(|row| format!("{row:?}"));
            case.differences.iter_mut().for_each(|one| one.row = None);
            case.differences.sort_by_key(|one| format!("{one:?}"));
        }
        assert_eq!(mirror, back);
    }
}

#[test]
fn the_order_of_the_cases_decides_nothing() {
    let runs = runs();
    for (a, b) in runs.iter().zip(runs.iter().skip(1)) {
        let there = compared(a, b);
        let (mut a, mut b) = (a.clone(), b.clone());
        a.cases.reverse();
        b.cases.rotate_left(1);
        assert_eq!(compared(&a, &b), there);
    }
}

/// A pair with several changes, for the reports.
fn example() -> Comparison {
    let a = run(&mut firmware(&NAMES), 1);
    let says = b"\r\n+CSQ: 9,99\r\n\r\nOK\r\n\r\n+QIND: \"<b>\",1\r\n".to_vec();
    let mut b = firmware(&NAMES)
        .instead("AT+QGMR", &[Reaction::Says(answer(&["EC20CEFAGR06A11M4G_01.001.01.001", "OK"]))])
        .instead("AT+QMMSCFG=\"contextid\"", &[Reaction::Says(answer(&["+QMMSCFG: \"contextid\",2", "OK"]))])
        .instead("AT+QMMSCFG=\"mmsc\"", &[Reaction::Says(answer(&["+CME ERROR: 752"]))])
        .instead(
            "AT+QMMSCFG=\"character\"",
            &[Reaction::Says(answer(&["+QMMSCFG:\"character\",\"ASCII\"", "OK"]))],
        )
        .instead("AT+CSQ", &[Reaction::Says(says)]);
    let mut b = run(&mut b, 1);
    b.cases.retain(|case| case.planned.case != "bearer");
    let mut example = compared(&a, &b);
    // Which standing clauses there are, the catalogue says; here only what differs is shown.
    example.standing.retain(|one| one.change.is_some());
    example
}

#[test]
fn the_reports_of_an_example() {
    let (example, gate) = (example(), Gate::default());
    insta::assert_snapshot!("compare.txt", terminal::text(&example, &gate));
    insta::assert_snapshot!("compare.md", markdown::text(&example, &gate));
    insta::assert_snapshot!("compare.json", json::text(&example, &gate).expect("JSON"));
    insta::assert_snapshot!("compare.html", html::page(&example, &gate).expect("a page"));
    insta::assert_snapshot!("compare.xml", junit::xml(&example, &gate).expect("XML"));
}

#[test]
fn several_runs_make_a_matrix() {
    let base = run(&mut firmware(&NAMES), 1);
    let other = run(&mut answering("AT+QMMSCFG=\"contextid\"", &["ERROR"]), 1);
    let broken = run(&mut answering("AT+QMMSCFG=\"mmsc\"", &["ERROR"]), 1);
    let matrix =
        Matrix::of(&[("r1", &base), ("r2", &other), ("r3", &broken)], Rule::default()).expect("three runs");
    assert_eq!(matrix.exit(&Gate::default()), Exit::Broke);
    insta::assert_snapshot!("matrix.txt", matrix.text(&Gate::default()));
    insta::assert_snapshot!("matrix.html", html::matrix(&matrix).expect("a page"));
    assert!(Matrix::of(&[("r1", &base)], Rule::default()).is_none());
}

/// The file is what its schema says, for every pair of runs; and the schema refuses what it does not say.
#[test]
fn the_json_is_as_its_schema_says() {
    let schema: serde_json::Value = serde_json::from_str(json::SCHEMA).expect("a schema");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let runs = runs();
    for (a, b) in runs.iter().flat_map(|a| runs.iter().map(move |b| (a, b))) {
        let text = json::text(&compared(a, b), &Gate::default()).expect("JSON");
        let file: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let errors: Vec<_> = schema.iter_errors(&file).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    let text = json::text(&example(), &Gate::default()).expect("JSON").replace("\"class\"", "\"klass\"");
    let file: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert!(!schema.is_valid(&file));
}

/// Nothing that a module says becomes markup.
#[test]
fn a_page_holds_no_markup_of_the_modules() {
    let page = html::page(&example(), &Gate::default()).expect("a page");
    assert!(!page.contains("<b>"), "{page}");
    assert!(!page.contains("http:") || !page.contains("src="), "the page loads nothing");
}

#[test]
fn a_gate_is_words() {
    let words: BTreeSet<_> = Change::ALL.into_iter().map(Change::word).collect();
    for word in words {
        assert!(Gate::read(word).is_ok());
    }
    assert_eq!(Gate::read("none").expect("a gate").words(), "none");
    assert!(Gate::read("broke, klass").is_err());
}

//! Waivers: what they excuse, what they do not, when they fail a run, and how a mistake in their file is told.

use ec20_suite::compare::gate::Gate;
use ec20_suite::compare::timing::Rule;
use ec20_suite::compare::{Change, compare};
use ec20_suite::recorded::Recorded;
use ec20_suite::report::{html, junit, results, summary};
use ec20_suite::verdict::Exit;
use ec20_suite::waiver::firmware::{Range, Revision};
use ec20_suite::waiver::{State, Waivers};
use jiff::civil::{Date, date};
use rstest::rstest;

use crate::pair::{NAMES, answering, firmware, run, suite};
use crate::stranger::{Reaction, answer};

const DAY: Date = date(2026, 6, 1);
const MMSC: &str = "AT+QMMSCFG=\"mmsc\"";

/// A waiver for `strict` failing with `+CME ERROR: 752`, with some keys replaced.
fn waiver(replaced: &[(&str, &str)]) -> String {
    let keys = [
        ("case", "\"strict\""),
        ("firmware", "\">= R06A10, < R07\""),
        ("verdict", "\"fail\""),
        ("evidence", "{ rule = \"final_cme_numeric\", class = \"final\", text = \"+CME ERROR: 75?\" }"),
        ("reason", "\"the URL is refused\""),
        ("issue", "\"https://tracker.example/1\""),
        ("owner", "\"bench\""),
        ("expires", "2026-12-31"),
    ];
    let line = |(key, value): &(&str, &str)| {
        let (key, value) = replaced
            .iter()
            .find(|(old, _)| old.split('>').next() == Some(*key))
            .map_or((*key, *value), |(new, value)| (new.rsplit('>').next().expect("a key"), *value));
        format!("{key} = {value}\n")
    };
    format!("[[waive]]\n{}", keys.iter().map(line).collect::<String>())
}

fn refused() -> Recorded {
    run(&mut answering(MMSC, &["+CME ERROR: 752"]), 1)
}

fn flaky() -> Recorded {
    let turns = [&["+CME ERROR: 752"][..], &["+QMMSCFG: \"mmsc\",\"http://mmsc.example/\"", "OK"]];
    // The runner's own snapshot asks first.
    let turns: Vec<_> = [1, 0, 1, 1].map(|turn: usize| Reaction::Says(answer(turns[turn]))).into();
    run(&mut firmware(&NAMES).instead(MMSC, &turns), 2)
}

/// What one waiver comes to over one run, and how the run then ends.
#[rstest]
#[case::excuses(&[], refused(), State::Excuses, Exit::Kept)]
#[case::by_clause(&[("case>clause", "\"CFG-MMSC-LENGTH\"")], refused(), State::Excuses, Exit::Kept)]
#[case::by_text_alone(&[("evidence", "{ text = \"*752\" }")], refused(), State::Excuses, Exit::Kept)]
#[case::any_firmware(&[("firmware", "\"*\"")], refused(), State::Excuses, Exit::Kept)]
#[case::flaky(&[("verdict", "\"flaky\"")], flaky(), State::Excuses, Exit::Kept)]
#[case::flaky_is_no_fail(&[], flaky(), State::Otherwise, Exit::Broke)]
#[case::fail_is_not_flaky(&[("verdict", "\"flaky\"")], refused(), State::Otherwise, Exit::Broke)]
#[case::another_text(&[("evidence", "{ text = \"+CME ERROR: 3\" }")], refused(), State::Otherwise, Exit::Broke)]
#[case::another_rule(&[("evidence", "{ rule = \"final_error\" }")], refused(), State::Otherwise, Exit::Broke)]
#[case::another_class(&[("evidence", "{ class = \"information\" }")], refused(), State::Otherwise, Exit::Broke)]
#[case::passes(&[], run(&mut firmware(&NAMES), 1), State::Passes, Exit::Broke)]
#[case::clause_passes(&[("case>clause", "\"CFG-MMSC-LENGTH\"")], run(&mut firmware(&NAMES), 1), State::Passes, Exit::Broke)]
#[case::last_day(&[("expires", "2026-06-01")], refused(), State::Excuses, Exit::Kept)]
#[case::day_after(&[("expires", "2026-05-31")], refused(), State::Expired, Exit::Broke)]
#[case::another_firmware(&[("firmware", "\">= R07\"")], refused(), State::Elsewhere, Exit::Broke)]
#[case::another_firmware_that_passes(&[("firmware", "\">= R07\"")], run(&mut firmware(&NAMES), 1), State::Elsewhere, Exit::Kept)]
#[case::no_firmware(&[("firmware", "\">= R07, < R06\"")], run(&mut firmware(&NAMES), 1), State::Never, Exit::Broke)]
fn a_waiver_over_a_run(
    #[case] replaced: &[(&str, &str)],
    #[case] run: Recorded,
    #[case] state: State,
    #[case] exit: Exit,
) {
    let waivers = Waivers::read("waivers.toml", &waiver(replaced)).expect("a waiver file");
    assert_eq!(waivers.unknown_cases(suite(&NAMES).cases().iter().map(|case| case.id.as_str())), []);
    let applied = waivers.apply(&run, DAY);
    assert_eq!(
        (applied.excuses[0].state, applied.exit(&run)),
        (state, exit),
        "{}",
        applied.text("waivers.toml")
    );
    // The verdict itself stays what it was.
    assert_eq!(applied.cases.contains_key("strict"), state == State::Excuses);
}

/// In a comparison an excused failure blocks nothing, nor does the line that is its evidence; any other change does.
#[test]
fn an_excused_failure_does_not_block_a_comparison() {
    let waivers = Waivers::read("waivers.toml", &waiver(&[])).expect("a waiver file");
    let compared = |b: &Recorded| {
        let a = run(&mut firmware(&NAMES), 1);
        let mut comparison = compare(("a", &a), ("b", b), Rule::default());
        assert_eq!(Gate::default().exit(&comparison), Exit::Broke);
        comparison.waive(&waivers.apply(&a, DAY), &waivers.apply(b, DAY));
        comparison
    };
    let excused = compared(&refused());
    assert_eq!(Gate::default().exit(&excused), Exit::Kept, "{:?}", Gate::default().blocked(&excused));
    // The change is still told.
    assert!(excused.counts().contains_key(&Change::Broke));
    let more = answering(MMSC, &["+CME ERROR: 752"])
        .instead("AT+QMMSCFG=\"contextid\"", &[Reaction::Says(answer(&["ERROR"]))]);
    let more = compared(&run(&mut { more }, 1));
    assert_eq!(Gate::default().blocked(&more), ["context: class"]);
}

/// A result line that is missing is the evidence too, where a waiver says that nothing comes.
#[test]
fn an_excused_silence_does_not_block_a_comparison() {
    let says = Reaction::Says(b"\r\nOK\r\n".to_vec());
    let mut silent = firmware(&NAMES).instead("AT+QMMSEND=100", &[says]);
    let (a, b) = (run(&mut firmware(&NAMES), 1), run(&mut silent, 1));
    let mut comparison = compare(("a", &a), ("b", &b), Rule::default());
    assert_eq!(Gate::default().blocked(&comparison), ["send: lost-urc, broke"]);
    let text = waiver(&[("case", "\"send\""), ("evidence", "{ class = \"nothing\" }")]);
    let waivers = Waivers::read("waivers.toml", &text).expect("a waiver file");
    comparison.waive(&waivers.apply(&a, DAY), &waivers.apply(&b, DAY));
    assert_eq!(Gate::default().blocked(&comparison), [""; 0]);
}

/// A standing clause is excused by its own name.
#[test]
fn an_excused_standing_clause_does_not_block_a_comparison() {
    let says = Reaction::Says(b"\r\nOK\r\n\r\n+QMMSEND: 0,200\r\n\r\n+QMMSEND: 0,200\r\n".to_vec());
    let (a, b) =
        (run(&mut firmware(&NAMES), 1), run(&mut firmware(&NAMES).instead("AT+QMMSEND=100", &[says]), 1));
    let mut comparison = compare(("a", &a), ("b", &b), Rule::default());
    assert_eq!(Gate::default().blocked(&comparison), ["SEND-ONE-RESULT: broke"]);
    let replaced = [("case>clause", "\"SEND-ONE-RESULT\""), ("evidence", "{ text = \"+QMMSEND: 0,200\" }")];
    let waivers = Waivers::read("waivers.toml", &waiver(&replaced)).expect("a waiver file");
    comparison.waive(&waivers.apply(&a, DAY), &waivers.apply(&b, DAY));
    assert_eq!(Gate::default().blocked(&comparison), [""; 0]);
    assert!(comparison.counts().contains_key(&Change::Broke), "the change is still told");
}

/// Every report of a run keeps the verdict and tells the waiver beside it.
#[test]
fn every_report_tells_verdict_and_waiver() {
    let mut run = refused();
    let waivers = Waivers::read("waivers.toml", &waiver(&[])).expect("a waiver file");
    run.waived = Some(waivers.apply(&run, DAY));
    let label = "the URL is refused (https://tracker.example/1, bench, until 2026-12-31)";
    let exit = "with waivers exit 0: every selected clause was asked, and kept or excused";

    let json: serde_json::Value =
        serde_json::from_str(&results::json(&run).expect("results")).expect("results are JSON");
    let schema: serde_json::Value = serde_json::from_str(results::SCHEMA).expect("the schema is JSON");
    assert!(jsonschema::is_valid(&schema, &json), "{json:#}");
    let strict = json["cases"].as_array().and_then(|all| all.iter().find(|case| case["case"] == "strict"));
    let strict = strict.expect("the case");
    assert_eq!((strict["verdict"].as_str(), strict["waiver"].as_str()), (Some("fail"), Some(label)));
    assert_eq!((json["exit"].as_u64(), json["waivers"]["exit"].as_u64()), (Some(1), Some(0)));
    assert_eq!(json["waivers"]["all"][0]["state"], "excuses");

    let xml = junit::xml(&run).expect("it can be written");
    for part in [
        "<skipped message=\"waived: the URL is refused",
        "fail: expected +QMMSCFG",
        "type=\"waived fail CFG-MMSC-LENGTH\"",
        "<property name=\"waiver\"",
        "name=\"strict (line 1)\"",
    ] {
        assert!(xml.contains(part), "{part}\n{xml}");
    }
    assert!(!xml.contains("<failure"), "{xml}");

    let (comment, page) = (summary::markdown(&run), html::page(&run).expect("a page"));
    for part in ["does not conform", exit, "`+CME ERROR: 752`", &format!("Waived: `{label}`")] {
        assert!(comment.contains(part), "{part}\n{comment}");
    }
    for part in ["Does not conform", exit, "<dt>waived</dt>", "id=\"waivers\""] {
        assert!(page.contains(part), "{part}");
    }
}

/// A waiver that no longer holds is a failure of its own in every report.
#[test]
fn every_report_tells_a_stale_waiver() {
    let mut run = run(&mut firmware(&NAMES), 1);
    let waivers = Waivers::read("waivers.toml", &waiver(&[])).expect("a waiver file");
    run.waived = Some(waivers.apply(&run, DAY));
    let xml = junit::xml(&run).expect("it can be written");
    assert!(xml.contains("<failure message=\"is stale: what it excuses passes\" type=\"waiver\""), "{xml}");
    let words = "with waivers exit 1: a waiver no longer holds";
    assert!(summary::markdown(&run).contains(words) && html::page(&run).expect("a page").contains(words));
}

/// A mistake stops everything, with its place and what would have done.
#[rstest]
#[case::no_toml("[[waive]\n", "w.toml:1:9: ")]
#[case::unknown_key(
    "[[waive]]\ncaes = \"a\"\n",
    "w.toml:2:1: expected a key of this table, found `caes`; did you mean case"
)]
#[case::no_owner(&waiver(&[]).replace("owner = ", "# "), "w.toml:1:1: expected the key `owner` in this table, found none of that name")]
#[case::no_subject(&waiver(&[]).replace("case = \"strict\"\n", ""), "w.toml:1:1: expected `case = …` or `clause = …`, found neither")]
#[case::unknown_clause(&waiver(&[("case>clause", "\"CFG-MMSC-LENGHT\"")]), "w.toml:2:10: expected a clause of the catalogue such as CFG-MMSC-LENGTH, found `CFG-MMSC-LENGHT`")]
#[case::bad_glob(&waiver(&[("case", "\"a[\"")]), "w.toml:2:8: expected a glob over case ids, found unclosed character class")]
#[case::bad_range(&waiver(&[("firmware", "\">= R06, < seven\"")]), "w.toml:3:21: expected `*`, or revisions such as `>= R06A10, < EC20CEFAGR07`, found `< seven`")]
#[case::bad_verdict(&waiver(&[("verdict", "\"failed\"")]), "w.toml:4:11: expected one of fail, flaky, inconclusive, broken, found `failed`")]
#[case::no_evidence(&waiver(&[("evidence", "{}")]), "w.toml:5:12: expected rule, class or text: a waiver that excuses any failure hides the next one, found none of them")]
#[case::unknown_rule(&waiver(&[("evidence", "{ rule = \"final_cme\" }")]), "w.toml:5:21: expected a rule of the grammar such as final_")]
#[case::unknown_class(&waiver(&[("evidence", "{ class = \"info\" }")]), "w.toml:5:22: expected information, urc, final")]
#[case::no_reason(&waiver(&[("reason", "\" \"")]), "w.toml:6:10: expected a reason, found nothing")]
#[case::no_day(&waiver(&[("expires", "2026-12-31T00:00:00Z")]), "w.toml:9:11: expected a day such as 2027-03-31, found `2026-12-31T00:00:00Z`")]
fn a_mistake_in_the_file_is_told_with_its_place(#[case] text: &str, #[case] wanted: &str) {
    let mistakes = Waivers::read("w.toml", text).expect_err("a mistake");
    assert!(mistakes[0].to_string().starts_with(wanted), "{}", mistakes[0]);
}

#[test]
fn a_case_that_no_suite_has_is_a_mistake() {
    let waivers = Waivers::read("w.toml", &waiver(&[("case", "\"strikt\"")])).expect("a form");
    let mistakes = waivers.unknown_cases(["strict", "other"]);
    assert_eq!(
        mistakes[0].to_string(),
        "w.toml:2:8: expected a glob over case ids of the suite such as `strict`, found `strikt`, which no case has"
    );
}

/// The order of revisions, as ranges see it.
#[rstest]
#[case("R06A10", "EC20CEFAGR06A10M4G_01.002.01.002", true)]
#[case("= R06", "EC20CEFAGR06A10M4G", true)]
#[case("EC20CEFAGR06A10M4G_01.002.01.002", "EC20CEFAGR06A10M4G_01.002.01.002", true)]
#[case("EC20CEFAGR06A10M4G_01.002.01.002", "EC20CEFAGR06A10M4G_01.002.01.003", false)]
#[case("> EC20CEFAGR06A10M4G_01.002.01.002", "EC20CEFAGR06A10M4G_01.002.01.010", true)]
#[case("> R06", "EC20CEFAGR06A99M4G", false)]
#[case("<= R06", "EC20CEFAGR06A99M4G_09.009", true)]
#[case("< R06A10", "EC20CEFAGR06A09M4G", true)]
#[case("< R06A10", "EC20CEFAGR06A10M4G_00.001", false)]
#[case(">= R06A5", "EC20CEFAGR06A05M4G", true)]
#[case(">= R06, < R07", "EC20CEFAGR07A01M4G", false)]
// Another module, another variant, or a build that the revision does not tell: not in the range.
#[case(">= EG25GGBR06", "EC20CEFAGR06A10M4G", false)]
#[case("R06A10M8G", "EC20CEFAGR06A10M4G", false)]
#[case(">= R06A10_01.001", "EC20CEFAGR06A10M4G", false)]
fn a_range_holds_revisions(#[case] range: &str, #[case] revision: &str, #[case] holds: bool) {
    let range = Range::read(range).expect("a range");
    assert_eq!(range.contains(&Revision::read(revision).expect("a revision")), holds);
    assert!(!range.is_empty());
}

#[rstest]
#[case::empty("")]
#[case::word("latest")]
#[case::no_number("RA10")]
#[case::beta("EC20CEFAGR06A10M4G_BETA0411")]
#[case::lower("ec20cefagr06a10")]
#[case::huge("R99999999999")]
fn what_is_no_revision_is_none(#[case] text: &str) {
    assert_eq!(Revision::read(text), None);
}

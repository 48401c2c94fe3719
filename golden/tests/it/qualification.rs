//! Comparison on whole runs of the simulated module: a pair for each class of change, made from profiles and deviations, and found in
//! exactly the cases that have it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use ec20_laws::virtual_bench::{CaptureMmsc, Conditions, drive, run};
use ec20_manual::profile::Profile;
use ec20_sim::leg::memory;
use ec20_sim::{Input, Machine, Module, Output};
use ec20_suite::compare::gate::Gate;
use ec20_suite::compare::matrix::Matrix;
use ec20_suite::compare::timing::Rule;
use ec20_suite::compare::{Change, Comparison, compare, terminal};
use ec20_suite::executor::Executor;
use ec20_suite::firmware;
use ec20_suite::journal::Event;
use ec20_suite::recorded::Recorded;
use ec20_suite::select::Filter;
use ec20_suite::suite::{Case, Suite};
use ec20_suite::verdict::Exit;
use rstest::rstest;

use crate::asked::{bench, suite};

/// Assembled once: it takes longer than most of these runs.
pub(crate) static SUITE: LazyLock<Suite> = LazyLock::new(suite);

pub(crate) fn selected(filter: &str) -> Vec<Case> {
    let filter = Filter::read(filter).expect("a filter");
    let cases: Vec<Case> = SUITE.cases().iter().filter(|case| filter.fits(case)).cloned().collect();
    assert!(!cases.is_empty());
    cases
}

pub(crate) fn events(profile: &Profile, cases: &[Case], repeat: u32, conditions: &Conditions) -> Vec<Event> {
    let mut bench = bench(&SUITE);
    bench.repeat = repeat;
    run(profile, cases.to_vec(), bench, conditions)
}

pub(crate) fn recorded(profile: &Profile, cases: &[Case], repeat: u32) -> Recorded {
    Recorded::of(&events(profile, cases, repeat, &Conditions::default())).expect("a run")
}

pub(crate) fn compared(a: &Recorded, b: &Recorded) -> Comparison {
    compare(("a", a), ("b", b), Rule::default())
}

pub(crate) fn text(comparison: &Comparison) -> String {
    terminal::text(comparison, &Gate::default())
}

/// The manual's module with these lines more in its profile.
pub(crate) fn mutant(lines: &str) -> Profile {
    Profile::from_toml(&format!("name = \"mutant\"\n{lines}"))
        .unwrap_or_else(|error| panic!("{error}\n{lines}"))
}

/// Every case that differs, with its classes, the least first.
fn changes(comparison: &Comparison) -> BTreeMap<String, String> {
    let words =
        |changes: &BTreeSet<Change>| changes.iter().map(|one| one.word()).collect::<Vec<_>>().join(" ");
    let changed = comparison.changed().into_iter();
    changed.map(|case| (case.case.clone(), words(&case.changes))).collect()
}

/// One change in the manual's module: which cases it shows in, and as what. From the other side it is the mirror.
#[rstest]
#[case::same("clause:PROC-SIX-STEPS", 1, "", &[])]
#[case::reworded(
    "observe-cfg-contextid-found",
    1,
    r#"lines = { at = "qmmscfg_contextid_query", change = { replace = [",1", ",01"] } }"#,
    &[("observe-cfg-contextid-found", "reworded")]
)]
#[case::reworded_against_the_letter(
    "cfg-contextid-query",
    1,
    r#"lines = { at = "qmmscfg_contextid_query", change = { replace = [": ", ":"] } }"#,
    &[("cfg-contextid-query", "reworded broke")]
)]
#[case::value(
    "cfg-contextid-query",
    1,
    r#"lines = { at = "qmmscfg_contextid_query", change = { replace = [",1", ",7"] } }"#,
    &[("cfg-contextid-query", "value")]
)]
#[case::restructured_by_a_line(
    "cfg-contextid-query",
    1,
    r#"lines = { at = "qmmscfg_contextid_query", change = { append = "+QMMSCFG: \"contextid\",1" } }"#,
    &[("cfg-contextid-query", "restructured broke")]
)]
#[case::restructured_by_a_field(
    "manual-3-1-5-send",
    1,
    r#"result = { replace = ["0,200", "0,200,128"] }"#,
    &[("manual-3-1-5-send", "restructured broke")]
)]
#[case::class(
    "cfg-contextid-refused",
    1,
    r#"answer = { at = "qmmscfg_contextid_write", lines = ["ERROR"], effect = true }"#,
    &[
        ("cfg-contextid-refused/1", "class"),
        ("cfg-contextid-refused/2", "class"),
        ("cfg-contextid-refused/3", "class"),
        ("cfg-contextid-refused/4", "class"),
        ("cfg-contextid-refused/5", "class")
    ]
)]
#[case::retimed(
    "cfg-contextid-query or cfg-mmsc-query",
    12,
    r#"late = { at = "qmmscfg_contextid_query", ms = 120 }"#,
    &[("cfg-contextid-query", "retimed")]
)]
#[case::new_urc("manual-3-1-5-send", 1, "result = { double = 0 }", &[("manual-3-1-5-send", "new-urc")])]
#[case::lost_urc("manual-3-1-5-send", 1, "result = { drop = 0 }", &[("manual-3-1-5-send", "lost-urc broke")])]
#[case::broke(
    "cfg-contextid-second or cfg-mmsc-query",
    1,
    r#"unstored = { at = "qmmscfg_contextid_write" }"#,
    &[("cfg-contextid-second", "value broke")]
)]
#[case::undecided(
    "cfg-contextid-second",
    1,
    r#"answer = { at = "qmmscfg_contextid_write", lines = ["ERROR"], effect = true }"#,
    &[("cfg-contextid-second", "undecided")]
)]
fn a_change_shows_where_it_is_and_as_what_it_is(
    #[case] filter: &str,
    #[case] repeat: u32,
    #[case] change: &str,
    #[case] wanted: &[(&str, &str)],
) {
    // Which clause the deviation is filed under, the simulated module does not ask.
    let deviation = format!("[[deviation]]\nclause = \"CFG-CONTEXTID\"\nchange.{change}\n");
    let other = mutant(if change.is_empty() { "" } else { &deviation });
    let cases = selected(filter);
    let (a, b) = (recorded(Profile::manual(), &cases, repeat), recorded(&other, &cases, repeat));
    let owned = |(case, words): &(&str, &str)| ((*case).to_owned(), (*words).to_owned());
    let there = compared(&a, &b);
    assert_eq!(changes(&there), wanted.iter().map(owned).collect(), "{}", text(&there));
    assert_eq!(there.is_empty(), wanted.is_empty());
    let mirrored = |(case, words): &(&str, &str)| {
        let words =
            words.replace("new-urc", "lost").replace("lost-urc", "new-urc").replace("lost", "lost-urc");
        ((*case).to_owned(), words.replace("broke", "fixed"))
    };
    let back = compared(&b, &a);
    let sorted = |changes: BTreeMap<String, String>| {
        let words = |words: String| words.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
        changes.into_iter().map(|(case, all)| (case, words(all))).collect::<Vec<_>>()
    };
    assert_eq!(sorted(changes(&back)), sorted(wanted.iter().map(mirrored).collect()), "{}", text(&back));
}

/// A mended firmware: what was broken in A is kept in B, and blocks nothing.
#[test]
fn what_is_fixed_does_not_block() {
    let cases = selected("edit-to-count");
    let short = mutant("[[deviation]]\nclause = \"EDIT-TO-COUNT\"\nchange.limit = { max = 5 }\n");
    let there = compared(&recorded(&short, &cases, 1), &recorded(Profile::manual(), &cases, 1));
    assert!(there.counts().contains_key(&Change::Fixed), "{}", text(&there));
    assert_eq!(Gate::read("broke,unstable").expect("a gate").exit(&there), Exit::Kept);
}

/// Two firmwares in one housing: which of them answers changes with every third question for the context.
struct Wavering {
    modules: [Module; 2],
    asked: usize,
}

impl Wavering {
    const QUESTION: &[u8] = b"AT+QMMSCFG=\"contextid\"\r";

    fn run(phase: usize, cases: &[Case], repeat: u32) -> Recorded {
        let far = "[[deviation]]\nclause = \"CFG-CONTEXTID\"\nchange.lines = { at = \"qmmscfg_contextid_query\", change = { replace = [\",1\", \",7\"] } }\n";
        let modules = [Module::new(Profile::manual()), Module::new(&mutant(far))];
        let mut memory = memory::Bench::new(Self { modules, asked: phase }, CaptureMmsc::default());
        let mut bench = bench(&SUITE);
        bench.repeat = repeat;
        Recorded::of(&drive(&mut memory, Executor::new(cases.to_vec(), bench))).expect("a run")
    }
}

impl Machine for Wavering {
    fn step(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output> {
        self.asked += usize::from(matches!(input, Input::Bytes(bytes) if bytes == Self::QUESTION));
        let turn = self.asked / 3 % 2;
        let mut outputs = Vec::new();
        for (at, module) in self.modules.iter_mut().enumerate() {
            let said = module.step(now_ms, input).into_iter();
            outputs.extend(said.filter(|said| at == turn || matches!(said, Output::WakeAt(_))));
        }
        outputs
    }
}

/// What wavers in one run only is unstable; what wavers in both is no difference.
#[test]
fn wavering_counts_if_one_side_only_wavers() {
    let cases = selected("cfg-contextid-default");
    let (steady, wavering) = (recorded(Profile::manual(), &cases, 8), Wavering::run(0, &cases, 8));
    let there = compared(&steady, &wavering);
    assert_eq!(there.counts(), BTreeMap::from([(Change::Unstable, 1)]), "{}", text(&there));
    assert_eq!(Gate::default().exit(&there), Exit::Broke);
    let both = compared(&wavering, &Wavering::run(1, &cases, 8));
    assert!(both.is_empty() && both.cases.iter().all(|case| case.wavers), "{}", text(&both));
}

/// Which of several firmwares broke what: the first stands against each of the others.
#[test]
fn several_firmwares_make_a_matrix() {
    let cases = selected("edit-to-count or cfg-contextid-query");
    let short = mutant("[[deviation]]\nclause = \"EDIT-TO-COUNT\"\nchange.limit = { max = 5 }\n");
    let runs: Vec<_> =
        [Profile::manual(), &short, Profile::manual()].map(|profile| recorded(profile, &cases, 1)).into();
    let named: Vec<_> = ["r06", "r07", "r08"].into_iter().zip(&runs).collect();
    let matrix = Matrix::of(&named, Rule::default()).expect("more than one run");
    assert_eq!(matrix.exit(&Gate::default()), Exit::Broke);
    let blocked: Vec<bool> =
        matrix.comparisons.iter().map(|one| !Gate::default().blocked(one).is_empty()).collect();
    assert_eq!(blocked, [true, false], "{}", matrix.text(&Gate::default()));
}

/// Two faithful firmwares keep every clause and differ in what the manual leaves open: that is told, both profiles side by side.
#[test]
fn two_faithful_firmwares_differ_in_their_answers() {
    let cases = selected("observe-*");
    let (a, b) =
        (Profile::built_in("manual").expect("a profile"), Profile::built_in("ec20-r08").expect("a profile"));
    let comparison = compared(&recorded(&a, &cases, 1), &recorded(&b, &cases, 1));
    let port = comparison.unknowns.iter().find(|one| one.unknown == "U-CFG-TEST-PORT").expect("it was asked");
    assert_eq!((port.a.as_slice(), port.b.as_slice()), (&["range".to_owned()][..], &["word".to_owned()][..]));
    assert!(port.differs && !port.question.is_empty());
    assert!(!comparison.counts().contains_key(&Change::Broke));
    assert!(comparison.unknowns.iter().any(|unknown| !unknown.differs && !unknown.a.is_empty()));
}

/// The profile that a run observed, played by the simulated module, gives the run again: no answer differs, and no clause.
#[rstest]
#[case("ec20-r08")]
#[case("newer-platform")]
fn the_observed_profile_gives_the_run_again(#[case] name: &str) {
    let cases = selected("observe-*");
    let profile = Profile::built_in(name).expect("a profile");
    let first = events(&profile, &cases, 1, &Conditions::default());
    let again = events(&firmware::observed("again", &first), &cases, 1, &Conditions::default());
    let comparison = compared(&Recorded::of(&first).expect("a run"), &Recorded::of(&again).expect("a run"));
    assert!(comparison.is_empty(), "{}", text(&comparison));
    assert!(!comparison.unknowns.is_empty());
}

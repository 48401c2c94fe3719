//! One firmware on two days: pairs of runs that differ in nothing but noise, and the laws of the comparison on runs of the simulated module.

use std::sync::LazyLock;

use ec20_laws::virtual_bench::{Conditions, run};
use ec20_manual::profile::{Identity, Profile};
use ec20_sim::link::Faults;
use ec20_suite::compare::gate::Gate;
use ec20_suite::recorded::Recorded;
use ec20_suite::select::Filter;
use ec20_suite::suite::Suite;
use ec20_suite::verdict::Exit;
use fastrand::Rng;

use crate::asked::{bench, suite_with};
use crate::qualification::{compared, mutant, recorded, selected, text};

const ASKED: &str = "clause:CFG-CONTEXTID* or clause:PROC-SIX-STEPS or clause:EDIT-TO-ADD";

/// The suite as three redaction keys leave it: other recipients, another account, of the same lengths and kinds.
static KEYS: LazyLock<Vec<Suite>> = LazyLock::new(|| {
    let keys: [&[(&str, &str)]; 3] = [
        &[],
        &[("to", "13990011223"), ("cc", "qwer.tyui@opasdfg.hjk"), ("apn", "QWERTZ")],
        &[("to", "18612340000"), ("cc", "abcd.efgh@ijklmno.pqr"), ("apn", "ABCDEF")],
    ];
    keys.iter().map(|key| suite_with(key)).collect()
});

/// One firmware on the day of this seed: another key, module, line, noise, number of repetitions, and order of the cases.
fn day(seed: u64) -> Recorded {
    let mut dice = Rng::with_seed(seed);
    let key = dice.usize(..3);
    let suite = &KEYS[key];
    let filter = Filter::read(ASKED).expect("a filter");
    let mut cases: Vec<_> = suite.cases().iter().filter(|case| filter.fits(case)).cloned().collect();
    dice.shuffle(&mut cases);
    let imei = ["861075020000016", "861075027777773", "869999020123456"][key].to_owned();
    let identity = Identity { imei, ..Profile::manual().identity.clone() };
    let profile = Profile { identity, ..Profile::manual().clone() };
    let faults = Faults { split: true, delay_ms_max: 1 + seed % 9, ..Faults::default() };
    let conditions =
        Conditions { faults: Some(faults), seed, noise: dice.usize(..2) == 0, ..Conditions::default() };
    let mut bench = bench(suite);
    bench.repeat = dice.u32(1..=2);
    Recorded::of(&run(&profile, cases, bench, &conditions)).expect("a run")
}

/// Noise, jitter, the order of unsolicited lines, the redaction key and the order of the cases: none is reported, for fifty seeds.
#[test]
fn noise_is_no_difference() {
    let quiet = recorded(Profile::manual(), &selected(ASKED), 1);
    let mut last = day(0);
    for seed in 1..=50 {
        let next = day(seed);
        for (name, other) in [("the quiet day", &quiet), ("the day before", &last)] {
            let comparison = compared(other, &next);
            assert!(comparison.is_empty(), "seed {seed}, {name}:\n{}", text(&comparison));
            assert_eq!(Gate::read("all").expect("a gate").exit(&comparison), Exit::Kept);
        }
        last = next;
    }
}

/// Runs of firmwares that differ in everything there is.
fn runs() -> Vec<Recorded> {
    let cases = selected("clause:CFG-CONTEXTID* or clause:PROC-SIX-STEPS or observe-cfg-test*");
    let deviation =
        |change: &str| mutant(&format!("[[deviation]]\nclause = \"CFG-CONTEXTID\"\nchange.{change}\n"));
    let built_in = |name: &str| Profile::built_in(name).expect("a profile");
    let profiles = [
        built_in("manual"),
        built_in("ec20-r08"),
        built_in("newer-platform"),
        deviation("unstored = { at = \"qmmscfg_contextid_write\" }"),
        deviation("answer = { at = \"qmmscfg_contextid_write\", lines = [\"ERROR\"], effect = true }"),
        deviation("result = { double = 0 }"),
    ];
    profiles.iter().map(|profile| recorded(profile, &cases, 1)).collect()
}

/// Nothing differs from itself; B against A is the mirror of A against B; in which order the cases stand decides nothing.
#[test]
fn the_laws_of_the_comparison_hold() {
    let runs = runs();
    for (a, b) in runs.iter().flat_map(|a| runs.iter().map(move |b| (a, b))) {
        let there = compared(a, b);
        assert_eq!(there.is_empty(), std::ptr::eq(a, b), "{}", text(&there));
        let back = compared(b, a);
        let mirrored = there.counts().into_iter().map(|(change, count)| (change.mirrored(), count)).collect();
        assert_eq!(back.counts(), mirrored);
        let (mut a, mut b) = (a.clone(), b.clone());
        let mut dice = Rng::with_seed(7);
        dice.shuffle(&mut a.cases);
        dice.shuffle(&mut b.cases);
        assert_eq!(compared(&a, &b), there);
    }
}

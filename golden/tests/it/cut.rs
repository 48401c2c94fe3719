//! A killed link: wherever in a case the cable is pulled, the case is `broken`, never passed, and the run ends.
//!
//! Knows how many bytes a case moves and pulls the cable in each of its exchanges, or in some of them. `EC20_CUTS=all cargo test -p
//! ec20-golden cut` pulls it in every exchange of every case.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ec20_laws::virtual_bench::{Conditions, run};
use ec20_manual::profile::Profile;
use ec20_sim::link::Faults;
use ec20_suite::escape::unescaped;
use ec20_suite::journal::{Direction, Event};
use ec20_suite::suite::{Case, Suite};
use ec20_suite::verdict::Verdict;

use crate::asked::{bench, suite};

/// Of how many cases one is cut, and of how many of its exchanges one, unless all are.
const SAMPLE: usize = 7;

/// Where each exchange of a case begins, in bytes that went over the line, and where its judged part ends.
fn exchanges(suite: &Suite, case: &Case) -> Vec<(u64, u64)> {
    let events = run(Profile::manual(), vec![case.clone()], bench(suite), &Conditions::default());
    let mut carried = 0;
    let mut inside = false;
    let mut starts = Vec::new();
    let mut end = 0;
    for event in &events {
        match event {
            Event::CaseStart { .. } => inside = true,
            Event::CaseEnd(_) => {
                inside = false;
                end = carried;
            }
            Event::Wire { dir, bytes, .. } => {
                if inside && *dir == Direction::Host {
                    starts.push(carried);
                }
                let bytes = unescaped(bytes).expect("the journal's bytes can be read back");
                carried += u64::try_from(bytes.len()).expect("a small number");
            }
            _ => {}
        }
    }
    let ends: Vec<u64> = starts.iter().copied().skip(1).chain([end]).collect();
    starts.into_iter().zip(ends).collect()
}

/// What a case came to when the cable is pulled after so many bytes.
fn cut(suite: &Suite, case: &Case, after: u64, tells_loss: bool) -> Option<Verdict> {
    let faults = Faults { unplug_after: Some(after), ..Faults::default() };
    let conditions = Conditions { faults: Some(faults), tells_loss, ..Conditions::default() };
    let events = run(Profile::manual(), vec![case.clone()], bench(suite), &conditions);
    events.iter().find_map(|event| match event {
        Event::CaseEnd(end) => Some(end.verdict),
        _ => None,
    })
}

#[test]
fn cut_anywhere_a_case_is_broken_and_the_run_ends() {
    let suite = suite();
    let all = std::env::var_os("EC20_CUTS").is_some_and(|word| word == "all");
    let next = AtomicUsize::new(0);
    let found = Mutex::new((0_usize, Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = suite.cases().get(at) else { return };
                    if !all && !at.is_multiple_of(SAMPLE) {
                        continue;
                    }
                    for (nth, (start, end)) in exchanges(&suite, case).into_iter().enumerate() {
                        if !all && nth % SAMPLE != at / SAMPLE % SAMPLE {
                            continue;
                        }
                        // In the command or its answer, at another place for each; by turns told and silent. Before the
                        // last byte: an answer of which only the last line feed is missing is read all the same.
                        let span = (end - start).saturating_sub(1).max(1);
                        let after = start + u64::try_from(at * 31 + nth * 17).expect("a small number") % span;
                        let tells_loss = (at + nth).is_multiple_of(2);
                        let verdict = cut(&suite, case, after, tells_loss);
                        let mut found = found.lock().expect("no thread has panicked");
                        found.0 += 1;
                        if verdict != Some(Verdict::Broken) {
                            found.1.push(format!(
                                "{} exchange {nth}, after {after} of {start}..{end}, told {tells_loss}: {verdict:?}",
                                case.id
                            ));
                        }
                    }
                }
            });
        }
    });
    let (cuts, wrong) = found.into_inner().expect("no thread has panicked");
    println!("{cuts} cuts");
    assert!(cuts > 50, "only {cuts} cuts");
    assert!(wrong.is_empty(), "{} of {cuts} cuts:\n  {}", wrong.len(), wrong.join("\n  "));
}

//! A run that is only thought through: what would be asked, what would not and why, what would leave, what could not be put back.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;

use ec20_manual::Effect;
use ec20_suite::executor::{Bench, not_begun};
use ec20_suite::ledger::{Ledger, demand};
use ec20_suite::setting;
use ec20_suite::suite::Case;

/// Needs that a run finds out by reading.
const FOUND_OUT: [&str; 5] = ["sim-card", "attach", "pdp", "qos", "qos-umts"];

/// Prints the plan.
pub(super) fn print(cases: &[Case], bench: &Bench) {
    // A reader that went away wants no more of it.
    let _ = write!(std::io::stdout().lock(), "{}", told(cases, bench));
}

fn told(cases: &[Case], bench: &Bench) -> String {
    let mut ledger = Ledger::new(bench.permit.budgets.clone());
    let mut bench = bench.clone();
    bench.offers.extend(FOUND_OUT.map(str::to_owned));
    let attempts = bench.repeat.max(1);
    let mut text = String::new();
    let (mut asked, mut not_asked) = (0, BTreeMap::<String, u32>::new());
    let mut sent = BTreeMap::<Effect, u32>::new();
    let (mut touched, mut beyond) = (BTreeSet::new(), BTreeMap::<Effect, u32>::new());
    for case in cases {
        if let Some((verdict, cause)) = not_begun(&bench, &ledger, case) {
            let _ = writeln!(text, "{:<11} {}  [{}]  {cause}", verdict.word(), case.id, case.effect);
            let cause = cause.split(':').next().unwrap_or(&cause).to_owned();
            *not_asked.entry(format!("{} ({cause})", verdict.word())).or_default() += 1;
            continue;
        }
        asked += 1;
        for _ in 0..attempts {
            for line in case.lines() {
                ledger.spend(&line);
            }
        }
        // What is not allowed stays behind the gate, whatever a case would like.
        let mut demand = demand(case);
        demand.retain(|effect, _| bench.permit.effects.contains(effect));
        for (effect, count) in &demand {
            *sent.entry(*effect).or_default() += count * attempts;
            if setting::beyond_restoring(*effect).is_some() {
                *beyond.entry(*effect).or_default() += 1;
            }
        }
        touched.extend(case.settings());
        let messages = demand.get(&Effect::Billable).copied().unwrap_or(0) * attempts;
        let messages = if messages == 0 { String::new() } else { format!("  {messages} to be sent") };
        let _ = writeln!(text, "{:<11} {}  [{}]{messages}", "ask", case.id, case.effect);
    }
    let _ = writeln!(text, "\n{asked} of {} cases would be asked; nothing was sent now", cases.len());
    for (why, count) in not_asked {
        let _ = writeln!(text, "{count} {why}");
    }
    let messages = sent.get(&Effect::Billable).copied().unwrap_or(0);
    let retries = if bench.retries > 0 { ", retries not counted" } else { "" };
    let _ = writeln!(text, "{messages} messages would be sent{retries}");
    for effect in [Effect::Radio, Effect::Nv, Effect::Destructive] {
        if let Some(count) = sent.get(&effect) {
            let _ = writeln!(text, "{count} commands that are {effect} would leave");
        }
    }
    let needs: BTreeSet<&str> = cases
        .iter()
        .flat_map(|case| &case.needs)
        .map(String::as_str)
        .filter(|need| FOUND_OUT.contains(need))
        .collect();
    if !needs.is_empty() {
        let needs = needs.into_iter().collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "taken as offered, until the run looks: {needs}");
    }
    let _ = writeln!(
        text,
        "settings read before and put back: {}",
        touched.into_iter().collect::<Vec<_>>().join(" ")
    );
    for (effect, count) in beyond {
        let what = setting::beyond_restoring(effect).unwrap_or_default();
        let _ = writeln!(text, "not put back: {count} cases are {effect}, which {what}");
    }
    text
}

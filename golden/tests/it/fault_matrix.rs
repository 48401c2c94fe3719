//! Faults of the line × all cases, by seed, in virtual time: nothing passes that was not heard, a pulled cable is never the module's fault,
//! and every run ends.
//!
//! Knows what each fault may come to; `hil/FAULTS.md` says it in words. `EC20_SEEDS` sets how many seeds are tried.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use ec20_laws::virtual_bench::{Conditions, run};
use ec20_manual::profile::Profile;
use ec20_sim::link::Faults;
use ec20_suite::escape::unescaped;
use ec20_suite::journal::{Direction, Event};
use ec20_suite::standing;
use ec20_suite::suite::{Case, Suite};
use ec20_suite::verdict::Verdict;

use crate::asked::{bench, suite};

static SUITE: LazyLock<Suite> = LazyLock::new(suite);

/// How many seeds a plain `cargo test` tries; each asks a different part of the suite under a different fault.
const SEEDS: u64 = 24;
/// One case in so many is asked with a seed; the next seed of the same fault takes the next.
const PART: u64 = 20;

/// What is wrong with the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Only slow and cut to pieces: nothing is lost.
    Slow,
    Dropped,
    Doubled,
    Corrupted,
    Unplugged,
    Rebooted,
}

const KINDS: [Kind; 6] =
    [Kind::Slow, Kind::Dropped, Kind::Doubled, Kind::Corrupted, Kind::Unplugged, Kind::Rebooted];

fn faults(kind: Kind, seed: u64) -> Faults {
    // From one byte in a hundred to one in ten thousand.
    let ppm = [10_000, 2000, 500, 100][usize::try_from(seed / 6 % 4).unwrap_or(0)];
    // Anywhere in the run, by a step that shares no factor with how the suite is cut up.
    let at = 40 + seed * 9973 % 60_000;
    let healthy = Faults::default();
    match kind {
        Kind::Slow => Faults { split: true, delay_ms_max: 1 + seed % 40, ..healthy },
        Kind::Dropped => Faults { drop_ppm: ppm, ..healthy },
        Kind::Doubled => Faults { duplicate_ppm: ppm, ..healthy },
        Kind::Corrupted => Faults { corrupt_ppm: ppm, ..healthy },
        Kind::Unplugged => Faults { unplug_after: Some(at), ..healthy },
        Kind::Rebooted => Faults { reboot_after: Some(at), ..healthy },
    }
}

/// Bytes that went out as part of the verdict.
struct Sent {
    bytes: Vec<u8>,
    /// The clause of the echo was broken in this exchange, and that is said.
    unechoed: bool,
}

/// What one attempt left in the journal.
#[derive(Default)]
struct Played {
    id: String,
    sent: Vec<Sent>,
    came: Vec<u8>,
    held: Vec<Vec<u8>>,
    verdict: Option<Verdict>,
    /// The exchange that is open is one of `sent`, the last.
    judged: bool,
    /// The next line is a question of the runner's own; from `finally` on all of them are no part of the verdict.
    aside: bool,
    over: bool,
}

fn played(events: &[Event]) -> Vec<Played> {
    let mut all = Vec::new();
    let mut open: Option<Played> = None;
    let bytes = |text: &str| unescaped(text).expect("an escaped text");
    for event in events {
        match (event, &mut open) {
            (Event::CaseStart { case, .. }, _) => {
                open = Some(Played { id: case.clone(), ..Played::default() });
            }
            (Event::Wire { dir: Direction::Host, bytes: text, .. }, Some(case)) => {
                case.judged = !std::mem::take(&mut case.aside) && !case.over;
                if case.judged {
                    case.sent.push(Sent { bytes: bytes(text), unechoed: false });
                }
            }
            (Event::Aside { .. }, Some(case)) => case.aside = true,
            (Event::Finally { .. }, Some(case)) => case.over = true,
            (Event::Wire { dir: Direction::Module, bytes: text, .. }, Some(case)) => {
                case.came.extend(bytes(text));
            }
            (Event::Breach { clause, .. }, Some(case)) if clause == standing::ECHO && case.judged => {
                case.sent.iter_mut().last().into_iter().for_each(|sent| sent.unechoed = true);
            }
            (Event::Held { came, .. }, Some(case)) => case.held.push(bytes(came)),
            (Event::CaseEnd(end), _) => {
                let case =
                    open.take().unwrap_or_else(|| Played { id: end.case.clone(), ..Played::default() });
                all.push(Played { verdict: Some(end.verdict), ..case });
            }
            _ => {}
        }
    }
    all
}

/// The lines among received bytes, with how often each came.
fn lines(came: &[u8]) -> BTreeMap<&[u8], usize> {
    let mut lines = BTreeMap::new();
    for line in came.split(|byte| matches!(byte, b'\r' | b'\n')) {
        *lines.entry(line).or_insert(0) += 1;
    }
    lines
}

/// What a verdict rests on and was never received: every line that was held for an answer came as it stands, and every command was echoed
/// as it was sent, or the clause of the echo fails in the place of this very echo.
fn unheard(case: &Played, source: &str) -> Vec<String> {
    if !matches!(case.verdict, Some(Verdict::Pass | Verdict::Observed)) {
        return Vec::new();
    }
    let mut there = lines(&case.came);
    let mut missing = Vec::new();
    for held in &case.held {
        match there.get_mut(held.as_slice()) {
            Some(left) if *left > 0 => *left -= 1,
            // With the results in numerals, or another line end, a line is no longer between CR and LF.
            _ if case.came.windows(held.len().max(1)).any(|part| part == held.as_slice()) && odd(source) => {}
            _ => missing.push(format!("{}: `{}` was held and did not come", case.id, held.escape_ascii())),
        }
    }
    if !odd(source) {
        for line in case
            .sent
            .iter()
            .filter(|sent| !sent.unechoed)
            .filter_map(|sent| sent.bytes.strip_suffix(b"\r"))
            .filter(|line| line.starts_with(b"AT+"))
        {
            match there.get_mut(line) {
                Some(left) if *left > 0 => *left -= 1,
                _ => missing.push(format!("{}: `{}` was not echoed", case.id, line.escape_ascii())),
            }
        }
    }
    missing
}

/// Whether a transcript changes how lines look or end, or whether they are echoed.
fn odd(source: &str) -> bool {
    ["> ATE", "> ATV", "> ATQ", "> ATZ", "> AT&F", "> ATS", "> AT+CFUN", ">> ", "data "]
        .iter()
        .any(|word| source.contains(word))
}

fn sources() -> BTreeMap<&'static str, &'static str> {
    ec20_golden::transcripts().iter().copied().collect()
}

/// One seed; what is wrong.
fn wrong_with(seed: u64) -> Vec<String> {
    let kind = KINDS[usize::try_from(seed % 6).unwrap_or(0)];
    let faults = faults(kind, seed);
    let part = seed / 6 % PART;
    let mine = |(at, _): &(usize, &Case)| *at as u64 % PART == part;
    let cases: Vec<Case> =
        SUITE.cases().iter().enumerate().filter(mine).map(|(_, case)| case.clone()).collect();
    let conditions = Conditions { faults: Some(faults), seed, ..Conditions::default() };
    let events = run(Profile::manual(), cases.clone(), bench(&SUITE), &conditions);
    let all = played(&events);
    let mut wrong = Vec::new();
    let ended = matches!(events.last(), Some(Event::End { .. }));
    let not_asked: u64 = events
        .iter()
        .filter_map(|event| match event {
            Event::NotAsked { why, cases, .. } if why.is_of_the_bench() => Some(*cases),
            _ => None,
        })
        .sum();
    if !ended || all.len() as u64 + not_asked != cases.len() as u64 {
        wrong.push(format!(
            "{} of {} cases ended, {not_asked} were not asked, the run {ended}",
            all.len(),
            cases.len()
        ));
    }
    let sources = sources();
    let stages = |case: &Case| {
        let of = |file: &String| sources.get(file.as_str()).copied().unwrap_or_default();
        let stages: String = case.stages.iter().map(|stage| of(&stage.file)).collect();
        stages + of(&case.transcript.file)
    };
    for (played, case) in all.iter().zip(&cases) {
        wrong.extend(unheard(played, &stages(case)));
    }
    let failed = all.iter().filter(|case| case.verdict == Some(Verdict::Fail));
    let failed: Vec<&str> = failed.map(|case| case.id.as_str()).collect();
    let evidence = || -> Vec<String> {
        let of_failed =
            |event: &&Event| matches!(event, Event::CaseEnd(end) if failed.contains(&end.case.as_str()));
        events.iter().filter(of_failed).map(Event::to_line).collect()
    };
    let breaches: Vec<String> = events
        .iter()
        .filter_map(|event| match event {
            Event::Breach { clause, case, came, .. } => {
                Some(format!("breach of {clause} in {case:?}: {came}"))
            }
            _ => None,
        })
        .collect();
    match kind {
        // Time alone changes no verdict; a cable is never the module's fault.
        Kind::Slow | Kind::Unplugged => {
            wrong.extend(failed.iter().map(|id| format!("{id} fails")));
            wrong.extend(breaches);
        }
        // The module said nothing, or something else than it was asked: its clause, in the case that was hit and in no later one.
        Kind::Rebooted if failed.len() > 1 => {
            wrong.push(format!("more than one case fails: {:#?}", evidence()));
        } // What is no answer is a fault of whoever answers `AT` afterwards: the runner cannot tell noise from a module's own.
        Kind::Rebooted | Kind::Dropped | Kind::Doubled | Kind::Corrupted => {}
    }
    if kind == Kind::Slow && all.iter().any(|case| case.verdict == Some(Verdict::Broken)) {
        wrong.push("a slow line is taken for a broken bench".to_owned());
    }
    if kind == Kind::Unplugged {
        let first = all.iter().position(|case| case.verdict == Some(Verdict::Broken)).unwrap_or(all.len());
        let after = all.iter().skip(first).filter(|case| case.verdict != Some(Verdict::Broken));
        wrong.extend(
            after.map(|case| format!("{} is {:?} after the cable was pulled", case.id, case.verdict)),
        );
    }
    wrong.into_iter().map(|wrong| format!("seed {seed}, {kind:?}: {wrong}")).collect()
}

#[test]
fn no_fault_is_passed_over_or_blamed_on_the_wrong_one() {
    let seeds = std::env::var("EC20_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    let first = std::env::var("EC20_FIRST_SEED").ok().and_then(|first| first.parse().ok()).unwrap_or(0);
    let next = AtomicU64::new(first);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + seeds {
                        break;
                    }
                    let found = wrong_with(seed);
                    wrong.lock().expect("no thread has panicked").extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("no thread has panicked");
    println!("{seeds} seeds, {} findings", wrong.len());
    assert!(wrong.is_empty(), "{} of {seeds} seeds' runs are wrong:\n  {}", wrong.len(), wrong.join("\n  "));
}

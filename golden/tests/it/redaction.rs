//! Redaction over the whole suite: a module that blurts secrets in odd places leaves none of them in any byte of any artefact, and a
//! redacted run is judged as the run was.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ec20_laws::virtual_bench::{CaptureMmsc, Conditions, drive, run};
use ec20_manual::profile::Profile;
use ec20_sim::leg::memory::Bench as Memory;
use ec20_sim::link::{Faults, Link};
use ec20_sim::{Input, Machine, Module, Output};
use ec20_suite::compare::gate::Gate;
use ec20_suite::compare::timing::Rule;
use ec20_suite::compare::{Change, compare, terminal as difference};
use ec20_suite::escape::unescaped;
use ec20_suite::executor::Executor;
use ec20_suite::firmware;
use ec20_suite::journal::{Direction, Event};
use ec20_suite::recorded::Recorded;
use ec20_suite::redact::{Key, Redactor};
use ec20_suite::rejudge::rejudge;
use ec20_suite::report::{html, junit, results, summary, terminal};
use ec20_suite::suite::{Suite, Variables};

use crate::asked::{bench, suite};

/// Nobody's values: what the transcripts hold themselves.
static BUILT_IN: LazyLock<Suite> = LazyLock::new(suite);

/// What a person at a bench set.
const SET: [(&str, &str); 9] = [
    ("to", "+4915112345678"),
    ("to_mail", "ann.other@mail.example"),
    ("cc", "second.person@mail.example"),
    ("bcc", "third.person@mail.example"),
    ("apn_user", "kunde77112"),
    ("apn_password", "Geheim-4711!"),
    ("mmsc", "http://10.64.64.1:8002/mms"),
    ("proxy", "10.64.64.1"),
    ("port", "8002"),
];

const DECLARED: &str = "hunter2 hunter2";

fn suite_with(set: &BTreeMap<String, String>) -> Suite {
    let mut variables = Variables::read("variables.toml", ec20_golden::VARIABLES).expect("variables");
    for (name, value) in set {
        variables.set(name, value).expect("a variable");
    }
    let files =
        ec20_golden::files().iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    Suite::assemble(ec20_golden::transcripts().iter().copied(), files, &variables)
        .expect("the suite assembles")
}

fn set() -> BTreeMap<String, String> {
    SET.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A module that says secrets where nobody asked for them: between lines, in the middle of lines, instead of answers.
struct Blurter {
    module: Module,
    secrets: Vec<Vec<u8>>,
    said: usize,
}

impl Machine for Blurter {
    fn step(&mut self, now_ms: u64, input: Input<'_>) -> Vec<Output> {
        let mut outputs = self.module.step(now_ms, input);
        for output in &mut outputs {
            let Output::Bytes(bytes) = output else { continue };
            self.said += 1;
            let secret = &self.secrets[(self.said / 5) % self.secrets.len()];
            let line = |text: &[u8]| [b"\r\n".as_slice(), text, b"\r\n"].concat();
            match self.said % 97 {
                5 | 43 => bytes.extend(line(secret)),
                13 => bytes.extend(line(&[b"+JUNK: \"x", secret.as_slice(), b"y\",1"].concat())),
                31 => bytes.splice(bytes.len() / 2..bytes.len() / 2, secret.iter().copied()).for_each(drop),
                59 => bytes.extend(line(
                    &secret.iter().flat_map(|byte| format!("{byte:02X}").into_bytes()).collect::<Vec<_>>(),
                )),
                71 => bytes.extend(line(&[b"+CME ERROR: ", secret.as_slice()].concat())),
                _ => {}
            }
        }
        outputs
    }
}

fn spare(redactor: &mut Redactor, suite: &Suite) {
    let defaults = Variables::read("variables.toml", ec20_golden::VARIABLES).expect("variables");
    redactor.spare(suite.cases(), &defaults, &|_| true);
}

/// Every event as it is written, under a key.
fn hidden(events: &[Event], key: &str) -> Vec<Event> {
    let mut redactor = Redactor::new(Key::from_words(key));
    spare(&mut redactor, &suite_with(&set()));
    redactor.declare(DECLARED).expect("long enough");
    redactor.variables(&set());
    let mut out: Vec<Event> = events.iter().flat_map(|event| redactor.event(event.clone())).collect();
    out.extend(redactor.finish());
    assert_eq!(out.len(), events.len());
    out
}

/// Everything that is written or shown of a run, by name.
fn artefacts(events: &[Event]) -> Vec<(&'static str, String)> {
    let run = Recorded::of(events).expect("a run");
    let mut live = terminal::Live::new(false);
    let shown: Vec<String> = events.iter().filter_map(|event| live.on(event)).collect();
    let wire = |wanted: Direction| {
        let bytes: Vec<u8> = events
            .iter()
            .filter_map(|event| match event {
                Event::Wire { dir, bytes, .. } if *dir == wanted => unescaped(bytes).ok(),
                _ => None,
            })
            .flatten()
            .collect();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let lines: Vec<String> = events.iter().map(Event::to_line).collect();
    vec![
        ("run.ndjson", lines.join("\n")),
        ("the bytes to the module", wire(Direction::Host)),
        ("the bytes from the module", wire(Direction::Module)),
        ("results.json", results::json(&run).expect("JSON")),
        ("junit.xml", junit::xml(&run).expect("XML")),
        ("summary.md", summary::markdown(&run)),
        ("report.html", html::page(&run).expect("HTML")),
        ("the terminal", format!("{}\n{}", shown.join("\n"), terminal::summary(&run))),
        ("the profile", firmware::observed("observed", events).to_toml().expect("TOML")),
    ]
}

#[test]
fn no_secret_is_in_any_byte_of_any_artefact() {
    let suite = suite_with(&set());
    let mut profile = Profile::manual().clone();
    // The simulated module's own numbers are nobody's: this one has somebody's.
    let identity = &mut profile.identity;
    identity.imei = "861234512345678".to_owned();
    identity.imsi = "262011234567890".to_owned();
    identity.iccid = "89490200001234567890".to_owned();
    let mut secrets =
        vec![identity.imei.clone(), identity.imsi.clone(), identity.iccid.clone(), DECLARED.to_owned()];
    secrets.extend(SET[..6].iter().map(|(_, value)| (*value).to_owned()));
    let blurted: Vec<Vec<u8>> = secrets.iter().map(|secret| secret.clone().into_bytes()).collect();
    let blurter = Blurter { module: Module::new(&profile), secrets: blurted, said: 0 };
    // The line cuts what is said at random places.
    let link = Link::new(blurter, 7, Faults { split: true, delay_ms_max: 3, ..Faults::default() });
    let mut memory = Memory::new(link, CaptureMmsc::default());
    let raw = drive(&mut memory, Executor::new(suite.cases().to_vec(), bench(&suite)));

    let find = |events: &[Event]| {
        let mut found = Vec::new();
        for (name, text) in artefacts(events) {
            let text = text.to_lowercase();
            for secret in &secrets {
                let plain = secret.trim_start_matches('+').to_lowercase();
                let hex = plain.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
                for spelling in [plain, hex] {
                    if text.contains(&spelling) {
                        found.push(format!("{spelling} is in {name}"));
                    }
                }
            }
        }
        found
    };
    // The proof that it blurts: each of them is there without redaction.
    let unhidden = find(&raw);
    for secret in &secrets {
        let plain = secret.trim_start_matches('+').to_lowercase();
        assert!(
            unhidden.iter().any(|found| found.starts_with(&plain)),
            "{plain} was never said: {unhidden:?}"
        );
    }
    assert_eq!(find(&hidden(&raw, "key")), Vec::<String>::new());
}

/// A run with a bench's own values, hidden under any key, is judged as it was, and is no other run than itself.
#[test]
fn a_redacted_run_is_judged_and_compared_like_the_run_itself() {
    let suite = suite_with(&set());
    let raw = run(Profile::manual(), suite.cases().to_vec(), bench(&suite), &Conditions::default());
    let (one, two) = (hidden(&raw, "one"), hidden(&raw, "two"));
    assert_ne!(one, two);
    let [one, two] = [one, two].map(|events| Recorded::of(&events).expect("a run"));
    for run in [&one, &two] {
        let ground = run.ground.as_ref().expect("a ground");
        let again = rejudge(run, &suite_with(&ground.variables), ec20_golden::suite_hash());
        assert!(again.holds(), "{}", again.text());
    }
    let comparison = compare(("one", &one), ("two", &two), Rule::default());
    assert!(!comparison.counts().contains_key(&Change::Broke));
    assert!(comparison.is_empty(), "{}", difference::text(&comparison, &Gate::default()));
}

/// What stands in the transcripts is nobody's, and reads as it stands.
#[test]
fn the_manuals_own_values_stay_readable() {
    let raw = run(Profile::manual(), BUILT_IN.cases().to_vec(), bench(&BUILT_IN), &Conditions::default());
    let mut redactor = Redactor::new(Key::from_words("key"));
    spare(&mut redactor, &BUILT_IN);
    let out: Vec<Event> = raw.iter().flat_map(|event| redactor.event(event.clone())).collect();
    let hidden = |event: &Event| match event {
        Event::Wire { dir: Direction::Host, .. } | Event::Held { .. } => Some(event.to_line()),
        _ => None,
    };
    let before: Vec<String> = raw.iter().filter_map(hidden).collect();
    let after: Vec<String> = out.iter().filter_map(hidden).collect();
    let differing: Vec<_> = before.iter().zip(&after).filter(|(before, after)| before != after).collect();
    let own = [
        &Profile::manual().identity.imei,
        &Profile::manual().identity.imsi,
        &Profile::manual().identity.iccid,
    ];
    let strange: Vec<_> =
        differing.iter().filter(|(before, _)| !own.iter().any(|own| before.contains(*own))).collect();
    assert!(strange.is_empty(), "{strange:#?}");
}

//! The doctor finds what is wrong with a bench, says how to mend it, and sends nothing but questions. Every finding that its schema
//! names has a bench in that state here.

mod at_the_port;

use std::path::Path;

use ec20_hil::doctor::{Examination, Machine, Plan, SCHEMA, State, examine, told};
use ec20_suite::executor::Expected;
use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

use crate::ec20::{Ended, command, ec20};
use crate::stranger::{Quirk, Stranger};

/// What a module answers whose bench is in order; the stranger's own table has the rest.
const WELL: [(&str, &str); 7] = [
    ("AT+CGREG?", "\r\n+CGREG: 0,1\r\n\r\nOK\r\n"),
    ("AT+QICSGP=1", "\r\n+QICSGP: 1,\"mms.carrier\",\"\",\"\",0\r\n\r\nOK\r\n"),
    ("AT+CGACT?", "\r\n+CGACT: 1,1\r\n+CGACT: 2,0\r\n\r\nOK\r\n"),
    ("AT+QIACT?", "\r\n+QIACT: 1,1,1,\"10.5.4.3\"\r\n\r\nOK\r\n"),
    ("AT+QMMSCFG=\"mmsc\"", "\r\n+QMMSCFG: \"mmsc\",\"http://mmsc.carrier.example\"\r\n\r\nOK\r\n"),
    ("AT+QMMSCFG=\"proxy\"", "\r\n+QMMSCFG: \"proxy\",\"10.0.0.172\",80\r\n\r\nOK\r\n"),
    ("AT+COPS?", "\r\n+COPS: 0,0,\"CARRIER\",2\r\n\r\nOK\r\n"),
];

/// Everything that the doctor may ever say to a module.
const QUESTIONS: [&str; 17] = [
    "AT",
    "ATI",
    "AT+QGMR",
    "AT+CPIN?",
    "AT+CGATT?",
    "AT+CGREG?",
    "AT+CEREG?",
    "AT+CFUN?",
    "AT+CSQ",
    "AT+COPS?",
    "AT+CGACT?",
    "AT+QIACT?",
    "AT+QICSGP=1",
    "AT+QMMSCFG=\"contextid\"",
    "AT+QMMSCFG=\"mmsc\"",
    "AT+QMMSCFG=\"proxy\"",
    "AT+CGSN",
];

/// A module in order but for these answers.
fn module(ill: &[(&'static str, &'static str)]) -> Stranger {
    let well = WELL.iter().filter(|(line, _)| !ill.iter().any(|(other, _)| other == line));
    let quirks: Vec<_> = well.chain(ill).map(|(line, says)| (*line, Quirk::Says(says))).collect();
    Stranger::with(&quirks)
}

/// A machine on which nothing else runs.
fn empty() -> (TempDir, Machine) {
    let root = tempfile::tempdir().expect("a folder");
    let machine = Machine::below(root.path());
    (root, machine)
}

fn examined(path: &str, plan: &Plan, machine: &Machine) -> Examination {
    let found = examine(&path.parse().expect("a port's name"), plan, machine);
    fits(&serde_json::to_value(&found).expect("JSON"));
    for check in &found.checks {
        assert!(check.state != State::Trouble || check.mend.is_some(), "no way to mend it: {check:?}");
    }
    found
}

/// It fits the published schema.
#[track_caller]
fn fits(json: &Value) {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    jsonschema::meta::validate(&schema).expect("the schema is a schema");
    let schema = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let errors: Vec<String> =
        schema.iter_errors(json).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new(), "{json:#}");
}

/// The module was told nothing but questions.
#[track_caller]
fn only_asked(module: &Stranger) {
    let log = module.log();
    let other: Vec<&String> = log.iter().filter(|line| !QUESTIONS.contains(&line.as_str())).collect();
    assert!(other.is_empty() && !log.is_empty(), "{other:?} of {log:?}");
}

#[test]
fn a_bench_in_order_is_well_and_was_only_asked() {
    let (_root, machine) = empty();
    let module = module(&[]);
    let found = examined(&module.path, &Plan::default(), &machine);
    assert_eq!((found.asked, found.troubles()), (true, 0), "{}", told(&found, 100, false));
    assert!(found.checks.iter().all(|check| check.state == State::Good), "{}", told(&found, 100, false));
    only_asked(&module);
}

/// The manual's section 1.2 has an order; the checks have it too.
#[test]
fn the_checks_stand_in_the_order_of_the_manual() {
    let (_root, machine) = empty();
    let found = examined(&module(&[]).path, &Plan::default(), &machine);
    let order: Vec<(&str, &str)> =
        found.checks.iter().filter_map(|check| Some((check.check, check.section?))).collect();
    let wanted = [
        ("sim", "1.2.1"),
        ("attach", "1.2.2, 1"),
        ("registration", "1.2.2, 2"),
        ("apn", "1.2.2, 3"),
        ("holder", "1.2.2, 4"),
        ("room", "1.2.2, 5"),
        ("context", "1.2.2"),
        ("mmsc", "1.1, step 2"),
        ("proxy", "1.1, step 2"),
    ];
    assert_eq!(order, wanted);
}

const NO_CONTEXT: (&str, &str) = ("AT+QIACT?", "\r\nOK\r\n");

#[rstest]
#[case::no_card(&[("AT+CPIN?", "\r\n+CME ERROR: 10\r\n")], "sim", "sim-missing")]
#[case::no_card_in_words(&[("AT+CPIN?", "\r\n+CME ERROR: SIM not inserted\r\n")], "sim", "sim-missing")]
#[case::no_card_without_a_code(&[("AT+CPIN?", "\r\nERROR\r\n")], "sim", "sim-missing")]
#[case::pin(&[("AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n")], "sim", "sim-pin")]
#[case::pin_as_a_code(&[("AT+CPIN?", "\r\n+CME ERROR: 11\r\n")], "sim", "sim-pin")]
#[case::puk(&[("AT+CPIN?", "\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n")], "sim", "sim-puk")]
#[case::locked(&[("AT+CPIN?", "\r\n+CPIN: PH-NET PIN\r\n\r\nOK\r\n")], "sim", "sim-locked")]
#[case::busy(&[("AT+CPIN?", "\r\n+CME ERROR: 14\r\n")], "sim", "sim-busy")]
#[case::failure(&[("AT+CPIN?", "\r\n+CME ERROR: 13\r\n")], "sim", "sim-failure")]
#[case::not_attached(&[("AT+CGATT?", "\r\n+CGATT: 0\r\n\r\nOK\r\n")], "attach", "not-attached")]
#[case::searching(&[("AT+CGREG?", "\r\n+CGREG: 0,2\r\n\r\nOK\r\n")], "registration", "searching")]
#[case::told_of_places(&[("AT+CGREG?", "\r\n+CGREG: 2,2\r\n\r\nOK\r\n")], "registration", "searching")]
#[case::not_searching(&[("AT+CGREG?", "\r\n+CGREG: 0,0\r\n\r\nOK\r\n")], "registration", "not-searching")]
#[case::denied(&[("AT+CGREG?", "\r\n+CGREG: 0,3\r\n\r\nOK\r\n")], "registration", "denied")]
#[case::unknown(&[("AT+CGREG?", "\r\n+CGREG: 0,4\r\n\r\nOK\r\n")], "registration", "unknown")]
#[case::radio_off(
    &[("AT+CGREG?", "\r\n+CGREG: 0,0\r\n\r\nOK\r\n"), ("AT+CFUN?", "\r\n+CFUN: 4\r\n\r\nOK\r\n")],
    "registration",
    "radio-off"
)]
#[case::no_apn(&[("AT+QICSGP=1", "\r\n+QICSGP: 1,\"\",\"\",\"\",0\r\n\r\nOK\r\n")], "apn", "apn-unset")]
#[case::never_defined(&[("AT+QICSGP=1", "\r\nOK\r\n")], "apn", "apn-unset")]
#[case::taken(&[NO_CONTEXT], "holder", "context-taken")]
#[case::full(
    &[NO_CONTEXT, ("AT+CGACT?", "\r\n+CGACT: 1,0\r\n+CGACT: 2,1\r\n+CGACT: 3,1\r\n+CGACT: 4,1\r\n\r\nOK\r\n")],
    "room",
    "three-active"
)]
#[case::inactive(&[NO_CONTEXT, ("AT+CGACT?", "\r\n+CGACT: 1,0\r\n\r\nOK\r\n")], "context", "context-inactive")]
#[case::refuses_mms(&[("AT+QMMSCFG=\"contextid\"", "\r\nERROR\r\n")], "mmsc", "mms-refused")]
#[case::no_centre(&[("AT+QMMSCFG=\"mmsc\"", "\r\n+QMMSCFG: \"mmsc\",\"\"\r\n\r\nOK\r\n")], "mmsc", "mmsc-unset")]
#[case::centre_at_home(
    &[("AT+QMMSCFG=\"mmsc\"", "\r\n+QMMSCFG: \"mmsc\",\"http://127.0.0.1:8002\"\r\n\r\nOK\r\n")],
    "mmsc",
    "mmsc-out-of-reach"
)]
#[case::proxy_at_home(
    &[("AT+QMMSCFG=\"proxy\"", "\r\n+QMMSCFG: \"proxy\",\"127.0.0.1\",80\r\n\r\nOK\r\n")],
    "proxy",
    "proxy-out-of-reach"
)]
fn what_keeps_messages_from_being_sent(
    #[case] ill: &[(&'static str, &'static str)],
    #[case] check: &str,
    #[case] finding: &str,
) {
    let (_root, machine) = empty();
    let module = module(ill);
    let found = examined(&module.path, &Plan::default(), &machine);
    let text = told(&found, 100, false);
    assert_eq!(found.finding(check), Some(finding), "{text}");
    let made = found.checks.iter().find(|made| made.check == check).expect("the check");
    assert_eq!((made.state, found.asked), (State::Trouble, true), "{text}");
    only_asked(&module);
}

#[rstest]
#[case::roaming(&[("AT+CGREG?", "\r\n+CGREG: 0,5\r\n\r\nOK\r\n")], "registration", "roaming")]
#[case::lte_keeps_it(
    &[NO_CONTEXT, ("AT+COPS?", "\r\n+COPS: 0,0,\"CARRIER\",7\r\n\r\nOK\r\n")],
    "holder",
    "context-of-lte"
)]
#[case::no_proxy(&[("AT+QMMSCFG=\"proxy\"", "\r\n+QMMSCFG: \"proxy\",\"\",0\r\n\r\nOK\r\n")], "proxy", "proxy-unset")]
#[case::another(&[("ATI", "\r\nQuectel\r\nEC25\r\nRevision: EC25EFAR06A03M4G\r\n\r\nOK\r\n"), ("AT+QGMR", "\r\nEC25EFAR06A03M4G\r\n\r\nOK\r\n")], "module", "another-module")]
fn what_is_worth_knowing_is_no_trouble(
    #[case] ill: &[(&'static str, &'static str)],
    #[case] check: &str,
    #[case] finding: &str,
) {
    let (_root, machine) = empty();
    let found = examined(&module(ill).path, &Plan::default(), &machine);
    let made = found.checks.iter().find(|made| made.check == check).expect("the check");
    assert_eq!((made.finding, made.state), (Some(finding), State::Note), "{}", told(&found, 100, false));
}

#[test]
fn what_follows_from_a_missing_card_is_not_told_as_troubles_of_its_own() {
    let (_root, machine) = empty();
    let refused = "\r\n+CME ERROR: 10\r\n";
    let module = module(&[
        ("AT+CPIN?", refused),
        ("AT+CGATT?", "\r\n+CGATT: 0\r\n\r\nOK\r\n"),
        ("AT+CGREG?", "\r\n+CGREG: 0,0\r\n\r\nOK\r\n"),
        ("AT+QMMSCFG=\"contextid\"", refused),
        ("AT+CGACT?", "\r\nOK\r\n"),
        NO_CONTEXT,
    ]);
    let found = examined(&module.path, &Plan::default(), &machine);
    let troubles: Vec<_> = found.checks.iter().filter(|check| check.state == State::Trouble).collect();
    assert_eq!(troubles.iter().map(|check| check.check).collect::<Vec<_>>(), ["sim"]);
    for check in ["attach", "registration", "context", "mmsc"] {
        assert_eq!(found.finding(check), Some("not-checked"), "{check}");
    }
}

#[test]
fn what_the_run_will_tell_the_module_is_not_missing() {
    let (_root, machine) = empty();
    let module = module(&[
        ("AT+QICSGP=1", "\r\nOK\r\n"),
        ("AT+QMMSCFG=\"mmsc\"", "\r\n+QMMSCFG: \"mmsc\",\"\"\r\n\r\nOK\r\n"),
    ]);
    let set = [("apn", "mms"), ("mmsc", "http://mmsc.carrier.example")];
    let set = set.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let found = examined(&module.path, &Plan { set, ..Plan::default() }, &machine);
    assert_eq!(found.troubles(), 0, "{}", told(&found, 100, false));
}

#[rstest]
#[case::loopback("127.0.0.1:0", "capture-out-of-reach")]
#[case::everywhere("0.0.0.0:0", "capture-out-of-reach")]
#[case::nobody_here("203.0.113.7:8002", "capture-not-listening")]
fn a_capture_address_that_no_module_reaches(#[case] capture: &str, #[case] finding: &str) {
    let (_root, machine) = empty();
    let plan = Plan { capture: Some(capture.parse().expect("an address")), ..Plan::default() };
    let found = examined(&module(&[]).path, &plan, &machine);
    assert_eq!(found.finding("capture"), Some(finding), "{}", told(&found, 100, false));
}

#[rstest]
#[case::its_own("861234567890123", None)]
#[case::anothers("861234567890124", Some("wrong-module"))]
fn another_module_than_the_bench_file_names(#[case] imei: &str, #[case] finding: Option<&str>) {
    let (_root, machine) = empty();
    let module = module(&[]);
    let expected = Expected { imei: Some(imei.to_owned()), firmware: Some("EC20STRANGER".to_owned()) };
    let found = examined(&module.path, &Plan { expected, ..Plan::default() }, &machine);
    assert_eq!(found.finding("module"), finding, "{}", told(&found, 100, false));
    only_asked(&module);
}

/// Behind a forwarded port the runner listens at one address and the module is told another.
#[test]
fn an_address_that_leads_here_is_told_in_place_of_the_one_that_is_listened_at() {
    let (_root, machine) = empty();
    let module = module(&[]);
    let examined = |url: &str| {
        let set = [("mmsc".to_owned(), url.to_owned())].into();
        let plan = Plan { set, capture: Some(([127, 0, 0, 1], 0).into()), ..Plan::default() };
        let found = examined(&module.path, &plan, &machine);
        (found.finding("capture"), found.finding("mmsc"))
    };
    assert_eq!(examined("http://mms.bench.example:8002"), (None, None));
    assert_eq!(examined("http://192.168.1.5:8002"), (None, Some("mmsc-out-of-reach")));
}

#[test]
fn the_simulated_module_reaches_everything_on_this_machine() {
    let (_root, machine) = empty();
    let plan = Plan { capture: Some(([127, 0, 0, 1], 0).into()), ..Plan::default() };
    let found = examined("sim", &plan, &machine);
    assert_eq!(
        (found.finding("capture"), found.finding("mmsc")),
        (None, None),
        "{}",
        told(&found, 100, false)
    );
    assert_eq!(found.finding("context"), Some("context-inactive"));
}

// ---- the command line --------------------------------------------------------------------------------------------------------

fn doctor(words: &[&str]) -> Ended {
    ec20(&[&["doctor"], words].concat())
}

#[test]
fn exit_codes_tell_well_from_missing_from_a_bench_that_cannot_be_asked() {
    let well = module(&[]);
    let ill = module(&[("AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n")]);
    for (words, code) in [
        (vec!["--port", well.path.as_str()], 0),
        (vec!["--port", ill.path.as_str()], 1),
        (vec!["--port", "sim:no-such-profile"], 2),
        (vec!["--port", "tcp:nowhere"], 2),
        (vec!["--capture", "127.0.0.1:0"], 2),
        (vec!["--bench", "no-such-bench.toml"], 2),
        (vec!["--ask", "--port", "sim"], 2),
        (vec!["--port", "/dev/ttyUSB-nobody"], 3),
    ] {
        let run = doctor(&words);
        assert_eq!(run.code, Some(code), "{words:?}\n{}{}", run.out, run.err);
    }
}

#[test]
fn json_fits_its_schema_and_colour_comes_only_when_asked() {
    let run = doctor(&["--port", "sim", "--json"]);
    fits(&serde_json::from_str(&run.out).expect("JSON"));
    let list = doctor(&["--json"]);
    fits(&serde_json::from_str(&list.out).expect("JSON"));
    assert!(!doctor(&["--port", "sim"]).out.contains('\x1b'));
    assert!(doctor(&["--port", "sim", "--color", "always"]).out.contains("\x1b[31mtrouble"));
    let mut plain = command(Path::new("."), &["doctor", "--port", "sim", "--color", "never"]);
    let out = plain.env("NO_COLOR", "1").output().expect("ec20 starts").stdout;
    assert!(!out.contains(&0x1b));
}

/// The bench file names the port, and what the run will tell the module.
#[test]
fn a_bench_file_is_examined_as_a_run_would_use_it() {
    let module = module(&[
        ("AT+QICSGP=1", "\r\nOK\r\n"),
        ("AT+QMMSCFG=\"mmsc\"", "\r\n+QMMSCFG: \"mmsc\",\"\"\r\n\r\nOK\r\n"),
        ("AT+CGACT?", "\r\n+CGACT: 1,0\r\n\r\nOK\r\n"),
        NO_CONTEXT,
    ]);
    let folder = tempfile::tempdir().expect("a folder");
    let examined = |rest: &str| {
        let text = format!("port = \"{}\"\n{rest}", module.path);
        std::fs::write(folder.path().join("bench.toml"), text).expect("a bench file");
        let run = command(folder.path(), &["doctor", "--bench", "bench.toml"]).output().expect("ec20 starts");
        (run.status.code(), String::from_utf8(run.stdout).expect("UTF-8"))
    };
    assert_eq!(examined("").0, Some(1), "nobody tells the module its APN");
    let told = "[variables]\napn = \"mms\"\nmmsc = \"http://mmsc.carrier.example\"\n";
    assert_eq!(examined(told).0, Some(1), "nobody lets the run activate its context");
    let (code, text) = examined(&format!("allow = [\"radio\"]\n{told}"));
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(examined("[identity]\nimei = \"861234567890124\"\n").0, Some(1));
    assert_eq!(examined("prot = 1\n").0, Some(2));
}

/// A finding that no test brings about may be a finding that nothing brings about.
#[test]
fn every_finding_of_the_schema_stands_in_a_test() {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let findings = schema.pointer("/$defs/check/properties/finding/enum").and_then(Value::as_array);
    for finding in findings.expect("a list").iter().filter_map(Value::as_str) {
        let name = format!("\"{finding}\"");
        let tests = [include_str!("doctor.rs"), include_str!("doctor/at_the_port.rs")];
        assert!(tests.iter().any(|test| test.contains(&name)), "{finding} has no test");
    }
}

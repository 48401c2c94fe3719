//! `bench.toml` and what hangs on it: its mistakes with their places, options that win over it, the module that must stand there, budgets,
//! the plan, and the lines to begin a bench file with.

use std::path::Path;

use ec20_hil::bench::{BenchFile, EXAMPLE};
use ec20_manual::Effect;
use rstest::rstest;

use crate::ec20::{Ended, command, ec20, ended};
use crate::stranger::Stranger;

/// Runs `ec20 WORDS` with this bench file beside it.
fn with_bench(text: &str, words: &[&str]) -> Ended {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("bench.toml"), text).expect("a bench file");
    let output = command(folder.path(), words).output().expect("ec20 starts");
    ended(output, folder)
}

/// The example explains every key there is, and reads.
#[test]
fn the_example_uses_every_key_and_has_no_mistake() {
    let bench = BenchFile::read("bench.example.toml", EXAMPLE).expect("the example is right");
    assert_eq!(bench.port.map(|port| port.to_string()).as_deref(), Some("usb:1-1.4:2"));
    assert_eq!(bench.speed, Some(115_200));
    assert_eq!((bench.allow[1].effect, bench.allow[1].budget), (Effect::Billable, Some(20)));
    assert!(bench.expected.imei.is_some() && bench.expected.firmware.is_some());
    assert!(bench.power.is_there() && bench.capture.is_some() && bench.budget.is_some());
    assert!(bench.redaction_key.is_some() && !bench.secrets.is_empty() && !bench.recipients.is_empty());
    // How the module is told of the capture MMSC is not how it listens.
    for (name, value) in
        [("mmsc", "http://203.0.113.7:8002"), ("proxy", "203.0.113.7"), ("port", "8002"), ("apn", "internet")]
    {
        assert!(bench.variables.contains(&(name.to_owned(), value.to_owned())), "{name}");
    }
}

#[rstest]
#[case::unknown_key("prot = \"sim\"\n", ":1:1", "prot")]
#[case::unknown_table("port = \"sim\"\n[powr]\noff = \"x\"\n", ":2:2", "powr")]
#[case::port("port = \"usb:1\"\n", ":1:8", "usb:PLACE:INTERFACE")]
#[case::speed("speed = 115201\n", ":1:9", "115200")]
#[case::effect("allow = [\"radio\", \"bilable=2\"]\n", ":1:19", "billable")]
#[case::budget_of_reading("allow = [\"read=2\"]\n", ":1:10", "billable")]
#[case::glob("recipients = [\"[1\"]\n", ":1:15", "a glob")]
#[case::time("budget = \"8 hours\"\n", ":1:10", "45m")]
#[case::imei("[identity]\nimei = \"12\"\n", ":2:8", "15 digits")]
#[case::listen("[mmsc]\nlisten = \"8002\"\n", ":2:10", "0.0.0.0:8002")]
#[case::proxy("[mmsc]\nproxy = \"203.0.113.7\"\n", ":2:9", "HOST:PORT")]
#[case::variable("[variables]\napn = [1]\n", ":2:7", "a string or a number")]
#[case::unknown_variable("[variables]\napnn = \"x\"\n", ":2:1", "did you mean apn?")]
#[case::unknown_key("recipient = [\"+1\"]\n", ":1:1", "did you mean recipients?")]
#[case::no_toml("port = \n", ":1:", "value")]
fn mistakes_are_drawn_with_their_place(#[case] text: &str, #[case] place: &str, #[case] word: &str) {
    let run = with_bench(text, &["hil", "--bench", "bench.toml"]);
    assert_eq!(run.code, Some(2), "{}{}", run.out, run.err);
    for part in [&format!("bench.toml{place}"), word] {
        assert!(run.err.contains(part), "{part} is not in\n{}", run.err);
    }
    assert!(!run.folder.path().join("ec20-runs").exists());
}

#[test]
fn a_variable_that_no_transcript_knows_is_a_mistake_too() {
    let run = with_bench("[variables]\ntoo = \"1\"\n", &["hil", "--bench", "bench.toml", "--list"]);
    assert_eq!(run.code, Some(2), "{}{}", run.out, run.err);
    assert!(run.err.contains("too"), "{}", run.err);
}

#[test]
fn options_win_over_the_file() {
    let text = "port = \"/dev/ttyUSB-nobody\"\n[variables]\nto = \"111\"\n";
    let words = [
        "hil",
        "--bench",
        "bench.toml",
        "--port",
        "sim",
        "--filter",
        "manual-2-2-1-*",
        "--no-redact",
        "--report",
        "run",
    ];
    let from_file = with_bench(text, &words);
    assert_eq!(from_file.code, Some(0), "{}{}", from_file.out, from_file.err);
    assert!(from_file.file("run/run.ndjson").contains("\\\"111\\\""));
    let set = with_bench(text, &[&words[..], &["--set", "to=222"]].concat());
    assert!(
        set.file("run/run.ndjson").contains("\\\"222\\\"")
            && !set.file("run/run.ndjson").contains("\\\"111\\\"")
    );
}

#[rstest]
#[case::the_module("imei = \"861234567890123\"\nfirmware = \"EC20STRANGER01\"\n", None)]
#[case::another_module("imei = \"861234567890124\"\n", Some("861234567890124"))]
#[case::another_firmware("firmware = \"EC20CEFAG\"\n", Some("EC20CEFAG"))]
fn another_module_is_not_asked_anything(#[case] identity: &str, #[case] refused: Option<&str>) {
    let stranger = Stranger::start();
    let text = format!("port = \"{}\"\n[identity]\n{identity}", stranger.path);
    let run = with_bench(
        &text,
        &["hil", "--bench", "bench.toml", "--filter", "manual-2-2-1-*", "--no-redact", "--report", "run"],
    );
    let log = stranger.log();
    match refused {
        None => {
            assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
            assert!(log.contains(&"AT+QMMSEDIT=1".to_owned()), "{log:?}");
        }
        Some(word) => {
            assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
            assert!(
                run.out.contains("exit 3: another module: the bench file expects") && run.out.contains(word),
                "{}",
                run.out
            );
            let known = ["AT", "ATS3?", "ATS4?", "ATS5?", "ATI", "AT+QGMR", "AT+CGSN"];
            assert!(log.iter().all(|line| known.contains(&line.as_str())), "{log:?}");
        }
    }
}

/// Offers and leaves enough to send the two examples of the manual.
const SENDS: [&str; 8] = [
    "--offer",
    "sim-card,attach,pdp,mmsc,proxy",
    "--recipient",
    "13856122546",
    "--recipient",
    "*@quectel.com",
    "--filter",
    "manual-2-3-send or manual-3-1-5-send",
];

#[test]
fn a_budget_lets_so_many_messages_leave_and_no_more() {
    let stranger = Stranger::start();
    let words = ["hil", "--port", &stranger.path, "--report", "run", "--allow", "radio,billable=1"];
    let run = ec20(&[&words[..], &SENDS].concat());
    let sent = stranger.log().iter().filter(|line| line.starts_with("AT+QMMSEND=")).count();
    assert_eq!(sent, 1, "{}", run.out);
    assert_eq!(run.cases("withheld").len(), 1, "{}", run.out);
    assert!(run.out.contains("budget"), "{}", run.out);
}

/// The file's time counts where the option says nothing.
#[test]
fn the_time_of_the_file_ends_a_run() {
    let stranger = Stranger::start();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bench.toml");
    std::fs::write(&file, format!("port = \"{}\"\nbudget = \"1s\"\n", stranger.path)).expect("a file");
    let words = ["hil", "--bench", file.to_str().expect("a path"), "--filter", "manual-2-2-*"];
    let run = ec20(&words);
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    assert!(run.out.contains("time budget"), "{}", run.out);
    let longer = ec20(&[&words[..], &["--budget", "5m"]].concat());
    assert!(!longer.out.contains("time budget"), "{}", longer.out);
}

#[test]
fn a_dry_run_says_all_and_sends_nothing() {
    let stranger = Stranger::start();
    let words = ["hil", "--port", &stranger.path, "--dry-run"];
    let none = ec20(&[&words[..], &SENDS].concat());
    assert_eq!(none.code, Some(0), "{}{}", none.out, none.err);
    for word in ["0 messages would be sent", "2 withheld (billable)", "0 of 2 cases would be asked"] {
        assert!(none.out.contains(word), "{word} is not in\n{}", none.out);
    }
    let two = ec20(&[&words[..], &["--allow", "radio,billable=1", "--repeat", "1"], &SENDS].concat());
    for word in ["1 messages would be sent", "1 withheld (budget)", "AT+QICSGP=1", "taken as offered"] {
        assert!(two.out.contains(word), "{word} is not in\n{}", two.out);
    }
    let wiping = ec20(&["hil", "--port", &stranger.path, "--dry-run", "--allow", "nv,destructive"]);
    for word in ["not put back:", "which writes non-volatile memory", "which resets or wipes"] {
        assert!(wiping.out.contains(word), "{word} is not in\n{}", wiping.out);
    }
    assert_eq!(stranger.log(), Vec::<String>::new(), "no byte has left");
    assert!(!wiping.folder.path().join("ec20-runs").exists(), "and no folder was made");
}

#[test]
fn a_run_without_a_bench_file_ends_with_the_lines_to_begin_one() {
    let stranger = Stranger::start();
    let run = ec20(&["hil", "--port", &stranger.path, "--filter", "manual-2-2-1-*", "--report", "run"]);
    let stanza = run.out.split("begins like this").nth(1).unwrap_or_else(|| panic!("{}", run.out));
    let toml = stanza.split_once("\n\n").map_or("", |(_, toml)| toml);
    let (toml, last) = toml.split_once("\n\nexit ").expect("the end of the run");
    assert!(last.starts_with("0: "), "{last}");
    let bench = BenchFile::read("pasted", toml).unwrap_or_else(|mistakes| panic!("{mistakes:?}\n{toml}"));
    assert_eq!(bench.port.map(|port| port.to_string()), Some(stranger.path.clone()));
    assert_eq!(bench.expected.firmware.as_deref(), Some("EC20STRANGER01_01.001"));
    assert!(!toml.contains("861234567890123"), "the IMEI is nobody's business");
}

#[test]
fn an_earlier_run_is_not_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |folder: &Path| {
        let words = ["hil", "--filter", "manual-2-2-1-*", "--report", "run"];
        command(folder, &words).output().expect("ec20 starts")
    };
    assert_eq!(run(folder.path()).status.code(), Some(0));
    let journal = std::fs::read(folder.path().join("run/run.ndjson")).expect("a journal");
    let again = run(folder.path());
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("not overwritten"));
    assert_eq!(std::fs::read(folder.path().join("run/run.ndjson")).expect("a journal"), journal);
}

#[rstest]
#[case("bash", "_ec20")]
#[case("zsh", "#compdef ec20")]
#[case("fish", "complete -c ec20")]
fn shells_complete_words_and_options(#[case] shell: &str, #[case] word: &str) {
    let run = ec20(&["completions", shell]);
    assert_eq!(run.code, Some(0));
    assert!(run.out.contains(word) && run.out.contains("dry-run"), "{}", run.out);
}

/// What a fuzzer begins with, and what it once found, through the law that it holds against every bench file.
#[test]
fn seeds_and_old_crashers_break_no_law() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let mut count = 0;
    for folder in ["seeds/benches", "regressions/file_bench"] {
        for entry in std::fs::read_dir(fuzz.join(folder)).into_iter().flatten().flatten() {
            let bytes = std::fs::read(entry.path()).expect("a seed");
            ec20_laws::files::bench_file(&bytes, ec20_hil::bench::mistakes);
            count += 1;
        }
    }
    assert!(count >= 2, "the seeds are there");
}

/// A file that is none, whatever its size, is told in few words.
#[rstest]
#[case::deep("[".repeat(200_000), "at most 32 brackets in each other")]
#[case::dotted("a.".repeat(200_000), "at most 32 parts of a key")]
#[case::large("x".repeat(2_000_000), "expected a file of at most 1048576 bytes")]
#[case::one_line(format!("port = {}", "x".repeat(900_000)), "bench.toml:1:")]
#[case::many(format!("recipients = [{}]", "\"[\",".repeat(5_000)), "a glob")]
fn a_bench_file_beyond_the_limits_is_told_in_few_words(#[case] text: String, #[case] wanted: &str) {
    let ended = with_bench(&text, &["hil", "--bench", "bench.toml", "--list"]);
    assert_eq!(ended.code, Some(2), "{:.500}", ended.err);
    assert!(ended.err.contains(wanted), "{:.900}", ended.err);
    assert!(ended.err.split("bench.toml:").all(|one| one.len() <= 2000), "{}", ended.err.len());
}

//! `cargo xtask fuzz`: builds the fuzz targets with the stable toolchain, runs them for some seconds each, and says how many inputs they tried.
//!
//! The targets are whatever `fuzz/fuzz_targets/` holds. `canary` is a planted bug: it must be found, or the set-up finds nothing. What a target
//! finds is left in `fuzz/artifacts/TARGET/`; kept as `fuzz/regressions/TARGET/NAME` it is held against its law in `cargo test` for good.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::cargo::{cargo, succeeds, workspace_root};

const USAGE: &str =
    "cargo xtask fuzz [TARGET...] [--seconds N]   run these targets, or all, for N seconds each (60)
cargo xtask fuzz [TARGET...] --runs N        try N inputs each, however long that takes
cargo xtask fuzz smoke                       run all for 5 seconds each, and see that the canary is found
cargo xtask fuzz list                        name the targets";

/// What every crate is built with: debug assertions are on.
const COMMON: &str = "-Cdebug-assertions -Ccodegen-units=1 --cfg fuzzing";

/// Coverage for libFuzzer from the stable compiler, as cargo-fuzz asks for it from a nightly one. Comparisons of memory stay comparisons of bytes, so
/// that libFuzzer sees into them.
const COVERAGE: [&str; 8] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "-Cllvm-args=-sanitizer-coverage-stack-depth",
    "-Cllvm-args=-max-loads-per-memcmp=0",
];

/// The crates that are watched: those under test and the laws. Watching pest, the grammar's two generated parsers and everything below them makes a
/// run ten times slower and tells nothing: sentences are drawn from the grammar, and it is the parser's ways that must all be gone.
const WATCHED: [&str; 7] =
    ["ec20_at", "ec20_hil", "ec20_laws", "ec20_manual", "ec20_suite", "mms_pdu", "mmsc"];

/// Set for cargo's calls of the compiler, which go through this binary: see [`rustc`].
const WRAPPING: &str = "EC20_FUZZ_RUSTC";

/// How long the canary may sing unheard.
const CANARY_SECONDS: u64 = 60;

/// When a target has had enough.
#[derive(Clone, Copy)]
enum Until {
    Seconds(u64),
    Runs(u64),
}

/// What a run of one target came to.
struct Outcome {
    target: String,
    executions: u64,
    per_second: u64,
    good: bool,
    remark: &'static str,
}

/// Whether this process is a call of the compiler by the cargo that builds the targets.
pub(crate) fn is_rustc() -> bool {
    std::env::var_os(WRAPPING).is_some()
}

/// Calls the compiler as cargo wants it, and asks for coverage where a crate is watched: cargo knows no flags for single crates.
pub(crate) fn rustc(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let Some(rustc) = args.next() else { return ExitCode::from(2) };
    let args: Vec<OsString> = args.collect();
    let name = args.iter().skip_while(|arg| *arg != "--crate-name").nth(1).and_then(|name| name.to_str());
    let mut command = Command::new(rustc);
    command.args(&args).env_remove(WRAPPING);
    if name.is_some_and(|name| WATCHED.contains(&name)) {
        command.args(COVERAGE);
    }
    // Errors of the compiler come on its own output; here only whether it went well matters.
    if command.status().is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs `args`, the words behind `cargo xtask fuzz`.
pub(crate) fn run(args: &[OsString]) -> ExitCode {
    if args == ["list"] {
        eprintln!("{}", targets().join("\n"));
        return ExitCode::SUCCESS;
    }
    let Some((targets, until)) = wanted(args) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let Some(folder) = built(&targets) else { return ExitCode::FAILURE };
    let outcomes: Vec<Outcome> = targets.iter().map(|target| fuzz(&folder, target, until)).collect();
    eprintln!("\n{:<24} {:>14} {:>12}", "target", "executions", "per second");
    for Outcome { target, executions, per_second, remark, .. } in &outcomes {
        eprintln!("{target:<24} {executions:>14} {per_second:>12}  {remark}");
    }
    if outcomes.iter().all(|outcome| outcome.good) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The targets, and how long each runs.
fn wanted(args: &[OsString]) -> Option<(Vec<String>, Until)> {
    let all = targets();
    let mut chosen = Vec::new();
    let mut until = Until::Seconds(60);
    let mut words = args.iter().map(|word| word.to_str());
    while let Some(word) = words.next() {
        let mut number = || words.next()??.parse().ok().filter(|&number| number > 0);
        match word? {
            "--seconds" => until = Until::Seconds(number()?),
            "--runs" => until = Until::Runs(number()?),
            "smoke" => until = Until::Seconds(5),
            target => chosen.push(all.iter().find(|known| *known == target)?.clone()),
        }
    }
    Some((if chosen.is_empty() { all } else { chosen }, until))
}

/// The names of the files in `fuzz/fuzz_targets/`.
fn targets() -> Vec<String> {
    let files = std::fs::read_dir(root().join("fuzz_targets")).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        files.filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    names
}

fn root() -> PathBuf {
    workspace_root().join("fuzz")
}

/// Builds the targets; the folder they are in, or nothing if one of them does not build.
fn built(targets: &[String]) -> Option<PathBuf> {
    let version = Command::new("rustc").arg("-vV").output().ok()?;
    let version = String::from_utf8(version.stdout).ok()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "))?.to_owned();
    // A directory apart: these flags would rebuild everything in the usual one. With a target named, they spare build scripts and macros.
    let base =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace_root().join("target"), PathBuf::from);
    let directory = base.join("fuzz");
    let mut command = cargo(["build", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target", &host]);
    command.args(targets.iter().flat_map(|target| ["--bin", target]));
    command.arg("--target-dir").arg(&directory).env("RUSTFLAGS", COMMON);
    command.env("RUSTC_WRAPPER", std::env::current_exe().ok()?).env(WRAPPING, "1");
    succeeds(command).then(|| directory.join(host).join("release"))
}

fn fuzz(folder: &Path, target: &str, until: Until) -> Outcome {
    let canary = target == "canary";
    let outcome = |executions, per_second, good, remark| Outcome {
        target: target.to_owned(),
        executions,
        per_second,
        good,
        remark,
    };
    eprintln!("\n== {target}");
    // Seeds lie in one folder for each kind of input; those of another kind do a target no harm.
    let (corpus, artifacts) = (root().join("corpus").join(target), root().join("artifacts").join(target));
    let made = std::fs::create_dir_all(&corpus).and_then(|()| std::fs::create_dir_all(&artifacts));
    if made.is_err() {
        return outcome(0, 0, false, "no folder for what it finds");
    }
    // A target over a reader of files draws from files of every kind, and from words of their own.
    let of_files = target.starts_with("file_");
    let seeds: &[&str] = if of_files {
        &["benches", "journals", "logs", "packages", "profiles", "transcripts", "waivers"]
    } else {
        &["units", "sessions", "messages", "requests"]
    };
    let seeds: Vec<PathBuf> = seeds.iter().map(|kind| root().join("seeds").join(kind)).collect();
    let words = if of_files { "files.dict" } else { "at.dict" };
    let kept = root().join("regressions").join(target);
    let (until, longest) = match (canary, of_files) {
        (true, _) => (Until::Seconds(CANARY_SECONDS), 64),
        (false, true) => (until, 6144),
        (false, false) => (until, 2048),
    };
    let mut command = Command::new(folder.join(target));
    command
        .arg(&corpus)
        .args(seeds.iter().chain([&kept]).filter(|folder| folder.is_dir() && !canary))
        .arg(match until {
            Until::Seconds(seconds) => format!("-max_total_time={seconds}"),
            Until::Runs(runs) => format!("-runs={runs}"),
        })
        .arg(format!("-max_len={longest}"))
        .arg(format!("-dict={}", root().join(words).display()))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args(["-print_final_stats=1", "-timeout=10", "-rss_limit_mb=2048", "-len_control=0"])
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else { return outcome(0, 0, false, "does not start") };
    let (mut executions, mut per_second) = (0, 0);
    for line in
        child.stderr.take().map(BufReader::new).into_iter().flat_map(BufReader::lines).map_while(Result::ok)
    {
        let stat = |name: &str| line.strip_prefix(name).and_then(|number| number.trim().parse().ok());
        executions = stat("stat::number_of_executed_units:").unwrap_or(executions);
        per_second = stat("stat::average_exec_per_sec:").unwrap_or(per_second);
        // libFuzzer tells of each new input; only what it found is for a person.
        let chatter = line.starts_with('#') || line.starts_with("INFO:") || line.starts_with("stat::");
        if !chatter && !canary {
            eprintln!("{line}");
        }
    }
    match (child.wait().is_ok_and(|status| status.success()), canary) {
        (true, false) => outcome(executions, per_second, true, ""),
        (false, false) => outcome(executions, per_second, false, "FOUND something: see fuzz/artifacts"),
        (false, true) => outcome(executions, per_second, true, "found, as it must be"),
        (true, true) => outcome(executions, per_second, false, "NOT FOUND: this set-up finds nothing"),
    }
}

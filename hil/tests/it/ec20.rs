//! The binary as a person starts it: its exit code, what it prints, what it leaves in the run's folder.

use std::path::Path;
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tempfile::TempDir;

/// The binary, in a folder of its own, with everything it left there.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) folder: TempDir,
}

/// A call of `ec20` with `words`, in `folder`.
pub(crate) fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ec20"));
    command.args(words).current_dir(folder).env("EC20_CALLED_AS", "cargo xtask");
    command
}

/// Runs `ec20 WORDS` to its end.
pub(crate) fn ec20(words: &[&str]) -> Ended {
    let folder = tempfile::tempdir().expect("a folder");
    let output = command(folder.path(), words).output().expect("ec20 starts");
    ended(output, folder)
}

/// What a finished process left.
pub(crate) fn ended(output: Output, folder: TempDir) -> Ended {
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr), folder }
}

/// Waits until `there` holds, for a while.
#[track_caller]
pub(crate) fn until(what: &str, mut there: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !there() {
        assert!(Instant::now() < deadline, "{what} did not come to be");
        std::thread::sleep(Duration::from_millis(3));
    }
}

/// Sends a signal to a child.
pub(crate) fn signal(child: &Child, signal: Signal) {
    let id = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw).expect("a process id");
    rustix::process::kill_process(id, signal).expect("the signal is sent");
}

impl Ended {
    /// A file that the run left.
    pub(crate) fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name))
            .unwrap_or_else(|error| panic!("{name}: {error}\n{}", self.out))
    }

    /// How long the run took by its own clock, when it came to its end.
    #[track_caller]
    pub(crate) fn took(&self) -> Duration {
        let journal = self.file("run/run.ndjson");
        let last =
            journal.lines().last().and_then(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let last = last.filter(|last| last["event"] == "end").unwrap_or_else(|| panic!("no end:\n{journal}"));
        Duration::from_micros(last["t_us"].as_u64().expect("a time"))
    }

    /// `results.json` of a run that was told `--report run`.
    pub(crate) fn results(&self) -> serde_json::Value {
        serde_json::from_str(&self.file("run/results.json")).expect("results.json is JSON")
    }

    /// (case, verdict) of every case, in order.
    pub(crate) fn verdicts(&self) -> Vec<(String, String)> {
        let results = self.results();
        let cases = results["cases"].as_array().expect("a list of cases");
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("none").to_owned();
        cases.iter().map(|case| (text(&case["case"]), text(&case["verdict"]))).collect()
    }

    /// The cases that came to this verdict.
    pub(crate) fn cases(&self, verdict: &str) -> Vec<String> {
        self.verdicts().into_iter().filter(|(_, came)| came == verdict).map(|(case, _)| case).collect()
    }
}

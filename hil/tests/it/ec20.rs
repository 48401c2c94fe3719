//! The binary as a person starts it: its exit code, what it prints, what it leaves in the run's folder.

use std::path::Path;
use std::process::{Command, Output};

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
    command.args(words).current_dir(folder);
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

impl Ended {
    /// A file that the run left.
    pub(crate) fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name))
            .unwrap_or_else(|error| panic!("{name}: {error}\n{}", self.out))
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

//! The power switch at work: hooks of the bench file take a wedged module away and bring one back, and the run goes on with it, or says why
//! not. The module is a process of its own; wedged is a process that is stopped: its terminal is there, and nobody answers.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use ec20_suite::journal::Event;
use rustix::process::{Pid, Signal, kill_process};

use crate::ec20::{Ended, command, ended, until};

/// The switch of a simulated module in a folder: `off` and `on`, as a shell runs them there.
struct Switch<'a> {
    folder: &'a Path,
    on: String,
}

impl<'a> Switch<'a> {
    /// The module that `on` starts is told these words.
    fn new(folder: &'a Path, words: &str) -> Self {
        let ec20 = env!("CARGO_BIN_EXE_ec20");
        let start = format!("{ec20} sim --pty module {words} > sim.out 2>&1 & echo $! > sim.pid");
        Self { folder, on: format!("{start}; until [ -e module ]; do sleep 0.05; done") }
    }

    fn run(&self, line: &str) {
        let status = Command::new("sh").args(["-c", line]).current_dir(self.folder).status();
        assert!(status.is_ok_and(|status| status.success()), "{line}");
    }

    fn module(&self) -> Option<Pid> {
        Pid::from_raw(fs::read_to_string(self.folder.join("sim.pid")).ok()?.trim().parse().ok()?)
    }

    /// A run with this switch, from a bench file.
    fn hil(&self) -> Child {
        let text = format!(
            "port = \"{}/module\"\n[power]\noff = 'kill -9 $(cat sim.pid); rm module; echo dark'\non = '{}; echo lit'\nback = \"20s\"\n",
            self.folder.display(),
            self.on
        );
        fs::write(self.folder.join("bench.toml"), text).expect("a bench file");
        let words = [
            "hil",
            "--bench",
            "bench.toml",
            "--filter",
            "manual-2-2-* or cfg-sendparam-*",
            "--report",
            "run",
        ];
        let mut hil = command(self.folder, &words);
        hil.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("ec20 starts")
    }

    /// Wedges the module once this many cases have ended.
    fn wedge_after(&self, cases: usize) {
        let journal = || fs::read_to_string(self.folder.join("run/run.ndjson")).unwrap_or_default();
        until("a case", || journal().matches("\"event\":\"case-end\"").count() >= cases);
        kill_process(self.module().expect("a module"), Signal::STOP).expect("it is stopped");
    }
}

impl Drop for Switch<'_> {
    fn drop(&mut self) {
        if let Some(module) = self.module() {
            let _ = kill_process(module, Signal::KILL);
        }
    }
}

/// A module that is wedged in mid-run, and a run that works its switch.
fn wedged(at_first: &str, then: &str) -> Ended {
    let folder = tempfile::tempdir().expect("a folder");
    let output = {
        let first = Switch::new(folder.path(), at_first);
        first.run(&first.on);
        let second = Switch::new(folder.path(), then);
        let hil = second.hil();
        first.wedge_after(3);
        hil.wait_with_output().expect("ec20 ends")
    };
    ended(output, folder)
}

/// What the journal says of the bench.
fn notes(run: &Ended) -> String {
    let note = |line: &str| match Event::from_line(line).ok()? {
        Event::Bench { note, .. } => Some(note),
        _ => None,
    };
    run.file("run/run.ndjson").lines().filter_map(note).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_wedged_module_is_switched_off_and_on_and_asked_the_rest() {
    let run = wedged("", "");
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    assert_eq!(run.cases("broken").len(), 1, "{}", run.out);
    assert_eq!(run.cases("pass").len() + 1, run.verdicts().len(), "{}", run.out);
    let notes = notes(&run);
    let told = [
        "working the power switch",
        "power off",
        "dark",
        "power on",
        "lit",
        "is open again",
        "the module is back",
    ];
    for words in told {
        assert!(notes.contains(words), "{words} is not in\n{notes}");
    }
}

#[test]
fn another_module_behind_the_switch_is_asked_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = folder.path().join("other.toml");
    let other =
        "name = \"other\"\n[identity]\nimei = \"869999999999990\"\nrevision = \"EC20CEFAGR06A11M4G\"\n";
    fs::write(&profile, other).expect("a profile");
    let run = wedged("", &format!("--profile {}", profile.display()));
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    let verdicts = run.verdicts();
    let first = verdicts.iter().position(|(_, verdict)| verdict == "broken").expect("one is broken");
    assert!(verdicts[..first].iter().all(|(_, verdict)| verdict == "pass"), "{}", run.out);
    assert!(verdicts[first + 1..].iter().all(|(_, verdict)| verdict == "none"), "{}", run.out);
    assert!(run.out.contains("another module answers than at the beginning"), "{}", run.out);
    // Both serial numbers are somebody's.
    let all = format!("{}{}", run.out, run.file("run/run.ndjson"));
    assert!(!all.contains("869999999999990") && !all.contains("861075020000016"), "{}", run.out);
    assert_eq!(notes(&run).matches("working the power switch").count(), 1, "{}", run.out);
}

//! `cargo xtask ci`: what the continuous integration asks of a change, without the system packages that `.ci/run` installs first. Every
//! step runs even when an earlier one failed, and all failures are named together at the end.

use std::process::{Command, ExitCode};
use std::time::Instant;

use crate::cargo::{cargo, succeeds};

/// A step: its name, the call, and what the environment adds.
type Step = (&'static str, Vec<&'static str>, &'static [(&'static str, &'static str)]);

fn steps() -> Vec<Step> {
    vec![
        // The README's own command, and with it the forbidden edges and the tidy rules.
        ("tests", vec!["test", "--workspace"], &[("INSTA_UPDATE", "no")]),
        ("format", vec!["fmt", "--all", "--check"], &[]),
        ("clippy", vec!["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[]),
        ("docs", vec!["doc", "--workspace", "--no-deps"], &[("RUSTDOCFLAGS", "-D warnings")]),
        // The README's other command: the whole suite against the simulated module, over a serial port.
        ("suite against the simulated module", vec!["xtask", "hil", "--port", "sim"], &[]),
    ]
}

/// Runs every step and says which ones failed.
pub(crate) fn run() -> ExitCode {
    let mut failed = Vec::new();
    for (name, args, environment) in steps() {
        eprintln!("\n== {name}: cargo {}", args.join(" "));
        let started = Instant::now();
        let mut command: Command = cargo(&args);
        command.envs(environment.iter().copied());
        let good = succeeds(command);
        eprintln!(
            "== {name}: {} after {} s",
            if good { "good" } else { "FAILED" },
            started.elapsed().as_secs()
        );
        if !good {
            failed.push(name);
        }
    }
    if failed.is_empty() {
        eprintln!("\nci: every step is good");
        return ExitCode::SUCCESS;
    }
    eprintln!("\nci: failed: {}", failed.join(", "));
    ExitCode::FAILURE
}

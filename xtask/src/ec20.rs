//! Hands a word to `ec20`: builds it, then becomes it.
//!
//! On Unix the process is replaced, so that Ctrl-C reaches the bench itself, its clean-up runs, and its exit code is ours. A parent that
//! waits instead would die at the first Ctrl-C and take the terminal away from a run that is still restoring a module's settings.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use serde_json::Value;

use crate::cargo::{cargo, workspace_root};

/// What `ec20` returns for a command line or a build that cannot run at all.
const USAGE: u8 = 2;

/// Builds `ec20`, then runs `ec20 WORD REST` in the caller's directory.
pub(crate) fn run(word: &OsStr, rest: &[OsString]) -> ExitCode {
    let Some(binary) = built() else {
        eprintln!("xtask: `ec20` does not build; nothing was run");
        return ExitCode::from(USAGE);
    };
    let mut command = Command::new(binary);
    // What a run tells the user to type again begins with what the user typed.
    command.arg(word).args(rest).env("EC20_CALLED_AS", "cargo xtask");
    become_it(command)
}

/// Builds `ec20` and asks cargo where it is: a second call of cargo, to run it, would look at every package once more.
fn built() -> Option<PathBuf> {
    let manifest = workspace_root().join("Cargo.toml");
    let words =
        ["build", "--package", "ec20-hil", "--bin", "ec20", "--message-format=json-render-diagnostics"];
    let mut build = cargo(words);
    let output = build.arg("--manifest-path").arg(manifest).stderr(Stdio::inherit()).output().ok()?;
    let told = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    let mut places = told.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        // Only what can be run has a place to be run from.
        message["executable"].as_str().map(PathBuf::from)
    });
    places.next_back()
}

#[cfg(unix)]
fn become_it(mut command: Command) -> ExitCode {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    eprintln!("xtask: cannot start `ec20`: {error}");
    ExitCode::from(USAGE)
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> ExitCode {
    match command.status() {
        Ok(status) => {
            status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(error) => {
            eprintln!("xtask: cannot start `ec20`: {error}");
            ExitCode::from(USAGE)
        }
    }
}

//! Hands a word to `ec20`: builds it, then becomes it.
//!
//! On Unix the process is replaced, so that Ctrl-C reaches the bench itself, its clean-up runs, and its exit code is ours. A parent that
//! waits instead would die at the first Ctrl-C and take the terminal away from a run that is still restoring a module's settings.

use std::ffi::{OsStr, OsString};
use std::process::{Command, ExitCode};

use crate::cargo::{cargo, workspace_root};

/// What `ec20` returns for a command line or a build that cannot run at all.
const USAGE: u8 = 2;

/// Builds `ec20`, then runs `ec20 WORD REST` in the caller's directory.
pub(crate) fn run(word: &OsStr, rest: &[OsString]) -> ExitCode {
    let manifest = workspace_root().join("Cargo.toml");
    let program = |verb: &str| {
        let mut command = cargo([verb, "--package", "ec20-hil", "--bin", "ec20", "--manifest-path"]);
        command.arg(&manifest);
        command
    };
    if !program("build").status().is_ok_and(|status| status.success()) {
        eprintln!("xtask: `ec20` does not build; nothing was run");
        return ExitCode::from(USAGE);
    }
    // `cargo run` replaces itself as well, so that in the end one process is left: `ec20`.
    let mut command = program("run");
    command.arg("--quiet").arg("--").arg(word).args(rest);
    become_it(command)
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

//! `cargo xtask bench`: every benchmark of the workspace through criterion.

use std::ffi::OsString;
use std::process::ExitCode;

use crate::cargo::{cargo, succeeds};

/// Runs `cargo bench --workspace`, with `args` handed on.
pub(crate) fn run(args: &[OsString]) -> ExitCode {
    let mut command = cargo(["bench", "--workspace"]);
    command.args(args);
    if succeeds(command) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

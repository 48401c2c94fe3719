//! How this package calls cargo: with the cargo that called it, from the workspace's root, as argument arrays and never through a shell.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// A call of cargo with `args`, in the directory the caller stands in.
pub(crate) fn cargo<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args);
    command
}

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn workspace_root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// Runs `command` from the workspace's root, with its output on the terminal; true when it ended well.
pub(crate) fn succeeds(mut command: Command) -> bool {
    command.current_dir(workspace_root()).status().is_ok_and(|status| status.success())
}

//! `ec20 completions SHELL`: what a shell needs to complete the words and options.

use std::io::Write as _;

use clap::{Args, Command};
use clap_complete::Shell;
use ec20_suite::verdict::Exit;

/// The options of `ec20 completions`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints the script.
pub(super) fn run(arguments: &Arguments, mut command: Command) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "ec20", &mut script);
    // A reader that went away wants no more of it.
    let _ = std::io::stdout().lock().write_all(&script);
    Exit::Kept
}

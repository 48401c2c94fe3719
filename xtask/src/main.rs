//! Thin automation. It knows cargo and the names of three chores; any other word goes to the bench's own command line, `ec20`, unchanged:
//! `cargo xtask hil --port sim` is `ec20 hil --port sim`. It refuses to know any product crate, so it builds in seconds.

mod bench;
mod cargo;
mod ci;
mod ec20;
mod fuzz;

use std::ffi::OsString;
use std::process::ExitCode;

const USAGE: &str = "cargo xtask ci              what the continuous integration runs, without its system packages
cargo xtask bench [ARGS]    every benchmark; ARGS go to `cargo bench`
cargo xtask fuzz [ARGS]     every law against libFuzzer; `cargo xtask fuzz help` says more
cargo xtask WORD [ARGS]     any other word is `ec20 WORD ARGS`: hil, doctor, compare, lint, fmt, sim, mmsc, help ...";

fn main() -> ExitCode {
    if fuzz::is_rustc() {
        return fuzz::rustc(std::env::args_os().skip(1));
    }
    let mut words = std::env::args_os().skip(1);
    let Some(word) = words.next() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let rest: Vec<OsString> = words.collect();
    match word.to_str() {
        Some("ci") => ci::run(),
        Some("bench") => bench::run(&rest),
        Some("fuzz") => fuzz::run(&rest),
        _ => ec20::run(&word, &rest),
    }
}

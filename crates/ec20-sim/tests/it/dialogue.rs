//! Dialogues as text: what the host sends, what the module must answer, byte for byte.
//!
//! `> TEXT` sends a command line. `< TEXT` lines are the whole answer, the last one its result; they are compared with
//! their frame. `data N X` sends N times the byte X. `! TEXT` awaits an unsolicited line, `# TEXT` is a comment.

use std::fmt::Write as _;

use ec20_manual::profile::Profile;
use ec20_sim::leg::memory::{Bench, FarEnd, Nowhere};
use ec20_sim::{Machine, Module};

/// The longest that any command or send of these dialogues takes.
pub(crate) const PATIENCE_MS: u64 = 200_000;

/// A module that plays the manual's profile, with no network beyond it.
pub(crate) fn bench() -> Bench<Module, Nowhere> {
    Bench::new(Module::new(Profile::manual()), Nowhere)
}

/// The lines of one answer in their frame.
pub(crate) fn framed(lines: &[&str]) -> String {
    let Some((result, info)) = lines.split_last() else { return String::new() };
    let mut text = String::new();
    if !info.is_empty() {
        write!(text, "\r\n{}\r\n", info.join("\r\n")).expect("a string takes everything");
    }
    write!(text, "\r\n{result}\r\n").expect("a string takes everything");
    text
}

/// Plays a dialogue on a fresh module of the manual's profile.
#[track_caller]
pub(crate) fn check(dialogue: &str) {
    check_on(&mut bench(), dialogue);
}

/// Plays a dialogue on a fresh module of a profile.
#[track_caller]
pub(crate) fn check_profile(profile: &Profile, dialogue: &str) {
    check_on(&mut Bench::new(Module::new(profile), Nowhere), dialogue);
}

/// Plays a dialogue on a bench that is set up already.
#[track_caller]
pub(crate) fn check_on<M: Machine, F: FarEnd>(bench: &mut Bench<M, F>, dialogue: &str) {
    let lines: Vec<&str> = dialogue.lines().map(str::trim_start).filter(|line| !line.is_empty()).collect();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        let wanted: Vec<&str> = lines[at..].iter().map_while(|line| line.strip_prefix("< ")).collect();
        if let Some(command) = line.strip_prefix("> ") {
            at += wanted.len();
            let came = bench.exchange(command, PATIENCE_MS);
            let expected = format!("{command}\r{}", framed(&wanted));
            assert_eq!(
                came.escape_debug().to_string(),
                expected.escape_debug().to_string(),
                "in answer to {command}"
            );
        } else if let Some(data) = line.strip_prefix("data ") {
            at += wanted.len();
            let (count, byte) = data.split_once(' ').expect("data N X");
            bench.send(byte.repeat(count.parse().expect("a count")).as_bytes());
            let came = String::from_utf8(bench.take()).expect("text");
            assert_eq!(
                came.escape_debug().to_string(),
                framed(&wanted).escape_debug().to_string(),
                "after the data"
            );
        } else if let Some(urc) = line.strip_prefix("! ") {
            let expected = format!("\r\n{urc}\r\n");
            bench.run_till_heard(expected.as_bytes(), PATIENCE_MS);
            let came = String::from_utf8(bench.take()).expect("text");
            assert_eq!(came.escape_debug().to_string(), expected.escape_debug().to_string());
        } else {
            assert!(line.starts_with('#'), "no line of a dialogue: {line}");
        }
    }
}

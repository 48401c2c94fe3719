//! A run as a person at a terminal sees it: the progress line fits however narrow the terminal is, plain lines go wherever no person
//! looks, and colours and characters are only what the terminal can show.

use std::process::{Command, Stdio};

use rstest::rstest;
use rustix::termios::{Winsize, tcsetwinsize};

use crate::ec20::{command, ec20};
use crate::pty::Pty;

/// A case that fails, with a title that needs more than ASCII.
const WRONG: &str = "---\nid = \"wrong\"\ntitle = \"The centre is «another»\"\nclauses = [\"CFG-MMSC-QUERY\"]\n---\n> AT+QMMSCFG=\"mmsc\"\n< +QMMSCFG: \"mmsc\",\"no.such.example\"\n< OK\n";

/// What `ec20 hil` with these words writes to a terminal of this width.
fn on_a_terminal(width: u16, words: &[&str], environment: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("wrong.atx"), WRONG).expect("a transcript");
    let mut pty = Pty::open();
    let device = std::fs::File::options().read(true).write(true).open(&pty.path).expect("the terminal opens");
    let size = Winsize { ws_row: 24, ws_col: width, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&device, size).expect("a terminal of that width");
    let stdio = || Stdio::from(device.try_clone().expect("a handle"));
    let mut run: Command = command(folder.path(), &["hil", "--report", "run"]);
    run.args(words).stdin(Stdio::null()).stdout(stdio()).stderr(stdio());
    run.env_clear().env("PATH", "/usr/bin:/bin").env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
    run.env("EC20_CALLED_AS", "cargo xtask");
    let mut run = run.envs(environment.iter().copied()).spawn().expect("ec20 starts");
    let mut seen = Vec::new();
    loop {
        let over = run.try_wait().expect("a child").is_some();
        let came = pty.read(std::time::Duration::from_millis(50)).expect("the terminal");
        if came.is_empty() && over {
            return String::from_utf8(seen).expect("UTF-8");
        }
        seen.extend(came);
    }
}

/// Text without the sequences that colour it or move about.
fn bare(text: &str) -> String {
    let mut bare = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\x1b' {
            rest.by_ref().skip_while(|c| *c == '[').find(char::is_ascii_alphabetic);
        } else {
            bare.push(c);
        }
    }
    bare
}

#[rstest]
#[case::usual(80)]
#[case::wide(120)]
#[case::narrow(36)]
fn the_progress_line_fits_and_says_where_the_run_is(#[case] width: u16) {
    let seen = bare(&on_a_terminal(width, &["wrong.atx", "--repeat", "2"], &[]));
    let progress: Vec<&str> = seen.split(['\r', '\n']).filter(|line| line.contains(" left  ")).collect();
    assert!(!progress.is_empty(), "{seen}");
    for line in &progress {
        assert!(line.chars().count() <= usize::from(width), "{line:?}");
    }
    assert!(progress.iter().any(|line| line.contains("1/1, ") && line.contains("1 fail")), "{progress:?}");
}

#[test]
fn a_failure_shows_the_promise_the_dialogue_and_the_command_that_asks_again() {
    let run = {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("wrong.atx"), WRONG).expect("a transcript");
        command(folder.path(), &["hil", "--report", "run", "wrong.atx"]).output().expect("ec20 starts")
    };
    let text = String::from_utf8(run.stdout).expect("UTF-8");
    for word in [
        "fail         wrong  The centre is «another»",
        "clause   CFG-MMSC-QUERY (2.1, ",
        " ms > AT+QMMSCFG=\"mmsc\"\n",
        " ms ! +QMMSCFG: \"mmsc\",\"\"\n",
        "expected +QMMSCFG: \"mmsc\",\"no.such.example\"\n",
        "came     +QMMSCFG: \"mmsc\",\"\"\n",
        "again    cargo xtask hil wrong.atx --filter wrong\n",
    ] {
        assert!(text.contains(word), "{word} is not in\n{text}");
    }
    assert!(!text.contains('\x1b') && run.stderr.is_empty(), "a pipe gets plain lines");
}

#[rstest]
#[case::a_terminal(&[], &[], true)]
#[case::told_not_to(&["--color", "never"], &[], false)]
#[case::by_the_environment(&[], &[("NO_COLOR", "1")], false)]
#[case::an_empty_word_says_nothing(&[], &[("NO_COLOR", "")], true)]
#[case::a_dumb_terminal(&[], &[("TERM", "dumb")], false)]
#[case::the_option_wins(&["--color", "always"], &[("NO_COLOR", "1")], true)]
fn colours_are_off_when_asked(
    #[case] words: &[&str],
    #[case] environment: &[(&str, &str)],
    #[case] coloured: bool,
) {
    let seen = on_a_terminal(100, &[&["wrong.atx"], words].concat(), environment);
    assert_eq!(seen.contains("\x1b[31mfail"), coloured, "{seen}");
}

#[test]
fn continuous_integration_gets_plain_lines_even_on_a_terminal() {
    let seen = on_a_terminal(100, &["wrong.atx", "--color", "never"], &[("CI", "true")]);
    assert!(!seen.contains('\x1b') && !seen.contains(" left  "), "{seen}");
}

#[test]
fn a_locale_without_unicode_gets_ascii() {
    let seen = on_a_terminal(100, &["wrong.atx"], &[("LANG", "C")]);
    assert!(seen.is_ascii() && seen.contains("The centre is \\u{ab}another\\u{bb}"), "{seen}");
    assert!(on_a_terminal(100, &["wrong.atx"], &[]).contains("«another»"));
}

#[test]
fn quiet_tells_only_what_needs_a_look_and_verbose_tells_every_byte() {
    let some = ["hil", "--port", "sim", "--filter", "manual-2-2-1-*", "--report", "run"];
    let quiet = ec20(&[&some[..], &["--quiet"]].concat());
    assert!(quiet.out.trim_start().starts_with("1 case: 1 pass"), "{}", quiet.out);
    let verbose = ec20(&[&some[..], &["--verbose"]].concat());
    assert!(verbose.out.contains(r#" s > AT+QMMSEDIT=1,1,"13856122546"\r"#), "{}", verbose.out);
    assert!(verbose.out.contains(r" s < ATI\r\r\nQuectel\r\n"), "{}", verbose.out);
    assert_eq!(ec20(&[&some[..], &["--quiet", "--verbose"]].concat()).code, Some(2));
}

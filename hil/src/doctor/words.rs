//! What the doctor found, as text for a terminal of any width.

use std::fmt::Write as _;

use super::{Check, Examination, Seen, State, talk};

/// The column in which a check's text begins.
const TEXT: usize = 22;

/// The examination, line by line, ending in a newline.
pub fn told(found: &Examination, width: usize, colour: bool) -> String {
    let mut text = String::new();
    for check in &found.checks {
        let _ = write!(text, "{} {:<12} ", word(check.state, colour), check.check);
        flow(&mut text, &said(check), width, TEXT);
        if let Some(mend) = &check.mend {
            let _ = write!(text, "{:TEXT$}", "");
            flow(&mut text, &format!("-> {mend}"), width, TEXT + 3);
        }
    }
    let _ = writeln!(text, "{}", verdict(found));
    text
}

fn said(check: &Check) -> String {
    match check.section {
        Some(section) => format!("{} [manual {section}]", check.says),
        None => check.says.clone(),
    }
}

fn verdict(found: &Examination) -> String {
    let open = found.checks.iter().filter(|check| check.state == State::Open).count();
    match (found.asked, found.troubles(), open) {
        (false, ..) => format!("{}: the module cannot be asked", found.port),
        (true, 0, 0) => format!("{}: all is well", found.port),
        (true, 0, open) => format!("{}: nothing is wrong, {open} not checked", found.port),
        (true, 1, _) => format!("{}: one thing keeps messages from being sent", found.port),
        (true, many, _) => format!("{}: {many} things keep messages from being sent", found.port),
    }
}

/// The word of a state, eight wide.
fn word(state: State, colour: bool) -> String {
    let (word, code) = match state {
        State::Good => ("good", 32),
        State::Note => ("note", 36),
        State::Open => ("open", 33),
        State::Trouble => ("trouble", 31),
    };
    let word = format!("{word:<8}");
    if colour { format!("\x1b[{code}m{word}\x1b[0m") } else { word }
}

/// The ports, a paragraph each, ending in a newline.
pub fn listed(ports: &[Seen], asked: bool, width: usize) -> String {
    let mut text = String::new();
    for seen in ports {
        let described = talk::described(&seen.device);
        let name = seen.device.usb.as_ref().and_then(|usb| usb.name.as_deref());
        let words: Vec<&str> =
            name.into_iter().chain((!described.is_empty()).then_some(described.as_str())).collect();
        let _ = write!(text, "{:<14} ", seen.device.path);
        flow(&mut text, &words.join(", "), width, 15);
        let answer = match (&seen.answered, &seen.trouble) {
            (_, Some(trouble)) => trouble.clone(),
            (Some(lines), _) if lines.is_empty() => "does not answer AT".to_owned(),
            (Some(lines), _) => format!("answers: {}", lines.join(", ")),
            (None, None) => continue,
        };
        let _ = write!(text, "{:15}", "");
        flow(&mut text, &answer, width, 15);
    }
    let end = match (ports.is_empty(), asked) {
        (true, _) => {
            "This machine shows no serial port. Is the module powered and plugged in, and does a driver (option) take it?"
        }
        (false, false) => {
            "Nothing was sent. `--ask` sends AT and asks for the identity on each; `--port PORT` examines one."
        }
        (false, true) => "`--port PORT` examines one.",
    };
    flow(&mut text, end, width, 0);
    text
}

/// Appends words, broken at `width`, the lines after the first indented; ends the last line.
fn flow(text: &mut String, words: &str, width: usize, indent: usize) {
    let room = width.saturating_sub(indent).max(20);
    let mut used = 0;
    for word in words.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            let _ = write!(text, "\n{:indent$}", "");
            used = 0;
        } else if used > 0 {
            text.push(' ');
            used += 1;
        }
        text.push_str(word);
        used += length;
    }
    text.push('\n');
}

//! What the doctor found, as text for a terminal of any width.

use std::fmt::Write as _;

use super::{Check, Examination, Seen, State, talk};

/// The column in which a check's text begins.
const TEXT: usize = 22;

/// On a terminal narrower than this, the text of a check stands below its name.
const NARROW: usize = 64;

/// A blank at which no line is broken.
const TIED: char = '\x1f';

/// The examination, line by line, ending in a newline.
pub fn told(found: &Examination, width: usize, colour: bool) -> String {
    let mut text = String::new();
    let indent = if width < NARROW { 4 } else { TEXT };
    for check in &found.checks {
        let _ = write!(text, "{} {:<12} ", word(check.state, colour), check.check);
        if width < NARROW {
            let _ = write!(text, "\n{:indent$}", "");
        }
        flow(&mut text, &said(check), width, indent);
        if let Some(mend) = &check.mend {
            let _ = write!(text, "{:indent$}", "");
            flow(&mut text, &format!("->{TIED}{mend}"), width, indent + 3);
        }
    }
    flow(&mut text, &verdict(found), width, 0);
    text
}

fn said(check: &Check) -> String {
    match check.section {
        Some(section) => {
            let place = format!("[manual {section}]").replace(' ', &TIED.to_string());
            format!("{} {place}", check.says)
        }
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
    let room = width.saturating_sub(indent).max(1);
    let mut used = 0;
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            let _ = write!(text, "\n{:indent$}", "");
            used = 0;
        } else if used > 0 {
            text.push(' ');
            used += 1;
        }
        text.extend(word.chars().map(|c| if c == TIED { ' ' } else { c }));
        used += length;
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{Check, Examination, told};

    fn found() -> Examination {
        let says = "context 1, which messages use, has no APN";
        let check = Check::trouble("apn", "apn-unset", says, "a run sets it when told: --set apn=NAME");
        let checks = vec![Check::good("answer", "answers AT"), check.by("1.2.2, 3")];
        Examination { format: 1, port: "sim".to_owned(), asked: true, checks, dialogue: Vec::new() }
    }

    #[test]
    fn a_finding_goes_on_below_itself_with_its_place_in_the_manual_whole() {
        let wanted = "\
good     answer       answers AT
trouble  apn          context 1, which messages use, has no APN
                      [manual 1.2.2, 3]
                      -> a run sets it when told: --set apn=NAME
sim: one thing keeps messages from being sent
";
        assert_eq!(told(&found(), 80, false), wanted);
    }

    #[test]
    fn on_a_narrow_terminal_no_line_is_too_long() {
        for width in [30, 36, 40, 63] {
            let text = told(&found(), width, false);
            for line in text.lines() {
                assert!(line.trim_end().chars().count() <= width, "{width}: {line:?}");
            }
        }
    }
}

//! What this process's terminal can show: how wide it is, whether in colour, and which characters.

use std::io::IsTerminal as _;

use clap::ValueEnum;

/// How wide text is where nothing says how wide it may be.
const ELSEWHERE: usize = 110;

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set or TERM is dumb.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Colour {
    /// Whether standard output gets colours.
    pub(super) fn on_standard_output(self) -> bool {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                std::io::stdout().is_terminal() && !set("NO_COLOR") && !dumb
            }
        }
    }
}

/// How many columns standard output has.
pub(super) fn width() -> usize {
    columns().filter(|&columns| columns > 0).unwrap_or(ELSEWHERE)
}

#[cfg(unix)]
fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    Some(usize::from(size.ws_col))
}

#[cfg(not(unix))]
fn columns() -> Option<usize> {
    None
}

/// Text as this terminal can show it: prose is broken between words and goes on below itself, a command goes on in a way that
/// a shell understands, and what the terminal's character set lacks stands escaped. Lines of a dialogue are left whole, so that
/// they can be copied.
pub(super) fn fitted(text: &str, width: usize) -> String {
    let shown = if shows_unicode() { text.to_owned() } else { plain(text) };
    let lines: Vec<String> = shown.split('\n').map(|line| fitted_line(line, width)).collect();
    lines.join("\n")
}

/// Where a title or a word that names a line of evidence begins: behind the verdict's column.
const TITLE: usize = 13;
/// Where the text of a line of evidence begins: behind the word that names the line.
const EVIDENCE: usize = 22;

fn fitted_line(line: &str, width: usize) -> String {
    let words = ["clause ", "because ", "expected ", "or ", "came ", "where ", "leaky "];
    let evidence = line.strip_prefix("             ");
    let (indent, end) = match evidence {
        Some(text) if text.starts_with("again ") => (EVIDENCE, " \\"),
        Some(text) if words.iter().any(|word| text.starts_with(word)) => (EVIDENCE, ""),
        Some(_) => return line.to_owned(),
        // Below the lines of cases stand sentences: they go on under their second word.
        None if line.as_bytes().get(TITLE - 1) == Some(&b' ') => (TITLE, ""),
        None => (2, ""),
    };
    if width < indent * 2 { line.to_owned() } else { wrapped(line, indent, end, width) }
}

/// A line broken between words at `width` characters: what follows is indented, and each line but the last ends in `end`.
fn wrapped(line: &str, indent: usize, end: &str, width: usize) -> String {
    let mut fitted = String::new();
    // The start keeps its own blanks.
    let (start, rest) = line.split_at(line.char_indices().nth(indent).map_or(line.len(), |(at, _)| at));
    fitted.push_str(start);
    let mut words = rest.split(' ').peekable();
    let mut used = indent;
    let mut first = true;
    while let Some(word) = words.next() {
        let length = word.chars().count();
        let reserved = if words.peek().is_some() { end.len() } else { 0 };
        if !first && used + 1 + length + reserved > width {
            fitted.push_str(end);
            fitted.push('\n');
            fitted.push_str(&" ".repeat(indent));
            used = indent;
        } else if !first {
            fitted.push(' ');
            used += 1;
        }
        fitted.push_str(word);
        used += length;
        first = false;
    }
    fitted
}

/// Whether the locale's characters are UTF-8.
fn shows_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    }) || cfg!(windows)
}

fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            plain.push(c);
        } else {
            plain.extend(c.escape_unicode());
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{fitted_line, plain};

    #[track_caller]
    fn fits(line: &str, width: usize, wanted: &str) {
        let fitted = fitted_line(line, width);
        assert_eq!(fitted, wanted);
        assert!(fitted.lines().all(|line| line.chars().count() <= width), "{fitted}");
    }

    #[test]
    fn prose_goes_on_below_itself() {
        let clause =
            "             clause   EDIT-LIST (2.2, must): A query lists every entry in the order of adding.";
        fits(
            clause,
            60,
            "             clause   EDIT-LIST (2.2, must): A query lists\n                      every entry in the order of adding.",
        );
        fits(clause, 120, clause);
        assert_eq!(fitted_line(clause, 30), clause, "there is no room to indent into");
        fits(
            "pass         edit-to-count  Six TO addresses fit, and all six are told",
            50,
            "pass         edit-to-count  Six TO addresses fit,\n             and all six are told",
        );
        fits(
            "768 cases: 622 pass, 140 observed, 2 inconclusive",
            30,
            "768 cases: 622 pass, 140\n  observed, 2 inconclusive",
        );
    }

    #[test]
    fn a_command_goes_on_in_a_way_that_a_shell_understands() {
        fits(
            "             again    cargo xtask hil --port /dev/ttyUSB2 --filter manual-2-2-1-recipients",
            60,
            "             again    cargo xtask hil --port /dev/ttyUSB2 \\\n                      --filter manual-2-2-1-recipients",
        );
    }

    #[test]
    fn a_dialogue_stays_whole() {
        let line = "                   4.8 ms > AT+QMMSEDIT=1,1,\"a very long address @ example.com\"";
        assert_eq!(fitted_line(line, 40), line);
    }

    #[test]
    fn a_terminal_without_unicode_is_given_none() {
        assert_eq!(plain("caf\u{e9} \u{2026}"), "caf\\u{e9} \\u{2026}");
    }
}

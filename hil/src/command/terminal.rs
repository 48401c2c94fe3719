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

/// Text as this terminal can show it: prose is broken between words and goes on below itself, and what its character set lacks stands
/// escaped. Lines with bytes or commands are left whole, so that they can be copied.
pub(super) fn fitted(text: &str, width: usize) -> String {
    let shown = if shows_unicode() { text.to_owned() } else { plain(text) };
    let lines: Vec<String> = shown.split('\n').map(|line| fitted_line(line, width)).collect();
    lines.join("\n")
}

/// Where the text of a line of evidence begins: a verdict's column, and the word that names the line.
const EVIDENCE: usize = 22;

fn fitted_line(line: &str, width: usize) -> String {
    let prose = ["             clause ", "             because "].iter().any(|start| line.starts_with(start));
    if !prose || line.chars().count() <= width || width < EVIDENCE * 2 {
        return line.to_owned();
    }
    let mut fitted = String::new();
    let mut used = 0;
    // The start keeps its own blanks.
    let (start, rest) = line.split_at(line.char_indices().nth(EVIDENCE).map_or(line.len(), |(at, _)| at));
    fitted.push_str(start);
    for word in rest.split(' ') {
        let length = word.chars().count();
        if used > 0 && EVIDENCE + used + 1 + length > width {
            fitted.push('\n');
            fitted.push_str(&" ".repeat(EVIDENCE));
            used = 0;
        } else if used > 0 {
            fitted.push(' ');
            used += 1;
        }
        fitted.push_str(word);
        used += length;
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

    #[test]
    fn prose_goes_on_below_itself_and_commands_stay_whole() {
        let clause =
            "             clause   EDIT-LIST (2.2, must): A query lists every entry in the order of adding.";
        assert_eq!(
            fitted_line(clause, 60),
            "             clause   EDIT-LIST (2.2, must): A query lists\n                      every entry in the order of adding."
        );
        assert_eq!(fitted_line(clause, 120), clause);
        assert_eq!(fitted_line(clause, 30), clause, "there is no room to indent into");
        let again =
            "             again    cargo xtask hil --port /dev/ttyUSB2 --filter manual-2-2-1-recipients";
        assert_eq!(fitted_line(again, 60), again);
    }

    #[test]
    fn a_terminal_without_unicode_is_given_none() {
        assert_eq!(plain("caf\u{e9} \u{2026}"), "caf\\u{e9} \\u{2026}");
    }
}

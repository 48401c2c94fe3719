//! The command line that was typed, as a person may type it again.

/// The environment variable in which a program that starts `ec20` says how the user called it, as `cargo xtask` does.
const CALLED_AS: &str = "EC20_CALLED_AS";

/// How the user called this program: `cargo xtask`, or the name or path that was typed.
pub(super) fn program() -> String {
    let typed = || std::env::args_os().next().map(|word| word.to_string_lossy().into_owned());
    std::env::var(CALLED_AS)
        .ok()
        .or_else(typed)
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "ec20".to_owned())
}

/// The command that repeats this run, to be pasted into a shell.
pub(super) fn command() -> String {
    let quoted = |word: String| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+%".contains(c);
        if !word.is_empty() && word.chars().all(plain) {
            word
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    let mut line = program();
    let mut words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    while let Some(word) = words.next() {
        // Repeated, a run is another run: it must not be written over this one.
        if word == "--report" {
            words.next();
        } else if !word.starts_with("--report=") {
            line.push(' ');
            line.push_str(&quoted(word));
        }
    }
    line
}

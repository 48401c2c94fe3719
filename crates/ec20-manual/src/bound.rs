//! What a file from a stranger may hold at most, and how much of it a message quotes.
//!
//! Knows sizes; refuses to know what a file means. Every reader of a file that a person wrote asks here before it builds anything, so that no
//! file costs more memory or time than its size explains, and no message repeats a file.

use std::ops::Range;

/// The most bytes that a text file may have: a transcript, variables, waivers, a profile, a bench file.
pub const FILE_BYTES: usize = 1 << 20;
/// The most lines that such a file may have.
pub const FILE_LINES: usize = 20_000;
/// The most brackets `[` and `{` that may be open at one time in TOML: deeper data are no file of ours.
pub const DEPTH: usize = 32;

/// The most parts that a dotted key may have: each is a table in the one before.
pub const PARTS: usize = 32;

/// The most bytes that a message quotes of what was found.
pub const FOUND: usize = 300;
/// The most bytes that a message says of what was expected.
pub const EXPECTED: usize = 900;
/// The most bytes that a message repeats of a file's name.
pub const NAME: usize = 240;

/// What is too much in a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess {
    /// The first bytes beyond the limit.
    pub span: Range<usize>,
    /// The limit, with its number.
    pub expected: String,
    /// What stands there, with its number.
    pub found: String,
}

/// Holds a text file against [`FILE_BYTES`] and [`FILE_LINES`].
///
/// ```
/// use ec20_manual::bound;
/// assert!(bound::text("name = 1\n").is_ok());
/// let excess = bound::text(&"\n".repeat(20_001)).unwrap_err();
/// assert_eq!(excess.expected, "a file of at most 20000 lines");
/// ```
///
/// # Errors
/// What is beyond the limit.
pub fn text(text: &str) -> Result<(), Excess> {
    if text.len() > FILE_BYTES {
        return Err(Excess {
            span: FILE_BYTES..FILE_BYTES,
            expected: format!("a file of at most {FILE_BYTES} bytes"),
            found: format!("{} bytes", text.len()),
        });
    }
    match text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').nth(FILE_LINES) {
        None => Ok(()),
        Some((at, _)) => Err(Excess {
            span: at..at,
            expected: format!("a file of at most {FILE_LINES} lines"),
            found: "more".to_owned(),
        }),
    }
}

/// Holds a TOML file against [`text`]'s limits, [`DEPTH`] and [`PARTS`].
///
/// Brackets in strings and comments do not count. A string that does not end hides what follows; the TOML reader refuses such a file.
///
/// ```
/// use ec20_manual::bound;
/// assert!(bound::toml("a = [[1], [2]] # [[[\nb = '[[['\n").is_ok());
/// let excess = bound::toml(&"a = [".repeat(33)).unwrap_err();
/// assert_eq!((excess.span, excess.expected.as_str()), (164..165, "at most 32 brackets in each other"));
/// ```
///
/// # Errors
/// What is beyond the limit.
pub fn toml(file: &str) -> Result<(), Excess> {
    text(file)?;
    let bytes = file.as_bytes();
    let (mut at, mut depth, mut dots) = (0, 0_usize, 0_usize);
    let excess =
        |at: usize, expected: String| Err(Excess { span: at..at + 1, expected, found: "more".to_owned() });
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'[' | b'{' => {
                (depth, dots) = (depth + 1, 0);
                if depth > DEPTH {
                    return excess(at, format!("at most {DEPTH} brackets in each other"));
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            // Numbers have a dot, too: but one of them only, up to the comma.
            b'=' | b',' | b'\n' => dots = 0,
            b'.' => {
                dots += 1;
                if dots >= PARTS {
                    return excess(at, format!("at most {PARTS} parts of a key"));
                }
            }
            b'#' => {
                at += rest(bytes, at).iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
                dots = 0;
            }
            b'"' | b'\'' => at = string_end(bytes, at, byte),
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// Where the string that begins at `at` ends: its last quote, or the end of the line or file that it does not get beyond.
fn string_end(bytes: &[u8], at: usize, quote: u8) -> usize {
    let long = rest(bytes, at).starts_with(&[quote; 3]);
    let mut now = at + if long { 3 } else { 1 };
    while let Some(&byte) = bytes.get(now) {
        match byte {
            b'\\' if quote == b'"' => now += 1,
            b'\n' if !long => return now,
            _ if byte == quote && (!long || rest(bytes, now).starts_with(&[quote; 3])) => {
                return if long { now + 2 } else { now };
            }
            _ => {}
        }
        now += 1;
    }
    now
}

fn rest(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(at..).unwrap_or_default()
}

/// A text of at most `most` bytes: what is longer loses its middle.
///
/// ```
/// use ec20_manual::bound::clipped;
/// assert_eq!(clipped("short", 100), "short");
/// let long = clipped(&"x".repeat(1000), 100);
/// assert!(long.len() <= 100 && long.contains(" … (1000 bytes) … "));
/// ```
pub fn clipped(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let mark = format!(" … ({} bytes) … ", text.len());
    let each = most.saturating_sub(mark.len()) / 2;
    let head = text.floor_char_boundary(each);
    let tail = text.ceil_char_boundary(text.len() - each);
    format!("{}{mark}{}", text.get(..head).unwrap_or_default(), text.get(tail..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_and_comments_do_not_nest() {
        let many = "[".repeat(DEPTH + 1);
        for quiet in [
            format!("a = \"{many}\"\n"),
            format!("a = '{many}'\n"),
            format!("a = \"\\\"{many}\"\n"),
            format!("a = \"\"\"\n{many}\"\"\"\n"),
            format!("a = '''\n'{many}'''\n"),
            format!("# {many}\n"),
            "a = [[1]]\n".repeat(1000),
        ] {
            assert_eq!(toml(&quiet), Ok(()), "{quiet:.40}");
        }
        for deep in
            [many.clone(), format!("a = \"x\" # it's\n{many}"), format!("a = 'x\n{many}"), "{".repeat(99)]
        {
            assert!(toml(&deep).is_err(), "{deep:.40}");
        }
    }

    #[test]
    fn no_text_is_clipped_inside_a_character() {
        for most in 0..60 {
            let text = "é日".repeat(200);
            let clipped = clipped(&text, most);
            assert!(
                clipped.len() <= most.max(24)
                    && text.starts_with(clipped.split(" …").next().expect("a head"))
            );
        }
    }
}

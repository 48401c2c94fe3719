//! Bytes as text that a person and a file can hold: `\r`, `\n`, `\xNN`; UTF-8 stays readable.
//!
//! It knows nothing of AT. Every place that shows or stores bytes goes through here, so that no blank, CR or stray byte is lost.

use std::fmt::Write as _;

/// Bytes as escaped text; [`unescaped`] gives the same bytes back.
///
/// ```
/// assert_eq!(ec20_suite::escape::escaped(b"AT\r\r\nOK\xff"), r"AT\r\r\nOK\xff");
/// ```
pub fn escaped(bytes: &[u8]) -> String {
    render(bytes, |_| false)
}

/// Bytes as a transcript writes them: braces are escaped too.
pub(crate) fn transcript(bytes: &[u8]) -> String {
    render(bytes, |c| c == '{' || c == '}')
}

fn render(bytes: &[u8], special: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\r' => out.push_str("\\r"),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\\' => out.push_str("\\\\"),
                c if special(c) => {
                    out.push('\\');
                    out.push(c);
                }
                // Anything that does not show, or shows as something else, is written as its bytes.
                c if c.is_control() || c == '\u{feff}' => {
                    let mut buffer = [0; 4];
                    for byte in c.encode_utf8(&mut buffer).bytes() {
                        let _ = write!(out, "\\x{byte:02x}");
                    }
                }
                c => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// The bytes of an escaped text.
///
/// # Errors
/// The byte offset of a backslash that starts no escape.
///
/// ```
/// assert_eq!(ec20_suite::escape::unescaped(r"OK\x0d\n").unwrap(), b"OK\r\n");
/// assert_eq!(ec20_suite::escape::unescaped(r"a\q"), Err(1));
/// ```
pub fn unescaped(text: &str) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(text.len());
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            let mut buffer = [0; 4];
            out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            continue;
        }
        match chars.next().map(|(_, c)| c) {
            Some('r') => out.push(b'\r'),
            Some('n') => out.push(b'\n'),
            Some('t') => out.push(b'\t'),
            Some(c @ ('\\' | '{' | '}')) => out.push(c as u8),
            Some('x') => {
                let digits = text.get(at + 2..at + 4).ok_or(at)?;
                out.push(u8::from_str_radix(digits, 16).map_err(|_| at)?);
                chars.nth(1);
            }
            _ => return Err(at),
        }
    }
    Ok(out)
}

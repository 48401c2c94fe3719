//! Items of `=?` lines: `(0-6)`, `("ASCII","UTF8")`, `<URL>`, and the list of operators.
//!
//! Knows their syntax only. A function takes the line and an offset, and returns the offset behind what it read.

use crate::parameter::{self, behind_comma};
use crate::{Dialect, Error, Tolerance};

/// Any item: a range or a placeholder.
pub(crate) fn any(line: &[u8], at: usize, dialect: Dialect) -> Result<usize, Error> {
    match line.get(at) {
        Some(b'<') => placeholder(line, at),
        _ => range(line, at, dialect),
    }
}

/// `(` element `,` element … `)`.
pub(crate) fn range(line: &[u8], at: usize, dialect: Dialect) -> Result<usize, Error> {
    group(line, at, dialect, element)
}

fn group(
    line: &[u8],
    at: usize,
    dialect: Dialect,
    element: fn(&[u8], usize, Dialect) -> Result<usize, Error>,
) -> Result<usize, Error> {
    let mut at = byte(line, at, b'(', "`(`")?;
    loop {
        at = element(line, at, dialect)?;
        match line.get(at) {
            Some(b',') => at = behind_comma(line, at, dialect),
            _ => return byte(line, at, b')', "`,` or `)`"),
        }
    }
}

/// A number, a number up to another or to a placeholder, a quoted text, a placeholder.
fn element(line: &[u8], at: usize, dialect: Dialect) -> Result<usize, Error> {
    if let Some(string) = text(line, at, dialect)? {
        return Ok(string);
    }
    if line.get(at) == Some(&b'<') {
        return placeholder(line, at);
    }
    let at = number(line, at, dialect)?;
    match (line.get(at), line.get(at.wrapping_add(1))) {
        (Some(b'-'), Some(b'<')) => placeholder(line, at.wrapping_add(1)),
        (Some(b'-'), _) => number(line, at.wrapping_add(1), dialect),
        _ => Ok(at),
    }
}

/// A quoted text; canonical ones are printable and not empty.
fn text(line: &[u8], at: usize, dialect: Dialect) -> Result<Option<usize>, Error> {
    let Some(string) = parameter::string(line, at, dialect) else { return Ok(None) };
    let string = string?;
    let printable = string.bytes().iter().all(|byte| matches!(byte, 0x20..=0x7E));
    if !dialect.allows(Tolerance::ControlInString) && (string.bytes().is_empty() || !printable) {
        return Err(Error::syntax(line, string.span().start, "printable text"));
    }
    Ok(Some(string.outer_span().end))
}

fn number(line: &[u8], at: usize, dialect: Dialect) -> Result<usize, Error> {
    let sign = dialect.allows(Tolerance::AnyValue) && line.get(at) == Some(&b'-');
    let from = at.wrapping_add(usize::from(sign));
    let digits = line.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count();
    let end = from.wrapping_add(digits);
    if digits == 0 {
        return Err(Error::syntax(line, from, "a number"));
    }
    let padded = digits > 1 && line.get(from) == Some(&b'0');
    if !dialect.allows(Tolerance::AnyValue) && (padded || digits > 9) {
        return Err(Error::syntax(line, from, "a number of at most nine digits without zeros in front"));
    }
    Ok(end)
}

/// `<word>`.
fn placeholder(line: &[u8], at: usize) -> Result<usize, Error> {
    let from = byte(line, at, b'<', "`<`")?;
    let belongs = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let len = line.get(from..).unwrap_or_default().iter().take_while(belongs).count();
    if len == 0 {
        return Err(Error::syntax(line, from, "a parameter's name"));
    }
    byte(line, from.wrapping_add(len), b'>', "`>`")
}

/// The list of operators: groups and nothings between commas, to the end (TS 27.007 7.3).
pub(crate) fn operators(line: &[u8], from: usize, dialect: Dialect) -> Result<usize, Error> {
    let mut at = from;
    if at >= line.len() {
        return Err(Error::syntax(line, at, "a list of operators"));
    }
    loop {
        if line.get(at) == Some(&b'(') {
            at = group(line, at, dialect, operator_element)?;
        }
        match line.get(at) {
            None => return Ok(at),
            Some(b',') => at = behind_comma(line, at, dialect),
            Some(_) => return Err(Error::syntax(line, at, "`,`, `(` or the end")),
        }
    }
}

/// As in a range, or an empty string, or nothing.
fn operator_element(line: &[u8], at: usize, dialect: Dialect) -> Result<usize, Error> {
    if matches!(line.get(at), Some(b',' | b')')) {
        return Ok(at);
    }
    if let Some(string) = parameter::string(line, at, dialect) {
        return string.map(|string| string.outer_span().end);
    }
    element(line, at, dialect)
}

fn byte(line: &[u8], at: usize, wanted: u8, expected: &'static str) -> Result<usize, Error> {
    if line.get(at) == Some(&wanted) {
        return Ok(at.wrapping_add(1));
    }
    Err(Error::syntax(line, at, expected))
}

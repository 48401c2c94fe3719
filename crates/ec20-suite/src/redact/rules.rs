//! Where a secret stands by rule: the fields of commands and answers that name a person, a card, a module or an account.
//!
//! It reads with `ec20-at`, and where that cannot read, by the command's name. It does not know which values are known already.

use std::ops::Range;

use ec20_at::{Dialect, Unit, command_line, read_unit};

/// Fields that hold a secret, in whatever form they stand.
const FIELDS: [&str; 7] = ["iccid", "imei", "imsi", "newpin", "password", "pin", "username"];
/// Commands whose answers are one long number without a name.
const NUMBERS: [&str; 7] = ["CGSN", "GSN", "CIMI", "QCCID", "CCID", "ICCID", "EGMR"];
/// Commands and lines whose quoted digits are somebody's number.
const PEOPLE: [&str; 13] =
    ["CNUM", "CSCA", "CMGS", "CMGW", "CMGR", "CMGL", "CMT", "CDS", "CPBR", "CPBW", "CLIP", "COLP", "CLCC"];
/// Commands whose quoted digits unlock something.
const LOCKS: [&str; 4] = ["CPIN", "CPIN2", "CLCK", "CPWD"];
/// How many digits in a row an IMEI, an IMSI or an ICCID may have, with a few that stand before it by accident.
const LONG: std::ops::RangeInclusive<usize> = 14..=24;
/// How many digits an international number has at least.
const INTERNATIONAL: usize = 8;

/// The secrets of a command line, given without its end.
pub(super) fn of_command(line: &[u8]) -> Vec<Range<usize>> {
    let mut found = fields(Unit::CommandLine, line);
    by_name(line, &mut found);
    found
}

/// The names of the commands of a line, upper case.
pub(super) fn names(line: &[u8]) -> Vec<Vec<u8>> {
    let Ok(read) = command_line::read(line, Dialect::TOLERANT) else { return Vec::new() };
    read.commands().map_while(Result::ok).map(|command| command.name().to_ascii_uppercase()).collect()
}

/// The secrets of a line that the module said while the commands of these names were open.
pub(super) fn of_answer(line: &[u8], open: &[Vec<u8>]) -> Vec<Range<usize>> {
    let mut found = fields(Unit::Information, line);
    by_name(line, &mut found);
    let asked = open.iter().any(|name| NUMBERS.iter().any(|number| name.ends_with(number.as_bytes())));
    if asked {
        // A card's number may end in letters.
        found.extend(runs(line, u8::is_ascii_hexdigit).filter(|run| {
            let digits =
                line.get(run.clone()).unwrap_or_default().iter().filter(|byte| byte.is_ascii_digit());
            digits.count() >= 10
        }));
    }
    found
}

/// Long numbers anywhere: whatever has the shape of an IMEI, an IMSI, an ICCID or an international number.
pub(super) fn long_numbers(text: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    runs(text, u8::is_ascii_digit).filter(|run| {
        let plus = run.start.checked_sub(1).and_then(|before| text.get(before)) == Some(&b'+');
        LONG.contains(&run.len()) || (plus && (INTERNATIONAL..=*LONG.end()).contains(&run.len()))
    })
}

/// The longest stretches of bytes of one kind.
pub(super) fn runs(text: &[u8], kind: impl Fn(&u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.iter().position(&kind)?;
        let length = text.get(start..)?.iter().take_while(|byte| kind(byte)).count();
        at = start + length;
        Some(start..at)
    })
}

fn fields(unit: Unit<'_>, line: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // What stands before a refused part of a line has been visited all the same.
    let _ = read_unit(unit, Dialect::TOLERANT, line, |form| {
        if form.name().contains("_test_info") {
            return;
        }
        let function = form.field("function").map(|span| span.of(line));
        let recipient = form.name().starts_with("qmmsedit_") && matches!(function, Some(b"1" | b"2" | b"3"));
        for field in form.fields() {
            if FIELDS.contains(&field.name) || (recipient && field.name == "optstring") {
                found.push(field.span.start..field.span.end);
            }
        }
    });
    found.retain(|range| !range.is_empty());
    found
}

/// What the reading cannot find: lines that are no form of the manual, commands that it does not have.
fn by_name(line: &[u8], found: &mut Vec<Range<usize>>) {
    let named = |names: &[&str]| names.iter().any(|name| names_it(line, name));
    let digits = |value: &[u8]| value.iter().filter(|byte| byte.is_ascii_digit()).count();
    if names_it(line, "QICSGP") {
        found.extend(quoted(line).skip(1).take(2));
    }
    if names_it(line, "QMMSEDIT") {
        let addresses = quoted(line).filter(|_| recipients(line));
        found.extend(addresses);
    }
    if named(&PEOPLE) || names_it(line, "CUSD") {
        found.extend(quoted(line).filter(|range| digits(line.get(range.clone()).unwrap_or_default()) >= 3));
    }
    if named(&LOCKS) {
        found.extend(quoted(line).filter(|range| digits(line.get(range.clone()).unwrap_or_default()) >= 4));
    }
    found.retain(|range| !range.is_empty());
}

/// Whether a QMMSEDIT of one of the lists 1 to 3 stands in the line.
fn recipients(line: &[u8]) -> bool {
    let after = position(line, b"QMMSEDIT").and_then(|at| line.get(at + b"QMMSEDIT".len()..));
    let list = after.and_then(|rest| rest.iter().find(|byte| byte.is_ascii_digit()));
    matches!(list, Some(b'1'..=b'3'))
}

/// Whether `+NAME` stands in the line and the name ends there.
fn names_it(line: &[u8], name: &str) -> bool {
    let signed = [b"+", name.as_bytes()].concat();
    let after = position(line, &signed).and_then(|at| line.get(at + signed.len()));
    position(line, &signed).is_some() && after.is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

fn position(line: &[u8], part: &[u8]) -> Option<usize> {
    line.windows(part.len()).position(|window| window.eq_ignore_ascii_case(part))
}

/// What stands between pairs of quotes.
fn quoted(line: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let quotes: Vec<usize> =
        line.iter().enumerate().filter(|(_, byte)| **byte == b'"').map(|(at, _)| at).collect();
    quotes.chunks_exact(2).map(|pair| pair[0] + 1..pair[1]).collect::<Vec<_>>().into_iter()
}

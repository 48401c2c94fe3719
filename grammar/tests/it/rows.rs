//! The tables in `tests/rows/*.rows`, read and checked.
//!
//! A line that begins a paragraph names a rule. Each line below it is one row: a mark, then the input.
//! `+` accepted and `-` refused by both strictnesses; `c+ c- t+ t-` by the canonical or the tolerant one.
//! `[[name:bytes]]` marks a field: its name and, by where it stands, its span. Escapes: `\r \n \t \\ \xNN`, `{x*9}` repeats.
//! A blank at the end of an input is `\x20`, an empty input `∅`.

use ec20_grammar::{Field, Probe, Span, Strictness, Unit, probe, read};

/// One row of a table.
pub(crate) struct Row {
    pub(crate) rule: String,
    pub(crate) at: String,
    pub(crate) strictnesses: Vec<Strictness>,
    pub(crate) accepts: bool,
    input: Vec<u8>,
    fields: Vec<(String, Span)>,
}

const TABLES: [(&str, &str); 5] = [
    ("values", include_str!("../rows/values.rows")),
    ("mms", include_str!("../rows/mms.rows")),
    ("files", include_str!("../rows/files.rows")),
    ("bearer", include_str!("../rows/bearer.rows")),
    ("core", include_str!("../rows/core.rows")),
];

pub(crate) fn all() -> Vec<Row> {
    TABLES.iter().flat_map(|(table, text)| table_rows(table, text)).collect()
}

fn table_rows(table: &str, text: &str) -> Vec<Row> {
    let mut rule = String::new();
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let at = format!("{table}.rows:{}", index + 1);
        let is_row = line.starts_with("  ");
        if !is_row && !line.is_empty() && !line.starts_with('#') {
            line.clone_into(&mut rule);
        }
        if is_row {
            let (mark, input) = line.trim_start().split_once(' ').unwrap_or_else(|| panic!("{at}: no input"));
            let both = vec![Strictness::Canonical, Strictness::Tolerant];
            let strictnesses = match mark.as_bytes()[0] {
                b'c' => vec![Strictness::Canonical],
                b't' => vec![Strictness::Tolerant],
                _ => both,
            };
            let (input, fields) = unescape(if input == "∅" { "" } else { input });
            rows.push(Row {
                rule: rule.clone(),
                at,
                strictnesses,
                accepts: mark.ends_with('+'),
                input,
                fields,
            });
        }
    }
    rows
}

/// The bytes of an input, and the fields marked in it.
fn unescape(text: &str) -> (Vec<u8>, Vec<(String, Span)>) {
    let mut bytes = Vec::new();
    let mut fields = Vec::new();
    let mut open: Option<(String, usize)> = None;
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("[[") {
            let (name, after) = after.split_once(':').expect("a field has a name");
            open = Some((name.to_owned(), bytes.len()));
            rest = after;
        } else if let (Some(after), Some((name, start))) = (rest.strip_prefix("]]"), open.clone()) {
            fields.push((name, Span { start, end: bytes.len() }));
            open = None;
            rest = after;
        } else if let Some(after) = rest.strip_prefix("\\x") {
            bytes.push(u8::from_str_radix(&after[..2], 16).expect("two hexadecimal digits"));
            rest = &after[2..];
        } else if let Some(after) = rest.strip_prefix('\\') {
            bytes.push(match after.as_bytes()[0] {
                b'r' => b'\r',
                b'n' => b'\n',
                b't' => b'\t',
                other => other,
            });
            rest = &after[1..];
        } else if let Some((unit, count, after)) = repetition(rest) {
            bytes.extend(unit.repeat(count).bytes());
            rest = after;
        } else {
            bytes.extend(next.to_string().bytes());
            rest = &rest[next.len_utf8()..];
        }
    }
    (bytes, fields)
}

fn repetition(text: &str) -> Option<(&str, usize, &str)> {
    let (inside, after) = text.strip_prefix('{')?.split_once('}')?;
    let (unit, count) = inside.split_once('*')?;
    Some((unit, count.parse().ok()?, after))
}

/// The unit a form stands in, told by its name; `None` for a rule that is no form.
fn unit_of(rule: &str) -> Option<Unit<'_>> {
    let ends = |endings: &[&str]| endings.iter().any(|ending| rule.ends_with(ending));
    if rule.starts_with("p_") || rule.starts_with("key_") || rule.starts_with("upto_") {
        None
    } else if ends(&["_info"]) {
        Some(Unit::InformationOf(rule.split('_').next().unwrap_or(rule)))
    } else if ends(&["_urc"]) {
        Some(Unit::Urc)
    } else if rule.starts_with("final_") && rule != "final_line" {
        Some(Unit::Final)
    } else if rule == "prompt_text" {
        Some(Unit::Prompt)
    } else if ends(&["_test", "_read", "_exec", "_write", "_query", "_clear", "_delete", "_add"]) {
        Some(Unit::CommandLine)
    } else {
        None
    }
}

/// What a rule made of an input: the fields with their spans, or nothing.
fn outcome(rule: &str, strictness: Strictness, input: &[u8]) -> Option<Vec<Field>> {
    if let Some(unit) = unit_of(rule) {
        let reading = read(unit, strictness, input).ok()?;
        return reading.forms.into_iter().find(|form| form.name == rule).map(|form| form.fields);
    }
    match probe(rule, strictness, input) {
        Probe::Accepted(fields) => Some(fields),
        Probe::Refused => None,
        Probe::NoSuchRule => panic!("no rule {rule} in {strictness:?}"),
    }
}

/// What is wrong with a row, once for each strictness it fails in.
fn breaches(row: &Row) -> Vec<String> {
    let mut breaches = Vec::new();
    for &strictness in &row.strictnesses {
        let outcome = outcome(&row.rule, strictness, &row.input);
        let found: Option<Vec<(String, Span)>> =
            outcome.map(|fields| fields.iter().map(|field| (field.name.to_owned(), field.span)).collect());
        let holds = match &found {
            // A rule that is no form shows itself as its only field; its rows need not mark one.
            Some(fields) => {
                row.accepts
                    && (*fields == row.fields || (row.fields.is_empty() && unit_of(&row.rule).is_none()))
            }
            None => !row.accepts,
        };
        if !holds {
            let input = row.input.escape_ascii();
            breaches.push(format!(
                "{} {} {strictness:?} `{input}`: wanted {:?}, got {found:?}",
                row.at, row.rule, row.fields
            ));
        }
    }
    breaches
}

#[test]
fn every_row_holds() {
    let breaches: Vec<String> = all().iter().flat_map(breaches).collect();
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

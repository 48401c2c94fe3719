//! Lines that a rule takes and refuses: the rows that the grammar's tests prove, read as they are printed on the page.
//!
//! It knows the rows' notation (`+ - t+ c-`, `[[field:bytes]]`) and leaves their escapes as they stand.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;

/// The tables of `grammar/tests/rows`.
const TABLES: [&str; 5] = [
    include_str!("../../../grammar/tests/rows/values.rows"),
    include_str!("../../../grammar/tests/rows/mms.rows"),
    include_str!("../../../grammar/tests/rows/files.rows"),
    include_str!("../../../grammar/tests/rows/bearer.rows"),
    include_str!("../../../grammar/tests/rows/core.rows"),
];

/// How many lines of each sort a rule shows.
const ENOUGH: usize = 2;

/// A line, and who takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Example {
    /// `taken`, `tolerated` or `refused`.
    pub(super) verdict: &'static str,
    /// The line's parts in order.
    pub(super) parts: Vec<Part>,
}

/// A piece of a line: bare bytes, or the bytes of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Part {
    /// The field's name; empty for what is no field.
    pub(super) field: String,
    /// The bytes, as the row spells them.
    pub(super) text: String,
}

/// The examples of a rule: first what everybody takes, then what only the tolerant reading takes, then what nobody takes.
pub(super) fn of(rule: &str) -> Vec<Example> {
    static ROWS: LazyLock<BTreeMap<&str, Vec<(&str, &str)>>> = LazyLock::new(rows);
    let rows = ROWS.get(rule).map(Vec::as_slice).unwrap_or_default();
    let pick = |verdict: &'static str, mark: &'static str| {
        let fitting = rows.iter().filter(move |(of, _)| *of == mark);
        fitting.take(ENOUGH).map(move |(_, input)| Example { verdict, parts: parts(input) })
    };
    let mut examples: Vec<Example> = pick("taken", "+").collect();
    if examples.is_empty() {
        examples.extend(pick("taken", "c+"));
    }
    examples.extend(pick("tolerated", "t+"));
    examples.extend(pick("refused", "-"));
    examples
}

/// The rows by rule: mark and input.
fn rows() -> BTreeMap<&'static str, Vec<(&'static str, &'static str)>> {
    let mut rows: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for table in TABLES {
        let mut rule = "";
        for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.strip_prefix("  ").and_then(|row| row.split_once(' ')) {
                Some(row) => rows.entry(rule).or_default().push(row),
                None => rule = line,
            }
        }
    }
    rows
}

fn parts(input: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let bare = |text: &str, parts: &mut Vec<Part>| {
        if !text.is_empty() {
            parts.push(Part { field: String::new(), text: text.to_owned() });
        }
    };
    let mut rest = input;
    while let Some((before, marked)) = rest.split_once("[[") {
        let field = marked.split_once("]]").and_then(|(field, after)| Some((field.split_once(':')?, after)));
        let Some(((name, text), after)) = field else { break };
        bare(before, &mut parts);
        parts.push(Part { field: name.to_owned(), text: text.to_owned() });
        rest = after;
    }
    bare(rest, &mut parts);
    parts
}

#[cfg(test)]
mod tests {
    use super::{of, parts};

    #[test]
    fn a_row_is_shown_in_its_parts() {
        let shown: Vec<_> = parts(r#"AT+QMMSCFG="contextid",[[contextid:16]];"#)
            .into_iter()
            .map(|part| (part.field, part.text))
            .collect();
        let wanted = [("", r#"AT+QMMSCFG="contextid","#), ("contextid", "16"), ("", ";")];
        assert_eq!(shown, wanted.map(|(field, text)| (field.to_owned(), text.to_owned())));
    }

    #[test]
    fn every_rule_has_a_line_that_it_takes() {
        let bare: Vec<_> = ec20_grammar::rules()
            .iter()
            .map(|rule| rule.name)
            .filter(|rule| !of(rule).iter().any(|example| example.verdict != "refused"))
            .collect();
        assert_eq!(bare, Vec::<&str>::new());
    }
}

//! The grammar's own tables, held against the parser: what each row says of the grammar must be true of both readings.

use ec20_grammar::Unit;
use ec20_laws::agreement;

/// Each table by the name of its chapter.
pub(crate) const TABLES: [(&str, &str); 5] = [
    ("values", include_str!("../../../../grammar/tests/rows/values.rows")),
    ("mms", include_str!("../../../../grammar/tests/rows/mms.rows")),
    ("files", include_str!("../../../../grammar/tests/rows/files.rows")),
    ("bearer", include_str!("../../../../grammar/tests/rows/bearer.rows")),
    ("core", include_str!("../../../../grammar/tests/rows/core.rows")),
];

/// The inputs of all rows: marks of fields taken out, escapes and repetitions resolved (the tables' own test says how they are written).
fn inputs() -> Vec<Vec<u8>> {
    let rows = TABLES.iter().flat_map(|(_, table)| table.lines()).filter(|line| line.starts_with("  "));
    rows.map(|row| unescaped(row.trim_start().split_once(' ').map_or("", |(_, input)| input))).collect()
}

/// The bytes of an input, without the marks of fields.
pub(crate) fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.trim_start_matches('∅');
    while let Some(next) = rest.chars().next() {
        let mut len = next.len_utf8();
        if let Some(field) = rest.strip_prefix("[[") {
            len = 2 + field.find(':').unwrap() + 1;
        } else if rest.starts_with("]]") {
            len = 2;
        } else if let Some(code) = rest.strip_prefix("\\x") {
            bytes.push(u8::from_str_radix(&code[..2], 16).unwrap());
            len = 4;
        } else if let Some(code) = rest.strip_prefix('\\') {
            bytes.push(match code.as_bytes()[0] {
                b'r' => b'\r',
                b'n' => b'\n',
                b't' => b'\t',
                other => other,
            });
            len = 2;
        } else if let Some((letter, times)) = rest
            .strip_prefix('{')
            .and_then(|run| run.split_once('}'))
            .and_then(|(run, _)| run.split_once('*'))
        {
            bytes.extend(letter.repeat(times.parse().unwrap()).bytes());
            len = rest.find('}').unwrap() + 1;
        } else {
            bytes.extend(rest[..len].bytes());
        }
        rest = &rest[len..];
    }
    bytes
}

#[test]
fn the_parser_agrees_with_every_row() {
    let inputs = inputs();
    assert!(inputs.len() > 2_000, "only {} rows", inputs.len());
    for input in inputs {
        agreement::readings_agree(&input);
    }
}

/// Rows of parameters and values are no lines; behind a command's name they are.
#[test]
fn the_parser_agrees_with_every_row_behind_a_name() {
    for input in inputs() {
        let line = [&b"AT+QMMSEDIT=4,1,"[..], &input].concat();
        agreement::readings_agree_on(Unit::CommandLine, &line);
        let line = [&b"+QFUPL: "[..], &input].concat();
        agreement::readings_agree_on(Unit::Information, &line);
    }
}

//! The table of the language: every form of the grammar with a line of it, its clause, the parser's type for it, and how many rows accept and refuse.
//!
//! What must be true is asserted; the table itself, in `snapshots/`, is for a person.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};

use ec20_at::information::Information;
use ec20_at::unsolicited::{Final, Urc};
use ec20_at::{Dialect, command_line};

use crate::tables::{TABLES, unescaped};

/// What the tables say of one rule.
#[derive(Default)]
struct Form {
    accepted: Vec<Vec<u8>>,
    refused: usize,
}

/// The rules of one table in their order, with their rows.
fn forms(table: &str) -> Vec<(&str, Form)> {
    let mut forms: Vec<(&str, Form)> = Vec::new();
    for line in table.lines() {
        match (line.strip_prefix("  ").and_then(|row| row.split_once(' ')), forms.last_mut()) {
            (Some((mark, input)), Some((_, form))) if mark.ends_with('+') => {
                form.accepted.push(unescaped(input));
            }
            (Some(_), Some((_, form))) => form.refused += 1,
            _ if line.is_empty() || line.starts_with('#') => {}
            _ => forms.push((line, Form::default())),
        }
    }
    forms
}

/// `Request::Cmee` of `Request::Cmee { n: 1 }`.
fn variant(of: &str, value: &impl Debug) -> String {
    let text = format!("{value:?}");
    let end = text.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(text.len());
    format!("{of}::{}", &text[..end])
}

/// The parser's type for a line of this rule, or `None` where the rule is a piece of lines.
fn parsed(rule: &str, line: &[u8]) -> Option<String> {
    let dialect = Dialect::TOLERANT;
    if rule.ends_with("_info") {
        let name = rule.split('_').next()?;
        let read = Information::read(line, dialect).or_else(|_| Information::read_for(name, line, dialect));
        read.ok().map(|line| variant("Information", &line))
    } else if rule.ends_with("_urc") {
        Urc::read(line, dialect).ok().map(|line| variant("Urc", &line))
    } else if rule.starts_with("final_") {
        Final::read(line, dialect).ok().map(|line| variant("Final", &line))
    } else {
        let line = command_line::read(line, dialect).ok()?;
        let mut commands = line.commands();
        let (Some(Ok(command)), None) = (commands.next(), commands.next()) else { return None };
        command.request().ok().map(|request| variant("Request", &request))
    }
}

#[test]
fn every_form_has_rows_and_a_type() {
    let clauses: BTreeMap<&str, &str> =
        ec20_grammar::rules().iter().map(|rule| (rule.name, rule.clause)).collect();
    let mut text = String::new();
    let (mut typed, mut untyped) = (0, Vec::new());
    for (chapter, table) in &TABLES[1..] {
        writeln!(text, "\n## {chapter}.pest\n\n| rule | clause | a line of it | type in ec20-at | accepts | refuses |\n|---|---|---|---|---|---|")
            .unwrap();
        for (rule, form) in forms(table) {
            let parsed = form.accepted.iter().find_map(|line| parsed(rule, line));
            assert!(!form.accepted.is_empty(), "{rule}: a row that is accepted");
            match parsed {
                Some(_) => {
                    assert!(form.refused > 0, "{rule}: a row that is refused");
                    typed += 1;
                }
                None => untyped.push(rule),
            }
            writeln!(
                text,
                "| {rule} | {} | `{}` | {} | {} | {} |",
                clauses[rule],
                form.accepted[0].escape_ascii().to_string().replace("\\\"", "\"").replace('|', "\\|"),
                parsed.unwrap_or_default(),
                form.accepted.len(),
                form.refused
            )
            .unwrap();
        }
    }
    let head = format!(
        "{typed} forms with a type of their own; {} rules that are pieces of lines or the lines as a whole: {}\n",
        untyped.len(),
        untyped.join(" ")
    );
    insta::assert_snapshot!("forms", head + &text);
}

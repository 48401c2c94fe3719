//! Meant plus errata is printed: an erratum for every difference, and for nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ec20_manual::{Catalogue, Edit};

use crate::dialogue::{self, Dialogue};

/// The edits of the errata that speak of one line of one example, in the order of the file.
fn edits(example: &str, number: usize) -> impl Iterator<Item = (&'static str, &'static Edit)> + '_ {
    Catalogue::manual()
        .errata()
        .iter()
        .flat_map(|erratum| erratum.edits.iter().map(|edit| (erratum.id.as_str(), edit)))
        .filter(move |(_, edit)| edit.example == example && edit.lines.contains(&number))
}

/// What print makes of a dialogue. Every edit that speaks of a line must change it.
fn printed(dialogue: &Dialogue) -> String {
    let mut out = String::new();
    for (number, line) in (1..).zip(&dialogue.lines) {
        let mut text = Some(line.text.clone());
        for (id, edit) in edits(dialogue.example, number) {
            let before =
                text.unwrap_or_else(|| panic!("{id}: {}:{number} is omitted already", dialogue.example));
            text = if edit.omitted {
                None
            } else {
                let after = edit.apply(&before);
                Some(after.unwrap_or_else(|| {
                    panic!("{id} changes nothing in {}:{number}: {before}", dialogue.example)
                }))
            };
        }
        if let Some(text) = text {
            out.push_str(&text);
            out.push('\n');
        }
    }
    out
}

#[test]
fn meant_plus_errata_is_printed() {
    let texts: BTreeMap<&str, &str> = ec20_golden::printed().iter().copied().collect();
    let dialogues = dialogue::all();
    assert_eq!(texts.len(), dialogues.len(), "one printed file for each dialogue");
    for dialogue in &dialogues {
        let name = format!("{}.txt", dialogue.example);
        let text = texts.get(name.as_str()).unwrap_or_else(|| panic!("printed/{name} is missing"));
        assert_eq!(printed(dialogue), **text, "{}", dialogue.example);
    }
}

#[test]
fn every_edit_speaks_of_lines_that_are_there() {
    let lengths: BTreeMap<&str, usize> = dialogue::all().iter().map(|d| (d.example, d.lines.len())).collect();
    for erratum in Catalogue::manual().errata() {
        for edit in &erratum.edits {
            let length = lengths.get(edit.example.as_str()).copied().unwrap_or_default();
            let beyond: Vec<_> = edit.lines.iter().filter(|&&line| line > length).collect();
            assert!(beyond.is_empty(), "{}: {} has {length} lines, not {beyond:?}", erratum.id, edit.example);
        }
    }
}

#[test]
fn every_example_of_the_manual_is_here() {
    let mut inline = 0;
    let mut in_dialogues = 0;
    for dialogue in dialogue::all() {
        let commands = dialogue.lines.iter().filter(|line| line.is_command).count();
        if dialogue.example == "manual-2-2-charset" { inline += commands } else { in_dialogues += commands }
    }
    assert_eq!(
        (in_dialogues, inline),
        (71, 1),
        "commands in the dialogues of the manual, and inside a paragraph"
    );
}

/// Which example is which transcript, and what print did to it.
#[test]
fn the_table_of_examples_is_up_to_date() {
    let mut table =
        String::from("| section | transcript | commands | lines | errata |\n|---|---|---|---|---|\n");
    for dialogue in dialogue::all() {
        let mut ids: Vec<&str> = (1..=dialogue.lines.len())
            .flat_map(|number| edits(dialogue.example, number))
            .map(|(id, _)| id)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let commands = dialogue.lines.iter().filter(|line| line.is_command).count();
        let ids = if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
        let (section, name) = (section(dialogue.example), dialogue.example);
        let _ = writeln!(
            table,
            "| {section} | `manual/{name}.atx` | {commands} | {} | {ids} |",
            dialogue.lines.len()
        );
    }
    insta::assert_snapshot!("examples", table);
}

/// `manual-2-2-1-recipients` is of 2.2.1.
fn section(example: &str) -> String {
    let numbers = example.split('-').filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    // What follows 3-1 is a step, not a section.
    let numbers: Vec<&str> = numbers.collect();
    match numbers.as_slice() {
        ["3", "1", step] => format!("3.1, step {step}"),
        parts => parts.join("."),
    }
}

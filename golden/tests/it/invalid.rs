//! Files with one mistake each: every one is refused, and the message says file, line, column, what was expected and what was found.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ec20_suite::suite::{Suite, Variables};

#[test]
fn every_mistake_is_told_with_its_place() {
    let variables =
        Variables::read("variables.toml", ec20_golden::VARIABLES).expect("the variables are readable");
    let mut told = String::new();
    for (path, text) in ec20_golden::invalid() {
        let mistakes = Suite::assemble([(*path, *text)], BTreeMap::new(), &variables)
            .expect_err("a transcript under invalid/ has a mistake");
        let [mistake] = mistakes.as_slice() else { panic!("{path}: one mistake, not {mistakes:?}") };
        assert_eq!(mistake.file, *path);
        assert!(mistake.line <= text.lines().count() && mistake.column >= 1, "{mistake}");
        let _ = writeln!(told, "{mistake}");
    }
    assert!(ec20_golden::invalid().len() >= 16);
    insta::assert_snapshot!(told);
}

//! The grammar as a page: complete, with every link leading somewhere, and without a network.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::LazyLock;

static PAGE: LazyLock<String> =
    LazyLock::new(|| ec20_hil::grammar_html::page().expect("the page can be made"));

/// The values of every attribute of this name, in order.
fn values<'a>(page: &'a str, attribute: &'a str) -> impl Iterator<Item = &'a str> {
    page.split(attribute)
        .skip(1)
        .filter_map(|rest| rest.strip_prefix("=\"").and_then(|value| value.split('"').next()))
}

#[test]
fn the_page_shows_every_rule_once_with_its_clause() {
    let page = PAGE.as_str();
    let ids: Vec<&str> = values(page, "<article class=\"rule\" id").collect();
    let shown: BTreeSet<&str> = ids.iter().copied().collect();
    let rules: BTreeSet<&str> = ec20_grammar::rules().iter().map(|rule| rule.name).collect();
    assert_eq!(shown, rules);
    assert_eq!(ids.len(), rules.len(), "no rule is shown twice");
    for rule in ec20_grammar::rules() {
        assert!(page.contains(&format!("<code>{}</code>", rule.clause)), "{} of {}", rule.clause, rule.name);
    }
}

#[test]
fn every_link_leads_to_a_place_on_the_page() {
    let page = PAGE.as_str();
    let places: BTreeSet<&str> = values(page, " id").collect();
    let dead: BTreeSet<&str> = values(page, "href")
        .filter(|link| !link.strip_prefix('#').is_some_and(|to| places.contains(to)))
        .collect();
    assert_eq!(dead, BTreeSet::new());
}

#[test]
fn the_page_is_the_same_each_time_and_asks_no_network() {
    let page = PAGE.as_str();
    assert_eq!(page, ec20_hil::grammar_html::page().expect("the page can be made"));
    assert_eq!(values(page, " src").count(), 0);
    assert!(!page.contains("@import") && !page.contains("url("), "styles fetch nothing");
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
}

#[test]
fn the_command_writes_the_page_where_it_is_told() {
    let folder = tempfile::tempdir().expect("a folder to write to");
    let file = folder.path().join("new/grammar.html");
    let run = Command::new(env!("CARGO_BIN_EXE_ec20")).arg("grammar-html").arg("--out").arg(&file).output();
    let run = run.expect("the binary runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(String::from_utf8_lossy(&run.stdout).contains("grammar.html"));
    let page = std::fs::read_to_string(&file).expect("the page is there");
    assert!(page.starts_with("<!doctype html>"));

    let taken =
        Command::new(env!("CARGO_BIN_EXE_ec20")).arg("grammar-html").arg("--out").arg(folder.path()).output();
    assert_eq!(taken.expect("the binary runs").status.code(), Some(2), "a folder is no file to write to");
}

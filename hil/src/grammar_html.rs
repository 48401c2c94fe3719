//! The grammar as a page for people: every rule with its picture, its clause in words, and lines that it takes and refuses.
//!
//! It is made from three things that cannot drift apart: the very `.pest` text the parser is made of, the catalogue's clauses, and the
//! rows that the grammar's own tests prove. It knows no rule by name and judges nothing.

mod chapter;
mod example;
mod picture;

use std::collections::BTreeMap;

use ec20_grammar::Strictness;
use ec20_manual::Catalogue;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use chapter::Chapter;

/// Why the page cannot be made. Everything it is made from is part of this program, so a build that passed its tests does not come here.
#[derive(Debug, thiserror::Error)]
pub enum Unprintable {
    /// The grammar's text is no grammar.
    #[error("the grammar cannot be read: {0}")]
    Grammar(String),
    /// The page's template is wrong.
    #[error("the page cannot be laid out: {0}")]
    Layout(#[from] minijinja::Error),
}

/// The page: one HTML text that needs no network.
///
/// # Errors
/// [`Unprintable`], which a test of this crate excludes.
///
/// ```
/// let page = ec20_hil::grammar_html::page().unwrap();
/// assert!(page.starts_with("<!doctype html>") && page.contains("id=\"qmmsend_write\""));
/// ```
pub fn page() -> Result<String, Unprintable> {
    let expressions = Expressions::read()?;
    let chapters = chapter::all(&expressions, Catalogue::manual());
    let page = Page {
        rules: chapters.iter().map(Chapter::rules).sum(),
        chapters,
        style: include_str!("grammar_html/page.css"),
        script: include_str!("grammar_html/page.js"),
        policy: ec20_suite::report::policy(Some(include_str!("grammar_html/page.js"))),
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("page", include_str!("grammar_html/page.html"))?;
    Ok(environment.get_template("page")?.render(Serde(&page))?)
}

/// What the template is filled with.
#[derive(Serialize)]
struct Page {
    rules: usize,
    chapters: Vec<Chapter>,
    policy: String,
    style: &'static str,
    script: &'static str,
}

/// Every rule's expression, in each strictness.
struct Expressions {
    canonical: BTreeMap<String, pest_meta::ast::Expr>,
    tolerant: BTreeMap<String, pest_meta::ast::Expr>,
}

impl Expressions {
    fn read() -> Result<Self, Unprintable> {
        let of = |strictness| {
            let text = ec20_grammar::source(strictness);
            let pairs = pest_meta::parser::parse(pest_meta::parser::Rule::grammar_rules, &text)
                .map_err(|error| Unprintable::Grammar(error.to_string()))?;
            let rules = pest_meta::parser::consume_rules(pairs).map_err(|errors| {
                Unprintable::Grammar(errors.first().map_or_else(String::new, ToString::to_string))
            })?;
            Ok::<_, Unprintable>(rules.into_iter().map(|rule| (rule.name, rule.expr)).collect())
        };
        Ok(Self { canonical: of(Strictness::Canonical)?, tolerant: of(Strictness::Tolerant)? })
    }

    fn of(&self, strictness: Strictness, rule: &str) -> Option<&pest_meta::ast::Expr> {
        match strictness {
            Strictness::Canonical => self.canonical.get(rule),
            Strictness::Tolerant => self.tolerant.get(rule),
        }
    }
}

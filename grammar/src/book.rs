//! The rules of one strictness by number and by name. pest names rules by an enum of its own per grammar; here they get the names that the
//! `.pest` files give them, as `&'static str`, so that both strictnesses can be read by the same code.

use std::collections::HashMap;
use std::sync::LazyLock;

use pest::RuleType;

use crate::canonical;
use crate::rules::rules;
use crate::tolerant;

/// Every rule of one grammar.
pub(crate) struct Book<R: 'static> {
    names: HashMap<R, &'static str>,
    rules: HashMap<&'static str, R>,
}

impl<R: RuleType> Book<R> {
    fn new(all: &[R]) -> Self {
        let known: HashMap<&'static str, &'static str> =
            rules().iter().map(|rule| (rule.name, rule.name)).collect();
        let mut book = Self { names: HashMap::new(), rules: HashMap::new() };
        for &rule in all {
            // pest's own rules (EOI) are in no file and get no name.
            if let Some(&name) = known.get(format!("{rule:?}").as_str()) {
                book.names.insert(rule, name);
                book.rules.insert(name, rule);
            }
        }
        book
    }

    pub(crate) fn name(&self, rule: R) -> Option<&'static str> {
        self.names.get(&rule).copied()
    }

    pub(crate) fn rule(&self, name: &str) -> Option<R> {
        self.rules.get(name).copied()
    }
}

pub(crate) static CANONICAL: LazyLock<Book<canonical::Rule>> =
    LazyLock::new(|| Book::new(canonical::Rule::all_rules()));
pub(crate) static TOLERANT: LazyLock<Book<tolerant::Rule>> =
    LazyLock::new(|| Book::new(tolerant::Rule::all_rules()));

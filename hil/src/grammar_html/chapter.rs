//! The page's order: chapters as the files have them, sections as their headings have them, rules as they stand.
//!
//! A rule that the two strictnesses share is drawn once, one that they do not is drawn twice, side by side. It lays out no HTML.

use std::collections::BTreeMap;

use ec20_grammar::{RuleInfo, Strictness, rules};
use ec20_manual::Catalogue;
use serde::Serialize;

use super::example::Example;
use super::{Expressions, example, picture};

/// One file of the grammar.
#[derive(Debug, Serialize)]
pub(super) struct Chapter {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    sections: Vec<Section>,
}

/// The rules under one heading.
#[derive(Debug, Serialize)]
struct Section {
    title: String,
    rules: Vec<Rule>,
}

/// One rule.
#[derive(Debug, Serialize)]
struct Rule {
    name: &'static str,
    clause: &'static str,
    /// Where the clause stands, and its promise; empty for a clause that the catalogue does not have.
    place: String,
    promise: String,
    doc: String,
    silent: bool,
    drawings: Vec<Drawing>,
    examples: Vec<Example>,
}

/// A rule drawn.
#[derive(Debug, Serialize)]
struct Drawing {
    /// `canonical`, `tolerant`, or nothing for both.
    strictness: &'static str,
    doc: &'static str,
    svg: String,
}

/// The chapters in the order a reader wants them: commands first, the parts they are made of after.
const CHAPTERS: [(&str, &str, &str); 6] = [
    ("mms", "Multimedia messages", "AT+QMMSCFG, AT+QMMSEDIT, AT+QMMSEND and the result of sending."),
    ("files", "Files", "AT+QFUPL and its kin: what carries a message's parts into the module."),
    ("bearer", "Bearer", "Attach, registration, PDP contexts: what a message travels over."),
    ("core", "Core", "The commands any session needs, the URCs of starting up, final results, whole lines."),
    ("values", "Values", "Numbers, words and strings that the others are made of."),
    ("parameters", "Separators and parameters", "What the canonical and the tolerant reading do not share."),
];

impl Chapter {
    /// How many rules it shows.
    pub(super) fn rules(&self) -> usize {
        self.sections.iter().map(|section| section.rules.len()).sum()
    }
}

/// All chapters.
pub(super) fn all(expressions: &Expressions, manual: &Catalogue) -> Vec<Chapter> {
    let headings = headings();
    let chapters = CHAPTERS.into_iter().map(|(id, title, about)| {
        let mut sections: Vec<Section> = Vec::new();
        for (at, info) in rules().iter().enumerate().filter(|(_, info)| chapter_of(info) == id) {
            let again = rules().iter().take(at).any(|other| other.name == info.name);
            if again {
                continue;
            }
            let title = headings.get(&(info.file, info.name)).cloned().unwrap_or_default();
            if sections.last().is_none_or(|section| section.title != title) {
                sections.push(Section { title, rules: Vec::new() });
            }
            if let Some(section) = sections.last_mut() {
                section.rules.push(rule(info, expressions, manual));
            }
        }
        Chapter { id, title, about, sections }
    });
    chapters.collect()
}

fn chapter_of(info: &RuleInfo) -> &'static str {
    match info.strictness {
        Some(_) => "parameters",
        None => CHAPTERS
            .iter()
            .map(|(id, ..)| *id)
            .find(|id| info.file.strip_suffix(".pest") == Some(id))
            .unwrap_or("values"),
    }
}

fn rule(info: &'static RuleInfo, expressions: &Expressions, manual: &Catalogue) -> Rule {
    let twins: Vec<&'static RuleInfo> = rules().iter().filter(|other| other.name == info.name).collect();
    let drawings = twins.iter().filter_map(|twin| {
        let strictness = twin.strictness.unwrap_or(Strictness::Canonical);
        let svg = picture::of(expressions.of(strictness, twin.name)?);
        let word = match twin.strictness {
            None => "",
            Some(Strictness::Canonical) => "canonical",
            Some(Strictness::Tolerant) => "tolerant",
        };
        // Said once where both strictnesses say the same.
        let said = twin.strictness.is_none() || (twin.doc == info.doc && !std::ptr::eq(*twin, info));
        let doc = if said { "" } else { twin.doc };
        Some(Drawing { strictness: word, doc, svg })
    });
    let clause = manual.clause(info.clause);
    Rule {
        name: info.name,
        clause: info.clause,
        place: clause.map_or_else(String::new, |clause| {
            format!("{}, {} · {}", clause.source, clause.section, clause.level.name())
        }),
        promise: clause.map_or_else(String::new, |clause| clause.promise.clone()),
        doc: if info.strictness.is_none() { info.doc.to_owned() } else { String::new() },
        silent: info.silent,
        drawings: drawings.collect(),
        examples: example::of(info.name),
    }
}

/// The heading above each rule: by file and rule, the text of the nearest `// ---- heading ----` before it in its file.
fn headings() -> BTreeMap<(&'static str, &'static str), String> {
    let mut headings = BTreeMap::new();
    for strictness in [Strictness::Canonical, Strictness::Tolerant] {
        let (mut heading, mut fresh, mut file) = (String::new(), false, "");
        for line in ec20_grammar::source(strictness).lines() {
            if let Some(title) = line.strip_prefix("// ---- ") {
                title.trim_end_matches(['-', ' ']).clone_into(&mut heading);
                fresh = true;
            }
            let Some((name, _)) = line.split_once(" = ") else { continue };
            let own =
                |info: &&RuleInfo| info.name == name && info.strictness.is_none_or(|only| only == strictness);
            if let Some(info) = rules().iter().find(own) {
                if info.file != file && !fresh {
                    heading.clear();
                }
                (file, fresh) = (info.file, false);
                headings.entry((info.file, info.name)).or_insert_with(|| heading.clone());
            }
        }
    }
    headings
}

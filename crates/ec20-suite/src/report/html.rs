//! `report.html`: a run on one page, to be read, filtered, printed and signed. It holds all it needs and asks no network for anything.
//!
//! Text from the module, from transcripts and from arguments is hostile until it is escaped: the template escapes all of it, the
//! dialogues travel as JSON in which no `<` can stand, and the page's script writes them as text, never as markup.
//!
//! It knows how a run is laid out for people. It decides no verdict, and says nothing of what happened that is not in the journal; the
//! catalogue lends it only words, the question of an unknown and the source of a section.

mod dialogue;
mod matrix;
mod sheet;
mod times;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};

use crate::recorded::Recorded;

/// The page's text.
///
/// # Errors
/// The template's own, which a test excludes: the template is part of this crate.
pub fn page(run: &Recorded) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_template("page", include_str!("html/page.html"))?;
    environment.get_template("page")?.render(Serde(sheet::Sheet::of(run)))
}

//! `compare.html`: one self-contained page, both dialogues side by side, what differs marked.
//!
//! It knows a template and hands it the comparison; everything that came from a module is text to it, never markup.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value, context};

use super::gate::Gate;
use super::matrix::Matrix;
use super::{Comparison, terminal};
use crate::report::policy;

/// The page.
///
/// # Errors
/// The template's own: none, as long as the tests of this crate pass.
pub fn page(comparison: &Comparison, gate: &Gate) -> Result<String, minijinja::Error> {
    let same = comparison.cases.iter().filter(|case| case.changes.is_empty()).count();
    let counts = comparison.counts();
    let counts = counts.iter().rev();
    let counts: Vec<_> = counts
        .map(|(change, count)| context! { word => change.word(), count => *count, meaning => change.meaning() })
        .collect();
    let changed: Vec<_> = comparison
        .told()
        .map(|case| {
            let words = case.words();
            let lines: Vec<_> = case.differences.iter().map(terminal::line).collect();
            context! { case => Value::from(Serde(case)), words, lines }
        })
        .collect();
    let values = context! {
        c => Value::from(Serde(comparison)),
        a => Value::from(Serde(&comparison.a)),
        b => Value::from(Serde(&comparison.b)),
        blocked => gate.blocked(comparison),
        gate => gate.words(),
        counts,
        same,
        changed,
        times => terminal::times(comparison),
        policy => policy(None),
    };
    rendered("compare.html", include_str!("page.html"), values)
}

/// The page of several runs.
///
/// # Errors
/// The template's own.
pub fn matrix(matrix: &Matrix) -> Result<String, minijinja::Error> {
    let (changed, same): (Vec<_>, Vec<_>) = matrix.rows.iter().partition(|row| row.differs());
    let values = context! {
        matrix => Value::from(Serde(matrix)),
        changed => Value::from(Serde(changed)),
        same => Value::from(Serde(same)),
        policy => policy(None),
    };
    rendered("matrix.html", include_str!("matrix.html"), values)
}

fn rendered(name: &'static str, template: &'static str, values: Value) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("style.css", include_str!("style.css"))?;
    environment.add_template(name, template)?;
    environment.get_template(name)?.render(values)
}

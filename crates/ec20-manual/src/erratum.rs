//! An erratum: what is printed, what is meant, why; and the edits that lead from the meant line to the printed one.
//!
//! Knows lines of examples by file and number; refuses to know the files themselves.

use serde::Deserialize;

/// One difference between print and meaning.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erratum {
    /// Stable id, `E01` and so on.
    pub id: String,
    /// Where in the manual it stands, by section.
    pub section: String,
    /// What is printed.
    pub printed: String,
    /// What is meant, as far as anyone can say.
    pub meant: String,
    /// Why we believe so.
    pub why: String,
    /// What it does to the lines of the examples.
    #[serde(default, rename = "edit")]
    pub edits: Vec<Edit>,
    /// Why it changes no line of an example. Exactly one of `edits` and `outside` is there.
    #[serde(default)]
    pub outside: Option<String>,
}

/// One edit: in these lines of this example, `from` became `to` in print.
///
/// Edits are applied in the order of the file, so a later one may build on an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The example: the file name without its ending, the same under `transcripts/manual/` and `printed/`.
    pub example: String,
    /// The lines of the meant dialogue, from 1; comments, waits and what always runs at the end are no lines.
    pub lines: Vec<usize>,
    /// What is meant. Each must stand in the line; all its occurrences are replaced.
    #[serde(default)]
    pub from: Option<String>,
    /// What is printed instead.
    #[serde(default)]
    pub to: Option<String>,
    /// Instead of `from` and `to`: every pair of ASCII quotes of the line is printed as an opening and a closing
    /// typographic quote.
    #[serde(default)]
    pub typographic_quotes: bool,
    /// Instead of `from` and `to`: the line is meant and not printed.
    #[serde(default)]
    pub omitted: bool,
}

impl Edit {
    /// The line after this edit, or `None` if the edit finds nothing to change in it. An omitted line has no line
    /// after it either: ask [`Edit::omitted`] first.
    ///
    /// ```
    /// # use ec20_manual::Edit;
    /// let edit = Edit {
    ///     example: "2.2.1".into(), lines: vec![1], from: None, to: None, typographic_quotes: true, omitted: false,
    /// };
    /// assert_eq!(edit.apply("AT+QMMSEDIT=1,1,\"1\"").as_deref(), Some("AT+QMMSEDIT=1,1,“1”"));
    /// assert_eq!(edit.apply("OK"), None);
    /// ```
    pub fn apply(&self, line: &str) -> Option<String> {
        let edited = if self.typographic_quotes {
            typographic(line)
        } else {
            line.replace(self.from.as_deref()?, self.to.as_deref()?)
        };
        (edited != line).then_some(edited)
    }
}

/// Every odd ASCII quote opens, every even one closes.
fn typographic(line: &str) -> String {
    let mut open = false;
    line.chars()
        .map(|c| match c {
            '"' => {
                open = !open;
                if open { '“' } else { '”' }
            }
            other => other,
        })
        .collect()
}

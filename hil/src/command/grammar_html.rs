//! `ec20 grammar-html`: the grammar as a page, into a file.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use ec20_suite::verdict::Exit;

use super::Outcome;
use super::complaint::Complaint;

/// The options of `ec20 grammar-html`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where the page goes
    #[arg(long, value_name = "FILE", default_value = "ec20-runs/grammar.html")]
    out: PathBuf,
}

/// Writes the page and says where it is.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let page =
        crate::grammar_html::page().map_err(|error| vec![Complaint::argument("grammar-html", error)])?;
    let folder = arguments.out.parent().unwrap_or(Path::new(""));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&arguments.out, page))
        .map_err(|error| vec![Complaint::file(&arguments.out, &error)])?;
    let _ = writeln!(std::io::stdout().lock(), "the grammar is in {}", arguments.out.display());
    Ok(Exit::Kept.into())
}

//! `ec20 fmt`: writes transcripts in their one canonical form, or says which are not.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use ec20_suite::mistake::{Mistake, Source};
use ec20_suite::suite::{Variables, exchanges};
use ec20_suite::transcript::{Transcript, canonical};
use ec20_suite::verdict::Exit;

use super::complaint::Complaint;
use super::ending::Ending;
use super::far_end_words;
use super::{Outcome, intake};

/// The options of `ec20 fmt`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Transcripts, or folders in which every `*.atx` is one
    #[arg(value_name = "PATH", default_value = "golden/transcripts")]
    paths: Vec<PathBuf>,
    /// Writes nothing; exit 1 if a file is not in canonical form
    #[arg(long)]
    check: bool,
}

/// Formats every file; a file with a mistake is left as it is.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let mut files = Vec::new();
    let mut complaints = Vec::new();
    for path in &arguments.paths {
        if let Err(complaint) = collect(path, &mut files) {
            complaints.push(complaint);
        }
    }
    files.sort();
    let mut changed = 0_usize;
    for file in &files {
        match format_file(file, arguments.check) {
            Ok(false) => {}
            Ok(true) => {
                changed += 1;
                let verb = if arguments.check { "not in canonical form" } else { "written" };
                let _ = writeln!(std::io::stdout().lock(), "{}: {verb}", file.display());
            }
            Err(wrong) => complaints.extend(wrong),
        }
    }
    let total = files.len();
    let plural = if total == 1 { "" } else { "s" };
    if !complaints.is_empty() {
        return Err(complaints);
    }
    if changed > 0 && arguments.check {
        let why = format!("{changed} of {total} file{plural} not in canonical form");
        return Ok(Ending::because(Exit::Broke, why));
    }
    let done = if changed > 0 { format!("{changed} written") } else { "nothing to change".to_owned() };
    let _ = writeln!(std::io::stdout().lock(), "{total} file{plural}, {done}");
    Ok(Exit::Kept.into())
}

/// The transcripts at a path. Files with a mistake on purpose live in `invalid/` and are passed over.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Complaint> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).map_err(|error| Complaint::file(path, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Complaint::file(path, &error))?.path();
        let is_transcript = entry.extension().is_some_and(|extension| extension == "atx");
        if entry.is_dir() && entry.file_name().is_none_or(|name| name != "invalid") || is_transcript {
            collect(&entry, files)?;
        }
    }
    Ok(())
}

/// Writes a file in its canonical form, or says whether that would change it.
///
/// # Errors
/// Every mistake that the file alone shows: of form, of a dialogue that cannot be, of words that the far end does not know.
fn format_file(file: &Path, check: bool) -> Result<bool, Vec<Complaint>> {
    let text = intake::written(file).map_err(|complaint| vec![complaint])?;
    let name = file.display().to_string();
    let drawn = |mistake: &Mistake| Complaint::mistake(mistake, &text);
    let fine = canonical(&name, &text).map_err(|mistake| vec![drawn(&mistake)])?;
    let transcript = Transcript::read(&name, &text).map_err(|mistake| vec![drawn(&mistake)])?;
    let variables = Variables::read("variables.toml", ec20_golden::VARIABLES).unwrap_or_default();
    let files =
        ec20_golden::files().iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    let source = Source { file: &name, text: &text };
    let mut mistakes = exchanges::mistakes(source, &transcript, &files, variables.bindings());
    mistakes.extend(far_end_words::of_transcript(&transcript, &text, variables.bindings()));
    if !mistakes.is_empty() {
        return Err(mistakes.iter().map(drawn).collect());
    }
    if fine == text {
        return Ok(false);
    }
    if !check {
        std::fs::write(file, fine).map_err(|error| vec![Complaint::file(file, &error)])?;
    }
    Ok(true)
}

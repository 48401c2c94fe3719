//! `ec20 fmt`: writes transcripts in their one canonical form, or says which are not.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use ec20_suite::transcript::canonical;
use ec20_suite::verdict::Exit;

use super::complaint::Complaint;
use super::ending::Ending;
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
    let mut changed = false;
    for file in &files {
        match format_file(file, arguments.check) {
            Ok(false) => {}
            Ok(true) => {
                changed = true;
                let verb = if arguments.check { "not in canonical form" } else { "written" };
                let _ = writeln!(std::io::stdout().lock(), "{}: {verb}", file.display());
            }
            Err(complaint) => complaints.push(complaint),
        }
    }
    match () {
        () if !complaints.is_empty() => Err(complaints),
        () if changed && arguments.check => {
            Ok(Ending::because(Exit::Broke, "some file is not in canonical form"))
        }
        () => Ok(Exit::Kept.into()),
    }
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

fn format_file(file: &Path, check: bool) -> Result<bool, Complaint> {
    let text = intake::written(file)?;
    let name = file.display().to_string();
    let fine = canonical(&name, &text).map_err(|mistake| Complaint::mistake(&mistake, &text))?;
    if fine == text {
        return Ok(false);
    }
    if !check {
        std::fs::write(file, fine).map_err(|error| Complaint::file(file, &error))?;
    }
    Ok(true)
}

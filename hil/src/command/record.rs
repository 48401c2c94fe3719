//! Recorded runs as a person names them: a run's folder, its `run.ndjson`, or a package.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use ec20_suite::pack;
use ec20_suite::recorded::Recorded;
use ec20_suite::suite::{Suite, Variables};

use super::complaint::Complaint;
use super::{folder, selection};

/// Reads the run at `path`.
///
/// # Errors
/// What cannot be read, and why.
pub(super) fn read(path: &Path) -> Result<Recorded, Complaint> {
    let journal = journal(path)?;
    let file = fs::File::open(&journal).map_err(|error| Complaint::file(&journal, &error))?;
    let mut bytes = BufReader::with_capacity(1 << 16, file);
    // A gzip begins so, a journal with a brace.
    let first = bytes.fill_buf().map_err(|error| Complaint::file(&journal, &error))?;
    let run = if first.starts_with(&[0x1f, 0x8b]) {
        pack::read(bytes).map_err(|error| wrong(path, &error))?.into_run()
    } else {
        Recorded::stream(bytes)
    };
    run.map_err(|error| wrong(&journal, &error))
}

/// The journal of the run at `path`: in its folder, or the file itself.
///
/// # Errors
/// A folder that is no run's; the newest runs that there are come with it.
pub(super) fn journal(path: &Path) -> Result<PathBuf, Complaint> {
    if !path.is_dir() {
        return Ok(path.to_path_buf());
    }
    let journal = path.join("run.ndjson");
    if journal.exists() {
        return Ok(journal);
    }
    let newest = folder::newest(3);
    let hint = if newest.is_empty() {
        String::new()
    } else {
        let names: Vec<String> = newest.iter().map(|run| run.display().to_string()).collect();
        format!("; the newest runs are {}", names.join(", "))
    };
    Err(wrong(path, &format!("this is no run's folder, there is no run.ndjson in it{hint}")))
}

/// Something wrong with the file at `path`.
pub(super) fn wrong(path: &Path, error: &dyn std::fmt::Display) -> Complaint {
    Complaint::argument(&path.display().to_string(), plain(&error.to_string()))
}

/// Today's suite, with what the variables stood for in the run.
///
/// # Errors
/// As for any suite: what is wrong with the user's own transcripts.
pub(super) fn suite_for(run: &Recorded, own: &[PathBuf]) -> Result<Suite, Vec<Complaint>> {
    let declared = Variables::read("variables.toml", ec20_golden::VARIABLES).unwrap_or_default();
    let recorded = run.ground.iter().flat_map(|ground| &ground.variables);
    // A variable that no transcript names any more says nothing.
    let set: Vec<(String, String)> = recorded
        .filter(|(name, _)| declared.contains(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    selection::suite(own, &set).map(|(suite, _)| suite)
}

/// The names in a folder, in order.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, Complaint> {
    let at = |error| Complaint::file(folder, &error);
    let entries = fs::read_dir(folder).map_err(at)?;
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry.map(|entry| entry.file_name().to_string_lossy().into_owned())
    };
    let mut names = entries.map(name).collect::<Result<Vec<_>, _>>().map_err(at)?;
    names.sort();
    Ok(names)
}

/// Prints on standard output; a reader that went away (`| head`) ends nothing, and what a file says steers no terminal.
pub(super) fn say(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stdout().lock().write_all(plain(text).as_bytes());
}

/// Text in which a control character other than the end of a line is its escape.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && c != '\n' {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

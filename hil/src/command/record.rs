//! Recorded runs as a person names them: a run's folder, its `run.ndjson`, or a package.

use std::collections::BTreeMap;
use std::fs;
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
    let bytes = fs::read(&journal).map_err(|error| Complaint::file(&journal, &error))?;
    // A gzip begins so, a journal with a brace.
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        let package = pack::open(&bytes).map_err(|error| wrong(path, &error))?;
        package.file(pack::JOURNAL).unwrap_or_default().to_vec()
    } else {
        bytes
    };
    Recorded::read(&bytes).map_err(|error| wrong(&journal, &error))
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

/// Every file below a folder: its path within, `/` between the parts, and its bytes. Links are not followed: they lead anywhere.
///
/// # Errors
/// The path that cannot be read, and why.
pub(super) fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Complaint> {
    let mut found = BTreeMap::new();
    let mut open = vec![(folder.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = open.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| Complaint::file(&folder, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| Complaint::file(&folder, &error))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let name = format!("{prefix}{name}");
            let kind = path.symlink_metadata().map_err(|error| Complaint::file(&path, &error))?;
            if kind.is_dir() {
                open.push((path, name + "/"));
            } else if !kind.is_file() {
                return Err(wrong(&path, &"expected plain files in a run's folder, found something else"));
            } else {
                let bytes = fs::read(&path).map_err(|error| Complaint::file(&path, &error))?;
                found.insert(name, bytes);
            }
        }
    }
    Ok(found)
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

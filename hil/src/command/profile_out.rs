//! `--profile-out`: the firmware profile that a run observed, as a file.
//!
//! It knows where the file goes. What a run observed, `ec20_suite::firmware` knows.

use std::path::Path;

use ec20_suite::firmware;
use ec20_suite::journal::Event;

use super::complaint::{self, Complaint};

/// Writes the observed firmware; its name is the file's.
pub(super) fn write(file: &Path, events: &[Event]) -> Result<(), Complaint> {
    let name = file.file_stem().map_or_else(|| "observed".into(), |stem| stem.to_string_lossy());
    let profile = firmware::observed(&name, events);
    let text = profile.to_toml().map_err(|error| Complaint::argument("--profile-out", error))?;
    std::fs::write(file, text).map_err(|error| Complaint::file(file, &error))?;
    complaint::say(&format!(
        "the firmware's {} observed answers are in {}",
        profile.answers.len(),
        file.display()
    ));
    Ok(())
}

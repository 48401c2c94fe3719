//! `ec20 verify`: whether a package is complete and unaltered, and bears out its claim.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use ec20_suite::pack::{self, PackError};
use ec20_suite::verdict::Exit;

use super::Outcome;
use super::complaint::Complaint;
use super::ending::Ending;
use super::record::{self, say};

/// The options of `ec20 verify`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The package
    package: PathBuf,

    /// The SHA-256 that the package was handed over with
    #[arg(long, value_name = "DIGITS")]
    sha256: Option<String>,
}

/// Runs the word: 0 the claim holds, 1 it does not, 2 this is no package.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let path = &arguments.package;
    let bytes = fs::read(path).map_err(|error| vec![Complaint::file(path, &error)])?;
    let sum = pack::sha256(&bytes);
    if let Some(wanted) = &arguments.sha256
        && !sum.eq_ignore_ascii_case(wanted)
    {
        say(&format!("this is another archive: its SHA-256 is {sum}\n"));
        return Ok(Ending::because(Exit::Broke, "this is another archive than the one with that SHA-256"));
    }
    let package = match pack::open(&bytes) {
        Ok(package) => package,
        Err(error @ (PackError::Missing(_) | PackError::Altered(_) | PackError::Unlisted(_))) => {
            say(&format!("{error}\n"));
            return Ok(Ending::because(Exit::Broke, "the package is not as it was packed"));
        }
        Err(error) => return Err(vec![record::wrong(path, &error)]),
    };
    let manifest = package.manifest();
    let firmware = manifest.firmware.as_deref().unwrap_or("a firmware that does not say its name");
    let (files, cases) = (manifest.files.len(), manifest.verdicts.len());
    say(&format!("{firmware}, {cases} cases; {files} files, all there and as they were packed\n"));
    let verified = package.verify();
    say(&verified.text());
    if verified.holds() {
        return Ok(Exit::Kept.into());
    }
    Ok(Ending::because(Exit::Broke, "the package does not bear out its claim"))
}

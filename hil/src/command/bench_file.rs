//! The bench file of a command: read before anything else is done, and joined with the options, which win.

use std::path::PathBuf;

use clap::Args;
use ec20_suite::journal::Identity;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::complaint::Complaint;
use super::{hil, intake};
use crate::bench::{self, BenchFile};
use crate::port::Address;

/// The option.
#[derive(Debug, Clone, Default, Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Read from a file what stands on the bench and what is permitted there (hil/bench.example.toml); options outrank it
    #[arg(long, value_name = "FILE", help_heading = "Bench")]
    bench: Option<PathBuf>,

    /// Baud rate [default: 115200]; also limits the simulated module
    #[arg(long, value_name = "BAUD", value_parser = bench::speed, help_heading = "Bench")]
    speed: Option<u32>,
}

impl Arguments {
    /// Whether there is a bench file.
    pub(super) fn is_named(&self) -> bool {
        self.bench.is_some()
    }

    /// The bench file's content, with the options that stand here; nothing in it when none was named.
    ///
    /// # Errors
    /// It cannot be read, or every mistake in it.
    pub(super) fn read(&self) -> Result<BenchFile, Vec<Complaint>> {
        let file = self.content()?;
        Ok(BenchFile { speed: self.speed.or(file.speed), ..file })
    }

    fn content(&self) -> Result<BenchFile, Vec<Complaint>> {
        let Some(path) = &self.bench else { return Ok(BenchFile::default()) };
        let text = intake::written(path).map_err(|complaint| vec![complaint])?;
        BenchFile::read(&path.display().to_string(), &text)
            .map_err(|mistakes| mistakes.iter().map(|mistake| Complaint::mistake(mistake, &text)).collect())
    }
}

/// The options with what the bench file says where they say nothing.
///
/// Lists of the file count as long as the option is not given at all: who names a recipient names all.
///
/// # Errors
/// As of reading the file.
pub(super) fn merged(arguments: &hil::Arguments) -> Result<(hil::Arguments, BenchFile), Vec<Complaint>> {
    let file = arguments.bench.read()?;
    let mut merged = arguments.clone();
    merged.port = merged.port.or_else(|| file.port.clone());
    merged.capture = merged.capture.or(file.capture);
    merged.budget = merged.budget.or(file.budget);
    if merged.allow.is_empty() {
        merged.allow.clone_from(&file.allow);
    }
    if merged.recipient.is_empty() {
        merged.recipient.clone_from(&file.recipients);
    }
    merged.offer.extend(file.offer.iter().cloned());
    merged.redaction.secret.extend(file.secrets.iter().cloned());
    // What is set last counts.
    merged.set.splice(0..0, file.variables.iter().cloned());
    Ok((merged, file))
}

/// Who may be sent to.
///
/// # Errors
/// Every pattern that is none.
pub(super) fn recipients(patterns: &[String]) -> Result<GlobSet, Vec<Complaint>> {
    let mut set = GlobSetBuilder::new();
    let mut complaints = Vec::new();
    for pattern in patterns {
        match GlobBuilder::new(pattern).build() {
            Ok(glob) => {
                set.add(glob);
            }
            Err(error) => complaints.push(Complaint::argument("--recipient", error)),
        }
    }
    let set = set.build().map_err(|error| vec![Complaint::argument("--recipient", error)])?;
    if complaints.is_empty() { Ok(set) } else { Err(complaints) }
}

/// The lines to begin a bench file with, from what a run learned; nothing where there was a bench file, or nothing was learned.
pub(super) fn stanza(arguments: &hil::Arguments, identity: Option<&Identity>) -> Option<String> {
    let port = arguments.address();
    if arguments.bench.is_named() || matches!(port, Address::Simulated { .. }) {
        return None;
    }
    let identity = identity?;
    let firmware = identity.qgmr.as_deref().and_then(|line| line.split_ascii_whitespace().next_back());
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let firmware = firmware.map_or_else(String::new, |name| format!("firmware = {}\n", quoted(name)));
    let shown = identity.cgsn.as_deref().filter(|_| identity.shown || !arguments.redaction.redacts());
    let imei = shown.map_or_else(
        || {
            "# the line that AT+CGSN answers; it is hidden here, --show-identity shows it\n# imei = \"\"\n"
                .to_owned()
        },
        |imei| format!("imei = {}\n", quoted(imei)),
    );
    Some(format!(
        "a bench.toml for this bench begins like this (hil/bench.example.toml explains all of it):\n\n\
         port = {}\n\n[identity]\n{imei}{firmware}",
        quoted(&port.to_string())
    ))
}

//! `ec20 report`: the reports of a run made anew from its journal, which is all they are made from.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use ec20_suite::verdict::Exit;

use super::complaint::Complaint;
use super::{Outcome, folder, record, waivers};

/// The options of `ec20 report`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The run's folder, with its run.ndjson
    run: PathBuf,

    /// Where the reports go; by default into the run's folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    #[command(flatten)]
    waivers: waivers::Arguments,
}

/// Writes the reports and says where they are. A run that was killed has reports too: of what happened until then.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let journal = record::journal(&arguments.run).map_err(|complaint| vec![complaint])?;
    let mut recorded = record::read(&journal).map_err(|complaint| vec![complaint])?;
    let given = arguments.waivers.or_those_of(&arguments.run, &record::suite_for(&recorded, &[])?)?;
    recorded.waived = given.map(|given| given.apply(&recorded));
    let out = arguments.out.as_ref().unwrap_or(&arguments.run);
    std::fs::create_dir_all(out)
        .and_then(|()| folder::write(out, &recorded))
        .map_err(|error| vec![Complaint::file(out, &error)])?;
    let _ = writeln!(std::io::stdout().lock(), "the reports are in {}", out.display());
    Ok(Exit::Kept.into())
}

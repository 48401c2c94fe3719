//! `ec20 rejudge`: a recorded run, judged by today's transcripts, grammar, catalogue and waivers. No module is needed.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use ec20_suite::rejudge::rejudge;

use super::complaint::Complaint;
use super::ending::Ending;
use super::record::{self, say};
use super::{Outcome, waivers};

/// The options of `ec20 rejudge`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The run: its folder, its run.ndjson or a package
    run: PathBuf,

    /// Transcripts of your own to judge by, beside the built-in ones: files, or folders of *.atx
    #[arg(value_name = "TRANSCRIPT")]
    transcripts: Vec<PathBuf>,

    #[command(flatten)]
    waivers: waivers::Arguments,

    /// Writes what came of it as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Runs the word.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let run = record::read(&arguments.run).map_err(|complaint| vec![complaint])?;
    let suite = record::suite_for(&run, &arguments.transcripts)?;
    let given = arguments.waivers.read(&suite)?;
    let rejudged = rejudge(&run, &suite, ec20_golden::suite_hash());
    say(&rejudged.text());
    if let Some(path) = &arguments.json {
        let text =
            serde_json::to_string_pretty(&rejudged).map_err(|error| vec![record::wrong(path, &error)])?;
        fs::write(path, text + "\n").map_err(|error| vec![Complaint::file(path, &error)])?;
    }
    let Some(given) = given else { return Ok(Ending::because(rejudged.exit(), rejudged.exit_in_words())) };
    let applied = given.apply(rejudged.run());
    say(&applied.text(&given.path().display().to_string()));
    Ok(Ending::because(applied.exit(rejudged.run()), applied.reason(rejudged.run())))
}

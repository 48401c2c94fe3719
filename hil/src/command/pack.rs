//! `ec20 pack`: a run, its reports, its waivers and the transcripts it asked, in one archive.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use ec20_suite::pack::{self, Contents};
use ec20_suite::verdict::Exit;

use super::complaint::Complaint;
use super::record::{self, say};
use super::{Outcome, waivers};

/// The options of `ec20 pack`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The run's folder
    run: PathBuf,

    /// The archive; by default the folder's name with .tar.gz behind it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[command(flatten)]
    waivers: waivers::Arguments,
}

/// Runs the word.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let run = record::read(&arguments.run).map_err(|complaint| vec![complaint])?;
    let given = arguments.waivers.or_those_of(&arguments.run, &record::suite_for(&run, &[])?)?;
    let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    let contents = Contents {
        run: record::files(&arguments.run).map_err(|complaint| vec![complaint])?,
        transcripts: ec20_golden::transcripts().iter().map(owned).collect(),
        files: ec20_golden::files()
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()))
            .collect(),
        variables: ec20_golden::VARIABLES.to_owned(),
        suite_hash: ec20_golden::suite_hash().to_owned(),
        waivers: given.map(|given| given.text().to_owned()),
    };
    if contents.suite_hash != run.run.suite_hash {
        eprintln!("the run asked another suite than this version has: what is packed of it is today's");
    }
    let archive = pack::pack(contents).map_err(|error| vec![record::wrong(&arguments.run, &error)])?;
    let out = arguments.out.clone().unwrap_or_else(|| {
        let mut name = arguments.run.components().as_path().as_os_str().to_owned();
        name.push(".tar.gz");
        PathBuf::from(name)
    });
    fs::write(&out, &archive).map_err(|error| vec![Complaint::file(&out, &error)])?;
    say(&format!("{}  {}\n", pack::sha256(&archive), out.display()));
    Ok(Exit::Kept.into())
}

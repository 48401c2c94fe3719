//! `ec20 pack`: a run's journal, the reports made of it, its waivers and the transcripts it asked, in one archive.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use ec20_manual::bound::{EXPECTED, clipped};
use ec20_suite::pack::{self, Contents, signature};
use ec20_suite::verdict::Exit;

use super::complaint::Complaint;
use super::record::{self, say};
use super::{Outcome, intake, waivers};

/// The options of `ec20 pack`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The run's folder
    run: PathBuf,

    /// The archive; by default the folder's name with .tar.gz behind it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Signs the archive with this OpenSSH private key: the signature goes beside it, with .sig behind its name, as ssh-keygen -Y sign
    /// -n ec20-package would make it
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,

    #[command(flatten)]
    waivers: waivers::Arguments,
}

/// Runs the word.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let run = record::read(&arguments.run).map_err(|complaint| vec![complaint])?;
    let given = arguments.waivers.or_those_of(&arguments.run, &record::suite_for(&run, &[])?)?;
    let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    left_out(&arguments.run).map_err(|complaint| vec![complaint])?;
    let key = arguments.sign.as_deref().map(|path| intake::text(path, signature::FILE_BYTES)).transpose();
    let key = key.map_err(|complaint| vec![complaint])?;
    let journal = arguments.run.join("run.ndjson");
    let contents = Contents {
        journal: fs::read(&journal).map_err(|error| vec![Complaint::file(&journal, &error)])?,
        transcripts: ec20_golden::transcripts().iter().map(owned).collect(),
        files: ec20_golden::files()
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()))
            .collect(),
        variables: ec20_golden::VARIABLES.to_owned(),
        waivers: given.map(|given| given.text().to_owned()),
        day: jiff::Zoned::now().date(),
    };
    if ec20_golden::suite_hash() != run.run.suite_hash {
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
    if let (Some(path), Some(key)) = (&arguments.sign, key) {
        let signed = signature::sign(&archive, &key).map_err(|error| vec![record::wrong(path, &error)])?;
        let beside = signature_of(&out);
        fs::write(&beside, signed).map_err(|error| vec![Complaint::file(&beside, &error)])?;
        say(&format!("signed: {}\n", beside.display()));
    }
    Ok(Exit::Kept.into())
}

/// Where the signature of a package lies.
pub(super) fn signature_of(package: &Path) -> PathBuf {
    let mut name = package.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}

/// Says what of the run's folder is not packed: the reports are made anew, and the rest does not follow from the journal.
fn left_out(folder: &Path) -> Result<(), Complaint> {
    let packed = ["run.ndjson", "junit.xml", "results.json", "summary.md", "report.html", "waivers.toml"];
    let mut names = record::names(folder)?;
    names.retain(|name| !packed.contains(&name.as_str()));
    if !names.is_empty() {
        super::complaint::say(&format!("not packed: {}", clipped(&names.join(", "), EXPECTED)));
    }
    Ok(())
}

//! `ec20 verify`: whether a package is complete and unaltered, bears out its claim, and is signed by somebody who is trusted.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use ec20_suite::pack::signature::{self, Signer, Trusted};
use ec20_suite::pack::{self, PackError, Shown};
use ec20_suite::verdict::Exit;

use super::complaint::Complaint;
use super::ending::Ending;
use super::pack::signature_of;
use super::record::{self, say};
use super::{Outcome, intake};

/// The options of `ec20 verify`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The package
    package: PathBuf,

    /// The SHA-256 that the package was handed over with
    #[arg(long, value_name = "DIGITS")]
    sha256: Option<String>,

    /// Who may have signed it: OpenSSH's file of allowed signers. With it a package without a good signature is refused
    #[arg(long, value_name = "FILE")]
    trusted: Option<PathBuf>,

    /// The signature; by default the package's name with .sig behind it
    #[arg(long, value_name = "FILE", requires = "trusted")]
    signature: Option<PathBuf>,
}

/// The most bytes of a package: unpacked it may have as many again.
const PACKAGE_BYTES: usize = 1 << 29;

/// Runs the word: 0 the claim holds, 1 it does not, 5 it could not be shown as a whole, 2 this is no package.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let path = &arguments.package;
    let signer = match origin(arguments)? {
        Ok(signer) => signer,
        Err(objection) => {
            say(&format!("{objection}\nthe package does not bear out its claim\n"));
            return Ok(Ending::because(Exit::Broke, objection));
        }
    };
    let file = File::open(path).map_err(|error| vec![Complaint::file(path, &error)])?;
    let package = match pack::read(BufReader::with_capacity(1 << 16, file)) {
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
    let verified = package.verify(jiff::Zoned::now().date(), ec20_golden::suite_hash());
    say(&verified.text(signer.as_ref()));
    Ok(match verified.shown() {
        Shown::All => Exit::Kept.into(),
        Shown::Part => Ending::because(Exit::Undecided, "the package's claim is not shown as a whole"),
        Shown::Otherwise => Ending::because(Exit::Broke, "the package does not bear out its claim"),
    })
}

/// Who signed the package, if signatures are asked for; what speaks against it, its SHA-256 included.
fn origin(arguments: &Arguments) -> Result<Result<Option<Signer>, String>, Vec<Complaint>> {
    if let Some(wanted) = &arguments.sha256 {
        let sum =
            sum(&arguments.package).map_err(|error| vec![Complaint::file(&arguments.package, &error)])?;
        if !sum.eq_ignore_ascii_case(wanted) {
            return Ok(Err(format!("this is another archive: its SHA-256 is {sum}")));
        }
    }
    let Some(file) = &arguments.trusted else { return Ok(Ok(None)) };
    let one = |complaint| vec![complaint];
    let text = intake::written(file).map_err(one)?;
    let trusted = Trusted::read(&file.display().to_string(), &text)
        .map_err(|mistake| vec![Complaint::mistake(&mistake, &text)])?;
    let beside = arguments.signature.clone().unwrap_or_else(|| signature_of(&arguments.package));
    if arguments.signature.is_none() && !beside.exists() {
        return Ok(Err(format!("it is not signed: there is no {}", beside.display())));
    }
    let signature = intake::text(&beside, signature::FILE_BYTES).map_err(one)?;
    let archive = intake::bytes(&arguments.package, PACKAGE_BYTES).map_err(one)?;
    let checked = trusted.check(&archive, &signature, &jiff::Zoned::now());
    Ok(checked.map(Some).map_err(|error| format!("{}: {error}", beside.display())))
}

/// The SHA-256 of a file, read piece by piece.
fn sum(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut sum = pack::Sum::default();
    let mut piece = [0; 1 << 14];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(sum.digits()),
            count => sum.take(piece.get(..count).unwrap_or_default()),
        }
    }
}

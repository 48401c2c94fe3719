//! `ec20 trace`: which clause is asked by which case, stands in which rule, is broken by which mutant; and what is missing.

use std::io::Write as _;

use clap::Args;
use ec20_suite::suite::{Suite, Variables};
use ec20_suite::trace::{Mutants, Trace};
use ec20_suite::verdict::Exit;

use super::Outcome;
use super::complaint::Complaint;
use super::ending::Ending;

/// The options of `ec20 trace`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Say only what is missing, and whether the committed table is up to date; exit 1 if something is
    #[arg(long)]
    check: bool,
}

/// Prints the table as transcripts, catalogue and grammar are now, or checks it.
///
/// What became of the mutants is taken from the committed table: to ask them is the work of the tests.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let variables = Variables::read("variables.toml", ec20_golden::VARIABLES)
        .map_err(|mistake| vec![Complaint::argument("variables.toml", mistake)])?;
    let files = ec20_golden::files().iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()));
    let suite = Suite::assemble(ec20_golden::transcripts().iter().copied(), files.collect(), &variables)
        .map_err(|mistakes| {
            mistakes.iter().map(|m| Complaint::argument("transcripts", m)).collect::<Vec<_>>()
        })?;
    let mutants = Mutants::read(ec20_golden::TRACE);
    let trace = Trace::of(&suite, &mutants);
    let mut out = std::io::stdout().lock();
    if !arguments.check {
        let _ = write!(out, "{trace}");
        return Ok(Exit::Kept.into());
    }
    let mut findings = trace.findings();
    if trace.to_string() != ec20_golden::TRACE {
        findings.push(
            "golden/TRACE.md is not up to date: EC20_TRACE=write cargo test -p ec20-golden trace".to_owned(),
        );
    }
    for finding in &findings {
        let _ = writeln!(out, "{finding}");
    }
    Ok(match findings.len() {
        0 => Exit::Kept.into(),
        1 => Ending::because(Exit::Broke, "1 finding"),
        found => Ending::because(Exit::Broke, format!("{found} findings")),
    })
}

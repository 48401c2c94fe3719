//! `ec20 compare`: what changed between two runs, or between the first of several and each other.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use ec20_suite::compare::gate::Gate;
use ec20_suite::compare::matrix::Matrix;
use ec20_suite::compare::timing::Rule;
use ec20_suite::compare::{Comparison, compare, html, json, junit, markdown, terminal};
use ec20_suite::recorded::Recorded;
use ec20_suite::verdict::Exit;

use super::complaint::Complaint;
use super::ending::Ending;
use super::record::{self, say};
use super::{Outcome, waivers};

/// The options of `ec20 compare`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The runs: folders, run.ndjson files or packages; the others are held against the first
    #[arg(num_args = 2.., required = true, value_name = "RUN")]
    runs: Vec<PathBuf>,

    #[command(flatten)]
    rules: Rules,

    /// Writes compare.json, compare.md, compare.html and compare.xml (`JUnit`) into this folder; of several runs, a folder for each, and matrix.html
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
}

/// What counts as a change, and what blocks.
#[derive(Debug, Clone, Args)]
pub(super) struct Rules {
    /// Changes that make the exit code 1: all, none, or some of broke, unstable, undecided, fixed, lost-urc, new-urc, class, restructured, value, reworded, retimed
    #[arg(long, value_name = "CHANGE,…", value_parser = Gate::read, default_value = "broke,unstable,lost-urc,class,restructured")]
    block: Gate,

    #[command(flatten)]
    waivers: waivers::Arguments,

    /// Family-wise false-positive rate for timing differences
    #[arg(long, value_name = "P", default_value_t = Rule::default().alpha, value_parser = chance)]
    alpha: f64,

    /// Smallest difference of medians that counts as a timing difference, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = Rule::default().shift_us / 1000)]
    min_shift: u64,
}

fn chance(text: &str) -> Result<f64, String> {
    let chance = text.parse().ok().filter(|chance| *chance > 0.0 && *chance < 1.0);
    chance.ok_or_else(|| "expected a number between 0 and 1".to_owned())
}

/// Runs the word.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let given = arguments.rules.read()?;
    let mut runs = Vec::new();
    let mut wrong = Vec::new();
    for path in &arguments.runs {
        match record::read(path) {
            Ok(run) => runs.push((path.display().to_string(), run)),
            Err(complaint) => wrong.push(complaint),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    given.report(&runs, arguments.report.as_deref())
}

/// The rules with their waivers read.
pub(super) struct Given {
    gate: Gate,
    waivers: Option<waivers::Given>,
    rule: Rule,
}

impl Rules {
    /// Reads the waivers.
    ///
    /// # Errors
    /// Every mistake in them.
    pub(super) fn read(&self) -> Result<Given, Vec<Complaint>> {
        let waivers = self.waivers.of_todays_suite()?;
        let rule =
            Rule { alpha: self.alpha, shift_us: self.min_shift.saturating_mul(1000), ..Rule::default() };
        Ok(Given { gate: self.block.clone(), waivers, rule })
    }
}

impl Given {
    /// Compares, prints, writes.
    pub(super) fn report(&self, runs: &[(String, Recorded)], folder: Option<&Path>) -> Outcome {
        let written = |path: PathBuf| move |error: std::io::Error| vec![Complaint::file(&path, &error)];
        if let [(label_a, a), (label_b, b)] = runs {
            let mut comparison = compare((label_a, a), (label_b, b), self.rule);
            let waived = self.waive(&mut comparison, a, b);
            say(&terminal::text(&comparison, &self.gate));
            say(&waived);
            if let Some(folder) = folder {
                self.write(folder, &comparison).map_err(written(folder.to_path_buf()))?;
            }
            return Ok(Ending::because(self.gate.exit(&comparison), self.gate.reason(&comparison)));
        }
        let named: Vec<(&str, &Recorded)> = runs.iter().map(|(label, run)| (label.as_str(), run)).collect();
        let Some(mut matrix) = Matrix::of(&named, self.rule) else { return Ok(Exit::Empty.into()) };
        let applied =
            self.waivers.as_ref().map(|given| runs.iter().map(|(_, run)| given.apply(run)).collect());
        let applied: Vec<_> = applied.unwrap_or_default();
        matrix.waive(&applied);
        say(&matrix.text(&self.gate));
        if let Some(folder) = folder {
            for (number, comparison) in matrix.comparisons.iter().enumerate() {
                let folder = folder.join(format!("1-{}", number + 2));
                self.write(&folder, comparison).map_err(written(folder.clone()))?;
            }
            let page =
                html::matrix(&matrix).map_err(|error| vec![Complaint::argument("matrix.html", error)])?;
            let path = folder.join("matrix.html");
            fs::write(&path, page).map_err(written(path.clone()))?;
        }
        Ok(Ending::because(matrix.exit(&self.gate), matrix.reason(&self.gate)))
    }

    /// Notes what the waivers excuse on either side; what a person reads of the waivers over B.
    fn waive(&self, comparison: &mut Comparison, a: &Recorded, b: &Recorded) -> String {
        let Some(given) = &self.waivers else { return String::new() };
        let (over_a, over_b) = (given.apply(a), given.apply(b));
        comparison.waive(&over_a, &over_b);
        over_b.text(&given.path().display().to_string())
    }

    fn write(&self, folder: &Path, comparison: &Comparison) -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(
            folder.join("compare.json"),
            json::text(comparison, &self.gate).map_err(std::io::Error::other)?,
        )?;
        fs::write(folder.join("compare.md"), markdown::text(comparison, &self.gate))?;
        fs::write(
            folder.join("compare.html"),
            html::page(comparison, &self.gate).map_err(std::io::Error::other)?,
        )?;
        fs::write(
            folder.join("compare.xml"),
            junit::xml(comparison, &self.gate).map_err(std::io::Error::other)?,
        )
    }
}

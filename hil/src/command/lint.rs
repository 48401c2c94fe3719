//! `ec20 lint`: logs as people have them, read by the suite's linter; findings drawn with their line, or as JSON.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ec20_suite::lint::{Finding, Kind, Options, lint, plain};
use ec20_suite::verdict::Exit;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report};
use serde::Serialize;

use super::Outcome;
use super::complaint::Complaint;
use super::ending::Ending;

/// The options of `ec20 lint`.
///
/// Exit codes: 0 nothing to say, 1 findings, 2 a file that cannot be read or is no log.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Logs, or `-` for standard input: raw captures, dumps, `socat -v`, traces of programs, or text: marked (`>` `<`, TX: RX:), time-stamped, escaped (`\r`, `<CR>`)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Also name commands and URCs that the manual does not have
    #[arg(long)]
    unknown: bool,
    /// How the findings are told
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: the line and a caret
    Text,
    /// For programs: one JSON object per finding, one per line
    Json,
}

/// A finding as a program reads it.
#[derive(Serialize)]
struct Told<'a> {
    file: String,
    line: usize,
    column: usize,
    #[serde(flatten)]
    finding: &'a Finding,
}

/// Lints every file; findings go to standard output.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let mut complaints = Vec::new();
    let mut found = 0_usize;
    for file in &arguments.files {
        match lint_file(file, arguments) {
            Ok(count) => found += count,
            Err(complaint) => complaints.push(complaint),
        }
    }
    match (complaints.is_empty(), found) {
        (false, _) => Err(complaints),
        (true, 0) => Ok(Exit::Kept.into()),
        (true, 1) => Ok(Ending::because(Exit::Broke, "1 finding")),
        (true, found) => Ok(Ending::because(Exit::Broke, format!("{found} findings"))),
    }
}

fn lint_file(file: &Path, arguments: &Arguments) -> Result<usize, Complaint> {
    let bytes = plain(content(file).map_err(|error| Complaint::file(file, &error))?);
    let findings = lint(&bytes, Options { unknown: arguments.unknown }).map_err(|reason| {
        let advice = "give a raw capture, or text with one line of the dialogue per line";
        Complaint::argument(&file.display().to_string(), format!("this is no AT log: {reason}; {advice}"))
    })?;
    let mut out = std::io::stdout().lock();
    for finding in &findings {
        let text = match arguments.format {
            Format::Text => drawn(file, &bytes, finding),
            Format::Json => json(file, &bytes, finding),
        };
        // A reader that went away has read enough.
        if writeln!(out, "{text}").is_err() {
            break;
        }
    }
    Ok(findings.len())
}

/// The bytes of a file, or of standard input for `-`.
fn content(file: &Path) -> std::io::Result<Vec<u8>> {
    if file != Path::new("-") {
        return std::fs::read(file);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Line and column, both counted from 1; the column counts bytes.
fn place(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = bytes.get(..at).unwrap_or(bytes);
    let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    (before.split(|&byte| byte == b'\n').count(), before.len() - start + 1)
}

fn json(file: &Path, bytes: &[u8], finding: &Finding) -> String {
    let (line, column) = place(bytes, finding.span.start);
    let told = Told { file: file.display().to_string(), line, column, finding };
    serde_json::to_string(&told).unwrap_or_default()
}

/// The finding with its line and a caret. Bytes that do not show stand as one `.` each, so that places stay places.
fn drawn(file: &Path, bytes: &[u8], finding: &Finding) -> String {
    let shown: String = bytes
        .iter()
        .map(|&byte| {
            if byte == b'\n' || (byte.is_ascii() && !byte.is_ascii_control()) {
                char::from(byte)
            } else {
                '.'
            }
        })
        .collect();
    let length = finding.span.len().max(1).min(shown.len().saturating_sub(finding.span.start));
    let label = LabeledSpan::new(Some(format!("found {}", finding.found)), finding.span.start, length);
    let mut diagnostic =
        MietteDiagnostic::new(format!("{}: expected {}", headline(finding.kind), finding.expected))
            .with_label(label)
            .with_severity(miette::Severity::Warning);
    if let Some(clause) = &finding.clause {
        diagnostic = diagnostic.with_code(clause.clone()).with_help(in_words(clause));
    }
    let report =
        Report::new(diagnostic).with_source_code(NamedSource::new(file.display().to_string(), shown));
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(theme());
    match handler.render_report(&mut text, report.as_ref()) {
        Ok(()) => text,
        Err(_) => format!("{finding:?}"),
    }
}

fn theme() -> GraphicalTheme {
    use std::io::IsTerminal as _;
    let plain = std::env::var_os("NO_COLOR").is_some() || !std::io::stdout().is_terminal();
    if plain { GraphicalTheme::unicode_nocolor() } else { GraphicalTheme::unicode() }
}

/// What a clause or erratum says, in words.
fn in_words(id: &str) -> String {
    let manual = ec20_manual::Catalogue::manual();
    match (manual.clause(id), manual.erratum(id)) {
        (Some(clause), _) => format!("{} ({} {})", clause.promise, clause.source, clause.section),
        (None, Some(erratum)) => format!("the manual prints {}; meant is {}", erratum.printed, erratum.meant),
        (None, None) => String::new(),
    }
}

const fn headline(kind: Kind) -> &'static str {
    match kind {
        Kind::OutOfRange => "out of range",
        Kind::Malformed => "malformed",
        Kind::Erratum => "a misprint of the manual",
        Kind::Framing => "wrong framing",
        Kind::WrongAnswer => "an answer that does not fit",
        Kind::UrcPlace => "a URC in a forbidden place",
        Kind::FinalMissing => "a final result is missing",
        Kind::SurplusFinal => "a surplus final result",
        Kind::Unknown => "unknown",
    }
}

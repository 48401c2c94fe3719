//! `ec20 lint`: logs as people have them, read by the suite's linter; findings drawn with their line, or as JSON.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ec20_suite::lint::{Finding, Kind, Options, lint, plain};
use ec20_suite::verdict::Exit;
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, MietteError, MietteSpanContents,
    Report, SourceCode, SourceSpan, SpanContents,
};
use serde::Serialize;

use super::complaint::Complaint;
use super::ending::Ending;
use super::{Outcome, intake};

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

/// The most bytes of a log: a line at 115200 bit/s takes six hours for as many.
const LOG_BYTES: usize = 1 << 28;

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
    let bytes = plain(content(file)?);
    let findings = lint(&bytes, Options { unknown: arguments.unknown }).map_err(|reason| {
        let advice = "give a raw capture, or text with one line of the dialogue per line";
        Complaint::argument(&file.display().to_string(), format!("this is no AT log: {reason}; {advice}"))
    })?;
    let mut out = std::io::stdout().lock();
    let log = Log::of(file, &bytes);
    for finding in &findings {
        let text = match arguments.format {
            Format::Text => log.drawn(finding),
            Format::Json => log.json(finding),
        };
        // A reader that went away has read enough.
        if writeln!(out, "{text}").is_err() {
            break;
        }
    }
    Ok(findings.len())
}

/// The bytes of a file, or of standard input for `-`.
fn content(file: &Path) -> Result<Vec<u8>, Complaint> {
    if file == Path::new("-") {
        return intake::of(std::io::stdin().lock(), file, LOG_BYTES);
    }
    intake::bytes(file, LOG_BYTES)
}

/// A log and where its lines begin, so that no finding counts them anew.
struct Log<'a> {
    name: String,
    bytes: &'a [u8],
    starts: Vec<usize>,
}

/// The most bytes of a line that is drawn round a finding.
const LINE: usize = 200;
/// The most bytes of what is drawn of one finding.
const LONGEST: usize = 2000;

impl<'a> Log<'a> {
    fn of(file: &Path, bytes: &'a [u8]) -> Self {
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        Self { name: file.display().to_string(), bytes, starts: std::iter::once(0).chain(ends).collect() }
    }

    /// Line and column, both counted from 1; the column counts bytes.
    fn place(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|index| self.starts.get(index)).copied().unwrap_or(0);
        (line, at - start + 1)
    }

    fn json(&self, finding: &Finding) -> String {
        let (line, column) = self.place(finding.span.start);
        let told = Told { file: self.name.clone(), line, column, finding };
        serde_json::to_string(&told).unwrap_or_default()
    }

    /// The finding with its line, the line before and the line behind it, and a caret. Bytes that do not show stand as one `.` each, so that
    /// places stay places. What is longer than a person reads is told without them.
    fn drawn(&self, finding: &Finding) -> String {
        let (line, column) = self.place(finding.span.start);
        let start = |line: usize| self.starts.get(line).copied().unwrap_or(self.bytes.len());
        let (from, to) = (start(line.saturating_sub(2)), start(line + 1));
        let window = self.bytes.get(from..to).unwrap_or_default();
        let told = || {
            let Finding { kind, expected, found, .. } = finding;
            format!("{}:{line}:{column}: {}: expected {expected}, found {found}", self.name, headline(*kind))
        };
        if window.split(|byte| *byte == b'\n').any(|line| line.len() > LINE) {
            return told();
        }
        let shown: String = window.iter().map(|byte| shown(*byte)).collect();
        let at = finding.span.start - from;
        let length = finding.span.len().max(1).min(shown.len().saturating_sub(at));
        let label = LabeledSpan::new(Some(format!("found {}", finding.found)), at, length);
        let mut diagnostic =
            MietteDiagnostic::new(format!("{}: expected {}", headline(finding.kind), finding.expected))
                .with_label(label)
                .with_severity(miette::Severity::Warning);
        if let Some(clause) = &finding.clause {
            diagnostic = diagnostic.with_code(clause.clone()).with_help(in_words(clause));
        }
        let window = Window { text: shown, name: self.name.clone(), lines_before: line.saturating_sub(2) };
        let report = Report::new(diagnostic).with_source_code(window);
        let mut text = String::new();
        match GraphicalReportHandler::new_themed(theme()).render_report(&mut text, report.as_ref()) {
            Ok(()) if text.len() <= LONGEST => text,
            _ => told(),
        }
    }
}

fn shown(byte: u8) -> char {
    if byte == b'\n' || (byte.is_ascii() && !byte.is_ascii_control()) { char::from(byte) } else { '.' }
}

/// Some lines of a log, which know how many stand before them.
#[derive(Debug)]
struct Window {
    text: String,
    name: String,
    lines_before: usize,
}

impl SourceCode for Window {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let read = self.text.read_span(span, before, after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            read.data(),
            *read.span(),
            read.line() + self.lines_before,
            read.column(),
            read.line_count(),
        )))
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

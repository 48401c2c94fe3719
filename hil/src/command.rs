//! The command line `ec20`: its words, its options, its exit codes. Each word has a file of its own beside this one.

mod again;
mod bench_file;
mod compare;
mod complaint;
mod completions;
mod doctor;
mod ending;
mod examples;
mod far_end_words;
mod fmt;
mod folder;
mod forecast;
mod grammar_html;
mod help;
mod hil;
mod intake;
mod lint;
mod mmsc;
mod pack;
mod plan;
mod profile_out;
mod qualify;
mod record;
mod redaction;
mod rejudge;
mod report;
mod resume;
mod selection;
mod signals;
mod sim;
mod terminal;
mod trace;
mod verify;
mod view;
mod waivers;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use ec20_suite::verdict::Exit;

use complaint::Complaint;
use ending::Ending;

/// A conformance workbench for the MMS AT interface of EC20 modules.
///
/// Exit codes, the first that applies: 2 an argument or a file is wrong, nothing was sent; 4 nothing selected; 3 interrupted; 1 a clause
/// failed; 3 bench trouble; 5 some selected clause was not asked or not decided; 0 every selected clause was asked, and kept.
#[derive(Debug, Parser)]
#[command(name = "ec20", version, max_term_width = 110)]
struct Arguments {
    #[command(subcommand)]
    word: Word,
}

#[derive(Debug, Subcommand)]
enum Word {
    /// Asks a module, real or simulated, every selected question and reports what it answers.
    #[command(after_help = examples::HIL)]
    Hil(Box<hil::Arguments>),
    /// Says what is missing on a bench and how to mend it; without a port, which serial ports there are. Exit codes: 0 all is well; 1
    /// something is missing; 3 the module cannot be asked; 2 an argument is wrong.
    #[command(after_help = examples::DOCTOR)]
    Doctor(doctor::Arguments),
    /// Runs simulated modules on pseudo-terminals or TCP ports until Ctrl-C.
    #[command(after_help = examples::SIM)]
    Sim(sim::Arguments),
    /// Makes the reports of a recorded run anew: report.html, summary.md, results.json, junit.xml.
    #[command(after_help = examples::REPORT)]
    Report(report::Arguments),
    /// Makes one page of the grammar for people: every rule with its picture, clause and examples.
    #[command(after_help = examples::GRAMMAR_HTML)]
    GrammarHtml(grammar_html::Arguments),
    /// Says what changed between two runs, or between the first of several and each other.
    #[command(after_help = examples::COMPARE)]
    Compare(compare::Arguments),
    /// Asks two modules in turn, case by case, and compares them.
    #[command(after_help = examples::QUALIFY)]
    Qualify(Box<qualify::Arguments>),
    /// Judges a recorded run by today's transcripts and waivers; no module is needed.
    #[command(after_help = examples::REJUDGE)]
    Rejudge(rejudge::Arguments),
    /// Packs a run with its reports, waivers and transcripts into one archive.
    #[command(after_help = examples::PACK)]
    Pack(pack::Arguments),
    /// Checks a package: complete, unaltered, and judged again to the same verdicts.
    #[command(after_help = examples::VERIFY)]
    Verify(verify::Arguments),
    /// Runs the capture MMSC by itself: keeps what arrives, raw and decoded, and answers or misbehaves as told.
    #[command(after_help = examples::MMSC)]
    Mmsc(mmsc::Arguments),
    /// Reads logs of real modules and says where they break a promise; silent on a healthy log.
    #[command(after_help = examples::LINT)]
    Lint(lint::Arguments),
    /// Prints which clause is asked by which case, stands in which rule and is broken by which mutant; or checks that nothing is missing.
    #[command(after_help = examples::TRACE)]
    Trace(trace::Arguments),
    /// Writes transcripts in their canonical form.
    #[command(after_help = examples::FMT)]
    Fmt(fmt::Arguments),
    /// Prints what a shell needs to complete words and options.
    #[command(after_help = examples::COMPLETIONS)]
    Completions(completions::Arguments),
}

/// Runs the command line; what it prints is its report, what it returns is the process's exit code.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, not errors; clap knows where each belongs.
            let _ = error.print();
            let wrong = error.use_stderr();
            return ExitCode::from(if wrong { Ending::from(Exit::Usage).say() } else { Exit::Kept.code() });
        }
    };
    let outcome = match arguments.word {
        Word::Hil(arguments) => hil::run(&arguments),
        Word::Compare(arguments) => compare::run(&arguments),
        Word::Qualify(arguments) => qualify::run(&arguments),
        Word::Rejudge(arguments) => rejudge::run(&arguments),
        Word::Pack(arguments) => pack::run(&arguments),
        Word::Verify(arguments) => verify::run(&arguments),
        Word::Doctor(arguments) => doctor::run(&arguments),
        Word::Sim(arguments) => sim::run(&arguments),
        Word::Report(arguments) => report::run(&arguments),
        Word::GrammarHtml(arguments) => grammar_html::run(&arguments),
        Word::Mmsc(arguments) => mmsc::run(&arguments),
        Word::Lint(arguments) => lint::run(&arguments),
        Word::Trace(arguments) => trace::run(&arguments),
        Word::Fmt(arguments) => fmt::run(&arguments),
        Word::Completions(arguments) => Ok(completions::run(&arguments, Arguments::command()).into()),
    };
    let ending = outcome.unwrap_or_else(|complaints| {
        draw(complaints);
        Exit::Usage.into()
    });
    ExitCode::from(ending.say())
}

/// Draws what is wrong. A mistake in one place is often told by many; the first ones are enough to mend it.
fn draw(complaints: Vec<Complaint>) {
    const ENOUGH: usize = 12;
    let total = complaints.len();
    for complaint in complaints.into_iter().take(ENOUGH) {
        complaint.draw();
    }
    if total > ENOUGH {
        eprintln!("and {} more", total - ENOUGH);
    }
}

/// How a word ends, or what is wrong with the arguments or a file.
type Outcome = Result<Ending, Vec<Complaint>>;

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::Arguments;

    /// The words of a shell line, with its single quotes.
    fn words(line: &str) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for (at, part) in line.split('\'').enumerate() {
            if at % 2 == 1 {
                words.push(part.to_owned());
            } else {
                words.extend(part.split_whitespace().map(str::to_owned));
            }
        }
        words
    }

    #[test]
    fn each_word_teaches_by_examples_that_it_takes() {
        for word in Arguments::command().get_subcommands() {
            let help = word.get_after_help().map(ToString::to_string).unwrap_or_default();
            let lines: Vec<&str> = help.lines().filter(|line| line.starts_with("  ec20 ")).collect();
            assert!(!lines.is_empty(), "{} shows no example", word.get_name());
            for line in lines {
                // What stands behind two blanks explains, what stands behind > is a file.
                let line = line.trim_start().split("  ").next().unwrap_or_default();
                let line = line.split(" > ").next().unwrap_or_default();
                assert!(line.starts_with(&format!("ec20 {}", word.get_name())), "{line}");
                if let Err(error) = Arguments::try_parse_from(words(line)) {
                    panic!("{line}: {error}");
                }
            }
        }
    }
}

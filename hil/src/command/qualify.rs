//! `ec20 qualify`: two modules side by side, asked in turn, case by case.
//!
//! Each case is asked of A, then B, then B, then A, and so on: what drifts with time (a warm module, a busy network) then falls on both.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::{Args, Parser};
use ec20_suite::journal::Event;
use ec20_suite::recorded::Recorded;
use ec20_suite::verdict::Exit;

use super::complaint::Complaint;
use super::hil::{self, Session};
use super::record::{self, say};
use super::signals::interrupts;
use super::{Outcome, compare, folder};

/// The options of `ec20 qualify`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The module that is compared with: a port as `ec20 hil --port` takes it
    #[arg(long, value_name = "PORT")]
    a: String,

    /// The module that is compared
    #[arg(long, value_name = "PORT")]
    b: String,

    /// How often each case is asked of each
    #[arg(long, value_name = "N", default_value_t = 1)]
    reps: u32,

    #[command(flatten)]
    rules: compare::Rules,

    /// Where the folders a and b and the comparison go; by default a new folder under ec20-runs/
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,

    /// Options of `ec20 hil` for both, behind `--`: --filter, --allow, --recipient, --set, --offer …
    #[arg(last = true, value_name = "HIL OPTION")]
    hil: Vec<String>,
}

/// The options of `ec20 hil`, to be read once for each side.
#[derive(Debug, Parser)]
#[command(name = "ec20 hil")]
struct OneSide {
    #[command(flatten)]
    arguments: hil::Arguments,
}

/// Runs the word.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let given = arguments.rules.read()?;
    let folder = arguments.report.clone().unwrap_or_else(folder::unused);
    let (folder_a, folder_b) = (folder.join("a"), folder.join("b"));
    let a = one_side(&arguments.a, &folder_a, arguments)?;
    let b = one_side(&arguments.b, &folder_b, arguments)?;
    let mut sessions = Vec::new();
    for side in [&a, &b] {
        match Session::open(side)? {
            Ok(session) => sessions.push(session),
            Err(exit) => return Ok(exit),
        }
    }
    let stop = interrupts();
    take_turns(&mut sessions, &stop);
    let mut runs = Vec::new();
    let mut interrupted = false;
    for (session, path) in sessions.into_iter().zip([&folder_a, &folder_b]) {
        let recorded = Recorded::of(session.events()).map_err(|error| vec![record::wrong(path, &error)])?;
        interrupted |= recorded.end.as_ref().is_none_or(|end| end.interrupted.is_some());
        runs.push((path.display().to_string(), recorded));
        session.close(&|text| say(&format!("{text}\n")))?;
    }
    say("\n");
    let exit = given.report(&runs, Some(&folder))?;
    say(&format!("the comparison is in {}\n", folder.display()));
    Ok(if interrupted { Exit::Bench } else { exit })
}

fn one_side(port: &str, folder: &Path, arguments: &Arguments) -> Result<hil::Arguments, Vec<Complaint>> {
    let path = folder.display().to_string();
    let reps = arguments.reps.to_string();
    let own = ["ec20 hil", "--port", port, "--report", &path, "--repeat", &reps].into_iter();
    let words: Vec<&str> = own.chain(arguments.hil.iter().map(String::as_str)).collect();
    let mut side = OneSide::try_parse_from(&words)
        .map_err(|error| vec![Complaint::argument("qualify", error.to_string().trim())])?
        .arguments;
    let again: Vec<&str> = ["cargo", "xtask", "hil", "--port", port]
        .into_iter()
        .chain(arguments.hil.iter().map(String::as_str))
        .collect();
    side.again = Some(again.join(" "));
    Ok(side)
}

/// A B B A, attempt by attempt, until neither has anything left.
fn take_turns(sessions: &mut [Session], stop: &Arc<AtomicBool>) {
    let mut done = vec![false; sessions.len()];
    let mut turn = 0;
    while done.contains(&false) {
        let mut order: Vec<usize> = (0..sessions.len()).collect();
        if turn % 2 == 1 {
            order.reverse();
        }
        turn += 1;
        for at in order {
            let (Some(session), Some(done)) = (sessions.get_mut(at), done.get_mut(at)) else { continue };
            if !*done {
                let name = if at == 0 { "A" } else { "B" };
                *done = session
                    .until(stop, &mut |event| tell(name, event), &|event| matches!(event, Event::CaseEnd(_)));
            }
        }
    }
}

fn tell(name: &str, event: &Event) {
    if let Event::CaseEnd(end) = event {
        say(&format!("{name}  {:<12} {}\n", end.verdict.word(), end.case));
    }
}

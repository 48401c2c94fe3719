//! `ec20 qualify`: two modules side by side, asked in turn, case by case.
//!
//! Each case is asked of A, then B, then B, then A, and so on: what drifts with time (a warm module, a busy network) then falls on both.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::{Args, Parser};
use ec20_suite::journal::Event;
use ec20_suite::recorded::Recorded;
use ec20_suite::verdict::{Exit, Verdict};

use super::complaint::Complaint;
use super::ending::Ending;
use super::hil::{self, Session};
use super::record::{self, say};
use super::signals::interrupts;
use super::{Outcome, again, compare, folder};

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
            Err(exit) => return Ok(exit.into()),
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
    let ending = given.report(&runs, Some(&folder))?;
    say(&format!("the comparison is in {}\n", folder.display()));
    if interrupted {
        return Ok(Ending::because(Exit::Bench, "a run was interrupted, or its bench failed"));
    }
    Ok(ending)
}

fn one_side(port: &str, folder: &Path, arguments: &Arguments) -> Result<hil::Arguments, Vec<Complaint>> {
    let path = folder.display().to_string();
    let reps = arguments.reps.to_string();
    let own = ["ec20 hil", "--port", port, "--report", &path, "--repeat", &reps].into_iter();
    let words: Vec<&str> = own.chain(arguments.hil.iter().map(String::as_str)).collect();
    let mut side = OneSide::try_parse_from(&words)
        .map_err(|error| vec![Complaint::argument("qualify", error.to_string().trim())])?
        .arguments;
    let program = again::program();
    let words: Vec<&str> = [program.as_str(), "hil", "--port", port]
        .into_iter()
        .chain(arguments.hil.iter().map(String::as_str))
        .collect();
    side.again = Some(words.join(" "));
    Ok(side)
}

/// A B B A, attempt by attempt, until neither has anything left.
fn take_turns(sessions: &mut [Session], stop: &Arc<AtomicBool>) {
    let mut done = vec![false; sessions.len()];
    let mut tally = Tally::default();
    let mut turn = 0;
    while done.contains(&false) {
        for at in order(turn) {
            let (Some(session), Some(done)) = (sessions.get_mut(at), done.get_mut(at)) else { continue };
            if !*done {
                *done = session.until(stop, &mut |event| tally.push(at, event, &say), &|event| {
                    matches!(event, Event::CaseEnd(_))
                });
            }
        }
        turn += 1;
    }
    tally.finish(&say);
}

/// Who is asked in which order in the `turn`th round, counted from 0: A B, then B A, so that what drifts falls on both.
fn order(turn: usize) -> [usize; 2] {
    if turn.is_multiple_of(2) { [0, 1] } else { [1, 0] }
}

/// What both sides came to in the cases that are under way: one line a case, when both are through with it.
#[derive(Default)]
struct Tally {
    /// The case each side is at.
    at: [Option<String>; 2],
    /// The cases, in the order of the first attempt, with the verdicts of A and of B.
    open: Vec<(String, [Vec<Verdict>; 2])>,
}

impl Tally {
    fn push(&mut self, side: usize, event: &Event, say: &dyn Fn(&str)) {
        let Event::CaseEnd(end) = event else { return };
        let place = self.open.iter().position(|(case, _)| *case == end.case).unwrap_or_else(|| {
            self.open.push((end.case.clone(), Default::default()));
            self.open.len() - 1
        });
        if let Some(verdicts) = self.open.get_mut(place).and_then(|(_, sides)| sides.get_mut(side)) {
            verdicts.push(end.verdict);
        }
        if let Some(at) = self.at.get_mut(side) {
            *at = Some(end.case.clone());
        }
        let is_at = |case: &String| self.at.iter().flatten().any(|at| at == case);
        let through = |(case, sides): &(String, [Vec<Verdict>; 2])| {
            !is_at(case) && sides.iter().all(|side| !side.is_empty())
        };
        let (ended, open) = std::mem::take(&mut self.open).into_iter().partition(through);
        self.open = open;
        print(&ended, say);
    }

    /// Says what is left: the last cases, and cases that one side was not asked.
    fn finish(self, say: &dyn Fn(&str)) {
        print(&self.open, say);
    }
}

fn print(cases: &[(String, [Vec<Verdict>; 2])], say: &dyn Fn(&str)) {
    for (case, [a, b]) in cases {
        say(&format!("{case}  A {}  B {}\n", counted(a), counted(b)));
    }
}

/// `pass`, `pass x12`, `pass x11, fail`.
fn counted(verdicts: &[Verdict]) -> String {
    let words = Verdict::ALL.iter().filter_map(|verdict| {
        match verdicts.iter().filter(|one| *one == verdict).count() {
            0 => None,
            1 => Some(verdict.word().to_owned()),
            count => Some(format!("{} x{count}", verdict.word())),
        }
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { "not asked".to_owned() } else { words.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::{Tally, order};
    use ec20_suite::journal::{CaseEnd, Event};
    use ec20_suite::verdict::Verdict;

    fn end(case: &str, verdict: Verdict) -> Event {
        Event::CaseEnd(CaseEnd {
            t_us: 0,
            case: case.to_owned(),
            attempt: 1,
            verdict,
            cause: None,
            clause: None,
            place: None,
            expected: Vec::new(),
            came: None,
            leaky: None,
        })
    }

    #[test]
    fn a_b_b_a() {
        let asked: String = (0..2).flat_map(order).map(|side| ["A", "B"][side]).collect();
        assert_eq!(asked, "ABBA");
    }

    #[test]
    fn a_case_is_one_line_when_both_sides_are_through_with_it() {
        let said = std::cell::RefCell::new(String::new());
        let say = |text: &str| said.borrow_mut().push_str(text);
        let mut tally = Tally::default();
        for (side, case, verdict) in [
            (0, "a", Verdict::Pass),
            (1, "a", Verdict::Pass),
            (1, "a", Verdict::Fail),
            (0, "a", Verdict::Pass),
            (0, "b", Verdict::Pass),
        ] {
            tally.push(side, &end(case, verdict), &say);
        }
        assert_eq!(*said.borrow(), "", "B may ask `a` again");
        tally.push(1, &end("b", Verdict::Observed), &say);
        assert_eq!(*said.borrow(), "a  A pass x2  B pass, fail\n");
        tally.push(0, &end("c", Verdict::Pass), &say);
        tally.finish(&say);
        assert_eq!(
            *said.borrow(),
            "a  A pass x2  B pass, fail\nb  A pass  B observed\nc  A pass  B not asked\n"
        );
    }
}

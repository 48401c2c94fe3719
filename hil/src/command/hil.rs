//! `ec20 hil`: a run, from its arguments to its exit code.
//!
//! Everything that can be wrong with arguments and files is found before the port is opened.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use clap::Args;
use ec20_manual::{Effect, Level};
use ec20_suite::executor::{self, Executor, Permit};
use ec20_suite::journal::{self, Event, Share};
use ec20_suite::recorded::Recorded;
use ec20_suite::redact::Key;
use ec20_suite::report::terminal;
use ec20_suite::select::Filter;
use ec20_suite::suite::Case;
use ec20_suite::verdict::Exit;
use globset::GlobSet;

use super::complaint::{self, Complaint};
use super::ending::Ending;
use super::folder::{self, Folder};
use super::forecast::Forecast;
use super::help;
use super::redaction::{self, Veil};
use super::resume::{self, Earlier};
use super::signals::{self, interrupts};
use super::view::{Look, View};
use super::{Outcome, again, bench_file, plan, profile_out, selection, waivers};
use crate::allowance::{self, Allowance};
use crate::bench::{Bench, Impossible};
use crate::gate::Rules;
use crate::port::{Address, Port};
use crate::run::{self, FarEnd};

/// How often `AT` is asked to find out what the transport adds.
const CALIBRATION: u32 = 5;

/// The options of `ec20 hil`.
#[derive(Debug, Clone, Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Transcripts to ask instead of the built-in ones: files, or folders of *.atx
    pub(super) transcripts: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) bench: bench_file::Arguments,

    /// The module's port: /dev/ttyUSB2, usb:1-1.4:2 (place and interface), tcp:HOST:PORT, or sim[:PROFILE], the simulated module
    /// [default: sim]. Windows COM ports: untested
    #[arg(long, value_name = "PORT", help_heading = "Bench")]
    pub(super) port: Option<Address>,

    /// Permit commands that transmit (radio), send messages (billable), write flash (nv) or erase (destructive); `billable=2` permits two
    /// messages at most. Everything else is always permitted, and everything on the simulated module
    #[arg(long, value_name = "EFFECT[=N],…", value_delimiter = ',', help_heading = "What may happen")]
    pub(super) allow: Vec<Allowance>,

    /// Permit messages to recipients that match, and to no others, whatever --allow permits
    #[arg(long, value_name = "GLOB", help_heading = "What may happen")]
    pub(super) recipient: Vec<String>,

    /// Set a variable of the transcripts: to, cc, bcc, apn, mmsc, proxy …
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment, help_heading = "Bench")]
    pub(super) set: Vec<(String, String)>,

    /// The run's folder [default: a new one under ec20-runs/]
    #[arg(long, value_name = "DIR", help_heading = "What is written")]
    report: Option<PathBuf>,

    /// Print the selected cases and ask nothing
    #[arg(long, help_heading = "Which cases, how often")]
    list: bool,

    /// Print what the run would ask, withhold, send, and could not put back; opens nothing and sends nothing
    #[arg(long, conflicts_with = "list", help_heading = "What may happen")]
    dry_run: bool,

    #[arg(long, value_name = "FILTER", value_parser = Filter::read, help = help::filter(), help_heading = "Which cases, how often")]
    pub(super) filter: Vec<Filter>,

    /// Only cases of at least this level: `must` = the manual states it, `should` = an example shows it
    #[arg(long, value_name = "LEVEL", value_parser = ["must", "should"], help_heading = "Which cases, how often")]
    level: Option<String>,

    #[arg(long, value_name = "NEED,…", value_delimiter = ',', value_parser = crate::bench::need_of_a_bench, help = help::offer(), help_heading = "Bench")]
    pub(super) offer: Vec<String>,

    /// Start the capture MMSC at this address and tell the module of it, unless mmsc or proxy is set
    #[arg(long, value_name = "ADDR:PORT", help_heading = "Bench")]
    pub(super) capture: Option<SocketAddr>,

    /// Write the firmware profile that the run observed; `--port sim:FILE` then answers like that firmware
    #[arg(long, value_name = "FILE", help_heading = "What is written")]
    profile_out: Option<PathBuf>,

    /// Ask each case N times
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..), help_heading = "Which cases, how often")]
    repeat: u32,

    /// Retry a failed case up to N times. A case that passes on retry is reported as flaky and still counts as failed
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Which cases, how often")]
    retries: u32,

    /// Start no new case after N failed cases; what the run changed is put back
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Which cases, how often")]
    max_fail: Option<u32>,

    #[command(flatten)]
    waivers: waivers::Arguments,

    #[command(flatten)]
    look: Look,

    #[command(flatten)]
    pub(super) redaction: redaction::Arguments,

    /// Go on with the run in this folder: ask what was not asked, or not to its end. Give the port and the other options that the run was
    /// begun with
    #[arg(long, value_name = "RUN", conflicts_with_all = ["report", "failed_from", "list"], help_heading = "Which cases, how often")]
    resume: Option<PathBuf>,

    /// Ask in a new run what failed, broke or could not be decided in this one
    #[arg(long, value_name = "RUN", help_heading = "Which cases, how often")]
    failed_from: Option<PathBuf>,

    /// How long the run may take (90s, 45m, 8h); then no new case begins, and what was changed is put back [default: 12h]
    #[arg(long, value_name = "TIME", value_parser = signals::budget, help_heading = "What may happen")]
    pub(super) budget: Option<Duration>,

    /// The command that repeats the run, where that is not the one that was typed.
    #[arg(skip)]
    pub(super) again: Option<String>,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl Arguments {
    /// The port that is meant.
    pub(super) fn address(&self) -> Address {
        self.port.clone().unwrap_or(Address::Simulated { profile: None })
    }
}

/// Runs the word.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let mut session = match Session::open(arguments)? {
        Ok(session) => session,
        Err(exit) => return Ok(exit.into()),
    };
    let stop = interrupts();
    let mut view = View::new(&arguments.look, session.forecast.clone());
    session.until(&stop, &mut |event| view.on(event), &|_| false);
    view.close();
    session.close(&|text| view.say(text))
}

/// A run with all it needs: it can be halted and taken up.
pub(super) struct Session {
    running: run::Running<Box<dyn Port>>,
    far_end: Box<dyn FarEnd>,
    folder: Folder,
    veil: Veil,
    /// The run that goes on, if it is one.
    earlier: Option<Earlier>,
    /// Every event so far, as it was written.
    told: Vec<Event>,
    begun: bool,
    waivers: Option<waivers::Given>,
    arguments: Arguments,
    /// How long its cases take.
    forecast: Forecast,
}

impl Session {
    /// Reads everything that arguments and files say, then opens the port. An exit: there is nothing to run.
    ///
    /// # Errors
    /// What is wrong with an argument or a file; nothing was sent.
    pub(super) fn open(arguments: &Arguments) -> Result<Result<Self, Exit>, Vec<Complaint>> {
        let (arguments, file) = &bench_file::merged(arguments)?;
        let recipients = bench_file::recipients(&arguments.recipient)?;
        let bench = Bench::new(&arguments.address(), arguments.capture).map_err(impossible)?;
        let bench = bench.at_rate(file.speed);
        let key = file.redaction_key.as_deref().map(Key::from_words);
        let key = key.or_else(|| arguments.resume.as_deref().and_then(redaction::kept_key));
        let earlier = arguments.resume.as_ref().map(|folder| Earlier::read(folder, key.is_some()));
        let earlier = earlier.transpose().map_err(|complaint| vec![complaint])?;
        let (selected, waivers, share) = selected(arguments, &bench, earlier.as_ref())?;
        if let Some(earlier) = earlier.as_ref().filter(|_| selected.is_empty()) {
            return Self::nothing_missing(earlier).map(Err);
        }
        if selected.is_empty() {
            let near = selection::suggestions(&arguments.transcripts, &arguments.set, &arguments.filter)?;
            complaint::say(&match near.as_slice() {
                [] => "no case is selected; `--list` names all cases, `ec20 help hil` the words of a filter"
                    .to_owned(),
                near => format!("no case is selected; did you mean {}?", near.join(" or ")),
            });
            return Ok(Err(Exit::Empty));
        }
        if arguments.list {
            selection::list(&selected);
            return Ok(Err(Exit::Kept));
        }
        let described = executor::Bench {
            expected: file.expected.clone(),
            recovers: !bench.is_simulated(),
            has_power: file.power.is_there(),
            back_ms: u64::try_from(file.power.back.as_millis()).unwrap_or(u64::MAX),
            calibrate: if bench.is_instant() { 0 } else { CALIBRATION },
            baud: file.speed,
            share: Some(share),
            redacted: Some(arguments.redaction.redacts()),
            show_identity: arguments.redaction.show_identity,
            ..described(arguments, &bench, &recipients, earlier.as_ref())
        };
        if arguments.dry_run {
            // Looked up, not opened: a plan for a port that is not there would mislead.
            if let Address::Device(path) = arguments.address()
                && cfg!(unix)
                && !Path::new(&path).exists()
            {
                let why = format!("{path} does not exist: {}", crate::port::there_is(&path));
                return Err(vec![Complaint::argument("--port", why)]);
            }
            plan::print(&selected, &described);
            return Ok(Err(Exit::Kept));
        }
        let veil = arguments.redaction.veil(&selected, key)?;
        let folder = match &earlier {
            Some(earlier) => Folder::resume(&earlier.folder),
            None => Folder::create(arguments.report.as_deref()),
        };
        let folder = folder.map_err(|(path, error)| vec![Complaint::file(&path, &error)])?;
        veil.keep_key(folder.path()).map_err(|error| vec![Complaint::file(folder.path(), &error)])?;
        let doors = selection::doors(&selected);
        let rules = rules(arguments, &bench, recipients);
        let forecast = Forecast::new(&selected, arguments.repeat);
        let executor = Executor::new(selected, described);
        let revive = bench.reviver(&file.power);
        let (port, far_end) = bench.open(folder.path(), veil.redactor(), doors);
        let uploads = earlier.as_ref().map(Earlier::uploads).unwrap_or_default();
        let port = port.map(|port| run::Gated::new(port, rules).remembering(uploads));
        let from_us = earlier.as_ref().map_or(0, |earlier| earlier.recorded().last_us);
        let budget = arguments.budget.unwrap_or(signals::BUDGET);
        let running = run::Running::resumed(executor, port, from_us).within(budget).reviving(revive);
        let told = earlier.as_ref().map_or_else(Vec::new, |earlier| earlier.events.clone());
        let arguments = arguments.clone();
        let begun = false;
        Ok(Ok(Self { running, far_end, folder, veil, earlier, told, begun, waivers, arguments, forecast }))
    }

    /// Runs until an event halts it; true: nothing is left to do.
    pub(super) fn until(
        &mut self,
        stop: &Arc<AtomicBool>,
        see: &mut dyn FnMut(&Event),
        halts: &dyn Fn(&Event) -> bool,
    ) -> bool {
        let Self { running, far_end, folder, veil, earlier, told, begun, .. } = self;
        if !std::mem::replace(begun, true) {
            told.iter()
                .filter(|event| matches!(event, Event::Run(_) | Event::Planned(_)))
                .for_each(&mut *see);
        }
        let mut record = |event: &Event| {
            let mut outcome = Ok(());
            for event in veil.event(event) {
                let fitted = match earlier {
                    None => Ok(Some(event)),
                    Some(earlier) => earlier.adapt(event),
                };
                let Some(event) = fitted.unwrap_or_else(|error| {
                    outcome = Err(error);
                    None
                }) else {
                    continue;
                };
                let event = if earlier.is_some() { resume::ending(event, told) } else { event };
                see(&event);
                // One that cannot be written does not keep the next from being tried.
                outcome = outcome.and(folder.record(&event));
                told.push(event);
            }
            outcome
        };
        running.until(&mut **far_end, stop, &mut record, halts)
    }

    /// The run is whole already: its reports are made anew.
    fn nothing_missing(earlier: &Earlier) -> Result<Exit, Vec<Complaint>> {
        let run = earlier.recorded();
        folder::write(&earlier.folder, run)
            .map_err(|error| vec![Complaint::file(&earlier.folder, &error)])?;
        complaint::say(&format!("nothing is missing in {}", earlier.folder.display()));
        Ok(run.exit(run.end.as_ref().is_some_and(|end| end.interrupted.is_some())))
    }

    /// Every event so far, as it was written.
    pub(super) fn events(&self) -> &[Event] {
        &self.told
    }

    /// Writes the reports and says how it went.
    ///
    /// # Errors
    /// The observed firmware cannot be written where it was wanted.
    pub(super) fn close(self, say: &dyn Fn(&str)) -> Outcome {
        let events = &self.told;
        if let Some(file) = &self.arguments.profile_out {
            profile_out::write(file, events).map_err(|complaint| vec![complaint])?;
        }
        // A run always begins: its driver sees to that.
        let Ok(mut run) = Recorded::of(events) else { return Ok(Exit::Bench.into()) };
        let mut exit = run.end.as_ref().and_then(|end| end.exit).unwrap_or(Exit::Bench);
        let mut ending = terminal::ending(&run, exit);
        say("");
        say(&terminal::summary(&run));
        if let Some(given) = &self.waivers {
            let applied = given.apply(&run);
            exit = applied.exit(&run);
            say(applied.text(&given.path().display().to_string()).trim_end());
            ending = applied.in_words(&run);
            run.waived = Some(applied);
        }
        let words = |given: &waivers::Given| self.veil.words(given.text());
        let kept = self.waivers.as_ref().map_or(Ok(()), |given| self.folder.keep_waivers(&words(given)));
        if let Err(error) = kept.and_then(|()| self.folder.report(&run)) {
            let folder = self.folder.path().display();
            complaint::say(&format!("the reports cannot be written to {folder}: {error}"));
            exit = Exit::Bench;
            ending = format!("exit {}: the reports cannot be written", exit.code());
        }
        if run.missing().next().is_none() {
            redaction::forget_key(self.folder.path());
        }
        say(&format!("the run is in {}", self.folder.path().display()));
        if let Some(stanza) = bench_file::stanza(&self.arguments, run.identity.as_ref()) {
            // An empty line ends what the user may paste.
            say(&format!("\n{stanza}"));
        }
        say(&ending);
        Ok(Ending::said(exit))
    }
}

fn impossible(impossible: Impossible) -> Vec<Complaint> {
    vec![Complaint::argument(impossible.option, impossible.problem)]
}

fn selected(
    arguments: &Arguments,
    bench: &Bench,
    earlier: Option<&Earlier>,
) -> Result<(Vec<Case>, Option<waivers::Given>, Share), Vec<Complaint>> {
    // Who names a message centre or a proxy has a way to the capture MMSC in mind that the bench does not know.
    let mut set = if selection::names_the_way(&arguments.set) {
        Vec::new()
    } else {
        bench.variables().map_err(impossible)?
    };
    set.extend(arguments.set.iter().cloned());
    let (suite, own) = selection::suite(&arguments.transcripts, &set)?;
    let waivers = arguments.waivers.read(&suite)?;
    if let Some(earlier) = earlier {
        // The journal says which share it was.
        let share = Share { suite_cases: 0, own_cases: 0 };
        return Ok((earlier.missing(suite.cases()).map_err(|complaint| vec![complaint])?, waivers, share));
    }
    let failed = arguments.failed_from.as_deref().map(resume::failed_in);
    let failed = failed.transpose().map_err(|complaint| vec![complaint])?;
    let wanted = |case: &&Case| {
        failed.as_ref().is_none_or(|failed| failed.contains(&case.id))
            && own.as_ref().is_none_or(|own| own.contains(&case.transcript.id))
            && arguments.filter.iter().all(|filter| filter.fits(case))
            && (arguments.level.as_deref() != Some("must") || case.level() == Level::Must)
    };
    let selected: Vec<Case> = suite.cases().iter().filter(wanted).cloned().collect();
    let is_own = |case: &&Case| own.as_ref().is_some_and(|own| own.contains(&case.transcript.id));
    let own_cases = selected.iter().filter(is_own).count() as u64;
    let built_in =
        if own.is_some() { selection::suite(&[], &set)?.0.cases().len() } else { suite.cases().len() };
    Ok((selected, waivers, Share { suite_cases: built_in as u64, own_cases }))
}

/// What the gate lets out.
fn rules(arguments: &Arguments, bench: &Bench, recipients: GlobSet) -> Rules {
    let budgets = allowance::budgets(&arguments.allow);
    if bench.is_simulated() {
        return Rules { budgets, ..Rules::simulated() };
    }
    Rules { allow: allowance::effects(&arguments.allow), recipients, budgets, exempt: false }
}

/// The bench as the executor wants it described.
fn described(
    arguments: &Arguments,
    bench: &Bench,
    recipients: &GlobSet,
    earlier: Option<&Earlier>,
) -> executor::Bench {
    let run = journal::Run {
        format: journal::FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        suite_hash: ec20_golden::suite_hash().to_owned(),
        started: jiff::Timestamp::now().to_string(),
        port: arguments.address().to_string(),
        command: arguments.again.clone().unwrap_or_else(again::command),
    };
    let budgets = allowance::budgets(&arguments.allow);
    let permit = if bench.is_simulated() {
        Permit { effects: Effect::ALL.into(), recipient: None, budgets }
    } else {
        let recipients = recipients.clone();
        let may = move |address: &str| recipients.is_match(address);
        Permit { effects: allowance::effects(&arguments.allow), recipient: Some(Rc::new(may)), budgets }
    };
    let is_proxy = bench.captures() && (bench.is_simulated() || !selection::names_the_way(&arguments.set));
    let by_itself = bench.offers().into_iter().chain(is_proxy.then(|| "proxy-capture".to_owned()));
    executor::Bench {
        offers: by_itself.chain(arguments.offer.iter().cloned()).collect(),
        captures: bench.captures(),
        repeat: arguments.repeat,
        retries: arguments.retries,
        max_fail: arguments.max_fail,
        escape_first: !bench.is_simulated(),
        uploaded: earlier.iter().flat_map(|earlier| earlier.uploads()).collect(),
        clean_first: earlier.iter().flat_map(|earlier| earlier.unfinished()).map(str::to_owned).collect(),
        permit,
        ..executor::Bench::new(run)
    }
}

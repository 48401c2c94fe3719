//! `ec20 doctor`: what is missing on the bench, and how to mend it; without a port, which ports there are.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::SocketAddr;

use clap::Args;
use ec20_manual::Effect;
use ec20_suite::verdict::Exit;
use serde::Serialize;

use super::complaint::Complaint;
use super::ending::Ending;
use super::terminal::{self, Colour};
use super::{Outcome, bench_file};
use crate::bench::{Bench, BenchFile};
use crate::doctor::{self, Machine, Plan};
use crate::port::Address;

/// The options of `ec20 doctor`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    bench: bench_file::Arguments,

    /// The module: /dev/ttyUSB2, usb:1-1.4:2 (place and interface), tcp:HOST:PORT, or sim[:PROFILE]; without it the serial ports are listed
    #[arg(long, value_name = "PORT")]
    port: Option<Address>,

    /// Without --port: asks AT and the identity on every port that is listed
    #[arg(long, conflicts_with_all = ["port", "bench"])]
    ask: bool,

    /// Where the capture MMSC shall listen: says whether a module reaches it
    #[arg(long, value_name = "ADDR:PORT")]
    capture: Option<SocketAddr>,

    /// What the run will tell the module by itself (apn, mmsc, proxy …): that is then not missing
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,

    /// Prints JSON, by the schema in hil/schema/doctor.schema.json
    #[arg(long)]
    json: bool,

    /// When to use colours
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Examines a bench, or lists the ports.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let file = arguments.bench.read()?;
    match arguments.port.as_ref().or(file.port.as_ref()) {
        Some(port) => examine(port, arguments, &file),
        None if arguments.capture.is_some() || !arguments.set.is_empty() || arguments.bench.is_named() => {
            let why = "which module? Name it here, or in the bench file";
            Err(vec![Complaint::argument("--port", why)])
        }
        None => list(arguments),
    }
}

fn examine(port: &Address, arguments: &Arguments, file: &BenchFile) -> Outcome {
    // A profile that does not exist is an argument that is wrong, not a bench.
    Bench::new(port, None).map_err(|wrong| vec![Complaint::argument(wrong.option, wrong.problem)])?;
    // What is set last counts.
    let set: BTreeMap<String, String> = file.variables.iter().chain(&arguments.set).cloned().collect();
    let capture = arguments.capture.or(file.capture);
    let radio = file.allow.iter().any(|allowed| allowed.effect == Effect::Radio);
    let plan = Plan { set, capture, radio, rate: file.speed, expected: file.expected.clone() };
    let found = doctor::examine(port, &plan, &Machine::this());
    if arguments.json {
        print_json(&found)?;
    } else {
        print(&doctor::told(&found, terminal::width(), arguments.color.on_standard_output()));
    }
    Ok(match (found.asked, found.troubles()) {
        (false, _) => Ending::because(Exit::Bench, "the module cannot be asked"),
        (true, 0) => Exit::Kept.into(),
        (true, 1) => Ending::because(Exit::Broke, "something is missing on this bench"),
        (true, missing) => {
            Ending::because(Exit::Broke, format!("{missing} things are missing on this bench"))
        }
    })
}

/// The ports as JSON.
#[derive(Serialize)]
struct Ports {
    format: u32,
    ports: Vec<doctor::Seen>,
}

fn list(arguments: &Arguments) -> Outcome {
    let ports = doctor::ports(&Machine::this(), arguments.ask);
    if arguments.json {
        print_json(&Ports { format: doctor::FORMAT, ports })?;
    } else {
        print(&doctor::listed(&ports, arguments.ask, terminal::width()));
    }
    Ok(Exit::Kept.into())
}

fn print_json(what: &impl Serialize) -> Result<(), Vec<Complaint>> {
    let text =
        serde_json::to_string_pretty(what).map_err(|error| vec![Complaint::argument("--json", error)])?;
    print(&(text + "\n"));
    Ok(())
}

fn print(text: &str) {
    // A reader that went away wants no more of it.
    let _ = write!(std::io::stdout().lock(), "{text}");
}

//! `ec20 mmsc`: the capture MMSC by itself, for any client that can POST: a module on another machine, a handset, curl.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;

use clap::Args;
use ec20_suite::verdict::Exit;
use mmsc::{Event, Limits, Options, Plan, Server, Store};

use super::complaint::Complaint;
use super::{Outcome, intake};

/// The options of `ec20 mmsc`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where it listens: ADDRESS:PORT, or a port alone, which only this machine reaches
    #[arg(long, value_name = "ADDR", default_value = "8002", value_parser = address)]
    listen: SocketAddr,

    /// Where messages are kept: 000001.mms as it came, 000001.json decoded, and so on
    #[arg(long, value_name = "DIR")]
    store: PathBuf,

    /// What it answers: a TOML file with `first = ["http 404", …]` for the first POSTs and `every = "…"` for all others; without it everything is accepted
    #[arg(long, value_name = "FILE")]
    answer: Option<PathBuf>,

    /// How many connections it holds at once; one more is told 503
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().connections)]
    connections: usize,

    /// How many bytes a message may have; a longer one is told 413
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().body_octets)]
    body: usize,

    /// How many bytes the folder may hold; then messages are told 503
    #[arg(long, value_name = "BYTES", default_value_t = mmsc::STORE_OCTETS)]
    room: u64,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    match text.parse::<u16>() {
        Ok(port) => Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port))),
        Err(_) => text.parse().map_err(|_| "expected ADDRESS:PORT as 127.0.0.1:8002, or a port".to_owned()),
    }
}

/// Serves until a signal ends it. One line for each message, on standard output; what is not served, on standard error.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let plan = plan(arguments)?;
    let store = Store::open(&arguments.store)
        .map_err(|error| {
            vec![Complaint::argument(
                &format!("--store {}", arguments.store.display()),
                format!("messages cannot be kept in this folder: {error}"),
            )]
        })?
        .octets_max(arguments.room);
    let here = arguments.listen;
    let listening = TcpListener::bind(here).and_then(|listener| {
        let limits =
            Limits { connections: arguments.connections, body_octets: arguments.body, ..Limits::default() };
        Server::start(listener, Options { limits, plan, store: Some(store), tell: Box::new(tell) })
    });
    let server = listening.map_err(|error| vec![Complaint::argument(&format!("--listen {here}"), error)])?;
    let (address, folder) = (server.address(), arguments.store.display());
    say(&format!("listening on http://{address}/, keeping messages in {folder}; Ctrl-C ends it"));
    wait_for_signal();
    Ok(Exit::Kept.into())
}

fn plan(arguments: &Arguments) -> Result<Plan, Vec<Complaint>> {
    let Some(path) = &arguments.answer else { return Ok(Plan::default()) };
    let text = intake::written(path).map_err(|complaint| vec![complaint])?;
    Plan::from_toml(&text).map_err(|error| {
        let place = format!("{}:{}:{}", path.display(), error.line, error.column);
        vec![Complaint::argument(&place, &error.message)]
    })
}

fn tell(event: Event) {
    match event {
        Event::Captured(message) => say(&message.line()),
        Event::Log(line) => eprintln!("{line}"),
    }
}

/// A line for whoever watches, at once: it may be a pipe. Nobody watching is no reason to stop.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// A message is whole or not there at any time, so the end may come at any time; this one is for order's sake.
fn wait_for_signal() {
    match signal_hook::iterator::Signals::new(signal_hook::consts::TERM_SIGNALS) {
        Ok(mut signals) => {
            signals.forever().next();
        }
        Err(_) => loop {
            std::thread::park();
        },
    }
}

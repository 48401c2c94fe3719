//! `ec20 sim`: simulated modules for any client: a driver under test, a terminal program, this runner on another machine.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use ec20_manual::profile::Profile;
use ec20_sim::leg::network::Network;
use ec20_sim::leg::station::{Control, Setup, Station};
use ec20_suite::verdict::Exit;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::complaint::Complaint;
use super::{Outcome, intake};

/// The options of `ec20 sim`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Makes this a link to the module's terminal; with --count, one link for each module: LINK0, LINK1, …
    #[arg(long, value_name = "LINK", conflicts_with = "tcp")]
    pty: Option<PathBuf>,

    /// Serves on TCP instead of a terminal: ADDRESS:PORT, or a port alone, which only this machine reaches; with --count, ports from there on
    #[arg(long, value_name = "ADDR", value_parser = address)]
    tcp: Option<SocketAddr>,

    /// The firmware to play: manual, ec20-r08, newer-platform, or a profile file
    #[arg(long, value_name = "PROFILE", default_value = "manual")]
    profile: String,

    /// How many modules to run
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=4096))]
    count: u16,

    /// Sends unsolicited lines wherever the standards allow one
    #[arg(long, value_name = "KIND", value_parser = ["urc"])]
    noise: Option<String>,

    /// Moves bytes as slowly as a UART of so many bits per second
    #[arg(long, value_name = "BAUD", value_parser = clap::value_parser!(u32).range(50..=4_000_000))]
    speed: Option<u32>,

    /// Leads every connection of the modules to this message centre, whatever address they ask for; without it they use this machine's network
    #[arg(long, value_name = "ADDR", value_parser = address)]
    mmsc: Option<SocketAddr>,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    match text.parse::<u16>() {
        Ok(port) => Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port))),
        Err(_) => text.parse().map_err(|_| "expected ADDRESS:PORT as 127.0.0.1:4000, or a port".to_owned()),
    }
}

/// Serves until a signal ends it. One line for each module, on standard output: where to connect.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let mut setup = Setup::new(profile(&arguments.profile)?);
    setup.noise = arguments.noise.is_some();
    setup.baud = arguments.speed;
    setup.network = arguments.mmsc.map_or(Network::Real, Network::Everything);
    let mut station = Station::new().map_err(|error| vec![Complaint::argument("sim", error)])?;
    for number in 0..arguments.count {
        let place = add(&mut station, &setup, arguments, number)?;
        say(&place);
    }
    let title = &setup.profile.title;
    say(&format!("{} ({title}); Ctrl-C ends it", setup.profile.name));
    stop_on_signal(station.control());
    station.run().map_err(|error| vec![Complaint::argument("sim", error)])?;
    Ok(Exit::Kept.into())
}

/// The built-in profile of this name, or the one in the file of this name.
fn profile(name: &str) -> Result<Profile, Vec<Complaint>> {
    if let Some(profile) = Profile::built_in(name) {
        return Ok(profile);
    }
    let text = intake::written(std::path::Path::new(name)).map_err(|error| {
        let names = Profile::built_in_names().join(", ");
        vec![Complaint::argument("--profile", format!("{name} is none of {names}, and no file: {error}"))]
    })?;
    Profile::from_toml(&text).map_err(|error| {
        let place = format!("{name}:{}:{}", error.line, error.column);
        vec![Complaint::argument(&place, &error.message)]
    })
}

/// Adds one module; gives where to connect, as a person types it.
fn add(
    station: &mut Station,
    setup: &Setup,
    arguments: &Arguments,
    number: u16,
) -> Result<String, Vec<Complaint>> {
    if let Some(first) = arguments.tcp {
        let port = if first.port() == 0 { 0 } else { first.port().saturating_add(number) };
        let here = SocketAddr::new(first.ip(), port);
        let address = station
            .add_tcp(setup, here)
            .map_err(|error| vec![Complaint::argument(&format!("--tcp {here}"), error)])?;
        return Ok(format!("tcp:{address}"));
    }
    let link = arguments.pty.as_ref().map(|link| {
        let mut name = link.as_os_str().to_owned();
        if arguments.count > 1 {
            name.push(number.to_string());
        }
        PathBuf::from(name)
    });
    let path = station.add_pty(setup, link.as_deref()).map_err(|error| match &link {
        Some(link) => vec![Complaint::file(link, &error)],
        None => vec![Complaint::argument("sim", format!("no pseudo-terminal is to be had: {error}"))],
    })?;
    Ok(path.display().to_string())
}

/// Says a line at once: whoever reads it through a pipe waits for it.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // A reader that has gone away does not end the module.
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// Ends the station when somebody wants it ended, so that links are taken away.
fn stop_on_signal(control: Control) {
    if let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) {
        std::thread::spawn(move || {
            if signals.forever().next().is_some() {
                control.stop();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{address, profile};

    #[test]
    fn a_port_alone_is_this_machines() {
        assert_eq!(address("4000").expect("a port").to_string(), "127.0.0.1:4000");
        assert!(address("nowhere").is_err());
    }

    #[test]
    fn a_profile_is_built_in_or_a_file() {
        assert_eq!(profile("ec20-r08").expect("built in").name, "ec20-r08");
        assert!(profile("no-such-profile").is_err());
    }
}

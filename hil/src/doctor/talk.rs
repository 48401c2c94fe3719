//! From a port's name to a module that answers `AT`, or to why there is none.
//!
//! It knows the functions that a module of this family shows on the USB, and what each of them says when it is taken for the AT port.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ec20_suite::redact::Redactor;

use super::dialogue::Dialogue;
use super::machine::{Access, Device, Machine, Usb};
use super::{Check, Plan};
use crate::bench::{self, Bench};
use crate::port::{Address, Port, Serial, Trouble};

/// The rate at which a run opens a port that nobody gave another.
pub(super) const USUAL: u32 = 115_200;

/// The rates that people leave behind on a module's UART.
const RATES: [u32; 8] = [USUAL, 9600, 19_200, 38_400, 57_600, 230_400, 460_800, 921_600];

/// The USB function that takes commands.
const AT_FUNCTION: u8 = 2;

/// What ser2net says on the line itself when it cannot open the device, or another client has it.
const SERVER: [&str; 2] = ["Device open failure", "Port already in use"];

/// What speaks on a port.
enum Voice {
    /// Something that answers `AT`.
    Module,
    /// Nothing.
    Silence,
    /// What was sent comes back, and nothing else.
    Echo,
    /// Sentences of a positioning receiver.
    Positions,
    /// A terminal server that says why it has no module to offer, in these words.
    Server(String),
    /// Bytes that nobody can read as lines.
    Noise,
}

/// The function of a module that an interface number stands for; nothing for another vendor's device.
pub(super) fn function(usb: &Usb) -> Option<&'static str> {
    let module = matches!((usb.vendor.as_str(), usb.product.as_str()), ("2c7c", _) | ("05c6", "9215"));
    module.then_some(match usb.interface {
        0 => "the diagnostic port",
        1 => "the port for positions (NMEA)",
        2 => "the AT port",
        3 => "the modem port",
        _ => "no serial function of the module",
    })
}

/// Opens the port and asks `AT`; adds the checks `port` and `answer`.
pub(super) fn begin(
    address: &Address,
    plan: &Plan,
    machine: &Machine,
    checks: &mut Vec<Check>,
) -> Option<Dialogue> {
    let rate = plan.rate.unwrap_or(USUAL);
    let path = path(address, machine);
    let opened = match &path {
        Some(Ok(path)) => Serial::open_at(path, rate).map(|port| Box::new(port) as Box<dyn Port>),
        Some(Err(trouble)) => Err(trouble.clone()),
        None => open(address),
    };
    let path = path.and_then(Result::ok);
    let port = match opened {
        Ok(port) => port,
        Err(trouble) => {
            let name = path.unwrap_or_else(|| address.to_string());
            checks.push(closed_door(&name, &trouble, machine));
            return None;
        }
    };
    let device = path.as_ref().and_then(|path| machine.device(path));
    checks.push(open_door(address, path.as_deref(), device.as_ref(), machine));
    let mut dialogue = Dialogue::on(port, rate);
    match voice(&mut dialogue, 3, Duration::from_millis(700)) {
        Ok(Voice::Module) => {
            checks.push(answers(device.as_ref(), machine));
            Some(dialogue)
        }
        Ok(voice) => {
            let is_function =
                device.as_ref().and_then(|device| device.usb.as_ref()).and_then(function).is_some();
            let unreadable = matches!(voice, Voice::Silence | Voice::Noise);
            // The module's own USB ports take any rate.
            if let Some(path) = path.filter(|_| unreadable && !is_function) {
                // The device is locked while it is open.
                drop(dialogue);
                if let Some((other, found)) = other_rate(&path, rate) {
                    checks.push(wrong_speed(other, rate));
                    return Some(found);
                }
            }
            checks.push(no_module(&voice, device.as_ref(), machine));
            None
        }
        Err(trouble) => {
            checks.push(Check::trouble("answer", "closed", trouble.to_string(), trouble.advice()));
            None
        }
    }
}

/// The path of a serial device as it is called today; nothing for what is none.
fn path(address: &Address, machine: &Machine) -> Option<Result<String, Trouble>> {
    match address {
        Address::Device(path) => Some(Ok(path.clone())),
        Address::Usb { place, interface } => {
            Some(bench::Device::on_usb(place, *interface).of(machine.clone()).path())
        }
        Address::Simulated { .. } | Address::Tcp { .. } => None,
    }
}

/// Opens what is no serial device.
fn open(address: &Address) -> Result<Box<dyn Port>, Trouble> {
    let other = |detail: String| Trouble::Other { port: address.to_string(), detail };
    let folder = tempfile::tempdir().map_err(|error| other(error.to_string()))?;
    let bench = Bench::new(address, None).map_err(|error| other(error.to_string()))?;
    // Nothing of this is kept.
    let redactor = Arc::new(Mutex::new(Redactor::off()));
    bench.open(folder.path(), redactor, Vec::new()).0
}

/// What speaks there, after at most `tries` times `AT`. What an earlier program left on the module's line is made
/// invalid before.
fn voice(dialogue: &mut Dialogue, tries: u32, patience: Duration) -> Result<Voice, Trouble> {
    match voice_of(dialogue, tries, patience) {
        // The port knows a server's own words before anybody takes them for a module's.
        Err(Trouble::Server { detail }) => Ok(Voice::Server(detail)),
        outcome => outcome,
    }
}

fn voice_of(dialogue: &mut Dialogue, tries: u32, patience: Duration) -> Result<Voice, Trouble> {
    let mut heard = dialogue.overhear(Duration::from_millis(300))?;
    dialogue.begin()?;
    for _ in 0..tries {
        let answer = dialogue.ask_within("AT", patience)?;
        if answer.result.is_some() {
            return Ok(Voice::Module);
        }
        heard.extend(answer.raw);
    }
    let text = String::from_utf8_lossy(&heard);
    let position = |line: &str| line.starts_with("$G") && line.contains(',');
    if let Some(line) = text.lines().find(|line| SERVER.iter().any(|words| line.contains(words))) {
        return Ok(Voice::Server(line.trim().to_owned()));
    }
    Ok(match () {
        () if heard.is_empty() => Voice::Silence,
        () if text.lines().any(position) => Voice::Positions,
        () if text.split_whitespace().all(|word| word == "AT") => Voice::Echo,
        () => Voice::Noise,
    })
}

/// Another rate at which something on the device answers, and the dialogue with it.
fn other_rate(path: &str, tried: u32) -> Option<(u32, Dialogue)> {
    RATES.into_iter().filter(|rate| *rate != tried).find_map(|rate| {
        let mut dialogue = Dialogue::on(Box::new(Serial::open_at(path, rate).ok()?), rate);
        let voice = voice(&mut dialogue, 2, Duration::from_millis(300));
        matches!(voice, Ok(Voice::Module)).then_some((rate, dialogue))
    })
}

fn wrong_speed(rate: u32, opened: u32) -> Check {
    Check::trouble(
        "answer",
        "wrong-speed",
        format!("the module answers at {rate} bit/s, and a run opens the port at {opened}"),
        format!(
            "write speed = {rate} into the bench file; or set the module's rate in a terminal program: AT+IPR={opened}, then AT&W"
        ),
    )
}

fn open_door(address: &Address, path: Option<&str>, device: Option<&Device>, machine: &Machine) -> Check {
    let place = device.map_or_else(String::new, |device| format!(" ({})", described(device)));
    let says = format!("{address} opens{place}");
    let holders = path.map(|path| machine.holders(path)).unwrap_or_default();
    if holders.is_empty() {
        return Check::good("port", says);
    }
    let names: Vec<&str> = holders.iter().map(|holder| holder.name.as_str()).collect();
    let listed: Vec<String> =
        holders.iter().map(|holder| format!("{} ({})", holder.name, holder.pid)).collect();
    let listed = listed.join(", ");
    let says =
        format!("{says}, and is also open in {listed}: two talkers on one port spoil each other's answers");
    Check::note("port", "second-talker", says, let_go(&names))
}

/// A device in a few words: where it is plugged in, as what, under which driver.
pub(super) fn described(device: &Device) -> String {
    let mut words = Vec::new();
    if let Some(usb) = &device.usb {
        words.push(format!("usb:{}:{}, device {}:{}", usb.place, usb.interface, usb.vendor, usb.product));
        words.extend(function(usb).map(str::to_owned));
    }
    words.extend(device.driver.as_ref().map(|driver| format!("driver {driver}")));
    words.join(", ")
}

fn closed_door(path: &str, trouble: &Trouble, machine: &Machine) -> Check {
    let simple = |finding| Check::trouble("port", finding, trouble.to_string(), trouble.advice());
    match trouble {
        Trouble::Missing { .. } => simple("missing"),
        Trouble::NotATerminal { .. } => simple("no-terminal"),
        Trouble::NotPermitted { .. } => not_permitted(path, machine),
        Trouble::Busy { .. } => busy(path, machine),
        _ => simple("unopenable"),
    }
}

fn not_permitted(path: &str, machine: &Machine) -> Check {
    let user = std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).ok();
    let (why, mend) = match machine.access(path, user.as_deref()) {
        Some(Access::Group { name, listed: true }) => (
            format!("; its group is {name}, and this session was begun before the user was added to it"),
            format!("log out and in again, or try now with `newgrp {name}`"),
        ),
        Some(Access::Group { name, .. }) => (
            format!("; members of the group {name} may"),
            format!("sudo usermod -aG {name} {}, then log in again", user.as_deref().unwrap_or("$USER")),
        ),
        Some(Access::OwnerOnly) => (
            "; no group may either".to_owned(),
            "give the device a group by a udev rule: SUBSYSTEM==\"tty\", ATTRS{idVendor}==\"2c7c\", GROUP=\"dialout\", MODE=\"0660\""
                .to_owned(),
        ),
        None => (String::new(), "give this user permission to open the device".to_owned()),
    };
    Check::trouble("port", "not-permitted", format!("{path} may not be opened by this user{why}"), mend)
}

fn busy(path: &str, machine: &Machine) -> Check {
    let holders = machine.holders(path);
    if holders.is_empty() {
        let guess = machine.runs("ModemManager");
        let says = if guess {
            format!("{path} is held by another program; ModemManager runs, and takes ports like this one")
        } else {
            format!("{path} is held by a program that this user may not see")
        };
        let mend = if guess { let_go(&["ModemManager"]) } else { format!("sudo fuser -v {path} names it") };
        return Check::trouble("port", "busy", says, mend);
    }
    let names: Vec<&str> = holders.iter().map(|holder| holder.name.as_str()).collect();
    let listed: Vec<String> =
        holders.iter().map(|holder| format!("{} (process {})", holder.name, holder.pid)).collect();
    let finding = if names.contains(&"ModemManager") { "busy-modemmanager" } else { "busy" };
    Check::trouble("port", finding, format!("{path} is held by {}", listed.join(" and ")), let_go(&names))
}

fn let_go(names: &[&str]) -> String {
    if names.contains(&"ModemManager") {
        return "sudo systemctl stop ModemManager; for good: a udev rule with ATTRS{idVendor}==\"2c7c\", \
                ENV{ID_MM_DEVICE_IGNORE}=\"1\""
            .to_owned();
    }
    format!("close {}", names.join(" and "))
}

fn answers(device: Option<&Device>, machine: &Machine) -> Check {
    let usb = device.and_then(|device| device.usb.as_ref());
    let Some(usb) = usb.filter(|usb| function(usb).is_some() && usb.interface != AT_FUNCTION) else {
        return Check::good("answer", "answers AT");
    };
    let says = format!(
        "answers AT, but as {}: unsolicited lines go to the AT port unless AT+QURCCFG says otherwise",
        function(usb).unwrap_or_default()
    );
    Check::note("answer", "modem-port", says, other_port(usb, machine))
}

fn other_port(usb: &Usb, machine: &Machine) -> String {
    match machine.sibling(usb, AT_FUNCTION) {
        Some(port) => format!("the same module's AT port is {}", port.path),
        None => {
            "the module's AT port is its USB interface 2; the system shows none, so no driver has taken it"
                .to_owned()
        }
    }
}

fn no_module(voice: &Voice, device: Option<&Device>, machine: &Machine) -> Check {
    let usb = device.and_then(|device| device.usb.as_ref());
    let wrong = usb.and_then(function).zip(usb).filter(|(_, usb)| usb.interface != AT_FUNCTION);
    if let Some((name, usb)) = wrong {
        let says = format!("does not answer AT: this is {name} (USB interface {})", usb.interface);
        return Check::trouble("answer", "wrong-function", says, other_port(usb, machine));
    }
    match voice {
        Voice::Server(words) => Check::trouble(
            "answer",
            "server-refuses",
            format!("the terminal server answers in place of a module: {words}"),
            "on the server: does the device of its configuration exist, and is no other client connected?",
        ),
        Voice::Positions => Check::trouble(
            "answer",
            "wrong-function",
            "position sentences come, and AT is not answered: this is a port for positions (NMEA)",
            "a module's AT port is its USB interface 2, often /dev/ttyUSB2; `ec20 doctor` without a port lists them all",
        ),
        Voice::Echo => Check::trouble(
            "answer",
            "only-echo",
            "what is sent comes back, and nothing else does: a bridged cable, or a module whose results are off (ATQ1)",
            "take the bridge off; or type ATQ0V1 in a terminal program, and AT&W to keep it",
        ),
        Voice::Noise => Check::trouble(
            "answer",
            "unreadable",
            "bytes come that are no lines, at none of the usual rates",
            "is this the AT port? Check ground and level of a UART; another program's binary protocol looks like this too",
        ),
        Voice::Silence | Voice::Module => Check::trouble(
            "answer",
            "no-module",
            "nothing answers AT, at none of the usual rates",
            "is the module powered, and its power key pressed? Does it start (15 s)? On a UART: are TX and RX crossed, is flow control off?",
        ),
    }
}

//! A module that goes away in mid-run and comes back: under another number at the same place on the USB, by the power switch, or not.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use ec20_hil::bench::{Device, Lost};
use ec20_hil::doctor::Machine;
use ec20_hil::gate::Rules;
use ec20_hil::port::{Port, Trouble};
use ec20_hil::power::Power;
use ec20_hil::run::{Gated, NoFarEnd, Running};
use ec20_suite::executor::{Bench, Executor};
use ec20_suite::journal::{Event, FORMAT, Run};
use ec20_suite::suite::{Case, Suite, Variables};

use crate::ec20::{command, ended};
use crate::stranger::{Quirk, Stranger};

/// Plugs a device in: its name, at this place and interface, with this terminal behind it.
fn plug(root: &Path, name: &str, place: &str, interface: u8, terminal: &str) {
    let whole = root.join("sys/devices/usb1").join(place);
    let function = whole.join(format!("{place}:1.{interface}"));
    let tty = function.join(name);
    for folder in [&tty, &root.join("sys/class/tty"), &root.join("dev")] {
        fs::create_dir_all(folder).expect("a folder");
    }
    fs::write(whole.join("idVendor"), "2c7c\n").expect("the vendor");
    fs::write(whole.join("idProduct"), "0125\n").expect("the product");
    fs::write(function.join("bInterfaceNumber"), format!("{interface:02x}\n")).expect("the interface");
    let entry = root.join("sys/class/tty").join(name);
    fs::create_dir_all(&entry).expect("an entry");
    symlink(&tty, entry.join("device")).expect("its device");
    symlink(terminal, root.join("dev").join(name)).expect("its name");
}

fn unplug(root: &Path, name: &str) {
    fs::remove_dir_all(root.join("sys/class/tty").join(name)).expect("an entry");
    fs::remove_file(root.join("dev").join(name)).expect("its name");
}

#[test]
fn a_port_is_found_by_its_place() {
    let root = tempfile::tempdir().expect("a machine");
    plug(root.path(), "ttyUSB2", "1-1.4", 2, "/dev/null");
    plug(root.path(), "ttyUSB6", "1-1.3", 2, "/dev/null");
    let machine = Machine::below(root.path());
    let at = |place: &str, interface| Device::on_usb(place, interface).of(machine.clone()).path();
    let path = |name: &str| Ok(root.path().join("dev").join(name).display().to_string());
    assert_eq!(at("1-1.4", 2), path("ttyUSB2"));
    assert_eq!(at("1-1.3", 2), path("ttyUSB6"));
    for (place, interface, name) in [("1-1.4", 3, "usb:1-1.4:3"), ("1-1", 2, "usb:1-1:2")] {
        assert_eq!(at(place, interface), Err(Trouble::Missing { port: name.to_owned() }));
    }
    // One that was named by its number is known by its place from then on.
    let named = Device::at(&path("ttyUSB2").unwrap()).of(machine.clone());
    let pinned = named.pinned();
    assert!(pinned.is_pinned() && !named.is_pinned());
    unplug(root.path(), "ttyUSB2");
    plug(root.path(), "ttyUSB7", "1-1.4", 2, "/dev/null");
    assert_eq!(pinned.path(), path("ttyUSB7"));
}

pub(crate) fn cases() -> Vec<Case> {
    let variables = Variables::read("variables.toml", ec20_golden::VARIABLES).expect("variables");
    let files =
        ec20_golden::files().iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    let suite = Suite::assemble(ec20_golden::transcripts().iter().copied(), files, &variables);
    let suite = suite.expect("the built-in suite");
    let wanted = |case: &&Case| case.id.starts_with("manual-2-2-");
    suite.cases().iter().filter(wanted).cloned().collect()
}

#[test]
fn a_module_that_comes_back_under_another_number_is_asked_the_rest() {
    let root = tempfile::tempdir().expect("a machine");
    let first = Stranger::with(&[("AT+QMMSEDIT=1", Quirk::Unplugs("\r\n+QMMSEDIT: 1,\"13"))]);
    let second = Stranger::start();
    plug(root.path(), "ttyUSB2", "1-1.4", 2, &first.path);
    let device = Device::on_usb("1-1.4", 2).of(Machine::below(root.path()));
    let run = Run {
        format: FORMAT,
        version: "test".to_owned(),
        suite_hash: String::new(),
        started: String::new(),
        port: "usb:1-1.4:2".to_owned(),
        command: String::new(),
    };
    let executor = Executor::new(cases(), Bench { recovers: true, escape_first: true, ..Bench::new(run) });
    let port: Box<dyn Port> = Box::new(device.open().expect("the port opens"));
    let revive = Lost::Device(device).reviver(Power { back: Duration::from_secs(20), ..Power::default() });
    let mut running = Running::new(executor, Ok(Gated::new(port, Rules::unasked()))).reviving(revive);
    let done = std::thread::scope(|scope| {
        scope.spawn(|| {
            let deadline = Instant::now() + Duration::from_mins(1);
            while !first.log().iter().any(|line| line == "AT+QMMSEDIT=1") && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(10));
            }
            unplug(root.path(), "ttyUSB2");
            std::thread::sleep(Duration::from_secs(1));
            plug(root.path(), "ttyUSB5", "1-1.4", 2, &second.path);
        });
        let stop = Arc::new(AtomicBool::new(false));
        running.until(&mut NoFarEnd, &stop, &mut |_| Ok(()), &|_| false)
    });
    assert!(done);
    let ends: Vec<(String, &str)> = running
        .events
        .iter()
        .filter_map(|event| match event {
            Event::CaseEnd(end) => Some((end.case.clone(), end.verdict.word())),
            _ => None,
        })
        .collect();
    assert_eq!(ends.iter().filter(|(_, verdict)| *verdict == "broken").count(), 1, "{ends:?}");
    assert!(ends.iter().filter(|(_, verdict)| *verdict == "pass").count() >= 3, "{ends:?}");
    let told = |words: &str| {
        running.events.iter().any(|event| matches!(event, Event::Bench { note, .. } if note.contains(words)))
    };
    assert!(told("ttyUSB5 is open again") && told("the module is back"));
    // It is spoken to from the beginning, and what it may have forgotten is looked at.
    let log = second.log();
    assert_eq!(log.first().map(String::as_str), Some("AT"), "{log:?}");
    assert!(log.contains(&"AT+CMEE?".to_owned()), "{log:?}");
}

#[test]
fn a_module_that_falls_silent_is_switched_off_and_on_once() {
    let stranger = Stranger::with(&[("AT+QMMSEDIT=1", Quirk::Dies)]);
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!(
        "port = \"{}\"\n[power]\nreset = \"echo pulsed the reset line | tee -a pulses\"\nback = \"2s\"\n",
        stranger.path
    );
    fs::write(folder.path().join("bench.toml"), text).expect("a bench file");
    let words = ["hil", "--bench", "bench.toml", "--filter", "manual-2-2-*", "--report", "run"];
    let run = ended(command(folder.path(), &words).output().expect("ec20 starts"), folder);
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    assert_eq!(run.file("pulses").lines().count(), 1, "a module is not made to restart again and again");
    for words in ["working the power switch", "power reset", "pulsed the reset line"] {
        assert!(run.file("run/run.ndjson").contains(words), "{words}");
    }
    assert!(run.cases("pass").is_empty(), "{}", run.out);
    assert!(!run.cases("broken").is_empty(), "{}", run.out);
}

#[test]
fn a_switch_that_does_not_work_says_so_and_takes_its_time_only() {
    let mut rests = 0;
    let mut rest = |_| rests += 1;
    let off_and_on =
        Power { off: Some("echo off".into()), on: Some("echo on; exit 3".into()), ..Power::default() };
    let told = off_and_on.cycle(&mut rest).expect_err("it fails");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].ends_with("off") && told[1].contains("exit status: 3"), "{told:?}");
    let stuck =
        Power { reset: Some("sleep 60".into()), within: Duration::from_millis(200), ..Power::default() };
    let started = Instant::now();
    assert!(stuck.cycle(&mut |_| {}).expect_err("it takes too long")[0].contains("took more than"));
    assert!(started.elapsed() < Duration::from_secs(20));
    assert_eq!(rests, 1, "between off and on it stays dark for a while");
}

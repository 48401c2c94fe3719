//! A module on a pseudo-terminal and on a TCP port, with real time.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use ec20_manual::profile::Profile;
use ec20_sim::leg::station::{Setup, Station, spawn};

fn setup() -> Setup {
    Setup::new(Profile::manual().clone())
}

fn open(path: &Path) -> File {
    File::options().read(true).write(true).open(path).expect("the terminal opens")
}

#[track_caller]
fn exchange(port: &mut (impl Read + Write), line: &str, expected: &str) {
    port.write_all(line.as_bytes()).expect("the port takes bytes");
    let mut came = vec![0; expected.len()];
    port.read_exact(&mut came).expect("the port gives bytes");
    assert_eq!(came.escape_ascii().to_string(), expected.as_bytes().escape_ascii().to_string());
}

#[test]
fn a_terminal_can_be_closed_and_opened_again() {
    let module = spawn(&setup()).expect("a terminal");
    for _ in 0..3 {
        let mut port = open(module.path());
        exchange(&mut port, "AT\r", "AT\r\r\nOK\r\n");
        exchange(&mut port, "AT+CMEE?\r", "AT+CMEE?\r\r\n+CMEE: 1\r\n\r\nOK\r\n");
        drop(port);
        std::thread::sleep(Duration::from_millis(30));
    }
    module.stop();
}

#[test]
fn a_link_names_the_terminal_as_long_as_the_module_runs() {
    let folder = std::env::temp_dir().join(format!("ec20-sim-link-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let link = folder.join("port");
    let mut station = Station::new().expect("a station");
    assert_eq!(station.add_pty(&setup(), Some(&link)).expect("a terminal"), link);
    let control = station.control();
    let thread = std::thread::spawn(move || station.run());
    exchange(&mut open(&link), "AT\r", "AT\r\r\nOK\r\n");
    control.stop();
    thread.join().expect("the station ends").expect("without an error");
    assert!(!link.exists(), "the link is gone");
    std::fs::remove_dir(&folder).expect("an empty folder");
}

#[test]
fn a_tcp_port_serves_one_client_after_another() {
    let mut station = Station::new().expect("a station");
    let address = station.add_tcp(&setup(), ([127, 0, 0, 1], 0).into()).expect("a port");
    let control = station.control();
    let thread = std::thread::spawn(move || station.run());
    for _ in 0..2 {
        let mut port = TcpStream::connect(address).expect("a connection");
        exchange(&mut port, "AT+CSQ\r", "AT+CSQ\r\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
    }
    control.stop();
    thread.join().expect("the station ends").expect("without an error");
}

#[test]
fn many_modules_do_not_hear_each_other() {
    let mut station = Station::new().expect("a station");
    let paths: Vec<_> = (0..16).map(|_| station.add_pty(&setup(), None).expect("a terminal")).collect();
    let control = station.control();
    let thread = std::thread::spawn(move || station.run());
    let mut ports: Vec<_> = paths.iter().map(|path| open(path)).collect();
    for (n, port) in ports.iter_mut().enumerate() {
        let line = format!("AT+QMMSCFG=\"contextid\",{}\r", n + 1);
        exchange(port, &line, &format!("{line}\r\nOK\r\n"));
    }
    for (n, port) in ports.iter_mut().enumerate() {
        let line = "AT+QMMSCFG=\"contextid\"\r";
        exchange(port, line, &format!("{line}\r\n+QMMSCFG: \"contextid\",{}\r\n\r\nOK\r\n", n + 1));
    }
    control.stop();
    thread.join().expect("the station ends").expect("without an error");
}

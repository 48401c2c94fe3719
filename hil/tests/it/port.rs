//! A port that does not work says why, in words that lead to the cure, and never as if the module were at fault.

use std::io::Write as _;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use ec20_hil::port::{Address, Port, Serial, Tcp, Trouble};
use rstest::rstest;

use crate::pty::Pty;

const SOON: Duration = Duration::from_millis(20);

#[rstest]
#[case("sim", Address::Simulated { profile: None })]
#[case("sim:ec20-r08", Address::Simulated { profile: Some("ec20-r08".to_owned()) })]
#[case("tcp:bench-3:4001", Address::Tcp { host_and_port: "bench-3:4001".to_owned() })]
#[case("tcp:[::1]:4001", Address::Tcp { host_and_port: "[::1]:4001".to_owned() })]
#[case("usb:1-1.4:2", Address::Usb { place: "1-1.4".to_owned(), interface: 2 })]
#[case("/dev/ttyUSB2", Address::Device("/dev/ttyUSB2".to_owned()))]
#[case("COM7", Address::Device("COM7".to_owned()))]
#[case("./simulated", Address::Device("./simulated".to_owned()))]
fn names_of_ports(#[case] name: &str, #[case] address: Address) {
    assert_eq!(name.parse(), Ok(address.clone()));
    assert_eq!(address.to_string(), name);
}

#[rstest]
#[case("")]
#[case("sim:")]
#[case("usb:1-1.4")]
#[case("usb:1:2")]
#[case("usb:1-:2")]
#[case("usb:1-1.4:x")]
#[case("tcp:bench-3")]
#[case("tcp::4001")]
#[case("tcp:bench-3:http")]
#[case("tcp:bench-3:70000")]
fn names_of_no_port(#[case] name: &str) {
    assert!(name.parse::<Address>().is_err());
}

#[test]
fn a_device_that_is_not_there() {
    let trouble = Serial::open("/dev/ttyUSB-nobody").err();
    assert_eq!(trouble, Some(Trouble::Missing { port: "/dev/ttyUSB-nobody".to_owned() }));
}

#[test]
fn things_that_are_no_terminal() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let file = file.path().to_str().unwrap();
    for (path, word) in [("/dev/null", "line discipline"), ("/tmp", "directory"), (file, "plain file")] {
        match Serial::open(path).err() {
            Some(Trouble::NotATerminal { what, .. }) => assert!(what.contains(word), "{path}: {what}"),
            other => panic!("{path}: {other:?}"),
        }
    }
}

#[test]
fn a_port_that_another_program_holds() {
    let pty = Pty::open();
    let first = Serial::open(&pty.path).unwrap();
    let busy = Trouble::Busy { port: pty.path.clone(), holder: "another program".to_owned() };
    assert_eq!(Serial::open(&pty.path).err(), Some(busy));
    drop(first);
    assert!(Serial::open(&pty.path).is_ok());
}

#[test]
fn bytes_go_both_ways_unchanged() {
    let mut pty = Pty::open();
    let mut port = Serial::open(&pty.path).unwrap();
    let every: Vec<u8> = (0..=255).collect();
    port.write(&every).unwrap();
    assert_eq!(pty.read(SOON).unwrap(), every);
    pty.master.write_all(&every).unwrap();
    let mut buffer = [0; 512];
    assert_eq!(port.read(&mut buffer, SOON), Ok(256));
    assert_eq!(&buffer[..256], every);
    assert_eq!(port.read(&mut buffer, SOON), Ok(0));
}

#[test]
fn a_port_that_takes_no_bytes_is_stuck_and_not_for_ever() {
    let pty = Pty::open();
    let mut port = Serial::open(&pty.path).unwrap();
    let started = Instant::now();
    // Nobody reads on the other side.
    let outcome = port.write(&vec![b'x'; 1 << 20]);
    assert!(matches!(outcome, Err(Trouble::Stuck { .. })), "{outcome:?}");
    assert!(started.elapsed() < Duration::from_mins(1));
}

#[test]
fn a_port_that_goes_away_has_closed() {
    let pty = Pty::open();
    let mut port = Serial::open(&pty.path).unwrap();
    drop(pty);
    let mut buffer = [0; 16];
    assert!(matches!(port.read(&mut buffer, SOON), Err(Trouble::Closed { .. })));
    assert!(matches!(port.write(b"AT\r"), Err(Trouble::Closed { .. })));
}

#[test]
fn tcp_carries_bytes_and_tells_when_the_server_leaves() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut port = Tcp::open(&listener.local_addr().unwrap().to_string()).unwrap();
    let (mut server, _) = listener.accept().unwrap();
    let mut buffer = [0; 16];
    assert_eq!(port.read(&mut buffer, SOON), Ok(0));
    server.write_all(b"\xff\xffOK").unwrap();
    assert_eq!(port.read(&mut buffer, Duration::from_secs(5)), Ok(4));
    assert_eq!(&buffer[..4], b"\xff\xffOK");
    drop(server);
    assert!(matches!(port.read(&mut buffer, Duration::from_secs(5)), Err(Trouble::Closed { .. })));
}

#[test]
fn tcp_to_nobody_is_told_with_its_address() {
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    match Tcp::open(&address).err() {
        Some(Trouble::Other { port, .. }) => assert_eq!(port, format!("tcp:{address}")),
        other => panic!("{other:?}"),
    }
}

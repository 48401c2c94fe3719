//! A module behind ser2net: the same verdicts as at the module's own port, and its server's troubles are the bench's.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ec20_manual::profile::Profile;
use ec20_sim::leg::network::Network;
use ec20_sim::leg::station::{Setup, spawn};
use rstest::rstest;

use crate::ec20::ec20;
use crate::parts::Parts;

/// A ser2net that exports `device` on loopback.
struct Ser2net {
    child: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl Ser2net {
    /// Starts it with a raw port; nothing where it is not installed.
    fn start(device: &str) -> Option<Self> {
        Self::accepting("tcp", device)
    }

    /// Starts it with a port of this kind, in ser2net's words.
    fn accepting(accepter: &str, device: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        // A port that was free a moment ago.
        let free =
            TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
        let configuration = folder.path().join("ser2net.yaml");
        let text = format!(
            "connection: &module\n  accepter: {accepter},127.0.0.1,{}\n  connector: serialdev,{device},115200n81,local\n",
            free.port()
        );
        std::fs::write(&configuration, text).expect("a configuration");
        let child = Command::new("ser2net")
            .arg("-n")
            .arg("-c")
            .arg(&configuration)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(child) = child else {
            eprintln!("ser2net is not installed: nothing was tried");
            return None;
        };
        let server = Self { child, address: format!("tcp:{free}"), _folder: folder };
        let deadline = Instant::now() + Duration::from_secs(20);
        // Whoever knocks has its port opened: it is knocked at only until somebody answers.
        while TcpStream::connect(free).is_err() {
            assert!(Instant::now() < deadline, "ser2net does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        std::thread::sleep(Duration::from_millis(300));
        Some(server)
    }
}

impl Drop for Ser2net {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The examples, files, and messages put together.
const SOME: Parts = Parts {
    whole: "manual-* or area:edit or area:file",
    named: &[
        "manual-* or area:file",
        "edit-address-* or edit-function-* or edit-operation-* or edit-title-*",
    ],
};

#[test]
fn the_parts_are_the_whole() {
    SOME.are_the_whole(3);
}

/// Each part over a server of its own, beside the others.
#[rstest]
fn verdicts_are_those_of_the_modules_own_port(#[values(0, 1, 2)] part: usize) {
    let filter = SOME.filter(part);
    let module = || {
        spawn(&Setup { network: Network::Real, ..Setup::new(Profile::manual().clone()) }).expect("a module")
    };
    let behind = module();
    let Some(server) = Ser2net::start(&behind.path().display().to_string()) else { return };
    let words = [
        "--report",
        "run",
        "--filter",
        &filter,
        "--offer",
        "sim-card,attach,pdp",
        "--allow",
        "radio,billable",
        "--recipient",
        "*",
        "--capture",
        "127.0.0.1:0",
    ];
    let own = module();
    let path = own.path().display().to_string();
    let asked = |port: &str| ec20(&[&["hil", "--port", port][..], &words].concat());
    let (through, at_the_port) = std::thread::scope(|scope| {
        let through = scope.spawn(|| asked(&server.address));
        let at_the_port = asked(&path);
        (through.join().expect("a run"), at_the_port)
    });
    assert!(at_the_port.cases("pass").len() > 30, "{filter}: {}", at_the_port.out);
    assert_eq!(through.verdicts(), at_the_port.verdicts(), "{}", through.out);
    assert_eq!(through.code, at_the_port.code);
}

/// A server that negotiates eats the byte behind each undoubled FF: a healthy module behind it must not be blamed for that.
#[test]
fn a_port_that_speaks_telnet_is_refused_and_nothing_of_it_is_recorded() {
    let module =
        spawn(&Setup { network: Network::Real, ..Setup::new(Profile::manual().clone()) }).expect("a module");
    let accepter = "telnet(rfc2217,mode=server),tcp";
    let Some(server) = Ser2net::accepting(accepter, &module.path().display().to_string()) else { return };
    let words = ["hil", "--port", &server.address, "--report", "run", "--filter", "file-upload-bytes"];
    let run = ec20(&words);
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    let last = run.out.trim_end().lines().next_back().unwrap_or_default();
    assert!(last.contains("speaks telnet") && last.contains("rfc2217:"), "{}", run.out);
    assert!(!run.file("run/run.ndjson").contains("\"event\":\"wire\""), "none of its bytes is the module's");
}

#[test]
fn its_words_about_a_missing_port_are_the_benchs_trouble() {
    let Some(server) = Ser2net::start("/dev/ttyUSB-nobody") else { return };
    let run = ec20(&["hil", "--port", &server.address, "--report", "run", "--filter", "manual-2-2-1-*"]);
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    assert!(run.out.contains("1 not asked (port lost)"), "{}", run.out);
    assert!(run.out.contains("the terminal server says: Device open failure"), "{}", run.out);
}

//! What the doctor says of a port before any module has answered: who holds it, who may open it, which function of the module it is.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ec20_hil::doctor::{Plan, listed, ports, told};
use ec20_hil::port::Serial;
use rstest::rstest;
use serde_json::Value;

use super::{empty, examined, fits, module};
use crate::ec20::ended;
use crate::pty::Pty;
use crate::stranger::{Quirk, Stranger};

#[rstest]
#[case::missing("/dev/ttyUSB-nobody", "missing")]
#[case::a_sink("/dev/null", "no-terminal")]
#[case::nobody_listens("tcp:127.0.0.1:1", "unopenable")]
fn a_port_that_cannot_be_opened(#[case] port: &str, #[case] finding: &str) {
    let (_root, machine) = empty();
    let found = examined(port, &Plan::default(), &machine);
    assert_eq!((found.finding("port"), found.asked), (Some(finding), false));
}

#[test]
fn a_port_that_goes_away_while_it_is_examined() {
    let (_root, machine) = empty();
    let module = Stranger::with(&[("AT+CGATT?", Quirk::Unplugs("\r\n+CGA"))]);
    let found = examined(&module.path, &Plan::default(), &machine);
    let last = found.checks.last().expect("a check");
    assert_eq!((last.finding, found.asked), (Some("closed"), false));
    assert_eq!(found.finding("sim"), None, "what was found until then stands");
}

/// A process in a machine's `/proc` that has a file open.
fn process(root: &Path, pid: u32, name: &str, open: Option<&Path>) {
    let folder = root.join("proc").join(pid.to_string());
    fs::create_dir_all(folder.join("fd")).expect("a process");
    fs::write(folder.join("comm"), format!("{name}\n")).expect("its name");
    symlink("/dev/null", folder.join("fd/0")).expect("a file");
    if let Some(open) = open {
        symlink(open, folder.join("fd/9")).expect("the port");
    }
}

#[rstest]
#[case::modem_manager("ModemManager", true, "busy-modemmanager", "systemctl stop ModemManager")]
#[case::a_terminal_program("picocom", true, "busy", "close picocom")]
#[case::one_that_is_not_shown("ModemManager", false, "busy", "systemctl stop ModemManager")]
#[case::nobody_knows("cron", false, "busy", "fuser")]
fn a_port_that_another_program_holds_names_it(
    #[case] name: &str,
    #[case] shown: bool,
    #[case] finding: &str,
    #[case] mend: &str,
) {
    let (root, machine) = empty();
    let pty = Pty::open();
    let _held = Serial::open(&pty.path).expect("the port opens");
    process(root.path(), 4242, name, shown.then(|| Path::new(&pty.path)));
    process(root.path(), 1, "init", None);
    let found = examined(&pty.path, &Plan::default(), &machine);
    let text = told(&found, 200, false);
    assert_eq!((found.finding("port"), found.asked), (Some(finding), false), "{text}");
    assert!(text.contains(mend), "{text}");
    assert!(!shown || text.contains(&format!("{name} (process 4242)")), "{text}");
}

#[test]
fn a_second_talker_on_an_open_port_is_named() {
    let (root, machine) = empty();
    let module = module(&[]);
    process(root.path(), 77, "cat", Some(Path::new(&module.path)));
    let found = examined(&module.path, &Plan::default(), &machine);
    assert_eq!((found.finding("port"), found.troubles()), (Some("second-talker"), 0));
    assert!(told(&found, 200, false).contains("cat (77)"));
}

/// The group `tty`, which has this number everywhere.
const TTY: u32 = 5;

#[test]
fn a_port_that_the_user_may_not_open_names_the_group_that_may() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can become somebody else, nothing is proved about permission here");
        return;
    }
    let pty = Pty::open();
    fs::set_permissions(&pty.path, fs::Permissions::from_mode(0o660)).expect("a closed port");
    std::os::unix::fs::chown(&pty.path, None, Some(TTY)).expect("a port of the group tty");
    let folder = tempfile::tempdir().expect("a folder");
    let everybody = fs::Permissions::from_mode(0o777);
    fs::set_permissions(folder.path(), everybody.clone()).expect("a shared folder");
    let binary = folder.path().join("ec20");
    fs::copy(env!("CARGO_BIN_EXE_ec20"), &binary).expect("a copy of the binary");
    fs::set_permissions(&binary, everybody).expect("a binary for everybody");
    let mut setpriv = std::process::Command::new("setpriv");
    setpriv
        .args(["--reuid", "65534", "--regid", "65534", "--clear-groups"])
        .arg(&binary)
        .env("USER", "nobody");
    setpriv.args(["doctor", "--json", "--port", &pty.path]).current_dir(folder.path());
    let run = ended(setpriv.output().expect("setpriv starts"), folder);
    assert_eq!(run.code, Some(3), "{}{}", run.out, run.err);
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    fits(&json);
    let check = &json["checks"][0];
    assert_eq!((&check["check"], &check["finding"]), (&"port".into(), &"not-permitted".into()));
    assert!(check["mend"].as_str().is_some_and(|mend| mend.contains("usermod -aG tty nobody")), "{check}");
}

// ---- what speaks on it -------------------------------------------------------------------------------------------------------

/// Something on a pseudo-terminal that answers bytes as it is told to.
struct Other {
    path: String,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Other {
    /// `answer` gets the bytes that came and the rate at which the port is open.
    fn on(pty: Pty, answer: impl Fn(&[u8], u32) -> Vec<u8> + Send + 'static) -> Self {
        let (path, stop) = (pty.path.clone(), Arc::new(AtomicBool::new(false)));
        let told = Arc::clone(&stop);
        let mut pty = pty;
        let thread = std::thread::spawn(move || {
            while !told.load(Ordering::Relaxed) {
                let Ok(bytes) = pty.read(Duration::from_millis(20)) else { return };
                let rate = rustix::termios::tcgetattr(&pty.master).map_or(0, |state| state.output_speed());
                if !bytes.is_empty() && pty.master.write_all(&answer(&bytes, rate)).is_err() {
                    return;
                }
            }
        });
        Self { path, stop, thread: Some(thread) }
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[rstest]
#[case::nothing(|_: &[u8], _| Vec::new(), "no-module")]
#[case::a_bridged_cable(|bytes: &[u8], _| bytes.to_vec(), "only-echo")]
#[case::positions(
    |_: &[u8], _| b"$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,*76\r\n".to_vec(),
    "wrong-function"
)]
#[case::frames(|_: &[u8], _| b"\x13\x01\x00\xd5\x7e\xff\xfe".to_vec(), "unreadable")]
#[case::another_rate(
    |_: &[u8], rate| if rate == 9600 { b"\r\nOK\r\n".to_vec() } else { b"\xff\xf3\x9c".to_vec() },
    "wrong-speed"
)]
fn what_answers_otherwise_is_told_apart(
    #[case] answer: impl Fn(&[u8], u32) -> Vec<u8> + Send + 'static,
    #[case] finding: &str,
) {
    let (_root, machine) = empty();
    let other = Other::on(Pty::open(), answer);
    let found = examined(&other.path, &Plan::default(), &machine);
    assert_eq!(found.finding("answer"), Some(finding), "{}", told(&found, 100, false));
    assert_eq!(found.asked, finding == "wrong-speed", "at its own rate a module is asked on");
    if finding == "wrong-speed" {
        assert!(told(&found, 200, false).contains("9600 bit/s"));
    }
}

#[test]
fn a_terminal_server_that_has_no_module_is_quoted() {
    let (_root, machine) = empty();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a server");
    let address = listener.local_addr().expect("its address");
    let server = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().expect("a client");
        client.write_all(b"Device open failure: Value or file not found\r\n").expect("its words");
        // Until the client leaves.
        std::io::copy(&mut client, &mut std::io::sink()).ok();
    });
    let found = examined(&format!("tcp:{address}"), &Plan::default(), &machine);
    let text = told(&found, 200, false);
    assert_eq!((found.finding("answer"), found.asked), (Some("server-refuses"), false), "{text}");
    assert!(text.contains("Value or file not found"), "{text}");
    server.join().expect("the server ends");
}

/// Gives a machine a module's four functions; each opens `devices[interface]`, if there is one.
fn plugged_in(root: &Path, devices: &[(u8, &str)]) -> impl Fn(u8) -> PathBuf + use<> {
    let usb = root.join("sys/devices/usb1/1-1.4");
    let driver = root.join("sys/bus/drivers/option");
    for folder in ["sys/class/tty", "dev", "proc", "sys/devices/platform/serial8250"] {
        fs::create_dir_all(root.join(folder)).expect("a folder");
    }
    fs::create_dir_all(&driver).expect("a driver");
    fs::create_dir_all(&usb).expect("a device");
    for (file, text) in [("idVendor", "2c7c"), ("idProduct", "0125"), ("product", "Android")] {
        fs::write(usb.join(file), format!("{text}\n")).expect("a file");
    }
    for interface in 0..4_u8 {
        let name = format!("ttyUSB{interface}");
        let function = usb.join(format!("1-1.4:1.{interface}"));
        let tty = function.join(&name).join("tty").join(&name);
        fs::create_dir_all(&tty).expect("a function");
        fs::write(function.join("bInterfaceNumber"), format!("{interface:02x}\n")).expect("a file");
        symlink(&driver, function.join(&name).join("driver")).expect("its driver");
        symlink(function.join(&name), tty.join("device")).expect("its device");
        symlink(&tty, root.join("sys/class/tty").join(&name)).expect("its entry");
        if let Some((_, device)) = devices.iter().find(|(number, _)| *number == interface) {
            symlink(device, root.join("dev").join(&name)).expect("its device file");
        }
    }
    // A socket of the board that nobody soldered in, and a console that is no device.
    let phantom = root.join("sys/class/tty/ttyS3");
    fs::create_dir_all(&phantom).expect("a phantom");
    fs::write(phantom.join("type"), "0\n").expect("a file");
    symlink(root.join("sys/devices/platform/serial8250"), phantom.join("device")).expect("its board");
    fs::create_dir_all(root.join("sys/class/tty/tty1")).expect("a console");
    let root = root.to_owned();
    move |interface| root.join(format!("dev/ttyUSB{interface}"))
}

#[test]
fn the_diagnostic_port_is_told_by_its_interface_and_the_right_one_named() {
    let (root, machine) = empty();
    let pty = Pty::open();
    let port = plugged_in(root.path(), &[(0, &pty.path)]);
    let found = examined(&port(0).display().to_string(), &Plan::default(), &machine);
    let text = told(&found, 400, false);
    assert_eq!(found.finding("answer"), Some("wrong-function"), "{text}");
    assert!(text.contains("the diagnostic port (USB interface 0)"), "{text}");
    assert!(text.contains(&format!("AT port is {}", port(2).display())), "{text}");
    assert!(text.contains("usb:1-1.4:0, device 2c7c:0125"), "{text}");
}

/// `usb:PLACE:INTERFACE` leads to the device that has that place today.
#[test]
fn a_port_named_by_its_place_is_found_and_one_that_is_not_plugged_in_is_missing() {
    let (root, machine) = empty();
    let module = module(&[]);
    let _port = plugged_in(root.path(), &[(2, &module.path)]);
    let found = examined("usb:1-1.4:2", &Plan::default(), &machine);
    assert_eq!((found.asked, found.troubles()), (true, 0), "{}", told(&found, 400, false));
    assert_eq!(examined("usb:1-1.3:2", &Plan::default(), &machine).finding("port"), Some("missing"));
}

#[test]
fn the_modem_port_answers_and_is_told_from_the_at_port() {
    let (root, machine) = empty();
    let module = module(&[]);
    let port = plugged_in(root.path(), &[(3, &module.path)]);
    let found = examined(&port(3).display().to_string(), &Plan::default(), &machine);
    assert_eq!((found.finding("answer"), found.troubles()), (Some("modem-port"), 0));
}

#[test]
fn ports_are_listed_without_a_byte_and_asked_for_their_identity_only_when_told_to() {
    let (root, machine) = empty();
    let module = module(&[]);
    let silent = Pty::open();
    let _port = plugged_in(root.path(), &[(0, &silent.path), (2, &module.path)]);
    let seen = ports(&machine, false);
    let functions: Vec<_> = seen.iter().map(|seen| (seen.device.driver.as_deref(), seen.function)).collect();
    let wanted = ["the diagnostic port", "the port for positions (NMEA)", "the AT port", "the modem port"];
    assert_eq!(functions, wanted.map(|function| (Some("option"), Some(function))));
    assert_eq!(module.log(), Vec::<String>::new());

    let asked = ports(&machine, true);
    fits(&serde_json::json!({ "format": 1, "ports": asked }));
    assert_eq!(module.log(), ["AT", "ATI", "AT+CGSN"]);
    assert_eq!(asked[0].answered, Some(Vec::new()), "it opens, and nothing answers");
    assert!(asked[1].trouble.as_ref().is_some_and(|why| why.contains("does not exist")), "{asked:?}");
    let identity = asked[2].answered.as_ref().expect("it was asked");
    assert!(identity.iter().any(|line| line.contains("EC20STRANGER01")), "{identity:?}");
    let text = listed(&asked, true, 80);
    assert!(text.lines().all(|line| line.chars().count() <= 80 || line.starts_with('/')), "{text}");
}

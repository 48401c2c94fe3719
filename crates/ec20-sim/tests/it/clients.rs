//! Clients that are not ours hold their usual dialogues with the module. One that is not installed is passed over, and
//! the test says so.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use ec20_manual::profile::Profile;
use ec20_sim::leg::station::{Running, Setup, spawn};
use rstest::rstest;

/// Where a program is, if it is installed.
fn installed(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let more = ["/usr/sbin", "/sbin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(more).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn module(profile: &str) -> Running {
    spawn(&Setup::new(Profile::built_in(profile).expect("a built-in profile"))).expect("a terminal")
}

/// A folder for a client's configuration, gone with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("ec20-sim-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let file = self.0.join(name);
        std::fs::write(&file, text).expect("a file");
        file
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left behind in a temporary folder does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[track_caller]
fn says(output: &Output, expected: &[&str]) {
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    for words in expected {
        assert!(text.contains(words), "{words:?} is missing in {text}");
    }
}

#[expect(clippy::print_stdout, reason = "whoever runs the tests must see what was not tried")]
fn passed_over(client: &str) {
    println!("passed over: {client} is not installed");
}

#[rstest]
#[case("manual")]
#[case("ec20-r08")]
fn gammu_identifies_the_module(#[case] profile: &str) {
    let Some(gammu) = installed("gammu") else { return passed_over("gammu") };
    let module = module(profile);
    let scratch = Scratch::new(&format!("gammu-{profile}"));
    let port = module.path().display();
    let settings = format!("[gammu]\ndevice = {port}\nconnection = at115200\nuse_locking = no\n");
    let settings = scratch.file("gammurc", &settings);
    let run = |word: &str| {
        Command::new(&gammu)
            .arg("-c")
            .arg(&settings)
            .arg(word)
            .stdin(Stdio::null())
            .output()
            .expect("gammu runs")
    };
    let identity = run("identify");
    assert!(identity.status.success());
    says(&identity, &["Quectel", "EC20F", "861075020000016", "460010000000001"]);
    if profile != "manual" {
        return;
    }
    let network = run("networkinfo");
    assert!(network.status.success());
    says(&network, &["home network", "CHN-UNICOM"]);
}

#[test]
fn gnokii_identifies_the_module() {
    let Some(gnokii) = installed("gnokii") else { return passed_over("gnokii") };
    let module = module("manual");
    let scratch = Scratch::new("gnokii");
    let port = module.path().display();
    let settings =
        scratch.file("gnokiirc", &format!("[global]\nport = {port}\nmodel = AT\nconnection = serial\n"));
    let identity = Command::new(gnokii)
        .arg("--config")
        .arg(settings)
        .arg("--identify")
        .stdin(Stdio::null())
        .output()
        .expect("gnokii runs");
    says(&identity, &["861075020000016", "Quectel", "EC20F"]);
}

#[test]
fn a_chat_script_goes_through() {
    let Some(chat) = installed("chat") else { return passed_over("chat") };
    let module = module("manual");
    let port =
        |path: &Path| std::fs::File::options().read(true).write(true).open(path).expect("the terminal opens");
    let output = Command::new(chat)
        .args(["-v", "-s", "TIMEOUT", "10", "ABORT", "ERROR", "", "AT", "OK", "ATE0", "OK", "AT+CPIN?"])
        // The blank send waits for the OK that belongs to READY.
        .args(["READY", "\\c", "OK", "AT+QICSGP=1,1,\"UNIWAP\",\"\",\"\",1", "OK", "AT+QIACT=1"])
        .args(["OK", "AT+QIACT?", "10.7.157.1"])
        .stdin(port(module.path()))
        .stdout(port(module.path()))
        .stderr(Stdio::piped())
        .output()
        .expect("chat runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The script reads as a driver's author would write it, byte by byte, and edits a message.
const PYSERIAL: &str = r#"
import sys, serial
port = serial.Serial(sys.argv[1], 115200, timeout=5)
def exchange(line):
    port.write(line.encode() + b"\r")
    answer = b""
    while not answer.endswith((b"\r\nOK\r\n", b"\r\nERROR\r\n", b"CONNECT\r\n")):
        byte = port.read(1)
        if not byte:
            raise SystemExit("silence after " + repr(answer))
        answer += byte
    return answer
assert exchange("AT") == b"AT\r\r\nOK\r\n"
exchange("ATE0")
assert exchange('AT+QFUPL="RAM:a.txt",5,10') == b"\r\nCONNECT\r\n"
port.write(b"hello")
expected = b"\r\n+QFUPL: 5,6b09\r\n\r\nOK\r\n"
assert port.read(len(expected)) == expected
assert exchange('AT+QMMSEDIT=5,1,"RAM:a.txt"') == b"\r\nOK\r\n"
assert exchange("AT+QMMSEDIT=5") == b'\r\n+QMMSEDIT: 5,"RAM:a.txt"\r\n\r\nOK\r\n'
assert exchange("AT+NOSUCH?") == b"\r\nERROR\r\n"
print("held")
"#;

#[test]
fn a_pyserial_script_holds_its_dialogue() {
    let Some(python) = installed("python3") else { return passed_over("python3") };
    let there = Command::new(&python).args(["-c", "import serial"]).stderr(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        return passed_over("pyserial");
    }
    let module = module("newer-platform");
    let output =
        Command::new(python).args(["-c", PYSERIAL]).arg(module.path()).output().expect("python runs");
    says(&output, &["held"]);
}

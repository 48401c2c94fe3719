//! The whole way over real sockets: from `AT+QICSGP` on a TCP port to the decoded message on disk.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ec20_manual::profile::Profile;
use ec20_sim::leg::network::Network;
use ec20_sim::leg::station::{Setup, Station};
use mms_pdu::SendReq;
use mmsc::{Options, Server, Store};
use rstest::rstest;

/// A folder that is gone with the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind in a temporary folder does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Speaks to the module until what comes ends with these words.
#[track_caller]
fn exchange(port: &mut TcpStream, bytes: &[u8], till: &str) {
    port.write_all(bytes).expect("the module takes bytes");
    let mut came = Vec::new();
    let mut byte = [0];
    while !came.ends_with(till.as_bytes()) {
        let read = port.read(&mut byte);
        assert!(matches!(read, Ok(1)), "instead of {till:?} came {}", came.escape_ascii());
        came.extend(byte);
    }
}

fn message_on_disk(folder: &Path) -> Vec<u8> {
    std::fs::read(folder.join("000001.mms")).expect("the message is kept")
}

#[rstest]
#[case("ASCII", "7469746C65", "title")]
#[case("UTF8", "E6A087E9A298E4B8ADE69687", "标题中文")]
#[case("UCS2", "680798984E2D6587", "标题中文")]
#[case("GBK", "B1EACCE2D6D0CEC4", "标题中文")]
fn from_the_first_command_to_the_disk(
    #[case] charset: &str,
    #[case] hex: &str,
    #[case] text: &str,
    #[values(false, true)] proxied: bool,
) {
    let folder =
        std::env::temp_dir().join(format!("ec20-sim-send-{charset}-{proxied}-{}", std::process::id()));
    let _gone = Folder(folder.clone());
    let store = Store::open(&folder).expect("a folder");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let centre =
        Server::start(listener, Options { store: Some(store), ..Options::default() }).expect("a centre");
    let address = centre.address();
    let mut station = Station::new().expect("a station");
    // Through the proxy, the module connects to the gateway it was told; directly, to the host in the URL.
    let setup = Setup { network: Network::Real, ..Setup::new(Profile::manual().clone()) };
    let here = station.add_tcp(&setup, ([127, 0, 0, 1], 0).into()).expect("a port");
    let control = station.control();
    let serving = std::thread::spawn(move || station.run());
    let mut port = TcpStream::connect(here).expect("a connection");
    port.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");

    let octets: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal"))
        .collect();
    let title = if charset == "ASCII" { text } else { hex };
    let (url, gateway, gateway_port) = if proxied {
        ("http://mmsc.invalid/mms".to_owned(), address.ip().to_string(), address.port())
    } else {
        (format!("http://{address}/mms"), "0.0.0.0".to_owned(), 80)
    };
    for line in [
        "AT+QICSGP=1,1,\"UNIWAP\",\"\",\"\",1".to_owned(),
        "AT+QIACT=1".to_owned(),
        "AT+QMMSCFG=\"contextid\",1".to_owned(),
        format!("AT+QMMSCFG=\"mmsc\",\"{url}\""),
        format!("AT+QMMSCFG=\"proxy\",\"{gateway}\",{gateway_port}"),
        "AT+QMMSCFG=\"sendparam\",4,2,1,0,1,0".to_owned(),
        "AT+QMMSEDIT=1,1,\"13856122546\"".to_owned(),
        format!("AT+QMMSCFG=\"character\",\"{charset}\""),
        format!("AT+QMMSEDIT=4,1,\"{title}\""),
    ] {
        exchange(&mut port, format!("{line}\r").as_bytes(), "\r\nOK\r\n");
    }
    let upload = format!("AT+QFUPL=\"RAM:t.txt\",{},20\r", octets.len());
    exchange(&mut port, upload.as_bytes(), "\r\nCONNECT\r\n");
    exchange(&mut port, &octets, "\r\nOK\r\n");
    exchange(&mut port, b"AT+QMMSEDIT=5,1,\"RAM:t.txt\"\r", "\r\nOK\r\n");
    exchange(&mut port, b"AT+QMMSEND=20\r", "\r\n+QMMSEND: 0,200\r\n");

    let kept = message_on_disk(&folder);
    let message = SendReq::decode(&kept).expect("a message");
    assert_eq!(message.subject().expect("a subject").text_lossy(), text);
    assert_eq!(message.parts()[0].text().expect("a text"), text);
    assert_eq!(message.parts()[0].data(), octets);
    control.stop();
    serving.join().expect("the station ends").expect("without an error");
}

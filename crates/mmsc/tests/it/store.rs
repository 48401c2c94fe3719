//! The store: what a client was told is kept is there, also after the process was killed.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use mms_pdu::{Charset, PartBuilder, SendReqBuilder, Text, When};
use mmsc::{Options, Server, Store};
use serde_json::{Value, json};

use crate::bench::{exchange, pdu, post, serve};

fn record(folder: &Path, serial: u64) -> Value {
    serde_json::from_slice(&fs::read(folder.join(format!("{serial:06}.json"))).unwrap()).unwrap()
}

#[test]
fn raw_and_decoded() {
    let folder = tempfile::tempdir().unwrap();
    let store = Some(Store::open(folder.path()).unwrap());
    let bench = serve(Options { store, ..Options::default() });
    let picture = [0xFF, 0xD8, 0xFF, 0x00];
    let pdu = SendReqBuilder::new("T9")
        .to("13856122546")
        .cc("a@b.c")
        .subject(Text::Octets { charset: Charset::GBK, octets: vec![0xB1, 0xEA].into() })
        .expiry(When::Relative(3600))
        .read_report(true)
        .text_part("t.txt", "标题")
        .part(PartBuilder::of_file("x.jpg", &picture))
        .encode()
        .unwrap();
    exchange(&bench, &post(&pdu), Duration::from_millis(50));
    assert_eq!(fs::read(folder.path().join("000001.mms")).unwrap(), pdu);
    let mut record = record(folder.path(), 1);
    assert!(record["received_unix_ms"].take().as_u64().unwrap() > 1_500_000_000_000);
    assert!(record["peer"].take().as_str().unwrap().starts_with("127.0.0.1:"));
    let offset = pdu.len() - 4;
    assert_eq!(
        record,
        json!({
            "serial": 1, "received_unix_ms": null, "peer": null, "answer": "accept", "octets": pdu.len(),
            "request": {
                "method": "POST", "target": "/mms", "version": "HTTP/1.1",
                "fields": [
                    ["Host", "mmsc.example.com"], ["Content-Type", "application/vnd.wap.mms-message"],
                    ["Content-Length", pdu.len().to_string()],
                ],
            },
            "message": {
                "transaction_id": "T9", "version": "1.0", "date": null, "from": {"text": "insert-address"},
                "to": [{"text": "13856122546", "form": "PLMN"}], "cc": [{"text": "a@b.c", "form": "e-mail"}],
                "bcc": [], "subject": {"text": "标", "charset": "gbk", "hex": "B1EA"}, "class": null,
                "expiry": {"relative": 3600}, "delivery_time": null, "priority": null, "visibility": null,
                "delivery_report": null, "read_report": "Yes",
                "content_type": "application/vnd.wap.multipart.mixed", "start": null,
                "parts": [
                    {"content_type": "text/plain", "charset": "utf-8", "name": "t.txt", "content_id": null,
                     "content_location": "t.txt", "offset": record["message"]["parts"][0]["offset"], "octets": 6,
                     "text": "标题"},
                    {"content_type": "image/jpeg", "charset": null, "name": "x.jpg", "content_id": null,
                     "content_location": "x.jpg", "offset": offset, "octets": 4},
                ],
                "other_headers": [], "notes": [],
            },
        })
    );
}

#[test]
fn what_is_no_message_is_kept_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let store = Some(Store::open(folder.path()).unwrap());
    let bench = serve(Options { store, ..Options::default() });
    exchange(&bench, &post(b"\x8C\x80\x98T"), Duration::from_millis(50));
    let error = &record(folder.path(), 1)["error"];
    assert_eq!(
        (&error["field"], &error["start"], &error["end"]),
        (&json!("X-Mms-Transaction-ID"), &json!(3), &json!(4))
    );
}

#[test]
fn numbers_go_on_after_a_restart_and_halves_are_finished() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("000041.mms"), pdu()).unwrap();
    fs::write(folder.path().join("000042.mms.part"), b"half").unwrap();
    fs::write(folder.path().join("notes.txt"), b"not ours").unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.next_serial(), 42);
    assert_eq!(record(folder.path(), 41)["message"]["transaction_id"], "T1");
    assert!(!folder.path().join("000042.mms.part").exists());
    assert!(folder.path().join("notes.txt").exists());
}

#[test]
fn a_full_store_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let store = Some(Store::open(folder.path()).unwrap().octets_max(3000));
    let bench = serve(Options { store, ..Options::default() });
    let codes: Vec<_> = (0..4)
        .map(|_| exchange(&bench, &post(&pdu()), Duration::from_millis(50)).0[9..12].to_vec())
        .collect();
    assert_eq!(codes.first().unwrap(), b"200");
    assert_eq!(codes.last().unwrap(), b"503");
    let held: u64 =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    assert!(held <= 3000, "{held}");
}

/// Not a test of its own: the process that the next one kills.
#[test]
fn process_to_be_killed() {
    let Some(folder) = std::env::var_os("MMSC_TEST_STORE") else { return };
    let store = Some(Store::open(folder).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Server::start(listener, Options { store, ..Options::default() }).unwrap();
    println!("listening {}", server.address());
    server.wait();
}

/// Killed without warning in the middle of a stream of messages: every message that was answered is there, whole.
#[test]
fn nothing_that_was_answered_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut answered = 0;
    for _ in 0..3 {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::process_to_be_killed", "--nocapture"])
            .env("MMSC_TEST_STORE", folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.split_once("listening ").map(|(_, address)| address.to_owned()))
            .unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(150));
            process.kill().unwrap();
            process.wait().unwrap();
        });
        // Answers are read one by one: a message counts when its answer has arrived.
        while stream.write_all(&post(&pdu())).is_ok() && read_answer(&mut reader).is_some() {
            answered += 1;
        }
        killer.join().unwrap();
    }
    let store = Store::open(folder.path()).unwrap();
    assert!(answered > 0);
    assert!(store.next_serial() > answered, "{answered} were answered, {} kept", store.next_serial() - 1);
    // A number may be missing where the process died over a message that it had not answered yet.
    let mut whole = 0;
    for serial in 1..store.next_serial() {
        let Ok(octets) = fs::read(folder.path().join(format!("{serial:06}.mms"))) else { continue };
        assert_eq!(octets, pdu());
        assert_eq!(record(folder.path(), serial)["message"]["transaction_id"], "T1");
        whole += 1;
    }
    assert!(whole >= answered, "{answered} were answered, {whole} are whole");
}

/// One whole answer with its body, or `None` at the end.
fn read_answer(reader: &mut BufReader<TcpStream>) -> Option<()> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|count| *count > 0)?;
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            let mut body = vec![0; length];
            return std::io::Read::read_exact(reader, &mut body).ok();
        }
    }
}

//! `ec20 mmsc` as a newcomer starts it: one message, one line, two files, and mistakes before it listens.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use crate::ec20::{command, ec20};

/// The worked message of the README's walk.
const PDU: &[u8] =
    b"\x8C\x80\x98T2\x00\x8D\x90\x89\x01\x81\x97+15551234/TYPE=PLMN\x00\x96hello\x00\x84\x83hi";

#[test]
fn one_message_one_line_two_files() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("answers.toml"), "every = 'status 132 \"nobody there\"'")
        .expect("a file");
    let words = ["mmsc", "--listen", "0", "--store", "messages", "--answer", "answers.toml"];
    let mut process = command(folder.path(), &words).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
    let mut line = || lines.next().expect("a line").expect("UTF-8");
    let greeting = line();
    let address = greeting
        .strip_prefix("listening on http://")
        .and_then(|rest| rest.split_once("/,"))
        .expect("an address")
        .0;

    let mut client = TcpStream::connect(address).expect("it listens");
    let head =
        format!("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", PDU.len());
    client.write_all(&[head.as_bytes(), PDU].concat()).expect("it reads");
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).expect("it answers");
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert!(answer.windows(2).any(|window| window == [0x92, 132]), "the status in the PDU");
    assert_eq!(
        line(),
        format!(
            "000001 T2 to +15551234/TYPE=PLMN subject \"hello\" 1 part {} octets: status 132 \"nobody there\"",
            PDU.len()
        )
    );

    process.kill().expect("it can be killed");
    process.wait().expect("it ends");
    let kept = |name: &str| std::fs::read(folder.path().join("messages").join(name)).expect(name);
    assert_eq!(kept("000001.mms"), PDU);
    let record: serde_json::Value = serde_json::from_slice(&kept("000001.json")).expect("JSON");
    assert_eq!(record["message"]["to"][0]["text"], "+15551234");
    assert_eq!(record["message"]["parts"][0]["text"], "hi");
}

#[test]
fn a_mistake_in_the_answer_file_has_line_and_column() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("answers.toml"), "first = [\n  'stal',\n]\n").expect("a file");
    let words = ["mmsc", "--store", "messages", "--answer", "answers.toml"];
    let output = command(folder.path(), &words).output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("answers.toml:2:4: expected a word of the answer table"), "{said}");
    assert!(!folder.path().join("messages").exists(), "nothing was begun");
}

#[test]
fn an_address_that_is_none_is_a_mistake_in_usage() {
    let ended = ec20(&["mmsc", "--store", "messages", "--listen", "nowhere"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("expected ADDRESS:PORT"), "{}", ended.err);
}

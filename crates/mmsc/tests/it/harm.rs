//! Clients that mean harm, over TCP: they are refused or ended, and honest ones are served meanwhile.

use std::io::Write;
use std::time::Duration;

use mmsc::{Event, Limits, Options};

use crate::bench::{Bench, End, exchange, pdu, post, read_out, serve};

const PATIENCE: Duration = Duration::from_millis(100);

#[track_caller]
fn still_serves(bench: &Bench) {
    let (octets, _) = exchange(bench, &post(&pdu()), PATIENCE);
    assert!(octets.starts_with(b"HTTP/1.1 200 OK\r\n"), "{:?}", String::from_utf8_lossy(&octets));
}

/// The connection that has been silent longest is told so, and makes room.
#[test]
fn a_surplus_connection_takes_the_place_of_the_longest_silent() {
    let limits = Limits { connections: 4, ..Limits::default() };
    let bench = serve(Options { limits, ..Options::default() });
    let mut held: Vec<_> = (0..4).map(|_| bench.connect()).collect();
    for stream in &mut held {
        stream.write_all(b"POST").unwrap();
    }
    std::thread::sleep(Duration::from_millis(100));
    held[0].write_all(b" ").unwrap();
    std::thread::sleep(Duration::from_millis(100));
    still_serves(&bench);
    let ended: Vec<bool> = held
        .iter_mut()
        .map(|stream| {
            let (octets, end) = read_out(stream, PATIENCE);
            assert_eq!(octets.is_empty(), end == End::Open, "{:?}", String::from_utf8_lossy(&octets));
            assert!(octets.is_empty() || octets.starts_with(b"HTTP/1.1 503 "));
            end != End::Open
        })
        .collect();
    assert!(!ended[0], "the one that sent something last stays");
    assert_eq!(ended.iter().filter(|ended| **ended).count(), 1, "{ended:?}");
}

/// Many slow clients, each of which sends an octet now and then, do not shut an honest one out.
#[test]
fn slow_clients_shut_nobody_out() {
    let bench = serve(Options::default());
    let mut slow = Vec::new();
    for round in 0..15 {
        slow.extend((0..100).map(|_| {
            let mut stream = bench.connect();
            let _ = stream.write_all(b"P");
            stream
        }));
        still_serves(&bench);
        // The slow ones that are still held go on.
        for stream in slow.iter_mut().rev().take(64).skip(round) {
            let _ = stream.write_all(b"O");
        }
    }
    assert_eq!(slow.len(), 1500);
    still_serves(&bench);
}

#[test]
fn a_head_without_end() {
    let bench = serve(Options::default());
    let mut stream = bench.connect();
    let _ = stream.write_all(format!("POST / HTTP/1.1\r\nX: {}", "x".repeat(20_000)).as_bytes());
    let (octets, end) = read_out(&mut stream, Duration::from_secs(3));
    assert!(octets.starts_with(b"HTTP/1.1 431 "), "{:?}", String::from_utf8_lossy(&octets));
    assert_eq!(end, End::Closed);
    still_serves(&bench);
}

#[test]
fn too_many_fields() {
    let bench = serve(Options::default());
    let fields: String = "X-Field: y\r\n".repeat(100);
    let (octets, _) = exchange(&bench, format!("POST / HTTP/1.1\r\n{fields}\r\n").as_bytes(), PATIENCE);
    assert!(octets.starts_with(b"HTTP/1.1 431 "));
    still_serves(&bench);
}

/// A client that is slow with its head is ended in time, by the clock.
#[test]
fn a_slow_head() {
    let limits = Limits { head_ms: 100, ..Limits::default() };
    let bench = serve(Options { limits, ..Options::default() });
    let (octets, end) = exchange(&bench, b"POST / HT", Duration::from_secs(5));
    assert!(octets.starts_with(b"HTTP/1.1 408 "));
    assert_eq!(end, End::Closed);
    still_serves(&bench);
}

/// A client that sends requests and never reads an answer is ended; the others do not wait for it.
#[test]
fn octets_sent_ahead_without_reading() {
    let bench = serve(Options::default());
    bench.server.order(mmsc::Answer::parse("stall").unwrap());
    let mut stream = bench.connect();
    stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    stream.write_all(&post(&pdu())).unwrap();
    // The message comes first, and takes the order: what is sent ahead with it would end the connection before.
    bench.captured();
    let flood = vec![b'P'; 1024 * 1024];
    let _ = stream.write_all(&flood);
    still_serves(&bench);
    let ended = std::iter::from_fn(|| bench.events.recv_timeout(Duration::from_secs(5)).ok())
        .any(|event| matches!(event, Event::Log(line) if line.contains("sent ahead")));
    assert!(ended);
}

/// A body that is cut off is told so, and nothing of it is kept.
#[test]
fn a_cut_body() {
    let bench = serve(Options::default());
    let request = post(&pdu());
    let mut stream = bench.connect();
    stream.write_all(&request[..request.len() - 5]).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let (octets, _) = read_out(&mut stream, PATIENCE);
    assert!(octets.starts_with(b"HTTP/1.1 400 "));
    assert!(bench.events.try_iter().all(|event| !matches!(event, Event::Captured(_))));
}

/// Dropping the server ends its connections and its threads, also those that stall.
#[test]
fn the_end() {
    let bench = serve(Options::default());
    bench.server.order(mmsc::Answer::parse("stall").unwrap());
    let mut stalled = bench.connect();
    stalled.write_all(&post(&pdu())).unwrap();
    let mut idle = bench.connect();
    bench.captured();
    let address = bench.server.address();
    drop(bench.server);
    assert_eq!(read_out(&mut stalled, Duration::from_secs(5)).1, End::Closed);
    assert_ne!(read_out(&mut idle, Duration::from_secs(5)).1, End::Open);
    assert!(std::net::TcpStream::connect(address).is_err());
}

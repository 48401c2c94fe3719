//! How many messages a second the far end takes: through its core alone, and over loopback with every one of them
//! kept on disk before it is answered. What was sent is counted against what is there.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mms_pdu::SendReqBuilder;
use mmsc::{ConnectionId, Core, Input, Limits, Options, Plan, Server, Store};

fn request() -> Vec<u8> {
    let builder = SendReqBuilder::new("T1").to("13856122546").subject("hi").text_part("t.txt", "hello");
    let pdu = builder.encode().unwrap_or_default();
    let head = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", pdu.len());
    [head.into_bytes(), pdu].concat()
}

fn core(criterion: &mut Criterion) {
    let request = request();
    let id = ConnectionId(1);
    let mut core = Core::new(Limits::default(), Plan::default(), 1);
    core.step(0, Input::Opened(id, None));
    let mut group = criterion.benchmark_group("far end");
    group.throughput(Throughput::Elements(1));
    group.bench_function("core, one message", |bench| {
        bench.iter(|| {
            core.step(0, Input::Received(id, &request));
            core.step(0, Input::Kept(id, Ok(())))
        });
    });
    group.finish();
}

/// Sends messages over one connection, each after the answer to the one before.
fn send(address: SocketAddr, request: &[u8], count: u64) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut answer = [0; 4096];
    for _ in 0..count {
        stream.write_all(request)?;
        let length = stream.read(&mut answer)?;
        assert!(answer[..length].starts_with(b"HTTP/1.1 200 OK"), "a message was refused");
    }
    Ok(())
}

fn stored(criterion: &mut Criterion) {
    const CONNECTIONS: u64 = 4;
    let request = Arc::new(request());
    let mut group = criterion.benchmark_group("far end");
    group.throughput(Throughput::Elements(1)).sample_size(10).measurement_time(Duration::from_secs(5));
    group.bench_function("loopback, one message kept", |bench| {
        bench.iter_custom(|count| {
            let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
            let store = Store::open(folder.path()).unwrap_or_else(|error| panic!("{error}"));
            let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("{error}"));
            let options = Options { store: Some(store), ..Options::default() };
            let server = Server::start(listener, options).unwrap_or_else(|error| panic!("{error}"));
            let address = server.address();
            let started = Instant::now();
            let clients: Vec<_> = (0..CONNECTIONS)
                .map(|client| {
                    let request = Arc::clone(&request);
                    let share = count / CONNECTIONS + u64::from(client < count % CONNECTIONS);
                    thread::spawn(move || send(address, &request, share))
                })
                .collect();
            for client in clients {
                assert!(matches!(client.join(), Ok(Ok(()))), "a client failed");
            }
            let taken = started.elapsed();
            drop(server);
            let kept = std::fs::read_dir(folder.path()).map_or(0, |entries| {
                let json = |entry: &std::fs::DirEntry| entry.path().extension().is_some_and(|e| e == "json");
                entries.flatten().filter(json).count()
            });
            assert_eq!(kept as u64, count, "every message that was answered is there");
            taken
        });
    });
    group.finish();
}

criterion_group!(benches, core, stored);
criterion_main!(benches);

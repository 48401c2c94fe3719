//! How fast one module answers in memory: simple commands, the MMS commands, and a whole send in virtual time.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ec20_manual::profile::Profile;
use ec20_sim::leg::memory::{Act, Bench, FarEnd, Request};
use ec20_sim::{ConnectionId, Input, Module, Output};

/// A line, many times over, to one module; counted in commands.
fn commands(criterion: &mut Criterion) {
    const ROUNDS: u64 = 100;
    let mut group = criterion.benchmark_group("commands");
    for line in ["AT", "AT+CSQ", "AT+QMMSCFG=\"contextid\",1", "AT+QMMSEDIT=1"] {
        let bytes = format!("{line}\r").repeat(usize::try_from(ROUNDS).unwrap_or(1));
        group.throughput(Throughput::Elements(ROUNDS));
        group.bench_function(line, |bencher| {
            let mut module = Module::new(Profile::manual());
            bencher.iter(|| {
                for one in bytes.split_inclusive('\r') {
                    black_box(module.step(0, Input::Bytes(one.as_bytes())));
                }
            });
        });
    }
    group.finish();
}

/// A far end that accepts whatever comes, without a look at it.
struct Nodding(Vec<u8>);

impl FarEnd for Nodding {
    fn request(&mut self, _: u64, _: ConnectionId, request: Request<'_>) -> Vec<(u64, Act)> {
        match request {
            Request::Connect { .. } => vec![(10, Act::Accept)],
            Request::Bytes(_) => vec![(10, Act::Send(self.0.clone()))],
            Request::Close => Vec::new(),
        }
    }
}

fn whole_send(criterion: &mut Criterion) {
    let answer = b"HTTP/1.1 500 Full\r\nContent-Length: 0\r\n\r\n".to_vec();
    let mut bench = Bench::new(Module::new(Profile::manual()), Nodding(answer));
    for line in [
        "AT+QICSGP=1,1,\"UNIWAP\"",
        "AT+QIACT=1",
        "AT+QMMSCFG=\"mmsc\",\"mmsc.example.com\"",
        "AT+QMMSEDIT=1,1,\"13856122546\"",
        "AT+QMMSEDIT=4,1,\"test EC20 mms\"",
    ] {
        bench.exchange(line, 1_000);
    }
    criterion.bench_function("a send, from the command to its result", |bencher| {
        bencher.iter(|| {
            bench.send(b"AT+QMMSEND=100\r");
            assert!(bench.run_till_heard(b"+QMMSEND: 765,500", 100_000), "the result comes");
            black_box(bench.take())
        });
    });
}

/// Sixteen kibibytes into RAM and out again.
fn upload(criterion: &mut Criterion) {
    const SIZE: usize = 16_384;
    let mut group = criterion.benchmark_group("files");
    group.throughput(Throughput::Bytes(SIZE as u64));
    let data = vec![b'x'; SIZE];
    group.bench_function("upload", |bencher| {
        let mut module = Module::new(Profile::manual());
        bencher.iter(|| {
            module.step(0, Input::Bytes(format!("AT+QFUPL=\"RAM:a\",{SIZE}\r").as_bytes()));
            let said = module.step(0, Input::Bytes(&data));
            assert!(matches!(said.first(), Some(Output::Bytes(bytes)) if bytes.ends_with(b"OK\r\n")));
            black_box(module.step(0, Input::Bytes(b"AT+QFDEL=\"RAM:a\"\r")))
        });
    });
    group.finish();
}

criterion_group!(benches, commands, whole_send, upload);
criterion_main!(benches);

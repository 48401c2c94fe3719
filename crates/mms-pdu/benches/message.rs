//! How fast messages are read and written: a small one, and one of 300 kB whose parts must not be copied.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mms_pdu::{Part, PartBuilder, SendReq, SendReqBuilder};

fn small() -> SendReqBuilder<'static> {
    SendReqBuilder::new("T1").to("13856122546").subject("标题中文").text_part("t.txt", "hello")
}

/// Twelve attachments of 25 kB, as many as a module may send.
fn large(picture: &[u8]) -> SendReqBuilder<'_> {
    (0..12).fold(small(), |builder, index| {
        builder.part(PartBuilder::of_file(format!("picture-{index}.jpg"), picture))
    })
}

fn messages(criterion: &mut Criterion) {
    let picture = vec![0xA5; 25 * 1024];
    for (name, builder) in [("small", small()), ("300 kB", large(&picture))] {
        let Ok(octets) = builder.encode() else { continue };
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(octets.len() as u64));
        group.bench_function("decode", |bench| {
            bench.iter(|| SendReq::decode(black_box(&octets)).map(|message| message.parts().len()));
        });
        group.bench_function("decode and look at every name", |bench| {
            bench.iter(|| {
                let message = SendReq::decode(black_box(&octets)).ok()?;
                let names = message.parts().iter().filter_map(Part::file_name);
                Some(names.fold(0_usize, |sum, name| sum.saturating_add(name.len())))
            });
        });
        group.bench_function("encode", |bench| bench.iter(|| black_box(&builder).encode()));
        group.finish();
    }
}

criterion_group!(benches, messages);
criterion_main!(benches);

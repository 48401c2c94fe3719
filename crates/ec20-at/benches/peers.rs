//! This crate beside its peers, over the same bytes, in one run: `cargo bench -p ec20-at`.
//!
//! Quote ratios, not numbers: rows of one group are measured one after the other on one machine. Peers that only frame are
//! marked so by what their row leaves out of the tally, and every row's tally is checked before anything is measured.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a bench may fail by panicking, and criterion's macros write undocumented functions"
)]

#[path = "peers/atat_digest.rs"]
mod atat_digest;
#[path = "peers/clock.rs"]
mod clock;
#[path = "peers/data.rs"]
mod data;
#[path = "peers/one_line.rs"]
mod one_line;
#[path = "peers/own.rs"]
mod own;
#[path = "peers/parsers.rs"]
mod parsers;

use std::hint::black_box;
use std::time::Duration;

use clock::ThreadTime;
use criterion::{BenchmarkId, Criterion, Throughput};

type Runner = Criterion<ThreadTime>;

/// Whole exchanges: echo, information lines with parameters, URCs, final results.
fn exchanges(criterion: &mut Runner) {
    let data = data::exchanges(1 << 20);
    let bytes = &data.bytes[..];
    let whole = own::whole(&data);
    assert_eq!(whole, data.tally, "ec20-at");
    assert_eq!(parsers::winnow(bytes), data.tally, "winnow");
    assert_eq!(parsers::nom(bytes), data.tally, "nom");
    assert_eq!(atat_digest::frames(bytes), data.responses_and_urcs, "atat");
    let mut group = criterion.benchmark_group("exchanges");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("ec20-at", |b| b.iter(|| own::whole(black_box(&data))));
    group.bench_function("ec20-at-frames-only", |b| b.iter(|| own::frames(black_box(&data))));
    group.bench_function("atat", |b| b.iter(|| atat_digest::frames(black_box(bytes))));
    group.bench_function("winnow", |b| b.iter(|| parsers::winnow(black_box(bytes))));
    group.bench_function("nom", |b| b.iter(|| parsers::nom(black_box(bytes))));
    group.bench_function("memchr-lines", |b| b.iter(|| parsers::memchr_lines(black_box(bytes))));
    group.finish();
}

/// `+QMMSEDIT: 1,"13856122546"` into a number and a string.
fn one_line(criterion: &mut Runner) {
    let lines = one_line::lines();
    let bytes: usize = lines.iter().map(Vec::len).sum();
    let expected = one_line::own(&lines);
    for (name, parse) in one_line::PEERS {
        assert_eq!(parse(&lines), expected, "{name}");
    }
    let mut group = criterion.benchmark_group("one-line");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("ec20-at", |b| b.iter(|| one_line::own(black_box(&lines))));
    group.bench_function("ec20-at-by-tables", |b| b.iter(|| one_line::own_by_tables(black_box(&lines))));
    for (name, parse) in one_line::PEERS {
        group.bench_function(name, |b| b.iter(|| parse(black_box(&lines))));
    }
    group.finish();
}

/// The same exchanges as they arrive: 1, 16 and 64 bytes at a time.
fn chunks(criterion: &mut Runner) {
    let data = data::exchanges(32 << 10);
    let mut group = criterion.benchmark_group("chunks");
    group.throughput(Throughput::Bytes(data.bytes.len() as u64));
    for size in [1, 16, 64] {
        let mut driver = own::Driver::new();
        assert_eq!(driver.chunked(&data, size), data.tally);
        group.bench_with_input(BenchmarkId::new("ec20-at", size), &size, |b, &size| {
            b.iter(|| driver.chunked(black_box(&data), size));
        });
        group.bench_with_input(BenchmarkId::new("atat", size), &size, |b, &size| {
            b.iter(|| atat_digest::chunked(black_box(&data.bytes), size));
        });
    }
    group.finish();
}

/// Answers of ever more lines, arriving 16 bytes at a time: as many bytes in each row, in fewer and longer answers. One answer for the peer
/// whose work grows with the square of its length.
fn long_answer(criterion: &mut Runner) {
    const TOTAL: usize = 1 << 20;
    let mut group = criterion.benchmark_group("long-answer");
    for kib in [1, 4, 16, 64, 256, 1024] {
        let answers = data::long_answers(kib << 10, TOTAL);
        let mut driver = own::Driver::new();
        assert_eq!(driver.chunked(&answers, 16), answers.tally);
        group.throughput(Throughput::Bytes(answers.bytes.len() as u64));
        group.bench_with_input(BenchmarkId::new("ec20-at", format!("{kib}KiB")), &kib, |b, _| {
            b.iter(|| driver.chunked(black_box(&answers), 16));
        });
        if kib <= 4 {
            let answer = data::long_answers(kib << 10, kib << 10);
            group.throughput(Throughput::Bytes(answer.bytes.len() as u64));
            group.bench_with_input(BenchmarkId::new("atat", format!("{kib}KiB")), &kib, |b, _| {
                b.iter(|| atat_digest::chunked(black_box(&answer.bytes), 16));
            });
        }
    }
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default()
        .with_measurement(ThreadTime)
        .sample_size(15)
        .warm_up_time(Duration::from_millis(150))
        .measurement_time(Duration::from_millis(1200))
        .configure_from_args();
    exchanges(&mut criterion);
    one_line(&mut criterion);
    chunks(&mut criterion);
    long_answer(&mut criterion);
    criterion.final_summary();
}

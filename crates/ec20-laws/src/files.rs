//! Whatever stands in a file that a stranger hands in, its reader reads it or refuses it in a message that is short and has a place, and what
//! was read and written again is read as the same.
//!
//! Transcripts, variables, profiles, waivers, bench files, logs, journals and packages. How long a reader may take and how much memory, the
//! fuzzer bounds from outside, and tests with large files in the crates of the readers.

use std::collections::BTreeMap;
use std::io::Write as _;

use arbitrary::{Arbitrary, Unstructured};
use ec20_manual::profile::Profile;
use ec20_suite::lint::{self, lint};
use ec20_suite::pack::{self, Contents};
use ec20_suite::recorded::Recorded;
use ec20_suite::suite::{Suite, Variables};
use ec20_suite::transcript::{Transcript, canonical};
use ec20_suite::waiver::Waivers;
use ec20_suite::{rejudge, report};

/// The most bytes of a message.
pub const MESSAGE: usize = 2000;

/// A message is short, says something, and begins with the place.
///
/// # Panics
/// It does not.
pub fn is_a_message(text: &str, place: &str) {
    assert!(text.len() <= MESSAGE, "a message of {} bytes: {text:.300}", text.len());
    let behind = text.strip_prefix(place);
    assert!(behind.is_some(), "{place} is not where it begins: {text}");
    assert!(behind.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())), "no place: {text}");
}

/// The text that a reader of files gets; other bytes it never sees.
fn text_of(bytes: &[u8]) -> Option<&str> {
    str::from_utf8(bytes).ok()
}

/// A transcript, its canonical form, and the suite that it is alone.
pub fn transcript(bytes: &[u8]) {
    let Some(text) = text_of(bytes) else { return };
    let name = "f.atx";
    let read = match Transcript::read(name, text) {
        Err(mistake) => return is_a_message(&mistake.to_string(), "f.atx:"),
        Ok(read) => read,
    };
    let fine = canonical(name, text).expect("what is read has a canonical form");
    let again =
        canonical(name, &fine).unwrap_or_else(|mistake| panic!("{mistake} in the canonical form:\n{fine}"));
    assert_eq!(fine, again, "the canonical form is its own");
    let same = Transcript::read(name, &fine).expect("it was read a moment ago");
    assert_eq!(
        (same.body.len(), same.finally.len(), &same.id),
        (read.body.len(), read.finally.len(), &read.id)
    );
    let variables = Variables::read("variables.toml", "to = \"13856122546\"\n").expect("variables");
    match Suite::assemble([(name, text)], BTreeMap::new(), &variables) {
        Err(mistakes) => mistakes.iter().for_each(|mistake| is_a_message(&mistake.to_string(), "f.atx:")),
        Ok(suite) => {
            for case in suite.cases() {
                assert!(
                    case.lines().iter().map(Vec::len).sum::<usize>()
                        <= ec20_suite::transcript::size::ALL_BYTES
                );
            }
        }
    }
    if let Err(mistake) = Variables::read("f.toml", text) {
        is_a_message(&mistake.to_string(), "f.toml:");
    }
}

/// A profile, and the file that it is written to.
pub fn profile(bytes: &[u8]) {
    let Some(text) = text_of(bytes) else { return };
    match Profile::from_toml(text) {
        Err(error) => is_a_message(&error.to_string(), "line "),
        Ok(profile) => {
            let written = profile.to_toml().expect("a profile can be written");
            assert_eq!(Profile::from_toml(&written), Ok(profile), "{written}");
        }
    }
}

/// Waivers, held against the ids of a suite.
pub fn waivers(bytes: &[u8]) {
    let Some(text) = text_of(bytes) else { return };
    let mistakes = match Waivers::read("f.toml", text) {
        Err(mistakes) => mistakes,
        Ok(waivers) => waivers.unknown_cases(["edit-to-count", "cfg-test", "table/2"]),
    };
    for mistake in mistakes {
        is_a_message(&mistake.to_string(), "f.toml:");
    }
}

/// A bench file, by the reader of the room that knows it: the messages, or that it is read.
pub fn bench_file(bytes: &[u8], read: impl Fn(&str, &str) -> Vec<String>) {
    let Some(text) = text_of(bytes) else { return };
    for message in read("f.toml", text) {
        is_a_message(&message, "f.toml:");
    }
}

/// A log: each finding has its place in it, and few words.
pub fn log(bytes: &[u8]) {
    let plain = lint::plain(bytes.to_vec());
    let Ok(findings) = lint(&plain, lint::Options { unknown: true }) else { return };
    for finding in findings {
        let span = &finding.span;
        assert!(span.start <= span.end && span.end <= plain.len(), "{span:?} is no place in it");
        assert!(finding.expected.len() + finding.found.len() < MESSAGE, "{finding:.400?}");
    }
}

/// A journal: read twice it is the same, its events survive being written, and every report can be made of it.
pub fn journal(bytes: &[u8]) {
    let run = match Recorded::read(bytes) {
        Err(error) => return is_a_message(&error.to_string(), "line "),
        Ok(run) => run,
    };
    let (events, torn) = Recorded::events(bytes).expect("it was read a moment ago");
    let written: String = events.iter().map(|event| event.to_line() + "\n").collect();
    let again = Recorded::read(written.as_bytes()).expect("what is written is read");
    assert_eq!(Recorded { torn, ..again }, run, "{written}");
    let times = run.times;
    let parts = times.wire_us + times.module_us + times.declared_us + times.rest_us;
    assert_eq!(parts, times.wall_us, "the parts of the time are the whole: {times:?}");
    report::files(&run).expect("reports can be made of what was read");
    let _ = rejudge::rejudge(&run, &Suite::default(), "").text();
}

/// What stands where in a drawn archive.
const PATHS: [&str; 9] = [
    "manifest.json",
    "run/run.ndjson",
    "run/report.html",
    "run/summary.md",
    "suite/variables.toml",
    "suite/transcripts/a.atx",
    "suite/files/x",
    "waivers.toml",
    "../more",
];

/// An entry of an archive.
#[derive(Debug, Arbitrary)]
struct Entry<'a> {
    path: u8,
    kind: u8,
    bytes: &'a [u8],
}

/// A package: bytes as they come, or, behind a zero byte, a well-formed archive of drawn files with a true or a drawn manifest.
pub fn package(bytes: &[u8]) {
    match bytes.split_first() {
        Some((0, rest)) => {
            let Ok(drawn) = <(bool, Vec<Entry<'_>>)>::arbitrary_take_rest(Unstructured::new(rest)) else {
                return;
            };
            opened(&archive(drawn.0, &drawn.1));
        }
        Some((1, journal)) => {
            let contents = Contents {
                journal: journal.to_vec(),
                transcripts: [("a.atx".to_owned(), String::from_utf8_lossy(journal).into_owned())].into(),
                ..Contents::default()
            };
            match pack::pack(contents) {
                Ok(archive) => opened(&archive),
                Err(error) => assert!(error.to_string().len() <= MESSAGE, "{error:.300}"),
            }
        }
        _ => opened(bytes),
    }
}

fn opened(archive: &[u8]) {
    match pack::open(archive) {
        Err(error) => assert!(error.to_string().len() <= MESSAGE, "{error:.300}"),
        Ok(package) => {
            let verified = package.verify(jiff::civil::date(2026, 12, 1), "");
            assert!(verified.text(None).contains("not shown"), "what is not shown is said");
            for line in verified.objections.iter().chain(&verified.gaps) {
                assert!(line.len() <= MESSAGE, "{line:.300}");
            }
        }
    }
}

/// A gzipped tar of these entries; with a manifest that lists them truly, if so wanted.
fn archive(truly: bool, entries: &[Entry<'_>]) -> Vec<u8> {
    let path = |entry: &Entry<'_>| PATHS[usize::from(entry.path) % PATHS.len()];
    let mut builder = tar::Builder::new(Vec::new());
    let mut append = |path: &str, kind: u8, bytes: &[u8]| {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(if kind < 0xF0 { tar::EntryType::Regular } else { tar::EntryType::new(kind) });
        if let Some(name) = header.as_mut_bytes().get_mut(..path.len()) {
            name.copy_from_slice(path.as_bytes());
        }
        header.set_cksum();
        let _ = builder.append(&header, bytes);
    };
    if truly {
        let listed: Vec<String> = entries
            .iter()
            .map(|entry| {
                let sum = pack::sha256(entry.bytes);
                format!(r#"{{"path":"{}","bytes":{},"sha256":"{sum}"}}"#, path(entry), entry.bytes.len())
            })
            .collect();
        let head = r#"{"format":1,"version":"0.1.0","suite_hash":"","suite_is_the_runs":false,"firmware":null,"verdicts":{},"exit":null"#;
        let manifest = format!(r#"{head},"files":[{}]}}"#, listed.join(","));
        append(pack::MANIFEST, 0, manifest.as_bytes());
    }
    for entry in entries {
        append(path(entry), entry.kind, entry.bytes);
    }
    let tar = builder.into_inner().unwrap_or_default();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    let _ = gzip.write_all(&tar);
    gzip.finish().unwrap_or_default()
}

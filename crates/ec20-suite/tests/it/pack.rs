//! The claim package: what goes in comes out, and nothing can be changed on the way without being noticed.

use std::collections::BTreeMap;

use ec20_suite::pack::{Contents, PackError, open, pack};
use rstest::rstest;

use crate::pair::{NAMES, Names, answering, events, firmware, texts};

fn contents(stranger: &mut crate::stranger::Stranger, names: &Names) -> Contents {
    let journal: String = events(stranger, names, 2).iter().map(|event| event.to_line() + "\n").collect();
    Contents {
        run: BTreeMap::from([
            ("run.ndjson".to_owned(), journal.into_bytes()),
            ("junit.xml".to_owned(), b"<testsuites/>".to_vec()),
        ]),
        transcripts: texts().into_iter().collect(),
        files: BTreeMap::new(),
        variables: "to = \"1\"\ncc = \"2\"\n".to_owned(),
        suite_hash: "test".to_owned(),
        waivers: None,
    }
}

/// A kept run and a failed run both bear out their claims: the claim is what the verdicts are.
#[rstest]
#[case::kept(firmware(&NAMES))]
#[case::failed(answering("AT+QMMSCFG=\"mmsc\"", &["ERROR"]))]
fn a_package_bears_out_its_claim(#[case] mut stranger: crate::stranger::Stranger) {
    let contents = contents(&mut stranger, &NAMES);
    let archive = pack(contents.clone()).expect("a package");
    assert_eq!(archive, pack(contents).expect("a package"), "the same each time");
    let package = open(&archive).expect("a package");
    assert_eq!(package.file("run/junit.xml"), Some(&b"<testsuites/>"[..]));
    let verified = package.verify();
    assert!(verified.holds(), "{}", verified.text());
    assert!(verified.remarks.is_empty(), "{}", verified.text());
}

/// The bench's own names are in the run: the packaged transcripts are asked with them.
#[test]
fn a_package_is_judged_with_the_variables_of_its_run() {
    let names = Names { to: "13990011223", cc: "18700099887", imei: "861075027777773" };
    let archive = pack(contents(&mut firmware(&names), &names)).expect("a package");
    assert!(open(&archive).expect("a package").verify().holds());
}

/// A verdict that its own bytes do not bear out is an objection.
#[test]
fn a_forged_verdict_is_found() {
    let mut contents = contents(&mut answering("AT+QMMSCFG=\"mmsc\"", &["ERROR"]), &NAMES);
    let journal = contents.run.get_mut("run.ndjson").expect("a journal");
    let text = String::from_utf8(journal.clone()).expect("text");
    assert!(text.contains("\"verdict\":\"fail\""));
    *journal = text.replace("\"verdict\":\"fail\"", "\"verdict\":\"pass\"").into_bytes();
    let verified = open(&pack(contents).expect("a package")).expect("a package").verify();
    assert!(!verified.holds());
    assert!(verified.text().contains("moved        strict: pass -> fail"), "{}", verified.text());
}

/// The archive with one file changed behind the manifest's back.
fn tampered(change: impl Fn(&mut BTreeMap<String, Vec<u8>>)) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    let archive = pack(contents(&mut firmware(&NAMES), &NAMES)).expect("a package");
    let mut tar = Vec::new();
    flate2::read::GzDecoder::new(archive.as_slice()).read_to_end(&mut tar).expect("gzip");
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(tar.as_slice()).entries().expect("entries") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").display().to_string();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("bytes");
        files.insert(path, bytes);
    }
    change(&mut files);
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in &files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, path, bytes.as_slice()).expect("appended");
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&builder.into_inner().expect("tar")).expect("gzip");
    gzip.finish().expect("gzip")
}

#[test]
fn what_is_not_as_it_was_packed_is_refused() {
    let refused =
        |change: fn(&mut BTreeMap<String, Vec<u8>>)| open(&tampered(change)).expect_err("an alteration");
    assert!(open(&tampered(|_| {})).is_ok());
    let altered = refused(|files| files.get_mut("run/run.ndjson").expect("it").push(b'\n'));
    assert_eq!(altered, PackError::Altered("run/run.ndjson".to_owned()));
    let missing = refused(|files| drop(files.remove("suite/transcripts/strict.atx")));
    assert_eq!(missing, PackError::Missing("suite/transcripts/strict.atx".to_owned()));
    let unlisted = refused(|files| drop(files.insert("run/more".to_owned(), Vec::new())));
    assert_eq!(unlisted, PackError::Unlisted("run/more".to_owned()));
    assert_eq!(refused(|files| drop(files.remove("manifest.json"))), PackError::NoManifest);
    let newer = refused(|files| drop(files.insert("manifest.json".to_owned(), b"{\"format\":9}".to_vec())));
    assert_eq!(newer, PackError::Newer(9));
}

/// No bytes make it panic, and none but a package are taken for one.
#[test]
fn what_is_no_package_is_refused() {
    let archive = pack(contents(&mut firmware(&NAMES), &NAMES)).expect("a package");
    for bytes in [&b""[..], b"hello", &[0x1f, 0x8b], &archive[..archive.len() / 2], &archive[10..]] {
        assert!(open(bytes).is_err());
    }
    assert_eq!(pack(Contents::default()), Err(PackError::NoRun));
}

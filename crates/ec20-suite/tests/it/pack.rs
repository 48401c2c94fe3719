//! The claim package: what goes in comes out, and nothing can be changed on the way without being noticed.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

use ec20_suite::pack::{Contents, PackError, Package, Shown, Verified, open, pack, sha256, suite_hash};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use rstest::rstest;
use tar::EntryType;

use crate::pair::{NAMES, Names, answering, events, firmware, texts};

fn contents(stranger: &mut crate::stranger::Stranger, names: &Names) -> Contents {
    let journal: String = events(stranger, names, 2).iter().map(|event| event.to_line() + "\n").collect();
    Contents {
        journal: journal
            .replacen("\"suite_hash\":\"test\"", &format!("\"suite_hash\":\"{}\"", own_suite()), 1)
            .into_bytes(),
        transcripts: texts().into_iter().collect(),
        files: BTreeMap::new(),
        variables: VARIABLES.to_owned(),
        waivers: None,
        day: today(),
    }
}

const VARIABLES: &str = "to = \"1\"\ncc = \"2\"\n";

/// The hash of the suite that the tests ask.
fn own_suite() -> String {
    let texts = texts();
    let transcripts = texts.iter().map(|(path, text)| (path.as_str(), text.as_bytes()));
    suite_hash(transcripts, std::iter::empty(), VARIABLES.as_bytes())
}

fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 12, 1)
}

fn verify(package: &Package) -> Verified {
    package.verify(today(), &own_suite())
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
    let verified = verify(&package);
    assert!(verified.holds(), "{}", verified.text(None));
    assert!(verified.remarks.is_empty(), "{}", verified.text(None));
}

/// The bench's own names are in the run: the packaged transcripts are asked with them.
#[test]
fn a_package_is_judged_with_the_variables_of_its_run() {
    let names = Names { to: "13990011223", cc: "18700099887", imei: "861075027777773" };
    let archive = pack(contents(&mut firmware(&names), &names)).expect("a package");
    assert!(verify(&open(&archive).expect("a package")).holds());
}

/// A verdict that its own bytes do not bear out is an objection.
#[test]
fn a_forged_verdict_is_found() {
    let mut contents = contents(&mut answering("AT+QMMSCFG=\"mmsc\"", &["ERROR"]), &NAMES);
    let text = String::from_utf8(contents.journal.clone()).expect("text");
    assert!(text.contains("\"verdict\":\"fail\""));
    contents.journal = text.replace("\"verdict\":\"fail\"", "\"verdict\":\"pass\"").into_bytes();
    let verified = verify(&open(&pack(contents).expect("a package")).expect("a package"));
    assert!(!verified.holds());
    assert!(verified.text(None).contains("moved        strict: pass -> fail"), "{}", verified.text(None));
}

type Files = BTreeMap<String, Vec<u8>>;

/// The files of a good package.
fn files() -> Files {
    let archive = pack(contents(&mut firmware(&NAMES), &NAMES)).expect("a package");
    let mut files = Files::new();
    for entry in tar::Archive::new(GzDecoder::new(archive.as_slice())).entries().expect("entries") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").display().to_string();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("bytes");
        files.insert(path, bytes);
    }
    files
}

fn gzip(tar: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(tar).expect("gzip");
    gzip.finish().expect("gzip")
}

/// A tar of files as somebody else writes it, with one more entry whose head is as it is given.
fn tar_of(files: &Files, more: Option<(&str, EntryType, u64)>) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, path, bytes.as_slice()).expect("appended");
    }
    if let Some((path, kind, size)) = more {
        let mut header = tar::Header::new_old();
        // A name that a careful writer refuses.
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(kind);
        header.set_size(size);
        header.set_cksum();
        builder.append(&header, &b""[..]).expect("appended");
    }
    builder.into_inner().expect("a tar")
}

fn refused(change: impl Fn(&mut Files)) -> PackError {
    let mut files = files();
    change(&mut files);
    open(&gzip(&tar_of(&files, None))).expect_err("an alteration")
}

/// The manifest as another wrote it.
fn manifest(from: &str, to: &str) -> impl Fn(&mut Files) {
    let (from, to) = (from.to_owned(), to.to_owned());
    move |files| {
        let text = String::from_utf8(files["manifest.json"].clone()).expect("text");
        assert!(text.contains(&from), "{from}");
        files.insert("manifest.json".to_owned(), text.replacen(&from, &to, 1).into_bytes());
    }
}

#[test]
fn a_package_that_another_packer_wrote_is_opened() {
    assert!(open(&gzip(&tar_of(&files(), None))).is_ok());
}

/// Whichever file it is, and whichever of its bytes: it is told that it was altered.
#[test]
fn an_altered_byte_is_found_in_every_file() {
    for path in files().into_keys().filter(|path| path != "manifest.json") {
        for place in [0, 1, 7] {
            let altered = refused(|files| {
                let bytes = files.get_mut(&path).expect("the file");
                let at = bytes.len() * place / 8;
                bytes[at] ^= 1;
            });
            assert_eq!(altered, PackError::Altered(path.clone()));
        }
        assert_eq!(
            refused(|files| files.get_mut(&path).expect("it").push(b'\n')),
            PackError::Altered(path.clone())
        );
        assert_eq!(refused(|files| drop(files.remove(&path))), PackError::Missing(path.clone()));
    }
}

#[test]
fn what_is_not_as_it_was_packed_is_refused() {
    let unlisted = refused(|files| drop(files.insert("run/more".to_owned(), Vec::new())));
    assert_eq!(unlisted, PackError::Unlisted("run/more".to_owned()));
    assert_eq!(refused(|files| drop(files.remove("manifest.json"))), PackError::NoManifest);
    assert_eq!(refused(manifest("\"format\": 1", "\"format\": 9")), PackError::Newer(9));
    // The list of checksums edited: a sum, a length, a name, a line.
    assert!(matches!(refused(manifest("\"sha256\": \"", "\"sha256\": \"0")), PackError::Altered(_)));
    assert!(matches!(refused(manifest("\"bytes\": ", "\"bytes\": 1")), PackError::Altered(_)));
    assert!(matches!(
        refused(manifest("\"path\": \"run/junit", "\"path\": \"run/other")),
        PackError::Unlisted(_)
    ));
    for (from, to) in [
        ("\"bytes\": ", "\"bytes\": -"),
        ("\"bytes\": ", "\"bytes\": 99999999999999999999"),
        ("\"files\": [", "\"files\": {"),
        ("\"verdicts\": {", "\"verdicts\": {\"kept\": \"perfect\","),
    ] {
        assert!(matches!(refused(manifest(from, to)), PackError::Manifest(_)), "{to}");
    }
    let deep = refused(|files| drop(files.insert("manifest.json".to_owned(), vec![b'['; 100_000])));
    assert!(matches!(deep, PackError::Manifest(_)), "{deep}");
}

/// A claim that was edited together with its checksums is held against the journal.
#[rstest]
#[case::verdict("\"strict\": \"pass\"", "\"strict\": \"fail\"", "claims other verdicts")]
#[case::firmware("_01.002.01.002", "_01.002.01.003", "claims another firmware or suite")]
#[case::suite("\"suite_hash\": \"", "\"suite_hash\": \"0", "claims another firmware or suite")]
#[case::exit("\"exit\": 0", "\"exit\": 1", "claims another exit")]
fn an_edited_claim_is_an_objection(#[case] from: &str, #[case] to: &str, #[case] wanted: &str) {
    let mut files = files();
    manifest(from, to)(&mut files);
    let verified = verify(&open(&gzip(&tar_of(&files, None))).expect("a package"));
    assert!(!verified.holds() && verified.text(None).contains(wanted), "{}", verified.text(None));
}

/// Names that lead out, links, devices, folders, a size that nobody sent: refused before anything is kept.
#[rstest]
#[case::up("../../etc/passwd", EntryType::Regular, 0)]
#[case::absolute("/etc/passwd", EntryType::Regular, 0)]
#[case::drive("C:\\run", EntryType::Regular, 0)]
#[case::hidden_up("run/../../x", EntryType::Regular, 0)]
#[case::control("run/\u{1b}[2J", EntryType::Regular, 0)]
#[case::link("run/link", EntryType::Symlink, 0)]
#[case::hard_link("run/link", EntryType::Link, 0)]
#[case::folder("run/folder", EntryType::Directory, 0)]
#[case::pipe("run/pipe", EntryType::Fifo, 0)]
#[case::huge("run/huge", EntryType::Regular, 8 << 30)]
#[case::cut("run/cut", EntryType::Regular, 100_000)]
#[case::twice("run/run.ndjson", EntryType::Regular, 0)]
fn an_entry_that_is_no_plain_file_is_refused(#[case] path: &str, #[case] kind: EntryType, #[case] size: u64) {
    let error = open(&gzip(&tar_of(&files(), Some((path, kind, size))))).expect_err("no plain file");
    assert!(matches!(error, PackError::Path(_) | PackError::TooLarge(_) | PackError::Archive(_)), "{error}");
    assert!(!error.to_string().contains('\u{1b}'));
}

/// Nothing hides behind the last file, neither in the tar nor behind the gzip.
#[test]
fn what_hides_behind_the_end_is_refused() {
    let archive = pack(contents(&mut firmware(&NAMES), &NAMES)).expect("a package");
    let mut more = archive.clone();
    more.extend(b"more");
    assert_eq!(open(&more), Err(PackError::Archive("bytes behind its end".to_owned())));
    let mut tar = tar_of(&files(), None);
    tar.extend([b'x'; 512]);
    assert_eq!(open(&gzip(&tar)), Err(PackError::Archive("bytes behind the last file".to_owned())));
    assert!(open(&gzip(&vec![0; 1 << 20])).is_err());
}

/// No bytes make it panic, and none but a package are taken for one: cut anywhere, or with any byte of it turned.
#[test]
fn what_is_no_package_is_refused() {
    let archive = pack(contents(&mut firmware(&NAMES), &NAMES)).expect("a package");
    for bytes in [&b""[..], b"hello", &[0x1f, 0x8b], &archive[10..]] {
        assert!(open(bytes).is_err());
    }
    for cut in (0..archive.len()).step_by(97).chain([archive.len() - 1]) {
        assert!(open(&archive[..cut]).is_err(), "cut at {cut}");
    }
    for at in (0..archive.len()).step_by(61) {
        let mut turned = archive.clone();
        turned[at] ^= 0x10;
        // The gzip's own head holds a time and a system that mean nothing.
        assert!(at < 10 || open(&turned).is_err(), "turned at {at}");
    }
    assert_eq!(pack(Contents::default()), Err(PackError::NoRun));
}

/// A file of a good package, changed or added, with a manifest that was written anew for it: what a forger does.
fn forged(change: impl Fn(&mut Files)) -> Verified {
    let mut files = files();
    change(&mut files);
    let mut manifest: serde_json::Value =
        serde_json::from_slice(&files["manifest.json"]).expect("a manifest");
    let listed = files.iter().filter(|(path, _)| *path != "manifest.json").map(
        |(path, bytes)| serde_json::json!({ "path": path, "bytes": bytes.len(), "sha256": sha256(bytes) }),
    );
    manifest["files"] = listed.collect();
    files.insert("manifest.json".to_owned(), manifest.to_string().into_bytes());
    verify(&open(&gzip(&tar_of(&files, None))).expect("a package that is whole"))
}

/// Whatever the manifest says, a report is what the journal comes to, or an objection.
#[rstest]
#[case::page("run/report.html")]
#[case::results("run/results.json")]
#[case::junit("run/junit.xml")]
#[case::summary("run/summary.md")]
fn a_forged_report_is_an_objection(#[case] path: &str) {
    let wanted = format!("objection    {path} is not what the journal comes to");
    for change in [
        |bytes: &mut Vec<u8>| bytes.push(b' '),
        |bytes: &mut Vec<u8>| bytes.clear(),
        |bytes: &mut Vec<u8>| bytes[20] ^= 1,
    ] {
        let verified = forged(|files| change(files.get_mut(path).expect("the report")));
        assert!(!verified.holds() && verified.text(None).contains(&wanted), "{}", verified.text(None));
    }
    assert!(forged(|_| ()).holds(), "a manifest that was written anew is no objection by itself");
}

/// The same, where another version made the package: it may word its pages otherwise, so nothing is shown, either way.
#[test]
fn a_report_of_another_version_is_not_shown() {
    let verified = forged(|files| {
        files.get_mut("run/summary.md").expect("the report").push(b' ');
        manifest("\"version\": \"", "\"version\": \"9")(files);
    });
    assert_eq!(verified.shown(), Shown::Part, "{}", verified.text(None));
    let text = verified.text(None);
    assert!(
        text.contains("not shown    run/summary.md was made by version 9") && !text.contains("bears out"),
        "{text}"
    );
}

/// Other transcripts than those that were asked, whatever the manifest says of them.
#[test]
fn a_changed_transcript_is_an_objection() {
    let change = |files: &mut Files| {
        files.get_mut("suite/transcripts/strict.atx").expect("it").extend(b"# more\n");
    };
    let verified = forged(change);
    assert_eq!(verified.shown(), Shown::Otherwise);
    assert!(
        verified.text(None).contains("the suite's hash in the journal is another"),
        "{}",
        verified.text(None)
    );
    let verified = forged(|files| {
        change(files);
        manifest("\"suite_is_the_runs\": true", "\"suite_is_the_runs\": false")(files);
    });
    assert_eq!(verified.shown(), Shown::Part, "{}", verified.text(None));
    let verified = forged(|files| drop(files.insert("suite/files/x".to_owned(), Vec::new())));
    assert_eq!(verified.shown(), Shown::Otherwise);
}

/// A file that nothing in a run explains, however well it is listed.
#[rstest]
#[case("run/README.md")]
#[case("run/report.html.exe")]
#[case("run/waivers.toml")]
#[case("run/redaction.key")]
#[case("suite/transcripts/x.sh")]
#[case("suite/more.toml")]
#[case("more")]
fn a_file_that_nothing_explains_is_an_objection(#[case] path: &str) {
    let verified = forged(|files| drop(files.insert(path.to_owned(), b"x".to_vec())));
    let wanted = format!("objection    {path}: nothing in a run explains this file");
    assert!(verified.text(None).contains(&wanted), "{}", verified.text(None));
}

/// Names that are one on some systems.
#[test]
fn two_names_that_differ_in_case_alone_are_refused() {
    let error = refused(|files| drop(files.insert("run/Report.html".to_owned(), Vec::new())));
    assert!(matches!(error, PackError::Path(_)), "{error}");
}

#[test]
fn a_manifest_says_nothing_beside_what_it_must() {
    for (from, to) in
        [("\"format\": 1", "\"note\": \"x\", \"format\": 1"), ("\"bytes\"", "\"more\": 1, \"bytes\"")]
    {
        assert!(matches!(refused(manifest(from, to)), PackError::Manifest(_)), "{to}");
    }
}

/// The last line says what no checking of files can show.
#[test]
fn the_last_line_says_what_is_not_shown() {
    let verified =
        verify(&open(&pack(contents(&mut firmware(&NAMES), &NAMES)).expect("a package")).expect("it"));
    let text = verified.text(None);
    assert!(
        text.lines()
            .last()
            .is_some_and(|line| line.starts_with("not shown, without a signature: who packed this")),
        "{text}"
    );
}

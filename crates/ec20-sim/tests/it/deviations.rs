//! Deviations: each kind of change is carried out, and nothing else changes.

use ec20_manual::profile::Profile;
use mms_pdu::{Priority, YesNo};
use rstest::rstest;

use crate::centre::{composed, send, upload};
use crate::dialogue::{check_on, check_profile};

fn mutant(clause: &str, change: &str) -> Profile {
    let text = format!("name = \"mutant\"\n[[deviation]]\nclause = \"{clause}\"\nchange.{change}\n");
    Profile::from_toml(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

#[rstest]
#[case::limit_down(
    "EDIT-TO-COUNT",
    "limit = { max = 1 }",
    "> AT+QMMSEDIT=1,1,\"1\"\n< OK\n> AT+QMMSEDIT=1,1,\"2\"\n< +CME ERROR: 757\n> AT+QMMSEDIT=2,1,\"1\"\n< OK\n> AT+QMMSEDIT=2,1,\"2\"\n< OK"
)]
#[case::limit_up(
    "CFG-CONTEXTID-RANGE",
    "limit = { max = 17 }",
    "> AT+QMMSCFG=\"contextid\",17\n< OK\n> AT+QMMSCFG=\"contextid\",18\n< +CME ERROR: 756"
)]
#[case::limit_from(
    "CFG-CONTEXTID-RANGE",
    "limit = { min = 2 }",
    "> AT+QMMSCFG=\"contextid\",1\n< +CME ERROR: 756\n> AT+QMMSCFG=\"contextid\",2\n< OK"
)]
#[case::length(
    "CFG-MMSC-LENGTH",
    "limit = { max = 5 }",
    "> AT+QMMSCFG=\"mmsc\",\"abcde\"\n< OK\n> AT+QMMSCFG=\"mmsc\",\"abcdef\"\n< +CME ERROR: 752"
)]
#[case::echo_range("V250-ECHO-RANGE", "limit = { max = 2 }", "> ATE2\n< OK\n> ATE3\n< ERROR")]
#[case::code(
    "CFG-MMSC-LENGTH-CODE",
    "code = { from = 756, to = 755 }",
    "> AT+QMMSCFG=\"contextid\",17\n< +CME ERROR: 755"
)]
#[case::code_at(
    "CFG-MMSC-LENGTH-CODE",
    "code = { at = \"qmmsedit_add\", from = 756, to = 755 }",
    "> AT+QMMSCFG=\"contextid\",17\n< +CME ERROR: 756\n> AT+QMMSEDIT=1,1\n< +CME ERROR: 755"
)]
#[case::answer(
    "EDIT-CLEAR",
    "answer = { at = \"qmmsedit_clear\", lines = [\"ERROR\"], effect = true }",
    "> AT+QMMSEDIT=1,1,\"1\"\n< OK\n> AT+QMMSEDIT=0\n< ERROR\n> AT+QMMSEDIT=1\n< OK"
)]
#[case::answer_without_effect(
    "EDIT-CLEAR",
    "answer = { at = \"qmmsedit_clear\", lines = [\"OK\"], effect = false }",
    "> AT+QMMSEDIT=1,1,\"1\"\n< OK\n> AT+QMMSEDIT=0\n< OK\n> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"1\"\n< OK"
)]
#[case::silence(
    "EDIT-CLEAR",
    "answer = { at = \"qmmsedit_clear\", lines = [], effect = true }",
    "> AT+QMMSEDIT=0\n> AT\n< OK"
)]
#[case::unstored(
    "CFG-MMSC",
    "unstored = { at = \"qmmscfg_mmsc_write\" }",
    "> AT+QMMSCFG=\"mmsc\",\"a\"\n< OK\n> AT+QMMSCFG=\"mmsc\"\n< +QMMSCFG: \"mmsc\",\"\"\n< OK"
)]
#[case::unstored_part(
    "EDIT-CLEAR",
    "unstored = { at = \"qmmsedit_clear\", part = \"cc\" }",
    "> AT+QMMSEDIT=1,1,\"1\";+QMMSEDIT=2,1,\"2\"\n< OK\n> AT+QMMSEDIT=0\n< OK\n> AT+QMMSEDIT=1;+QMMSEDIT=2\n< +QMMSEDIT: 2,\"2\"\n< OK"
)]
#[case::unstored_upload(
    "FILE-UPLOAD",
    "unstored = { at = \"qfupl_write\" }",
    "> AT+QFUPL=\"RAM:a\",1\n< CONNECT\ndata 1 x\n< +QFUPL: 1,7800\n< OK\n> AT+QFLST=\"RAM:*\"\n< OK"
)]
#[case::unstored_wait(
    "BEARER-QIACT",
    "unstored = { at = \"qiact_write\" }",
    "> AT+QICSGP=1,1,\"a\"\n< OK\n> AT+QIACT=1\n< OK\n> AT+QIACT?\n< OK"
)]
#[case::spills(
    "CFG-MMSC",
    "spills = { at = \"qmmscfg_mmsc_write\", part = \"contextid\" }",
    "> AT+QMMSCFG=\"contextid\",5\n< OK\n> AT+QMMSCFG=\"mmsc\",\"a\"\n< OK\n> AT+QMMSCFG=\"contextid\"\n< +QMMSCFG: \"contextid\",1\n< OK"
)]
#[case::swapped(
    "CFG-SENDPARAM",
    "argument = { at = \"qmmscfg_sendparam_write\", nth = 4, becomes.swap = 5 }",
    "> AT+QMMSCFG=\"sendparam\",6,3,1,0,2,4\n< OK\n> AT+QMMSCFG=\"sendparam\"\n< +QMMSCFG: \"sendparam\",6,3,0,1,2,4\n< OK"
)]
#[case::plus(
    "CFG-CONTEXTID",
    "argument = { at = \"qmmscfg_contextid_write\", nth = 2, becomes.plus = 1 }",
    "> AT+QMMSCFG=\"contextid\",3\n< OK\n> AT+QMMSCFG=\"contextid\"\n< +QMMSCFG: \"contextid\",4\n< OK"
)]
#[case::cut(
    "EDIT-TO-ADD",
    "argument = { at = \"qmmsedit_add\", nth = 3, becomes.cut = 2 }",
    "> AT+QMMSEDIT=1,1,\"1234\"\n< OK\n> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"12\"\n< OK"
)]
#[case::dropped_line(
    "EDIT-LIST",
    "lines = { at = \"qmmsedit_query\", change.drop = 0 }",
    "> AT+QMMSEDIT=1,1,\"1\";+QMMSEDIT=1,1,\"2\"\n< OK\n> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"2\"\n< OK"
)]
#[case::reversed_lines(
    "EDIT-LIST-ORDER",
    "lines = { at = \"qmmsedit_query\", change = \"reverse\" }",
    "> AT+QMMSEDIT=1,1,\"1\";+QMMSEDIT=1,1,\"2\"\n< OK\n> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"2\"\n< +QMMSEDIT: 1,\"1\"\n< OK"
)]
#[case::replaced(
    "CFG-MMSC-QUERY",
    "lines = { at = \"qmmscfg_mmsc_query\", change.replace = [\"+QMMSCFG\", \"+QMMSEIDT\"] }",
    "> AT+QMMSCFG=\"mmsc\"\n< +QMMSEIDT: \"mmsc\",\"\"\n< OK"
)]
#[case::exchanged(
    "CFG-PROXY-QUERY",
    "lines = { at = \"qmmscfg_proxy_query\", change.exchange = [1, 2] }",
    "> AT+QMMSCFG=\"proxy\"\n< +QMMSCFG: \"proxy\",80,\"0.0.0.0\"\n< OK"
)]
#[case::factory(
    "CFG-CONTEXTID-DEFAULT",
    "factory = { part = \"contextid\", values = [\"2\"] }",
    "> AT+QMMSCFG=\"contextid\"\n< +QMMSCFG: \"contextid\",2\n< OK"
)]
#[case::newest_first(
    "EDIT-LIST-ORDER",
    "habit = \"newest-first\"",
    "> AT+QMMSEDIT=1,1,\"1\";+QMMSEDIT=1,1,\"2\"\n< OK\n> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"2\"\n< +QMMSEDIT: 1,\"1\"\n< OK"
)]
#[case::add_replaces(
    "EDIT-TO-ADD",
    "habit = \"add-replaces\"",
    "> AT+QMMSEDIT=1,1,\"1\";+QMMSEDIT=1,1,\"2\"\n< OK\n> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"2\"\n< OK"
)]
#[case::deletes_one(
    "EDIT-TO-DELETE",
    "habit = \"deletes-one\"",
    "> AT+QMMSEDIT=1,1,\"1\";+QMMSEDIT=1,1,\"2\"\n< OK\n> AT+QMMSEDIT=1,0\n< OK\n> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"2\"\n< OK"
)]
#[case::attaches_unseen(
    "EDIT-FILE-MISSING",
    "habit = \"attaches-unseen\"",
    "> AT+QMMSEDIT=5,1,\"RAM:none\"\n< OK"
)]
#[case::cmee_stuck("CORE-CMEE", "habit = \"cmee-stuck\"", "> AT+CMEE=0\n< OK\n> AT+CMEE?\n< +CMEE: 1\n< OK")]
#[case::chain_stops(
    "V250-CHAIN",
    "habit = \"chain-stops\"",
    "> AT+CMEE=0;+CMEE=2\n< OK\n> AT+CMEE?\n< +CMEE: 0\n< OK"
)]
#[case::checksum(
    "FILE-UPLOAD",
    "habit = \"checksum-sum\"",
    "> AT+QFUPL=\"RAM:a\",2\n< CONNECT\ndata 2 U\n< +QFUPL: 2,aa\n< OK"
)]
fn what_a_dialogue_shows(#[case] clause: &str, #[case] change: &str, #[case] dialogue: &str) {
    check_profile(&mutant(clause, change), dialogue);
}

#[rstest]
#[case::late("late = { at = \"at_exec\", ms = 700 }", 700)]
#[case::in_time("late = { at = \"cmee_read\", ms = 700 }", 0)]
fn lateness(#[case] change: &str, #[case] ms: u64) {
    let mut bench = ec20_sim::leg::memory::Bench::new(
        ec20_sim::Module::new(&mutant("V250-ECHO-RANGE", change)),
        ec20_sim::leg::memory::Nowhere,
    );
    bench.send(b"AT\r");
    assert!(bench.run_till_heard(b"OK", 10_000));
    assert_eq!(bench.now(), ms);
}

#[rstest]
#[case("frame = { mark = \"final-start\", bytes = \"\" }", r"AT\rOK\r\n")]
#[case("frame = { mark = \"final-end\", bytes = \"\\n\" }", r"AT\r\r\nOK\n")]
#[case("habit = \"ok-twice\"", r"AT\r\r\nOK\r\n\r\nOK\r\n")]
#[case("habit = \"no-echo\"", r"\r\nOK\r\n")]
fn frames(#[case] change: &str, #[case] expected: &str) {
    let mut bench = ec20_sim::leg::memory::Bench::new(
        ec20_sim::Module::new(&mutant("V250-ECHO-RANGE", change)),
        ec20_sim::leg::memory::Nowhere,
    );
    bench.send(b"AT\r");
    assert_eq!(bench.take().escape_ascii().to_string(), expected);
}

#[rstest]
#[case::status_ignored("habit = \"ignores-status\"", "status 132", "+QMMSEND: 0,200")]
#[case::http_always_ok("habit = \"http-always-ok\"", "http 404", "+QMMSEND: 765,200")]
#[case::result_changed("result.replace = [\"0,200\", \"200,0\"]", "accept", "+QMMSEND: 200,0")]
#[case::swapped_fields("result.exchange = [0, 1]", "http 404", "+QMMSEND: 404,765")]
fn results(#[case] change: &str, #[case] order: &str, #[case] expected: &str) {
    let mut line = composed(&mutant("SEND-FAILURE-ERR", change));
    line.far_end().order(order);
    assert_eq!(send(&mut line), expected);
}

/// What arrives from a mutant that composed a message with one attachment.
#[track_caller]
fn arrives(change: &str, look: impl FnOnce(&mms_pdu::SendReq<'_>, &str)) {
    let mut line = composed(&mutant("SEND-FAILURE-ERR", change));
    upload(&mut line, "RAM:a.txt", b"abc");
    check_on(
        &mut line,
        "> AT+QMMSEDIT=2,1,\"copy@example.com\"\n< OK\n> AT+QMMSEDIT=5,1,\"RAM:a.txt\"\n< OK\n> AT+QMMSCFG=\"sendparam\",0,2,1,0,1,0\n< OK",
    );
    assert_eq!(send(&mut line), "+QMMSEND: 0,200");
    let captured = line.far_end().kept[0].clone();
    look(&captured.message().expect("a message"), captured.target());
}

#[test]
fn the_wire() {
    let first = |list: Option<mms_pdu::EncodedString<'_>>| list.map(|text| text.text_lossy().into_owned());
    arrives("wire.omit = \"subject\"", |m, _| assert!(m.subject().is_none()));
    arrives("wire.omit = \"priority\"", |m, _| assert!(m.priority().is_none()));
    arrives("wire.swap = [\"to\", \"cc\"]", |m, _| {
        assert_eq!(first(m.to().next()).as_deref(), Some("copy@example.com"));
    });
    arrives("wire.invert = \"delivery-report\"", |m, _| assert_eq!(m.delivery_report(), Some(YesNo::No)));
    arrives("wire.setting = { header = \"priority\", value = 0 }", |m, _| {
        assert_eq!(m.priority(), Some(Priority::Low));
    });
    arrives("wire.cut = \"parts\"", |m, _| assert_eq!(m.parts()[0].data(), b"ab"));
    arrives("wire.cut = \"subject\"", |m, _| assert_eq!(first(m.subject()).as_deref(), Some("test EC20 mm")));
    arrives("wire.omit = \"parts\"", |m, _| assert!(m.parts().is_empty()));
    arrives("wire.patch = { from = \"8F82\", to = \"8F80\" }", |m, _| {
        assert_eq!(m.priority(), Some(Priority::Low));
    });
    arrives("wire.head = { from = \"POST /\", to = \"POST http://other.example.com/\" }", |_, target| {
        assert!(target.starts_with("http://other.example.com/"));
    });
}

#[test]
fn a_deviation_that_cannot_be_carried_out_is_refused_with_its_place() {
    let wrong = |change: &str| {
        let text = format!("name = \"m\"\n[[deviation]]\nclause = \"EDIT-TO-COUNT\"\nchange.{change}\n");
        Profile::from_toml(&text).expect_err("it cannot be carried out").line
    };
    assert_eq!(wrong("limit = {}"), 2);
    assert_eq!(wrong("wire.patch = { from = \"8\", to = \"\" }"), 2);
    assert_eq!(wrong("argument = { at = \"qmmsedit_add\", nth = 0, becomes = \"lower\" }"), 2);
    assert_eq!(wrong("late = { at = \"qmmscgf_test\", ms = 1 }"), 2);
    assert_eq!(wrong("habit = \"sleeps\""), 4);
}

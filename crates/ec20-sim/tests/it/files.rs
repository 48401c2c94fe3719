//! Files: uploads and their three ends, lists, deletion, download, room.

use ec20_manual::profile::Profile;
use rstest::rstest;

use crate::dialogue::{bench, check, check_on, check_profile};

#[test]
fn the_manuals_files() {
    check(
        r#"
        > AT+QFUPL="RAM:test_mms.txt",100,200,1
        < CONNECT
        data 100 U
        < +QFUPL: 100,0
        < OK
        > AT+QFLST="RAM:*"
        < +QFLST: "RAM:test_mms.txt",100
        < OK
        > AT+QFUPL="RAM:test_pic.jpg",200,300,1
        < CONNECT
        data 200 U
        < +QFUPL: 200,0
        < OK
        > AT+QFLST="RAM:*"
        < +QFLST: "RAM:test_mms.txt",100
        < +QFLST: "RAM:test_pic.jpg",200
        < OK
        > AT+QFDEL="RAM:test_mms.txt"
        < OK
        > AT+QFDEL="RAM:test_pic.jpg"
        < OK
        > AT+QFLST="RAM:*"
        < OK
        "#,
    );
}

/// A host that ends its lines in CR LF uploads what it means to: the LF is none of the data.
#[test]
fn a_line_feed_behind_the_command_is_no_data() {
    let mut bench = bench();
    bench.send(b"AT+QFUPL=\"RAM:a\",2\r\n");
    assert_eq!(bench.take(), b"AT+QFUPL=\"RAM:a\",2\r\r\nCONNECT\r\n");
    bench.send(b"\nx");
    assert_eq!(bench.take(), b"\r\n+QFUPL: 2,a78\r\n\r\nOK\r\n", "what comes later is data, LF or not");
    check_on(&mut bench, "> AT+QFLST=\"RAM:a\"\n< +QFLST: \"RAM:a\",2\n< OK");
}

#[test]
fn names_without_a_store_are_in_flash() {
    check(
        r#"
        > AT+QFUPL="a.txt",3
        < CONNECT
        data 3 a
        < +QFUPL: 3,61
        < OK
        > AT+QFLST
        < +QFLST: "a.txt",3
        < OK
        > AT+QFLST="UFS:a.txt"
        < +QFLST: "a.txt",3
        < OK
        > AT+QFLDS
        < +QFLDS: 3,1
        < OK
        > AT+QFUPL="a.txt",3
        < +CME ERROR: 407
        > AT+QFDEL="*"
        < OK
        > AT+QFLST
        < OK
        "#,
    );
}

#[rstest]
#[case("manual", "AT+QFDEL=\"none\"", "+CME ERROR: 405")]
#[case("ec20-r08", "AT+QFDEL=\"none\"", "+CME ERROR: 418")]
#[case("manual", "AT+QFDWL=\"none\"", "+CME ERROR: 405")]
#[case("manual", "AT+QFDEL=none", "+CME ERROR: 400")]
#[case("manual", "AT+QFUPL=\"a\",0", "+CME ERROR: 400")]
#[case("manual", "AT+QFUPL=\"a\",10,0", "+CME ERROR: 400")]
#[case("manual", "AT+QFUPL=\"a\",10,10,2", "+CME ERROR: 400")]
#[case("manual", "AT+QFUPL=\"a\",99999999", "+CME ERROR: 400")]
#[case("manual", "AT+QFUPL=\"\",10", "+CME ERROR: 406")]
fn refusals(#[case] profile: &str, #[case] command: &str, #[case] answer: &str) {
    let profile = Profile::built_in(profile).expect("a built-in profile");
    check_profile(&profile, &format!("> {command}\n< {answer}"));
}

#[test]
fn an_upload_acknowledges_every_kibibyte_but_the_last() {
    let mut bench = bench();
    check_on(&mut bench, "> AT+QFUPL=\"RAM:a\",3072,5,1\n< CONNECT");
    bench.send(&[b'x'; 1023]);
    assert_eq!(bench.take(), b"");
    bench.send(b"x");
    assert_eq!(bench.take(), b"A");
    bench.send(&[b'x'; 2048]);
    assert_eq!(bench.take(), b"A\r\n+QFUPL: 3072,0\r\n\r\nOK\r\n");
}

#[test]
fn an_upload_ends_on_silence_and_keeps_what_came() {
    let mut bench = bench();
    check_on(&mut bench, "> AT+QFUPL=\"RAM:a\",100,5\n< CONNECT");
    bench.send(b"abc");
    bench.run_for(4_999);
    assert_eq!(bench.take(), b"");
    bench.run_for(1);
    assert_eq!(bench.take(), b"\r\n+QFUPL: 3,262\r\n\r\nOK\r\n");
    check_on(&mut bench, "> AT+QFLST=\"RAM:a\"\n< +QFLST: \"RAM:a\",3\n< OK");
}

#[test]
fn an_upload_ends_on_the_escape_after_a_pause() {
    let mut bench = bench();
    check_on(&mut bench, "> AT+QFUPL=\"RAM:a\",100,5\n< CONNECT");
    bench.send(b"abc+++");
    assert_eq!(bench.take(), b"", "without a pause the signs are data");
    bench.run_for(1_000);
    bench.send(b"+++");
    let sum = 0x6162_u16 ^ 0x632b ^ 0x2b2b;
    assert_eq!(bench.take(), format!("\r\n+QFUPL: 6,{sum:x}\r\n\r\nOK\r\n").into_bytes());
}

#[test]
fn what_follows_the_last_byte_is_a_command_again() {
    let mut bench = bench();
    check_on(&mut bench, "> AT+QFUPL=\"RAM:a\",2\n< CONNECT");
    bench.send(b"abAT\r");
    assert_eq!(bench.take(), b"\r\n+QFUPL: 2,6162\r\n\r\nOK\r\nAT\r\r\nOK\r\n");
}

#[test]
fn a_download_gives_the_bytes_back() {
    let mut bench = bench();
    check_on(&mut bench, "> AT+QFUPL=\"RAM:a\",3\n< CONNECT");
    bench.send(b"abc");
    bench.take();
    assert_eq!(
        bench.exchange("AT+QFDWL=\"RAM:a\"", 300),
        "AT+QFDWL=\"RAM:a\"\r\r\nCONNECT\r\nabc\r\n+QFDWL: 3,262\r\n\r\nOK\r\n"
    );
}

#[test]
fn ram_is_empty_after_a_restart_and_flash_is_not() {
    let mut bench = bench();
    for name in ["RAM:a", "b"] {
        check_on(
            &mut bench,
            &format!("> AT+QFUPL=\"{name}\",1\n< CONNECT\ndata 1 x\n< +QFUPL: 1,7800\n< OK"),
        );
    }
    check_on(&mut bench, "> AT+CFUN=1,1\n< OK");
    bench.run_for(60_000);
    bench.take();
    check_on(&mut bench, "> AT+QFLST=\"RAM:*\"\n< OK\n> AT+QFLST\n< +QFLST: \"b\",1\n< OK");
}

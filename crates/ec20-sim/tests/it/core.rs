//! The dialogue's own commands, identity, card and registration.

use ec20_manual::profile::{Answer, Profile};
use ec20_sim::Environment;

use crate::dialogue::{bench, check, check_on, check_profile};

#[test]
fn identity() {
    check(
        "
        > ATI
        < Quectel
        < EC20F
        < Revision: EC20CEFAGR06A10M4G
        < OK
        > AT+CGMI
        < Quectel
        < OK
        > AT+GMM
        < EC20F
        < OK
        > AT+QGMR
        < EC20CEFAGR06A10M4G_01.002.01.002
        < OK
        > AT+CGSN=?
        < OK
        ",
    );
}

#[test]
fn settings_are_kept_and_come_back() {
    check(
        r#"
        > AT+CMEE?
        < +CMEE: 1
        < OK
        > AT+CMEE=?
        < +CMEE: (0,1,2)
        < OK
        > AT+CSCS=?
        < +CSCS: ("GSM","IRA","UCS2")
        < OK
        > AT+CSCS="UCS2"
        < OK
        > AT+CSCS?
        < +CSCS: "UCS2"
        < OK
        > AT+CSCS="LATIN"
        < ERROR
        "#,
    );
}

#[test]
fn stored_settings_survive_atz_and_the_factorys_return_with_at_f() {
    check(
        "
        > AT+CMEE=2
        < OK
        > AT&W
        < OK
        > AT+CMEE=0
        < OK
        > ATZ
        < OK
        > AT+CMEE?
        < +CMEE: 2
        < OK
        > AT&F
        < OK
        > AT+CMEE?
        < +CMEE: 1
        < OK
        ",
    );
}

#[test]
fn a_card_that_is_taken_out() {
    let mut bench = bench();
    bench.happens(Environment::SimOut);
    check_on(
        &mut bench,
        "
        ! +CPIN: NOT INSERTED
        > AT+CPIN?
        < +CME ERROR: 10
        > AT+CIMI
        < +CME ERROR: 10
        > AT+CREG?
        < +CREG: 0,2
        < OK
        ",
    );
    bench.happens(Environment::SimIn);
    check_on(
        &mut bench,
        "
        ! +CPIN: READY
        > AT+CPIN?
        < +CPIN: READY
        < OK
        ",
    );
}

#[test]
fn registration_is_told_as_asked() {
    let mut bench = bench();
    check_on(
        &mut bench,
        r#"
        > AT+CREG=1;+CGREG=2
        < OK
        > AT+CREG?;+CGREG?
        < +CREG: 1,1
        < 
        < +CGREG: 2,1,"1A2B","01C3D4E",7
        < OK
        "#,
    );
    bench.happens(Environment::NetworkLost);
    let said = String::from_utf8(bench.take()).expect("text");
    assert_eq!(said, "\r\n+CREG: 2\r\n\r\n+CGREG: 2\r\n");
}

#[test]
fn a_restart_is_silent_and_then_tells_its_boot_lines() {
    let mut bench = bench();
    check_on(&mut bench, "> AT+CMEE=2\n< OK");
    assert_eq!(bench.exchange("AT+CFUN=1,1", 15_000), "AT+CFUN=1,1\r\r\nOK\r\n");
    bench.send(b"AT\r");
    assert_eq!(bench.take(), b"");
    bench.run_for(60_000);
    let said = String::from_utf8(bench.take()).expect("text");
    assert_eq!(
        said,
        "\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\n+QUSIM: 1\r\n\r\n+QIND: SMS DONE\r\n\r\n+QIND: PB DONE\r\n"
    );
    check_on(&mut bench, "> AT+CMEE?\n< +CMEE: 1\n< OK");
}

/// The number alone does not say whose error it is: `AT+QFDWL` may be refused with one that the MMS manual names.
#[test]
fn how_mms_errors_are_spelled_is_no_matter_of_other_commands() {
    let profile = Profile::manual()
        .clone()
        .answering("U-FRAME-MMS-CMEE-0", Answer::Named("cme-752".into()))
        .answering("U-FRAME-VERBOSE-MMS", Answer::Named("number".into()))
        .answering("U-CFG-KEY-UNKNOWN", Answer::Named("cme-3".into()))
        .answering("U-FILE-DOWNLOAD-MISSING", Answer::Other(vec!["+CME ERROR: 756".into()]));
    check_profile(
        &profile,
        r#"
        > AT+CMEE=0
        < OK
        > AT+QFDWL="RAM:nosuch.txt"
        < ERROR
        > AT+QMMSCFG="nosuch"
        < +CME ERROR: 3
        > AT+CMEE=2
        < OK
        > AT+QFDWL="RAM:nosuch.txt"
        < +CME ERROR: Invalid parameter
        > AT+QMMSCFG="nosuch"
        < +CME ERROR: 3
        "#,
    );
}

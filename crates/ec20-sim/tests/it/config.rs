//! `AT+QMMSCFG`.

use ec20_manual::profile::{Answer, Profile};
use rstest::rstest;

use crate::dialogue::{check, check_profile};

#[test]
fn the_test_form_names_every_key() {
    check(
        r#"
        > AT+QMMSCFG=?
        < +QMMSCFG: "contextid",(1-16)
        < +QMMSCFG: "mmsc",<URL>
        < +QMMSCFG: "proxy",<gateway>,(1-65535)
        < +QMMSCFG: "character",("ASCII","UTF8","UCS2","GBK")
        < +QMMSCFG: "sendparam",(0-6),(0-3),(0,1),(0,1),(0-2),(0-4)
        < OK
        "#,
    );
    let newer = Profile::built_in("newer-platform").expect("built in");
    check_profile(
        &newer,
        r#"
        > AT+QMMSCFG=?
        < +QMMSCFG: "contextid",(1-16)
        < +QMMSCFG: "mmsc",<URL>
        < +QMMSCFG: "proxy",<gateway>,<port>
        < +QMMSCFG: "character",("ASCII","UTF8","UCS2","GBK")
        < +QMMSCFG: "sendparam",(0-6),(0-3),(0,1),(0,1),(0-2),(0-4)
        < +QMMSCFG: "supportfield",(0,1)
        < +QMMSCFG: "connecttimeout",(10-120)
        < OK
        > AT+QMMSCFG="supportfield",1
        < OK
        > AT+QMMSCFG="supportfield"
        < +QMMSCFG: "supportfield",1
        < OK
        "#,
    );
}

#[test]
fn the_manuals_settings() {
    check(
        r#"
        > AT+QMMSCFG="contextid"
        < +QMMSCFG: "contextid",1
        < OK
        > AT+QMMSCFG="mmsc","mmsc.myuni.com"
        < OK
        > AT+QMMSCFG="mmsc"
        < +QMMSCFG: "mmsc","mmsc.myuni.com"
        < OK
        > AT+QMMSCFG="proxy","10.0.0.172",80
        < OK
        > AT+QMMSCFG="proxy"
        < +QMMSCFG: "proxy","10.0.0.172",80
        < OK
        > AT+QMMSCFG="sendparam",6,2,0,0,2,4
        < OK
        > AT+QMMSCFG="sendparam"
        < +QMMSCFG: "sendparam",6,2,0,0,2,4
        < OK
        > AT+QMMSCFG="character","GBK"
        < OK
        > AT+QMMSCFG="character"
        < +QMMSCFG: "character","GBK"
        < OK
        "#,
    );
}

#[rstest]
#[case("\"contextid\",1", "OK")]
#[case("\"contextid\",16", "OK")]
#[case("\"contextid\",0", "+CME ERROR: 756")]
#[case("\"contextid\",17", "+CME ERROR: 756")]
#[case("\"contextid\",x", "+CME ERROR: 756")]
#[case("\"proxy\",\"10.0.0.172\",1", "OK")]
#[case("\"proxy\",\"10.0.0.172\",65535", "OK")]
#[case("\"proxy\",\"10.0.0.172\",0", "+CME ERROR: 756")]
#[case("\"proxy\",\"10.0.0.172\",65536", "+CME ERROR: 756")]
#[case("\"proxy\",\"10.0.0.172\"", "+CME ERROR: 756")]
#[case("\"proxy\",\"proxy.example.com\",80", "+CME ERROR: 755")]
#[case("\"proxy\",\"socks://10.0.0.1\",80", "+CME ERROR: 754")]
#[case("\"mmsc\",\"http://10.0.0.1:8080/mms\"", "OK")]
#[case("\"mmsc\",\"ftp://10.0.0.1/\"", "+CME ERROR: 753")]
#[case("\"character\",\"UTF8\"", "OK")]
#[case("\"character\",\"utf8\"", "+CME ERROR: 756")]
#[case("\"character\",\"LATIN1\"", "+CME ERROR: 756")]
#[case("\"sendparam\",6,3,1,1,2,4", "OK")]
#[case("\"sendparam\",7,3,1,1,2,4", "+CME ERROR: 756")]
#[case("\"sendparam\",6,4,1,1,2,4", "+CME ERROR: 756")]
#[case("\"sendparam\",6,3,2,1,2,4", "+CME ERROR: 756")]
#[case("\"sendparam\",6,3,1,2,2,4", "+CME ERROR: 756")]
#[case("\"sendparam\",6,3,1,1,3,4", "+CME ERROR: 756")]
#[case("\"sendparam\",6,3,1,1,2,5", "+CME ERROR: 756")]
#[case("\"sendparam\",6,2,0,2,4", "+CME ERROR: 756")]
#[case("\"nosuch\"", "+CME ERROR: 756")]
#[case("\"CONTEXTID\"", "ERROR")]
#[case("contextid", "ERROR")]
#[case("\"character \",\"UTF8\"", "+CME ERROR: 756")]
#[case("\"character\", \"UTF8\"", "OK")]
fn one_write(#[case] arguments: &str, #[case] answer: &str) {
    check(&format!("> AT+QMMSCFG={arguments}\n< {answer}"));
}

#[test]
fn the_length_of_a_url_is_limited() {
    let url = |length: usize| format!("http://{}", "a".repeat(length - 7));
    check(&format!("> AT+QMMSCFG=\"mmsc\",\"{}\"\n< OK", url(100)));
    check(&format!("> AT+QMMSCFG=\"mmsc\",\"{}\"\n< +CME ERROR: 752", url(101)));
}

#[test]
fn an_unknown_is_answered_by_the_profile() {
    let taken = Profile::manual().clone().answering("U-CFG-KEY-CASE", Answer::Named("taken".into()));
    check_profile(&taken, "> AT+QMMSCFG=\"CONTEXTID\"\n< +QMMSCFG: \"contextid\",1\n< OK");
    let other = Answer::Other(vec!["+QMMSCFG: what".into(), "OK".into()]);
    let other = Profile::manual().clone().answering("U-CFG-KEY-CASE", other);
    check_profile(
        &other,
        "> AT+QMMSCFG=\"CONTEXTID\",3;+CSQ\n< +QMMSCFG: what\n< \n< +CSQ: 24,99\n< OK\n\
         > AT+QMMSCFG=\"contextid\"\n< +QMMSCFG: \"contextid\",1\n< OK",
    );
    let silent = Profile::manual().clone().answering("U-CFG-KEY-CASE", Answer::Other(Vec::new()));
    check_profile(&silent, "> AT+QMMSCFG=\"CONTEXTID\"\n> AT\n< OK");
}

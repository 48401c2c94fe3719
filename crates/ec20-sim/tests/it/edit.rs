//! `AT+QMMSEDIT`.

use rstest::rstest;

use crate::dialogue::{bench, check, check_on};

#[test]
fn the_manuals_recipients() {
    check(
        r#"
        > AT+QMMSEDIT=?
        < +QMMSEDIT: (0-5),(0,1),<optstring>
        < OK
        > AT+QMMSEDIT=1,1,"13856122546"
        < OK
        > AT+QMMSEDIT=1,1,"recipient.test@quectel.com"
        < OK
        > AT+QMMSEDIT=1
        < +QMMSEDIT: 1,"13856122546"
        < +QMMSEDIT: 1,"recipient.test@quectel.com"
        < OK
        > AT+QMMSEDIT=1,0
        < OK
        > AT+QMMSEDIT=1
        < OK
        "#,
    );
}

#[test]
fn the_manuals_title() {
    check(
        r#"
        > AT+QMMSCFG="character","ASCII"
        < OK
        > AT+QMMSEDIT=4,1,"test EC20 mms"
        < OK
        > AT+QMMSEDIT=4
        < +QMMSEDIT: 4,"ASCII","test EC20 mms"
        < OK
        > AT+QMMSCFG="character","UTF8"
        < OK
        > AT+QMMSEDIT=4
        < +QMMSEDIT: 4,"ASCII","test EC20 mms"
        < OK
        > AT+QMMSEDIT=4,1,"746573742065633230206D6D73"
        < OK
        > AT+QMMSEDIT=4
        < +QMMSEDIT: 4,"UTF8","746573742065633230206D6D73"
        < OK
        > AT+QMMSEDIT=4,0
        < OK
        > AT+QMMSEDIT=4
        < +QMMSEDIT: 4,"UTF8",""
        < OK
        > AT+QMMSEDIT=4,1,"not hex"
        < +CME ERROR: 756
        > AT+QMMSEDIT=4,1,"746"
        < +CME ERROR: 756
        "#,
    );
}

#[rstest]
#[case(1, 757)]
#[case(2, 758)]
#[case(3, 759)]
fn six_addresses_each(#[case] list: u8, #[case] full: u16) {
    let mut bench = bench();
    for n in 1..=6 {
        check_on(&mut bench, &format!("> AT+QMMSEDIT={list},1,\"1380000000{n}\"\n< OK"));
    }
    check_on(&mut bench, &format!("> AT+QMMSEDIT={list},1,\"13800000007\"\n< +CME ERROR: {full}"));
    let others = [1, 2, 3].into_iter().filter(|other| *other != list);
    for other in others {
        check_on(&mut bench, &format!("> AT+QMMSEDIT={other}\n< OK"));
    }
}

#[test]
fn twelve_attachments() {
    let mut bench = bench();
    check_on(&mut bench, "> AT+QFUPL=\"RAM:a\",1\n< CONNECT\ndata 1 x\n< +QFUPL: 1,7800\n< OK");
    for _ in 0..12 {
        check_on(&mut bench, "> AT+QMMSEDIT=5,1,\"RAM:a\"\n< OK");
    }
    check_on(&mut bench, "> AT+QMMSEDIT=5,1,\"RAM:a\"\n< +CME ERROR: 760");
    check_on(&mut bench, "> AT+QMMSEDIT=5,0\n< OK\n> AT+QMMSEDIT=5\n< OK");
}

#[rstest]
#[case("6", "+CME ERROR: 756")]
#[case("1,2", "+CME ERROR: 756")]
#[case("1,1", "+CME ERROR: 756")]
#[case("1,1,1380", "+CME ERROR: 756")]
#[case("0,0", "+CME ERROR: 756")]
#[case("1,1,\"\"", "+CME ERROR: 756")]
#[case("5,1,\"RAM:missing.txt\"", "+CME ERROR: 763")]
#[case("0", "OK")]
#[case("1,0", "OK")]
fn one_write(#[case] arguments: &str, #[case] answer: &str) {
    check(&format!("> AT+QMMSEDIT={arguments}\n< {answer}"));
}

#[rstest]
#[case(1, 50, "OK")]
#[case(1, 51, "+CME ERROR: 756")]
#[case(4, 200, "OK")]
#[case(4, 201, "+CME ERROR: 756")]
fn lengths(#[case] function: u8, #[case] length: usize, #[case] answer: &str) {
    check(&format!("> AT+QMMSEDIT={function},1,\"{}\"\n< {answer}", "9".repeat(length)));
}

#[test]
fn clearing_empties_every_part() {
    check(
        r#"
        > AT+QMMSEDIT=1,1,"1";+QMMSEDIT=2,1,"2";+QMMSEDIT=3,1,"3";+QMMSEDIT=4,1,"t"
        < OK
        > AT+QMMSEDIT=0
        < OK
        > AT+QMMSEDIT=1;+QMMSEDIT=2;+QMMSEDIT=3;+QMMSEDIT=5
        < OK
        > AT+QMMSEDIT=4
        < +QMMSEDIT: 4,"ASCII",""
        < OK
        "#,
    );
}

//! What is held against what, row by row. They know no bench and no module.

use mms_pdu::{SendReqBuilder, When};

use super::{difference, validity};
use crate::composed::Composed;
use crate::executor::Captured;

#[track_caller]
fn check(name: &str, pdu: Vec<u8>, target: &str, host: &str, mmsc: &str, clause: Option<&str>) {
    let mut composed = Composed::default();
    composed.sends(format!("AT+QMMSCFG=\"mmsc\",\"{mmsc}\"").as_bytes());
    composed.accepted();
    let (target, host) = (target.to_owned(), host.to_owned());
    let captured = Captured { pdu, target, host, media: None };
    let found = difference(&composed, &captured);
    assert_eq!(found.as_ref().map(|found| found.clause), clause, "{name}: {found:?}");
}

/// The port 80 may be said or left out; a name is the whole name.
#[test]
fn the_way_there() {
    let pdu = SendReqBuilder::new("T1").to("13856122546").encode().unwrap();
    let (mmsc, wrong) = ("http://mmsc.example.com/mms", Some("SEND-ARRIVES-MMSC"));
    let rows = [
        ("direct", "/mms", "mmsc.example.com", mmsc, None),
        ("direct, port said", "/mms", "mmsc.example.com:80", mmsc, None),
        ("through a proxy", "http://mmsc.example.com/mms", "mmsc.example.com", mmsc, None),
        ("port set, not said", "/mms", "mmsc.example.com", "http://mmsc.example.com:80/mms", None),
        ("no path", "http://mmsc.example.com/", "", "mmsc.example.com", None),
        ("another port", "/mms", "mmsc.example.com:8080", mmsc, wrong),
        ("another name that ends alike", "/mms", "xmmsc.example.com", mmsc, wrong),
        ("another path", "/", "mmsc.example.com", mmsc, wrong),
    ];
    for (name, target, host, mmsc, clause) in rows {
        check(name, pdu.clone(), target, host, mmsc, clause);
    }
}

/// What WAP-209 demands of every M-Send.req is demanded: version and sender, the first three in their order.
#[test]
fn the_envelope() {
    let whole = b"\x8c\x80\x98T1\0\x8d\x90\x89\x01\x81\x97a@b.cn\0\x84\xa3\0".to_vec();
    let without_version = b"\x8c\x80\x98T1\0\x89\x01\x81\x97a@b.cn\0\x84\xa3\0".to_vec();
    let without_sender = b"\x8c\x80\x98T1\0\x8d\x90\x97a@b.cn\0\x84\xa3\0".to_vec();
    let out_of_order = b"\x8c\x80\x8d\x90\x98T1\0\x89\x01\x81\x97a@b.cn\0\x84\xa3\0".to_vec();
    let mmsc = "http://mmsc.example.com/mms";
    for (name, pdu, clause) in [
        ("whole", whole, None),
        ("no version", without_version, Some("SEND-ARRIVES")),
        ("no sender", without_sender, Some("SEND-ARRIVES")),
        ("out of order", out_of_order, Some("SEND-ARRIVES")),
    ] {
        check(name, pdu, "/mms", "mmsc.example.com", mmsc, clause);
    }
}

/// An expiry is judged as it stands; a date of expiry by the date that the message itself has.
#[test]
fn an_expiry() {
    let rows = [
        (0, Some(When::Absolute(4600)), Some(1000), true),
        (0, Some(When::Absolute(4602)), Some(1000), true),
        (0, Some(When::Absolute(44_200)), Some(1000), false),
        (0, Some(When::Absolute(44_200)), None, true),
        (4, Some(When::Absolute(605_800)), Some(1000), true),
        (5, Some(When::Absolute(87_400)), Some(1000), false),
        // The maximum is none, or longer than the week that 4 is: a week to the minute is that one.
        (5, Some(When::Absolute(605_860)), Some(1000), false),
        (5, Some(When::Absolute(605_861)), Some(1000), true),
        (5, Some(When::Relative(604_800)), None, false),
        (5, Some(When::Relative(604_801)), None, true),
        (5, Some(When::Relative(700_000)), None, true),
        (5, None, None, true),
        (6, None, None, true),
        (6, Some(When::Absolute(87_400)), None, false),
        (0, Some(When::Relative(3600)), None, true),
        (0, Some(When::Relative(60)), None, false),
    ];
    for (valid, came, date, kept) in rows {
        assert_eq!(validity(valid, came, date).is_none(), kept, "{valid} {came:?} {date:?}");
    }
}

/// A POST of another type is no submission; parameters and letters of the type do not matter.
#[test]
fn the_type_of_the_post() {
    let pdu = SendReqBuilder::new("T1").to("13856122546").encode().unwrap();
    let rows = [
        (None, None),
        (Some("application/vnd.wap.mms-message"), None),
        (Some("Application/vnd.wap.MMS-message; charset=utf-8"), None),
        (Some("application/octet-stream"), Some("SEND-ARRIVES")),
        (Some(""), Some("SEND-ARRIVES")),
    ];
    for (media, clause) in rows {
        let media = media.map(str::to_owned);
        let captured = Captured { pdu: pdu.clone(), target: "/".to_owned(), host: String::new(), media };
        let found = difference(&Composed::default(), &captured);
        assert_eq!(found.map(|found| found.clause), clause, "{:?}", captured.media);
    }
}

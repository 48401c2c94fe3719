//! What is held against what, row by row. They know no bench and no module.

use mms_pdu::{SendReqBuilder, When};

use super::{breaches, differences, validity};
use crate::composed::Composed;
use crate::executor::Captured;

const TO: &str = "AT+QMMSEDIT=1,1,\"13856122546\"";

#[track_caller]
fn check(name: &str, pdu: Vec<u8>, target: &str, host: &str, mmsc: &str, clause: Option<&str>) {
    let mut composed = Composed::default();
    let url = format!("AT+QMMSCFG=\"mmsc\",\"{mmsc}\"");
    for line in ["AT+QMMSEDIT=0", &url, TO] {
        composed.sends(line.as_bytes());
        composed.accepted();
    }
    let (target, host) = (target.to_owned(), host.to_owned());
    let captured = Captured { pdu, target, host, media: None };
    let found = differences(&composed, &captured).into_iter().next();
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

/// What is wrong with a message by a standard alone is that clause's, and nothing else's.
#[test]
fn a_standards_demand_is_a_clause_of_its_own() {
    let whole = b"\x8c\x80\x98T1\0\x8d\x90\x89\x01\x81\x97a@b.cn\0\x84\xa3\0";
    let rows: [(&str, &[u8], Option<&str>); 11] = [
        ("whole", whole, None),
        ("a later minor version", b"\x8c\x80\x98T1\0\x8d\x93\x89\x01\x81\x97a@b.cn\0\x84\xa3\0", None),
        ("a sender's address", b"\x8c\x80\x98T1\0\x8d\x90\x89\x04\x80+1\0\x97a@b.cn\0\x84\xa3\0", None),
        ("no version", b"\x8c\x80\x98T1\0\x89\x01\x81\x97a@b.cn\0\x84\xa3\0", Some("SEND-WAP-VERSION")),
        (
            "version 2",
            b"\x8c\x80\x98T1\0\x8d\xa0\x89\x01\x81\x97a@b.cn\0\x84\xa3\0",
            Some("SEND-WAP-VERSION"),
        ),
        ("no sender", b"\x8c\x80\x98T1\0\x8d\x90\x97a@b.cn\0\x84\xa3\0", Some("SEND-WAP-FROM")),
        (
            "an empty sender",
            b"\x8c\x80\x98T1\0\x8d\x90\x89\x02\x80\0\x97a@b.cn\0\x84\xa3\0",
            Some("SEND-WAP-FROM"),
        ),
        (
            "version before id",
            b"\x8c\x80\x8d\x90\x98T1\0\x89\x01\x81\x97a@b.cn\0\x84\xa3\0",
            Some("SEND-WAP-ORDER"),
        ),
        (
            "sender before version",
            b"\x8c\x80\x98T1\0\x89\x01\x81\x8d\x90\x97a@b.cn\0\x84\xa3\0",
            Some("SEND-WAP-ORDER"),
        ),
        (
            "octets after the parts",
            b"\x8c\x80\x98T1\0\x8d\x90\x89\x01\x81\x97a@b.cn\0\x84\xa3\0\0\0",
            Some("SEND-WAP-BODY"),
        ),
        ("no message", b"hello", None),
    ];
    for (name, pdu, clause) in rows {
        let captured = Captured {
            pdu: pdu.to_vec(),
            target: "/".to_owned(),
            host: "mmsc.example.com".to_owned(),
            media: None,
        };
        let found = breaches(&Composed::default(), &captured, &[]);
        assert_eq!(
            found.iter().map(|found| found.clause).collect::<Vec<_>>(),
            Vec::from_iter(clause),
            "{name}"
        );
        let manual = differences(&Composed::default(), &captured);
        let wanted: &[&str] = if name == "no message" { &["SEND-ARRIVES"] } else { &[] };
        assert_eq!(manual.iter().map(|found| found.clause).collect::<Vec<_>>(), wanted, "{name}");
    }
}

/// A request is held against RFC 2616: its type, its host, and the whole URL where it goes to a proxy.
#[test]
fn a_request() {
    let pdu = SendReqBuilder::new("T1").to("13856122546").encode().unwrap();
    let media = "application/vnd.wap.mms-message";
    let absolute = "http://mmsc.example.com/mms";
    let rows: [(&str, &str, Option<&str>, &[&str]); 9] = [
        (absolute, "mmsc.example.com", Some(media), &[]),
        (absolute, "MMSC.example.com:80", Some("Application/vnd.wap.MMS-message; charset=utf-8"), &[]),
        (absolute, "mmsc.example.com", None, &[]),
        (absolute, "mmsc.example.com", Some("application/octet-stream"), &["SEND-HTTP-TYPE"]),
        (absolute, "mmsc.example.com", Some(""), &["SEND-HTTP-TYPE"]),
        (absolute, "10.0.0.172", Some(media), &["SEND-HTTP-HOST"]),
        (absolute, "", Some(media), &["SEND-HTTP-HOST"]),
        ("/mms", "mmsc.example.com", Some(media), &["SEND-HTTP-TARGET"]),
        ("/mms", "", Some(media), &["SEND-HTTP-HOST", "SEND-HTTP-TARGET"]),
    ];
    for (target, host, media, clauses) in rows {
        let mut composed = Composed::default();
        for line in [
            "AT+QMMSEDIT=0",
            "AT+QMMSCFG=\"mmsc\",\"http://mmsc.example.com/mms\"",
            "AT+QMMSCFG=\"proxy\",\"10.0.0.172\",80",
            TO,
        ] {
            composed.sends(line.as_bytes());
            composed.accepted();
        }
        let (target, host, media) = (target.to_owned(), host.to_owned(), media.map(str::to_owned));
        let captured = Captured { pdu: pdu.clone(), target, host, media };
        let found: Vec<_> = breaches(&composed, &captured, &[]).iter().map(|found| found.clause).collect();
        assert_eq!(found, clauses, "{captured:?}");
        assert_eq!(differences(&composed, &captured), Vec::new(), "{captured:?}");
    }
}

//! What a message that arrived tells of an unknown.

use ec20_suite::arrival::{observed, tells};
use ec20_suite::executor::Captured;
use mms_pdu::{Charset, PartBuilder, SendReqBuilder, Text, When, YesNo};

#[track_caller]
fn check(unknown: &str, message: &SendReqBuilder<'_>, answer: Option<&str>) {
    let pdu = message.encode().expect("a message that can be written");
    let captured = Captured { pdu, target: "/".to_owned(), host: String::new(), media: None };
    assert!(tells(unknown), "{unknown}");
    assert_eq!(observed(unknown, &captured), answer, "{unknown}");
}

fn message<'a>() -> SendReqBuilder<'a> {
    SendReqBuilder::new("T1").to("13856122546")
}

#[test]
fn a_message_tells_how_it_was_made() {
    check("U-SEND-BODY", &message(), Some("mixed"));
    check("U-SEND-BODY", &message().related("a", "application/smil"), Some("related"));
    check("U-SEND-MAXIMUM-EXPIRY", &message(), Some("absent"));
    check("U-SEND-MAXIMUM-EXPIRY", &message().expiry(When::Relative(700_000)), Some("week-and-more"));
    check("U-SEND-SUBJECT-CHARSET", &message().subject("标题"), Some("utf8"));
    let gbk = Text::Octets { charset: Charset::GBK, octets: vec![0xB1, 0xEA].into() };
    check("U-SEND-SUBJECT-CHARSET", &message().subject(gbk), Some("native"));
    check("U-SEND-SUBJECT-CHARSET", &message(), None);
    check("U-SEND-FILE-TYPE", &message().part(PartBuilder::of_file("a.txt", b"a")), Some("text"));
    let of_type = |media: &'static str| message().part(PartBuilder::new(media, &b"a"[..]));
    check("U-SEND-FILE-TYPE", &of_type("application/octet-stream"), Some("octet-stream"));
    check("U-SEND-FILE-TYPE", &of_type("image/jpeg"), Some("other"));
    check("U-SEND-FILE-TYPE", &message(), None);
    check("U-SEND-AUTO-REPORTS", &message(), Some("left-out"));
    check("U-SEND-AUTO-REPORTS", &message().read_report(YesNo::Yes), Some("sent"));
}

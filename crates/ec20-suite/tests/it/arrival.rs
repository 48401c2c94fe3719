//! What is held against a message that arrived, and what such a message tells of an unknown.

use ec20_suite::arrival::{breaches, differences, observed, tells};
use ec20_suite::composed::Composed;
use ec20_suite::executor::Captured;
use mms_pdu::{Charset, PartBuilder, Priority, SendReqBuilder, Text, When, YesNo};
use rstest::rstest;

#[track_caller]
fn check(unknown: &str, message: &SendReqBuilder<'_>, answer: Option<&str>) {
    assert!(tells(unknown), "{unknown}");
    assert_eq!(observed(unknown, &captured(message)), answer, "{unknown}");
}

fn message<'a>() -> SendReqBuilder<'a> {
    SendReqBuilder::new("T1").to("13856122546")
}

fn captured(message: &SendReqBuilder<'_>) -> Captured {
    let pdu = message.encode().expect("a message that can be written");
    Captured { pdu, target: "/".to_owned(), host: String::new(), media: None }
}

/// A dialogue whose lines were all accepted; what stands behind a bar is uploaded.
fn edited(lines: &[&str]) -> Composed {
    let mut composed = Composed::default();
    for line in lines {
        let (line, payload) =
            line.split_once('|').map_or((*line, None), |(line, payload)| (line, Some(payload)));
        composed.sends(line.as_bytes());
        if let Some(payload) = payload {
            composed.uploads(payload.as_bytes());
        }
        composed.accepted();
    }
    composed
}

/// The clause that is broken, what was edited, and what arrived.
type Told<'a> = Option<(&'a str, &'a str, &'a str)>;

#[track_caller]
fn held(lines: &[&str], message: &SendReqBuilder<'_>, told: Told<'_>) {
    let found = differences(&edited(lines), &captured(message)).into_iter().next();
    let found = found.as_ref().map(|found| (found.clause, found.expected.as_str(), found.came.as_str()));
    assert_eq!(found, told, "{lines:?}");
}

#[rstest]
#[case::as_it_was_edited("a.b@example.com", "a.b@example.com", None)]
#[case::a_number("13856122546", "13856122546", None)]
#[case::a_number_as_an_address_of_the_internet(
    "13856122546",
    "13856122546/TYPE=IPv4",
    Some(("SEND-ARRIVES-TO", "13856122546", "13856122546/TYPE=IPv4"))
)]
#[case::a_mailbox_as_a_number(
    "a.b@example.com",
    "a.b@example.com/TYPE=PLMN",
    Some(("SEND-ARRIVES-TO", "a.b@example.com", "a.b@example.com/TYPE=PLMN"))
)]
fn an_address(#[case] address: &str, #[case] arrives: &str, #[case] told: Told<'_>) {
    let add = format!("AT+QMMSEDIT=1,1,\"{address}\"");
    held(&["AT+QMMSEDIT=0", &add], &SendReqBuilder::new("T1").to(arrives), told);
}

/// Under every character set a title is the text that its digits stand for, in whatever set it travels.
#[rstest]
#[case::as_it_stands("ASCII", "6807", "6807")]
#[case::utf8("UTF8", "E6A087", "标")]
#[case::ucs2("UCS2", "6807", "标")]
#[case::gbk("GBK", "B1EA", "标")]
#[case::small_digits("GBK", "b1ea", "标")]
fn a_title(#[case] charset: &str, #[case] digits: &str, #[case] text: &str) {
    let lines =
        [&format!("AT+QMMSCFG=\"character\",\"{charset}\""), &format!("AT+QMMSEDIT=4,1,\"{digits}\"")];
    let lines = lines.map(String::as_str);
    held(&lines, &message().subject(text), None);
    held(&lines, &message().subject("others"), Some(("SEND-ARRIVES-TITLE", text, "others")));
    held(&lines, &message(), Some(("SEND-ARRIVES-TITLE", text, "")));
}

const A: &str = "AT+QFUPL=\"RAM:a.txt\",2,5|aa";
const B: &str = "AT+QFUPL=\"RAM:b.txt\",2,5|bb";
const AGAIN: &str = "AT+QFUPL=\"RAM:b.txt\",2,5|aa";
const LONG: &str = "AT+QFUPL=\"RAM:a.txt\",25,5|aaaaaaaaaaaaaaaaaaaaaaaab";
const NEITHER: &str = "RAM:a.txt: 2 bytes \"aa\"";

/// Each file arrives once, with its bytes; how a module calls its part is its own affair, but for the name of another file.
#[rstest]
#[case::both(&[A, B], &[("b.txt", "bb"), ("a.txt", "aa")], None)]
#[case::without_names(&[A, B], &[("", "bb"), ("", "aa")], None)]
#[case::under_a_name_of_its_own(&[A], &[("part-1", "aa")], None)]
#[case::in_letters_of_another_case(&[A, AGAIN], &[("B.TXT", "aa"), ("A.TXT", "aa")], None)]
#[case::crosswise(&[A, B], &[("b.txt", "aa"), ("a.txt", "bb")], Some((NEITHER, "b.txt: 2 bytes \"aa\"; a.txt: 2 bytes \"bb\"")))]
#[case::none(&[A], &[], Some((NEITHER, "")))]
#[case::other_bytes(&[A], &[("", "ab")], Some((NEITHER, "2 bytes \"ab\"")))]
#[case::one_more(&[A], &[("a.txt", "aa"), ("c.txt", "cc")], Some(("1 attachments", "one more part: c.txt: 2 bytes \"cc\"")))]
#[case::a_long_one_cut_short(
    &[LONG],
    &[("a.txt", "aaaaaaaaaaaaaaaaaaaaaaaa")],
    Some(("RAM:a.txt: 25 bytes \"aaaaaaaaaaaaaaaaaaaaaaaa…\"", "a.txt: 24 bytes \"aaaaaaaaaaaaaaaaaaaaaaaa\""))
)]
fn attachments(#[case] files: &[&str], #[case] parts: &[(&str, &str)], #[case] told: Option<(&str, &str)>) {
    let mut lines = vec!["AT+QMMSEDIT=5,0"];
    lines.extend(files);
    let added: Vec<String> = files
        .iter()
        .map(|upload| format!("AT+QMMSEDIT=5,1,\"{}\"", upload.split('"').nth(1).expect("a name")))
        .collect();
    lines.extend(added.iter().map(String::as_str));
    let message = parts.iter().fold(message(), |message, (name, data)| {
        let part = PartBuilder::new("text/plain", data.as_bytes());
        message.part(if name.is_empty() { part } else { part.name(*name) })
    });
    held(&lines, &message, told.map(|(expected, came)| ("SEND-ARRIVES-ATTACHMENTS", expected, came)));
}

/// A text may travel in another character set than it was attached in; what its label makes of it is the same text.
#[rstest]
#[case::as_it_was_set("UCS2", "hg", Charset::UCS2, "hg".as_bytes(), None)]
#[case::recoded("UCS2", "hg", Charset::UTF8, "桧".as_bytes(), None)]
#[case::another_text("UCS2", "hg", Charset::UTF8, "标".as_bytes(), Some("SEND-ARRIVES-ATTACHMENTS"))]
#[case::under_a_wrong_label("UTF8", "hg", Charset::UCS2, "hg".as_bytes(), Some("SEND-ARRIVES-TEXT-CHARSET"))]
#[case::ascii_under_a_wrong_label("ASCII", "hg", Charset::UCS2, "hg".as_bytes(), Some("SEND-ARRIVES-TEXT-CHARSET"))]
fn a_text(
    #[case] charset: &str,
    #[case] text: &str,
    #[case] label: Charset,
    #[case] data: &[u8],
    #[case] clause: Option<&str>,
) {
    let lines = [
        "AT+QMMSEDIT=5,0".to_owned(),
        format!("AT+QMMSCFG=\"character\",\"{charset}\""),
        format!("AT+QFUPL=\"RAM:a.txt\",2,5|{text}"),
        "AT+QMMSEDIT=5,1,\"RAM:a.txt\"".to_owned(),
    ];
    let message = message().part(PartBuilder::new("text/plain", data).charset(label));
    let found =
        differences(&edited(&lines.each_ref().map(String::as_str)), &captured(&message)).into_iter().next();
    assert_eq!(found.as_ref().map(|found| found.clause), clause, "{found:?}");
}

#[test]
fn a_header_is_told_by_its_value() {
    let lines = ["AT+QMMSEDIT=0", HIGH, TO];
    held(&lines, &message().priority(Priority::High), None);
    held(&lines, &message().priority(Priority::Low), Some(("SEND-ARRIVES-PRI", "High", "Low")));
    held(&lines, &message(), Some(("SEND-ARRIVES-PRI", "High", "no header")));
}

/// A transaction id is one message's: no other of the dialogue has it, whichever came between.
#[rstest]
#[case::of_its_own("T3", None)]
#[case::that_of_the_last("T2", Some("T2 again"))]
#[case::that_of_an_earlier_one("T1", Some("T1 again"))]
fn a_transaction_id(#[case] id: &str, #[case] came: Option<&str>) {
    let of = |id: &str| captured(&SendReqBuilder::new(id).to("13856122546"));
    let breaches = breaches(&Composed::default(), &of(id), &[of("T1"), of("T2")]);
    let found = breaches.iter().find(|found| found.clause == "SEND-WAP-TRANSACTION");
    assert_eq!(found.map(|found| found.came.as_str()), came);
}

/// A setting that changes in the midst of the editing may belong to this message or to the next one: it is not held against either.
#[rstest]
#[case::before(&["AT+QMMSEDIT=0", HIGH, TO], Some("SEND-ARRIVES-PRI"))]
#[case::in_the_midst(&["AT+QMMSEDIT=0", TO, HIGH], None)]
#[case::nobody_knows_what_was_edited(&[HIGH, TO], None)]
#[case::in_the_midst_of_the_last_one(&["AT+QMMSEDIT=0", TO, HIGH, "AT+QMMSEDIT=0", TO], Some("SEND-ARRIVES-PRI"))]
#[case::the_same_again(&["AT+QMMSEDIT=0", HIGH, TO, HIGH], Some("SEND-ARRIVES-PRI"))]
fn a_setting_and_its_message(#[case] lines: &[&str], #[case] clause: Option<&str>) {
    let found = differences(&edited(lines), &captured(&message()));
    assert_eq!(found.first().map(|found| found.clause), clause, "{lines:?}");
}

/// Which bytes arrive of a file that was replaced after it was attached, nobody says.
#[rstest]
#[case::as_it_was_attached("aa", true)]
#[case::as_it_is("cc", true)]
#[case::attached_again("aa", false)]
fn a_file_that_was_replaced(#[case] data: &str, #[case] kept: bool) {
    let attach = "AT+QMMSEDIT=5,1,\"RAM:a.txt\"";
    let other = "AT+QFUPL=\"RAM:a.txt\",2,5|cc";
    let mut lines = vec!["AT+QMMSEDIT=5,0", A, attach, "AT+QFDEL=\"RAM:a.txt\"", other];
    if !kept {
        lines.extend(["AT+QMMSEDIT=5,0", attach]);
    }
    let message = message().part(PartBuilder::new("text/plain", data.as_bytes()));
    assert_eq!(differences(&edited(&lines), &captured(&message)).is_empty(), kept);
}

const HIGH: &str = "AT+QMMSCFG=\"sendparam\",6,2,0,0,2,4";
const TO: &str = "AT+QMMSEDIT=1,1,\"13856122546\"";

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

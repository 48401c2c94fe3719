//! Single values: what an octet means, and the words for it.

use mms_pdu::{
    Charset, DecodeErrorKind, NoteKind, Outcome, ParameterValue, ResponseStatus, SendConf, SendReq, Sender,
    Version, When,
};
use rstest::rstest;

use crate::hex::{around, octets};

#[rstest]
#[case(0x90, 1, Some(0), "1.0")]
#[case(0x93, 1, Some(3), "1.3")]
#[case(0x9E, 1, Some(14), "1.14")]
#[case(0x9F, 1, None, "1")]
#[case(0xA0, 2, Some(0), "2.0")]
#[case(0xFF, 7, None, "7")]
#[case(0x12, 1, Some(2), "1.2")]
fn versions(#[case] octet: u8, #[case] major: u8, #[case] minor: Option<u8>, #[case] words: &str) {
    let version = Version::from_octet(octet);
    assert_eq!((version.major(), version.minor(), version.to_string().as_str()), (major, minor, words));
    assert_eq!(version.octet(), octet | 0x80);
}

#[rstest]
#[case(128, "Ok", Outcome::Ok)]
#[case(129, "Error-unspecified", Outcome::Permanent)]
#[case(136, "Error-unsupported-message", Outcome::Permanent)]
#[case(137, "status 137", Outcome::Permanent)]
#[case(191, "status 191", Outcome::Permanent)]
#[case(192, "Error-transient-failure", Outcome::Transient)]
#[case(195, "Error-transient-network-problem", Outcome::Transient)]
#[case(196, "Error-transient-partial-success", Outcome::Partial)]
#[case(197, "status 197", Outcome::Transient)]
#[case(223, "status 223", Outcome::Transient)]
#[case(224, "Error-permanent-failure", Outcome::Permanent)]
#[case(255, "status 255", Outcome::Permanent)]
fn statuses(#[case] octet: u8, #[case] words: &str, #[case] outcome: Outcome) {
    let status = ResponseStatus(octet);
    assert_eq!((status.to_string().as_str(), status.outcome()), (words, outcome));
    assert_eq!(status.name(), Some(words).filter(|words| !words.starts_with("status ")));
}

#[test]
fn in_words() {
    assert_eq!(When::Absolute(90).to_string(), "at 90 s");
    assert_eq!(When::Relative(90).to_string(), "in 90 s");
    assert_eq!(Charset::UTF8.to_string(), "utf-8");
    assert_eq!(Charset(9999).to_string(), "charset 9999");
    let pdu = around("B7 80");
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.content_type().to_string(), "text/plain");
    let notes: Vec<String> = message.notes().iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["header 0xB7, octet 25: unknown header"]);
}

#[test]
fn what_a_strict_reader_objects_to_in_an_answer() {
    let pdu = octets("8C81 98'T'00 9280");
    let kinds: Vec<_> = SendConf::decode(&pdu).unwrap().notes().iter().map(|note| note.kind).collect();
    assert_eq!(kinds, [NoteKind::HeaderOrder, NoteKind::MissingHeader]);
}

/// A text knows where its own octets begin: behind length, charset and quote.
#[rstest]
#[case("96 'Hi'00", 25)]
#[case("96 04 EA 'Hi'00", 27)]
#[case("96 05 EA 7F C3A4 00", 28)]
fn where_a_text_begins(#[case] subject: &str, #[case] offset: usize) {
    let pdu = around(subject);
    let subject = SendReq::decode(&pdu).unwrap().subject().unwrap();
    assert_eq!(subject.offset(), offset);
    assert!(pdu[offset..].starts_with(subject.octets()));
}

/// The sender's token without its length, as some clients send it, is read and noted.
#[test]
fn a_bare_sender() {
    let pdu = octets("8C80 98'T'00 8D90 8981 97'1/TYPE=PLMN'00 8483 'hi'");
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.from(), Some(Sender::Insert));
    let kinds: Vec<_> = message.notes().iter().map(|note| note.kind).collect();
    assert_eq!(kinds, [NoteKind::UnexpectedValue]);
}

fn parameters(media: &str) -> Vec<String> {
    let pdu = octets(&format!("8C80 98'T'00 8D90 890181 97'1/TYPE=PLMN'00 84 {media} 'x'"));
    let message = SendReq::decode(&pdu).unwrap();
    let media = message.content_type();
    media
        .parameters()
        .map(|parameter| match parameter.value {
            ParameterValue::Integer(number) => number.to_string(),
            ParameterValue::Text(text) => text.text_lossy().into_owned(),
            ParameterValue::Raw(raw) => format!("{raw:02X?}"),
        })
        .collect()
}

/// A quality is a uintvar, which reads otherwise than an integer; 32 bits are its most.
#[rstest]
#[case("04 83 80 8331", &["433"])]
#[case("03 83 80 0B", &["11"])]
#[case("07 83 80 8FFFFFFF7F", &["4294967295"])]
fn qualities(#[case] media: &str, #[case] values: &[&str]) {
    assert_eq!(parameters(media), values);
}

/// A value of an unknown parameter that is counted and empty, or counted the long way, is kept as its octets.
#[rstest]
#[case("06 83 FE 00 85't'00", &["[00]", "t"])]
#[case("09 83 FE 1F 02 0102 85't'00", &["[1F, 02, 01, 02]", "t"])]
fn kept_as_octets(#[case] media: &str, #[case] values: &[&str]) {
    assert_eq!(parameters(media), values);
}

#[test]
fn a_quality_beyond_32_bits() {
    let pdu = octets("8C80 98'T'00 84 1F 9080808000 83");
    assert_eq!(SendReq::decode(&pdu).unwrap_err().kind, DecodeErrorKind::LengthTooLong);
}

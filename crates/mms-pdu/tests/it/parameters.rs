//! Parameters of a content type and their values: read by their number, kept where they are unknown, noted where they are odd.

use mms_pdu::{NoteKind, ParameterValue, SendReq};
use rstest::rstest;

use crate::hex::octets;

/// A message whose only part has these headers, content type first.
fn with_part(headers: &str, data: &str) -> Vec<u8> {
    let headers = octets(headers);
    let mut pdu = octets("8C80 98'T'00 8D90 890181 97'1/TYPE=PLMN'00 84A3 01");
    pdu.push(u8::try_from(headers.len()).unwrap());
    pdu.push(u8::try_from(data.len()).unwrap());
    pdu.extend_from_slice(&headers);
    pdu.extend_from_slice(data.as_bytes());
    pdu
}

fn kinds(message: &SendReq<'_>) -> Vec<NoteKind> {
    message.notes().iter().map(|note| note.kind).collect()
}

/// What is odd in the parameters is noted, in the message's content type and in a part's.
#[rstest]
#[case("all typed", "06 83 81EA 85't'00", &[])]
#[case("named by text", "08 83 'name'00't'00", &[NoteKind::UntypedParameter])]
#[case("charset as text", "08 83 81'utf-8'00", &[NoteKind::UntypedParameter])]
#[case("charset number behind a leading zero", "05 83 81 02 006A", &[NoteKind::NotMinimal])]
#[case("charset number 0 in one octet", "04 83 81 01 00", &[])]
#[case("name not terminated", "04 83 85't!'", &[NoteKind::Unreadable])]
fn notes(#[case] name: &str, #[case] media: &str, #[case] noted: &[NoteKind]) {
    let pdu = with_part(media, "x");
    assert_eq!(kinds(&SendReq::decode(&pdu).unwrap()), noted, "{name}");

    let pdu = octets(&format!("8C80 98'T'00 8D90 890181 97'1/TYPE=PLMN'00 84 {media} 'x'"));
    assert_eq!(kinds(&SendReq::decode(&pdu).unwrap()), noted, "{name}");
}

/// The number says what a value is, even where its first octet looks like something else.
#[rstest]
#[case("a name with a charset", "09 83 85 06 EA 7F C3A4'b'00", "äb")]
#[case("a file name with a charset", "09 83 86 06 EA 7F C3A4'b'00", "äb")]
#[case("a name of WSP 1.4 with a charset", "09 83 97 06 EA 7F C3A4'b'00", "äb")]
fn names_with_a_charset(#[case] name: &str, #[case] media: &str, #[case] text: &str) {
    let pdu = with_part(media, "x");
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.parts()[0].file_name().as_deref(), Some(text), "{name}");
    assert_eq!(kinds(&message), [], "{name}");
}

/// A value that is too long for a number is kept as it is, and what follows is read.
#[test]
fn long_values_are_kept() {
    let pdu = with_part("0F 83 FF 09 010203040506070809 85't'00", "x");
    let message = SendReq::decode(&pdu).unwrap();
    let part = &message.parts()[0];
    let values: Vec<_> = part.content_type().parameters().map(|parameter| parameter.value).collect();
    assert!(matches!(values[0], ParameterValue::Raw(raw) if raw.ends_with(&[7, 8, 9])), "{values:?}");
    assert_eq!(part.file_name().unwrap(), "t");
}

/// Octets behind the sender's token are left, and said to be.
#[test]
fn octets_left_in_the_sender() {
    let pdu = octets("8C80 98'T'00 8D90 89028100 97'1/TYPE=PLMN'00 8483 'hi'");
    assert_eq!(kinds(&SendReq::decode(&pdu).unwrap()), [NoteKind::LeftInValue]);
}

#[test]
fn only_text_and_presentations_have_text() {
    for (media, text) in [("83", Some("x")), ("'application/smil'00", Some("x")), ("9E", None)] {
        let pdu = with_part(media, "x");
        assert_eq!(SendReq::decode(&pdu).unwrap().parts()[0].text().as_deref(), text, "{media}");
    }
}

#[test]
fn headers_of_a_part_as_octets() {
    let pdu = with_part("83 8E't'00", "x");
    assert_eq!(SendReq::decode(&pdu).unwrap().parts()[0].raw_headers(), b"\x8Et\0");
}

/// A start that names no part leaves the first part, and only if it is a presentation.
#[test]
fn a_start_that_leads_nowhere() {
    let pdu = octets(
        "8C80 98'T'00 8D90 890181 97'1/TYPE=PLMN'00 84 04 B3 8A's'00 01 13 01 'application/smil'00 C0'\"r'00 'y'",
    );
    assert_eq!(SendReq::decode(&pdu).map(|message| message.parts().len()).ok(), Some(1));
    let pdu = octets("8C80 98'T'00 8D90 890181 97'1/TYPE=PLMN'00 84 04 B3 8A's'00 01 05 01 83 C0'\"r'00 'y'");
    assert_eq!(SendReq::decode(&pdu).unwrap().presentation(), None);
}

/// Every note reads differently.
#[test]
fn notes_in_words() {
    let kinds = [
        NoteKind::NotMinimal,
        NoteKind::MissingQuote,
        NoteKind::NeedlessQuote,
        NoteKind::MissingTerminator,
        NoteKind::LeftInValue,
        NoteKind::UnexpectedValue,
        NoteKind::UnknownHeader,
        NoteKind::Repeated,
        NoteKind::HeaderOrder,
        NoteKind::MissingHeader,
        NoteKind::UntypedParameter,
        NoteKind::Unreadable,
        NoteKind::TrailingOctets,
    ];
    let words: std::collections::BTreeSet<String> = kinds.iter().map(ToString::to_string).collect();
    assert_eq!(words.len(), kinds.len());
    assert!(words.iter().all(|words| words.len() > 5), "{words:?}");
}

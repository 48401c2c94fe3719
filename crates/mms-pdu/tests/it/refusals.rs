//! What cannot be read is refused, and the error says in which field, at which octets, why.

use mms_pdu::{DecodeErrorKind, SendConf, SendReq};
use rstest::rstest;

use crate::hex::{around, octets};

#[rstest]
#[case("", "X-Mms-Message-Type, octets 0..0: expected X-Mms-Message-Type (0x8C) and a type, found the end")]
#[case("00", "X-Mms-Message-Type, octets 0..1: expected X-Mms-Message-Type (0x8C) and a type, found 0x00")]
#[case("8C", "X-Mms-Message-Type, octets 1..1: expected X-Mms-Message-Type (0x8C) and a type, found the end")]
#[case("8C00", "X-Mms-Message-Type, octets 1..2: expected X-Mms-Message-Type (0x8C) and a type, found 0x00")]
#[case("8C81", "X-Mms-Message-Type, octets 1..2: expected m-send-req (0x80), found m-send-conf (0x81)")]
#[case(
    "8C82 98'T'00",
    "X-Mms-Message-Type, octets 1..2: expected m-send-req (0x80), found m-notification-ind (0x82)"
)]
#[case(
    "8C84 98'T'00 8D92",
    "X-Mms-Message-Type, octets 1..2: expected m-send-req (0x80), found m-retrieve-conf (0x84)"
)]
#[case(
    "8C88 98'T'00 8D92",
    "X-Mms-Message-Type, octets 1..2: expected m-send-req (0x80), found m-read-orig-ind (0x88) of a later specification"
)]
#[case("8CB0 98'T'00 8D92", "X-Mms-Message-Type, octets 1..2: expected m-send-req (0x80), found 0xB0")]
#[case("8C80", "X-Mms-Transaction-ID, octets 2..2: expected a transaction id, found the end")]
#[case("8C80 98'T", "X-Mms-Transaction-ID, octets 3..4: expected text that ends in NUL, found the end")]
#[case("8C80 98'T'00", "Content-Type, octets 5..5: expected a content type and a body, found the end")]
#[case("8C80 98'T'00 84", "Content-Type, octets 6..6: expected a media type, found the end")]
#[case(
    "8C80 98'T'00 84 05 83",
    "Content-Type, octets 7..8: expected the octets that the value length promises, found a length of 5 with 1 octets left"
)]
#[case(
    "8C80 98'T'00 84A3",
    "number of parts, octets 7..7: expected a length of at most five octets and 32 bits, found the end"
)]
#[case(
    "8C80 98'T'00 84A3 01",
    "part 0: headers length, octets 8..8: expected a length of at most five octets and 32 bits, found the end"
)]
#[case(
    "8C80 98'T'00 84A3 01 01",
    "part 0: data length, octets 9..9: expected a length of at most five octets and 32 bits, found the end"
)]
#[case(
    "8C80 98'T'00 84A3 01 02 00 83",
    "part 0: headers, octets 10..11: expected the octets of the part's headers, found a length of 2 with 1 octets left"
)]
#[case(
    "8C80 98'T'00 84A3 01 01 05 83 'ab'",
    "part 0: data, octets 11..13: expected the octets of the part's data, found a length of 5 with 2 octets left"
)]
#[case(
    "8C80 98'T'00 84A3 02 01 00 83",
    "part 1: headers length, octets 11..11: expected a length of at most five octets and 32 bits, found the end"
)]
#[case(
    "8C80 98'T'00 84A3 FFFFFFFFFF",
    "number of parts, octets 7..12: expected a length of at most five octets and 32 bits, found 0xFF"
)]
#[case("8C80 98'T'00 7F", "header name, octets 5..6: expected a header name, found 0x7F")]
#[case("8C80 98'T'00 1F", "header name, octets 5..6: expected a header name, found 0x1F")]
#[case(
    "8C80 98'T'00 88 04 81 02 0E",
    "X-Mms-Expiry, octets 7..10: expected the octets that the value length promises, found a length of 4 with 3 octets left"
)]
#[case(
    "8C80 98'T'00 'X-A'00'b",
    "application header, octets 9..10: expected text that ends in NUL, found the end"
)]
#[case(
    "8C80 98'T'00 96 1F FFFFFFFF7F",
    "Subject, octets 7..12: expected a length of at most five octets and 32 bits, found 0xFF"
)]
fn with_field_and_octets(#[case] pdu: &str, #[case] error: &str) {
    let closed = if pdu.matches('\'').count() % 2 == 1 { format!("{pdu}'") } else { pdu.to_owned() };
    assert_eq!(SendReq::decode(&octets(&closed)).unwrap_err().to_string(), error);
}

#[rstest]
#[case("8C81 98'T'00 8D90", "X-Mms-Response-Status, octets 7..7: expected a response status, found the end")]
#[case(
    "8C80 98'T'00 8D90",
    "X-Mms-Message-Type, octets 1..2: expected m-send-conf (0x81), found m-send-req (0x80)"
)]
#[case("8C81 8D90 9280", "X-Mms-Transaction-ID, octets 6..6: expected a transaction id, found the end")]
fn answers_too(#[case] pdu: &str, #[case] error: &str) {
    assert_eq!(SendConf::decode(&octets(pdu)).unwrap_err().to_string(), error);
}

/// A thousand headers are read, one more is not: the list stays bounded whatever is sent.
#[test]
fn too_many_headers() {
    let within = around(&"8F80 ".repeat(1018));
    assert_eq!(SendReq::decode(&within).unwrap().headers().len(), 1024);
    let beyond = around(&"8F80 ".repeat(1019));
    assert_eq!(SendReq::decode(&beyond).unwrap_err().kind, DecodeErrorKind::TooMany);
}

/// However much is odd, the notes stay bounded.
#[test]
fn notes_are_bounded() {
    let pdu = around(&"B7 80 ".repeat(1000));
    assert_eq!(SendReq::decode(&pdu).unwrap().notes().len(), 256);
}

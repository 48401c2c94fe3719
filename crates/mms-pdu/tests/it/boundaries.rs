//! Lengths at their boundaries, written and read: 30/31, 127/128, 16383/16384, 2097151/2097152.

use mms_pdu::{PartBuilder, SendReq, SendReqBuilder, Text};
use rstest::rstest;

use crate::hex::octets;

fn base<'a>() -> SendReqBuilder<'a> {
    SendReqBuilder::new("T").to("1")
}

/// The length of a counted value.
#[rstest]
#[case(29, "1D")]
#[case(30, "1E")]
#[case(31, "1F 1F")]
#[case(32, "1F 20")]
#[case(126, "1F 7E")]
#[case(127, "1F 7F")]
#[case(128, "1F 8100")]
#[case(129, "1F 8101")]
#[case(16383, "1F FF7F")]
#[case(16384, "1F 818000")]
#[case(2_097_151, "1F FFFF7F")]
#[case(2_097_152, "1F 81808000")]
fn value_length(#[case] length: usize, #[case] coded: &str) {
    // charset, text of two-octet characters behind a quote, terminator
    let text = "ä".repeat((length - 3) / 2) + if length.is_multiple_of(2) { "b" } else { "" };
    let pdu = base().subject(text.as_str()).encode().unwrap();
    let coded = [octets("96"), octets(coded), octets("EA 7F")].concat();
    let at = pdu.windows(coded.len()).position(|window| window == coded);
    assert!(at.is_some(), "{length} is not coded as {coded:02X?}: {:02X?}", &pdu[..48.min(pdu.len())]);
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.subject().unwrap().text().unwrap(), text);
    assert_eq!(message.notes(), []);
}

/// The length of a part's data.
#[rstest]
#[case(0, "00")]
#[case(1, "01")]
#[case(127, "7F")]
#[case(128, "8100")]
#[case(16383, "FF7F")]
#[case(16384, "818000")]
#[case(2_097_151, "FFFF7F")]
#[case(2_097_152, "81808000")]
fn data_length(#[case] length: usize, #[case] coded: &str) {
    let data = vec![0xA5; length];
    let pdu = base().part(PartBuilder::new("image/jpeg", &data)).encode().unwrap();
    let coded = [octets("84A3 01 01"), octets(coded), octets("9E")].concat();
    assert!(pdu.windows(coded.len()).any(|window| window == coded), "{length}");
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.parts()[0].data(), data);
    assert_eq!(message.notes(), []);
}

/// The length of a part's headers: content type with its own length, then Content-Location.
#[rstest]
#[case(30)]
#[case(31)]
#[case(127)]
#[case(128)]
#[case(129)]
#[case(130)]
#[case(16383)]
#[case(16384)]
fn name_length(#[case] length: usize) {
    let name = "n".repeat(length);
    let pdu = base().part(PartBuilder::of_file(&name, b"x")).encode().unwrap();
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.parts()[0].file_name().unwrap(), name);
    assert_eq!(message.parts()[0].content_location().unwrap().text().unwrap(), name);
    assert_eq!(message.parts()[0].data(), b"x");
    assert_eq!(message.notes(), []);
}

/// The number of parts.
#[rstest]
#[case(0)]
#[case(1)]
#[case(127)]
#[case(128)]
#[case(1024)]
fn part_count(#[case] count: usize) {
    let mut builder = base();
    for _ in 0..count {
        builder = builder.part(PartBuilder::new("text/plain", b"x"));
    }
    let pdu = builder.encode().unwrap();
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.parts().len(), count);
    assert_eq!(message.notes(), []);
}

#[test]
fn one_part_more_is_refused_on_both_sides() {
    let mut builder = base();
    for _ in 0..1025 {
        builder = builder.part(PartBuilder::new("text/plain", b"x"));
    }
    assert_eq!(
        builder.encode().unwrap_err().to_string(),
        "number of parts, at 0: too large, expected at most 1024 parts"
    );
    let pdu = octets("8C80 98'T'00 8D90 890181 97'1'00 84A3 8801");
    let error = SendReq::decode(&pdu).unwrap_err();
    assert_eq!(
        error.to_string(),
        "number of parts, octets 15..17: expected at most 1024 parts, found more than 1024"
    );
}

/// Expiry: the fewest octets, at each width; the values of the module among them.
#[rstest]
#[case(0, "88 03 81 01 00")]
#[case(255, "88 03 81 01 FF")]
#[case(256, "88 04 81 02 0100")]
#[case(3600, "88 04 81 02 0E10")]
#[case(43200, "88 04 81 02 A8C0")]
#[case(86400, "88 05 81 03 015180")]
#[case(172_800, "88 05 81 03 02A300")]
#[case(604_800, "88 05 81 03 093A80")]
#[case(u64::from(u32::MAX), "88 06 81 04 FFFFFFFF")]
#[case(u64::MAX, "88 0A 81 08 FFFFFFFFFFFFFFFF")]
fn long_integer(#[case] seconds: u64, #[case] coded: &str) {
    let when = mms_pdu::When::Relative(seconds);
    let pdu = base().expiry(when).encode().unwrap();
    let coded = octets(coded);
    assert!(pdu.windows(coded.len()).any(|window| window == coded), "{seconds}");
    assert_eq!(SendReq::decode(&pdu).unwrap().expiry(), Some(when));
}

/// Lengths in more octets than needed are read, up to the five of a uintvar, and not beyond.
#[rstest]
#[case("1F 80 04", true)]
#[case("1F 80 80 80 80 04", true)]
#[case("1F 80 80 80 80 80 04", false)]
#[case("1F 90 80 80 80 00", false)]
#[case("1F 8F FF FF FF 7F", false)]
fn more_octets_than_needed(#[case] length: &str, #[case] read: bool) {
    let pdu = crate::hex::around(&format!("96 {length} EA'hi'00"));
    match SendReq::decode(&pdu) {
        Ok(message) => {
            assert!(read, "{length}");
            assert_eq!(message.subject().unwrap().text().unwrap(), "hi");
        }
        Err(error) => {
            assert!(!read, "{length}: {error}");
            assert_eq!(error.field.to_string(), "Subject");
        }
    }
}

/// Octets in a charset of two-octet units at the boundary of the short length.
#[rstest]
#[case(12)]
#[case(13)]
#[case(14)]
fn ucs2_at_the_boundary(#[case] units: usize) {
    let octets: Vec<u8> = "标".repeat(units).encode_utf16().flat_map(u16::to_be_bytes).collect();
    let text = Text::Octets { charset: mms_pdu::Charset::UCS2, octets: octets.clone().into() };
    let pdu = base().subject(text).encode().unwrap();
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.subject().unwrap().octets(), octets);
    assert_eq!(message.notes(), []);
}

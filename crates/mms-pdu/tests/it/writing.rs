//! What is written: one canonical form, and a refusal where the value would not come back.

use mms_pdu::{
    Address, AddressForm, Charset, ClassCode, EncodeError, PartBuilder, Priority, ResponseStatus, SendConf,
    SendConfBuilder, SendReq, SendReqBuilder, Text, Version, Visibility, When, YesNo, media_type_of_file,
};
use rstest::rstest;

use crate::hex::octets;

/// All that the module can cause, in the order of WAP-209 table 1.
#[test]
fn canonical_form() {
    let written = SendReqBuilder::new("T2")
        .date(0x3D00_0000_u64)
        .to("+15551234")
        .to("a@b.c")
        .cc("192.0.2.1")
        .bcc("2001:db8::1")
        .subject("标题中文")
        .class(ClassCode::Personal)
        .expiry(When::Relative(3600))
        .priority(Priority::High)
        .visibility(Visibility::Hide)
        .delivery_report(true)
        .read_report(false)
        .text_part("t.txt", "标题中文")
        .part(PartBuilder::of_file("x.amr", b"#!AMR").content_id("x"))
        .encode()
        .unwrap();
    let expected = octets(
        "8C80 98'T2'00 8D90 85 04 3D000000 890181 97'+15551234/TYPE=PLMN'00 97'a@b.c'00 82'192.0.2.1/TYPE=IPv4'00 \
         81'2001:db8::1/TYPE=IPv6'00 96 0F EA 7F E6A087E9A298E4B8ADE69687 00 8A80 88 04 81 02 0E10 8F82 9480 8680 9081 \
         84A3 02 12 0C 0A 83 81EA 85't.txt'00 8E't.txt'00 E6A087E9A298E4B8ADE69687 \
         1F 05 11 'audio/amr'00 85'x.amr'00 C0 22'<x>'00 8E'x.amr'00 '#!AMR'",
    );
    assert_eq!(written, expected);
    assert_eq!(SendReq::decode(&written).unwrap().notes(), []);
}

#[test]
fn related_body() {
    let written = SendReqBuilder::new("T")
        .to("1")
        .related("SMIL", "application/smil")
        .part(PartBuilder::new("application/smil", b"<smil/>").content_id("SMIL"))
        .encode()
        .unwrap();
    let body = octets(
        "84 1B B3 89'application/smil'00 8A'<SMIL>'00 01 1A 07 'application/smil'00 C022'<SMIL>'00 '<smil/>'",
    );
    assert!(written.ends_with(&body), "{written:02X?}");
    let message = SendReq::decode(&written).unwrap();
    assert_eq!(message.presentation().unwrap().data(), b"<smil/>");
}

/// The inversion that is easily missed: yes is the smaller octet.
#[rstest]
#[case(YesNo::Yes, "8680", "9080")]
#[case(YesNo::No, "8681", "9081")]
fn reports(#[case] value: YesNo, #[case] delivery: &str, #[case] read: &str) {
    let pdu = SendReqBuilder::new("T").to("1").delivery_report(value).read_report(value).encode().unwrap();
    let both = [octets(delivery), octets(read)].concat();
    assert!(pdu.windows(4).any(|window| window == both));
}

#[rstest]
#[case("13856122546", "13856122546/TYPE=PLMN", AddressForm::Plmn)]
#[case("+86-138.561", "+86-138.561/TYPE=PLMN", AddressForm::Plmn)]
#[case("192.0.2.1", "192.0.2.1/TYPE=IPv4", AddressForm::Ipv4)]
#[case("010.011.012.013", "010.011.012.013/TYPE=IPv4", AddressForm::Ipv4)]
#[case("256.0.2.1", "256.0.2.1/TYPE=PLMN", AddressForm::Plmn)]
#[case("+10.0.2.1", "+10.0.2.1/TYPE=PLMN", AddressForm::Plmn)]
#[case("::1", "::1/TYPE=IPv6", AddressForm::Ipv6)]
#[case("recipient.test@example.com", "recipient.test@example.com", AddressForm::Email)]
#[case("Joe <joe@x>", "Joe <joe@x>", AddressForm::Email)]
#[case("info", "info", AddressForm::Untyped)]
#[case("+", "+", AddressForm::Untyped)]
#[case("123/type=plmn", "123/TYPE=PLMN", AddressForm::Plmn)]
#[case("u/TYPE=LOCAL", "u/TYPE=LOCAL", AddressForm::Named("LOCAL".to_owned()))]
#[case("/TYPE=PLMN", "/TYPE=PLMN", AddressForm::Plmn)]
fn addresses(#[case] plain: &str, #[case] wire: &str, #[case] form: AddressForm) {
    let address = Address::typed(plain);
    assert_eq!(address.to_string(), wire);
    assert_eq!(address.form(), &form);
    let pdu = SendReqBuilder::new("T").to(plain).encode().unwrap();
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.to().next().unwrap().text().unwrap(), wire);
    assert_eq!(message.to().next().unwrap().address(), address);
}

/// A subject as decoded text or in a charset of its own.
#[rstest]
#[case("test EC20 mms".into(), "96'test EC20 mms'00")]
#[case("".into(), "9600")]
#[case(" x".into(), "96 ' x'00")]
#[case("\tx".into(), "96 04 EA 09'x'00")]
#[case("ä".into(), "96 05 EA 7F C3A4 00")]
#[case(Text::Octets { charset: Charset::GBK, octets: vec![0xB1, 0xEA].into() }, "96 05 F1 7F B1EA 00")]
#[case(Text::Octets { charset: Charset::UCS2, octets: vec![0x68, 0x07].into() }, "96 07 02 03E8 6807 0000")]
#[case(Text::Octets { charset: Charset::US_ASCII, octets: b"hi"[..].into() }, "96 04 83'hi'00")]
fn subjects(#[case] subject: Text<'static>, #[case] coded: &str) {
    let pdu = SendReqBuilder::new("T").to("1").subject(subject).encode().unwrap();
    let coded = [octets("97'1/TYPE=PLMN'00"), octets(coded), octets("84A300")].concat();
    assert!(pdu.ends_with(&coded), "{pdu:02X?}");
    assert_eq!(SendReq::decode(&pdu).unwrap().notes(), []);
}

fn base<'a>() -> SendReqBuilder<'a> {
    SendReqBuilder::new("T").to("1")
}

fn raw(charset: u32, octets: &[u8]) -> Text<'_> {
    Text::Octets { charset: Charset(charset), octets: octets.into() }
}

#[rstest]
#[case(SendReqBuilder::new("T").encode(), "To, at 0: no recipient, expected at least one To, Cc or Bcc")]
#[case(SendReqBuilder::new("").to("1").encode(), "X-Mms-Transaction-ID, at 0: empty, expected visible ASCII")]
#[case(SendReqBuilder::new("a b").to("1").encode(), "X-Mms-Transaction-ID, at 1: cannot be written here, expected visible ASCII")]
#[case(base().to("").encode(), "To, at 0: empty, expected an address")]
#[case(base().cc("a\0b").encode(), "Cc, at 1: cannot be written here, expected text without NUL")]
#[case(base().subject("a\0").encode(), "Subject, at 1: cannot be written here, expected text without NUL")]
#[case(base().subject("\u{7F}a").encode(), "Subject, at 0: cannot be written here, expected text that begins with no control character")]
#[case(base().subject("\u{FEFF}a").encode(), "Subject, at 0: cannot be written here, expected text without a byte order mark")]
#[case(base().subject(raw(1000, &[0x68])).encode(), "Subject, at 0: not in the charset, expected text of the named charset")]
#[case(base().subject(raw(1000, &[0, 65, 0, 0])).encode(), "Subject, at 2: cannot be written here, expected text without NUL")]
#[case(base().subject(raw(1000, &[0xD8, 0])).encode(), "Subject, at 0: not in the charset, expected text of the named charset")]
#[case(base().subject(raw(3, &[0xFF])).encode(), "Subject, at 0: not in the charset, expected text of the named charset")]
#[case(base().subject(raw(0, b"a")).encode(), "Subject, at 0: undefined value, expected a charset other than 0 (any)")]
#[case(base().subject(raw(106, b"\x7Fa")).encode(), "Subject, at 0: cannot be written here, expected text that does not begin with DEL")]
#[case(base().priority(Priority::Other(0x90)).encode(), "X-Mms-Priority, at 0: undefined value, expected a value that the specification defines")]
#[case(base().part(PartBuilder::new("", b"")).encode(), "part 0: Content-Type, at 0: empty, expected visible ASCII")]
#[case(base().part(PartBuilder::new("text", b"")).encode(), "part 0: Content-Type, at 0: undefined value, expected type and subtype")]
#[case(base().part(PartBuilder::new("a/b", b"").charset(Charset(0))).encode(), "part 0: Content-Type, at 0: undefined value, expected a charset other than 0 (any)")]
#[case(base().part(PartBuilder::of_file("a\0", b"")).encode(), "part 0: name, at 1: cannot be written here, expected text without NUL")]
#[case(base().related("", "a/b").encode(), "Content-Type, at 0: empty, expected visible ASCII")]
#[case(SendConfBuilder::new("T", ResponseStatus(5)).encode(), "X-Mms-Response-Status, at 0: undefined value, expected a status from 128 to 255")]
fn refusals(#[case] written: Result<Vec<u8>, EncodeError>, #[case] error: &str) {
    assert_eq!(written.unwrap_err().to_string(), error);
}

/// An answer with every status, assigned or not, comes back.
#[test]
fn every_status() {
    for octet in 128..=255 {
        let written = SendConfBuilder::new("T", ResponseStatus(octet))
            .version(Version::V1_2)
            .text("Ошибка")
            .message_id("id-1")
            .message_id_first(octet % 2 == 0)
            .encode()
            .unwrap();
        let answer = SendConf::decode(&written).unwrap();
        assert_eq!(answer.status().0, octet);
        assert_eq!(answer.version(), Some(Version::V1_2));
        assert_eq!(answer.response_text().unwrap().text().unwrap(), "Ошибка");
        assert_eq!(answer.message_id().unwrap().text().unwrap(), "id-1");
        assert_eq!(answer.notes(), []);
    }
    assert_eq!(ResponseStatus::all().count(), 25);
}

#[rstest]
#[case("RAM:test_mms.txt", "text/plain")]
#[case("a.b.JPEG", "image/jpeg")]
#[case("x.wbmp", "image/vnd.wap.wbmp")]
#[case("x.smil", "application/smil")]
#[case("x.amr", "audio/amr")]
#[case("x.mid", "audio/midi")]
#[case("x.3gp", "video/3gpp")]
#[case("x.unknown", "application/octet-stream")]
#[case("x", "application/octet-stream")]
#[case("", "application/octet-stream")]
fn media_by_file_name(#[case] name: &str, #[case] media: &str) {
    assert_eq!(media_type_of_file(name), media);
    let pdu = base().part(PartBuilder::new(media, b"x")).encode().unwrap();
    assert_eq!(SendReq::decode(&pdu).unwrap().parts()[0].content_type().essence(), media);
}

//! What real clients send is read, and what is odd about it is noted.

use mms_pdu::{
    Charset, ClassCode, HeaderCode, HeaderName, Message, MessageClass, MessageType, NoteKind, Priority,
    SendConf, SendReq, Sender, Value, Version, Visibility, When, YesNo,
};
use rstest::rstest;

use crate::hex::{around, octets};

/// WAP-209 clause 6.1.1 with one instance of everything the module can cause.
#[test]
fn worked_example() {
    let pdu = octets(
        "8C80 98'T2'00 8D90 890181 97'+15551234/TYPE=PLMN'00 96 0F EA 7F E6A087E9A298E4B8ADE69687 00 8A80 84A3 \
         01 12 0C 0A 83 81EA 85't.txt'00 8E't.txt'00 E6A087E9A298E4B8ADE69687",
    );
    assert_eq!(pdu.len(), 86);
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.transaction_id().text().unwrap(), "T2");
    assert_eq!(message.version(), Some(Version::V1_0));
    assert_eq!(message.from(), Some(Sender::Insert));
    assert_eq!(message.to().map(|to| to.text().unwrap()).collect::<Vec<_>>(), ["+15551234/TYPE=PLMN"]);
    assert_eq!(message.subject().unwrap().text().unwrap(), "标题中文");
    assert_eq!(message.class_code(), Some(ClassCode::Personal));
    assert!(message.content_type().is("application/vnd.wap.multipart.mixed"));
    let [part] = message.parts() else { panic!("one part") };
    assert!(part.content_type().is("text/plain"));
    assert_eq!(part.content_type().charset(), Some(Charset::UTF8));
    assert_eq!(part.file_name().unwrap(), "t.txt");
    assert_eq!(part.content_location().unwrap().text().unwrap(), "t.txt");
    assert_eq!(part.text().unwrap(), "标题中文");
    assert_eq!(part.data_offset(), 74);
    assert_eq!(message.notes(), []);
}

/// The form that Android's encoder and its descendants use for addresses: with a charset, both From and To.
#[test]
fn addresses_with_a_charset() {
    let pdu = octets("8C80 98'1'00 8D92 89 09 80 07 EA'10086'00 97 07 EA'10010'00 84'type'00 00");
    let message = SendReq::decode(&pdu).unwrap();
    let Some(Sender::Address(from)) = message.from() else { panic!("an address") };
    assert_eq!((from.text_lossy().as_ref(), from.charset()), ("10086", Some(Charset::UTF8)));
    assert_eq!(message.to().next().unwrap().address().text(), "10010");
    assert_eq!(message.content_type().essence(), "type");
    assert_eq!(message.parts()[0].data(), [0]);
    assert_eq!(message.notes(), []);
}

/// A view of the parts is a view of the message: same octets, not equal ones.
#[test]
fn parts_are_not_copied() {
    let pdu = around("");
    let message = SendReq::decode(&pdu).unwrap();
    let part = &message.parts()[0];
    assert!(std::ptr::eq(part.data().as_ptr(), &raw const pdu[part.data_offset()]));
}

#[test]
fn every_optional_header() {
    let pdu = around(
        "85 04 5F5E1000 88 04 81 02 0E10 87 06 80 04 5F5E1000 8F82 9480 8680 9081 8A83 82'a@b.c'00 81'::1/TYPE=IPv6'00",
    );
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.date(), Some(0x5F5E_1000));
    assert_eq!(message.expiry(), Some(When::Relative(3600)));
    assert_eq!(message.delivery_time(), Some(When::Absolute(0x5F5E_1000)));
    assert_eq!(message.priority(), Some(Priority::High));
    assert_eq!(message.visibility(), Some(Visibility::Hide));
    assert_eq!(message.delivery_report(), Some(YesNo::Yes));
    assert_eq!(message.read_report(), Some(YesNo::No));
    assert_eq!(message.class_code(), Some(ClassCode::Auto));
    assert_eq!(message.cc().next().unwrap().address().text(), "a@b.c");
    assert_eq!(message.bcc().next().unwrap().address().text(), "::1");
    assert_eq!(message.notes(), []);
}

/// Subject in every form seen, with what is noted about it.
#[rstest]
#[case("bare", "96'hello'00", "hello", &[])]
#[case("empty", "96 00", "", &[])]
#[case("bare with quote", "96 7F C3A4 00", "ä", &[])]
#[case("bare without quote", "96 C3A4 00", "ä", &[NoteKind::MissingQuote])]
#[case("bare with needless quote", "96 7F'a'00", "a", &[NoteKind::NeedlessQuote])]
#[case("counted ASCII (iPhone)", "96 07 83'hello'00", "hello", &[])]
#[case("counted UTF-8 (Jolla, Android)", "96 07 EA'hello'00", "hello", &[])]
#[case("counted UTF-8, quoted", "96 05 EA 7F C3A4 00", "ä", &[])]
#[case("counted UTF-8, quote missing, byte order mark", "96 07 EA EFBBBF C3A4 00", "ä", &[NoteKind::MissingQuote])]
#[case("counted, not terminated", "96 03 EA'hi'", "hi", &[NoteKind::MissingTerminator])]
#[case("counted, terminated twice", "96 05 EA'hi'0000", "hi", &[NoteKind::LeftInValue])]
#[case("counted without charset", "96 03'hi'00", "hi", &[])]
#[case("counted without charset, UTF-8", "96 04 C3A4'b'00", "äb", &[NoteKind::MissingQuote])]
#[case("counted without charset, UTF-8 that begins like the number of UTF-8", "96 04 EA B080 00", "가", &[NoteKind::MissingQuote])]
#[case("counted without charset, UTF-8 that begins like GBK", "96 05 F19082A3 00", "\u{500a3}", &[NoteKind::MissingQuote])]
#[case("counted without charset, UTF-8, quoted", "96 05 7F C3A4'b'00", "äb", &[])]
#[case("counted, charset 0 (any), UTF-8", "96 05 80 7F C3A4 00", "ä", &[])]
#[case("counted, charset 0 (any)", "96 04 80'hi'00", "hi", &[])]
#[case("long form of a short length", "96 1F 04 EA'hi'00", "hi", &[NoteKind::NotMinimal])]
#[case("length with a leading 80", "96 1F 80 04 EA'hi'00", "hi", &[NoteKind::NotMinimal; 2])]
#[case("charset as long integer", "96 05 01 6A'hi'00", "hi", &[])]
#[case("GBK", "96 0B F1 7F B1EACCE2D6D0CEC4 00", "标题中文", &[])]
#[case("UCS-2, two NULs", "96 0D 02 03E8 6807 9898 4E2D 6587 0000", "标题中文", &[])]
#[case("UCS-2, one NUL", "96 0C 02 03E8 6807 9898 4E2D 6587 00", "标题中文", &[])]
#[case("UCS-2, no NUL", "96 0B 02 03E8 6807 9898 4E2D 6587", "标题中文", &[])]
#[case("UCS-2, quoted", "96 0E 02 03E8 7F 6807 9898 4E2D 6587 0000", "标题中文", &[])]
#[case("UCS-2, last unit ends in NUL, one NUL behind", "96 06 02 03E8 0100 00", "Ā", &[])]
#[case("UCS-2, last unit ends in NUL, none behind", "96 05 02 03E8 0100", "Ā", &[])]
#[case("UCS-2 with ASCII, full of NULs", "96 09 02 03E8 0041 0042 0000", "AB", &[])]
#[case("UTF-16, byte order mark says little", "96 07 02 03F7 FFFE 4100", "A", &[])]
#[case("Latin-1", "96 05 84 7F E4F6 00", "äö", &[])]
fn subjects(#[case] name: &str, #[case] header: &str, #[case] text: &str, #[case] noted: &[NoteKind]) {
    let pdu = around(header);
    let message = SendReq::decode(&pdu).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(message.subject().unwrap().text().unwrap(), text, "{name}");
    let kinds: Vec<_> = message.notes().iter().map(|note| note.kind).collect();
    assert_eq!(kinds, noted, "{name}");
}

/// What cannot be decoded is shown by its best reading.
#[rstest]
#[case("UTF-8 under a charset without a table", "96 07 03 0F4240 C3A4 00", "ä")]
#[case("UTF-8 cut off within a character", "96 E6A087E9A2 00", "标\u{FFFD}")]
#[case("neither ASCII nor UTF-8", "96 7F E4'b'00", "äb")]
fn best_readings(#[case] name: &str, #[case] header: &str, #[case] text: &str) {
    let pdu = around(header);
    let message = SendReq::decode(&pdu).unwrap_or_else(|error| panic!("{name}: {error}"));
    let subject = message.subject().unwrap();
    assert!(subject.text().is_err(), "{name}");
    assert_eq!(subject.text_lossy(), text, "{name}");
}

/// Where a header's value has a foreign shape it is kept raw, and the rest is read.
#[rstest]
#[case("expiry of zero seconds as one octet (Mozilla)", "88 02 81 80", NoteKind::UnexpectedValue, None)]
#[case("expiry of neither kind", "88 02 85 80", NoteKind::UnexpectedValue, Some(HeaderCode::EXPIRY))]
#[case("priority as text", "8F'High'00", NoteKind::UnexpectedValue, Some(HeaderCode::PRIORITY))]
#[case("version as a counted value", "8D 01 90", NoteKind::UnexpectedValue, Some(HeaderCode::MMS_VERSION))]
#[case("header of a later version", "B7 80", NoteKind::UnknownHeader, Some(HeaderCode(0xB7)))]
#[case("unknown header with text", "C9'x'00", NoteKind::UnknownHeader, Some(HeaderCode(0xC9)))]
#[case("unknown header, counted", "FE 03 010203", NoteKind::UnknownHeader, Some(HeaderCode(0xFE)))]
fn foreign_values(
    #[case] name: &str,
    #[case] header: &str,
    #[case] noted: NoteKind,
    #[case] raw: Option<HeaderCode>,
) {
    let pdu = around(header);
    let message = SendReq::decode(&pdu).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(message.subject(), None);
    assert_eq!(message.parts()[0].data(), b"hi", "{name}");
    let kept = message.headers().iter().find(|header| matches!(header.value, Value::Raw(_)));
    assert_eq!(kept.map(|header| header.name), raw.map(HeaderName::Code), "{name}");
    if raw.is_some() {
        assert!(message.notes().iter().any(|note| note.kind == noted), "{name}: {:?}", message.notes());
    } else {
        assert_eq!(message.expiry(), Some(When::Relative(0)), "{name}");
    }
}

#[test]
fn application_headers_are_kept() {
    let pdu = around("'X-Carrier'00'abc'00 'X-Number'00 02 0102");
    let message = SendReq::decode(&pdu).unwrap();
    let kept: Vec<_> = message.message().application_headers().collect();
    assert_eq!(kept, [(&b"X-Carrier"[..], &b"abc"[..]), (&b"X-Number"[..], &[2, 1, 2][..])]);
}

#[test]
fn unknown_enumerations_keep_their_octet() {
    let pdu = around("8F90 94FF 8690 8AF0");
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.priority(), Some(Priority::Other(0x90)));
    assert_eq!(message.visibility(), Some(Visibility::Other(0xFF)));
    assert_eq!(message.delivery_report(), Some(YesNo::Other(0x90)));
    assert_eq!(message.class_code(), Some(ClassCode::Other(0xF0)));
}

#[test]
fn class_by_name() {
    let pdu = around("8A'urgent'00");
    let message = SendReq::decode(&pdu).unwrap();
    let Some(MessageClass::Named(name)) = message.class() else { panic!("a name") };
    assert_eq!(name.text_lossy(), "urgent");
}

#[test]
fn first_of_repeated_headers_counts() {
    let pdu = around("96'one'00 96'two'00");
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.subject().unwrap().text_lossy(), "one");
    assert_eq!(message.notes().last().map(|note| note.kind), Some(NoteKind::Repeated));
}

#[test]
fn order_of_the_first_three_is_noted() {
    let pdu = octets("8C80 8D90 98'T'00 890181 97'1/TYPE=PLMN'00 8483");
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.transaction_id().text_lossy(), "T");
    assert_eq!(message.notes().iter().map(|note| note.kind).collect::<Vec<_>>(), [NoteKind::HeaderOrder]);
}

#[test]
fn mandatory_headers_that_only_an_mmsc_needs_are_noted() {
    let pdu = octets("8C80 98'T'00 8483");
    let message = SendReq::decode(&pdu).unwrap();
    let missing: Vec<_> = message
        .notes()
        .iter()
        .filter(|note| note.kind == NoteKind::MissingHeader)
        .map(|note| note.field.to_string())
        .collect();
    assert_eq!(missing, ["X-Mms-MMS-Version", "From", "To"]);
}

/// From as address, in its three codings.
#[rstest]
#[case("89 0A 80'+1/TYPE='00")]
#[case("89 0C 80 0A 83'+1/TYPE='00")]
#[case("89'+1/TYPE='00")]
fn sender_addresses(#[case] header: &str) {
    let pdu = octets(&format!("8C80 98'T'00 8D90 {header} 97'1/TYPE=PLMN'00 8483"));
    let Some(Sender::Address(address)) = SendReq::decode(&pdu).unwrap().from() else { panic!("an address") };
    assert_eq!(address.text_lossy(), "+1/TYPE=");
}

/// Content types of a message, as clients write them.
#[rstest]
#[case("84A3 00", "application/vnd.wap.multipart.mixed", None, None)]
#[case(
    "84 1B B3 89'application/smil'00 8A'<SMIL>'00 00",
    "application/vnd.wap.multipart.related",
    Some("<SMIL>"),
    Some("application/smil")
)]
#[case(
    "84 1B B3 8A'<SMIL>'00 89'application/smil'00 00",
    "application/vnd.wap.multipart.related",
    Some("<SMIL>"),
    Some("application/smil")
)]
#[case(
    "84 08 B3 89 A7 99's.0'00 00",
    "application/vnd.wap.multipart.related",
    Some("s.0"),
    Some("application/xml")
)]
#[case(
    "84 12 B3 'start'00's'00 'type'00'a/b'00 00",
    "application/vnd.wap.multipart.related",
    Some("s"),
    Some("a/b")
)]
#[case("84 'application/vnd.wap.multipart.mixed'00 00", "application/vnd.wap.multipart.mixed", None, None)]
#[case(
    "84 1F24 'application/vnd.wap.multipart.mixed'00 00",
    "application/vnd.wap.multipart.mixed",
    None,
    None
)]
#[case("84 01 00 00", "", None, None)]
fn content_types(
    #[case] header: &str,
    #[case] essence: &str,
    #[case] start: Option<&str>,
    #[case] related: Option<&str>,
) {
    let pdu = octets(&format!("8C80 98'T'00 8D90 890181 97'1/TYPE=PLMN'00 {header}"));
    let message = match SendReq::decode(&pdu) {
        Ok(message) => message,
        Err(error) => return assert_eq!(essence, "", "{error}"),
    };
    assert_eq!(message.content_type().essence(), essence);
    assert_eq!(message.content_type().start().map(|start| start.text_lossy().into_owned()).as_deref(), start);
    assert_eq!(message.content_type().related_type().as_deref(), related);
}

/// Part headers, as clients write them; the name is found in all of them.
#[rstest]
#[case("name parameter", "08 83 85't.txt'00", "t.txt")]
#[case("name of WSP 1.4", "08 83 97't.txt'00", "t.txt")]
#[case("filename parameter", "08 83 86't.txt'00", "t.txt")]
#[case("untyped name", "0C 83 'name'00't.txt'00", "t.txt")]
#[case("untyped charset before name (Openwave)", "1B 83 'charset'00'iso-8859-1'00 85't.txt'00", "t.txt")]
#[case("disposition AE", "83 AE 08 81 86't.txt'00", "t.txt")]
#[case("disposition C5", "83 C5 08 82 98't.txt'00", "t.txt")]
#[case("location", "83 8E't.txt'00", "t.txt")]
#[case("content id, quoted", "83 C0 22'<t.txt>'00", "t.txt")]
#[case("content id without brackets (iPhone)", "83 C0 22't.txt'00", "t.txt")]
#[case("textual header name (python-messaging)", "83 'Content-ID'00'<t.txt>'00", "t.txt")]
#[case("unknown part header first", "83 B0 81 FE'x'00 8E't.txt'00", "t.txt")]
#[case("parameter outside the value (read as Age)", "83 85'x'00 8E't.txt'00", "t.txt")]
#[case("octets above 127 in a name", "0B 83 85 7F E6A087'.txt'00", "标.txt")]
#[case("octets above 127 in a location", "83 8E 7F E6A087'.txt'00", "标.txt")]
#[case("octets above 127 in a location, quote missing", "83 8E E6A087'.txt'00", "标.txt")]
#[case("octets above 127 in a content id, quote missing", "83 'Content-ID'00 E6A087'.txt'00", "标.txt")]
fn part_names(#[case] name: &str, #[case] headers: &str, #[case] found: &str) {
    let headers = octets(headers);
    let mut pdu = octets("8C80 98'T'00 8D90 890181 97'1/TYPE=PLMN'00 84A3 01");
    pdu.push(u8::try_from(headers.len()).unwrap());
    pdu.push(4);
    pdu.extend_from_slice(&headers);
    pdu.extend_from_slice(b"data");
    let message = SendReq::decode(&pdu).unwrap_or_else(|error| panic!("{name}: {error}"));
    let [part] = message.parts() else { panic!("one part") };
    assert_eq!(part.file_name().unwrap(), found, "{name}");
    assert_eq!(part.data(), b"data", "{name}");
    assert!(!message.notes().iter().any(|note| note.kind == NoteKind::Unreadable), "{name}");
}

/// What is unreadable inside the headers of a part does not lose the part.
#[rstest]
#[case("content type", "01 83 00")]
#[case("header name", "83 00 01 02")]
#[case("header text not terminated", "83 8E'abc'")]
#[case("no headers at all", "")]
fn unreadable_part_headers(#[case] name: &str, #[case] headers: &str) {
    let headers = octets(headers);
    let mut pdu = octets("8C80 98'T'00 8D90 890181 97'1/TYPE=PLMN'00 84A3 01");
    pdu.push(u8::try_from(headers.len()).unwrap());
    pdu.push(4);
    pdu.extend_from_slice(&headers);
    pdu.extend_from_slice(b"data");
    let message = SendReq::decode(&pdu).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(message.parts()[0].data(), b"data", "{name}");
    assert!(message.notes().iter().any(|note| note.kind == NoteKind::Unreadable), "{name}");
}

/// The presentation need not be the first part (Sony Ericsson), and angle brackets do not count (iPhone).
#[rstest]
#[case("8A'<s>'00", "C0 22'<s>'00")]
#[case("8A's'00", "C0 22'<s>'00")]
#[case("8A'<s>'00", "C0 22's'00")]
fn presentations(#[case] start: &str, #[case] id: &str) {
    let start = octets(start);
    let id = octets(id);
    let mut pdu = octets("8C80 98'T'00 8D90 890181 97'1/TYPE=PLMN'00 84");
    pdu.push(u8::try_from(start.len() + 1).unwrap());
    pdu.push(0xB3);
    pdu.extend_from_slice(&start);
    pdu.extend_from_slice(&octets("02 01 01 9E 'x'"));
    pdu.push(u8::try_from(17 + id.len()).unwrap());
    pdu.push(1);
    pdu.extend_from_slice(b"application/smil\0");
    pdu.extend_from_slice(&id);
    pdu.push(b'y');
    let message = SendReq::decode(&pdu).unwrap();
    assert_eq!(message.presentation().unwrap().data(), b"y");
}

#[test]
fn nested_multiparts_are_read_on_demand() {
    let pdu = octets(
        "8C80 98'T'00 8D90 890181 97'1/TYPE=PLMN'00 84A3 01 \
         01 08 A6 02 01 01 83 'a' 01 00 9E",
    );
    let message = SendReq::decode(&pdu).unwrap();
    let inner = message.parts()[0].parts().unwrap();
    assert_eq!(inner.len(), 2);
    assert_eq!(inner[0].data(), b"a");
    assert_eq!(&pdu[inner[0].data_offset()..][..1], b"a");
    assert!(inner[1].content_type().is("image/jpeg"));
}

#[test]
fn octets_after_the_last_part_are_noted() {
    let mut pdu = around("");
    let end = pdu.len() - 4;
    pdu.truncate(end);
    pdu.extend_from_slice(&octets("84A3 01 01 01 83 'a' FFFF"));
    let message = SendReq::decode(&pdu).unwrap();
    let last = message.notes().last().unwrap();
    assert_eq!((last.kind, last.offset), (NoteKind::TrailingOctets, pdu.len() - 2));
}

/// Answers of real MMSCs: the message id before the status, texts in several charsets.
#[rstest]
#[case("8C81 98'T1'00 8D90 9280 8B'id'00", 128, None, Some("id"))]
#[case("8C81 98'T1'00 8D90 8B'id'00 9280", 128, None, Some("id"))]
#[case("8C81 98'T1'00 8D92 92C1 93'gone'00", 193, Some("gone"), None)]
#[case("8C81 98'T1'00 8D92 9285 93 05 EA 7F D094 00", 133, Some("Д"), None)]
#[case("8C81 98'T1'00 8D92 9285 93 1F 05 84 7F E4F6 00", 133, Some("äö"), None)]
fn answers(#[case] pdu: &str, #[case] status: u8, #[case] text: Option<&str>, #[case] id: Option<&str>) {
    let pdu = octets(pdu);
    let answer = SendConf::decode(&pdu).unwrap();
    assert_eq!(answer.transaction_id().text_lossy(), "T1");
    assert_eq!(answer.status().0, status);
    assert_eq!(answer.response_text().map(|text| text.text_lossy().into_owned()).as_deref(), text);
    assert_eq!(answer.message_id().map(|id| id.text_lossy().into_owned()).as_deref(), id);
}

#[test]
fn other_types_of_message_are_read_as_messages() {
    let pdu = octets("8C82 98'T1'00 8D90 89 05 80'a@b'00 8A80 8E 02 1000 88 04 81 02 0E10 83'http://x'00");
    let message = Message::decode(&pdu).unwrap();
    assert_eq!(message.message_type(), MessageType::NotificationInd);
    let location = message.header(HeaderCode(0x83)).unwrap();
    assert_eq!(location.value, Value::Raw(b"http://x\0"));
}

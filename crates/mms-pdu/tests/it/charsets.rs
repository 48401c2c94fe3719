//! Charsets: text in and out, and what is refused instead of being replaced.

use mms_pdu::{Charset, CharsetErrorKind};
use rstest::rstest;

use crate::hex::octets;

#[rstest]
#[case(Charset::US_ASCII, "41 7A", "Az")]
#[case(Charset::US_ASCII, "E6A087", "标")]
#[case(Charset::ISO_8859_1, "80 E4 FF", "\u{80}äÿ")]
#[case(Charset::ISO_8859_1, "C3A4", "Ã¤")]
#[case(Charset::UTF8, "EFBBBF E6A087", "标")]
#[case(Charset::GBK, "B1EA 41 80", "标A€")]
#[case(Charset::GB18030, "B1EA 8139EE39", "标\u{3400}")]
#[case(Charset(2025), "B1EA CCE2", "标题")]
#[case(Charset(2026), "BCD0", "標")]
#[case(Charset(17), "93FA 967B", "日本")]
#[case(Charset::UCS2, "6807 0041", "标A")]
#[case(Charset::UCS2, "FFFF", "\u{FFFF}")]
#[case(Charset::UCS2, "D83D DE00", "😀")]
#[case(Charset::UCS2, "FFFE 0768", "标")]
#[case(Charset(1014), "0768", "标")]
#[case(Charset(2251), "C4", "Д")]
fn decoding(#[case] charset: Charset, #[case] coded: &str, #[case] text: &str) {
    assert_eq!(charset.decode(&octets(coded)).unwrap(), text);
}

#[rstest]
#[case(Charset::US_ASCII, "C4", CharsetErrorKind::Malformed, 0)]
#[case(Charset::UTF8, "41 C4", CharsetErrorKind::Malformed, 1)]
#[case(Charset::UCS2, "0041 00", CharsetErrorKind::Malformed, 2)]
#[case(Charset::UCS2, "0041 D800 0041", CharsetErrorKind::Malformed, 2)]
#[case(Charset::GBK, "B1 FF", CharsetErrorKind::Malformed, 0)]
#[case(Charset(9999), "41", CharsetErrorKind::UnknownCharset, 0)]
fn malformed(
    #[case] charset: Charset,
    #[case] coded: &str,
    #[case] kind: CharsetErrorKind,
    #[case] at: usize,
) {
    let error = charset.decode(&octets(coded)).unwrap_err();
    assert_eq!((error.kind, error.at), (kind, at));
}

#[rstest]
#[case(Charset::US_ASCII, "aä", 1)]
#[case(Charset::ISO_8859_1, "ä€", 2)]
#[case(Charset::GBK, "标€", 3)]
#[case(Charset::GBK, "\u{E000}", 0)]
#[case(Charset::GBK, "a😀", 1)]
#[case(Charset::UCS2, "a😀", 1)]
#[case(Charset::UCS2, "\u{FFFE}a", 0)]
#[case(Charset(1014), "\u{FFFE}", 0)]
#[case(Charset(17), "日¥", 3)]
fn no_code(#[case] charset: Charset, #[case] text: &str, #[case] at: usize) {
    let error = charset.encode(text).unwrap_err();
    assert_eq!((error.kind, error.at), (CharsetErrorKind::Unmappable, at));
    assert_eq!(error.charset, charset);
}

/// Every charset gives back what it takes in.
#[rstest]
#[case("标题中文 ABC", &[106, 113, 114, 1000, 1013, 1014, 1015, 2025])]
#[case("Grüße", &[4, 106, 113 + 1, 1000, 2252, 5])]
#[case("Привет", &[8, 106, 2084, 2251, 1000])]
#[case("日本語", &[17, 18, 39, 106, 1000])]
#[case("\u{FFFF}", &[106, 1000])]
fn back_and_forth(#[case] text: &str, #[case] charsets: &[u32]) {
    for mib in charsets {
        let charset = Charset(*mib);
        assert_eq!(charset.decode(&charset.encode(text).unwrap()).unwrap(), text, "{charset}");
        assert_eq!(Charset::by_name(charset.name().unwrap()), Some(charset), "{charset}");
    }
}

/// The euro sign is where a browser's GBK differs from everyone else's: read, never written.
#[test]
fn gbk_never_writes_an_octet_that_gbk_does_not_have() {
    assert!(Charset::GBK.encode("€").is_err());
    assert_eq!(Charset::GB18030.encode("€").unwrap(), octets("A2E3"));
}

/// The names that AT+QMMSCFG knows, and what text files are labelled with in the wild.
#[test]
fn aliases_name_what_they_are_used_for() {
    for (alias, name) in [
        ("UTF8", "utf-8"),
        ("ASCII", "us-ascii"),
        ("UCS2", "iso-10646-ucs-2"),
        ("ucs-2", "iso-10646-ucs-2"),
        ("Latin1", "iso-8859-1"),
        ("CP936", "gbk"),
        ("GBK", "gbk"),
    ] {
        assert_eq!(Charset::by_name(alias).and_then(Charset::name), Some(name), "{alias}");
    }
    assert_eq!(Charset::by_name("utf9"), None);
}

#[test]
fn an_error_says_what_is_wrong_and_where() {
    let said = |charset: Charset, octets: &[u8]| charset.decode(octets).unwrap_err().to_string();
    assert!(said(Charset::UTF8, b"ab\xff").ends_with("malformed text at octet 2"));
}

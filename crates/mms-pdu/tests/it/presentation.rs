//! The presentation that is written for some parts: which element each medium gets, in order, escaped.

use mms_pdu::presentation_of;
use rstest::rstest;

/// What stands between the slide's tags.
fn slide(parts: &[(&str, &str)]) -> String {
    let smil = presentation_of(parts.iter().copied());
    let (_, rest) = smil.split_once(r#"<par dur="5s">"#).expect("one slide");
    let (slide, _) = rest.split_once("</par>").expect("its end");
    slide.to_owned()
}

#[rstest]
#[case("image/jpeg", r#"<img src="a" region="Image"/>"#)]
#[case("video/3gpp", r#"<video src="a" region="Image"/>"#)]
#[case("audio/amr", r#"<audio src="a"/>"#)]
#[case("text/plain", r#"<text src="a" region="Text"/>"#)]
#[case("text/PLAIN", r#"<text src="a" region="Text"/>"#)]
#[case("text/x-vcard", "")]
#[case("application/octet-stream", "")]
fn elements(#[case] media: &str, #[case] element: &str) {
    assert_eq!(slide(&[(media, "a")]), element);
}

#[test]
fn in_order() {
    let parts = [("text/plain", "t"), ("audio/amr", "s"), ("text/plain", "u")];
    assert_eq!(
        slide(&parts),
        r#"<text src="t" region="Text"/><audio src="s"/><text src="u" region="Text"/>"#
    );
}

#[test]
fn escaped() {
    assert_eq!(slide(&[("audio/amr", r#"a&b<c>d"e"#)]), r#"<audio src="a&amp;b&lt;c&gt;d&quot;e"/>"#);
}

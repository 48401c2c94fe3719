//! A minimal SMIL presentation for a list of parts, as handsets write it around pictures and texts.
//!
//! It writes one slide with every picture, sound, film and text. It reads no SMIL.
//! Source: 3GPP TS 26.140, OMA MMS conformance document.

/// The SMIL text that shows these parts, given as media type and Content-Location, on one slide.
///
/// Parts that cannot be shown (a business card, octets) are left out; they travel as attachments all the same.
///
/// ```
/// let smil = mms_pdu::presentation_of([("image/jpeg", "x.jpg"), ("text/plain", "t&t.txt")]);
/// assert!(smil.contains(r#"<img src="x.jpg" region="Image"/><text src="t&amp;t.txt" region="Text"/>"#));
/// ```
pub fn presentation_of<'a>(parts: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut smil = String::from(concat!(
        r#"<smil><head><layout><root-layout width="320" height="480"/>"#,
        r#"<region id="Image" left="0" top="0" width="320" height="320" fit="meet"/>"#,
        r#"<region id="Text" left="0" top="320" width="320" height="160" fit="scroll"/>"#,
        r#"</layout></head><body><par dur="5s">"#
    ));
    for (media, location) in parts {
        let (element, region) = match media.split_once('/').map_or(media, |(kind, _)| kind) {
            "image" => ("img", Some("Image")),
            "video" => ("video", Some("Image")),
            "audio" => ("audio", None),
            "text" if media.eq_ignore_ascii_case("text/plain") => ("text", Some("Text")),
            _ => continue,
        };
        smil.push('<');
        smil.push_str(element);
        smil.push_str(" src=\"");
        push_escaped(&mut smil, location);
        smil.push('"');
        if let Some(region) = region {
            smil.push_str(" region=\"");
            smil.push_str(region);
            smil.push('"');
        }
        smil.push_str("/>");
    }
    smil.push_str("</par></body></smil>");
    smil
}

fn push_escaped(smil: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => smil.push_str("&amp;"),
            '<' => smil.push_str("&lt;"),
            '>' => smil.push_str("&gt;"),
            '"' => smil.push_str("&quot;"),
            other => smil.push(other),
        }
    }
}

//! The mutants of what arrives: the message as it was edited, and what the standards ask of any message.
//!
//! Knows headers, parts and the request that carries them. Refuses to know whether a mutant can be found: that is measured.

use ec20_manual::profile::{Change, Habit, Header, Wire};

use super::{Mutant, habit, head, patch, setting};

pub(super) fn arriving() -> Vec<Mutant> {
    let wire = |clause: &str, what: &str, wire| Mutant::new(clause, what, Change::Wire(wire));
    let mut all = vec![
        wire("SEND-ARRIVES", "not-posted", Wire::Head { from: "POST".into(), to: "PUT".into() }),
        Mutant::new("SEND-ARRIVES-MMSC", "another-path", head("/mms", "/")),
        Mutant::new("SEND-ARRIVES-MMSC", "another-host", head("10.64.64.1", "10.64.64.2")),
        wire("SEND-ARRIVES-PROXY", "not-used", Wire::Direct),
        wire("SEND-ARRIVES-TO", "as-cc", Wire::Swap(Header::To, Header::Cc)),
        Mutant::new("SEND-ARRIVES-TO", "long-number-shortened", patch("3930313233", "39")),
        wire("SEND-ARRIVES-CC", "as-bcc", Wire::Swap(Header::Bcc, Header::Cc)),
        wire("SEND-ARRIVES-ATTACHMENTS", "none", Wire::Omit(Header::Parts)),
        wire("SEND-ARRIVES-ATTACHMENTS", "first-only", Wire::FirstOnly(Header::Parts)),
        wire("SEND-ARRIVES-ATTACHMENTS", "last-byte-lost", Wire::Cut(Header::Parts)),
        wire("SEND-ARRIVES-ATTACHMENTS", "reversed", Wire::Reverse(Header::Parts)),
        wire("SEND-ARRIVES-TITLE", "none", Wire::Omit(Header::Subject)),
        wire("SEND-ARRIVES-TITLE", "last-character-lost", Wire::Cut(Header::Subject)),
        Mutant::new("SEND-ARRIVES-TITLE", "digits", habit(Habit::HexKeptAsText)),
        Mutant::new("SEND-ARRIVES-TEXT-CHARSET", "late", habit(Habit::LateCharset)),
        wire("SEND-ARRIVES-SENDREP", "inverted", Wire::Invert(Header::DeliveryReport)),
        wire("SEND-ARRIVES-READREP", "inverted", Wire::Invert(Header::ReadReply)),
    ];
    for (name, header) in [("TO", Header::To), ("CC", Header::Cc), ("BCC", Header::Bcc)] {
        let clause = format!("SEND-ARRIVES-{name}");
        all.push(wire(&clause, "none", Wire::Omit(header)));
        all.push(wire(&clause, "first-only", Wire::FirstOnly(header)));
        all.push(wire(&clause, "last-character-lost", Wire::Cut(header)));
        all.push(wire(&clause, "reversed", Wire::Reverse(header)));
    }
    for charset in ["ASCII", "UTF8", "UCS2", "GBK"] {
        let what = format!("labelled-{}", charset.to_lowercase());
        all.push(wire("SEND-ARRIVES-TEXT-CHARSET", &what, Wire::Mislabel(charset.into())));
    }
    // Each parameter: its clause, its header, how many values it has, and the value that leaves it out.
    let params = [
        ("VALID", Header::Expiry, 5, Some(6)),
        ("PRI", Header::Priority, 3, Some(3)),
        ("SENDREP", Header::DeliveryReport, 2, None),
        ("READREP", Header::ReadReply, 2, None),
        ("VISIBLE", Header::Visibility, 2, Some(2)),
        ("CLASS", Header::Class, 4, Some(4)),
    ];
    for (name, header, values, absent) in params {
        let clause = format!("SEND-ARRIVES-{name}");
        all.extend(
            (0..values).map(|value| Mutant::new(&clause, &format!("always-{value}"), setting(header, value))),
        );
        if absent.is_some() {
            all.push(wire(&clause, "none", Wire::Omit(header)));
        }
    }
    // The blind list has this one.
    all.retain(|mutant| mutant.id != "send-arrives-visible-always-1");
    all
}

/// Faults that vendors make: a text taken for another form, a list that is mixed up, bytes that do not come through, something left over
/// from the message before.
pub(super) fn strangers() -> Vec<Mutant> {
    let wire = |clause: &str, what: &str, wire| Mutant::new(clause, what, Change::Wire(wire));
    let bytes = |from: &str, to: &str| Wire::PartBytes { from: from.into(), to: to.into() };
    let mut all = vec![
        Mutant::new("SEND-ARRIVES-TITLE", "digits-decoded-under-ascii", habit(Habit::DigitsDecoded)),
        Mutant::new("SEND-ARRIVES-TITLE", "digits-decoded-twice", habit(Habit::DigitsDecodedTwice)),
        Mutant::new("SEND-ARRIVES-TITLE", "digits-as-number", habit(Habit::DigitsAsNumber)),
        Mutant::new("SEND-ARRIVES-TITLE", "encoded-word-decoded", habit(Habit::EncodedWordDecoded)),
        Mutant::new("SEND-ARRIVES-TITLE", "ends-beyond-ascii", habit(Habit::TitleAsciiOnly)),
        Mutant::new("SEND-ARRIVES-TITLE", "charset-late", habit(Habit::LateTitleCharset)),
        Mutant::new("SEND-ARRIVES-TITLE", "labelled-gbk", patch("ea7f", "f17f")),
        Mutant::new("SEND-ARRIVES-PRI", "low-as-high", patch("8f80", "8f82")),
        Mutant::new("SEND-ARRIVES-VALID", "minutes-for-hours", patch("880481020e10", "880381013c")),
        Mutant::new("EDIT-ATTACH-ADD", "from-flash", habit(Habit::FlashFirst)),
        Mutant::new("SEND-ARRIVES-PROXY", "port-80", habit(Habit::ProxyPortIgnored)),
        Mutant::new("SEND-ARRIVES-MMSC", "small-letters", head("/Servlets/MMS", "/servlets/mms")),
        Mutant::new("SEND-ARRIVES-MMSC", "query-lost", head("?Id=1&to=x", "")),
        Mutant::new("SEND-ARRIVES-MMSC", "slash-lost", head("/mms/ ", "/mms ")),
        Mutant::new("SEND-ARRIVES-TO", "number-as-an-address-of-the-internet", patch(PLMN, IPV4)),
        Mutant::new("SEND-ARRIVES-TO", "plus-lost", patch("972b", "97")),
        Mutant::new("SEND-ARRIVES-CC", "plus-lost", patch("822b", "82")),
        Mutant::new("SEND-ARRIVES-BCC", "plus-lost", patch("812b", "81")),
        wire("SEND-ARRIVES-ATTACHMENTS", "lines-ended-by-cr-lf", bytes("0a", "0d0a")),
        wire("SEND-ARRIVES-ATTACHMENTS", "cr-lost", bytes("0d0a", "0a")),
        wire("SEND-ARRIVES-ATTACHMENTS", "nul-lost", bytes("00", "")),
        wire("SEND-ARRIVES-ATTACHMENTS", "control-z-lost", bytes("1a", "")),
        wire("SEND-ARRIVES-ATTACHMENTS", "escape-lost", bytes("1b", "")),
        wire("SEND-ARRIVES-ATTACHMENTS", "top-bit-lost", bytes("ff", "7f")),
        wire("SEND-ARRIVES-ATTACHMENTS", "dots-doubled", bytes("0a2e", "0a2e2e")),
        wire("SEND-ARRIVES-ATTACHMENTS", "first-twice", Wire::Double(Header::Parts)),
        wire("SEND-ARRIVES-ATTACHMENTS", "same-bytes-once", Wire::SameBytesOnce),
        wire("SEND-ARRIVES-ATTACHMENTS", "cut-at-255", Wire::PartsAtMost(255)),
        wire("SEND-ARRIVES-ATTACHMENTS", "cut-at-65535", Wire::PartsAtMost(65_535)),
        wire("PROC-REPEAT-MESSAGE", "cc-left-over", Wire::Leftover(Header::Cc)),
        wire("PROC-REPEAT-MESSAGE", "bcc-left-over", Wire::Leftover(Header::Bcc)),
        wire("PROC-REPEAT-MESSAGE", "files-left-over", Wire::Leftover(Header::Parts)),
        wire("PROC-REPEAT-MESSAGE", "expiry-left-over", Wire::Leftover(Header::Expiry)),
        wire("PROC-REPEAT-MESSAGE", "priority-left-over", Wire::Leftover(Header::Priority)),
        wire("PROC-REPEAT-MESSAGE", "class-left-over", Wire::Leftover(Header::Class)),
        wire("SEND-ARRIVES-TITLE", "left-over", Wire::Leftover(Header::Subject)),
        wire("SEND-ARRIVES-VISIBLE", "inverted", Wire::Invert(Header::Visibility)),
    ];
    for (name, header) in [("TO", Header::To), ("CC", Header::Cc), ("BCC", Header::Bcc)] {
        all.push(wire(&format!("SEND-ARRIVES-{name}"), "first-twice", Wire::Double(header)));
    }
    all
}

/// The types of an address, in hexadecimal.
const PLMN: &str = "2f545950453d504c4d4e";
const IPV4: &str = "2f545950453d49507634";

/// Messages that break a standard and nothing else.
pub(super) fn standards() -> Vec<Mutant> {
    let part = |from: &str, to: &str| Change::Wire(Wire::PartType { from: from.into(), to: to.into() });
    let trailing = |bytes: &str| Change::Wire(Wire::Trailing(bytes.into()));
    let media = "Content-Type: application/vnd.wap.mms-message";
    let host = "Host: 10.64.64.1:8002\r\n";
    vec![
        Mutant::new("SEND-WAP-TRANSACTION", "always-the-same", habit(Habit::TransactionRepeated)),
        Mutant::new("SEND-WAP-TRANSACTION", "that-of-the-message", habit(Habit::TransactionOfMessage)),
        Mutant::new("SEND-WAP-VERSION", "missing", patch("8d90", "")),
        Mutant::new("SEND-WAP-VERSION", "is-2", patch("8d90", "8da0")),
        Mutant::new("SEND-WAP-FROM", "missing", patch("890181", "")),
        Mutant::new("SEND-WAP-FROM", "empty", patch("890181", "89028000")),
        Mutant::new("SEND-WAP-ORDER", "sender-before-version", patch("8d90890181", "8901818d90")),
        Mutant::new("SEND-WAP-BODY", "octets-behind-it", trailing("0000")),
        Mutant::new("SEND-WAP-PART-TYPE", "text-as-picture", part("text/plain", "image/jpeg")),
        Mutant::new("SEND-WAP-PART-TYPE", "picture-as-text", part("image/jpeg", "text/plain")),
        Mutant::new("SEND-WAP-PART-TYPE", "sound-as-picture", part("audio/amr", "image/jpeg")),
        Mutant::new("SEND-WAP-PART-TYPE", "one-picture-as-another", part("image/png", "image/gif")),
        Mutant::new("SEND-HTTP-TYPE", "bytes", head(media, "Content-Type: application/octet-stream")),
        Mutant::new("SEND-HTTP-TYPE", "form", head(media, "Content-Type: application/x-www-form-urlencoded")),
        Mutant::new("SEND-HTTP-TYPE", "missing", head(media, "X-Type: none")),
        Mutant::new(
            "SEND-HTTP-LENGTH",
            "too-short",
            head("Content-Length: ", "Content-Length: 20\r\nX-Length: "),
        ),
        Mutant::new("SEND-HTTP-LENGTH", "too-long", head("Content-Length: ", "Content-Length: 1")),
        Mutant::new("SEND-HTTP-LENGTH", "missing", head("Content-Length", "X-Length")),
        Mutant::new("SEND-HTTP-HOST", "missing", head(host, "")),
        Mutant::new("SEND-HTTP-HOST", "another", head(host, "Host: localhost\r\n")),
        Mutant::new(
            "SEND-HTTP-TARGET",
            "host-alone",
            head("http://10.64.64.1:8002/mms", "10.64.64.1:8002/mms"),
        ),
    ]
}

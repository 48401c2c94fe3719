//! What a message that arrived tells of the unknowns that no line of the dialogue answers.
//!
//! Knows one look at the message for each such unknown. It judges nothing.

use mms_pdu::{AddressForm, Charset, Priority, SendReq, YesNo};

use crate::executor::Captured;

/// Whether what arrived answers the unknown.
pub fn tells(unknown: &str) -> bool {
    matches!(
        unknown,
        "U-SEND-BODY"
            | "U-SEND-MAXIMUM-EXPIRY"
            | "U-SEND-SUBJECT-CHARSET"
            | "U-SEND-FILE-CHARSET"
            | "U-SEND-FILE-TYPE"
            | "U-SEND-AUTO-REPORTS"
            | "U-SEND-PARAM-BINDS"
            | "U-SEND-MMSC-BINDS"
            | "U-SEND-FILE-NAME"
            | "U-SEND-FILE-BINDS"
            | "U-SEND-ADDRESS-TYPE"
            | "U-SEND-DATE"
            | "U-SEND-TITLE-NOT-HEX"
    )
}

/// The answer to an unknown that [`tells`] names, as the message that arrived gives it.
pub fn observed(unknown: &str, captured: &Captured) -> Option<&'static str> {
    let message = SendReq::decode(&captured.pdu).ok()?;
    let file = message.parts().iter().find(|part| !part.content_type().is("application/smil"));
    let answer = match unknown {
        "U-SEND-BODY" if message.content_type().is("application/vnd.wap.multipart.related") => "related",
        "U-SEND-BODY" => "mixed",
        "U-SEND-MAXIMUM-EXPIRY" if message.expiry().is_none() => "absent",
        "U-SEND-MAXIMUM-EXPIRY" => "week-and-more",
        "U-SEND-SUBJECT-CHARSET" => match message.subject()?.charset() {
            Some(Charset::UTF8) => "utf8",
            Some(Charset::GBK) => "native",
            _ => "other",
        },
        "U-SEND-FILE-CHARSET" => match file?.content_type().charset() {
            Some(Charset::UTF8) => "utf-8",
            Some(_) => "as-set",
            None => "none",
        },
        "U-SEND-FILE-TYPE" => match file?.content_type() {
            media if media.is("application/octet-stream") => "octet-stream",
            media if media.essence().starts_with("text/") => "text",
            _ => "other",
        },
        "U-SEND-AUTO-REPORTS" => {
            let asked = [message.delivery_report(), message.read_report()].contains(&Some(YesNo::Yes));
            if asked { "sent" } else { "left-out" }
        }
        // The case sets low priority before it edits, and high priority before it sends.
        "U-SEND-PARAM-BINDS" => match message.priority() {
            Some(Priority::High) => "send",
            Some(Priority::Low) => "edit",
            _ => "other",
        },
        // The case names one path before it edits, and another one before it sends.
        "U-SEND-MMSC-BINDS" if captured.target.ends_with("/sent") => "send",
        "U-SEND-MMSC-BINDS" if captured.target.ends_with("/edited") => "edit",
        "U-SEND-MMSC-BINDS" => "other",
        // The case attaches RAM:named.bin.
        "U-SEND-FILE-NAME" => match file?.file_name().as_deref() {
            None => "none",
            Some("named.bin") => "name",
            Some("RAM:named.bin") => "path",
            Some(_) => "other",
        },
        // The case attaches a file that says "before", and has it say "after!" before it sends.
        "U-SEND-FILE-BINDS" => match file?.data() {
            b"after!" => "send",
            b"before" => "attach",
            _ => "other",
        },
        // The case sends to a number.
        "U-SEND-ADDRESS-TYPE" => match message.to().next()?.address().form() {
            AddressForm::Plmn => "plmn",
            AddressForm::Untyped => "bare",
            _ => "other",
        },
        "U-SEND-DATE" if message.date().is_some() => "there",
        "U-SEND-DATE" => "absent",
        // The case gives the title NO HEX.
        "U-SEND-TITLE-NOT-HEX" => match message.subject() {
            None => "nothing",
            Some(subject) if subject.text_lossy() == "NO HEX" => "text",
            Some(_) => "other",
        },
        _ => return None,
    };
    Some(answer)
}

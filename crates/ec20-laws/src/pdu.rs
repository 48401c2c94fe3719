//! The message: what is written is read back, and whatever is read is read within its octets.
//!
//! * [`total`]: no octets make a decoder panic, and what a view points at lies where it says, inside the message.
//! * [`back`]: what the encoder writes is read as it was given, without a note, and no prefix of it passes for it.
//! * [`charset`]: a text that a charset takes comes back.
//! * [`change`], [`truncation`]: every single-octet change and every prefix of a message obeys `total`.

mod draft;

use arbitrary::{Arbitrary as _, Unstructured};
use mms_pdu::{
    Address, Charset, DecodeError, HeaderName, Message, Part, SendConf, SendConfBuilder, SendReq, Sender,
    Text,
};

pub use draft::{Draft, DraftPart};

/// Reads octets as every kind of message, looks at everything, and checks where it lies.
pub fn total(octets: &[u8]) {
    match Message::decode(octets) {
        Ok(message) => holds(octets, &message),
        Err(error) => located(octets, error),
    }
    match SendReq::decode(octets) {
        Ok(message) => look_at(&message),
        Err(error) => located(octets, error),
    }
    match SendConf::decode(octets) {
        Ok(answer) => {
            let _ = (answer.response_text().map(|text| text.text_lossy()), answer.message_id());
            let _ = (answer.status().to_string(), answer.status().outcome(), answer.version());
        }
        Err(error) => located(octets, error),
    }
}

/// An error lies inside the message and has words.
fn located(octets: &[u8], error: DecodeError) {
    assert!(
        error.start <= error.end && error.end <= octets.len(),
        "an error lies inside the message: {error:?}"
    );
    assert!(!error.to_string().is_empty() && !error.expected.is_empty(), "an error has words");
}

/// Headers follow each other without a gap, parts too, and every view is a slice of the message.
fn holds(octets: &[u8], message: &Message<'_>) {
    let mut end = 0;
    for header in message.headers() {
        assert_eq!(header.offset, end, "headers follow each other");
        same(octets, header.offset, header.raw);
        end += header.raw.len();
        if let HeaderName::Text(name) = header.name {
            assert!(name.len() < header.raw.len());
        }
    }
    for part in message.parts() {
        assert!(part.data_offset() >= end, "parts follow headers and each other");
        end = part.data_offset() + part.data().len();
        assert!(end <= octets.len(), "a part lies inside the message");
        within(octets, part);
        for inner in part.parts().iter().flatten() {
            within(octets, inner);
        }
    }
    for note in message.notes() {
        assert!(note.offset <= octets.len(), "a note lies inside the message: {note:?}");
        assert!(!note.to_string().is_empty());
    }
    let _ = message.application_headers().count();
}

fn within(octets: &[u8], part: &Part<'_>) {
    same(octets, part.data_offset(), part.data());
    for header in part.headers() {
        same(octets, header.offset, header.raw);
    }
    let _ = (part.file_name(), part.content_id(), part.content_location().map(|text| text.text_lossy()));
    let _ = (part.text(), part.content_type().charset(), part.content_type().related_type());
    let _ = part.content_type().parameters().count();
}

/// A view is the slice of the message that its offset says: the same memory, not only equal octets.
fn same(octets: &[u8], offset: usize, view: &[u8]) {
    let slice = &octets[offset..offset + view.len()];
    assert!(view.is_empty() || std::ptr::eq(slice, view), "a view is a slice of the message");
}

fn look_at(message: &SendReq<'_>) {
    let texts = message.to().chain(message.cc()).chain(message.bcc()).chain(message.subject());
    for text in texts {
        let _ = (text.text(), text.address().to_string());
    }
    let _ = (message.date(), message.version().map(|version| version.to_string()), message.class());
    let _ = (message.expiry(), message.delivery_time(), message.priority(), message.visibility());
    let _ = (message.delivery_report(), message.read_report(), message.from());
    let _ = message.presentation().map(Part::data);
}

/// [`back`] over a message drawn from bytes.
pub fn back_drawn(bytes: &[u8]) {
    if let Ok(draft) = Draft::arbitrary(&mut Unstructured::new(bytes)) {
        back(&draft);
    }
}

/// [`answer_back`] and [`charset`] over an id, a status, a charset and a text drawn from bytes.
pub fn answer_back_drawn(bytes: &[u8]) {
    let Ok((id, status, mib, text)) = <(Vec<u8>, u8, u16, String)>::arbitrary(&mut Unstructured::new(bytes))
    else {
        return;
    };
    answer_back(&id, status, &text);
    charset(Charset(u32::from(mib)), &text);
}

/// Writes a message and reads it back: every value as given, no note. No prefix of it is taken for it.
pub fn back(draft: &Draft) {
    let octets = match draft.builder().encode() {
        Ok(octets) => octets,
        Err(error) => panic!("a legal message is written: {error}\n{draft:?}"),
    };
    let message = match SendReq::decode(&octets) {
        Ok(message) => message,
        Err(error) => panic!("what is written is read: {error}\n{draft:?}\n{octets:02X?}"),
    };
    assert_eq!(message.notes(), [], "what is written is in canonical form: {draft:?}");
    assert_eq!(message.transaction_id().octets(), draft.transaction_id.as_bytes());
    assert_eq!(message.version(), Some(draft.version));
    assert_eq!(message.date(), draft.date);
    match (message.from(), &draft.from) {
        (Some(Sender::Insert), None) => {}
        (Some(Sender::Address(read)), Some(given)) => assert_eq!(read.address(), Address::typed(given)),
        other => panic!("the sender: {other:?}"),
    }
    let read: [Vec<Address<'_>>; 3] = [
        message.to().map(|text| text.address()).collect(),
        message.cc().map(|text| text.address()).collect(),
        message.bcc().map(|text| text.address()).collect(),
    ];
    let given: [Vec<Address<'_>>; 3] =
        draft.recipients.each_ref().map(|list| list.iter().map(|plain| Address::typed(plain)).collect());
    assert_eq!(read, given, "recipients in order");
    match (message.subject(), draft.subject_text()) {
        (None, None) => {}
        (Some(read), Some(Text::Unicode(given))) => assert_eq!(read.text().as_deref(), Ok(&*given)),
        (Some(read), Some(Text::Octets { charset, octets })) => {
            assert_eq!((read.charset(), read.octets()), (Some(charset), &*octets));
            assert_eq!(read.text().ok().as_deref(), draft.subject.as_ref().map(|(text, _)| text.as_str()));
        }
        other => panic!("the subject: {other:?}"),
    }
    assert_eq!(message.class_code(), draft.class);
    assert_eq!((message.expiry(), message.delivery_time()), (draft.expiry, draft.delivery_time));
    assert_eq!((message.priority(), message.visibility()), (draft.priority, draft.visibility));
    assert_eq!([message.delivery_report(), message.read_report()], draft.reports);
    parts_back(&message, draft);
    assert_eq!(draft.builder().encode().as_ref(), Ok(&octets), "the same message is written the same way");
    // Not every prefix: a law that a fuzzer can ask thousands of times a second finds more than a thorough one.
    for length in (0..octets.len()).step_by(octets.len() / 64 + 1) {
        assert!(SendReq::decode(&octets[..length]).is_err(), "{length} octets pass for {}", octets.len());
    }
}

fn parts_back(message: &SendReq<'_>, draft: &Draft) {
    let start = message.content_type().start().map(|start| start.text_lossy().into_owned());
    assert_eq!(start, draft.related.as_ref().map(|start| format!("<{start}>")));
    assert_eq!(message.parts().len(), draft.parts.len());
    for (read, given) in message.parts().iter().zip(&draft.parts) {
        assert!(read.content_type().is(&given.media), "{} for {}", read.content_type(), given.media);
        assert_eq!(read.content_type().charset(), given.charset);
        assert_eq!(read.data(), given.data);
        assert_eq!(read.content_id().as_deref(), given.content_id.as_deref());
        let name = read.content_type().name().map(|name| name.text_lossy());
        assert_eq!(name.as_deref(), given.name.as_deref());
        let location = read.content_location().map(|location| location.text_lossy());
        assert_eq!(location.as_deref(), given.name.as_deref());
    }
}

/// An answer with any transaction id, status and text comes back, or is refused.
pub fn answer_back(transaction_id: &[u8], status: u8, text: &str) {
    let builder = SendConfBuilder::new(transaction_id, mms_pdu::ResponseStatus(status)).text(text);
    let Ok(octets) = builder.encode() else { return };
    let answer = match SendConf::decode(&octets) {
        Ok(answer) => answer,
        Err(error) => panic!("what is written is read: {error}"),
    };
    assert_eq!(answer.transaction_id().octets(), transaction_id);
    assert_eq!(answer.status().0, status);
    assert_eq!(answer.response_text().and_then(|text| text.text().ok()).as_deref(), Some(text));
    assert_eq!(answer.notes(), []);
}

/// A text that a charset takes comes back; octets that it reads are read again after writing.
pub fn charset(charset: Charset, text: &str) {
    let Ok(octets) = charset.encode(text) else { return };
    // A byte order mark in front is taken off by whoever reads.
    let expected = text.strip_prefix('\u{FEFF}').filter(|_| charset == Charset::UTF8 || charset.is_wide());
    assert_eq!(charset.decode(&octets).as_deref(), Ok(expected.unwrap_or(text)), "{charset}");
}

/// Every prefix of a message is read or refused.
pub fn truncation(octets: &[u8]) {
    for length in 0..=octets.len() {
        total(&octets[..length]);
    }
}

/// Every change of a single octet of a message is read or refused.
pub fn change(octets: &[u8]) {
    let mut changed = octets.to_vec();
    for at in 0..changed.len() {
        let kept = changed[at];
        for octet in 0..=255 {
            changed[at] = octet;
            total(&changed);
        }
        changed[at] = kept;
    }
}

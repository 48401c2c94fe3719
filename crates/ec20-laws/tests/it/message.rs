//! The laws of the message: over drawn messages, over random octets, and over every change of some messages.

use arbitrary::{Arbitrary, Unstructured};
use ec20_laws::pdu::{self, Draft};
use mms_pdu::{Charset, PartBuilder, ResponseStatus, SendConfBuilder, SendReqBuilder};
use proptest::prelude::*;

/// Short messages that together hold one of everything. (What every change costs grows with the square of the length.)
fn messages() -> Vec<Vec<u8>> {
    let small = SendReqBuilder::new("T1").to("1").encode();
    let headers = SendReqBuilder::new("T2")
        .date(1_000_000_000_u64)
        .from("+15551234")
        .to("a@b.c")
        .cc("192.0.2.1")
        .bcc("::1")
        .subject("标题")
        .class(mms_pdu::ClassCode::Auto)
        .expiry(mms_pdu::When::Relative(604_800))
        .priority(mms_pdu::Priority::High)
        .visibility(mms_pdu::Visibility::Hide)
        .delivery_report(true)
        .read_report(false)
        .encode();
    let parts = SendReqBuilder::new("T3")
        .to("1")
        .related("s", "application/smil")
        .part(PartBuilder::new("application/smil", b"<smil/>").content_id("s"))
        .text_part("t.txt", "标题")
        .part(PartBuilder::of_file("x.jpg", &[0xFF, 0xD8]))
        .encode();
    let answer = SendConfBuilder::new("T1", ResponseStatus(132)).text("Ошибка").message_id("id").encode();
    let mut all: Vec<Vec<u8>> = [small, headers, parts, answer].into_iter().map(Result::unwrap).collect();
    // A foreign client's: counted address, UCS-2 with one NUL, parameters swapped, textual names.
    all.push(
        b"\x8C\x80\x98T\x00\x8D\x92X-A\x00b\x00\x89\x01\x81\x97\x0E\xEA+1/TYPE=PLMN\x00\x96\x06\x02\x03\xE8\x01\x00\x00\
          \x84\x0B\xB3\x8A<S>\x00\x89a/b\x00\x01\x1E\x02\x0E\x83charset\x00utf8\x00Content-ID\x00<0>\x00ab"
            .to_vec(),
    );
    all
}

/// The fuzzers begin with them: `EC20_SEEDS=write cargo test -p ec20-laws seeds` writes the files.
#[test]
fn they_are_seeds() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/messages");
    for (number, message) in messages().into_iter().enumerate() {
        let file = folder.join(number.to_string());
        if std::env::var_os("EC20_SEEDS").is_some_and(|word| word == "write") {
            std::fs::write(&file, &message).unwrap();
        }
        assert_eq!(std::fs::read(&file).unwrap(), message, "{}", file.display());
    }
}

#[test]
fn they_are_messages() {
    for message in messages() {
        assert!(mms_pdu::Message::decode(&message).is_ok());
    }
}

#[test]
fn every_truncation_is_read_or_refused() {
    for message in messages() {
        pdu::truncation(&message);
    }
}

#[test]
fn every_single_octet_change_is_read_or_refused() {
    for message in messages() {
        pdu::change(&message);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(seed in proptest::collection::vec(any::<u8>(), 0..1500)) {
        if let Ok(draft) = Draft::arbitrary(&mut Unstructured::new(&seed)) {
            pdu::back(&draft);
        }
    }

    #[test]
    fn no_octets_break_a_decoder(octets in proptest::collection::vec(any::<u8>(), 0..400)) {
        pdu::total(&octets);
        pdu::total(&[b"\x8C\x80", octets.as_slice()].concat());
        pdu::total(&[b"\x8C\x80\x98T\x00\x84\xA3\x02", octets.as_slice()].concat());
        pdu::total(&[b"\x8C\x80\x98T\x00\x84", octets.as_slice()].concat());
    }

    #[test]
    fn answers_come_back(id in proptest::collection::vec(any::<u8>(), 0..40), status: u8, text: String) {
        pdu::answer_back(&id, status, &text);
    }

    #[test]
    fn texts_come_back(text: String, cjk in "[\u{4E00}-\u{9FA5}A-z]{0,20}") {
        for mib in [3, 4, 17, 18, 38, 39, 106, 113, 114, 1000, 1013, 1014, 1015, 2025, 2026, 2251] {
            pdu::charset(Charset(mib), &text);
            pdu::charset(Charset(mib), &cjk);
        }
    }
}

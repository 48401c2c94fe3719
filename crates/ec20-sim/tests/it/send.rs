//! `AT+QMMSEND`: what arrives, and every way in which it can fail. The table of `results.md` is this file's contents.

use ec20_manual::profile::{Answer, Profile};
use ec20_sim::{Environment, NetworkFailure};
use mms_pdu::{ClassCode, Priority, ResponseStatus, Visibility, When, YesNo};
use rstest::rstest;

use crate::centre::{Line, composed, ready, result, send, upload};
use crate::dialogue::{check, check_on};

fn manual() -> &'static Profile {
    Profile::manual()
}

#[test]
fn the_manuals_own_message_arrives() {
    let mut line = ready(manual());
    check_on(
        &mut line,
        r#"
        > AT+QMMSCFG="mmsc","mmsc.myuni.com"
        < OK
        > AT+QMMSCFG="proxy","10.0.0.172",80
        < OK
        > AT+QMMSCFG="sendparam",6,2,0,0,2,4
        < OK
        > AT+QMMSEDIT=1,1,"13856122546"
        < OK
        > AT+QMMSEDIT=2,1,"copy.test@quectel.com"
        < OK
        > AT+QMMSEDIT=3,1,"secret.test@quectel.com"
        < OK
        > AT+QMMSCFG="character","ASCII"
        < OK
        > AT+QMMSEDIT=4,1,"test EC20 mms"
        < OK
        "#,
    );
    upload(&mut line, "RAM:test_ram.txt", &[b'U'; 100]);
    upload(&mut line, "RAM:test_pic.jpg", &[0xD8; 200]);
    check_on(
        &mut line,
        r#"
        > AT+QMMSEDIT=5,1,"RAM:test_ram.txt"
        < OK
        > AT+QMMSEDIT=5,1,"RAM:test_pic.jpg"
        < OK
        "#,
    );
    assert_eq!(send(&mut line), "+QMMSEND: 0,200");
    let centre = line.far_end();
    assert_eq!(centre.connected, [("10.0.0.172".to_owned(), 80)]);
    let captured = centre.kept[0].clone();
    assert_eq!((captured.target(), captured.host()), ("http://mmsc.myuni.com/", "mmsc.myuni.com"));
    let message = captured.message().expect("a message");
    let texts = |list: Vec<mms_pdu::EncodedString<'_>>| -> Vec<String> {
        list.iter().map(|address| address.text_lossy().into_owned()).collect()
    };
    assert_eq!(texts(message.to().collect()), ["13856122546/TYPE=PLMN"]);
    assert_eq!(texts(message.cc().collect()), ["copy.test@quectel.com"]);
    assert_eq!(texts(message.bcc().collect()), ["secret.test@quectel.com"]);
    assert_eq!(message.subject().expect("a subject").text_lossy(), "test EC20 mms");
    assert_eq!(message.priority(), Some(Priority::High));
    let parts: Vec<_> = message.parts().iter().map(|part| (part.file_name(), part.data().len())).collect();
    assert_eq!(parts, [(Some("test_ram.txt".into()), 100), (Some("test_pic.jpg".into()), 200)]);
    assert!(message.notes().is_empty(), "{:?}", message.notes());
}

#[test]
fn without_a_proxy_the_target_is_a_path() {
    let mut line = composed(manual());
    assert_eq!(send(&mut line), "+QMMSEND: 0,200");
    let centre = line.far_end();
    assert_eq!(centre.connected, [("mmsc.example.com".to_owned(), 80)]);
    assert_eq!(centre.kept[0].target(), "/servlets/mms");
    assert_eq!(centre.kept[0].host(), "mmsc.example.com");
}

/// `标题中文` in every character set.
#[rstest]
#[case::ascii("ASCII", "title", "title")]
#[case::utf8("UTF8", "E6A087E9A298E4B8ADE69687", "标题中文")]
#[case::ucs2("UCS2", "680798984E2D6587", "标题中文")]
#[case::gbk("GBK", "B1EACCE2D6D0CEC4", "标题中文")]
fn titles_and_text_files(#[case] charset: &str, #[case] title: &str, #[case] text: &str) {
    for proxy in [false, true] {
        for wire in ["utf8", "native"] {
            let answer = Answer::Named(wire.into());
            let mut line = ready(&manual().clone().answering("U-SEND-SUBJECT-CHARSET", answer));
            if proxy {
                check_on(&mut line, "> AT+QMMSCFG=\"proxy\",\"10.0.0.172\",8080\n< OK");
            }
            check_on(
                &mut line,
                &format!(
                    "> AT+QMMSCFG=\"character\",\"{charset}\"\n< OK\n> AT+QMMSEDIT=1,1,\"+8613856122546\"\n< OK\n\
                     > AT+QMMSEDIT=4,1,\"{title}\"\n< OK"
                ),
            );
            let octets: Vec<u8> = match charset {
                "ASCII" => title.as_bytes().to_vec(),
                _ => (0..title.len())
                    .step_by(2)
                    .map(|at| u8::from_str_radix(&title[at..at + 2], 16))
                    .collect::<Result<_, _>>()
                    .expect("hexadecimal"),
            };
            upload(&mut line, "RAM:t.txt", &octets);
            check_on(
                &mut line,
                "> AT+QMMSEDIT=5,1,\"RAM:t.txt\"\n< OK\n> AT+QMMSCFG=\"character\",\"ASCII\"\n< OK",
            );
            assert_eq!(send(&mut line), "+QMMSEND: 0,200");
            let captured = line.far_end().kept[0].clone();
            let message = captured.message().expect("a message");
            assert_eq!(message.subject().expect("a subject").text().expect("text"), text);
            assert_eq!(message.parts()[0].data(), octets);
            assert_eq!(message.parts()[0].text().expect("a text part"), text);
        }
    }
}

/// The message that arrives with these send parameters.
fn with_sendparam(values: &str, look: impl FnOnce(&mms_pdu::SendReq<'_>)) {
    let mut line = composed(manual());
    check_on(&mut line, &format!("> AT+QMMSCFG=\"sendparam\",{values}\n< OK"));
    assert_eq!(send(&mut line), "+QMMSEND: 0,200");
    let captured = line.far_end().kept[0].clone();
    look(&captured.message().expect("a message"));
}

#[rstest]
#[case::one_hour(0, Some(3_600))]
#[case::twelve_hours(1, Some(43_200))]
#[case::one_day(2, Some(86_400))]
#[case::two_days(3, Some(172_800))]
#[case::one_week(4, Some(604_800))]
#[case::maximum(5, None)]
#[case::network(6, None)]
fn valid_becomes_expiry(#[case] valid: u32, #[case] seconds: Option<u64>) {
    with_sendparam(&format!("{valid},3,0,0,2,4"), |message| {
        assert_eq!(message.expiry(), seconds.map(When::Relative));
    });
}

#[rstest]
#[case::low(0, Some(Priority::Low))]
#[case::normal(1, Some(Priority::Normal))]
#[case::high(2, Some(Priority::High))]
#[case::network(3, None)]
fn pri_becomes_priority(#[case] pri: u32, #[case] priority: Option<Priority>) {
    with_sendparam(&format!("6,{pri},0,0,2,4"), |message| assert_eq!(message.priority(), priority));
}

#[rstest]
#[case::no(0, YesNo::No, 0x81)]
#[case::yes(1, YesNo::Yes, 0x80)]
fn reports_are_inverted_on_the_wire(#[case] value: u32, #[case] asked: YesNo, #[case] octet: u8) {
    assert_eq!(asked.octet(), octet, "WAP-209 says yes with the smaller octet");
    with_sendparam(&format!("6,3,{value},{},2,4", 1 - value), |message| {
        assert_eq!(message.delivery_report(), Some(asked));
        assert_ne!(message.read_report(), Some(asked));
    });
    with_sendparam(&format!("6,3,{},{value},2,4", 1 - value), |message| {
        assert_eq!(message.read_report(), Some(asked));
        assert_ne!(message.delivery_report(), Some(asked));
    });
}

#[rstest]
#[case::hide(0, Some(Visibility::Hide))]
#[case::show(1, Some(Visibility::Show))]
#[case::network(2, None)]
fn visible_becomes_sender_visibility(#[case] visible: u32, #[case] visibility: Option<Visibility>) {
    with_sendparam(&format!("6,3,0,0,{visible},4"), |message| assert_eq!(message.visibility(), visibility));
}

#[rstest]
#[case::personal(0, Some(ClassCode::Personal))]
#[case::advertisement(1, Some(ClassCode::Advertisement))]
#[case::informational(2, Some(ClassCode::Informational))]
#[case::auto(3, Some(ClassCode::Auto))]
#[case::network(4, None)]
fn class_becomes_message_class(#[case] class: u32, #[case] code: Option<ClassCode>) {
    with_sendparam(&format!("6,3,0,0,2,{class}"), |message| assert_eq!(message.class_code(), code));
}

/// Every HTTP status of chapter 5, and some that it does not have.
#[rstest]
#[case(200)]
#[case(400)]
#[case(403)]
#[case(404)]
#[case(409)]
#[case(411)]
#[case(500)]
#[case(502)]
#[case(206)]
#[case(302)]
#[case(503)]
fn http_statuses(#[case] status: u16) {
    let mut line = composed(manual());
    line.far_end().order(&if status == 200 { "accept".to_owned() } else { format!("http {status}") });
    let expected =
        if status == 200 { "+QMMSEND: 0,200".to_owned() } else { format!("+QMMSEND: 765,{status}") };
    assert_eq!(send(&mut line), expected);
}

#[test]
fn every_response_status_of_the_message_centre() {
    for status in ResponseStatus::all() {
        let mut line = composed(manual());
        line.far_end().order(&format!("status {} \"no {}\"", status.0, status.0));
        let expected = match status.0 {
            128 => "+QMMSEND: 0,200".to_owned(),
            other => format!("+QMMSEND: 766,200,\"no {other}\""),
        };
        assert_eq!(send(&mut line), expected, "{status}");
    }
}

#[rstest]
#[case::sized("accept")]
#[case::chunked("accept chunked")]
#[case::closed("accept no-length")]
#[case::interim("accept continue")]
#[case::id_first("id-first")]
#[case::late("accept delay 9s")]
fn answers_that_are_fine(#[case] order: &str) {
    let mut line = composed(manual());
    line.far_end().order(order);
    assert_eq!(send(&mut line), "+QMMSEND: 0,200");
}

/// A scenario of the table: what is done to a composed message, and the result line or refusal that comes.
type Scenario = fn(&mut Line) -> String;

fn ordered(line: &mut Line, words: &str) -> String {
    line.far_end().order(words);
    send(line)
}

fn failing(line: &mut Line, why: NetworkFailure) -> String {
    line.far_end().refuses = Some(why);
    send(line)
}

fn refused(line: &mut Line, command: &str) -> String {
    let said = line.exchange(command, 1_000);
    said.trim_matches(['\r', '\n']).rsplit("\r\n").next().unwrap_or_default().to_owned()
}

#[rstest]
#[case::e751(751, |l: &mut Line| failing(l, NetworkFailure::Other))]
#[case::e752(752, |l: &mut Line| refused(l, &format!("AT+QMMSCFG=\"mmsc\",\"{}\"", "u".repeat(101))))]
#[case::e753(753, |l: &mut Line| failing(l, NetworkFailure::NameUnresolved))]
#[case::e754(754, |l: &mut Line| refused(l, "AT+QMMSCFG=\"proxy\",\"socks://10.0.0.172\",80"))]
#[case::e755(755, |l: &mut Line| refused(l, "AT+QMMSCFG=\"proxy\",\"proxy.example.com\",80"))]
#[case::e756(756, |l: &mut Line| refused(l, "AT+QMMSCFG=\"contextid\",17"))]
#[case::e757(757, |l: &mut Line| filled(l, 1))]
#[case::e758(758, |l: &mut Line| filled(l, 2))]
#[case::e759(759, |l: &mut Line| filled(l, 3))]
#[case::e760(760, |l: &mut Line| {
    upload(l, "RAM:a.txt", b"a");
    (0..12).for_each(|_| assert_eq!(refused(l, "AT+QMMSEDIT=5,1,\"RAM:a.txt\""), "OK"));
    refused(l, "AT+QMMSEDIT=5,1,\"RAM:a.txt\"")
})]
#[case::e761(761, |l: &mut Line| {
    upload(l, "RAM:a.txt", b"a");
    check_on(l, "> AT+QMMSEDIT=5,1,\"RAM:a.txt\"\n< OK\n> AT+QFDEL=\"RAM:a.txt\"\n< OK");
    send(l)
})]
#[case::e762(762, |l: &mut Line| {
    check_on(l, "> AT+QMMSEDIT=1,0\n< OK");
    refused(l, "AT+QMMSEND=100")
})]
#[case::e763(763, |l: &mut Line| refused(l, "AT+QMMSEDIT=5,1,\"RAM:none.txt\""))]
#[case::e764(764, |l: &mut Line| {
    check_on(l, "> AT+QMMSEND=100\n< OK");
    refused(l, "AT+QMMSEND=100")
})]
#[case::e765(765, |l: &mut Line| ordered(l, "http 500"))]
#[case::e766(766, |l: &mut Line| ordered(l, "status 132 \"nobody there\""))]
#[case::e767_garbage(767, |l: &mut Line| ordered(l, "garbage"))]
#[case::e767_empty(767, |l: &mut Line| ordered(l, "empty"))]
#[case::e767_other_transaction(767, |l: &mut Line| ordered(l, "wrong-tid"))]
#[case::e767_no_transaction(767, |l: &mut Line| ordered(l, "no-tid"))]
#[case::e767_other_type(767, |l: &mut Line| ordered(l, "wrong-type"))]
#[case::e767_no_status(767, |l: &mut Line| ordered(l, "no-status"))]
#[case::e767_cut(767, |l: &mut Line| ordered(l, "cut-pdu"))]
#[case::e767_page(767, |l: &mut Line| ordered(l, "html"))]
#[case::e768(768, |l: &mut Line| {
    // A firmware that activates the context by itself, in a network that does not let it.
    *l = composed(&manual().clone().answering("U-SEND-NO-CONTEXT", Answer::Named("activates".into())));
    check_on(l, "> AT+QIDEACT=1\n< OK");
    l.happens(Environment::ContextsRefused(true));
    send(l)
})]
#[case::e769_inactive(769, |l: &mut Line| {
    check_on(l, "> AT+QIDEACT=1\n< OK");
    send(l)
})]
#[case::e769_lost(769, |l: &mut Line| {
    l.far_end().order("stall");
    check_on(l, "> AT+QMMSEND=100\n< OK");
    l.run_for(500);
    l.happens(Environment::PdpLost(1));
    let said = String::from_utf8(l.take()).expect("text");
    assert!(said.starts_with("\r\n+QIURC: \"pdpdeact\",1\r\n"), "{said:?}");
    said.trim_end().rsplit("\r\n").next().unwrap_or_default().to_owned()
})]
#[case::e770(770, |l: &mut Line| failing(l, NetworkFailure::NoSocket))]
#[case::e771(771, |l: &mut Line| failing(l, NetworkFailure::Refused))]
#[case::e772(772, |l: &mut Line| ordered(l, "reset"))]
#[case::e772_midway(772, |l: &mut Line| ordered(l, "reset-midway"))]
#[case::e773(773, |l: &mut Line| {
    l.far_end().breaks = Some(NetworkFailure::WriteFailed);
    send(l)
})]
#[case::e774(774, |l: &mut Line| ordered(l, "close"))]
#[case::e774_midway(774, |l: &mut Line| ordered(l, "truncated"))]
#[case::e775(775, |l: &mut Line| {
    l.far_end().order("stall");
    check_on(l, "> AT+QMMSEND=7\n< OK");
    let before = l.now();
    let line = result(l);
    assert_eq!(l.now() - before, 7_000, "the limit is over the whole process");
    line
})]
#[case::e775_midway(775, |l: &mut Line| {
    l.far_end().order("stall-midway");
    check_on(l, "> AT+QMMSEND=7\n< OK");
    result(l)
})]
#[case::e776(776, |l: &mut Line| {
    // Half a character of UTF8: a title that can be kept and not encoded.
    check_on(l, "> AT+QMMSCFG=\"character\",\"UTF8\"\n< OK\n> AT+QMMSEDIT=4,1,\"E6A0\"\n< OK");
    send(l)
})]
#[case::e777(777, |l: &mut Line| ordered(l, "no-http"))]
fn errors(#[case] code: u16, #[case] scenario: Scenario) {
    let mut line = composed(manual());
    let came = scenario(&mut line);
    let result = came.starts_with(&format!("+QMMSEND: {code},"));
    assert!(result || came == format!("+CME ERROR: {code}"), "{came}");
    // After a failure the message is still there, and the module is not busy.
    line.happens(Environment::ContextsRefused(false));
}

fn filled(line: &mut Line, list: u8) -> String {
    check_on(line, &format!("> AT+QMMSEDIT={list},0\n< OK"));
    for n in 1..=6 {
        check_on(line, &format!("> AT+QMMSEDIT={list},1,\"1380000000{n}\"\n< OK"));
    }
    refused(line, &format!("AT+QMMSEDIT={list},1,\"13800000007\""))
}

#[test]
fn the_message_stays_after_a_failure_and_after_a_success() {
    let mut line = composed(manual());
    assert_eq!(ordered(&mut line, "http 500"), "+QMMSEND: 765,500");
    check_on(&mut line, "> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"13856122546\"\n< OK");
    assert_eq!(send(&mut line), "+QMMSEND: 0,200", "sent again with nothing edited anew");
    check_on(
        &mut line,
        "> AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"13856122546\"\n< OK\n> AT+QMMSEDIT=4\n< +QMMSEDIT: 4,\"ASCII\",\"test EC20 mms\"\n< OK",
    );
    let ids: Vec<_> = line
        .far_end()
        .kept
        .iter()
        .map(|c| c.message().expect("a message").transaction_id().text_lossy().into_owned())
        .collect();
    assert_ne!(ids[0], ids[1], "each send has a name of its own");
}

#[test]
fn the_dialogue_goes_on_while_a_message_is_sent() {
    let mut line = composed(manual());
    line.far_end().order("accept delay 5s");
    check_on(
        &mut line,
        "> AT+QMMSEND=100\n< OK\n> AT+CSQ\n< +CSQ: 24,99\n< OK\n> AT+QMMSEDIT=0\n< +CME ERROR: 764\n\
         > AT+QMMSEDIT=1\n< +QMMSEDIT: 1,\"13856122546\"\n< OK",
    );
    assert_eq!(result(&mut line), "+QMMSEND: 0,200");
}

#[test]
fn fields_of_the_result_line() {
    for (fields, missing, expected) in [
        ("two", "zero", "+QMMSEND: 771,0"),
        ("one", "absent", "+QMMSEND: 771"),
        ("three", "zero", "+QMMSEND: 771,0,\"\""),
    ] {
        let profile = manual()
            .clone()
            .answering("U-SEND-FAILURE-FIELDS", Answer::Named(fields.into()))
            .answering("U-SEND-HTTP-MISSING", Answer::Named(missing.into()));
        let mut line = composed(&profile);
        assert_eq!(failing(&mut line, NetworkFailure::Refused), expected);
    }
    let raw = Answer::Other(vec!["+QMMSEND: 990,\"odd\"".into()]);
    let mut line = composed(&manual().clone().answering("U-SEND-CONNECT-ERR", raw));
    assert_eq!(failing(&mut line, NetworkFailure::Refused), "+QMMSEND: 990,\"odd\"");
}

#[test]
fn a_restart_in_the_middle_ends_the_send_without_a_word() {
    let mut line = composed(manual());
    line.far_end().order("accept delay 5s");
    check_on(&mut line, "> AT+QMMSEND=100\n< OK");
    line.run_for(1_000);
    line.happens(Environment::Reboot);
    line.run_for(60_000);
    let said = String::from_utf8(line.take()).expect("text");
    assert!(said.contains("RDY") && !said.contains("QMMSEND"), "{said:?}");
}

#[test]
fn a_timeout_out_of_range_is_refused() {
    check(
        "> AT+QMMSEND=0\n< +CME ERROR: 756\n> AT+QMMSEND=65536\n< +CME ERROR: 756\n> AT+QMMSEND=?\n< +QMMSEND: (1-65535)\n< OK",
    );
}

/// The table that people read names every number of chapters 4 and 5 and every status, and tests that are here.
#[test]
fn the_table_of_results_is_complete() {
    let table = include_str!("../../src/results.md");
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .map(|row| row.split(" | ").map(|cell| cell.trim_matches([' ', '|', '`'])).collect())
        .collect();
    let first: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    let catalogue = ec20_manual::Catalogue::manual();
    let err = catalogue.codes().mms.iter().map(|code| code.code.to_string());
    let http = catalogue.codes().http.iter().map(|code| format!("HTTP {}", code.code));
    let status = ResponseStatus::all().map(|status| format!("status {}", status.0));
    for wanted in err.chain(http).chain(status) {
        assert!(first.contains(&wanted.as_str()), "the table has no row for {wanted}");
    }
    let source = include_str!("send.rs");
    for test in rows.iter().skip(1).filter_map(|row| row.last()).filter(|test| !test.starts_with("---")) {
        assert!(
            source.contains(&format!("::{test}(")) || source.contains(&format!("fn {test}(")),
            "no test {test}"
        );
    }
}

//! Building and reading are inverse; what cannot be said is refused with a reason.

use ec20_at::build::{self, Builder, Reason};
use ec20_at::request::Request;
use ec20_at::{Dialect, command_line};
use proptest::prelude::*;
use rstest::rstest;

#[track_caller]
fn check(requests: &[Request<'_>], expected: &str) {
    let mut buffer = [0; 600];
    let line = build::line(&mut buffer, requests).unwrap();
    assert_eq!(line.escape_ascii().to_string(), format!("{}\\r", expected.as_bytes().escape_ascii()));
    let bare = line.strip_suffix(b"\r").unwrap();
    let read = command_line::read(bare, Dialect::CANONICAL).unwrap();
    let back: Vec<_> = read.commands().map(|command| command.unwrap().request().unwrap()).collect();
    assert_eq!(back, requests);
}

#[test]
fn forms_are_written_as_the_manual_prints_them() {
    check(&[], "AT");
    check(&[Request::EWrite { value: 0 }, Request::VExec, Request::AmpFWrite { value: 0 }], "ATE0V&F0");
    check(&[Request::S3Write { value: 13 }, Request::S4Read, Request::IExec], "ATS3=13S4?I");
    check(
        &[Request::CsqExec, Request::EExec, Request::CregRead, Request::CopsTest],
        "AT+CSQ;E+CREG?;+COPS=?",
    );
    check(&[Request::QmmscfgProxyQuery], "AT+QMMSCFG=\"proxy\"");
    let proxy = Request::QmmscfgProxyWrite { gateway: b"10.0.0.172", port: 80 };
    check(&[proxy], "AT+QMMSCFG=\"proxy\",\"10.0.0.172\",80");
    check(&[Request::QmmseditClear], "AT+QMMSEDIT=0");
    check(&[Request::QmmseditDelete { function: 5 }], "AT+QMMSEDIT=5,0");
    check(&[Request::QmmseditAdd { function: 4, optstring: b"a;b, c" }], "AT+QMMSEDIT=4,1,\"a;b, c\"");
    let upload = Request::QfuplWrite {
        filename: b"RAM:a.txt",
        filesize: Some(100),
        timeout: Some(200),
        ackmode: Some(1),
    };
    check(&[upload], "AT+QFUPL=\"RAM:a.txt\",100,200,1");
}

#[rstest]
#[case(Request::QmmseditAdd { function: 1, optstring: b"a\"b" }, "optstring", Reason::Quote)]
#[case(Request::QmmseditAdd { function: 1, optstring: b"a\rb" }, "optstring", Reason::LineBreak)]
#[case(Request::QmmseditAdd { function: 1, optstring: b"a\nb" }, "optstring", Reason::LineBreak)]
#[case(Request::QmmseditAdd { function: 1, optstring: b"a\x1Ab" }, "optstring", Reason::Control)]
#[case(
    Request::QfuplWrite { filename: b"a", filesize: None, timeout: Some(5), ackmode: None }, "timeout", Reason::Gap
)]
#[case(
    Request::QicsgpWrite { contextid: 1, contexttype: 1, apn: b"a", username: Some(b"u"), password: None, authentication: None },
    "password", Reason::Gap
)]
fn what_cannot_be_said_is_refused(#[case] request: Request<'_>, #[case] field: &str, #[case] reason: Reason) {
    let refusal = build::line(&mut [0; 200], &[request]).unwrap_err();
    assert_eq!((refusal.form, refusal.field, refusal.reason), (request.form(), field, reason));
}

#[rstest]
#[case(Request::QmmscfgContextidWrite { contextid: 17 }, "contextid of qmmscfg_contextid_write: expected an integer from 1 to 16, found 17 (CFG-CONTEXTID-RANGE)")]
#[case(Request::QmmscfgMmscWrite { url: &[b'u'; 101] }, "url of qmmscfg_mmsc_write: expected a quoted string of at most 100 bytes, found 101 bytes (CFG-MMSC-LENGTH)")]
#[case(Request::QmmscfgCharacterWrite { charset: b"ascii" }, "charset of qmmscfg_character_write: expected one of ASCII, UTF8, UCS2, GBK, found another value (CFG-CHARACTER-VALUES)")]
fn a_broken_limit_is_refused_with_its_clause(#[case] request: Request<'_>, #[case] expected: &str) {
    assert_eq!(build::line(&mut [0; 200], &[request]).unwrap_err().to_string(), expected);
}

/// A command that the crate does not know goes out as it is given, if it is exactly one extended command.
#[rstest]
#[case(&[], &["+CLAC"], "AT+CLAC")]
#[case(&[], &["+CLAC", "^X=1,\"a;b\""], "AT+CLAC;^X=1,\"a;b\"")]
#[case(&[Request::EWrite { value: 0 }], &["+CLAC"], "ATE0+CLAC")]
#[case(&[Request::CsqExec], &["+CLAC"], "AT+CSQ;+CLAC")]
fn verbatim(#[case] before: &[Request<'_>], #[case] commands: &[&str], #[case] expected: &str) {
    let mut buffer = [0; 40];
    let mut builder = Builder::new(&mut buffer).unwrap();
    for request in before {
        builder.push(request).unwrap();
    }
    for command in commands {
        builder.push_verbatim(command.as_bytes()).unwrap();
    }
    assert_eq!(
        builder.finish().unwrap().escape_ascii().to_string(),
        format!("{}\\r", expected.as_bytes().escape_ascii())
    );
}

#[rstest]
#[case("")]
#[case("E0")]
#[case("+X=1\r")]
#[case("+X=1;+Y")]
#[case("+X=1;E0")]
#[case(";+X")]
#[case("+X=\"a")]
fn verbatim_is_exactly_one_extended_command(#[case] command: &str) {
    for before in [&[][..], &[Request::CsqExec], &[Request::EWrite { value: 0 }]] {
        let (mut buffer, mut as_before) = ([0; 40], [0; 40]);
        let mut builder = Builder::new(&mut buffer).unwrap();
        for request in before {
            builder.push(request).unwrap();
        }
        let refusal = builder.push_verbatim(command.as_bytes()).unwrap_err();
        assert_eq!(refusal.reason, Reason::NotACommand, "{command:?} behind {before:?}");
        assert_eq!(builder.finish().unwrap(), build::line(&mut as_before, before).unwrap());
    }
}

/// A refusal names what it knows: the field of the form, the form, or neither.
#[rstest]
#[case(80, &[Request::QmmseditAdd { function: 1, optstring: b"\"" }], "optstring of qmmsedit_add: a quote ")]
#[case(8, &[Request::CsqExec, Request::CregRead], "creg_read: the buffer ")]
#[case(1, &[], "the buffer ")]
fn a_refusal_in_words(#[case] capacity: usize, #[case] requests: &[Request<'_>], #[case] words: &str) {
    let refusal = build::line(&mut vec![0; capacity], requests).unwrap_err().to_string();
    assert!(refusal.starts_with(words), "{refusal}");
}

#[test]
fn a_short_buffer_is_said_and_leaves_the_line_as_it_was() {
    let mut buffer = [0; 12];
    let mut builder = Builder::new(&mut buffer).unwrap();
    builder.push(&Request::CsqExec).unwrap();
    assert_eq!(builder.push(&Request::CregRead).unwrap_err().reason, Reason::BufferFull);
    builder.push(&Request::EExec).unwrap();
    assert_eq!(builder.finish().unwrap(), b"AT+CSQ;E\r");
    for len in 0..b"AT+CSQ\r".len() {
        assert_eq!(
            build::line(&mut vec![0; len], &[Request::CsqExec]).unwrap_err().reason,
            Reason::BufferFull
        );
    }
}

proptest! {
    /// Whatever stands in a string, it is either refused or comes back as it was.
    #[test]
    fn a_string_comes_back_or_is_refused(function in 0_u32..7, optstring: Vec<u8>) {
        let request = Request::QmmseditAdd { function, optstring: &optstring };
        let mut buffer = [0; 600];
        if let Ok(line) = build::line(&mut buffer, &[request]) {
            let read = command_line::read(&line[..line.len() - 1], Dialect::CANONICAL).unwrap();
            let mut commands = read.commands();
            prop_assert_eq!(commands.next().unwrap().unwrap().request().unwrap(), request);
            prop_assert!(commands.next().is_none());
        }
    }

    /// What the canonical reading takes, the builder writes with the same meaning.
    #[test]
    fn what_is_read_can_be_built(line in "AT(\\+QMMSEDIT=[0-6](,[0-2](,\"[a-z]{0,60}\")?)?|\\+CMEE=[0-3]|E[0-2])(;\\+CSQ)?") {
        let read = command_line::read(line.as_bytes(), Dialect::CANONICAL).unwrap();
        let requests: Result<Vec<_>, _> = read.commands().map(|command| command.and_then(|c| c.request())).collect();
        if let Ok(requests) = requests {
            let mut buffer = [0; 600];
            let built = build::line(&mut buffer, &requests).unwrap();
            let again = command_line::read(&built[..built.len() - 1], Dialect::CANONICAL).unwrap();
            let back: Vec<_> = again.commands().map(|command| command.unwrap().request().unwrap()).collect();
            prop_assert_eq!(back, requests);
        }
    }
}

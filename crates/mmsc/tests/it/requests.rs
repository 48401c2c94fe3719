//! Requests as clients write them: both forms of target, counted and chunked bodies, any chunking of the octets.

use mms_pdu::SendConf;
use mmsc::{Answer, Input, Limits};
use rstest::rstest;

use crate::bench::{Fed, ONE, pdu, post};

fn chunked(body: &[u8], size: usize) -> Vec<u8> {
    let mut octets = Vec::new();
    for chunk in body.chunks(size) {
        octets.extend_from_slice(format!("{:X};ext=1\r\n", chunk.len()).as_bytes());
        octets.extend_from_slice(chunk);
        octets.extend_from_slice(b"\r\n");
    }
    octets.extend_from_slice(b"0\r\nTrailer: x\r\n\r\n");
    octets
}

/// The forms of one request. Each is fed whole and octet by octet; each keeps the same message.
#[rstest]
#[case("origin form", "POST /mms HTTP/1.1\r\nHost: a\r\n", false)]
#[case(
    "absolute form, as to a proxy",
    "POST http://mmsc.example.com:8002/mms HTTP/1.1\r\nHost: b\r\n",
    false
)]
#[case("absolute form without Host", "POST http://mmsc.example.com/ HTTP/1.1\r\n", false)]
#[case("HTTP/1.0 without Host", "POST / HTTP/1.0\r\n", false)]
#[case("lower-case fields", "POST / HTTP/1.1\r\nhost:a\r\n", false)]
#[case("empty lines first", "\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\n", false)]
#[case("chunked", "POST / HTTP/1.1\r\nHost: a\r\n", true)]
fn forms(#[case] name: &str, #[case] head: &str, #[case] in_chunks: bool) {
    let body = pdu();
    let mut request = head.as_bytes().to_vec();
    if in_chunks {
        request.extend_from_slice(b"Transfer-Encoding: chunked\r\n\r\n");
        request.extend(chunked(&body, 7));
    } else {
        request.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        request.extend_from_slice(&body);
    }
    for step in [request.len(), 1, 3, 50] {
        let mut fed = Fed::new(Limits::default());
        for piece in request.chunks(step) {
            fed.receive(piece);
        }
        let [message] = fed.kept.as_slice() else { panic!("{name} by {step}: {:?}", fed.log) };
        assert_eq!(message.body, body, "{name} by {step}");
        let target = head.trim_start().split(' ').nth(1).unwrap();
        assert_eq!(message.target(), target, "{name}");
        assert!(fed.answer().starts_with("HTTP/1.1 200 OK\r\n"), "{name} by {step}");
        assert_eq!(fed.ended, head.contains("HTTP/1.0"), "{name}: HTTP/1.0 ends with the answer");
    }
}

#[test]
fn a_connection_carries_many_messages() {
    let mut fed = Fed::new(Limits::default());
    fed.receive(&[post(&pdu()), post(&pdu()), post(&pdu())[..20].to_vec()].concat());
    assert_eq!(fed.kept.len(), 2);
    fed.receive(&post(&pdu())[20..]);
    assert_eq!(fed.kept.len(), 3);
    assert_eq!(fed.kept.iter().map(|message| message.serial).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(fed.answer().matches("HTTP/1.1 200 OK").count(), 3);
    assert!(!fed.ended);
}

#[rstest]
#[case("Connection: close\r\n", true)]
#[case("Connection: foo, CLOSE\r\n", true)]
#[case("Proxy-Connection: Keep-Alive\r\n", false)]
#[case("", false)]
fn the_client_decides_whether_to_go_on(#[case] field: &str, #[case] ended: bool) {
    let mut fed = Fed::new(Limits::default());
    let body = pdu();
    let head = format!("POST / HTTP/1.1\r\nHost: a\r\n{field}Content-Length: {}\r\n\r\n", body.len());
    fed.receive(&[head.into_bytes(), body].concat());
    assert_eq!(fed.ended, ended);
    assert_eq!(fed.answer().contains("Connection: close\r\n"), ended);
}

#[test]
fn a_client_that_asks_first_is_told_to_continue() {
    let mut fed = Fed::new(Limits::default());
    let body = pdu();
    fed.receive(
        format!(
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .as_bytes(),
    );
    assert_eq!(fed.answer(), "HTTP/1.1 100 Continue\r\n\r\n");
    fed.receive(&body);
    assert!(fed.answer().starts_with("HTTP/1.1 200 OK\r\n"));
}

#[test]
fn a_client_that_says_it_is_done_still_gets_its_answer() {
    let mut fed = Fed::new(Limits::default());
    fed.core.order(Answer::parse("delay 1s").unwrap());
    fed.receive(&post(&pdu()));
    fed.step(Input::Finished(ONE));
    assert_eq!(fed.answer(), "");
    fed.now_ms = 1000;
    fed.step(Input::Tick);
    assert!(fed.answer().starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(fed.ended);
}

/// The transaction id is repeated octet by octet, whatever it is made of.
#[test]
fn odd_transaction_ids_are_repeated() {
    let mut fed = Fed::new(Limits::default());
    let body = b"\x8C\x80\x98T 1 \"\xC3\xA4\x00\x8D\x90\x89\x01\x81\x971\x00\x84\xA3\x00";
    fed.receive(&post(body));
    let sent = std::mem::take(&mut fed.sent);
    let split = sent.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    assert_eq!(SendConf::decode(&sent[split..]).unwrap().transaction_id().octets(), b"T 1 \"\xC3\xA4");
}

/// What is no message is kept too, and answered with what is wrong about it.
#[test]
fn no_message() {
    let mut fed = Fed::new(Limits::default());
    fed.receive(&post(b"\x8C\x80\x98T"));
    let answer = fed.answer();
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
    assert!(answer.ends_with(
        "no M-Send.req: X-Mms-Transaction-ID, octets 3..4: expected text that ends in NUL, found the end\n"
    ));
    assert_eq!(fed.kept.len(), 1);
    assert_eq!(fed.log.len(), 1);
    assert!(fed.ended);
}

/// A message that cannot be kept is not accepted.
#[test]
fn not_kept() {
    let mut fed = Fed::new(Limits::default());
    let outputs = fed.core.step(0, Input::Received(ONE, &post(&pdu())));
    assert_eq!(outputs.len(), 1);
    let outputs = fed.core.step(0, Input::Kept(ONE, Err("disk full".to_owned())));
    assert!(format!("{outputs:?}").contains("503"), "{outputs:?}");
}

/// What is not served: the code, and a line that says why.
#[rstest]
#[case("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 405, "GET: only POST is served")]
#[case("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405, "CONNECT: only POST is served")]
#[case("POST / HTTP/1.1\r\nHost: a\r\n\r\n", 411, "neither Content-Length nor chunks")]
#[case("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n", 400, "no Host")]
#[case("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400, "Content-Length is no number")]
#[case("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400, "Content-Length is no number")]
#[case(
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    400,
    "Content-Length twice, with different values"
)]
#[case(
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2097153\r\n\r\n",
    413,
    "a body of more than 2097152 octets"
)]
#[case(
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    413,
    "a body of more than 2097152 octets"
)]
#[case(
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    400,
    "both Content-Length and Transfer-Encoding"
)]
#[case(
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    501,
    "a Transfer-Encoding other than chunked"
)]
#[case(
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
    501,
    "a Transfer-Encoding other than chunked"
)]
#[case("POST / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "not HTTP/1.0 or HTTP/1.1")]
#[case("POST /\r\n\r\n", 400, "not an HTTP request: ")]
#[case("\u{16}\u{3}\u{1}", 400, "not an HTTP request: ")]
#[case(
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    400,
    "the line before a chunk has no size"
)]
#[case(
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc",
    400,
    "a chunk is longer than its size"
)]
#[case(
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n200001\r\n",
    413,
    "a body of more than 2097152 octets"
)]
#[case(
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
    400,
    "the line before a chunk has no size"
)]
fn refusals(#[case] request: &str, #[case] code: u16, #[case] why: &str) {
    let mut fed = Fed::new(Limits::default());
    fed.receive(request.as_bytes());
    let answer = fed.answer();
    assert!(answer.starts_with(&format!("HTTP/1.1 {code} ")), "{answer}");
    assert!(answer.contains(&format!("\r\n\r\n{why}")), "{answer}");
    assert_eq!(answer.contains("Allow: POST\r\n"), code == 405);
    assert!(fed.ended);
    assert_eq!(fed.log.len(), 1, "{:?}", fed.log);
}

/// The answer to HEAD is a head alone (RFC 2616 9.4), with the length that a body would have.
#[test]
fn head_is_refused_without_a_body() {
    let mut fed = Fed::new(Limits::default());
    fed.receive(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    let answer = fed.answer();
    assert!(answer.starts_with("HTTP/1.1 405 ") && answer.contains("Content-Length: 26\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    assert!(fed.ended);
}

/// Patience: each phase has its own, and says so.
#[rstest]
#[case("", 30_000, "")]
#[case("POST", 10_000, "408")]
#[case("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", 60_000, "408")]
fn patience(#[case] octets: &str, #[case] after_ms: u64, #[case] code: &str) {
    let mut fed = Fed::new(Limits::default());
    if !octets.is_empty() {
        fed.receive(octets.as_bytes());
    }
    assert_eq!(fed.core.wake_ms(), Some(after_ms));
    fed.now_ms = after_ms - 1;
    fed.step(Input::Tick);
    assert!(!fed.ended);
    fed.now_ms = after_ms;
    fed.step(Input::Tick);
    assert!(fed.ended);
    assert_eq!(fed.answer().get(9..12).unwrap_or_default(), code);
    assert_eq!(fed.core.wake_ms(), None);
    assert_eq!(fed.core.connections(), 0);
}

/// A body that trickles is ended even though it never pauses for long.
#[test]
fn a_trickling_body_ends() {
    let mut fed = Fed::new(Limits::default());
    fed.receive(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
    while !fed.ended && fed.now_ms < 10_000_000 {
        fed.now_ms += 30_000;
        fed.step(Input::Tick);
        fed.receive(b"x");
    }
    assert_eq!(fed.now_ms, 600_000);
    assert_eq!(fed.answer().get(9..12), Some("408"));
}

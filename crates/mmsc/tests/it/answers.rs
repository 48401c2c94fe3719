//! The answer table: each row over TCP, exactly as a client sees it; and the words themselves.

use std::time::{Duration, Instant};

use mms_pdu::{DecodeErrorKind, Message, MessageType, SendConf};
use mmsc::{Answer, Limits, Options};
use rstest::rstest;

use crate::bench::{End, exchange, pdu, post, serve};

/// An answer as a client sees it.
struct Seen {
    head: String,
    body: Vec<u8>,
    end: End,
}

impl Seen {
    fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn code(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    #[track_caller]
    fn conf(&self) -> SendConf<'_> {
        SendConf::decode(&self.body).unwrap()
    }
}

/// How long a client waits for more before it calls the connection open.
const PATIENCE: Duration = Duration::from_millis(120);

#[track_caller]
fn see(words: &str) -> Seen {
    let limits = Limits { stall_ms: 60_000, ..Limits::default() };
    let bench = serve(Options { limits, ..Options::default() });
    bench.server.order(Answer::parse(words).unwrap());
    let (octets, end) = exchange(&bench, &post(&pdu()), PATIENCE);
    let split = octets.windows(4).position(|window| window == b"\r\n\r\n").map_or(octets.len(), |at| at + 4);
    let head = String::from_utf8_lossy(&octets[..split]).into_owned();
    Seen { head, body: octets[split..].to_vec(), end }
}

/// Words, and what a client sees.
type Row = (&'static str, fn(Seen));

/// The rows of the table.
const ROWS: &[Row] = &[
    ("accept", |seen| {
        assert_eq!(seen.code(), "200");
        assert_eq!(seen.field("Content-Type"), Some("application/vnd.wap.mms-message"));
        assert_eq!(seen.field("Content-Length"), Some(seen.body.len().to_string().as_str()));
        let conf = seen.conf();
        assert_eq!(conf.status().0, 128);
        assert_eq!(conf.transaction_id().text_lossy(), "T1");
        assert_eq!(conf.message_id().unwrap().text_lossy(), "capture-000001");
        assert_eq!(conf.notes(), []);
        assert_eq!(seen.end, End::Open, "the client asked to keep the connection");
    }),
    ("status 132", |seen| {
        assert_eq!(seen.code(), "200");
        assert_eq!(seen.conf().status().0, 132);
        assert_eq!(seen.conf().response_text(), None);
        assert_eq!(seen.conf().message_id(), None);
    }),
    (r#"status 132 "nobody there""#, |seen| {
        assert_eq!(seen.conf().status().0, 132);
        assert_eq!(seen.conf().response_text().unwrap().text_lossy(), "nobody there");
    }),
    ("http 404", |seen| {
        assert!(seen.head.starts_with("HTTP/1.1 404 Not Found\r\n"));
        assert_eq!(seen.field("Content-Type"), Some("text/plain"));
        assert_eq!(seen.body, b"404 Not Found\n");
    }),
    ("http 500 status 129", |seen| {
        assert_eq!(seen.code(), "500");
        assert_eq!(seen.conf().status().0, 129);
    }),
    ("redirect", |seen| {
        assert_eq!(seen.code(), "302");
        assert_eq!(seen.field("Location"), Some("http://portal.invalid/"));
        assert_eq!(seen.body, b"");
    }),
    (r#"redirect "http://a/b""#, |seen| assert_eq!(seen.field("Location"), Some("http://a/b"))),
    ("html", |seen| {
        assert_eq!(seen.code(), "200");
        assert_eq!(seen.field("Content-Type"), Some("text/html"));
        assert!(seen.body.starts_with(b"<html>"));
    }),
    ("empty", |seen| {
        assert_eq!(seen.code(), "200");
        assert_eq!(seen.field("Content-Length"), Some("0"));
        assert_eq!(seen.body, b"");
    }),
    ("garbage", |seen| {
        assert_eq!(seen.code(), "200");
        assert_eq!(seen.field("Content-Type"), Some("application/vnd.wap.mms-message"));
        assert_eq!(seen.field("Content-Length"), Some(seen.body.len().to_string().as_str()));
        assert!(Message::decode(&seen.body).is_err());
    }),
    ("no-http", |seen| {
        assert!(!seen.head.is_empty() && !seen.head.starts_with("HTTP"));
        assert_eq!(seen.end, End::Closed);
    }),
    ("wrong-tid", |seen| {
        assert_eq!(seen.conf().status().0, 128);
        assert_eq!(seen.conf().transaction_id().text_lossy(), "T1-wrong");
    }),
    ("no-tid", |seen| {
        assert_eq!(SendConf::decode(&seen.body).unwrap_err().kind, DecodeErrorKind::MissingHeader);
        assert!(Message::decode(&seen.body).unwrap().header(mms_pdu::HeaderCode::RESPONSE_STATUS).is_some());
    }),
    ("no-status", |seen| {
        assert_eq!(SendConf::decode(&seen.body).unwrap_err().kind, DecodeErrorKind::MissingHeader);
        assert!(Message::decode(&seen.body).unwrap().header(mms_pdu::HeaderCode::TRANSACTION_ID).is_some());
    }),
    ("wrong-type", |seen| {
        assert_eq!(Message::decode(&seen.body).unwrap().message_type(), MessageType::RetrieveConf);
    }),
    ("no-id", |seen| {
        assert_eq!(seen.conf().status().0, 128);
        assert_eq!(seen.conf().message_id(), None);
    }),
    ("id-first", |seen| {
        let conf = seen.conf();
        let id = conf.message().header(mms_pdu::HeaderCode::MESSAGE_ID).unwrap().offset;
        assert!(id < conf.message().header(mms_pdu::HeaderCode::RESPONSE_STATUS).unwrap().offset);
    }),
    ("cut-pdu", |seen| {
        assert_eq!(seen.field("Content-Length"), Some(seen.body.len().to_string().as_str()));
        assert!(SendConf::decode(&seen.body).is_err());
        assert_eq!(seen.end, End::Open);
    }),
    ("chunked", |seen| {
        assert_eq!(seen.field("Transfer-Encoding"), Some("chunked"));
        assert_eq!(seen.field("Content-Length"), None);
        let split = seen.body.windows(2).position(|window| window == b"\r\n").unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(&seen.body[..split]).unwrap(), 16).unwrap();
        let chunk = &seen.body[split + 2..][..size];
        assert_eq!(SendConf::decode(chunk).unwrap().status().0, 128);
        assert_eq!(&seen.body[split + 2 + size..], b"\r\n0\r\n\r\n");
    }),
    ("no-length", |seen| {
        assert_eq!(seen.field("Content-Length"), None);
        assert_eq!(seen.field("Transfer-Encoding"), None);
        assert_eq!(seen.conf().status().0, 128);
        assert_eq!(seen.end, End::Closed);
    }),
    ("truncated", |seen| {
        let promised: usize = seen.field("Content-Length").unwrap().parse().unwrap();
        assert_eq!(seen.body.len(), promised / 2);
        assert_eq!(seen.end, End::Closed);
    }),
    ("stall", |seen| {
        assert_eq!(seen.head, "");
        assert_eq!(seen.end, End::Open);
    }),
    ("stall-midway", |seen| {
        let promised: usize = seen.field("Content-Length").unwrap().parse().unwrap();
        assert_eq!(seen.body.len(), promised / 2);
        assert_eq!(seen.end, End::Open);
    }),
    ("reset", |seen| {
        assert_eq!(seen.head, "");
        assert_eq!(seen.end, End::Reset);
    }),
    ("reset-early", |seen| {
        assert_eq!(seen.head, "");
        assert_eq!(seen.end, End::Reset);
    }),
    ("reset-midway", |seen| {
        let promised: usize = seen.field("Content-Length").unwrap().parse().unwrap();
        assert_eq!(seen.body.len(), promised / 2);
        assert_eq!(seen.end, End::Reset);
    }),
    ("close", |seen| {
        assert_eq!(seen.head, "");
        assert_eq!(seen.end, End::Closed);
    }),
    ("continue", |seen| {
        assert_eq!(seen.head, "HTTP/1.1 100 Continue\r\n\r\n");
        assert!(seen.body.starts_with(b"HTTP/1.1 200 OK\r\n"));
    }),
    ("delay 250ms", |seen| {
        // The client's patience is shorter: it has seen nothing yet. That it comes is `delays` below.
        assert_eq!(seen.head, "");
        assert_eq!(seen.end, End::Open);
    }),
];

#[test]
fn every_row_over_tcp() {
    for (words, promise) in ROWS {
        let seen = see(words);
        let (head, body) = (seen.head.clone(), seen.body.clone());
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| promise(seen)));
        assert!(result.is_ok(), "`{words}` was answered {head:?} {:?}", String::from_utf8_lossy(&body));
    }
}

/// The table in the documentation and the rows above are the same, in the same order.
#[test]
fn the_table_is_proved_whole() {
    let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/answer.rs")).unwrap();
    let documented: Vec<&str> = source
        .lines()
        .filter_map(|line| line.strip_prefix("//! | `"))
        .filter_map(|line| line.split_once('`').map(|(words, _)| words))
        .collect();
    let proved: Vec<&str> = ROWS.iter().map(|(words, _)| *words).collect();
    assert_eq!(documented, proved);
}

#[test]
fn delays() {
    let bench = serve(Options::default());
    bench.server.order(Answer::parse("delay 250ms").unwrap());
    let started = Instant::now();
    let (octets, _) = exchange(&bench, &post(&pdu()), Duration::from_millis(600));
    assert!(started.elapsed() >= Duration::from_millis(250), "never earlier than told");
    assert!(octets.starts_with(b"HTTP/1.1 200 OK\r\n"));
}

/// A client that gives up frees its place, however long the stall would last.
#[test]
fn a_stalled_client_that_leaves_is_forgotten() {
    let limits = Limits { connections: 1, ..Limits::default() };
    let bench = serve(Options { limits, ..Options::default() });
    bench.server.order(Answer::parse("stall").unwrap());
    let (octets, end) = exchange(&bench, &post(&pdu()), Duration::from_millis(50));
    assert_eq!((octets.as_slice(), end), (&b""[..], End::Open));
    let answered = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        exchange(&bench, &post(&pdu()), Duration::from_millis(50)).0.starts_with(b"HTTP/1.1 200")
    });
    assert!(answered);
}

/// Orders are used up one by one, then the standing answer returns.
#[test]
fn orders_are_for_one_post_each() {
    let bench = serve(Options::default());
    bench.server.order(Answer::parse("http 404").unwrap());
    bench.server.order(Answer::parse("status 129").unwrap());
    let codes: Vec<String> = (0..3)
        .map(|_| {
            let (octets, _) = exchange(&bench, &post(&pdu()), Duration::from_millis(50));
            String::from_utf8_lossy(&octets[9..12]).into_owned()
        })
        .collect();
    assert_eq!(codes, ["404", "200", "200"]);
    let answers: Vec<String> = (0..3).map(|_| bench.captured().answer.clone()).collect();
    assert_eq!(answers, ["http 404", "status 129", "accept"]);
}

/// Words, and the form they are repeated in.
#[rstest]
#[case("accept", "accept")]
#[case("  status   132  ", "status 132")]
#[case(r#"chunked status 132 "a \"b\" \\""#, r#"status 132 "a \"b\" \\" chunked"#)]
#[case(r#"status 128 "fine""#, r#"status 128 "fine""#)]
#[case("http 500 status 129 no-status", "http 500 status 129 no-status")]
#[case("http 200", "http 200")]
#[case("delay 2s stall", "stall delay 2000ms")]
#[case("garbage no-length continue", "garbage no-length continue")]
#[case("http 503 html", "html http 503")]
#[case("redirect", "redirect")]
#[case("wrong-tid truncated", "wrong-tid truncated")]
fn words(#[case] given: &str, #[case] repeated: &str) {
    let answer = Answer::parse(given).unwrap();
    assert_eq!(answer.to_string(), repeated);
    assert_eq!(Answer::parse(repeated).unwrap(), answer);
}

#[rstest]
#[case("", 1, "nothing")]
#[case("stal", 1, "\"stal\"")]
#[case("status", 7, "the end")]
#[case("status 127", 8, "\"127\"")]
#[case("status 256", 8, "\"256\"")]
#[case("status +132", 8, "\"+132\"")]
#[case(r#"status "132""#, 8, "\"132\"")]
#[case("http 99", 6, "\"99\"")]
#[case("http 404 http 405", 10, "\"http\"")]
#[case("stall reset", 7, "\"reset\"")]
#[case("status 130 garbage", 12, "\"garbage\"")]
#[case("garbage wrong-tid", 9, "\"wrong-tid\"")]
#[case("delay 5", 7, "\"5\"")]
#[case("delay 90000s", 7, "\"90000s\"")]
#[case(r#"status 130 "open"#, 12, "the end")]
#[case(r#""quoted""#, 1, "\"quoted\"")]
#[case("redirect \"a\nb\"", 1, "\"redirect\"")]
fn words_that_are_none(#[case] words: &str, #[case] column: usize, #[case] found: &str) {
    let error = Answer::parse(words).unwrap_err();
    assert_eq!((error.span.start + 1, error.found.as_str()), (column, found), "{error}");
}

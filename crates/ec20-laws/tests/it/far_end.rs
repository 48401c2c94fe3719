//! The laws of the far end: over drawn events, over requests cut anywhere, over words.

use ec20_laws::http;
use proptest::prelude::*;

/// Requests that take every path of the reader.
const REQUESTS: &[&str] = &[
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    "\r\nPOST http://a/b HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nabGET / HTTP/1.1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: u\r\n\r\nPOST",
    "POST / HTTP/1.1\nHost: a\nContent-Length: 1\n\nx",
    "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n81\r\n",
    "!OST / HTTP/1.1\r\n\r\n",
    "\u{16}\u{3}\u{1}\r\n\r\n",
    "POST /\r\n\r\nPOST / HTTP/1.1\r\n\r\n",
];

/// The fuzzer begins with them, each behind the place where it is cut: `EC20_SEEDS=write cargo test -p ec20-laws seeds` writes the files.
#[test]
fn they_are_seeds() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/requests");
    for (number, request) in REQUESTS.iter().enumerate() {
        let (file, seed) = (folder.join(number.to_string()), format!("@{request}"));
        if std::env::var_os("EC20_SEEDS").is_some_and(|word| word == "write") {
            std::fs::write(&file, &seed).unwrap();
        }
        assert_eq!(std::fs::read(&file).unwrap(), seed.as_bytes(), "{}", file.display());
    }
}

#[test]
fn requests_are_served_alike_wherever_they_are_cut() {
    for request in REQUESTS {
        for place in 0..=request.len() {
            http::cuts(request.as_bytes(), place);
        }
    }
}

#[test]
fn every_single_octet_change_of_a_request_is_served_alike_however_it_is_cut() {
    for request in REQUESTS {
        let mut changed = request.as_bytes().to_vec();
        for at in 0..changed.len() {
            let kept = changed[at];
            for octet in [0, b'\n', b'\r', b' ', b'0', b'9', b':', b'a', 0x80, 0xFF] {
                changed[at] = octet;
                http::cuts(&changed, at);
            }
            changed[at] = kept;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_core_keeps_its_word(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        http::events(&bytes);
    }

    #[test]
    fn octets_are_served_alike_however_they_are_cut(octets in proptest::collection::vec(any::<u8>(), 0..300), place: usize) {
        http::cuts(&octets, place % 300);
    }

    #[test]
    fn words_are_read_or_refused(words: String, drawn in "(status 132|http 404|stall|reset|garbage|delay 5s|\"x\"|no-tid|chunked| ){0,6}") {
        http::words(&words);
        http::words(&drawn);
    }
}

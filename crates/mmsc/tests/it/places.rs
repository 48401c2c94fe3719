//! Which connection makes room when all places are taken: decided by the core, on a handed clock.

use mmsc::{ConnectionId, Core, Input, Limits, Output, Plan};
use rstest::rstest;

use crate::bench::{pdu, post};

/// What happens, in order, with four places: `a1` a client of host a connects as connection 1, `1` connection 1 sends
/// an octet, `1!` connection 1 sends a whole message and waits for its answer. Each takes a millisecond.
fn play(events: &str) -> Vec<Output> {
    let mut core = Core::new(Limits { connections: 4, ..Limits::default() }, Plan::default(), 1);
    let mut outputs = Vec::new();
    for (now_ms, event) in (0..).zip(events.split_whitespace()) {
        let digits = event.trim_matches(|c: char| !c.is_ascii_digit());
        let id = ConnectionId(digits.parse().unwrap());
        let message = post(&pdu());
        let input = match event.strip_suffix(digits) {
            Some("") => Input::Received(id, b"P"),
            Some(host) => Input::Opened(id, Some(format!("{host}:{}", 1000 + id.0))),
            None => Input::Received(id, &message),
        };
        outputs = core.step(now_ms, input);
    }
    outputs
}

/// The connection that is ended by the last event.
#[rstest]
#[case::there_is_room("a1 a2 a3 a4", None)]
#[case::the_first_has_been_silent_longest("a1 a2 a3 a4 a5", Some(1))]
#[case::an_octet_ends_a_silence("a1 a2 a3 a4 1 2 a5", Some(3))]
#[case::the_peer_that_holds_most_makes_room("b1 a2 a3 a4 b5", Some(2))]
#[case::also_where_another_has_been_silent_longer("b1 a2 a3 a4 2 3 c5", Some(4))]
#[case::a_peer_beyond_its_share_displaces_its_own("b1 b2 a3 a4 a5", Some(3))]
#[case::equal_shares_go_by_silence("b1 b2 a3 a4 c5", Some(1))]
#[case::a_client_that_waits_for_its_answer_stays("a1 a2 a3 a4 1! a5", Some(2))]
#[case::nothing_makes_room_where_all_wait("a1 a2 a3 a4 1! 2! 3! 4! a5", Some(5))]
#[case::not_even_another_peer_with_less("a1 a2 a3 b4 1! 2! 3! a5", Some(5))]
fn the_one_that_makes_room(#[case] events: &str, #[case] ended: Option<u64>) {
    let outputs = play(events);
    let closed: Vec<u64> = outputs
        .iter()
        .filter_map(|output| match output {
            Output::Close(id) => Some(id.0),
            _ => None,
        })
        .collect();
    assert_eq!(closed, ended.into_iter().collect::<Vec<_>>(), "{outputs:?}");
    for output in &outputs {
        if let Output::Send(_, octets) = output {
            assert!(octets.starts_with(b"HTTP/1.1 503 "), "{:?}", String::from_utf8_lossy(octets));
        }
    }
}

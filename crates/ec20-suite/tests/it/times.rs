//! Where the time of a run goes: in virtual time the runner itself takes none, so that whatever is left over was waited for nobody knows what.

use std::collections::BTreeSet;

use ec20_suite::executor::Bench;
use ec20_suite::journal::{Direction, Event};
use ec20_suite::recorded::Times;
use rstest::rstest;

use crate::stranger::{Reaction, Stranger, answer, bench, cases};

/// What the stranger's port takes over a send, in µs.
const PORT_US: u64 = 1000;
/// The silence before a command.
const QUIET_US: u64 = 3000;
const FINE: &[(&str, &[&str])] =
    &[("ATI", &["Quectel", "OK"]), ("AT+QMMSCFG=\"contextid\"", &["+QMMSCFG: \"contextid\",1", "OK"])];
const ASK: &str = "> AT+QMMSCFG=\"contextid\"\n< +QMMSCFG: \"contextid\",1\n< OK\n";

/// The waits of a run, in ms, by what they were for.
fn waits(events: &[Event]) -> Vec<(u64, &str)> {
    let wait = |event: &Event| match event {
        Event::Waited { for_us, why, .. } => Some((*for_us / 1000, why.clone())),
        _ => None,
    };
    let names = [
        "silence before the first word",
        "silence before another first word",
        "an answer that may still come",
        "the end of an upload",
        "the guard time before +++",
        "the guard time after +++",
        "the end of the first bytes",
        "silence, to find the module again",
        "an answer that does not come",
        "a line that does not come",
        "an acknowledgement that does not come",
        "the result of a message",
        "the message at the far end",
        "the pause after CONNECT",
        "the transcript's wait",
        "the transcript's quiet",
        "the port to come back",
    ];
    let named = |(for_ms, why): (u64, String)| {
        (for_ms, *names.iter().find(|name| **name == why).unwrap_or_else(|| panic!("{why}")))
    };
    events.iter().filter_map(wait).map(named).collect()
}

/// How often something was handed to the port.
fn sends(events: &[Event]) -> u64 {
    let sends = events.iter().filter(|event| matches!(event, Event::Wire { dir: Direction::Host, .. }));
    u64::try_from(sends.count()).expect("a small number")
}

/// Every wait of a run is told with its reason, and nothing is left but what the port took.
#[rstest]
#[case::the_shortest(ASK, Reaction::Says(answer(&["OK"])), false, &[])]
#[case::on_hardware(
    ASK,
    Reaction::Says(answer(&["OK"])),
    true,
    // 3783 bytes at 115200 bit/s, and a little more.
    &[
        (1100, "the guard time before +++"),
        (1100, "the guard time after +++"),
        (428, "the end of the first bytes"),
    ]
)]
#[case::as_a_transcript_asks(
    "> AT+X\n< OK\nwait 2s\nquiet 500ms\n",
    Reaction::Says(answer(&["OK"])),
    false,
    &[(2000, "the transcript's wait"), (500, "the transcript's quiet")]
)]
// A command that no table has may take 5 s, and each gets 2 s of grace.
#[case::an_answer_in_vain(
    "> AT+X\n< OK\n",
    Reaction::Silent,
    false,
    &[(7000, "an answer that does not come"), (100, "silence, to find the module again")]
)]
#[case::half_an_answer(
    "> AT+X\n< OK\n",
    Reaction::Says(b"\r\n+X: \"half".to_vec()),
    false,
    &[(7000, "an answer that does not come"), (100, "silence, to find the module again")]
)]
#[case::a_line_in_vain(
    "> AT+X\n< OK\n! 3s +QMMSEND: 0,200\n",
    Reaction::Says(answer(&["OK"])),
    false,
    &[(3000, "a line that does not come"), (100, "silence, to find the module again")]
)]
#[case::data(
    "> AT+X\n< CONNECT\ndata 0123456789\n< OK\n",
    Reaction::Takes(10, answer(&["OK"])),
    false,
    &[(100, "the pause after CONNECT")]
)]
fn every_wait_is_told(
    #[case] body: &str,
    #[case] reaction: Reaction,
    #[case] escape_first: bool,
    #[case] between: &[(u64, &str)],
) {
    let mut stranger = Stranger::new(FINE).also("AT+X", reaction);
    let events = stranger.run(cases(body), Bench { escape_first, ..bench() });
    let ends = [(50, "silence before the first word"), (100, "silence, to find the module again")];
    let wanted: BTreeSet<_> = between.iter().chain(&ends).copied().collect();
    assert_eq!(waits(&events).into_iter().collect::<BTreeSet<_>>(), wanted);
    let times = Times::of(&events);
    let sends = sends(&events);
    // Whether there was a silence before a question after a fault, the times can only guess.
    // The first bytes on hardware are long on the wire, and no answer of theirs is waited for.
    let unsure = 2 + u64::from(escape_first);
    let port_us = (sends - unsure) * PORT_US..=sends * PORT_US + QUIET_US;
    assert!(port_us.contains(&times.rest_us), "{times:?}, {sends} sends");
}

/// Each wait is as long as it must be, and what the transport takes longer.
#[rstest]
#[case::an_answer("> AT+QMMSEDIT=0\n< OK\n", Reaction::Silent, &[(7000, "an answer that does not come")])]
#[case::a_line_behind_the_result(
    "> AT+X\n< OK\n< ERROR\n",
    Reaction::Says(answer(&["OK"])),
    &[(1000, "an answer that does not come")]
)]
#[case::a_line_long_behind_it(
    "> AT+X\n< OK\nwait 20s\n< ERROR\n",
    Reaction::Says(answer(&["OK"])),
    &[(1000, "an answer that does not come")]
)]
#[case::a_result(
    "> AT+QMMSEND=30\n< OK\n",
    Reaction::Says(answer(&["OK"])),
    &[(35_000, "the result of a message")]
)]
#[case::a_result_within_reason(
    "> AT+QMMSEND=3000\n< OK\n",
    Reaction::Says(answer(&["OK"])),
    &[(180_000, "the result of a message")]
)]
// A byte takes a millisecond at 9600 baud; the module's own patience counts from the last one.
#[case::a_whole_upload(
    "> AT+QFUPL=\"RAM:a\",1000,20\n< CONNECT\ndata {k*1000}\n< OK\n",
    Reaction::Takes(5000, Vec::new()),
    &[(8042, "an answer that does not come")]
)]
#[case::half_an_upload(
    "> AT+QFUPL=\"RAM:a\",2000,20\n< CONNECT\ndata {k*1000}\nwait 1ms\n< OK\n",
    Reaction::Takes(5000, Vec::new()),
    &[(23_042, "an answer that does not come")]
)]
#[case::an_upload_that_is_left(
    "> AT+QFUPL=\"RAM:a\",2000,20\n< CONNECT\ndata {k*1000}\nwait 1s\n>> +++\n< OK\n",
    Reaction::Takes(5000, Vec::new()),
    &[(7000, "an answer that does not come")]
)]
#[case::an_acknowledgement(
    "> AT+QFUPL=\"RAM:a\",1025,20,1\n< CONNECT\ndata {k*1025}\n< OK\n",
    Reaction::Takes(1025, answer(&["OK"])),
    &[(2000, "an acknowledgement that does not come")]
)]
#[case::one_that_comes(
    "> AT+QFUPL=\"RAM:a\",2049,20,1\n< CONNECT\ndata {k*2049}\n< OK\n",
    Reaction::TakesBlocks(2049, answer(&["OK"])),
    &[]
)]
#[case::none_is_due(
    "> AT+QFUPL=\"RAM:a\",2049,20\n< CONNECT\ndata {k*2049}\n< OK\n",
    Reaction::Takes(2049, answer(&["OK"])),
    &[]
)]
fn a_wait_is_as_long_as_it_must_be(
    #[case] body: &str,
    #[case] reaction: Reaction,
    #[case] wanted: &[(u64, &str)],
    #[values(0, 40)] transport_ms: u64,
) {
    let line = body[2..].split('\n').next().expect("a command");
    let mut stranger = Stranger::new(FINE).also(line, reaction);
    let events = stranger.run(cases(body), Bench { transport_us: transport_ms * 1000, ..bench() });
    let first: Vec<_> = waits(&events)
        .into_iter()
        .filter(|(_, why)| why.contains("come") || why.contains("result"))
        .take(wanted.len().max(1))
        .collect();
    assert_eq!(first.len(), wanted.len(), "{first:?}");
    for ((for_ms, why), (wanted_ms, wanted_why)) in first.into_iter().zip(wanted) {
        let wanted_ms = wanted_ms + transport_ms;
        // Some of them begin with the silence behind an answer.
        let just_so = (wanted_ms - QUIET_US / 1000..=wanted_ms).contains(&for_ms);
        assert!(just_so && why == *wanted_why, "{for_ms} {why}, not {wanted_ms} {wanted_why}");
    }
}

/// Data that are under way when something goes wrong: an upload that nobody feeds is left at once, what is only told wrongly is heard to its end.
#[rstest]
// `AT` is asked twice: the stranger takes the escape for data.
#[case::nothing_was_sent("< ERROR\n", Reaction::Takes(5, answer(&["OK"])), true, 4)]
#[case::all_was_sent("< CONNECT\ndata hello\n< +QFUPL: 4,6b09\n< OK\n", Reaction::Takes(5, answer(&["+QFUPL: 5,6b09", "OK"])), false, 2)]
#[case::before_the_data("< CONNECT\nwait 1ms\n", Reaction::InParts(vec![(2500, b"AT+QFUPL=\"RAM:a\",5,5\r\r\n+QFUPL: 1\r\n".to_vec()), (900_000, answer(&["ERROR"]))]), false, 2)]
fn data_that_are_under_way(
    #[case] then: &str,
    #[case] reaction: Reaction,
    #[case] left: bool,
    #[case] searches: usize,
) {
    let mut stranger = Stranger::new(FINE).also("AT+QFUPL=\"RAM:a\",5,5", reaction);
    let events = stranger.run(cases(&format!("> AT+QFUPL=\"RAM:a\",5,5\n{then}")), bench());
    let escaped = events
        .iter()
        .any(|event| matches!(event, Event::Wire { dir: Direction::Host, bytes, .. } if bytes == "+++"));
    assert_eq!(escaped, left);
    let of = |wanted: &str| waits(&events).into_iter().filter(|(_, why)| *why == wanted).count();
    // Behind a case that failed and at the end the module is looked for anyway.
    assert_eq!((of("silence, to find the module again"), of("an answer that does not come")), (searches, 0));
}

/// A module that never answers: what is waited for it is told, too.
#[test]
fn a_silent_port_is_waited_for_and_that_is_told() {
    let events = Stranger::new(&[]).also("AT", Reaction::Silent).run(cases(ASK), bench());
    let times = Times::of(&events);
    // What the port took over the first `AT` falls into the silence that is granted to a run's first bytes.
    assert_eq!(times.rest_us, (sends(&events) - 1) * PORT_US, "{times:?}");
    let wanted = [
        (50, "silence before the first word"),
        (1500, "an answer that does not come"),
        (200, "silence before another first word"),
    ];
    assert_eq!(waits(&events)[..3], wanted);
}

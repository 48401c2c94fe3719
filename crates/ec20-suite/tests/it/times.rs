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
    // The stranger takes the escape for the beginning of a line, and refuses that.
    &[
        (1100, "the guard time before +++"),
        (1100, "the guard time after +++"),
        (200, "silence before another first word"),
    ]
)]
#[case::as_a_transcript_asks(
    "> AT+X\n< OK\nwait 2s\nquiet 500ms\n",
    Reaction::Says(answer(&["OK"])),
    false,
    &[(2000, "the transcript's wait"), (500, "the transcript's quiet")]
)]
#[case::an_answer_in_vain(
    "> AT+X\n< OK\n",
    Reaction::Silent,
    false,
    &[(5000, "an answer that does not come"), (100, "silence, to find the module again")]
)]
#[case::half_an_answer(
    "> AT+X\n< OK\n",
    Reaction::Says(b"\r\n+X: \"half".to_vec()),
    false,
    &[(5000, "an answer that does not come"), (100, "silence, to find the module again")]
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
    let port_us = (sends - 2) * PORT_US..=sends * PORT_US + QUIET_US;
    assert!(port_us.contains(&times.rest_us), "{times:?}, {sends} sends");
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

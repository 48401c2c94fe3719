//! Properties over any bytes: nothing panics, nothing is lost, no cut changes anything, nothing is given away.

use ec20_at::framer::{Event, EventKind, Framer, Owner};
use ec20_at::{Dialect, Unit, command_line, information::Information, read_unit, unsolicited};
use proptest::prelude::*;

/// Bytes as they come from a module, well formed or not.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "\r\n",
        "\r",
        "\n",
        "\"",
        "OK",
        "ERROR",
        "+CSQ: 9,99",
        "+QMMSEDIT: 1,\"",
        "CONNECT",
        "CONNECT 5",
        "+QFUPL: 3,0",
        "+QFDWL: 3,262",
        "abc",
        "A",
        "AT",
        "AT+CSQ\r",
        "AT+QFDWL=\"a\"\r",
        "0\r",
        "4\r",
        "> ",
        ">",
        "RDY",
        "+CME ERROR: ",
        "756",
        "+QMMSEND: 0,200",
        ",",
        " ",
        "+",
        "\r\nOK\r\n",
        "x",
    ]);
    let piece = prop_oneof![9 => pieces.prop_map(|piece| piece.as_bytes().to_vec()), 1 => any::<[u8; 2]>().prop_map(|b| b.to_vec())];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

#[derive(Clone, Debug)]
enum Deed {
    Send(&'static str),
    Arrive(Vec<u8>),
    GiveUp,
    Settle,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let commands = prop::sample::select(vec![
        "AT\r",
        "AT+CSQ\r",
        "AT+QFDWL=\"a\"\r",
        "AT+QFUPL=\"a\",9,5,1\r",
        "ATV0\r",
        "ATE0\r",
        "AT+QMMSEDIT=1\r",
        "A/",
        "+++",
        "ATI\r",
    ]);
    let deed = prop_oneof![
        4 => stream().prop_map(Deed::Arrive),
        3 => commands.prop_map(Deed::Send),
        1 => Just(Deed::GiveUp),
        1 => Just(Deed::Settle),
    ];
    prop::collection::vec(deed, 0..8)
}

fn play(deeds: &[Deed], capacity: usize, chunk: usize) -> Vec<Event> {
    let mut framer = Framer::with_capacity(capacity);
    let (mut buffer, mut events, mut total) = (Vec::new(), Vec::new(), 0);
    let drain = |framer: &mut Framer, buffer: &mut Vec<u8>, events: &mut Vec<Event>| {
        while let Some(event) = framer.next(buffer) {
            events.push(event);
        }
        buffer.drain(..framer.release());
        assert!(
            buffer.len() < framer.capacity(),
            "a buffer of the capacity always has room for one more byte"
        );
    };
    for deed in deeds {
        match deed {
            Deed::Send(line) => drop(framer.sent(line.as_bytes())),
            Deed::GiveUp => framer.give_up(),
            Deed::Settle => framer.settle(),
            Deed::Arrive(bytes) => {
                for piece in bytes.chunks(chunk) {
                    buffer.extend_from_slice(piece);
                    total += piece.len();
                    drain(&mut framer, &mut buffer, &mut events);
                }
            }
        }
        drain(&mut framer, &mut buffer, &mut events);
    }
    // What is given up may, read again, begin a download whose bytes do not come: then its deadline passes, too.
    let mut before = usize::MAX;
    while before != events.len() {
        before = events.len();
        framer.give_up();
        drain(&mut framer, &mut buffer, &mut events);
    }
    let mut end = 0;
    for event in &events {
        assert_eq!(event.frame.start, end, "frames tile the stream");
        assert!(event.frame.start <= event.text.start && event.text.end <= event.frame.end);
        assert!(event.frame.start < event.frame.end);
        end = event.frame.end;
    }
    assert_eq!(end, total, "nothing is lost once the caller has given up");
    events
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_cut_of_the_stream_changes_an_event(deeds in deeds(), chunk in 1_usize..20, capacity in 0_usize..600) {
        let whole = play(&deeds, capacity, usize::MAX);
        prop_assert_eq!(&whole, &play(&deeds, capacity, 1));
        prop_assert_eq!(&whole, &play(&deeds, capacity, chunk));
    }

    #[test]
    fn long_streams_keep_within_the_capacity(bytes in prop::collection::vec(stream(), 0..40), chunk in 1_usize..40) {
        let deeds = [Deed::Send("AT+QMMSEDIT=1\r"), Deed::Arrive(bytes.concat())];
        prop_assert_eq!(play(&deeds, 0, usize::MAX), play(&deeds, 0, chunk));
    }

    /// With its echo seen, a command's final result is its own; before its echo nothing is given to it.
    #[test]
    fn with_echo_no_final_result_is_given_to_a_command_before_its_echo(noise in stream()) {
        let mut framer = Framer::new();
        framer.sent(b"AT+FIRST\r");
        let mut events = Vec::new();
        let mut buffer = b"AT+FIRST\r".to_vec();
        while let Some(event) = framer.next(&buffer) { events.push(event); }
        let second = framer.sent(b"AT+SECOND\r").unwrap();
        buffer.extend_from_slice(&noise);
        while let Some(event) = framer.next(&buffer) {
            if let EventKind::Final { owner, .. } = event.kind {
                prop_assert!(!owner.is(second));
            }
        }
    }

    /// Without echo, after a command was given up, the first final result is never certain.
    #[test]
    fn without_echo_the_first_final_result_after_giving_up_is_ambiguous(noise in stream()) {
        let mut framer = Framer::new();
        framer.set_echo(ec20_at::framer::Echo::Off);
        framer.sent(b"AT+QIACT=1\r");
        framer.give_up();
        framer.sent(b"AT+QIDEACT=1\r");
        let mut first = None;
        while let Some(event) = framer.next(&noise) {
            if let EventKind::Final { owner, .. } = event.kind {
                first = first.or(Some(owner));
            }
        }
        if let Some(first) = first {
            prop_assert!(matches!(first, Owner::Ambiguous { .. }), "{first:?}");
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused_with_a_place(bytes: Vec<u8>, prefix in prop::sample::select(vec!["", "AT", "AT+QMMSCFG=", "+QMMSEDIT: ", "+QFLST: \"", "+CME ERROR: "])) {
        let line = [prefix.as_bytes(), &bytes].concat();
        for dialect in [Dialect::CANONICAL, Dialect::TOLERANT] {
            for unit in [Unit::CommandLine, Unit::Information, Unit::InformationOf("i"), Unit::Urc, Unit::Final, Unit::Prompt] {
                let read = read_unit(unit, dialect, &line, |form| {
                    for field in form.fields() {
                        assert!(field.span.start <= field.span.end && field.span.end <= line.len());
                    }
                });
                if let Err(error) = read {
                    prop_assert!(error.span.start <= error.span.end && error.span.end <= line.len(), "{error:?}");
                    let _ = error.to_string();
                }
            }
            let _ = (Information::read(&line, dialect), unsolicited::Urc::read(&line, dialect));
            if let Ok(read) = command_line::read(&line, dialect) {
                for command in read.commands().flatten() {
                    let _ = (command.request(), command.parameters().count());
                }
            }
        }
    }

    /// What the canonical reading takes, the tolerant one takes, too, and in the same form.
    #[test]
    fn the_tolerant_reading_takes_all_that_the_canonical_one_takes(line in "(AT)?\\+(QMMSEDIT|CREG|QFUPL|CSQ|QMMSEND)(=|: |\\?|=\\?)[0-5\",a(<>)]{0,9}") {
        for unit in [Unit::CommandLine, Unit::Information, Unit::Urc] {
            let mut names = [Vec::new(), Vec::new()];
            let strict = read_unit(unit, Dialect::CANONICAL, line.as_bytes(), |form| names[0].push(form.name()));
            let loose = read_unit(unit, Dialect::TOLERANT, line.as_bytes(), |form| names[1].push(form.name()));
            if strict.is_ok() {
                prop_assert!(loose.is_ok(), "{line}");
                prop_assert_eq!(&names[0], &names[1]);
            }
        }
    }
}

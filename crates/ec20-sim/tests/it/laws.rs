//! What holds for every module and any input.

use ec20_manual::profile::Profile;
use ec20_sim::link::{Faults, Link};
use ec20_sim::{ConnectionId, Environment, Input, Machine, Module, NetworkEvent, NetworkFailure, Output};
use proptest::prelude::*;

/// What may happen to a module.
#[derive(Debug, Clone)]
enum Event {
    Bytes(Vec<u8>),
    Wait(u64),
    World(Environment),
    Connected(u32),
    Received(u32, Vec<u8>),
    Closed(u32),
    Failed(u32),
}

/// Pieces that lines are made of, so that chance also writes commands that mean something.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "AT",
        "at",
        "+QMMSCFG",
        "+QMMSEDIT",
        "+QMMSEND",
        "+QFUPL",
        "+QFLST",
        "+QFDEL",
        "+QFDWL",
        "+QICSGP",
        "+QIACT",
        "+CFUN",
        "+CMEE",
        "E0",
        "E1",
        "V0",
        "V1",
        "S3",
        "S4",
        "Z",
        "&F",
        "A/",
        "=",
        "?",
        "=?",
        ",",
        ";",
        "\"",
        "1",
        "0",
        "4",
        "5",
        "16",
        "100",
        "65535",
        "99999999999999999999",
        "\"contextid\"",
        "\"mmsc\"",
        "\"proxy\"",
        "\"character\"",
        "\"UTF8\"",
        "\"sendparam\"",
        "\"RAM:a\"",
        "\"RAM:*\"",
        "\"13856122546\"",
        "\r",
        "\r",
        "\r\n",
        "+++",
        "\u{1b}",
        "\u{8}",
        "\u{201c}",
    ]);
    prop_oneof![8 => words.prop_map(|word| word.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..8)]
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat())
}

fn event() -> impl Strategy<Value = Event> {
    let world = prop::sample::select(vec![
        Environment::SimOut,
        Environment::SimIn,
        Environment::NetworkLost,
        Environment::NetworkBack,
        Environment::ContextsRefused(true),
        Environment::ContextsRefused(false),
        Environment::PdpLost(1),
        Environment::Reboot,
        Environment::Unplug,
    ]);
    prop_oneof![
        8 => bytes().prop_map(Event::Bytes),
        3 => (0_u64..200_000).prop_map(Event::Wait),
        1 => world.prop_map(Event::World),
        1 => (0_u32..4).prop_map(Event::Connected),
        1 => (0_u32..4, bytes()).prop_map(|(id, bytes)| Event::Received(id, bytes)),
        1 => (0_u32..4).prop_map(Event::Closed),
        1 => (0_u32..4).prop_map(Event::Failed),
    ]
}

fn any_profile() -> impl Strategy<Value = Profile> {
    prop::sample::select(Profile::built_in_names().to_vec())
        .prop_map(|name| Profile::built_in(name).expect("a built-in profile"))
}

fn play(machine: &mut impl Machine, events: &[Event]) -> Vec<Output> {
    let mut now = 0;
    let mut all = Vec::new();
    for event in events {
        let input = match event {
            Event::Bytes(bytes) => Input::Bytes(bytes),
            Event::Wait(ms) => {
                now += ms;
                Input::Tick
            }
            Event::World(event) => Input::Environment(*event),
            Event::Connected(id) => Input::Network(NetworkEvent::Connected(ConnectionId(*id))),
            Event::Received(id, bytes) => Input::Network(NetworkEvent::Received(ConnectionId(*id), bytes)),
            Event::Closed(id) => Input::Network(NetworkEvent::Closed(ConnectionId(*id))),
            Event::Failed(id) => {
                Input::Network(NetworkEvent::Failed(ConnectionId(*id), NetworkFailure::ReadFailed))
            }
        };
        all.extend(machine.step(now, input));
    }
    all
}

fn said(outputs: &[Output]) -> Vec<u8> {
    outputs
        .iter()
        .filter_map(|output| match output {
            Output::Bytes(bytes) => Some(&bytes[..]),
            _ => None,
        })
        .collect::<Vec<_>>()
        .concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_a_module_panic_and_the_same_makes_the_same(
        profile in any_profile(),
        events in prop::collection::vec(event(), 0..24),
    ) {
        let once = play(&mut Module::new(&profile), &events);
        let again = play(&mut Module::new(&profile), &events);
        prop_assert_eq!(once, again);
    }

    #[test]
    fn a_wish_to_be_woken_lies_ahead(
        profile in any_profile(),
        events in prop::collection::vec(event(), 0..24),
    ) {
        let mut module = Module::new(&profile);
        let mut now = 0;
        for event in &events {
            if let Event::Wait(ms) = event {
                now += ms;
            }
            let bytes: &[u8] = if let Event::Bytes(bytes) = event { bytes } else { b"" };
            for output in module.step(now, Input::Bytes(bytes)) {
                if let Output::WakeAt(at) = output {
                    prop_assert!(at > now || at == module.wake_at().unwrap_or(0));
                }
            }
        }
    }

    #[test]
    fn how_bytes_are_cut_does_not_matter(
        profile in any_profile(),
        bytes in bytes(),
        size in 1_usize..9,
    ) {
        let whole = play(&mut Module::new(&profile), &[Event::Bytes(bytes.clone())]);
        let pieces: Vec<_> = bytes.chunks(size).map(|piece| Event::Bytes(piece.to_vec())).collect();
        let cut = play(&mut Module::new(&profile), &pieces);
        prop_assert_eq!(said(&whole), said(&cut));
    }

    #[test]
    fn a_spoiling_line_breaks_nothing_but_bytes(
        seed in any::<u64>(),
        events in prop::collection::vec(event(), 0..16),
        cut in 0_u64..400,
    ) {
        let faults = Faults {
            split: true,
            delay_ms_max: 50,
            drop_ppm: 20_000,
            duplicate_ppm: 20_000,
            corrupt_ppm: 20_000,
            unplug_after: (cut > 200).then_some(cut),
            reboot_after: (cut < 100).then_some(cut),
        };
        let link = || Link::new(Module::new(Profile::manual()), seed, faults);
        prop_assert_eq!(play(&mut link(), &events), play(&mut link(), &events));
    }

    #[test]
    fn after_anything_a_restart_brings_the_module_back(
        profile in any_profile(),
        events in prop::collection::vec(event(), 0..16),
    ) {
        let mut module = Module::new(&profile);
        play(&mut module, &events);
        module.step(u64::from(u32::MAX), Input::Environment(Environment::Reboot));
        module.step(u64::from(u32::MAX) + 60_000, Input::Tick);
        // What AT&W stored outlives a restart, so the form of the answer is not known; that there is one is.
        let answer = module.step(u64::from(u32::MAX) + 60_001, Input::Bytes(b"AT\rAT&FV1Q0E1S3=13\rAT!AT\r"));
        prop_assert!(matches!(answer.first(), Some(Output::Bytes(_))));
    }
}

//! A stream is cut into frames, and how it arrives does not matter: same events for every cut, every byte in exactly one frame, work that
//! grows with the bytes and nothing else.

use ec20_at::framer::EventKind;

use crate::session::{Cut, Heard, hear};

/// However the bytes of a session are cut on their way, the events are the same.
pub fn cuts_change_nothing(session: &[u8], capacity: usize, sizes: &[u8]) {
    let whole = hear(session, capacity, Cut::Whole).events;
    for cut in [Cut::Pieces(&[]), Cut::Pieces(sizes)] {
        let events = hear(session, capacity, cut).events;
        assert_eq!(whole, events, "the cut {cut:?} changes the events of {}", session.escape_ascii());
    }
}

/// The same for every way to cut a session in two: for whole files, where each place counts.
pub fn no_split_changes_anything(session: &[u8]) {
    let whole = hear(session, 0, Cut::Whole);
    for at in 0..=whole.arrived {
        let events = hear(session, 0, Cut::At(at)).events;
        assert_eq!(
            whole.events,
            events,
            "the split at {at} changes the events of {}",
            session.escape_ascii()
        );
    }
}

/// Frames follow each other without a gap or an overlap from the first byte to the last, and each text lies inside its frame.
pub fn frames_tile_the_stream(session: &[u8], capacity: usize) {
    let Heard { events, arrived, .. } = hear(session, capacity, Cut::Whole);
    let mut end = 0;
    for event in &events {
        assert_eq!(
            event.frame.start,
            end,
            "a gap or an overlap before {event:?} in {}",
            session.escape_ascii()
        );
        assert!(event.frame.start < event.frame.end, "an empty frame {event:?}");
        assert!(
            event.frame.start <= event.text.start
                && event.text.start <= event.text.end
                && event.text.end <= event.frame.end,
            "the text lies outside its frame: {event:?}"
        );
        end = event.frame.end;
    }
    assert_eq!(end, arrived, "bytes are lost at the end of {}", session.escape_ascii());
}

/// The framer asks its caller to keep no more than its capacity, gives at most one event for each byte, and comes to rest.
///
/// Together with frames that tile the stream this bounds the work: no byte is given twice. That each byte is also looked at only a
/// bounded number of times is what the benchmark over long answers shows.
pub fn work_is_bounded(session: &[u8], capacity: usize, sizes: &[u8]) {
    let heard = hear(session, capacity, Cut::Pieces(sizes));
    let capacity = ec20_at::framer::Framer::with_capacity(capacity).capacity();
    let largest = sizes.iter().copied().max().unwrap_or(1).max(1);
    assert!(heard.events.len() <= heard.arrived, "more events than bytes");
    assert!(
        heard.kept <= capacity + usize::from(largest),
        "{} bytes kept for lines of {capacity}, arriving {largest} at a time",
        heard.kept
    );
    let longest = heard
        .events
        .iter()
        .filter(|event| event.kind == EventKind::Data)
        .map(|event| event.frame.len())
        .max();
    assert!(longest.unwrap_or(0) <= capacity, "a block longer than the capacity");
}

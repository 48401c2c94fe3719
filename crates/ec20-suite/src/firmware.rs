//! The firmware profile that a run observed: identity and an answer for each unknown that was asked.
//!
//! The simulated module started with it answers like that very firmware. It reads the journal only; what nobody asked is not in it.

use ec20_manual::Catalogue;
use ec20_manual::profile::{Answer, Profile};

use crate::journal::{Event, Identity};

/// The profile of the firmware behind a run, under the given name.
///
/// A named answer stands by its name; one whose pattern leaves something open (any code), and any answer nobody knew of, stands as the
/// lines that came. Where a run asked the same question twice, the last answer stands.
pub fn observed(name: &str, events: &[Event]) -> Profile {
    let mut profile = Profile { name: name.to_owned(), ..Profile::manual().clone() };
    profile.answers.clear();
    for event in events {
        match event {
            Event::Run(run) => {
                profile.title = format!("observed on {} by suite {}", run.started, short(&run.suite_hash));
            }
            Event::Identity(identity) => identify(&mut profile, identity),
            Event::Observed { unknown, answer, raw, .. } => {
                profile.answers.insert(unknown.clone(), answer_of(unknown, answer, raw));
            }
            _ => {}
        }
    }
    profile
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

fn answer_of(unknown: &str, answer: &str, raw: &[String]) -> Answer {
    let known = Catalogue::manual().unknown(unknown).and_then(|unknown| unknown.answer(answer));
    let open = known.is_none_or(|known| known.lines.iter().any(|line| line.contains("{:")));
    // An accepted command has effects that lines alone would not have: it keeps its name.
    let accepted = raw.last().is_some_and(|last| last == "OK");
    if open && !(known.is_some() && accepted) {
        Answer::Other(raw.to_vec())
    } else {
        Answer::Named(answer.to_owned())
    }
}

fn identify(profile: &mut Profile, identity: &Identity) {
    let set = |slot: &mut String, value: Option<&str>| {
        if let Some(value) = value {
            value.clone_into(slot);
        }
    };
    let mine = &mut profile.identity;
    let line = |index: usize| identity.ati.get(index).map(String::as_str);
    set(&mut mine.manufacturer, line(0));
    set(&mut mine.model, line(1));
    set(&mut mine.revision, line(2).and_then(|line| line.strip_prefix("Revision: ")));
    let build = identity.qgmr.as_deref().and_then(|qgmr| qgmr.strip_prefix(mine.revision.as_str()));
    set(&mut mine.build, build);
    set(&mut mine.imei, identity.cgsn.as_deref());
}

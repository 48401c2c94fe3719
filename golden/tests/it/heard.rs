//! Every answer to every unknown is heard: a module that gives it is written down with it, under its own name.
//!
//! Knows how an answer of a profile shows in a journal, and which answers belong together. A case that writes down something else is
//! mended, or the simulated module is; what no case can hear stands in [`UNHEARD`], with the reason.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ec20_laws::virtual_bench::{Conditions, run};
use ec20_manual::profile::{Answer, Profile};
use ec20_manual::{Catalogue, Unknown};
use ec20_suite::journal::Event;
use ec20_suite::suite::{Case, Suite};

use crate::asked::{bench, suite};

/// Answers that no case can hear, with the reason. What stands here and is heard is stale.
const UNHEARD: &[(&str, &str, &str)] = &[
    ("U-SEND-RESULT-PORT", "other", "from this port, a result on another one looks like none at all"),
    (
        "U-SEND-NO-RECIPIENT",
        REFUSED,
        "the clause demands 762: another code is its breach, and no observation",
    ),
    (
        "U-FILE-ESCAPE-GUARD",
        REFUSED,
        "the code is that of an upload that fell silent, which U-FILE-UPLOAD-SILENCE tells",
    ),
];

/// Unknowns that can only be asked where another has let the dialogue come so far, and why.
const BEYOND: &[(&str, &str, &str)] = &[
    ("U-EDIT-FILE-NAME-PREFIX", "U-FILE-NAME-PREFIX", "only a file that is there can be attached"),
    (
        "U-SEND-NO-MMSC",
        "U-CFG-MMSC-EMPTY",
        "a message centre that was set once cannot be taken away otherwise",
    ),
    ("U-SEND-URL-ERR", "U-CFG-PROXY-ZERO", "through a proxy, nobody but the proxy looks for the name"),
];

/// Without echo no line feed is echoed.
const ECHOED: &str = "U-LINE-ECHO-LF";

/// In [`UNHEARD`]: an answer that the catalogue does not know.
const REFUSED: &str = "+CME ERROR: 901";

/// An unknown and the name of one of its answers.
type Answered = (&'static str, &'static str);

/// One fact that two unknowns tell of: with the first answer goes the second.
const TOGETHER: &[(Answered, Answered)] = &[
    // Only a title that is taken can leave.
    (("U-SEND-TITLE-NOT-HEX", "text"), ("U-EDIT-TITLE-NOT-HEX", "taken")),
    (("U-SEND-TITLE-NOT-HEX", "nothing"), ("U-EDIT-TITLE-NOT-HEX", "taken")),
    (("U-SEND-TITLE-NOT-HEX", "failed"), ("U-EDIT-TITLE-NOT-HEX", "taken")),
    // It sends to nobody, so that it costs nothing; what is taken is refused with 762, if that comes at once.
    (("U-SEND-BARE", "taken"), ("U-SEND-NO-RECIPIENT", "result")),
    (("U-SEND-SURPLUS", "taken"), ("U-SEND-NO-RECIPIENT", "result")),
    // How an upload ends that falls silent.
    (("U-FILE-NAME-PREFIX", "taken-421"), ("U-FILE-UPLOAD-SILENCE", "cme-421")),
    (("U-FILE-NAME-PREFIX", "taken-error"), ("U-FILE-UPLOAD-SILENCE", "error")),
    (("U-FILE-UPLOAD-EXISTS", "taken-421"), ("U-FILE-UPLOAD-SILENCE", "cme-421")),
    (("U-FILE-UPLOAD-EXISTS", "taken-error"), ("U-FILE-UPLOAD-SILENCE", "error")),
    (("U-FILE-UPLOAD-DEFAULT", "taken-421"), ("U-FILE-UPLOAD-SILENCE", "cme-421")),
    (("U-FILE-UPLOAD-DEFAULT", "taken-error"), ("U-FILE-UPLOAD-SILENCE", "error")),
    (("U-FILE-ESCAPE-GUARD", "guarded-421"), ("U-FILE-UPLOAD-SILENCE", "cme-421")),
    // How a name is listed that is not there.
    (("U-FILE-RAM-AFTER-RESTART", "lost-405"), ("U-FILE-LIST-MISSING", "cme-405")),
];

/// What a profile's answer to an unknown must be written down as.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    name: String,
    /// The lines, where nobody knew of them.
    lines: Option<Vec<String>>,
}

impl Told {
    /// Lines that are word for word a known answer's are that answer.
    pub(crate) fn of(unknown: &Unknown, answer: &Answer) -> Self {
        match answer {
            Answer::Named(name) => Self { name: name.clone(), lines: None },
            Answer::Other(lines) => match unknown.answers.iter().find(|known| known.lines == *lines) {
                Some(known) => Self { name: known.name.clone(), lines: None },
                None => Self { name: "other".to_owned(), lines: Some(lines.clone()) },
            },
        }
    }

    /// What a run wrote down of the unknown and is something else; none where it wrote down nothing.
    pub(crate) fn missed(&self, events: &[Event], id: &str) -> Option<Vec<String>> {
        let mut heard = events
            .iter()
            .filter_map(|event| match event {
                Event::Observed { unknown, answer, raw, .. } if unknown == id => Some((answer, raw)),
                _ => None,
            })
            .peekable();
        heard.peek()?;
        let is_other = |(answer, raw): &(&String, &Vec<String>)| {
            **answer != self.name || self.lines.as_ref().is_some_and(|lines| lines != *raw)
        };
        Some(heard.filter(is_other).map(|(answer, raw)| format!("{answer} {raw:?}")).collect())
    }
}

/// The lines of a firmware's answer, as far as the catalogue knows them.
fn lines_of(profile: &Profile, id: &str) -> Vec<String> {
    match profile.answer(id) {
        Some(Answer::Other(lines)) => lines.clone(),
        Some(Answer::Named(name)) => {
            let known = Catalogue::manual().unknown(id).and_then(|unknown| unknown.answer(name));
            known.map(|known| known.lines.clone()).unwrap_or_default()
        }
        None => Vec::new(),
    }
}

/// Whether no case can ask this firmware, because what leads to the question is refused.
pub(crate) fn is_out_of_reach(profile: &Profile, echoes: bool, id: &str) -> bool {
    let refused =
        |other: &str| !lines_of(profile, other).iter().any(|line| line == "OK" || line == "CONNECT");
    (id == ECHOED && !echoes) || BEYOND.iter().any(|(beyond, other, _)| *beyond == id && refused(other))
}

/// The named answer that stands for these lines, else the lines themselves.
fn as_answer(id: &str, lines: Vec<String>) -> Answer {
    let known = Catalogue::manual().unknown(id).into_iter().flat_map(|unknown| &unknown.answers);
    match known.into_iter().find(|known| known.lines == lines) {
        Some(known) => Answer::Named(known.name.clone()),
        None => Answer::Other(lines),
    }
}

/// Makes one firmware of answers that were drawn one by one: where two unknowns tell of the same fact, the first named decides.
pub(crate) fn agree(profile: &mut Profile) {
    let named =
        |profile: &Profile, id: &str, name: &str| profile.answer(id) == Some(&Answer::Named(name.to_owned()));
    let mut answers = Vec::new();
    let mut set = |id: &'static str, answer| answers.push((id, answer));
    if !named(profile, "U-SEND-NO-RECIPIENT", "result") {
        for id in ["U-SEND-BARE", "U-SEND-SURPLUS"] {
            if named(profile, id, "taken") {
                set(id, Answer::Named("cme-762".into()));
            }
        }
    }
    let silence = lines_of(profile, "U-FILE-UPLOAD-SILENCE");
    let kept = named(profile, "U-FILE-UPLOAD-SILENCE", "kept");
    for id in ["U-FILE-NAME-PREFIX", "U-FILE-UPLOAD-DEFAULT"] {
        let taken = lines_of(profile, id).first().is_some_and(|first| first == "CONNECT");
        if taken && kept {
            set(id, Answer::Named("taken".into()));
        } else if taken {
            let lines = [&["CONNECT".to_owned()][..], &silence].concat();
            set(id, as_answer(id, lines));
        }
    }
    if !named(profile, "U-FILE-ESCAPE-GUARD", "anywhere") {
        let guarded =
            if kept { Answer::Named("guarded".into()) } else { as_answer("U-FILE-ESCAPE-GUARD", silence) };
        set("U-FILE-ESCAPE-GUARD", guarded);
    }
    if !named(profile, "U-FILE-RAM-AFTER-RESTART", "kept") {
        let missing = lines_of(profile, "U-FILE-LIST-MISSING");
        set("U-FILE-RAM-AFTER-RESTART", as_answer("U-FILE-RAM-AFTER-RESTART", missing));
    }
    if named(profile, "U-EDIT-TITLE-NOT-HEX", "taken") == named(profile, "U-SEND-TITLE-NOT-HEX", "refused") {
        let taken = named(profile, "U-EDIT-TITLE-NOT-HEX", "taken");
        set("U-SEND-TITLE-NOT-HEX", Answer::Named(if taken { "text" } else { "refused" }.into()));
    }
    // A firmware that brings the context up by itself hides which one it would have used.
    if named(profile, "U-SEND-NO-CONTEXT", "activates") {
        set("U-SEND-CONTEXT-BINDS", Answer::Named("send".into()));
    }
    // A result without httprsp has one field, and the other way round.
    if named(profile, "U-SEND-FAILURE-FIELDS", "one") {
        set("U-SEND-HTTP-MISSING", Answer::Named("absent".into()));
    } else if named(profile, "U-SEND-HTTP-MISSING", "absent") {
        set("U-SEND-FAILURE-FIELDS", Answer::Named("one".into()));
    }
    // A message that is kept over a restart had its title emptied before: one that was never given is not to be had.
    if named(profile, "U-EDIT-AFTER-RESTART", "kept") {
        set("U-EDIT-TITLE-NEVER", Answer::Named("line".into()));
    }
    profile.answers.extend(answers.into_iter().map(|(id, answer)| (id.to_owned(), answer)));
}

/// The case that asks for an unknown.
fn case_of(suite: &Suite, unknown: &Unknown) -> Vec<Case> {
    let id = format!("observe-{}", unknown.id.trim_start_matches("U-").to_lowercase());
    suite.cases().iter().filter(|case| case.transcript.id == id).cloned().collect()
}

/// Whether the answers are the lines of an exchange, so that a firmware may give one that nobody knew of.
fn is_told_by_lines(unknown: &Unknown) -> bool {
    unknown.answers.iter().any(|answer| !answer.lines.is_empty())
}

/// What was written down instead of an answer, if anything was.
fn misheard(suite: &Suite, unknown: &Unknown, answer: &Answer) -> Option<String> {
    let mut profile = Profile::manual().clone().answering(&unknown.id, answer.clone());
    for ((id, name), (other, goes)) in TOGETHER {
        if *id == unknown.id && *answer == Answer::Named((*name).into()) {
            profile = profile.answering(other, Answer::Named((*goes).into()));
        }
    }
    let events = run(&profile, case_of(suite, unknown), bench(suite), &Conditions::default());
    let told = Told::of(unknown, answer);
    match told.missed(&events, &unknown.id) {
        Some(others) if others.is_empty() => None,
        Some(others) => Some(format!("{} {told:?}: written down as {others:?}", unknown.id)),
        None => Some(format!("{} {told:?}: nothing is written down", unknown.id)),
    }
}

#[test]
fn every_answer_to_every_unknown_is_heard_under_its_own_name() {
    let suite = suite();
    let mut asked = Vec::new();
    for unknown in Catalogue::manual().unknowns() {
        asked.extend(unknown.answers.iter().map(|answer| (unknown, Answer::Named(answer.name.clone()))));
        if is_told_by_lines(unknown) {
            asked.push((unknown, Answer::Other(vec![REFUSED.to_owned()])));
        }
    }
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((unknown, answer)) = asked.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let name = match answer {
                        Answer::Named(name) => name,
                        Answer::Other(_) => REFUSED,
                    };
                    let unheard = UNHEARD.iter().any(|(id, answer, _)| *id == unknown.id && *answer == name);
                    let misheard = misheard(&suite, unknown, answer);
                    let wrong_here = match (unheard, misheard) {
                        (false, misheard) => misheard,
                        (true, Some(_)) => None,
                        (true, None) => Some(format!("{} {name} is heard after all", unknown.id)),
                    };
                    wrong.lock().expect("no thread has panicked").extend(wrong_here);
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("no thread has panicked");
    println!("{} answers, {} cannot be heard, {} misheard", asked.len(), UNHEARD.len(), wrong.len());
    assert!(wrong.is_empty(), "{} of {}:\n  {}", wrong.len(), asked.len(), wrong.join("\n  "));
}

/// Each built-in firmware is one that could be: what it answers to one unknown fits what it answers to another.
#[test]
fn the_built_in_firmwares_agree_with_themselves() {
    for name in Profile::built_in_names() {
        let profile = Profile::built_in(name).expect("a built-in profile");
        let mut agreed = profile.clone();
        agree(&mut agreed);
        let differ: BTreeSet<&String> =
            agreed.answers.keys().filter(|id| agreed.answer(id) != profile.answer(id)).collect();
        assert!(differ.is_empty(), "{name}: {differ:?}");
    }
}

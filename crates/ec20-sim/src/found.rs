//! The settings of a module as it is found: the profile's answers to the questions that ask for them.
//!
//! Knows that such an answer is the line of a query, from which the setting itself can be read back. An answer that no
//! setting can be read from is kept and said word for word until something is set.

use ec20_manual::profile::{Answer, Part, Profile};

use crate::deviate::set_part;
use crate::state::State;
use crate::unknown::{self, Question};
use crate::words::{self, Value};

const SETTINGS: [(Question, Part, &str); 5] = [
    (unknown::CONTEXTID_FOUND, Part::Contextid, "contextid"),
    (unknown::MMSC_FOUND, Part::Mmsc, "mmsc"),
    (unknown::PROXY_FOUND, Part::Proxy, "proxy"),
    (unknown::CHARACTER_FOUND, Part::Character, "character"),
    (unknown::SENDPARAM_FOUND, Part::Sendparam, "sendparam"),
];

/// Puts the settings where the profile found them.
pub(crate) fn settings(profile: &Profile, state: &mut State) {
    for (question, part, key) in SETTINGS {
        let lines = match profile.answer(question.id) {
            Some(Answer::Other(lines)) => lines.clone(),
            Some(Answer::Named(name)) => unknown::catalogue_lines(question.id, name),
            None => unknown::catalogue_lines(question.id, question.otherwise),
        };
        match values(&lines, key) {
            Some(values) => set_part(state, part, &values),
            None if lines.is_empty() => {}
            None => {
                state.verbatim.insert(key, lines);
            }
        }
    }
}

/// The values of a query's one line, as text.
fn values(lines: &[String], key: &str) -> Option<Vec<String>> {
    let [line, ok] = lines else { return None };
    let arguments = line.strip_prefix("+QMMSCFG: ").filter(|_| ok == "OK")?;
    let command = words::read_line(format!("+QMMSCFG={arguments}").as_bytes()).pop()?.ok()?;
    let (first, rest) = command.values.split_first()?;
    if first.text()? != key.as_bytes() || rest.is_empty() {
        return None;
    }
    let text = |value: &Value| match value {
        Value::Number(number) => Some(number.to_string()),
        Value::Text(text) => String::from_utf8(text.clone()).ok(),
        Value::Missing | Value::Word(_) => None,
    };
    rest.iter().map(text).collect()
}

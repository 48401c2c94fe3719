//! Why a TOML file does not have the form that its reader wants, in words for the person who wrote the file.
//!
//! The TOML reader speaks of types and fields of Rust; this file knows its sentences and says them in terms of keys and
//! values. A sentence that it does not know is passed on as it stands.

use crate::spelling::did_you_mean;

/// What should have stood in the file, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) expected: String,
    pub(crate) found: String,
}

/// The longest list of names that a message carries; more of them only hide the rest.
const NAMES_MAX: usize = 12;

impl Reason {
    /// The reason behind a message of the TOML reader.
    pub(crate) fn read(message: &str) -> Self {
        let message = message.trim().replace('\n', ", ");
        unknown_name(&message, "unknown field ", "a key of this table")
            .or_else(|| unknown_name(&message, "unknown variant ", "a word that this key knows"))
            .or_else(|| missing_key(&message))
            .or_else(|| wrong_value(&message))
            .unwrap_or_else(|| Self { expected: "TOML of this file's form".to_owned(), found: message })
    }
}

/// ``unknown field `X`, expected one of `a`, `b` ``
fn unknown_name(message: &str, start: &str, what: &str) -> Option<Reason> {
    let (name, rest) = message.strip_prefix(start)?.strip_prefix('`')?.split_once('`')?;
    let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    let hint = did_you_mean(name, known.iter().copied());
    let listed = if hint.is_empty() && !known.is_empty() && known.len() <= NAMES_MAX {
        format!(" ({})", known.join(", "))
    } else {
        String::new()
    };
    Some(Reason { expected: format!("{what}{listed}"), found: format!("`{name}`{hint}") })
}

/// ``missing field `X` ``
fn missing_key(message: &str) -> Option<Reason> {
    let (name, _) = message.strip_prefix("missing field `")?.split_once('`')?;
    Some(Reason {
        expected: format!("the key `{name}` in this table"),
        found: "none of that name".to_owned(),
    })
}

/// `invalid type: string "5", expected i64`, `invalid value: integer `-1`, expected u32`
fn wrong_value(message: &str) -> Option<Reason> {
    let rest = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "))?;
    let (found, wanted) = rest.rsplit_once(", expected ")?;
    let number = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "usize", "isize"];
    let is_string = found.starts_with("string ");
    let expected = match wanted {
        _ if number.contains(&wanted) && is_string => "a number, without quotes".to_owned(),
        _ if wanted.starts_with('u') && number.contains(&wanted) => "a whole number from 0".to_owned(),
        _ if number.contains(&wanted) => "a whole number".to_owned(),
        "a string" => "text in quotes".to_owned(),
        "a boolean" => "true or false, without quotes".to_owned(),
        "a sequence" => "a list in brackets".to_owned(),
        "a map" => "a table".to_owned(),
        _ if wanted.starts_with("struct ") => "a table".to_owned(),
        other => other.to_owned(),
    };
    Some(Reason { expected, found: found.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::Reason;

    #[track_caller]
    fn check(message: &str, expected: &str, found: &str) {
        let reason = Reason::read(message);
        assert_eq!((reason.expected.as_str(), reason.found.as_str()), (expected, found));
    }

    #[test]
    fn sentences_of_the_reader_are_said_in_words_of_the_file() {
        let keys = "unknown field `recipient`, expected one of `port`, `speed`, `recipients`";
        check(keys, "a key of this table", "`recipient`; did you mean recipients?");
        check("unknown field `zzz`, expected `max` or `min`", "a key of this table (max, min)", "`zzz`");
        check(
            "unknown variant `limt`, expected one of `limit`, `code`",
            "a word that this key knows",
            "`limt`; did you mean limit?",
        );
        check("missing field `owner`", "the key `owner` in this table", "none of that name");
        check("invalid type: string \"5\", expected i64", "a number, without quotes", "string \"5\"");
        check("invalid type: integer `5`, expected a string", "text in quotes", "integer `5`");
        check("invalid value: integer `-1`, expected u32", "a whole number from 0", "integer `-1`");
        check("invalid type: string \"x\", expected a sequence", "a list in brackets", "string \"x\"");
        check("invalid type: integer `5`, expected struct Identity", "a table", "integer `5`");
        check("invalid string\nexpected `\"`", "TOML of this file's form", "invalid string, expected `\"`");
    }
}

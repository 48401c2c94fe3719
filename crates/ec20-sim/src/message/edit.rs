//! `AT+QMMSEDIT`: recipients, title, attachments.
//!
//! What the manual says only by putting text and examples side by side: entries come back in the order in which they
//! were added and as they were written; deleting a list takes all of it; a title replaces the one before; title and text
//! files take the character set in force when they are edited; an empty title is answered by a line, an empty list by
//! nothing.

use ec20_manual::profile::Habit;

use crate::files::FileName;
use crate::limits::Fit;
use crate::module::Module;
use crate::reply::Refusal;
use crate::run::{Flow, Outcome};
use crate::state::{Attachment, Charset, Message, Title};
use crate::unknown;
use crate::words::{Command, Value};

use super::config::{INVALID, length};

const TITLE: i64 = 4;
const ATTACHMENT: i64 = 5;

/// How many addresses a module has room for that keeps its three lists in one.
const SHARED_ROOM: usize = 12;

/// The clauses of the three address lists: how many entries, and which code a full one has.
const LISTS: [(&str, &str); 3] = [
    ("EDIT-TO-COUNT", "EDIT-TO-FULL-CODE"),
    ("EDIT-CC-COUNT", "EDIT-CC-FULL-CODE"),
    ("EDIT-BCC-COUNT", "EDIT-BCC-FULL-CODE"),
];

pub(crate) fn write(module: &mut Module, command: &Command) -> Outcome {
    module.check_writing(command)?;
    let function = function(module, command)?;
    let changes = function == 0 || command.values.len() > 1;
    if changes && module.send.is_some() {
        module.allow(unknown::EDIT_BUSY)?;
    }
    match &command.values[1..] {
        [] if function == 0 => clear(module),
        [Value::Number(1), ..] if function == 0 => Err(module.refusal(unknown::ADD_TO_NOTHING)),
        _ if function == 0 => {
            module.allow(unknown::CLEAR_SURPLUS)?;
            clear(module)
        }
        [] => query(module, function),
        [Value::Number(operation), ..]
            if module.within("EDIT-OPERATION-RANGE", Some(*operation)).is_none() =>
        {
            Err(module.refusal(unknown::OPERATION_CODE))
        }
        [Value::Number(0), surplus @ ..] => {
            if !surplus.is_empty() {
                module.allow(unknown::DELETE_SURPLUS)?;
            }
            delete(module, function)
        }
        [Value::Number(1)] => Err(module.refusal(unknown::ADD_BARE)),
        [Value::Number(1), value, surplus @ ..] => {
            if !surplus.is_empty() {
                module.allow(unknown::ADD_SURPLUS)?;
            }
            let text = text(module, value)?;
            add(module, function, text)
        }
        [operation, ..] if module.within("EDIT-OPERATION-RANGE", operation.number()).is_some() => {
            Ok(Flow::Done)
        }
        _ => Err(module.refusal(unknown::OPERATION_CODE)),
    }
}

/// The function that a command names, as this firmware reads it.
fn function(module: &Module, command: &Command) -> Result<i64, Refusal> {
    let named = match command.values.first() {
        Some(Value::Text(quoted)) => {
            let number = std::str::from_utf8(quoted).ok().and_then(|text| text.parse().ok());
            if number.is_some() {
                module.allow(unknown::FUNCTION_QUOTED)?;
            }
            number
        }
        value => value.and_then(Value::number),
    };
    module.within("EDIT-FUNCTION-RANGE", named).ok_or_else(|| module.refusal(unknown::FUNCTION_CODE))
}

/// The string that is to be added, as this firmware reads it.
fn text(module: &Module, value: &Value) -> Result<Vec<u8>, Refusal> {
    let bare = match value {
        Value::Text(text) => return module.string(text),
        Value::Missing => return Err(module.refusal(unknown::ADD_BARE)),
        Value::Number(number) => number.to_string().into_bytes(),
        Value::Word(word) => word.clone(),
    };
    module.allow(unknown::ADD_UNQUOTED)?;
    Ok(bare)
}

fn add(module: &mut Module, function: i64, text: Vec<u8>) -> Outcome {
    let outcome = match function {
        TITLE => set_title(module, text),
        ATTACHMENT => attach(module, text),
        1..=3 => add_address(module, function, text),
        // A firmware whose range is wider than the manual's has nothing to add to.
        _ => Ok(Flow::Done),
    }?;
    module.state.verbatim.remove(asked(function));
    if function == TITLE
        && let Some(lines) = module.other(unknown::TITLE_CSCS).filter(|_| converts(module))
    {
        let lines = lines.to_vec();
        module.state.verbatim.insert(asked(TITLE), lines);
    }
    let settings = &module.state.settings;
    module.state.message.begun_under.get_or_insert_with(|| settings.clone());
    Ok(outcome)
}

/// The name under which the query of a function may be answered word for word.
fn asked(function: i64) -> &'static str {
    match function {
        1 => "1",
        TITLE => "4",
        _ => "",
    }
}

fn clear(module: &mut Module) -> Outcome {
    module.state.message = Message { title_known: true, cleared: true, ..Message::default() };
    module.state.verbatim.retain(|asked, _| !matches!(*asked, "1" | "4"));
    Ok(Flow::Done)
}

/// The place of an address list in the message.
fn list_at(function: i64) -> usize {
    usize::try_from(function - 1).unwrap_or(0).min(LISTS.len() - 1)
}

fn query(module: &mut Module, function: i64) -> Outcome {
    if let Some(lines) = module.state.verbatim.get(asked(function)) {
        return Err(Refusal::from_lines(lines));
    }
    if function == TITLE {
        return query_title(module);
    }
    let message = &module.state.message;
    let mut entries: Vec<&[u8]> = match function {
        1..=3 => message.addresses[list_at(function)].iter().map(|a| &a[..]).collect(),
        ATTACHMENT => message.attachments.iter().map(|a| &a.name[..]).collect(),
        _ => Vec::new(),
    };
    told_otherwise(module, function, &entries)?;
    if module.deviations.has(Habit::NewestFirst) {
        entries.reverse();
    }
    let line = |entry| [format!("+QMMSEDIT: {function},\"").as_bytes(), entry, b"\""].concat();
    module.running.lines = entries.into_iter().map(line).collect();
    Ok(Flow::Done)
}

/// Answers word for word where the entries hold what this firmware answers in a way of its own.
fn told_otherwise(module: &Module, function: i64, entries: &[&[u8]]) -> Result<(), Refusal> {
    let twice = entries.iter().enumerate().any(|(at, entry)| entries[..at].contains(entry));
    let in_two_lists =
        function > 1 && entries.iter().any(|entry| elsewhere(module, list_at(function), entry));
    let met = [
        (entries.iter().any(|entry| entry.contains(&b'\\')), unknown::BACKSLASH),
        (entries.iter().any(|entry| entry.contains(&b' ')), unknown::ADDRESS_BLANK),
        (twice, unknown::ADDRESS_DUPLICATE),
        (in_two_lists, unknown::ADDRESS_TWO_LISTS),
    ];
    met.into_iter()
        .filter(|(met, _)| *met)
        .find_map(|(_, question)| module.other(question))
        .map_or(Ok(()), |lines| Err(Refusal::from_lines(lines)))
}

fn query_title(module: &mut Module) -> Outcome {
    let current = module.state.settings.character;
    let message = &module.state.message;
    let (charset, text) = match &message.title {
        None if !message.title_known && module.decide(unknown::TITLE_NEVER)? == "nothing" => {
            return Ok(Flow::Done);
        }
        None if message.cleared && current != Charset::Ascii => {
            match module.decide(unknown::CLEAR_CHARSET)? {
                "ascii" => (Charset::Ascii, Vec::new()),
                _ => (current, Vec::new()),
            }
        }
        None => (current, Vec::new()),
        Some(title) if title.charset == current => (current, title.text.clone()),
        Some(title) => match module.decide(unknown::TITLE_CHARSET)? {
            "current" => (current, title.text.clone()),
            "recoded" => (current, super::compose::recoded(title, current)),
            _ => (title.charset, title.text.clone()),
        },
    };
    let small = charset != Charset::Ascii && text.iter().any(u8::is_ascii_lowercase);
    if let Some(lines) = module.other(unknown::TITLE_HEX_CASE).filter(|_| small) {
        return Err(Refusal::from_lines(lines));
    }
    module.say([format!("+QMMSEDIT: {TITLE},\"{}\",\"", charset.name()).as_bytes(), &text, b"\""].concat())
}

fn delete(module: &mut Module, function: i64) -> Outcome {
    let message = &module.state.message;
    let empty = match function {
        TITLE => message.title.is_none(),
        ATTACHMENT => message.attachments.is_empty(),
        1..=3 => message.addresses[list_at(function)].is_empty(),
        _ => false,
    };
    if empty {
        module.allow(unknown::DELETE_EMPTY)?;
    }
    let one = module.deviations.has(Habit::DeletesOne);
    let message = &mut module.state.message;
    let gone = |length: usize| if one { length.min(1) } else { length };
    match function {
        TITLE => {
            message.title = None;
            message.title_known = true;
            message.cleared = false;
        }
        ATTACHMENT => drop(message.attachments.drain(..gone(message.attachments.len()))),
        1..=3 => {
            let list = &mut message.addresses[list_at(function)];
            list.drain(..gone(list.len()));
        }
        _ => {}
    }
    module.state.verbatim.remove(asked(function));
    Ok(Flow::Done)
}

/// Whether an address looks like one of the two kinds that the manual names.
fn is_address(address: &[u8]) -> bool {
    let number = address.strip_prefix(b"+").unwrap_or(address);
    let digits = !number.is_empty() && number.iter().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    digits || address.contains(&b'@')
}

/// An address as this firmware takes it.
fn address(module: &Module, mut address: Vec<u8>) -> Result<Vec<u8>, Refusal> {
    if module.fit("EDIT-ADDRESS-LENGTH", length(&address)) != Fit::Within {
        return Err(module.refusal(unknown::ADDRESS_CODE));
    }
    let in_hex =
        module.state.settings.character != Charset::Ascii && module.deviations.has(Habit::AddressInHex);
    if in_hex && !address.iter().all(u8::is_ascii_hexdigit) {
        return Err(module.refusal(unknown::ADDRESS_CODE));
    }
    if address.is_empty() {
        module.allow(unknown::ADDRESS_EMPTY)?;
    } else if !is_address(&address) {
        module.allow(unknown::ADDRESS_MALFORMED)?;
    }
    if address.contains(&b' ') {
        match module.habit(unknown::ADDRESS_BLANK) {
            "dropped" => address.retain(|b| *b != b' '),
            "nothing" => return Err(Refusal::Cme(INVALID)),
            _ => {}
        }
    }
    Ok(address)
}

/// Whether another list than the one at `at` holds the address.
fn elsewhere(module: &Module, at: usize, address: &[u8]) -> bool {
    let lists = module.state.message.addresses.iter().enumerate();
    lists.filter(|(other, _)| *other != at).any(|(_, list)| list.iter().any(|entry| entry == address))
}

fn add_address(module: &mut Module, function: i64, text: Vec<u8>) -> Outcome {
    let at = list_at(function);
    let (clause, full) = LISTS[at];
    let address = address(module, text)?;
    let list = &module.state.message.addresses[at];
    if list.contains(&address) && module.habit(unknown::ADDRESS_DUPLICATE) == "once" {
        return Ok(Flow::Done);
    }
    if elsewhere(module, at, &address) && module.habit(unknown::ADDRESS_TWO_LISTS) == "left-out" {
        return Ok(Flow::Done);
    }
    let count = i64::try_from(list.len()).unwrap_or(i64::MAX);
    let all: usize = module.state.message.addresses.iter().map(Vec::len).sum();
    let crowded = all >= SHARED_ROOM && module.deviations.has(Habit::ListsShareRoom);
    if crowded || module.fit(clause, count + 1) != Fit::Within {
        return Err(module.demanded(full));
    }
    if module.deviations.has(Habit::AddReplaces) {
        module.state.message.addresses[at].clear();
    }
    module.state.message.addresses[at].push(address);
    Ok(Flow::Done)
}

/// Whether a text is one of a character set's titles: hexadecimal digits unless the set is ASCII.
fn check_title(module: &Module, charset: Charset, text: &[u8]) -> Result<(), Refusal> {
    if charset == Charset::Ascii {
        if module.fit("EDIT-TITLE-LENGTH", length(text)) != Fit::Within {
            return Err(module.refusal(unknown::TITLE_CODE));
        }
        if text.iter().any(|b| *b > 127) {
            module.allow(unknown::TITLE_HIGH_BYTES)?;
        }
        return Ok(());
    }
    match module.fit("EDIT-TITLE-HEX-LENGTH", length(text)) {
        Fit::Outside => return Err(module.refusal(unknown::TITLE_CODE)),
        Fit::Between => module.allow(unknown::TITLE_HEX_LENGTH)?,
        Fit::Within => {}
    }
    if !text.iter().all(u8::is_ascii_hexdigit) {
        module.allow(unknown::TITLE_NOT_HEX)
    } else if !text.len().is_multiple_of(2) {
        module.allow(unknown::TITLE_ODD_HEX)
    } else if charset == Charset::Ucs2 && !text.len().is_multiple_of(4) {
        module.allow(unknown::TITLE_UCS2_HALF)
    } else if !super::compose::is_text(charset, text) {
        module.allow(unknown::TITLE_NO_TEXT)
    } else {
        Ok(())
    }
}

/// Whether `AT+CSCS` might change what a title says.
fn converts(module: &Module) -> bool {
    module.state.settings.character == Charset::Ascii && module.state.session.charset == "UCS2"
}

fn set_title(module: &mut Module, mut text: Vec<u8>) -> Outcome {
    let charset = module.state.settings.character;
    check_title(module, charset, &text)?;
    if text.is_empty() {
        module.allow(unknown::TITLE_EMPTY)?;
    }
    if charset != Charset::Ascii && text.iter().any(u8::is_ascii_lowercase) {
        match module.habit(unknown::TITLE_HEX_CASE) {
            "upper" => text.make_ascii_uppercase(),
            "nothing" => return Err(Refusal::Cme(INVALID)),
            _ => {}
        }
    }
    if module.deviations.has(Habit::TitleAppends)
        && let Some(before) = &module.state.message.title
    {
        text = [&before.text[..], &text].concat();
    }
    if converts(module) {
        match module.habit(unknown::TITLE_CSCS) {
            "converted" => text = super::compose::converted(&text),
            "nothing" => return Err(Refusal::Cme(INVALID)),
            _ => {}
        }
    }
    module.state.message.title = Some(Title { charset, text });
    module.state.message.title_known = true;
    module.state.message.cleared = false;
    Ok(Flow::Done)
}

fn attach(module: &mut Module, name: Vec<u8>) -> Outcome {
    match module.fit("EDIT-FILENAME-LENGTH", length(&name)) {
        Fit::Outside => return Err(module.refusal(unknown::FILE_NAME_CODE)),
        Fit::Between => module.allow(unknown::ATTACH_NAME_PREFIX)?,
        Fit::Within => {}
    }
    let attachments = &module.state.message.attachments;
    let count = i64::try_from(attachments.len()).unwrap_or(i64::MAX);
    if module.fit("EDIT-ATTACH-COUNT", count + 1) != Fit::Within {
        return Err(module.demanded("EDIT-ATTACH-FULL-CODE"));
    }
    let copy = module.state.files.get(FileName::read(&name)).cloned();
    let there = copy.is_some();
    if !there && !module.deviations.has(Habit::AttachesUnseen) {
        module.allow(unknown::ATTACH_MISSING)?;
    }
    if there && !name.contains(&b':') {
        module.allow(unknown::ATTACH_UFS)?;
    }
    if attachments.iter().any(|a| a.name == name) {
        module.allow(unknown::ATTACH_DUPLICATE)?;
    }
    let charset = module.state.settings.character;
    if module.deviations.has(Habit::AddReplaces) {
        module.state.message.attachments.clear();
    }
    module.state.message.attachments.push(Attachment { name, charset, copy });
    Ok(Flow::Done)
}

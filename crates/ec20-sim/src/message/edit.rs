//! `AT+QMMSEDIT`: recipients, title, attachments.
//!
//! What the manual says only by putting text and examples side by side: entries come back in the order in which they
//! were added and as they were written; deleting a list takes all of it; a title replaces the one before; title and text
//! files take the character set in force when they are edited; an empty title is answered by a line, an empty list by
//! nothing.

use ec20_manual::profile::Habit;

use crate::files::FileName;
use crate::limits::Fit;
use crate::module::{Flow, Module, Outcome};
use crate::reply::Refusal;
use crate::state::{Attachment, Charset, Message, Title};
use crate::unknown;
use crate::words::{Command, Value};

use super::config::length;

const TITLE: i64 = 4;
const ATTACHMENT: i64 = 5;

/// The clauses and codes of the three address lists: how many, and which code a full one has.
const LISTS: [(&str, u16); 3] = [("EDIT-TO-COUNT", 757), ("EDIT-CC-COUNT", 758), ("EDIT-BCC-COUNT", 759)];

pub(crate) fn write(module: &mut Module, command: &Command) -> Outcome {
    module.check_writing(command)?;
    let function = command.values.first().and_then(Value::number);
    let Some(function @ 0..=5) = function else { return Err(module.refusal(unknown::FUNCTION_CODE)) };
    let changes = function == 0 || command.values.len() > 1;
    if changes && module.send.is_some() {
        module.allow(unknown::EDIT_BUSY)?;
    }
    match &command.values[1..] {
        [] if function == 0 => clear(module),
        _ if function == 0 => {
            module.allow(unknown::CLEAR_SURPLUS)?;
            clear(module)
        }
        [] => query(module, function),
        [Value::Number(0), surplus @ ..] => {
            if !surplus.is_empty() {
                module.allow(unknown::DELETE_SURPLUS)?;
            }
            delete(module, function)
        }
        [Value::Number(1), Value::Text(text), surplus @ ..] => {
            if !surplus.is_empty() {
                module.allow(unknown::ADD_SURPLUS)?;
            }
            let text = module.string(text)?;
            match function {
                TITLE => set_title(module, text),
                ATTACHMENT => attach(module, text),
                list => add_address(module, list, text),
            }
        }
        [Value::Number(1), ..] => Err(module.refusal(unknown::ADD_BARE)),
        _ => Err(module.refusal(unknown::OPERATION_CODE)),
    }
}

fn clear(module: &mut Module) -> Outcome {
    module.state.message = Message::default();
    Ok(Flow::Done)
}

/// The place of an address list in the message.
fn list_at(function: i64) -> usize {
    usize::try_from(function - 1).unwrap_or(0).min(LISTS.len() - 1)
}

fn query(module: &mut Module, function: i64) -> Outcome {
    if function == TITLE {
        return query_title(module);
    }
    let message = &module.state.message;
    let mut entries: Vec<&[u8]> = if function == ATTACHMENT {
        message.attachments.iter().map(|a| &a.name[..]).collect()
    } else {
        message.addresses[list_at(function)].iter().map(|a| &a[..]).collect()
    };
    if module.deviations.has(Habit::NewestFirst) {
        entries.reverse();
    }
    let line = |entry| [format!("+QMMSEDIT: {function},\"").as_bytes(), entry, b"\""].concat();
    module.running.lines = entries.into_iter().map(line).collect();
    Ok(Flow::Done)
}

fn query_title(module: &mut Module) -> Outcome {
    let current = module.state.settings.character;
    let (charset, text) = match &module.state.message.title {
        None if module.habit(unknown::TITLE_NEVER) == "nothing" => return Ok(Flow::Done),
        None => (current, Vec::new()),
        Some(title) if module.habit(unknown::TITLE_CHARSET) == "current" => (current, title.text.clone()),
        Some(title) => (title.charset, title.text.clone()),
    };
    module.say([format!("+QMMSEDIT: {TITLE},\"{}\",\"", charset.name()).as_bytes(), &text, b"\""].concat())
}

fn delete(module: &mut Module, function: i64) -> Outcome {
    let message = &mut module.state.message;
    let kept = usize::from(module.deviations.has(Habit::DeletesOne));
    let drop = |length: usize| if kept == 1 { length.min(1) } else { length };
    match function {
        TITLE => message.title = None,
        ATTACHMENT => std::mem::drop(message.attachments.drain(..drop(message.attachments.len()))),
        list => {
            let list = &mut message.addresses[list_at(list)];
            list.drain(..drop(list.len()));
        }
    }
    Ok(Flow::Done)
}

fn add_address(module: &mut Module, function: i64, address: Vec<u8>) -> Outcome {
    let at = list_at(function);
    let (clause, full) = LISTS[at];
    let list = &module.state.message.addresses[at];
    if module.fit("EDIT-ADDRESS-LENGTH", length(&address)) != Fit::Within {
        return Err(module.refusal(unknown::ADDRESS_CODE));
    }
    if address.is_empty() {
        module.allow(unknown::ADDRESS_EMPTY)?;
    }
    if list.contains(&address) && module.decide(unknown::ADDRESS_DUPLICATE)? == "once" {
        return Ok(Flow::Done);
    }
    let count = i64::try_from(list.len()).unwrap_or(i64::MAX);
    if module.fit(clause, count + 1) != Fit::Within {
        return Err(Refusal::Cme(full));
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
    } else {
        Ok(())
    }
}

fn set_title(module: &mut Module, mut text: Vec<u8>) -> Outcome {
    let charset = module.state.settings.character;
    check_title(module, charset, &text)?;
    if text.is_empty() {
        module.allow(unknown::TITLE_EMPTY)?;
    }
    if charset != Charset::Ascii && module.habit(unknown::TITLE_HEX_CASE) == "upper" {
        text.make_ascii_uppercase();
    }
    if module.deviations.has(Habit::TitleAppends)
        && let Some(before) = &module.state.message.title
    {
        text = [&before.text[..], &text].concat();
    }
    module.state.message.title = Some(Title { charset, text });
    Ok(Flow::Done)
}

/// Attachments full, which chapter 4 names.
const ATTACHMENTS_FULL: u16 = 760;

fn attach(module: &mut Module, name: Vec<u8>) -> Outcome {
    match module.fit("EDIT-FILENAME-LENGTH", length(&name)) {
        Fit::Outside => return Err(module.refusal(unknown::FILE_NAME_CODE)),
        Fit::Between => module.allow(unknown::ATTACH_NAME_PREFIX)?,
        Fit::Within => {}
    }
    let attachments = &module.state.message.attachments;
    let count = i64::try_from(attachments.len()).unwrap_or(i64::MAX);
    if module.fit("EDIT-ATTACH-COUNT", count + 1) != Fit::Within {
        return Err(Refusal::Cme(ATTACHMENTS_FULL));
    }
    let there = module.state.files.get(FileName::read(&name)).is_some();
    if !there && !module.deviations.has(Habit::AttachesUnseen) {
        module.allow(unknown::ATTACH_MISSING)?;
    }
    if attachments.iter().any(|a| a.name == name) {
        module.allow(unknown::ATTACH_DUPLICATE)?;
    }
    let charset = module.state.settings.character;
    if module.deviations.has(Habit::AddReplaces) {
        module.state.message.attachments.clear();
    }
    module.state.message.attachments.push(Attachment { name, charset });
    Ok(Flow::Done)
}

//! The message as the lines sent so far make it: what must arrive if it is sent now.
//!
//! It folds accepted QMMSCFG, QMMSEDIT and upload lines into a message. What no line of the dialogue has said is unknown, and nothing
//! is concluded from it. It does not know what arrived.

use std::collections::{BTreeMap, BTreeSet};

use ec20_at::{Dialect, Form, command_line};

use crate::effect;

/// What the accepted lines of a dialogue made of message and settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Composed {
    /// To, Cc and Bcc; none: not known, because no line cleared the list.
    pub lists: [Option<Vec<Vec<u8>>>; 3],
    /// The title with the character set that was set when it was given; inner none: deleted or never given.
    pub title: Option<Option<Title>>,
    /// The attachments in order.
    pub attachments: Option<Vec<Attachment>>,
    /// `character`, if a line set it.
    pub charset: Option<Vec<u8>>,
    /// `sendparam`: validity, priority, delivery report, read report, visibility, class.
    pub sendparam: Option<[u32; 6]>,
    /// `mmsc`.
    pub mmsc: Option<Vec<u8>>,
    /// `proxy`: gateway and port.
    pub proxy: Option<(Vec<u8>, u32)>,
    /// What was uploaded, by file name.
    pub files: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The settings that changed while something was edited already: which message they belong to, the manual does not say.
    late: BTreeSet<&'static str>,
    pending: Option<Vec<u8>>,
    payload: Option<Vec<u8>>,
}

/// A title as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    /// The character set at the time, if a line had set it.
    pub charset: Option<Vec<u8>>,
    /// The string between the quotes.
    pub text: Vec<u8>,
}

/// An attachment as it was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file's name, prefix included.
    pub file: Vec<u8>,
    /// The character set at the time, if a line had set it.
    pub charset: Option<Vec<u8>>,
    /// Its bytes, if this dialogue uploaded it.
    pub bytes: Option<Vec<u8>>,
}

impl Composed {
    /// A command line leaves; whether it counts, its final result will say.
    pub fn sends(&mut self, line: &[u8]) {
        self.pending = Some(line.to_vec());
        self.payload = None;
    }

    /// The bytes of an upload leave.
    pub fn uploads(&mut self, payload: &[u8]) {
        self.payload = Some(payload.to_vec());
    }

    /// The line was answered with `OK`: it counts. Says whether it was a QMMSEND.
    pub fn accepted(&mut self) -> bool {
        let Some(line) = self.pending.take() else { return false };
        if let (Some(upload), Some(payload)) = (effect::upload(&line), self.payload.take()) {
            self.replaced(&upload.file);
            self.files.insert(upload.file, payload);
            return false;
        }
        let Ok(read) = command_line::read(&line, Dialect::TOLERANT) else { return false };
        let mut sends = false;
        for command in read.commands().map_while(Result::ok).filter(|command| command.form() == Form::Write) {
            let values: Vec<Vec<u8>> = command.parameters().map(|value| value.bytes().to_vec()).collect();
            if command.is("+QMMSCFG") {
                self.configured(&values);
            } else if command.is("+QMMSEDIT") {
                self.edited(&values);
            } else if command.is("+QFDEL") {
                self.deleted(&values);
            } else if command.is("+QMMSEND") {
                sends = true;
            }
        }
        sends
    }

    /// The URL of the message centre by which the message must go; none where that is not known.
    pub fn mmsc(&self) -> Option<String> {
        let url = self.mmsc.as_ref().filter(|_| !self.late.contains("mmsc"))?;
        Some(String::from_utf8_lossy(url).into_owned())
    }

    /// The proxy through which the message must go; none where that is not known.
    pub fn proxy(&self) -> Option<&(Vec<u8>, u32)> {
        self.proxy.as_ref().filter(|_| !self.late.contains("proxy"))
    }

    /// The sending parameters by which the message must go; none where they are not known.
    pub fn sendparam(&self) -> Option<[u32; 6]> {
        self.sendparam.filter(|_| !self.late.contains("sendparam"))
    }

    /// Whether something is edited, or may be.
    fn is_begun(&self) -> bool {
        let lists = self.lists.iter().any(|list| list.as_ref().is_none_or(|list| !list.is_empty()));
        lists
            || !matches!(self.title, Some(None))
            || self.attachments.as_ref().is_none_or(|attachments| !attachments.is_empty())
    }

    /// A setting has another value from now on.
    fn changed(&mut self, key: &'static str, changes: bool) {
        if changes && self.is_begun() {
            self.late.insert(key);
        }
    }

    fn configured(&mut self, values: &[Vec<u8>]) {
        let [key, values @ ..] = values else { return };
        if values.is_empty() {
            return;
        }
        let key = String::from_utf8_lossy(key).to_ascii_lowercase();
        match (key.as_str(), values) {
            ("mmsc", [url]) => {
                let before = self.mmsc.replace(url.clone());
                self.changed("mmsc", before.as_ref() != Some(url));
            }
            ("proxy", [gateway, port]) => {
                let before = self.proxy.replace((gateway.clone(), number(port)));
                self.changed("proxy", before != self.proxy);
            }
            ("character", [charset]) => self.charset = Some(charset.clone()),
            ("sendparam", values) => {
                let numbers: Vec<u32> = values.iter().map(|value| number(value)).collect();
                let before = std::mem::replace(&mut self.sendparam, numbers.try_into().ok());
                self.changed("sendparam", before != self.sendparam);
            }
            _ => {}
        }
    }

    fn edited(&mut self, values: &[Vec<u8>]) {
        let function = values.first().map_or(0, |value| number(value));
        match (function, values.len(), values.get(2)) {
            (0, 1, _) => {
                self.lists = [const { Some(Vec::new()) }; 3];
                self.title = Some(None);
                self.attachments = Some(Vec::new());
                self.late.clear();
            }
            (1..=3, 2, _) => self.set_list(function, Some(Vec::new())),
            (4, 2, _) => self.title = Some(None),
            (5, 2, _) => self.attachments = Some(Vec::new()),
            (1..=3, 3, Some(address)) => {
                let mut list = self.list(function).cloned();
                if let Some(list) = &mut list {
                    list.push(address.clone());
                }
                self.set_list(function, list);
            }
            (4, 3, Some(text)) => {
                self.title = Some(Some(Title { charset: self.charset.clone(), text: text.clone() }));
            }
            (5, 3, Some(file)) => {
                let bytes = self.files.get(file).cloned();
                let attachment = Attachment { file: file.clone(), charset: self.charset.clone(), bytes };
                if let Some(attachments) = &mut self.attachments {
                    attachments.push(attachment);
                }
            }
            _ => {}
        }
    }

    /// The file is another one from now on: which of them an attachment of its name is, the manual does not say.
    fn replaced(&mut self, file: &[u8]) {
        for attachment in self.attachments.iter_mut().flatten().filter(|attachment| attachment.file == file) {
            attachment.bytes = None;
        }
    }

    fn deleted(&mut self, values: &[Vec<u8>]) {
        match values.first() {
            Some(name) if name.contains(&b'*') => self.files.clear(),
            Some(name) => {
                self.files.remove(name);
            }
            None => {}
        }
    }

    fn list(&self, function: u32) -> Option<&Vec<Vec<u8>>> {
        self.lists.get(usize::try_from(function).ok()?.checked_sub(1)?)?.as_ref()
    }

    fn set_list(&mut self, function: u32, list: Option<Vec<Vec<u8>>>) {
        let index = usize::try_from(function).unwrap_or(0).wrapping_sub(1);
        if let Some(slot) = self.lists.get_mut(index) {
            *slot = list;
        }
    }
}

fn number(digits: &[u8]) -> u32 {
    std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(u32::MAX)
}

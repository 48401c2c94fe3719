//! Everything a module remembers: settings, message, files, contexts, radio.
//!
//! Knows what exists, its factory values and what a restart keeps. Refuses to know commands and answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use ec20_manual::profile::Part;

use crate::files::{FileStore, Storage};
use crate::session::Session;

/// The four character sets of `AT+QMMSCFG="character"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    Ascii,
    Utf8,
    Ucs2,
    Gbk,
}

impl Charset {
    pub(crate) const ALL: [Self; 4] = [Self::Ascii, Self::Utf8, Self::Ucs2, Self::Gbk];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ascii => "ASCII",
            Self::Utf8 => "UTF8",
            Self::Ucs2 => "UCS2",
            Self::Gbk => "GBK",
        }
    }

    pub(crate) fn named(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|charset| charset.name().as_bytes() == name)
    }
}

/// What `AT+QMMSCFG` sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) contextid: u32,
    pub(crate) mmsc: Vec<u8>,
    pub(crate) gateway: Vec<u8>,
    pub(crate) port: u32,
    pub(crate) character: Charset,
    /// valid, pri, sendrep, readrep, visible, class.
    pub(crate) sendparam: [u32; 6],
    pub(crate) supportfield: u32,
    pub(crate) connecttimeout: u32,
}

/// The title: its text as it was written, and the character set it was written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Title {
    pub(crate) charset: Charset,
    pub(crate) text: Vec<u8>,
}

/// An attachment: its file's name as it was written, and the character set in force then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attachment {
    pub(crate) name: Vec<u8>,
    pub(crate) charset: Charset,
    /// The file's bytes then.
    pub(crate) copy: Option<Arc<[u8]>>,
}

/// What `AT+QMMSEDIT` edits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Message {
    /// TO, CC and BCC.
    pub(crate) addresses: [Vec<Vec<u8>>; 3],
    pub(crate) title: Option<Title>,
    /// A title was set or deleted at some time since the start.
    pub(crate) title_known: bool,
    /// The message was cleared, and title and character set are untouched since.
    pub(crate) cleared: bool,
    pub(crate) attachments: Vec<Attachment>,
    /// The settings in force when the editing began; none while nothing is edited.
    pub(crate) begun_under: Option<Settings>,
}

impl Message {
    /// Keeps only the first entries of a list; any other part is left alone.
    pub(crate) fn keep(&mut self, part: Part, most: usize) {
        match part {
            Part::To => self.addresses[0].truncate(most),
            Part::Cc => self.addresses[1].truncate(most),
            Part::Bcc => self.addresses[2].truncate(most),
            Part::Attachments => self.attachments.truncate(most),
            _ => {}
        }
    }
}

/// One PDP context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Context {
    pub(crate) kind: u32,
    pub(crate) apn: Vec<u8>,
    pub(crate) user: Vec<u8>,
    pub(crate) password: Vec<u8>,
    pub(crate) auth: u32,
    pub(crate) active: bool,
    /// Activated by `AT+CGACT`, which keeps it from `AT+QIACT`.
    pub(crate) by_cgact: bool,
}

/// How many PDP contexts can be defined.
pub(crate) const CONTEXTS: usize = 16;

/// The card and the network round the module.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the world")]
pub(crate) struct Radio {
    pub(crate) card: bool,
    /// `AT+CFUN`: 0 minimum, 1 full, 4 flight mode.
    pub(crate) functionality: u8,
    /// The network is there and lets the module register.
    pub(crate) network: bool,
    pub(crate) attached: bool,
    /// The network refuses to activate any context.
    pub(crate) refuses_contexts: bool,
}

impl Radio {
    /// Registered: a card, full functionality, and a network.
    pub(crate) fn registered(&self) -> bool {
        self.card && self.functionality == 1 && self.network
    }
}

/// Everything a module remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) session: Session,
    pub(crate) settings: Settings,
    pub(crate) message: Message,
    pub(crate) files: FileStore,
    pub(crate) contexts: Vec<Context>,
    /// Quality of service as it was set, by command and context.
    pub(crate) quality: BTreeMap<(String, usize), String>,
    pub(crate) radio: Radio,
    /// Questions that are answered word for word, whatever the state is, until something is written there: by the key or
    /// the function that is asked for.
    pub(crate) verbatim: BTreeMap<&'static str, Vec<String>>,
}

impl State {
    /// A module fresh from the factory, with a card and in reach of a network.
    pub(crate) fn factory() -> Self {
        Self {
            session: Session::factory(),
            settings: Settings {
                contextid: 1,
                mmsc: Vec::new(),
                gateway: b"0.0.0.0".to_vec(),
                port: 80,
                character: Charset::Ascii,
                sendparam: [6, 3, 0, 0, 2, 4],
                supportfield: 0,
                connecttimeout: 60,
            },
            message: Message::default(),
            files: FileStore::default(),
            contexts: (0..CONTEXTS).map(|_| Context::undefined()).collect(),
            quality: BTreeMap::new(),
            radio: Radio {
                card: true,
                functionality: 1,
                network: true,
                attached: true,
                refuses_contexts: false,
            },
            verbatim: BTreeMap::new(),
        }
    }

    /// Takes one part from another state.
    pub(crate) fn take(&mut self, part: Part, from: &Self) {
        let (mine, other) = (&mut self.settings, &from.settings);
        match part {
            Part::Contextid => mine.contextid = other.contextid,
            Part::Mmsc => mine.mmsc.clone_from(&other.mmsc),
            Part::Proxy => {
                mine.gateway.clone_from(&other.gateway);
                mine.port = other.port;
            }
            Part::Character => mine.character = other.character,
            Part::Sendparam => mine.sendparam = other.sendparam,
            Part::Supportfield => mine.supportfield = other.supportfield,
            Part::Connecttimeout => mine.connecttimeout = other.connecttimeout,
            Part::To => self.message.addresses[0].clone_from(&from.message.addresses[0]),
            Part::Cc => self.message.addresses[1].clone_from(&from.message.addresses[1]),
            Part::Bcc => self.message.addresses[2].clone_from(&from.message.addresses[2]),
            Part::Title => self.message.title.clone_from(&from.message.title),
            Part::Attachments => self.message.attachments.clone_from(&from.message.attachments),
            Part::Ram => self.files.restore(Storage::Ram, &from.files),
            Part::Ufs => self.files.restore(Storage::Ufs, &from.files),
            Part::Contexts => self.contexts.clone_from(&from.contexts),
            Part::Session => self.session.clone_from(&from.session),
        }
    }

    /// How many contexts are active.
    pub(crate) fn active_contexts(&self) -> usize {
        self.contexts.iter().filter(|c| c.active || c.by_cgact).count()
    }

    /// The context of this number, from 1.
    pub(crate) fn context(&mut self, number: i64) -> Option<&mut Context> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.contexts.get_mut(at)
    }

    /// What the network tears down when the module loses it.
    pub(crate) fn lose_contexts(&mut self) -> Vec<usize> {
        let lost = self.contexts.iter().enumerate().filter(|(_, c)| c.active).map(|(at, _)| at + 1).collect();
        for context in &mut self.contexts {
            context.active = false;
            context.by_cgact = false;
        }
        lost
    }
}

impl Context {
    fn undefined() -> Self {
        Self {
            kind: 1,
            apn: Vec::new(),
            user: Vec::new(),
            password: Vec::new(),
            auth: 0,
            active: false,
            by_cgact: false,
        }
    }
}

/// The address that the network gives to a context, as the manual's example prints it for the first.
pub(crate) fn address(context: usize) -> String {
    format!("10.7.157.{context}")
}

//! Who would get the message: the lists of recipients as the module reads them back, and every address that a line of this run added.
//!
//! A read-back counts only as long as nothing has left that could have changed the list, and it adds to what is known, but takes nothing
//! away: an address that a line of this run added stays until its list was certainly emptied, whatever the module says of it.

use globset::GlobSet;

use super::line::Line;
use ec20_suite::escape::escaped;

/// The names of the lists 1 to 3.
const NAMES: [&str; 3] = ["TO", "CC", "BCC"];

/// What is known of the lists 1 to 3.
#[derive(Debug, Clone)]
pub(super) struct Mail {
    lists: [List; 3],
}

impl Default for Mail {
    /// Before a port that was opened just now: an earlier program may have added anybody.
    fn default() -> Self {
        let list = || List { read: None, added: Vec::new(), stranger: Some(EARLIER), cleared: false };
        Self { lists: [list(), list(), list()] }
    }
}

/// Who may have added anybody before the port was opened.
const EARLIER: &str = "an earlier program";
/// And since.
const UNREADABLE: &str = "a line that cannot be read";

/// One list of recipients.
#[derive(Debug, Clone)]
struct List {
    /// What the module read back since the message was last edited.
    read: Option<Vec<Vec<u8>>>,
    /// What lines of this run added, and perhaps took away.
    added: Vec<Vec<u8>>,
    /// What may have added anybody.
    stranger: Option<&'static str>,
    /// The module has certainly answered OK to a line that empties it, and no line since could have added to it.
    cleared: bool,
}

/// A line that, alone, empties lists of recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clearing {
    /// All of them.
    All,
    /// The one at this index.
    One(usize),
}

/// A change to the lists of recipients that a line may make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Addition {
    /// The index of the list; nothing: any of them.
    pub(super) list: Option<usize>,
    /// The addresses.
    pub(super) addresses: Vec<Vec<u8>>,
}

impl Mail {
    /// What was read back no longer holds: something left, or came, behind which the lists may be others.
    pub(super) fn forget(&mut self) {
        for list in &mut self.lists {
            list.read = None;
        }
    }

    /// The module has started anew: whether it kept the message nobody knows.
    pub(super) fn restarted(&mut self) {
        for list in &mut self.lists {
            (list.read, list.cleared) = (None, false);
        }
    }

    /// The port was opened again: in between, another program may have added anybody.
    pub(super) fn reopened(&mut self) {
        for list in &mut self.lists {
            (list.read, list.stranger, list.cleared) = (None, Some(EARLIER), false);
        }
    }

    /// A line left, or may have.
    pub(super) fn left(&mut self, line: &Line) {
        if !line.edits() {
            return;
        }
        self.forget();
        if line.may_edit_unread() {
            for list in &mut self.lists {
                (list.stranger, list.cleared) = (list.stranger.or(Some(UNREADABLE)), false);
            }
        }
        for Addition { list, addresses } in line.additions() {
            for (at, place) in self.lists.iter_mut().enumerate() {
                if list.is_none_or(|list| list == at) {
                    place.cleared = false;
                    let new = addresses.iter().filter(|address| !place.added.contains(address));
                    let new: Vec<_> = new.cloned().collect();
                    place.added.extend(new);
                }
            }
        }
    }

    /// The module has certainly answered OK to a line that clears, and nothing left since.
    pub(super) fn cleared(&mut self, clearing: Clearing) {
        for (at, list) in self.lists.iter_mut().enumerate() {
            list.cleared |= clearing == Clearing::All || clearing == Clearing::One(at);
        }
    }

    /// A list is asked for: what it answers now counts, and not what it answered before.
    pub(super) fn asked(&mut self, list: usize) {
        if let Some(place) = self.lists.get_mut(list) {
            place.read = None;
        }
    }

    /// The module has read back a list, whole.
    pub(super) fn learn(&mut self, list: usize, addresses: Vec<Vec<u8>>) {
        let Some(place) = self.lists.get_mut(list) else { return };
        if place.cleared && addresses.is_empty() {
            place.added.clear();
            place.stranger = None;
        }
        place.read = Some(addresses);
    }

    /// Whether a message to these lists may be sent.
    ///
    /// # Errors
    /// Why not: the list that was not read back, or the address that no pattern covers.
    pub(super) fn vetted(&self, recipients: &GlobSet) -> Result<(), String> {
        let lists = || (1..).zip(NAMES).zip(&self.lists);
        if let Some(((number, name), _)) = lists().find(|(_, list)| list.read.is_none()) {
            return Err(format!(
                "list {number} ({name}) was not read back since the message was last edited, or not in the form that the manual gives"
            ));
        }
        for ((number, name), list) in lists() {
            let until = format!("until AT+QMMSEDIT={number},0 is answered OK and the list reads back empty");
            let mut held = list.read.iter().flatten();
            if let Some(address) = held.find(|address| !is_covered(address, recipients)) {
                return Err(format!("{name} holds {}, which no --recipient covers", escaped(address)));
            }
            if let Some(address) = list.added.iter().find(|address| !is_covered(address, recipients)) {
                let shown = escaped(address);
                return Err(format!(
                    "this run added {shown} to {name}, which no --recipient covers; it counts as held there {until}"
                ));
            }
            if let Some(stranger) = list.stranger {
                return Err(format!(
                    "{stranger} may have added anybody to {name}, whatever it reads back, {until}"
                ));
            }
        }
        Ok(())
    }
}

/// Whether a pattern covers the address, in every way in which a module may read it.
fn is_covered(address: &[u8], recipients: &GlobSet) -> bool {
    let covered = |address: &[u8]| {
        std::str::from_utf8(address).is_ok_and(|text| is_one_address(text) && recipients.is_match(text))
    };
    covered(address) && decoded(address).iter().all(|address| covered(address))
}

/// Whether the text is one address and nothing that a module, a message centre or a mail server could take apart or decode: letters,
/// digits and `+-_.@#*~`, at most one `@`, and `/TYPE=WORD` at the end.
fn is_one_address(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let plain = match upper.rsplit_once("/TYPE=") {
        Some((plain, kind)) if kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) => plain,
        _ => &upper,
    };
    let belongs = |byte: u8| byte.is_ascii_alphanumeric() || b"+-_.@#*~".contains(&byte);
    !plain.is_empty() && plain.bytes().all(belongs) && plain.matches('@').count() <= 1
}

/// What the address is for a module that takes strings for hex digits, of bytes or of UCS2, as far as that is text at all.
fn decoded(address: &[u8]) -> Vec<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let Some(digits) = address.iter().map(digit).collect::<Option<Vec<u8>>>() else { return Vec::new() };
    if digits.is_empty() || digits.len() % 2 != 0 {
        return Vec::new();
    }
    let bytes: Vec<u8> =
        digits.chunks(2).map(|pair| pair.iter().fold(0, |sum, digit| sum << 4 | digit)).collect();
    let units = bytes.chunks(2).map(|unit| matches!(unit, [0, _]).then(|| unit.last().copied()).flatten());
    let ucs2: Option<Vec<u8>> = units.collect();
    let is_text = |bytes: &Vec<u8>| bytes.iter().all(|byte| (0x20..0x7f).contains(byte));
    ucs2.into_iter().chain([bytes]).filter(is_text).collect()
}

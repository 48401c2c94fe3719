//! A message in the making, and what deviations make of it before it is encoded.
//!
//! Knows what each header is made from. Refuses to know octets, and where the pieces come from.

use ec20_manual::profile::{Header, Wire};
use mms_pdu::Charset as WireCharset;

use super::compose::{octets_of, wire_charset};
use crate::state::{Charset, Title};

/// The values of sendparam that leave a header out.
const UNSET: [Option<u32>; 6] = [Some(6), Some(3), None, None, Some(2), Some(4)];

/// A message in the making: what each header is made from, before anything is encoded.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(super) lists: [Vec<String>; 3],
    pub(super) subject: Option<Title>,
    /// valid, pri, sendrep, readrep, visible, class; `None` leaves the header out.
    pub(super) params: [Option<u32>; 6],
    pub(super) parts: Vec<DraftPart>,
}

#[derive(Debug, Clone)]
pub(crate) struct DraftPart {
    pub(super) media: String,
    pub(super) name: Option<String>,
    pub(super) charset: Option<WireCharset>,
    pub(super) data: Vec<u8>,
}

fn list_at(header: Header) -> Option<usize> {
    [Header::To, Header::Cc, Header::Bcc].iter().position(|known| *known == header)
}

fn param_at(header: Header) -> Option<usize> {
    let params = [
        Header::Expiry,
        Header::Priority,
        Header::DeliveryReport,
        Header::ReadReply,
        Header::Visibility,
        Header::Class,
    ];
    params.iter().position(|known| *known == header)
}

impl Draft {
    /// What a deviation makes of it; `before` is the message that left last.
    pub(super) fn deviate(&mut self, wire: &Wire, before: Option<&Self>) {
        match wire {
            Wire::Omit(Header::Subject) => self.subject = None,
            Wire::Omit(Header::Parts) => self.parts.clear(),
            Wire::Omit(header) => {
                if let Some(at) = list_at(*header) {
                    self.lists[at].clear();
                } else if let Some(at) = param_at(*header) {
                    self.params[at] = None;
                }
            }
            Wire::Swap(one, other) => {
                if let (Some(one), Some(other)) = (list_at(*one), list_at(*other)) {
                    self.lists.swap(one, other);
                }
            }
            Wire::Setting { header, value } => {
                if let Some(at) = param_at(*header) {
                    self.params[at] = Some(*value);
                }
            }
            Wire::Invert(header) => {
                if let Some(value) = param_at(*header).and_then(|at| self.params[at].as_mut()) {
                    *value = u32::from(*value == 0);
                }
            }
            Wire::FirstOnly(Header::Parts) => self.parts.truncate(1),
            Wire::FirstOnly(header) => {
                if let Some(at) = list_at(*header) {
                    self.lists[at].truncate(1);
                }
            }
            Wire::Reverse(Header::Parts) => self.parts.reverse(),
            Wire::Reverse(header) => {
                if let Some(at) = list_at(*header) {
                    self.lists[at].reverse();
                }
            }
            Wire::Cut(header) => self.cut(*header),
            Wire::Mislabel(name) => {
                if let Some(charset) = Charset::named(name.as_bytes()) {
                    self.parts
                        .iter_mut()
                        .filter_map(|p| p.charset.as_mut())
                        .for_each(|c| *c = wire_charset(charset));
                }
            }
            Wire::PartsAtMost(most) => self.parts.iter_mut().for_each(|part| part.data.truncate(*most)),
            Wire::Double(Header::Parts) => self.parts.extend(self.parts.first().cloned()),
            Wire::Double(header) => {
                if let Some(at) = list_at(*header) {
                    let first = self.lists[at].first().cloned();
                    self.lists[at].extend(first);
                }
            }
            Wire::Leftover(header) => {
                if let Some(before) = before {
                    self.take_over(*header, before);
                }
            }
            Wire::PartBytes { from, to } => {
                let (from, to) = (octets_of(from.as_bytes()), octets_of(to.as_bytes()));
                self.parts.iter_mut().for_each(|part| part.data = replaced(&part.data, &from, &to));
            }
            Wire::PartType { from, to } => {
                self.parts.iter_mut().filter(|p| p.media == *from).for_each(|part| part.media.clone_from(to));
            }
            Wire::SameBytesOnce => {
                let all = std::mem::take(&mut self.parts);
                for part in all {
                    if self.parts.iter().all(|known| known.data != part.data) {
                        self.parts.push(part);
                    }
                }
            }
            Wire::Patch { .. } | Wire::Head { .. } | Wire::Direct | Wire::Trailing(_) => {}
        }
    }

    /// What is empty here is as it was in an earlier message.
    fn take_over(&mut self, header: Header, before: &Self) {
        match header {
            Header::Subject => self.subject = self.subject.take().or_else(|| before.subject.clone()),
            Header::Parts if self.parts.is_empty() => self.parts.clone_from(&before.parts),
            header => {
                if let Some(at) = list_at(header).filter(|at| self.lists[*at].is_empty()) {
                    self.lists[at].clone_from(&before.lists[at]);
                }
                // A parameter that is left to the network is none.
                if let Some(at) = param_at(header).filter(|at| self.params[*at] == UNSET[*at]) {
                    self.params[at] = before.params[at];
                }
            }
        }
    }

    fn cut(&mut self, header: Header) {
        match header {
            Header::Subject => {
                if let Some(title) = &mut self.subject {
                    let unit = match title.charset {
                        Charset::Ascii => 1,
                        Charset::Utf8 => 2,
                        Charset::Ucs2 | Charset::Gbk => 4,
                    };
                    title.text.truncate(title.text.len().saturating_sub(unit));
                }
            }
            Header::Parts => {
                self.parts.iter_mut().for_each(|part| part.data.truncate(part.data.len().saturating_sub(1)));
            }
            header => {
                if let Some(at) = list_at(header) {
                    self.lists[at].iter_mut().for_each(|address| _ = address.pop());
                }
            }
        }
    }
}

/// Every such run of bytes as another one.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut left = bytes;
    let mut out = Vec::with_capacity(bytes.len());
    while let Some((first, rest)) = left.split_first() {
        if let Some(behind) = left.strip_prefix(from).filter(|_| !from.is_empty()) {
            out.extend_from_slice(to);
            left = behind;
        } else {
            out.push(*first);
            left = rest;
        }
    }
    out
}

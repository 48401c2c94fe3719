//! From the module's state to the M-Send.req that leaves it.
//!
//! Knows what each send parameter means as a header, how a title and a text file carry their character set, and what a
//! deviation does to any of it. Refuses to know octets: `mms-pdu` writes them.

use ec20_manual::profile::{Habit, Header, Wire};
use mms_pdu::{
    Charset as WireCharset, ClassCode, PartBuilder, Priority, SendReqBuilder, Text, Visibility, When, YesNo,
    media_type_of_file, presentation_of,
};

use crate::files::FileName;
use crate::module::Module;
use crate::send::code;
use crate::state::{Attachment, Charset, Title};
use crate::unknown;

/// A message in the making: what each header is made from, before anything is encoded.
#[derive(Debug, Clone)]
struct Draft {
    lists: [Vec<String>; 3],
    subject: Option<Title>,
    /// valid, pri, sendrep, readrep, visible, class; `None` leaves the header out.
    params: [Option<u32>; 6],
    parts: Vec<DraftPart>,
}

#[derive(Debug, Clone)]
struct DraftPart {
    media: &'static str,
    name: String,
    charset: Option<WireCharset>,
    data: Vec<u8>,
}

const fn wire_charset(charset: Charset) -> WireCharset {
    match charset {
        Charset::Ascii => WireCharset::US_ASCII,
        Charset::Utf8 => WireCharset::UTF8,
        Charset::Ucs2 => WireCharset::UCS2,
        Charset::Gbk => WireCharset::GBK,
    }
}

/// What a file of an unknown ending is taken for.
const UNKNOWN_MEDIA: &str = "application/octet-stream";

/// Encodes the message as it stands now, under a name; or says with which error number the send fails.
pub(crate) fn message(module: &Module, transaction: &str) -> Result<Vec<u8>, u16> {
    let mut draft = draft(module)?;
    for wire in module.deviations.wire() {
        draft.deviate(wire);
    }
    let mut octets = encode(module, &draft, transaction)?;
    for wire in module.deviations.wire() {
        if let Wire::Patch { from, to } = wire {
            patch(&mut octets, &octets_of(from.as_bytes()), &octets_of(to.as_bytes()));
        }
    }
    Ok(octets)
}

fn draft(module: &Module) -> Result<Draft, u16> {
    let state = &module.state;
    let text = |address: &Vec<u8>| String::from_utf8_lossy(address).into_owned();
    let lists = std::array::from_fn(|at| state.message.addresses[at].iter().map(text).collect());
    let parts = state.message.attachments.iter().map(|a| part(module, a)).collect::<Result<_, _>>()?;
    let mut params = state.settings.sendparam.map(Some);
    if state.settings.sendparam[CLASS] == AUTO && module.habit(unknown::AUTO_REPORTS) == "left-out" {
        params[SENDREP] = None;
        params[READREP] = None;
    }
    Ok(Draft { lists, subject: state.message.title.clone(), params, parts })
}

/// Places in sendparam, and the class that asks for no reports.
const SENDREP: usize = 2;
const READREP: usize = 3;
const CLASS: usize = 5;
const AUTO: u32 = 3;

fn part(module: &Module, attachment: &Attachment) -> Result<DraftPart, u16> {
    let file = FileName::read(&attachment.name);
    let data = module.state.files.get(file).ok_or_else(|| match module.habit(unknown::FILE_GONE) {
        "result-763" => code::FILE_NOT_FOUND,
        _ => code::FILE,
    })?;
    let name = String::from_utf8_lossy(file.name).into_owned();
    let late = module.deviations.has(Habit::LateCharset);
    let charset = if late { module.state.settings.character } else { attachment.charset };
    let media = match (media_type_of_file(&name), module.habit(unknown::FILE_TYPE)) {
        (UNKNOWN_MEDIA, "text") => "text/plain",
        (UNKNOWN_MEDIA, "other") => "application/unknown",
        (media, _) => media,
    };
    let set = media.starts_with("text/").then(|| wire_charset(charset));
    let (charset, data) = match (set, module.habit(unknown::FILE_WIRE)) {
        (Some(set), "utf-8") => match set.decode(data) {
            Ok(text) => (Some(WireCharset::UTF8), text.into_owned().into_bytes()),
            Err(_) => (Some(set), data.to_vec()),
        },
        (_, "none") => (None, data.to_vec()),
        _ => (set, data.to_vec()),
    };
    Ok(DraftPart { media, name, charset, data })
}

/// The title as text; `None` when it is no text of its character set.
fn text_of(title: &Title) -> Option<String> {
    if title.charset == Charset::Ascii {
        return Some(String::from_utf8_lossy(&title.text).into_owned());
    }
    if !title.text.len().is_multiple_of(2) || !title.text.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    wire_charset(title.charset).decode(&octets_of(&title.text)).ok().map(std::borrow::Cow::into_owned)
}

/// The title as `AT+QMMSEDIT=4` would take it in another character set; as it is where that set has no such text.
pub(super) fn recoded(title: &Title, charset: Charset) -> Vec<u8> {
    let octets = text_of(title).and_then(|text| wire_charset(charset).encode(&text).ok());
    match octets {
        Some(octets) if charset == Charset::Ascii => octets,
        Some(octets) => octets.iter().flat_map(|octet| format!("{octet:02X}").into_bytes()).collect(),
        None => title.text.clone(),
    }
}

/// The title as it goes on the wire. What is no text of its character set cannot be encoded.
fn subject(module: &Module, title: &Title) -> Result<Text<'static>, u16> {
    if module.deviations.has(Habit::HexKeptAsText) {
        return Ok(String::from_utf8_lossy(&title.text).into_owned().into());
    }
    let text = text_of(title).ok_or(code::ENCODE)?;
    let charset = match module.habit(unknown::TITLE_WIRE) {
        _ if text.is_ascii() => return Ok(text.into()),
        "native" => wire_charset(title.charset),
        "other" => WireCharset::UCS2,
        _ => return Ok(text.into()),
    };
    let octets = charset.encode(&text).map_err(|_| code::ENCODE)?;
    Ok(Text::Octets { charset, octets: octets.into() })
}

/// Hexadecimal digits as octets; an odd last digit is left out.
fn octets_of(digits: &[u8]) -> Vec<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|v| u8::try_from(v).ok()).unwrap_or(0);
    digits.chunks_exact(2).map(|pair| value(pair[0]) << 4 | value(pair[1])).collect()
}

fn patch(octets: &mut Vec<u8>, from: &[u8], to: &[u8]) {
    if from.is_empty() {
        return;
    }
    if let Some(at) = octets.windows(from.len()).position(|window| window == from) {
        octets.splice(at..at + from.len(), to.iter().copied());
    }
}

/// The validity periods that `valid` counts, in seconds; beyond them the network's, or the longest there is.
const VALID_S: [u64; 5] = [3_600, 43_200, 86_400, 172_800, 604_800];
const VALID_MAXIMUM: u32 = 5;
/// A period beyond a week, for firmwares that write the longest one out.
const LONG_S: u64 = 31_536_000;

fn encode(module: &Module, draft: &Draft, transaction: &str) -> Result<Vec<u8>, u16> {
    let [to, cc, bcc] = &draft.lists;
    let mut builder = SendReqBuilder::new(transaction);
    builder = to.iter().fold(builder, SendReqBuilder::to);
    builder = cc.iter().fold(builder, SendReqBuilder::cc);
    builder = bcc.iter().fold(builder, SendReqBuilder::bcc);
    if let Some(title) = &draft.subject {
        builder = builder.subject(subject(module, title)?);
    }
    builder = parameters(module, builder, &draft.params);
    let related = module.habit(unknown::MESSAGE_KIND) == "related";
    let presentation = presentation_of(draft.parts.iter().map(|p| (p.media, p.name.as_str())));
    if related {
        let root =
            PartBuilder::new("application/smil", presentation.as_bytes()).name("s.smil").content_id("s.smil");
        builder = builder.related("s.smil", "application/smil").part(root);
    }
    for part in &draft.parts {
        let built = PartBuilder::new(part.media, &part.data[..]).name(part.name.as_str());
        builder = builder.part(match part.charset {
            Some(charset) => built.charset(charset),
            None => built,
        });
    }
    builder.encode().map_err(|_| code::ENCODE)
}

/// The six send parameters as headers. Mind the reports: 0 is No, octet 129, and 1 is Yes, octet 128.
fn parameters<'a>(
    module: &Module,
    mut builder: SendReqBuilder<'a>,
    params: &[Option<u32>; 6],
) -> SendReqBuilder<'a> {
    let [valid, pri, sendrep, readrep, visible, class] = params;
    let period = valid.and_then(|v| match usize::try_from(v).ok().and_then(|at| VALID_S.get(at)) {
        Some(seconds) => Some(*seconds),
        None => {
            (v == VALID_MAXIMUM && module.habit(unknown::MAXIMUM_EXPIRY) == "week-and-more").then_some(LONG_S)
        }
    });
    if let Some(seconds) = period {
        builder = builder.expiry(When::Relative(seconds));
    }
    let priority = match pri {
        Some(0) => Some(Priority::Low),
        Some(1) => Some(Priority::Normal),
        Some(2) => Some(Priority::High),
        _ => None,
    };
    if let Some(priority) = priority {
        builder = builder.priority(priority);
    }
    if let Some(asked) = sendrep {
        builder = builder.delivery_report(if *asked == 1 { YesNo::Yes } else { YesNo::No });
    }
    if let Some(asked) = readrep {
        builder = builder.read_report(if *asked == 1 { YesNo::Yes } else { YesNo::No });
    }
    let visibility = match visible {
        Some(0) => Some(Visibility::Hide),
        Some(1) => Some(Visibility::Show),
        _ => None,
    };
    if let Some(visibility) = visibility {
        builder = builder.visibility(visibility);
    }
    let class = match class {
        Some(0) => Some(ClassCode::Personal),
        Some(1) => Some(ClassCode::Advertisement),
        Some(2) => Some(ClassCode::Informational),
        Some(3) => Some(ClassCode::Auto),
        _ => None,
    };
    match class {
        Some(class) => builder.class(class),
        None => builder,
    }
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
    fn deviate(&mut self, wire: &Wire) {
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
            Wire::Patch { .. } | Wire::Head { .. } | Wire::Direct => {}
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

//! From the module's state to the M-Send.req that leaves it.
//!
//! Knows what each send parameter means as a header, how a title and a text file carry their character set, and what a
//! deviation does to any of it. Refuses to know octets: `mms-pdu` writes them.

use ec20_manual::profile::{Habit, Wire};
use mms_pdu::{
    Charset as WireCharset, ClassCode, PartBuilder, Priority, SendReqBuilder, Text, Visibility, When, YesNo,
    media_type_of_file, presentation_of,
};

use super::draft::{Draft, DraftPart};
use crate::files::{FileName, Storage};
use crate::module::Module;
use crate::send::code;
use crate::state::{Attachment, Charset, Title};
use crate::unknown;

pub(super) const fn wire_charset(charset: Charset) -> WireCharset {
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
pub(crate) fn message(module: &mut Module, transaction: &str) -> Result<Vec<u8>, u16> {
    let mut draft = draft(module)?;
    for wire in module.deviations.wire() {
        draft.deviate(wire, module.sent.as_ref());
    }
    let mut octets = encode(module, &draft, transaction)?;
    if module.habit(unknown::ADDRESS_TYPE) == "bare" {
        untype(&mut octets, &draft.lists);
    }
    for wire in module.deviations.wire() {
        match wire {
            Wire::Patch { from, to } => {
                patch(&mut octets, &octets_of(from.as_bytes()), &octets_of(to.as_bytes()));
            }
            Wire::Trailing(bytes) => octets.extend(octets_of(bytes.as_bytes())),
            _ => {}
        }
    }
    module.sent = Some(draft);
    Ok(octets)
}

/// Takes the types from the numbers among the recipients.
fn untype(octets: &mut Vec<u8>, lists: &[Vec<String>; 3]) {
    /// To, Cc and Bcc (WAP-209 7.3).
    const CODES: [u8; 3] = [0x97, 0x82, 0x81];
    for (code, address) in
        CODES.into_iter().zip(lists).flat_map(|(code, list)| list.iter().map(move |a| (code, a)))
    {
        let bare = [&[code], address.as_bytes()].concat();
        patch(octets, &[&bare[..], b"/TYPE=PLMN\0"].concat(), &[&bare[..], b"\0"].concat());
    }
}

fn draft(module: &Module) -> Result<Draft, u16> {
    let state = &module.state;
    let text = |address: &Vec<u8>| String::from_utf8_lossy(address).into_owned();
    let lists = std::array::from_fn(|at| state.message.addresses[at].iter().map(text).collect());
    let parts = state.message.attachments.iter().map(|a| part(module, a)).collect::<Result<_, _>>()?;
    let sendparam = module.settings_for(unknown::PARAM_BINDS).sendparam;
    let mut params = sendparam.map(Some);
    if sendparam[CLASS] == AUTO && module.habit(unknown::AUTO_REPORTS) == "left-out" {
        params[SENDREP] = None;
        params[READREP] = None;
    }
    let mut subject = state.message.title.clone();
    if let Some(title) = subject.as_mut().filter(|_| module.deviations.has(Habit::LateTitleCharset)) {
        title.charset = state.settings.character;
    }
    Ok(Draft { lists, subject, params, parts })
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
    let flash = FileName { storage: Storage::Ufs, ..file };
    let elsewhere = module.state.files.get(flash).filter(|_| module.deviations.has(Habit::FlashFirst));
    let copy = attachment.copy.as_ref().filter(|_| module.habit(unknown::FILE_BINDS) == "attach");
    let data = elsewhere.or(copy).unwrap_or(data);
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
    let name = match module.habit(unknown::FILE_NAME_WIRE) {
        "path" => Some(String::from_utf8_lossy(&attachment.name).into_owned()),
        "none" => None,
        "other" => Some(format!("part-{}", data.len())),
        _ => Some(name),
    };
    Ok(DraftPart { media: media.to_owned(), name, charset, data })
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

/// Whether digits stand for a text of the character set.
pub(super) fn is_text(charset: Charset, digits: &[u8]) -> bool {
    text_of(&Title { charset, text: digits.to_vec() }).is_some()
}

/// What a firmware makes of a string under `AT+CSCS="UCS2"`: the text of its digits, or what was written where they are none.
pub(super) fn converted(digits: &[u8]) -> Vec<u8> {
    let text = text_of(&Title { charset: Charset::Ucs2, text: digits.to_vec() });
    text.map_or_else(|| digits.to_vec(), String::into_bytes)
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

/// The title as it goes on the wire, if it goes. What is no text of its character set cannot be encoded.
fn subject(module: &Module, title: &Title) -> Result<Option<Text<'static>>, u16> {
    let digits = || String::from_utf8_lossy(&title.text).into_owned();
    if module.deviations.has(Habit::HexKeptAsText) {
        return Ok(Some(digits().into()));
    }
    let text = match (text_of(title), module.habit(unknown::TITLE_SENT)) {
        (Some(text), _) => misread(module, text),
        (None, "text") => digits(),
        (None, "nothing") => return Ok(None),
        (None, _) => return Err(code::ENCODE),
    };
    let charset = match module.habit(unknown::TITLE_WIRE) {
        _ if text.is_ascii() => return Ok(Some(text.into())),
        "native" => wire_charset(title.charset),
        "other" => WireCharset::UCS2,
        _ => return Ok(Some(text.into())),
    };
    let octets = charset.encode(&text).map_err(|_| code::ENCODE)?;
    Ok(Some(Text::Octets { charset, octets: octets.into() }))
}

/// What a deviation takes a title's text for.
fn misread(module: &Module, text: String) -> String {
    let has = |habit| module.deviations.has(habit);
    let digits = text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit());
    let ascii = module.state.message.title.as_ref().is_some_and(|title| title.charset == Charset::Ascii);
    if digits && if ascii { has(Habit::DigitsDecoded) } else { has(Habit::DigitsDecodedTwice) } {
        return String::from_utf8_lossy(&octets_of(text.as_bytes())).into_owned();
    }
    if has(Habit::DigitsAsNumber)
        && let Ok(number) = text.parse::<u64>()
    {
        return number.to_string();
    }
    if has(Habit::EncodedWordDecoded)
        && let Some(word) = text.strip_prefix("=?").and_then(|word| word.strip_suffix("?="))
    {
        return word.rsplit('?').next().unwrap_or_default().to_owned();
    }
    if has(Habit::TitleAsciiOnly) {
        return text.chars().take_while(char::is_ascii).collect();
    }
    text
}

/// Hexadecimal digits as octets; an odd last digit is left out.
pub(super) fn octets_of(digits: &[u8]) -> Vec<u8> {
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
/// When the clock of the simulated module began, in seconds since 1970.
const BEGIN_S: u64 = 1_600_000_000;

fn encode(module: &Module, draft: &Draft, transaction: &str) -> Result<Vec<u8>, u16> {
    let [to, cc, bcc] = &draft.lists;
    let mut builder = SendReqBuilder::new(transaction);
    builder = to.iter().fold(builder, SendReqBuilder::to);
    builder = cc.iter().fold(builder, SendReqBuilder::cc);
    builder = bcc.iter().fold(builder, SendReqBuilder::bcc);
    if let Some(title) = &draft.subject
        && let Some(subject) = subject(module, title)?
    {
        builder = builder.subject(subject);
    }
    if module.habit(unknown::DATE) == "there" {
        builder = builder.date(BEGIN_S + module.now / 1000);
    }
    builder = parameters(module, builder, &draft.params);
    let related = module.habit(unknown::MESSAGE_KIND) == "related";
    let presentation = presentation_of(
        draft.parts.iter().map(|p| (p.media.as_str(), p.name.as_deref().unwrap_or_default())),
    );
    if related {
        let root =
            PartBuilder::new("application/smil", presentation.as_bytes()).name("s.smil").content_id("s.smil");
        builder = builder.related("s.smil", "application/smil").part(root);
    }
    for part in &draft.parts {
        let built = PartBuilder::new(part.media.as_str(), &part.data[..]);
        let built = match &part.name {
            Some(name) => built.name(name.as_str()),
            None => built,
        };
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

//! The file commands: `AT+QFUPL`, `AT+QFDWL`, `AT+QFLST`, `AT+QFDEL`, `AT+QFLDS`.

use crate::data::{Data, Upload};
use crate::files::{File, FileName, Storage, checksum};
use crate::limits::Fit;
use crate::message::config::length;
use crate::module::Module;
use crate::reply::{Final, Refusal};
use crate::run::{Flow, Outcome};
use crate::unknown::{self, Question};
use crate::words::{Command, Value};

const INVALID_INPUT: u16 = 400;
const INVALID_NAME: u16 = 406;

/// What an upload takes when the command does not say.
const DEFAULT_SIZE: i64 = 10_240;
const DEFAULT_TIMEOUT_S: i64 = 5;

/// The first value as a file name; refuses names that are empty or too long.
fn name<'c>(module: &Module, command: &'c Command) -> Result<&'c [u8], Refusal> {
    let full = command.values.first().and_then(Value::text).ok_or(Refusal::Cme(INVALID_INPUT))?;
    let name = FileName::read(full).name;
    let length = i64::try_from(full.len()).unwrap_or(i64::MAX);
    let readable = !name.is_empty() && !name.iter().any(|b| matches!(b, b'*' | b':' | b'?') || *b < b' ');
    match module.fit("FILE-NAME-LENGTH", length) {
        Fit::Outside => Err(Refusal::Cme(INVALID_NAME)),
        Fit::Between if takes_upload(module, unknown::FILE_NAME_PREFIX).is_err() => {
            Err(Refusal::Cme(INVALID_NAME))
        }
        _ if !readable => Err(Refusal::Cme(INVALID_NAME)),
        _ => Ok(full),
    }
}

fn listed(file: &File, prefixed: bool) -> Vec<u8> {
    let prefix: &[u8] = match file.storage {
        Storage::Ram => b"RAM:",
        Storage::Ufs if prefixed => b"UFS:",
        Storage::Ufs => b"",
    };
    [b"+QFLST: \"", prefix, &file.name, format!("\",{}", file.data.len()).as_bytes()].concat()
}

/// `AT+QFLST`, `AT+QFLST="<pattern>"`: a star, a store and a star, or one name.
pub(crate) fn list(module: &mut Module, command: &Command) -> Outcome {
    let pattern = match &command.values[..] {
        [] => &b"*"[..],
        [Value::Text(pattern)] => pattern,
        _ => return Err(Refusal::Cme(INVALID_INPUT)),
    };
    let wanted = FileName::read(pattern);
    if wanted.storage == Storage::Ram
        && let Some(lines) = module.state.verbatim.get("ram")
    {
        return Err(Refusal::from_lines(lines));
    }
    let one = !wanted.name.contains(&b'*');
    let files = module.state.files.of(wanted.storage).filter(|file| matches_pattern(wanted.name, &file.name));
    let files: Vec<&File> = files.collect();
    if one && files.is_empty() {
        module.allow(unknown::LIST_MISSING)?;
    }
    let prefixed = one
        && wanted.storage == Storage::Ufs
        && !files.is_empty()
        && module.decide(unknown::LIST_PREFIX)? == "with-prefix";
    module.running.lines = files.into_iter().map(|file| listed(file, prefixed)).collect();
    Ok(Flow::Done)
}

/// Whether a name fits a pattern in which stars stand for anything.
fn matches_pattern(pattern: &[u8], name: &[u8]) -> bool {
    let mut pieces = pattern.split(|b| *b == b'*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut pieces: Vec<&[u8]> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    for piece in pieces {
        match rest.windows(piece.len().max(1)).position(|window| window == piece) {
            Some(at) => rest = rest.get(at + piece.len()..).unwrap_or_default(),
            None if piece.is_empty() => {}
            None => return false,
        }
    }
    rest.ends_with(last)
}

pub(crate) fn delete(module: &mut Module, command: &Command) -> Outcome {
    let [Value::Text(full)] = &command.values[..] else { return Err(Refusal::Cme(INVALID_INPUT)) };
    let wanted = FileName::read(full);
    if wanted.name == b"*" {
        module.state.files.clear(wanted.storage);
        return Ok(Flow::Done);
    }
    let full = name(module, command)?;
    if module.state.files.delete(FileName::read(full)) {
        return Ok(Flow::Done);
    }
    module.allow(unknown::DELETE_MISSING)?;
    Ok(Flow::Done)
}

/// `AT+QFLDS`: what the files take and how many they are; with a store, how much room is left and how much there is.
pub(crate) fn space(module: &mut Module, command: &Command) -> Outcome {
    let files = &module.state.files;
    match &command.values[..] {
        [] => {
            let line = format!("+QFLDS: {},{}", files.used(Storage::Ufs), files.of(Storage::Ufs).count());
            module.say(line)
        }
        [Value::Text(store)] => {
            let storage = match &store[..] {
                b"UFS" => Storage::Ufs,
                b"RAM" => Storage::Ram,
                _ => return Err(Refusal::Cme(INVALID_INPUT)),
            };
            let line = format!("+QFLDS: {},{}", module.room(storage), module.size(storage));
            module.say(line)
        }
        _ => Err(Refusal::Cme(INVALID_INPUT)),
    }
}

impl Module {
    fn size(&self, storage: Storage) -> u64 {
        match storage {
            Storage::Ram => self.profile.files.ram,
            Storage::Ufs => self.profile.files.ufs,
        }
    }

    fn room(&self, storage: Storage) -> u64 {
        self.size(storage).saturating_sub(self.state.files.used(storage))
    }
}

pub(crate) fn upload_test(module: &mut Module, _: &Command) -> Outcome {
    let free = module.room(Storage::Ufs);
    module.say(format!("+QFUPL: <filename>[,(1-{free})[,(1-65535)[,(0,1)]]]"))
}

/// Goes on if this firmware says CONNECT to an upload of this kind; what it says when nothing follows, is another question.
fn takes_upload(module: &Module, question: Question) -> Result<(), Refusal> {
    match module.allow(question) {
        Err(Refusal::Verbatim(lines)) if lines.first().is_some_and(|first| first == "CONNECT") => Ok(()),
        answer => answer,
    }
}

/// `AT+QFUPL="<name>"[,<size>[,<timeout>[,<ack>]]]`.
pub(crate) fn upload(module: &mut Module, command: &Command) -> Outcome {
    let length = command.values.first().and_then(Value::text).map_or(0, length);
    if module.fit("FILE-NAME-LENGTH", length) == Fit::Between {
        takes_upload(module, unknown::FILE_NAME_PREFIX)?;
    }
    let full = name(module, command)?;
    let number = |at: usize, default: i64| match command.values.get(at) {
        None | Some(Value::Missing) => Ok(default),
        Some(value) => value.number().ok_or(Refusal::Cme(INVALID_INPUT)),
    };
    let (size, timeout, ack) = (number(1, DEFAULT_SIZE)?, number(2, DEFAULT_TIMEOUT_S)?, number(3, 0)?);
    let file = FileName::read(full);
    let room = i64::try_from(module.room(file.storage)).unwrap_or(i64::MAX);
    let fits = module.within("FILE-UPLOAD-TIMEOUT", Some(timeout)).is_some()
        && module.within("FILE-UPLOAD-ACK", Some(ack)).is_some()
        && module.within("FILE-UPLOAD-SIZE", Some(size)).is_some_and(|size| size <= room);
    if command.values.len() > 4 || !fits {
        return Err(Refusal::Cme(INVALID_INPUT));
    }
    if command.values.len() == 1 {
        takes_upload(module, unknown::UPLOAD_DEFAULT)?;
    }
    if module.state.files.get(file).is_some() {
        takes_upload(module, unknown::UPLOAD_EXISTS)?;
    }
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let timeout_ms = u64::try_from(timeout).unwrap_or(1) * 1000;
    Ok(Flow::Data(Data::Upload(Upload::new(full, size, timeout_ms, ack != 0, module.now))))
}

/// `AT+QFDWL="<name>"`: the file's bytes, counted by nothing but the line that follows them.
pub(crate) fn download(module: &mut Module, command: &Command) -> Outcome {
    let full = name(module, command)?;
    let Some(data) = module.state.files.get(FileName::read(full)).cloned() else {
        return Err(module.refusal(unknown::DOWNLOAD_MISSING));
    };
    module.result(&Final::Connect(None));
    module.out.extend_from_slice(&data);
    module.say(format!("+QFDWL: {},{:x}", data.len(), checksum(&data)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::matches_pattern;

    #[rstest]
    #[case("*", "a.txt", true)]
    #[case("a.txt", "a.txt", true)]
    #[case("a.txt", "b.txt", false)]
    #[case("*.txt", "a.txt", true)]
    #[case("*.txt", "a.jpg", false)]
    #[case("a*t", "a.txt", true)]
    #[case("", "a", false)]
    fn patterns(#[case] pattern: &str, #[case] name: &str, #[case] fits: bool) {
        assert_eq!(matches_pattern(pattern.as_bytes(), name.as_bytes()), fits);
    }
}

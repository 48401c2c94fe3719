//! A small stranger: a module on a pseudo-terminal that shares no line with the simulated module. It answers from a table and three
//! drawers (settings, message, files), echoes as modules do, and writes down every line it is told.

mod upload;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::pty::Pty;
use upload::Upload;

/// What a stranger does with one line instead of answering it.
#[derive(Clone, Copy)]
pub(crate) enum Quirk {
    /// It says this.
    Says(&'static str),
    /// It says this in mid-answer, and the port goes away.
    Unplugs(&'static str),
    /// It never says anything again.
    Dies,
    /// It says this, the first time only.
    Once(&'static str),
    /// It says this, and that after so many milliseconds, the first time only.
    Then(&'static str, u64, &'static str),
    /// It says this and starts anew: it hears nothing for so many milliseconds, has forgotten everything, and says so.
    Restarts(&'static str, u64),
    /// It does not echo the line, and says this, the first time only.
    Unechoed(&'static str),
}

/// A stranger at work on a device.
pub(crate) struct Stranger {
    pub(crate) path: String,
    log: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Stranger {
    /// A stranger that behaves.
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// A stranger with quirks: what it does with these very lines.
    pub(crate) fn with(quirks: &[(&'static str, Quirk)]) -> Self {
        let pty = Pty::open();
        let path = pty.path.clone();
        let (log, stop) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let mut mind =
            Mind { quirks: quirks.iter().copied().collect(), log: Arc::clone(&log), ..Mind::default() };
        let told = Arc::clone(&stop);
        let thread = std::thread::spawn(move || mind.serve(pty, &told));
        Self { path, log, stop, thread: Some(thread) }
    }

    /// Every line it was told so far.
    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().expect("the log").clone()
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Answers that never change.
const TABLE: [(&str, &str); 15] = [
    ("AT", ""),
    ("ATS3?", "013"),
    ("ATS4?", "010"),
    ("ATS5?", "008"),
    ("ATI", "Stranger/EC20F/Revision: EC20STRANGER01"),
    ("AT+QGMR", "EC20STRANGER01_01.001"),
    ("AT+CGSN", "861234567890123"),
    ("AT+CPIN?", "+CPIN: READY"),
    ("AT+CGATT?", "+CGATT: 1"),
    ("AT+CMEE?", "+CMEE: 1"),
    ("AT+QMMSCFG=\"contextid\"", "+QMMSCFG: \"contextid\",1"),
    ("AT+QMMSCFG=\"proxy\"", "+QMMSCFG: \"proxy\",\"\",0"),
    ("AT+QMMSCFG=\"sendparam\"", "+QMMSCFG: \"sendparam\",6,3,0,0,2,4"),
    ("AT+QMMSCFG=\"mmsc\"", "+QMMSCFG: \"mmsc\",\"\""),
    ("AT+QMMSCFG=\"character\"", "+QMMSCFG: \"character\",\"ASCII\""),
];

/// What a stranger has in mind.
#[derive(Default)]
struct Mind {
    quirks: BTreeMap<&'static str, Quirk>,
    log: Arc<Mutex<Vec<String>>>,
    line: Vec<u8>,
    settings: BTreeMap<String, String>,
    message: BTreeMap<u8, Vec<String>>,
    files: Vec<(String, usize)>,
    active: bool,
    /// An upload under way.
    upload: Option<Upload>,
    /// What it says later, and when.
    later: Option<(Instant, &'static str)>,
    dead: bool,
    /// It is starting: it hears nothing until then.
    deaf_until: Option<Instant>,
    unplugged: bool,
}

impl Mind {
    fn serve(&mut self, mut pty: Pty, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) && !self.unplugged {
            let Ok(bytes) = pty.read(Duration::from_millis(20)) else { return };
            let mut answer = Vec::new();
            for byte in bytes {
                self.hear(byte, &mut answer);
            }
            if let Some(upload) = self.upload.take_if(|upload| upload.is_silent()) {
                self.keep(upload, &mut answer);
            }
            if self.deaf_until.take_if(|until| *until <= Instant::now()).is_some() {
                answer.extend(b"\r\nRDY\r\n");
            }
            if let Some((_, text)) = self.later.take_if(|(due, _)| *due <= Instant::now()) {
                answer.extend(text.bytes());
            }
            if pty.master.write_all(&answer).is_err() {
                return;
            }
        }
        if self.unplugged {
            // The bytes shall be read before the port goes away.
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn hear(&mut self, byte: u8, answer: &mut Vec<u8>) {
        if let Some(mut upload) = self.upload.take() {
            if upload.takes(byte, answer) {
                self.keep(upload, answer);
            } else {
                self.upload = Some(upload);
            }
            return;
        }
        if self.dead || self.deaf_until.is_some() {
            return;
        }
        answer.push(byte);
        match byte {
            b'\r' => {}
            0x08 | 0x7f => {
                self.line.pop();
                return;
            }
            0x1b => return,
            _ => {
                self.line.push(byte);
                return;
            }
        }
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
        // What does not begin as a command line does is none.
        if line.ends_with(']') {
            return;
        }
        // An escape without data to end is no part of a line.
        let line = line.trim_start_matches('+').to_owned();
        self.log.lock().expect("the log").push(line.clone());
        let quirk = self.quirks.get(line.as_str()).copied();
        if matches!(quirk, Some(Quirk::Once(_) | Quirk::Then(..) | Quirk::Restarts(..) | Quirk::Unechoed(_)))
        {
            self.quirks.remove(line.as_str());
        }
        match quirk {
            Some(Quirk::Once(text) | Quirk::Says(text)) => answer.extend(text.bytes()),
            Some(Quirk::Unplugs(text)) => {
                answer.extend(text.bytes());
                self.unplugged = true;
            }
            Some(Quirk::Dies) => self.dead = true,
            Some(Quirk::Then(now, after_ms, later)) => {
                answer.extend(now.bytes());
                self.later = Some((Instant::now() + Duration::from_millis(after_ms), later));
            }
            Some(Quirk::Restarts(text, deaf_ms)) => {
                answer.extend(text.bytes());
                self.deaf_until = Some(Instant::now() + Duration::from_millis(deaf_ms));
                self.settings.clear();
                self.message.clear();
                self.files.clear();
                self.active = false;
            }
            Some(Quirk::Unechoed(text)) => {
                answer.truncate(answer.len().saturating_sub(line.len() + 1));
                answer.extend(text.bytes());
            }
            None => {
                let lines = self.answer(&line);
                if !lines.is_empty() {
                    answer.extend(format!("\r\n{}\r\n", lines.join("\r\n")).bytes());
                }
                let connects = self.upload.is_some();
                answer.extend(if connects { &b"\r\nCONNECT\r\n"[..] } else { b"\r\nOK\r\n" });
                if line.starts_with("AT+QMMSEND=") {
                    answer.extend(b"\r\n+QMMSEND: 0,200\r\n");
                }
            }
        }
    }

    /// An upload has ended.
    fn keep(&mut self, upload: Upload, answer: &mut Vec<u8>) {
        answer.extend(upload.result());
        self.files.push((upload.name, upload.data.len()));
    }

    /// The information lines of the answer to a line.
    fn answer(&mut self, line: &str) -> Vec<String> {
        let arguments: Vec<String> = line
            .split_once('=')
            .map_or("", |(_, rest)| rest)
            .split(',')
            .map(|word| word.trim_matches('"').to_owned())
            .collect();
        let argument = |at: usize| arguments.get(at).cloned().unwrap_or_default();
        if line.starts_with("AT+QMMSEDIT=") {
            return self.edit(&arguments);
        }
        if line.starts_with("AT+QFUPL=\"") {
            let number = |at: usize| argument(at).parse().ok();
            let timeout = Duration::from_secs(number(2).unwrap_or(5));
            let size = number(1).and_then(|size| usize::try_from(size).ok()).unwrap_or(1);
            self.upload = Some(Upload::new(argument(0), size, timeout, number(3) == Some(1)));
        }
        if line.starts_with("AT+QFLST=") {
            return self.files.iter().map(|(name, size)| format!("+QFLST: \"{name}\",{size}")).collect();
        }
        match line {
            "AT+QIACT=1" => self.active = true,
            "AT+QIDEACT=1" => self.active = false,
            "AT+QIACT?" if self.active => return vec!["+QIACT: 1,1,1,\"10.5.4.3\"".to_owned()],
            _ => {}
        }
        if line.starts_with("AT+QFDEL=") {
            self.files.retain(|(name, _)| *name != argument(0));
        }
        if let Some((query, value)) = line.strip_prefix("AT").and_then(|rest| rest.split_once(',')) {
            let set = query.replace('=', ": ");
            self.settings.insert(format!("AT{query}"), format!("{set},{value}"));
        }
        if let Some(value) = self.settings.get(line) {
            return vec![value.clone()];
        }
        let fixed = TABLE.iter().find(|(known, _)| *known == line).map_or("", |(_, answer)| answer);
        fixed.split('/').filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }

    fn edit(&mut self, arguments: &[String]) -> Vec<String> {
        let list: u8 = arguments[0].parse().unwrap_or(0);
        match arguments {
            [_] if list == 0 => self.message.clear(),
            [_] if list == 4 => {
                let title =
                    self.message.get(&4).and_then(|titles| titles.last()).cloned().unwrap_or_default();
                let charset =
                    self.settings.get("AT+QMMSCFG=\"character\"").and_then(|value| value.split('"').nth(3));
                return vec![format!("+QMMSEDIT: 4,\"{}\",\"{title}\"", charset.unwrap_or("ASCII"))];
            }
            [_] => {
                let entries = self.message.get(&list).into_iter().flatten();
                return entries.map(|entry| format!("+QMMSEDIT: {list},\"{entry}\"")).collect();
            }
            [_, operation, ..] if operation == "0" => {
                self.message.remove(&list);
            }
            [_, _, value, ..] => self.message.entry(list).or_default().push(value.clone()),
            _ => {}
        }
        Vec::new()
    }
}

//! Logs as people have them: raw captures, dumps, escaped text, marked or stamped lines, one direction or both.
//!
//! It knows how tools write a dialogue down, and gives back who spoke and which bytes, with the place in the file. It does not know AT
//! beyond what tells a command line from an answer.

mod dump;
mod line;
mod sniff;
mod speech;
mod voice;
mod written;

use std::ops::Range;

use line::{Line, lines_of};
use speech::{is_command, look};

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaker {
    Host,
    Module,
}

/// One line of the dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) speaker: Speaker,
    /// The line's bytes, without what frames it.
    pub(super) text: Vec<u8>,
    /// Where it stands in the file, in bytes.
    pub(super) span: Range<usize>,
    /// The bytes before and after it, where the log kept them.
    pub(super) frame: Option<Frame>,
}

/// The bytes round a line of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) before: Vec<u8>,
    pub(super) after: Vec<u8>,
    /// Whether both sides stand in one capture, so that the gap before the first line of an answer is the command's, too.
    pub(super) mixed: bool,
}

/// Reads a log: its dialogues, one for each port and session it tells of.
///
/// `Err` says why it cannot be one: nothing in it looks like AT.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Vec<Entry>>, &'static str> {
    let known = |entries: &[Entry]| entries.iter().filter(|entry| look(&entry.text).is_some()).count();
    // An echo is the command's CR followed by the answer's CR LF: only a capture of the wire has that. Without an echo an answer's own CR LF
    // begins it; text that some editor begins with an empty line holds commands, too.
    let echoes = contains(bytes, b"\r\r\n") || (!bytes.contains(&b'\n') && bytes.contains(&b'\r'));
    let placed = || bytes.iter().enumerate().map(|(at, &byte)| (byte, at..at + 1)).collect::<Vec<_>>();
    let raw = echoes || bytes.starts_with(b"\r\n");
    let captured = if raw { captured(&placed(), None) } else { Vec::new() };
    let asks = captured.iter().any(|entry| entry.speaker == Speaker::Host);
    let captured = if asks && !echoes { Vec::new() } else { captured };
    let told = told(bytes);
    let told_of = told.iter().map(|entries| known(entries)).sum::<usize>();
    match (known(&captured), told_of) {
        (0, 0) => Err("no line in it looks like an AT command or an answer to one"),
        (of_wire, told_of) if of_wire >= told_of => Ok(vec![captured]),
        _ => Ok(told),
    }
}

/// The dialogues of a log that tells bytes rather than keeps them.
fn told(bytes: &[u8]) -> Vec<Vec<Entry>> {
    if let Some(pieces) = sniff::pieces(bytes) {
        return vec![woven(&pieces)];
    }
    let lines = lines_of(bytes);
    dumped(&lines).map_or_else(|| written::dialogues(&lines), |entries| vec![entries])
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// A byte of the dialogue, and where the file tells it.
type Placed = (u8, Range<usize>);

/// Bytes as they were on the wire. Lines end in CR, LF or both; what stands between two lines is their frame.
fn captured(bytes: &[Placed], speaker: Option<Speaker>) -> Vec<Entry> {
    cut(bytes, speaker).into_iter().map(|(_, entry)| entry).collect()
}

/// Bytes of both sides in the order in which they passed. A module echoes each byte as it comes, so a line of one side may have bytes of the
/// other within; it counts from where it ends.
fn woven(bytes: &[(Speaker, Placed)]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for side in [Speaker::Host, Speaker::Module] {
        let own = bytes.iter().enumerate().filter(|(_, (speaker, _))| *speaker == side);
        let (order, placed): (Vec<usize>, Vec<Placed>) =
            own.map(|(at, (_, placed))| (at, placed.clone())).unzip();
        let lines = cut(&placed, Some(side)).into_iter();
        entries.extend(lines.map(|(end, entry)| (order.get(end).copied().unwrap_or(bytes.len()), entry)));
    }
    entries.sort_by_key(|(end, _)| *end);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// The lines in a run of bytes, and where each ends.
fn cut(bytes: &[Placed], speaker: Option<Speaker>) -> Vec<(usize, Entry)> {
    let is_end = |placed: &&Placed| matches!(placed.0, b'\r' | b'\n');
    let text_of = |bytes: &[Placed]| bytes.iter().map(|placed| placed.0).collect::<Vec<u8>>();
    let mut entries: Vec<(usize, Entry)> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let gap = bytes[at..].iter().take_while(is_end).count();
        let start = at + gap;
        let length = bytes[start..].iter().take_while(|placed| !is_end(placed)).count();
        let before = text_of(&bytes[at..start]);
        if let Some(last) = entries.last_mut().and_then(|(_, entry)| entry.frame.as_mut()) {
            last.after.clone_from(&before);
        }
        at = start + length;
        let (Some(first), Some(last)) = (bytes.get(start), bytes[..at].last()) else { break };
        if length == 0 {
            break;
        }
        let text = text_of(&bytes[start..at]);
        let by_itself = if is_command(&text) { Speaker::Host } else { Speaker::Module };
        let frame = Some(Frame { before, after: Vec::new(), mixed: speaker.is_none() });
        let span = first.1.start..last.1.end.max(first.1.end);
        entries.push((at, Entry { speaker: speaker.unwrap_or(by_itself), text, span, frame }));
    }
    entries
}

/// The dialogue that a dump tells.
fn dumped(lines: &[Line<'_>]) -> Option<Vec<Entry>> {
    let place =
        |number: usize| lines.get(number).map_or(0..0, |line| line.start..line.start + line.text.len());
    let flows = dump::flows(lines)?;
    let placed = |flow: &dump::Flow| -> Vec<Placed> {
        flow.bytes.iter().map(|&(byte, number)| (byte, place(number))).collect()
    };
    let directed: Option<Vec<(Speaker, Vec<Placed>)>> =
        flows.iter().map(|flow| flow.speaker.map(|speaker| (speaker, placed(flow)))).collect();
    if let Some(directed) = directed.filter(|_| flows.iter().all(|flow| flow.framed)) {
        let bytes = directed
            .into_iter()
            .flat_map(|(speaker, run)| run.into_iter().map(move |placed| (speaker, placed)));
        return Some(woven(&bytes.collect::<Vec<_>>()));
    }
    let entries = flows.iter().flat_map(|flow| {
        let entries = captured(&placed(flow), flow.speaker).into_iter();
        entries.map(|entry| Entry { frame: entry.frame.filter(|_| flow.framed), ..entry })
    });
    Some(entries.collect())
}

#[cfg(test)]
mod tests {
    use super::{Entry, Speaker, read};

    /// Each way of writing the same dialogue gives the same lines by the same speakers.
    #[test]
    fn every_way_to_write_a_log_down() {
        let dialogue = [(Speaker::Host, "AT+CMEE?"), (Speaker::Module, "+CMEE: 1"), (Speaker::Module, "OK")];
        let rows = [
            ("raw", "AT+CMEE?\r\r\n+CMEE: 1\r\n\r\nOK\r\n"),
            ("plain", "AT+CMEE?\n+CMEE: 1\n\nOK\n"),
            ("windows", "AT+CMEE?\r\n+CMEE: 1\r\n\r\nOK\r\n"),
            ("an editor's", "\r\nAT+CMEE?\r\n+CMEE: 1\r\n\r\nOK\r\n"),
            ("marks", "> AT+CMEE?\n< +CMEE: 1\n< \n< OK\n"),
            ("arrows", "-> AT+CMEE?\n<- +CMEE: 1\n<- OK\n"),
            ("turned", "< AT+CMEE?\n> +CMEE: 1\n> OK\n"),
            ("escaped", "> AT+CMEE?\\r\n< \\r\\n+CMEE: 1\\r\\n\\r\\nOK\\r\\n\n"),
            ("stamps", "[12:00:01.123] > AT+CMEE?\n[12:00:01.125] < +CMEE: 1\n[12:00:01.126] < OK\n"),
            (
                "dates",
                "2026-01-02 12:00:01 TX: AT+CMEE?\n2026-01-02 12:00:01 RX: +CMEE: 1\n2026-01-02 12:00:02 RX: OK\n",
            ),
            ("named", "--> 'AT+CMEE?<CR>'\n<-- '<CR><LF>+CMEE: 1<CR><LF><CR><LF>OK<CR><LF>'\n"),
            ("python", ">> b'AT+CMEE?\\r'\n<< b'\\r\\n+CMEE: 1\\r\\n\\r\\nOK\\r\\n'\n"),
            ("turned, with echo", "<- AT+CMEE?\n-> +CMEE: 1\n-> OK\n"),
            ("times behind", "<- AT+CMEE? (15318)\n-> +CMEE: 1 (15320)\n-> OK (15320)\n"),
            (
                "a trace",
                "<debug> device open count is 2\n<debug> (ttyUSB2): --> 'AT+CMEE?<CR>'\n<debug> (ttyUSB2): <-- \
                 '<CR><LF>+CMEE: 1<CR><LF>'\n<debug> (ttyUSB2): <-- '<CR><LF>OK<CR><LF>'\n<debug> closing\n",
            ),
            (
                "a trace in pieces",
                "[INFO][CELL]: AT TX ( 8): AT+CMEE?\n[INFO][CELL]: AT TX ( 1): <cr>\n[DBG ][CELL]: waiting\n\
                 [INFO][CELL]: AT RX ( 4): <cr><ln>+C\n[INFO][CELL]: AT RX ( 4): MEE:\n[INFO][CELL]: AT RX ( 1):  \n\
                 [INFO][CELL]: AT RX ( 5): 1<cr><ln><cr><ln>OK\n[INFO][CELL]: AT RX ( 2): <cr><ln>\n",
            ),
            ("seconds", "0.000 AT+CMEE?\n0.120 +CMEE: 1\n0.121 OK\n"),
            // A monitor's stamps have arrows that point nowhere.
            (
                "stamps with arrows",
                "07:00:01.100 -> AT+CMEE?\n\n07:00:01.110 -> +CMEE: 1\n07:00:01.110 -> \n07:00:01.111 -> OK\n",
            ),
            (
                "stamps without a blank",
                "[2026-01-02_07:00:01:100]AT+CMEE?\n[2026-01-02_07:00:01:110]+CMEE: 1\n\n[2026-01-02_07:00:01:110]OK\n",
            ),
            (
                "stamps on the wire",
                "07:00:01.100 AT+CMEE?\r\r\n07:00:01.110 +CMEE: 1\r\n07:00:01.110 \r\n07:00:01.110 OK\r\n",
            ),
            ("tabs", "0.001\tTX\tAT+CMEE?\n0.002\tRX\t+CMEE: 1\n0.003\tRX\tOK\n"),
            ("commas", "Time,Way,Text\n0.001,TX,AT+CMEE?\n0.002,RX,+CMEE: 1\n0.003,RX,OK\n"),
            (
                "colours",
                "\x1b[32mI (31) cell: TX: AT+CMEE?\x1b[0m\n\x1b[32mI (32) cell: RX: +CMEE: 1\x1b[0m\n\x1b[32mI (33) cell: RX: OK\x1b[0m\n",
            ),
            (
                "a radio's log",
                "01-02 07:00:01.100  70  71 D RIL: AT> AT+CMEE?\n01-02 07:00:01.110  70  72 D RIL: AT< +CMEE: 1\n01-02 07:00:01.110  70  72 D RIL: AT< OK\n",
            ),
            (
                "a script's log",
                "Jan  2 07:00:01 box chat[7]: abort on (BUSY)\nJan  2 07:00:01 box chat[7]: send (AT+CMEE?^M)\nJan  2 07:00:01 box chat[7]: expect (OK)\nJan  2 07:00:01 box chat[7]: AT+CMEE?^M^M\nJan  2 07:00:01 box chat[7]: +CMEE: 1^M\nJan  2 07:00:01 box chat[7]: ^M\nJan  2 07:00:01 box chat[7]: OK\nJan  2 07:00:01 box chat[7]:  -- got it\n",
            ),
            (
                "a dialler",
                "--> Initializing.\n--> Sending: AT+CMEE?\nAT+CMEE?\n+CMEE: 1\nOK\n--> Initialized.\n",
            ),
            (
                "a step",
                "<dbg> chat: step: 3\n<dbg> chat: sending: AT+CMEE?\n<dbg> chat: log_received_command: +CMEE: 1\n<dbg> chat: step: 4\n<dbg> chat: log_received_command: OK\n",
            ),
            ("a list", "DEBUG: write: AT+CMEE?\nDEBUG: response: ['+CMEE: 1', 'OK']\nINFO: ready\n"),
            (
                "an object",
                "{\"t\":1,\"dir\":\"tx\",\"data\":\"AT+CMEE?\\r\"}\n{\"t\":2,\"dir\":\"rx\",\"data\":\"\\r\\n+CMEE: 1\\r\\n\\r\\nOK\\r\\n\"}\n",
            ),
            (
                "system calls",
                "write(3, \"AT+CMEE?\\r\", 9) = 9\nread(3, \"\\r\\n+CMEE: 1\\r\\n\\r\\nOK\\r\\n\", 99) = 18\n",
            ),
            (
                "a prompt",
                ">>> port.write(b'AT+CMEE?\\r')\n9\n>>> port.read()\nb'\\r\\n+CMEE: 1\\r\\n\\r\\nOK\\r\\n'\n",
            ),
            (
                "a quotation over lines",
                "Modem : Send \"AT+CMEE?\"\nModem : End\nModem : Receive \"\n+CMEE: 1\nOK\n\"\n",
            ),
            ("one line", "GSM1: -> AT+CMEE?\nGSM1: sent, waiting for the answer\nGSM1: <- +CMEE: 1 OK\n"),
            ("parentheses", "<- AT+CMEE?\n-> (+CMEE: 1)\n-> OK\n"),
            ("remarks", "AT+CMEE? // what does it say?\n+CMEE: 1 // numbers\n\nOK\n"),
            ("dots", "#[07:00:01] AT+CMEE?...+CMEE: 1....OK..\n"),
            (
                "frames",
                "SENDING frame type 0x00/length 0x09/9\n41A|54T|2B+|43C|4DM|45E|45E|3F?|0D                              AT+CMEE?.\n1 \"AT+CMEE?\"\n2 \"+CMEE: 1\"\n3 \"OK\"\nChecking line: OK\nRECEIVED frame type 0x00/length 0x12/18\n0D |0A |2B+|43C|4DM|45E|45E|3A:|20 |311|0D |0A |0D |0A |4FO|4BK ..+CMEE: 1....OK\n0D |0A                                                          ..\n",
            ),
            (
                "bytes",
                "D (1) uart: writing:\nD (1) uart: 0x3ff0   41 54 2b 43 4d 45 45 3f  0d                       |AT+CMEE?.|\nD (2) uart: reading:\nD (2) uart: 0x3ff4   0d 0a 2b 43 4d 45 45 3a  20 31 0d 0a 0d 0a        |..+CMEE: 1....|\nD (3) uart: reading:\nD (3) uart: 0x3ff4   4f 4b 0d 0a                                       |OK..|\n",
            ),
            (
                "a dump",
                "0000: 4154 2b43 4d45 453f 0d0d 0a2b 434d 4545  AT+CMEE?...+CMEE\n0010: 3a20 310d 0a0d 0a4f 4b0d 0a              : 1....OK..\n",
            ),
            (
                "a relay",
                "> 2026/01/02 07:00:01.000100  length=9 from=0 to=8\nAT+CMEE?\\r< 2026/01/02 07:00:01.000200  length=18 from=0 to=17\n\\r\n+CMEE: 1\\r\n\\r\nOK\\r\n",
            ),
            (
                "a relay's numbers",
                "> 2026/01/02 07:00:01.000100  length=9 from=0 to=8\n 41 54 2b 43 4d 45 45 3f 0d\n--\n< 2026/01/02 07:00:01.000200  length=18 from=0 to=17\n 0d 0a 2b 43 4d 45 45 3a 20 31 0d 0a\n 0d 0a 4f 4b 0d 0a\n--\n",
            ),
        ];
        for (name, log) in rows {
            let entries = read(log.as_bytes()).unwrap_or_else(|why| panic!("{name}: {why}"));
            let echo = |entry: &&Entry| entry.speaker == Speaker::Host || entry.text != b"AT+CMEE?";
            let lines: Vec<_> = entries
                .iter()
                .flatten()
                .filter(echo)
                .map(|entry| (entry.speaker, entry.text.clone()))
                .collect();
            let wanted: Vec<_> =
                dialogue.iter().map(|(speaker, text)| (*speaker, text.as_bytes().to_vec())).collect();
            assert_eq!(lines, wanted, "{name}");
        }
    }

    #[test]
    fn a_capture_keeps_its_frames() {
        let entries = read(b"AT\r\r\nOK\r\n").unwrap();
        let [_, Entry { frame: Some(frame), .. }] = &entries[0][..] else { panic!("{entries:?}") };
        assert_eq!((frame.before.as_slice(), frame.after.as_slice()), (&b"\r\r\n"[..], &b"\r\n"[..]));
    }

    #[test]
    fn what_is_no_log_is_refused() {
        assert!(read(b"Dear reader,\nnothing here.\n").is_err());
        assert!(read(b"").is_err());
    }
}

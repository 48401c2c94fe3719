//! Every event, field by field: which hold bytes, which hold words, and which hold neither.
//!
//! It knows the journal. A field that is added there must be named here, or it does not compile.

use std::ops::Range;

use super::{Line, REMEMBERED, Redactor, SECRET_VARIABLES, rules};
use crate::escape::{escaped, unescaped};
use crate::journal::{CaseEnd, Direction, Event, Ground, Identity, Run};

impl Redactor {
    /// The chunks that were held, their secrets replaced. `open`: the line may go on.
    pub(super) fn release(&mut self, open: bool) -> Vec<Event> {
        let held = std::mem::take(&mut self.held);
        let chunks: Vec<Vec<u8>> = held.iter().map(wire_bytes).collect();
        let whole: Vec<u8> = chunks.concat();
        if whole.is_empty() {
            return held;
        }
        let mut rest = self.stream(Direction::Module, &whole, open);
        let rewritten = held.into_iter().zip(chunks).map(|(event, chunk)| {
            let after = rest.split_off(chunk.len().min(rest.len()));
            let now = std::mem::replace(&mut rest, after);
            if now == chunk { event } else { with_bytes(event, &now) }
        });
        rewritten.collect()
    }

    /// Bytes of one direction, with the line they belong to in mind.
    fn stream(&mut self, dir: Direction, bytes: &[u8], open: bool) -> Vec<u8> {
        let line = match dir {
            Direction::Host => &mut self.host,
            Direction::Module => &mut self.module,
        };
        let before = line.0.len();
        let text = [std::mem::take(&mut line.0).as_slice(), bytes].concat();
        *line = Line(unfinished(&text));
        let mut out = text.clone();
        let mut found = Vec::new();
        for (range, ended) in lines(&text) {
            let line = text.get(range.clone()).unwrap_or_default();
            let secrets = match dir {
                Direction::Host => self.asked(line, ended),
                Direction::Module => self.answered(line),
            };
            for secret in secrets {
                if ended {
                    self.learn(line.get(secret.clone()).unwrap_or_default());
                }
                found.push(range.start + secret.start..range.start + secret.end);
            }
        }
        self.hide_known(&text, open, &mut out);
        for secret in found {
            self.hide_value(&text, secret, &mut out);
        }
        out.split_off(before)
    }

    /// The secrets of a line that the run sends; what it sends openly is remembered.
    fn asked(&mut self, line: &[u8], ended: bool) -> Vec<Range<usize>> {
        let secrets = rules::of_command(line);
        if ended {
            let names = rules::names(line);
            self.open = [names, std::mem::take(&mut self.open[0])];
        }
        let openly = |run: &Range<usize>| {
            !secrets.iter().any(|secret| secret.start <= run.start && run.end <= secret.end)
        };
        let said = rules::long_numbers(line).filter(openly).filter_map(|run| line.get(run));
        self.said.extend(said.map(<[u8]>::to_vec));
        secrets
    }

    fn answered(&self, line: &[u8]) -> Vec<Range<usize>> {
        let mut secrets = rules::of_answer(line, &self.open.concat());
        let said = |run: &Range<usize>| line.get(run.clone()).is_some_and(|run| self.said.contains(run));
        secrets.extend(rules::long_numbers(line).filter(|run| !said(run)));
        secrets
    }

    /// Text that the module said, as it is written into events. A line that broke off may do so within a secret.
    fn came(&self, text: &str) -> String {
        let bytes = text.as_bytes();
        let mut out = bytes.to_vec();
        self.hide_known(bytes, text == self.broken_off, &mut out);
        let secrets = self.answered(bytes).into_iter().chain(rules::of_command(bytes));
        for secret in secrets {
            self.hide_value(bytes, secret, &mut out);
        }
        String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    /// Text of the runner's own, or of a dialogue: with commands in it, perhaps, but no number that only a module knows.
    fn told(&self, text: &str) -> String {
        let bytes = text.as_bytes();
        let mut out = bytes.to_vec();
        self.hide_known(bytes, false, &mut out);
        for secret in rules::of_command(bytes).into_iter().chain(rules::of_answer(bytes, &[])) {
            self.hide_value(bytes, secret, &mut out);
        }
        String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    fn all(&self, texts: &[String]) -> Vec<String> {
        texts.iter().map(|text| self.came(text)).collect()
    }

    /// An event that holds no chunk of the module.
    pub(super) fn redacted(&mut self, event: Event) -> Event {
        let told = |text: Option<String>, own: &Self| text.map(|text| own.told(&text));
        let came = |text: Option<String>, own: &Self| text.map(|text| own.came(&text));
        match event {
            Event::Run(run) => {
                Event::Run(Run { command: self.command(&run.command), port: self.words(&run.port), ..run })
            }
            Event::Ground(ground) => Event::Ground(self.ground(ground)),
            Event::Identity(Identity { ati, qgmr, cgsn, shown }) => Event::Identity(Identity {
                ati: self.all(&ati),
                qgmr: came(qgmr, self),
                cgsn: if shown { cgsn } else { came(cgsn, self) },
                shown,
            }),
            Event::Wire { t_us, dir, ref bytes } => {
                let plain = unescaped(bytes).unwrap_or_else(|_| bytes.clone().into_bytes());
                let hidden = self.stream(dir, &plain, true);
                if hidden == plain { event } else { Event::Wire { t_us, dir, bytes: escaped(&hidden) } }
            }
            Event::Line { t_us, class, text } => {
                if class == "unreadable" {
                    self.broken_off.clone_from(&text);
                }
                Event::Line { t_us, class, text: self.came(&text) }
            }
            Event::Held { t_us, expected, came } => {
                Event::Held { t_us, expected: self.told(&expected), came: self.came(&came) }
            }
            Event::Timing { t_us, command, took_us, limit_ms } => {
                Event::Timing { t_us, command: self.told(&command), took_us, limit_ms }
            }
            Event::Observed { t_us, case, unknown, answer, raw } => {
                Event::Observed { t_us, case, unknown, answer, raw: self.all(&raw) }
            }
            Event::CaseEnd(end) => Event::CaseEnd(CaseEnd {
                cause: came(end.cause, self),
                expected: end.expected.iter().map(|text| self.told(text)).collect(),
                came: came(end.came, self),
                leaky: came(end.leaky, self),
                ..end
            }),
            Event::Breach { t_us, clause, case, expected, came } => {
                Event::Breach { t_us, clause, case, expected: self.told(&expected), came: self.came(&came) }
            }
            Event::Aside { t_us, command } => Event::Aside { t_us, command: self.told(&command) },
            Event::Refused { t_us, bytes, reason } => {
                Event::Refused { t_us, bytes: self.told(&bytes), reason: self.told(&reason) }
            }
            Event::Ordered { t_us, words, problem } => {
                Event::Ordered { t_us, words: self.told(&words), problem: told(problem, self) }
            }
            Event::Captured { t_us, target, host, media, pdu } => {
                let plain = unescaped(&pdu).unwrap_or_else(|_| pdu.clone().into_bytes());
                let hidden = self.bytes(&plain);
                let pdu = if hidden == plain { pdu } else { escaped(&hidden) };
                Event::Captured { t_us, target: self.words(&target), host: self.words(&host), media, pdu }
            }
            Event::Lost { t_us, reason } => Event::Lost { t_us, reason: self.came(&reason) },
            Event::NotAsked { t_us, why, reason, cases } => {
                Event::NotAsked { t_us, why, reason: self.came(&reason), cases }
            }
            Event::Bench { t_us, note } => Event::Bench { t_us, note: self.came(&note) },
            Event::End { t_us, interrupted, exit } => {
                Event::End { t_us, interrupted: told(interrupted, self), exit }
            }
            // Ids, titles and promises: the suite's own words.
            Event::Planned(_)
            | Event::CaseStart { .. }
            | Event::Standing { .. }
            | Event::Waited { .. }
            | Event::Finally { .. }
            | Event::Resumed { .. } => event,
        }
    }

    fn ground(&self, mut ground: Ground) -> Ground {
        for (name, value) in &mut ground.variables {
            let bytes = value.clone().into_bytes();
            let mut out = bytes.clone();
            self.hide_known(&bytes, false, &mut out);
            if SECRET_VARIABLES.contains(&name.as_str()) {
                self.hide_value(&bytes, 0..bytes.len(), &mut out);
            }
            *value = String::from_utf8_lossy(&out).into_owned();
        }
        ground
    }
}

fn wire_bytes(event: &Event) -> Vec<u8> {
    match event {
        Event::Wire { bytes, .. } => unescaped(bytes).unwrap_or_else(|_| bytes.clone().into_bytes()),
        _ => Vec::new(),
    }
}

fn with_bytes(event: Event, bytes: &[u8]) -> Event {
    match event {
        Event::Wire { t_us, dir, .. } => Event::Wire { t_us, dir, bytes: escaped(bytes) },
        other => other,
    }
}

/// The lines of a text, and whether each has its end.
fn lines(text: &[u8]) -> Vec<(Range<usize>, bool)> {
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    rules::runs(text, |byte| !is_end(byte)).map(|run| (run.clone(), run.end < text.len())).collect()
}

/// What stands behind the last line's end, as far as it is remembered.
fn unfinished(text: &[u8]) -> Vec<u8> {
    let start = text.iter().rposition(|byte| matches!(byte, b'\r' | b'\n')).map_or(0, |at| at + 1);
    let line = text.get(start.max(text.len().saturating_sub(REMEMBERED))..).unwrap_or_default();
    line.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Key, known};

    fn wire(dir: Direction, bytes: &str) -> Event {
        Event::Wire { t_us: 0, dir, bytes: bytes.to_owned() }
    }

    /// Plays `wire` events, then everything as one text.
    #[track_caller]
    fn check(events: &[(Direction, &str)], hidden: &[&str], kept: &[&str]) {
        let mut redactor = Redactor::new(Key::from_words("key"));
        let mut out = Vec::new();
        for (dir, bytes) in events {
            out.extend(redactor.event(wire(*dir, bytes)));
        }
        out.extend(redactor.finish());
        assert_eq!(out.len(), events.len(), "no event is lost");
        let text: String = out
            .iter()
            .zip(events)
            .map(|(event, (dir, before))| {
                let Event::Wire { dir: now, bytes, .. } = event else { panic!("{event:?}") };
                assert_eq!((now, wire_bytes(event).len()), (dir, wire_bytes(&wire(*dir, before)).len()));
                bytes.clone()
            })
            .collect();
        for secret in hidden {
            assert!(!text.contains(secret), "{secret} stands in {text}");
        }
        for word in kept {
            assert!(text.contains(word), "{word} does not stand in {text}");
        }
    }

    #[test]
    fn what_answers_hold_is_hidden_and_known_from_then_on() {
        use Direction::{Host, Module};
        check(
            &[
                (Host, r"AT+CGSN\r"),
                (Module, r"AT+CGSN\r\r\n8612345\r\n"),
                (Module, r"\r\n861234567890123\r\n\r\nOK\r\n"),
            ],
            &["861234567890123"],
            &["OK", "8612345"],
        );
        check(
            &[(Host, r"AT+CIMI\r"), (Module, r"\r\n26201"), (Module, r"1234567890\r\n")],
            &["1234567890"],
            &[],
        );
        check(
            &[
                (Host, r"AT+QCCID\r"),
                (Module, r"\r\n+QCCID: 8949020000123456789F\r\n"),
                (Module, r"\r\nxx8949020000123456789Fyy\r\n"),
                (Module, r"\r\n+JUNK: 38393439303230303030313233343536373839\r\n"),
            ],
            &["8949020000123456789", "3839343930323030303031323334"],
            &["+QCCID: ", "xx", "yy", "+JUNK: "],
        );
        check(
            &[
                (Host, r"AT+CNUM\r"),
                (Module, r#"\r\n+CNUM: "Me","+49151234567",145\r\n"#),
                (Module, r"\r\n0049151234567 00490034003900310035003100320033003400350036003700\r\n"),
                (Module, r"\r\n+CMT: ,24\r\n07919451214365F7\r\n"),
            ],
            &["49151234567", "003900310035003100320033003400350036"],
            &["Me", ",145", "+CMT: ,24"],
        );
    }

    #[test]
    fn what_commands_hold_is_hidden() {
        use Direction::{Host, Module};
        check(
            &[
                (Host, r#"AT+QICSGP=1,1,"internet","ann","s3cret",1\r"#),
                (Module, r#"AT+QICSGP=1,1,"internet","ann","s3cret",1\r\r\nOK\r\n"#),
                (Module, r#"\r\n+QICSGP: 1,"internet","ann","s3cret",1\r\n"#),
                (Module, r"\r\n+CME ERROR: bad s3cret\r\n"),
            ],
            &["ann", "s3cret"],
            &["internet", "bad "],
        );
        check(&[(Host, r#"AT+CPIN="4711"\r"#), (Module, r#"AT+CPIN="4711"\r"#)], &["4711"], &[]);
        check(
            &[
                (Host, r#"AT+QMMSEDIT=2,1,"ann@x.example"\r"#),
                (Module, r#"\r\n+QMMSEDIT: 2,"ann@x.example"\r\n"#),
                (Host, r#"AT+QMMSEDIT=4,1,"hi"\r"#),
                (Module, r#"\r\n+QMMSEDIT: 4,"ASCII","hello ann@x.example"\r\n"#),
            ],
            &["ann@x.example"],
            &["hello ", "\"ASCII\""],
        );
    }

    /// A line that broke off is told as a line, too, and as what came; a whole line that ends like the beginning of a secret stays.
    #[test]
    fn a_line_that_breaks_off_within_a_secret_keeps_it() {
        let mut redactor = Redactor::new(Key::from_words("key"));
        redactor.declare("quite-a-secret").expect("long enough");
        let mut line = |class: &str, text: &str| {
            let said = Event::Line { t_us: 0, class: class.to_owned(), text: text.to_owned() };
            let lost = Event::Lost { t_us: 0, reason: text.to_owned() };
            let told = [redactor.event(said), redactor.event(lost)].concat();
            told.iter().filter(|event| format!("{event:?}").contains("quite")).count()
        };
        assert_eq!(line("stray", "it is quite-a"), 2);
        assert_eq!(line("unreadable", "it is quite-a"), 0);
        assert_eq!(line("unreadable", "it is qui"), 0);
        assert_eq!(line("stray", "it is quite-a-secret"), 0);
    }

    #[test]
    fn a_known_secret_that_breaks_off_is_hidden_in_both_parts() {
        use Direction::{Host, Module};
        let mut redactor = Redactor::new(Key::from_words("key"));
        redactor.declare("quite-a-secret").expect("long enough");
        let mut out = redactor.event(wire(Module, r"\r\nit is quite-a-"));
        assert_eq!(out, []);
        // Another event comes between: the half that was held goes out as it is known.
        out.extend(redactor.event(wire(Host, r"AT\r")));
        out.extend(redactor.event(wire(Module, r"secret\r\n")));
        let text: String =
            out.iter().map(|event| String::from_utf8_lossy(&wire_bytes(event)).into_owned()).collect();
        assert!(!text.contains("quite") && !text.contains("secret"), "{text}");
        assert!(text.starts_with("\r\nit is "), "{text}");
    }

    #[test]
    fn a_secret_too_short_to_find_is_refused() {
        let mut redactor = Redactor::new(Key::from_words("key"));
        assert!(redactor.declare("abc").is_err() && redactor.declare("\"\"\"\"\"").is_err());
        assert!(redactor.declare("abcd").is_ok());
        assert_eq!(redactor.words("abcd xabcd").len(), 10);
        assert!(redactor.words("abcd xabcd").ends_with(" xabcd"), "a short one only as a word");
    }

    #[test]
    fn without_a_key_all_stays() {
        let mut redactor = Redactor::off();
        let event = wire(Direction::Module, r"861234567890123");
        assert_eq!(redactor.event(event.clone()), [event]);
        assert!(known::is_digits(b"1") && redactor.words("861234567890123") == "861234567890123");
    }
}

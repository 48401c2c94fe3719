//! The module's side of a log: echoes, information lines, URCs, results, data.
//!
//! It knows which command is open and what may answer it. A line that nobody knows is nobody's mistake.

use ec20_at::{Dialect, Error, Tolerance, Unit, read_unit};
use ec20_manual::Catalogue;

use super::log::Entry;
use super::{Data, End, Kind, Linter, grows};
use crate::escape::escaped;
use crate::standing;

impl Linter<'_> {
    pub(super) fn module(&mut self, index: usize, entry: &Entry) {
        let text = entry.text.as_slice();
        if self.open.as_ref().is_some_and(|open| open.text == text) || text.is_empty() {
            return;
        }
        if self.in_data(text) {
            return;
        }
        self.frame(index, entry);
        self.prompted = text.trim_ascii() == b">";
        let heard_before = self.open.as_mut().is_none_or(|open| std::mem::replace(&mut open.heard, true));
        if let Some(name) = form(Unit::Final, text) {
            return self.result(entry, name, heard_before);
        }
        if self.information(entry) || self.urc(entry) {
            return;
        }
        self.stray(entry);
    }

    /// Whether the line is counted data, or the acknowledgement of some.
    fn in_data(&mut self, text: &[u8]) -> bool {
        let Some(open) = &mut self.open else { return false };
        // `A` after each block may stand before the answer on the same line.
        let block_ends = text.iter().take_while(|&&byte| byte == b'A').count();
        let over = match open.data {
            Data::None => return false,
            // What a host sent may stand before, if the log shows it.
            Data::Upload => {
                text.starts_with(b"+")
                    || text == b"ERROR"
                    || text[block_ends..].starts_with(b"+")
                    || tells_upload(text)
            }
            Data::Download(end) => text.starts_with(end),
        };
        if over {
            open.data = Data::None;
        }
        !over || !text.starts_with(b"+") && text != b"ERROR" && !text.starts_with(b"OK")
    }

    /// The bytes between this line and the one before it.
    fn frame(&mut self, index: usize, entry: &Entry) {
        let Some(frame) = entry.frame.as_ref().filter(|_| self.modes.framed()) else { return };
        let before = index.checked_sub(1).and_then(|before| self.entries.get(before));
        // An echo and its answer stand in one capture, with one gap between them; a command that the log marks as sent has its CR elsewhere.
        let echoed = self.open.as_ref().map(|open| open.text.as_slice());
        let is_echo = |before: &Entry| {
            // A log may begin behind the command.
            let typed = echoed == Some(&before.text)
                || before.text.get(..2).is_some_and(|head| head.eq_ignore_ascii_case(b"AT"));
            (if before.speaker == super::Speaker::Host { frame.mixed } else { typed })
                && before.frame.as_ref().is_some_and(|gap| gap.after == frame.before)
        };
        let after_echo = before.is_some_and(is_echo);
        // A log may begin and end anywhere.
        let begins = index == 0 || before.is_some_and(|before| before.frame.is_none());
        let ends = index + 1 == self.entries.len();
        let broken = match () {
            () if !begins && !standing::is_frame(&frame.before, after_echo) => &frame.before,
            () if ends && !frame.after.is_empty() && !standing::is_frame(&frame.after, false) => &frame.after,
            () => return,
        };
        let expected = "CR LF before and after each line of an answer".to_owned();
        let found = format!("`{}`", escaped(broken));
        let whole = 0..entry.text.len();
        self.find(Kind::Framing, entry, whole, (Some(standing::FRAME), expected, found));
    }

    fn result(&mut self, entry: &Entry, name: &'static str, heard_before: bool) {
        let text = entry.text.as_slice();
        let whole = 0..text.len();
        let Some(open) = &mut self.open else { return };
        if name == "final_connect" {
            open.data = match () {
                () if begins(open, "qfupl") || begins(open, "qfwrite") => Data::Upload,
                () if begins(open, "qfdwl") => Data::Download(b"+QFDWL:"),
                () => Data::Download(b"OK"),
            };
            return;
        }
        if matches!(name, "final_no_carrier" | "final_busy" | "final_no_answer" | "final_no_dialtone") {
            open.end = End::Other;
        }
        // A digit is a result only under V0, and these may come by themselves.
        if name == "final_numeric" && heard_before
            || !matches!(
                name,
                "final_ok"
                    | "final_error"
                    | "final_cme_numeric"
                    | "final_cme_verbose"
                    | "final_cms_numeric"
                    | "final_cms_verbose"
                    | "final_numeric"
            )
        {
            return;
        }
        if open.end == End::Result {
            let expected = "one final result for each command line".to_owned();
            let found = format!("another one, `{}`", escaped(text));
            return self.find(Kind::SurplusFinal, entry, whole, (Some(standing::ONE_FINAL), expected, found));
        }
        open.end = End::Result;
        if name == "final_ok"
            && open.names.iter().flatten().any(|name| name == "qmmsend")
            && !open.text.ends_with(b"?")
        {
            *self.owed.get_or_insert(0) += 1;
        }
    }

    /// Whether the line answers the open command; if it does, what is wrong with it.
    fn information(&mut self, entry: &Entry) -> bool {
        let text = entry.text.as_slice();
        let Some(open) = self.open.as_ref().filter(|open| open.end != End::Result) else { return false };
        for name in open.names.iter().flatten() {
            if let Some(form) = form(Unit::InformationOf(name), text) {
                let unit = Unit::InformationOf(name);
                let error = limit_error(unit, text);
                let allowed = forms_of(&open.text);
                if !allowed.is_empty() && !allowed.iter().any(|allowed| allowed == form) {
                    let expected = format!("an answer to `{}`", escaped(&open.text));
                    let found = format!("`{}`", escaped(text));
                    let finding = (Some(standing::ANSWER_FITS), expected, found);
                    self.find(Kind::WrongAnswer, entry, 0..text.len(), finding);
                } else if let Some(error) = error.filter(|error| error.clause.is_some() || !grows(name)) {
                    self.out_of_range(entry, &error);
                }
                return true;
            }
        }
        let own = open.names.iter().flatten().find(|name| begins_with_name(text, name)).cloned();
        match own {
            None => false,
            Some(name) if form(Unit::Urc, text).is_some() => {
                if name == "qmmsend" {
                    let expected = "OK before the result of QMMSEND".to_owned();
                    let finding = (Some("SEND-OK-FIRST"), expected, format!("`{}`", escaped(text)));
                    self.find(Kind::UrcPlace, entry, 0..text.len(), finding);
                    return true;
                }
                false
            }
            Some(name) if grows(&name) => true,
            Some(name) => {
                let expected = format!("a line of AT+{}", name.to_ascii_uppercase());
                let found = format!("`{}`", escaped(text));
                self.find(
                    Kind::WrongAnswer,
                    entry,
                    0..text.len(),
                    (Some(standing::ANSWER_FITS), expected, found),
                );
                true
            }
        }
    }

    /// Whether the line is a URC of the manual; if it is, what is wrong with it.
    fn urc(&mut self, entry: &Entry) -> bool {
        let text = entry.text.as_slice();
        let Some(name) = form(Unit::Urc, text) else { return false };
        if name == "rdy_urc" {
            self.modes = standing::Modes::default();
            if let Some(open) = &mut self.open {
                open.end = End::Other;
            }
        }
        let standard = name.split('_').next().is_some_and(grows);
        if let Some(error) = limit_error(Unit::Urc, text).filter(|error| error.clause.is_some() || !standard)
        {
            self.out_of_range(entry, &error);
        }
        if name == "qmmsend_urc" {
            match &mut self.owed {
                Some(0) => {
                    let expected = "one +QMMSEND for each QMMSEND that was answered with OK".to_owned();
                    let found = format!("another one, `{}`", escaped(text));
                    let finding = (Some(standing::ONE_RESULT), expected, found);
                    self.find(Kind::UrcPlace, entry, 0..text.len(), finding);
                }
                Some(owed) => *owed -= 1,
                None => {}
            }
        }
        true
    }

    /// A line that is neither an answer, nor a URC, nor a result.
    fn stray(&mut self, entry: &Entry) {
        let text = entry.text.as_slice();
        if text.starts_with(b"+QMMSEIDT:") {
            let finding = (Some("E14"), "+QMMSEDIT".to_owned(), "+QMMSEIDT, as 2.2 prints it".to_owned());
            return self.find(Kind::Erratum, entry, 0..10, finding);
        }
        if self.options.unknown && text.starts_with(b"+") {
            let end = text.iter().position(|&byte| byte == b':').unwrap_or(text.len());
            let found = format!("`{}`", escaped(&text[..end]));
            let finding = (None, "a line of the manual".to_owned(), found);
            self.find(Kind::Unknown, entry, 0..end, finding);
        }
    }

    fn out_of_range(&mut self, entry: &Entry, error: &Error) {
        let part = error.span.start..error.span.end;
        let found = format!("`{}`", escaped(error.span.of(&entry.text)));
        self.find(Kind::OutOfRange, entry, part, (error.clause, error.expected.to_string(), found));
    }
}

/// Whether a line is a final result.
pub(super) fn is_final(text: &[u8]) -> bool {
    form(Unit::Final, text).is_some_and(|name| name != "final_numeric")
}

/// Whether a line ends with the report of an upload.
fn tells_upload(text: &[u8]) -> bool {
    const REPORT: &[u8] = b" +QFUPL:";
    let report = text.windows(REPORT.len()).rposition(|window| window == REPORT);
    report.is_some_and(|at| form(Unit::InformationOf("qfupl"), &text[at + 1..]).is_some())
}

/// The form of a unit, read with every tolerance.
fn form(unit: Unit<'_>, text: &[u8]) -> Option<&'static str> {
    let mut name = None;
    read_unit(unit, Dialect::TOLERANT, text, |form| name = Some(form.name())).ok()?;
    name
}

/// What is wrong with a value, in a unit whose shape is right.
fn limit_error(unit: Unit<'_>, text: &[u8]) -> Option<Error> {
    let judging = Dialect::TOLERANT.without(Tolerance::AnyValue);
    read_unit(unit, judging, text, |_| {}).err().filter(|error| error.kind.is_limit())
}

fn begins(open: &super::Open, name: &str) -> bool {
    open.names.last().and_then(Option::as_deref) == Some(name)
}

/// Whether the line carries the command's name as its prefix.
fn begins_with_name(text: &[u8], name: &str) -> bool {
    let prefix = format!("+{}:", name.to_ascii_uppercase());
    text.starts_with(prefix.as_bytes())
}

/// The information lines that the command table gives a command line; empty where it does not say, or for a chain.
fn forms_of(line: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    if read_unit(Unit::CommandLine, Dialect::TOLERANT, line, |form| names.push(form.name())).is_err() {
        return Vec::new();
    }
    let [name] = names.as_slice() else { return Vec::new() };
    let forms = Catalogue::manual().commands().iter().flat_map(|command| &command.forms);
    forms.filter(|form| form.name == *name).flat_map(|form| form.info.clone()).collect()
}

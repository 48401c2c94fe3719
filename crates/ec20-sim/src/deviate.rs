//! Deviations at work: the few general points at which a mutant leaves the faithful module's path.
//!
//! Knows how each kind of change is carried out: on the factory settings, on the arguments before a command runs, on its
//! state, lines and result afterwards, on limits and codes, on the frame. Refuses to know any single command; habits are
//! asked for by name where they matter.

use ec20_manual::profile::{Argument, Change, Deviation, Habit, Lines, Part, Wire};

use crate::dispatch;
use crate::module::Module;
use crate::reply::{Marks, Refusal};
use crate::run::{Flow, Outcome};
use crate::state::{Charset, State};
use crate::words::{Command, Value};

/// All deviations of a profile.
#[derive(Debug, Clone, Default)]
pub(crate) struct Deviations {
    all: Vec<Deviation>,
    marks: Marks,
}

impl Deviations {
    pub(crate) fn new(all: &[Deviation]) -> Self {
        let mut marks = Marks::default();
        for deviation in all {
            if let Change::Frame { mark, bytes } = &deviation.change {
                marks.set(*mark, bytes);
            }
            if let Change::Final { from, to } = &deviation.change {
                marks.respell(from, to);
            }
        }
        Self { all: all.to_vec(), marks }
    }

    fn changes(&self) -> impl Iterator<Item = &Change> {
        self.all.iter().map(|d| &d.change)
    }

    pub(crate) fn marks(&self) -> &Marks {
        &self.marks
    }

    pub(crate) fn has(&self, habit: Habit) -> bool {
        self.changes().any(|change| *change == Change::Habit(habit))
    }

    /// What is wrong on the wire.
    pub(crate) fn wire(&self) -> impl Iterator<Item = &Wire> {
        self.changes().filter_map(|change| match change {
            Change::Wire(wire) => Some(wire),
            _ => None,
        })
    }

    /// The limit of a clause, where it is another one: smallest and largest value that pass.
    pub(crate) fn limit(&self, clause: &str) -> Option<(Option<i64>, Option<i64>)> {
        self.all.iter().find_map(|d| match d.change {
            Change::Limit { min, max } if d.clause == clause => Some((min, max)),
            _ => None,
        })
    }

    /// By how much a command is late.
    pub(crate) fn late(&self, command: &Command) -> u64 {
        if self.all.is_empty() {
            return 0;
        }
        let form = dispatch::form(command);
        self.changes()
            .map(|change| match change {
                Change::Late { at, ms } if at == form => *ms,
                _ => 0,
            })
            .sum()
    }

    /// Puts the factory's settings where the deviations want them.
    pub(crate) fn change_factory(&self, state: &mut State) {
        for change in self.changes() {
            if let Change::Factory { part, values } = change {
                set_part(state, *part, values);
            }
        }
    }

    /// The lines of a send's result.
    pub(crate) fn result_lines(&self, mut lines: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        for change in self.changes() {
            if let Change::Result(change) = change {
                change_lines(&mut lines, change);
            }
        }
        lines
    }

    fn code(&self, form: &str, code: u16) -> u16 {
        self.changes()
            .find_map(|change| match change {
                Change::Code { at, from, to }
                    if *from == code && at.as_deref().is_none_or(|at| at == form) =>
                {
                    Some(*to)
                }
                _ => None,
            })
            .unwrap_or(code)
    }

    fn arguments(&self, form: &str, command: &mut Command) {
        for change in self.changes() {
            if let Change::Argument { at, nth, becomes } = change
                && at == form
            {
                change_argument(&mut command.values, *nth, becomes);
            }
        }
    }

    /// Whether the form is answered without being carried out.
    pub(crate) fn skips(&self, form: &str) -> bool {
        self.changes().any(|change| matches!(change, Change::Answer { at, effect: false, .. } if at == form))
    }

    /// Whether the state must be remembered while this form runs.
    fn looks_back(&self, form: &str) -> bool {
        self.changes().any(|change| match change {
            Change::Unstored { at, .. } => at == form,
            _ => false,
        })
    }
}

impl Module {
    /// What happens before a command runs: its arguments change, its state is remembered.
    pub(crate) fn before_hooks<'c>(
        &mut self,
        form: &'static str,
        command: &'c Command,
    ) -> std::borrow::Cow<'c, Command> {
        self.running.form = form;
        self.running.before = None;
        if self.deviations.all.is_empty() {
            return std::borrow::Cow::Borrowed(command);
        }
        let mut changed = command.clone();
        self.deviations.arguments(form, &mut changed);
        if self.deviations.looks_back(form) {
            self.running.before = Some(Box::new(self.state.clone()));
        }
        std::borrow::Cow::Owned(changed)
    }

    /// What happens after a command ran: state, lines and result change. A command that still waits is left alone.
    pub(crate) fn after_hooks(&mut self, outcome: Outcome) -> Outcome {
        if self.deviations.all.is_empty() || matches!(outcome, Ok(Flow::Wait(..) | Flow::Data(_))) {
            return outcome;
        }
        let form = self.running.form;
        let before = self.running.before.take();
        let mut outcome = match outcome {
            Err(Refusal::Cme(code)) => Err(Refusal::Cme(self.deviations.code(form, code))),
            other => other,
        };
        for deviation in &self.deviations.all {
            match &deviation.change {
                Change::Unstored { at, part } if at == form => {
                    if let Some(before) = &before {
                        match part {
                            Some(part) => self.state.take(*part, before),
                            None => self.state.clone_from(before),
                        }
                    }
                }
                Change::Spills { at, part } if at == form => self.state.take(*part, &self.factory),
                Change::RefusalSpills { at, part } if at == form && outcome.is_err() => {
                    self.state.take(*part, &self.factory);
                }
                Change::Keeps { part, most } => self.state.message.keep(*part, *most),
                Change::Lines { at, change } if at == form => change_lines(&mut self.running.lines, change),
                Change::Answer { at, lines, .. } if at == form => {
                    outcome = Err(Refusal::Verbatim(lines.clone()));
                    self.running.lines.clear();
                }
                _ => {}
            }
        }
        outcome
    }
}

fn change_argument(values: &mut [Value], nth: usize, becomes: &Argument) {
    let at = nth - 1;
    if let Argument::Swap(with) = becomes {
        if at.max(with - 1) < values.len() {
            values.swap(at, with - 1);
        }
        return;
    }
    let Some(value) = values.get_mut(at) else { return };
    match (becomes, value) {
        (Argument::Text(text), Value::Text(old)) => *old = text.clone().into_bytes(),
        (Argument::Text(text), old) => {
            if let Ok(number) = text.parse() {
                *old = Value::Number(number);
            }
        }
        (Argument::Plus(more), Value::Number(n)) => *n = n.saturating_add(*more),
        (Argument::Cut(len), Value::Text(text)) => text.truncate(*len),
        (Argument::Lower, Value::Text(text)) => text.make_ascii_lowercase(),
        (Argument::Replace(from, to), Value::Text(text)) => {
            *text = String::from_utf8_lossy(text).replace(from.as_str(), to).into_bytes();
        }
        (Argument::Until(end), Value::Text(text)) => {
            let at = text.windows(end.len().max(1)).position(|window| window == end.as_bytes());
            text.truncate(at.unwrap_or(text.len()));
        }
        (Argument::Trim, Value::Text(text)) => text.truncate(text.trim_ascii_end().len()),
        (Argument::Modulo(by), Value::Number(n)) => *n = n.checked_rem(*by).unwrap_or(*n),
        _ => {}
    }
}

fn change_lines(lines: &mut Vec<Vec<u8>>, change: &Lines) {
    match change {
        Lines::Drop(nth) if *nth < lines.len() => drop(lines.remove(*nth)),
        Lines::Double(nth) => {
            if let Some(line) = lines.get(*nth).cloned() {
                lines.insert(*nth, line);
            }
        }
        Lines::Reverse => lines.reverse(),
        Lines::Append(line) => lines.push(line.clone().into_bytes()),
        Lines::Replace(from, to) => {
            for line in lines {
                *line = String::from_utf8_lossy(line).replace(from.as_str(), to).into_bytes();
            }
        }
        Lines::Exchange(a, b) => lines.iter_mut().for_each(|line| exchange(line, *a, *b)),
        Lines::Drop(_) => {}
    }
}

/// Exchanges two fields behind the colon of a line; quotes protect commas.
fn exchange(line: &mut Vec<u8>, a: usize, b: usize) {
    let Some(start) = line.windows(2).position(|w| w == b": ").map(|at| at + 2) else { return };
    let (head, tail) = line.split_at(start);
    let mut quoted = false;
    let mut fields: Vec<&[u8]> = tail
        .split(|byte| {
            quoted ^= *byte == b'"';
            *byte == b',' && !quoted
        })
        .collect();
    if a.max(b) < fields.len() {
        fields.swap(a, b);
        *line = [head, &fields.join(&b',')].concat();
    }
}

/// Puts one part where values, as the write command takes them, want it.
pub(crate) fn set_part(state: &mut State, part: Part, values: &[String]) {
    let settings = &mut state.settings;
    let number = |at: usize| values.get(at).and_then(|v| v.parse::<u32>().ok());
    let text = |at: usize| values.get(at).map(|v| v.clone().into_bytes()).unwrap_or_default();
    match part {
        Part::Contextid => settings.contextid = number(0).unwrap_or(settings.contextid),
        Part::Mmsc => settings.mmsc = text(0),
        Part::Proxy => {
            settings.gateway = text(0);
            settings.port = number(1).unwrap_or(settings.port);
        }
        Part::Character => settings.character = Charset::named(&text(0)).unwrap_or(settings.character),
        Part::Sendparam => {
            for (at, slot) in settings.sendparam.iter_mut().enumerate() {
                *slot = number(at).unwrap_or(*slot);
            }
        }
        Part::Supportfield => settings.supportfield = number(0).unwrap_or(settings.supportfield),
        Part::Connecttimeout => settings.connecttimeout = number(0).unwrap_or(settings.connecttimeout),
        Part::Session => {
            state.session.echo = number(0) != Some(0);
            state.session.cmee = number(1).and_then(|n| n.try_into().ok()).unwrap_or(state.session.cmee);
        }
        // A module fresh from the factory has no message, no files and no contexts.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_change_places_but_not_inside_quotes() {
        let mut line = b"+QMMSCFG: \"proxy\",\"a,b\",80".to_vec();
        exchange(&mut line, 1, 2);
        assert_eq!(line, b"+QMMSCFG: \"proxy\",80,\"a,b\"");
        exchange(&mut line, 0, 9);
        assert_eq!(line, b"+QMMSCFG: \"proxy\",80,\"a,b\"");
    }
}

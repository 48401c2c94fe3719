//! A line as the grammar reads it: its rule, its fields, and what is left of it without them.
//!
//! It knows the grammar's names and the masks; it refuses to compare texts. A line that no rule reads is taken apart at its commas, so that
//! even what nobody described is compared field by field.

use ec20_grammar::{FormReading, Strictness, Unit, read};

use super::mask::{Mask, Names, mask};
use crate::escape::escaped;
use crate::recorded::Class;

/// A line, read: what it says, and where.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Its bytes.
    pub(super) text: Vec<u8>,
    /// What it says.
    pub(super) spoken: Spoken,
    /// Where each field stands in it.
    pub(super) places: Vec<(usize, usize)>,
}

/// What a line says, and how it words it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spoken {
    /// What the line was taken for when it came.
    pub(super) class: Class,
    /// The grammar's rule; several are joined with `;`. For a line that no rule reads: its name before the colon, in angle brackets.
    pub(super) rule: String,
    /// Its fields in the order written.
    pub(super) fields: Vec<Part>,
    /// Its bytes with a zero byte in the place of each field: what is wording, not meaning.
    pub(super) wording: Vec<u8>,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    /// The manual's name for it, or its number in a line that no rule reads.
    pub(super) name: String,
    /// What it is compared by: the value, or what the mask leaves of it.
    pub(super) value: String,
    /// How many zeros were left out before a number: `01` is `1` in other words.
    pub(super) zeros: usize,
}

/// Reads lines of one attempt: names given to masked values hold for the whole of it.
pub(super) struct Reader {
    names: Names,
    commands: Vec<String>,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { names: Names::default(), commands: Vec::new() }
    }

    /// A command line; the answers that follow belong to it.
    pub(super) fn command(&mut self, line: &[u8]) -> Line {
        let line = self.spoken(Class::Information, line, &[Unit::CommandLine]);
        // `amp_f_write` is a form of `amp_f`, `qmmscfg_mmsc_query` one of `qmmscfg`: the grammar itself says which reads the answer.
        self.commands.clear();
        for form in line.spoken.rule.split(';') {
            let ends = form.char_indices().filter(|(_, c)| *c == '_').map(|(at, _)| at);
            self.commands.extend(ends.filter_map(|end| form.get(..end)).map(str::to_owned));
        }
        line
    }

    /// A line that came.
    pub(super) fn line(&mut self, class: Class, line: &[u8]) -> Line {
        match class {
            Class::Final | Class::Connect => self.spoken(class, line, &[Unit::Final]),
            Class::Urc => self.spoken(class, line, &[Unit::Urc, Unit::Information]),
            Class::Prompt => self.spoken(class, line, &[Unit::Prompt]),
            _ => {
                let commands = std::mem::take(&mut self.commands);
                let of_command = commands.iter().map(|command| Unit::InformationOf(command));
                let units: Vec<Unit<'_>> =
                    of_command.chain([Unit::Information, Unit::Urc, Unit::Final]).collect();
                let line = self.spoken(class, line, &units);
                self.commands = commands;
                line
            }
        }
    }

    fn spoken(&mut self, class: Class, line: &[u8], units: &[Unit<'_>]) -> Line {
        for strictness in [Strictness::Canonical, Strictness::Tolerant] {
            for unit in units {
                if let Ok(reading) = read(*unit, strictness, line) {
                    return self.by_rule(class, line, &reading.forms);
                }
            }
        }
        by_shape(class, line)
    }

    fn by_rule(&mut self, class: Class, line: &[u8], forms: &[FormReading]) -> Line {
        let (mut fields, mut places) = (Vec::new(), Vec::new());
        for form in forms {
            for field in &form.fields {
                let bytes = line.get(field.span.range()).unwrap_or_default();
                let (value, zeros) = match mask(form, field, line) {
                    Mask::None => number(&escaped(bytes)),
                    Mask::Volatile => ("any".to_owned(), 0),
                    Mask::Renamed(kind) => (self.names.name(kind, bytes), 0),
                };
                fields.push(Part { name: field.name.to_owned(), value, zeros });
                places.push((field.span.start, field.span.end));
            }
        }
        let rule = forms.iter().map(|form| form.name).collect::<Vec<_>>().join(";");
        line_of(class, line, rule, fields, places)
    }
}

fn line_of(class: Class, text: &[u8], rule: String, fields: Vec<Part>, places: Vec<(usize, usize)>) -> Line {
    let mut wording = Vec::new();
    let mut at = 0;
    for &(start, end) in &places {
        wording.extend_from_slice(text.get(at..start).unwrap_or_default());
        wording.push(0);
        at = end.max(at);
    }
    wording.extend_from_slice(text.get(at..).unwrap_or_default());
    Line { text: text.to_vec(), spoken: Spoken { class, rule, fields, wording }, places }
}

/// A number is compared by what it counts: its digits without the zeros before them, and how many those are.
fn number(text: &str) -> (String, usize) {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return (text.to_owned(), 0);
    }
    let digits = text.trim_start_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    (digits.to_owned(), text.len() - digits.len())
}

/// A line that no rule reads: its name, and what stands between its commas outside quotes.
fn by_shape(class: Class, line: &[u8]) -> Line {
    let colon = line.iter().position(|&byte| byte == b':').filter(|_| line.first() == Some(&b'+'));
    let name = colon.and_then(|colon| line.get(..colon)).unwrap_or_default();
    let (mut fields, mut places) = (Vec::new(), Vec::new());
    let mut start = colon.map_or(0, |colon| colon + 1);
    for piece in pieces(line.get(start..).unwrap_or_default()) {
        let blank = |byte: &&u8| matches!(byte, b' ' | b'"');
        let before = piece.iter().take_while(blank).count();
        let after = piece.iter().skip(before).rev().take_while(blank).count();
        let place = (start + before, start + piece.len() - after);
        let (value, zeros) = number(&escaped(line.get(place.0..place.1).unwrap_or_default()));
        fields.push(Part { name: format!("#{}", fields.len() + 1), value, zeros });
        places.push(place);
        start += piece.len() + 1;
    }
    line_of(class, line, format!("<{}>", escaped(name)), fields, places)
}

/// What stands between commas, quotes closed.
fn pieces(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    bytes.split(move |&byte| {
        quoted ^= byte == b'"';
        byte == b',' && !quoted
    })
}

//! Two attempts side by side: every difference with its class, and the dialogue as a person reads it.
//!
//! It knows how a pair of lines differs by rule, by fields, by wording. It does not know verdicts, runs or repetitions.

use super::align::{Pair, align};
use super::reading::{Line, Spoken};
use super::trace::{Heard, Turn};
use super::{Cell, Change, Difference, Row};
use crate::escape::escaped;
use crate::recorded::Class;

/// What two attempts differ in.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) differences: Vec<Difference>,
    pub(super) rows: Vec<Row>,
    pub(super) asked_a: Vec<String>,
    pub(super) asked_b: Vec<String>,
}

/// Compares two attempts. `judged`: what was said after the last judgement is shown and no difference; where one of them failed, the state
/// that is put back is not the same to begin with.
pub(super) fn between(a: &Heard, b: &Heard, judged: bool) -> Found {
    let mut found = Found::default();
    let keys = |heard: &Heard| heard.turns.iter().map(|turn| key(&turn.command.spoken)).collect::<Vec<_>>();
    for (at_a, at_b) in align(&keys(a), &keys(b)) {
        let turn_a = at_a.and_then(|at| a.turns.get(at));
        let turn_b = at_b.and_then(|at| b.turns.get(at));
        let cell = |turn: Option<&Turn>| turn.map(|turn| Cell::of(&turn.command.text, &[]));
        found.rows.push(Row { sent: true, a: cell(turn_a), b: cell(turn_b), change: None });
        match (turn_a, turn_b) {
            (Some(a), Some(b)) => found.answers(a, b, judged && (a.finally || b.finally)),
            (Some(a), None) => {
                found.asked_a.push(escaped(&a.command.text));
                found.unanswered(a, |cell| (Some(cell), None));
            }
            (None, Some(b)) => {
                found.asked_b.push(escaped(&b.command.text));
                found.unanswered(b, |cell| (None, Some(cell)));
            }
            (None, None) => {}
        }
    }
    found
}

impl Cell {
    /// A line with what differs marked, by byte places in order.
    pub(super) fn of(text: &[u8], marks: &[(usize, usize)]) -> Self {
        let mut pieces = Vec::new();
        let mut at = 0;
        let mut push = |start: usize, end: usize, marked: bool| {
            let piece = escaped(text.get(start..end).unwrap_or_default());
            if !piece.is_empty() || marked {
                pieces.push((piece, marked));
            }
        };
        for &(start, end) in marks {
            push(at, start, false);
            push(start, end, true);
            at = end;
        }
        push(at, text.len(), false);
        Self { pieces }
    }

    /// The line without marks.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|(text, _)| text.as_str()).collect()
    }
}

/// What makes two command lines one question. A masked value does not tell them apart.
fn key(command: &Spoken) -> (String, Vec<String>) {
    (command.rule.clone(), command.fields.iter().map(|field| field.value.clone()).collect())
}

impl Found {
    /// A turn that only one side has: shown, no difference of the module's making.
    fn unanswered(&mut self, turn: &Turn, side: impl Fn(Cell) -> (Option<Cell>, Option<Cell>)) {
        for line in &turn.answer {
            let (a, b) = side(Cell::of(&line.text, &[]));
            self.rows.push(Row { sent: false, a, b, change: None });
        }
    }

    fn answers(&mut self, a: &Turn, b: &Turn, shown_only: bool) {
        let command = escaped(&a.command.text);
        let key = |line: &Line| (group(line.spoken.class), line.spoken.rule.clone());
        let keys = |turn: &Turn| turn.answer.iter().map(key).collect::<Vec<_>>();
        let result = |turn: &Turn| {
            let last = turn.answer.iter().find(|line| line.spoken.class == Class::Final);
            last.map(|line| line.spoken.rule.clone())
        };
        let turned = result(a) != result(b);
        for (at_a, at_b) in joined(align(&keys(a), &keys(b)), &a.answer, &b.answer) {
            let line_a = at_a.and_then(|at| a.answer.get(at));
            let line_b = at_b.and_then(|at| b.answer.get(at));
            let found = match (line_a, line_b) {
                _ if shown_only => Vec::new(),
                (Some(a), Some(b)) => pair(a, b),
                // What a refusal leaves out is the refusal's doing.
                (Some(line), None) | (None, Some(line)) if turned && line.spoken.class != Class::Final => {
                    Vec::new()
                }
                (one, other) => alone(one, other),
            };
            let cell = |line: Option<&Line>, side: fn(&One) -> Option<(usize, usize)>| {
                let marks: Vec<_> = found.iter().filter_map(side).collect();
                line.map(|line| Cell::of(&line.text, &marks))
            };
            self.rows.push(Row {
                sent: false,
                a: cell(line_a, |one| one.at_a),
                b: cell(line_b, |one| one.at_b),
                change: found.iter().map(|one| one.change).max(),
            });
            let row = self.rows.len() - 1;
            let text = |line: Option<&Line>, at: Option<(usize, usize)>| {
                let (start, end) = at?;
                line.map(|line| escaped(line.text.get(start..end).unwrap_or_default()))
            };
            self.differences.extend(found.into_iter().map(|one| Difference {
                change: one.change,
                command: Some(command.clone()),
                rule: Some(one.rule),
                rule_b: one.rule_b,
                field: one.field,
                a: text(line_a, one.at_a),
                b: text(line_b, one.at_b),
                row: Some(row),
                note: None,
            }));
        }
    }
}

/// A difference between two lines, with its places in them.
struct One {
    change: Change,
    rule: String,
    rule_b: Option<String>,
    field: Option<String>,
    at_a: Option<(usize, usize)>,
    at_b: Option<(usize, usize)>,
}

fn pair(a: &Line, b: &Line) -> Vec<One> {
    let (said_a, said_b) = (&a.spoken, &b.spoken);
    let whole = |change| {
        let (at_a, at_b) = (Some((0, a.text.len())), Some((0, b.text.len())));
        let rule_b = (said_a.rule != said_b.rule).then(|| said_b.rule.clone());
        vec![One { change, rule: said_a.rule.clone(), rule_b, field: None, at_a, at_b }]
    };
    if said_a.rule != said_b.rule {
        let change = if said_a.class == Class::Final { Change::Result } else { Change::Restructured };
        return whole(change);
    }
    let names = |spoken: &Spoken| spoken.fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    if names(said_a) != names(said_b) {
        return whole(Change::Restructured);
    }
    let fields = said_a.fields.iter().zip(&said_b.fields).zip(a.places.iter().zip(&b.places));
    let values: Vec<One> = fields
        .filter(|((a, b), _)| a.value != b.value)
        .map(|((field, _), (place_a, place_b))| One {
            change: Change::Value,
            rule: said_a.rule.clone(),
            rule_b: None,
            field: Some(field.name.clone()),
            at_a: Some(*place_a),
            at_b: Some(*place_b),
        })
        .collect();
    // Same rule, same fields, same values: what still differs is wording.
    if values.is_empty() && said_a != said_b {
        return whole(Change::Reworded);
    }
    values
}

/// A line that only one side has.
fn alone(a: Option<&Line>, b: Option<&Line>) -> Vec<One> {
    let Some(line) = a.or(b) else { return Vec::new() };
    let change = match (line.spoken.class, a.is_some()) {
        (Class::Final, _) => Change::Result,
        (Class::Urc, true) => Change::LostUrc,
        (Class::Urc, false) => Change::NewUrc,
        _ => Change::Restructured,
    };
    let whole = |line: &Line| (0, line.text.len());
    let rule = line.spoken.rule.clone();
    vec![One { change, rule, rule_b: None, field: None, at_a: a.map(whole), at_b: b.map(whole) }]
}

/// Lines of one group that stand alone on both sides of one gap are held against each other: they differ by their rule.
fn joined(pairs: Vec<Pair>, a: &[Line], b: &[Line]) -> Vec<Pair> {
    let mut joined: Vec<Pair> = Vec::new();
    let mut gap: Vec<Pair> = Vec::new();
    for pair in pairs.into_iter().map(Some).chain([None]) {
        if let Some(pair) = pair.filter(|(at_a, at_b)| at_a.is_none() || at_b.is_none()) {
            gap.push(pair);
            continue;
        }
        let kind = |lines: &[Line], at: Option<usize>| {
            at.and_then(|at| lines.get(at)).map_or(0, |line| group(line.spoken.class))
        };
        for wanted in GROUPS {
            let mut of_a = gap.iter().filter_map(|(at, _)| *at).filter(|at| kind(a, Some(*at)) == wanted);
            let mut of_b = gap.iter().filter_map(|(_, at)| *at).filter(|at| kind(b, Some(*at)) == wanted);
            loop {
                match (of_a.next(), of_b.next()) {
                    (None, None) => break,
                    pair => joined.push(pair),
                }
            }
        }
        gap.clear();
        joined.extend(pair);
    }
    joined
}

const GROUPS: [u8; 4] = [0, 1, 2, 3];

/// Lines of different groups never stand beside each other.
const fn group(class: Class) -> u8 {
    match class {
        Class::Connect => 1,
        Class::Final => 2,
        Class::Urc => 3,
        _ => 0,
    }
}

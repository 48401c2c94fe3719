//! The dialogues of a run as the page's script reads them: every byte once, with its time, and beside each line what was asked for there.
//!
//! Thousands of rows are nearly all alike, so a text stands once in a table and a row is four numbers: time since the row before in tenths
//! of a millisecond, kind, text, and what was asked for. It knows numbers; what the rows are, [`rows`](crate::report::rows) knows.

use std::collections::HashMap;

use serde::Serialize;

use crate::recorded::{Attempt, Recorded};
use crate::report::rows::{self, shortened};

/// What was asked for, where the row's number is no place in the table.
const NOTHING_ASKED: i64 = -1;
const AS_IT_CAME: i64 = -2;

/// All dialogues: texts, and by case and attempt the rows, four numbers each.
#[derive(Debug, Default, Serialize)]
pub(super) struct Dialogues {
    texts: Vec<String>,
    cases: Vec<Vec<Vec<i64>>>,
    #[serde(skip)]
    places: HashMap<String, i64>,
}

impl Dialogues {
    /// The dialogues of a run.
    pub(super) fn of(run: &Recorded) -> Self {
        let mut all = Self::default();
        for case in &run.cases {
            let attempts = case.attempts.iter().map(|attempt| all.attempt(attempt)).collect();
            all.cases.push(attempts);
        }
        all
    }

    /// As JSON that may stand inside a script element.
    pub(super) fn json(&self) -> String {
        // Numbers and strings: JSON can always say them.
        let json = serde_json::to_string(self).unwrap_or_default();
        json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
    }

    fn attempt(&mut self, attempt: &Attempt) -> Vec<i64> {
        let rows = rows::of(attempt);
        let mut before_us = attempt.start_us;
        let mut numbers = Vec::with_capacity(rows.len() * 4);
        for row in rows {
            let tenths = row.t_us.saturating_sub(before_us) / 100;
            before_us = before_us.saturating_add(tenths * 100);
            let asked = match row.asked {
                None => NOTHING_ASKED,
                Some(asked) if asked == row.line => AS_IT_CAME,
                Some(asked) => self.place(shortened(asked)),
            };
            let text = self.place(shortened(row.text));
            numbers.extend([i64::try_from(tenths).unwrap_or(i64::MAX), row.kind as i64, text, asked]);
        }
        numbers
    }

    fn place(&mut self, text: String) -> i64 {
        if let Some(&place) = self.places.get(&text) {
            return place;
        }
        let place = i64::try_from(self.texts.len()).unwrap_or(i64::MAX);
        self.texts.push(text.clone());
        self.places.insert(text, place);
        place
    }
}

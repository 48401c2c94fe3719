//! Which cases run: `--filter` with id globs, areas, clauses, levels, effects and needs, joined by `and`, `or`, `not`.
//!
//! It knows names, never verdicts. A filter that fits nothing is told with the nearest ids.

use ec20_manual::{Catalogue, did_you_mean, nearest};
use globset::{Glob, GlobMatcher};

use crate::suite::Case;

/// A filter over cases.
///
/// ```text
/// filter = or ; or = and { "or" and } ; and = not { "and" not } ; not = "not" not | "(" or ")" | term
/// term   = GLOB | id:GLOB | clause:GLOB | area:WORD | level:must|should | effect:WORD | need:WORD | section:GLOB
/// ```
#[derive(Debug, Clone)]
pub enum Filter {
    /// Every case.
    All,
    /// A name fits a glob.
    Term(Field, Box<GlobMatcher>),
    /// The other does not hold.
    Not(Box<Self>),
    /// Both hold.
    And(Box<Self>, Box<Self>),
    /// One holds.
    Or(Box<Self>, Box<Self>),
}

/// What a term looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The case's id.
    Id,
    /// Any clause it judges.
    Clause,
    /// The area of its first clause: `cfg`, `edit`, `send`, …
    Area,
    /// The level of its first clause.
    Level,
    /// Its worst effect.
    Effect,
    /// A need.
    Need,
    /// The section of its first clause.
    Section,
}

/// A mistake in a filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: expected {expected}, found {found}")]
pub struct FilterError {
    /// Column in characters, counted from 1.
    pub column: usize,
    /// What may stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

impl Filter {
    /// Reads a filter.
    ///
    /// ```
    /// use ec20_suite::select::Filter;
    /// assert!(Filter::read("area:edit and not effect:billable").is_ok());
    /// assert_eq!(Filter::read("area:edit and").unwrap_err().column, 14);
    /// ```
    ///
    /// # Errors
    /// Column, what was expected, what was found.
    pub fn read(text: &str) -> Result<Self, FilterError> {
        let mut reader = Reader { tokens: tokens(text), at: 0, end: text.chars().count() + 1 };
        let filter = reader.or()?;
        match reader.peek() {
            None => Ok(filter),
            Some(_) => Err(reader.error("`and`, `or` or the end")),
        }
    }

    /// Terms that the user may have meant, for a filter that fits no case: `area:edit` for `area:edti`, `clause:EDIT-TO-COUNT`
    /// for a clause that stands without its field. A term that fits some case is left alone.
    pub fn suggestions(&self, cases: &[Case]) -> Vec<String> {
        let mut terms = Vec::new();
        let mut open = vec![self];
        while let Some(filter) = open.pop() {
            match filter {
                Self::Term(field, glob) => {
                    if !cases.iter().any(|case| filter.fits(case)) {
                        terms.extend(field.near(glob.glob().glob(), cases));
                    }
                }
                Self::Not(inner) => open.push(inner),
                Self::And(one, two) | Self::Or(one, two) => open.extend([&**two, one]),
                Self::All => {}
            }
        }
        terms.dedup();
        terms
    }

    /// Whether the filter holds for a case.
    pub fn fits(&self, case: &Case) -> bool {
        match self {
            Self::All => true,
            Self::Not(inner) => !inner.fits(case),
            Self::And(one, two) => one.fits(case) && two.fits(case),
            Self::Or(one, two) => one.fits(case) || two.fits(case),
            Self::Term(field, glob) => field.values(case).iter().any(|value| glob.is_match(value)),
        }
    }
}

impl Field {
    /// All fields, in the order in which help names them.
    pub const ALL: [Self; 7] =
        [Self::Id, Self::Clause, Self::Area, Self::Level, Self::Effect, Self::Need, Self::Section];

    /// The word before the colon.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Clause => "clause",
            Self::Area => "area",
            Self::Level => "level",
            Self::Effect => "effect",
            Self::Need => "need",
            Self::Section => "section",
        }
    }

    /// Every value that some of these cases has, sorted.
    pub fn known(self, cases: &[Case]) -> Vec<String> {
        let values: std::collections::BTreeSet<String> =
            cases.iter().flat_map(|case| self.values(case)).collect();
        values.into_iter().collect()
    }

    /// Terms with values of these cases that are most like `pattern`, which fits none of them.
    fn near(self, pattern: &str, cases: &[Case]) -> Vec<String> {
        let wanted: String = pattern.chars().filter(|c| !"*?[]{}".contains(*c)).collect();
        let known = self.known(cases);
        let near = nearest(&wanted, known.iter().map(String::as_str));
        if self != Self::Id {
            return near.into_iter().map(|value| format!("{}:{value}", self.word())).collect();
        }
        // A word without a field may be the value of another field.
        let elsewhere = Self::ALL.into_iter().skip(1).find_map(|field| {
            let value = field.known(cases).into_iter().find(|value| value.eq_ignore_ascii_case(&wanted))?;
            Some(format!("{}:{value}", field.word()))
        });
        elsewhere.or(near).into_iter().collect()
    }

    fn values(self, case: &Case) -> Vec<String> {
        let first = case.clauses.first().and_then(|id| Catalogue::manual().clause(id));
        let of_first = |value: fn(&ec20_manual::Clause) -> String| first.map(value).into_iter().collect();
        match self {
            // `qmmsedit-to-list` means all of its rows.
            Self::Id => vec![case.id.clone(), case.transcript.id.clone()],
            Self::Clause => case.clauses.clone(),
            Self::Area => of_first(ec20_manual::Clause::area),
            Self::Level => vec![case.level().name().to_owned()],
            Self::Effect => vec![case.effect.name().to_owned()],
            Self::Need => case.needs.iter().cloned().collect(),
            Self::Section => of_first(|clause| clause.section.clone()),
        }
    }
}

struct Token {
    column: usize,
    text: String,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut open = false;
    for (index, c) in text.chars().enumerate() {
        match c {
            ' ' | '\t' => open = false,
            '(' | ')' => {
                tokens.push(Token { column: index + 1, text: c.to_string() });
                open = false;
            }
            c => match tokens.last_mut() {
                Some(last) if open => last.text.push(c),
                _ => {
                    tokens.push(Token { column: index + 1, text: c.to_string() });
                    open = true;
                }
            },
        }
    }
    tokens
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    end: usize,
}

impl Reader {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(|token| token.text.as_str())
    }

    fn take(&mut self, word: &str) -> bool {
        let taken = self.peek() == Some(word);
        self.at += usize::from(taken);
        taken
    }

    fn error(&self, expected: &str) -> FilterError {
        let token = self.tokens.get(self.at);
        FilterError {
            column: token.map_or(self.end, |token| token.column),
            expected: expected.to_owned(),
            found: token.map_or_else(|| "the end".to_owned(), |token| format!("`{}`", token.text)),
        }
    }

    fn or(&mut self) -> Result<Filter, FilterError> {
        let mut filter = self.and()?;
        while self.take("or") {
            filter = Filter::Or(Box::new(filter), Box::new(self.and()?));
        }
        Ok(filter)
    }

    fn and(&mut self) -> Result<Filter, FilterError> {
        let mut filter = self.not()?;
        while self.take("and") {
            filter = Filter::And(Box::new(filter), Box::new(self.not()?));
        }
        Ok(filter)
    }

    /// `not` and parentheses, counted rather than recursed into where they merely repeat.
    fn not(&mut self) -> Result<Filter, FilterError> {
        let mut negate = false;
        while self.take("not") {
            negate = !negate;
        }
        let filter = if self.take("(") {
            if self.tokens.len() > 1000 {
                return Err(self.error("a filter of at most 1000 words"));
            }
            let filter = self.or()?;
            if !self.take(")") {
                return Err(self.error("`)`"));
            }
            filter
        } else {
            self.term()?
        };
        Ok(if negate { Filter::Not(Box::new(filter)) } else { filter })
    }

    fn term(&mut self) -> Result<Filter, FilterError> {
        const TERM: &str =
            "an id, or `id:`, `clause:`, `area:`, `level:`, `effect:`, `need:`, `section:` with a glob";
        let Some(word) = self.peek().filter(|word| !matches!(*word, "and" | "or" | ")")) else {
            return Err(self.error(TERM));
        };
        let (field, pattern) = match word.split_once(':') {
            None => (Field::Id, word),
            Some((name, pattern)) => {
                let Some(field) = Field::ALL.into_iter().find(|field| field.word() == name) else {
                    let hint = did_you_mean(name, Field::ALL.map(Field::word));
                    return Err(self.error(&format!("{TERM}{hint}")));
                };
                (field, pattern)
            }
        };
        let glob = Glob::new(pattern).map_err(|_| self.error("a glob such as `qmmsedit-*`"))?;
        self.at += 1;
        Ok(Filter::Term(field, Box::new(glob.compile_matcher())))
    }
}

//! The five tables read, held together and cross-checked.
//!
//! Knows that ids are unique and that what is named exists; refuses to know what any of it means.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;
use toml::Spanned;

use crate::{Clause, Codes, Command, Erratum, Mistake, MistakeKind, Unknown};

/// The texts of the five tables.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// `clauses.toml`
    pub clauses: &'a str,
    /// `errata.toml`
    pub errata: &'a str,
    /// `unknowns.toml`
    pub unknowns: &'a str,
    /// `commands.toml`
    pub commands: &'a str,
    /// `codes.toml`
    pub codes: &'a str,
}

impl Sources<'static> {
    /// The tables of this edition of the manual, embedded.
    pub const MANUAL: Self = Self {
        clauses: include_str!("../data/clauses.toml"),
        errata: include_str!("../data/errata.toml"),
        unknowns: include_str!("../data/unknowns.toml"),
        commands: include_str!("../data/commands.toml"),
        codes: include_str!("../data/codes.toml"),
    };
}

/// The manual as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    clauses: Vec<Clause>,
    errata: Vec<Erratum>,
    unknowns: Vec<Unknown>,
    commands: Vec<Command>,
    codes: Codes,
}

static MANUAL: LazyLock<Catalogue> = LazyLock::new(|| match Catalogue::parse(Sources::MANUAL) {
    Ok(catalogue) => catalogue,
    // A test of this crate parses the same text, so no build that passed its tests comes here.
    Err(mistake) => unreachable!("the embedded catalogue: {mistake}"),
});

/// Whether a name of the table is a basic command's (V.250 5.3.1): a letter, a register, or what the grammar calls such.
fn is_basic(name: &str) -> bool {
    let register =
        name.strip_prefix('s').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    name.len() == 1 || register || name.starts_with("amp_") || matches!(name, "at" | "repeat")
}

impl Catalogue {
    /// The embedded catalogue, parsed once.
    pub fn manual() -> &'static Self {
        &MANUAL
    }

    /// Reads and cross-checks the five tables.
    ///
    /// # Errors
    ///
    /// The first [`Mistake`]: what is no TOML, an unknown key, a missing or an ill-typed value, an id that is taken, a
    /// row that names what is not there, numbers that contradict one another. File names in it are those of `data/`.
    ///
    /// ```
    /// use ec20_manual::{Catalogue, Sources};
    /// let errata = "[[erratum]]\nid = \"E01\"\nsection = 1\n";
    /// let mistake = Catalogue::parse(Sources { errata, ..Sources::MANUAL }).unwrap_err();
    /// assert_eq!((mistake.file.as_str(), mistake.line, mistake.column), ("errata.toml", 3, 11));
    /// ```
    pub fn parse(sources: Sources<'_>) -> Result<Self, Mistake> {
        let clauses: Table<Clauses> = Table::read("clauses.toml", sources.clauses)?;
        let errata: Table<Errata> = Table::read("errata.toml", sources.errata)?;
        let unknowns: Table<Unknowns> = Table::read("unknowns.toml", sources.unknowns)?;
        let commands: Table<Commands> = Table::read("commands.toml", sources.commands)?;
        let codes: Table<Codes> = Table::read("codes.toml", sources.codes)?;

        let clause_ids = clauses.unique(&clauses.rows.clause, |row| &row.id)?;
        let erratum_ids = errata.unique(&errata.rows.erratum, |row| &row.id)?;
        let unknown_ids = unknowns.unique(&unknowns.rows.unknown, |row| &row.id)?;
        commands.unique(&commands.rows.command, |row| &row.name)?;
        let forms: HashSet<&str> = commands
            .rows
            .command
            .iter()
            .flat_map(|row| &row.get_ref().forms)
            .map(|form| form.name.as_str())
            .collect();

        for row in &clauses.rows.clause {
            let clause = row.get_ref();
            clauses.named_id(row, &clause.id)?;
            clauses.all_exist(row, &clause.errata, &erratum_ids, "the id of an erratum")?;
            clauses.all_exist(row, &clause.unknowns, &unknown_ids, "the id of an unknown")?;
            clauses.all_exist(row, &clause.forms, &forms, "a form of the command table")?;
            check_numbers(&clauses, row)?;
            if let Some(code) = clause.code
                && codes.rows.mms(code).is_none()
            {
                return Err(clauses.mistake(
                    MistakeKind::Dangling,
                    row,
                    &code.to_string(),
                    "a number of chapter 4",
                ));
            }
        }
        for row in &unknowns.rows.unknown {
            let unknown = row.get_ref();
            unknowns.named_id(row, &unknown.id)?;
            let mut names = HashSet::new();
            for answer in &unknown.answers {
                if !names.insert(answer.name.as_str()) {
                    let expected = "an answer name that is not taken";
                    return Err(unknowns.mistake(MistakeKind::Duplicate, row, &answer.name, expected));
                }
            }
        }
        for row in &errata.rows.erratum {
            check_erratum(&errata, row)?;
        }
        for row in &commands.rows.command {
            check_command(&commands, row)?;
        }
        for table in
            [&codes.rows.mms, &codes.rows.http, &codes.rows.file, &codes.rows.pdp, &codes.rows.generic]
        {
            let mut seen = HashSet::new();
            if let Some(row) = table.iter().find(|row| !seen.insert(row.code)) {
                let at = sources.codes.rfind(&format!("code = {},", row.code)).unwrap_or_default();
                let (expected, found) = ("a number that is not taken", format!("`{}`", row.code));
                let span = at..at;
                return Err(Mistake::at(
                    MistakeKind::Duplicate,
                    codes.file,
                    codes.text,
                    span,
                    expected,
                    found,
                ));
            }
        }
        drop((clause_ids, erratum_ids, unknown_ids, forms));

        Ok(Self {
            clauses: inner(clauses.rows.clause),
            errata: inner(errata.rows.erratum),
            unknowns: inner(unknowns.rows.unknown),
            commands: inner(commands.rows.command),
            codes: codes.rows,
        })
    }

    /// Every clause, in the order of the manual.
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// The clause of this id.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.id == id)
    }

    /// Every erratum.
    pub fn errata(&self) -> &[Erratum] {
        &self.errata
    }

    /// The erratum of this id.
    pub fn erratum(&self, id: &str) -> Option<&Erratum> {
        self.errata.iter().find(|erratum| erratum.id == id)
    }

    /// Every unknown.
    pub fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }

    /// The unknown of this id.
    pub fn unknown(&self, id: &str) -> Option<&Unknown> {
        self.unknowns.iter().find(|unknown| unknown.id == id)
    }

    /// The command table.
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// The command of this name: the grammar's (`qmmscfg`, `amp_f`) or as typed, in any case, with or without `AT`
    /// (`AT+QMMSCFG`, `+qmmscfg`, `&F`). The bare `AT` is `at`.
    ///
    /// ```
    /// let manual = ec20_manual::Catalogue::manual();
    /// for name in ["qmmscfg", "+QMMSCFG", "at+qmmscfg"] {
    ///     assert_eq!(manual.command(name).map(|c| c.name.as_str()), Some("qmmscfg"));
    /// }
    /// assert_eq!(manual.command("&f").map(|c| c.name.as_str()), Some("amp_f"));
    /// assert_eq!(manual.command("AT").map(|c| c.name.as_str()), Some("at"));
    /// assert!(manual.command("+QNOSUCH").is_none());
    /// ```
    pub fn command(&self, name: &str) -> Option<&Command> {
        let lower = name.to_ascii_lowercase();
        if lower == "a/" {
            return self.command("repeat");
        }
        let typed = match lower.strip_prefix("at") {
            Some("") | None => lower.as_str(),
            Some(rest) => rest,
        };
        let (name, extended) = match (typed.strip_prefix('&'), typed.strip_prefix('+')) {
            (Some(letter), _) => (format!("amp_{letter}"), false),
            (None, Some(name)) => (name.to_owned(), true),
            (None, None) => (typed.to_owned(), false),
        };
        // `AT+E1` is no `ATE1`: nobody knows what it does.
        self.commands.iter().find(|command| command.name == name && !(extended && is_basic(&name)))
    }

    /// The error numbers.
    pub fn codes(&self) -> &Codes {
        &self.codes
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clauses {
    clause: Vec<Spanned<Clause>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Errata {
    erratum: Vec<Spanned<Erratum>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unknowns {
    unknown: Vec<Spanned<Unknown>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Commands {
    command: Vec<Spanned<Command>>,
}

fn inner<T>(rows: Vec<Spanned<T>>) -> Vec<T> {
    rows.into_iter().map(Spanned::into_inner).collect()
}

/// One file: its name, its text, its rows.
struct Table<'a, R> {
    file: &'static str,
    text: &'a str,
    rows: R,
}

impl<'a, R: serde::de::DeserializeOwned> Table<'a, R> {
    fn read(file: &'static str, text: &'a str) -> Result<Self, Mistake> {
        let rows = toml::from_str(text).map_err(|error| Mistake::from_toml(file, text, &error))?;
        Ok(Self { file, text, rows })
    }

    /// A mistake at the first place in or after a row's start where `word` stands.
    fn mistake<T>(&self, kind: MistakeKind, row: &Spanned<T>, word: &str, expected: &str) -> Mistake {
        let start = row.span().start;
        let quoted = format!("\"{word}\"");
        let rest = self.text.get(start..).unwrap_or_default();
        let at =
            rest.find(&quoted).map(|at| at + 1).or_else(|| rest.find(word)).map_or(start, |at| start + at);
        Mistake::at(kind, self.file, self.text, at..at + word.len(), expected, format!("`{word}`"))
    }

    /// The ids of the rows, each once.
    fn unique<'r, T>(
        &self,
        rows: &'r [Spanned<T>],
        id: impl Fn(&'r T) -> &'r String,
    ) -> Result<HashSet<&'r str>, Mistake> {
        let mut ids = HashSet::new();
        for row in rows {
            let id = id(row.get_ref());
            if !ids.insert(id.as_str()) {
                return Err(self.mistake(MistakeKind::Duplicate, row, id, "an id that is not taken"));
            }
        }
        Ok(ids)
    }

    /// Ids are upper-case words, digits and hyphens, and start with a letter.
    fn named_id<T>(&self, row: &Spanned<T>, id: &str) -> Result<(), Mistake> {
        let shape = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
        if id.starts_with(|c: char| c.is_ascii_uppercase()) && id.chars().all(shape) {
            return Ok(());
        }
        Err(self.mistake(MistakeKind::Syntax, row, id, "an id in UPPER-KEBAB"))
    }

    fn all_exist<T>(
        &self,
        row: &Spanned<T>,
        names: &[String],
        there: &HashSet<&str>,
        expected: &str,
    ) -> Result<(), Mistake> {
        match names.iter().find(|name| !there.contains(name.as_str())) {
            Some(name) => Err(self.mistake(MistakeKind::Dangling, row, name, expected)),
            None => Ok(()),
        }
    }
}

fn check_numbers(table: &Table<'_, Clauses>, row: &Spanned<Clause>) -> Result<(), Mistake> {
    let clause = row.get_ref();
    if let Some(limit) = &clause.limit
        && limit.accept >= limit.refuse
    {
        let expected = "`accept` below `refuse`";
        return Err(table.mistake(MistakeKind::Contradiction, row, &limit.accept.to_string(), expected));
    }
    if let Some(range) = &clause.range
        && range.min > range.max
    {
        return Err(table.mistake(
            MistakeKind::Contradiction,
            row,
            &range.min.to_string(),
            "`min` not above `max`",
        ));
    }
    let bound = clause.limit.is_some() || clause.range.is_some() || !clause.words.is_empty();
    if clause.field.is_some() && !bound {
        let field = clause.field.as_deref().unwrap_or_default();
        return Err(table.mistake(
            MistakeKind::Contradiction,
            row,
            field,
            "a limit, a range or words for the field",
        ));
    }
    Ok(())
}

fn check_erratum(table: &Table<'_, Errata>, row: &Spanned<Erratum>) -> Result<(), Mistake> {
    let erratum = row.get_ref();
    table.named_id(row, &erratum.id)?;
    if erratum.edits.is_empty() == erratum.outside.is_none() {
        let expected = "either edits or `outside`, and not both";
        return Err(table.mistake(MistakeKind::Contradiction, row, &erratum.id, expected));
    }
    for edit in &erratum.edits {
        let replaces = edit.from.is_some() && edit.to.is_some();
        let half = edit.from.is_some() != edit.to.is_some();
        let ways = [replaces, edit.typographic_quotes, edit.omitted].into_iter().filter(|&way| way).count();
        if half || ways != 1 {
            let expected = "an edit with `from` and `to`, or `typographic_quotes`, or `omitted`";
            return Err(table.mistake(MistakeKind::Contradiction, row, &edit.example, expected));
        }
        if edit.lines.is_empty() || edit.lines.contains(&0) {
            return Err(table.mistake(
                MistakeKind::Contradiction,
                row,
                &edit.example,
                "lines, counted from 1",
            ));
        }
    }
    Ok(())
}

fn check_command(table: &Table<'_, Commands>, row: &Spanned<Command>) -> Result<(), Mistake> {
    let command = row.get_ref();
    let prefix = format!("{}_", command.name);
    if command.forms.is_empty() || command.finals.is_empty() {
        let expected = "a command with forms and final results";
        return Err(table.mistake(MistakeKind::Contradiction, row, &command.name, expected));
    }
    let mut names = HashSet::new();
    for form in &command.forms {
        if !form.name.starts_with(&prefix) {
            let expected = format!("a form name that starts with `{prefix}`");
            return Err(table.mistake(MistakeKind::Contradiction, row, &form.name, &expected));
        }
        if !names.insert(form.name.as_str()) {
            return Err(table.mistake(
                MistakeKind::Duplicate,
                row,
                &form.name,
                "a form name that is not taken",
            ));
        }
        for milder in &form.milder {
            let looks = milder.is.is_some() || milder.starts.is_some() || milder.uploaded;
            if milder.effect >= form.effect
                || looks != milder.param.is_some()
                || !(looks || milder.count.is_some())
            {
                let expected = "a milder case that does less, under a condition";
                return Err(table.mistake(MistakeKind::Contradiction, row, &form.name, expected));
            }
        }
    }
    Ok(())
}

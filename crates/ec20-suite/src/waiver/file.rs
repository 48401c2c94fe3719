//! `waivers.toml`: its form, and every mistake in it with its place.
//!
//! It asks the catalogue for clauses and the grammar for rules. It does not know cases, runs or the day.

use ec20_manual::bound;
use globset::Glob;
use serde::Deserialize;
use toml::Spanned;

use super::firmware::Range;
use super::{Evidence, Expected, Subject, Waiver, Waivers};
use crate::mistake::{Mistake, MistakeKind, Source};
use crate::recorded::Class;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    waive: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    case: Option<Spanned<String>>,
    clause: Option<Spanned<String>>,
    firmware: Spanned<String>,
    #[serde(default = "fail")]
    verdict: Spanned<String>,
    evidence: Spanned<EvidenceEntry>,
    reason: Spanned<String>,
    issue: Spanned<String>,
    owner: Spanned<String>,
    expires: Spanned<toml::value::Datetime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceEntry {
    rule: Option<Spanned<String>>,
    class: Option<Spanned<String>>,
    text: Option<Spanned<String>>,
}

fn fail() -> Spanned<String> {
    Spanned::new(0..0, "fail".to_owned())
}

/// The most waivers of a file: each is held against every case of a run.
const WAIVERS: usize = 1_000;
/// The most bytes of a glob: a longer one costs more to hold against a name than any name is worth.
const GLOB_BYTES: usize = 500;

pub(super) fn read(file: &str, text: &str) -> Result<Waivers, Vec<Mistake>> {
    bound::toml(text).map_err(|excess| vec![Mistake::excess(file, text, excess)])?;
    let entries: File = toml::from_str(text).map_err(|error| vec![Mistake::from_toml(file, text, &error)])?;
    let mut reader = Reader { source: Source { file, text }, mistakes: Vec::new() };
    if let Some(first) = entries.waive.get(WAIVERS) {
        let expected = format!("at most {WAIVERS} waivers");
        return Err(vec![reader.source.mistake(
            MistakeKind::Excess,
            first.span(),
            expected,
            entries.waive.len().to_string(),
        )]);
    }
    let waivers: Vec<Waiver> = entries.waive.iter().filter_map(|entry| reader.waiver(entry)).collect();
    if reader.mistakes.is_empty() {
        Ok(Waivers { file: file.to_owned(), text: text.to_owned(), all: waivers })
    } else {
        Err(reader.mistakes)
    }
}

/// The glob that a text is, or why it is none.
fn glob(text: &str) -> Result<Glob, String> {
    if text.len() > GLOB_BYTES {
        return Err(format!("{} bytes, of which a glob has at most {GLOB_BYTES}", text.len()));
    }
    Glob::new(text).map_err(|error| error.kind().to_string())
}

struct Reader<'a> {
    source: Source<'a>,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    /// Notes a mistake; gives back nothing, so that reading goes on with the next waiver.
    fn wrong<T>(
        &mut self,
        kind: MistakeKind,
        span: std::ops::Range<usize>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Option<T> {
        self.mistakes.push(self.source.mistake(kind, span, expected, found));
        None
    }

    fn waiver(&mut self, entry: &Spanned<Entry>) -> Option<Waiver> {
        let whole = entry.span();
        let entry = entry.get_ref();
        let subject = self.subject(entry, whole.clone());
        let firmware = self.firmware(&entry.firmware);
        let verdict = self.verdict(&entry.verdict);
        let evidence = self.evidence(&entry.evidence);
        let expires = self.day(&entry.expires);
        for (name, value) in [
            ("a reason", &entry.reason),
            ("where it is tracked", &entry.issue),
            ("who answers for it", &entry.owner),
        ] {
            if value.get_ref().trim().is_empty() {
                let _: Option<()> = self.wrong(MistakeKind::Syntax, value.span(), name, "nothing");
            }
        }
        let (subject, span) = subject?;
        let line = self.source.text.get(..whole.start).unwrap_or_default().matches('\n').count() + 1;
        Some(Waiver {
            subject,
            firmware: firmware?,
            verdict: verdict?,
            evidence: evidence?,
            reason: entry.reason.get_ref().clone(),
            issue: entry.issue.get_ref().clone(),
            owner: entry.owner.get_ref().clone(),
            expires: expires?,
            line,
            span,
        })
    }

    fn subject(
        &mut self,
        entry: &Entry,
        whole: std::ops::Range<usize>,
    ) -> Option<(Subject, std::ops::Range<usize>)> {
        match (&entry.case, &entry.clause) {
            (Some(case), None) => match glob(case.get_ref()) {
                Ok(glob) => {
                    Some((Subject::Case(case.get_ref().clone(), glob.compile_matcher()), case.span()))
                }
                Err(why) => self.wrong(MistakeKind::Syntax, case.span(), "a glob over case ids", why),
            },
            (None, Some(clause)) => {
                let known = ec20_manual::Catalogue::manual().clause(clause.get_ref()).is_some();
                if known {
                    return Some((Subject::Clause(clause.get_ref().clone()), clause.span()));
                }
                let manual = ec20_manual::Catalogue::manual();
                let near = ec20_manual::nearest(
                    clause.get_ref(),
                    manual.clauses().iter().map(|one| one.id.as_str()),
                );
                let near = near.map_or_else(String::new, |near| format!(" such as {near}"));
                let found = format!("`{}`", clause.get_ref());
                self.wrong(
                    MistakeKind::Dangling,
                    clause.span(),
                    format!("a clause of the catalogue{near}"),
                    found,
                )
            }
            (Some(_), Some(clause)) => {
                self.wrong(MistakeKind::Contradiction, clause.span(), "a case or a clause, not both", "both")
            }
            (None, None) => self.wrong(MistakeKind::Syntax, whole, "`case = …` or `clause = …`", "neither"),
        }
    }

    fn firmware(&mut self, text: &Spanned<String>) -> Option<Range> {
        match Range::read(text.get_ref()) {
            Ok(range) => Some(range),
            Err(at) => {
                // The value stands behind its quote; escapes, which no revision needs, would move it.
                let start = (text.span().start + 1 + at).min(text.span().end);
                let found =
                    text.get_ref().get(at..).unwrap_or_default().split(',').next().unwrap_or_default();
                let found = format!("`{}`", found.trim());
                self.wrong(
                    MistakeKind::Syntax,
                    start..text.span().end,
                    "`*`, or revisions such as `>= R06A10, < EC20CEFAGR07`",
                    found,
                )
            }
        }
    }

    fn verdict(&mut self, word: &Spanned<String>) -> Option<Expected> {
        let known = Expected::ALL.into_iter().find(|expected| expected.word() == word.get_ref());
        known.or_else(|| {
            let all = Expected::ALL.map(Expected::word).join(", ");
            let found = format!("`{}`", word.get_ref());
            self.wrong(MistakeKind::Syntax, word.span(), format!("one of {all}"), found)
        })
    }

    fn evidence(&mut self, entry: &Spanned<EvidenceEntry>) -> Option<Evidence> {
        let span = entry.span();
        let EvidenceEntry { rule, class, text } = entry.get_ref();
        if rule.is_none() && class.is_none() && text.is_none() {
            return self.wrong(
                MistakeKind::Syntax,
                span,
                "rule, class or text: a waiver that excuses any failure hides the next one",
                "none of them",
            );
        }
        if let Some(rule) = rule
            && !ec20_grammar::rules().iter().any(|known| known.name == rule.get_ref())
        {
            let near =
                ec20_manual::nearest(rule.get_ref(), ec20_grammar::rules().iter().map(|known| known.name));
            let near = near.map_or_else(String::new, |near| format!(" such as {near}"));
            let found = format!("`{}`", rule.get_ref());
            return self.wrong(
                MistakeKind::Dangling,
                rule.span(),
                format!("a rule of the grammar{near}"),
                found,
            );
        }
        if let Some(class) = class
            && class.get_ref() != "nothing"
            && Class::of(class.get_ref()).word() != class.get_ref()
        {
            let found = format!("`{}`", class.get_ref());
            let expected =
                "information, urc, final, connect, prompt, late, foreign-echo, unreadable or nothing";
            return self.wrong(MistakeKind::Syntax, class.span(), expected, found);
        }
        let text = match text {
            None => None,
            Some(text) => match glob(text.get_ref()) {
                Ok(glob) => Some((text.get_ref().clone(), glob.compile_matcher())),
                Err(why) => {
                    return self.wrong(MistakeKind::Syntax, text.span(), "a glob over the text", why);
                }
            },
        };
        let plain = |value: &Option<Spanned<String>>| value.as_ref().map(|value| value.get_ref().clone());
        Some(Evidence { rule: plain(rule), class: plain(class), text })
    }

    fn day(&mut self, day: &Spanned<toml::value::Datetime>) -> Option<jiff::civil::Date> {
        let text = day.get_ref().to_string();
        match text.parse() {
            Ok(date) if day.get_ref().time.is_none() => Some(date),
            _ => self.wrong(MistakeKind::Syntax, day.span(), "a day such as 2027-03-31", format!("`{text}`")),
        }
    }
}

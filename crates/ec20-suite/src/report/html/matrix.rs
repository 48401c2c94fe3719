//! The clauses that a run judged, by section of the manual, each with what its cases came to.
//!
//! A case judges its first clause; one that fails names the clause it failed over, and leaves its others open. It knows sections by their
//! numbers and decides no verdict.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use ec20_manual::Catalogue;
use serde::Serialize;

use crate::journal::ClauseRef;
use crate::recorded::{Case, Recorded, Standing};
use crate::report::mark::Mark;
use crate::verdict::Verdict;

/// The clauses of one section of the MMS manual, or of one other source.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) kept: usize,
    pub(super) clauses: Vec<Clause>,
}

/// A clause and its cases.
#[derive(Debug, Serialize)]
pub(super) struct Clause {
    pub(super) id: String,
    section: String,
    level: String,
    promise: String,
    pub(super) mark: Mark,
    sign: &'static str,
    cases: Vec<Cell>,
    /// What a standing clause was held against.
    exchanges: Option<u64>,
    breaches: Vec<Breach>,
}

/// A case in a clause's row.
#[derive(Debug, Serialize)]
struct Cell {
    case: String,
    mark: Mark,
    sign: &'static str,
}

/// A place where a standing clause was broken.
#[derive(Debug, Serialize)]
struct Breach {
    case: Option<String>,
    expected: String,
    came: String,
}

/// The sections of the MMS manual, in words of our own.
const SECTIONS: [(&str, &str); 8] = [
    ("1.1", "how a message is sent"),
    ("1.2", "when something goes wrong"),
    ("2", "the commands"),
    ("2.1", "AT+QMMSCFG, settings"),
    ("2.2", "AT+QMMSEDIT, the message"),
    ("2.3", "AT+QMMSEND, sending"),
    ("4", "error codes"),
    ("5", "HTTP codes"),
];

/// What the MMS manual is called as a source.
const MANUAL: &str = "MMS manual";

/// All clauses that the run judged.
pub(super) fn of(run: &Recorded) -> Vec<Section> {
    let mut clauses: BTreeMap<Place, Clause> = BTreeMap::new();
    for case in &run.cases {
        for (clause, mark) in judged(case) {
            let (place, clause) = row(clause);
            let cell = Cell { case: case.planned.case.clone(), mark, sign: mark.sign() };
            clauses.entry(place).or_insert(clause).cases.push(cell);
        }
    }
    for standing in &run.standing {
        let (place, clause) = row(known(&standing.clause));
        clauses.entry(place).or_insert(clause).stands(standing);
    }
    let mut sections: Vec<Section> = Vec::new();
    for (place, mut clause) in clauses {
        let cells = clause.cases.iter().map(|cell| cell.mark);
        let standing = clause.exchanges.map(|exchanges| match (clause.breaches.is_empty(), exchanges) {
            (false, _) => Mark::Fail,
            (true, 0) => Mark::NotExercised,
            (true, _) => Mark::Pass,
        });
        clause.mark = Mark::together(&cells.chain(standing).collect::<Vec<_>>());
        clause.sign = clause.mark.sign();
        let title = place.title();
        if sections.last().is_none_or(|section| section.title != title) {
            sections.push(Section { title, kept: 0, clauses: Vec::new() });
        }
        if let Some(section) = sections.last_mut() {
            section.kept += usize::from(clause.mark.is_kept());
            section.clauses.push(clause);
        }
    }
    sections
}

/// The clauses of a case, with what it came to for each.
fn judged(case: &Case) -> Vec<(ClauseRef, Mark)> {
    let mark = Mark::of(case);
    let over = case.telling().and_then(|told| told.end.as_ref()?.clause.clone());
    let failed = matches!(mark, Mark::Fail | Mark::Flaky);
    let of_clause = |id: &str| match &over {
        Some(over) if failed && over != id => Mark::Open,
        _ => mark,
    };
    let mut judged: Vec<_> =
        case.planned.clauses.iter().map(|clause| (clause.clone(), of_clause(&clause.id))).collect();
    if let Some(over) = over.filter(|over| failed && case.clause(over).is_none()) {
        judged.push((known(&over), mark));
    }
    judged
}

/// A clause of which only the id was recorded.
pub(super) fn known(id: &str) -> ClauseRef {
    Catalogue::manual().clause(id).map_or_else(
        || ClauseRef {
            id: id.to_owned(),
            section: String::new(),
            level: String::new(),
            promise: String::new(),
        },
        ClauseRef::of,
    )
}

/// Where a clause stands, in the order of the page: the MMS manual first, by its numbers, then the other sources.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    manual: Reverse<bool>,
    source: String,
    chapter: Vec<u32>,
    section: Vec<u32>,
    id: String,
}

impl Place {
    fn title(&self) -> String {
        if !self.manual.0 {
            return if self.source.is_empty() { "Other clauses".to_owned() } else { self.source.clone() };
        }
        let number = self.chapter.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
        match SECTIONS.iter().find(|(known, _)| *known == number) {
            Some((_, words)) => format!("{number} {words}"),
            None => number,
        }
    }
}

fn row(clause: ClauseRef) -> (Place, Clause) {
    let source = Catalogue::manual().clause(&clause.id).map_or("", |known| known.source.as_str());
    let section: Vec<u32> = clause.section.split('.').map_while(|part| part.parse().ok()).collect();
    let place = Place {
        manual: Reverse(source == MANUAL),
        source: source.to_owned(),
        chapter: if source == MANUAL { section.iter().copied().take(2).collect() } else { Vec::new() },
        section,
        id: clause.id.clone(),
    };
    let ClauseRef { id, section, level, promise } = clause;
    let (mark, sign) = (Mark::NeverRun, Mark::NeverRun.sign());
    let (cases, breaches) = (Vec::new(), Vec::new());
    let clause = Clause { id, section, level, promise, mark, sign, cases, exchanges: None, breaches };
    (place, clause)
}

impl Clause {
    /// The signs in its row.
    pub(super) fn cells(&self) -> impl Iterator<Item = Mark> + '_ {
        self.cases.iter().map(|cell| cell.mark)
    }

    fn stands(&mut self, standing: &Standing) {
        self.exchanges = Some(standing.exchanges);
        let breach = |breach: &crate::recorded::Breach| Breach {
            case: breach.case.clone(),
            expected: breach.expected.clone(),
            came: breach.came.clone(),
        };
        self.breaches = standing.breaches.iter().map(breach).collect();
        if standing.verdict == Verdict::Fail && self.breaches.is_empty() {
            self.breaches.push(Breach { case: None, expected: String::new(), came: String::new() });
        }
    }
}

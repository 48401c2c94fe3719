//! Mutants: modules that break one clause each, by which the suite is measured.
//!
//! Knows which deviations there are: those that follow from the clauses' kinds, those written by hand, and those that
//! were written from the manual before any case was read. Refuses to know the cases that find them.

mod blind;
mod generated;
mod written;

use ec20_manual::profile::{
    Argument, Change, Deviation, FrameMark, Habit, Header, Lines, Part, Profile, Wire,
};

/// Where a mutant comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Made from the kind and the limits of its clause.
    Generated,
    /// Written by hand, with the simulated module at hand.
    Written,
    /// Written by hand from the manual alone.
    Blind,
}

impl Origin {
    /// The word for a table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Written => "written",
            Self::Blind => "blind",
        }
    }
}

/// A module that breaks one clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// Stable id: the clause's in small letters, and what is wrong.
    pub id: String,
    /// The clause that it breaks.
    pub clause: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What is different.
    pub change: Change,
}

impl Mutant {
    fn new(clause: &str, what: &str, change: Change) -> Self {
        Self {
            id: format!("{}-{what}", clause.to_lowercase()),
            clause: clause.into(),
            origin: Origin::Written,
            change,
        }
    }

    /// The module as a profile: the manual's own with one deviation.
    ///
    /// ```
    /// let mutants = ec20_laws::mutants::all();
    /// let profile = mutants[0].profile();
    /// assert_eq!(profile.deviations.len(), 1);
    /// assert_eq!(profile.name, mutants[0].id);
    /// ```
    pub fn profile(&self) -> Profile {
        let mut profile = Profile::manual().clone();
        profile.name.clone_from(&self.id);
        profile.deviations = vec![Deviation { clause: self.clause.clone(), change: self.change.clone() }];
        profile
    }
}

/// All mutants: generated, written, blind.
pub fn all() -> Vec<Mutant> {
    let mark = |origin, mutants: Vec<Mutant>| mutants.into_iter().map(move |m| Mutant { origin, ..m });
    mark(Origin::Generated, generated::mutants())
        .chain(mark(Origin::Written, written::mutants()))
        .chain(mark(Origin::Blind, blind::mutants()))
        .collect()
}

// Short words for the tables of the three lists.

fn answer(at: &str, lines: &[&str], effect: bool) -> Change {
    Change::Answer { at: at.into(), lines: lines.iter().map(|line| (*line).to_owned()).collect(), effect }
}

fn lines(at: &str, change: Lines) -> Change {
    Change::Lines { at: at.into(), change }
}

fn replace(from: &str, to: &str) -> Lines {
    Lines::Replace(from.into(), to.into())
}

fn argument(at: &str, nth: usize, becomes: Argument) -> Change {
    Change::Argument { at: at.into(), nth, becomes }
}

fn unstored(at: &str, part: Part) -> Change {
    Change::Unstored { at: at.into(), part: Some(part) }
}

fn spills(at: &str, part: Part) -> Change {
    Change::Spills { at: at.into(), part }
}

fn respelled(from: &str, to: &str) -> Change {
    Change::Final { from: from.into(), to: to.into() }
}

fn result(from: &str, to: &str) -> Change {
    Change::Result(replace(from, to))
}

fn frame(mark: FrameMark, bytes: &str) -> Change {
    Change::Frame { mark, bytes: bytes.into() }
}

fn setting(header: Header, value: u32) -> Change {
    Change::Wire(Wire::Setting { header, value })
}

fn head(from: &str, to: &str) -> Change {
    Change::Wire(Wire::Head { from: from.into(), to: to.into() })
}

fn patch(from: &str, to: &str) -> Change {
    Change::Wire(Wire::Patch { from: from.into(), to: to.into() })
}

fn habit(habit: Habit) -> Change {
    Change::Habit(habit)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ec20_manual::Catalogue;

    use super::*;

    #[test]
    fn every_mutant_has_an_id_of_its_own_a_clause_and_a_profile_that_can_be_written() {
        let mut ids = BTreeSet::new();
        for mutant in all() {
            assert!(ids.insert(mutant.id.clone()), "{} stands twice", mutant.id);
            assert!(Catalogue::manual().clause(&mutant.clause).is_some(), "{}: no clause", mutant.id);
            let text = mutant.profile().to_toml().expect("a profile can be written");
            let read = Profile::from_toml(&text).unwrap_or_else(|error| panic!("{}: {error}", mutant.id));
            assert_eq!(read, mutant.profile(), "{}", mutant.id);
        }
    }

    #[test]
    fn no_two_mutants_of_a_clause_are_the_same() {
        let all = all();
        for (at, one) in all.iter().enumerate() {
            let twin = all[at + 1..].iter().find(|o| o.clause == one.clause && o.change == one.change);
            assert!(twin.is_none(), "{} is {}", one.id, twin.map_or("", |twin| &twin.id));
        }
    }
}

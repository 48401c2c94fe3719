//! Firmware names and ranges of them.
//!
//! A revision is `MODULE R release A application VARIANT [_build]`, as QGMR says it: `EC20CEFAGR06A10M4G_01.002.01.002` is module
//! `EC20CEFAG`, release 6, application 10, variant `M4G`, build 1.2.1.2. Revisions are ordered by release, then application, then build,
//! number by number; they are ordered only within one module and variant. ATI leaves the build out.
//!
//! A bound may leave out module, variant, build and even the application: then it stands for all revisions it fits, so that `<= R06` holds
//! for every R06 and `> R06` for none of them. A revision that does not tell what a bound asks for is not in the range.

use std::cmp::Ordering;
use std::fmt;

/// A firmware's name, as far as it is given.
///
/// ```
/// use ec20_suite::waiver::firmware::Revision;
/// let revision = Revision::read("EC20CEFAGR06A10M4G_01.002.01.002").unwrap();
/// assert_eq!((revision.module.as_str(), revision.numbers.as_slice()), ("EC20CEFAG", &[6, 10, 1, 2, 1, 2][..]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// `EC20CEFAG`; empty where it is left out.
    pub module: String,
    /// `M4G`; empty where it is left out.
    pub variant: String,
    /// Release, application, then the numbers of the build.
    pub numbers: Vec<u32>,
}

impl Revision {
    /// Reads a name, whole or in part: at least `R` and a release.
    ///
    /// Nothing: the text is no such name, or its build is not made of numbers (a beta).
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (name, build) = text.split_once('_').map_or((text, None), |(name, build)| (name, Some(build)));
        // The last `R` with digits behind it: a module's own name may hold an R.
        let at = name.char_indices().rev().map(|(at, _)| at).find(|&at| {
            let rest = name.get(at..).and_then(|rest| rest.strip_prefix('R'));
            rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        })?;
        let module = name.get(..at)?;
        let (release, rest) = number(name.get(at + 1..)?)?;
        let mut numbers = vec![release];
        let mut variant = rest;
        if let Some(rest) = rest.strip_prefix('A') {
            let (application, rest) = number(rest)?;
            numbers.push(application);
            variant = rest;
        }
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !plain(module)
            || !plain(variant)
            || (numbers.len() == 1 && (!variant.is_empty() || build.is_some()))
        {
            return None;
        }
        for part in build.into_iter().flat_map(|build| build.split('.')) {
            let (number, rest) = number(part)?;
            if !rest.is_empty() {
                return None;
            }
            numbers.push(number);
        }
        Some(Self { module: module.to_owned(), variant: variant.to_owned(), numbers })
    }
}

fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(end)?;
    Some((digits.parse().ok()?, rest))
}

/// A range of firmwares: comparisons that must all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    text: String,
    bounds: Vec<(Comparator, Revision)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparator {
    Less,
    AtMost,
    Equal,
    AtLeast,
    Greater,
}

/// A place between revisions: before everything that begins with these numbers, or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cut<'a> {
    numbers: &'a [u32],
    after: bool,
}

impl Range {
    /// Reads `>= R06A10, < EC20CEFAGR07`, a bare revision (`= `), or `*`.
    ///
    /// ```
    /// use ec20_suite::waiver::firmware::{Range, Revision};
    /// let range = Range::read(">= R06A10, < R07").unwrap();
    /// let of = |text| range.contains(&Revision::read(text).unwrap());
    /// assert!(of("EC20CEFAGR06A10M4G_01.002.01.002") && !of("EC20CEFAGR07A01M4G") && !of("EC20CEFAGR06A09M4G"));
    /// assert_eq!(Range::read(">= R06, > six"), Err(8));
    /// ```
    ///
    /// # Errors
    /// The byte offset of the part that is no comparison.
    pub fn read(text: &str) -> Result<Self, usize> {
        let mut bounds = Vec::new();
        let mut at = 0;
        for part in text.split(',') {
            let blank = part.len() - part.trim_start().len();
            let bound = part.trim();
            if bound != "*" {
                bounds.push(read_bound(bound).ok_or(at + blank)?);
            }
            at += part.len() + 1;
        }
        Ok(Self { text: text.trim().to_owned(), bounds })
    }

    /// Whether a revision is in the range.
    pub fn contains(&self, revision: &Revision) -> bool {
        self.bounds.iter().all(|(comparator, bound)| {
            fits(&bound.module, &revision.module)
                && fits(&bound.variant, &revision.variant)
                && comparator.holds(&revision.numbers, &bound.numbers)
        })
    }

    /// Whether no revision at all can be in the range.
    ///
    /// ```
    /// use ec20_suite::waiver::firmware::Range;
    /// assert!(Range::read(">= R07, < R06A10").unwrap().is_empty());
    /// assert!(Range::read("EC20CEFAGR06, = EG25GGBR06").unwrap().is_empty());
    /// assert!(!Range::read(">= R06, <= R06").unwrap().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        let differ = |name: fn(&Revision) -> &str| {
            let mut named = self.bounds.iter().map(|(_, bound)| name(bound)).filter(|name| !name.is_empty());
            named.next().is_some_and(|first| named.any(|other| other != first))
        };
        let lowest = self.bounds.iter().filter_map(|(comparator, bound)| comparator.lower(&bound.numbers));
        let highest = self.bounds.iter().filter_map(|(comparator, bound)| comparator.upper(&bound.numbers));
        let crossed = match (lowest.max_by(Cut::order), highest.min_by(Cut::order)) {
            (Some(lower), Some(upper)) => Cut::order(&lower, &upper) != Ordering::Less,
            _ => false,
        };
        crossed || differ(|bound| &bound.module) || differ(|bound| &bound.variant)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn read_bound(text: &str) -> Option<(Comparator, Revision)> {
    const SIGNS: [(&str, Comparator); 5] = [
        ("<=", Comparator::AtMost),
        ("<", Comparator::Less),
        (">=", Comparator::AtLeast),
        (">", Comparator::Greater),
        ("=", Comparator::Equal),
    ];
    let signed = SIGNS.iter().find_map(|(sign, comparator)| Some((*comparator, text.strip_prefix(sign)?)));
    let (comparator, revision) = signed.unwrap_or((Comparator::Equal, text));
    Some((comparator, Revision::read(revision)?))
}

fn fits(bound: &str, revision: &str) -> bool {
    bound.is_empty() || bound == revision
}

impl Comparator {
    fn lower(self, numbers: &[u32]) -> Option<Cut<'_>> {
        match self {
            Self::AtLeast | Self::Equal => Some(Cut { numbers, after: false }),
            Self::Greater => Some(Cut { numbers, after: true }),
            Self::Less | Self::AtMost => None,
        }
    }

    fn upper(self, numbers: &[u32]) -> Option<Cut<'_>> {
        match self {
            Self::AtMost | Self::Equal => Some(Cut { numbers, after: true }),
            Self::Less => Some(Cut { numbers, after: false }),
            Self::AtLeast | Self::Greater => None,
        }
    }

    fn holds(self, revision: &[u32], bound: &[u32]) -> bool {
        let above = self.lower(bound).is_none_or(|cut| cut.beside(revision) == Some(Ordering::Less));
        let below = self.upper(bound).is_none_or(|cut| cut.beside(revision) == Some(Ordering::Greater));
        above && below
    }
}

impl Cut<'_> {
    /// Where the cut lies beside a revision; nothing if the revision does not tell.
    fn beside(&self, revision: &[u32]) -> Option<Ordering> {
        for (at, number) in self.numbers.iter().enumerate() {
            match number.cmp(revision.get(at)?) {
                Ordering::Equal => {}
                other => return Some(other),
            }
        }
        Some(if self.after { Ordering::Greater } else { Ordering::Less })
    }

    /// The order of two cuts.
    fn order(one: &Self, other: &Self) -> Ordering {
        let (mut a, mut b) = (one.numbers.iter(), other.numbers.iter());
        loop {
            match (a.next(), b.next()) {
                (Some(x), Some(y)) if x != y => return x.cmp(y),
                (Some(_), Some(_)) => {}
                (None, None) => return one.after.cmp(&other.after),
                (None, Some(_)) => return if one.after { Ordering::Greater } else { Ordering::Less },
                (Some(_), None) => return if other.after { Ordering::Less } else { Ordering::Greater },
            }
        }
    }
}

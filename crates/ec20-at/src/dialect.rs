//! How much a reading forgives: nothing (canonical), or named tolerances.
//!
//! Knows the names only; what each tolerance lets pass is decided where the bytes are read.

/// One named departure from what the manual promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Tolerance {
    /// Blanks after a comma between parameters, as in `"character", "UTF8"` (2.2), and inside ranges.
    BlankAfterComma = 1,
    /// Strings in the typographic quotes that the manual prints: U+201C or U+201D on either side, as UTF-8.
    SmartQuotes = 1 << 1,
    /// Blanks before the closing quote of a key, as in `"character "` (1.1, step 4).
    KeyBlank = 1 << 2,
    /// Keys in any case: `"CONTEXTID"`.
    KeyCase = 1 << 3,
    /// Ranges, lengths, codes and lists are not judged; number and type of the parameters decide the form.
    AnyValue = 1 << 4,
    /// Control bytes inside a string (in a command never CR or LF, which end it).
    ControlInString = 1 << 5,
    /// Blanks after `AT`, between chained commands and at the end of the line (V.250 5.2.1).
    BlankBetweenCommands = 1 << 6,
    /// `At` and `aT` for the prefix, which V.250 5.2.1 wants as `AT` or `at`.
    MixedPrefix = 1 << 7,
    /// Blanks before and after a response line.
    EdgeBlanks = 1 << 8,
    /// No blank, or more than one, after the colon of a response's prefix.
    ColonBlank = 1 << 9,
    /// Other spellings of `=?` lines: brackets, other ranges, placeholders.
    TestVariant = 1 << 10,
    /// +QMMSEND results of one field, or with a bare number as third.
    ResultArity = 1 << 11,
}

/// Either of the two readings that the grammar knows, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Strictness {
    /// What the manual promises, values in range.
    Canonical,
    /// All tolerances.
    Tolerant,
}

/// A set of tolerances.
///
/// ```
/// use ec20_at::{Dialect, Strictness, Tolerance};
/// let mine = Dialect::CANONICAL.with(Tolerance::BlankAfterComma);
/// assert!(mine.allows(Tolerance::BlankAfterComma));
/// assert!(!mine.allows(Tolerance::SmartQuotes));
/// assert_eq!(Dialect::from(Strictness::Tolerant), Dialect::TOLERANT);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Dialect(u16);

impl Dialect {
    /// No tolerance at all.
    pub const CANONICAL: Self = Self(0);
    /// Every tolerance.
    pub const TOLERANT: Self = Self((1 << 12) - 1);
    /// What a host should allow itself of a real module: every tolerance but typographic quotes.
    pub const FIELD: Self = Self::TOLERANT.without(Tolerance::SmartQuotes);

    /// The set with one tolerance more.
    #[must_use]
    pub const fn with(self, tolerance: Tolerance) -> Self {
        Self(self.0 | tolerance as u16)
    }

    /// The set with one tolerance fewer.
    #[must_use]
    pub const fn without(self, tolerance: Tolerance) -> Self {
        Self(self.0 & !(tolerance as u16))
    }

    /// Whether the tolerance is in the set.
    #[inline]
    pub const fn allows(self, tolerance: Tolerance) -> bool {
        self.0 & tolerance as u16 != 0
    }
}

impl From<Strictness> for Dialect {
    fn from(strictness: Strictness) -> Self {
        match strictness {
            Strictness::Canonical => Self::CANONICAL,
            Strictness::Tolerant => Self::TOLERANT,
        }
    }
}

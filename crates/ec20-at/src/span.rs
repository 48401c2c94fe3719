//! Where something stands: a range of byte offsets. Knows nothing of what the bytes mean.

use core::ops::Range;

/// A range of bytes, `start` included, `end` not.
///
/// The offsets count from the first byte of the slice that was read.
///
/// ```
/// use ec20_at::Span;
/// let span = Span::new(3, 7);
/// assert_eq!(span.of(b"AT+CSQ?"), b"CSQ?");
/// assert_eq!(span.len(), 4);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to but not including `end`.
    #[inline]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The empty span at `offset`.
    #[inline]
    pub const fn at(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// Number of bytes. An inverted span has none.
    #[inline]
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span holds no byte.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The bytes of `slice` that the span covers; empty when it reaches outside.
    #[inline]
    pub fn of(self, slice: &[u8]) -> &[u8] {
        slice.get(self.start..self.end).unwrap_or_default()
    }

    /// The same span counted from an origin `by` bytes earlier.
    #[inline]
    #[must_use]
    pub const fn shifted(self, by: usize) -> Self {
        Self { start: self.start.wrapping_add(by), end: self.end.wrapping_add(by) }
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.start..span.end
    }
}

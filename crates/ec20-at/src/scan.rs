//! Finds the next byte that means something: eight bytes at a time and more, without unsafe code.
//!
//! Knows bytes, words and nothing else.
#![expect(
    clippy::cast_possible_truncation,
    reason = "halves of words are meant, and lengths below 32 become shifts"
)]

const ONES: u64 = u64::MAX / 255;
const TOPS: u64 = ONES << 7;
const LOWS: u64 = !TOPS;

/// The top bit of each zero byte; above the lowest zero byte a byte 1 may be marked, too.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & TOPS
}

/// The top bit of each zero byte, and no other.
const fn exact_zeros(word: u64) -> u64 {
    !((word & LOWS).wrapping_add(LOWS) | word | LOWS)
}

const fn equal(word: u64, byte: u8) -> u64 {
    zeros(word ^ ONES.wrapping_mul(byte as u64))
}

/// The top bit of each byte below 14; above the lowest such byte others may be marked, too.
const fn below_14(word: u64) -> u64 {
    word.wrapping_sub(ONES.wrapping_mul(14)) & !word & TOPS
}

/// Index of the lowest byte whose top bit is set.
const fn lowest(marks: u64) -> usize {
    (marks.trailing_zeros() >> 3) as usize
}

macro_rules! finder {
    ($(#[$doc:meta])* $name:ident, |$word:ident| $marks:expr) => {
        $(#[$doc])*
        #[inline]
        pub(crate) fn $name(bytes: &[u8]) -> Option<usize> {
            let (words, rest) = bytes.as_chunks::<8>();
            let mut at = 0_usize;
            for chunk in words {
                let $word = u64::from_le_bytes(*chunk);
                let marks = $marks;
                if marks != 0 {
                    return Some(at.wrapping_add(lowest(marks)));
                }
                at = at.wrapping_add(8);
            }
            if rest.is_empty() {
                return None;
            }
            // The last eight bytes once more, with those that are new; nothing was found in the others.
            let ($word, at) = match bytes.last_chunk::<8>() {
                Some(last) => (u64::from_le_bytes(*last), bytes.len().wrapping_sub(8)),
                None => (short(rest), 0),
            };
            let marks = $marks;
            if marks == 0 { None } else { Some(at.wrapping_add(lowest(marks))) }
        }
    };
}

finder!(
    /// The first quote.
    quote,
    |word| equal(word, b'"')
);

finder!(
    /// The first colon.
    colon,
    |word| equal(word, b':')
);

finder!(
    /// The first semicolon, CR or LF.
    command_end,
    |word| equal(word, b';') | equal(word, b'\r') | equal(word, b'\n')
);

const fn is_line_end(byte: u8) -> bool {
    byte == b'\r' || byte == b'\n'
}

finder!(
    /// The first CR or LF, in few bytes.
    line_end_near,
    |word| equal(word, b'\r') | equal(word, b'\n')
);

/// The first CR or LF.
#[inline]
pub(crate) fn line_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 0_usize;
    let (blocks, _) = bytes.as_chunks::<16>();
    for block in blocks {
        let [low, high] = words(block);
        let (low, high) = (below_14(low), below_14(high));
        if low | high != 0 {
            let found = if low != 0 { lowest(low) } else { lowest(high).wrapping_add(8) };
            at = at.wrapping_add(found);
            // A mark may be another control byte.
            if bytes.get(at).is_some_and(|&byte| is_line_end(byte)) {
                return Some(at);
            }
            break;
        }
        at = at.wrapping_add(16);
    }
    let near = line_end_near(bytes.get(at..).unwrap_or_default());
    near.map(|near| at.wrapping_add(near))
}

#[inline]
fn words(block: &[u8; 16]) -> [u64; 2] {
    let both = u128::from_le_bytes(*block);
    [both as u64, (both >> 64) as u64]
}

/// Where a line's end was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Searched {
    /// The first CR or LF.
    pub(crate) end: Option<usize>,
    /// Whether an odd number of quotes stands before it, or in all of the bytes if there is none.
    pub(crate) odd_quotes: bool,
}

/// The top bit of each byte that is a quote, and no other.
const fn quote_marks(word: u64) -> u64 {
    exact_zeros(word ^ ONES.wrapping_mul(b'"' as u64))
}

/// All bits below the lowest mark.
const fn before(marks: u64) -> u64 {
    marks.wrapping_sub(1) & !marks
}

/// The first CR or LF, and whether the quotes before it come in pairs.
#[inline]
pub(crate) fn line_end_and_quotes(bytes: &[u8]) -> Searched {
    // One bit for each quote, somewhere; what counts is whether there are an odd number of them.
    let mut quotes = 0_u64;
    let mut at = 0_usize;
    let (blocks, _) = bytes.as_chunks::<16>();
    for block in blocks {
        let [low, high] = words(block);
        let ends = [below_14(low), below_14(high)];
        let marks = [quote_marks(low), quote_marks(high)];
        let ([low_ends, high_ends], [low_quotes, high_quotes]) = (ends, marks);
        if low_ends | high_ends == 0 {
            quotes ^= low_quotes ^ high_quotes;
            at = at.wrapping_add(16);
            continue;
        }
        let found = if low_ends != 0 {
            quotes ^= low_quotes & before(low_ends);
            lowest(low_ends)
        } else {
            quotes ^= low_quotes ^ (high_quotes & before(high_ends));
            lowest(high_ends).wrapping_add(8)
        };
        at = at.wrapping_add(found);
        if bytes.get(at).is_some_and(|&byte| is_line_end(byte)) {
            return Searched { end: Some(at), odd_quotes: quotes.count_ones() & 1 == 1 };
        }
        break;
    }
    let mut odd_quotes = quotes.count_ones() & 1 == 1;
    let rest = bytes.get(at..).unwrap_or_default();
    let end = line_end_near(rest);
    let mut before = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    while let Some(quote) = quote(before) {
        odd_quotes = !odd_quotes;
        before = before.get(quote.wrapping_add(1)..).unwrap_or_default();
    }
    Searched { end: end.map(|end| at.wrapping_add(end)), odd_quotes }
}

/// The first eight bytes, where there are so many.
#[inline]
fn first_word(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk::<8>().map(|word| u64::from_le_bytes(*word))
}

/// Up to seven bytes as a number, the first byte lowest.
#[inline]
fn short(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let shift = (bytes.len() as u32).wrapping_mul(8).wrapping_sub(32);
        return u64::from(u32::from_le_bytes(*first))
            | u64::from(u32::from_le_bytes(*last)).wrapping_shl(shift);
    }
    let byte = |at: usize| u64::from(bytes.get(at).copied().unwrap_or_default());
    byte(0) | byte(1) << 8 | byte(2) << 16
}

/// The first 16 bytes as a number, the first byte lowest; zeros where the slice is shorter.
#[inline]
pub(crate) fn head(bytes: &[u8]) -> u128 {
    if let Some(head) = bytes.first_chunk::<16>() {
        return u128::from_le_bytes(*head);
    }
    match (first_word(bytes), bytes.last_chunk::<8>()) {
        (Some(low), Some(last)) => {
            // The last eight bytes end where the slice ends; what the first word has already is shifted out.
            let shift = 128_u32.wrapping_sub((bytes.len() as u32).wrapping_mul(8));
            let high = u64::from_le_bytes(*last).checked_shr(shift).unwrap_or(0);
            u128::from(low) | u128::from(high) << 64
        }
        _ => u128::from(short(bytes)),
    }
}

/// Ones over the lowest `len` bytes.
#[inline]
pub(crate) const fn mask(len: usize) -> u128 {
    if len >= 16 { u128::MAX } else { 1_u128.wrapping_shl((len as u32).wrapping_mul(8)).wrapping_sub(1) }
}

/// How many of the lowest bytes are letters, or the few other bytes from 64 to 127 and from 192 on.
#[inline]
pub(crate) const fn letters(head: u128) -> usize {
    let others = !head & (u128::MAX / 255).wrapping_mul(0x40);
    (others.trailing_zeros() >> 3) as usize
}

/// Letters of the first 16 bytes as capitals, for names of commands; in their other bytes the bit means nothing.
#[inline]
pub(crate) const fn upper(head: u128) -> u128 {
    let letters = head & (u128::MAX / 255).wrapping_mul(0x40);
    head & !(letters >> 1)
}

/// A sum over the bytes that differs for different bytes, but for one chance in 2⁶⁴.
#[inline]
pub(crate) fn digest(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut sum = bytes.len() as u64;
    for word in words {
        sum = (sum.rotate_left(23) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
    }
    (sum.rotate_left(23) ^ short(rest)).wrapping_mul(FACTOR)
}

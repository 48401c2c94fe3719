//! Finds the next byte that means something: eight at a time, without unsafe code.
//!
//! Knows bytes, words and nothing else.

const ONES: u64 = u64::MAX / 255;
const TOPS: u64 = ONES << 7;

/// The word's bytes that are zero have their top bit set; above the lowest such byte the answer may be wrong.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & TOPS
}

const fn equal(word: u64, byte: u8) -> u64 {
    zeros(word ^ ONES.wrapping_mul(byte as u64))
}

/// Index of the lowest byte whose top bit is set.
const fn lowest(marks: u64) -> usize {
    (marks.trailing_zeros() >> 3) as usize
}

macro_rules! finder {
    ($(#[$doc:meta])* $name:ident, |$word:ident| $marks:expr, |$byte:ident| $matches:expr) => {
        $(#[$doc])*
        #[inline]
        pub(super) fn $name(bytes: &[u8]) -> Option<usize> {
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
            for &$byte in rest {
                if $matches {
                    return Some(at);
                }
                at = at.wrapping_add(1);
            }
            None
        }
    };
}

finder!(
    /// The first CR or LF.
    line_end,
    |word| equal(word, b'\r') | equal(word, b'\n'),
    |byte| byte == b'\r' || byte == b'\n'
);

finder!(
    /// The first CR, LF or quote.
    line_end_or_quote,
    |word| equal(word, b'\r') | equal(word, b'\n') | equal(word, b'"'),
    |byte| byte == b'\r' || byte == b'\n' || byte == b'"'
);

finder!(
    /// The first quote.
    quote,
    |word| equal(word, b'"'),
    |byte| byte == b'"'
);

/// The first 16 bytes as a number, the first byte lowest; zeros where the slice is shorter.
#[inline]
pub(super) fn head(bytes: &[u8]) -> u128 {
    if let Some(head) = bytes.first_chunk::<16>() {
        return u128::from_le_bytes(*head);
    }
    let mut head = [0_u8; 16];
    for (to, &from) in head.iter_mut().zip(bytes) {
        *to = from;
    }
    u128::from_le_bytes(head)
}

/// Ones over the lowest `len` bytes.
#[inline]
pub(super) const fn mask(len: u32) -> u128 {
    if len >= 16 { u128::MAX } else { 1_u128.wrapping_shl(len.wrapping_mul(8)).wrapping_sub(1) }
}

/// A sum over the bytes that differs for different bytes, but for one chance in 2⁶⁴.
#[inline]
pub(super) fn digest(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut sum = bytes.len() as u64;
    for word in words {
        sum = (sum.rotate_left(23) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
    }
    let mut last = [0_u8; 8];
    for (to, &from) in last.iter_mut().zip(rest) {
        *to = from;
    }
    sum = (sum.rotate_left(23) ^ u64::from_le_bytes(last)).wrapping_mul(FACTOR);
    sum ^ (sum >> 29)
}

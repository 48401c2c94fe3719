//! Two sequences side by side: what of one stands beside what of the other.
//!
//! It knows keys that are equal or not. The same pairs come out whichever of the two is named first.

/// A pair of places; nothing on one side where the other stands alone.
pub(super) type Pair = (Option<usize>, Option<usize>);

/// Larger tables than this are not laid out: what differs in the middle of two such sequences stands alone.
const CELLS: usize = 4_000_000;

/// The longest common subsequence of two sequences of keys, as pairs in order.
pub(super) fn align<K: Ord>(a: &[K], b: &[K]) -> Vec<Pair> {
    // Ties are broken by looking at the smaller one first, so that the order of the arguments decides nothing.
    if a <= b { laid(a, b) } else { laid(b, a).into_iter().map(|(b, a)| (a, b)).collect() }
}

fn laid<K: Ord>(a: &[K], b: &[K]) -> Vec<Pair> {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (rest_a, rest_b) = (a.get(head..).unwrap_or_default(), b.get(head..).unwrap_or_default());
    let tail = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (middle_a, middle_b) = (rest_a.len() - tail, rest_b.len() - tail);
    let mut pairs: Vec<Pair> = (0..head).map(|at| (Some(at), Some(at))).collect();
    pairs.extend(
        middle(rest_a.get(..middle_a).unwrap_or_default(), rest_b.get(..middle_b).unwrap_or_default())
            .into_iter()
            .map(|(a, b)| (a.map(|a| a + head), b.map(|b| b + head))),
    );
    pairs.extend((0..tail).map(|at| (Some(head + middle_a + at), Some(head + middle_b + at))));
    pairs
}

fn middle<K: Ord>(a: &[K], b: &[K]) -> Vec<Pair> {
    if a.is_empty() || b.is_empty() || a.len().saturating_mul(b.len()) > CELLS {
        let alone_a = (0..a.len()).map(|at| (Some(at), None));
        return alone_a.chain((0..b.len()).map(|at| (None, Some(at)))).collect();
    }
    let width = b.len() + 1;
    let mut longest = vec![0_u32; (a.len() + 1) * width];
    let cell = |row: usize, column: usize| row * width + column;
    for row in (0..a.len()).rev() {
        for column in (0..b.len()).rev() {
            longest[cell(row, column)] = if a[row] == b[column] {
                longest[cell(row + 1, column + 1)] + 1
            } else {
                longest[cell(row + 1, column)].max(longest[cell(row, column + 1)])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut pairs = Vec::new();
    while row < a.len() || column < b.len() {
        let both = row < a.len() && column < b.len();
        if both && a[row] == b[column] {
            pairs.push((Some(row), Some(column)));
            (row, column) = (row + 1, column + 1);
        } else if column >= b.len()
            || (row < a.len() && longest[cell(row + 1, column)] >= longest[cell(row, column + 1)])
        {
            pairs.push((Some(row), None));
            row += 1;
        } else {
            pairs.push((None, Some(column)));
            column += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::align;

    proptest! {
        /// Nothing is lost, nothing is twice, order is kept, pairs are equal, and the mirror is the mirror.
        #[test]
        fn an_alignment_is_one_and_has_a_mirror(a in "[abc]{0,12}", b in "[abc]{0,12}") {
            let (a, b) = (a.as_bytes(), b.as_bytes());
            let pairs = align(a, b);
            let of_a: Vec<usize> = pairs.iter().filter_map(|pair| pair.0).collect();
            let of_b: Vec<usize> = pairs.iter().filter_map(|pair| pair.1).collect();
            prop_assert_eq!(of_a, (0..a.len()).collect::<Vec<_>>());
            prop_assert_eq!(of_b, (0..b.len()).collect::<Vec<_>>());
            for pair in &pairs {
                if let (Some(at), Some(bt)) = pair {
                    prop_assert_eq!(a[*at], b[*bt]);
                }
            }
            let matched = |pairs: &[super::Pair]| {
                let both = pairs.iter().filter_map(|(a, b)| Some(((*a)?, (*b)?)));
                both.collect::<Vec<_>>()
            };
            let mirror: Vec<_> = align(b, a).into_iter().map(|(b, a)| (a, b)).collect();
            prop_assert_eq!(matched(&pairs), matched(&mirror));
        }
    }
}

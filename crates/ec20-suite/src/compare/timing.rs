//! Whether answers take another time now: a statement with a test behind it, or none.
//!
//! It knows samples of times and the two-sided Mann-Whitney U test, exact for small samples; it knows how many repetitions a statement
//! needs when many are made at once. It does not know commands.

/// When a difference in times is a finding.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Rule {
    /// The chance, over the whole comparison, that any finding of a new time is an accident.
    pub alpha: f64,
    /// The medians must lie at least so far apart, in µs …
    pub shift_us: u64,
    /// … and at least so far apart as a part of the smaller one.
    pub shift_ratio: f64,
}

impl Default for Rule {
    fn default() -> Self {
        Self { alpha: 0.01, shift_us: 5000, shift_ratio: 0.25 }
    }
}

/// The name of the test, as reports print it.
pub const TEST: &str = "two-sided Mann-Whitney U test, Bonferroni-corrected";

/// Above so many values in both samples together the normal approximation is used.
const EXACT: usize = 60;

/// The fewest repetitions on each side with which `comparisons` statements at once can hold at all: even with every value of one side below
/// every value of the other, fewer could be an accident.
///
/// ```
/// use ec20_suite::compare::timing::needed;
/// assert_eq!((needed(0.01, 1), needed(0.01, 1500)), (5, 11));
/// ```
pub fn needed(alpha: f64, comparisons: usize) -> usize {
    let threshold = alpha / as_f64(comparisons.max(1));
    // Chance of perfect separation with n values a side: 2 / (2n choose n).
    let mut ways = 1.0;
    for n in 1..200 {
        let n_f64 = as_f64(n);
        ways *= (2.0 * n_f64 - 1.0) * 2.0 / n_f64;
        if 2.0 / ways <= threshold {
            return n;
        }
    }
    200
}

/// Whether `b` takes another time than `a`, as one of `comparisons` statements made at once: the chance of an accident, if so.
pub(super) fn retimed(rule: &Rule, comparisons: usize, a: &[u64], b: &[u64]) -> Option<f64> {
    let (low, high) = (median(a)?.min(median(b)?), median(a)?.max(median(b)?));
    let far = high - low >= as_f64(rule.shift_us) && high - low >= rule.shift_ratio * low;
    let p = if far { p_value(a, b) } else { return None };
    (p <= rule.alpha / as_f64(comparisons.max(1))).then_some(p)
}

/// Times as a person compares them: the middle one, and from the shortest to the longest.
pub(super) fn words(times: &[u64]) -> String {
    let ms = |us: Option<f64>| us.unwrap_or_default() / 1000.0;
    let end = |us: Option<&u64>| ms(us.map(|us| as_f64(*us)));
    let (low, high) = (end(times.iter().min()), end(times.iter().max()));
    format!("median {:.1} ms, {low:.1} to {high:.1}, of {}", ms(median(times)), times.len())
}

/// The middle value; the mean of both middle ones where there is no middle.
pub(super) fn median(values: &[u64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get((sorted.len() - 1) / 2)?;
    Some(f64::midpoint(as_f64(lower), as_f64(upper)))
}

/// The two-sided p-value of the Mann-Whitney U test.
pub(super) fn p_value(a: &[u64], b: &[u64]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 1.0;
    }
    let ranks = ranks(a, b);
    let sum: usize = ranks.iter().take(a.len()).sum();
    if ranks.len() <= EXACT { exact(&ranks, a.len(), sum) } else { approximate(&ranks, a.len(), sum) }
}

/// Twice the mid-ranks, those of `a` first: whole numbers, ties included.
fn ranks(a: &[u64], b: &[u64]) -> Vec<usize> {
    let all: Vec<u64> = a.iter().chain(b).copied().collect();
    let rank = |value: &u64| {
        let below = all.iter().filter(|other| *other < value).count();
        let equal = all.iter().filter(|other| *other == value).count();
        2 * below + equal + 1
    };
    all.iter().map(rank).collect()
}

/// The permutation distribution of the rank sum, counted out: how many subsets of this size have which sum.
fn exact(ranks: &[usize], size: usize, sum: usize) -> f64 {
    let total: usize = ranks.iter().sum();
    let mut ways = vec![vec![0.0_f64; total + 1]; size + 1];
    ways[0][0] = 1.0;
    for &rank in ranks {
        for taken in (1..=size).rev() {
            for at in (rank..=total).rev() {
                let more = ways[taken - 1][at - rank];
                ways[taken][at] += more;
            }
        }
    }
    let all: f64 = ways[size].iter().sum();
    let low: f64 = ways[size].iter().take(sum + 1).sum();
    let high: f64 = ways[size].iter().skip(sum).sum();
    (2.0 * low.min(high) / all).min(1.0)
}

/// The normal approximation with the correction for ties and for continuity.
fn approximate(ranks: &[usize], size: usize, sum: usize) -> f64 {
    let (n, m) = (as_f64(size), as_f64(ranks.len() - size));
    let all = n + m;
    let mut sorted = ranks.to_vec();
    sorted.sort_unstable();
    let ties: f64 =
        sorted.chunk_by(|a, b| a == b).map(|tie| as_f64(tie.len()).powi(3) - as_f64(tie.len())).sum();
    let variance = n * m / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    let off = (as_f64(sum) / 2.0 - n * (all + 1.0) / 2.0).abs() - 0.5;
    (2.0 * upper_tail(off.max(0.0) / variance.sqrt())).min(1.0)
}

/// The chance that a normal value lies above `z` (Abramowitz and Stegun 26.2.17; off by less than 1e-7).
fn upper_tail(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let series = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let sum: f64 = series.iter().rev().fold(0.0, |sum, term| (sum + term) * t);
    (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt() * sum
}

/// Counts and times of a run are far below 2^52: nothing is lost.
#[expect(clippy::cast_precision_loss, reason = "counts and microseconds of a run are far below 2^52")]
fn as_f64(number: impl TryInto<u64>) -> f64 {
    number.try_into().unwrap_or(u64::MAX) as f64
}

#[cfg(test)]
mod tests {
    use super::{Rule, needed, p_value, retimed};

    /// Against the tables of the exact distribution (n = m = 3, 4, 5: perfect separation, one step from it).
    #[test]
    fn small_samples_have_the_tables_chances() {
        for (a, b, wanted) in [
            (&[1, 2, 3][..], &[4, 5, 6][..], 0.1),
            (&[1, 2, 3, 4], &[5, 6, 7, 8], 2.0 / 70.0),
            (&[1, 2, 3, 5], &[4, 6, 7, 8], 4.0 / 70.0),
            (&[1, 2, 3, 4, 5], &[6, 7, 8, 9, 10], 2.0 / 252.0),
            (&[7, 7, 7], &[7, 7, 7], 1.0),
        ] {
            assert!((p_value(a, b) - wanted).abs() < 1e-12, "{a:?} {b:?}: {}", p_value(a, b));
            assert!((p_value(b, a) - p_value(a, b)).abs() < 1e-12);
        }
    }

    /// Where both can be had, the approximation is near the exact value.
    #[test]
    fn the_approximation_joins_the_exact_value() {
        let a: Vec<u64> = (0..30).map(|at| at * 7 % 31).collect();
        let b: Vec<u64> = (0..30).map(|at| at * 11 % 31 + 6).collect();
        let ranks = super::ranks(&a, &b);
        let sum = ranks.iter().take(30).sum();
        let (exact, near) = (super::exact(&ranks, 30, sum), super::approximate(&ranks, 30, sum));
        assert!((exact - near).abs() < 0.002, "{exact} {near}");
    }

    #[test]
    fn a_finding_needs_its_repetitions_and_its_size() {
        let rule = Rule::default();
        let slow: Vec<u64> = (0..11).map(|at| 40_000 + at).collect();
        let fast: Vec<u64> = (0..11).map(|at| 10_000 + at).collect();
        assert!(retimed(&rule, 1500, &fast, &slow).is_some());
        assert!(retimed(&rule, 1500, &fast[..10], &slow[..10]).is_none());
        assert_eq!(needed(rule.alpha, 1500), 11);
        // Every value is higher, by too little to matter.
        let barely: Vec<u64> = fast.iter().map(|time| time + 2000).collect();
        assert!(retimed(&rule, 1, &fast, &barely).is_none());
    }
}

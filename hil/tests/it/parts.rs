//! A long run in parts that can be asked side by side: each part takes of the whole what no part before it took, the last takes the rest.

use crate::ec20::ec20;

/// A filter in parts.
pub(crate) struct Parts {
    pub(crate) whole: &'static str,
    /// Every part but the last.
    pub(crate) named: &'static [&'static str],
}

impl Parts {
    /// The filter of part `number`, counted from 0.
    pub(crate) fn filter(&self, number: usize) -> String {
        let mut filter = format!("({})", self.whole);
        if let Some(own) = self.named.get(number) {
            filter = format!("{filter} and ({own})");
        }
        let before = self.named[..number].join(" or ");
        if before.is_empty() { filter } else { format!("{filter} and not ({before})") }
    }

    /// Proves that there are so many parts, that none of them is empty, and that each case of the whole is in one of them.
    #[track_caller]
    pub(crate) fn are_the_whole(&self, count: usize) {
        assert_eq!(count, self.named.len() + 1);
        let parts: Vec<Vec<String>> = (0..count).map(|number| listed(&self.filter(number))).collect();
        assert!(parts.iter().all(|part| !part.is_empty()), "{parts:?}");
        let mut together = parts.concat();
        together.sort();
        let mut whole = listed(self.whole);
        whole.sort();
        assert_eq!(together, whole);
    }
}

/// The cases that a filter selects.
fn listed(filter: &str) -> Vec<String> {
    let list = ec20(&["hil", "--list", "--filter", filter]);
    let case = |line: &str| line.split_once("  [").map(|(case, _)| case.to_owned());
    list.out.lines().filter_map(case).collect()
}

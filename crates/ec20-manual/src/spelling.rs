//! What a user may have meant by a name that does not exist.
//!
//! It knows how alike two names are. It does not know what the names are of.

/// How alike two names must be, from 0 to 1, for one to be taken for a misspelling of the other.
const ALIKE: f64 = 0.5;
/// Longer texts are no names: a comparison takes as many steps as the lengths of both multiplied.
const LONGEST: usize = 100;

/// The name most like `wanted`, if one is like it at all; capitals make no difference.
///
/// ```
/// use ec20_manual::nearest;
/// assert_eq!(nearest("qmmsedt", ["qmmsend", "qmmsedit"]), Some("qmmsedit".to_owned()));
/// assert_eq!(nearest("zzz", ["qmmsend"]), None);
/// ```
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    few_nearest(wanted, names, 1).pop()
}

/// The names most like `wanted`, the most like first, at most `most` of them.
///
/// ```
/// use ec20_manual::few_nearest;
/// let forms = ["qmmsedit_query", "qmmsedit_clear", "qmmsend_write"];
/// assert_eq!(few_nearest("qmmsedit_quer", forms, 2), ["qmmsedit_query", "qmmsedit_clear"]);
/// ```
pub fn few_nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<String> {
    if wanted.len() > LONGEST {
        return Vec::new();
    }
    let wanted = wanted.to_lowercase();
    let names = names.into_iter().filter(|name| name.len() <= LONGEST);
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&wanted, &name.to_lowercase());
    let mut scored: Vec<(f64, &str)> = names.map(|name| (likeness(name), name)).collect();
    scored.retain(|(likeness, _)| *likeness >= ALIKE);
    // Stable: of equally good names the first stays first.
    scored.sort_by(|one, two| two.0.total_cmp(&one.0));
    scored.into_iter().take(most).map(|(_, name)| name.to_owned()).collect()
}

/// The end of a message about a name that does not exist: `; did you mean A or B?`, or nothing where no name is like it.
///
/// ```
/// assert_eq!(ec20_manual::did_you_mean("recipient", ["recipients", "port"]), "; did you mean recipients?");
/// assert_eq!(ec20_manual::did_you_mean("zzz", ["recipients", "port"]), "");
/// ```
pub fn did_you_mean<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let near = few_nearest(wanted, names, 3);
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) }
}

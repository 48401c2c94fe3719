//! What the `.pest` files say about themselves: rule, clause, sentence. Read from the very text the parser is made of, so that the
//! documentation cannot drift from it.

use std::sync::LazyLock;

use pest::Parser as _;

use crate::book::CANONICAL;
use crate::bytes::Spelled;
use crate::canonical::Canonical;
use crate::reading::Strictness;

/// One rule of the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleInfo {
    /// The rule's name, e.g. `qmmscfg_proxy_write`.
    pub name: &'static str,
    /// The clause it stands for, e.g. `CFG-PROXY`.
    pub clause: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// The file it stands in, e.g. `mms.pest`.
    pub file: &'static str,
    /// The one strictness that has this rule so; `None` for a rule that both share.
    pub strictness: Option<Strictness>,
    /// Whether pest reports no pair for it, so that no reading shows it.
    pub silent: bool,
}

const FILES: [(&str, Option<Strictness>, &str); 7] = [
    ("values.pest", None, include_str!("../values.pest")),
    ("canonical.pest", Some(Strictness::Canonical), include_str!("../canonical.pest")),
    ("tolerant.pest", Some(Strictness::Tolerant), include_str!("../tolerant.pest")),
    ("mms.pest", None, include_str!("../mms.pest")),
    ("files.pest", None, include_str!("../files.pest")),
    ("bearer.pest", None, include_str!("../bearer.pest")),
    ("core.pest", None, include_str!("../core.pest")),
];

/// Every rule of the grammar, in the order of the files.
///
/// A rule of `canonical.pest` and its namesake in `tolerant.pest` are two entries.
///
/// ```
/// let proxy = ec20_grammar::rules().iter().find(|rule| rule.name == "qmmscfg_proxy_write").expect("a form of the manual");
/// assert_eq!((proxy.clause, proxy.file), ("CFG-PROXY", "mms.pest"));
/// ```
pub fn rules() -> &'static [RuleInfo] {
    static RULES: LazyLock<Vec<RuleInfo>> = LazyLock::new(|| {
        FILES.iter().flat_map(|&(file, strictness, text)| in_file(file, strictness, text)).collect()
    });
    &RULES
}

/// The grammar of one strictness as pest reads it, in one piece: for tools that draw sentences from it or print it.
///
/// ```
/// use ec20_grammar::{source, Strictness};
/// assert!(source(Strictness::Canonical).contains("qmmsend_write = "));
/// ```
pub fn source(strictness: Strictness) -> String {
    let mine = |of: &Option<Strictness>| of.is_none_or(|of| of == strictness);
    FILES.iter().filter(|(_, of, _)| mine(of)).map(|&(_, _, text)| text).collect::<Vec<_>>().join("\n")
}

/// Rules start at the beginning of a line; the line above is `/// [CLAUSE] sentence`. A rule without one gets an empty clause, which a test refuses.
fn in_file(
    file: &'static str,
    strictness: Option<Strictness>,
    text: &'static str,
) -> impl Iterator<Item = RuleInfo> {
    text.lines().scan("", |above, line| Some((std::mem::replace(above, line), line))).filter_map(
        move |(above, line)| {
            let (name, body) = line.split_once(" = ")?;
            let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if !is_name || name.is_empty() {
                return None;
            }
            let (clause, doc) =
                above.strip_prefix("/// [").and_then(|note| note.split_once("] ")).unwrap_or_default();
            Some(RuleInfo { name, clause, doc, file, strictness, silent: body.starts_with('_') })
        },
    )
}

/// Whether `bytes` as a whole are one value of the named rule: `int`, `string` (with its quotes), `text`, `cme_code`, `mms_err`,
/// `http_code`, `ipv4`, `hex`, `charset`, `checksum`, `filename`, `word`, `cpin_code`, `range` and the other speaking rules of `values.pest`.
/// `None`: there is no such value rule.
///
/// ```
/// assert_eq!(ec20_grammar::value("mms_err", b"751"), Some(true));
/// assert_eq!(ec20_grammar::value("mms_err", b"778"), Some(false));
/// assert_eq!(ec20_grammar::value("regex", b".*"), None);
/// ```
pub fn value(rule: &str, bytes: &[u8]) -> Option<bool> {
    let is_value = |info: &&RuleInfo| {
        info.name == rule && !info.silent && (info.file == "values.pest" || rule == "string")
    };
    let rule = CANONICAL.rule(rules().iter().find(is_value)?.name)?;
    let spelled = Spelled::new(bytes);
    let whole = Canonical::parse(rule, spelled.text())
        .is_ok_and(|mut pairs| pairs.next().is_some_and(|pair| pair.as_span().end() == spelled.text().len()));
    Some(whole)
}

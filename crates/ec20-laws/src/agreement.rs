//! Two readings of one language agree: whatever the bytes, the grammar and the parser both accept or both refuse, and see the same forms,
//! fields and spans. Per unit, not per stream: framing is the parser's alone.

use std::fmt::Write as _;

use ec20_at::{Dialect, read_unit};
use ec20_grammar::{Strictness, Unit, read};

/// Commands whose answers do not begin with their name: only the question tells what such a line is.
pub const NAMELESS: [&str; 14] =
    ["cimi", "cgsn", "gsn", "cgmi", "gmi", "cgmm", "gmm", "cgmr", "gmr", "qgmr", "i", "s3", "s4", "s5"];

/// The grammar and the parser read these bytes alike, as whatever unit they are taken, in both strictnesses.
pub fn readings_agree(bytes: &[u8]) {
    for unit in [Unit::CommandLine, Unit::Information, Unit::Urc, Unit::Final, Unit::Prompt] {
        readings_agree_on(unit, bytes);
    }
    for command in NAMELESS {
        readings_agree_on(Unit::InformationOf(command), bytes);
    }
    // A line that begins with a name is also an answer to that command, and none to another.
    let name: String = bytes
        .iter()
        .skip(1)
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .map(|&byte| char::from(byte))
        .collect();
    readings_agree_on(Unit::InformationOf(&name.to_ascii_lowercase()), bytes);
    readings_agree_on(Unit::InformationOf("qmmscfg"), bytes);
}

/// The same for one unit.
pub fn readings_agree_on(unit: Unit<'_>, bytes: &[u8]) {
    for strictness in [Strictness::Canonical, Strictness::Tolerant] {
        let (by_grammar, by_parser) =
            (by_grammar(unit, strictness, bytes), by_parser(unit, strictness, bytes));
        assert_eq!(
            by_grammar,
            by_parser,
            "the readings disagree on {unit:?}, {strictness:?}: {}\n(left: grammar, right: parser)",
            bytes.escape_ascii()
        );
    }
}

/// What the grammar sees, one line for each form, or nothing if it refuses.
fn by_grammar(unit: Unit<'_>, strictness: Strictness, bytes: &[u8]) -> Option<String> {
    let reading = read(unit, strictness, bytes).ok()?;
    let mut seen = String::new();
    for form in reading.forms {
        let _ = write!(seen, "{}@{}..{}", form.name, form.span.start, form.span.end);
        for field in form.fields {
            let _ = write!(seen, " {}@{}..{}", field.name, field.span.start, field.span.end);
        }
        seen.push('\n');
    }
    Some(seen)
}

/// What the parser sees, in the same shape.
fn by_parser(unit: Unit<'_>, strictness: Strictness, bytes: &[u8]) -> Option<String> {
    let unit = match unit {
        Unit::CommandLine => ec20_at::Unit::CommandLine,
        Unit::Information => ec20_at::Unit::Information,
        Unit::InformationOf(command) => ec20_at::Unit::InformationOf(command),
        Unit::Urc => ec20_at::Unit::Urc,
        Unit::Final => ec20_at::Unit::Final,
        Unit::Prompt => ec20_at::Unit::Prompt,
    };
    let dialect = match strictness {
        Strictness::Canonical => Dialect::CANONICAL,
        Strictness::Tolerant => Dialect::TOLERANT,
    };
    let mut seen = String::new();
    let outcome = read_unit(unit, dialect, bytes, |form| {
        let _ = write!(seen, "{}@{}..{}", form.name(), form.span().start, form.span().end);
        for field in form.fields() {
            let _ = write!(seen, " {}@{}..{}", field.name, field.span.start, field.span.end);
        }
        seen.push('\n');
    });
    outcome.ok().map(|()| seen)
}

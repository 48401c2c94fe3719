//! Tolerances: each lets its own departure pass and no other, and forgiving one thing forgives nothing else.

use ec20_at::{Dialect, Strictness, Tolerance, Unit, read_unit};

const ROWS: [(Tolerance, Unit<'_>, &str); 12] = [
    (Tolerance::BlankAfterComma, Unit::CommandLine, "AT+QMMSCFG=\"proxy\", \"10.0.0.172\",80"),
    (Tolerance::SmartQuotes, Unit::CommandLine, "AT+QMMSCFG=\u{201C}contextid\u{201D}"),
    (Tolerance::KeyBlank, Unit::CommandLine, "AT+QMMSCFG=\"contextid \""),
    (Tolerance::KeyCase, Unit::CommandLine, "AT+QMMSCFG=\"CONTEXTID\""),
    (Tolerance::AnyValue, Unit::CommandLine, "AT+QMMSCFG=\"contextid\",17"),
    (Tolerance::ControlInString, Unit::CommandLine, "AT+QMMSEDIT=4,1,\"a\tb\""),
    (Tolerance::BlankBetweenCommands, Unit::CommandLine, "AT E0"),
    (Tolerance::MixedPrefix, Unit::CommandLine, "aT+CSQ"),
    (Tolerance::EdgeBlanks, Unit::Information, " +QFUPL: 100,0"),
    (Tolerance::ColonBlank, Unit::Information, "+QFUPL:100,0"),
    (Tolerance::TestVariant, Unit::Information, "+QMMSEND: (1-5)"),
    (Tolerance::ResultArity, Unit::Urc, "+QMMSEND: 752"),
];

#[test]
fn each_tolerance_forgives_its_own_departure_alone() {
    for (needed, unit, line) in ROWS {
        let reads = |dialect| read_unit(unit, dialect, line.as_bytes(), |_| ()).is_ok();
        assert!(!reads(Dialect::CANONICAL), "{line}");
        assert!(!reads(Dialect::TOLERANT.without(needed)), "{line}");
        for (tolerance, ..) in ROWS {
            let alone = Dialect::CANONICAL.with(tolerance);
            assert_eq!(reads(alone), tolerance == needed, "{line} with {tolerance:?}");
        }
    }
}

#[test]
fn a_set_of_tolerances_is_a_set() {
    let all =
        ROWS.iter().fold(Dialect::CANONICAL, |set, (tolerance, ..)| set.with(*tolerance).with(*tolerance));
    assert_eq!(all, Dialect::TOLERANT);
    assert_eq!(Dialect::from(Strictness::Tolerant), Dialect::TOLERANT);
    assert_eq!(Dialect::from(Strictness::Canonical), Dialect::CANONICAL);
    let none = ROWS.iter().fold(all, |set, (tolerance, ..)| set.without(*tolerance).without(*tolerance));
    assert_eq!(none, Dialect::CANONICAL);
    for (tolerance, ..) in ROWS {
        let field = Dialect::FIELD.allows(tolerance);
        assert_eq!(field, tolerance != Tolerance::SmartQuotes, "{tolerance:?}");
    }
}

//! The filter language: what fits, what is refused, and where.

use ec20_suite::select::Filter;
use rstest::rstest;

use crate::stranger::suite;

#[rstest]
#[case("cfg-*", &["cfg-one", "cfg-two/1", "cfg-two/2"])]
#[case("cfg-two", &["cfg-two/1", "cfg-two/2"])]
#[case("cfg-two/2", &["cfg-two/2"])]
#[case("not cfg-*", &["send"])]
#[case("effect:billable", &["send"])]
#[case("need:mmsc or cfg-one", &["cfg-one", "send"])]
#[case("cfg-* and not (cfg-two/1 or cfg-one)", &["cfg-two/2"])]
#[case("clause:CFG-* and effect:read", &["cfg-one"])]
#[case("area:cfg and level:must and section:2.1", &["cfg-one", "cfg-two/1", "cfg-two/2", "send"])]
fn a_filter_fits(#[case] filter: &str, #[case] wanted: &[&str]) {
    let suite = suite(&[
        ("cfg-one", "", "> AT+QMMSCFG=\"contextid\"\n< OK\n"),
        ("cfg-two", "rows = [{ id = \"1\" }, { id = \"2\" }]\n", "> AT+QMMSCFG=\"contextid\",{id}\n< OK\n"),
        ("send", "needs = [\"mmsc\"]\n", "> AT+QMMSEND=100\n< OK\n"),
    ]);
    let filter = Filter::read(filter).expect("the filter is without mistakes");
    let fitting: Vec<_> =
        suite.cases().iter().filter(|case| filter.fits(case)).map(|case| case.id.as_str()).collect();
    assert_eq!(fitting, wanted);
}

#[rstest]
#[case("", 1, "the end")]
#[case("a and", 6, "the end")]
#[case("a b", 3, "`b`")]
#[case("(a or b", 8, "the end")]
#[case("colour:red", 1, "`colour:red`")]
#[case("a or [", 6, "`[`")]
#[case("not not and", 9, "`and`")]
fn a_wrong_filter_says_where(#[case] filter: &str, #[case] column: usize, #[case] found: &str) {
    let error = Filter::read(filter).expect_err("the filter is wrong");
    assert_eq!((error.column, error.found.as_str()), (column, found));
}

/// What the user may have meant by a filter that fits no case: each term that fits none is told what is most like it.
#[rstest]
#[case("cgf-one", &["cfg-one"])]
#[case("area:cfg and (sned-busy* or cfg-on)", &["send-busy", "cfg-one"])]
#[case("area:cgf", &["area:cfg"])]
#[case("level:mus", &["level:must"])]
#[case("effect:volatil", &["effect:volatile"])]
#[case("need:mmcs", &["need:mmsc"])]
#[case("section:2.", &["section:2.1"])]
#[case("clause:CFG-MMSC-LENTH", &["clause:CFG-MMSC-LENGTH"])]
#[case::a_clause_without_its_field("CFG-MMSC-LENGTH", &["clause:CFG-MMSC-LENGTH"])]
#[case::a_clause_in_small_letters("cfg-mmsc-length", &["clause:CFG-MMSC-LENGTH"])]
#[case::an_effect_without_its_field("volatile", &["effect:volatile"])]
#[case::nothing_is_like_it("clause:X", &[])]
fn a_filter_that_fits_nothing_has_suggestions(#[case] filter: &str, #[case] wanted: &[&str]) {
    let suite = suite(&[
        ("cfg-one", "", "> AT\n< OK\n"),
        ("send-busy", "needs = [\"mmsc\"]\n", "> AT+QMMSEDIT=0\n< OK\n"),
    ]);
    let filter = Filter::read(filter).expect("a filter");
    assert_eq!(filter.suggestions(suite.cases()), wanted);
}

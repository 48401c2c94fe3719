//! A data file with a mistake says where it is.

use ec20_manual::{Catalogue, Mistake, MistakeKind, Sources};

fn errata(text: &str) -> Mistake {
    Catalogue::parse(Sources { errata: text, clauses: "clause = []", ..Sources::MANUAL })
        .expect_err("a mistake")
}

fn commands(text: &str) -> Mistake {
    Catalogue::parse(Sources { commands: text, clauses: "clause = []", ..Sources::MANUAL })
        .expect_err("a mistake")
}

#[track_caller]
fn check(mistake: &Mistake, kind: MistakeKind, shown: &str) {
    assert_eq!(mistake.kind, kind, "{mistake}");
    assert_eq!(mistake.to_string(), shown);
}

const ROW: &str = "[[erratum]]\nid = \"E01\"\nsection = \"1\"\nprinted = \"p\"\nmeant = \"m\"\nwhy = \"w\"\n";

#[test]
fn an_unknown_key_is_a_mistake_at_its_place() {
    let mistake = errata(&format!("{ROW}outside = \"prose\"\ncolour = \"red\"\n"));
    assert_eq!((mistake.kind, mistake.line, mistake.column), (MistakeKind::Syntax, 8, 1), "{mistake}");
    assert!(mistake.found.contains("colour"), "{mistake}");
}

#[test]
fn text_that_is_no_toml_is_a_mistake_at_its_place() {
    let mistake = errata(&format!("{ROW}outside = \n"));
    assert_eq!((mistake.kind, mistake.line), (MistakeKind::Syntax, 7), "{mistake}");
}

#[test]
fn an_id_twice_is_a_mistake_at_the_second() {
    let row = format!("{ROW}outside = \"prose\"\n");
    let shown = "errata.toml:9:7: expected an id that is not taken, found `E01`";
    check(&errata(&format!("{row}{row}")), MistakeKind::Duplicate, shown);
}

#[test]
fn an_erratum_neither_edits_nor_lies_outside() {
    let shown = "errata.toml:2:7: expected either edits or `outside`, and not both, found `E01`";
    check(&errata(ROW), MistakeKind::Contradiction, shown);
}

#[test]
fn half_an_edit_is_a_mistake() {
    let text = format!("{ROW}[[erratum.edit]]\nexample = \"x\"\nlines = [1]\nfrom = \"a\"\n");
    let shown = "errata.toml:8:12: expected an edit with `from` and `to`, or `typographic_quotes`, or `omitted`, found `x`";
    check(&errata(&text), MistakeKind::Contradiction, shown);
}

#[test]
fn a_clause_that_names_nothing_there_is_a_mistake() {
    let clauses = "[[clause]]\nid = \"CFG-X\"\nsection = \"2.1\"\nsource = \"s\"\nlevel = \"must\"\nkind = \"form\"\n\
                   promise = \"p\"\nunknowns = [\"U-NO-SUCH\"]\n";
    let mistake = Catalogue::parse(Sources { clauses, ..Sources::MANUAL }).expect_err("a mistake");
    let shown = "clauses.toml:8:14: expected the id of an unknown, found `U-NO-SUCH`";
    check(&mistake, MistakeKind::Dangling, shown);
}

#[test]
fn a_limit_that_accepts_what_it_refuses_is_a_mistake() {
    let clauses = "[[clause]]\nid = \"CFG-X\"\nsection = \"2.1\"\nsource = \"s\"\nlevel = \"must\"\nkind = \"length\"\n\
                   promise = \"p\"\nlimit = { accept = 9, refuse = 9, unit = \"bytes\" }\n";
    let mistake = Catalogue::parse(Sources { clauses, ..Sources::MANUAL }).expect_err("a mistake");
    assert_eq!((mistake.kind, mistake.line), (MistakeKind::Contradiction, 8), "{mistake}");
}

#[test]
fn a_milder_case_must_be_milder() {
    let text = "[[command]]\nname = \"x\"\nat = \"X\"\nsection = \"1\"\nsource = \"s\"\nresponse_ms = 1\n\
                response_source = \"r\"\nfinals = [\"final_ok\"]\n\
                form = [{ name = \"x_exec\", kind = \"exec\", effect = \"read\", milder = [{ effect = \"nv\", count = 1 }] }]\n";
    let shown =
        "commands.toml:9:19: expected a milder case that does less, under a condition, found `x_exec`";
    check(&commands(text), MistakeKind::Contradiction, shown);
}

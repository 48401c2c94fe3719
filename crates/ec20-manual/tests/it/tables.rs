//! The tables are whole and agree with one another.

use std::collections::BTreeSet;

use ec20_manual::{Catalogue, Effect, Kind, Level, Sources};

#[test]
fn the_embedded_catalogue_parses() {
    match Catalogue::parse(Sources::MANUAL) {
        Ok(catalogue) => assert_eq!(&catalogue, Catalogue::manual()),
        Err(mistake) => panic!("{mistake}"),
    }
}

#[test]
fn chapter_4_is_whole() {
    let codes: Vec<u16> = Catalogue::manual().codes().mms.iter().map(|row| row.code).collect();
    assert_eq!(codes, (751..=777).collect::<Vec<u16>>());
}

#[test]
fn demanded_are_the_numbers_that_name_exactly_the_breach() {
    let codes = Catalogue::manual().codes();
    let demanded: Vec<u16> = codes.mms.iter().filter(|row| row.demanded).map(|row| row.code).collect();
    assert_eq!(demanded, [752, 757, 758, 759, 760, 762, 763, 764, 775]);
}

#[test]
fn chapter_5_is_whole() {
    let codes: Vec<u16> = Catalogue::manual().codes().http.iter().map(|row| row.code).collect();
    assert_eq!(codes, [200, 400, 403, 404, 409, 411, 500, 502]);
}

#[test]
fn no_two_tables_share_a_cme_number() {
    let mut seen = BTreeSet::new();
    let twice: Vec<u16> =
        Catalogue::manual().codes().cme().map(|row| row.code).filter(|&code| !seen.insert(code)).collect();
    assert_eq!(twice, Vec::<u16>::new());
}

#[test]
fn a_test_form_only_asks() {
    for form in Catalogue::manual().commands().iter().flat_map(|command| &command.forms) {
        if form.name.ends_with("_test") && form.name != "cops_test" {
            assert_eq!(form.effect, Effect::Read, "{}", form.name);
        }
    }
}

#[test]
fn a_form_name_says_its_kind_or_its_job() {
    let jobs = ["query", "clear", "delete", "add"];
    for form in Catalogue::manual().commands().iter().flat_map(|command| &command.forms) {
        let last = form.name.rsplit('_').next().unwrap_or_default();
        assert!(last == form.kind.name() || jobs.contains(&last), "{}", form.name);
    }
}

#[test]
fn only_the_mms_manual_and_v250_can_say_must() {
    for clause in Catalogue::manual().clauses() {
        let can = clause.source == "MMS manual" || clause.source == "ITU-T V.250";
        assert!(can || clause.level == Level::Should, "{} is a must by {}", clause.id, clause.source);
    }
}

#[test]
fn the_limits_are_those_of_the_design() {
    let limit = |id: &str| {
        let clause = Catalogue::manual().clause(id).unwrap_or_else(|| panic!("{id}"));
        clause.limit.as_ref().map(|limit| (limit.accept, limit.refuse, limit.unit.as_str()))
    };
    for (id, accept, refuse, unit) in [
        ("CFG-MMSC-LENGTH", 100, 101, "bytes"),
        ("CFG-PROXY-GATEWAY-LENGTH", 15, 51, "bytes"),
        ("EDIT-ADDRESS-LENGTH", 50, 51, "bytes"),
        ("EDIT-TITLE-LENGTH", 200, 201, "bytes"),
        ("EDIT-TITLE-HEX-LENGTH", 200, 402, "digits"),
        ("EDIT-FILENAME-LENGTH", 80, 85, "bytes"),
        ("EDIT-TO-COUNT", 6, 7, "entries"),
        ("EDIT-CC-COUNT", 6, 7, "entries"),
        ("EDIT-BCC-COUNT", 6, 7, "entries"),
        ("EDIT-ATTACH-COUNT", 12, 13, "entries"),
    ] {
        assert_eq!(limit(id), Some((accept, refuse, unit)), "{id}");
    }
}

#[test]
fn a_number_is_demanded_where_a_clause_says_so_and_nowhere_else() {
    let manual = Catalogue::manual();
    let by_clauses: BTreeSet<u16> = manual.clauses().iter().filter_map(|clause| clause.code).collect();
    let by_table: BTreeSet<u16> =
        manual.codes().mms.iter().filter(|row| row.demanded).map(|row| row.code).collect();
    assert_eq!(by_clauses, by_table);
}

#[test]
fn a_kind_of_promise_has_what_it_needs() {
    for clause in Catalogue::manual().clauses() {
        let has = match clause.kind {
            Kind::Range => clause.range.is_some() || !clause.words.is_empty(),
            Kind::Length => clause.limit.is_some(),
            Kind::Code => clause.code.is_some(),
            Kind::Count => clause.limit.is_some() || clause.standing || clause.id == "EDIT-LISTS-SEPARATE",
            Kind::Form | Kind::Order | Kind::Default | Kind::Behaviour => clause.code.is_none(),
        };
        assert!(has, "{} is a {} and lacks its numbers", clause.id, clause.kind.name());
    }
}

#[test]
fn an_answer_is_one_final_result_at_its_end() {
    let ends = |line: &str| ["OK", "ERROR"].contains(&line) || line.starts_with("+CME ERROR: ");
    for unknown in Catalogue::manual().unknowns() {
        for answer in &unknown.answers {
            let finals = answer.lines.iter().filter(|line| ends(line)).count();
            let last = answer.lines.last().is_none_or(|line| ends(line));
            assert!(finals <= 1 && last, "{} {}", unknown.id, answer.name);
        }
    }
}

#[test]
fn two_answers_of_an_unknown_do_not_look_alike() {
    for unknown in Catalogue::manual().unknowns() {
        let told: Vec<_> = unknown.answers.iter().filter(|answer| !answer.lines.is_empty()).collect();
        let unique: BTreeSet<_> = told.iter().map(|answer| &answer.lines).collect();
        assert_eq!(told.len(), unique.len(), "{}", unknown.id);
    }
}

/// What the closing note of the catalogue counts.
#[test]
fn every_section_of_the_manual_has_clauses() {
    let manual = Catalogue::manual();
    for section in
        ["1.1", "1.2.1", "1.2.2", "1.2.3", "2.1", "2.2", "2.2.1", "2.2.3", "2.2.4", "2.2.5", "2.3", "4", "5"]
    {
        assert!(manual.clauses().iter().any(|clause| clause.section == section), "{section}");
    }
}

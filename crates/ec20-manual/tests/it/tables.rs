//! The tables are whole and agree with one another.

use std::collections::BTreeSet;

use ec20_manual::{Catalogue, Effect, Sources};

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

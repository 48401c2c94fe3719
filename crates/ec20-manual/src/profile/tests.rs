//! A profile as text: what is read, and how a mistake in it is told.

use super::*;

#[track_caller]
fn wrong(text: &str, line: usize, column: usize, says: &str) {
    let error = Profile::from_toml(text).expect_err("the profile is wrong");
    assert_eq!((error.line, error.column), (line, column), "{error}");
    assert!(error.message.contains(says), "{error}");
}

#[test]
fn a_wrong_profile_says_where() {
    wrong("name = \"x\"\nnaem = 1\n", 2, 1, "naem");
    wrong("name = \"x\"\n[identity]\nimei = 5\n", 3, 8, "text in quotes");
    wrong("name = \"x\"\n[answers]\nU-A = 7\n", 3, 7, "name of an answer");
    wrong("name = \"x\n", 1, 10, "string");
    wrong(
        "name = \"x\"\n[[deviation]]\nclause = \"EDIT-TO-COUNT\"\nchange.limt = { max = 5 }\n",
        4,
        8,
        "limt",
    );
}

#[test]
fn names_are_asked_of_the_catalogue() {
    wrong("name = \"x\"\n[answers]\nU-NONE = \"taken\"\n", 3, 1, "U-NONE");
    wrong("name = \"x\"\n[answers]\nU-CFG-KEY-CASE = \"maybe\"\n", 3, 18, "taken, cme-756");
    let text = "name = \"x\"\n[[deviation]]\nclause = \"NONE\"\nchange.limit = { max = 5 }\n";
    let error = Profile::from_toml(text).expect_err("no such clause");
    assert_eq!(error.line, 2);
    assert!(error.message.contains("NONE"));
}

#[test]
fn a_name_that_the_catalogue_lacks_comes_with_those_that_are_like_it() {
    let near = |text: &str, says: &[&str]| {
        let error = Profile::from_toml(&format!("name = \"x\"\n{text}")).expect_err("the profile is wrong");
        for word in says {
            assert!(error.message.contains(word), "{error}");
        }
    };
    near("[answers]\nU-CFG-KEY-CASES = \"taken\"\n", &["did you mean U-CFG-KEY-CASE"]);
    near("[[deviation]]\nclause = \"EDIT-TO-CONT\"\nchange.limit = { max = 5 }\n", &["EDIT-TO-COUNT"]);
    near("[[deviation]]\nclause = \"EDIT-TO-COUNT\"\nchange.limit = { max = \"5\" }\n", &["without quotes"]);
    for form in ["AT+QMMSEDIT=4", "qmmsedit_title_query", "qmmsedit_title_read", "QMMSEDIT_QUERRY"] {
        let change = format!("change.unstored = {{ at = \"{form}\" }}");
        near(&format!("[[deviation]]\nclause = \"EDIT-TO-COUNT\"\n{change}\n"), &["qmmsedit_query"]);
    }
}

#[test]
fn every_built_in_profile_reads_and_survives_the_round_trip() {
    for name in Profile::built_in_names() {
        let profile = Profile::built_in(name).unwrap_or_else(|| panic!("{name} does not read"));
        assert_eq!(profile.name, name);
        let written = profile.to_toml().expect("a profile can be written");
        assert_eq!(Profile::from_toml(&written).expect("what was written reads"), profile);
    }
}

#[test]
fn an_answer_left_out_is_the_manuals() {
    let mine = Profile::from_toml("name = \"mine\"")
        .expect("a profile")
        .answering("U-DEMO", Answer::Other(vec!["+CME ERROR: 4".into()]));
    assert_eq!(mine.answer("U-DEMO"), Some(&Answer::Other(vec!["+CME ERROR: 4".into()])));
    assert_eq!(mine.answer("U-NONE"), None);
}

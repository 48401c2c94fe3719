//! What people and programs are given of a run: the page, the comment, the results, the test report.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use ec20_suite::journal::Event;
use ec20_suite::recorded::Recorded;
use ec20_suite::report::{html, junit, results, summary};
use quick_junit::{NonSuccessKind, Report, TestCaseStatus};
use rstest::rstest;
use serde_json::Value;

use crate::runs::{HOSTILE, hostile, large, motley, recorded};

static MOTLEY: LazyLock<Recorded> = LazyLock::new(|| recorded(&motley()));
static HOSTILE_RUN: LazyLock<Recorded> = LazyLock::new(|| recorded(&hostile()));

fn page(run: &Recorded) -> String {
    html::page(run).expect("the template is right")
}

/// The part of the page that begins with `id` and ends where the next of its kind begins.
#[track_caller]
fn part<'a>(page: &'a str, tag: &str, id: &str) -> &'a str {
    let start = page.find(&format!("<{tag} id=\"{id}\"")).or_else(|| page.find(&format!("id=\"{id}\"")));
    let rest = &page[start.unwrap_or_else(|| panic!("no {id} on the page"))..];
    rest.split(&format!("</{tag}>")).next().unwrap_or(rest)
}

/// The values of every attribute of this name.
fn values<'a>(page: &'a str, attribute: &'a str) -> impl Iterator<Item = &'a str> {
    page.split(attribute).skip(1).filter_map(|rest| rest.strip_prefix("=\"")?.split('"').next())
}

/// The dialogues as the page's script reads them.
fn dialogues(page: &str) -> Value {
    let json = page.split("id=\"dialogues\">").nth(1).and_then(|rest| rest.split("</script>").next());
    serde_json::from_str(json.expect("the page has dialogues")).expect("the dialogues are JSON")
}

/// The rows of a case's only attempt: kind, text, what was asked for.
fn rows(page: &str, case: usize) -> Vec<(i64, String, Option<String>)> {
    let all = dialogues(page);
    let text = |at: &Value| {
        let at = usize::try_from(at.as_i64().expect("a number")).ok()?;
        all["texts"][at].as_str().map(str::to_owned)
    };
    let numbers = all["cases"][case][0].as_array().expect("an attempt");
    numbers
        .chunks(4)
        .map(|row| (row[1].as_i64().expect("a kind"), text(&row[2]).expect("a text"), text(&row[3])))
        .collect()
}

// ---- the page ----------------------------------------------------------------------------------------------------------------

#[test]
fn the_verdict_and_the_identity_stand_at_the_top() {
    let page = page(&MOTLEY);
    let top = page.split("</header>").next().expect("a header");
    for word in [
        "<h1>Does not conform</h1>",
        "3 of 11 selected cases failed",
        "EC20CEFAGR06A10M4G",
        "861075020000016",
    ] {
        assert!(top.contains(word), "{word} in {top}");
    }
}

#[rstest]
#[case::kept(0, None, "11 cases: kept")]
#[case::broke(1, None, "Does not conform")]
#[case::bench(3, None, "Bench trouble")]
#[case::empty(4, None, "Nothing asked")]
#[case::undecided(5, None, "Not decided")]
#[case::interrupted(3, Some("Ctrl-C"), "Interrupted")]
fn the_headline_follows_the_exit(#[case] exit: u8, #[case] interrupted: Option<&str>, #[case] wanted: &str) {
    let mut events = motley();
    events.pop();
    events.push(Event::End { t_us: 1, interrupted: interrupted.map(str::to_owned), exit });
    assert!(page(&recorded(&events)).contains(&format!("<h1>{wanted}</h1>")));
}

#[test]
fn a_killed_run_says_so() {
    let mut events = motley();
    events.truncate(events.len() / 2);
    let page = page(&recorded(&events));
    assert!(page.contains("<h1>Broke off</h1>") && page.contains("never-run"));
}

#[test]
fn each_case_shows_what_it_came_to() {
    let page = page(&MOTLEY);
    let wanted = [
        ("kept", "pass"),
        ("open", "observed"),
        ("flaky", "flaky"),
        ("wrong", "fail"),
        ("silent", "fail"),
        ("undecided", "inconclusive"),
        ("needy", "unsupported"),
        ("billable", "withheld"),
        ("gone", "broken"),
    ];
    for (case, mark) in wanted {
        let case = format!("c-{case}");
        assert!(part(&page, "details", &case).contains(&format!("data-m=\"{mark}\"")), "{case} {mark}");
    }
}

#[test]
fn what_needs_a_look_stands_first_and_open_with_its_evidence() {
    let page = page(&MOTLEY);
    let look = page.find("id=\"look\"").expect("there is something to look at");
    let cases = page.find("id=\"cases\"").expect("there are other cases");
    for case in ["flaky", "wrong", "silent", "undecided", "leaky", "gone"] {
        let at = page.find(&format!("id=\"c-{case}\"")).expect("the case is on the page");
        assert!(look < at && at < cases, "{case}");
    }
    let wrong = part(&page, "details", "c-wrong");
    for word in [
        "open",
        "+QMMSCFG: &quot;mmsc&quot;,&quot;a&quot;",
        "+QMMSCFG: &quot;mmsc&quot;,&quot;b&quot;",
        "wrong.atx:",
        "--filter wrong",
    ] {
        assert!(wrong.contains(word), "{word} in {wrong}");
    }
    assert!(part(&page, "details", "c-leaky").contains("+CME ERROR: 751"), "what was left behind");
    assert!(!part(&page, "details", "c-kept").contains(" open"));
}

#[test]
fn the_matrix_holds_every_clause_with_all_its_cases() {
    let page = page(&MOTLEY);
    let row = part(&page, "tr", "k-CFG-MMSC-LENGTH");
    assert!(row.contains("data-m=\"fail\""), "a clause is as good as its worst case");
    for case in &MOTLEY.cases {
        let id = &case.planned.case;
        assert!(row.contains(&format!("href=\"#c-{id}\"")), "{id}");
    }
    assert!(page.contains("<h3>2.1 AT+QMMSCFG, settings"));
    let surplus = part(&page, "tr", "k-V250-ONE-FINAL");
    assert!(surplus.contains("data-m=\"fail\"") && surplus.contains("href=\"#c-surplus\""), "{surplus}");
}

/// The bytes of a dialogue stand on the page once, line by line, with what was asked for beside them.
#[test]
fn a_dialogue_shows_bytes_and_beside_each_line_what_was_asked_for() {
    let page = page(&MOTLEY);
    let text = |text: &str| text.to_owned();
    let (sent_and_echoed, held, instead, note) = (1, 2, 5, 6);
    let kept = rows(&page, 0);
    let wanted = [
        (sent_and_echoed, text("AT+QMMSCFG=\"contextid\"\\r"), None),
        (held, text("\\r\\n+QMMSCFG: \"contextid\",1\\r\\n"), Some(text("+QMMSCFG: \"contextid\",{id:int}"))),
        (held, text("\\r\\nOK\\r\\n"), None),
    ];
    assert_eq!(kept[..3], wanted, "beside a line that is just as asked for stands the line itself");

    let wrong = rows(&page, 3);
    let came = wrong.iter().find(|row| row.0 == instead).expect("the line that came instead");
    assert_eq!(
        (came.1.as_str(), came.2.as_deref()),
        ("\\r\\n+QMMSCFG: \"mmsc\",\"b\"\\r\\n", Some("+QMMSCFG: \"mmsc\",\"a\""))
    );

    let open = rows(&page, 1);
    assert!(open.iter().any(|row| row.0 == held && row.2.as_deref() == Some("? U-CFG-KEY-CASE")), "{open:?}");
    let gone = rows(&page, 10);
    assert!(gone.iter().any(|row| row.0 == note && row.1.contains("the port is gone")), "{gone:?}");
}

/// No byte of the wire is lost or told twice on its way to the page.
#[test]
fn the_rows_of_a_dialogue_are_its_bytes() {
    let page = page(&MOTLEY);
    for (at, case) in MOTLEY.cases.iter().enumerate().filter(|(_, case)| case.attempts.len() == 1) {
        let wire: String =
            case.attempts[0].scene.wire().map(|(_, _, bytes)| ec20_suite::escape::escaped(bytes)).collect();
        let mut shown = String::new();
        for (kind, text, _) in rows(&page, at) {
            match kind {
                6 => {}
                // What was echoed went over the wire twice.
                1 | 8 => shown.push_str(&text.repeat(2)),
                _ => shown.push_str(&text),
            }
        }
        let sorted = |text: &str| {
            let mut chars: Vec<char> = text.chars().collect();
            chars.sort_unstable();
            chars
        };
        assert_eq!(sorted(&shown), sorted(&wire), "{}: {shown}", case.planned.case);
    }
}

#[test]
fn unknowns_stand_with_their_question_and_their_answer() {
    let page = page(&MOTLEY);
    let row = part(&page, "tr", "u-U-CFG-KEY-CASE");
    let question = &ec20_manual::Catalogue::manual().unknown("U-CFG-KEY-CASE").expect("an unknown").question;
    assert!(
        row.contains(question.as_str()) && row.contains("other") && row.contains("+CME ERROR: 999"),
        "{row}"
    );
}

#[test]
fn what_was_not_asked_stands_with_its_reason_and_its_remedy() {
    let page = page(&MOTLEY);
    let section = part(&page, "section", "unasked");
    for word in ["--allow billable", "--offer mmsc", "#c-billable", "#c-needy"] {
        assert!(section.contains(word), "{word} in {section}");
    }
}

#[test]
fn each_command_has_its_times_beside_its_limit() {
    let page = page(&MOTLEY);
    let section = part(&page, "section", "times");
    for word in ["<code>AT+QMMSCFG</code>", "data-l=\"limit\"", "class=\"limit\"", "class=\"dots\"", "100 s"]
    {
        assert!(section.contains(word), "{word}");
    }
}

#[test]
fn there_is_a_place_to_sign_that_names_what_is_signed() {
    let page = page(&MOTLEY);
    let section = part(&page, "section", "sign");
    for word in ["Does not conform", "EC20CEFAGR06A10M4G", "Tested by", "For the vendor", "Signature", "Date"]
    {
        assert!(section.contains(word), "{word}");
    }
}

#[test]
fn a_password_does_not_leave_with_the_page() {
    let mut events = motley();
    for event in &mut events {
        if let Event::Ground(ground) = event {
            ground.variables.insert("apn_password".to_owned(), "hunter2".to_owned());
        }
    }
    let page = page(&recorded(&events));
    let bench = part(&page, "section", "bench");
    assert!(bench.contains("apn_password") && !bench.contains("hunter2"), "{bench}");
}

// ---- hostile text ------------------------------------------------------------------------------------------------------------

#[test]
fn no_text_from_outside_becomes_markup() {
    let hostile = page(&HOSTILE_RUN);
    let plain = page(&MOTLEY);
    for tag in ["<script", "</script", "<img", "<!--", "onerror=alert(2)>"] {
        let allowed = plain.matches(tag).count();
        assert_eq!(hostile.matches(tag).count(), allowed, "{tag}");
    }
    assert!(
        dialogues(&hostile)["texts"].as_array().is_some_and(|texts| {
            texts.iter().any(|text| text.as_str().is_some_and(|text| text.contains("</script><script>")))
        }),
        "and yet it is there, as text"
    );
}

#[test]
fn a_comment_on_a_pull_request_holds_hostile_text_in_code_spans() {
    let text = summary::markdown(&HOSTILE_RUN);
    let outside: String = text
        .lines()
        .filter(|line| !line.starts_with("<details>") && !line.starts_with("</details>"))
        .map(|line| {
            line.split("<code>")
                .map(|part| part.split_once("</code>").map_or(part, |(_, rest)| rest))
                .collect::<String>()
        })
        .collect();
    for word in ["alert", "```"] {
        assert!(!outside.contains(word), "{word} outside of code in {text}");
    }
    for word in ["<script", "<img", "@all", "```"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
}

#[test]
fn hostile_text_survives_junit_and_results() {
    let xml = junit::xml(&HOSTILE_RUN).expect("it can be written");
    Report::deserialize_from_str(&xml).expect("what is written is JUnit");
    let json: Value =
        serde_json::from_str(&results::json(&HOSTILE_RUN).expect("JSON")).expect("what is written is JSON");
    assert_eq!(json["run"]["port"], HOSTILE);
}

// ---- one file, small, complete -----------------------------------------------------------------------------------------------

#[test]
fn the_page_asks_no_network_and_every_link_leads_somewhere() {
    let page = page(&MOTLEY);
    assert_eq!(values(&page, " src").count(), 0);
    assert!(!page.contains("@import") && !page.contains("url(") && !page.contains("fetch("));
    let places: BTreeSet<&str> = values(&page, " id").collect();
    let dead: Vec<&str> = values(&page, " href")
        .filter(|link| {
            !link.starts_with("#v=") && !link.strip_prefix('#').is_some_and(|to| places.contains(to))
        })
        .collect();
    assert_eq!(dead, Vec::<&str>::new());
    assert_eq!(places.len(), values(&page, " id").count(), "no id stands twice");
}

#[test]
fn a_page_is_the_same_each_time() {
    assert_eq!(page(&MOTLEY), page(&recorded(&motley())));
}

#[test]
fn a_thousand_cases_fit_into_two_megabytes_and_a_comment() {
    let run = recorded(&large());
    assert_eq!(run.cases.len(), 1000);
    let page = page(&run);
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
    let comment = summary::markdown(&run);
    assert!(comment.chars().count() < 60_000, "{} characters", comment.chars().count());
    assert!(comment.contains("and 60 more"));
}

// ---- results.json ------------------------------------------------------------------------------------------------------------

fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(results::SCHEMA).expect("the schema is JSON");
    jsonschema::meta::validate(&schema).expect("the schema is a schema");
    jsonschema::validator_for(&schema).expect("the schema is a schema")
}

fn as_json(run: &Recorded) -> Value {
    serde_json::from_str(&results::json(run).expect("results can be written")).expect("results are JSON")
}

#[test]
fn results_fit_their_schema_however_the_run_ended() {
    let schema = schema();
    let events = motley();
    let mut ends: Vec<Recorded> = [1, 20, 60, events.len() / 2, events.len()]
        .into_iter()
        .map(|upto| recorded(&events[..upto]))
        .collect();
    ends.push(recorded(&hostile()));
    for run in ends {
        let errors: Vec<String> = schema
            .iter_errors(&as_json(&run))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
}

#[rstest]
#[case::a_word_that_is_no_verdict("/cases/0/verdict", Value::from("passed"))]
#[case::flaky_and_passed("/cases/0/flaky", Value::from(true))]
#[case::a_time_before_the_run("/took_ms", Value::from(-1))]
#[case::another_format("/format", Value::from(2))]
#[case::an_exit_that_is_none("/exit", Value::from(6))]
#[case::a_case_without_a_name("/cases/0/case", Value::from(""))]
#[case::a_count_of_nothing("/counts", serde_json::json!({}))]
fn the_schema_refuses_what_results_never_say(#[case] place: &str, #[case] value: Value) {
    let mut json = as_json(&MOTLEY);
    *json.pointer_mut(place).expect("a place in the results") = value;
    assert!(!schema().is_valid(&json));
}

#[test]
fn results_count_what_the_cases_came_to() {
    let json = as_json(&MOTLEY);
    let counted: u64 = json["counts"].as_object().expect("counts").values().filter_map(Value::as_u64).sum();
    assert_eq!(counted, 11);
    assert_eq!(json["counts"]["fail"], 3, "a flaky case counts as failed");
    let flaky = json["cases"].as_array().and_then(|cases| cases.iter().find(|case| case["case"] == "flaky"));
    assert!(flaky.is_some_and(
        |case| case["flaky"] == true && case["attempts"].as_array().is_some_and(|all| all.len() == 2)
    ));
}

// ---- junit.xml ---------------------------------------------------------------------------------------------------------------

/// fail → failure; broken, inconclusive → error; withheld, unsupported → skipped; observed → passed with a property.
#[rstest]
#[case::passed("kept", "success", "")]
#[case::observed("open", "success", "")]
#[case::failed("wrong", "failure", "CFG-MMSC-LENGTH")]
#[case::flaky("flaky", "failure", "flaky CFG-MMSC-LENGTH")]
#[case::broken("gone", "error", "broken")]
#[case::inconclusive("undecided", "error", "inconclusive")]
#[case::withheld("billable", "skipped", "withheld")]
#[case::unsupported("needy", "skipped", "unsupported")]
fn junit_shows_each_verdict_as_the_design_has_it(
    #[case] case: &str,
    #[case] wanted: &str,
    #[case] kind: &str,
) {
    let xml = junit::xml(&MOTLEY).expect("it can be written");
    let report = Report::deserialize_from_str(&xml).expect("JUnit");
    let test =
        report.test_suites[0].test_cases.iter().find(|test| test.name.as_str() == case).expect("the case");
    let (word, ty) = match &test.status {
        TestCaseStatus::Success { .. } => ("success", None),
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, ty, .. } => ("failure", ty.as_ref()),
        TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, ty, .. } => ("error", ty.as_ref()),
        TestCaseStatus::Skipped { ty, .. } => ("skipped", ty.as_ref()),
    };
    assert_eq!((word, ty.map_or("", |ty| ty.as_str())), (wanted, kind));
    let observed = test.properties.iter().any(|property| property.name.as_str() == "observed");
    assert_eq!(observed, case == "open");
}

// ---- summary.md --------------------------------------------------------------------------------------------------------------

#[test]
fn the_comment_says_what_failed_and_how_to_ask_again() {
    let text = summary::markdown(&MOTLEY);
    for word in [
        "## EC20 conformance: does not conform",
        "`EC20CEFAGR06A10M4G` on `stranger`",
        "| ✕ fail | `wrong` | `CFG-MMSC-LENGTH` `2.1`, `must` | expected `+QMMSCFG: \"mmsc\",\"a\"`, came `+QMMSCFG: \"mmsc\",\"b\"` |",
        "| ≈ flaky | `flaky` |",
        "Standing clause `V250-ONE-FINAL` broken, once",
        "1 withheld `billable`",
        "1 unsupported `mmsc`",
        "| `U-CFG-KEY-CASE` | `other` `+CME ERROR: 999` |",
        "Again: `none`",
    ] {
        assert!(text.contains(word), "{word} in {text}");
    }
}

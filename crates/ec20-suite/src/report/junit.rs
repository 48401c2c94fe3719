//! `junit.xml`: what continuous integration shows. Each case names its clauses; nothing that was not decided looks like a pass.
//!
//! fail → failure · broken, inconclusive → error with its cause as type · withheld, unsupported, never run → skipped with the reason ·
//! observed → passed, with the answers as properties. What a waiver excuses is skipped with the waiver as its reason; the verdict and its
//! evidence stay beside it. A waiver that no longer holds is a failure of its own.

use std::fmt::Write as _;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::in_a_sentence;
use crate::escape::escaped;
use crate::journal::Direction;
use crate::recorded::{Attempt, Case, Recorded, Standing};
use crate::verdict::Verdict;
use crate::waiver::Excuse;

/// The file's text.
///
/// # Errors
/// The XML writer's own, which writing into memory does not have.
pub fn xml(run: &Recorded) -> Result<String, SerializeError> {
    let mut report = Report::new("ec20");
    report.set_time(Duration::from_micros(run.last_us));
    let mut cases = TestSuite::new("cases");
    for (name, value) in head(run) {
        cases.add_property(Property::new(name, value));
    }
    cases.add_test_cases(run.cases.iter().map(|case| test_case(run, case)));
    report.add_test_suite(cases);
    if !run.standing.is_empty() {
        let mut standing = TestSuite::new("standing clauses");
        standing.add_test_cases(run.standing.iter().map(|standing| standing_case(run, standing)));
        report.add_test_suite(standing);
    }
    if let Some(waived) = &run.waived {
        let mut waivers = TestSuite::new("waivers");
        waivers.add_test_cases(waived.excuses.iter().map(waiver_case));
        report.add_test_suite(waivers);
    }
    report.to_string()
}

fn head(run: &Recorded) -> Vec<(&'static str, String)> {
    let head = &run.run;
    let mut properties = vec![
        ("port", head.port.clone()),
        ("started", head.started.clone()),
        ("suite", head.suite_hash.clone()),
        ("command", head.command.clone()),
    ];
    if let Some(identity) = &run.identity {
        properties.push(("ati", identity.ati.join(" / ")));
        properties.extend(identity.qgmr.iter().map(|line| ("qgmr", line.clone())));
    }
    properties.extend(interrupted(run).map(|reason| ("interrupted", reason.to_owned())));
    properties
}

fn interrupted(run: &Recorded) -> Option<&str> {
    run.end.as_ref()?.interrupted.as_deref()
}

fn test_case(run: &Recorded, case: &Case) -> TestCase {
    let waiver = run.waiver(&case.planned.case);
    let mut test = TestCase::new(case.planned.case.as_str(), excused(status(run, case), waiver));
    test.properties.extend(waiver.map(|label| Property::new("waiver", label)));
    test.set_classname(case.planned.file.as_str());
    test.set_time(Duration::from_micros(case.took_us()));
    test.add_property(Property::new("title", case.planned.title.as_str()));
    for clause in &case.planned.clauses {
        let text = format!("{} ({}, {}): {}", clause.id, clause.section, clause.level, clause.promise);
        test.add_property(Property::new("clause", text));
    }
    for observation in case.attempts.iter().flat_map(|attempt| &attempt.observed) {
        let answer =
            format!("{} = {}: {}", observation.unknown, observation.answer, observation.raw.join(" "));
        test.add_property(Property::new("observed", answer));
    }
    for residue in case.attempts.iter().filter_map(|attempt| attempt.end.as_ref()?.leaky.as_ref()) {
        test.add_property(Property::new("leaky", residue.as_str()));
    }
    if let Some(attempt) = case.telling() {
        test.set_system_out(wire(attempt));
    }
    test
}

fn status(run: &Recorded, case: &Case) -> TestCaseStatus {
    let end = case.telling().and_then(|attempt| attempt.end.as_ref());
    let Some(((verdict, flaky), end)) = case.settled().zip(end) else {
        let reason = match &run.not_asked {
            Some(not_asked) => not_asked.words(),
            None => interrupted(run).unwrap_or("the run broke off").to_owned(),
        };
        let mut status = TestCaseStatus::skipped();
        status.set_message(format!("not asked: {reason}"));
        return status;
    };
    let cause = end.cause.as_deref().unwrap_or_default();
    let mut status = match verdict {
        Verdict::Pass | Verdict::Observed => return TestCaseStatus::success(),
        Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Inconclusive | Verdict::Broken => TestCaseStatus::non_success(NonSuccessKind::Error),
        Verdict::Withheld | Verdict::Unsupported => TestCaseStatus::skipped(),
    };
    match verdict {
        Verdict::Fail => {
            let clause = end.clause.as_deref().unwrap_or("clause");
            status.set_type(if flaky { format!("flaky {clause}") } else { clause.to_owned() });
            status.set_message(in_a_sentence(end));
        }
        _ if cause.is_empty() => {
            status.set_type(verdict.word()).set_message(verdict.word());
        }
        _ => {
            status.set_type(verdict.word()).set_message(format!("{} ({cause})", verdict.word()));
        }
    }
    status.set_description(super::terminal::evidence(run, case).join("\n"));
    status
}

/// A status under a waiver: skipped for its reason, with what it was in the type and the message.
fn excused(status: TestCaseStatus, waiver: Option<&str>) -> TestCaseStatus {
    let (Some(label), TestCaseStatus::NonSuccess { kind, message, ty, description, .. }) = (waiver, &status)
    else {
        return status;
    };
    let word = if *kind == NonSuccessKind::Failure { "fail" } else { "error" };
    let text =
        |part: &Option<quick_junit::XmlString>| part.as_ref().map_or("", |text| text.as_str()).to_owned();
    let mut skipped = TestCaseStatus::skipped();
    skipped.set_type(format!("waived {word} {}", text(ty)));
    skipped.set_message(format!("waived: {label}; {word}: {}", text(message)));
    skipped.set_description(text(description));
    skipped
}

/// A waiver itself: it holds, was not needed here, or fails.
fn waiver_case(excuse: &Excuse) -> TestCase {
    let mut status = TestCaseStatus::success();
    if excuse.state.fails() {
        status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type("waiver").set_message(excuse.state.words());
        status.set_description(excuse.about.join("\n"));
    }
    let mut test = TestCase::new(format!("{} (line {})", excuse.subject, excuse.line), status);
    test.set_classname("waivers");
    test.add_property(Property::new("state", excuse.state.words()));
    test.add_property(Property::new("waiver", excuse.label.as_str()));
    test
}

fn standing_case(run: &Recorded, standing: &Standing) -> TestCase {
    let mut status = TestCaseStatus::success();
    if !standing.is_exercised() {
        status = TestCaseStatus::skipped();
        status.set_message("not exercised: nothing happened that could have broken it");
    }
    if standing.verdict == Verdict::Fail {
        status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let first = standing.breaches.first();
        let words = first
            .map_or_else(String::new, |breach| format!("expected {}, came {}", breach.expected, breach.came));
        status.set_type(standing.clause.as_str()).set_message(words);
    }
    let waiver = run.waived.as_ref().and_then(|waived| waived.standing.get(&standing.clause));
    let mut test = TestCase::new(standing.clause.as_str(), excused(status, waiver.map(String::as_str)));
    test.properties.extend(waiver.map(|label| Property::new("waiver", label.as_str())));
    test.set_classname("standing");
    test.add_property(Property::new("exchanges", standing.exchanges.to_string()));
    test
}

/// The bytes of an attempt, a line each, as a person reads a line log.
fn wire(attempt: &Attempt) -> String {
    let mut text = String::new();
    for (t_us, direction, bytes) in attempt.scene.wire() {
        let arrow = match direction {
            Direction::Host => '>',
            Direction::Module => '<',
        };
        let ms = t_us.saturating_sub(attempt.start_us) / 1000;
        let _ = writeln!(text, "{ms:>8} ms {arrow} {}", escaped(bytes));
    }
    text
}

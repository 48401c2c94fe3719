//! `junit.xml`: what continuous integration shows. Each case names its clauses; nothing that was not decided looks like a pass.
//!
//! fail → failure · broken, inconclusive → error with its cause as type · withheld, unsupported, never run → skipped with the reason ·
//! observed → passed, with the answers as properties.

use std::fmt::Write as _;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::{Attempt, CaseRecord, Record, StandingRecord};
use crate::journal::Direction;
use crate::verdict::Verdict;

/// The file's text.
///
/// # Errors
/// The XML writer's own, which writing into memory does not have.
pub fn xml(record: &Record) -> Result<String, SerializeError> {
    let mut report = Report::new("ec20");
    report.set_time(Duration::from_micros(record.end_us));
    let mut cases = TestSuite::new("cases");
    for (name, value) in head(record) {
        cases.add_property(Property::new(name, value));
    }
    cases.add_test_cases(record.cases.iter().map(|case| test_case(record, case)));
    report.add_test_suite(cases);
    if !record.standing.is_empty() {
        let mut standing = TestSuite::new("standing clauses");
        standing.add_test_cases(record.standing.iter().map(standing_case));
        report.add_test_suite(standing);
    }
    report.to_string()
}

fn head(record: &Record) -> Vec<(&'static str, String)> {
    let mut properties = Vec::new();
    if let Some(run) = &record.run {
        properties.push(("port", run.port.clone()));
        properties.push(("started", run.started.clone()));
        properties.push(("suite", run.suite_hash.clone()));
        properties.push(("command", run.command.clone()));
    }
    if let Some(identity) = &record.identity {
        properties.push(("ati", identity.ati.join(" / ")));
        properties.extend(identity.qgmr.iter().map(|line| ("qgmr", line.clone())));
    }
    properties.extend(record.interrupted.iter().map(|reason| ("interrupted", reason.clone())));
    properties
}

fn test_case(record: &Record, case: &CaseRecord) -> TestCase {
    let mut test = TestCase::new(case.planned.case.as_str(), status(record, case));
    test.set_classname(case.planned.file.as_str());
    test.set_time(Duration::from_micros(case.took_us()));
    test.add_property(Property::new("title", case.planned.title.as_str()));
    for clause in &case.planned.clauses {
        let text = format!("{} ({}, {}): {}", clause.id, clause.section, clause.level, clause.promise);
        test.add_property(Property::new("clause", text));
    }
    for observation in &case.observed {
        let answer =
            format!("{} = {}: {}", observation.unknown, observation.answer, observation.raw.join(" "));
        test.add_property(Property::new("observed", answer));
    }
    for attempt in &case.attempts {
        if let Some(residue) = &attempt.end.leaky {
            test.add_property(Property::new("leaky", residue.as_str()));
        }
    }
    if let Some(attempt) = case.telling() {
        test.set_system_out(wire(attempt));
    }
    test
}

fn status(record: &Record, case: &CaseRecord) -> TestCaseStatus {
    let Some(((verdict, flaky), attempt)) = case.settled().zip(case.telling()) else {
        let reason = record.interrupted.as_deref().unwrap_or("the run broke off");
        let mut status = TestCaseStatus::skipped();
        status.set_message(format!("never run: {reason}"));
        return status;
    };
    let end = &attempt.end;
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
            let came = end.came.as_deref().unwrap_or("nothing");
            status.set_message(format!("expected {}, came {came}", end.expected.join(" or ")));
        }
        _ if cause.is_empty() => {
            status.set_type(verdict.word()).set_message(verdict.word());
        }
        _ => {
            status.set_type(verdict.word()).set_message(format!("{} ({cause})", verdict.word()));
        }
    }
    status.set_description(super::terminal::evidence(record, case).join("\n"));
    status
}

fn standing_case(standing: &StandingRecord) -> TestCase {
    let mut status = TestCaseStatus::success();
    if standing.verdict == Verdict::Fail {
        status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let first = standing.breaches.first();
        let words = first
            .map_or_else(String::new, |breach| format!("expected {}, came {}", breach.expected, breach.came));
        status.set_type(standing.clause.as_str()).set_message(words);
    }
    let mut test = TestCase::new(standing.clause.as_str(), status);
    test.set_classname("standing");
    test.add_property(Property::new("exchanges", standing.exchanges.to_string()));
    test
}

/// The bytes of an attempt, a line each, as a person reads a line log.
fn wire(attempt: &Attempt) -> String {
    let mut text = String::new();
    for (t_us, direction, bytes) in &attempt.wire {
        let arrow = match direction {
            Direction::Host => '>',
            Direction::Module => '<',
        };
        let ms = t_us.saturating_sub(attempt.start_us) / 1000;
        let _ = writeln!(text, "{ms:>8} ms {arrow} {bytes}");
    }
    text
}

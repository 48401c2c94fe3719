//! The comparison as `JUnit` XML: what a build server shows.
//!
//! A case that blocks is a failure, one that could not be compared an error, one that only one run has is skipped; a change that does not
//! block is a property of a test that passed.

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::gate::Gate;
use super::{CaseComparison, Change, Comparison, terminal};

/// The file's text.
///
/// # Errors
/// The XML writer's own, which writing into memory does not have.
pub fn xml(comparison: &Comparison, gate: &Gate) -> Result<String, quick_junit::SerializeError> {
    let mut suite = TestSuite::new("compare");
    for (name, side) in [("a", &comparison.a), ("b", &comparison.b)] {
        suite.add_property(Property::new(format!("{name}.run"), side.label.as_str()));
        suite.add_property(Property::new(format!("{name}.firmware"), side.firmware.as_deref().unwrap_or("")));
        suite.add_property(Property::new(format!("{name}.suite"), side.suite_hash.as_str()));
    }
    for case in &comparison.cases {
        suite.add_test_case(test_case(case, gate));
    }
    for standing in &comparison.standing {
        let status = match standing.change {
            Some(change) if gate.blocks(change) && standing.waiver.is_none() => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_type(change.word());
                status.set_message(standing.evidence.as_deref().unwrap_or_default());
                status
            }
            _ => TestCaseStatus::success(),
        };
        let mut test = TestCase::new(standing.clause.as_str(), status);
        test.properties.extend(standing.waiver.iter().map(|label| Property::new("waiver", label.as_str())));
        test.set_classname("standing");
        suite.add_test_case(test);
    }
    for (name, cases) in [("A", &comparison.only_a), ("B", &comparison.only_b)] {
        for case in cases {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!("only in {name}"));
            let mut test = TestCase::new(case.as_str(), status);
            test.set_classname("compare");
            suite.add_test_case(test);
        }
    }
    let mut report = Report::new("ec20 compare");
    report.add_test_suite(suite);
    report.to_string()
}

fn test_case(case: &CaseComparison, gate: &Gate) -> TestCase {
    let lines: Vec<_> = case.differences.iter().map(terminal::line).collect();
    let blocking: Vec<_> = gate.blocking(case).map(Change::word).rev().collect();
    let blocking = blocking.join(" ");
    let mut status = match () {
        () if !blocking.is_empty() => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(blocking);
            status
        }
        () if case.changes.contains(&Change::Undecided) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_type(Change::Undecided.word());
            status
        }
        () => TestCaseStatus::success(),
    };
    if !matches!(status, TestCaseStatus::Success { .. }) {
        status.set_message(lines.first().cloned().unwrap_or_default());
        status.set_description(lines.join("\n"));
    }
    let mut test = TestCase::new(case.case.as_str(), status);
    test.set_classname("compare");
    if !case.changes.is_empty() {
        test.add_property(Property::new("changes", case.words().join(" ")));
    }
    for (name, asked) in [("asked only in A", &case.asked_a), ("asked only in B", &case.asked_b)] {
        test.properties.extend(asked.iter().map(|line| Property::new(name, line.as_str())));
    }
    if let Some(waiver) = &case.b.waiver {
        test.add_property(Property::new("waiver", waiver.as_str()));
    }
    test
}

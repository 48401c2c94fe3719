//! Sending a message: who would get it, and whether what arrived is what was edited.
//!
//! It knows when to look: before QMMSEND leaves, and when a success has come back. What must arrive, `composed` knows; how it is held
//! against what did, `arrival`.

use super::desk::Captured;
use super::exchange::{Finding, Play};
use crate::arrival;
use crate::escape::escaped;
use crate::verdict::Verdict;

/// How long a message that was reported as sent may take to show up at the far end's record, in ms.
const ARRIVAL_MS: u64 = 2000;

impl Play<'_> {
    /// The line was answered with OK: what it changed counts from now on.
    pub(super) fn accepted(&mut self) {
        if self.composed.accepted() {
            self.wire.send_accepted();
            // The message may be there before its OK is read: what counts is when the command left.
            self.wire.desk.forget_captured(self.wire.begun_us());
        }
    }

    /// Reads lists 1 to 3 back and stops the send if any address in them is not allowed.
    pub(super) async fn read_back(&mut self) -> Result<(), Box<Finding>> {
        let Some(allowed) = self.bench.permit.recipient.clone() else { return Ok(()) };
        for function in 1..=3 {
            let Some(addresses) = self.told(function).await else {
                let reason = format!(
                    "billable: AT+QMMSEDIT={function} does not tell, in the manual's form, who would get the message"
                );
                return Err(Finding::of(Verdict::Withheld, reason));
            };
            for address in &addresses {
                if !allowed(address) {
                    let reason =
                        format!("billable: no --recipient allows {address}, which list {function} holds");
                    return Err(Finding::of(Verdict::Withheld, reason));
                }
            }
        }
        Ok(())
    }

    /// The addresses of a list, if the module tells them as the manual has it. A line that came between may have spoilt it: it is asked again.
    async fn told(&mut self, function: u8) -> Option<Vec<String>> {
        /// How often it is asked.
        const TRIES: u32 = 3;
        let query = format!("AT+QMMSEDIT={function}");
        let beginning = format!("+QMMSEDIT: {function},\"");
        for left in (0..TRIES).rev() {
            let answer = self.wire.ask(query.as_bytes()).await;
            let address = |line: &String| {
                let address = line.strip_prefix(&beginning)?.strip_suffix('"')?;
                (!address.contains('"')).then(|| address.to_owned())
            };
            let addresses: Option<Vec<String>> = answer.information.iter().map(address).collect();
            // A refusal, or silence, is no trouble of the line.
            if answer.result.as_deref() != Some(b"OK") {
                return None;
            }
            // In the end the gate says whether what came by itself spoilt the answer.
            if addresses.is_some() && (answer.strays == 0 || left == 0) {
                return addresses;
            }
        }
        None
    }

    /// A +QMMSEND came: if it reports a success and the far end is ours, what was edited must have arrived.
    pub(super) async fn arrived(&mut self, result: &[u8]) -> Result<(), Box<Finding>> {
        if !result.starts_with(b"+QMMSEND: 0,200")
            || !self.bench.captures
            || !self.case.needs.contains("mmsc-capture")
        {
            return Ok(());
        }
        let deadline_us = self.wire.desk.now_us() + ARRIVAL_MS * 1000;
        let Some(captured) = self.wire.desk.captured(deadline_us).await else {
            return Err(Box::new(Finding {
                clause: Some(arrival::ARRIVES.to_owned()),
                expected: vec!["the message at the MMSC".to_owned()],
                came: Some(format!("{}, and nothing at the MMSC", escaped(result))),
                ..*Finding::of(Verdict::Fail, "a success without a message")
            }));
        };
        let difference = self.difference(&captured);
        self.captured.push(captured);
        let again = self.wire.desk.captured(self.wire.desk.now_us()).await;
        match difference {
            None if again.is_some() => Err(Box::new(Finding {
                clause: Some(arrival::ARRIVES.to_owned()),
                expected: vec!["one message at the MMSC".to_owned()],
                came: Some("two, for one QMMSEND that was answered with OK".to_owned()),
                ..*Finding::of(Verdict::Fail, "the message was sent twice")
            })),
            None => Ok(()),
            Some(difference) => {
                let wrong = difference.in_words();
                Err(Box::new(Finding {
                    clause: Some(difference.clause.to_owned()),
                    expected: vec![difference.expected],
                    came: Some(difference.came),
                    ..*Finding::of(Verdict::Fail, wrong)
                }))
            }
        }
    }

    /// The answer to an unknown that no line of an answer tells, if there was something to see.
    pub(super) fn beside_the_answer(&self, unknown: &str) -> Option<&'static str> {
        let habits = self.wire.habits();
        let named = |habit: Option<bool>, yes, no| habit.map(|habit| if habit { yes } else { no });
        match unknown {
            "U-FRAME-LINES" => named(habits.two_pairs, "two", "one"),
            "U-LINE-ECHO-LF" => named(habits.echoes_lf, "echoed", "not-echoed"),
            _ => self.captured.last().and_then(|captured| arrival::observed(unknown, captured)),
        }
    }

    /// What the case is judged by: a difference that it asks for, else any other that breaks the manual's promise. A standard's demand
    /// fails only the cases that ask for it.
    fn difference(&self, captured: &Captured) -> Option<arrival::Difference> {
        let asks = |difference: &arrival::Difference| {
            self.case.clauses.iter().any(|clause| *clause == difference.clause)
        };
        let mut differences = arrival::differences(self.composed, captured);
        if let Some(at) = differences.iter().position(asks) {
            return Some(differences.swap_remove(at));
        }
        if !differences.is_empty() {
            return Some(differences.swap_remove(0));
        }
        arrival::breaches(self.composed, captured, &self.captured).into_iter().find(asks)
    }

    /// A failure that the module owes to itself: what arrived before it was reported is no message at all.
    pub(super) async fn unreadable(&mut self, result: &[u8]) -> Option<Box<Finding>> {
        if !result.starts_with(b"+QMMSEND:")
            || !self.bench.captures
            || !self.case.needs.contains("mmsc-capture")
        {
            return None;
        }
        let captured = self.wire.desk.captured(self.wire.desk.now_us()).await?;
        let difference = arrival::differences(self.composed, &captured).into_iter().next()?;
        (difference.clause == arrival::ARRIVES).then(|| {
            Box::new(Finding {
                clause: Some(difference.clause.to_owned()),
                expected: vec![difference.expected.clone()],
                came: Some(difference.came.clone()),
                ..*Finding::of(Verdict::Fail, difference.in_words())
            })
        })
    }
}

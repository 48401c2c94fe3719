//! How long each command took to its final result, against the time the command table gives it, as pictures in a table.
//!
//! All rows share one logarithmic axis, so that a look down the column tells fast from slow. It measures nothing and judges nothing: a
//! limit is the table's patience, and lateness is no verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use ec20_at::{Dialect, command_line};
use serde::Serialize;

use crate::recorded::{Exchange, Recorded};

/// One command's row.
#[derive(Debug, Serialize)]
pub(super) struct Times {
    /// `AT+QMMSCFG`, or words for a line of several commands.
    command: String,
    count: usize,
    median: String,
    longest: String,
    limit: String,
    /// How many took longer than the limit.
    late: usize,
    svg: String,
}

/// The axis: its left end in ms, its length in powers of ten, its width in the picture's units.
const LEFT_MS: f64 = 0.1;
const DECADES: f64 = 6.5;
const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 18.0;

/// The axis's marks.
const MARKS: [(f64, &str); 7] = [
    (0.1, "0.1 ms"),
    (1.0, "1 ms"),
    (10.0, "10 ms"),
    (100.0, "0.1 s"),
    (1000.0, "1 s"),
    (10_000.0, "10 s"),
    (100_000.0, "100 s"),
];

/// A row for each command that was answered, in alphabetical order.
pub(super) fn of(run: &Recorded) -> Vec<Times> {
    let of_cases = run.cases.iter().flat_map(|case| &case.attempts).map(|attempt| &attempt.scene);
    let scenes = [&run.before, &run.between].into_iter().chain(of_cases);
    let mut by_command: BTreeMap<String, (Vec<u64>, u64, usize)> = BTreeMap::new();
    for exchange in scenes.flat_map(|scene| &scene.exchanges) {
        let (Some(took_us), Some(limit_ms)) = (exchange.took_us, exchange.limit_ms) else { continue };
        let (took, limit, late) = by_command.entry(command(exchange)).or_default();
        took.push(took_us);
        *limit = (*limit).max(limit_ms);
        *late += usize::from(took_us > limit_ms.saturating_mul(1000));
    }
    by_command
        .into_iter()
        .map(|(command, (mut took, limit_ms, late))| {
            took.sort_unstable();
            Times {
                command,
                count: took.len(),
                median: shown(took.get(took.len() / 2).copied().unwrap_or_default()),
                longest: shown(took.last().copied().unwrap_or_default()),
                limit: shown(limit_ms.saturating_mul(1000)),
                late,
                svg: strip(&took, limit_ms),
            }
        })
        .collect()
}

/// The name a line's time goes under.
fn command(exchange: &Exchange) -> String {
    let Ok(line) = command_line::read(&exchange.sent, Dialect::TOLERANT) else {
        return "lines that are no command line".to_owned();
    };
    let mut names = line.commands().map(|command| {
        command
            .map(|command| String::from_utf8_lossy(command.name()).to_ascii_uppercase())
            .unwrap_or_default()
    });
    match (names.next(), names.next()) {
        (_, Some(_)) => "several commands in one line".to_owned(),
        (Some(name), None) => format!("AT{name}"),
        (None, None) => "AT".to_owned(),
    }
}

/// A time as a person reads it.
pub(super) fn shown(us: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let ms = us as f64 / 1000.0;
    match us {
        0..10_000 => format!("{ms:.1} ms"),
        10_000..1_000_000 => format!("{ms:.0} ms"),
        1_000_000..10_000_000 => format!("{:.2} s", ms / 1000.0),
        _ => format!("{:.0} s", ms / 1000.0),
    }
}

/// Where a time stands on the axis; what is off it stands at its end.
fn place(ms: f64) -> f64 {
    ((ms / LEFT_MS).max(1.0).log10() / DECADES * WIDTH).clamp(0.0, WIDTH)
}

/// The axis's labels.
pub(super) fn axis() -> String {
    let mut svg = format!(r#"<svg class="strip" viewBox="-22 0 {:.0} 14" aria-hidden="true">"#, WIDTH + 44.0);
    for (ms, label) in MARKS {
        let _ = write!(svg, r#"<text x="{:.0}" y="11">{label}</text>"#, place(ms));
    }
    svg + "</svg>"
}

fn strip(took_us: &[u64], limit_ms: u64) -> String {
    let mut svg = format!(
        r#"<svg class="strip" viewBox="-22 0 {:.0} {HEIGHT:.0}" aria-hidden="true"><path class="grid" d=""#,
        WIDTH + 44.0
    );
    for (ms, _) in MARKS {
        let _ = write!(svg, "M{:.0} 0v{HEIGHT:.0}", place(ms));
    }
    #[expect(clippy::cast_precision_loss, reason = "a place in a picture")]
    let places: BTreeSet<u64> = took_us.iter().map(|&us| rounded(place(us as f64 / 1000.0))).collect();
    svg.push_str(r#""/><path class="dots" d=""#);
    for x in places {
        let _ = write!(svg, "M{x} 9h0");
    }
    #[expect(clippy::cast_precision_loss, reason = "a place in a picture")]
    let limit = place(limit_ms as f64);
    let _ = write!(svg, r#""/><path class="limit" d="M{limit:.0} 1v{:.0}"/></svg>"#, HEIGHT - 2.0);
    svg
}

/// Dots two units apart are one dot.
fn rounded(x: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the axis is 0 to 520 units")]
    let step = (x / 2.0).round() as u64;
    step * 2
}

#[cfg(test)]
mod tests {
    use super::{place, shown, strip};

    #[test]
    fn a_time_is_shown_with_as_many_digits_as_it_is_worth() {
        let times = [180, 9_949, 12_345, 999_900, 1_234_567, 105_000_000].map(shown);
        assert_eq!(times, ["0.2 ms", "9.9 ms", "12 ms", "1000 ms", "1.23 s", "105 s"]);
    }

    #[test]
    fn the_axis_holds_whatever_comes() {
        assert!(place(0.0).abs() < f64::EPSILON);
        assert!((place(1e12) - super::WIDTH).abs() < f64::EPSILON);
        assert!(place(1.0) < place(10.0));
        assert_eq!(strip(&[0, 1, u64::MAX], u64::MAX).matches("h0").count(), 2);
    }
}

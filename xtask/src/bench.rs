//! `cargo xtask bench`: every benchmark of the workspace through criterion, and the rows beside each other as ratios.
//!
//! It reads what criterion left of this run and refuses to keep figures: times of another machine or another day are no measure.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use serde_json::Value;

use crate::cargo::{cargo, succeeds, workspace_root};

/// The row that the others of its group are measured by.
const OWN: &str = "ec20-at";

/// What is asked of our own row: so many times as fast as this one, at this argument (if the rows have one).
const GATES: [(&str, &str, &str, f64); 4] = [
    ("exchanges", "atat", "", 1.25),
    ("exchanges", "winnow", "", 1.1),
    ("one-line", "at-commands", "", 1.5),
    ("chunks", "atat", "1", 100.0),
];

/// How much slower a byte of the longest answer may be than one of the shortest.
const FLAT: f64 = 1.2;

/// One row of criterion's.
struct Row {
    group: String,
    name: String,
    argument: String,
    /// Time of one round in the fastest sample, in nanoseconds: whatever else the machine does only adds to it, and more to one row than to another.
    time_ns: f64,
    /// What one round takes in, and in what: bytes or elements.
    amount: f64,
    unit: &'static str,
}

/// Runs `cargo bench --workspace` with `args` handed on, and prints the table. A gate that is not reached is said, and fails.
pub(crate) fn run(args: &[OsString]) -> ExitCode {
    let mut command = cargo(["bench"]);
    // `-p`, as in `cargo bench -p ec20-at`, names packages itself.
    if !args.iter().any(|arg| arg == "-p" || arg == "--package") {
        command.arg("--workspace").arg("--benches");
    }
    command.args(args);
    let begun = SystemTime::now();
    if !succeeds(command) {
        return ExitCode::FAILURE;
    }
    let base =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace_root().join("target"), PathBuf::from);
    let mut rows = Vec::new();
    collect(&base.join("criterion"), begun, &mut rows);
    rows.sort_by(|a, b| {
        (&a.group, length(&a.argument), &a.name).cmp(&(&b.group, length(&b.argument), &b.name))
    });
    if table(&rows) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Arguments are numbers, some with a unit: 4KiB comes before 16KiB.
fn length(argument: &str) -> (usize, &str) {
    (argument.len(), argument)
}

/// Every row below `folder` that was measured since `begun`: a folder `new` with what was measured and what came out.
fn collect(folder: &Path, begun: SystemTime, rows: &mut Vec<Row>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_name() == "new" {
            rows.extend(row(&path, begun));
        } else if path.is_dir() {
            collect(&path, begun, rows);
        }
    }
}

fn row(folder: &Path, begun: SystemTime) -> Option<Row> {
    let fresh = fs::metadata(folder.join("estimates.json"))
        .and_then(|about| about.modified())
        .is_ok_and(|time| time >= begun);
    let read = |path: &Path| serde_json::from_slice::<Value>(&fs::read(path).ok()?).ok();
    let (about, sample) = (read(&folder.join("benchmark.json"))?, read(&folder.join("sample.json"))?);
    let numbers = |key: &str| sample[key].as_array().into_iter().flatten().filter_map(Value::as_f64);
    let text = |key: &str| about[key].as_str().unwrap_or_default().to_owned();
    let throughput = &about["throughput"];
    let (amount, unit) = match (throughput["Bytes"].as_f64(), throughput["Elements"].as_f64()) {
        (Some(bytes), _) => (bytes, "byte"),
        (None, Some(elements)) => (elements, "element"),
        (None, None) => (1.0, "round"),
    };
    fresh.then_some(Row {
        group: text("group_id"),
        name: text("function_id"),
        argument: text("value_str"),
        time_ns: numbers("times")
            .zip(numbers("iters"))
            .map(|(time, rounds)| time / rounds)
            .reduce(f64::min)?,
        amount,
        unit,
    })
}

impl Row {
    fn each_ns(&self) -> f64 {
        self.time_ns / self.amount
    }
}

/// Prints the rows by group; whether every gate is reached.
fn table(rows: &[Row]) -> bool {
    eprintln!(
        "\n{:<16} {:<28} {:>9} {:>12} {:>14}  {OWN} is",
        "group", "row", "argument", "ns each", "each second"
    );
    let mut reached = true;
    for row in rows {
        let own = rows
            .iter()
            .find(|own| (&own.group, own.name.as_str(), &own.argument) == (&row.group, OWN, &row.argument));
        let ratio = own.filter(|_| row.name != OWN).map(|own| row.each_ns() / own.each_ns());
        let gate =
            GATES.iter().find(|gate| (gate.0, gate.1, gate.2) == (&row.group, &row.name, &row.argument));
        let verdict = match (ratio, gate) {
            (Some(ratio), Some(gate)) => {
                reached &= ratio >= gate.3;
                let word = if ratio >= gate.3 { "reached" } else { "NOT REACHED" };
                format!("{ratio:.2} x as fast; {} x is asked: {word}", gate.3)
            }
            (Some(ratio), None) => format!("{ratio:.2} x as fast"),
            (None, _) => String::new(),
        };
        eprintln!(
            "{:<16} {:<28} {:>9} {:>12.3} {:>14}  {verdict}",
            row.group,
            row.name,
            row.argument,
            row.each_ns(),
            format!("{:.2} M {}s", 1e3 / row.each_ns(), row.unit)
        );
    }
    flat(rows) && reached
}

/// Says how much a byte of the slowest length costs beside one of the fastest.
fn flat(rows: &[Row]) -> bool {
    let costs: Vec<f64> =
        rows.iter().filter(|row| row.group == "long-answer" && row.name == OWN).map(Row::each_ns).collect();
    let (Some(least), Some(most)) =
        (costs.iter().copied().reduce(f64::min), costs.iter().copied().reduce(f64::max))
    else {
        return true;
    };
    let word = if most / least <= FLAT { "reached" } else { "NOT REACHED" };
    eprintln!(
        "\nlong answers: {:.2} x between the cheapest and the dearest byte; at most {FLAT} is asked: {word}",
        most / least
    );
    most / least <= FLAT
}

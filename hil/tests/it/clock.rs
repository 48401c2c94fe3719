//! Time: the budget of a run with its last cut-off, by a clock that is handed in; and a wall clock that jumps while a run goes on.

use std::collections::VecDeque;
use std::fs;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use ec20_hil::gate::Rules;
use ec20_hil::port::{Port, Trouble};
use ec20_hil::run::{Clock, Gated, LAST_WORDS, NoFarEnd, Running};
use ec20_suite::executor::{Bench, Executor};
use ec20_suite::journal::{Event, FORMAT, Run};
use ec20_suite::verdict::Verdict;

use crate::ec20::{command, ended, until};
use crate::revival::cases;
use crate::stranger::{Quirk, Stranger};

/// A module in memory that answers everything with OK, and from its first edit on never stops to talk: the wire is never quiet.
struct Chatterer {
    time_us: Arc<AtomicU64>,
    out: VecDeque<u8>,
    chatters: bool,
}

impl Port for Chatterer {
    fn read(&mut self, buffer: &mut [u8], within: Duration) -> Result<usize, Trouble> {
        if self.out.is_empty() && self.chatters {
            self.out.extend(b"\r\n+CREG: 1\r\n");
        }
        let waited = if self.out.is_empty() { within } else { Duration::from_millis(2).min(within) };
        self.time_us.fetch_add(u64::try_from(waited.as_micros()).expect("a short time"), Ordering::Relaxed);
        let count = self.out.len().min(buffer.len());
        for (place, byte) in buffer.iter_mut().zip(self.out.drain(..count)) {
            *place = byte;
        }
        Ok(count)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.chatters |= bytes.starts_with(b"AT+QMMSEDIT");
        self.out.extend(bytes);
        let told: &[u8] = match bytes {
            b"ATS3?\r" => b"\r\n013\r\n",
            b"ATS4?\r" => b"\r\n010\r\n",
            b"ATS5?\r" => b"\r\n008\r\n",
            _ => b"",
        };
        self.out.extend(told);
        self.out.extend(b"\r\nOK\r\n");
        Ok(())
    }
}

/// Where even the end of a run comes to no end, it is cut off: no hang beyond the budget and what the end may take, and nothing passes.
#[test]
fn a_run_that_comes_to_no_end_is_cut_off() {
    let time_us = Arc::new(AtomicU64::new(0));
    let run = Run {
        format: FORMAT,
        version: "test".to_owned(),
        suite_hash: String::new(),
        started: String::new(),
        port: "memory".to_owned(),
        command: String::new(),
    };
    let executor = Executor::new(cases(), Bench { escape_first: true, ..Bench::new(run) });
    let port = Chatterer { time_us: Arc::clone(&time_us), out: VecDeque::new(), chatters: false };
    let port = Ok(Gated::new(port, Rules::unasked()));
    let budget = Duration::from_secs(20);
    let mut running = Running::timed_by(Clock::handed(Arc::clone(&time_us)), executor, port).within(budget);
    let stop = Arc::new(AtomicBool::new(false));
    let done = running
        .until(&mut NoFarEnd, &stop, &mut |_| Ok(()), &|_| time_us.load(Ordering::Relaxed) > 1_000_000_000);
    assert!(done, "it still runs after a thousand seconds");
    let Some(Event::End { t_us, interrupted: Some(why), .. }) = running.events.last() else {
        panic!("{:?}", running.events.last())
    };
    assert!(why.contains("time budget"), "{why}");
    let end = Duration::from_micros(*t_us);
    assert!(end >= budget + LAST_WORDS && end < budget + LAST_WORDS + Duration::from_secs(1), "{end:?}");
    let verdicts: Vec<Verdict> = running
        .events
        .iter()
        .filter_map(|event| match event {
            Event::CaseEnd(end) => Some(end.verdict),
            _ => None,
        })
        .collect();
    let not_asked: u64 = running
        .events
        .iter()
        .filter_map(|event| match event {
            Event::NotAsked { cases, .. } => Some(*cases),
            _ => None,
        })
        .sum();
    assert_eq!(verdicts.len() as u64 + not_asked, cases().len() as u64);
    assert!(!verdicts.contains(&Verdict::Pass), "{verdicts:?}");
}

/// The wall clock goes back a day and on a week while a case waits: no deadline, no time in the journal and no verdict heeds it.
#[test]
fn the_wall_clock_jumps_while_a_run_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let wall = folder.path().join("wall");
    fs::write(&wall, "@2001-02-03 04:05:06").expect("a time");
    let library = [
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
        "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
    ];
    let Some(library) = library.iter().find(|library| fs::exists(library).unwrap_or(false)) else {
        eprintln!("faketime is not installed: nothing was tried");
        return;
    };
    let late = Quirk::Then("", 3000, "\r\n+QMMSEDIT: 2,\"13856122546\"\r\n\r\nOK\r\n");
    let stranger = Stranger::with(&[("AT+QMMSEDIT=2", late)]);
    let words = ["hil", "--port", &stranger.path, "--filter", "manual-2-2-*", "--report", "run"];
    let child = command(folder.path(), &words)
        .env("LD_PRELOAD", library)
        .env("FAKETIME_TIMESTAMP_FILE", &wall)
        .env("TZ", "UTC")
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("ec20 starts");
    for (line, jump) in [
        ("AT+QMMSEDIT=1", "@2001-02-02 00:00:00"),
        ("AT+QMMSEDIT=2", "@2030-01-01 00:00:00"),
        ("AT+QMMSEDIT=2", "@2000-06-01 12:00:00"),
    ] {
        until(line, || stranger.log().iter().any(|heard| heard == line));
        fs::write(&wall, jump).expect("a time");
        std::thread::sleep(Duration::from_millis(700));
    }
    let run = ended(child.wait_with_output().expect("ec20 ends"), folder);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert!(run.took() < Duration::from_mins(1), "{:?}", run.took());
    let journal = run.file("run/run.ndjson");
    assert!(journal.contains("\"started\":\"2001-02-03T04:05:"), "the clock was not set: {journal}");
    let times: Vec<u64> = journal
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()?["t_us"].as_u64())
        .collect();
    let longest = times.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).max();
    assert!(longest.is_some_and(|longest| longest < 20_000_000), "{longest:?}");
}

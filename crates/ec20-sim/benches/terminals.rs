//! Many modules in one process, each on a pseudo-terminal, all polled by one thread: how soon each answers `AT`, and how
//! much memory they take together. Prints its figures; nothing here passes or fails.

use std::fs::File;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

use ec20_manual::profile::Profile;
use ec20_sim::leg::station::{Setup, Station};

const MODULES: usize = 256;
const ROUNDS: usize = 20;
const ANSWER: &[u8] = b"AT\r\r\nOK\r\n";

/// Resident memory of this process in KiB, where the system tells it.
fn resident_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn main() -> std::io::Result<()> {
    let setup = Setup::new(Profile::manual().clone());
    let mut station = Station::new()?;
    let mut paths = Vec::new();
    for _ in 0..MODULES {
        paths.push(station.add_pty(&setup, None)?);
    }
    let control = station.control();
    let serving = std::thread::spawn(move || station.run());
    let mut ports = Vec::new();
    for path in &paths {
        ports.push(File::options().read(true).write(true).open(path)?);
    }
    let mut times = Vec::with_capacity(MODULES * ROUNDS);
    for _ in 0..ROUNDS {
        // All ask at once, as 256 drivers would; each is timed from its own question to its own answer.
        let mut asked = Vec::with_capacity(MODULES);
        for port in &mut ports {
            port.write_all(b"AT\r")?;
            asked.push(Instant::now());
        }
        for (port, asked) in ports.iter_mut().zip(asked) {
            let mut answer = [0; ANSWER.len()];
            port.read_exact(&mut answer)?;
            assert_eq!(answer, ANSWER);
            times.push(asked.elapsed());
        }
    }
    times.sort_unstable();
    let at = |share: usize| times.get((times.len() - 1) * share / 100).copied().unwrap_or(Duration::ZERO);
    println!("{MODULES} modules, {ROUNDS} rounds of AT to all of them at once");
    println!("answer: median {:?}, 99 % {:?}, longest {:?}", at(50), at(99), at(100));
    println!("memory: {} KiB resident", resident_kib().map_or("unknown".to_owned(), |kib| kib.to_string()));
    control.stop();
    serving.join().map_err(|_| std::io::Error::other("the station panicked"))?
}

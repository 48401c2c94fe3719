//! The power switch of a bench: commands that a person wrote into the bench file, run by the shell within a time.
//!
//! It knows how to run them and to say what they said. When to run them, the run decides.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The commands of a power switch; what is not there cannot be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Power {
    /// Takes the power away.
    pub off: Option<String>,
    /// Gives it back.
    pub on: Option<String>,
    /// Resets the module without taking the power away.
    pub reset: Option<String>,
    /// How long each may take.
    pub within: Duration,
    /// How long the module may take to come back, with or without a restart.
    pub back: Duration,
}

impl Default for Power {
    fn default() -> Self {
        Self {
            off: None,
            on: None,
            reset: None,
            within: Duration::from_secs(30),
            back: Duration::from_secs(30),
        }
    }
}

/// How long the power stays off: capacitors hold a module up for a while.
const DARK: Duration = Duration::from_secs(3);

impl Power {
    /// Whether the module can be brought back by it.
    pub fn is_there(&self) -> bool {
        self.reset.is_some() || (self.off.is_some() && self.on.is_some())
    }

    /// Brings the module back: by a reset where that is wired, else by taking the power away and giving it back. Tells what was done and
    /// what the commands said, one line each; stops at the first that goes wrong.
    ///
    /// ```
    /// use ec20_hil::power::Power;
    /// let power = Power { reset: Some("echo pulsed".to_owned()), ..Power::default() };
    /// assert_eq!(power.cycle(&mut |_| {}), Ok(vec!["power reset `echo pulsed`: pulsed".to_owned()]));
    /// assert!(Power::default().cycle(&mut |_| {}).is_err());
    /// ```
    ///
    /// # Errors
    /// What was done so far, with the command that failed or took too long last.
    pub fn cycle(&self, rest: &mut dyn FnMut(Duration)) -> Result<Vec<String>, Vec<String>> {
        let steps: Vec<(&str, &String)> = match (&self.reset, &self.off, &self.on) {
            (Some(reset), _, _) => vec![("reset", reset)],
            (None, Some(off), Some(on)) => vec![("off", off), ("on", on)],
            _ => return Err(vec!["the bench file has no command that resets the module".to_owned()]),
        };
        let mut told = Vec::new();
        for (name, command) in steps {
            match run(command, self.within) {
                Ok(said) => told.push(format!("power {name} `{command}`: {said}")),
                Err(why) => {
                    told.push(format!("power {name} `{command}` went wrong: {why}"));
                    return Err(told);
                }
            }
            if name == "off" {
                rest(DARK);
            }
        }
        Ok(told)
    }
}

/// Runs a line of the shell; what it said, on one line.
fn run(line: &str, within: Duration) -> Result<String, String> {
    let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    shell.args([if cfg!(windows) { "/C" } else { "-c" }, line]);
    // What it says goes through a file of its own: a pipe could stay open in something it left running.
    let mut said = tempfile::tempfile().map_err(|error| error.to_string())?;
    let both = said.try_clone().and_then(|out| Ok((out, said.try_clone()?)));
    let (out, err) = both.map_err(|error| error.to_string())?;
    let child = shell.stdin(Stdio::null()).stdout(out).stderr(err).spawn();
    let mut child = child.map_err(|error| error.to_string())?;
    let status = waited(&mut child, within)?;
    let mut text = Vec::new();
    let _ = std::io::Seek::rewind(&mut said).and_then(|()| said.by_ref().take(2000).read_to_end(&mut text));
    let text = String::from_utf8_lossy(&text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = if text.is_empty() { "said nothing".to_owned() } else { text };
    if status.success() { Ok(text) } else { Err(format!("{status}, {text}")) }
}

fn waited(child: &mut Child, within: Duration) -> Result<std::process::ExitStatus, String> {
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if started.elapsed() > within => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("it took more than {} s", within.as_secs()));
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(20)),
            Err(error) => return Err(error.to_string()),
        }
    }
}

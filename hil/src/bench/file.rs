//! `bench.toml`: what stands on a bench and what may be done with it, written down once.
//!
//! It knows the form and every mistake in it with its place. It opens nothing and starts nothing.
//! `hil/bench.example.toml` explains each key.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use ec20_manual::{bound, did_you_mean};
use ec20_suite::executor::Expected;
use ec20_suite::mistake::{Mistake, MistakeKind, Source};
use ec20_suite::suite::{NEEDS, Variables};
use globset::GlobBuilder;
use serde::Deserialize;
use toml::Spanned;

use crate::allowance::Allowance;
use crate::port::Address;
use crate::power::Power;

/// The documented example.
pub const EXAMPLE: &str = include_str!("../../bench.example.toml");

/// A bench as its file describes it. What the file does not say is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BenchFile {
    /// The module's port.
    pub port: Option<Address>,
    /// Bits per second of a serial port.
    pub speed: Option<u32>,
    /// Which module must stand there.
    pub expected: Expected,
    /// What the bench offers beyond what it can find out.
    pub offer: Vec<String>,
    /// What may leave.
    pub allow: Vec<Allowance>,
    /// Who may be sent to: globs over whole addresses.
    pub recipients: Vec<String>,
    /// How long a run may take.
    pub budget: Option<Duration>,
    /// Where the capture MMSC listens.
    pub capture: Option<SocketAddr>,
    /// The variables of the transcripts, message centre and proxy included.
    pub variables: Vec<(String, String)>,
    /// The commands of the power switch.
    pub power: Power,
    /// Keys the stand-ins of hidden values, so that two runs on this bench can be compared.
    pub redaction_key: Option<String>,
    /// What is hidden beside what is found by itself.
    pub secrets: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    port: Option<Spanned<String>>,
    speed: Option<Spanned<u32>>,
    #[serde(default)]
    offer: Vec<Spanned<String>>,
    #[serde(default)]
    allow: Vec<Spanned<String>>,
    #[serde(default)]
    recipients: Vec<Spanned<String>>,
    budget: Option<Spanned<String>>,
    #[serde(default)]
    identity: Identity,
    #[serde(default)]
    mmsc: Mmsc,
    #[serde(default)]
    variables: BTreeMap<Spanned<String>, Spanned<toml::Value>>,
    #[serde(default)]
    power: Switch,
    #[serde(default)]
    redaction: Redaction,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Identity {
    imei: Option<Spanned<String>>,
    firmware: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mmsc {
    listen: Option<Spanned<String>>,
    url: Option<String>,
    proxy: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    off: Option<String>,
    on: Option<String>,
    reset: Option<String>,
    within: Option<Spanned<String>>,
    back: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Redaction {
    key: Option<String>,
    #[serde(default)]
    secrets: Vec<String>,
}

impl BenchFile {
    /// Reads a bench file.
    ///
    /// ```
    /// use ec20_hil::bench::BenchFile;
    /// let bench = BenchFile::read("bench.toml", "port = \"/dev/ttyUSB2\"\nallow = [\"billable=2\"]\n").unwrap();
    /// assert_eq!(bench.allow[0].budget, Some(2));
    /// let mistakes = BenchFile::read("bench.toml", "speed = 115200\nprot = \"sim\"\n").unwrap_err();
    /// assert!(mistakes[0].to_string().starts_with("bench.toml:2:1: "));
    /// ```
    ///
    /// # Errors
    /// Every mistake in it, with line and column.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        bound::toml(text).map_err(|excess| vec![Mistake::excess(file, text, excess)])?;
        let toml: File =
            toml::from_str(text).map_err(|error| vec![Mistake::from_toml(file, text, &error)])?;
        let mut reader = Reader { source: Source { file, text }, mistakes: Vec::new() };
        let bench = reader.bench(toml);
        if reader.mistakes.is_empty() { Ok(bench) } else { Err(reader.mistakes) }
    }
}

/// What is wrong with a bench file, in words; nothing if nothing is.
pub fn mistakes(file: &str, text: &str) -> Vec<String> {
    let mistakes = BenchFile::read(file, text).err().unwrap_or_default();
    mistakes.iter().map(ToString::to_string).collect()
}

/// The speeds of serial ports, in bit/s.
const SPEEDS: [u32; 8] = [9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600];

/// A speed of serial ports.
///
/// # Errors
/// Which there are.
pub fn speed(text: &str) -> Result<u32, String> {
    let known = text.parse().ok().filter(|speed| SPEEDS.contains(speed));
    known.ok_or_else(|| format!("one of {SPEEDS:?}"))
}

/// `90s`, `45m`, `8h`.
///
/// # Errors
/// What it looks like.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wanted = || "a number with its unit: 90s, 45m or 8h".to_owned();
    let unit = text.chars().last().ok_or_else(wanted)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => return Err(wanted()),
    };
    let number: u32 = text.strip_suffix(unit).unwrap_or_default().parse().map_err(|_| wanted())?;
    Ok(Duration::from_secs(u64::from(number) * seconds))
}

/// A word for what a bench offers: one of the suite's needs, or the bench's own; one that is almost a need of the suite is a mistake.
///
/// # Errors
/// What was expected.
pub fn need_of_a_bench(need: &str) -> Result<String, String> {
    let named =
        !need.is_empty() && need.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !named {
        return Err(format!("a need in small letters: {}, or a word of your own", NEEDS.join(", ")));
    }
    match did_you_mean(need, NEEDS) {
        hint if hint.is_empty() || NEEDS.contains(&need) => Ok(need.to_owned()),
        hint => Err(format!("a need of the suite, or a word unlike all of them{hint}")),
    }
}

struct Reader<'a> {
    source: Source<'a>,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn bench(&mut self, file: File) -> BenchFile {
        let port = file.port.and_then(|port| {
            self.read(&port, |name| name.parse::<Address>().map_err(|bad| bad.expected.to_owned()))
        });
        let speed = file.speed.and_then(|speed| self.read_number(&speed));
        let allow = file.allow.iter().filter_map(|one| {
            self.read(one, |text| {
                text.parse::<Allowance>().map_err(|bad| bad.trim_start_matches("expected ").to_owned())
            })
        });
        let allow = allow.collect();
        let recipients = file.recipients.iter().filter_map(|one| {
            self.read(one, |glob| {
                let built = GlobBuilder::new(glob).build();
                built.map(|_| glob.to_owned()).map_err(|error| format!("a glob ({error})"))
            })
        });
        let recipients = recipients.collect();
        let offer = file.offer.iter().filter_map(|one| self.read(one, need_of_a_bench));
        let offer = offer.collect();
        let budget = file.budget.and_then(|budget| self.read(&budget, duration));
        let imei = file.identity.imei.and_then(|imei| {
            self.read(&imei, |digits| {
                let all = digits.len() == 15 && digits.bytes().all(|byte| byte.is_ascii_digit());
                all.then(|| digits.to_owned()).ok_or_else(|| "the 15 digits of an IMEI".to_owned())
            })
        });
        let capture = file.mmsc.listen.and_then(|listen| {
            self.read(&listen, |text| {
                text.parse().map_err(|_| "an address with its port: 0.0.0.0:8002".to_owned())
            })
        });
        let mut variables = self.variables(&file.variables);
        variables.extend(file.mmsc.url.map(|url| ("mmsc".to_owned(), url)));
        if let Some(proxy) = file.mmsc.proxy {
            let parts = self.read(&proxy, |text| {
                let (host, port) = text.rsplit_once(':').ok_or("HOST:PORT")?;
                let _: u16 = port.parse().map_err(|_| "HOST:PORT with a port number")?;
                Ok((host.to_owned(), port.to_owned()))
            });
            if let Some((host, port)) = parts {
                variables.extend([("proxy".to_owned(), host), ("port".to_owned(), port)]);
            }
        }
        let within = file.power.within.and_then(|within| self.read(&within, duration));
        let back = file.power.back.and_then(|back| self.read(&back, duration));
        let power =
            Power { off: file.power.off, on: file.power.on, reset: file.power.reset, ..Power::default() };
        BenchFile {
            port,
            speed,
            expected: Expected { imei, firmware: file.identity.firmware },
            offer,
            allow,
            recipients,
            budget,
            capture,
            variables,
            power: Power {
                within: within.unwrap_or(power.within),
                back: back.unwrap_or(power.back),
                ..power
            },
            redaction_key: file.redaction.key,
            secrets: file.redaction.secrets,
        }
    }

    fn variables(
        &mut self,
        table: &BTreeMap<Spanned<String>, Spanned<toml::Value>>,
    ) -> Vec<(String, String)> {
        let declared = Variables::read("variables.toml", ec20_golden::VARIABLES).unwrap_or_default();
        let mut variables = Vec::new();
        for (name, value) in table {
            if !declared.contains(name.get_ref()) {
                let hint = did_you_mean(name.get_ref(), declared.names());
                let expected = "a variable of the transcripts (golden/variables.toml)";
                let found = format!("`{}`{hint}", name.get_ref());
                self.mistakes.push(self.source.mistake(MistakeKind::Dangling, name.span(), expected, found));
            }
            match value.get_ref() {
                toml::Value::String(text) => variables.push((name.get_ref().clone(), text.clone())),
                toml::Value::Integer(number) => {
                    variables.push((name.get_ref().clone(), number.to_string()));
                }
                other => {
                    let expected = "a string or a number as a variable's value";
                    let found = format!("`{other}`");
                    self.mistakes.push(self.source.mistake(
                        MistakeKind::Syntax,
                        value.span(),
                        expected,
                        found,
                    ));
                }
            }
        }
        variables
    }

    fn read_number(&mut self, speed: &Spanned<u32>) -> Option<u32> {
        let good = SPEEDS.contains(speed.get_ref());
        if !good {
            let expected = format!("one of the speeds {SPEEDS:?}");
            let found = format!("`{}`", speed.get_ref());
            self.mistakes.push(self.source.mistake(MistakeKind::Syntax, speed.span(), expected, found));
        }
        good.then_some(*speed.get_ref())
    }

    fn read<T>(&mut self, text: &Spanned<String>, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        match read(text.get_ref()) {
            Ok(value) => Some(value),
            Err(expected) => {
                let found = format!("`{}`", text.get_ref());
                self.mistakes.push(self.source.mistake(MistakeKind::Syntax, text.span(), expected, found));
                None
            }
        }
    }
}

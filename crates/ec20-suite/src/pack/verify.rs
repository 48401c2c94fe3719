//! Whether a package bears out its claim: its reports made anew, its transcripts held against the hash in its journal, its run judged again.
//!
//! Completeness and checksums were looked at when it was opened; they say nothing about who wrote the manifest. Here nothing but the journal
//! is believed, and what cannot be shown is said.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;

use super::signature::Signer;
use super::{
    FILES, JOURNAL, Listed, Package, TRANSCRIPTS, VARIABLES, WAIVERS, applied, suite_hash, verdicts,
};
use crate::mistake::Mistake;
use crate::recorded::Recorded;
use crate::rejudge::{Rejudged, rejudge};
use crate::report;
use crate::suite::{Suite, Variables};
use crate::verdict::Exit;

/// The far end's copies of messages, which earlier versions packed.
const MESSAGES: &str = "run/messages/";

/// What a package comes to.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What is wrong, in words.
    pub objections: Vec<String>,
    /// What can be shown neither to be right nor to be wrong.
    pub gaps: Vec<String>,
    /// What a reader should know although nothing is wrong.
    pub remarks: Vec<String>,
    /// The run, judged again; nothing when that could not be done.
    pub rejudged: Option<Rejudged>,
}

/// What a check shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The journal bears the claim out.
    All,
    /// Part of the claim could not be checked.
    Part,
    /// The journal says otherwise.
    Otherwise,
}

impl Verified {
    /// What was shown.
    pub fn shown(&self) -> Shown {
        match (self.objections.is_empty(), self.gaps.is_empty()) {
            (false, _) => Shown::Otherwise,
            (true, false) => Shown::Part,
            (true, true) => Shown::All,
        }
    }

    /// Whether the journal bears the claim out.
    pub fn holds(&self) -> bool {
        self.shown() == Shown::All
    }

    /// What a person reads; the last line says what is not shown.
    pub fn text(&self, signer: Option<&Signer>) -> String {
        let mut out = String::new();
        for remark in &self.remarks {
            let _ = writeln!(out, "note         {remark}");
        }
        if let Some(rejudged) = &self.rejudged {
            out.push_str(&rejudged.text());
        }
        for gap in &self.gaps {
            let _ = writeln!(out, "not shown    {gap}");
        }
        for objection in &self.objections {
            let _ = writeln!(out, "objection    {objection}");
        }
        out.push_str(match self.shown() {
            Shown::All => {
                "the package bears out its claim: reports, verdicts and transcripts follow from its journal\n"
            }
            Shown::Part => "the package is not disproved, and its claim is not shown as a whole\n",
            Shown::Otherwise => "the package does not bear out its claim\n",
        });
        match signer {
            Some(Signer { principals, fingerprint }) => {
                let _ = writeln!(
                    out,
                    "signed by {principals} ({fingerprint}); not shown: that a module said what the journal holds: for that the signer answers"
                );
            }
            None => out.push_str(
                "not shown, without a signature: who packed this, and that the journal was not invented as a whole\n",
            ),
        }
        out
    }
}

impl Package {
    /// Holds everything in the package against its journal. `day` is today, `own_suite` the hash of the suite that this program has.
    pub fn verify(&self, day: Date, own_suite: &str) -> Verified {
        let mut verified =
            Verified { objections: Vec::new(), gaps: Vec::new(), remarks: Vec::new(), rejudged: None };
        let run = match &self.run {
            Ok(run) => run,
            Err(error) => {
                verified.objections.push(format!("{JOURNAL}: {error}"));
                return verified;
            }
        };
        self.claims(run, &mut verified);
        self.unexplained(&mut verified);
        self.reports(run, day, &mut verified);
        let same = self.transcripts(run, own_suite, &mut verified);
        match self.suite(run) {
            Err(mistakes) => verified.objections.extend(mistakes.iter().map(ToString::to_string)),
            Ok(suite) => {
                let rejudged = rejudge(run, &suite, if same { &run.run.suite_hash } else { "" });
                let found = if same { &mut verified.objections } else { &mut verified.gaps };
                if !rejudged.holds() {
                    found.push("judged again, the run comes to other verdicts".to_owned());
                }
                verified.rejudged = Some(rejudged);
            }
        }
        if self.foreign {
            verified.remarks.push(
                "the archive was not written by `ec20 pack`: its entries have owners, times or words of their own"
                    .to_owned(),
            );
        }
        verified
    }

    fn claims(&self, run: &Recorded, verified: &mut Verified) {
        if self.manifest.verdicts != verdicts(run) {
            verified.objections.push("the manifest claims other verdicts than the journal holds".to_owned());
        }
        if self.manifest.firmware.as_deref() != run.firmware()
            || self.manifest.suite_hash != run.run.suite_hash
        {
            verified
                .objections
                .push("the manifest claims another firmware or suite than the journal".to_owned());
        }
        let exit = run.end.as_ref().and_then(|end| end.exit).map(Exit::code);
        if self.manifest.exit != exit {
            verified.objections.push("the manifest claims another exit than the journal".to_owned());
        }
        if !run.complete() {
            verified.remarks.push("the run did not come to its end: cases are without a verdict".to_owned());
        }
    }

    /// Files that neither the journal nor the suite explains.
    fn unexplained(&self, verified: &mut Verified) {
        let messages = self.listed().filter(|path| path.starts_with(MESSAGES)).count();
        if messages > 0 {
            verified.gaps.push(format!(
                "{messages} files under {MESSAGES}: copies that the far end kept; what arrived stands in the journal"
            ));
        }
        let reports = ["junit.xml", "results.json", "summary.md", "report.html"];
        let known = |path: &str| {
            let of_run = path.strip_prefix("run/");
            [JOURNAL, WAIVERS, VARIABLES].contains(&path)
                || of_run.is_some_and(|name| reports.contains(&name))
                || path.strip_prefix(TRANSCRIPTS).is_some_and(|path| path.rsplit_once('.').is_some_and(|(_, ending)| ending == "atx"))
                || path.starts_with(FILES)
                || path.starts_with(MESSAGES)
                // Earlier versions packed the waivers with the run's folder, too.
                || (of_run == Some(WAIVERS) && self.same_sum(path, WAIVERS))
        };
        let strange = self.listed().filter(|path| !known(path));
        verified
            .objections
            .extend(strange.map(|path| format!("{path}: nothing in a run explains this file")));
    }

    fn listed(&self) -> impl Iterator<Item = &str> {
        self.manifest.files.iter().map(|listed| listed.path.as_str())
    }

    fn sum(&self, path: &str) -> Option<&Listed> {
        self.manifest.files.iter().find(|listed| listed.path == path)
    }

    fn same_sum(&self, one: &str, other: &str) -> bool {
        let sum = |path| self.sum(path).map(|listed| &listed.sha256);
        sum(one) == sum(other)
    }

    /// The reports, made anew.
    fn reports(&self, run: &Recorded, day: Date, verified: &mut Verified) {
        let waivers = self.file(WAIVERS).map(String::from_utf8_lossy);
        let began = run.run.started.parse::<jiff::Timestamp>().ok();
        let began = began.map(|began| began.to_zoned(jiff::tz::TimeZone::UTC).date());
        let then = self.manifest.day.or(began).unwrap_or(day);
        let waived = match applied(run, waivers.as_deref(), then) {
            Ok(waived) => waived,
            Err(mistake) => {
                verified.objections.push(mistake);
                return;
            }
        };
        if waived.is_some() {
            let then = format!("the reports apply the waivers as of {then}; that day is the packer's word");
            verified.remarks.push(then);
            let expired = applied(run, waivers.as_deref(), day).ok().flatten();
            if expired.is_some_and(|now| Some(&now) != waived.as_ref()) {
                verified.remarks.push(format!("as of {day} the waivers come to something else"));
            }
        }
        // A long run is copied only where there are waivers to put beside its verdicts.
        let run = match waived {
            None => Cow::Borrowed(run),
            Some(_) => Cow::Owned(Recorded { waived, ..run.clone() }),
        };
        let reports = match report::files(&run) {
            Ok(reports) => reports,
            Err(why) => {
                verified.gaps.push(format!("no report can be made of the journal: {why}"));
                return;
            }
        };
        let version = env!("CARGO_PKG_VERSION");
        for (name, text) in reports {
            let path = format!("run/{name}");
            match self.sum(&path) {
                None => verified.remarks.push(format!("{path} is not in the package")),
                Some(listed) if *listed == Listed::of(&path, text.as_bytes()) => {}
                // Another version may word its pages otherwise: it alone could tell.
                Some(_) if self.manifest.version != version => verified.gaps.push(format!(
                    "{path} was made by version {}, and is not what this version ({version}) makes of the journal",
                    self.manifest.version
                )),
                Some(_) if self.manifest.day.is_none() => verified.gaps.push(format!(
                    "{path} is not what is made of the journal today; its package is of a time when reports were packed as they lay there"
                )),
                Some(_) => verified.objections.push(format!("{path} is not what the journal comes to")),
            }
        }
    }

    /// Whether the transcripts are those that the run asked.
    fn transcripts(&self, run: &Recorded, own_suite: &str, verified: &mut Verified) -> bool {
        let variables = self.file(VARIABLES).unwrap_or_default();
        let hash = suite_hash(self.under(TRANSCRIPTS), self.under(FILES), variables);
        let same = hash == run.run.suite_hash;
        if same != self.manifest.suite_is_the_runs {
            verified.objections.push(if same {
                "the manifest says that the transcripts are not the run's, and they are".to_owned()
            } else {
                "the manifest says that the transcripts are the run's, and they are not: the suite's hash in the journal is another"
                    .to_owned()
            });
        } else if !same {
            verified.gaps.push(
                "the transcripts in the package are not the ones that were asked: the verdicts follow from others"
                    .to_owned(),
            );
        }
        if hash != own_suite {
            verified.remarks.push(
                "the transcripts in the package are not this version's own: read what a case asks before you believe its verdict"
                    .to_owned(),
            );
        }
        same
    }

    fn suite(&self, run: &Recorded) -> Result<Suite, Vec<Mistake>> {
        let text = |path: &str| String::from_utf8_lossy(self.file(path).unwrap_or_default()).into_owned();
        let mut variables =
            Variables::read("variables.toml", &text(VARIABLES)).map_err(|mistake| vec![mistake])?;
        for (name, value) in run.ground.iter().flat_map(|ground| &ground.variables) {
            // A variable that the packaged suite no longer has is one that no transcript of it names.
            let _ = variables.set(name, value);
        }
        let transcripts: Vec<(&str, String)> = self
            .under(TRANSCRIPTS)
            .map(|(path, bytes)| (path, String::from_utf8_lossy(bytes).into_owned()))
            .collect();
        let files: BTreeMap<String, Vec<u8>> =
            self.under(FILES).map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect();
        Suite::assemble(transcripts.iter().map(|(path, text)| (*path, text.as_str())), files, &variables)
    }
}

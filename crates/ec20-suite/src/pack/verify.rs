//! Whether a package bears out its claim: its run judged again by its own transcripts.
//!
//! Completeness and checksums were looked at when it was opened.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{JOURNAL, Package, WAIVERS, verdicts};
use crate::mistake::Mistake;
use crate::recorded::Recorded;
use crate::rejudge::{Rejudged, rejudge};
use crate::suite::{Suite, Variables};
use crate::verdict::Exit;
use crate::waiver::Waivers;

/// What a package comes to.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What is wrong, in words; nothing: the claim holds.
    pub objections: Vec<String>,
    /// What a reader should know although nothing is wrong.
    pub remarks: Vec<String>,
    /// The run, judged again; nothing when that could not be done.
    pub rejudged: Option<Rejudged>,
}

impl Verified {
    /// Whether the claim holds.
    pub fn holds(&self) -> bool {
        self.objections.is_empty()
    }

    /// What a person reads.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for remark in &self.remarks {
            let _ = writeln!(out, "note         {remark}");
        }
        if let Some(rejudged) = &self.rejudged {
            out.push_str(&rejudged.text());
        }
        for objection in &self.objections {
            let _ = writeln!(out, "objection    {objection}");
        }
        out.push_str(if self.holds() {
            "the package bears out its claim\n"
        } else {
            "the package does not bear out its claim\n"
        });
        out
    }
}

impl Package {
    /// Judges the packaged run by the packaged transcripts, and holds the claim against it.
    pub fn verify(&self) -> Verified {
        let mut verified = Verified { objections: Vec::new(), remarks: Vec::new(), rejudged: None };
        let run = match Recorded::read(self.file(JOURNAL).unwrap_or_default()) {
            Ok(run) => run,
            Err(error) => {
                verified.objections.push(format!("{JOURNAL}: {error}"));
                return verified;
            }
        };
        self.claims(&run, &mut verified);
        match self.suite(&run) {
            Err(mistakes) => verified.objections.extend(mistakes.iter().map(ToString::to_string)),
            Ok(suite) => {
                // The transcripts' own hash is the packer's word; whether they are the run's, the manifest says.
                let hash = if self.manifest.suite_is_the_runs { run.run.suite_hash.as_str() } else { "" };
                let rejudged = rejudge(&run, &suite, hash);
                if !rejudged.holds() {
                    verified.objections.push("judged again, the run comes to other verdicts".to_owned());
                }
                verified.rejudged = Some(rejudged);
            }
        }
        if let Some(text) = self.file(WAIVERS)
            && let Err(mistakes) = Waivers::read(WAIVERS, &String::from_utf8_lossy(text))
        {
            verified.objections.extend(mistakes.iter().map(ToString::to_string));
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
        if !self.manifest.suite_is_the_runs {
            verified
                .remarks
                .push("the transcripts in the package are not the ones that were asked".to_owned());
        }
        if !run.complete() {
            verified.remarks.push("the run did not come to its end: cases are without a verdict".to_owned());
        }
    }

    fn suite(&self, run: &Recorded) -> Result<Suite, Vec<Mistake>> {
        let text = |path: &str| String::from_utf8_lossy(self.file(path).unwrap_or_default()).into_owned();
        let mut variables = Variables::read("variables.toml", &text("suite/variables.toml"))
            .map_err(|mistake| vec![mistake])?;
        for (name, value) in run.ground.iter().flat_map(|ground| &ground.variables) {
            // A variable that the packaged suite no longer has is one that no transcript of it names.
            let _ = variables.set(name, value);
        }
        let transcripts: Vec<(&str, String)> = self
            .under("suite/transcripts/")
            .map(|(path, bytes)| (path, String::from_utf8_lossy(bytes).into_owned()))
            .collect();
        let files: BTreeMap<String, Vec<u8>> =
            self.under("suite/files/").map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect();
        Suite::assemble(transcripts.iter().map(|(path, text)| (*path, text.as_str())), files, &variables)
    }
}

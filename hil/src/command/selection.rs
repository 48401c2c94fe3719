//! The transcripts of a run: the built-in suite, or files of the user's own with the built-in ones as their set-ups.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ec20_suite::mistake::Mistake;
use ec20_suite::select::Filter;
use ec20_suite::suite::{Case, Suite, Variables};
use ec20_suite::transcript::Transcript;

use super::complaint::Complaint;
use super::far_end_words;
use super::intake;

/// The most bytes that transcripts of the user's own may have together.
const FOLDER_BYTES: usize = 1 << 26;
/// The most entries that are looked at in search of them.
const FOLDER_ENTRIES: usize = 20_000;

/// Hosts and ports of the message centre and the proxy, as the cases tell the module.
pub(super) fn doors(selected: &[Case]) -> Vec<(String, u16)> {
    let Some(bindings) = selected.first().map(|case| &case.bindings) else { return Vec::new() };
    let value = |name: &str| bindings.get(name).map(|value| String::from_utf8_lossy(value).into_owned());
    let url = value("mmsc").unwrap_or_default();
    let authority = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let authority = authority.split('/').next().unwrap_or_default();
    let centre = match authority.split_once(':') {
        Some((host, port)) => port.parse().ok().map(|port| (host.to_owned(), port)),
        None => Some((authority.to_owned(), 80)),
    };
    let proxy = value("proxy").zip(value("port").and_then(|port| port.parse().ok()));
    centre.into_iter().chain(proxy).collect()
}

/// Whether message centre or proxy are the user's: then the capture MMSC is not the proxy that the module is told of.
pub(super) fn names_the_way(set: &[(String, String)]) -> bool {
    set.iter().any(|(name, _)| ["mmsc", "proxy", "port"].contains(&name.as_str()))
}

/// Reads the suite with the variables `set`. With `paths`, the ids of the transcripts found there come with it: only they are meant, and
/// they take the place of built-in ones of the same id.
///
/// # Errors
/// Every file that cannot be read, every mistake in one, every variable that nobody declared.
pub(super) fn suite(
    paths: &[PathBuf],
    set: &[(String, String)],
) -> Result<(Suite, Option<BTreeSet<String>>), Vec<Complaint>> {
    let variables = variables(set)?;
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut left = FOLDER_BYTES;
    for file in files(paths)? {
        let text = intake::written(&file).map_err(|complaint| vec![complaint])?;
        left = left.checked_sub(text.len()).ok_or_else(|| {
            let message =
                format!("expected transcripts of at most {FOLDER_BYTES} bytes together, found more");
            vec![Complaint::argument(&file.display().to_string(), message)]
        })?;
        texts.push((file.display().to_string(), text));
    }
    let own: BTreeSet<String> = texts.iter().filter_map(|(file, text)| id(file, text)).collect();
    let built_in = ec20_golden::transcripts().iter();
    // Reading them all takes a while: the ids are asked for only where one may be taken.
    let taken =
        |file: &str, text: &str| !own.is_empty() && id(file, text).is_some_and(|id| own.contains(&id));
    let built_in = built_in.filter(|(file, text)| !taken(file, text));
    texts.extend(built_in.map(|(file, text)| ((*file).to_owned(), (*text).to_owned())));
    let files =
        ec20_golden::files().iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    let pairs = texts.iter().map(|(file, text)| (file.as_str(), text.as_str()));
    let suite = Suite::assemble(pairs, files, &variables).map_err(|mistakes| drawn(&mistakes, &texts))?;
    // The built-in ones are held to the far end's words by a test.
    let mut wrong: Vec<Mistake> = Vec::new();
    for case in suite.cases().iter().filter(|case| own.contains(&case.transcript.id)) {
        let text = texts.iter().find(|(file, _)| *file == case.transcript.file).map_or("", |(_, text)| text);
        for mistake in far_end_words::of_case(case, text) {
            if !wrong.contains(&mistake) {
                wrong.push(mistake);
            }
        }
    }
    if !wrong.is_empty() {
        return Err(drawn(&wrong, &texts));
    }
    Ok((suite, (!paths.is_empty()).then_some(own)))
}

/// Names the selected cases, a line each.
pub(super) fn list(cases: &[Case]) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    for case in cases {
        let needs: Vec<&str> = case.needs.iter().map(String::as_str).collect();
        let needs = if needs.is_empty() { String::new() } else { format!(" needs {}", needs.join(", ")) };
        let clauses = case.clauses.join(" ");
        let _ = writeln!(out, "{}  [{}{needs}]  {clauses}  {}", case.id, case.effect, case.title);
    }
    let _ = writeln!(out, "{} case{}", cases.len(), if cases.len() == 1 { "" } else { "s" });
}

fn variables(set: &[(String, String)]) -> Result<Variables, Vec<Complaint>> {
    let (file, text) = ("variables.toml", ec20_golden::VARIABLES);
    let mut variables =
        Variables::read(file, text).map_err(|mistake| vec![Complaint::mistake(&mistake, text)])?;
    let wrong: Vec<Complaint> = set
        .iter()
        .filter_map(|(name, value)| variables.set(name, value).err())
        .map(|problem| Complaint::argument("--set", problem))
        .collect();
    if wrong.is_empty() { Ok(variables) } else { Err(wrong) }
}

/// The transcripts that `paths` name, folders searched; a folder without any is a mistake.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Vec<Complaint>> {
    let mut found = Vec::new();
    for path in paths {
        let before = found.len();
        search(path, &mut found).map_err(|(path, error)| vec![Complaint::file(&path, &error)])?;
        if found.len() == before {
            return Err(vec![Complaint::argument(&path.display().to_string(), "no *.atx in this folder")]);
        }
    }
    Ok(found)
}

/// A file that was named, or the transcripts below a folder, in the order of their paths. Links to folders are not followed: they may lead in
/// a circle.
fn search(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), (PathBuf, std::io::Error)> {
    if !fs::metadata(path).map_err(|error| (path.to_path_buf(), error))?.is_dir() {
        found.push(path.to_path_buf());
        return Ok(());
    }
    let mut seen = 0;
    let mut below = Vec::new();
    let mut open = vec![path.to_path_buf()];
    while let Some(folder) = open.pop() {
        let at = |error| (folder.clone(), error);
        for entry in fs::read_dir(&folder).map_err(at)? {
            let entry = entry.map_err(at)?;
            seen += 1;
            if seen > FOLDER_ENTRIES {
                let words = format!("expected at most {FOLDER_ENTRIES} files and folders in it, found more");
                return Err((path.to_path_buf(), std::io::Error::other(words)));
            }
            if entry.file_type().map_err(at)?.is_dir() {
                open.push(entry.path());
            } else if entry.path().extension().is_some_and(|ending| ending == "atx") {
                below.push(entry.path());
            }
        }
    }
    below.sort();
    found.append(&mut below);
    Ok(())
}

fn id(file: &str, text: &str) -> Option<String> {
    Transcript::read(file, text).ok().map(|transcript| transcript.id)
}

fn drawn(mistakes: &[Mistake], texts: &[(String, String)]) -> Vec<Complaint> {
    let text = |file: &str| texts.iter().find(|(name, _)| name == file).map_or("", |(_, text)| text.as_str());
    mistakes.iter().map(|mistake| Complaint::mistake(mistake, text(&mistake.file))).collect()
}

/// What the user may have meant by filters that select no case.
///
/// # Errors
/// What is wrong with the transcripts or the variables.
pub(super) fn suggestions(
    transcripts: &[PathBuf],
    set: &[(String, String)],
    filters: &[Filter],
) -> Result<Vec<String>, Vec<Complaint>> {
    let (suite, _) = suite(transcripts, set)?;
    Ok(filters.iter().flat_map(|filter| filter.suggestions(suite.cases())).collect())
}
